package sim

import (
	"fmt"
	"math"
	"testing"

	"coexist/agents"
	"coexist/configs"
	"coexist/market"
	"coexist/sim/place"
	"coexist/sim/tables"
)

// none wants that measures are not handed out.
func (h handed) none(t *testing.T, names ...string) {
	t.Helper()
	for _, name := range names {
		if v, ok := h[name]; ok {
			t.Errorf("%s = %v, want it undefined", name, v)
		}
	}
}

// TestMeasuresOfSingleWaits: one wait in a week is a wait, the quantile 0 is where the first begins, and
// 18 weeks end with the eighteenth.
func TestMeasuresOfSingleWaits(t *testing.T) {
	c := &total{}
	if v, ok := c.waitQuantile(.5); v != 0 || ok {
		t.Errorf("the median of no waits = %v, %v", v, ok)
	}
	if v, ok := c.within(18); v != 0 || ok {
		t.Errorf("the share of no waits = %v, %v", v, ok)
	}
	c.waits[4], c.waits[9] = 1, 1
	for _, row := range []struct{ q, want float64 }{{0, 4}, {.25, 4.5}, {.5, 5}, {.75, 9.5}, {1, 10}} {
		if got, ok := c.waitQuantile(row.q); !ok || got != row.want {
			t.Errorf("quantile %v = %v (%v), want %v weeks", row.q, got, ok, row.want)
		}
	}
	c.waits[17], c.waits[18] = 1, 5
	h := handed{}
	(&Model{}).putRates(h.put, c)
	h.want(t, "within_18_weeks", 3.0/8)
}

// TestMeasuresOfTheWorstOff: of the worst-off tenth the measures of quality and the headlines are kept, of
// other groups all.
func TestMeasuresOfTheWorstOff(t *testing.T) {
	for k := range groups {
		h := handed{}
		put := groups[k].of(h.put)
		for _, m := range tables.Measures {
			put(m.Name, 1, true)
		}
		for _, m := range tables.Measures {
			want := groups[k].name != tables.WorstOff || m.Dimension == "quality" ||
				m.Name == "effective_options" || m.Name == "cost_per_head" || m.Name == "handoff_failures_per_episode"
			if _, got := h[m.Name]; got != want {
				t.Errorf("%s: %s is kept: %v, want %v", groups[k].name, m.Name, got, want)
			}
		}
	}
}

// TestMeasuresThatAreUndefined: what is no number, or not defined, leaves no row, and a row says when, of
// whom and in what unit.
func TestMeasuresThatAreUndefined(t *testing.T) {
	m := &Model{}
	put := m.putter(7, "all")
	put("harm", 1, false)
	put("harm", math.NaN(), true)
	put("harm", 2, true)
	if rows := m.rows.batch.Outcomes; len(rows) != 1 || rows[0] != (tables.Outcome{Quarter: 7, Group: "all", Measure: "harm", Unit: "per 1,000 episodes", Value: 2}) {
		t.Errorf("rows %+v, want one of 2", rows)
	}
	func() {
		defer func() {
			if got := recover(); got != "sim: no measure luck" {
				t.Errorf("an unknown measure: %v", got)
			}
		}()
		put("luck", 1, true)
	}()

	for _, lacks := range []func(c *total, b *basket){
		func(c *total, b *basket) { b[0][sumChronic] = 0 },
		func(c *total, b *basket) { c.waits[4] = 0 },
		func(c *total, b *basket) { c.n[episodes] = 0 },
		func(c *total, b *basket) { c.n[gpContacts], c.n[nurseContacts] = 0, 0 },
		func(c *total, b *basket) {}, // nothing
	} {
		c, b := &total{}, &basket{}
		c.n[personWeeks], c.n[episodes], c.n[nurseContacts], c.waits[4], b[0][sumChronic] = 52, 1, 1, 1, 1
		whole := *b
		lacks(c, b)
		_, ok := m.qualityOf(c, b, &groups[0])
		if want := c.n[episodes] == 1 && c.n[nurseContacts] == 1 && c.waits[4] == 1 && *b == whole; ok != want {
			t.Errorf("quality of %v episodes, %v contacts, %v waits: %v, want %v", c.n[episodes], c.n[nurseContacts], c.waits[4], ok, want)
		}
	}
}

