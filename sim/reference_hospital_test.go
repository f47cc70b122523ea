package sim

import (
	"math/bits"

	"coexist/agents"
	"coexist/agents/chance"
)

// openBeds begins the week at every site: last week's beds of the ring are free for the week farthest
// ahead.
func (r *slowModel) openBeds() {
	for i := range r.m.sites {
		h := &r.m.sites[i]
		farthest := (r.m.week + agents.Horizon - 1) % agents.Horizon
		h.Emergency[farthest], h.Elective[farthest], h.Visits, h.Delayed = 0, 0, 0, 0
	}
}

// book books bed days of an emergency from this week on, seven a week.
func (r *slowModel) book(site uint16, days int) {
	h := &r.m.sites[site]
	for week := int(r.m.week); days > 0; week++ {
		h.Emergency[week%agents.Horizon] += int64(min(days, 7))
		days -= 7
	}
}

// bill notes one unit of work for the payer of a person.
func (r *slowModel) bill(p someone, provider uint16, what billed) {
	payer := int(r.m.place.Areas[p.Area].District)
	if r.m.regime.systemPays && p.System != agents.None {
		payer = len(r.m.buyers) + int(p.System)
	}
	r.bills[payer][provider][what]++
}

// seeAt notes a site at which a followed person was.
func (t *track) seeAt(site uint16) {
	known := false
	for k := range min(int(t.places), len(t.sites)) {
		known = known || t.sites[k] == site
	}
	if known {
		return
	}
	if int(t.places) < len(t.sites) {
		t.sites[t.places] = site
	}
	t.places++
}

// nightsOf draws a length of stay with a mean, whole nights.
func nightsOf(mean float64, rng *chance.Stream) int {
	return min(int(float64(mean*rng.Exponential())+rng.Float64()), 7*(agents.Horizon-2))
}

// arriveAtAE is a visit to A&E.
func (r *slowModel) arriveAtAE(p someone, site uint16) {
	r.m.sites[site].Visits++
	r.count(p.Patient, aeVisits, 1)
	r.bill(p, r.m.sites[site].Owner, billAE)
	if t := r.followed(p); t != nil {
		t.ae++
		t.seeAt(site)
	}
}

// visit is a visit to A&E without admission.
func (r *slowModel) visit(p someone, rng *chance.Stream) {
	m := r.m
	site := m.geo.emergency[p.Area]
	if site == agents.None {
		r.count(p.Patient, uncovered, 1)
		return
	}
	r.arriveAtAE(p, site)
	owner := m.sites[site].Owner
	if r.passes(p, owner, m.links.practice(p.Practice, owner), rng) {
		r.suffers(p, owner, rng)
	}
	if rng.Float64() < m.signals.onwardVisit {
		r.refer(p, owner, false)
	}
}

// maternity is an admission for maternity or another planned reason.
func (r *slowModel) maternity(p someone, rng *chance.Stream) {
	m := r.m
	site := m.geo.deliver[p.Area]
	if site == agents.None {
		r.count(p.Patient, uncovered, 1)
		return
	}
	nights := nightsOf(m.cfg.Beds.StayOther, rng)
	r.book(site, nights)
	r.count(p.Patient, otherAdmissions, 1)
	r.count(p.Patient, bedDays, nights)
	r.bill(p, m.sites[site].Owner, billOther)
	if t := r.followed(p); t != nil {
		t.bedDays += uint16(nights)
		t.seeAt(site)
	}
}

// emergency is an emergency admission at the nearest site that takes them, for whoever is not in hospital.
func (r *slowModel) emergency(p someone, age int, avoidable bool, rng *chance.Stream) {
	site := r.m.geo.emergency[p.Area]
	switch {
	case site == agents.None:
		r.count(p.Patient, uncovered, 1)
	case int32(p.HomeFrom) <= r.m.week:
		r.arriveAtAE(p, site)
		r.admit(p, age, site, avoidable, rng)
	}
}

// liable divides an admission among the services on whose pathways the person is.
func (r *slowModel) liable(p someone) {
	var owners []uint16
	for _, u := range r.m.parts[p.part].underway {
		if u.slot == p.slot() && u.id == uint32(p.ID) {
			owners = append(owners, r.m.services[u.service].Provider)
		}
	}
	for _, o := range owners {
		r.bills[r.m.payerOf(p.Patient)][o][billLiable] += oddAnswer / int64(len(owners))
	}
}

