package results

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"coexist/sim/tables"
)

// maxFile is the largest file that ReadFile returns, in bytes.
const maxFile = 1 << 30

// Result is a finished result folder whose data and scenarios were as written when it was opened.
type Result struct {
	Dir      string
	Manifest Manifest
}

// Open reads the manifest of a result folder and checks the tables and scenarios against their
// checksums; Verify checks the rest. ErrNotResult if it is no result folder, ErrUnfinished if its
// run was stopped, ErrDamaged if a file is missing or not as written. Of the folder of a sweep it opens
// the merged result.
func Open(dir string) (*Result, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %w, want a folder that coexist wrote", dir, ErrNotResult, reason(err))
	}
	defer root.Close()
	m, err := readManifest(root)
	if errors.Is(err, fs.ErrNotExist) {
		if _, e := os.Stat(filepath.Join(dir, "plan.json")); e == nil { // the folder of a sweep
			if inner := filepath.Join(dir, "result"); isDir(inner) {
				return Open(inner)
			}
			return nil, fmt.Errorf("%s: %w: a sweep that is not merged yet", dir, ErrUnfinished)
		}
		return nil, fmt.Errorf("%s: %w: no %s, want a folder that coexist wrote", dir, ErrNotResult, manifestName)
	}
	if err != nil {
		return nil, err
	}
	if !m.Complete {
		return nil, fmt.Errorf("%s: %w: the same command run again goes on with it", dir, ErrUnfinished)
	}
	if err := verify(root, m, isData); err != nil {
		return nil, err
	}
	return &Result{Dir: dir, Manifest: m}, nil
}

// Enclosing returns the folder of a result, finished or not, that name is or in which it lies or would lie; ""
// if there is none. Nothing but a result's own verbs writes there: what it holds has checksums.
func Enclosing(name string) string {
	for d := real(name); ; d = filepath.Dir(d) {
		if root, err := os.OpenRoot(d); err == nil {
			_, err := readManifest(root)
			root.Close()
			if err == nil {
				return d
			}
		}
		if d == filepath.Dir(d) {
			return ""
		}
	}
}

// real is name in full, without links as far as it exists.
func real(name string) string {
	full, err := filepath.Abs(name)
	if err != nil {
		return filepath.Clean(name)
	}
	if to, err := filepath.EvalSymlinks(full); err == nil {
		return to
	}
	if up := filepath.Dir(full); up != full {
		return filepath.Join(real(up), filepath.Base(full))
	}
	return full
}

// reason is why a file could not be reached, without the path that the message names already.
func reason(err error) error {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path.Err
	}
	return err
}

func isDir(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

func everything(string) bool { return true }

// isData reports whether others read the file, and Update may not touch it.
func isData(rel string) bool {
	return strings.HasPrefix(rel, "data/") || strings.HasPrefix(rel, "scenarios/")
}

// verify checks the files that are wanted, and that no table is missing, and returns all faults.
func verify(root *os.Root, m Manifest, wanted func(rel string) bool) error {
	var faults []error
	fault := func(rel, format string, args ...any) {
		faults = append(faults, fmt.Errorf("%s: %w: %w", filepath.Join(root.Name(), filepath.FromSlash(rel)), ErrDamaged, fmt.Errorf(format, args...)))
	}
	for t := outcomes; t < tableEnd; t++ {
		rel := t.parquet()
		if t == outcomes {
			rel = t.csv()
		}
		if _, ok := m.Outputs[rel]; !ok {
			fault(rel, "not among the outputs of %s", manifestName)
		}
	}
	for _, rel := range slices.Sorted(maps.Keys(m.Outputs)) {
		if !wanted(rel) {
			continue
		}
		sum, err := sumFile(root, rel)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			fault(rel, "not found")
		case err != nil:
			fault(rel, "%w", reason(err))
		case sum != m.Outputs[rel]:
			fault(rel, "SHA-256 is %s, want %s", sum, m.Outputs[rel])
		}
	}
	return errors.Join(faults...)
}

