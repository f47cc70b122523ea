package sim

import (
	"coexist/agents"
	"coexist/agents/chance"
	"coexist/market"
	"coexist/sim/place"
)

// withdraw lets commissioners take the contract for a service from a provider whose published quality
// is insufficient, as often as they are sharp, and give it to the best provider of the line in the place
// (ODD 7.8). Patients, specialists and premises stay; the team that runs them is another, so that its
// links count from now on, and the move is paid for.
func (m *Model) withdraw() {
	if !m.reference.Fixed {
		return
	}
	best := m.bestOfLines()
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
		to := best[s.Line]
		if to < 0 || m.controller(m.services[to].Provider) == m.controller(s.Provider) || m.services[to].Rating < m.cfg.Effort.Standard {
			continue // nobody better is to be had
		}
		m.moveContract(i, m.services[to].Provider)
		moved = true
	}
	if moved {
		m.index()
	}
}

// insufficientBy is how far below the standard a published quality is that costs a provider its
// contract, SD: assumption (1 to 2).
const insufficientBy = 1.5

// bestOfLines is the open service of the highest rating in each line, or -1.
func (m *Model) bestOfLines() (best [place.Lines]int) {
	for l := range best {
		best[l] = -1
	}
	for i := range m.services {
		if s := &m.services[i]; s.Open && !s.Outside && (best[s.Line] < 0 || s.Rating > m.services[best[s.Line]].Rating) {
			best[s.Line] = i
		}
	}
	return best
}

// moveContract gives a service to another provider. Its quality goes part of the way to what the new
// provider achieves elsewhere; the specialists' part of the fixed cost goes along; the buyer pays the
// disruption.
func (m *Model) moveContract(service int, to uint16) {
	s := &m.services[service]
	from := s.Provider
	value := m.pathwayPrice(1).Times(s.Arrivals * 52)
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
