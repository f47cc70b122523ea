package market

import (
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
