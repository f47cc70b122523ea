package sim

import (
	"coexist/agents"
	"coexist/agents/chance"
	"coexist/market"
	"coexist/sim/place"
)

// someone is a person in hand, with the place where the state keeps them.
type someone struct {
	*agents.Patient
	part, i int
}

// slot is where diaries and queues find the person.
func (p someone) slot() uint32 { return slot(p.part, p.i) }

// followed is what is kept of the person over a year, or nil.
func (r *slowModel) followed(p someone) *track {
	if p.Flags&(agents.Panel|agents.Tracked) == 0 {
		return nil
	}
	q := &r.m.parts[p.part]
	return &q.tracks[q.track[p.i]]
}

// at opens the stream of random numbers of an agent, this week, for a purpose.
func (r *slowModel) at(agent uint64, purpose chance.Purpose) chance.Stream {
	return r.m.seed.At(agent, r.m.week, purpose)
}

// live is the week of the people of a part (ODD 7.1, 7.2): births and arrivals, news from hospitals, what
// was arranged for this week, events, and then the choices that follow.
func (r *slowModel) live(part int) {
	m := r.m
	q := &m.parts[part]
	r.needs = r.needs[:0]
	var open []underway
	for _, u := range q.underway {
		if m.week-int32(u.begun) < 26 {
			open = append(open, u)
		}
	}
	q.underway = open
	r.newcomers(part)
	for chunk := range m.treatment {
		for _, o := range m.treatment[chunk].out[part] {
			r.hear(part, o)
		}
	}
	for _, e := range q.diary.due(m.week) {
		r.arranged(part, e)
	}
	q.diary.clear(m.week)
	for i := range q.people {
		if q.due[i] == uint16(m.week) {
			r.event(someone{&q.people[i], part, i})
		}
	}
	for _, n := range r.needs {
		r.choose(part, n)
	}
}

// newcomers are born, and arrive, in proportion to the list of each practice at the start.
func (r *slowModel) newcomers(part int) {
	m := r.m
	q := &m.parts[part]
	c := &m.cfg.People
	for practice := int(q.first); practice < int(q.last); practice++ {
		list, owed := m.initial[practice], &q.credit[practice-int(q.first)]
		owed[0] += list * c.Births / 52000
		owed[1] += list * max(c.Growth-c.Births+m.hazards.crudeDeaths, 0) / 52000
		for way, how := range []chance.Purpose{chance.Birth, chance.Arrival} {
			for nth := 0; owed[way] >= 1; nth++ {
				owed[way]--
				r.newcomer(part, practice, nth, how)
			}
		}
	}
}

// newcomer comes to a home among those of the practice's people.
func (r *slowModel) newcomer(part, practice, nth int, how chance.Purpose) {
	m := r.m
	homes := m.geo.homes[practice]
	if len(homes) == 0 {
		return
	}
	id := chance.Key(m.geo.practiceKey[practice], uint64(m.week), uint64(nth), uint64(how))
	rng := r.at(id, chance.Synthesis)
	u := rng.Float64() * float64(homes[len(homes)-1].cum)
	home := 0
	for home < len(homes)-1 && u >= float64(homes[home].cum) {
		home++
	}
	q := &m.parts[part]
	i := len(q.people)
	if dead := len(q.free) - 1; dead >= 0 { // the place of the last to have died
		i = int(q.free[dead])
		q.free = q.free[:dead]
	} else {
		q.people, q.due, q.track = append(q.people, agents.Patient{}), append(q.due, agents.Never), append(q.track, -1)
	}
	p := someone{&q.people[i], part, i}
	born, kind := int16(m.week), births
	if how == chance.Arrival {
		age := int(18 + float64(14*rng.Float64()) + float64(14*rng.Float64()*rng.Float64()))
		born, kind = int16(int(m.week)-52*age-int(rng.Below(52))), arrivals
		m.people.Arrivals++
	} else {
		m.people.Births++
	}
	m.people.Alive++
	m.makePerson(p.Patient, id, homes[home].area, uint16(practice), born, &rng)
	p.Flags |= agents.Newcomer
	if m.cfg.Regime.Enrolment != "none" {
		p.System = m.practices[practice].System
		if m.regime.direct {
			p.System = r.pickSystem(p, agents.None)
		}
	}
	if q.track[i] = -1; p.Flags&(agents.Panel|agents.Tracked) != 0 {
		q.track[i] = int32(len(q.tracks))
		q.tracks = append(q.tracks, track{id: p.ID, slot: uint32(i)})
	}
	first := r.at(p.ID, chance.Gap)
	p.Aged = uint8(p.Age(m.week))
	p.Level = levelOf(m.hazards, p.Patient, int(p.Aged), int(m.geo.decile[p.Area]))
	weeks, idle := gapOf(p.Level, first.Uint64())
	if idle {
		p.Flags |= agents.Idle
	}
	q.due[i] = uint16(int(m.week) + weeks)
	m.practices[practice].Registered++
	m.pop[p.Cell]++
	r.count(p.Patient, kind, 1)
}

