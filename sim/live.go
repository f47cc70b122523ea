package sim

import (
	"math/bits"
	"unsafe"

	"coexist/agents"
	"coexist/agents/chance"
	"coexist/sim/place"
)

// need is a referral to be made this week.
type need struct {
	id       uint64
	slot     uint32
	from     uint16 // provider organisation that refers on, or agents.None when it is the GP
	line     uint8
	needless bool
}

// live lets every person age, fall ill, meet a GP and, when due, live through what was arranged
// (ODD 7.1, 7.2). People see what was published this week and touch only themselves and counters of
// integers, so neither their order nor the number of workers matters.
func (m *Model) live() {
	m.parallel(len(m.parts), func(w, i int) {
		wk, q := &m.workers[w], &m.parts[i]
		q.needs = q.needs[:0]
		q.lapse(m.week)
		m.newcomers(wk, i)
		m.outcomes(wk, i)
		m.diary(wk, i)
		m.candidates(wk, i)
		m.answer(wk, q)
		m.choosePart(wk, i)
	})
}

// batch is how many candidate events are brought in together; up to as many more come with them.
const batch = 64

// candidates passes over the due weeks, 2 bytes a person, and lets those whose week it is live through a
// candidate event.
func (m *Model) candidates(wk *worker, pt int) {
	due, week := m.parts[pt].due, uint16(m.week)
	whole := len(due) &^ 63
	n := 0
	for from := 0; from < whole; from += 64 {
		for set := dueIn((*[16]uint64)(unsafe.Pointer(&due[from])), week); set != 0; set &= set - 1 {
			wk.batch[n] = uint32(from + bits.TrailingZeros64(set))
			n++
		}
		if n >= batch {
			m.batch(wk, pt, wk.batch[:n])
			n = 0
		}
	}
	for i := whole; i < len(due); i++ {
		if due[i] == week {
			wk.batch[n] = uint32(i)
			n++
		}
	}
	m.batch(wk, pt, wk.batch[:n])
}

// dueIn is the set of those due in a week among 64 people, a bit each, of whose due weeks four are in a word,
// the first in its lowest bits. Inlined it runs out of registers.
//
//go:noinline
func dueIn(words *[16]uint64, week uint16) (set uint64) {
	const (
		tops   = 0x8000800080008000 // the highest bit of each of four
		gather = 1<<45 | 1<<30 | 1<<15 | 1
	)
	pattern := uint64(week) * 0x0001000100010001
	for _, word := range words {
		x := word ^ pattern // 0 where due
		x = ^(x&^tops + ^uint64(tops) | x) & tops
		set = set>>4 | x*gather&(15<<60)
	}
	return set
}

// batch runs the candidate events of some people of a part.
func (m *Model) batch(wk *worker, pt int, some []uint32) {
	q := &m.parts[pt]
	var touched uint16 // brings the people in together
	for _, i := range some {
		touched += q.people[i].Practice
	}
	wk.touched += touched
	for _, i := range some {
		m.candidate(wk, q, pt, int(i))
	}
}