// Verify checks every file of the manifest and returns all faults at once.
func (r *Result) Verify() error {
	root, err := os.OpenRoot(r.Dir)
	if err != nil {
		return fmt.Errorf("%s: %w: %w", r.Dir, ErrNotResult, err)
	}
	defer root.Close()
	return verify(root, r.Manifest, everything)
}

// Strangers lists the files that stand among those of the result, in a folder of theirs, and are not in the
// manifest: paths relative to the folder, with slashes, in order.
func (r *Result) Strangers() (list []string) {
	folders := map[string]bool{}
	for rel := range r.Manifest.Outputs {
		folders[path.Dir(rel)] = path.Dir(rel) != "."
	}
	for _, dir := range slices.Sorted(maps.Keys(folders)) {
		if !folders[dir] {
			continue
		}
		entries, _ := os.ReadDir(filepath.Join(r.Dir, filepath.FromSlash(dir))) // Verify tells what cannot be read
		for _, e := range entries {
			rel := path.Join(dir, e.Name())
			if _, ok := r.Manifest.Outputs[rel]; !ok && !e.IsDir() && !IsTemporary(e.Name()) {
				list = append(list, rel)
			}
		}
	}
	return list
}

// ReadFile returns a file of the result after checking it, such as scenarios/NAME.toml.
func (r *Result) ReadFile(rel string) ([]byte, error) {
	where := filepath.Join(r.Dir, filepath.FromSlash(rel))
	want, ok := r.Manifest.Outputs[rel]
	if !ok {
		return nil, fmt.Errorf("%s: %w: not among the outputs of %s", where, fs.ErrNotExist, manifestName)
	}
	root, err := os.OpenRoot(r.Dir)
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %w", where, ErrNotResult, err)
	}
	defer root.Close()
	info, err := root.Stat(filepath.FromSlash(rel))
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("not a regular file")
	}
	if err == nil && info.Size() > maxFile {
		err = fmt.Errorf("%d bytes, want at most %d", info.Size(), maxFile)
	}
	var data []byte
	if err == nil {
		data, err = root.ReadFile(filepath.FromSlash(rel))
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %w", where, ErrDamaged, err)
	}
	if sum := sumBytes(data); sum != want {
		return nil, fmt.Errorf("%s: %w: SHA-256 is %s, want %s", where, ErrDamaged, sum, want)
	}
	return data, nil
}

// Update writes figures and reports into the result, each whole or not at all, and renews the
// manifest last. Paths are relative to the folder, with slashes; data/, scenarios/ and README.txt
// stay as they are (ErrPath).
func (r *Result) Update(files map[string][]byte) error {
	clean := map[string]string{}
	for _, rel := range slices.Sorted(maps.Keys(files)) {
		c, err := cleanPath(rel)
		if err == nil && (isData(c) || c == "README.txt") {
			err = fmt.Errorf("%q: %w, want a figure or a report", rel, ErrPath)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", r.Dir, err)
		}
		clean[rel] = c
	}
	root, err := os.OpenRoot(r.Dir)
	if err != nil {
		return fmt.Errorf("%s: %w: %w", r.Dir, ErrNotResult, err)
	}
	defer root.Close()
	unlock, err := lock(root)
	if err != nil {
		return fmt.Errorf("%s: %w", r.Dir, lockError(err))
	}
	defer unlock()
	m, err := readManifest(root) // another process may have updated it meanwhile
	if err != nil {
		return err
	}
	err = sweep(root)
	if m.Complete { // a stop just after the manifest leaves the parts
		err = errors.Join(err, root.RemoveAll(partsDir))
	}
	if err != nil {
		return fmt.Errorf("%s: %w", r.Dir, writeError(err))
	}
	replaced := false
	for rel, data := range files {
		if sum, listed := m.Outputs[clean[rel]]; listed && sum != sumBytes(data) {
			delete(m.Outputs, clean[rel])
			replaced = true
		}
	}
	if replaced { // a stop below must not leave a file that differs from its checksum
		if err := putManifest(root, m); err != nil {
			return err
		}
	}
	for _, rel := range slices.Sorted(maps.Keys(files)) {
		sum, err := put(root, clean[rel], files[rel])
		if err != nil {
			return err
		}
		m.Outputs[clean[rel]] = sum
	}
	if err := putManifest(root, m); err != nil {
		return err
	}
	r.Manifest = m
	return nil
}

