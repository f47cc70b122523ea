package sim

import (
	"fmt"

	"coexist/agents"
	"coexist/agents/chance"
	"coexist/market"
	"coexist/sim/place"
)

// formGroups lets specialty medical groups form: the airlines. The specialists of each line divide
// among groups, which run clinics and lists at the sites where they work; sites keep their beds,
// wards and emergency departments and become airports.
func (m *Model) formGroups() {
	per := int(m.cfg.Regime.SystemCount)
	if per <= 0 {
		per = defaultGroups
	}
	lines := int(place.Lines)
	first := len(m.providers)
	for l := range lines {
		for g := range per {
			name := fmt.Sprintf("%s Group %c", lineNames[l], 'A'+g)
			key := chance.Key2(chance.KeyString(name), 1)
			m.providers = append(m.providers, agents.Organisation{Key: key, Kind: agents.Group, Line: uint8(l), Open: true,
				System: agents.None, Name: m.name(name), Support: m.cfg.Integration.Support, Home: agents.None, Leadership: m.leadership(key),
				Altruism: m.cfg.Effort.Altruism, Quality: m.cfg.Effort.Start, Spend: m.cfg.Integration.Spend, Founded: m.week,
				Party: m.ledger.Open(market.RoleGroup)})
		}
	}
	bySite := make([][]int, len(m.services)) // specialists of each service
	for i := range m.specialists {
		s := &m.specialists[i]
		bySite[s.Service] = append(bySite[s.Service], i)
	}
	old := len(m.services)
	for k := range old {
		if m.services[k].Outside || !m.services[k].Open || len(bySite[k]) == 0 { // all of its specialists may have left
			continue
		}
		m.divide(k, bySite[k], first, per)
	}
}

// defaultGroups is how many groups a line has if the scenario does not say: assumption (2 to 5).
const defaultGroups = 3

// lineNames are the clinical specialties as people say them.
var lineNames = [place.Lines]string{"Medical", "Surgical", "Orthopaedic", "Eye", "Heart", "Women's", "ENT", "Skin"}

// divide splits a service among the groups of its line: the specialists join them in turn, and
// capacity, staff and everyone who waits go along. A service whose last specialist has left has nobody to
// join a group and stays as it is.
func (m *Model) divide(service int, doctors []int, first, per int) {
	if len(doctors) == 0 {
		return
	}
	s := m.services[service]
	line, total, offset := int(s.Line), len(doctors), int(s.Site)
	groupOf := func(n int) int { return (n + offset) % per }
	of := make([]int, per) // service of each group here, or -1
	for g := range per {
		of[g] = -1
		staff := 0
		for n := range doctors {
			if groupOf(n) == g {
				staff++
			}
		}
		if staff == 0 {
			continue
		}
		v := s
		v.Provider, v.Staff = uint16(first+line*per+g), int32(staff)
		share := float64(staff) / float64(total)
		for _, x := range []*float64{&v.Clinic, &v.List, &v.ClinicCredit, &v.ListCredit, &v.Arrivals, &v.ListArrivals, &v.Pattern, &v.Volume, &v.VolumeRef,
			&v.ClinicRef, &v.ListRef, &v.ArrivalsRef, &v.ListArrivalsRef} {
			*x *= share
		}
		of[g] = len(m.services)
		m.addService(v)
		if o := &m.providers[v.Provider]; o.Home == agents.None {
			o.Home = m.place.Hospitals[s.Site].District
		}
	}
	m.shareFixed(&s, of)
	for n, d := range doctors {
		m.specialists[d].Employer = uint16(first + line*per + groupOf(n))
		m.specialists[d].Service = int32(of[groupOf(n)])
		m.specialists[d].Second, m.specialists[d].Tenths = -1, 0
	}
	follows := func(id uint64) int {
		return of[groupOf(int(chance.Unit(chance.Key2(id, uint64(line)))*float64(total)))]
	}
	for _, queues := range [][][]agents.Waiter{m.clinics, m.lists} {
		for k := range queues[service] {
			w := &queues[service][k]
			queues[follows(w.ID)] = append(queues[follows(w.ID)], *w)
		}
		queues[service] = nil
	}
	for _, out := range m.treatment[m.chunkOf(s.Site)].out { // and those who have just been seen
		for k := range out {
			if o := &out[k]; int(o.service) == service {
				o.service = uint16(follows(o.id))
			}
		}
	}
	v := &m.services[service]
	v.Open, v.Clinic, v.List, v.Staff = false, 0, 0, 0
}

// shareFixed moves to the groups the fixed cost of the specialists who join them: the part of a
// service's planned care that is not buildings.
func (m *Model) shareFixed(s *agents.Service, of []int) {
	trust := &m.providers[s.Provider]
	volume, own := 0.0, s.Volume
	for i := range m.services {
		if v := &m.services[i]; v.Provider == s.Provider {
			volume += v.Volume
		}
	}
	planned := float64(m.referenceValue(int(s.Provider), market.ServiceOutpatient, 1) + m.referenceValue(int(s.Provider), market.ServiceElective, 1))
	moved := planned / 52 * m.cfg.Payment.FixedShare * (1 - facilityPart) * own / max(volume, 1e-9)
	trust.FixedRef -= moved
	trust.Fixed = min(trust.Fixed, trust.FixedRef)
	for _, k := range of {
		if k >= 0 {
			v := &m.services[k]
			g := &m.providers[v.Provider]
			g.FixedRef += moved * v.Clinic / max(s.Clinic, 1e-9)
			g.Fixed = g.FixedRef
		}
	}
}

// pairPractices gives each practice a partner group for each line: GPs join the group that is
// largest at the site to which they refer, or one of its rivals there.
func (m *Model) pairPractices() {
	lines := int(place.Lines)
	m.index()
	m.links.partner = make([]uint16, len(m.practices)*lines)
	for i := range m.practices {
		area := m.place.Practices[i].Area
		for l := range lines {
			m.links.partner[i*lines+l] = agents.None
			rng := m.seed.At(chance.Key2(chance.KeyString(m.place.Practices[i].Code), uint64(l)), 0, chance.Enrol)
			u, rank := rng.Float64(), uint16(0)
			for _, near := range m.place.Reach[area] {
				at := m.signals.at[int(near.Index)*lines+l]
				if len(at) == 0 {
					continue
				}
				if rank++; rank <= m.practices[i].Default {
					continue
				}
				staff := int32(0)
				for _, k := range at {
					staff += m.services[k].Staff
				}
				x := u * float64(staff)
				for _, k := range at {
					m.links.partner[i*lines+l] = m.services[k].Provider
					if x -= float64(m.services[k].Staff); x < 0 {
						break
					}
				}
				break
			}
		}
	}
}
