package server

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"coexist/sim/live"
	"coexist/sim/place"
	"coexist/sim/place/england"
)

const town = "synthetic:rural=0.35,practices=20,hospitals=4,districts=3"

var tables = sync.OnceValues(func() (*place.England, error) { return place.Read(england.FS()) })

// begin starts a server of the page for so many runs at once and returns its address.
func begin(t *testing.T, clients int) string {
	t.Helper()
	l, err := Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return beginAt(t, l, Options{Clients: clients})
}

// beginAt is begin at a listener, with options.
func beginAt(t *testing.T, l net.Listener, o Options) string {
	t.Helper()
	e, err := tables()
	if err != nil {
		t.Fatal(err)
	}
	c, err := live.NewCatalogue(e, "server", "test", "note")
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{"index.html": {Data: []byte("<!doctype html><title>page</title>")}, "sub/app.js": {Data: []byte("1")}}
	o.England, o.Catalogue, o.Page, o.Hosts = e, c, files, []string{"localhost", "127.0.0.1"}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	go s.Serve(l)
	t.Cleanup(func() { s.Close() })
	return l.Addr().String()
}

func settings(people, years int) string {
	return fmt.Sprintf(`{"place":%q,"system":"airline","controls":{},"people":%d,"years":%d,"seed":1,"runs":1}`, town, people, years)
}

// post asks with a body and headers.
func post(t *testing.T, ctx context.Context, url, body string, headers map[string]string) *http.Response {
	t.Helper()
	q, err := http.NewRequestWithContext(ctx, "POST", url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	q.Header.Set("Content-Type", "application/json")
	for k, v := range headers {
		if k == "Host" {
			q.Host = v
		} else {
			q.Header.Set(k, v)
		}
	}
	a, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Body.Close() })
	return a
}

func TestRunStreamsWhatTheEngineSays(t *testing.T) {
	a := post(t, t.Context(), "http://"+begin(t, 2)+"/ask/run", settings(1000, 2), nil)
	if a.StatusCode != 200 || a.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("%s of type %s, want an event stream", a.Status, a.Header.Get("Content-Type"))
	}
	var kinds []string
	scan := bufio.NewScanner(a.Body)
	scan.Buffer(nil, 1<<24)
	for scan.Scan() {
		if kind, ok := strings.CutPrefix(scan.Text(), "event: "); ok {
			kinds = append(kinds, kind)
		}
	}
	want := append(append([]string{"start"}, make([]string, 9)...), "end", "done")
	for i := 1; i < 10; i++ {
		want[i] = "frame"
	}
	if strings.Join(kinds, " ") != strings.Join(want, " ") {
		t.Errorf("events %v, want %v", kinds, want)
	}
}