// TestMeasuresOfRareQuality: what was rare at the reference is compared by ratio all the same.
func TestMeasuresOfRareQuality(t *testing.T) {
	m := &Model{}
	m.reference.Fixed = true
	m.reference.Parts = [qualityParts]float64{partControl: .5, partWait: 4.5, partAvoidable: .5, partHarm: .25, partExperience: 1}
	c, b := &total{}, &basket{}
	c.n[personWeeks], c.n[avoidableEmergencies], c.n[episodes], c.n[harms], c.n[gpContacts], c.waits[4] = 52000, 1, 1000, 1, 1, 1
	b[0][sumChronic], b[0][sumControl] = 2, 1
	h := handed{}
	m.putQuality(h.put, c, b, &groups[0])
	h.want(t, "quality_index", (-(1/.5-1)/qualitySpread[partAvoidable]-(1/.25-1)/qualitySpread[partHarm])/5)
}

// TestMeasuresOfFewDeprived: the index is defined from the first event on, however few people there are;
// events of nobody have no place among ranks.
func TestMeasuresOfFewDeprived(t *testing.T) {
	fifth := func(d int) int { return int(rankOf(2*d)) * ageBands }
	var c counts
	c.cell[fifth(2)][personWeeks], c.cell[fifth(2)][avoidableEmergencies] = 52, 1
	h := handed{}
	(&Model{}).putEquity(h.put, &c)
	h.want(t, "concentration_avoidable", 0) // one person, one event
	h.none(t, "slope_avoidable")

	c = counts{}
	for _, d := range []int{0, 4} {
		c.cell[fifth(d)][personWeeks] = 52 * 5000
	}
	c.cell[fifth(0)][avoidableEmergencies] = 1 // .1 in a thousand of all, all of it at the ranks from a half to one
	h = handed{}
	(&Model{}).putEquity(h.put, &c)
	h.want(t, "concentration_avoidable", -.5)
	h.want(t, "slope_avoidable", .2/.5)

	c.cell[fifth(0)][avoidableEmergencies] = 0
	h = handed{}
	if (&Model{}).putEquity(h.put, &c); len(h) > 0 {
		t.Errorf("without events: %v", h)
	}
	c.cell[fifth(3)][avoidableEmergencies] = 4 // all gone since
	h = handed{}
	(&Model{}).putEquity(h.put, &c)
	h.none(t, "concentration_avoidable")
	h.want(t, "slope_avoidable", 0)
	c = counts{}
	c.cell[fifth(3)][avoidableEmergencies] = 4
	h = handed{}
	if (&Model{}).putEquity(h.put, &c); len(h) > 0 {
		t.Errorf("events without people: %v", h)
	}
}

