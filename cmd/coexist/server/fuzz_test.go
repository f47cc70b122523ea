package server

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"coexist/sim/live"
)

// FuzzRequest: whatever is sent, the server answers, with the headers that keep the page to itself; it
// hands out nothing but the files of its bundle, and nothing at all to a name that is not its own.
func FuzzRequest(f *testing.F) {
	files := fstest.MapFS{"index.html": {Data: []byte("<title>page</title>")}, "sub/app.js": {Data: []byte("1")}}
	s, err := New(Options{Page: files, Hosts: []string{"localhost", "127.0.0.1"}}) // no places: a run is refused
	if err != nil {
		f.Fatal(err)
	}
	catalogue, err := json.Marshal(live.Catalogue{})
	if err != nil {
		f.Fatal(err)
	}
	handed := []string{"<title>page</title>", "1", string(catalogue)} // whole files
	for _, head := range []string{"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET /sub/app.js HTTP/1.1\r\nHost: 127.0.0.1:80\r\nRange: bytes=0-9,-5\r\n\r\n", "GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"GET /%2e%2e/%00 HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET /catalogue.json HTTP/1.0\r\nHost: evil.example\r\n\r\n", "GET /catalogue.json HTTP/1.1\r\nHost: localhost\r\n\r\n", "HEAD /sub/ HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: *\r\n\r\n",
		"POST /ask/run HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
		"POST /ask/run HTTP/1.1\r\nHost: [::1]:1\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\nffffffffffffffff\r\n",
		"POST /ask/run HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{\"place\":\"x\",\"system\":\"airline\",\"controls\":{},\"people\":1000,\"years\":2,\"seed\":1,\"runs\":1}",
		"CONNECT x:1 HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET http://localhost@evil/ HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: cross-site\r\n\r\n"} {
		f.Add([]byte(head))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(data)))
		if err != nil {
			return
		}
		w := httptest.NewRecorder()
		s.Handler.ServeHTTP(w, r)
		name := strings.ToLower(r.Host)
		ours := strings.HasPrefix(name, "localhost") || strings.HasPrefix(name, "127.0.0.1") || strings.HasPrefix(name, "[localhost") || strings.HasPrefix(name, "[127.0.0.1")
		switch {
		case w.Header().Get("Content-Security-Policy") != policy || w.Header().Get("X-Content-Type-Options") != "nosniff":
			t.Fatalf("answer without the headers of all answers: %v", w.Header())
		case !ours && w.Code != http.StatusMisdirectedRequest:
			t.Fatalf("host %q has answer %d", r.Host, w.Code)
		case w.Code >= 500 && w.Code != http.StatusServiceUnavailable:
			t.Fatalf("answer %d: %s", w.Code, w.Body)
		case w.Code == http.StatusOK && r.Method == "GET" && !slices.Contains(handed, w.Body.String()):
			t.Fatalf("what is no file of the bundle: %s", w.Body)
		case w.Code == http.StatusOK && r.Method == "POST":
			t.Fatalf("a run in a place that there is not: %s", w.Body)
		}
	})
}
