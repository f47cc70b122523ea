package sim

import (
	"coexist/agents"
	"coexist/agents/chance"
	"coexist/market"
	"coexist/sim/place"
)

// labour lets some specialists reconsider each year where they work (ODD 7.10): services of their line
// bid for them by income, which rises where work waits for hands, and by load. Their number is fixed,
// so what one service wins another loses. Their skill grows with what they do.
func (m *Model) labour() {
	if !m.reference.Fixed {
		return
	}
	byLine := make([][]int32, place.Lines)
	for i := range m.services {
		if s := &m.services[i]; s.Open && !s.Outside {
			byLine[s.Line] = append(byLine[s.Line], int32(i))
		}
	}
	for i := range m.specialists {
		sp := &m.specialists[i]
		sp.Skill = min(max(sp.Skill+float32(float64(skillPace*m.practised(sp))), -2), 2)
		rng := m.seed.At(chance.Key(uint64(i), uint64(sp.Line), 91), m.week, chance.Labour)
		if rng.Float64() >= m.cfg.Labour.Turnover {
			continue
		}
		r := race{}
		options := byLine[sp.Line]
		for k, service := range options {
			post := m.postAt(service, service == sp.Service)
			luck := m.seed.At(chance.Key2(chance.Key(uint64(i), 91), m.signals.offer[service].key), m.week, chance.Labour)
			r.run(k, post.Value(m.cfg.Labour), &luck)
		}
		if len(options) > 0 && options[r.pick] != sp.Service {
			m.moveSpecialist(sp, options[r.pick])
		}
	}
	m.poolSkill()
}

// skillPace is the part of what a year's volume of work is worth that a specialist keeps as skill, and
// takes along: assumption (.05 to .5).
const skillPace = .2

// practised is what a specialist's volume of work is worth in SD of quality, against the reference.
func (m *Model) practised(sp *agents.Specialist) float64 {
	s := &m.services[sp.Service]
	if s.VolumeRef <= 0 || s.Volume <= 0 || s.Staff <= 0 {
		return 0
	}
	return float64(m.cfg.Treatment.VolumeEffect * chance.Log(max(s.Volume/s.VolumeRef, .05)))
}

// postAt is what a service offers one more specialist.
func (m *Model) postAt(service int32, current bool) market.Post {
	s := &m.services[service]
	short := clip(s.Arrivals/max(s.Clinic, 1e-6)-1, -.5, .5) // work that waits for hands
	autonomy := 0.0
	if o := m.actorOf(s.Provider); o.Kind == agents.System || o.Kind == agents.Area {
		autonomy = autonomyReal
	}
	return market.Post{Income: consultantPay * (1 + float64(m.cfg.Labour.OfferRise*short)), Load: short / 2, Autonomy: autonomy, Current: current}
}

// consultantPay is the usual pay of a consultant, GBP a year: assumption (80,000 to 120,000); only
// ratios of offers matter.
const consultantPay = 100_000

// moveSpecialist takes a specialist, and the slots that go with the post, to another service.
func (m *Model) moveSpecialist(sp *agents.Specialist, to int32) {
	from, dest := &m.services[sp.Service], &m.services[to]
	if from.Staff > 1 { // the last one's post is kept for a successor
		share := 1 / float64(from.Staff)
		for _, x := range [2][2]*float64{{&from.Clinic, &dest.Clinic}, {&from.List, &dest.List}} {
			moved := float64(*x[0] * share)
			*x[0] -= moved
			*x[1] += moved
		}
		from.Staff--
		dest.Staff++
	}
	sp.Service, sp.Employer = to, dest.Provider
}

// poolSkill sets the skill of each service to the mean of its specialists; what it was at the end of the
// warm-up is part of the quality at the start.
func (m *Model) poolSkill() {
	sum, n := make([]float64, len(m.services)), make([]float64, len(m.services))
	for i := range m.specialists {
		sp := &m.specialists[i]
		sum[sp.Service] += float64(sp.Skill)
		n[sp.Service]++
	}
	for i := range m.services {
		if n[i] > 0 {
			m.services[i].Skill = sum[i] / n[i]
		}
	}
}
