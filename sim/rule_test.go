package sim

import (
	"testing"

	"coexist/agents"
	"coexist/market"
)

// TestRule lets every organisation do as a rule of one's own says, and reads a measure of one's own.
func TestRule(t *testing.T) {
	m := branch(t, warm(t, village, 1), scenario(t, "competing-systems"))
	m.set.Rule = func(o agents.Organisation, _ market.Aims, s market.Situation) market.Tasks {
		return market.Tasks{Quality: 1.25, Integration: 7, Prevention: -1}
	}
	m.set.Gauges = []Gauge{
		{Name: "mean_effort", Unit: "SD", Read: func(m *Model) (float64, bool) { return m.providers[0].Quality, true }},
		{Name: "nothing", Unit: "1", Read: func(*Model) (float64, bool) { return 0, false }},
	}
	steps(t, m, 26)
	for i := range m.providers {
		o := &m.providers[i]
		if o.Open && o.Demand > 0 && (o.Quality != 1.25 || o.Integrate != 1 || o.Prevent != 0) {
			t.Errorf("provider %d makes effort %v, %v, %v; want 1.25, 1 and 0", i, o.Quality, o.Integrate, o.Prevent)
		}
	}
	var got []float64
	for _, r := range m.Take().Outcomes {
		switch r.Measure {
		case "mean_effort":
			got = append(got, r.Value)
		case "nothing":
			t.Error("an undefined value was handed out")
		}
	}
	if len(got) != 2 || got[1] != 1.25 {
		t.Errorf("the measure of the settings reads %v, want two quarters, the second 1.25", got)
	}
}
