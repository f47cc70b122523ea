package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"coexist/plots/page"
	"coexist/sim/live"
)

// The note about data is that of the licence file.
func TestDataNoteIsThatOfTheLicence(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "sim", "place", "england", "LICENCE.md"))
	if err != nil {
		t.Fatal(err)
	}
	flat := strings.Join(strings.Fields(strings.ReplaceAll(string(text), "\n> ", " ")), " ")
	if !strings.Contains(flat, dataNote) {
		t.Errorf("LICENCE.md lacks the note %q", dataNote)
	}
}

func TestHostsOfAnAddress(t *testing.T) {
	for _, c := range []struct {
		address string
		open    bool
		has     string
	}{
		{"127.0.0.1:8080", false, "localhost"}, {"localhost:0", false, "127.0.0.1"}, {"[::1]:80", false, "::1"},
		{"192.0.2.7:80", true, "192.0.2.7"}, {":8080", true, "localhost"}, {"0.0.0.0:1", true, "class.example"},
	} {
		hosts, open, err := hostsOf(c.address, []string{"class.example"})
		if err != nil || open != c.open || !slices.Contains(hosts, c.has) || !slices.Contains(hosts, "class.example") {
			t.Errorf("%s: hosts %v, open %v, error %v; want %s among them, open %v", c.address, hosts, open, err, c.has, c.open)
		}
	}
	if _, _, err := hostsOf("8080", nil); exitCode(err) != exitInput {
		t.Errorf("an address without a port: error %v, want wrong input", err)
	}
}

// writer hands on what is written, line by line.
type writer struct{ lines chan string }

func (w writer) Write(b []byte) (int, error) {
	w.lines <- string(b)
	return len(b), nil
}

// serve prints where it is, serves the page, and ends well when it is stopped.
func TestServe(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	out := writer{make(chan string, 8)}
	root := newRoot(nil)
	root.SetArgs([]string{"serve", "--listen", "127.0.0.1:0"})
	root.SetOut(out)
	root.SetErr(io.Discard)
	done := make(chan error, 1)
	go func() { done <- root.ExecuteContext(ctx) }()
	var url string
	select {
	case url = <-out.lines:
	case err := <-done:
		t.Fatal(err)
	}
	a, err := http.Get(strings.TrimSpace(url) + "catalogue.json")
	if err != nil {
		t.Fatal(err)
	}
	var c live.Catalogue
	if err := json.NewDecoder(a.Body).Decode(&c); err != nil || c.Delivery != "server" || len(c.Places) < 43 {
		t.Errorf("catalogue with %d places for delivery %q, error %v", len(c.Places), c.Delivery, err)
	}
	a.Body.Close()
	stop()
	select {
	case err := <-done:
		if err != nil {
			t.Errorf("serve ended with %v", err)
		}
	case <-time.After(closing + time.Minute): // whatever else this machine has to do
		t.Error("serve goes on after it was stopped")
	}
}

// The files of the site are the bundle, the engine, the catalogue and one file a place that reads back.
func TestWriteSite(t *testing.T) {
	dir := t.TempDir()
	eng := engine{program: []byte("program"), starter: []byte("starter"), licence: []byte("Go licence")}
	size, err := writeSite(t.Context(), dir, eng)
	if err != nil || size < 1e6 {
		t.Fatalf("%d bytes, error %v", size, err)
	}
	for name, want := range map[string]string{"coexist.wasm.gz": "program", "wasm_exec.js": "starter", "LICENCES.txt": "Go licence", "index.html": "<!doctype html>",
		"app.js": "", "worker.js": "coexist.wasm.gz", "style.css": "", "catalogue.json": `"delivery":"site"`} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || !bytes.Contains(text, []byte(want)) {
			t.Errorf("%s: error %v, want %q in it", name, err, want)
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "catalogue.json"))
	if err != nil {
		t.Fatal(err)
	}
	var c live.Catalogue
	if err := json.Unmarshal(text, &c); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "places", "*.place.gz"))
	if err != nil || len(files) != len(c.Places) || len(files) < 45 {
		t.Errorf("%d places, want the %d of the catalogue", len(files), len(c.Places))
	}
	last := c.Places[len(c.Places)-1] // a real one
	packed, err := os.Open(filepath.Join(dir, "places", last.File+".place.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	whole, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	if w, err := live.ReadWorld(whole); err != nil || w.Name != last.Name {
		t.Errorf("world %q, error %v, want %q", w.Name, err, last.Name)
	}
}

