package sim

import (
	"coexist/agents"
	"coexist/agents/chance"
	"coexist/market"
	"coexist/sim/place"
)

// specialistMoves tells the luck of a specialist who looks at other posts from that of others.
const specialistMoves = 91

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
		rng := m.seed.At(chance.Key(uint64(i), uint64(sp.Line), specialistMoves), m.week, chance.Labour)
		if rng.Float64() >= m.cfg.Labour.Turnover {
			continue
		}
		r := newRace()
		options := byLine[sp.Line]
		luck := m.seed.At(chance.Key(uint64(i), specialistMoves), m.week, chance.Labour)
		worth := make([]float64, len(options))
		for k, service := range options {
			post := m.postAt(service, service == sp.Service)
			worth[k] = post.Value(m.cfg.Labour)
			r.run(k, worth[k], luck.Word(m.signals.offer[service].key))
		}
		if len(options) > 0 {
			second, tenths := secondPost(worth, r.pick)
			to := int32(-1)
			if second >= 0 {
				to = options[second]
			}
			m.moveSpecialist(sp, options[r.pick], to, tenths)
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

// secondPost is where beside the main post a specialist works, if anywhere, and how many tenths of the
// week: the next best post, in proportion to the odds of both, half of the week at most.
func secondPost(worth []float64, main int) (second int, tenths uint8) {
	p := make([]float64, len(worth))
	market.Probabilities(worth, p)
	second = -1
	for k := range p {
		if k != main && (second < 0 || p[k] > p[second]) {
			second = k
		}
	}
	if second < 0 || p[main] <= 0 {
		return -1, 0
	}
	week := market.DivideWeek([]float64{max(p[main], p[second]), p[second]})
	if week.Tenths == 10 {
		return -1, 0
	}
	return second, uint8(10 - week.Tenths)
}

// moveSpecialist takes a specialist, and the slots that go with the post, to another service; some
// tenths of the week go to a second one, or to none (-1).
func (m *Model) moveSpecialist(sp *agents.Specialist, to, second int32, tenths uint8) {
	from, dest := &m.services[sp.Service], &m.services[to]
	moves := to != sp.Service
	if moves && from.Staff <= 1 { // the last one's post is kept for a successor
		sp.Service, sp.Employer, sp.Second, sp.Tenths = to, dest.Provider, -1, 0
		return
	}
	share := 1 / float64(max(from.Staff, 1))
	if sp.Second >= 0 { // what is at the second post is not here
		share *= 1 - float64(sp.Tenths)/10
	}
	shift := func(from, dest *agents.Service, share float64) {
		for _, x := range [2][2]*float64{{&from.Clinic, &dest.Clinic}, {&from.List, &dest.List}} {
			moved := float64(*x[0] * share)
			*x[0] -= moved
			*x[1] += moved
		}
	}
	if moves {
		shift(from, dest, share)
		from.Staff--
		dest.Staff++
	}
	if second >= 0 && second != sp.Second {
		shift(dest, &m.services[second], float64(tenths)/10/float64(max(dest.Staff, 1)))
	}
	sp.Service, sp.Employer, sp.Second, sp.Tenths = to, dest.Provider, second, tenths
}

// poolSkill sets the skill of each service to the mean of its specialists; what it was at the end of the
// warm-up is part of the quality at the start.
func (m *Model) poolSkill() {
	sum, n := make([]float64, len(m.services)), make([]float64, len(m.services))
	for i := range m.specialists {
		sp := &m.specialists[i]
		there := float64(10-sp.Tenths) / 10
		sum[sp.Service] += float64(float64(sp.Skill) * there)
		n[sp.Service] += there
		if sp.Second >= 0 {
			sum[sp.Second] += float64(float64(sp.Skill) * (1 - there))
			n[sp.Second] += 1 - there
		}
	}
	for i := range m.services {
		if n[i] > 0 {
			m.services[i].Skill = sum[i] / n[i]
		}
	}
}
