package sim

import (
	"slices"

	"coexist/agents"
)

// StepKind is a kind of step of a pathway; those of one week are told in the order of the kinds.
type StepKind uint8

// What can happen to a person whom a Watch follows.
const (
	StepHome      StepKind = iota // came home from hospital; At is the site
	StepFollowUp                  // clinic attendance after the first; At is the service
	StepTests                     // tests done, nothing more to wait for; At is the service
	StepFirst                     // first attendance at the clinic; At is the service, N weeks since referral
	StepTreated                   // treated from the list; At is the service, N weeks since referral
	StepGaveUp                    // left the queue without attending; At is the service
	StepMoved                     // moved home; At is the new area
	StepPractice                  // changed practice; At is the new one
	StepSystem                    // came to another system; At is it, or agents.None
	StepIll                       // a long-term condition began; At is which
	StepGP                        // saw a GP; At is the GP's number in the practice, N is 1 if it is the usual one
	StepNurse                     // saw a practice nurse
	StepMissed                    // a need was overlooked
	StepReferred                  // was referred; At is the service
	StepList                      // was put on the list for treatment; At is the service
	StepAE                        // went to the emergency department; At is the site
	StepEmergency                 // was admitted as an emergency; At is the site, N is 1 if it was avoidable
	StepAgain                     // that was a readmission
	StepHandoff                   // was handed over N times, all well
	StepLost                      // N handovers failed
	StepHarm                      // was harmed by care
	StepDied                      // died
)

// PathStep is one thing that happened to a person.
type PathStep struct {
	Who  int   // index of the person in the watch
	Week int32 // since the regime began, from 0
	Kind StepKind
	At   uint16
	N    uint16
}

// Watch follows some people through a run, week by week. It reads what the model does and changes
// nothing, draws nothing: a run gives the same bytes with or without it.
type Watch struct {
	m      *Model
	people []watched
	slots  map[uint32]int // index of the person at an address
	parts  [][]int        // persons by part
	steps  []PathStep
}

// watched is a person as a watch saw them last.
type watched struct {
	id    uint64
	slot  uint32
	gone  bool
	last  agents.Patient
	track track
	line  [16]uint16 // service of the open episode by line, or agents.None
	fresh uint16     // lines whose episode began in the week just lived
}

// Watch begins to follow the people at these addresses; those at which nobody lives are left out. The
// counters of contacts exist only for people whom the model follows itself, the panel and those of
// the patients table, so others are left out too. The people kept are in the order given.
func (m *Model) Watch(addresses []uint32) *Watch {
	w := &Watch{m: m, slots: map[uint32]int{}, parts: make([][]int, len(m.parts))}
	for _, a := range addresses {
		if _, ok := m.Person(a); !ok {
			continue
		}
		p := m.at(a)
		if _, twice := w.slots[a]; twice || p.Flags&follow == 0 {
			continue
		}
		n := len(w.people)
		w.slots[a] = n
		w.parts[a>>slotBits] = append(w.parts[a>>slotBits], n)
		one := watched{id: p.ID, slot: a, last: *p, track: *m.trackAt(a)}
		for l := range one.line {
			one.line[l] = agents.None
		}
		w.people = append(w.people, one)
	}
	w.episodes()
	for i := range w.people { // who waits already is where the watch begins
		w.people[i].fresh = 0
	}
	return w
}

// at returns who lives at an address.
func (m *Model) at(address uint32) *agents.Patient {
	return &m.parts[address>>slotBits].people[address&(1<<slotBits-1)]
}

// trackAt returns what is kept of the person at an address.
func (m *Model) trackAt(address uint32) *track {
	return m.follow(int(address>>slotBits), int(address&(1<<slotBits-1)))
}

// Address returns where the nth person of the watch lives; ok is false once they have died.
func (w *Watch) Address(n int) (address uint32, ok bool) { return w.people[n].slot, !w.people[n].gone }

// Len is how many people are followed.
func (w *Watch) Len() int { return len(w.people) }

// Step lets the model step one week and returns what happened to the people followed, by person and
// then in the order of the kinds. The slice is used again by the next call. In the last week of a year,
// after which the model's counters begin anew, contacts, emergencies and handovers are not told.
func (w *Watch) Step() ([]PathStep, error) {
	w.steps = w.steps[:0]
	week := w.m.Week()
	w.ahead(week)
	if err := w.m.Step(); err != nil {
		return nil, err
	}
	turned := (week+1)%52 == 0 // counters begin anew with the year
	w.episodes()
	for i := range w.people {
		if p := &w.people[i]; !p.gone {
			w.compare(i, p, week, turned)
		}
	}
	slices.SortStableFunc(w.steps, func(a, b PathStep) int {
		if a.Who != b.Who {
			return a.Who - b.Who
		}
		return int(a.Kind) - int(b.Kind)
	})
	return w.steps, nil
}

// add notes a step.
func (w *Watch) add(who int, week int32, kind StepKind, at, n uint16) {
	w.steps = append(w.steps, PathStep{who, week, kind, at, n})
}

