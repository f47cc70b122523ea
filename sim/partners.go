package sim

import (
	"slices"

	"coexist/agents"
	"coexist/agents/chance"
	"coexist/market"
)

// gpMoves tells the luck of a GP who looks at other practices from that of one who divides the week.
const gpMoves = 92

// changePractices lets some GPs reconsider each year where to practise (ODD 7.10). Practices of their
// district whose lists have outgrown their GPs have posts; what a list pays each of its GPs and how hard
// they work for it, autonomy and staying put count. Who leaves makes a post; meanwhile the appointments
// that a list pays for are given by locums. The last GP of a practice stays.
func (m *Model) changePractices() {
	if !m.reference.Fixed {
		return
	}
	type mover struct {
		luck     float64
		key      uint64
		gp       int32
		practice uint16
	}
	var movers []mover
	for i := range m.practices {
		pr := &m.practices[i]
		for g := range uint64(pr.GPs) {
			key := chance.Key(m.geo.practiceKey[i], g, gpMoves)
			rng := m.seed.At(key, m.week, chance.Labour)
			if rng.Float64() < m.cfg.Labour.Turnover {
				movers = append(movers, mover{rng.Float64(), key, pr.FirstGP + int32(g), uint16(i)})
			}
		}
	}
	slices.SortFunc(movers, func(a, b mover) int { // in the order of their luck, not of practices
		if a.luck < b.luck || a.luck == b.luck && a.key < b.key {
			return -1
		}
		return 1
	})
	now := make([]int, len(m.practices)) // GPs of each
	for i := range m.practices {
		now[i] = int(m.practices[i].GPs)
	}
	to := make(map[int32]uint16, len(movers)) // where a GP goes
	for _, v := range movers {
		best := m.bestPractice(v.key, int(v.practice), now)
		if best == v.practice {
			continue
		}
		now[v.practice]--
		now[best]++
		to[v.gp] = best
	}
	if len(to) > 0 {
		m.moveGPs(to)
	}
}

// bestPractice is where a GP would rather be of the practices of the district that have a post, the present
// one among them, with luck.
func (m *Model) bestPractice(key uint64, present int, now []int) uint16 {
	best := uint16(present)
	if now[present] < 2 || m.practices[present].Registered == 0 {
		return best
	}
	value := func(i int) float64 {
		luck := m.seed.At(chance.Key2(key, m.geo.practiceKey[i]), m.week, chance.Labour)
		post := m.partnership(i, now[i], i == present)
		return post.Value(m.cfg.Labour) + luck.Gumbel()
	}
	top := value(present)
	for i := range m.practices {
		pr := &m.practices[i]
		if i == present || pr.District != m.practices[present].District || now[i] >= m.posts(i) {
			continue
		}
		if v := value(i); v > top {
			best, top = uint16(i), v
		}
	}
	return best
}

// posts is how many GPs the list of a practice needs, as at the start, when lists and GPs fitted.
func (m *Model) posts(practice int) int {
	list := float64(m.place.Practices[practice].List) * float64(m.practices[practice].Registered) / max(m.initial[practice], 1)
	return int(clip(list/m.cfg.Contact.ListPerGP+.5, 0, agents.MaxClinicians))
}

// partnership is what a practice with so many GPs offers each: what the list pays them, and their work.
func (m *Model) partnership(practice, gps int, current bool) market.Post {
	pr := &m.practices[practice]
	if !current { // the newcomer is one of them
		gps++
	}
	per := float64(max(pr.Registered, 1)) / m.set.Sample / float64(gps)
	load := clip(pr.Mean/max(pr.Capacity, 1e-9)-1, -.5, .5)
	post := market.Post{Income: max(per*m.cfg.Payment.GPCapitation, 1), Load: load, Current: current}
	if pr.System != agents.None {
		post.Autonomy = m.autonomyLost()
	}
	return post
}

// moveGPs takes GPs to other practices. Their sessions elsewhere end; those who stay close up, and people
// know them by their new places; who had a GP that left finds another.
func (m *Model) moveGPs(to map[int32]uint16) {
	joining := make([][]int32, len(m.practices))
	for gp := range int32(len(m.gps)) { // in the order of GPs, not of the map
		if practice, moves := to[gp]; moves {
			m.workSessions(&m.sessions[gp], agents.None, 0)
			joining[practice] = append(joining[practice], gp)
		}
	}
	type labels = [agents.MaxClinicians + 1]uint8
	changed := make([]*labels, len(m.practices)) // what the GPs of a practice that lost some are called now
	gps, sessions := make([]agents.GP, 0, len(m.gps)), make([]agents.Sessions, 0, len(m.sessions))
	for i := range m.practices {
		pr := &m.practices[i]
		first, called := len(gps), &labels{}
		for g := range called {
			called[g] = agents.Departed
		}
		for g := range int32(pr.GPs) {
			if _, moves := to[pr.FirstGP+g]; moves {
				changed[i] = called
				continue
			}
			called[g] = uint8(len(gps) - first)
			gps, sessions = append(gps, m.gps[pr.FirstGP+g]), append(sessions, m.sessions[pr.FirstGP+g])
		}
		for _, gp := range joining[i] {
			g := m.gps[gp]
			g.Practice = uint16(i)
			gps, sessions = append(gps, g), append(sessions, m.sessions[gp])
		}
		pr.FirstGP, pr.GPs = int32(first), uint8(len(gps)-first)
	}
	m.gps, m.sessions = gps, sessions
	m.parallel(len(m.parts), func(_, i int) {
		for k := range m.parts[i].people {
			p := &m.parts[i].people[k]
			called := changed[p.Practice]
			if p.Flags&agents.Alive == 0 || called == nil {
				continue
			}
			p.Contacts = p.Contacts.Relabel(called)
			if p.Usual = called[p.Usual]; p.Usual == agents.Departed {
				rng := m.seed.At(p.ID, m.week, chance.Clinician)
				p.Usual = uint8(rng.Below(uint32(m.practices[p.Practice].GPs)))
			}
		}
	})
}
