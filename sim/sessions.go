package sim

import (
	"coexist/agents"
	"coexist/agents/chance"
	"coexist/market"
	"coexist/sim/place"
)

// appointments is how many a practice has a week: by its list, less what its GPs work elsewhere.
func (m *Model) appointments(practice int) float64 {
	p := &m.practices[practice]
	away := 0.0
	for g := range int32(p.GPs) {
		away += float64(m.sessions[p.FirstGP+g].Tenths)
	}
	return p.PerHead * float64(p.Registered) * (1 - away/float64(10*int(max(p.GPs, 1))))
}

// divideWeeks lets some GPs reconsider each year whether to work a part of the week at a clinic of the
// organisation with which their practice is integrated (ODD 7.10): what they see there lacks at the
// practice. At least half of a week is for the practice.
func (m *Model) divideWeeks() {
	if !m.reference.Fixed {
		return
	}
	open := m.regime.integrates && m.regime.scope.pathway
	for i := range m.practices {
		pr := &m.practices[i]
		for g := range uint64(pr.GPs) {
			s := &m.sessions[int(pr.FirstGP)+int(g)]
			if s.Tenths > 0 && (!open || !m.services[s.Service].Open || !m.together(i, m.services[s.Service].Provider)) {
				m.workSessions(s, agents.None, 0) // the two organisations have parted
			}
			key := chance.Key2(m.geo.practiceKey[i], g)
			rng := m.seed.At(key, m.week, chance.Labour)
			if !open || rng.Float64() >= m.cfg.Labour.Turnover {
				continue
			}
			if to := m.clinicNear(i, uint8(rng.Below(uint32(place.Lines)))); to != agents.None {
				m.workSessions(s, to, m.tenthsAt(i, to))
			} else {
				m.workSessions(s, agents.None, 0)
			}
		}
		pr.Capacity = m.appointments(i)
	}
}

// together reports whether a practice and a provider are one organisation or network.
func (m *Model) together(practice int, provider uint16) bool {
	if m.regime.groups {
		return m.links.isPartner(uint16(practice), provider)
	}
	s := m.practices[practice].System
	return s != agents.None && m.providers[provider].System == s
}

// clinicNear is the nearest clinic of a line in a practice's own organisation, or None.
func (m *Model) clinicNear(practice int, line uint8) uint16 {
	for _, near := range m.place.Reach[m.place.Practices[practice].Area] {
		for _, k := range m.signals.at[int(near.Index)*int(place.Lines)+int(line)] {
			if s := &m.services[k]; s.Open && !s.Outside && m.together(practice, s.Provider) {
				return k
			}
		}
	}
	return agents.None
}

// tenthsAt is how much of the week a GP works at a clinic: by how work waits for hands there and at the
// practice, which bid for the same hours.
func (m *Model) tenthsAt(practice int, clinic uint16) uint8 {
	pr := &m.practices[practice]
	short := clip(pr.Mean/max(pr.Capacity, 1e-9)-1, -.5, .5)
	home := market.Post{Income: consultantPay * (1 + float64(m.cfg.Labour.OfferRise*short)), Load: short / 2, Current: true}
	away := m.postAt(int32(clinic), false)
	var p [2]float64
	market.Probabilities([]float64{home.Value(m.cfg.Labour), away.Value(m.cfg.Labour)}, p[:])
	week := market.DivideWeek(p[:])
	if week.Main == 0 {
		return uint8(10 - week.Tenths)
	}
	return 5
}

// workSessions moves a GP's sessions to another clinic.
func (m *Model) workSessions(s *agents.Sessions, to uint16, tenths uint8) {
	if s.Tenths > 0 && m.services[s.Service].Open {
		v := &m.services[s.Service]
		v.Clinic = max(v.Clinic-float64(float64(s.Tenths)*sessionSlots*m.set.Sample), 1e-3)
	}
	s.Service, s.Tenths = to, tenths
	if tenths > 0 {
		m.services[to].Clinic += float64(float64(tenths) * sessionSlots * m.set.Sample)
	}
}

// sessionSlots is how many first attendances a GP sees in a tenth of a week at a clinic, follow-ups
// beside them: assumption (1 to 3).
const sessionSlots = 1.5
