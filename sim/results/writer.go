package results

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// State tells what Create found.
type State uint8

// The states of a folder.
const (
	Fresh   State = iota // new or empty: everything is to be done
	Resumed              // an unfinished result of the same identity: Have tells what is there
	Done                 // a finished result of the same identity, every file as it was: nothing is to be done
)

// Writer writes one result folder. Its methods may be called from several goroutines; the rows of
// one run are in the order of its calls of Add. Call Close, or Discard, at the end.
type Writer struct {
	root   *os.Root
	dir    string
	id     Identity
	hash   string
	state  State
	unlock func()
	made   []string // folders that Create made, outermost first

	mu      sync.Mutex
	started time.Time
	parts   map[RunKey]*part
	outputs map[string]string // path -> SHA-256
	failed  []string          // paths that could not be written
	source  func(io.Writer) (int64, error)
}

// Create opens the folder dir for a result: a new or empty one, or one of the same identity, which
// goes on where it stopped (Resumed) or has all that is wanted (Done). Anything else is refused and
// left as it was: ErrTaken for other files or another result, ErrDamaged for a finished result that
// has changed, ErrBusy while another process writes it, ErrUnwritable, ErrValue for an identity that
// cannot be.
func Create(dir string, id Identity) (*Writer, error) {
	if err := id.check(); err != nil {
		return nil, fmt.Errorf("%s: %w: %w", dir, ErrValue, err)
	}
	w := &Writer{
		dir: dir, id: id.clone(), hash: id.Hash(), unlock: func() {},
		parts: map[RunKey]*part{}, outputs: map[string]string{},
	}
	if done, err := w.look(); err != nil || done {
		if err != nil {
			w.shut()
			return nil, err
		}
		return w, nil
	}
	if err := w.begin(); err != nil {
		w.shut()
		w.unmake()
		return nil, err
	}
	return w, nil
}

// look finds out, without changing anything, what dir is; done says that nothing remains to do.
func (w *Writer) look() (done bool, err error) {
	info, err := os.Stat(w.dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("%s: %w: %w", w.dir, ErrUnwritable, err)
	case !info.IsDir():
		return false, fmt.Errorf("%s: %w by a file, want a new folder", w.dir, ErrTaken)
	}
	if w.root == nil {
		if w.root, err = os.OpenRoot(w.dir); err != nil {
			return false, fmt.Errorf("%s: %w: %w", w.dir, ErrUnwritable, err)
		}
	}
	names, err := readNames(w.root)
	if err != nil {
		return false, fmt.Errorf("%s: %w: %w", w.dir, ErrUnwritable, err)
	}
	if !slices.Contains(names, manifestName) {
		for _, name := range names {
			if name != lockName && !strings.HasPrefix(name, temporary) {
				return false, fmt.Errorf("%s: %w: it holds %q and no result of ours, want a new or empty folder", w.dir, ErrTaken, name)
			}
		}
		return false, nil
	}
	m, err := readManifest(w.root)
	if err != nil {
		return false, fmt.Errorf("%w; %w, want a new or empty folder", err, ErrTaken)
	}
	if m.IdentityHash != w.hash {
		return false, fmt.Errorf("%s: %w by another result, want a new or empty folder; of the one there: %s", w.dir, ErrTaken, w.id.Differences(m.Identity))
	}
	w.started = m.Started
	w.state = Resumed
	if !m.Complete {
		return false, nil
	}
	w.state = Done
	if err := verify(w.root, m, everything); err != nil {
		return false, fmt.Errorf("%w\n%s: finished, but changed since; remove the folder to run again", err, w.dir)
	}
	return true, sweep(w.root)
}

// begin makes and locks the folder, looks again, and leaves the marker or takes up the parts.
func (w *Writer) begin() error {
	fail := func(err error) error { return fmt.Errorf("%s: %w", w.dir, writeError(err)) }
	var err error
	if outer := Enclosing(filepath.Dir(real(w.dir))); outer != "" {
		return fmt.Errorf("%s: %w: it lies in %s, which holds a result, want a folder outside it", w.dir, ErrTaken, outer)
	}
	if w.made, err = makeDir(w.dir); err != nil {
		if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
			return fail(err)
		}
		return fmt.Errorf("%s: %w: %w", w.dir, ErrUnwritable, err)
	}
	if w.root == nil {
		if w.root, err = os.OpenRoot(w.dir); err != nil {
			return fmt.Errorf("%s: %w: %w", w.dir, ErrUnwritable, err)
		}
	}
	unlock, err := lock(w.root)
	if err != nil {
		return fmt.Errorf("%s: %w", w.dir, lockError(err))
	}
	w.unlock = unlock
	w.state = Fresh
	done, err := w.look() // another process may have been faster
	if err != nil || done {
		return err
	}
	if err := sweep(w.root); err != nil {
		return fail(err)
	}
	if w.state == Resumed {
		return w.takeUp()
	}
	w.started = time.Now().UTC().Round(0)
	data, err := w.complete(Manifest{}).encode()
	if err != nil {
		return err
	}
	if _, err := put(w.root, manifestName, data); err != nil {
		return err
	}
	return nil
}

