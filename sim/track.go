package sim

import "coexist/agents"

// track is what is kept of one person of the panel or of the patients table over a year.
type track struct {
	id           uint64
	slot         uint32
	gp, nurse    uint16
	attendances  uint16
	bedDays      uint16
	alternatives uint16 // summed over referrals
	waited       uint16 // weeks of completed waits
	waits        uint8
	referrals    uint8
	ae           uint8
	failures     uint8
	avoidable    uint8
	emergencies  uint8
	elective     uint8
	readmissions uint8
	harm         uint8
	places       uint8 // hospital sites seen
	died         bool
	sites        [6]uint16
	chosen       float32 // km, summed over referrals
	nearest      float32
	social       int64
}

// see notes a hospital site seen this year.
func (t *track) see(site uint16) {
	for _, s := range t.sites[:min(int(t.places), len(t.sites))] {
		if s == site {
			return
		}
	}
	if int(t.places) < len(t.sites) {
		t.sites[t.places] = site
	}
	t.places++
}

// follow returns what is kept of a person who is followed.
func (m *Model) follow(pt, i int) *track {
	q := &m.parts[pt]
	return &q.tracks[q.track[i]]
}

// followSome begins to follow the marked people of a new part.
func (m *Model) followSome(q *part) {
	for i := range q.people {
		m.followOne(q, i)
	}
}

// followOne begins to follow a person if marked.
func (m *Model) followOne(q *part, i int) {
	q.track[i] = -1
	if p := &q.people[i]; p.Flags&follow != 0 {
		q.track[i] = int32(len(q.tracks))
		q.tracks = append(q.tracks, track{id: p.ID, slot: uint32(i)})
	}
}

// turnTracks begins a new year of what is kept: the dead are dropped, the rest start at nothing.
func (q *part) turnTracks() {
	kept := q.tracks[:0]
	for _, t := range q.tracks {
		p := &q.people[t.slot]
		if t.died || p.ID != t.id || p.Flags&agents.Alive == 0 {
			continue
		}
		q.track[t.slot] = int32(len(kept))
		kept = append(kept, track{id: t.id, slot: t.slot})
	}
	q.tracks = kept
	q.dead = q.dead[:0]
}
