package market

import (
	"fmt"
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

// TestGrowthIsAnAim: a person is worth the margin and what growth is worth, won at the slope.
func TestGrowthIsAnAim(t *testing.T) {
	a := Aims{Margin: 30, Growth: 20, Cost: 4}
	near(t, "quality", a.BestReply(Situation{Demand: 100, Start: 100, Slope: 5}).Quality, (30.0+20)*5/(100*4), 1e-12)
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
