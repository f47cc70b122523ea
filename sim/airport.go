package sim

import (
	"coexist/agents"
	"coexist/market"
	"coexist/sim/place"
)

// allocateSlots lets the airports divide their slots for the year (ODD 7.6): among the groups that use
// them by last year's use, after some are kept for a group of the line that does not fly from there yet.
// It comes in as long as there is one; what nobody takes goes to those who are there.
func (m *Model) allocateSlots() {
	if !m.regime.groups || m.cfg.Regime.Hospitals != "rented" || !m.reference.Fixed {
		return
	}
	came := false
	for site := range m.sites {
		for line := range int(place.Lines) {
			users := m.usersOf(site, line)
			if len(users) == 0 {
				continue
			}
			last := make([]int64, len(users))
			total := 0.0
			for k, i := range users {
				last[k] = m.year.seen[i]
				total += m.services[i].Clinic
			}
			slots, kept := market.AllocateSlots(last, int64(total*1000), m.cfg.Payment.FacilityEntrants)
			to := m.groupWithout(users, line)
			if to == agents.None || kept == int64(total*1000) {
				continue // nobody new, or nobody used any: all stays as it is
			}
			for k, i := range users { // clinics go by last year's use, and lists with them
				s := &m.services[i]
				scale := float64(slots[k]+kept*slots[k]/max(int64(total*1000)-kept, 1)) / 1000 / max(s.Clinic, 1e-9)
				s.Clinic, s.List = max(s.Clinic*scale, 1e-3), max(s.List*scale, 1e-3)
			}
			if kept > 0 && m.services[users[0]].Clinic > 0 {
				m.enterSite(users, to, float64(kept)/1000/total)
				came = true
			}
		}
	}
	if came {
		m.index()
	}
}

// usersOf lists the services of groups in a line at a site of the place.
func (m *Model) usersOf(site, line int) (users []int) {
	for i := range m.services {
		s := &m.services[i]
		if s.Open && !s.Outside && int(s.Site) == site && int(s.Line) == line && m.providers[s.Provider].Kind == agents.Group {
			users = append(users, i)
		}
	}
	return users
}

// groupWithout is the largest open group of a line that has no service among these, or None.
func (m *Model) groupWithout(users []int, line int) uint16 {
	best := agents.None
	for g := range m.providers {
		o := &m.providers[g]
		if o.Kind != agents.Group || !o.Open || int(o.Line) != line {
			continue
		}
		here := false
		for _, i := range users {
			here = here || int(m.services[i].Provider) == g
		}
		if !here && (best == agents.None || o.Demand > m.providers[best].Demand) {
			best = uint16(g)
		}
	}
	return best
}

// enterSite lets a group begin at a site with a share of each user's slots.
func (m *Model) enterSite(users []int, group uint16, share float64) {
	largest := users[0]
	for _, i := range users {
		if m.services[i].Clinic > m.services[largest].Clinic {
			largest = i
		}
	}
	all := 0.0
	for _, i := range users {
		all += m.services[i].Clinic
	}
	m.splitService(largest, group, clip(share*all/max(m.services[largest].Clinic, 1e-9), 0, .9))
	m.event("route", m.providers[group].Name, -1, m.place.Hospitals[m.services[largest].Site].Name)
}

// closeGroup ends a specialty group in lasting deficit: at each site the largest of its rivals there takes
// its clinic over with those who wait, or the hospital, which carries the last resort at tariff. Some
// staff leave, and what the group's links were is lost.
func (m *Model) closeGroup(g uint16) {
	o := &m.providers[g]
	o.Open = false
	m.event("exit", o.Name, -1, lineNames[o.Line])
	m.ledger.Post(partyGovernment, partyOutside, market.KindDisruption, market.ServiceWhole, market.DisruptionCost(m.cfg.Costs, market.Pence(o.LastIncome)))
	volume, fixed := 0.0, o.FixedRef
	for i := range m.services {
		if s := &m.services[i]; s.Provider == g && s.Open {
			volume += s.Volume
		}
	}
	for i := range m.services {
		s := &m.services[i]
		if s.Provider != g || !s.Open {
			continue
		}
		to := m.sites[s.Site].Owner
		most := 0.0
		for _, k := range m.usersOf(int(s.Site), int(s.Line)) {
			if v := &m.services[k]; v.Provider != g && v.Clinic > most {
				to, most = v.Provider, v.Clinic
			}
		}
		share := s.Volume / max(volume, 1e-9)
		m.providers[to].FixedRef += float64(fixed * share)
		m.providers[to].Fixed += float64(o.Fixed * share)
		s.Clinic *= 1 - m.cfg.Market.StaffLoss
		s.List *= 1 - m.cfg.Market.StaffLoss
		s.Provider = to
		for k := range m.specialists {
			if sp := &m.specialists[k]; int(sp.Service) == i {
				sp.Employer = to
			}
		}
	}
	o.Fixed, o.FixedRef, o.Reserves, o.Failing = 0, 0, 0, 0
	m.links.internal[g] = m.links.begin
	m.index()
	m.pairAgain(g)
}

// pairAgain lets the GPs who belonged to a group that is no more join the largest at the nearest site, if
// there is one.
func (m *Model) pairAgain(gone uint16) {
	lines := int(place.Lines)
	for k, partner := range m.links.partner {
		if partner != gone {
			continue
		}
		m.links.partner[k] = agents.None
		area, line := m.place.Practices[k/lines].Area, k%lines
		for _, near := range m.place.Reach[area] {
			best := -1
			for _, i := range m.usersOf(int(near.Index), line) {
				if best < 0 || m.services[i].Staff > m.services[best].Staff {
					best = i
				}
			}
			if best >= 0 {
				m.links.partner[k] = m.services[best].Provider
				break
			}
		}
	}
}
