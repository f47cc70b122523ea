package sim

import (
	"testing"

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
