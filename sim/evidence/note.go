package evidence

import (
	"math"

	"coexist/sim/tables"
)

// note keeps the rows of a year.
func (r *Run) note(b tables.Batch, quarters int) {
	for i := range b.Outcomes {
		o := &b.Outcomes[i]
		if o.Group != "all" || int(o.Quarter) > quarters {
			continue
		}
		if r.Outcomes[o.Measure] == nil {
			r.Outcomes[o.Measure] = make([]float64, quarters)
			for q := range r.Outcomes[o.Measure] {
				r.Outcomes[o.Measure][q] = math.NaN()
			}
		}
		r.Outcomes[o.Measure][o.Quarter-1] = o.Value
	}
	r.Rows.Organisations = append(r.Rows.Organisations, b.Organisations...)
	r.Rows.Ledger = append(r.Rows.Ledger, b.Ledger...)
}

// outcome is the mean of a measure over the quarters of some years, those without a value left out.
func (r *Run) outcome(name string, from, to int) (float64, bool) {
	sum, n := 0.0, 0.0
	list := r.Outcomes[name]
	for q := 4 * (from - 1); q < min(4*to, len(list)); q++ {
		if v := list[q]; !math.IsNaN(v) {
			sum += v
			n++
		}
	}
	return sum / n, n > 0
}
