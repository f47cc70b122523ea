package results

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"

	"coexist/sim/tables"
)

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