// candidate decides by one uniform which event, if any, this candidate week brings. The first draw
// of the stream is the gap to the next, so that candidate weeks are the same under every regime.
func (m *Model) candidate(wk *worker, q *part, pt, i int) {
	week, h, p := m.week, m.hazards, &q.people[i]
	rng := m.seed.At(p.ID, week, chance.Event)
	draw := rng.Uint64()
	age := p.Age(week)
	if p.Flags&agents.Idle != 0 {
		p.Flags &^= agents.Idle
	} else {
		u := float64(rng.Float64() * h.rung[p.Level])
		n := min(bits.OnesCount32(p.Conditions), maxConditions)
		if c := float64(h.contact[p.Sex()][age][n]); u < c {
			d, luck := &m.signals.desk[p.Practice], rng.Uint64()
			if u < float64(c*m.cfg.Contact.GPShare) {
				m.consult(wk, pt, i, p, d, age, unit32(uint32(luck)), float64(uint16(luck))/(1<<16), unit32(uint32(luck>>32)), false)
			} else {
				wk.tally.count(p, nurseContacts)
				if p.Flags&follow != 0 {
					m.follow(pt, i).nurse++
				}
			}
			if float32(unit32(uint32(draw))) < d.bad {
				p.Bad = min(p.Bad+1, 15)
				wk.tally.count(p, badContacts)
			}
		} else if !m.rarer(wk, pt, i, p, age, n, u-c, &rng) {
			return
		}
	}
	if int(p.Aged) != age || p.Flags&agents.Relevel != 0 {
		p.Flags &^= agents.Relevel
		p.Aged = uint8(age)
		p.Level = h.level(p, age, int(m.geo.decile[p.Area]))
		wk.regroup(p, m.geo.cell[p.Area]+ageBand(age))
	}
	gap, idle := h.gap(p.Level, draw)
	if idle {
		p.Flags |= agents.Idle
	}
	q.due[i] = uint16(int(week) + gap)
}

// unit32 is a uniform in (0, 1) of 32 bits.
func unit32(u uint32) float64 { return (float64(u) + .5) * (1.0 / (1 << 32)) }

// follow marks the people about whom more is kept.
const follow = agents.Panel | agents.Tracked

// consult is a contact with a GP: who is seen makes continuity, and a noisy test for need makes a
// referral. who, which and what are uniform; returns says that a missed need brought the person back.
func (m *Model) consult(wk *worker, pt, i int, p *agents.Patient, d *desk, age int, who, which, what float64, returns bool) {
	wk.demand[p.Practice]++
	wk.tally.count(p, gpContacts)
	doctor := p.Usual
	if d.gps > 1 {
		insist := float64(p.Insist) / 255
		if age >= 65 {
			insist = min(insist+m.cfg.Contact.UsualGPOld, 1)
		}
		anyone := uint8(which * float64(d.gps))                                         // the usual one among them
		doctor += (anyone - doctor) * uint8(is(who >= float64(insist*float64(d.free)))) // no branch to guess wrong
	}
	m.refresh(p, d)
	p.Contacts = p.Contacts.Add(doctor, int(uint32(m.week)/52))
	g := &m.gps[d.first+int32(doctor)]
	if p.Flags&follow != 0 {
		m.follow(pt, i).gp++
	}
	x := float32(what)
	if returns { // the need is there for sure
		x *= g.Missed
	}
	switch {
	case x < g.Referred:
		m.refer(pt, i, p, agents.None, false)
	case x < g.Missed:
		m.miss(wk, pt, i, p)
	case x < g.Unneeded:
		m.refer(pt, i, p, agents.None, true)
	}
}

// refresh brings control up to this week: it closes part of the gap to a target that the practice
// and the person's own continuity set (ODD 7.1).
func (m *Model) refresh(p *agents.Patient, d *desk) {
	target := d.target + float64(m.cfg.Health.ControlContinuity*(float64(p.Contacts.Usual(p.Usual))-m.reference.Usual))
	if loss := m.cfg.Health.ControlDeprivation; loss != 0 {
		target -= float64(loss * m.signals.dep[p.Area])
	}
	target = clip(target, 0, 1)
	left := m.hazards.control[min(m.week-int32(p.Touched), 255)]
	p.Control = float32(target) + float32((p.Control-float32(target))*left)
	p.Touched = uint16(m.week)
}

// lose takes control away, down to 0.
func lose(p *agents.Patient, loss float64) { p.Control = max(p.Control-float32(loss), 0) }

