package checkpoint

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"coexist/configs"
	"coexist/sim"
	"coexist/sim/place"
	"coexist/sim/place/england"
)

var region = sync.OnceValues(func() (*place.Place, error) {
	e, err := place.Read(england.FS())
	if err != nil {
		return nil, err
	}
	return e.Resolve("synthetic:residents=30000,practices=8,hospitals=3,districts=2")
})

// world is a model after some weeks, larger than a frame.
func world(t testing.TB, weeks int) *sim.Model {
	t.Helper()
	p, err := region()
	if err != nil {
		t.Fatal(err)
	}
	m, err := sim.New(sim.Settings{Place: p, Config: configs.Default(), Seed: 7, Sample: 1, Workers: 1, Tracked: 20})
	if err != nil {
		t.Fatal(err)
	}
	step(t, m, weeks)
	return m
}

func step(t testing.TB, m *sim.Model, weeks int) {
	t.Helper()
	for range weeks {
		if err := m.Step(); err != nil {
			t.Fatal(err)
		}
	}
}

func state(t testing.TB, m *sim.Model) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := m.Snapshot(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// read opens a file and makes its model, whatever fails first.
func read(t testing.TB, path string, workers int) (*sim.Model, error) {
	t.Helper()
	f, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	p, err := region()
	if err != nil {
		t.Fatal(err)
	}
	return f.Model(sim.Settings{Place: p, Workers: workers})
}

// TestGoesOn: what a checkpoint holds goes on as if nothing had happened, with other workers.
func TestGoesOn(t *testing.T) {
	m := world(t, 60)
	path := filepath.Join(t.TempDir(), "a.ckpt")
	n, err := write(path, Head{Version: "1", Mark: 17, CPU: 2.5, Before: 3}, m)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Size() != n || n < frameSize {
		t.Errorf("wrote %d bytes, want the length of the file and more than a frame: %v, %v", n, info, err)
	}
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	if f.Mark != 17 || f.CPU != 2.5 || f.Before != 3 || f.Lived != 60 || f.Seed != 7 || f.Scenario != "status-quo" || f.People != m.Alive() {
		t.Errorf("head = %+v", f.Head)
	}
	again, err := read(t, path, 3)
	if err != nil {
		t.Fatal(err)
	}
	step(t, m, 50)
	step(t, again, 50)
	if !bytes.Equal(state(t, m), state(t, again)) {
		t.Errorf("a model from a checkpoint ends otherwise")
	}
}

// TestRefused: a file that is torn, changed, foreign or of another format is refused by name, with what was
// found and what is wanted; it never gives a model.
func TestRefused(t *testing.T) {
	m := world(t, 20)
	dir := t.TempDir()
	path := filepath.Join(dir, "a.ckpt")
	if _, err := write(path, Head{Version: "1"}, m); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	bad := filepath.Join(dir, "bad.ckpt")
	refuse := func(what string, data []byte, words ...string) {
		t.Helper()
		if err := os.WriteFile(bad, data, 0o666); err != nil {
			t.Fatal(err)
		}
		_, err := read(t, bad, 1)
		if !errors.Is(err, ErrUnusable) {
			t.Errorf("%s: %v, want %v", what, err, ErrUnusable)
			return
		}
		for _, w := range append(words, bad, "found", "want") {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%s: %q does not say %q", what, err, w)
			}
		}
	}
	head := len(magic) + 8
	for n := head; n < len(whole); n += len(whole)/23 + 1 {
		refuse(fmt.Sprintf("the first %d of %d bytes", n, len(whole)), whole[:n], "torn")
	}
	refuse("all but the last byte", whole[:len(whole)-1], "torn")
	for at := head; at < len(whole); at += len(whole)/23 + 1 {
		turned := bytes.Clone(whole)
		turned[at] ^= 4
		refuse(fmt.Sprintf("byte %d turned over", at), turned)
	}
	old := bytes.Clone(whole)
	binary.LittleEndian.PutUint32(old[len(magic):], fileFormat-1)
	refuse("an older format", old, "format 0, want 1")
	refuse("a text", []byte("place,scenario,run,seed,quarter,group,measure\n"), `begins with "place,sc"`)
	if _, err := Open(filepath.Join(dir, "none.ckpt")); !errors.Is(err, ErrUnusable) || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	if _, err := Open(dir); !errors.Is(err, ErrUnusable) {
		t.Errorf("a folder: %v", err)
	}
	more := append(bytes.Clone(whole), 'x')
	if err := os.WriteFile(bad, more, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := read(t, bad, 1); !errors.Is(err, ErrUnusable) || !strings.Contains(err.Error(), "after the end") {
		t.Errorf("a byte after the end: %v", err)
	}
	swapped := swapFrames(whole)
	refuse("two frames that have changed places", swapped, "checksum", "frame 0")
}

// frames is where the frames of a file begin.
func frames(file []byte) int {
	return len(magic) + 8 + int(binary.LittleEndian.Uint32(file[len(magic)+4:])) + 4
}

// swapFrames exchanges the first two frames.
func swapFrames(file []byte) []byte {
	at := frames(file)
	size := frameSize + 8
	b := bytes.Clone(file)
	copy(b[at:], file[at+size:at+2*size])
	copy(b[at+size:], file[at:at+size])
	return b
}

// TestFits: another version or another map is refused by name.
func TestFits(t *testing.T) {
	m := world(t, 1)
	path := filepath.Join(t.TempDir(), "a.ckpt")
	if _, err := write(path, Head{Version: "1.0"}, m); err != nil {
		t.Fatal(err)
	}
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	p, _ := region()
	e, err := place.Read(england.FS())
	if err != nil {
		t.Fatal(err)
	}
	other, err := e.Resolve("Torbay")
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Fits("1.0", sim.Settings{Place: p}); err != nil {
		t.Errorf("the same: %v", err)
	}
	if err := f.Fits("1.1", sim.Settings{Place: p}); !errors.Is(err, ErrUnusable) || !strings.Contains(err.Error(), "coexist 1.0, want 1.1") {
		t.Errorf("another version: %v", err)
	}
	if err := f.Fits("1.0", sim.Settings{Place: other}); !errors.Is(err, ErrUnusable) || !strings.Contains(err.Error(), "want Torbay") {
		t.Errorf("another map: %v", err)
	}
}

// TestStore: the last two of a history are kept; those of another result, version or history are refused.
func TestStore(t *testing.T) {
	m := world(t, 1)
	s := &Store{Dir: filepath.Join(t.TempDir(), "odd [name]*", "c"), Version: "1", Identity: "abc"}
	if got := s.Files("run"); len(got) != 0 {
		t.Errorf("files of a new store = %q", got)
	}
	for range 4 {
		if err := s.Save("run", Head{}, m); err != nil {
			t.Fatal(err)
		}
		step(t, m, 1)
	}
	if err := s.Save("runs", Head{}, m); err != nil {
		t.Fatal(err)
	}
	list := s.Files("run")
	if len(list) != Kept || !strings.HasSuffix(list[0], "run-week00004.ckpt") || !strings.HasSuffix(list[1], "run-week00003.ckpt") {
		t.Fatalf("files = %q, want weeks 4 and 3", list)
	}
	if f, err := s.Open(list[0], "run"); err != nil {
		t.Error(err)
	} else {
		f.Close()
	}
	for what, other := range map[string]*Store{"result abc, want abd": {Version: "1", Identity: "abd"}, "coexist 1, want 2": {Version: "2", Identity: "abc"}} {
		if _, err := other.Open(list[0], "run"); !errors.Is(err, ErrUnusable) || !strings.Contains(err.Error(), what) {
			t.Errorf("%v, want %s", err, what)
		}
	}
	if _, err := s.Open(list[0], "runs"); !errors.Is(err, ErrUnusable) {
		t.Errorf("another history: %v", err)
	}
	if err := s.Keep("run", 0); err != nil || len(s.Files("run")) != 0 || len(s.Files("runs")) != 1 {
		t.Errorf("keep none: %v, %q, %q", err, s.Files("run"), s.Files("runs"))
	}
}

// TestIsQuick: a stop waits for a checkpoint only if it is done within quick by the rate seen.
func TestIsQuick(t *testing.T) {
	s := &Store{}
	edge := int64(slowDisk * quick.Seconds())
	if !s.IsQuick(edge-1) || s.IsQuick(edge) {
		t.Errorf("without a rate the limit is not %d bytes", edge)
	}
	s.bytes, s.took = 3e9, 2
	edge = int64(1.5e9 * (20 * time.Second).Seconds())
	if !s.IsQuick(edge-1) || s.IsQuick(edge) {
		t.Errorf("at 1.5 GB/s the limit is not %d bytes", edge)
	}
}

// TestInTheWay: where the file cannot be written whole, the one before stands and nothing is left over.
func TestInTheWay(t *testing.T) {
	m := world(t, 1)
	dir := t.TempDir()
	s := &Store{Dir: dir, Version: "1", Identity: "abc"}
	if err := s.Save("run", Head{}, m); err != nil {
		t.Fatal(err)
	}
	step(t, m, 1)
	if err := os.Mkdir(s.path("run", m.Lived()), 0o777); err != nil { // in the way of the rename
		t.Fatal(err)
	}
	if err := s.Save("run", Head{}, m); err == nil {
		t.Errorf("no error over a folder of that name")
	}
	entries, _ := os.ReadDir(dir)
	if len(entries) != 2 {
		t.Errorf("%d files, want the old one and the folder", len(entries))
	}
}

// TestWritesAsItGoes: writing takes no second copy of the state.
func TestWritesAsItGoes(t *testing.T) {
	m := world(t, 1)
	path := filepath.Join(t.TempDir(), "a.ckpt")
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := write(path, Head{}, m); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	size := m.SnapshotSize()
	if got := int64(after.TotalAlloc - before.TotalAlloc); got > 3<<20 || got > size {
		t.Errorf("writing a state of %d bytes takes %d bytes, want at most %d", size, got, 3<<20)
	}
}

// BenchmarkWrite and BenchmarkRead are a checkpoint of 30,000 people.
func BenchmarkWrite(b *testing.B) {
	m := world(b, 1)
	path := filepath.Join(b.TempDir(), "a.ckpt")
	b.SetBytes(m.SnapshotSize())
	for b.Loop() {
		if _, err := write(path, Head{}, m); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	m := world(b, 1)
	path := filepath.Join(b.TempDir(), "a.ckpt")
	if _, err := write(path, Head{}, m); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(m.SnapshotSize())
	for b.Loop() {
		if _, err := read(b, path, 1); err != nil {
			b.Fatal(err)
		}
	}
}