// complete fills in what the Writer knows of the manifest.
func (w *Writer) complete(m Manifest) Manifest {
	m.Format, m.Identity, m.IdentityHash, m.Started = layout, w.id, w.hash, w.started
	if m.Go == "" {
		m.Go = runtime.Version()
	}
	if m.OS == "" {
		m.OS = runtime.GOOS
	}
	if m.Arch == "" {
		m.Arch = runtime.GOARCH
	}
	if m.Host == "" {
		m.Host, _ = os.Hostname() // no name is no obstacle
	}
	return m
}

// sweep is Tidy for a folder and all below it.
func sweep(root *os.Root) error {
	return fs.WalkDir(root.FS(), ".", func(p string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			Tidy(filepath.Join(root.Name(), filepath.FromSlash(p)))
		}
		return err
	})
}

// takeUp lists the ended parts of an earlier process; damaged ones are as good as none.
func (w *Writer) takeUp() error {
	entries, err := fs.ReadDir(w.root.FS(), partsDir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s: %w: %w", w.dir, ErrUnwritable, err)
	}
	for _, e := range entries {
		var k RunKey
		if _, err := fmt.Sscanf(e.Name(), "%d-%d-%d.part", &k.Place, &k.Scenario, &k.Run); err != nil || path.Base(k.file(true)) != e.Name() {
			continue
		}
		if p := w.readPart(k); p != nil {
			w.parts[k] = p
		}
	}
	return nil
}

// readPart returns the ended part of a run, or nil if there is none that is whole.
func (w *Writer) readPart(k RunKey) *part {
	f, err := openRegular(w.root, k.file(true))
	if err != nil {
		return nil
	}
	defer f.Close()
	p := &part{key: k}
	if p.scanFile(f, w.hash, -1) != nil {
		return nil
	}
	return p
}

// State tells what Create found.
func (w *Writer) State() State { return w.state }

// Dir returns the folder.
func (w *Writer) Dir() string { return w.dir }

// Have reports whether the run has ended, now or before a stop.
func (w *Writer) Have(k RunKey) bool {
	w.mu.Lock()
	p := w.parts[k]
	w.mu.Unlock()
	if p == nil {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ended
}

// writable returns an error if there is nothing more to write here.
func (w *Writer) writable() error {
	switch {
	case w.root == nil:
		return fmt.Errorf("%s: %w: %w", w.dir, ErrWrite, os.ErrClosed)
	case w.state == Done:
		return fmt.Errorf("%s: %w: the result is finished", w.dir, ErrTaken)
	}
	return nil
}

// Close lets go of the folder. What is unfinished stays, for Create to go on with.
func (w *Writer) Close() error {
	w.closeParts()
	return w.shut()
}

// closeParts closes the files of the runs that have not ended.
func (w *Writer) closeParts() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range w.parts {
		p.mu.Lock()
		if !p.ended {
			p.reset()
			p.err = fmt.Errorf("%s: %v: %w: %w", w.dir, p.key, ErrWrite, os.ErrClosed)
		}
		p.mu.Unlock()
	}
}

// shut unlocks and closes the folder; calls after the first do nothing.
func (w *Writer) shut() error {
	w.unlock()
	w.unlock = func() {}
	if w.root == nil {
		return nil
	}
	root := w.root
	w.root = nil
	return root.Close()
}

// Discard closes and, if the folder was new or empty and is not finished, removes all that was
// written, so that wrong input leaves nothing behind. The manifest goes last: what could not be removed
// is then still a result that the same command goes on with.
func (w *Writer) Discard() error {
	if w.state != Fresh || w.root == nil {
		return w.Close()
	}
	w.closeParts()
	w.mu.Lock()
	faults := []error{w.root.RemoveAll(partsDir)}
	for rel := range w.outputs {
		faults = append(faults, w.root.Remove(filepath.FromSlash(rel)))
	}
	for _, rel := range append(slices.Collect(maps.Keys(w.outputs)), w.failed...) {
		for dir := path.Dir(rel); dir != "."; dir = path.Dir(dir) {
			w.root.Remove(filepath.FromSlash(dir)) // fails while it holds more
		}
	}
	if names, err := readNames(w.root); err != nil || slices.ContainsFunc(names, func(name string) bool { return name != manifestName && name != lockName }) {
		faults = append(faults, err)
	} else {
		faults = append(faults, w.root.Remove(manifestName))
	}
	w.mu.Unlock()
	faults = append(faults, w.Close())
	w.unmake()
	return errors.Join(faults...)
}

// unmake removes the folders that Create made, if they are empty.
func (w *Writer) unmake() {
	for _, dir := range slices.Backward(w.made) {
		os.Remove(dir)
	}
	w.made = nil
}

// makeDir makes dir and the folders above it, and returns those that were missing, outermost first.
func makeDir(dir string) (made []string, err error) {
	for d := filepath.Clean(dir); ; d = filepath.Dir(d) {
		if _, err := os.Stat(d); err == nil || !errors.Is(err, fs.ErrNotExist) || d == filepath.Dir(d) {
			break
		}
		made = append([]string{d}, made...)
	}
	return made, os.MkdirAll(dir, 0o777)
}

// readNames lists the folder.
func readNames(root *os.Root) ([]string, error) {
	d, err := root.Open(".")
	if err != nil {
		return nil, err
	}
	defer d.Close()
	names, err := d.Readdirnames(-1)
	slices.Sort(names)
	return names, err
}
