package sim

import (
	"math/bits"

	"coexist/agents"
)

// part looks at a part of the people and what waits for them.
func (x *examiner) part(i int) {
	m, q := x.m, &x.m.parts[i]
	first := uint16(0)
	if i > 0 {
		first = m.parts[i-1].last
	}
	if q.first != first || q.last < q.first || i == len(m.parts)-1 && int(q.last) != len(m.practices) {
		x.fault("part %d has practices %d to %d of %d, want those from %d on", i, q.first, q.last, len(m.practices), first)
		return
	}
	x.length("pairs of births and arrivals owed to practices", len(q.credit), int(q.last-q.first))
	for k := range q.people {
		p := &q.people[k]
		x.person(p, k)
		if p.Flags&follow != 0 && p.Flags&agents.Alive != 0 {
			index(x, q.track[k], len(q.tracks), "year of person", k)
		}
	}
	for k := range q.dead {
		x.person(&q.dead[k], k)
	}
	for k := range q.tracks {
		index(x, q.tracks[k].slot, len(q.people), "person of year", k)
	}
	for k, free := range q.free {
		if int64(free) >= int64(len(q.people)) || q.people[free].Flags&agents.Alive != 0 {
			x.fault("free place %d is that of person %d of %d, want one who is dead", k, free, len(q.people))
		}
	}
	for k := range q.underway {
		index(x, q.underway[k].service, len(m.services), "service of pathway", k)
	}
	x.diary(i)
}

// person looks at one person, alive or dead. What is looked up for everyone comes in one comparison.
func (x *examiner) person(p *agents.Patient, k int) {
	m := x.m
	if int(p.Area) < len(m.geo.decile) && int(p.Practice) < len(m.practices) && p.Usual < m.practices[p.Practice].GPs &&
		(p.System == agents.None || int(p.System) < len(m.systems)) && (p.LastSite == agents.None || int(p.LastSite) < len(m.sites)) &&
		p.Frailty < frailties && p.Level < rungs && p.Cell < cells && p.Contacts.IsWhole() &&
		bits.Len32(p.Conditions) <= len(m.hazards.conditions) && p.Control >= 0 && p.Control <= 1 &&
		int32(p.Touched) <= m.week && int32(p.Born) <= m.week {
		return
	}
	x.fault("person %d has area %d of %d, practice %d of %d, GP %d, system %d of %d, site %d of %d, frailty %d of %d, rung %d of %d, group %d of %d, contacts %#x, conditions %#x of %d, control %v, born in week %d and last seen in week %d of %d; want each below the number that there are",
		k, p.Area, len(m.geo.decile), p.Practice, len(m.practices), p.Usual, p.System, len(m.systems), p.LastSite, len(m.sites), p.Frailty, frailties,
		p.Level, rungs, p.Cell, cells, uint64(p.Contacts), p.Conditions, len(m.hazards.conditions), p.Control, p.Born, p.Touched, m.week)
}

// diary looks at what is due for a part: lists of leaves that end, each leaf in one of them at most.
func (x *examiner) diary(i int) {
	d := &x.m.parts[i].diary
	met := make([]bool, len(d.leaves))
	// walk follows a list and returns its last leaf.
	walk := func(at int32, free bool) (last int32) {
		for at != 0 {
			if at < 0 || int(at) > len(d.leaves) || met[at-1] {
				x.fault("the diary of part %d goes on at leaf %d of %d, want one that is in no list yet", i, at, len(d.leaves))
				return last
			}
			met[at-1] = true
			l := &d.leaves[at-1]
			if !free {
				x.leaf(l, i)
			}
			last, at = at, l.next
		}
		return last
	}
	for page := range d.first {
		if last := walk(d.first[page], false); last != d.last[page] && len(x.faults) == 0 {
			x.fault("the diary of part %d ends week %d at leaf %d, want %d", i, page, d.last[page], last)
		}
	}
	walk(d.free, true)
}

// leaf looks at the entries of a leaf that is in use.
func (x *examiner) leaf(l *leaf, part int) {
	if l.n < 0 || int(l.n) > len(l.entries) {
		x.fault("a leaf of the diary of part %d has %d entries, want 0 to %d", part, l.n, len(l.entries))
		return
	}
	for k := range l.entries[:l.n] {
		e := &l.entries[k]
		x.slot(e.slot, part, "entry of the diary", k)
		switch e.kind {
		case entryFollowUp, entryTests:
			index(x, e.at, len(x.m.services), "service of entry", k)
		case entryDischarge, entryHome, entryDeath:
			index(x, e.at, len(x.m.sites), "site of entry", k)
		case entryReturn:
		default:
			x.fault("entry %d of the diary of part %d is of kind %d, want at most %d", k, part, e.kind, entryDeath)
		}
	}
}

// slot wants the address of a place for a person; part -1 is any.
func (x *examiner) slot(at uint32, part int, what string, which int) {
	of := int(at >> slotBits)
	if of >= len(x.m.parts) || part >= 0 && of != part || int(at&(1<<slotBits-1)) >= len(x.m.parts[of].people) {
		x.fault("%s %d is of person %d of part %d, want one who is there", what, which, at&(1<<slotBits-1), of)
	}
}

// queues looks at who waits, and at what people hear of their treatment next week.
func (x *examiner) queues() {
	m := x.m
	for _, all := range [2][][]agents.Waiter{m.clinics, m.lists} {
		for _, queue := range all {
			for k := range queue {
				w := &queue[k]
				x.slot(w.Slot, -1, "place in a queue", k)
				index(x, w.Practice, len(m.practices), "practice of place in a queue", k)
				if int32(w.Referred) > m.week {
					x.fault("place %d in a queue is of week %d, want at most %d", k, w.Referred, m.week)
				}
			}
		}
	}
	for chunk := range m.treatment {
		out := m.treatment[chunk].out
		if len(out) != 0 {
			x.length("parts that hear from hospitals", len(out), len(m.parts))
		}
		for i := range out[:min(len(out), len(m.parts))] {
			for k := range out[i] {
				o := &out[i][k]
				x.slot(o.slot, i, "news", k)
				index(x, o.service, len(m.services), "service of news", k)
				index(x, o.practice, len(m.practices), "practice of news", k)
				index(x, uint8(o.kind), int(gaveUp)+1, "kind of news", k)
			}
		}
	}
}

// mostPeople is far more people than a place comes to hold: beyond it a length is absurd.
func (m *Model) mostPeople() int64 {
	residents := 0.0
	for a := range m.place.Areas {
		residents += float64(m.place.Areas[a].Residents)
	}
	return 4*int64(m.roomFor(int(residents*m.set.Sample))) + partSize
}
