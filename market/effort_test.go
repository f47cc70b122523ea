package market

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"coexist/configs"
)

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s = %.9g, want %.9g within %.2g", what, got, want, tolerance)
	}
}

// TestTwoTasks checks the closed form of two tasks that crowd each other.
func TestTwoTasks(t *testing.T) {
	a := Aims{Altruism: 3, Cost: 4, Crowding: 1}
	got := a.BestReply(Situation{Demand: 1000, Start: 1000, Integration: 2})
	near(t, "quality", got.Quality, (4*3.0-1*2)/(4*4-1*1), 1e-12)
	near(t, "integration", got.Integration, (4*2.0-1*3)/(4*4-1*1), 1e-12)
	near(t, "prevention", got.Prevention, 0, 0)
}

// TestBestReply checks quality alone against the formula with demand, unit cost and altruism.
func TestBestReply(t *testing.T) {
	a := Aims{Margin: 50, UnitCost: 2, Altruism: 3, Cost: 4}
	got := a.BestReply(Situation{Demand: 900, Start: 1000, Slope: 40})
	near(t, "quality", got.Quality, (50.0*40+(3-2)*900)/(1000*4+(2-3)*40), 1e-12)
}

func TestPenalty(t *testing.T) {
	for _, row := range []struct {
		name                string
		base, penalty, want float64
	}{
		{"above the standard", 0.5, 10, 1.0 / 4},
		{"far below, works as hard as the penalty is worth", -5, 10, (1 + 10) / 4.0},
		{"just meets it", -1.5, 10, 1.5},
		{"no penalty", -5, 0, 1.0 / 4},
	} {
		a := Aims{Altruism: 1, Cost: 4, Penalty: row.penalty}
		got := a.BestReply(Situation{Demand: 100, Start: 100, Base: row.base})
		near(t, row.name, got.Quality, row.want, 1e-12)
	}
}

// TestCrowdingOut: a dear task pushes a cheap one to zero, never below.
func TestCrowdingOut(t *testing.T) {
	a := Aims{Altruism: 8, Cost: 4, Crowding: 2.8}
	got := a.BestReply(Situation{Demand: 1, Start: 1, Integration: 1, Prevention: 1})
	if got.Integration != 0 || got.Prevention != 0 || got.Quality != 2 {
		t.Errorf("efforts %+v, want quality 2 alone", got)
	}
}

// TestBestReplyIsBest compares with a search around the answer over all three tasks.
func TestBestReplyIsBest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := rapid.Float64Range(1, 20).Draw(t, "g")
		a := Aims{
			Margin:   rapid.Float64Range(-50, 200).Draw(t, "margin"),
			Altruism: rapid.Float64Range(0, 4).Draw(t, "altruism"),
			Penalty:  rapid.Float64Range(0, 5).Draw(t, "penalty"),
			Standard: -0.5, Cost: g, Crowding: rapid.Float64Range(0, 0.7).Draw(t, "crowding") * g,
		}
		s := Situation{Demand: 1, Start: 1, Slope: rapid.Float64Range(0, 0.02).Draw(t, "slope"),
			Base:        rapid.Float64Range(-2, 1).Draw(t, "base"),
			Integration: rapid.Float64Range(-2, 30).Draw(t, "integration"),
			Prevention:  rapid.Float64Range(-2, 30).Draw(t, "prevention")}
		a.UnitCost = a.Altruism // own demand then changes no cost, and the objective is exactly quadratic
		worth := func(x Tasks) float64 {
			return a.Margin*s.Slope*x.Quality + s.Integration*x.Integration + s.Prevention*x.Prevention -
				a.Penalty*max(0, a.Standard-s.Base-x.Quality) - x.Cost(a.Cost, a.Crowding)
		}
		best := a.BestReply(s)
		top := worth(best)
		for _, step := range []float64{0.3, 0.01} {
			for i := range 27 {
				x := Tasks{
					clip(best.Quality+step*float64(i%3-1), 0, MaxEffort),
					clip(best.Integration+step*float64(i/3%3-1), 0, MaxEffort),
					clip(best.Prevention+step*float64(i/9-1), 0, MaxEffort),
				}
				if worth(x) > top+1e-9 {
					t.Fatalf("%+v is worth %v, the best reply %+v only %v", x, worth(x), best, top)
				}
			}
		}
	})
}

// TestAimsMatter changes each aim and each fact of the situation and sees the effort change.
func TestAimsMatter(t *testing.T) {
	aims := Aims{Margin: 50, UnitCost: 1, Altruism: 2, Growth: 1, Penalty: 1, Standard: 3, Cost: 4, Crowding: 1}
	at := Situation{Demand: 90, Start: 100, Slope: 5, Base: -1, Integration: 3, Prevention: 3}
	base := aims.BestReply(at)
	for name, change := range map[string]func(*Aims, *Situation){
		"margin":      func(a *Aims, _ *Situation) { a.Margin = 20 },
		"unit cost":   func(a *Aims, _ *Situation) { a.UnitCost = 0 },
		"altruism":    func(a *Aims, _ *Situation) { a.Altruism = 0 },
		"growth":      func(a *Aims, _ *Situation) { a.Growth = 5 },
		"penalty":     func(a *Aims, _ *Situation) { a.Penalty = 0 },
		"standard":    func(a *Aims, _ *Situation) { a.Standard = -2 },
		"cost":        func(a *Aims, _ *Situation) { a.Cost = 8 },
		"crowding":    func(a *Aims, _ *Situation) { a.Crowding = 0 },
		"demand":      func(_ *Aims, s *Situation) { s.Demand = 50 },
		"start":       func(_ *Aims, s *Situation) { s.Start = 50 },
		"slope":       func(_ *Aims, s *Situation) { s.Slope = 0 },
		"base":        func(_ *Aims, s *Situation) { s.Base = 3 },
		"integration": func(_ *Aims, s *Situation) { s.Integration = 0 },
		"prevention":  func(_ *Aims, s *Situation) { s.Prevention = 0 },
	} {
		a, s := aims, at
		change(&a, &s)
		if a.BestReply(s) == base {
			t.Errorf("changing the %s leaves effort at %+v", name, base)
		}
	}
}

func TestNewAims(t *testing.T) {
	c := configs.Effort{Altruism: 2, Growth: 1, Sharpness: 0.5, Penalty: 3, Standard: -1, Cost: 4, Crowding: 0.25}
	got := NewAims(c, 70, 0.3)
	want := Aims{Margin: 70, Altruism: 0.6, Growth: 1, Penalty: 1.5, Standard: -1, Cost: 4, Crowding: 1}
	if got != want {
		t.Errorf("aims %+v, want %+v", got, want)
	}
}

func TestTowards(t *testing.T) {
	got := Tasks{1, 0, 2}.towards(Tasks{2, 1, 0}, 0.1)
	near(t, "quality", got.Quality, 1.1, 1e-12)
	near(t, "integration", got.Integration, 0.1, 1e-12)
	near(t, "prevention", got.Prevention, 1.8, 1e-12)
	near(t, "cost", Tasks{1, 2, 3}.Cost(4, 1), 0.5*4*(1+4+9)+1*(2+3+6), 1e-12)
}
