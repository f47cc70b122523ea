package fit

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/optimize"
)

// Simulate returns the simulated numbers of a block's targets at some values of its parameters, mean
// over seeds that are the same in every trial.
type Simulate func(ctx context.Context, at []float64) ([]float64, error)

// Best is where a block ended.
type Best struct {
	At        []float64 // values of the parameters
	Simulated []float64
	Loss      float64
	Before    float64 // loss at the starting values
	Trials    int
}

// initialStep is the first spread of trials, as a share of the range.
const initialStep = .2

// Minimise searches a block by CMA-ES with so many trials. Trials already in the journal are taken
// from there, so a search that was stopped goes on where it was: it proposes the same points again.
func Minimise(ctx context.Context, b *Block, trials int, seed uint64, j *Journal, simulate Simulate) (Best, error) {
	n := len(b.Parameters)
	if n == 0 || n > maxTogether {
		return Best{}, fmt.Errorf("block %s: %d parameters, want 1 to %d", b.Name, n, maxTogether)
	}
	var failed error
	best := Best{Loss: math.Inf(1)}
	try := func(at []float64) float64 {
		if failed != nil {
			return math.Inf(1)
		}
		simulated, err := j.trial(ctx, b, at, simulate)
		if err != nil {
			failed = err
			return math.Inf(1)
		}
		best.Trials++
		now := loss(b, at, simulated)
		if now < best.Loss {
			best.At, best.Simulated, best.Loss = append([]float64(nil), at...), simulated, now
		}
		return now
	}
	// gonum draws from its covariance alone, whose first is 1, and keeps the step size beside it: so a
	// unit is the first step, and the step size begins at 1.
	shares := func(z []float64) []float64 {
		x := make([]float64, n)
		for i, p := range b.Parameters {
			x[i] = (p.Start-p.Low)/(p.High-p.Low) + initialStep*z[i]
		}
		return x
	}
	start := make([]float64, n)
	best.Before = try(b.at(shares(start)))
	problem := optimize.Problem{Func: func(z []float64) float64 {
		x := shares(z)
		return try(b.at(x)) + b.outside(x)
	}}
	method := &optimize.CmaEsChol{InitStepSize: 1, Src: rand.NewPCG(1, seed)}
	settings := &optimize.Settings{FuncEvaluations: trials, Concurrent: 1, Converger: optimize.NeverTerminate{}}
	_, err := optimize.Minimize(problem, start, settings, method)
	switch {
	case failed != nil:
		return best, failed
	case best.At == nil:
		return best, fmt.Errorf("block %s: %w", b.Name, err)
	}
	return best, nil
}

// at turns shares of the ranges into values, held to the ranges.
func (b *Block) at(x []float64) []float64 {
	v := make([]float64, len(x))
	for i, p := range b.Parameters {
		v[i] = round(p.Low + (p.High-p.Low)*min(max(x[i], 0), 1))
	}
	return v
}

// outside is the penalty of a proposal beyond the ranges.
func (b *Block) outside(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		d := max(-v, v-1, 0)
		sum += d * d
	}
	return 10 * sum
}

// round keeps four digits that count: defaults that people can read.
func round(v float64) float64 {
	if v == 0 {
		return 0
	}
	scale := math.Pow(10, 3-math.Floor(math.Log10(math.Abs(v))))
	return math.Round(v*scale) / scale
}