// event is the week that a person's bound on all hazards has picked: one uniform says which event there
// is, if any, and the next such week is drawn.
func (r *slowModel) event(p someone) {
	m := r.m
	rng := r.at(p.ID, chance.Event)
	draw := rng.Uint64()
	age := p.Age(m.week)
	if p.Flags&agents.Idle != 0 {
		p.Flags &^= agents.Idle // only a look at the person
	} else {
		u := float64(rng.Float64() * rungOf(p.Level))
		contact := float64(m.hazards.contact[p.Sex()][age][conditionsOf(p.Patient)])
		if u < contact {
			r.contact(p, age, u < float64(contact*m.cfg.Contact.GPShare), uint32(draw), rng.Uint64())
		} else if r.rarer(p, age, u-contact, &rng); p.Flags&agents.Alive == 0 {
			return
		}
	}
	decile := int(m.geo.decile[p.Area])
	if int(p.Aged) != age || p.Flags&agents.Relevel != 0 {
		p.Flags &^= agents.Relevel
		p.Aged, p.Level = uint8(age), levelOf(m.hazards, p.Patient, age, decile)
		r.regroup(p)
	}
	weeks, idle := gapOf(p.Level, draw)
	if idle {
		p.Flags |= agents.Idle
	}
	m.parts[p.part].due[p.i] = uint16(int(m.week) + weeks)
}

// regroup puts a person into the group of their home and age.
func (r *slowModel) regroup(p someone) {
	r.m.pop[p.Cell]--
	p.Cell = r.m.geo.cell[p.Area] + ageBand(p.Age(r.m.week))
	r.m.pop[p.Cell]++
}

// uniform is a number in (0, 1) from 32 random bits.
func uniform(bits uint32) float64 { return (float64(bits) + .5) / (1 << 32) }

// contact is a meeting with a GP or a nurse; bad and the parts of draw are random bits.
func (r *slowModel) contact(p someone, age int, gp bool, bad uint32, draw uint64) {
	if gp {
		r.consult(p, age, uniform(uint32(draw)), float64(draw&0xffff)/(1<<16), uniform(uint32(draw>>32)), false)
	} else {
		r.count(p.Patient, nurseContacts, 1)
		if t := r.followed(p); t != nil {
			t.nurse++
		}
	}
	if float32(uniform(bad)) < r.m.signals.desk[p.Practice].bad {
		p.Bad = min(p.Bad+1, 15)
		r.count(p.Patient, badContacts, 1)
	}
}

// consult is a contact with a GP (ODD 7.2). Who, which and what are uniform; returns says that a need
// missed before brought the person back.
func (r *slowModel) consult(p someone, age int, who, which, what float64, returns bool) {
	m := r.m
	d := &m.signals.desk[p.Practice]
	r.contacts[p.Practice]++
	r.count(p.Patient, gpContacts, 1)
	doctor := p.Usual
	if d.gps > 1 {
		insist := float64(p.Insist) / 255
		if age >= 65 {
			insist = min(insist+m.cfg.Contact.UsualGPOld, 1)
		}
		if who >= float64(insist*float64(d.free)) {
			doctor = uint8(which * float64(d.gps))
		}
	}
	r.refresh(p)
	p.Contacts = p.Contacts.Add(doctor, int(m.week/52))
	if t := r.followed(p); t != nil {
		t.gp++
	}
	gp := &m.gps[d.first+int32(doctor)]
	x := float32(what)
	if returns {
		x *= gp.Missed
	}
	if x < gp.Referred {
		r.refer(p, agents.None, false)
	} else if x < gp.Missed {
		r.miss(p)
	} else if x < gp.Unneeded {
		r.refer(p, agents.None, true)
	}
}

