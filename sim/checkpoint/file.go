package checkpoint

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"coexist/sim"
	"coexist/sim/results"
)

// ErrUnusable marks a checkpoint that cannot be gone on from: torn, changed, foreign, of another version or
// of another world. The text names the file, what was found and what is wanted.
var ErrUnusable = errors.New("unusable checkpoint")

// fileFormat is the version of the file; another one is refused.
const fileFormat = 1

const (
	magic   = "coexist\n"
	maxHead = 1 << 20
)

// Head says what a checkpoint is of.
type Head struct {
	Version  string  `json:"version"`  // of the program: another may step otherwise
	Identity string  `json:"identity"` // of the result that it belongs to
	History  string  `json:"history"`  // which warm-up or run of the result
	Place    string  `json:"place"`    // by which it is asked for
	Map      string  `json:"map"`      // hash of the place
	Scenario string  `json:"scenario"` // in force
	Seed     int64   `json:"seed"`
	Sample   float64 `json:"sample"`
	Tracked  int64   `json:"tracked"` // sim.Settings.Tracked
	People   int64   `json:"people"`  // alive
	Started  int64   `json:"started"` // people at the start of the warm-up
	Week     int32   `json:"week"`    // weeks since the regime began; negative in the warm-up
	Lived    int32   `json:"lived"`   // weeks since the start of the warm-up

	Mark   int64   `json:"mark"`   // rows of the run that are durable: results.Writer.Mark
	Before int64   `json:"before"` // patient events before the regime began
	CPU    float64 `json:"cpu"`    // processor seconds that the history has taken

	World  json.RawMessage `json:"world"`  // config with which the world was made
	Regime json.RawMessage `json:"regime"` // config in force
}

// describe fills in what the model knows of itself.
func (h *Head) describe(m *sim.Model) error {
	s := m.Settings()
	h.Place, h.Map = s.Place.Name, s.Place.Hash()
	if s.Place.Synthetic {
		h.Place = s.Place.Code // by which it is made again
	}
	h.Seed, h.Sample, h.Tracked = s.Seed, s.Sample, s.Tracked
	h.People, h.Started = m.Alive(), m.Start()
	h.Week, h.Lived = m.Week(), m.Lived()
	now := m.Config()
	h.Scenario = now.Name
	var err1, err2 error
	h.World, err1 = json.Marshal(s.Config)
	h.Regime, err2 = json.Marshal(now)
	return errors.Join(err1, err2)
}

// write writes the state of a model between two weeks, whole or not at all, and returns the length of the
// file. Rows not yet taken are not part of it: call Take first. The folder must exist.
func write(path string, h Head, m *sim.Model) (bytes int64, err error) {
	if err := h.describe(m); err != nil {
		return 0, fmt.Errorf("%s: %w", path, err)
	}
	err = results.Atomic(path, func(w io.Writer) error {
		head, err := json.Marshal(h)
		if err != nil {
			return err
		}
		n, err := w.Write(preamble(head))
		if err != nil {
			return err
		}
		f := newFramer(w)
		if err := m.Snapshot(f); err != nil {
			return err
		}
		if err := f.Close(); err != nil {
			return err
		}
		bytes = int64(n) + f.written
		return nil
	})
	return bytes, err
}

// preamble is all of a file before its frames.
func preamble(head []byte) []byte {
	b := append([]byte(nil), magic...)
	b = binary.LittleEndian.AppendUint32(b, fileFormat)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(head)))
	b = append(b, head...)
	return binary.LittleEndian.AppendUint32(b, checksum(b))
}

// File is a checkpoint that is open for reading.
type File struct {
	Head
	Path string
	Size int64 // bytes
	file *os.File
}

// Open opens a checkpoint and reads its head. The error matches ErrUnusable and os.ErrNotExist where there
// is none.
func Open(path string) (*File, error) {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() { // opening a pipe would wait for ever
		err = fmt.Errorf("%s is not a regular file", path)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnusable, err)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnusable, err)
	}
	c := &File{Path: path, file: f}
	if err = c.measure(); err == nil {
		err = c.readHead(f)
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("%s: %w: %w", path, ErrUnusable, err)
	}
	return c, nil
}