// ahead reads what the coming week will bring: the diary, and what treatment of last week tells.
func (w *Watch) ahead(week int32) {
	m := w.m
	for part, who := range w.parts {
		if len(who) == 0 {
			continue
		}
		for _, e := range m.parts[part].diary.due(m.week) {
			i, ok := w.slots[e.slot]
			if !ok || w.people[i].gone || uint32(w.people[i].id) != e.id {
				continue
			}
			switch e.kind {
			case entryFollowUp:
				w.add(i, week, StepFollowUp, e.at, 0)
			case entryTests:
				w.add(i, week, StepTests, e.at, uint16(e.left))
			case entryDischarge:
				w.add(i, week, StepHome, e.at, 0)
			}
		}
		for chunk := range m.treatment {
			for k := range m.treatment[chunk].out[part] {
				o := &m.treatment[chunk].out[part][k]
				i, ok := w.slots[o.slot]
				if !ok || w.people[i].gone || w.people[i].id != o.id {
					continue
				}
				weeks := uint16(max(m.week-1-int32(o.referred), 0))
				switch o.kind {
				case seenFirst:
					w.add(i, week, StepFirst, o.service, weeks)
					if o.flags&agents.WillList != 0 {
						w.add(i, week, StepList, o.service, 0)
					}
				case treated:
					w.add(i, week, StepTreated, o.service, weeks)
				case gaveUp:
					w.add(i, week, StepGaveUp, o.service, weeks)
				}
			}
		}
	}
}

// episodes looks up the service at which each open episode is.
func (w *Watch) episodes() {
	m := w.m
	note := func(id uint64, address uint32, service, referred uint16, list bool) {
		i, ok := w.slots[address]
		if !ok || w.people[i].id != id {
			return
		}
		l := m.services[service].Line
		w.people[i].line[l] = service
		if !list && int32(referred) == m.week-1 {
			w.people[i].fresh |= 1 << l
		}
	}
	for s := range m.clinics {
		for k := range m.clinics[s] {
			note(m.clinics[s][k].ID, m.clinics[s][k].Slot, uint16(s), m.clinics[s][k].Referred, false)
		}
		for k := range m.lists[s] {
			note(m.lists[s][k].ID, m.lists[s][k].Slot, uint16(s), m.lists[s][k].Referred, true)
		}
	}
	for chunk := range m.treatment {
		for part, who := range w.parts {
			if len(who) == 0 {
				continue
			}
			for k := range m.treatment[chunk].out[part] {
				o := &m.treatment[chunk].out[part][k]
				note(o.id, o.slot, o.service, o.referred, o.kind == treated)
			}
		}
	}
}

// compare tells what changed for a person over the week.
func (w *Watch) compare(i int, one *watched, week int32, turned bool) {
	m := w.m
	p := m.at(one.slot)
	if p.ID != one.id || p.Flags&agents.Alive == 0 {
		w.add(i, week, StepDied, 0, 0)
		one.gone = true
		return
	}
	old := &one.last
	if now := m.trackAt(one.slot); *p == *old && *now == one.track { // most people in most weeks
		return
	}
	if p.Area != old.Area {
		w.add(i, week, StepMoved, p.Area, 0)
	}
	if p.Practice != old.Practice {
		w.add(i, week, StepPractice, p.Practice, 0)
	}
	if p.System != old.System {
		w.add(i, week, StepSystem, p.System, 0)
	}
	for k := range m.place.Health.Conditions {
		if p.Conditions&^old.Conditions>>k&1 == 1 {
			w.add(i, week, StepIll, uint16(k), 0)
		}
	}
	if p.RiskUntil != old.RiskUntil && int32(p.RiskUntil) > m.week {
		w.add(i, week, StepMissed, 0, 0)
	}
	if p.HarmUntil != old.HarmUntil && int32(p.HarmUntil) > m.week {
		w.add(i, week, StepHarm, 0, 0)
	}
	for l := range one.line {
		if one.fresh>>l&1 == 1 { // perhaps in the week in which an earlier episode of the line ended
			w.add(i, week, StepReferred, one.line[l], 0)
		}
	}
	one.fresh = 0
	if !turned {
		w.counters(i, one, p, week)
	}
	one.last, one.track = *p, *m.trackAt(one.slot)
}

// counters tells what the counters of the year say of the week.
func (w *Watch) counters(i int, one *watched, p *agents.Patient, week int32) {
	m, old := w.m, &one.last
	now, was := m.trackAt(one.slot), &one.track
	var buf [12]uint8
	seen := p.Contacts.Sequence(&buf)
	for _, who := range seen[max(len(seen)-int(now.gp-was.gp), 0):] {
		usual := uint16(0)
		if who == p.Usual {
			usual = 1
		}
		w.add(i, week, StepGP, uint16(who), usual)
	}
	if now.nurse > was.nurse {
		w.add(i, week, StepNurse, 0, now.nurse-was.nurse)
	}
	site := m.geo.emergency[p.Area]
	if now.ae > was.ae {
		w.add(i, week, StepAE, site, uint16(now.ae-was.ae))
	}
	if now.avoidable > was.avoidable {
		w.add(i, week, StepEmergency, site, 1)
	} else if now.emergencies > was.emergencies {
		w.add(i, week, StepEmergency, site, 0)
	}
	if now.readmissions > was.readmissions {
		w.add(i, week, StepAgain, site, 0)
	}
	failed := now.failures - was.failures
	if well := p.Handoffs - old.Handoffs - failed; p.Handoffs > old.Handoffs && well > 0 {
		w.add(i, week, StepHandoff, 0, uint16(well))
	}
	if failed > 0 {
		w.add(i, week, StepLost, 0, uint16(failed))
	}
}
