package sim

import (
	"fmt"
	"sync/atomic"

	"coexist/agents"
	"coexist/agents/chance"
	"coexist/market"
	"coexist/sim/place"
	"coexist/sim/tables"
)

// event notes a market event.
func (m *Model) event(what string, who, other int32, detail string) {
	row := tables.MarketEvent{Week: m.week - m.start, Event: what, Detail: detail}
	if who >= 0 {
		row.Organisation = m.names[who]
	}
	if other >= 0 {
		row.Other = m.names[other]
	}
	m.rows.batch.Events = append(m.rows.batch.Events, row)
	switch what {
	case "entry":
		m.rows.entries++
	case "exit":
		m.rows.exits++
	case "merger":
		m.rows.mergers++
	}
}

// overlaps works out how far each pair of systems draws on the same people: on those who are enrolled,
// by small area, or on those who were referred last year, by practice, whichever is more. Hospitals that
// treat the same practices' people are rivals even where nobody lives between two systems.
func (m *Model) overlaps() {
	n := len(m.systems)
	if n < 2 || !m.regime.integrates || !m.regime.competes {
		return
	}
	enrolled, referred := make([][]int64, n), make([][]int64, n)
	for s := range n {
		enrolled[s], referred[s] = make([]int64, len(m.place.Areas)), make([]int64, len(m.practices))
	}
	m.eachAlive(func(p *agents.Patient) { // sums of whole numbers do not depend on the order
		if p.System != agents.None {
			atomic.AddInt64(&enrolled[p.System][p.Area], 1)
		}
	})
	for i := range m.practices {
		for k := range m.providers {
			if s := m.providers[k].System; s != agents.None {
				referred[s][i] += int64(m.links.last[i*m.links.providers+k])
			}
		}
	}
	m.parallel(n, func(_, a int) {
		for b := range a {
			o := max(market.Overlap(enrolled[a], enrolled[b]), market.Overlap(referred[a], referred[b]))
			m.rivals[a*n+b], m.rivals[b*n+a] = o, o
		}
	})
}

// affiliate moves a practice to a system; links with the old one are lost with the reorganisation. Those
// enrolled through it do so with enrolFollowers.
func (m *Model) affiliate(practice int, system uint16) {
	pr := &m.practices[practice]
	from := pr.System
	pr.System = system
	row := m.links.phi[practice*m.links.providers : (practice+1)*m.links.providers]
	for k := range row {
		if m.regime.real && from != agents.None && m.providers[k].System == from {
			row[k] = m.links.begin
		}
	}
	if !m.regime.direct {
		m.affiliated = append(m.affiliated, uint16(practice))
	}
}

// enrolFollowers lets people follow the practices that have been affiliated since the last time to their
// systems: one pass over everybody for all of these practices.
func (m *Model) enrolFollowers() {
	if len(m.affiliated) == 0 {
		return
	}
	moved := make([]bool, len(m.practices))
	for _, i := range m.affiliated {
		moved[i] = true
	}
	m.affiliated = m.affiliated[:0]
	m.eachAlive(func(p *agents.Patient) {
		if moved[p.Practice] {
			p.System = m.practices[p.Practice].System
		}
	})
}

// rehome moves people who enrolled directly with a system that is no more.
func (m *Model) rehome(system uint16, to func(*agents.Patient) uint16) {
	m.eachAlive(func(p *agents.Patient) {
		if p.System == system {
			p.System = to(p)
		}
	})
}

// eachAlive calls f for everyone alive, on all workers: f writes to the person alone, or to sums of whole
// numbers that it adds to atomically.
func (m *Model) eachAlive(f func(p *agents.Patient)) {
	m.parallel(len(m.parts), func(_, i int) {
		for k := range m.parts[i].people {
			if p := &m.parts[i].people[k]; p.Flags&agents.Alive != 0 {
				f(p)
			}
		}
	})
}

// merge lets pairs of systems merge under the rule on concentration (ODD 7.10).
func (m *Model) merge() {
	if !m.cfg.Regime.Mergers || len(m.systems) < 2 {
		return
	}
	shares := make([]float64, len(m.systems))
	total := 0.0
	for s := range m.systems {
		shares[s] = float64(m.systems[s].Enrolled)
		total += shares[s]
	}
	for s := range shares {
		shares[s] /= max(total, 1)
	}
	for a := range m.systems {
		for b := a + 1; b < len(m.systems); b++ {
			if !m.systems[a].Open || !m.systems[b].Open {
				continue
			}
			first, second := m.systems[a].Key, m.systems[b].Key // of the pair, in whatever order
			rng := m.seed.At(chance.Key2(min(first, second), max(first, second)), m.week, chance.Merger)
			if rng.Float64() >= m.cfg.Market.MergerHazard {
				continue
			}
			if !market.Assess(shares, a, b).Allowed(m.cfg.Market) {
				m.regulator.Barred++
				m.event("merger barred", m.systems[a].Name, m.systems[b].Name, "")
				continue
			}
			shares[a] += shares[b]
			shares[b] = 0
			m.absorb(uint16(a), uint16(b))
		}
	}
}