// TestMeasuresOfLittleMoney: rows carry their quarter, what a pathway pays back lowers the price, and a share
// of management is one of no more than all costs.
func TestMeasuresOfLittleMoney(t *testing.T) {
	m := &Model{}
	m.start, m.week = 100, 125
	const system, group, outside = 0, 1, 2
	m.ledger = market.NewLedger(market.RoleSystem, market.RoleGroup, market.RoleOutside)
	m.people.Alive = 1 // a quarter of a person and year
	m.rows.closing = []market.Total{{Payer: market.RoleSystem, Payee: market.RoleGroup, Kind: market.KindTariff, Service: market.ServiceElective, Amount: 100}}
	m.ledger.Post(system, group, market.KindPathway, market.ServicePathway, 900)
	m.ledger.Post(group, system, market.KindPathway, market.ServiceEmergency, 300)
	m.ledger.Post(group, outside, market.KindBilling, market.ServiceElective, 200)
	h := handed{}
	m.putMoney(h.put)
	h.want(t, "price_per_head", 4*(1+9-3))
	h.want(t, "cost_per_head", 4*2)
	h.want(t, "cost_market", 4*2)
	h.want(t, "management_share", 100)
	for _, row := range m.rows.batch.Ledger {
		if row.Quarter != 2 {
			t.Errorf("posted in the second quarter: %+v", row)
		}
	}
	if len(m.rows.batch.Ledger) != 3 || m.rows.closing != nil {
		t.Errorf("rows %+v, closing %+v, want three and none", m.rows.batch.Ledger, m.rows.closing)
	}
	m.ledger.Post(group, outside, market.KindBilling, market.ServiceElective, 200)
	m.ledger.Post(outside, group, market.KindInputs, market.ServiceElective, 100)
	m.ledger.Post(group, outside, market.KindInputs, market.ServiceElective, -100)
	m.people.Alive, m.week = 0, 151
	h = handed{}
	if m.putMoney(h.put); len(h) > 0 {
		t.Errorf("of nobody, with less than no care and no hospital: %v", h)
	}
	if m.rows.cost != 3 {
		t.Errorf("cost so far %v GBP, want 2 + 2 - 1", m.rows.cost)
	}
}

// TestMeasuresOfAnEmptyMarket: without care, lists, beds or a cohort nothing is said of them.
func TestMeasuresOfAnEmptyMarket(t *testing.T) {
	m := &Model{place: &place.Place{}}
	m.set.Sample = .5
	h := handed{}
	m.putMarket(h.put)
	h.none(t, "phi_mean", "occupancy", "gp_delay_days", "within_4_hours", "life_years")
	for _, name := range []string{"systems", "entries", "exits", "mergers", "registered_with_system", "population"} {
		h.want(t, name, 0)
	}
	m.systems = []agents.Organisation{{Open: true, Enrolled: 1}}
	m.people.Alive, m.cohort = 1, [2]int64{1, 3}
	m.putMarket(h.put)
	h.want(t, "registered_with_system", 1)
	h.want(t, "systems", 1)
	h.want(t, "population", 2)
	h.want(t, "life_years", 3000)
	m.systems[0].Enrolled = 2 // one has died since they were counted
	m.putMarket(h.put)
	h.want(t, "registered_with_system", 1)
}

// TestMeasuresOfTheSmallestSystem: a system with one person has rows, one that opened too late to be
// counted has none.
func TestMeasuresOfTheSmallestSystem(t *testing.T) {
	m := &Model{names: []string{"A", "B"}}
	m.systems = []agents.Organisation{{Name: 0, Enrolled: 1}, {Name: 1, Enrolled: 5}}
	year := &counts{system: make([][kinds]int64, 2)} // the last is for people in none
	year.system[0][avoidableEmergencies] = 2
	year.system[1][avoidableEmergencies] = 70
	for alive, share := range map[int64]float64{0: 1, 1: 1, 2: .5} {
		m.people.Alive, m.rows.batch.Outcomes = alive, nil
		m.putSystems(4, year)
		h := handed{}
		for _, o := range m.rows.batch.Outcomes {
			if o.Group != "system:A" {
				t.Errorf("handed out: %+v", o)
			}
			h[o.Measure] = o.Value
		}
		h.want(t, "avoidable_admissions", 2000)
		h.want(t, "registered_with_system", share)
		h.none(t, "handoff_failures_per_episode", "pathway_inside")
	}
}

