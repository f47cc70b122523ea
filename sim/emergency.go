package sim

import (
	"coexist/agents"
	"coexist/agents/chance"
)

// visit is a visit to A&E that does not end in admission.
func (m *Model) visit(wk *worker, pt, i int, p *agents.Patient, rng *chance.Stream) {
	site := m.geo.emergency[p.Area]
	if site == agents.None {
		wk.tally.count(p, uncovered)
		return
	}
	wk.visits[site]++
	m.attendAE(wk, pt, i, p, site)
	owner := m.sites[site].Owner
	if m.handoff(wk, pt, i, p, owner, m.links.practice(p.Practice, owner), rng) {
		m.afterFailure(wk, p, owner, rng)
	}
	if rng.Float64() < m.signals.onwardVisit {
		m.refer(pt, i, p, m.sites[site].Owner, false)
	}
}

// attendAE counts a visit to A&E.
func (m *Model) attendAE(wk *worker, pt, i int, p *agents.Patient, site uint16) {
	wk.tally.count(p, aeVisits)
	wk.bill(m, p, m.sites[site].Owner, billAE)
	if p.Flags&follow != 0 {
		t := m.follow(pt, i)
		t.ae++
		t.see(site)
	}
}

// admitOther is an admission for maternity or other planned reasons outside the lists.
func (m *Model) admitOther(wk *worker, pt, i int, p *agents.Patient, rng *chance.Stream) {
	site := m.geo.deliver[p.Area]
	if site == agents.None {
		wk.tally.count(p, uncovered)
		return
	}
	nights := m.stay(m.cfg.Beds.StayOther, rng)
	wk.book(m, site, nights)
	wk.tally.count(p, otherAdmissions)
	wk.tally.add(p, bedDays, int32(nights))
	wk.bill(m, p, m.sites[site].Owner, billOther)
	if p.Flags&follow != 0 {
		t := m.follow(pt, i)
		t.bedDays += uint16(nights)
		t.see(site)
	}
}

// stay draws a length of stay in whole nights with the mean given.
func (m *Model) stay(mean float64, rng *chance.Stream) int {
	return min(int(float64(mean*rng.Exponential())+rng.Float64()), 7*(agents.Horizon-2))
}

// emergency is an emergency admission through A&E (ODD 7.5).
func (m *Model) emergency(wk *worker, pt, i int, p *agents.Patient, age int, avoidable bool, rng *chance.Stream) {
	site := m.geo.emergency[p.Area]
	if site == agents.None || p.InHospital(m.week) {
		if site == agents.None {
			wk.tally.count(p, uncovered)
		}
		return
	}
	wk.visits[site]++
	m.attendAE(wk, pt, i, p, site)
	m.admit(wk, pt, i, p, age, site, avoidable, rng)
}

// admit begins an emergency stay.
func (m *Model) admit(wk *worker, pt, i int, p *agents.Patient, age int, site uint16, avoidable bool, rng *chance.Stream) {
	kind := otherEmergencies
	if avoidable {
		kind = avoidableEmergencies
	}
	wk.tally.count(p, kind)
	mean := m.cfg.Beds.StayYoung
	if age >= 65 {
		mean = m.cfg.Beds.StayOld
	}
	nights := m.stay(mean/m.signals.trend, rng) // stays shorten as admissions rise: assumption, in line with row E85
	wk.book(m, site, nights)
	wk.tally.add(p, bedDays, int32(nights))
	wk.tally.add(p, emergencyDays, int32(nights))
	wk.bill(m, p, m.sites[site].Owner, billEmergency)
	if q := &m.parts[pt]; len(q.underway) > 0 {
		u := underway{slot: slot(pt, i), id: uint32(p.ID)}
		q.admitted = append(q.admitted, admission{u.who(), m.payerOf(p)})
	}
	if p.Flags&follow != 0 {
		t := m.follow(pt, i)
		if avoidable {
			t.avoidable++
		} else {
			t.emergencies++
		}
		t.bedDays += uint16(nights)
	}
	p.HomeFrom = uint16(int(m.week) + 1 + nights/7)
	q := &m.parts[pt]
	q.diary.write(m.week, 1+nights/7, entry{id: uint32(p.ID), slot: slot(pt, i), at: site, kind: entryDischarge})
	quality := m.signals.ward[site]
	m.harmIn(wk, pt, i, p, quality, rng)
	after := m.hazards.rate[p.Sex()][age].after * chance.Exp(-m.cfg.Treatment.DeathQuality*quality)
	if !avoidable { // the trend admits more people, not sicker ones: the table of deaths has no trend
		after /= m.signals.trend
	}
	if rng.Float64() < after {
		q.diary.write(m.week, 1+int(rng.Below(4)), entry{id: uint32(p.ID), slot: slot(pt, i), at: site, kind: entryDeath})
	}
}

// harmIn may harm a person in a hospital stay, the less the better the care.
func (m *Model) harmIn(wk *worker, pt, i int, p *agents.Patient, quality float64, rng *chance.Stream) {
	if rng.Float64() < float64(m.cfg.Treatment.Harm*chance.Exp(-m.cfg.Treatment.HarmQuality*quality)) {
		m.harm(wk, p)
		if p.Flags&follow != 0 {
			m.follow(pt, i).harm++
		}
	}
}

// harm marks harm done this week.
func (m *Model) harm(wk *worker, p *agents.Patient) {
	p.HarmUntil = uint16(m.week + int32(m.cfg.Health.HarmWeeks))
	wk.tally.count(p, harms)
}
