package sim

import (
	"coexist/agents"
	"coexist/agents/chance"
	"coexist/market"
)

// newcomers lets people be born into, and arrive at, the practices of a part. How many there are,
// and who they are, follows from the list at the start, so that it is the same under every regime.
func (m *Model) newcomers(wk *worker, pt int) {
	q := &m.parts[pt]
	c := &m.cfg.People
	for n := range q.credit {
		pr := int(q.first) + n
		list := m.initial[pr]
		q.credit[n][0] += list * c.Births / 52000
		q.credit[n][1] += list * max(c.Growth-c.Births+m.hazards.crudeDeaths, 0) / 52000
		for k := 0; q.credit[n][0] >= 1; k++ {
			q.credit[n][0]--
			m.newcomer(wk, pt, pr, k, chance.Birth)
		}
		for k := 0; q.credit[n][1] >= 1; k++ {
			q.credit[n][1]--
			m.newcomer(wk, pt, pr, k, chance.Arrival)
		}
	}
}

// newcomer adds one person to a practice.
func (m *Model) newcomer(wk *worker, pt, practice, k int, how chance.Purpose) {
	homes := m.geo.homes[practice]
	if len(homes) == 0 {
		return
	}
	id := chance.Key(m.geo.practiceKey[practice], uint64(m.week), uint64(k), uint64(how))
	rng := m.seed.At(id, m.week, chance.Synthesis)
	at := rng.Float64() * float64(homes[len(homes)-1].cum)
	h := 0
	for h < len(homes)-1 && at >= float64(homes[h].cum) {
		h++
	}
	q := &m.parts[pt]
	var i int
	if n := len(q.free); n > 0 {
		i = int(q.free[n-1])
		q.free = q.free[:n-1]
	} else {
		i = len(q.people)
		q.people = append(q.people, agents.Patient{})
		q.due = append(q.due, agents.Never)
		q.track = append(q.track, -1)
	}
	born := int16(m.week)
	kind := births
	if how == chance.Arrival { // mostly young adults: assumption
		kind = arrivals
		age := int(18 + float64(14*rng.Float64()) + float64(14*rng.Float64()*rng.Float64()))
		born = int16(int(m.week) - age*52 - int(rng.Below(52)))
		wk.people.Arrivals++
	} else {
		wk.people.Births++
	}
	p := &q.people[i]
	m.makePerson(p, id, homes[h].area, uint16(practice), born, &rng)
	p.Flags |= agents.Newcomer
	if m.cfg.Regime.Enrolment != "none" {
		p.System = m.practices[practice].System
		if m.regime.direct {
			p.System = m.pickSystem(p, agents.None)
		}
	}
	m.followOne(q, i)
	q.due[i] = m.firstDue(p) + 1
	wk.registered[practice]++
	wk.pop[p.Cell]++
	wk.tally.count(p, kind)
}

// move takes a person to another home in the place, mostly in the same district, and to another practice if
// the old one is out of reach. The home is in an area as deprived, to the fifth: assumption, since moves at
// random would wear the registers' gradient away, which moves as they are made keep up or widen (Norman, Boyle
// and Rees, Social Science & Medicine 60:2755-2771, 2005; recalled).
func (m *Model) move(wk *worker, p *agents.Patient, rng *chance.Stream) {
	wk.tally.count(p, moves)
	fifth := int(m.geo.decile[p.Area]) / 2
	areas := m.geo.alike[5*int(m.geo.district[p.Area])+fifth]
	if rng.Float64() < movesFar {
		areas = m.geo.alike[5*len(m.geo.byDistrict)+fifth]
	}
	p.Area = areas[rng.Below(uint32(len(areas)))]
	wk.regroup(p, m.cellOf(p))
	p.Flags |= agents.Relevel
	m.choosePractice(wk, p, false)
}

// movesFar is the share of moves to anywhere in the place: assumption (.2 to .5).
const movesFar = .3

// reconsider lets a person who pays attention look at the alternatives: the practice, or where one
// enrols directly the system; u is uniform up to the most that both can be.
func (m *Model) reconsider(wk *worker, p *agents.Patient, u float64) {
	attention := &m.signals.attention
	if u < attention[len(attention)-1] {
		if m.regime.practice && u < attention[p.Bad] {
			m.choosePractice(wk, p, true)
		}
		return
	}
	if m.regime.direct && p.System != agents.None {
		if s := m.pickSystem(p, p.System); s != p.System {
			m.joinSystem(wk, p, s)
			p.Flags |= agents.Switched
		}
	}
}

