package market

import (
	"fmt"
	"math"
	"testing"

	"coexist/agents/chance"
	"coexist/configs"
)

// TestMorePrevention: effort on prevention rises until its cost has risen by the money, as far as it goes.
func TestMorePrevention(t *testing.T) {
	const g, gm = 4.0, 1.0
	for _, x := range []Tasks{{}, {1, 2, 0}, {.5, 0, .25}, {0, 3, 1}} {
		for _, money := range []float64{.01, .5, 3, 20} {
			got := x.MorePrevention(g, gm, money)
			near(t, fmt.Sprintf("cost of %v more for %+v", money, x), got.Cost(g, gm)-x.Cost(g, gm), money, 1e-9)
			if got.Quality != x.Quality || got.Integration != x.Integration || got.Prevention <= x.Prevention {
				t.Errorf("%v more buys %+v from %+v, want more prevention and nothing else", money, got, x)
			}
		}
		if got := x.MorePrevention(g, gm, 1e6); got.Prevention != MaxEffort {
			t.Errorf("a fortune buys %v, want %v", got.Prevention, MaxEffort)
		}
	}
	near(t, "by hand: ½·4·p² + 3·p = 5", Tasks{Quality: 1, Integration: 2}.MorePrevention(4, 1, 5).Prevention, 1, 1e-12)
	for k := range 50 { // to the last bit, which no root gives back
		x := Tasks{.1 * float64(k), .07, .03 * float64(k)}
		for _, money := range []float64{0, -1} {
			if got := x.MorePrevention(3, .7, money); got != x {
				t.Errorf("%+v and %v GBP: %+v", x, money, got)
			}
		}
		if got := x.MorePrevention(0, 0, 1); got != x {
			t.Errorf("%+v where effort costs nothing: %+v", x, got)
		}
	}
	near(t, "cheap effort", Tasks{}.MorePrevention(.5, 0, .25).Prevention, 1, 1e-12)
}

// TestTasksAtTheirEnds: what gains nothing is not worked on, however little it costs, of tasks that are
// equally good alone the first is taken, and full ones leave less to the others.
func TestTasksAtTheirEnds(t *testing.T) {
	for _, row := range []struct {
		name    string
		y, g, x [3]float64
		gm      float64
	}{
		{"no gain, hardly a cost", [3]float64{-.01, -.01, -.01}, [3]float64{.01, .01, .01}, [3]float64{}, 0},
		{"no gain at all", [3]float64{}, [3]float64{1, 1, 1}, [3]float64{}, .5},
		{"a small gain", [3]float64{.01, 0, 0}, [3]float64{1, 1, 1}, [3]float64{.01, 0, 0}, .5},
		{"two that exclude each other", [3]float64{0, 10, 10}, [3]float64{1, 1, 1}, [3]float64{0, 5, 0}, 3},
		{"three that exclude each other", [3]float64{10, 10, 10}, [3]float64{1, 1, 1}, [3]float64{5, 0, 0}, 3},
		{"one full", [3]float64{100, 3, 0}, [3]float64{1, 1, 1}, [3]float64{5, .5, 0}, .5},
		{"two full", [3]float64{100, 6, 100}, [3]float64{1, 1, 1}, [3]float64{5, 1, 5}, .5},
		{"one full, two that share", [3]float64{5, 100, 5}, [3]float64{1, 1, 1}, [3]float64{2.5 / 1.5, 5, 2.5 / 1.5}, .5},
		{"at the limit just as it would stand", [3]float64{5, 0, 0}, [3]float64{1, 1, 1}, [3]float64{5, 0, 0}, 0},
	} {
		for i, got := range maximise(row.y, row.g, row.gm) {
			near(t, fmt.Sprintf("%s: task %d", row.name, i), got, row.x[i], 1e-12)
		}
	}
}

// TestSmallPenalty: a penalty of less than a pound is worked for too, and where the standard is just met
// the other tasks yield to quality.
func TestSmallPenalty(t *testing.T) {
	a := Aims{Cost: 1, Penalty: .5}
	near(t, "quality", a.BestReply(Situation{Demand: 1, Start: 1, Base: -9}).Quality, .5, 1e-12)
	a = Aims{Cost: 4, Crowding: 1, Penalty: 100, Standard: 3}
	got := a.BestReply(Situation{Demand: 1, Start: 1, Base: 1, Integration: 6, Prevention: 5})
	// 4 x + y = 6 - 2, x + 4 y = 5 - 2
	near(t, "quality", got.Quality, 2, 0)
	near(t, "integration", got.Integration, (4*4.0-3)/15, 1e-12)
	near(t, "prevention", got.Prevention, (4*3.0-4)/15, 1e-12)
	a.Standard = 1
	got = a.BestReply(Situation{Demand: 1, Start: 1, Integration: .5, Prevention: 5})
	near(t, "what is worth less than its crowding", got.Integration, 0, 0)
	near(t, "what is worth more", got.Prevention, 1, 1e-12)
	got = a.BestReply(Situation{Demand: 1, Start: 1, Integration: 1.4})
	near(t, "what is worth little more", got.Integration, (1.4-1)/4, 1e-12)
	near(t, "quality beside it", got.Quality, 1, 0)
}