// putManifest writes manifest.json.
func putManifest(root *os.Root, m Manifest) error {
	data, err := m.encode()
	if err != nil {
		return fmt.Errorf("%s: %w", root.Name(), err)
	}
	_, err = put(root, manifestName, data)
	return err
}

// Outcomes yields the rows of data/outcomes.csv, in the order of the file.
func (r *Result) Outcomes() iter.Seq2[tables.Outcome, error] {
	return fromFile(r, outcomes, outcomes.csv(), func(f *os.File, _ int64) iter.Seq2[tables.Outcome, error] { return readOutcomes(f) })
}

// Organisations yields the rows of data/organisations.parquet, in the order of the file.
func (r *Result) Organisations() iter.Seq2[tables.Organisation, error] {
	return parquetFile[tables.Organisation](r, organisations)
}

// Ledger yields the rows of data/ledger.parquet, in the order of the file.
func (r *Result) Ledger() iter.Seq2[tables.Ledger, error] {
	return parquetFile[tables.Ledger](r, ledger)
}

// Flows yields the rows of data/flows.parquet, in the order of the file.
func (r *Result) Flows() iter.Seq2[tables.Flow, error] { return parquetFile[tables.Flow](r, flows) }

// MarketEvents yields the rows of data/market_events.parquet, in the order of the file.
func (r *Result) MarketEvents() iter.Seq2[tables.MarketEvent, error] {
	return parquetFile[tables.MarketEvent](r, events)
}

// Patients yields the rows of data/patients.parquet, in the order of the file.
func (r *Result) Patients() iter.Seq2[tables.Patient, error] {
	return parquetFile[tables.Patient](r, patients)
}

func parquetFile[T row](r *Result, t table) iter.Seq2[T, error] {
	return fromFile(r, t, t.parquet(), func(f *os.File, size int64) iter.Seq2[T, error] { return readParquet[T](f, size, t) })
}

// fromFile yields the rows of a file, names it in errors, and checks their number at the end.
func fromFile[T any](r *Result, t table, rel string, read func(f *os.File, size int64) iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		where := filepath.Join(r.Dir, filepath.FromSlash(rel))
		root, err := os.OpenRoot(r.Dir)
		if err != nil {
			yield(none, fmt.Errorf("%s: %w: %w", where, ErrNotResult, err))
			return
		}
		defer root.Close()
		f, err := root.Open(filepath.FromSlash(rel))
		if err != nil {
			yield(none, fmt.Errorf("%s: %w: %w", where, ErrDamaged, err))
			return
		}
		defer f.Close()
		size, err := f.Seek(0, io.SeekEnd)
		if err == nil {
			_, err = f.Seek(0, io.SeekStart)
		}
		if err != nil {
			yield(none, fmt.Errorf("%s: %w: %w", where, ErrDamaged, err))
			return
		}
		var n int64
		for row, err := range read(f, size) {
			if err != nil {
				yield(none, fmt.Errorf("%s: %w", where, err))
				return
			}
			n++
			if !yield(row, nil) {
				return
			}
		}
		if want := r.Manifest.Rows[tableNames[t]]; n != want {
			yield(none, fmt.Errorf("%s: %w: %d rows, want %d", where, ErrDamaged, n, want))
		}
	}
}

// Collect gathers rows into a slice; it stops at the first error.
func Collect[T any](rows iter.Seq2[T, error]) ([]T, error) {
	var all []T
	for row, err := range rows {
		if err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	return all, nil
}
