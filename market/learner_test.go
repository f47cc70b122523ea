package market

import (
	"fmt"
	"math"
	"testing"

	"coexist/agents/chance"
	"coexist/configs"
)

// effort returns the parameters of effort that the theory tests share.
func effort() configs.Effort {
	return configs.Effort{Cost: 4, Crowding: 0.25, Exploration: 0.02, Forgetting: 0.975,
		PriorQuarters: 8, Damping: 0.1, Start: 0.3, Standard: -1}
}

// play lets n learners with these aims meet a demand for some quarters and returns the mean effort
// of the last half, over quarters and firms. Belief multiplies the true slope in their priors.
func play(c configs.Effort, d Demand, a Aims, n, quarters int, belief float64, seed int64) float64 {
	s := chance.NewSeed(seed)
	learners := make([]Learner, n)
	q, people := make([]float64, n), make([]float64, n)
	for i := range learners {
		learners[i] = NewLearner(c, belief*d.Slope(n))
	}
	start := d.Mass() / float64(n)
	sum, count := 0.0, 0
	for t := range quarters {
		for i := range learners {
			rng := s.At(uint64(i), int32(t), chance.Explore)
			q[i] = learners[i].Play(c, rng.Normal()).Quality
			if 2*t >= quarters {
				sum += q[i]
				count++
			}
		}
		d.People(q, people)
		for i := range learners {
			learners[i].Observe(c, q[i], d.Rivals(q, i), people[i], 0)
			learners[i].Adapt(c, a, Situation{Start: start})
		}
	}
	return sum / float64(count)
}

// TestRestIsNash holds the learners, who know no demand function, to the equilibrium of the
// textbook under a regulated price.
func TestRestIsNash(t *testing.T) {
	for _, row := range []struct {
		name                string
		d                   Demand
		n                   int
		margin, unit, worth float64
		belief              float64
	}{
		{"Salop", Salop{M: 1000, K: 0.05, T: 1}, 5, 30, 0, 0, 1},
		{"Salop with unit cost and altruism", Salop{M: 5000, K: 0.1, T: 1}, 4, 20, 1, 2, 1},
		{"Salop, wrong belief", Salop{M: 1000, K: 0.08, T: 1}, 8, 15, 0.5, 0, 0.4},
		{"Hotelling", Hotelling{M: 1000, K: 0.2, T: 1}, 2, 20, 0, 0, 1},
		{"Hotelling with unit cost and altruism", Hotelling{M: 3000, K: 0.3, T: 1}, 2, 12, 1, 3, 1},
		{"Hotelling, wrong belief", Hotelling{M: 1000, K: 0.25, T: 1}, 2, 10, 0, 1, 2},
		{"logit", Logit{M: 1000, B: 0.2}, 4, 30, 0, 0, 1},
		{"logit with unit cost and altruism", Logit{M: 4000, B: 0.3}, 3, 20, 1, 2, 1},
		{"logit, wrong belief", Logit{M: 1000, B: 0.25}, 10, 20, 0, 1, 0.4},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := effort()
			start := row.d.Mass() / float64(row.n)
			want := NashQuality(row.d, Firm{Margin: row.margin, UnitCost: row.unit, Altruism: row.worth,
				Cost: c.Cost * start}, row.n)
			a := Aims{Margin: row.margin, UnitCost: row.unit, Altruism: row.worth, Cost: c.Cost}
			for seed := range int64(3) {
				got := play(c, row.d, a, row.n, 800, row.belief, seed)
				if math.Abs(got-want) > 0.02*want {
					t.Errorf("seed %d: mean effort %.4f, want %.4f within 2 %%", seed, got, want)
				}
			}
		})
	}
}

// TestNoiseTeachesLittle gives the learners sampled demand of small lists: told so, they keep near
// the published slope; believing it, they are led astray.
func TestNoiseTeachesLittle(t *testing.T) {
	c, d, n := effort(), Logit{M: 40_000, B: 0.1}, 4
	astray := func(told float64) float64 {
		worst := 0.0
		for seed := range int64(5) {
			s := chance.NewSeed(seed)
			learners := make([]Learner, n)
			for i := range learners {
				learners[i] = NewLearner(c, d.Slope(n))
			}
			q, people := make([]float64, n), make([]float64, n)
			for quarter := range 52 {
				for i := range learners {
					rng := s.At(uint64(i), int32(quarter), chance.Explore)
					q[i] = learners[i].Play(c, rng.Normal()).Quality
				}
				d.People(q, people)
				for i := range learners {
					rng := s.At(uint64(i), int32(quarter), chance.Choice)
					seen := people[i] + math.Sqrt(people[i])*rng.Normal()
					learners[i].Observe(c, q[i], d.Rivals(q, i), seen, told*2*seen)
				}
			}
			for i := range learners {
				worst = max(worst, math.Abs(learners[i].Slope()/d.Slope(n)-1))
			}
		}
		return worst
	}
	if got := astray(1); got > 0.5 {
		t.Errorf("told of the noise, the slope errs by %.2f of itself, want at most 0.5", got)
	}
	if got := astray(0); got < 1 {
		t.Errorf("not told of the noise, the slope errs by %.2f of itself, want at least 1", got)
	}
}

// TestWithoutRivals checks that a monopoly's regression stays solvable for ever, and that its
// effort then comes from altruism alone.
func TestWithoutRivals(t *testing.T) {
	c, d := effort(), Logit{M: 1000, B: 0.3}
	got := play(c, d, Aims{Margin: 100, Altruism: 2, Cost: 4}, 1, 4000, 1, 1)
	if want := 2.0 / 4; math.Abs(got-want) > 0.01 {
		t.Errorf("effort of a monopoly %.4f, want %.4f", got, want)
	}
}

func TestEffortParametersMatter(t *testing.T) {
	d := Logit{M: 1000, B: 0.2}
	a := Aims{Margin: 30, Cost: 4}
	run := func(change func(*configs.Effort)) float64 {
		c := effort()
		change(&c)
		return play(c, d, a, 4, 30, 0.5, 1)
	}
	base := run(func(*configs.Effort) {})
	for name, change := range map[string]func(*configs.Effort){
		"exploration":    func(c *configs.Effort) { c.Exploration = 0.05 },
		"forgetting":     func(c *configs.Effort) { c.Forgetting = 0.8 },
		"prior_quarters": func(c *configs.Effort) { c.PriorQuarters = 80 },
		"damping":        func(c *configs.Effort) { c.Damping = 0.02 },
		"start":          func(c *configs.Effort) { c.Start = 2 },
	} {
		if got := run(change); got == base {
			t.Errorf("changing %s leaves mean effort at %v", name, base)
		}
	}
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