// The table that the server streams is that of the engine alone.
func TestCSVIsThatOfTheEngine(t *testing.T) {
	a := post(t, t.Context(), "http://"+begin(t, 2)+"/ask/csv", settings(800, 1), nil)
	text, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for block := range strings.SplitSeq(string(text), "\n\n") {
		if data, ok := strings.CutPrefix(block, "event: csv\ndata: "); ok {
			var piece string
			if err := json.Unmarshal([]byte(data), &piece); err != nil {
				t.Fatal(err)
			}
			got.WriteString(piece)
		}
	}
	e, _ := tables()
	p, err := e.Resolve(town)
	if err != nil {
		t.Fatal(err)
	}
	s, err := live.Parse([]byte(settings(800, 1)))
	if err != nil {
		t.Fatal(err)
	}
	var want strings.Builder
	err = live.Do(t.Context(), "csv", s, live.NewWorld(p), func(_ string, v any) error {
		want.WriteString(v.(string))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if got.String() != want.String() || want.Len() < 1000 {
		t.Errorf("%d bytes through the server, want the %d of the engine", got.Len(), want.Len())
	}
}

func TestRefusals(t *testing.T) {
	base := "http://" + begin(t, 2)
	for _, c := range []struct {
		name, path, body string
		headers          map[string]string
		status           int
		says             string
	}{
		{"a foreign name that leads here", "/ask/run", settings(1000, 1), map[string]string{"Host": "evil.example:80"}, 421, "goes by the name"},
		{"a foreign name for the page", "/ask/map", settings(1000, 1), map[string]string{"Host": "localhost.evil.example"}, 421, "goes by the name"},
		{"another origin", "/ask/run", settings(1000, 1), map[string]string{"Origin": "http://evil.example"}, 403, "only the page"},
		{"no origin to speak of", "/ask/run", settings(1000, 1), map[string]string{"Origin": "null"}, 403, "only the page"},
		{"another site", "/ask/run", settings(1000, 1), map[string]string{"Sec-Fetch-Site": "cross-site"}, 403, "only the page"},
		{"a form", "/ask/run", settings(1000, 1), map[string]string{"Content-Type": "text/plain"}, 415, "application/json"},
		{"no JSON", "/ask/run", "}{", nil, 400, "cannot be read"},
		{"an unknown field", "/ask/run", `{"who":1}`, nil, 400, "unknown field"},
		{"two objects", "/ask/run", settings(1000, 1) + "{}", nil, 400, "want its end"},
		{"too many people", "/ask/run", settings(1e9, 1), nil, 400, "want 500 to 20000"},
		{"too long", "/ask/run", settings(1000, 1e6), nil, 400, "want 1 to 20"},
		{"a file as a place", "/ask/run", strings.Replace(settings(1000, 1), town, "../../etc/passwd", 1), nil, 400, "no place of that name"},
		{"a place too large for the page", "/ask/run", strings.Replace(settings(1000, 1), town, "England", 1), nil, 400, "no place of that name"},
		{"a place that is not offered", "/ask/run", strings.Replace(settings(1000, 1), town, "synthetic:residents=5000000", 1), nil, 400, "no place of that name"},
		{"a system that is a path", "/ask/run", strings.Replace(settings(1000, 1), "airline", "./x.toml", 1), nil, 400, "no system"},
		{"a long body", "/ask/run", `{"place":"` + strings.Repeat("x", live.MaxSettings) + `"}`, nil, 413, "want at most that"},
		{"another question", "/ask/everything", settings(1000, 1), nil, 404, "nothing to ask"},
	} {
		a := post(t, t.Context(), base+c.path, c.body, c.headers)
		text, _ := io.ReadAll(a.Body)
		if a.StatusCode != c.status || !strings.Contains(string(text), c.says) {
			t.Errorf("%s: %d %q, want %d with %q", c.name, a.StatusCode, text, c.status, c.says)
		}
	}
}

// raw sends bytes as they are and returns the first line of the answer.
func raw(t *testing.T, address, text string) string {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(2 * time.Minute))
	io.WriteString(c, text)
	line, _ := bufio.NewReader(c).ReadString('\n')
	return strings.TrimSpace(line)
}

func TestMalformedRequestsAndTraversal(t *testing.T) {
	address := begin(t, 2)
	for _, c := range []struct{ name, text, want string }{
		{"no HTTP", "hello\r\n\r\n", "400"},
		{"no host", "GET / HTTP/1.1\r\n\r\n", "400"},
		{"two lengths", "POST /ask/run HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", "400"},
		{"a header without end", "GET / HTTP/1.1\r\nHost: localhost\r\nX: " + strings.Repeat("x", 64<<10) + "\r\n\r\n", "431"},
		{"a huge body", "POST /ask/run HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1048576\r\n\r\n" + strings.Repeat("x", 1<<20), "413"},
		{"up and out", "GET /../server.go HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "307"},
		{"up and out, coded", "GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "404"},
		{"up and out, coded whole", "GET /..%2f..%2fetc%2fpasswd HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "404"},
		{"a folder", "GET /sub/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "404"},
		{"a file", "GET /sub/app.js HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "200"},
		{"a run by GET", "GET /ask/run HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "404"},
		{"another method", "DELETE / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "405"},
	} {
		if got := raw(t, address, c.text); !strings.Contains(got, " "+c.want+" ") {
			t.Errorf("%s: %q, want %s", c.name, got, c.want)
		}
	}
	a, err := http.Get("http://" + address + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	if csp := a.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "script-src 'self' 'wasm-unsafe-eval';") || !strings.Contains(csp, "default-src 'none'") {
		t.Errorf("Content-Security-Policy is %q", csp)
	}
}

// A client that sends its head or its settings without ever coming to an end is cut off, and others are
// served meanwhile.
func TestSlowClients(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for time limits")
	}
	address := begin(t, 2)
	var wait sync.WaitGroup
	for what, begun := range map[string]string{"head": "GET / HTTP/1.1\r\nHost: loc",
		"body": "POST /ask/run HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 200\r\n\r\n{\"place\":"} {
		slow, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer slow.Close()
		io.WriteString(slow, begun)
		wait.Go(func() {
			slow.SetReadDeadline(time.Now().Add(24 * readWithin))
			if _, err := io.ReadAll(slow); err != nil {
				t.Errorf("a %s that never ends is still waited for after %v: %v", what, 24*readWithin, err)
			}
		})
	}
	if got := raw(t, address, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"); !strings.Contains(got, "200") {
		t.Errorf("beside slow clients: %q, want 200", got)
	}
	wait.Wait()
}

// narrow is a listener whose connections take a few kilobytes at a time, so that a client that reads nothing is
// felt at once, whatever the buffers of this machine hold.
type narrow struct{ net.Listener }

func (n narrow) Accept() (net.Conn, error) {
	c, err := n.Listener.Accept()
	if err == nil {
		err = c.(*held).Conn.(*net.TCPConn).SetWriteBuffer(4 << 10)
	}
	return c, err
}

// A client that asks for a run and then reads nothing of it loses it, and its place goes to the next.
func TestAClientThatDoesNotReadIsCutOff(t *testing.T) {
	l, err := Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := beginAt(t, narrow{l}, Options{Clients: 1, patience: 200 * time.Millisecond})
	body := settings(20000, 20)
	deaf, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer deaf.Close()
	deaf.(*net.TCPConn).SetReadBuffer(4 << 10)
	fmt.Fprintf(deaf, "POST /ask/run HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	if line, err := bufio.NewReaderSize(deaf, 16).ReadString('\n'); err != nil || !strings.Contains(line, " 200 ") { // it has begun; no more is read
		t.Fatalf("%q, error %v, want 200", line, err)
	}
	for end := time.Now().Add(3 * time.Minute); ; time.Sleep(50 * time.Millisecond) {
		next := post(t, t.Context(), "http://"+address+"/ask/toml", settings(500, 1), nil)
		next.Body.Close()
		if next.StatusCode == 200 {
			break
		}
		if next.StatusCode != 503 || time.Now().After(end) {
			t.Fatalf("%s; after three minutes the run of a client that reads nothing still holds its place", next.Status)
		}
	}
	// It was cut off in the middle: what had been sent does not end as an event stream ends.
	deaf.SetReadDeadline(time.Now().Add(time.Minute))
	if text, _ := io.ReadAll(deaf); strings.Contains(string(text), "event: done") {
		t.Errorf("%d bytes with the end of the run, want it cut off", len(text))
	}
}

// A client that leaves in the middle of a run stops it and frees its place.
func TestAClientThatLeavesStopsItsRun(t *testing.T) {
	address := begin(t, 1)
	ctx, leave := context.WithCancel(t.Context())
	a := post(t, ctx, "http://"+address+"/ask/run", settings(20000, 20), nil)
	if _, err := bufio.NewReader(a.Body).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	busy := post(t, t.Context(), "http://"+address+"/ask/run", settings(500, 1), nil)
	text, _ := io.ReadAll(busy.Body)
	if busy.StatusCode != 503 || !strings.Contains(string(text), "try again") || busy.Header.Get("Retry-After") == "" {
		t.Fatalf("a second run: %d %q, want 503 in plain words", busy.StatusCode, text)
	}
	leave()
	for end := time.Now().Add(3 * time.Minute); ; time.Sleep(50 * time.Millisecond) {
		again := post(t, t.Context(), "http://"+address+"/ask/map", settings(500, 1), nil)
		if again.StatusCode == 200 {
			break
		}
		if time.Now().After(end) {
			t.Fatal("the run of a client that left still holds its place after three minutes")
		}
	}
}

// Twenty clients run at once, the twenty-first is refused, the page is handed out beside them, and memory stays
// within the bound that server.go states.
func TestTwentyClients(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	l, err := Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := beginAt(t, narrow{l}, Options{patience: time.Hour}) // runs wait for their clients, who wait for each other
	var before runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var wait sync.WaitGroup
	defer wait.Wait()
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	var under, over atomic.Int32 // runs that are some way on, and that have come to an end
	full := make(chan struct{})
	for range maxClients {
		a := post(t, ctx, "http://"+address+"/ask/run", settings(mostPeople, 20), nil)
		if a.StatusCode != 200 {
			t.Fatalf("%s, want 200 for the first %d", a.Status, maxClients)
		}
		wait.Go(func() {
			select {
			case <-full:
			case <-ctx.Done():
				return
			}
			if n, _ := io.CopyN(io.Discard, a.Body, 2<<20); n < 2<<20 && ctx.Err() == nil {
				t.Errorf("a run gave %d bytes, want 2 MB and more", n)
			}
			under.Add(1)
			io.Copy(io.Discard, a.Body)
			over.Add(1)
		})
	}
	if a := post(t, ctx, "http://"+address+"/ask/run", settings(500, 1), nil); a.StatusCode != 503 {
		t.Errorf("client %d: %s, want 503", maxClients+1, a.Status)
	}
	close(full)
	pages := 0 // handed out before any run had come to an end
	peak := before.HeapInuse
	for under.Load() < maxClients || pages < 3 && over.Load() == 0 {
		a, err := http.Get("http://" + address + "/")
		if err != nil {
			t.Fatal(err)
		}
		a.Body.Close()
		if over.Load() == 0 {
			pages++
		}
		var now runtime.MemStats
		runtime.ReadMemStats(&now)
		peak = max(peak, now.HeapInuse)
		time.Sleep(10 * time.Millisecond)
	}
	used := int64(peak - before.HeapInuse)
	t.Logf("%d clients with %d people each: %d MB at most, %d pages beside them", maxClients, mostPeople, used>>20, pages)
	if used > mostMemory {
		t.Errorf("%d MB in use, want at most %d", used>>20, int64(mostMemory)>>20)
	}
	if pages < 3 {
		t.Errorf("%d pages while %d runs were in the air, want 3 or more: the page waits for the runs", pages, maxClients)
	}
}
