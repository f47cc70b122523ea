package sim

import (
	"testing"

	"coexist/configs"
	"coexist/sim/tables"
)

// TestConcentration: one system has everything; under the status quo people have several trusts, and
// each area is told of once.
func TestConcentration(t *testing.T) {
	for _, name := range []string{"status-quo", "airline", "single-system-torbay"} {
		m := branch(t, warm(t, county, .5), scenario(t, name, func(c *configs.Config) { c.Time.Years = 1 }))
		steps(t, m, 52)
		index := map[string]int64{}
		sum := int64(0)
		for _, f := range m.Take().Flows {
			if f.Line != tables.LineConcentration {
				continue
			}
			if _, twice := index[f.From]; twice || f.Patients <= 0 || f.Patients > 1000 || f.Through == "" {
				t.Errorf("%s: row %+v", name, f)
			}
			index[f.From] = f.Patients
			sum += f.Patients
		}
		if len(index) == 0 || len(index) > len(m.place.Areas) {
			t.Fatalf("%s: concentration of %d areas, want up to %d", name, len(index), len(m.place.Areas))
		}
		all := int64(1000 * len(index))
		if one := name == "single-system-torbay"; one != (sum == all) {
			t.Errorf("%s: indices sum to %d of %d", name, sum, all)
		}
	}
}

// TestConcentrationIndex: within a specialty, then the mean over specialties by how often they are
// needed; sites of one organisation count as one.
func TestConcentrationIndex(t *testing.T) {
	m := branch(t, warm(t, county, .5), scenario(t, "status-quo", func(c *configs.Config) { c.Time.Years = 1 }))
	if m.newExpected() != nil {
		t.Fatal("expected flows before the last year")
	}
	m.week += 51
	e := m.newExpected()
	set := &options{list: []nearby{{service: 0}, {service: 1}, {service: 2}}}
	set.p[0], set.p[1], set.p[2] = .5, .2, .3
	now := []standing{{owner: 0 + firstProvider}, {owner: 1 + firstProvider}, {owner: 0 + firstProvider}}
	e.add(3, 0, set, now)
	set.list, set.p[0] = set.list[1:2], 1
	e.add(3, 0, set, now)
	e.add(3, 1, set, now)
	m.rows.batch = tables.Batch{}
	m.concentrationRows(e)
	got := m.Take().Flows
	w := lineShare
	want := int64(1000*(w[0]*(.4*.4+.6*.6)+w[1]*1)/(w[0]+w[1]) + .5)
	if len(got) != 1 || got[0].Patients != want || got[0].From != m.place.Areas[3].Code || got[0].Through != m.names[m.providers[1].Name] {
		t.Errorf("rows %+v, want one of area %s with %d", got, m.place.Areas[3].Code, want)
	}
}
