package sim

import (
	"coexist/agents"
	"coexist/market"
)

// noteAvoidable adds the avoidable admissions of the quarter to the year: of each system's people, and in
// the last place of everyone.
func (m *Model) noteAvoidable() {
	last := len(m.year.avoidable) - 1
	for s := range min(last, len(m.counts.system)-1) {
		m.year.avoidable[s] += m.counts.system[s][avoidableEmergencies]
	}
	for c := range m.counts.cell {
		m.year.avoidable[last] += m.counts.cell[c][avoidableEmergencies]
	}
}

// referAdmissions takes the admissions of the year against what hazards at the reference say: of the last
// year of the warm-up this becomes the reference, since lost control, missed needs, the season and
// readmissions are in it.
func (m *Model) referAdmissions() {
	expected := m.sumHazards(2, func(sum []float64, _ *agents.Patient, other, avoidable float64) {
		sum[0] += other + avoidable
		sum[1] += avoidable
	})
	all := int64(0)
	for i := range m.providers {
		all += m.year.bills[i*int(bills)+int(billEmergency)]
	}
	m.reference.Emergency, m.reference.Avoidable = 1, 1
	if expected[1] > 0 {
		m.reference.Emergency = float64(all) / (52 * expected[0])
		m.reference.Avoidable = float64(m.year.avoidable[len(m.year.avoidable)-1]) / (52 * expected[1])
	}
}

// reinvest puts into integration and prevention what prevented admissions freed in systems that hold their
// budget (ODD 7.7): the avoidable admissions of the year below those of the reference, by age, sex,
// conditions and deprivation, at their price, less the fixed cost of the system's own hospitals, which
// stays. Who is over its means reinvests nothing.
func (m *Model) reinvest() {
	if !m.regime.systemPays || len(m.systems) == 0 {
		for s := range m.systems {
			m.systems[s].Freed = 0
		}
		return
	}
	expected := m.sumHazards(len(m.systems), func(sum []float64, p *agents.Patient, _, avoidable float64) {
		if p.System != agents.None {
			sum[p.System] += avoidable
		}
	})
	c := &m.cfg.MakeOrBuy
	for s := range m.systems {
		o := &m.systems[s]
		o.Freed = 0
		if o.Enrolled == 0 || s >= len(m.year.avoidable)-1 {
			continue
		}
		o.Spend = m.cfg.Integration.Spend
		if !o.Open || o.Ratio > 1 {
			continue
		}
		weeks := float64(min(m.week+1-o.Founded, 52))
		prevented := float64(expected[s]*m.reference.Avoidable*weeks) - float64(m.year.avoidable[s])
		avoided := market.GBP(max(prevented, 0) * m.cfg.Payment.Emergency)
		stays := market.Pence(0)
		if m.regime.owned && m.regime.anchor[s] != agents.None {
			stays = avoided.Times(m.cfg.Payment.FixedShare)
		}
		each := market.Freed(avoided, stays, c.Reinvest).Pounds() / float64(o.Enrolled)
		o.Spend += min(float64(each*(1-c.ToPrevention)), m.cfg.Integration.Spend)
		o.Freed = float64(each * c.ToPrevention)
	}
}
