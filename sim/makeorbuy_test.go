package sim

import (
	"testing"

	"coexist/agents"
	"coexist/configs"
)

// TestClinicsTakeTime: a system pays for the set-up of its clinics at once and opens them when it is over.
func TestClinicsTakeTime(t *testing.T) {
	from := warm(t, devon, .01)
	opened := func(weeks float64) (first int32, n int, setUp float64) {
		b := branch(t, from, scenario(t, "gp-consortia", func(c *configs.Config) { c.MakeOrBuy.SetUpWeeks, c.MakeOrBuy.UnitCost = weeks, .5 }))
		steps(t, b, 78)
		if err := b.Audit(); err != nil {
			t.Fatal(err)
		}
		checkQueues(t, b, "clinics")
		rows := b.Take()
		first = -1
		for _, e := range rows.Events {
			if e.Event == "make" {
				n++
				if first < 0 {
					first = e.Week
				}
			}
		}
		return first, n, paid("set-up")(&outcomeOf{rows: rows})
	}
	soon, n, cheap := opened(8)
	late, _, dear := opened(20)
	if n == 0 || soon != 64 || late != 77 {
		t.Errorf("%d clinics decided on in week 51 opened in week %d after 8 weeks of set-up and in week %d after 20, want the ends of quarters 64 and 77", n, soon, late)
	}
	if !(dear > 1.5*cheap && cheap > 0) {
		t.Errorf("set-up costs %.0f GBP for 8 weeks and %.0f for 20", cheap, dear)
	}
}

// TestClinicsAreGivenUp: a system that would rather buy again hands its clinics back to the owners of their
// sites, with slots and staff; who waits goes on waiting there.
func TestClinicsAreGivenUp(t *testing.T) {
	c := scenario(t, "gp-consortia", func(c *configs.Config) { c.MakeOrBuy.UnitCost = .5 })
	b := branch(t, warm(t, devon, .01), c)
	steps(t, b, 104)
	owned := func() (n int, clinic float64, staff int32) {
		for i := range b.services {
			s := &b.services[i]
			if s.Open && b.providers[s.Provider].System != agents.None {
				n++
			}
			if s.Open && !s.Outside {
				clinic += s.Clinic
				staff += s.Staff
			}
		}
		return n, clinic, staff
	}
	b.Take()
	before, clinic, staff := owned()
	c.MakeOrBuy.UnitCost = 5
	if err := b.Reform(c); err != nil {
		t.Fatal(err)
	}
	b.provideOrBuy()
	after, kept, there := owned()
	if before == 0 || after != 0 || kept != clinic || there != staff {
		t.Errorf("%d clinics of their own become %d, %g slots %g and %d specialists %d", before, after, clinic, kept, staff, there)
	}
	steps(t, b, 52)
	checkQueues(t, b, "clinics given up")
	if n := events("buy")(&outcomeOf{rows: b.Take()}); int(n) < before { // and those that were planned
		t.Errorf("%g clinics are given up, want %d or more", n, before)
	}
}
