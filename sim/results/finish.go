package results

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"coexist/sim/tables"
)

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
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil {
		w.failed = append(w.failed, clean)
		return err
	}
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
