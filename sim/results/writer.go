package results

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"coexist/sim/tables"
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
		return false, fmt.Errorf("%s: %w by another result: %s", w.dir, ErrTaken, w.id.differences(m.Identity))
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
	return true, nil
}

// begin makes and locks the folder, looks again, and leaves the marker or takes up the parts.
func (w *Writer) begin() error {
	fail := func(err error) error { return fmt.Errorf("%s: %w", w.dir, writeError(err)) }
	var err error
	if w.made, err = makeDir(w.dir); err != nil {
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
	if err := w.sweep(); err != nil {
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
	m.Format, m.Identity, m.IdentityHash, m.Started = Format, w.id, w.hash, w.started
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

// sweep removes temporary files that a stop left behind.
func (w *Writer) sweep() error {
	return fs.WalkDir(w.root.FS(), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if !d.IsDir() && strings.HasPrefix(d.Name(), temporary) {
			return w.root.Remove(filepath.FromSlash(p))
		}
		return nil
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
	f, err := w.root.Open(filepath.FromSlash(k.file(true)))
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

// use calls do with the part of an unended run.
func (w *Writer) use(k RunKey, do func(*part) error) error {
	if err := w.writable(); err != nil {
		return err
	}
	if k.Place < 0 || k.Scenario < 0 || k.Run < 0 || k.Place > 99_999 || k.Scenario > 99_999 || k.Run > 99_999 {
		return fmt.Errorf("%s: %v: %w: want 0 to 99999 each", w.dir, k, ErrValue)
	}
	w.mu.Lock()
	p := w.parts[k]
	if p == nil {
		p = &part{key: k}
		w.parts[k] = p
	}
	w.mu.Unlock()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended {
		return fmt.Errorf("%s: %v: %w: the run has ended", w.dir, k, ErrTaken)
	}
	if p.err != nil {
		return p.err
	}
	err := do(p)
	if err != nil && !errors.Is(err, ErrValue) {
		lost := errors.Is(err, errLost)
		err = fmt.Errorf("%s: %w", filepath.Join(w.dir, filepath.FromSlash(k.file(false))), writeError(err))
		if !lost {
			p.err = err
		}
	}
	return err
}

// Add appends the rows of a run. It refuses NaN, infinity and control characters (ErrValue), then
// appends nothing. Rows of one run come in the order of the calls; the order among runs is free.
func (w *Writer) Add(k RunKey, b tables.Batch) error {
	return w.use(k, func(p *part) error {
		if err := p.add(b); err != nil {
			return err
		}
		if p.isFull() {
			return p.flush(w)
		}
		return nil
	})
}

// End closes a run, also one without rows: its part is durable and Have is true from here on.
func (w *Writer) End(k RunKey, u Usage) error {
	if u.PatientEvents < 0 || !(u.CPUSeconds >= 0) || math.IsInf(u.CPUSeconds, 0) {
		return fmt.Errorf("%s: %v: usage %+v: %w: want 0 or more", w.dir, k, u, ErrValue)
	}
	return w.use(k, func(p *part) error { return p.end(w, u) })
}

// Mark makes the rows so far of a run that has not ended durable, and returns a mark for a
// checkpoint to keep: a process that resumes there calls Rewind with it before it adds more.
func (w *Writer) Mark(k RunKey) (mark int64, err error) {
	err = w.use(k, func(p *part) error {
		if err := p.flush(w); err != nil {
			return err
		}
		mark = p.size
		return errors.Join(p.file.Sync(), syncDir(w.root, partsDir))
	})
	return mark, err
}

// Rewind takes a run that has not ended back to a mark, in this process or after a resume. Mark 0 is
// its beginning, where a run that is not rewound starts too. ErrDamaged says that the rows up to the
// mark are no longer there: begin the run anew.
func (w *Writer) Rewind(k RunKey, mark int64) error {
	return w.use(k, func(p *part) error {
		p.reset()
		if mark == 0 {
			return nil
		}
		f, err := w.root.OpenFile(filepath.FromSlash(k.file(false)), os.O_RDWR, 0)
		if err != nil {
			return fmt.Errorf("%w: %w", errLost, err)
		}
		if err := p.scanFile(f, w.hash, mark); err != nil {
			f.Close()
			p.reset()
			return fmt.Errorf("%w: %w", errLost, err)
		}
		p.file = f
		if err := f.Truncate(mark); err != nil {
			return err
		}
		_, err = f.Seek(mark, io.SeekStart)
		return err
	})
}

// errLost is ErrDamaged of a run that can begin anew.
var errLost = fmt.Errorf("%w: rows before the mark are lost", ErrDamaged)

// Used returns the sum of what the ended runs took.
func (w *Writer) Used() Usage {
	var sum Usage
	for _, p := range w.ended() {
		sum.PatientEvents += p.usage.PatientEvents
		sum.CPUSeconds += p.usage.CPUSeconds
	}
	return sum
}

// ended returns the parts of ended runs in the order of their keys.
func (w *Writer) ended() []*part {
	w.mu.Lock()
	defer w.mu.Unlock()
	var list []*part
	for _, p := range w.parts {
		p.mu.Lock()
		if p.ended {
			list = append(list, p)
		}
		p.mu.Unlock()
	}
	slices.SortFunc(list, func(a, b *part) int { return a.key.compare(b.key) })
	return list
}

// WriteFile writes a file of the result whole or not at all: a figure, the report. rel is relative
// to the folder, with slashes; ErrPath if it leaves it or is a name that the folder keeps for itself.
func (w *Writer) WriteFile(rel string, data []byte) error {
	clean, err := cleanPath(rel)
	if err != nil {
		return fmt.Errorf("%s: %w", w.dir, err)
	}
	if err := w.writable(); err != nil {
		return err
	}
	sum, err := put(w.root, clean, data)
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.outputs[clean] = sum
	return nil
}

// WriteScenario writes scenarios/NAME.toml: the resolved scenario, which runs again.
func (w *Writer) WriteScenario(name string, toml []byte) error {
	if strings.ContainsAny(name, `/\`) {
		return fmt.Errorf("%s: scenario %q: %w, want a name without slashes", w.dir, name, ErrPath)
	}
	return w.WriteFile("scenarios/"+name+".toml", toml)
}

// Finish puts the ended runs together in the order of their keys, writes every table, the codebook
// and README.txt, and the manifest last; then the parts are removed. It refuses to while a run has
// rows but has not ended. m has the facts of machine and moment; the Writer fills in the rest, and
// takes patient_events and simulation_cpu_seconds from End where End was told any.
func (w *Writer) Finish(m Manifest) error {
	if w.state == Done {
		return nil
	}
	if err := w.writable(); err != nil {
		return err
	}
	parts := w.ended()
	w.mu.Lock()
	all := slices.SortedFunc(maps.Keys(w.parts), RunKey.compare)
	w.mu.Unlock()
	for i, k := range all {
		if i >= len(parts) || parts[i].key != k {
			return fmt.Errorf("%s: %v: %w: the run has not ended", w.dir, k, ErrUnfinished)
		}
	}
	rows, err := w.merge(parts)
	if err != nil {
		return err
	}
	if err := errors.Join(w.WriteFile("data/codebook.csv", codebookCSV()), w.WriteFile("README.txt", w.readme())); err != nil {
		return err
	}
	m = w.complete(m)
	if u := w.Used(); u != (Usage{}) {
		m.PatientEvents, m.SimulationCPUSeconds = u.PatientEvents, u.CPUSeconds
	}
	if m.Finished.IsZero() {
		m.Finished = time.Now().UTC().Round(0)
	}
	m.Complete, m.Rows = true, rows
	w.mu.Lock()
	m.Outputs = maps.Clone(w.outputs)
	w.mu.Unlock()
	data, err := m.encode()
	if err != nil {
		return fmt.Errorf("%s: %w", w.dir, err)
	}
	if _, err := put(w.root, manifestName, data); err != nil {
		return err
	}
	w.state = Done
	if err := w.root.RemoveAll(partsDir); err != nil {
		return fmt.Errorf("%s: %w", w.dir, writeError(err))
	}
	return nil
}

// merge writes every table of the parts and returns how many rows each has.
func (w *Writer) merge(parts []*part) (map[string]int64, error) {
	var rows [tableEnd]int64
	jobs := []func() error{
		func() error { return w.mergeOutcomes(parts, &rows[outcomes]) },
		func() error { return mergeTable[tables.Patient](w, parts, patients, &rows[patients]) },
		func() error { return mergeTable[tables.Flow](w, parts, flows, &rows[flows]) },
		func() error { return mergeTable[tables.Ledger](w, parts, ledger, &rows[ledger]) },
		func() error { return mergeTable[tables.Organisation](w, parts, organisations, &rows[organisations]) },
		func() error { return mergeTable[tables.MarketEvent](w, parts, events, &rows[events]) },
	}
	faults := make([]error, len(jobs))
	var wait sync.WaitGroup
	free := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, job := range jobs {
		free <- struct{}{}
		wait.Go(func() {
			faults[i] = job()
			<-free
		})
	}
	wait.Wait()
	counts := map[string]int64{}
	for t := outcomes; t < tableEnd; t++ {
		counts[tableNames[t]] = rows[t]
	}
	return counts, errors.Join(faults...)
}

// Stream writes a file of the result that is too large for memory, whole or not at all, as WriteFile
// does: write hands over its bytes.
func (w *Writer) Stream(rel string, write func(*bufio.Writer) error) error {
	clean, err := cleanPath(rel)
	if err != nil {
		return fmt.Errorf("%s: %w", w.dir, err)
	}
	if err := w.writable(); err != nil {
		return err
	}
	return w.output(clean, write)
}

// OutcomesFrom has Finish take data/outcomes.csv from write in place of the ended runs: its lines after
// the header, as tables.AppendOutcome writes them, and their number.
func (w *Writer) OutcomesFrom(write func(io.Writer) (rows int64, err error)) { w.source = write }

// output writes a file through a buffer and notes its checksum.
func (w *Writer) output(rel string, write func(*bufio.Writer) error) error {
	sum, err := atomicIn(w.root, rel, func(out io.Writer) error {
		b := bufio.NewWriterSize(out, 1<<20)
		if err := write(b); err != nil {
			return err
		}
		return b.Flush()
	})
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.outputs[rel] = sum
	return nil
}

func (w *Writer) mergeOutcomes(parts []*part, rows *int64) error {
	return w.output(outcomes.csv(), func(out *bufio.Writer) error {
		if _, err := out.WriteString(tables.OutcomesHeader); err != nil {
			return err
		}
		if w.source != nil {
			n, err := w.source(out)
			*rows = n
			return err
		}
		for _, p := range parts {
			n, err := p.copyOutcomes(w.root, out)
			if err != nil {
				return err
			}
			*rows += n
		}
		return nil
	})
}

func mergeTable[T row](w *Writer, parts []*part, t table, rows *int64) error {
	return w.output(t.parquet(), func(out *bufio.Writer) error {
		if !w.id.CSV {
			return mergeRows[T](w, parts, t, out, nil, rows)
		}
		return w.output(t.csv(), func(text *bufio.Writer) error { return mergeRows[T](w, parts, t, out, text, rows) })
	})
}

// mergeRows writes a table as Parquet and, where text is not nil, as CSV.
func mergeRows[T row](w *Writer, parts []*part, t table, out, text *bufio.Writer, rows *int64) error {
	pw := newParquetWriter[T](out, t, zstandard())
	var line []byte
	if text != nil {
		if _, err := text.Write(appendHeader(nil, t)); err != nil {
			return err
		}
	}
	for _, p := range parts {
		err := eachRow(p, w.root, t, func(r *T) error {
			if text != nil {
				line = appendRow(line[:0], r)
				if _, err := text.Write(line); err != nil {
					return err
				}
			}
			return pw.add(r)
		})
		if err != nil {
			return err
		}
	}
	if err := pw.close(); err != nil {
		return err
	}
	*rows = pw.n
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
// written, so that wrong input leaves nothing behind.
func (w *Writer) Discard() error {
	if w.state != Fresh || w.root == nil {
		return w.Close()
	}
	w.closeParts()
	w.mu.Lock()
	faults := []error{w.root.RemoveAll(partsDir), w.root.Remove(manifestName)}
	for rel := range w.outputs {
		faults = append(faults, w.root.Remove(filepath.FromSlash(rel)))
		for dir := path.Dir(rel); dir != "."; dir = path.Dir(dir) {
			w.root.Remove(filepath.FromSlash(dir)) // fails while it holds more
		}
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

// codebookCSV returns data/codebook.csv: every column of every table, then every measure.
func codebookCSV() []byte {
	text := []byte("table,name,type,unit,dimension,aim,better,period,meaning\n")
	line := func(fields ...string) {
		for i, f := range fields {
			if i > 0 {
				text = append(text, ',')
			}
			text = tables.AppendText(text, f)
		}
		text = append(text, '\n')
	}
	for _, t := range tables.Tables {
		for _, c := range t.Columns {
			line(t.Name, c.Name, c.Type, c.Unit, "", "", "", "", c.Meaning)
		}
	}
	better := map[int]string{-1: "lower", 0: "neither", +1: "higher"}
	for _, m := range tables.Measures {
		line("measures", m.Name, "number", m.Unit, m.Dimension, m.Aim, better[m.Better], m.Period, m.Meaning)
	}
	return text
}

// readme returns README.txt. It names neither machine nor moment.
func (w *Writer) readme() []byte {
	var b strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	p("A result of coexist %s", w.id.Version)
	p("")
	p("Can competition and integration coexist? An agent-based simulation of patients, GPs, specialists,")
	p("hospitals and competing integrated care organisations.")
	p("")
	p("  scenarios  %s", strings.Join(w.id.Scenarios, ", "))
	p("  places     %s", strings.Join(w.id.Places, ", "))
	p("  seeds      %s", strings.Trim(fmt.Sprint(w.id.Seeds), "[]"))
	p("  sample     %v of the people", w.id.Sample)
	p("  years      %d, after the warm-up", w.id.Years)
	p("")
	p("FILES (tables: what one row is)")
	file := func(name, meaning string) { p("  %-34s %s", name, meaning) }
	for _, t := range tables.Tables {
		name := "data/" + t.Name
		switch {
		case t.Name == tableNames[outcomes]:
			name += ".csv"
		case w.id.CSV:
			name += ".parquet .csv"
		default:
			name += ".parquet"
		}
		file(name, t.Meaning)
	}
	file("data/codebook.csv", "every column and every measure: unit and meaning")
	file("scenarios/NAME.toml", "each scenario with every value; run it again and get the same bytes")
	file("figures/", "pictures, where drawn, each with its data beside it")
	file("report.html", "the report, where written; opens in any browser, prints well")
	file("manifest.json", "version, seeds, machine, times, and the SHA-256 of every other file")
	p("")
	p("Text is UTF-8, decimals have a dot. Money is in pence where the column says so; -1 in a column")
	p("that says so means undefined. Only manifest.json depends on when and where this was run.")
	p("")
	p("LOAD")
	p("  R       outcomes <- read.csv(\"data/outcomes.csv\")")
	p("          flows <- nanoparquet::read_parquet(\"data/flows.parquet\")")
	p("  Python  outcomes = pandas.read_csv(\"data/outcomes.csv\")")
	p("          flows = pandas.read_parquet(\"data/flows.parquet\")")
	p("")
	p("CHECK AND REPEAT")
	p("  coexist verify FOLDER runs everything again and compares the bytes.")
	p("")
	p("CITE")
	p("  coexist %s: an agent-based simulation of competing integrated care systems.", w.id.Version)
	p("  Result %s.", w.hash[:16])
	p("  coexist cite prints the reference in full, also as BibTeX.")
	return []byte(b.String())
}
