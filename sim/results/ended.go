package results

import (
	"bytes"
	"fmt"
	"os"

	"coexist/sim/tables"
)

// Outcomes returns the outcomes of a run that has ended, before the result is finished.
func (w *Writer) Outcomes(k RunKey) ([]tables.Outcome, error) {
	w.mu.Lock()
	p := w.parts[k]
	w.mu.Unlock()
	if w.root == nil || p == nil {
		return nil, fmt.Errorf("%s: %v: %w: it has not ended", w.dir, k, os.ErrNotExist)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.ended {
		return nil, fmt.Errorf("%s: %v: %w: it has not ended", w.dir, k, os.ErrNotExist)
	}
	var text bytes.Buffer
	text.WriteString(tables.OutcomesHeader)
	if _, err := p.copyOutcomes(w.root, &text); err != nil {
		return nil, fmt.Errorf("%s: %w", w.dir, err)
	}
	rows, err := Collect(readOutcomes(&text))
	if err != nil {
		return nil, fmt.Errorf("%s: %v: %w", w.dir, k, err)
	}
	return rows, nil
}