// rarer decides among the events that are not contacts; u is what the contact left of the uniform.
// Each kind has a stretch as wide as its hazard can be under any regime, and happens in the part of
// it that its present hazard fills: so the others keep their luck whatever a regime does. It reports
// whether the person is alive.
func (m *Model) rarer(wk *worker, pt, i int, p *agents.Patient, age, n int, u float64, rng *chance.Stream) bool {
	h, s := m.hazards, &m.signals
	r := &h.rate[p.Sex()][age]
	if u -= r.visit; u < 0 {
		m.visit(wk, pt, i, p, rng)
		return true
	}
	if u -= r.admission; u < 0 {
		m.admitOther(wk, pt, i, p, rng)
		return true
	}
	if u -= r.move; u < 0 {
		m.move(wk, p, rng)
		return true
	}
	decile := int(m.geo.decile[p.Area])
	base := float64(r.emergency * h.emergency[n])
	if most := float64(base * h.worstOther); u < most {
		if u < float64(base*h.deprived[decile]*m.urgency(p)*s.trend) {
			m.emergency(wk, pt, i, p, age, false, rng)
		}
		return true
	} else {
		u -= most
	}
	base = float64(r.avoidable * h.avoidable[n])
	if most := float64(base * h.worstAvoidable); u < most {
		m.refresh(p, &m.signals.desk[p.Practice])
		if u < float64(base*h.deprived[decile]*m.urgency(p)*m.worse(p)) {
			m.emergency(wk, pt, i, p, age, true, rng)
		}
		return true
	} else {
		u -= most
	}
	base = float64(r.death * h.death[n])
	if most := float64(base * h.worstDeath); u < most {
		if int32(p.HarmUntil) > m.week {
			base = float64(base * s.harmDeath)
		}
		if u < base {
			m.die(wk, pt, i, p)
			return false
		}
		return true
	} else {
		u -= most
	}
	if u < s.attentionMost {
		m.reconsider(wk, p, u)
		return true
	}
	u -= s.attentionMost
	if onset := float64(h.onset[p.Frailty][age][decile]); u < onset {
		m.begin(wk, p, age, decile, u)
	}
	return true
}

// urgency is what season and a missed need do to emergencies this week.
func (m *Model) urgency(p *agents.Patient) float64 {
	if int32(p.RiskUntil) > m.week {
		return float64(m.signals.season * m.cfg.Contact.MissedRisk)
	}
	return m.signals.season
}

// worse is what lost control does to the hazard of an avoidable emergency: exp(kc (c_ref - c)), for a
// loss up to controlLoss.
func (m *Model) worse(p *agents.Patient) float64 {
	lost := min(m.reference.Control-float64(p.Control), controlLoss)
	return chance.Exp(float64(m.cfg.Health.ControlEffect * lost))
}

// controlLoss is the loss of control against the reference beyond which the hazard of an avoidable
// emergency rises no further: assumption (.3 to .6), since very low control also brings more care.
const controlLoss = .45

// begin lets a condition begin: u, uniform up to the hazard of all conditions together, picks one;
// if the person has it already, nothing happens.
func (m *Model) begin(wk *worker, p *agents.Patient, age, decile int, u float64) {
	for k, onset := range m.hazards.onsets(int(p.Frailty), age, decile) {
		if u -= onset; u < 0 {
			if p.Conditions>>k&1 == 0 {
				p.Conditions |= 1 << k
				p.Flags |= agents.Relevel
				wk.tally.count(p, onsets)
			}
			return
		}
	}
}

// diary lives through what is due this week for people of a part, in the order in which it was
// arranged.
func (m *Model) diary(wk *worker, pt int) {
	q := &m.parts[pt]
	d := &q.diary
	for at := d.first[m.week%diaryWeeks]; at != 0; at = d.leaves[at-1].next {
		some := d.leaves[at-1] // a copy: what is arranged meanwhile may move the leaves
		var touched uint16     // brings the people in together, and the next leaf
		for _, e := range some.entries[:some.n] {
			touched += q.people[e.slot&(1<<slotBits-1)].Practice
		}
		if some.next != 0 {
			next := &d.leaves[some.next-1]
			touched += uint16(next.n) + next.entries[len(next.entries)-1].at
		}
		wk.touched += touched
		for k := range some.entries[:some.n] {
			e := &some.entries[k]
			i := int(e.slot & (1<<slotBits - 1))
			if p := &q.people[i]; uint32(p.ID) == e.id && p.Flags&agents.Alive != 0 {
				m.fallsDue(wk, pt, i, p, e)
			}
		}
	}
	d.clear(m.week)
}

