package experiment

import (
	"cmp"
	"encoding/json"
	"hash/crc32"
	"iter"
	"maps"
	"math"
	"slices"

	"coexist/sim/tables"
)

// A personal measure is one number of a person in a year, from the table of patients.
type personal struct {
	name, unit string
	better     int     // +1 higher is better, -1 lower is better
	same       float64 // differences up to this count as none
	of         func(p *tables.Patient) (v float64, ok bool)
}

// personals are what winners and losers are told by. What is counted is a yearly rate; the rest is a
// mean over the years in which it is defined.
var personals = []personal{
	{"effective_options", "options", +1, .05, func(p *tables.Patient) (float64, bool) { return p.EffectiveOptions, p.EffectiveOptions >= 0 }},
	{"wait_weeks", "weeks", -1, 1, func(p *tables.Patient) (float64, bool) { return p.WaitWeeks, p.WaitWeeks >= 0 }},
	{"control", "index", +1, .01, func(p *tables.Patient) (float64, bool) { return p.Control, p.ConditionCount > 0 }},
	{"bad_events", "a year", -1, 0, func(p *tables.Patient) (float64, bool) {
		return float64(p.AvoidableEmergency + p.Readmissions + p.Harm), true
	}},
	{"handoff_failures", "a year", -1, 0, func(p *tables.Patient) (float64, bool) { return float64(p.HandoffFailures), true }},
	{"upc", "index", +1, .05, func(p *tables.Patient) (float64, bool) { return p.UPC, p.UPC >= 0 }},
}

// Winners says how the same people fare in two scenarios, in the first run, by one measure.
type Winners struct {
	Place     string  `json:"place"`
	Scenario  string  `json:"scenario"`
	Reference string  `json:"reference"`
	Group     string  `json:"group"`
	Measure   string  `json:"measure"`
	Unit      string  `json:"unit"`
	People    int     `json:"people"` // with a value in both
	Better    int     `json:"better"` // of them
	Worse     int     `json:"worse"`  // of them
	Gain      float64 `json:"-"`      // mean difference of those who are better off, in the better direction; NaN if there are none
	Loss      float64 `json:"-"`      // the same of those who are worse off, in the worse direction
}

// MarshalJSON writes gains and losses that there are not as null.
func (w Winners) MarshalJSON() ([]byte, error) {
	type plain Winners
	return json.Marshal(struct {
		plain
		Gain *float64 `json:"mean_gain"`
		Loss *float64 `json:"mean_loss"`
	}{plain(w), finite(w.Gain), finite(w.Loss)})
}

// person is what is known of one person in one scenario: by measure, the sum and number of years.
type person struct {
	groups [3]string // rurality, deprivation fifth and age band in the first year
	values []cell
}

// where is the place and scenario of a person.
type where struct{ place, scenario string }

// WinnersAndLosers pairs the people of the table of patients by their id: the same person, with the same
// luck, under a scenario and under the reference. Years in which a person is there in only one of the two
// count there alone. Of very many people one in every is taken, by a hash of the id, so that they fit in
// memory. Rows come by place, scenario, group and measure, in the order given.
func WinnersAndLosers(rows iter.Seq2[tables.Patient, error], places, scenarios []string, reference string, every int) ([]Winners, error) {
	people := map[where]map[string]*person{}
	for p, err := range rows {
		if err != nil {
			return nil, err
		}
		if p.Run != 1 || every > 1 && crc32.ChecksumIEEE([]byte(p.ID))%uint32(every) != 0 {
			continue
		}
		at := where{p.Place, p.Scenario}
		if people[at] == nil {
			people[at] = map[string]*person{}
		}
		x := people[at][p.ID]
		if x == nil {
			x = &person{groups: groupsOf(&p), values: make([]cell, len(personals))}
			people[at][p.ID] = x
		}
		for i, m := range personals {
			if v, ok := m.of(&p); ok && !math.IsNaN(v) {
				x.values[i].sum += v
				x.values[i].n++
			}
		}
	}
	var list []Winners
	for _, place := range places {
		for _, s := range scenarios {
			if s != reference {
				list = append(list, compareLives(people[where{place, s}], people[where{place, reference}], Winners{Place: place, Scenario: s, Reference: reference})...)
			}
		}
	}
	return list, nil
}

// groupsOf are the groups of a person, as in the table of outcomes.
func groupsOf(p *tables.Patient) [3]string {
	rurality, age := "rurality:urban", "age:0-15"
	if p.Rural {
		rurality = "rurality:rural"
	}
	switch {
	case p.Age >= 65:
		age = "age:65+"
	case p.Age >= 16:
		age = "age:16-64"
	}
	return [3]string{rurality, "deprivation:" + string(rune('0'+p.Fifth)), age}
}

// compareLives compares people under two scenarios, everyone first, then by group.
func compareLives(now, then map[string]*person, base Winners) []Winners {
	type slot struct {
		group   string
		measure int
	}
	sums := map[slot]*Winners{}
	for _, id := range slices.Sorted(maps.Keys(now)) { // in order, so that sums have the same bytes
		x, y := now[id], then[id]
		if y == nil {
			continue
		}
		for i, m := range personals {
			a, b := x.values[i], y.values[i]
			if a.n == 0 || b.n == 0 {
				continue
			}
			gain := float64(m.better) * (a.sum/float64(a.n) - b.sum/float64(b.n))
			for _, g := range append([]string{"all"}, y.groups[:]...) {
				k := slot{g, i}
				w := sums[k]
				if w == nil {
					w = new(Winners)
					*w = base
					w.Group, w.Measure, w.Unit = g, m.name, m.unit
					sums[k] = w
				}
				w.People++
				switch {
				case gain > m.same:
					w.Better++
					w.Gain += gain
				case gain < -m.same:
					w.Worse++
					w.Loss -= gain
				}
			}
		}
	}
	inOrder := func(a, b slot) int { return cmp.Or(byGroup(a.group, b.group), cmp.Compare(a.measure, b.measure)) }
	var list []Winners
	for _, k := range slices.SortedFunc(maps.Keys(sums), inOrder) {
		w := *sums[k]
		w.Gain /= float64(w.Better) // 0/0 is NaN: none
		w.Loss /= float64(w.Worse)
		list = append(list, w)
	}
	return list
}
