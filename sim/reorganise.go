package sim

import (
	"coexist/agents"
	"coexist/agents/chance"
	"coexist/market"
	"coexist/sim/place"
)

// quarter is what happens every 13 weeks (ODD 3): ratings, effort, integration, capacity, solvency.
func (m *Model) quarter() {
	m.rate()
	m.learn()
	m.growLinks()
	m.moveCapacity()
	m.checkSolvency()
	m.tableReferrals()
}

// welcomeJoiners books what the people who joined a system this quarter cost it: forms, records, welcome.
func (m *Model) welcomeJoiners() {
	for i := range m.systems {
		joined := m.counts.system[i][systemSwitches]
		m.ledger.Post(m.purse(uint16(i)), partyOutside, market.KindMarketing, market.ServiceWhole, market.MarketingCost(m.cfg.Costs, joined))
	}
}

// rate publishes ratings of quality, with noise, and how often handoffs fail.
func (m *Model) rate() {
	for i := range m.services {
		s := &m.services[i]
		if !s.Open {
			continue
		}
		rng := m.seed.At(m.serviceKey(uint16(i)), m.week, chance.Rating)
		s.Rating = s.Quality + float64(m.cfg.Choice.RatingNoise*rng.Normal())
	}
	m.regulator.Ratings++
	c := &m.cfg.Integration
	for i := range m.providers {
		o := &m.providers[i]
		if n := m.year.handoffs[i]; n > 0 {
			seen := float64(m.year.failed[i]) / float64(n)
			weight := float64(n) / (float64(n) + 200) // few handoffs say little
			o.Failure = float64(weight*seen) + float64((1-weight)*c.FailureRate)
		} else {
			o.Failure = c.FailureRate
		}
	}
	for i := range m.services {
		m.services[i].Failure = m.providers[m.services[i].Provider].Failure
	}
	for i := range m.systems {
		failed, n := 0.0, 0.0
		for k := range m.providers {
			if m.providers[k].System == uint16(i) {
				failed += float64(m.year.failed[k])
				n += float64(m.year.handoffs[k])
			}
		}
		m.systems[i].Failure = (failed + float64(50*c.FailureRate)) / (n + 50)
	}
}

// slope is what published studies would tell an organisation: people gained per SD of quality, the
// logit of provider choice at its market share. Without choice nobody is gained.
func (m *Model) slope(o *agents.Organisation) float64 {
	if !m.regime.competes {
		return 0
	}
	people := float64(m.people.Alive)
	share := clip(o.LastDemand/max(people, 1), 0, 1)
	offered := m.cfg.Choice.Offered
	if !m.regime.choice {
		offered = m.cfg.Enrolment.Attention
	}
	return m.cfg.Choice.Quality * m.cfg.Choice.Accuracy * offered * people * share * (1 - share)
}

// demands counts the people who chose each provider (its share of referrals, as people) and each
// system (the enrolled).
func (m *Model) demands() {
	total := int64(0)
	by := make([]int64, len(m.providers))
	for i := range m.services {
		n := m.year.flow[i]
		by[m.services[i].Provider] += n
		total += n
	}
	for i := range m.providers {
		o := &m.providers[i]
		o.LastDemand = o.Demand
		if total > 0 {
			o.Demand = float64(by[i]) / float64(total) * float64(m.people.Alive)
		}
		if o.LastDemand == 0 {
			o.LastDemand = o.Demand
		}
	}
	for i := range m.systems {
		o := &m.systems[i]
		o.LastDemand = o.Demand
		o.Demand = float64(o.Enrolled)
		if o.LastDemand == 0 {
			o.LastDemand = o.Demand
		}
	}
}

// longRunMargin is the share of income that an organisation expects to keep of one more patient over
// the years for which effort pays, when capacity has followed: assumption (.02 to .3).
const longRunMargin = .1

// learn lets every organisation look at what its effort did to its demand and move it (ODD 7.8).
func (m *Model) learn() {
	m.demands()
	e := &m.cfg.Effort
	rivals := m.rivalries()
	for i := range m.learners {
		o := m.learner(i)
		if !o.Open || o.Demand <= 0 {
			continue
		}
		l := &m.learners[i]
		l.Observe(*e, o.Quality, m.rivalsQuality(i, rivals), o.Demand, 2*o.Demand)
		income := hospitalHead
		if i >= int(m.taught) {
			income = int(m.cfg.Payment.Envelope)
		}
		aims := market.NewAims(*e, float64(income)*longRunMargin, altruismOf(o, e.Altruism))
		buyer := 0.0
		if len(m.buyers) > 0 {
			buyer = m.buyers[0].Sharpness
		}
		aims.Penalty = buyer * e.Penalty
		now := market.Situation{Start: max(o.LastDemand, 1), Base: m.baseOf(i) - e.Start, Integration: m.gainOfIntegration(o), Prevention: m.gainOfPrevention(i)}
		if m.set.Rule != nil {
			m.applyRule(o, l, aims, now)
			continue
		}
		l.Adapt(*e, aims, now)
		rng := m.seed.At(o.Key, m.week, chance.Explore)
		played := l.Play(*e, rng.Normal())
		o.Quality, o.Integrate, o.Prevent = played.Quality, min(played.Integration, 1), played.Prevention
		o.Prevent = market.Tasks{Quality: o.Quality, Integration: o.Integrate, Prevention: o.Prevent}.MorePrevention(e.Cost, e.Cost*e.Crowding, o.Freed).Prevention
	}
	m.chooseSelection()
}

