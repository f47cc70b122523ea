package sim

import (
	"testing"

	"coexist/sim/tables"
)

// TestObservingQuarters: what is counted in a quarter is handed out at its end and begins anew, gauges are
// read each quarter, and what is looked back on is a year.
func TestObservingQuarters(t *testing.T) {
	b := branch(t, warm(t, village, 1), scenario(t, "status-quo"))
	reads := 0.0
	b.set.Gauges = []Gauge{{Name: "reads", Unit: "count", Read: func(*Model) (float64, bool) { reads++; return reads, reads != 2 }}}
	value := func(rows []tables.Outcome, quarter int32, measure string) (v float64, ok bool) {
		for _, o := range rows {
			if o.Quarter == quarter && o.Group == "all" && o.Measure == measure {
				return o.Value, true
			}
		}
		return 0, false
	}
	want := func(rows []tables.Outcome, quarter int32, measure string, want float64) {
		t.Helper()
		if got, ok := value(rows, quarter, measure); !ok || got != want {
			t.Errorf("quarter %d: %s = %v (%v), want %v", quarter, measure, got, ok, want)
		}
	}
	steps(t, b, 12)
	b.rows.entries, b.rows.exits, b.rows.mergers = 3, 2, 1
	steps(t, b, 1)
	rows := b.Take().Outcomes
	want(rows, 1, "entries", 3)
	want(rows, 1, "exits", 2)
	want(rows, 1, "mergers", 1)
	want(rows, 1, "reads", 1)
	if b.Past() != nil {
		t.Errorf("after a quarter it looks back on %+v", b.Past())
	}
	steps(t, b, 39)
	rows = b.Take().Outcomes
	for quarter := int32(2); quarter <= 4; quarter++ {
		want(rows, quarter, "entries", 0)
		want(rows, quarter, "exits", 0)
		want(rows, quarter, "mergers", 0)
	}
	if _, ok := value(rows, 2, "reads"); ok {
		t.Error("a gauge without a value has one")
	}
	want(rows, 4, "reads", 4)
	if y := b.Past(); y == nil || y.Year != 1 || y.Visits <= 0 {
		t.Errorf("after a year it looks back on %+v", y)
	}
	if b.rows.groups != nil || b.rows.cost != 0 {
		t.Errorf("a new year begins with costs of %v", b.rows.cost)
	}
	want(rows, 4, "uncovered_need", 0)
}

// TestObservingUncovered: where sites have one line, all need but that of this line is uncovered, and all
// where they have none: nothing is then chosen and nothing concentrated.
func TestObservingUncovered(t *testing.T) {
	sums := map[int][basketKinds]float64{}
	for _, lines := range []int{0, 1} {
		s := world1(t, village, 1)
		p := *s.Place
		p.Hospitals = append(p.Hospitals[:0:0], p.Hospitals...)
		for i := range p.Hospitals {
			p.Hospitals[i].Lines = uint16(lines)
		}
		s.Place = &p
		m := begin(t, s)
		steps(t, m, 1)
		sums[lines] = m.sampleChoice(nil).of(&groups[0])
	}
	if c := sums[1]; c[sumLines] <= 0 || c[sumUncovered] <= 0 || c[sumUncovered] >= c[sumLines] {
		t.Errorf("%v of %v lines are uncovered, want some and not all", c[sumUncovered], c[sumLines])
	}
	if c := sums[0]; c[sumLines] != sums[1][sumLines] || c[sumUncovered] != c[sumLines] || c[sumValue] != 0 || c[sumHHI] != 0 {
		t.Errorf("%v of %v lines are uncovered, with a value of %v and a concentration of %v, want all and nothing", c[sumUncovered], c[sumLines], c[sumValue], c[sumHHI])
	}
}
