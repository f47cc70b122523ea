package sim

import (
	"slices"

	"coexist/agents"
	"coexist/agents/chance"
	"coexist/market"
	"coexist/sim/place"
)

// provideOrBuy lets systems that may provide decide, line by line, whether to provide a clinic of their own or
// to buy (ODD 7.7).
func (m *Model) provideOrBuy() {
	if !m.cfg.Regime.MakeOrBuy {
		return
	}
	for s := range m.systems {
		if !m.systems[s].Open {
			continue
		}
		for l := range int(place.Lines) {
			m.decideLine(uint16(s), uint8(l))
		}
	}
}

// decideLine opens a clinic of a system in a line if that is worth it, and gives those up that it has if
// they are not worth their running.
func (m *Model) decideLine(system uint16, line uint8) {
	o := &m.systems[system]
	provides := false
	var made []int // at sites of others
	for i := range m.services {
		if v := &m.services[i]; v.Open && v.Line == line && m.providers[v.Provider].System == system {
			provides = true
			if m.providers[m.sites[v.Site].Owner].System != system {
				made = append(made, i)
			}
		}
	}
	if provides && len(made) == 0 {
		return
	}
	if slices.ContainsFunc(m.planned, func(p plannedClinic) bool { return p.System == system && p.Line == line }) {
		return // or will
	}
	heads := float64(o.Enrolled) / m.set.Sample
	volume := heads * referralsAYear(&m.cfg) * lineShare[line] * (1 - m.cfg.Treatment.NonAttendance)
	own := market.Line{Volume: volume, BuyPrice: m.cfg.Payment.FirstAttendance, Hospital: m.cfg.Payment.FirstAttendance * hospitalUnitCost,
		Handoffs: 1, FailBuy: o.Failure, FailMake: market.FailProb(m.cfg.Integration.FailureRate, m.cfg.Integration.Effect, m.cfg.Integration.Ceiling),
		FailureCost: m.cfg.Integration.Duplicate * m.cfg.Payment.DuplicateTest, Margin: m.cfg.Payment.FirstAttendance * (1 - hospitalUnitCost)}
	if len(made) > 0 {
		if own.MakeValue(m.cfg.MakeOrBuy)+own.SetUpCost(m.cfg.MakeOrBuy) < 0 {
			m.giveUp(system, made)
		}
		return
	}
	if !own.Makes(m.cfg.MakeOrBuy) {
		return
	}
	if m.siteOf(system, line) == agents.None {
		return
	}
	setUp := own.SetUpCost(m.cfg.MakeOrBuy)
	m.ledger.Post(m.purse(system), partyOutside, market.KindSetUp, market.ServiceOutpatient, market.GBP(setUp*m.set.Sample))
	m.planned = append(m.planned, plannedClinic{System: system, Line: line, Due: m.week + 1 + int32(m.cfg.MakeOrBuy.SetUpWeeks+.5)})
}

// giveUp hands clinics of a system back to the owners of their sites, from whom it buys again: with their
// slots, staff and patients.
func (m *Model) giveUp(system uint16, clinics []int) {
	for _, i := range clinics {
		s := &m.services[i]
		s.Provider = m.sites[s.Site].Owner
		for k := range m.specialists {
			if sp := &m.specialists[k]; int(sp.Service) == i {
				sp.Employer = s.Provider
			}
		}
		m.event("buy", m.systems[system].Name, m.providers[s.Provider].Name, lineNames[s.Line])
	}
	m.index()
}

// plannedClinic is a clinic that a system has decided to open.
type plannedClinic struct {
	System uint16
	Line   uint8
	//lint:ignore U1000 always 0: a snapshot writes every byte
	pad uint8
	Due int32 // first week in which it can open
}

