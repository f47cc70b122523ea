package sim

import (
	"fmt"
	"math/bits"

	"coexist/agents"
	"coexist/agents/chance"
	"coexist/sim/place"
)

// part is a share of the people that one worker handles at a time: those first registered with a run
// of neighbouring practices. What it holds is written by its worker alone.
type part struct {
	first, last uint16 // practices first .. last-1
	people      []agents.Patient
	due         []uint16 // week of each person's next candidate event, or agents.Never
	track       []int32  // index into tracks, or -1; empty unless people are followed
	free        []uint32 // places of the dead, to be taken again
	tracks      []track
	dead        []agents.Patient // people of the patients table who died this year: their places may be taken
	diary       diary            // what is due in the weeks ahead
	credit      [][2]float64     // births and arrivals owed to each practice
	needs       []need
	requests    [siteChunks][]request
	gone        []uint64    // of those who wait, who died this week
	underway    []underway  // pathways for which a price is paid
	admitted    []admission // this week, where there are such pathways
}

const (
	slotBits   = 24
	maxParts   = 255
	partSize   = 32768 // people: large enough that a part's own lists are little beside its people
	diaryWeeks = 64
	siteChunks = 16
)

// slot is the address of a person: part and place within it.
func slot(part, i int) uint32 { return uint32(part)<<slotBits | uint32(i) }

// makePeople draws the people of every area: who is sampled, how old, with which illness, and where
// registered. A person is the nth resident of an area: the same in every sample that holds them.
func (m *Model) makePeople() error {
	p := m.place
	counts := make([][]int32, len(p.Areas)) // people by area and share of its list
	m.parallel(len(p.Areas), func(_, a int) {
		counts[a] = make([]int32, len(p.Lists[a]))
		m.eachResident(a, func(_ int, _ uint64, k int) { counts[a][k]++ })
	})
	lists := make([]int, len(p.Practices))
	total := 0
	for a := range counts {
		for k, n := range counts[a] {
			lists[p.Lists[a][k].Practice] += int(n)
			total += int(n)
		}
	}
	if total == 0 {
		return fmt.Errorf("place %s at a sample of %v has nobody in it", p.Name, m.set.Sample)
	}
	if err := m.cutParts(lists, total); err != nil {
		return err
	}
	offset := make([]int, len(p.Practices)) // of each practice within its part
	partOf := make([]int, len(p.Practices))
	areas := make([][]int, len(m.parts)) // that have people in each part
	for i := range m.parts {
		n := 0
		for pr := m.parts[i].first; pr < m.parts[i].last; pr++ {
			partOf[pr], offset[pr] = i, n
			n += lists[pr]
		}
	}
	at := make([][]int32, len(p.Areas)) // where the people of each area and share go
	for a := range counts {
		at[a] = make([]int32, len(counts[a]))
		last := -1
		for k, n := range counts[a] {
			pr := p.Lists[a][k].Practice
			at[a][k] = int32(offset[pr])
			offset[pr] += int(n)
			if part := partOf[pr]; n > 0 && part != last {
				if list := areas[part]; len(list) == 0 || list[len(list)-1] != a {
					areas[part] = append(areas[part], a)
				}
				last = part
			}
		}
	}
	m.parallel(len(m.parts), func(_, i int) { m.fillPart(i, areas[i], partOf, at) })
	m.initial = make([]float64, len(lists))
	for i := range m.practices {
		m.practices[i].Registered = int32(lists[i])
		m.initial[i] = float64(lists[i])
	}
	for i := range m.parts {
		for k := range m.parts[i].people {
			m.pop[m.parts[i].people[k].Cell]++
		}
	}
	m.fitPractices()
	m.people = census{Start: int64(total), Alive: int64(total)}
	return nil
}

// eachResident calls f for each sampled resident of an area, in order of birth rank: their number,
// identity and which share of the area's list they are on.
func (m *Model) eachResident(a int, f func(nth int, id uint64, share int)) {
	area, lists := &m.place.Areas[a], m.place.Lists[a]
	if len(lists) == 0 {
		return
	}
	key := chance.KeyString(area.Code)
	rng := m.seed.At(key, 0, chance.Sample)
	due := rng.Float64()
	for n := range int(area.Residents) {
		due += m.set.Sample
		if due < 1 {
			continue
		}
		due--
		id := chance.Key2(key, uint64(n))
		u := float32(chance.Unit(chance.Key2(id, uint64(m.set.Seed))))
		k := 0
		for k < len(lists)-1 && u >= lists[k].Share {
			u -= lists[k].Share
			k++
		}
		f(n, id, k)
	}
}

