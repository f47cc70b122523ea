package sim

import (
	"testing"

	"coexist/agents"
	"coexist/configs"
)

// TestWeeksAreDivided: where primary and secondary care integrate their pathways some GPs work a part of
// the week at a clinic of their own organisation, which sees more there and less at the practice; some
// specialists work at two services. The more reconsider, the more do. Without such a regime no GP does,
// and a reform that ends it sends them home.
func TestWeeksAreDivided(t *testing.T) {
	from := warm(t, devon, .01)
	away := func(b *Model) (tenths, second float64) {
		for i := range b.sessions {
			tenths += float64(b.sessions[i].Tenths)
			if s := b.sessions[i]; s.Tenths > 5 || s.Tenths > 0 && s.Service == agents.None {
				t.Errorf("GP %d works %+v", i, s)
			}
		}
		for i := range b.specialists {
			if sp := &b.specialists[i]; sp.Tenths > 0 {
				second++
				if sp.Tenths > 5 || sp.Second < 0 || !b.services[sp.Second].Open || b.services[sp.Second].Line != sp.Line {
					t.Errorf("specialist %d is %+v", i, sp)
				}
			}
		}
		return tenths, second
	}
	for _, name := range []string{"airline", "competing-systems", "status-quo"} {
		var tenths, second, appointments, clinics [2]float64
		for k, turnover := range []float64{0, .5} {
			b := branch(t, from, scenario(t, name, func(c *configs.Config) { c.Labour.Turnover = turnover }))
			steps(t, b, 156)
			tenths[k], second[k] = away(b)
			for i := range b.practices {
				appointments[k] += b.practices[i].Capacity
			}
			for i := range b.services {
				if s := &b.services[i]; s.Open && !s.Outside {
					clinics[k] += s.Clinic
				}
			}
			if k == 0 {
				continue
			}
			if err := b.Reform(scenario(t, "arm-open-none")); err != nil {
				t.Fatal(err)
			}
			steps(t, b, 52)
			if left, _ := away(b); left != 0 {
				t.Errorf("%s: GPs work %g tenths of weeks elsewhere a year after it ended", name, left)
			}
		}
		if works := tenths[1] > 0; works != (name != "status-quo") || tenths[0] != 0 {
			t.Errorf("%s: GPs work %g tenths of weeks elsewhere, %g if nobody reconsiders", name, tenths[1], tenths[0])
		}
		if second[0] != 0 || second[1] == 0 {
			t.Errorf("%s: %g specialists have a second post, %g if nobody reconsiders", name, second[1], second[0])
		}
		if name != "status-quo" && !(appointments[1] < .995*appointments[0] && clinics[1] > 1.005*clinics[0]) {
			t.Errorf("%s: appointments of %.1f and clinics of %.1f become %.1f and %.1f", name, appointments[0], clinics[0], appointments[1], clinics[1])
		}
	}
}