// fallsDue is one entry of the diary.
func (m *Model) fallsDue(wk *worker, pt, i int, p *agents.Patient, e *entry) {
	rng := m.seed.At(chance.Key2(p.ID, uint64(e.kind)<<32|uint64(e.at)), m.week, chance.Handoff)
	switch e.kind {
	case entryFollowUp:
		m.attend(wk, pt, i, p, e.at, false)
		if e.left > 1 {
			e.left--
			m.parts[pt].diary.write(m.week, 1+int(m.cfg.Treatment.FollowUpWeeks*rng.Exponential()), *e)
		}
	case entryTests:
		m.endClock(wk, p, int(e.left), false)
		p.Waiting &^= 1 << m.services[e.at].Line
	case entryReturn:
		m.consult(wk, pt, i, p, &m.signals.desk[p.Practice], p.Age(m.week), rng.Float64(), rng.Float64(), rng.Float64(), true)
	case entryDischarge:
		m.discharge(wk, pt, i, p, e.at, &rng)
	case entryDeath:
		m.die(wk, pt, i, p)
	}
}

// discharge ends an emergency stay: handoffs to the GP and, for some of the old, to social care;
// perhaps a readmission or a referral (ODD 7.4, 7.5).
func (m *Model) discharge(wk *worker, pt, i int, p *agents.Patient, site uint16, rng *chance.Stream) {
	s := &m.sites[site]
	age := p.Age(m.week)
	m.refresh(p, &m.signals.desk[p.Practice])
	wk.tally.count(p, episodes)
	failed := m.handoff(wk, pt, i, p, s.Owner, m.links.practice(p.Practice, s.Owner), rng)
	if age >= 65 && rng.Float64() < m.cfg.Beds.SocialCare {
		wk.social[m.geo.district[p.Area]]++
		wk.tally.count(p, socialCases)
		if p.Flags&follow != 0 {
			m.follow(pt, i).social += int64(m.cfg.Payment.SocialCareCase * 100)
		}
		phi := m.links.social(s.Owner)
		if m.handoff(wk, pt, i, p, s.Owner, phi, rng) {
			failed = true
		}
		wait := float64(m.cfg.Beds.SocialDelay*m.reference.DelayScale*(1-float64(m.cfg.Integration.Effect*float64(phi)))) + m.signals.socialDelay[m.geo.district[p.Area]]
		days := int(float64(wait*rng.Exponential()) + rng.Float64())
		days = min(days, 7*(agents.Horizon-2))
		wk.book(m, site, days)
		wk.tally.add(p, delayedDays, int32(days))
		wk.tally.add(p, bedDays, int32(days))
		wk.tally.add(p, emergencyDays, int32(days))
		wk.delayed[site] += int64(days)
	}
	if failed {
		m.afterFailure(wk, p, s.Owner, rng)
	}
	again := m.cfg.Treatment.Readmission * chance.Exp(-m.cfg.Treatment.ReadmissionQuality*m.signals.ward[site])
	again *= m.signals.readmissionScale
	if failed {
		again *= m.cfg.Integration.ReadmissionRisk
	}
	if rng.Float64() < again {
		wk.tally.count(p, readmissions)
		if p.Flags&follow != 0 {
			m.follow(pt, i).readmissions++
		}
		wk.visits[site]++
		m.attendAE(wk, pt, i, p, site)
		m.admit(wk, pt, i, p, age, site, false, rng)
	}
	if rng.Float64() < m.signals.onwardVisit {
		m.refer(pt, i, p, m.sites[site].Owner, false)
	}
}