// cutParts divides the practices among parts of about equal numbers of people; the number of parts
// depends on the people alone.
func (m *Model) cutParts(lists []int, total int) error {
	n := max(min(total/partSize, 64), min(total/(partSize/8), 8), 1)
	size := float64(total) / float64(n)
	people, first := 0, 0
	for pr := range lists {
		people += lists[pr]
		if float64(people) >= float64(size*float64(len(m.parts)+1))-.5 || pr == len(lists)-1 {
			m.parts = append(m.parts, part{first: uint16(first), last: uint16(pr + 1)})
			first = pr + 1
		}
	}
	rooms, sizes := make([]int, len(m.parts)), make([]int, len(m.parts))
	for i := range m.parts {
		q := &m.parts[i]
		for pr := q.first; pr < q.last; pr++ {
			sizes[i] += lists[pr]
		}
		rooms[i] = m.roomFor(sizes[i])
		if rooms[i] >= 1<<slotBits || len(m.parts) > maxParts {
			return fmt.Errorf("place %s has a part of %d people, want at most %d", m.place.Name, rooms[i], 1<<slotBits)
		}
		q.credit = make([][2]float64, q.last-q.first)
		for k := range q.credit { // births and arrivals begin at different times of the year
			rng := m.seed.At(m.geo.practiceKey[int(q.first)+k], 0, chance.Birth)
			q.credit[k] = [2]float64{rng.Float64(), rng.Float64()}
		}
	}
	m.layPeople(rooms, func(i int) int { return sizes[i] })
	return nil
}

// roomFor is the room that a part of n people needs over a run, with those who come: half as much again as
// the whole place grows, since young parts grow faster. What nobody moves into is never touched and takes no
// memory.
func (m *Model) roomFor(n int) int {
	years := float64(m.cfg.Time.Years + m.cfg.Time.WarmupYears)
	return int(float64(n)*(1.01+float64(1.5*max(m.cfg.People.Growth, 0)/1000*years))) + 64
}

// layPeople gives every part its room for people, and places to as many as it begins with.
func (m *Model) layPeople(rooms []int, begin func(part int) int) {
	all := 0
	for _, room := range rooms {
		all += room
	}
	slab := make([]agents.Patient, all) // one piece of memory, so that it can lie on large pages
	largePages(slab)
	for i, room := range rooms {
		q, n := &m.parts[i], begin(i)
		q.people, slab = slab[:n:room], slab[room:]
		q.due, q.track = make([]uint16, n, room), make([]int32, n, room)
	}
}

// fillPart draws the people of one part.
func (m *Model) fillPart(i int, areas []int, partOf []int, at [][]int32) {
	q := &m.parts[i]
	for _, a := range areas {
		lists := m.place.Lists[a]
		area := &m.place.Areas[a]
		m.eachResident(a, func(nth int, id uint64, share int) {
			pr := lists[share].Practice
			if partOf[pr] != i {
				return
			}
			k := at[a][share]
			at[a][share]++
			rng := m.seed.At(id, 0, chance.Synthesis)
			band := 0
			for n := nth; band < place.Ages-1 && n >= int(area.ByAge[band]); band++ {
				n -= int(area.ByAge[band])
			}
			age := ageIn(band, rng.Float64())
			born := int16(-age*52 - int(rng.Below(52)))
			m.makePerson(&q.people[k], id, uint16(a), pr, born, &rng)
			q.due[k] = m.firstDue(&q.people[k])
		})
	}
	m.followSome(q)
}

// ageIn is the age at a quantile of an age band.
func ageIn(band int, u float64) int {
	from, to := place.AgeFrom[band], place.AgeFrom[band+1]
	if band < place.Ages-1 {
		return from + int(u*float64(to-from))
	}
	for age := from; age < to-1; age++ {
		if u -= yearShare(band, age); u < 0 {
			return age
		}
	}
	return to - 1
}

