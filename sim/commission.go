package sim

import (
	"cmp"
	"slices"

	"coexist/agents"
	"coexist/agents/chance"
	"coexist/market"
	"coexist/sim/place"
)

// withdraw lets commissioners take the contract for a service from a provider whose published quality
// is insufficient, as often as they are sharp, and give it to who wins a contest among those able to run it
// (ODD 7.8). Patients, specialists and premises stay; the team that runs them is another, so that its
// links count from now on, and the move is paid for.
func (m *Model) withdraw() {
	if !m.reference.Fixed {
		return
	}
	moved := false
	for i := range m.services {
		s := &m.services[i]
		if !s.Open || s.Outside || m.sites[s.Site].District == place.NoDistrict {
			continue
		}
		buyer := &m.buyers[m.sites[s.Site].District]
		rng := m.seed.At(m.serviceKey(uint16(i)), m.week, chance.Contract)
		short := clip(m.cfg.Effort.Standard-insufficientBy-s.Rating, 0, 1)
		if rng.Float64() >= float64(buyer.Sharpness*short) {
			continue
		}
		if to := m.contest(i); to >= 0 {
			m.moveContract(i, m.services[to].Provider)
			moved = true
		}
	}
	if moved {
		m.index()
	}
}

// contest lets those who are able bid for a service: who runs the line at one of the nearest sites, not
// below the standard, solvent, and not under the controller who loses it; each bids with the best of its
// services. A bid costs its bidder a share of a year's value. The bid that seems best wins; those who judge
// see published ratings with an error of their own. It returns the service with which the winner bid, or
// -1 if nobody is able.
func (m *Model) contest(service int) int {
	s := &m.services[service]
	bids := map[int32]int{} // by controller
	var bidders []int32     // in the order of distance
	for _, k := range m.ableNear(service) {
		who := m.controller(m.services[k].Provider)
		best, known := bids[who]
		if !known {
			bidders = append(bidders, who)
		}
		if !known || m.services[k].Rating > m.services[best].Rating {
			bids[who] = k
		}
	}
	cost := market.TenderingCost(m.cfg.Costs, m.yearValue(s))
	winner, top := -1, 0.0
	for _, who := range bidders {
		bid := &m.services[bids[who]]
		m.ledger.Post(m.account(bid.Provider), partyOutside, market.KindTendering, market.ServiceWhole, cost)
		luck := m.seed.At(chance.Key2(m.serviceKey(uint16(service)), m.providers[bid.Provider].Key), m.week, chance.Contract)
		if v := bid.Rating + float64(m.cfg.Effort.Judgement*luck.Normal()); winner < 0 || v > top {
			winner, top = bids[who], v
		}
	}
	return winner
}

// ableNear lists the services of those who are able to run another, at the nearest sites at which the line
// is offered: as many as people have options.
func (m *Model) ableNear(service int) []int {
	s := &m.services[service]
	here := &m.place.Hospitals[s.Site]
	type site struct {
		far      float64
		services []int
	}
	var sites []site
	of := make(map[uint16]int) // where a site stands in the list
	for i := range m.services {
		v := &m.services[i]
		if i == service || !v.Open || v.Outside || v.Line != s.Line {
			continue
		}
		at, known := of[v.Site]
		if !known {
			h := &m.place.Hospitals[v.Site]
			east, north := h.Easting-here.Easting, h.Northing-here.Northing
			at = len(sites)
			of[v.Site] = at
			sites = append(sites, site{far: float64(east*east) + float64(north*north)})
		}
		sites[at].services = append(sites[at].services, i)
	}
	slices.SortStableFunc(sites, func(a, b site) int { return cmp.Compare(a.far, b.far) })
	var able []int
	for _, near := range sites[:min(len(sites), int(m.cfg.Choice.MaxOptions))] {
		for _, i := range near.services {
			v := &m.services[i]
			o := &m.providers[v.Provider]
			if o.Open && o.Failing == 0 && v.Rating >= m.cfg.Effort.Standard && m.controller(v.Provider) != m.controller(s.Provider) {
				able = append(able, i)
			}
		}
	}
	return able
}

// yearValue is what a year of a service's pathways is worth at reference prices.
func (m *Model) yearValue(s *agents.Service) market.Pence {
	return m.pathwayPrice(1).Times(s.Arrivals * 52)
}

// insufficientBy is how far below the standard a published quality is that costs a provider its
// contract, SD: assumption (1 to 2).
const insufficientBy = 1.5

// moveContract gives a service to another provider. Its quality goes part of the way to what the new
// provider achieves elsewhere; the specialists' part of the fixed cost goes along; the buyer pays the
// disruption.
func (m *Model) moveContract(service int, to uint16) {
	s := &m.services[service]
	from := s.Provider
	value := m.yearValue(s)
	buyer := int(m.sites[s.Site].District)
	m.ledger.Post(m.buyerPurse(buyer), partyOutside, market.KindDisruption, market.ServiceWhole, market.DisruptionCost(m.cfg.Costs, value))
	m.event("withdrawal", m.providers[from].Name, m.providers[to].Name, lineNames[s.Line])
	base, n := 0.0, 0.0
	for i := range m.services {
		if v := &m.services[i]; v.Open && v.Provider == to && v.Line == s.Line {
			base += v.Base
			n++
		}
	}
	if n > 0 {
		s.Base += float64(takeoverGain * (base/n - s.Base))
	}
	m.moveFixed(s, to)
	s.Provider = to
	for i := range m.specialists {
		if sp := &m.specialists[i]; int(sp.Service) == service {
			sp.Employer = to
		}
	}
}

// takeoverGain is how far the quality of a service moves to that of the provider which takes it over:
// assumption (0 to 1).
const takeoverGain = .5

// moveFixed moves the specialists' part of a service's fixed cost to another provider; buildings stay a
// cost to their owner.
func (m *Model) moveFixed(s *agents.Service, to uint16) {
	from := &m.providers[s.Provider]
	volume := 0.0
	for i := range m.services {
		if v := &m.services[i]; v.Provider == s.Provider {
			volume += v.Volume
		}
	}
	if volume <= 0 {
		return
	}
	share := from.FixedRef * (1 - facilityPart) * s.Volume / volume
	if int(s.Provider) < m.reference.Providers { // a trust's fixed cost is of emergencies too
		planned := float64(m.referenceValue(int(s.Provider), market.ServiceOutpatient, 1) + m.referenceValue(int(s.Provider), market.ServiceElective, 1))
		share *= planned / max(float64(m.referenceValue(int(s.Provider), market.Services, 1)), 1)
	}
	from.FixedRef -= share
	from.Fixed = min(from.Fixed, from.FixedRef)
	m.providers[to].FixedRef += share
	m.providers[to].Fixed += share
}
