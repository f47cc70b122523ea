package market

import "testing"

// TestSlope holds each stated slope of demand to a difference of demand.
func TestSlope(t *testing.T) {
	for name, row := range map[string]struct {
		d Demand
		n int
	}{
		"Salop":     {Salop{M: 1000, K: 0.2, T: 2}, 6},
		"Hotelling": {Hotelling{M: 1000, K: 0.2, T: 2}, 2},
		"logit":     {Logit{M: 1000, B: 0.3}, 5},
	} {
		q, up, down := make([]float64, row.n), make([]float64, row.n), make([]float64, row.n)
		q[0] = 1e-4
		row.d.People(q, up)
		q[0] = -1e-4
		row.d.People(q, down)
		near(t, name, (up[0]-down[0])/2e-4, row.d.Slope(row.n), 1e-5)
		sum := 0.0
		for _, people := range up {
			sum += people
		}
		near(t, name+" people", sum, row.d.Mass(), 1e-9)
	}
}

// TestNashIsNash: at q* a firm that alone moves earns no more, with margin, cost and altruism.
func TestNashIsNash(t *testing.T) {
	f := Firm{Margin: 30, UnitCost: 1, Altruism: 2, Cost: 1000}
	for name, row := range map[string]struct {
		d Demand
		n int
	}{
		"Salop":     {Salop{M: 1000, K: 0.05, T: 1}, 5},
		"Hotelling": {Hotelling{M: 1000, K: 0.2, T: 1}, 2},
		"logit":     {Logit{M: 1000, B: 0.2}, 4},
	} {
		rest := NashQuality(row.d, f, row.n)
		worth := func(own float64) float64 {
			q, people := make([]float64, row.n), make([]float64, row.n)
			for i := range q {
				q[i] = rest
			}
			q[0] = own
			row.d.People(q, people)
			return (f.Margin-f.UnitCost*own+f.Altruism*own)*people[0] - f.Cost*own*own/2
		}
		for _, step := range []float64{-0.1, -0.001, 0.001, 0.1} {
			if worth(rest+step) > worth(rest) {
				t.Errorf("%s: moving by %v from %.4f pays", name, step, rest)
			}
		}
	}
}

// TestNumberOfFirms: with Salop's demand the number drops out unless there is altruism or unit cost;
// with logit demand it doesn't.
func TestNumberOfFirms(t *testing.T) {
	plain, altruist := Firm{Margin: 30, Cost: 1000}, Firm{Margin: 30, Altruism: 1, Cost: 1000}
	circle, logit := Salop{M: 1000, K: 0.05, T: 1}, Logit{M: 1000, B: 0.2}
	near(t, "Salop, 10 against 3 firms", NashQuality(circle, plain, 10), NashQuality(circle, plain, 3), 1e-12)
	if NashQuality(circle, altruist, 10) >= NashQuality(circle, altruist, 3) {
		t.Error("altruism is the same whatever the number of firms")
	}
	if NashQuality(logit, plain, 10) >= NashQuality(logit, plain, 3) {
		t.Error("logit quality is the same whatever the number of firms")
	}
}

// TestFreeEntry checks the number in Salop's closed form: M (p-c)/N = ½ g q² + F.
func TestFreeEntry(t *testing.T) {
	circle := Salop{M: 1000, K: 0.05, T: 1}
	f := Firm{Margin: 30, Cost: 1000, Fixed: 2000}
	q := 30 * 0.05 * 1000 / 1000.0
	want := int(1000 * 30 / (0.5*1000*q*q + 2000))
	if got := FreeEntry(circle, f, 50); got != want {
		t.Errorf("free entry brings %d firms, want %d", got, want)
	}
	f.Fixed = 1e6
	if got := FreeEntry(circle, f, 50); got != 0 {
		t.Errorf("%d firms enter at a loss", got)
	}
	f.Fixed, circle.K = 2000, 0.1
	if got := FreeEntry(circle, f, 50); got >= want {
		t.Errorf("%d firms where people heed quality more, want fewer than %d", got, want)
	}
}
