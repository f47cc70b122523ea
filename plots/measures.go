package plots

import (
	"strings"

	"coexist/sim/tables"
)

// aspect is one of the four outcomes, as figures and sentences speak of it.
type aspect struct {
	measure    string
	name       string // of the outcome, lower case: "choice"
	title      string // what is measured: "Effective options per patient"
	short      string // the same over a narrow panel
	unit       Unit
	scale      float64 // from the unit of the rows to the unit drawn
	level      string  // words around a value alone: "%s effective options"
	more, less string  // words after a difference: "more effective options"
	floor      float64 // least possible value of what cannot fall below it
	better     int     // +1 higher is better, -1 lower
}

// aspects are choice, quality, cost and fragmentation, each with the measure that stands for it.
func (b *book) aspects() []aspect {
	all := []aspect{
		{measure: tables.Headline.Choice, name: "choice", title: "Effective options per patient (1 = no choice)", floor: 1, short: "Effective options",
			unit: Unit{Axis: "options"}, level: "%s effective options", more: "more effective options", less: "fewer effective options", better: 1},
		{measure: tables.Headline.Quality, name: "quality", title: "Quality index", short: "Quality index",
			unit: Unit{Axis: "SD of providers"}, level: "a quality index of %s SD", more: "SD higher quality", less: "SD lower quality", better: 1},
		{measure: tables.Headline.Cost, name: "cost", title: "Cost of care per head", short: "Cost per head",
			unit: Unit{Axis: "£ a head a year", Before: "£"}, level: "%s a head each year", more: "more a head each year", less: "less a head each year", better: -1},
		{measure: tables.Headline.Fragmentation, name: "fragmentation", title: "Failed handoffs per 100 episodes of care", short: "Failed handoffs",
			unit: Unit{Axis: "per 100 episodes"}, level: "%s failed handoffs per 100 episodes", more: "more failed handoffs per 100 episodes", less: "fewer failed handoffs per 100 episodes", better: -1},
	}
	for i := range all {
		a := &all[i]
		a.scale = 1
		unit := b.unitOf(a.measure)
		if m, ok := tables.MeasureByName(a.measure); ok {
			if m.Better != 0 {
				a.better = m.Better
			}
			if unit == "" {
				unit = m.Unit
			}
		}
		if strings.HasPrefix(unit, "pence") {
			a.scale = 0.01
		}
		if a.name == "quality" && unit != "" {
			a.unit.Axis = unit
		}
	}
	return all
}

// unitOf is the unit that the rows give the measure.
func (b *book) unitOf(measure string) string {
	for _, p := range b.Meta.Places {
		for _, s := range b.Meta.Scenarios {
			if got := b.series[key{p, s, measure, "all"}]; got != nil {
				return got.unit
			}
		}
	}
	return ""
}
