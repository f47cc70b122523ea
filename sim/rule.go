package sim

import (
	"coexist/agents"
	"coexist/market"
	"coexist/sim/tables"
)

// Rule decides the effort of an organisation for the next quarter, in place of the model's own rule
// (the best reply at the slope of demand that the organisation has learned, ODD 7.8). It sees the
// organisation, its aims and where it stands, Situation.Slope as learned so far. It must be a function
// of these alone and must not draw from a shared source of chance: otherwise runs do not repeat.
// Efforts are taken into [0, market.MaxEffort], integration into [0, 1].
type Rule func(o agents.Organisation, aims market.Aims, s market.Situation) market.Tasks

// Gauge is a measure of one's own. Read is called at the end of every quarter and must change
// nothing; ok is false where the value is not defined. The value becomes an outcome of the group "all".
type Gauge struct {
	Name, Unit string
	Read       func(m *Model) (value float64, ok bool)
}

// applyRule lets the rule of the settings set what an organisation will do.
func (m *Model) applyRule(o *agents.Organisation, l *market.Learner, aims market.Aims, s market.Situation) {
	s.Slope, s.Demand = l.Slope(), l.Demand
	x := m.set.Rule(*o, aims, s)
	o.Quality, o.Prevent = clip(x.Quality, 0, market.MaxEffort), clip(x.Prevention, 0, market.MaxEffort)
	o.Integrate = clip(x.Integration, 0, 1)
	l.Mean = market.Tasks{Quality: o.Quality, Integration: o.Integrate, Prevention: o.Prevent}
	l.Played = l.Mean
}

// readGauges hands out the measures of the settings.
func (m *Model) readGauges(quarter int32) {
	for _, g := range m.set.Gauges {
		if value, ok := g.Read(m); ok && value == value {
			m.rows.batch.Outcomes = append(m.rows.batch.Outcomes, tables.Outcome{Quarter: quarter, Group: "all", Measure: g.Name, Unit: g.Unit, Value: value})
		}
	}
}