// baseOf is the mean quality of the services of an organisation without its effort, SD.
func (m *Model) baseOf(learner int) float64 {
	sum, n := 0.0, 0.0
	for i := range m.services {
		s := &m.services[i]
		if !s.Open || s.Outside {
			continue
		}
		o := int(s.Provider)
		if learner >= int(m.taught) {
			o = int(m.providers[s.Provider].System) + int(m.taught)
		}
		if o == learner {
			sum += s.Quality - m.actorOf(s.Provider).Quality + m.cfg.Effort.Start
			n++
		}
	}
	return sum / max(n, 1)
}

// altruismOf is an organisation's own altruism against the usual.
func altruismOf(o *agents.Organisation, usual float64) float64 {
	if usual <= 0 {
		return 1
	}
	return o.Altruism / usual
}

// gainOfIntegration is what a unit of integration effort saves an organisation that bears the cost of
// failed handoffs, GBP a head and year.
func (m *Model) gainOfIntegration(o *agents.Organisation) float64 {
	if !m.regime.integrates || o.Spend == 0 {
		return 0
	}
	c := &m.cfg.Integration
	perFailure := float64(c.Duplicate*m.cfg.Payment.DuplicateTest) + float64(c.HarmProb*m.cfg.Payment.Inpatient)
	if m.regime.bundles && o.Kind == agents.Group {
		perFailure += m.failureLiability()
	}
	return handoffsAHead * c.FailureRate * c.Effect * phiPerEffort * perFailure
}

// handoffsAHead is the number of handoffs a person has in a year in the status quo; phiPerEffort is
// how far a unit of effort moves links within a planning horizon: assumption (.05 to .3).
const (
	handoffsAHead = 1.2
	phiPerEffort  = .15
)

// gainOfPrevention is what a unit of prevention effort saves an organisation that holds the budget,
// GBP a head and year: fewer avoidable admissions.
func (m *Model) gainOfPrevention(learner int) float64 {
	h := &m.cfg.Health
	if learner < int(m.taught) || !m.regime.systemPays {
		return 0
	}
	return h.Avoidable / 1000 * m.cfg.Payment.Emergency * h.ControlEffect * h.ControlPrevention * m.cfg.Effort.Prevention
}

// chooseSelection sets the effort on selection of budget holders: what skimming would earn less what it costs.
func (m *Model) chooseSelection() {
	attention := m.cfg.Choice.PracticeAttention // the cost is for all, the gain from those who look around in a year
	if m.regime.direct {
		attention = m.cfg.Enrolment.Attention
	}
	for i := range m.systems {
		o := &m.systems[i]
		o.Select = 0
		if m.cfg.Selection.Banned || !m.regime.systemPays || !m.regime.competes {
			continue
		}
		share := clip(float64(o.Enrolled)/max(float64(m.people.Alive), 1), 0, 1)
		o.Select = market.SelectionEffort(m.cfg.Selection, float64(m.cfg.Payment.Envelope*attention), share, m.regime.accuracy, riskVariance, riskVariance*.1)
	}
}

// riskVariance is the variance of expected relative cost between people: assumption (.5 to 2).
const riskVariance = 1.0

// moveCapacity lets slots follow people: a quarter of the way a quarter, the total of a line held,
// since the stock of specialists is fixed (ODD 7.10).
func (m *Model) moveCapacity() {
	if m.week < bedsWeek {
		m.fitSlots()
	}
	if !m.reference.Fixed {
		return
	}
	var before, after [place.Lines][2]float64
	for i := range m.services {
		s := &m.services[i]
		if !s.Open || s.Outside {
			continue
		}
		before[s.Line][0] += s.Clinic
		before[s.Line][1] += s.List
		c := &m.cfg.Treatment
		move := func(slots *float64, arrivals, usual, wait, weeks float64) {
			backlog := max(wait-weeks, 0) * *slots
			*slots += float64(capacityPace * (float64(arrivals*usual) + backlog/backlogWeeks - *slots))
		}
		move(&s.Clinic, s.Arrivals, balance(s.ClinicRef, s.ArrivalsRef), s.ClinicWait, c.ClinicQueue)
		move(&s.List, s.ListArrivals, balance(s.ListRef, s.ListArrivalsRef), s.ListWait, c.ListQueue)
		s.Clinic, s.List = max(s.Clinic, 1e-3), max(s.List, 1e-3)
		after[s.Line][0] += s.Clinic
		after[s.Line][1] += s.List
	}
	for i := range m.services {
		s := &m.services[i]
		if !s.Open || s.Outside {
			continue
		}
		s.Clinic *= before[s.Line][0] / max(after[s.Line][0], 1e-9)
		s.List *= before[s.Line][1] / max(after[s.Line][1], 1e-9)
	}
}

