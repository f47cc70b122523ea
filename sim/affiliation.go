package sim

import (
	"coexist/agents"
	"coexist/agents/chance"
	"coexist/market"
)

// reaffiliate lets a few practices reconsider their system each year, where people may leave it too
// (ODD 7.10). They may join another, or be their own masters again; those who are may join.
func (m *Model) reaffiliate() {
	if !m.regime.competes || m.cfg.Regime.Enrolment == "none" || len(m.systems) == 0 || m.regime.groups {
		return
	}
	posts := make([]market.Post, len(m.systems))
	for i := range m.practices {
		pr := &m.practices[i]
		rng := m.seed.At(m.geo.practiceKey[i], m.week, chance.Labour)
		if rng.Float64() >= m.cfg.Labour.Turnover {
			continue
		}
		alone := market.Post{Income: max(m.cfg.Payment.GPCapitation, 1), Load: -1, Current: pr.System == agents.None}
		for s := range m.systems {
			o := &m.systems[s]
			if !o.Open {
				continue
			}
			posts[s] = market.Post{Income: max(m.incomeOf(o), 1), Load: m.remoteness(i, uint16(s)),
				Autonomy: m.autonomyLost(), Current: uint16(s) == pr.System}
			if alone.Load < 0 || posts[s].Load < alone.Load {
				alone.Load = posts[s].Load // the way to the next hospital is the same for all
			}
		}
		if alone.Load < 0 { // no system is open
			continue
		}
		best, top := agents.None, alone.Value(m.cfg.Labour)+rng.Gumbel()
		for s := range m.systems {
			if !m.systems[s].Open {
				continue
			}
			luck := m.seed.At(chance.Key2(m.geo.practiceKey[i], m.systems[s].Key), m.week, chance.Labour)
			if v := posts[s].Value(m.cfg.Labour) + luck.Gumbel(); v > top {
				best, top = uint16(s), v
			}
		}
		if best != pr.System {
			m.affiliate(i, best)
		}
	}
	m.enrolFollowers()
}

// remoteness is how burdensome it is for a practice to work with a system, in utility: travel to its
// nearest site; of a system without hospitals, nothing within its districts and the limit of travel
// elsewhere.
func (m *Model) remoteness(practice int, system uint16) float64 {
	minutes := m.minutesTo(m.place.Practices[practice].Area, system)
	if minutes > m.cfg.Choice.MaxMinutes && m.regime.anchor[system] == agents.None {
		minutes = m.cfg.Choice.MaxMinutes
		for i := range m.practices {
			if m.practices[i].System == system && m.practices[i].District == m.practices[practice].District {
				minutes = 0
				break
			}
		}
	}
	return float64(m.cfg.Choice.Minutes * minutes)
}

// incomeOf is what a system offers a practice a head, against the usual.
func (m *Model) incomeOf(o *agents.Organisation) float64 {
	offer := m.cfg.Payment.GPCapitation
	if o.LastIncome > 0 {
		offer *= 1 + float64(m.cfg.Contact.PartnerShare*clip(float64(o.Income-o.Expense)/float64(o.LastIncome), -.2, .2))
	}
	return offer
}

// autonomyReal and autonomyVirtual are how much say a practice loses in a merged system and in a network:
// assumption (.5 to 1, 0 to .4). Where nothing is integrated it loses none.
const (
	autonomyReal    = .8
	autonomyVirtual = .2
)

// autonomyLost is how much say a practice loses in a system of the present regime.
func (m *Model) autonomyLost() float64 {
	switch {
	case m.regime.real:
		return autonomyReal
	case m.regime.integrates:
		return autonomyVirtual
	}
	return 0
}