// admit begins an emergency stay: beds, discharge, harm, and death within 30 days.
func (r *slowModel) admit(p someone, age int, site uint16, avoidable bool, rng *chance.Stream) {
	m := r.m
	c := &m.cfg
	mean := c.Beds.StayYoung
	if age >= 65 {
		mean = c.Beds.StayOld
	}
	nights := nightsOf(mean/m.signals.trend, rng)
	kind, t := otherEmergencies, r.followed(p)
	if avoidable {
		kind = avoidableEmergencies
	}
	if t != nil && avoidable {
		t.avoidable++
	} else if t != nil {
		t.emergencies++
	}
	if t != nil {
		t.bedDays += uint16(nights)
	}
	r.count(p.Patient, kind, 1)
	r.count(p.Patient, bedDays, nights)
	r.count(p.Patient, emergencyDays, nights)
	r.book(site, nights)
	r.bill(p, m.sites[site].Owner, billEmergency)
	r.liable(p)
	weeks := 1 + nights/7
	p.HomeFrom = uint16(int(m.week) + weeks)
	r.arrange(p, weeks, entry{at: site, kind: entryDischarge})
	quality := m.signals.ward[site]
	r.mayHarm(p, quality, rng)
	after := m.hazards.rate[p.Sex()][age].after * chance.Exp(-c.Treatment.DeathQuality*quality)
	if !avoidable {
		after /= m.signals.trend
	}
	if rng.Float64() < after {
		r.arrange(p, 1+int(rng.Below(4)), entry{at: site, kind: entryDeath})
	}
}

// mayHarm harms a person in hospital, the less often the better the care.
func (r *slowModel) mayHarm(p someone, quality float64, rng *chance.Stream) {
	c := &r.m.cfg.Treatment
	if rng.Float64() < float64(c.Harm*chance.Exp(-c.HarmQuality*quality)) {
		r.harm(p)
		if t := r.followed(p); t != nil {
			t.harm++
		}
	}
}

// harm raises the risk of death for some weeks.
func (r *slowModel) harm(p someone) {
	p.HarmUntil = uint16(r.m.week + int32(r.m.cfg.Health.HarmWeeks))
	r.count(p.Patient, harms, 1)
}

// passes is a handoff over a link (ODD 7.4); it reports whether it failed.
func (r *slowModel) passes(p someone, provider uint16, phi float32, rng *chance.Stream) (failed bool) {
	c := &r.m.cfg.Integration
	r.count(p.Patient, handoffs, 1)
	r.phi[provider] += int64(phi * 65536)
	r.handoffs[provider]++
	p.Handoffs = min(p.Handoffs+1, 254)
	if rng.Float64() >= c.FailureRate*(1-float64(c.Effect*float64(phi))) {
		return false
	}
	p.Failures = min(p.Failures+1, 254)
	r.count(p.Patient, failures, 1)
	r.failed[provider]++
	if t := r.followed(p); t != nil {
		t.failures++
	}
	return true
}

// suffers is what a failed handoff costs: control, perhaps a test twice, perhaps harm.
func (r *slowModel) suffers(p someone, provider uint16, rng *chance.Stream) {
	c := &r.m.cfg
	p.Control = max(p.Control-float32(c.Health.FailureLoss), 0)
	if rng.Float64() < c.Integration.Duplicate {
		r.count(p.Patient, duplicates, 1)
		r.bill(p, provider, billDuplicate)
	}
	if rng.Float64() < c.Integration.HarmProb {
		r.harm(p)
	}
}

// discharge ends an emergency stay: home to the GP, through social care for some of the old, sometimes late,
// sometimes back at once.
func (r *slowModel) discharge(p someone, site uint16, rng *chance.Stream) {
	m := r.m
	c := &m.cfg
	owner, age := m.sites[site].Owner, p.Age(m.week)
	district := m.place.Areas[p.Area].District
	r.refresh(p)
	r.count(p.Patient, episodes, 1)
	failed := r.passes(p, owner, m.links.practice(p.Practice, owner), rng)
	if age >= 65 && rng.Float64() < c.Beds.SocialCare {
		r.cases[district]++
		r.count(p.Patient, socialCases, 1)
		if t := r.followed(p); t != nil {
			t.social += int64(c.Payment.SocialCareCase * 100)
		}
		phi := m.links.social(owner)
		failed = r.passes(p, owner, phi, rng) || failed
		mean := float64(c.Beds.SocialDelay*m.reference.DelayScale*(1-float64(c.Integration.Effect*float64(phi)))) + m.signals.socialDelay[district]
		days := nightsOf(mean, rng)
		r.book(site, days)
		r.count(p.Patient, delayedDays, days)
		r.count(p.Patient, bedDays, days)
		r.count(p.Patient, emergencyDays, days)
		m.sites[site].Delayed += int64(days)
	}
	if failed {
		r.suffers(p, owner, rng)
	}
	again := c.Treatment.Readmission * chance.Exp(-c.Treatment.ReadmissionQuality*m.signals.ward[site]) * m.signals.readmissionScale
	if failed {
		again *= c.Integration.ReadmissionRisk
	}
	if rng.Float64() < again {
		r.count(p.Patient, readmissions, 1)
		if t := r.followed(p); t != nil {
			t.readmissions++
		}
		r.arriveAtAE(p, site)
		r.admit(p, age, site, false, rng)
	}
	if rng.Float64() < m.signals.onwardVisit {
		r.refer(p, owner, false)
	}
}