// absorb lets one system take over another; links in what is reorganised suffer the shock.
func (m *Model) absorb(a, b uint16) {
	m.event("merger", m.systems[a].Name, m.systems[b].Name, "")
	for i := range m.providers {
		if o := &m.providers[i]; o.System == b {
			o.System = a
			m.links.system[i] = a
			m.links.internal[i] = float32(market.MergerShock(float64(m.links.internal[i]), m.cfg.Integration.MergerShock, 1))
		}
	}
	for i := range m.practices {
		if m.practices[i].System == b {
			phi := append([]float32(nil), m.links.phi[i*m.links.providers:(i+1)*m.links.providers]...)
			m.affiliate(i, a)
			row := m.links.phi[i*m.links.providers:]
			for k := range phi {
				row[k] = float32(market.MergerShock(float64(phi[k]), m.cfg.Integration.MergerShock, 1))
			}
		}
	}
	m.enrolFollowers()
	m.rehome(b, func(*agents.Patient) uint16 { return a })
	to, from := &m.systems[a], &m.systems[b]
	m.ledger.Post(from.Party, to.Party, market.KindAllocation, market.ServiceWhole, m.ledger.Parties[from.Party].Balance)
	to.Reserves += from.Reserves
	to.Enrolled += from.Enrolled
	from.Open, from.Enrolled, from.Reserves = false, 0, 0
}

// enter lets newcomers in where the expected margin covers the set-up and a leader with practices is
// to be had (ODD 7.10).
func (m *Model) enter() {
	for _, name := range m.cfg.Regime.Entry {
		kind, err := market.ParseNewcomer(name)
		if err != nil || len(m.systems) == 0 {
			continue
		}
		key := chance.Key2(chance.KeyString("entrant"), uint64(kind))
		rng := m.seed.At(key, m.week, chance.Entry)
		joining := m.practicesReady(key)
		margin := 0.0
		var incumbents []float64
		for s := range m.systems {
			if o := &m.systems[s]; o.Open && o.Enrolled > 0 {
				margin += float64(o.Income-o.Expense) / 100 / float64(o.Enrolled) / float64(len(m.systems))
				incumbents = append(incumbents, float64(m.cfg.Choice.Quality*(o.Quality-m.cfg.Effort.Start))+1)
			}
		}
		people := 0.0
		for _, i := range joining {
			people += float64(m.practices[i].Registered)
		}
		hope := max(margin, 0) + float64(m.cfg.Payment.Envelope*longRunMargin*.2*rng.Float64())
		prospect := market.Prospect{People: people / m.set.Sample, Share: market.EntryShare(1, incumbents), Margin: hope,
			Leader: market.CanLead(m.cfg.Market, rng.Float64()/float64(1+len(joining))), Practices: len(joining), Direct: m.regime.direct}
		if !kind.Enters(m.cfg.Market, prospect) {
			continue
		}
		name := fmt.Sprintf("Newcomer %d (%s)", len(m.systems)+1, kind)
		s := m.found(name, name, agents.Entrant, agents.None)
		back := kind.Backing(m.cfg.Market)
		o := &m.systems[s]
		o.Altruism *= back.Altruism
		o.Leadership = 1.2 // a newcomer comes with a leader: assumption (1 to 1.5)
		cost := market.GBP(m.cfg.Market.SetUp * people)
		m.ledger.Post(o.Party, partyOutside, market.KindSetUp, market.ServiceWhole, cost)
		o.Reserves = int64(market.GBP(back.Capital*people) - cost)
		o.LastIncome = int64(market.GBP(people * m.cfg.Payment.Envelope))
		o.Premium = m.meanPremium()
		m.tenderFor(o)
		m.event("entry", o.Name, -1, kind.String())
		m.growRivals()
		for _, i := range joining {
			m.affiliate(i, s)
		}
		m.enrolFollowers()
	}
}

// growRivals makes room in the table of rivals for a new system.
func (m *Model) growRivals() {
	n := len(m.systems)
	wider := make([]float64, n*n)
	for a := range n - 1 {
		copy(wider[a*n:a*n+n-1], m.rivals[a*(n-1):(a+1)*(n-1)])
	}
	m.rivals = wider
}

