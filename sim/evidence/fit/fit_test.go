package fit

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"path/filepath"
	"testing"
)

func bowl(ctx context.Context, at []float64) ([]float64, error) {
	return []float64{2 * at[0], at[0] + at[1]}, nil
}

func block() *Block {
	return &Block{Name: "bowl", Parameters: []Parameter{{"a", 0, 10, 5}, {"b", 0, 10, 5}},
		Targets: []Target{{"x", 6, 5.4, 6.6}, {"y", 10, 9, 11}}}
}

// TestMinimise: the minimum of a bowl is found, and a search that was stopped goes on from its
// journal to the same end.
func TestMinimise(t *testing.T) {
	const trials = 600 // by which every seed from 1 to 12 comes so near
	b := block()
	path := filepath.Join(t.TempDir(), "trials")
	j, err := OpenJournal(path)
	if err != nil {
		t.Fatal(err)
	}
	best, err := Minimise(t.Context(), b, trials, 1, j, bowl)
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(best.At[0]-3) > .05 || math.Abs(best.At[1]-7) > .15 || best.Loss >= best.Before {
		t.Errorf("best at %v with %v, started at %v, want 3 and 7", best.At, best.Loss, best.Before)
	}
	stop := errors.New("stop")
	path2 := filepath.Join(t.TempDir(), "trials")
	j2, _ := OpenJournal(path2)
	n := 0
	_, err = Minimise(t.Context(), b, trials, 1, j2, func(ctx context.Context, at []float64) ([]float64, error) {
		if n++; n > 100 {
			return nil, stop
		}
		return bowl(ctx, at)
	})
	if !errors.Is(err, stop) {
		t.Fatalf("error %v, want the stop", err)
	}
	j3, err := OpenJournal(path2)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Minimise(t.Context(), b, trials, 1, j3, bowl)
	if err != nil || again.At[0] != best.At[0] || again.At[1] != best.At[1] {
		t.Errorf("after a stop the best is %v (%v), want %v", again.At, err, best.At)
	}
	if j.Made-j3.Made != 100 {
		t.Errorf("%d trials made after the stop, %d in all, want 100 fewer", j3.Made, j.Made)
	}
}

// TestABC: the posterior of a normal mean has the mean and spread of theory; a parameter that nothing
// moves keeps its prior.
func TestABC(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	b := &Block{Name: "mean", Parameters: []Parameter{{"mu", -10, 10, 0}, {"free", 0, 1, .5}}, Targets: []Target{{"mean", 2, 1, 3}}}
	j, _ := OpenJournal(filepath.Join(t.TempDir(), "trials"))
	const sd = .5 // of the mean that is observed
	s, err := ABC(t.Context(), b, 1, 20000, 1000, 1, 3, j, func(_ context.Context, at []float64) ([]float64, error) {
		return []float64{at[0] + sd*rng.NormFloat64()}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	mean, sq := 0.0, 0.0
	for _, x := range s.Sets {
		mean += x[0] / float64(len(s.Sets))
	}
	for _, x := range s.Sets {
		sq += (x[0] - mean) * (x[0] - mean) / float64(len(s.Sets)-1)
	}
	if math.Abs(mean-2) > 4*sd/math.Sqrt(1000) || math.Abs(math.Sqrt(sq)-sd) > .05 {
		t.Errorf("posterior has mean %.3f and sd %.3f, want 2 and %.3f", mean, math.Sqrt(sq), sd)
	}
	if got := s.Spread(b, 1); math.Abs(got-1) > .08 {
		t.Errorf("spread of a free parameter = %.3f of its prior, want 1", got)
	}
	if got := s.Spread(b, 0); got > .15 {
		t.Errorf("spread of a fitted parameter = %.3f of its prior, want %.3f", got, sd/(20/math.Sqrt(12)))
	}
}

func TestLoss(t *testing.T) {
	b := block()
	if got := loss(b, []float64{5, 5}, []float64{6.6, 10}); math.Abs(got-.5) > 1e-12 {
		t.Errorf("loss at the edge of one of two bands = %v, want (1 + 0)/2", got)
	}
	if got := loss(b, []float64{10, 5}, []float64{6, 10}); math.Abs(got-pull/2) > 1e-12 {
		t.Errorf("loss of a parameter at its end = %v, want %v", got, pull/2)
	}
	if got := loss(b, []float64{5, 5}, []float64{math.NaN(), 10}); got != 50 {
		t.Errorf("loss of a missing number = %v, want 100/2", got)
	}
}