// openPlanned opens the clinics whose set-up is over, and reports whether there were any.
func (m *Model) openPlanned() bool {
	opened := false
	later := m.planned[:0]
	for _, p := range m.planned {
		switch {
		case p.Due > m.week+1:
			later = append(later, p)
		case m.systems[p.System].Open:
			m.openClinic(p.System, p.Line)
			opened = true
		}
	}
	m.planned = later
	return opened
}

// hospitalUnitCost is what an attendance costs a hospital at the margin against its price:
// assumption (.6 to 1).
const hospitalUnitCost = .9

// openClinic opens a clinic of a system at the site nearest to most of its practices; it takes slots
// and specialists over from the services there, since their stock is fixed.
func (m *Model) openClinic(system uint16, line uint8) {
	site := m.siteOf(system, line)
	if site == agents.None {
		return
	}
	provider := m.clinicProvider(system)
	from := -1
	for i := range m.services {
		if v := &m.services[i]; v.Open && v.Site == site && v.Line == line && (from < 0 || v.Clinic > m.services[from].Clinic) {
			from = i
		}
	}
	if from < 0 {
		return
	}
	share := clip(float64(m.systems[system].Enrolled)/max(float64(m.people.Alive), 1), .05, .5)
	m.splitService(from, provider, share)
	m.event("make", m.systems[system].Name, -1, lineNames[line])
}

// splitService gives a share of a service's slots, staff and patients to come to another provider at the
// same site. Who waits stays where they wait.
func (m *Model) splitService(from int, provider uint16, share float64) {
	v := m.services[from]
	v.Provider, v.ClinicCredit, v.ListCredit = provider, 0, 0
	old := &m.services[from]
	for _, x := range [][2]*float64{{&v.Clinic, &old.Clinic}, {&v.List, &old.List}, {&v.ClinicRef, &old.ClinicRef}, {&v.ListRef, &old.ListRef},
		{&v.Arrivals, &old.Arrivals}, {&v.ListArrivals, &old.ListArrivals}, {&v.ArrivalsRef, &old.ArrivalsRef},
		{&v.ListArrivalsRef, &old.ListArrivalsRef}, {&v.Volume, &old.Volume}, {&v.VolumeRef, &old.VolumeRef}, {&v.Pattern, &old.Pattern}} {
		*x[0] *= share
		*x[1] *= 1 - share
	}
	v.Staff = int32(float64(float64(v.Staff)*share) + .5)
	old.Staff -= v.Staff
	m.addService(v)
}

// clinicKey tells the luck of a provider under which a system runs clinics from that of the system.
const clinicKey = 3

// clinicProvider is the provider organisation under which a system runs clinics of its own.
func (m *Model) clinicProvider(system uint16) uint16 {
	if a := m.regime.anchor[system]; a != agents.None && m.providers[a].System == system {
		return a
	}
	for i := range m.providers {
		if o := &m.providers[i]; o.System == system && o.Open {
			return uint16(i)
		}
	}
	o := m.systems[system]
	o.Kind, o.System, o.Key = agents.Consortium, system, chance.Key2(o.Key, clinicKey)
	o.Party = m.ledger.Open(market.RoleHospital)
	m.providers = append(m.providers, o)
	m.links.widen(len(m.practices), len(m.providers)) // mergers and exits of the same year look at it
	m.links.system[len(m.providers)-1] = system
	return uint16(len(m.providers) - 1)
}

// siteOf is the site that offers a line nearest to most practices of a system.
func (m *Model) siteOf(system uint16, line uint8) uint16 {
	votes := make([]int32, len(m.sites))
	for i := range m.practices {
		if m.practices[i].System != system {
			continue
		}
		for _, near := range m.place.Reach[m.place.Practices[i].Area] {
			if h := &m.place.Hospitals[near.Index]; h.Offers(place.Line(line)) && !h.Outside {
				votes[near.Index] += m.practices[i].Registered
				break
			}
		}
	}
	best := agents.None
	for s, n := range votes {
		if n > 0 && (best == agents.None || n > votes[best]) {
			best = uint16(s)
		}
	}
	return best
}
