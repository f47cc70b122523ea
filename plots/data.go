package plots

import (
	"cmp"
	"errors"
	"maps"
	"math"
	"slices"
	"strings"

	"coexist/sim/place"
	"coexist/sim/tables"
)

// Meta is what all figures of a result have in common.
type Meta struct {
	Version   string            // of coexist, such as "0.1.0"
	Command   string            // that draws the figures again
	Places    []string          // in order of reports, as in the rows
	Scenarios []string          // in order of reports, as in the rows
	Titles    map[string]string // plain names of scenarios and places; absent names are made readable
	Seeds     []int64
	Runs      int
	Years     int
	Hash      string // of the configuration, hexadecimal
	Window    [2]int // first and last year over which differences are averaged; zero: the last three
	Base      string // scenario that others are compared with; empty: status-quo
}

// Data is what figures are drawn from; a figure whose rows are missing is left out.
type Data struct {
	Meta        Meta
	Outcomes    []tables.Outcome
	Flows       []tables.Flow
	Events      []tables.MarketEvent
	Ledger      []tables.Ledger
	Places      map[string]*place.Place // by the name used in the rows
	Enrolment   map[string][]AreaShare  // by scenario + "/" + place, as in the rows
	Care        map[string][]AreaShare  // the same of where hospital care is expected, of which the part of the leader is not told
	Targets     []Target                // of a validation
	Coexistence []CoexistenceCell       // of a sweep
	Worlds      string                  // what a plausible world of the sweep is, such as "a draw of what no data identify"
	Notes       map[string]string       // by place: what is otherwise there than the labels of the map say
	Influence   []Influence             // of a sweep
}

// AreaShare says who leads in one small area at the end of the first run: among systems in enrolment,
// among controlling organisations in where people are expected to be treated.
type AreaShare struct {
	Area   string  // code of the area, as in place.Area
	Leader string  // system or organisation with the most; empty: nobody is enrolled, or none treats
	Share  float64 // of the area's residents, or of its referrals, that are the leader's, 0 to 1
	HHI    float64 // squared shares of those enrolled, or of referrals within a specialty, 0 to 1; 0: there are none
}

// key names one series of the outcomes.
type key struct{ place, scenario, measure, group string }

// series holds the yearly values of one key, by run and year; years without a value are NaN.
type series struct {
	unit string
	runs map[int32][]float64
}

// book is the outcomes by key, reduced to years.
type book struct {
	*Data
	series map[key]*series
	years  int
}

// read reduces the outcomes that figures need to yearly means. Rows of other measures or groups
// are passed over, as are values that are not numbers.
func read(d *Data, wanted func(measure, group string) bool) *book {
	b := &book{Data: d, series: map[key]*series{}, years: d.Meta.Years}
	for i := range d.Outcomes {
		b.years = max(b.years, int(d.Outcomes[i].Quarter+3)/4)
	}
	type cell struct {
		sum float64
		n   int
	}
	cells := map[*series]map[int32][]cell{}
	var last key
	var s *series
	for i := range d.Outcomes {
		o := &d.Outcomes[i]
		if math.IsNaN(o.Value) || math.IsInf(o.Value, 0) || o.Quarter < 1 || !wanted(o.Measure, o.Group) {
			continue
		}
		if k := (key{o.Place, o.Scenario, o.Measure, o.Group}); k != last || s == nil {
			if s = b.series[k]; s == nil {
				s = &series{unit: o.Unit, runs: map[int32][]float64{}}
				b.series[k], cells[s] = s, map[int32][]cell{}
			}
			last = k
		}
		years := cells[s][o.Run]
		if years == nil {
			years = make([]cell, b.years)
			cells[s][o.Run] = years
		}
		y := (o.Quarter - 1) / 4
		years[y].sum += o.Value
		years[y].n++
	}
	for s, runs := range cells {
		for run, years := range runs {
			values := make([]float64, len(years))
			for y, c := range years {
				values[y] = c.sum / float64(c.n) // 0/0 is NaN: no value
			}
			s.runs[run] = values
		}
	}
	b.complete()
	return b
}