// hear is what people learn of their treatment the week after.
func (r *slowModel) hear(part int, o outcome) {
	m := r.m
	i := int(o.slot % (1 << slotBits))
	p := someone{&m.parts[part].people[i], part, i}
	if p.ID != o.id || p.Flags&agents.Alive == 0 {
		return
	}
	switch o.kind {
	case seenFirst:
		r.seenAtClinic(p, o)
	case treated:
		r.treatedFromList(p, o)
	case gaveUp:
		p.Waiting &^= 1 << m.services[o.service].Line
		r.count(p.Patient, nonAttendances, 1)
	}
}

// attend is an attendance at a clinic.
func (r *slowModel) attend(p someone, service uint16, kind kind, what billed) {
	s := &r.m.services[service]
	r.count(p.Patient, kind, 1)
	r.bill(p, s.Provider, what)
	r.slots[service]++
	if t := r.followed(p); t != nil {
		t.attendances++
		t.seeAt(s.Site)
	}
}

// seenAtClinic is a first attendance: then the list, or tests, or the end, and follow-ups.
func (r *slowModel) seenAtClinic(p someone, o outcome) {
	m := r.m
	s, c := &m.services[o.service], &m.cfg.Treatment
	rng := r.at(chance.Key2(p.ID, uint64(s.Line)), chance.Contract)
	r.attend(p, o.service, firsts, billFirst)
	weeks := int(m.week) - 1 - int(o.referred)
	if o.flags&agents.WillList != 0 {
		w := agents.Waiter{ID: p.ID, Slot: o.slot, Referred: o.referred, Joined: uint16(m.week), Practice: o.practice, Flags: o.flags}
		if r.passes(p, s.Provider, m.links.within(s.Provider), &rng) {
			r.suffers(p, s.Provider, &rng)
			if rng.Float64() < m.cfg.Integration.DelayProb {
				w.Joined += uint16(m.cfg.Integration.DelayWeeks)
			}
		}
		r.requests = append(r.requests, request{service: o.service, list: true, Waiter: w})
	} else if o.flags&agents.Fast == 0 && rng.Float64() < c.TestShare {
		wait := 1 + int(c.TestWeeks*rng.Exponential())
		r.arrange(p, wait, entry{at: o.service, kind: entryTests, left: uint8(min(weeks+wait, 255))})
	} else {
		r.endClock(p, weeks, false)
		p.Waiting &^= 1 << s.Line
	}
	if n := int(c.FollowUps + rng.Float64()); n > 0 {
		r.arrange(p, 1+int(c.FollowUpWeeks*rng.Exponential()), entry{at: o.service, kind: entryFollowUp, left: uint8(n)})
	}
	if rng.Float64() < m.signals.onwardClinic*float64(bits.OnesCount32(p.Conditions)) {
		r.refer(p, s.Provider, false)
	}
}

// treatedFromList is the end of an episode: harm or not, what the person now thinks of the site, the way
// home.
func (r *slowModel) treatedFromList(p someone, o outcome) {
	m := r.m
	s := &m.services[o.service]
	rng := r.at(chance.Key2(p.ID, uint64(s.Line)), chance.Harm)
	kind, what := dayCases, billDayCase
	if o.nights > 0 {
		kind, what = inpatients, billInpatient
	}
	weeks := int(m.week) - 1 - int(o.referred)
	r.count(p.Patient, kind, 1)
	r.bill(p, s.Provider, what)
	r.slots[o.service]++
	r.count(p.Patient, bedDays, int(o.nights))
	r.endClock(p, weeks, true)
	p.Waiting &^= 1 << s.Line
	r.mayHarm(p, s.Quality, &rng)
	if p.LastSite != s.Site {
		p.LastSite, p.Visits, p.Score = s.Site, 0, 0
	}
	score := float64(p.Score)
	if p.Visits < oddMemory {
		p.Visits++
	} else {
		score -= float64(score / oddMemory)
	}
	p.Score = int8(clip(score+float64(10*(s.Quality+rng.Normal())), -120, 120))
	if r.passes(p, s.Provider, m.links.practice(p.Practice, s.Provider), &rng) {
		r.suffers(p, s.Provider, &rng)
	}
	if t := r.followed(p); t != nil {
		t.elective++
		t.bedDays += uint16(o.nights)
		t.seeAt(s.Site)
		t.waited += uint16(weeks)
		t.waits++
	}
}

// endClock notes a completed wait.
func (r *slowModel) endClock(p someone, weeks int, admitted bool) {
	which := 0
	if admitted {
		which = 1
	}
	r.m.counts.waits[p.Cell/ageBands][which][min(max(weeks, 0), waitBins-1)]++
}
