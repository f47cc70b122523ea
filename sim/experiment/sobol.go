package experiment

import (
	"math"
	"math/rand/v2"
)

// Sobol is what a Saltelli design says of one factor for one output: shares of the output's variance,
// each with its 95 % bootstrap interval over blocks. Estimates may lie a little below 0 or above 1.
type Sobol struct {
	Factor string
	First  Interval // by the factor alone
	Total  Interval // by the factor alone and together with others
	N      int      // blocks used
}

// SobolIndices returns the indices of each factor for each output of a Saltelli design, where
// outputs[o][row] is a value, NaN where a run has failed: a block with such a row is passed over for
// that output. Where an output does not vary they are NaN. The error, which matches configs.ErrInput,
// says why the design does not fit.
//
// Sources: first order, Saltelli et al., Computer Physics Communications 181(2):259-270, 2010; total
// order, Jansen, Computer Physics Communications 117(1-2):35-43, 1999.
func (d *Design) SobolIndices(outputs [][]float64) ([][]Sobol, error) {
	if err := d.fits(Saltelli, outputs); err != nil {
		return nil, err
	}
	if err := d.mixes(); err != nil {
		return nil, err
	}
	names := d.Factors()
	k := len(names)
	var all [][]Sobol
	for _, y := range outputs {
		var rows [][]float64 // whole blocks
		for r := 0; r < len(y); r += k + 2 {
			if b := y[r : r+k+2]; !anyNaN(b) {
				rows = append(rows, b)
			}
		}
		rows = centred(rows)
		n := len(rows)
		pick := make([]int, n)
		for i := range pick {
			pick[i] = i
		}
		first, total := shares(rows, pick, k)
		rng := rand.New(rand.NewPCG(d.Seed, designStream))
		boot1, bootT := make([][]float64, k), make([][]float64, k)
		for b := 0; b < resamples && n > 1; b++ {
			for i := range pick {
				pick[i] = rng.IntN(n)
			}
			s1, sT := shares(rows, pick, k)
			if math.IsNaN(s1[0]) {
				continue // one block again and again
			}
			for i := range k {
				boot1[i], bootT[i] = append(boot1[i], s1[i]), append(bootT[i], sT[i])
			}
		}
		var list []Sobol
		for i, name := range names {
			list = append(list, Sobol{Factor: name, First: quantiles(first[i], boot1[i]), Total: quantiles(total[i], bootT[i]), N: n})
		}
		all = append(all, list)
	}
	return all, nil
}

// mixes reports whether every block is A, A with one factor of B after the other, and B.
func (d *Design) mixes() error {
	k := len(d.Factors())
	for r := 0; r < d.Rows(); r += k + 2 {
		a, b := d.Units[r], d.Units[r+k+1]
		for i := range k {
			for j, u := range d.Units[r+i+1] {
				want := a[j]
				if i == j {
					want = b[j]
				}
				if u != want {
					return misfit("row %d has factor %d at %v, want %v: the rows of a Saltelli design must keep their order", r+i+2, j+1, u, want)
				}
			}
		}
	}
	return nil
}

// centred takes the mean of all points of A and B off every value: what a share is of does not change,
// and the error of first-order estimates shrinks.
func centred(rows [][]float64) [][]float64 {
	sum := 0.0
	for _, y := range rows {
		sum += y[0] + y[len(y)-1]
	}
	m := sum / float64(2*len(rows))
	out := make([][]float64, len(rows))
	for i, y := range rows {
		out[i] = make([]float64, len(y))
		for j, v := range y {
			out[i][j] = v - m
		}
	}
	return out
}

// shares are the indices of k factors over the picked blocks; NaN where A and B do not vary.
func shares(rows [][]float64, pick []int, k int) (first, total []float64) {
	first, total = make([]float64, k), make([]float64, k)
	sum, squares := 0.0, 0.0
	for _, p := range pick {
		y := rows[p]
		a, b := y[0], y[k+1]
		sum += a + b
		squares += a*a + b*b
		for i := range k {
			ab := y[i+1]
			first[i] += b * (ab - a)
			total[i] += (a - ab) * (a - ab)
		}
	}
	n := float64(len(pick))
	m := sum / (2 * n)
	variance := squares/(2*n) - m*m
	for i := range k {
		if !(variance > 1e-12*m*m) {
			first[i], total[i] = math.NaN(), math.NaN()
			continue
		}
		first[i] /= n * variance
		total[i] /= 2 * n * variance
	}
	return first, total
}
