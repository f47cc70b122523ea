package checkpoint

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"coexist/sim"
)

// Kept is how many checkpoints of a history are kept: the last, and the one before should the last be
// lost with a disk.
const Kept = 2

// quick is how long the checkpoint of a stop may take; if it would take longer, the last one stands.
const quick = 20 * time.Second

// slowDisk is the rate taken while none was seen, bytes a second: assumption (50 to 500 MB/s), a slow
// spinning disk.
const slowDisk = 50e6

// Store is the folder of the checkpoints of one result. Its methods may be called from several
// goroutines, with different histories.
type Store struct {
	Dir      string
	Version  string // of the program
	Identity string // of the result

	mu    sync.Mutex
	bytes float64 // written so far
	took  float64 // seconds
}

// Save writes a checkpoint of a history and removes all but the last Kept of it. What of the head the
// model knows is filled in.
func (s *Store) Save(history string, h Head, m *sim.Model) error {
	if err := os.MkdirAll(s.Dir, 0o777); err != nil {
		return err
	}
	h.Version, h.Identity, h.History = s.Version, s.Identity, history
	start := time.Now()
	n, err := write(s.path(history, m.Lived()), h, m)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.bytes += float64(n)
	s.took += time.Since(start).Seconds()
	s.mu.Unlock()
	return s.Keep(history, Kept)
}

// path is the file of a history in a week.
func (s *Store) path(history string, lived int32) string {
	return filepath.Join(s.Dir, fmt.Sprintf("%s-week%05d.ckpt", history, lived))
}

// IsQuick reports whether so many bytes could be written within quick by the rate seen so far.
func (s *Store) IsQuick(bytes int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	rate := float64(slowDisk)
	if s.took > 0 {
		rate = s.bytes / s.took
	}
	return float64(bytes) < rate*quick.Seconds()
}

// Files lists the checkpoints of a history, the latest first.
func (s *Store) Files(history string) []string {
	list, err := filepath.Glob(filepath.Join(escape(s.Dir), escape(history)+"-week[0-9][0-9][0-9][0-9][0-9].ckpt"))
	if err != nil {
		return nil
	}
	slices.Sort(list)
	slices.Reverse(list)
	return list
}

// escape takes the meaning of wildcards from a path.
func escape(path string) string {
	var b []rune
	for _, r := range path {
		if r == '*' || r == '?' || r == '[' || r == '\\' && filepath.Separator != '\\' {
			b = append(b, '\\')
		}
		b = append(b, r)
	}
	return string(b)
}

// Open opens a checkpoint and wants it to be of this result and history.
func (s *Store) Open(path, history string) (*File, error) {
	c, err := Open(path)
	if err != nil {
		return nil, err
	}
	for _, is := range [...]struct{ what, found, want string }{
		{"a state of coexist", c.Version, s.Version}, {"the checkpoint of result", short(c.Identity), short(s.Identity)}, {"the checkpoint of", c.History, history},
	} {
		if is.found != is.want {
			c.Close()
			return nil, fmt.Errorf("%s: %w: found %s %s, want %s", path, ErrUnusable, is.what, is.found, is.want)
		}
	}
	return c, nil
}

// Keep removes all checkpoints of a history but the last n.
func (s *Store) Keep(history string, n int) error {
	list := s.Files(history)
	var faults []error
	for _, path := range list[min(n, len(list)):] {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			faults = append(faults, err)
		}
	}
	return errors.Join(faults...)
}