// practicesReady are the practices that would join a newcomer this year: those whose leaders would
// rather have a say of their own.
func (m *Model) practicesReady(key uint64) []int {
	var ready []int
	for i := range m.practices {
		pr := &m.practices[i]
		if pr.System == agents.None {
			continue
		}
		rng := m.seed.At(chance.Key2(m.geo.practiceKey[i], key), m.week, chance.Entry)
		lead := float64(m.gps[pr.FirstGP].Leadership)
		if rng.Float64() < m.cfg.Market.Leaders*lead*m.autonomyLost() {
			ready = append(ready, i)
		}
	}
	return ready
}

// leave closes what has failed: its practices and people go to the nearest open system, links are
// lost, some staff leave; where the failure rule is a bail-out, the public purse pays instead.
func (m *Model) leave() {
	for i := range m.providers {
		o := &m.providers[i]
		if o.Home == place.NoDistrict || !o.Open || m.account(uint16(i)) != o.Party {
			continue
		}
		now, fails := market.Failing(m.cfg.Market, int64(o.Failing)+3, market.Pence(o.Reserves), market.Pence(o.LastIncome))
		o.Failing = uint8(min(now, 200)) // a year is four quarters
		switch {
		case fails && o.Kind == agents.Group && m.cfg.Regime.Failure == "exit":
			m.closeGroup(uint16(i))
		case fails:
			m.bailOut(o) // a hospital carries the last resort: it is kept open
		}
	}
	for s := range m.systems {
		o := &m.systems[s]
		if !o.Open || !m.regime.systemPays {
			continue
		}
		now, fails := market.Failing(m.cfg.Market, int64(o.Failing)+3, market.Pence(o.Reserves), market.Pence(o.LastIncome))
		o.Failing = uint8(min(now, 200))
		if !fails {
			continue
		}
		if m.cfg.Regime.Failure != "exit" || m.openSystems() < 2 {
			m.bailOut(o)
			continue
		}
		m.close(uint16(s))
	}
}

// openSystems counts the systems that are open.
func (m *Model) openSystems() int {
	n := 0
	for s := range m.systems {
		if m.systems[s].Open {
			n++
		}
	}
	return n
}

// bailOut lets the public purse cover an organisation's deficit, in the open.
func (m *Model) bailOut(o *agents.Organisation) {
	if o.Reserves >= 0 {
		return
	}
	m.ledger.Post(partyGovernment, o.Party, market.KindBailOut, market.ServiceWhole, market.Pence(-o.Reserves))
	m.regulator.BailedOut -= o.Reserves
	m.event("bail-out", o.Name, -1, fmt.Sprintf("%d pence", -o.Reserves))
	o.Reserves, o.Failing = 0, 0
}

// close ends a system.
func (m *Model) close(s uint16) {
	o := &m.systems[s]
	o.Open = false
	m.event("exit", o.Name, -1, fmt.Sprintf("%d people", o.Enrolled))
	m.ledger.Post(partyGovernment, partyOutside, market.KindDisruption, market.ServiceWhole, market.DisruptionCost(m.cfg.Costs, market.Pence(o.LastIncome)))
	for i := range m.practices {
		pr := &m.practices[i]
		if pr.System != s {
			continue
		}
		best, least := agents.None, 0.0
		for k := range m.systems {
			if d := m.minutesTo(m.place.Practices[i].Area, uint16(k)); m.systems[k].Open && (best == agents.None || d < least) {
				best, least = uint16(k), d
			}
		}
		m.affiliate(i, best)
		row := m.links.phi[i*m.links.providers : (i+1)*m.links.providers]
		for k := range row {
			row[k] = m.links.begin
		}
	}
	m.enrolFollowers()
	m.rehome(s, func(p *agents.Patient) uint16 { return m.pickSystem(p, agents.None) })
	for i := range m.services {
		if v := &m.services[i]; m.providers[v.Provider].System == s {
			v.Clinic *= 1 - m.cfg.Market.StaffLoss
			v.List *= 1 - m.cfg.Market.StaffLoss
		}
	}
	for i := range m.providers {
		if m.providers[i].System == s {
			m.providers[i].System = agents.None // the hospital goes on by itself
			m.links.system[i] = agents.None
			m.links.internal[i], m.links.cross[i] = m.links.begin, m.links.begin
		}
	}
	o.Enrolled = 0
}

// grown makes room for what the year's organisations need.
func (m *Model) grown() {
	m.links.widen(len(m.practices), len(m.providers))
	for i := range m.providers {
		m.links.system[i] = m.providers[i].System
	}
	m.weighSystems()
	m.teachNewcomers()
	m.makeWorkers()
	wider := make([][kinds]int64, len(m.systems)+1)
	copy(wider, m.counts.system)
	m.counts.system = wider
	m.index()
}