// TestGrowthIsAnAim: a person is worth the margin and what growth is worth, won at the slope.
func TestGrowthIsAnAim(t *testing.T) {
	a := Aims{Margin: 30, Growth: 20, Cost: 4}
	near(t, "quality", a.BestReply(Situation{Demand: 100, Start: 100, Slope: 5}).Quality, (30.0+20)*5/(100*4), 1e-12)
}

// TestTriesAboutTheMean: quality is tried above its mean by a deviate above 0 and below by one below, within bounds.
func TestTriesAboutTheMean(t *testing.T) {
	c := configs.Effort{Exploration: .25}
	for _, row := range []struct{ mean, z, want float64 }{{1, 1, 1.25}, {1, -2, .5}, {.1, -1, 0}, {.1, -.25, .0375}, {4.9, 1, MaxEffort}, {1, 0, 1}} {
		l := Learner{Mean: Tasks{row.mean, .5, .75}}
		got := l.Play(c, row.z)
		near(t, fmt.Sprintf("%v tried by %v", row.mean, row.z), got.Quality, row.want, 1e-12)
		if got != l.Played || got.Integration != .5 || got.Prevention != .75 || l.Mean.Quality != row.mean {
			t.Errorf("played %+v, remembered %+v about a mean of %+v", got, l.Played, l.Mean)
		}
	}
}

// TestLittleNoise: noise of less than one person squared is weighed like any other.
func TestLittleNoise(t *testing.T) {
	c := configs.Effort{Exploration: .5, PriorQuarters: 2, Forgetting: .5}
	l := NewLearner(c, 1) // a signal of 2·½²·1² = ½
	l.Observe(c, 0, 0, 10, .5)
	l.Observe(c, 1, 0, 13, .5)
	near(t, "own", l.OwnOwn, (1-.5*.5)*1+.5*1, 1e-12)
}

// TestNothingPublished: who is told that quality wins nobody learns from what is seen without noise.
func TestNothingPublished(t *testing.T) {
	c := configs.Effort{Exploration: .5, PriorQuarters: 2, Forgetting: .5}
	l := NewLearner(c, 0)
	l.Observe(c, 0, 0, 10, 0)
	l.Observe(c, 1, 0, 13, 0)
	near(t, "own", l.OwnOwn, .5*1+1, 1e-12) // two quarters of 2·½² each, half forgotten, and a change of 1
	near(t, "with demand", l.OwnDemand, 3, 1e-12)
	near(t, "slope held to ten times nothing", l.Slope(), 0, 0)
	l.Prior = 1
	near(t, "slope seen", l.Slope(), 3/1.5, 1e-12)
}

// TestPublishedSlope: a learner begins with quarters' worth of evidence that quality wins as many people as is
// published, and that rivals' quality loses as many.
func TestPublishedSlope(t *testing.T) {
	c := configs.Effort{Exploration: .5, PriorQuarters: 2, Start: .75}
	l, play := NewLearner(c, 8), Tasks{Quality: .75}
	if want := (Learner{Mean: play, Played: play, OwnOwn: 1, RivalsRivals: 1, OwnDemand: 8, RivalsDemand: -8, Prior: 8}); l != want {
		t.Errorf("learner %+v, want %+v", l, want)
	}
	near(t, "slope", l.Slope(), 8, 0)
}

// TestPriorNeverGone: after a thousand quarters without a change a millionth of the prior is left.
func TestPriorNeverGone(t *testing.T) {
	c := configs.Effort{Exploration: .5, PriorQuarters: 2, Forgetting: .5}
	l := NewLearner(c, 4)
	for range 1000 {
		l.Observe(c, 1, 2, 10, 0)
	}
	near(t, "own", l.OwnOwn/1e-6, 1, 1e-9)
	near(t, "rivals", l.RivalsRivals/1e-6, 1, 1e-9)
}

// TestImpossibleOption: an option of value -Inf takes nothing from the others, wherever it stands.
func TestImpossibleOption(t *testing.T) {
	none := math.Inf(-1)
	for _, v := range [][]float64{{none, 0, 1}, {0, none, 1}, {0, 1, none}} {
		p := []float64{7, 7, 7}
		near(t, "logsum", Probabilities(v, p), math.Log(1+math.E), 1e-12)
		for i, x := range v {
			near(t, fmt.Sprint("probability at ", x), p[i], chance.Exp(x)/(1+math.E), 1e-12)
		}
	}
	near(t, "burden of four", Burden(4, .5), .5, 0)
	near(t, "burden of three", Burden(3, .5), 0, 0)
	near(t, "options", EffectiveOptions([]float64{1, 0}), 1, 0)
}