// Close closes the file.
func (c *File) Close() error { return c.file.Close() }

// measure notes the length of the file.
func (c *File) measure() error {
	info, err := c.file.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return errors.New("found no regular file")
	}
	c.Size = info.Size()
	return nil
}

// readHead reads all of a file before its frames.
func (c *File) readHead(r io.Reader) error {
	start := make([]byte, len(magic)+8)
	if _, err := io.ReadFull(r, start); err != nil {
		return fmt.Errorf("found %d bytes, which is no checkpoint of coexist", c.Size)
	}
	if string(start[:len(magic)]) != magic {
		return fmt.Errorf("found a file that begins with %q, want %q", start[:len(magic)], magic)
	}
	if format := binary.LittleEndian.Uint32(start[len(magic):]); format != fileFormat {
		return fmt.Errorf("found format %d, want %d", format, fileFormat)
	}
	n := binary.LittleEndian.Uint32(start[len(magic)+4:])
	if n > maxHead {
		return fmt.Errorf("found a head of %d bytes, want at most %d", n, maxHead)
	}
	rest := make([]byte, n+4)
	if k, err := io.ReadFull(r, rest); err != nil {
		return fmt.Errorf("torn: found %d bytes of the head, want %d", k, len(rest))
	}
	found := binary.LittleEndian.Uint32(rest[n:])
	if want := checksum(append(start, rest[:n]...)); found != want {
		return fmt.Errorf("changed: found checksum %08x of the head, want %08x", found, want)
	}
	d := json.NewDecoder(bytes.NewReader(rest[:n]))
	d.DisallowUnknownFields()
	if err := d.Decode(&c.Head); err != nil {
		return fmt.Errorf("head: %w", err)
	}
	return nil
}

// Fits says why the checkpoint cannot be gone on from by a version of the program in the place of the
// settings, or nil.
func (c *File) Fits(version string, s sim.Settings) error {
	fault := func(what, found, want string) error {
		return fmt.Errorf("%s: %w: found %s %s, want %s", c.Path, ErrUnusable, what, found, want)
	}
	switch {
	case c.Version != version:
		return fault("a state of coexist", c.Version, version)
	case c.Map != s.Place.Hash():
		return fault("the map of", c.Place+" ("+short(c.Map)+")", s.Place.Name+" ("+short(s.Place.Hash())+")")
	}
	return nil
}

// short is the beginning of a hash.
func short(hash string) string { return hash[:min(len(hash), 12)] }

// Model reads the state and makes a model that goes on from it. The settings give the place, which Fits,
// and the workers; all else is as it was. Reading stops at the first frame that is not as it was written.
func (c *File) Model(s sim.Settings) (*sim.Model, error) {
	m, err := c.model(c.file, s)
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %w", c.Path, ErrUnusable, err)
	}
	return m, nil
}

// model reads the state from where the frames begin. Configs are looked at as if a user had written them.
func (c *File) model(r io.Reader, s sim.Settings) (*sim.Model, error) {
	s.Seed, s.Sample, s.Tracked = c.Seed, c.Sample, c.Tracked
	now := s.Config
	if err := errors.Join(json.Unmarshal(c.World, &s.Config), json.Unmarshal(c.Regime, &now)); err != nil {
		return nil, fmt.Errorf("head: %w", err)
	}
	if err := errors.Join(s.Config.Check(), now.Check()); err != nil {
		return nil, fmt.Errorf("head: %w", err)
	}
	f := newDeframer(r)
	m, err := sim.Restore(f, s, now)
	if f.err != nil && f.err != io.EOF { // the cause, rather than what the model made of it
		return nil, f.err
	}
	if err != nil {
		return nil, err
	}
	return m, f.end()
}