// TestMeasuresOfLimits: an option is acceptable, and need covered, up to and including the limits of the wait
// and the way; quality must be above its own.
func TestMeasuresOfLimits(t *testing.T) {
	m := &Model{}
	m.cfg = configs.Default()
	m.cfg.Measures.AcceptMinutes, m.cfg.Measures.AcceptWeeks, m.cfg.Measures.AcceptQuality, m.cfg.Choice.MaxMinutes = 45, 18, -1, 60
	for _, row := range []struct {
		wait       float64
		minutes    float32
		quality    float64
		acceptable float64
		covered    bool
	}{
		{18, 45, 0, 1, true}, {0, 0, -.75, 1, true}, {18, 45.5, 0, 0, true}, {18, 60, 5, 0, true}, {18, 60.5, 5, 0, false},
		{18.5, 45, 5, 0, false}, {18, 45, -1, 0, true}, {18, 45, -1.5, 0, true},
	} {
		set := &options{}
		set.list = set.room[:1]
		set.list[0].minutes = row.minutes
		d, covered := m.weigh(set, []standing{{wait: row.wait, quality: row.quality}}, &taste{minutes: .05})
		if d.acceptable != row.acceptable || covered != row.covered {
			t.Errorf("%+v: acceptable %v, covered %v", row, d.acceptable, covered)
		}
	}
	for k := range 50 { // to the last bit, though a sum of differences may not be
		set := &options{}
		set.list, set.v[0], set.x[0] = set.room[:1], .1*float64(k), .07*float64(k)
		if d, _ := m.weigh(set, []standing{{}}, &taste{minutes: 1}); d.value != set.x[0] || d.effective != 1 {
			t.Errorf("one option worth %v: %+v", set.x[0], d)
		}
	}
	set := &options{}
	set.list = set.room[:2]
	d, _ := m.weigh(set, []standing{{}}, &taste{minutes: .5})
	near(t, "effective of two alike", d.effective, 2, 1e-12)
	near(t, "value of two alike", d.value, 2*math.Ln2, 1e-12)
	set.v[0], set.x[0] = -800, -800 // far beyond what its exponential can be told from nothing
	d, _ = m.weigh(set, []standing{{}}, &taste{minutes: 1})
	near(t, "effective of one and a hopeless one", d.effective, 1, 1e-12)
	near(t, "value of one and a hopeless one", d.value, 0, 1e-12)
	for _, row := range []struct {
		v    []float64
		real float64
	}{{[]float64{0}, 0}, {[]float64{0, 0}, 1}, {[]float64{0, -9}, 0}, {[]float64{0, 0, -9}, 1}, {[]float64{-9, 0, -9}, 0}} {
		set := &options{}
		set.list = set.room[:len(row.v)]
		copy(set.v[:], row.v)
		if d, _ := m.weigh(set, []standing{{}}, &taste{minutes: .05}); d.real != row.real {
			t.Errorf("options worth %v: real %v, want %v", row.v, d.real, row.real)
		}
		p := make([]float64, len(row.v))
		market.Probabilities(row.v, p)
		if d := m.plain(p); d.real != row.real {
			t.Errorf("probabilities %v: real %v, want %v", p, d.real, row.real)
		}
	}
}

// TestMeasuresOfHalfAChoice: spending open to choice needs both referrals that could go elsewhere and care.
func TestMeasuresOfHalfAChoice(t *testing.T) {
	m := &Model{}
	m.cfg = configs.Default()
	b, c := &basket{}, &total{}
	b[0][sumLines], b[0][sumOpen] = 4, 3
	h := handed{}
	m.putChoice(h.put, b, &groups[0], c)
	h.none(t, "spend_open_to_choice")
	c.n[dayCases] = 1
	m.putChoice(h.put, &basket{}, &groups[0], c)
	h.none(t, "spend_open_to_choice")
	m.putChoice(h.put, b, &groups[0], c)
	h.want(t, "spend_open_to_choice", .75)
}

