package sim

import (
	"math"
	"testing"

	"coexist/configs"
	"coexist/sim/tables"
)

// TestExpected: the expected flows of an area add up to 1,000 referrals, and to one system where there
// is only one.
func TestExpected(t *testing.T) {
	for _, name := range []string{"status-quo", "airline", "single-system-torbay"} {
		short := func(c *configs.Config) { c.Time.Years = 1 }
		m := branch(t, warm(t, county, .5), scenario(t, name, short))
		steps(t, m, 52)
		byArea := map[string]float64{}
		byName := map[string]float64{}
		for _, f := range m.Take().Flows {
			if f.Line == tables.LineExpected {
				byArea[f.From] += float64(f.Patients)
				byName[f.Through] += float64(f.Patients)
			}
		}
		if len(byArea) == 0 || len(byArea) > len(m.place.Areas) {
			t.Fatalf("%s: expected flows of %d areas, want up to %d", name, len(byArea), len(m.place.Areas))
		}
		for area, n := range byArea {
			if math.Abs(n-1000) > 5 {
				t.Errorf("%s: of 1,000 referrals from %s %v go somewhere", name, area, n)
			}
		}
		if name == "single-system-torbay" && len(byName) > 2 {
			t.Errorf("one system: care is expected of %v", byName)
		}
		if name == "status-quo" && len(byName) < 2 {
			t.Errorf("many trusts: care is expected of %v", byName)
		}
	}
}

// TestExpectedWeighs: the flows of an area are the probabilities of its people's referrals, each as heavy
// as its line is needed.
func TestExpectedWeighs(t *testing.T) {
	m := branch(t, warm(t, county, .5), scenario(t, "status-quo", func(c *configs.Config) { c.Time.Years = 1 }))
	e := m.newExpected()
	if e != nil {
		t.Fatal("expected flows before the last year")
	}
	m.week += 51
	e = m.newExpected()
	set := &options{list: []nearby{{service: 0}, {service: 1}, {service: 2}}}
	set.p[0], set.p[1], set.p[2] = .5, .2, .3
	now := []standing{{owner: 0 + firstProvider}, {owner: 1 + firstProvider}, {owner: 0 + firstProvider}}
	e.add(3, .1, set, now)
	set.list, set.p[0] = set.list[1:2], 1
	e.add(3, .3, set, now)
	m.rows.batch = tables.Batch{}
	m.expectedRows(e)
	got := m.Take().Flows
	want := map[string]int64{m.names[m.providers[0].Name]: 1000 * .1 * (.5 + .3) / .4, m.names[m.providers[1].Name]: 1000 * (.1*.2 + .3) / .4}
	if len(got) != 2 {
		t.Fatalf("flows %+v, want two", got)
	}
	for _, f := range got {
		if f.From != m.place.Areas[3].Code || f.Patients != want[f.Through] {
			t.Errorf("flow %+v, want %d", f, want[f.Through])
		}
	}
}
