// Package server hands the students' page to browsers and runs what they ask for, natively: settings
// come as one small JSON text, results leave as server-sent events. It trusts nobody: every request
// is bounded in size and time, runs are bounded in number, and only the page itself may ask.
package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"coexist/sim/live"
	"coexist/sim/place"
)

// Bounds of the server. With every client at the largest number of people it holds no more memory than
// mostMemory, garbage included; a test measures it.
const (
	maxClients  = 20               // runs at once
	mostPeople  = live.MaxPeople   // of one run
	mostMemory  = 1 << 30          // bytes, of all runs together
	maxHeader   = 16 << 10         // bytes
	readWithin  = 5 * time.Second  // a request, head and body
	writeWithin = 20 * time.Second // one event: who reads slower is cut off
	idleWithin  = 60 * time.Second
	maxPlaces   = 8 // kept in memory
)

// policy keeps the page to its own files: no foreign host is ever contacted.
const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; img-src 'self' data: blob:; " +
	"connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// Options say what to serve and to whom.
type Options struct {
	England   *place.England
	Catalogue live.Catalogue
	Page      fs.FS    // the bundle
	Hosts     []string // names that a browser may use for this server, without port
	Clients   int      // runs at once; 0: maxClients

	patience time.Duration // writeWithin, but for tests
}

// New returns an HTTP server for the page; its Addr and listener are the caller's.
func New(o Options) (*http.Server, error) {
	if o.Clients == 0 {
		o.Clients = maxClients
	}
	if o.patience == 0 {
		o.patience = writeWithin
	}
	text, err := json.Marshal(o.Catalogue)
	if err != nil {
		return nil, fmt.Errorf("catalogue: %w", err)
	}
	s := &server{Options: o, catalogue: text, slots: make(chan struct{}, o.Clients), worlds: map[string]live.World{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /catalogue.json", s.list)
	mux.HandleFunc("POST /ask/{what}", s.ask)
	mux.Handle("GET /", s.files())
	return &http.Server{Handler: s.guard(mux), ReadHeaderTimeout: readWithin, ReadTimeout: 2 * readWithin, IdleTimeout: idleWithin, MaxHeaderBytes: maxHeader}, nil
}

type server struct {
	Options
	catalogue []byte
	slots     chan struct{} // one for each run
	mu        sync.Mutex
	worlds    map[string]live.World // places in memory, at most maxPlaces
	recent    []string              // their names, the one asked for last at the end
}

// guard refuses whoever is not the page of this server, and sets the headers of all answers.
func (s *server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-cache")
		if !s.known(r.Host) {
			refuse(w, http.StatusMisdirectedRequest, "this server goes by the name %s, not by the one in your address bar", strings.Join(s.Hosts, " or "))
			return
		}
		if origin := r.Header.Get("Origin"); origin != "" && origin != "http://"+r.Host {
			refuse(w, http.StatusForbidden, "only the page of this server may ask it")
			return
		}
		if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" && site != "none" {
			refuse(w, http.StatusForbidden, "only the page of this server may ask it")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// known reports whether a Host header names this server: a foreign name that leads here (DNS rebinding)
// does not.
func (s *server) known(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = strings.Trim(host, "[]")
	}
	return slices.ContainsFunc(s.Hosts, func(h string) bool { return strings.EqualFold(name, h) })
}

// refuse answers with a fault in plain words.
func refuse(w http.ResponseWriter, status int, format string, args ...any) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	fmt.Fprintf(w, format+"\n", args...)
}

// files serves the bundle.
func (s *server) files() http.Handler {
	files := http.FileServerFS(s.Page)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.NewResponseController(w).SetWriteDeadline(time.Now().Add(s.patience))
		if r.URL.Path != "/" { // no listings, nothing but files of the bundle
			info, err := fs.Stat(s.Page, strings.TrimPrefix(r.URL.Path, "/"))
			if err != nil || info.IsDir() {
				refuse(w, http.StatusNotFound, "there is no such page; the one there is is at /")
				return
			}
		}
		files.ServeHTTP(w, r)
	})
}

// list hands out what there is.
func (s *server) list(w http.ResponseWriter, _ *http.Request) {
	http.NewResponseController(w).SetWriteDeadline(time.Now().Add(s.patience))
	w.Header().Set("Content-Type", "application/json")
	w.Write(s.catalogue)
}

