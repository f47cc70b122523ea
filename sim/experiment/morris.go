package experiment

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"golang.org/x/exp/stats"

	"coexist/configs"
)

// resamples is how many bootstrap samples intervals of sensitivity rest on.
const resamples = 1000

// Elementary is what a Morris design says of one factor for one output. An effect is the change of the
// output when the factor alone moves, per length of its range.
type Elementary struct {
	Factor string
	Mu     float64  // mean effect
	MuStar Interval // mean absolute effect, with its 95 % bootstrap interval over trajectories
	Sigma  float64  // standard deviation of effects: it is not linear, or other factors matter for it
	N      int      // trajectories used
}

// ElementaryEffects returns the effects of each factor on each output of a Morris design, where
// outputs[o][row] is a value, NaN where a run has failed: a trajectory with such a row is passed over
// for that output. The error, which matches configs.ErrInput, says why the design does not fit.
//
// Sources: Morris, Technometrics 33(2):161-174, 1991; mu*: Campolongo, Cariboni and Saltelli,
// Environmental Modelling & Software 22(10):1509-1518, 2007.
func (d *Design) ElementaryEffects(outputs [][]float64) ([][]Elementary, error) {
	if err := d.fits(Morris, outputs); err != nil {
		return nil, err
	}
	names := d.Factors()
	k := len(names)
	moved, step, err := d.moves(k)
	if err != nil {
		return nil, err
	}
	var all [][]Elementary
	for _, y := range outputs {
		var effects [][]float64 // by whole trajectory and factor
		for t := 0; t < len(y); t += k + 1 {
			if anyNaN(y[t : t+k+1]) {
				continue
			}
			e := make([]float64, k)
			for s := t + 1; s <= t+k; s++ {
				e[moved[s]] = (y[s] - y[s-1]) / step[s]
			}
			effects = append(effects, e)
		}
		all = append(all, summary(names, effects, rand.New(rand.NewPCG(d.Seed, designStream))))
	}
	return all, nil
}

// moves returns which factor each row moves, and how far, as the units say; the first row of a
// trajectory moves none.
func (d *Design) moves(k int) (moved []int, step []float64, err error) {
	moved, step = make([]int, d.Rows()), make([]float64, d.Rows())
	for r := range d.Units {
		moved[r] = -1
		if r%(k+1) == 0 {
			continue
		}
		for i := range k {
			if by := d.Units[r][i] - d.Units[r-1][i]; by != 0 {
				if moved[r] >= 0 {
					return nil, nil, misfit("rows %d and %d differ in two factors, want one: the rows of a Morris design must keep their order", r, r+1)
				}
				moved[r], step[r] = i, by
			}
		}
		if moved[r] < 0 {
			return nil, nil, misfit("rows %d and %d are the same point, want a step of one factor", r, r+1)
		}
		for s := r - r%(k+1) + 1; s < r; s++ {
			if moved[s] == moved[r] {
				return nil, nil, misfit("rows %d and %d move the same factor, want each once in a trajectory", s+1, r+1)
			}
		}
	}
	return moved, step, nil
}

// summary reduces effects by trajectory and factor.
func summary(names []string, effects [][]float64, rng *rand.Rand) []Elementary {
	n := len(effects)
	boot := make([][]float64, len(names))
	for b := 0; b < resamples && n > 1; b++ {
		sums := make([]float64, len(names))
		for range n {
			for i, e := range effects[rng.IntN(n)] {
				sums[i] += math.Abs(e)
			}
		}
		for i, s := range sums {
			boot[i] = append(boot[i], s/float64(n))
		}
	}
	var list []Elementary
	for i, name := range names {
		e := make([]float64, n)
		size := make([]float64, n)
		for t := range effects {
			e[t], size[t] = effects[t][i], math.Abs(effects[t][i])
		}
		list = append(list, Elementary{Factor: name, Mu: mean(e), MuStar: quantiles(mean(size), boot[i]), Sigma: math.Sqrt(covariance(e, e)), N: n})
	}
	return list
}

// quantiles is an estimate with the middle 95 % of its bootstrap values; without any the bounds are
// NaN.
func quantiles(estimate float64, boot []float64) Interval {
	if len(boot) == 0 {
		return Interval{estimate, math.NaN(), math.NaN()}
	}
	q := stats.Quantiles(boot, .025, .975)
	return Interval{estimate, q[0], q[1]}
}

// fits reports whether a design is of a kind, whole, and has a value of each output for each row.
func (d *Design) fits(kind Kind, outputs [][]float64) error {
	if d.Kind != kind {
		return misfit("a %s design, want %s", d.Kind, kind)
	}
	var faults []error
	k := len(d.Factors())
	block := map[Kind]int{Morris: k + 1, Saltelli: k + 2}[kind]
	if d.Rows() == 0 || d.Rows()%block != 0 {
		faults = append(faults, misfit("%d rows of %d factors, want a multiple of %d: rows are missing or too many", d.Rows(), k, block))
	}
	if len(d.Units) != d.Rows() {
		faults = append(faults, misfit("%d rows and %d places in the unit cube, want one a row", d.Rows(), len(d.Units)))
	}
	for r, u := range d.Units {
		if len(u) != k || anyNaN(u) {
			faults = append(faults, misfit("row %d lies at %v, want %d numbers", r+1, u, k))
			break
		}
	}
	for o, y := range outputs {
		if len(y) != d.Rows() {
			faults = append(faults, misfit("output %d has %d values, want %d, one a row", o+1, len(y), d.Rows()))
		}
	}
	return errors.Join(faults...)
}

// misfit is a reason why a design cannot be analysed.
func misfit(format string, args ...any) error {
	return &configs.Fault{File: "design", Text: fmt.Sprintf(format, args...)}
}

// anyNaN reports whether a number is missing.
func anyNaN(values []float64) bool { return slices.ContainsFunc(values, math.IsNaN) }
