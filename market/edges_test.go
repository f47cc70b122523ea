package market

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// TestFullEffortCrowds: what a task at its limit takes from the others is found by search too.
func TestFullEffortCrowds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var y, g [3]float64
		for i := range y {
			y[i] = rapid.Float64Range(-5, 60).Draw(t, "gain")
			g[i] = rapid.Float64Range(.5, 6).Draw(t, "cost")
		}
		gm := rapid.Float64Range(0, .45).Draw(t, "crowding")
		worth := func(x [3]float64) float64 {
			w := 0.0
			for i := range x {
				w += y[i]*x[i] - g[i]*x[i]*x[i]/2
				for j := range i {
					w -= gm * x[i] * x[j]
				}
			}
			return w
		}
		got := maximise(y, g, gm)
		for i := range got {
			if !(got[i] >= 0 && got[i] <= MaxEffort) {
				t.Fatalf("effort %v", got)
			}
		}
		top := worth(got)
		const step = MaxEffort / 12
		for i := range 13 {
			for j := range 13 {
				for k := range 13 {
					x := [3]float64{float64(i) * step, float64(j) * step, float64(k) * step}
					if w := worth(x); w > top+1e-9*math.Abs(top)+1e-9 {
						t.Fatalf("effort %v is worth %v, but %v is worth %v", got, top, x, w)
					}
				}
			}
		}
	})
}

// TestMulDivAtTheEnd: the largest value is returned, one more is too many.
func TestMulDivAtTheEnd(t *testing.T) {
	if got := mulDiv(math.MaxInt64, 3, 3); got != math.MaxInt64 {
		t.Errorf("got %d, want %d", got, int64(math.MaxInt64))
	}
	if got := mulDiv(0, -5, 7); got != 0 {
		t.Errorf("got %d, want 0", got)
	}
	defer func() {
		if recover() == nil {
			t.Error("2^63 fits into 63 bits")
		}
	}()
	mulDiv(1<<62, 2, 1)
}

// TestEvidenceFades: a change of quality is weighed by signal over signal and noise, and what is known
// fades as much.
func TestEvidenceFades(t *testing.T) {
	c := effort()
	for _, noise := range []float64{0, 3, 500} {
		l := NewLearner(c, 20)
		before := l
		l.Observe(c, 1, 2, 100, noise)
		if l.OwnOwn != before.OwnOwn || l.OwnDemand != before.OwnDemand {
			t.Fatal("the first quarter has nothing to compare with")
		}
		l.Observe(c, 1.5, 1.8, 130, noise)
		own, rivals, demand := .5, 1.8-2, 30.0
		weight := 1.0
		if noise > 0 {
			signal := quarterEvidence(c) * 20 * 20
			weight = signal / (signal + noise)
		}
		keep := 1 - (1-c.Forgetting)*weight
		near(t, "own", l.OwnOwn, keep*before.OwnOwn+weight*own*own, 1e-12)
		near(t, "rivals", l.RivalsRivals, keep*before.RivalsRivals+weight*rivals*rivals, 1e-12)
		near(t, "both", l.OwnRivals, keep*before.OwnRivals+weight*own*rivals, 1e-12)
		near(t, "demand", l.OwnDemand, keep*before.OwnDemand+weight*own*demand, 1e-9)
		near(t, "rivals' demand", l.RivalsDemand, keep*before.RivalsDemand+weight*rivals*demand, 1e-9)
	}
	flat := Learner{Prior: 7, OwnDemand: 3}
	near(t, "slope without evidence", flat.Slope(), 7, 0)
	steep := Learner{Prior: 2, OwnOwn: 1, RivalsRivals: 1, OwnDemand: 1000}
	near(t, "slope that noise deceives", steep.Slope(), 20, 0)
	steep.OwnDemand = -5
	near(t, "slope below none", steep.Slope(), 0, 0)
}

// TestWeekIsDivided: the two likeliest posts share the week by tenths.
func TestWeekIsDivided(t *testing.T) {
	for _, row := range []struct {
		p    []float64
		want Week
	}{
		{nil, Week{-1, -1, 10}},
		{[]float64{0, 0}, Week{-1, -1, 10}},
		{[]float64{0, 1}, Week{1, -1, 10}},
		{[]float64{.3, .1, .6}, Week{2, 0, 7}},
		{[]float64{.5, .5}, Week{0, 1, 5}},
		{[]float64{.2, .4, .4}, Week{1, 2, 5}},
		{[]float64{.96, .04}, Week{0, -1, 10}},
		{[]float64{.94, .06}, Week{0, 1, 9}},
	} {
		if got := DivideWeek(row.p); got != row.want {
			t.Errorf("%v: %+v, want %+v", row.p, got, row.want)
		}
	}
}

// TestWorthNothing: nobody enters, and nobody makes, what is worth exactly nothing.
func TestWorthNothing(t *testing.T) {
	c := marketConfig()
	p := Prospect{Leader: true, Direct: true, People: 0, Share: 1}
	for n := range Newcomers {
		if n.Enters(c, p) {
			t.Errorf("newcomer %d enters for nothing", n)
		}
	}
	if (Line{}).Makes(makeOrBuy()) {
		t.Error("a line without patients is made")
	}
	near(t, "years", annuity(.5, 2.5), .5+.25+.125/2, 1e-15)
	near(t, "no years", annuity(.5, 0), 0, 0)
	near(t, "whole years", annuity(.5, 2), .75, 0)
}

// TestShockOfMerger: the part of the shock is held within all of it.
func TestShockOfMerger(t *testing.T) {
	for _, row := range []struct{ phi, loss, speed, want float64 }{
		{.8, .5, 1, .4}, {.8, .5, .5, .6}, {.8, 2, 1, 0}, {.04, .5, 1, .02}, {.8, 0, 1, .8}, {.8, -1, 1, .8},
	} {
		near(t, "phi", MergerShock(row.phi, row.loss, row.speed), row.want, 1e-15)
	}
	for _, row := range []struct {
		yearly  float64
		deficit bool
		want    float64
	}{{0, true, 0}, {.2, false, 1 - .8*.8*.8}, {.2, true, 1 - .4*.4*.4}, {.6, true, 1}, {1, false, 1}, {-1, false, 0}} {
		near(t, "break", BreakProb(row.yearly, row.deficit, 3, 3), row.want, 1e-12)
	}
}