// ask runs what the page asks for and streams what comes of it. A client that leaves stops its run.
func (s *server) ask(w http.ResponseWriter, r *http.Request) {
	what := r.PathValue("what")
	if !slices.Contains(live.Asks, what) {
		refuse(w, http.StatusNotFound, "there is nothing to ask under that name")
		return
	}
	if kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); kind != "application/json" {
		refuse(w, http.StatusUnsupportedMediaType, "settings come as application/json, not as %q", kind)
		return
	}
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, live.MaxSettings))
	if err != nil {
		var big *http.MaxBytesError
		if errors.As(err, &big) {
			refuse(w, http.StatusRequestEntityTooLarge, "settings of more than %d bytes, want at most that", live.MaxSettings)
			return
		}
		refuse(w, http.StatusBadRequest, "the settings did not arrive whole")
		return
	}
	settings, err := live.Parse(text)
	if err != nil {
		refuse(w, http.StatusBadRequest, "%v", err)
		return
	}
	select {
	case s.slots <- struct{}{}:
		defer func() { <-s.slots }()
	default:
		w.Header().Set("Retry-After", "5")
		refuse(w, http.StatusServiceUnavailable, "%d runs are in the air already, which is all that this machine may carry; try again in a few seconds", s.Clients)
		return
	}
	world, err := s.world(settings.Place)
	if err != nil {
		refuse(w, http.StatusBadRequest, "%v", err)
		return
	}
	s.stream(w, r.Context(), what, settings, world)
}

// stream writes events until the run ends or the client leaves.
func (s *server) stream(w http.ResponseWriter, ctx context.Context, what string, settings live.Settings, world live.World) {
	control := http.NewResponseController(w)
	control.SetReadDeadline(time.Time{}) // or the end of reading would look like a client that leaves
	w.Header().Set("Content-Type", "text/event-stream")
	w.WriteHeader(http.StatusOK)
	control.Flush() // the page learns at once that it is heard
	send := func(kind string, v any) error {
		text, err := json.Marshal(v)
		if err != nil {
			return err
		}
		if err := control.SetWriteDeadline(time.Now().Add(s.patience)); err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "event: %s\ndata: %s\n\n", kind, text); err != nil {
			return err
		}
		return control.Flush()
	}
	err := live.Do(ctx, what, settings, world, send)
	switch {
	case ctx.Err() != nil:
	case err != nil:
		send("fault", err.Error())
	default:
		send("done", "")
	}
}

// world returns a place of the catalogue, from memory if it was asked for lately.
func (s *server) world(name string) (live.World, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if w, ok := s.worlds[name]; ok {
		i := slices.Index(s.recent, name)
		s.recent = append(slices.Delete(s.recent, i, i+1), name)
		return w, nil
	}
	if !slices.ContainsFunc(s.Catalogue.Places, func(p live.PlaceChoice) bool { return p.Name == name }) {
		return live.World{}, fmt.Errorf("there is no place of that name on the page")
	}
	p, err := s.England.Resolve(name)
	if err != nil {
		return live.World{}, err
	}
	w := live.NewWorld(p)
	if len(s.recent) == maxPlaces {
		delete(s.worlds, s.recent[0])
		s.recent = s.recent[1:]
	}
	s.worlds[name] = w
	s.recent = append(s.recent, name)
	return w, nil
}

// Listen listens on an address and holds as many connections at once as a class can need.
func Listen(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	return &bounded{Listener: l, free: make(chan struct{}, maxConnections)}, nil
}

// maxConnections is how many connections are held at once.
const maxConnections = 256

// bounded is a listener that holds so many connections; more wait to be accepted.
type bounded struct {
	net.Listener
	free chan struct{}
}

func (b *bounded) Accept() (net.Conn, error) {
	b.free <- struct{}{}
	c, err := b.Listener.Accept()
	if err != nil {
		<-b.free
		return nil, err
	}
	return &held{Conn: c, free: b.free}, nil
}

// held gives its place back when it closes.
type held struct {
	net.Conn
	free chan struct{}
	once sync.Once
}

func (h *held) Close() error {
	h.once.Do(func() { <-h.free })
	return h.Conn.Close()
}