// backlogWeeks is the time in which capacity aims to work off a queue above the usual: assumption (52
// to 208).
const backlogWeeks = 104

// balance is capacity against arrivals at the reference: what a service is used to, within bounds
// beyond which a queue would never settle.
func balance(capacity, arrivals float64) float64 {
	return clip(capacity/max(arrivals, 1e-9), .9, 1.1)
}

// capacityPace is the part of the way that capacity moves in a quarter: assumption (.1 to .5).
const capacityPace = .25

// endYear is what happens once a year, in the order of ODD 3: accounts, people and their weights, staff,
// contracts, what systems provide, mergers, entry and exit.
func (m *Model) endYear() {
	m.closeAccounts()
	m.ageContacts()
	m.weighDistricts()
	m.weighSystems()
	m.followPeople()
	m.setPremiums()
	m.labour()
	m.changePractices()
	m.divideWeeks()
	m.reaffiliate()
	m.setIncentives()
	m.withdraw()
	m.allocateSlots()
	m.openPlanned()
	m.provideOrBuy()
	m.merge()
	m.enter()
	m.leave()
	copy(m.links.last, m.links.flow)
	clear(m.links.flow)
	m.overlaps()
	m.startYear()
	m.grown()
	m.priceRisks()
	m.closingRows()
	for i := range m.parts {
		m.parts[i].turnTracks()
	}
}

// followPeople lets appointments, slots, beds and social care grow with the number of people, as the
// money does.
func (m *Model) followPeople() {
	if !m.reference.Fixed {
		return
	}
	grown := float64(m.people.Alive) / float64(max(m.lastAlive, 1))
	m.lastAlive = m.people.Alive
	for i := range m.practices {
		p := &m.practices[i]
		p.Capacity = m.appointments(i)
	}
	for i := range m.services {
		s := &m.services[i]
		for _, x := range []*float64{&s.Clinic, &s.List, &s.ClinicRef, &s.ListRef, &s.ArrivalsRef, &s.ListArrivalsRef} {
			*x *= grown
		}
	}
	for i := range m.sites {
		m.sites[i].Beds *= grown
	}
	m.expectSocial()
	for d := range m.social {
		s := &m.social[d]
		s.Capacity *= grown
		if need := float64(m.socialNeed(d) * socialSlack); need > s.Capacity { // councils follow need, late
			s.Capacity += float64(socialPace * (need - s.Capacity))
		}
	}
}

// socialPace is the part of a shortfall of social care that councils make up in a year: assumption (0
// to 1).
const socialPace = .5

// closeAccounts ends the year of the ledger: reserves, hospitals' fixed cost, payers' deficits.
func (m *Model) closeAccounts() {
	for i := range m.providers {
		o := &m.providers[i]
		p := &m.ledger.Parties[o.Party]
		o.Income, o.Expense = int64(p.Income), int64(p.Expense)
		if m.reference.Fixed {
			o.Reserves += o.Income - o.Expense
			o.LastIncome = o.Income
			if i < m.reference.Providers {
				ref := m.referenceValue(i, market.Services, 1)
				now := valueOf(m.year.bills[i*int(bills):][:bills], market.Services, &m.cfg.Payment)
				activity := 1.0
				if !m.regime.groups {
					activity = float64(now) / max(float64(ref), 1)
				}
				o.Fixed = market.FixedCost(o.Fixed, o.FixedRef, activity, m.cfg.Payment.FixedDecline)
			}
		}
	}
	for i := range m.systems {
		o := &m.systems[i]
		p := &m.ledger.Parties[o.Party]
		o.Income, o.Expense = int64(p.Income), int64(p.Expense)
		o.Reserves += o.Income - o.Expense
		o.LastIncome = o.Income
	}
	if m.reference.Fixed {
		m.reinvest()
	} else {
		m.referAdmissions()
	}
	m.shareSavings()
	for i := range m.practices { // partners draw what is left
		p := &m.practices[i]
		m.ledger.Post(p.Party, partyOutside, market.KindAllocation, market.ServiceGP, m.ledger.Surplus(p.Party))
	}
	m.closeBudgets()
	for d := range m.social {
		m.ledger.Post(m.social[d].Party, partyGovernment, market.KindAllocation, market.ServiceSocialCare, m.ledger.Surplus(m.social[d].Party))
	}
	m.yearRows()
	m.ledger.EndYear()
}

// ageContacts lets the GP contacts of the year before last fall out of people's continuity, and
// bad contacts and failed handoffs be forgotten.
func (m *Model) ageContacts() {
	year := int((m.week + 1) / 52)
	m.parallel(len(m.parts), func(_, i int) {
		q := &m.parts[i]
		for k := range q.people {
			p := &q.people[k]
			p.Contacts = p.Contacts.Age(year)
			p.Bad, p.Failures, p.Handoffs = 0, 0, 0
			p.Flags &^= agents.Switched
		}
	})
}