// usualShare is the share of the last contacts that were with the usual GP; 1 without any.
func usualShare(p *agents.Patient) float32 {
	same, all := 0, p.Contacts.Len()
	if all == 0 {
		return 1
	}
	for k := range all {
		if uint8(p.Contacts>>(5*k+1))&15 == p.Usual {
			same++
		}
	}
	return float32(same) * (1 / float32(all))
}

// refresh lets control close part of its gap to the target for every week since it was last looked at.
func (r *slowModel) refresh(p someone) {
	m := r.m
	h := &m.cfg.Health
	target := m.signals.desk[p.Practice].target + float64(h.ControlContinuity*(float64(usualShare(p.Patient))-m.reference.Usual))
	if h.ControlDeprivation != 0 {
		target -= float64(h.ControlDeprivation * dep(int(m.geo.decile[p.Area])+1))
	}
	target = clip(target, 0, 1)
	left := 1.0
	for range min(m.week-int32(p.Touched), 255) {
		left *= 1 - h.ControlPace
	}
	p.Control = float32(target) + float32((p.Control-float32(target))*float32(left))
	p.Touched = uint16(m.week)
}

// rarer is what happens if it is no contact. Every kind has a stretch of the uniform as wide as its hazard
// can be under any regime, and happens in as much of it as its hazard is today.
func (r *slowModel) rarer(p someone, age int, u float64, rng *chance.Stream) {
	m := r.m
	h, s := m.hazards, &m.signals
	rate, n, decile := &h.rate[p.Sex()][age], conditionsOf(p.Patient), int(m.geo.decile[p.Area])
	within := func(stretch float64) bool { // whether u lies in the next stretch
		if u < stretch {
			return true
		}
		u -= stretch
		return false
	}
	before := func(stretch float64) bool { // the same for kinds that fill all of theirs
		u -= stretch
		return u < 0
	}
	urgency := s.season
	if int32(p.RiskUntil) > m.week { // a missed need
		urgency = float64(s.season * m.cfg.Contact.MissedRisk)
	}
	if before(rate.visit) {
		r.visit(p, rng)
		return
	}
	if before(rate.admission) {
		r.maternity(p, rng)
		return
	}
	if before(rate.move) {
		r.move(p, rng)
		return
	}
	if base := float64(rate.emergency * h.emergency[n]); within(float64(base * h.worstOther)) {
		if u < float64(base*h.deprived[decile]*urgency*s.trend) {
			r.emergency(p, age, false, rng)
		}
		return
	}
	if base := float64(rate.avoidable * h.avoidable[n]); within(float64(base * h.worstAvoidable)) {
		r.refresh(p)
		lost := min(m.reference.Control-float64(p.Control), oddLoss)
		if u < float64(base*h.deprived[decile]*urgency*chance.Exp(float64(m.cfg.Health.ControlEffect*lost))) {
			r.emergency(p, age, true, rng)
		}
		return
	}
	if base := float64(rate.death * h.death[n]); within(float64(base * h.worstDeath)) {
		if int32(p.HarmUntil) > m.week {
			base = float64(base * chance.Exp(m.cfg.Health.HarmDeath))
		}
		if u < base {
			r.die(p)
		}
		return
	}
	if within(r.attentionTo(15) + 1 - chance.Exp(-m.cfg.Enrolment.Attention/52)) {
		r.reconsider(p, u)
		return
	}
	if u >= float64(h.onset[p.Frailty][age][decile]) {
		return
	}
	for k := range h.conditions {
		if before(h.onsetOf(k, int(p.Frailty), decile, age)) {
			if p.Conditions&(1<<k) == 0 {
				p.Conditions |= 1 << k
				p.Flags |= agents.Relevel
				r.count(p.Patient, onsets, 1)
			}
			return
		}
	}
}

