package fit

import (
	"math"
	"math/rand/v2"
	"testing"
)

// choices makes groups that choose among four of so many kinds by a logit, to the digit.
func choices(rng *rand.Rand, kinds int, slopes [2]float64) (groups [][]Option) {
	constants := make([]float64, kinds)
	for kind := range constants {
		constants[kind] = 2 * rng.NormFloat64()
	}
	for range 40 * kinds {
		var options []Option
		all := 0.0
		for _, kind := range rng.Perm(kinds)[:4] {
			o := Option{Kind: kind, X: []float64{10 * rng.Float64(), float64(rng.IntN(2))}}
			o.Chosen = math.Exp(constants[kind] + slopes[0]*o.X[0] + slopes[1]*o.X[1])
			all += o.Chosen
			options = append(options, o)
		}
		people := float64(1 + rng.IntN(1000))
		for k := range options {
			options[k].Chosen *= people / all
		}
		groups = append(groups, options)
	}
	return groups
}

func fitted(t *testing.T, groups [][]Option, kinds int, want [2]float64) {
	t.Helper()
	got, ok := Logit(groups, kinds)
	if !ok || math.Abs(got[0]-want[0]) > 1e-6 || math.Abs(got[1]-want[1]) > 1e-6 {
		t.Errorf("slopes %v (%v), want %v", got, ok, want)
	}
}

// TestLogit: the slopes by which people chose are found, and their shares; also beside kinds that nobody or
// everybody chose, and in markets that nothing links.
func TestLogit(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	want := [2]float64{-.7, -.9}
	groups := choices(rng, 30, want)
	fitted(t, groups, 30, want)
	for _, options := range groups {
		people := 0.0
		for _, o := range options {
			people += o.Chosen
		}
		for _, o := range options {
			if math.Abs(o.Share*people-o.Chosen) > 1e-6*people {
				t.Fatalf("share %v of %v, want %v people", o.Share, people, o.Chosen)
			}
		}
	}
	for i := range groups[:50] {
		groups[i] = append(groups[i], Option{Kind: 30, X: []float64{1, 0}}) // nobody's
	}
	groups = append(groups, []Option{{Kind: 31, X: []float64{9, 1}, Chosen: 50}, {Kind: 0, X: []float64{1, 0}}}) // everybody's
	groups = append(groups, []Option{{Kind: 1, X: []float64{1, 1}}}, nil)                                        // of nobody
	for _, options := range choices(rng, 10, want) {
		for k := range options {
			options[k].Kind += 32
		}
		groups = append(groups, options)
	}
	fitted(t, groups, 42, want)
}

// TestLogitScores: where choices are chance, as many choose each kind as predicted, over as many km.
func TestLogitScores(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	groups := choices(rng, 20, [2]float64{-.5, .3})
	for _, options := range groups {
		for k := range options {
			options[k].Chosen = math.Floor(options[k].Chosen * 2 * rng.Float64())
		}
	}
	if _, ok := Logit(groups, 20); !ok {
		t.Fatal("not fitted")
	}
	score := make([]float64, 22)
	for _, options := range groups {
		people := 0.0
		for _, o := range options {
			people += o.Chosen
		}
		for _, o := range options {
			miss := o.Chosen - people*o.Share
			score[o.Kind] += miss
			score[20] += miss * o.X[0]
			score[21] += miss * o.X[1]
		}
	}
	for i, s := range score {
		if math.Abs(s) > 1e-5 {
			t.Errorf("score %d is %v, want 0", i, s)
		}
	}
}

// TestLogitWithout: no slopes come of choices that have none.
func TestLogitWithout(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	nearest, twins := choices(rng, 8, [2]float64{-.5, .3}), choices(rng, 8, [2]float64{-.5, .3})
	for i, options := range nearest {
		best := 0
		for k, o := range options {
			if o.X[0] < options[best].X[0] {
				best = k
			}
			options[k].Chosen = 0
			twins[i][k].X[1] = 2 * twins[i][k].X[0]
		}
		options[best].Chosen = 10
	}
	for name, groups := range map[string][][]Option{"nearest": nearest, "twins": twins, "nobody": {{{Kind: 0, X: []float64{1, 1}}}}, "nothing": nil} {
		if slopes, ok := Logit(groups, 8); ok {
			t.Errorf("%s: slopes %v, want none", name, slopes)
		}
	}
}