// handoff is a passage between two teams whose link is phi: it may fail, which costs a duplicate
// test, control, and sometimes harm (ODD 7.4). It reports whether it failed.
func (m *Model) handoff(wk *worker, pt, i int, p *agents.Patient, provider uint16, phi float32, rng *chance.Stream) bool {
	c := &m.cfg.Integration
	wk.tally.count(p, handoffs)
	wk.phi[provider] += int64(phi * 65536)
	wk.handoffs[provider]++
	p.Handoffs = min(p.Handoffs+1, 254)
	u := rng.Float64()
	if u >= c.FailureRate*(1-float64(c.Effect*float64(phi))) {
		return false
	}
	p.Failures = min(p.Failures+1, 254)
	wk.tally.count(p, failures)
	wk.failed[provider]++
	if p.Flags&follow != 0 {
		m.follow(pt, i).failures++
	}
	return true
}

// afterFailure is what a failed handoff costs the person.
func (m *Model) afterFailure(wk *worker, p *agents.Patient, provider uint16, rng *chance.Stream) {
	c := &m.cfg.Integration
	lose(p, m.cfg.Health.FailureLoss)
	if rng.Float64() < c.Duplicate {
		wk.tally.count(p, duplicates)
		wk.bill(m, p, provider, billDuplicate)
	}
	if rng.Float64() < c.HarmProb {
		m.harm(wk, p)
	}
}

// miss overlooks a need: it returns within weeks, costs control and raises the risk of an emergency.
func (m *Model) miss(wk *worker, pt, i int, p *agents.Patient) {
	c := &m.cfg.Contact
	wk.tally.count(p, missed)
	lose(p, c.MissedLoss)
	p.RiskUntil = uint16(m.week + int32(c.MissedWeeks))
	rng := m.seed.At(p.ID, m.week, chance.Referral)
	ahead := 1 + int(rng.Float64()*c.MissedReturn)
	m.parts[pt].diary.write(m.week, ahead, entry{id: uint32(p.ID), slot: slot(pt, i), kind: entryReturn})
}

// refer turns a need into a request to be placed this week; a person has one open episode a line.
func (m *Model) refer(pt, i int, p *agents.Patient, from uint16, needless bool) {
	who := uint64(from) // the luck of a referral belongs to who makes it, not to a place in a list
	if from != agents.None {
		who = m.providers[from].Key
	}
	rng := m.seed.At(chance.Key2(p.ID, who), m.week, chance.Referral)
	u, line := rng.Float64(), uint8(0)
	for ; line < uint8(place.Lines)-1; line++ {
		if u -= lineShare[line]; u < 0 {
			break
		}
	}
	if p.Waiting>>line&1 == 1 {
		return
	}
	m.parts[pt].needs = append(m.parts[pt].needs, need{id: p.ID, slot: slot(pt, i), from: from, line: line, needless: needless})
}

// regroup moves a person to another group.
func (wk *worker) regroup(p *agents.Patient, cell uint8) {
	wk.pop[p.Cell]--
	wk.pop[cell]++
	p.Cell = cell
}

// die ends a life and frees the place.
func (m *Model) die(wk *worker, pt, i int, p *agents.Patient) {
	wk.tally.count(p, deaths)
	wk.tally.deathsBy[p.Sex()][p.Age(m.week)]++
	wk.registered[p.Practice]--
	wk.people.Deaths++
	wk.pop[p.Cell]--
	if p.Flags&agents.Newcomer == 0 {
		wk.lost++
	}
	if p.Flags&follow != 0 {
		m.follow(pt, i).died = true
	}
	q := &m.parts[pt]
	if p.Flags&agents.Tracked != 0 {
		q.dead = append(q.dead, *p)
	}
	p.Flags &^= agents.Alive
	if p.Waiting != 0 {
		q.gone = append(q.gone, p.ID)
	}
	q.due[i] = agents.Never
	q.free = append(q.free, uint32(i))
}
