package fit

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
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
// parameters; the rest stay at their priors. It is resumable as Minimise is. As many trials as there
// are workers go side by side.
func ABC(ctx context.Context, b *Block, fitted, trials, keep, workers int, seed uint64, j *Journal, simulate Simulate) (Sample, error) {
	if keep < 1 || keep > trials {
		return Sample{}, fmt.Errorf("keep %d of %d trials, want 1 to all of them", keep, trials)
	}
	all, err := draw(ctx, b, trials, workers, seed, j, simulate)
	if err != nil {
		return Sample{}, err
	}
	slices.SortStableFunc(all, func(x, y drawn) int { return cmp.Compare(x.distance, y.distance) })
	near := all[:keep]
	s := Sample{Cut: near[keep-1].distance, Trials: trials}
	for _, p := range b.Parameters {
		s.Keys = append(s.Keys, p.Key)
	}
	for _, o := range near {
		s.Sets = append(s.Sets, o.at)
		s.Distance = append(s.Distance, o.distance)
	}
	s.adjust(b, near, fitted)
	return s, nil
}

// drawn is a trial of the posterior.
type drawn struct {
	at, simulated []float64
	distance      float64 // root mean square over targets, in half-widths of their bands
}

// draw makes the trials.
func draw(ctx context.Context, b *Block, trials, workers int, seed uint64, j *Journal, simulate Simulate) ([]drawn, error) {
	rng := rand.New(rand.NewPCG(seed, 2))
	all := make([]drawn, trials)
	for k := range all {
		all[k].at = make([]float64, len(b.Parameters))
		for i, p := range b.Parameters {
			all[k].at[i] = round(p.Low + (p.High-p.Low)*rng.Float64())
		}
	}
	err := Parallel(ctx, trials, workers, func(ctx context.Context, k int) (err error) {
		all[k].simulated, err = j.trial(ctx, b, all[k].at, simulate)
		return err
	})
	if err != nil {
		return nil, err
	}
	for k := range all {
		d := 0.0
		for i, t := range b.Targets {
			x := distance(t, all[k].simulated[i])
			d += min(x*x, 100)
		}
		all[k].distance = math.Sqrt(d / float64(len(b.Targets)))
	}
	return all, nil
}

// adjust moves the fitted parameters of the sets to where the targets are, by the regression.
func (s *Sample) adjust(b *Block, near []drawn, fitted int) {
	n := len(near)
	x := mat.NewDense(n, 1+len(b.Targets), nil) // 1 and distances from the targets
	w := make([]float64, n)
	for k, o := range near {
		x.Set(k, 0, 1)
		for i, t := range b.Targets {
			x.Set(k, 1+i, min(max(distance(t, o.simulated[i]), -10), 10))
		}
		u := o.distance / (s.Cut * 1.0001)
		w[k] = 1 - u*u
	}
	slopes, ok := ridgeRegression(x, w)
	if !ok {
		return
	}
	aim := aims(x)
	for i, p := range b.Parameters[:fitted] {
		y := make([]float64, n)
		for k := range y {
			y[k] = s.Sets[k][i]
		}
		beta := slopes(y)
		for k := range s.Sets {
			v := y[k]
			for c := 1; c < len(beta); c++ {
				v -= beta[c] * (x.At(k, c) - aim[c])
			}
			s.Sets[k][i] = round(min(max(v, p.Low), p.High))
		}
	}
}

// aims is where the regression moves sets to: the targets themselves, or where no set that was kept
// comes near one (a place that is not England), the near end of the middle four fifths of the sets.
func aims(x *mat.Dense) []float64 {
	sets, columns := x.Dims()
	aim := make([]float64, columns)
	for c := 1; c < columns; c++ {
		v := mat.Col(nil, c, x)
		slices.Sort(v)
		aim[c] = min(max(0, v[sets/10]), v[sets-1-sets/10])
	}
	return aim
}

// ridge keeps a regression with many numbers and few sets well behaved.
const ridge = .05

// ridgeRegression returns the function that gives the coefficients of a regression of y on the columns of
// x with weights w, of which the first is the constant and has no penalty; ok is false where x has no
// solution.
func ridgeRegression(x *mat.Dense, w []float64) (slopes func(y []float64) []float64, ok bool) {
	n, columns := x.Dims()
	var weighed, normal mat.Dense
	weighed.Mul(mat.NewDiagDense(n, w), x)
	normal.Mul(x.T(), &weighed)
	total := floats.Sum(w)
	a := mat.NewSymDense(columns, nil)
	for i := range columns {
		for c := i; c < columns; c++ {
			a.SetSym(i, c, normal.At(i, c))
		}
		if i > 0 {
			a.SetSym(i, i, normal.At(i, i)+ridge*total)
		}
	}
	var root mat.Cholesky
	if !root.Factorize(a) {
		return nil, false
	}
	return func(y []float64) []float64 {
		var right, beta mat.VecDense
		right.MulVec(weighed.T(), mat.NewVecDense(n, y))
		if err := root.SolveVecTo(&beta, &right); err != nil {
			return make([]float64, columns) // nearly singular: nothing is moved
		}
		return beta.RawVector().Data
	}, true
}

// Spread is how wide the sample of a parameter is against its prior: the ratio of standard
// deviations. Near 1 the targets say nothing of it.
func (s *Sample) Spread(b *Block, i int) float64 {
	var v []float64
	for _, set := range s.Sets {
		v = append(v, set[i])
	}
	if len(v) < 2 {
		return 0
	}
	p := b.Parameters[i]
	return stat.StdDev(v, nil) / ((p.High - p.Low) / math.Sqrt(12))
}