// A page that is stopped on the way leaves nothing and goes on by the same command; one that is written takes
// away what a kill of that name left, and nothing else.
func TestSiteStopped(t *testing.T) {
	defer func(before func() (engine, error)) { carried = before }(carried)
	parent := t.TempDir()
	killed, other := filepath.Join(parent, fmt.Sprintf(".coexist-site-%08x-1", crc32.ChecksumIEEE([]byte("public")))), filepath.Join(parent, ".coexist-site-other")
	if err := errors.Join(os.MkdirAll(filepath.Join(killed, "places"), 0o755), os.Mkdir(other, 0o755), os.Symlink("public", filepath.Join(parent, "link")),
		os.Mkdir(filepath.Join(parent, "public"), 0o755), os.Symlink("nowhere", filepath.Join(parent, "astray"))); err != nil {
		t.Skip(err) // no links here
	}
	ctx, stop := context.WithCancel(t.Context())
	carried = func() (engine, error) { stop(); return engine{program: []byte("program")}, nil }
	say := func(string, ...any) {}
	if err := site(ctx, filepath.Join(parent, "public"), say); exitCode(err) != exitStopped || !strings.Contains(err.Error(), "the same command begins anew") {
		t.Errorf("stopped, it ends with %d: %v", exitCode(err), err)
	}
	names := func() (list []string) {
		entries, err := os.ReadDir(parent)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			list = append(list, e.Name())
		}
		return list
	}
	if got, want := names(), []string{filepath.Base(killed), filepath.Base(other), "astray", "link", "public"}; !slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))) {
		t.Errorf("stopped, it leaves %q, want %q", got, want)
	}
	if err := site(t.Context(), filepath.Join(parent, "astray"), say); exitCode(err) != exitInput {
		t.Errorf("a link to nowhere ends with %d: %v", exitCode(err), err)
	}
	if err := site(t.Context(), filepath.Join(parent, "link"), say); err != nil { // where a link leads, as for every other output
		t.Fatal(err)
	}
	if got := names(); slices.Contains(got, filepath.Base(killed)) || !slices.Contains(got, filepath.Base(other)) {
		t.Errorf("written, it leaves %q", got)
	}
	if info, err := os.Lstat(filepath.Join(parent, "link")); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link is %v, %v", info, err)
	}
	if _, err := os.Stat(filepath.Join(parent, "public", "index.html")); err != nil {
		t.Error(err)
	}
	if err := site(t.Context(), filepath.Join(parent, "public"), say); exitCode(err) != exitInput {
		t.Errorf("a full folder ends with %d: %v", exitCode(err), err)
	}
}

// The page speaks to no other host, and its policy allows no inline script.
func TestBundleNamesNoForeignHost(t *testing.T) {
	for _, name := range []string{"index.html", "style.css", "worker.js"} {
		text, err := fs.ReadFile(page.Files(), name)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(text, []byte("//")) && bytes.Contains(bytes.ReplaceAll(text, []byte("http-equiv"), nil), []byte("http")) {
			t.Errorf("%s names a host", name)
		}
	}
	html, err := fs.ReadFile(page.Files(), "index.html")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(html, []byte("script-src 'self' 'wasm-unsafe-eval';")) || bytes.Contains(html, []byte("<script>")) || bytes.Contains(html, []byte("style=")) {
		t.Error("index.html: want the policy, no inline script and no inline style")
	}
}