// attentionTo is the probability of looking at other practices after so many bad contacts.
func (r *slowModel) attentionTo(bad uint8) float64 {
	c := &r.m.cfg.Choice
	return 1 - chance.Exp(-(c.PracticeAttention+float64(c.PracticeBad*float64(bad)))/52)
}

// arrange writes into a person's diary, so many weeks ahead: one at least, and not around the ring.
func (r *slowModel) arrange(p someone, ahead int, e entry) {
	e.id, e.slot = uint32(p.ID), p.slot()
	r.m.parts[p.part].diary.write(r.m.week, ahead, e)
}

// arranged is what a diary holds for this week, if the person still lives.
func (r *slowModel) arranged(part int, e entry) {
	m := r.m
	i := int(e.slot % (1 << slotBits))
	p := someone{&m.parts[part].people[i], part, i}
	if uint32(p.ID) != e.id || p.Flags&agents.Alive == 0 {
		return
	}
	rng := r.at(chance.Key2(p.ID, uint64(e.kind)<<32|uint64(e.at)), chance.Handoff)
	switch e.kind {
	case entryFollowUp:
		r.attend(p, e.at, followUps, billFollowUp)
		if e.left > 1 {
			again := e
			again.left--
			r.arrange(p, 1+int(m.cfg.Treatment.FollowUpWeeks*rng.Exponential()), again)
		}
	case entryTests:
		r.endClock(p, int(e.left), false)
		p.Waiting &^= 1 << m.services[e.at].Line
	case entryReturn:
		r.consult(p, p.Age(m.week), rng.Float64(), rng.Float64(), rng.Float64(), true)
	case entryDischarge:
		r.discharge(p, e.at, &rng)
	case entryDeath:
		r.die(p)
	}
}

// miss overlooks a need: it comes back, costs control and raises the risk of an emergency until then.
func (r *slowModel) miss(p someone) {
	c := &r.m.cfg.Contact
	r.count(p.Patient, missed, 1)
	p.Control = max(p.Control-float32(c.MissedLoss), 0)
	p.RiskUntil = uint16(r.m.week + int32(c.MissedWeeks))
	rng := r.at(p.ID, chance.Referral)
	r.arrange(p, 1+int(rng.Float64()*c.MissedReturn), entry{kind: entryReturn})
}

// refer makes a need for a line of service, unless the person waits for it already. From is the provider
// that refers on, None if it is the GP.
func (r *slowModel) refer(p someone, from uint16, needless bool) {
	who := uint64(from)
	if from != agents.None {
		who = r.m.providers[from].Key
	}
	rng := r.at(chance.Key2(p.ID, who), chance.Referral)
	u, line := rng.Float64(), 0
	for line < int(place.Lines)-1 {
		if u -= oddLines[line]; u < 0 {
			break
		}
		line++
	}
	if p.Waiting&(1<<line) == 0 {
		r.needs = append(r.needs, need{id: p.ID, slot: p.slot(), from: from, line: uint8(line), needless: needless})
	}
}

// die ends a life; the place is free for a newcomer.
func (r *slowModel) die(p someone) {
	m := r.m
	r.count(p.Patient, deaths, 1)
	m.counts.deathsBy[p.Sex()][p.Age(m.week)]++
	m.practices[p.Practice].Registered--
	m.people.Deaths++
	m.people.Alive--
	m.pop[p.Cell]--
	if p.Flags&agents.Newcomer == 0 {
		m.cohort[1]--
	}
	if t := r.followed(p); t != nil {
		t.died = true
	}
	q := &m.parts[p.part]
	if p.Flags&agents.Tracked != 0 {
		q.dead = append(q.dead, *p.Patient)
	}
	p.Flags &^= agents.Alive
	if p.Waiting != 0 {
		r.gone[p.ID] = true
	}
	q.due[p.i] = agents.Never
	q.free = append(q.free, uint32(p.i))
}

