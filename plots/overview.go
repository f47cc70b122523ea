package plots

import "math"

// Difference is one outcome of one scenario in one place: its median, and how it differs from the
// base with the 95 % interval of the paired differences. All have the unit of the figures.
type Difference struct {
	Place, Scenario, Measure string
	Outcome                  string // choice, quality, cost or fragmentation
	Title                    string // of the measure, for the head of a column
	Unit                     Unit
	Better                   int     // +1 higher is better, -1 lower
	Level                    float64 // median over runs; NaN: not known
	Versus                   Interval
}

// Overview returns the four outcomes of every scenario in every place, in the order of reports, the
// words that figures use for scenarios and places, and the years over which values are means.
func Overview(d *Data) (all []Difference, title func(name string) string, years string) {
	b := read(d.clone(), Needs)
	for _, p := range b.Meta.Places {
		for _, s := range b.Meta.Scenarios {
			for _, a := range b.aspects() {
				k := key{p, s, a.measure, "all"}
				x := Difference{Place: p, Scenario: s, Measure: a.measure, Outcome: a.name, Title: a.short, Unit: a.unit, Better: a.better,
					Level: b.lateBand(k, a.scale).Mid, Versus: unknown}
				if s != b.Meta.Base {
					x.Versus = b.difference(k, b.Meta.Base, a.scale)
				}
				if !math.IsNaN(x.Level) {
					all = append(all, x)
				}
			}
		}
	}
	return all, b.title, b.window()
}
