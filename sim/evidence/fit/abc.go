package fit

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
)

// Sample is a sample of the posterior.
type Sample struct {
	Keys     []string
	Sets     [][]float64 // one a set, in the order of Keys
	Distance []float64   // of each, as simulated
	Cut      float64     // distance of the worst set that was kept
	Trials   int
}

// ABC draws trials from the priors, uniform over the ranges, simulates each once with a seed of its
// own, keeps those nearest to the targets (rejection), and moves the parameters that the targets
// identify by a weighted linear regression on the simulated numbers (Beaumont, Zhang and Balding,
// Genetics 162:2025-2035, 2002), held to the ranges. Of b.Parameters the first fitted are those
// parameters; the rest stay at their priors. It is resumable as Minimise is.
// As many trials as there are workers go side by side.
func ABC(ctx context.Context, b *Block, fitted, trials, keep, workers int, seed uint64, j *Journal, simulate Simulate) (Sample, error) {
	if keep < 1 || keep > trials {
		return Sample{}, fmt.Errorf("keep %d of %d trials, want 1 to all of them", keep, trials)
	}
	type one struct {
		at, simulated []float64
		distance      float64
	}
	rng := rand.New(rand.NewPCG(seed, 2))
	all := make([]one, trials)
	for k := range all {
		all[k].at = make([]float64, len(b.Parameters))
		for i, p := range b.Parameters {
			all[k].at[i] = round(p.Low + (p.High-p.Low)*rng.Float64())
		}
	}
	errs := make([]error, trials)
	next := make(chan int)
	var wait sync.WaitGroup
	for range max(workers, 1) {
		wait.Go(func() {
			for k := range next {
				if errs[k] = ctx.Err(); errs[k] == nil {
					all[k].simulated, errs[k] = j.trial(ctx, b, all[k].at, simulate)
				}
			}
		})
	}
	for k := range all {
		next <- k
	}
	close(next)
	wait.Wait()
	for k := range all {
		if errs[k] != nil {
			return Sample{}, errs[k]
		}
		d := 0.0
		for i, t := range b.Targets {
			x := distance(t, all[k].simulated[i])
			d += min(x*x, 100)
		}
		all[k].distance = math.Sqrt(d / float64(len(b.Targets)))
	}
	slices.SortStableFunc(all, func(x, y one) int {
		switch {
		case x.distance < y.distance:
			return -1
		case x.distance > y.distance:
			return 1
		}
		return 0
	})
	s := Sample{Cut: all[keep-1].distance, Trials: trials}
	for _, p := range b.Parameters {
		s.Keys = append(s.Keys, p.Key)
	}
	var x [][]float64 // 1 and distances from the targets
	var w []float64
	for _, o := range all[:keep] {
		s.Sets = append(s.Sets, o.at)
		s.Distance = append(s.Distance, o.distance)
		row := []float64{1}
		for i, t := range b.Targets {
			row = append(row, min(max(distance(t, o.simulated[i]), -10), 10))
		}
		x = append(x, row)
		u := o.distance / (s.Cut * 1.0001)
		w = append(w, 1-u*u)
	}
	aim := aims(x)
	for i := range fitted {
		y := make([]float64, keep)
		for k := range y {
			y[k] = s.Sets[k][i]
		}
		beta, ok := leastSquares(x, y, w)
		if !ok {
			continue
		}
		p := b.Parameters[i]
		for k := range s.Sets {
			v := y[k]
			for c := 1; c < len(beta); c++ {
				v -= beta[c] * (x[k][c] - aim[c])
			}
			s.Sets[k][i] = round(min(max(v, p.Low), p.High))
		}
	}
	return s, nil
}

// aims is where the regression moves sets to: the targets themselves, or where no set that was kept
// comes near one (a place that is not England), the near end of the middle four fifths of the sets.
func aims(x [][]float64) []float64 {
	aim := make([]float64, len(x[0]))
	for c := 1; c < len(aim); c++ {
		var v []float64
		for k := range x {
			v = append(v, x[k][c])
		}
		slices.Sort(v)
		low, high := v[len(v)/10], v[len(v)-1-len(v)/10]
		aim[c] = min(max(0, low), high)
	}
	return aim
}

// ridge keeps a regression with many numbers and few sets well behaved.
const ridge = .05

// leastSquares solves a weighted regression with a small ridge by Gaussian elimination.
func leastSquares(x [][]float64, y, w []float64) ([]float64, bool) {
	n := len(x[0])
	a := make([][]float64, n)
	for i := range a {
		a[i] = make([]float64, n+1)
	}
	total := 0.0
	for k := range x {
		total += w[k]
		for i := range n {
			for c := range n {
				a[i][c] += w[k] * x[k][i] * x[k][c]
			}
			a[i][n] += w[k] * x[k][i] * y[k]
		}
	}
	for i := 1; i < n; i++ {
		a[i][i] += ridge*total + 1e-12
	}
	for i := range n {
		top := i
		for r := i + 1; r < n; r++ {
			if math.Abs(a[r][i]) > math.Abs(a[top][i]) {
				top = r
			}
		}
		a[i], a[top] = a[top], a[i]
		if math.Abs(a[i][i]) < 1e-12 {
			return nil, false
		}
		for r := range n {
			if r == i {
				continue
			}
			f := a[r][i] / a[i][i]
			for c := i; c <= n; c++ {
				a[r][c] -= f * a[i][c]
			}
		}
	}
	beta := make([]float64, n)
	for i := range beta {
		beta[i] = a[i][n] / a[i][i]
	}
	return beta, true
}

// Spread is how wide the sample of a parameter is against its prior: the ratio of standard
// deviations. Near 1 the targets say nothing of it.
func (s *Sample) Spread(b *Block, i int) float64 {
	mean, sq := 0.0, 0.0
	for _, set := range s.Sets {
		mean += set[i]
	}
	mean /= float64(len(s.Sets))
	for _, set := range s.Sets {
		sq += (set[i] - mean) * (set[i] - mean)
	}
	p := b.Parameters[i]
	prior := (p.High - p.Low) / math.Sqrt(12)
	return math.Sqrt(sq/float64(max(len(s.Sets)-1, 1))) / prior
}