// choosePractice lets a person pick among the practices that serve the home; stays counts only where
// the person could stay.
func (m *Model) choosePractice(wk *worker, p *agents.Patient, staying bool) {
	choices := m.geo.choices[p.Area]
	habit := 4.0 // someone who can keep the old practice after a move mostly does: assumption
	if staying {
		habit = m.cfg.Choice.PracticeInertia
	}
	r := newRace()
	luck, front := m.seed.At(p.ID, m.week, chance.Enrol), m.signals.front
	for k := range choices {
		s := &choices[k]
		d := &front[s.practice]
		v := float64(s.logShare) + float64(d.appeal)
		if d.system != agents.None {
			v += m.recruits(p, d.system)
		}
		if s.practice == p.Practice {
			v += habit
		}
		if word := luck.Word(s.key); r.open(v, word) {
			r.run(k, v, word)
		}
	}
	if len(choices) == 0 || choices[r.pick].practice == p.Practice {
		return
	}
	best := choices[r.pick].practice
	wk.registered[p.Practice]--
	wk.registered[best]++
	p.Practice = best
	p.Contacts, p.Bad = 0, 0
	rng := m.seed.At(p.ID, m.week, chance.Clinician)
	p.Usual = uint8(rng.Below(uint32(m.signals.desk[best].gps)))
	p.Flags |= agents.Switched
	if staying {
		wk.tally.count(p, practiceSwitches)
	} else {
		wk.events++
	}
	if e := m.cfg.Regime.Enrolment; (e == "via-practice" || e == "assigned") && m.practices[best].System != p.System {
		p.System = m.practices[best].System
		if staying {
			wk.tally.count(p, systemSwitches)
		}
	}
}

// systemAppeal is what a system adds in the eyes of all: fewer failed handoffs than elsewhere, better
// care at its hospital.
func (m *Model) systemAppeal(system uint16) float64 {
	if system == agents.None || !m.regime.competes {
		return 0
	}
	s := &m.systems[system]
	return float64(m.cfg.Choice.Quality*(s.Quality-m.cfg.Effort.Start)) - float64(m.cfg.Choice.Failure*s.Failure) - float64(m.cfg.Choice.Premium*s.Premium)
}

// joinSystem moves a person's enrolment.
func (m *Model) joinSystem(wk *worker, p *agents.Patient, system uint16) {
	p.System = system
	wk.tally.count(p, systemSwitches)
}

// pickSystem lets a person pick among the open systems of the place: near, good, joined up, to their
// taste; current costs nothing to keep and something to leave.
func (m *Model) pickSystem(p *agents.Patient, current uint16) uint16 {
	best, top := current, 0.0
	first := true
	taste, luck := m.seed.At(p.ID, 0, chance.Taste), m.seed.At(p.ID, m.week, chance.Enrol)
	for s := range m.systems {
		o := &m.systems[s]
		if !o.Open {
			continue
		}
		v := -float64(m.cfg.Choice.Minutes*.5*m.minutesTo(p.Area, uint16(s))) + m.systemAppeal(uint16(s)) + m.recruits(p, uint16(s))
		v += float64(m.cfg.Enrolment.TasteSpread * chance.Gumbel(taste.Of(o.Key)))
		if current != agents.None && uint16(s) != current {
			v -= m.cfg.Enrolment.SwitchCost
		}
		if v += chance.Gumbel(luck.Of(o.Key)); first || v > top {
			best, top, first = uint16(s), v, false
		}
	}
	return best
}

// minutesTo is the travel time from an area to the nearest site of a system, or twice the limit of
// choice if none is in reach.
func (m *Model) minutesTo(area, system uint16) float64 {
	for _, near := range m.place.Reach[area] {
		if m.providers[m.sites[near.Index].Owner].System == system {
			return float64(near.Minutes)
		}
	}
	return 2 * m.cfg.Choice.MaxMinutes
}

// recruits is what a system's effort on selection adds for a person: it wins those who cost less than
// the subsidy for people like them (ODD 7.9).
func (m *Model) recruits(p *agents.Patient, system uint16) float64 {
	if system == agents.None || m.systems[system].Select == 0 {
		return 0
	}
	r, cell := m.risk(p)
	return market.SelectionShift(m.cfg.Selection, m.systems[system].Select, m.regime.accuracy, cell, r)
}
