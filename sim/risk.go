package sim

import (
	"math/bits"

	"coexist/agents"
	"coexist/market"
)

// risk is the expected cost of a person relative to all, as the best adjustment would see it, and
// the mean of it among people of the same age and sex: by what illness does to contacts and
// emergencies.
func (m *Model) risk(p *agents.Patient) (r, cell float64) {
	return m.riskAt(p.Sex(), p.Age(m.week), min(bits.OnesCount32(p.Conditions), maxConditions))
}

// riskAt is the risk of those of a sex and age with n conditions.
func (m *Model) riskAt(sex, age, n int) (r, cell float64) {
	h := m.hazards
	rate := &h.rate[sex][age]
	pay := &m.cfg.Payment
	usual := float64(52*pay.GPContact*float64(h.contact[sex][age][n])) + float64(52*(rate.emergency+rate.avoidable)*pay.Emergency*h.emergency[n]) +
		float64(52*rate.admission*pay.OtherAdmission) + plannedCare
	mean := float64(52*pay.GPContact*float64(h.contact[sex][age][1])) + float64(52*(rate.emergency+rate.avoidable)*pay.Emergency*h.burden[byEmergency][age]) +
		float64(52*rate.admission*pay.OtherAdmission) + plannedCare
	scale := pay.GPCapitation + hospitalHead // close to the mean; budgets use ratios alone
	return usual / scale, mean / scale
}

// plannedCare is planned hospital care, alike for all, GBP a head and year: what of the hospital's
// part of the envelope is not emergency.
const plannedCare = 300

// weighDistricts works out the people and the mean risk weight of each district, which weight its
// commissioner's budget; the mean of the place is 1.
func (m *Model) weighDistricts() {
	type sums struct{ heads, risk, alone []int64 }
	by := make([]sums, len(m.parts))
	var weight [2][101][maxConditions + 1]int64
	for sex := range weight {
		for age := range weight[sex] {
			for n := range weight[sex][age] {
				r, _ := m.riskAt(sex, age, n)
				weight[sex][age][n] = market.MicroHeads(r)
			}
		}
	}
	m.parallel(len(m.parts), func(_, i int) {
		s := sums{make([]int64, len(m.buyers)), make([]int64, len(m.buyers)), make([]int64, len(m.buyers))}
		q := &m.parts[i]
		for k := range q.people {
			if p := &q.people[k]; p.Flags&agents.Alive != 0 {
				d := m.geo.district[p.Area]
				s.heads[d]++
				s.risk[d] += weight[p.Sex()][p.Age(m.week)][min(bits.OnesCount32(p.Conditions), maxConditions)]
				if p.System == agents.None {
					s.alone[d]++
				}
			}
		}
		by[i] = s
	})
	heads, risk := int64(0), int64(0)
	districts := make([]int64, len(m.buyers))
	for d := range m.buyers {
		n, alone := int64(0), int64(0)
		for i := range by {
			n += by[i].heads[d]
			alone += by[i].alone[d]
			districts[d] += by[i].risk[d]
		}
		m.buyers[d].Population, m.buyers[d].Residual = int32(n), int32(alone)
		heads += n
		risk += districts[d]
	}
	for d := range m.buyers {
		if b := &m.buyers[d]; b.Population > 0 && risk > 0 {
			b.Weight = float64(districts[d]) / float64(b.Population) * float64(heads) / float64(risk)
		}
	}
}

// weighSystems sums the risk weights of the enrolled of each system: what capitation pays for. The
// whole population keeps a mean weight of 1, so that the subsidy as a whole does not depend on who
// is where.
func (m *Model) weighSystems() {
	if len(m.systems) == 0 {
		return
	}
	type sums struct{ heads, risk []int64 }
	by := make([]sums, len(m.parts))
	m.parallel(len(m.parts), func(_, i int) {
		s := sums{make([]int64, len(m.systems)), make([]int64, len(m.systems))}
		q := &m.parts[i]
		for k := range q.people {
			p := &q.people[k]
			if p.Flags&agents.Alive == 0 || p.System == agents.None {
				continue
			}
			r, cell := m.risk(p)
			s.heads[p.System]++
			s.risk[p.System] += market.MicroHeads(market.RiskWeight(m.regime.accuracy, r, cell))
		}
		by[i] = s
	})
	heads, risk := int64(0), int64(0)
	for s := range m.systems {
		o := &m.systems[s]
		o.Enrolled, o.Risk = 0, 0
		for i := range by {
			o.Enrolled += int32(by[i].heads[s])
			o.Risk += by[i].risk[s]
		}
		heads += int64(o.Enrolled)
		risk += o.Risk
	}
	for s := range m.systems {
		if risk > 0 {
			m.systems[s].Risk = int64(float64(m.systems[s].Risk) / float64(risk) * float64(heads) * 1_000_000)
		}
	}
}