// TestMeasuresOfPractices: a practice is chosen by how many of the area it has and what appeals in it, among
// 32 at most; a system through it by the practices it has. Where there is no choice there is one option.
func TestMeasuresOfPractices(t *testing.T) {
	alone := decision{effective: 1, reach: 1, acceptable: 1}
	world := func(practices int) *Model {
		m := &Model{geo: &geography{choices: [][]choice{make([]choice, practices)}}}
		m.cfg = configs.Default()
		m.cfg.Measures.Burden = .5
		m.cfg.Regime.Enrolment = "via-practice"
		m.regime.practice = true
		m.practices = make([]agents.Practice, practices)
		m.signals.front = make([]front, practices)
		for k := range practices {
			m.geo.choices[0][k].practice = uint16(k)
			m.signals.front[k].system = agents.None
			m.practices[k].System = uint16(k % 3)
		}
		return m
	}
	p := &agents.Patient{}
	for n, want := range map[int]float64{0: 1, 1: 1, 2: 2, 3: 3, 32: 32, 33: 32, 40: 32} {
		practice, system := world(n).decidePractice(p)
		if n < 2 && (practice != alone || system != alone) {
			t.Errorf("%d practices: %+v, through them %+v, want no choice", n, practice, system)
		}
		near(t, fmt.Sprint("options of ", n), practice.reach, want, 0)
		near(t, fmt.Sprint("equal options of ", n), practice.effective, want, 1e-9)
		near(t, fmt.Sprint("systems through ", n), system.reach, min(want, 3), 0)
	}
	m := world(4) // systems 0, 1, 2, 0
	for k, x := range []float32{.75, 0, .25, -.5} {
		m.geo.choices[0][k].logShare = x
		m.signals.front[k].appeal = float32(k) / 4
	}
	v, prob := [4]float64{.75, .25, .75, .25}, [4]float64{}
	market.Probabilities(v[:], prob[:])
	practice, system := m.decidePractice(p)
	near(t, "practices", practice.effective, market.EffectiveOptions(prob[:]), 1e-9)
	near(t, "systems", system.effective, market.EffectiveOptions([]float64{prob[0] + prob[3], prob[1], prob[2]}), 1e-9)
	near(t, "burden of four", practice.burden, .5, 0)
	m.cfg.Regime.Enrolment = "direct"
	if _, system := m.decidePractice(p); system != alone {
		t.Errorf("not through the practice: %+v", system)
	}
	m.regime.practice = false
	if practice, _ := m.decidePractice(p); practice != alone {
		t.Errorf("practices assigned: %+v", practice)
	}
}

// TestMeasuresOfSystemsChosen: who enrols directly chooses among the open systems, 32 at most, by the way to
// their nearest hospital.
func TestMeasuresOfSystemsChosen(t *testing.T) {
	alone := decision{effective: 1, reach: 1, acceptable: 1}
	m := &Model{geo: &geography{choices: make([][]choice, 1)}, place: &place.Place{Reach: [][]place.Near{{{Index: 0, Minutes: 10}, {Index: 1, Minutes: 30}}}}}
	m.cfg = configs.Default()
	m.cfg.Choice.Minutes, m.cfg.Choice.MaxMinutes = .05, 25
	m.regime.direct = true
	m.sites = []agents.Hospital{{Owner: 0}, {Owner: 1}}
	m.providers = []agents.Organisation{{System: 0}, {System: 2}}
	m.systems = []agents.Organisation{{Open: true}, {Open: false}, {Open: true}, {Open: true}}
	p := &agents.Patient{}
	v := []float64{-.025 * 10, -.025 * 30, -.025 * 50} // the third is out of reach: twice the longest way
	prob := make([]float64, 3)
	market.Probabilities(v, prob)
	practice, system := m.decidePractice(p)
	if practice != alone || system.reach != 3 {
		t.Errorf("practice %+v, system %+v, want no choice and three open systems", practice, system)
	}
	near(t, "systems", system.effective, market.EffectiveOptions(prob), 1e-9)
	for k := range m.systems {
		m.systems[k].Open = false
	}
	if _, system := m.decidePractice(p); system != alone {
		t.Errorf("all closed: %+v, want no choice", system)
	}
	for open := range 41 {
		m.systems = make([]agents.Organisation, 40)
		for k := range open {
			m.systems[k].Open = true
		}
		if _, system := m.decidePractice(p); system.reach != float64(min(max(open, 1), 32)) {
			t.Errorf("%d open systems: %+v", open, system)
		} else if open < 2 && system != alone {
			t.Errorf("%d open systems: %+v, want no choice", open, system)
		}
	}
	m.regime.direct = false
	if _, system := m.decidePractice(p); system != alone {
		t.Errorf("not direct: %+v, want no choice", system)
	}
}

