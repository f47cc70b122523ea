package sim

import (
	"testing"

	"coexist/configs"
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

// byGroup sorts what is handed out by group; all must be of one quarter.
func byGroup(t *testing.T, rows []tables.Outcome, quarter int32) map[string]handed {
	t.Helper()
	all := map[string]handed{}
	for _, o := range rows {
		if o.Quarter != quarter {
			t.Fatalf("%+v in quarter %d", o, quarter)
		}
		if all[o.Group] == nil {
			all[o.Group] = handed{}
		}
		all[o.Group][o.Measure] = o.Value
	}
	return all
}

// TestObservingYear: at the end of a year each group is handed out as its own year was, everyone as the
// quarter was, and what the groups cost together is what everyone cost.
func TestObservingYear(t *testing.T) {
	b := branch(t, warm(t, county, .2), scenario(t, "competing-systems", func(c *configs.Config) { c.Time.Years = 1 }))
	steps(t, b, 51)
	for rank := range 2 * ranks { // children are forgotten, and of the oldest all but a week of one person
		for _, age := range []int{0, 3} {
			b.rows.groups.cell[rank*ageBands+age][personWeeks] = 0
			b.counts.cell[rank*ageBands+age][personWeeks] = 0
		}
	}
	b.rows.groups.cell[3][personWeeks] = 1
	b.Take()
	quarter, year := b.counts, counts{}
	merge(&year, b.rows.groups)
	merge(&year, &quarter)
	choice, care, before := b.sampleChoice(nil), b.sampleCare(), b.rows.cost
	b.observe()
	rows := b.Take()
	got := byGroup(t, rows.Outcomes, 4)
	together, weeks := 0.0, 0.0
	for k := range groups {
		g := &groups[k]
		h, n := got[g.name], year.total(g)
		if n.n[personWeeks] == 0 {
			if h != nil {
				t.Errorf("%s: nobody has %v", g.name, h)
			}
			continue
		}
		if g.name == "all" {
			n = quarter.total(g)
		}
		h.want(t, "mortality", 52000*n.n[deaths]/n.n[personWeeks])
		h.want(t, "control", care.of(g)[sumControl]/care.of(g)[sumChronic])
		h.want(t, "effective_options", choice.of(g)[sumEffective]/choice.of(g)[sumPeople])
		want := handed{}
		b.putQuality(want.put, n, care, g)
		if q, ok := want["quality_index"]; ok {
			h.want(t, "quality_index", q)
		} else {
			h.none(t, "quality_index")
		}
		if g.name != tables.WorstOff {
			b.putChoice(want.put, choice, g, year.total(g))
			h.want(t, "spend_open_to_choice", want["spend_open_to_choice"])
			h.want(t, "coc", care.of(g)[sumCOC]/care.of(g)[sumSeen])
		}
		if g.name == "rurality:urban" || g.name == "rurality:rural" {
			together += h["cost_per_head"] * n.n[personWeeks] / 52
			weeks += n.n[personWeeks]
		}
	}
	all := year.total(&groups[0]).n[personWeeks]
	if weeks != all || got["rurality:rural"] == nil {
		t.Fatalf("town and country had %v person-weeks of %v", weeks, all)
	}
	near(t, "cost of town and country", together, before+got["all"]["cost_per_head"]*float64(b.people.Alive)/4, 1e-6*together)
	want := handed{}
	b.putEquity(want.put, &year)
	got["all"].want(t, "slope_avoidable", want["slope_avoidable"])
	if left := b.counts.total(&groups[0]); left.n != (total{}).n || b.rows.groups != nil || b.rows.cost != 0 {
		t.Errorf("a new year begins with %v, %v and a cost of %v", left.n, b.rows.groups, b.rows.cost)
	}
	if n := len(rows.Patients); n == 0 || rows.Patients[0].Year != 1 {
		t.Errorf("%d people of the patients table after a year", n)
	}
	if len(rows.Flows) == 0 || rows.Flows[0].Line != tables.LineConcentration {
		t.Errorf("%d flows, want the concentration of areas in the last year", len(rows.Flows))
	}
	if got["system:"+b.names[b.systems[0].Name]] == nil {
		t.Error("no outcomes of a system")
	}
}

// TestObservingTwo: two hospitals are a choice, one is none.
func TestObservingTwo(t *testing.T) {
	for hospitals, want := range map[string]bool{"1": false, "2": true} {
		m := begin(t, world1(t, "synthetic:residents=4000,practices=5,districts=2,hospitals="+hospitals, 1))
		steps(t, m, 1)
		if s := m.sampleChoice(nil).of(&groups[0]); s[sumOpen] > 0 != want || s[sumLines] == 0 {
			t.Errorf("%s hospitals: %v of %v lines are open to choice", hospitals, s[sumOpen], s[sumLines])
		}
	}
}
