package sim

import (
	"math/bits"

	"coexist/agents"
	"coexist/agents/chance"
	"coexist/market"
	"coexist/sim/place"
)

// underway is a pathway that began under a pathway price: for market.PathwayWeeks whoever runs its service
// answers for the person's emergency admissions (ODD 7.6). Parts hold them in the order in which they
// began, and none where nobody is paid so.
type underway struct {
	slot, id       uint32 // of the person; the lower half of the identity
	service, begun uint16
}

// lapse lets go of the pathways whose weeks are over.
func (q *part) lapse(week int32) {
	over := 0
	for over < len(q.underway) && int32(q.underway[over].begun)+market.PathwayWeeks <= week {
		over++
	}
	q.underway = q.underway[over:]
}

// answerUnits are the parts into which one admission divides, among as many as eight.
const answerUnits = 840

// admission is one of this week for which somebody may answer.
type admission struct {
	who   uint64 // as underway.who
	payer int
}

// who tells people on pathways apart, well mixed in its first bits.
func (u *underway) who() uint64 { return uint64(u.id)<<32 | uint64(u.slot) }

// answer notes who answers for the emergency admissions of a part this week: the owners of the pathways that
// the person was on before this week's referrals, in equal parts. The many pathways are passed over once.
func (m *Model) answer(wk *worker, q *part) {
	if len(q.admitted) == 0 {
		return
	}
	ids := make([]uint64, len(q.admitted))
	for k, a := range q.admitted {
		ids[k] = a.who
	}
	people := newIDSet(ids)
	owners := make([][]uint16, len(people.ids))
	for k := range q.underway {
		if i, on := people.find(q.underway[k].who()); on {
			owners[i] = append(owners[i], m.services[q.underway[k].service].Provider)
		}
	}
	for _, a := range q.admitted {
		i, _ := people.find(a.who)
		for _, owner := range owners[i] {
			wk.billed[(a.payer*len(m.providers)+int(owner))*int(bills)+int(billLiable)] += answerUnits / int64(len(owners[i]))
		}
	}
	q.admitted = q.admitted[:0]
}

// payLiability lets whoever is paid for pathways pay back what the admissions that they answer for cost
// their payer.
func (m *Model) payLiability(payer int32, provider uint16, units int64) {
	cost := market.GBP(float64(units) / answerUnits * m.cfg.Payment.Emergency * m.cfg.Payment.PathwayLiability)
	m.ledger.Post(m.account(provider), payer, market.KindPathway, market.ServiceEmergency, cost)
}

// riskPrice is what the price of a pathway of a provider holds for the admissions that it answers for.
func (m *Model) riskPrice(provider int) market.Pence {
	line := place.Lines
	if o := &m.providers[provider]; o.Kind == agents.Group {
		line = place.Line(o.Line)
	}
	return market.GBP(m.risks[line] * m.cfg.Payment.Emergency * m.cfg.Payment.PathwayLiability)
}

// hazardsOf are a person's weekly probabilities of an emergency at the reference: avoidable or not.
func (m *Model) hazardsOf(p *agents.Patient, trend float64) (other, avoidable float64) {
	h, n := m.hazards, min(bits.OnesCount32(p.Conditions), maxConditions)
	r, deprived := &h.rate[p.Sex()][p.Age(m.week)], h.deprived[m.geo.decile[p.Area]]
	return float64(r.emergency * h.emergency[n] * deprived * trend), float64(r.avoidable * h.avoidable[n] * deprived)
}

// sumHazards adds up, over all people part by part, what add makes of a part and of each one's hazards.
func (m *Model) sumHazards(n int, add func(sum []float64, p *agents.Patient, other, avoidable float64)) []float64 {
	trend := m.trend()
	return m.sumParts(n, func(sum []float64, q *part) {
		for k := range q.people {
			if p := &q.people[k]; p.Flags&agents.Alive != 0 {
				other, avoidable := m.hazardsOf(p, trend)
				add(sum, p, other, avoidable)
			}
		}
	})
}

// sumParts adds up what add makes of each part, in their order.
func (m *Model) sumParts(n int, add func(sum []float64, q *part)) []float64 {
	by := make([][]float64, len(m.parts))
	m.parallel(len(m.parts), func(_, i int) {
		by[i] = make([]float64, n)
		add(by[i], &m.parts[i])
	})
	total := make([]float64, n)
	for i := range by {
		for k, x := range by[i] {
			total[k] += x
		}
	}
	return total
}

// priceRisks works out how many emergency admissions a pathway of each line should bring in its weeks, by
// age, sex, conditions and deprivation of the people whose pathways are under way, each admission shared as
// those who answer share it; when a regime begins, and nothing is under way, of those who wait, shared
// among the lines in which they do. In the last place: of any line.
func (m *Model) priceRisks() {
	m.risks = [place.Lines + 1]float64{}
	if !m.regime.bundles || !m.reference.Fixed {
		return
	}
	lines := int(place.Lines)
	trend := m.trend()
	sum := m.sumParts(2*lines, func(sum []float64, q *part) {
		many := map[uint32]int{} // pathways under way of a person
		for _, u := range q.underway {
			many[u.slot]++
		}
		for _, u := range q.underway {
			p := &q.people[u.slot&(1<<slotBits-1)]
			line := int(m.services[u.service].Line)
			sum[lines+line]++
			if uint32(p.ID) == u.id && p.Flags&agents.Alive != 0 { // who has died brings no more
				other, avoidable := m.hazardsOf(p, trend)
				sum[line] += (other + avoidable) / float64(many[u.slot])
			}
		}
	})
	all, people := 0.0, 0.0
	for l := range lines {
		people += sum[lines+l]
	}
	if people == 0 {
		sum = m.sumHazards(2*lines, func(sum []float64, p *agents.Patient, other, avoidable float64) {
			waits := p.Waiting & (1<<lines - 1)
			for l := range lines {
				if waits>>l&1 == 1 {
					sum[l] += (other + avoidable) / float64(bits.OnesCount16(waits))
					sum[lines+l]++
				}
			}
		})
		for l := range lines {
			people += sum[lines+l]
		}
	}
	scale := m.reference.Emergency * market.PathwayWeeks
	for l := range lines {
		m.risks[l] = sum[l] / max(sum[lines+l], 1) * scale
		all += sum[l]
	}
	m.risks[lines] = all / max(people, 1) * scale
}

// failureLiability is what a failed handoff costs whoever answers for the person: avoidable admissions
// until control has come back or the weeks are over, GBP.
func (m *Model) failureLiability() float64 {
	h, pace := &m.cfg.Health, m.cfg.Health.ControlPace
	weeks := float64(market.PathwayWeeks)
	if pace > 0 {
		weeks = (1 - chance.Exp(weeks*chance.Log(max(1-pace, 1e-9)))) / pace
	}
	return h.Avoidable / 52000 * h.ControlEffect * h.FailureLoss * weeks * m.cfg.Payment.Emergency * m.cfg.Payment.PathwayLiability
}