// TestPanelSize: the panel is a share of the people, but at least so many and at most so many; the least wins.
func TestPanelSize(t *testing.T) {
	for _, row := range []struct {
		share       float64
		least, most int64
		want        float64
	}{
		{.1, 100, 100_000, .1 * 20000},
		{.1, 5000, 100_000, 5000},
		{.1, 100, 600, 600},
		{.1, 3000, 600, 3000},
		{.1, 100_000, 600, 20000},
	} {
		m := begin(t, world1(t, county, 1, func(c *configs.Config) {
			c.Measures.PanelShare, c.Measures.PanelMin, c.Measures.PanelMax = row.share, row.least, row.most
		}))
		n, people := 0.0, 0.0
		for i := range m.parts {
			for k := range m.parts[i].people {
				people++
				if m.parts[i].people[k].Is(agents.Panel) {
					n++
				}
			}
		}
		want := row.want * people / 20000
		if want = min(want, people); abs(n-row.want) > 4*sqrt(want*(1-want/people))+.01*want {
			t.Errorf("share %v, at least %d, at most %d: a panel of %v among %v people, want about %v", row.share, row.least, row.most, n, people, row.want)
		}
	}
}

// TestMeasuresOfThePanel: the living of the panel are asked, each once, with their control as it is this
// week; they are not changed.
func TestMeasuresOfThePanel(t *testing.T) {
	m := branch(t, warm(t, village, 1), scenario(t, "status-quo"))
	steps(t, m, 1)
	people := func() [2]float64 {
		return [2]float64{m.sampleCare().of(&groups[0])[sumPeople] / 1e6, m.sampleChoice(nil).of(&groups[0])[sumPeople] / 1e6}
	}
	all := 0.0
	var one *agents.Patient
	for i := range m.parts {
		for k := range m.parts[i].people {
			if p := &m.parts[i].people[k]; p.Is(agents.Alive | agents.Panel) {
				all++
				one = p
			}
		}
	}
	if got := people(); all == 0 || got != [2]float64{all, all} {
		t.Fatalf("%v people are asked of %v", got, all)
	}
	for name, change := range map[string]func(){
		"another in the place": func() { one.ID++ },
		"dead":                 func() { one.Flags &^= agents.Alive },
		"not of the panel":     func() { one.Flags &^= agents.Panel },
	} {
		was := *one
		change()
		if got := people(); got != [2]float64{all - 1, all - 1} {
			t.Errorf("%s: %v people are asked of %v", name, got, all-1)
		}
		*one = was
	}
	one.Conditions, one.Control, one.Touched = 1, .125, uint16(m.week-40)
	was, fresh := *one, *one
	m.refresh(&fresh, &m.signals.desk[one.Practice])
	var b [basketKinds]int64
	m.care(&b, one, &track{})
	two := agents.Patient{}
	two.Contacts = two.Contacts.Add(1, 0).Add(2, 0)
	var c [basketKinds]int64
	if m.care(&c, &two, &track{}); c[sumSeen] != 1e6 || c[sumUPC] != 5e5 || c[sumCOC] != 0 {
		t.Errorf("two contacts: %v", c)
	}
	for _, once := range []track{{gp: 1}, {nurse: 1}, {attendances: 1}, {ae: 1}, {gp: 1, attendances: 1}, {gp: 1, ae: 1}, {gp: 1, nurse: 1}} {
		var b [basketKinds]int64
		if m.care(&b, &agents.Patient{}, &once); b[sumContacted] != 1e6 {
			t.Errorf("one contact of %+v: %d millionths", once, b[sumContacted])
		}
	}
	if b[sumControl] != micro(float64(fresh.Control)) || fresh.Control < .2 || *one != was {
		t.Errorf("control %d millionths after 40 weeks from .125, want %v", b[sumControl], fresh.Control)
	}
}