// fitPractices sets the appointments of each practice by what its list needs at the reference, so
// that practices with older or poorer people have more.
func (m *Model) fitPractices() {
	m.sumNeeds()
	quality, people := 0.0, 0.0
	for i := range m.practices {
		pr := &m.practices[i]
		pr.Mean = pr.Need * float64(pr.Registered)
		pr.Capacity = pr.Mean * 1.5 // ample until fitted in the warm-up
		quality += float64(pr.Quality * float64(pr.Registered))
		people += float64(pr.Registered)
	}
	m.reference = reference{Control: m.cfg.Health.ControlTarget, Usual: usualAtStart, Delay: 1, Quality: quality / people, Beds: 1, Budget: 1, DelayScale: 1}
}

// sumNeeds works out the GP contacts a week that a person on each list is expected to need.
func (m *Model) sumNeeds() {
	by := make([][]float64, len(m.parts))
	m.parallel(len(m.parts), func(_, i int) {
		q := &m.parts[i]
		need := make([]float64, len(m.practices))
		for k := range q.people {
			if p := &q.people[k]; p.Flags&agents.Alive != 0 {
				n := min(bits.OnesCount32(p.Conditions), maxConditions)
				need[p.Practice] += float64(m.hazards.contact[p.Sex()][p.Age(m.week)][n])
			}
		}
		by[i] = need
	})
	c := &m.cfg.Contact
	returns := c.Rate / max(c.Rate-returnsAYear(&m.cfg), 1e-9)
	for i := range m.practices {
		sum := 0.0
		for k := range by {
			sum += by[k][i]
		}
		m.practices[i].Need = sum * c.GPShare * returns / max(float64(m.practices[i].Registered), 1)
	}
}

// usualAtStart is the usual-provider share taken before the warm-up has measured it.
const usualAtStart = .7

// makePerson draws the lasting traits of a person: sex, frailty, conditions, insistence on the usual
// GP. It does not depend on the regime.
func (m *Model) makePerson(p *agents.Patient, id uint64, area, practice uint16, born int16, rng *chance.Stream) {
	*p = agents.Patient{ID: id, Area: area, Practice: practice, Born: born, System: agents.None, LastSite: agents.None,
		Control: float32(m.cfg.Health.ControlTarget), Flags: agents.Alive, Touched: uint16(m.week)}
	age := p.Age(m.week)
	if rng.Float64() < m.hazards.female[age] {
		p.Flags |= agents.Female
	}
	decile := int(m.geo.decile[area])
	p.Frailty = m.hazards.classAt(decile, age, rng.Float64())
	for k := range m.hazards.conditions {
		if rng.Float64() < float64(m.hazards.have[p.Frailty][decile][age][k]) {
			p.Conditions |= 1 << k
		}
	}
	insist := m.cfg.Contact.UsualGP + float64(m.cfg.Contact.UsualGPSpread*rng.Normal())
	p.Insist = uint8(clip(insist, 0, 1) * 255)
	p.Usual = uint8(rng.Below(uint32(m.practices[practice].GPs)))
	p.Cell = m.cellOf(p)
	if rng.Float64() < m.geo.panelOdds {
		p.Flags |= agents.Panel
	}
	if rng.Float64() < m.geo.trackOdds {
		p.Flags |= agents.Tracked
	}
}

// cellOf is the group of a person: rurality, deprivation fifth and age band.
func (m *Model) cellOf(p *agents.Patient) uint8 {
	return m.geo.cell[p.Area] + ageBand(p.Age(m.week))
}

// firstDue draws the first candidate week of a person.
func (m *Model) firstDue(p *agents.Patient) uint16 {
	rng := m.seed.At(p.ID, m.week, chance.Gap)
	p.Aged = uint8(p.Age(m.week))
	p.Level = m.hazards.level(p, int(p.Aged), int(m.geo.decile[p.Area]))
	gap, idle := m.hazards.gap(p.Level, rng.Uint64())
	if idle {
		p.Flags |= agents.Idle
	}
	return uint16(int(m.week) + gap - 1)
}