// move takes a person to another home, and to another practice if that is better from there.
func (r *slowModel) move(p someone, rng *chance.Stream) {
	m := r.m
	r.count(p.Patient, moves, 1)
	from := &m.place.Areas[p.Area]
	far := rng.Float64() < oddFar
	var areas []uint16
	for a := range m.place.Areas {
		to := &m.place.Areas[a]
		if (far || to.District == from.District) && (max(to.IMDDecile, 1)-1)/2 == (max(from.IMDDecile, 1)-1)/2 {
			areas = append(areas, uint16(a))
		}
	}
	p.Area = areas[rng.Below(uint32(len(areas)))]
	r.regroup(p)
	p.Flags |= agents.Relevel
	r.pickPractice(p, false)
}

// reconsider looks at other practices, or other systems; u is uniform up to the most that both can be.
func (r *slowModel) reconsider(p someone, u float64) {
	m := r.m
	if u < r.attentionTo(15) {
		if m.regime.practice && u < r.attentionTo(p.Bad) {
			r.pickPractice(p, true)
		}
		return
	}
	if m.regime.direct && p.System != agents.None {
		if s := r.pickSystem(p, p.System); s != p.System {
			p.System = s
			r.count(p.Patient, systemSwitches, 1)
			p.Flags |= agents.Switched
		}
	}
}

// pickPractice takes the best of the practices that serve the home: by their share of its people, what they
// and their system offer, luck, and inertia for the one that the person has.
func (r *slowModel) pickPractice(p someone, staying bool) {
	m := r.m
	best, top := p.Practice, 0.0
	for k, s := range m.place.Lists[p.Area] {
		d := &m.signals.front[s.Practice]
		share := float32(chance.Log(max(float64(s.Share), 1e-6)))
		v := float64(share) + float64(d.appeal) + r.recruits(p, d.system)
		if s.Practice == p.Practice && staying {
			v += m.cfg.Choice.PracticeInertia
		} else if s.Practice == p.Practice {
			v += 4
		}
		luck := r.at(p.ID, chance.Enrol)
		if v += chance.Gumbel(luck.Of(m.geo.practiceKey[s.Practice])); k == 0 || v > top {
			best, top = s.Practice, v
		}
	}
	if best == p.Practice {
		return
	}
	m.practices[p.Practice].Registered--
	m.practices[best].Registered++
	p.Practice, p.Contacts, p.Bad = best, 0, 0
	rng := r.at(p.ID, chance.Clinician)
	p.Usual = uint8(rng.Below(uint32(m.practices[best].GPs)))
	p.Flags |= agents.Switched
	if staying {
		r.count(p.Patient, practiceSwitches, 1)
	} else {
		m.events++ // an event that no count holds
	}
	if e := m.cfg.Regime.Enrolment; (e == "via-practice" || e == "assigned") && m.practices[best].System != p.System {
		p.System = m.practices[best].System
		if staying {
			r.count(p.Patient, systemSwitches, 1)
		}
	}
}

// pickSystem takes the best of the open systems; leaving the present one costs something.
func (r *slowModel) pickSystem(p someone, present uint16) uint16 {
	m := r.m
	best, top, any := present, 0.0, false
	for k := range m.systems {
		s := uint16(k)
		if !m.systems[s].Open {
			continue
		}
		v := -float64(m.cfg.Choice.Minutes*.5*m.minutesTo(p.Area, s)) + m.systemAppeal(s) + r.recruits(p, s)
		taste := m.seed.At(p.ID, 0, chance.Taste)
		v += float64(m.cfg.Enrolment.TasteSpread * chance.Gumbel(taste.Of(m.systems[s].Key)))
		if present != agents.None && s != present {
			v -= m.cfg.Enrolment.SwitchCost
		}
		luck := r.at(p.ID, chance.Enrol)
		if v += chance.Gumbel(luck.Of(m.systems[s].Key)); !any || v > top {
			best, top, any = s, v, true
		}
	}
	return best
}

// recruits is what a system's selection adds for a person.
func (r *slowModel) recruits(p someone, system uint16) float64 {
	if system == agents.None || r.m.systems[system].Select == 0 {
		return 0
	}
	risk, cell := r.m.risk(p.Patient)
	return market.SelectionShift(r.m.cfg.Selection, r.m.systems[system].Select, r.m.regime.accuracy, cell, risk)
}