// complete fills what the caller left out of Meta from the rows.
func (b *book) complete() {
	m := &b.Meta
	places, scenarios, runs := map[string]bool{}, map[string]bool{}, map[int32]bool{}
	for k, s := range b.series {
		places[k.place], scenarios[k.scenario] = true, true
		for run := range s.runs {
			runs[run] = true
		}
	}
	for k := range b.Care {
		scenario, where, _ := strings.Cut(k, "/")
		places[where], scenarios[scenario] = true, true
	}
	for k := range b.Enrolment {
		scenario, where, _ := strings.Cut(k, "/")
		places[where], scenarios[scenario] = true, true
	}
	if len(m.Places) == 0 {
		m.Places = slices.Sorted(maps.Keys(places))
	}
	if len(m.Scenarios) == 0 {
		m.Scenarios = slices.SortedFunc(maps.Keys(scenarios), inReports)
	}
	if m.Runs == 0 {
		m.Runs = len(runs)
	}
	if m.Base == "" {
		m.Base = "status-quo"
	}
	if m.Window == [2]int{} {
		m.Window = [2]int{max(1, b.years-2), b.years}
	}
	m.Window[0] = max(1, min(m.Window[0], b.years))
	m.Window[1] = max(m.Window[0], min(m.Window[1], b.years))
}

// order is the order of scenarios where the caller gave none.
var order = []string{
	"status-quo", "competing-systems", "airline", "single-system-torbay",
	"arm-closed-none", "arm-closed-virtual", "arm-closed-real",
	"arm-open-none", "arm-open-virtual", "arm-open-real",
}

func inReports(a, b string) int {
	rank := func(s string) int {
		if i := slices.Index(order, s); i >= 0 {
			return i
		}
		return len(order)
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b))
}

// named returns the scenarios that are not core arms, arms the others, each in order.
func (b *book) named() []string { return b.which(false) }
func (b *book) arms() []string  { return b.which(true) }

func (b *book) which(arm bool) []string {
	var names []string
	for _, s := range b.Meta.Scenarios {
		if strings.HasPrefix(s, "arm-") == arm {
			names = append(names, s)
		}
	}
	return names
}

// shortNames are what figures call scenarios.
var shortNames = map[string]string{
	"status-quo":           "Status quo",
	"competing-systems":    "Competing systems",
	"airline":              "Airline",
	"single-system-torbay": "Single system",
	"arm-closed-none":      "Closed, no integration",
	"arm-closed-virtual":   "Closed, virtual integration",
	"arm-closed-real":      "Closed, real integration",
	"arm-open-none":        "Open, no integration",
	"arm-open-virtual":     "Open, virtual integration",
	"arm-open-real":        "Open, real integration",
}

// Named reports whether figures have a short name of their own for a scenario.
func Named(scenario string) bool { return shortNames[scenario] != "" }

// title is the plain name of a scenario or place.
func (b *book) title(name string) string {
	if t := b.Meta.Titles[name]; t != "" {
		return typeset(t)
	}
	if p := b.Places[name]; p != nil && p.Name != "" {
		return typeset(p.Name)
	}
	if t := shortNames[name]; t != "" {
		return t
	}
	return typeset(upperFirst(strings.ReplaceAll(name, "-", " ")))
}

// typeset writes the apostrophes of a name as print does.
func typeset(name string) string { return strings.ReplaceAll(name, "'", "’") }

// has reports whether any place and scenario has the measure for everyone.
func (b *book) has(measure string) bool {
	for _, p := range b.Meta.Places {
		for _, s := range b.Meta.Scenarios {
			if b.series[key{p, s, measure, "all"}] != nil {
				return true
			}
		}
	}
	return false
}

// errNothing says that a result has no rows that a figure could show.
var errNothing = errors.New("nothing to draw: no outcomes of choice, quality, cost or fragmentation, and no enrolment")

// clone copies d so that completing Meta changes nothing of the caller's.
func (d *Data) clone() *Data {
	c := *d
	return &c
}

// Needs says which outcomes the figures read; others need not be in Data.
func Needs(measure, group string) bool {
	h := tables.Headline
	switch measure {
	case h.Choice, h.Quality, h.Cost, h.Fragmentation, avoidable.measure:
		return wantedGroup(group) || group == tables.WorstOff || slices.Contains(fifths, group) || slices.Contains(settlings, group)
	}
	return group == "all" && (slices.ContainsFunc(settings, func(s setting) bool { return s.measure == measure }) || isAim(measure))
}
