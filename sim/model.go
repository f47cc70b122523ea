package sim

import (
	"fmt"
	"math/bits"

	"coexist/agents"
	"coexist/agents/chance"
	"coexist/configs"
	"coexist/market"
)

// bedsWeek is the week of the warm-up at whose start capacities are fitted to what was seen in the
// year before: beds to the occupancy of the evidence, slots to arrivals.
const bedsWeek = 104

// Step advances the model by one week, in the order of docs/ODD.md, section 3. It returns an error
// if people or money were not conserved over a year.
func (m *Model) Step() error {
	m.publish() // organisations show waits, ratings and delays
	m.saw("publish")
	m.live() // people age, fall ill, meet GPs, are born, move, die; needs become choices and requests
	m.saw("live and choose")
	m.treat() // beds, queues, social care
	m.mergeCounts()
	m.saw("treat")
	m.settle() // contracts price the week, the ledger posts it
	m.saw("settle")
	m.week++
	if m.week%13 == 0 {
		m.endQuarter()
		m.saw("quarter")
	}
	if m.week%52 == 0 {
		m.week-- // the year's decisions belong to its last week
		m.endYear()
		m.week++
		if !m.reference.Fixed && m.week == bedsWeek {
			m.fitCapacity()
		}
		m.saw("year")
		return m.Audit()
	}
	return nil
}

// endQuarter measures the quarter and lets organisations look at it.
func (m *Model) endQuarter() {
	m.week--
	m.noteAvoidable()
	if m.reference.Fixed {
		m.welcomeJoiners()
		m.noteCare()
		m.observe()
	} else if (m.week+1)%52 != 0 || m.week+1 != int32(m.cfg.Time.WarmupYears)*52 {
		m.counts.clear()
		m.ledger.Drain()
	}
	m.quarter()
	if (m.week+1)%52 != 0 && m.openPlanned() {
		m.keepYear(true)
		m.grown()
	}
	m.week++
}

// Week is the number of weeks since the regime began; negative in the warm-up.
func (m *Model) Week() int32 {
	if !m.reference.Fixed {
		return m.week - int32(m.cfg.Time.WarmupYears)*52
	}
	return m.week - m.start
}

// Lived is the number of weeks since the start of the warm-up.
func (m *Model) Lived() int32 { return m.week }

// Events is the number of patient events since the start of the warm-up.
func (m *Model) Events() int64 { return m.events }

// Alive is the number of people alive in the world.
func (m *Model) Alive() int64 { return m.people.Alive }

// Start is the number of people in the world at the start of the warm-up.
func (m *Model) Start() int64 { return m.people.Start }

// Settings are those of the world: with them Restore reads a snapshot of the model.
func (m *Model) Settings() Settings { return m.set }

// Config is the config in force.
func (m *Model) Config() configs.Config { return m.cfg }

// WarmUp runs the status quo until the references are fixed. It does nothing in a model that is
// past it.
func (m *Model) WarmUp() error {
	for !m.reference.Fixed {
		if m.week == int32(m.cfg.Time.WarmupYears)*52 {
			m.fix()
			break
		}
		if err := m.Step(); err != nil {
			return fmt.Errorf("warm-up: %w", err)
		}
	}
	return nil
}

// fitCapacity fits beds and slots to the second year of the warm-up (ODD 7.5). Beds of a site lie
// between those of the data and those that its catchment needs, since catchments by nearest
// emergency department do not match the data site by site.
func (m *Model) fitCapacity() {
	c := &m.cfg
	need, have := 0.0, 0.0
	for i := range m.sites {
		h := &m.sites[i]
		need += float64(h.Mean * h.Beds)
		have += h.Beds
	}
	fb := need / c.Beds.Occupancy / max(have, 1e-9)
	m.reference.Beds = fb
	for i := range m.sites {
		h := &m.sites[i]
		needed := h.Mean * h.Beds / c.Beds.Occupancy
		data := h.Beds * fb
		h.Beds = max(needed*chance.Exp(bedsFromData*chance.Log(clip(data/max(needed, 1e-9), .2, 5))), 1e-3)
		h.Mean = needed * c.Beds.Occupancy / h.Beds
	}
	m.sumNeeds()
	for i := range m.practices {
		p := &m.practices[i]
		p.Capacity = p.Need * float64(p.Registered) * c.Contact.Appointments / appointmentsNeeded
		p.PerHead = p.Capacity / max(float64(p.Registered), 1)
		p.Backlog = 0
	}
	m.fitSlots()
}

// fitSlots fits the slots of every service to its arrivals, with the spread between services. Where a
// small sample leaves few arrivals, the pattern that travel predicts, scaled to all lines of the
// site, says more than they do.
func (m *Model) fitSlots() {
	c := &m.cfg
	seen, usual := make([]float64, len(m.sites)), make([]float64, len(m.sites))
	for i := range m.services {
		s := &m.services[i]
		seen[s.Site] += s.Arrivals
		usual[s.Site] += s.Pattern
	}
	listed := c.Treatment.ListShare
	for i := range m.services {
		s := &m.services[i]
		rng := m.seed.At(m.serviceKey(uint16(i)), 0, chance.Synthesis)
		spread := chance.Exp(c.Treatment.CapacitySpread * clip(rng.Normal(), -1.5, 1.5))
		weight := s.Arrivals * 52 / (float64(s.Arrivals*52) + patternWeight)
		arrivals := float64(weight*s.Arrivals) + float64((1-weight)*seen[s.Site]*s.Pattern/max(usual[s.Site], 1e-9))
		list := float64(weight*s.ListArrivals) + float64((1-weight)*arrivals*listed)
		s.Clinic, s.List = max(arrivals, .01)*spread, max(list, .003)*spread
	}
}

// patternWeight is how many arrivals the pattern of a site is worth.
const patternWeight = 400

// appointmentsNeeded is what a GP's list needs a week at the reference (ODD 7.2): the parameter
// for appointments is against it.
const appointmentsNeeded = 104

// bedsFromData is how far the beds of a site follow the data rather than its catchment, in logs:
// assumption (0 to 1).
const bedsFromData = .05

// fix ends the warm-up: what was measured in its last year becomes the reference, for good (ODD 3).
func (m *Model) fix() {
	c := &m.cfg
	care := m.sampleCare()
	s := care.of(&groups[0])
	r := &m.reference
	r.Fixed = true
	if s[sumChronic] > 0 {
		r.Control = s[sumControl] / s[sumChronic]
	}
	if s[sumPeople] > 0 {
		r.Usual = s[sumUsual] / s[sumPeople]
	}
	delay, quality, lists := 0.0, 0.0, 0.0
	for i := range m.practices {
		p := &m.practices[i]
		delay += float64(p.Delay * float64(p.Registered))
		quality += float64(p.Quality * float64(p.Registered))
		lists += float64(p.Registered)
	}
	if lists > 0 { // the last person of a tiny world may have died
		r.Delay, r.Quality = delay/lists, quality/lists
	}
	r.Providers = len(m.providers)
	m.lastAlive = m.people.Alive
	m.poolSkill()
	r.Payer = append([]int64(nil), m.lastPayer...)
	m.priceReference()
	t := m.counts.total(&groups[0])
	if q, ok := m.qualityOf(t, care, &groups[0]); ok {
		r.Parts = q
	}
	if lost := t.n[delayedDays] / max(t.n[bedDays], 1); lost > 0 {
		r.DelayScale = clip(c.Beds.DelayedShare/lost, .5, 2)
	}
	m.counts.clear()
	for i := range m.buyers { // the warm-up's budgets were not fitted: its debts are not the regime's
		b := &m.buyers[i]
		m.ledger.Post(partyGovernment, b.Party, market.KindBailOut, market.ServiceWhole, market.Pence(b.Deficit))
		b.Deficit = 0
	}
	m.regulator = agents.Regulator{}
	m.ledger.EndYear()
	m.ledger.Drain()
	for i := range m.services {
		s := &m.services[i]
		s.VolumeRef, s.SkillRef = s.Volume, s.Skill
		s.ClinicRef, s.ListRef, s.ArrivalsRef, s.ListArrivalsRef = s.Clinic, s.List, s.Arrivals, s.ListArrivals
	}
	for i := range m.providers {
		o := &m.providers[i]
		income := m.referenceValue(i, market.Services, 1)
		o.Fixed = float64(income) * c.Payment.FixedShare / 52
		o.FixedRef = o.Fixed
		o.Reserves = int64(income.Times(c.Market.Reserves))
		o.LastIncome = int64(income)
	}
	m.weighDistricts()
	m.setBudget()
	m.expectSocial()
	for d := range m.social {
		m.social[d].Capacity = max(m.socialNeed(d)*socialSlack, 1e-3)
	}
}

// setBudget scales budgets so that payers together break even at the reference, with a little room.
func (m *Model) setBudget() {
	spent, envelope := 0.0, 0.0
	for i := range m.buyers {
		b := &m.buyers[i]
		spent += float64(b.Spent)
		envelope += float64(float64(b.Population) * b.Weight * m.cfg.Payment.Envelope * 100)
		b.Ratio = 1 // what the warm-up forecast was against a budget that was not fitted yet
	}
	if spent > 0 && envelope > 0 {
		m.reference.Budget = spent / envelope * (1 + budgetRoom)
	}
}

// budgetRoom is what budgets hold above the spending of the last year of the warm-up: assumption (0
// to .03).
const budgetRoom = .01

// socialNeed is the mean number of new cases of social care a week in a district; where a small sample
// has few, what the emergencies of its old people should bring says more.
func (m *Model) socialNeed(district int) float64 {
	total, expected := 0.0, 0.0
	for d := range m.social {
		total += m.social[d].Mean
		expected += m.social[d].Expected
	}
	s := &m.social[district]
	usual := total * s.Expected / max(expected, 1e-9)
	weight := s.Mean * 52 / (float64(s.Mean*52) + patternWeight)
	return float64(weight*s.Mean) + float64((1-weight)*usual)
}

// expectSocial works out how the need for social care divides among districts: by the hazard of an
// emergency of the people of 65 and over who live there.
func (m *Model) expectSocial() {
	by := make([][]float64, len(m.parts))
	m.parallel(len(m.parts), func(_, i int) {
		q := &m.parts[i]
		need := make([]float64, len(m.social))
		for k := range q.people {
			p := &q.people[k]
			if age := p.Age(m.week); p.Flags&agents.Alive != 0 && age >= 65 {
				h, n := m.hazards, min(bits.OnesCount32(p.Conditions), maxConditions)
				r := &h.rate[p.Sex()][age]
				hazard := float64(r.emergency*h.emergency[n]) + float64(r.avoidable*h.avoidable[n])
				need[m.geo.district[p.Area]] += float64(hazard * h.deprived[m.geo.decile[p.Area]] * m.cfg.Beds.SocialCare)
			}
		}
		by[i] = need
	})
	for d := range m.social {
		sum := 0.0
		for i := range by {
			sum += by[i][d]
		}
		m.social[d].Expected = max(sum, 1e-9)
	}
}

// socialSlack is the capacity of social care for new cases against their mean: assumption (1.02 to
// 1.3), with which delayed days come near row E45.
const socialSlack = 1.25

// Branch returns a copy of a model at the end of its warm-up that goes on under another regime: the
// same people with the same luck, queues, links and staff. The copy shares nothing that changes.
func (m *Model) Branch(c configs.Config) (*Model, error) {
	if !m.reference.Fixed {
		return nil, fmt.Errorf("branch in week %d: the warm-up of %d weeks is not over", m.week, m.cfg.Time.WarmupYears*52)
	}
	b, err := m.clone()
	if err != nil {
		return nil, err
	}
	if err := b.Become(c); err != nil {
		return nil, err
	}
	return b, nil
}

// Become turns a model at the end of its warm-up or later into the branch that Branch would make of it:
// the last regime to start from a world needs no copy.
func (m *Model) Become(c configs.Config) error {
	if !m.reference.Fixed {
		return fmt.Errorf("branch in week %d: the warm-up of %d weeks is not over", m.week, m.cfg.Time.WarmupYears*52)
	}
	m.rows = rows{entries: m.rows.entries, exits: m.rows.exits, mergers: m.rows.mergers, groups: m.rows.groups, cost: m.rows.cost}
	m.cohort = [2]int64{}
	for i := range m.parts {
		q := &m.parts[i]
		for k := range q.people {
			if p := &q.people[k]; p.Flags&agents.Alive != 0 {
				p.Flags &^= agents.Newcomer
				m.cohort[0]++
			}
		}
	}
	m.cohort[1] = m.cohort[0]
	past := m.start > 0 // under a regime of its own, not the warm-up
	m.start = m.week
	m.reachTo(int64(m.week)/52 + c.Time.Years)
	if past && !regroups(&m.cfg, &c) {
		err := m.wake(c) // the organisations go on as they are
		m.priceRisks()
		return err
	}
	if m.cfg.Regime.Systems == "groups" && c.Regime.Systems != "groups" {
		m.dissolveGroups()
	}
	if err := m.adopt(c); err != nil {
		return err
	}
	m.tender()
	return nil
}

// reachTo lets the bounds on what people meet hold for so many years from the start of the warm-up. They
// hold for the run that the world was made for; where a future goes on longer than that, they rise with
// the trend of emergencies, and everyone's next candidate week is drawn anew, which has no memory.
func (m *Model) reachTo(years int64) {
	t := &m.set.Config.Time
	if years <= t.WarmupYears+t.Years {
		return
	}
	before := trendBound(&m.set.Config)
	t.Years = years - t.WarmupYears
	if trendBound(&m.set.Config) == before {
		return
	}
	m.hazards = newHazards(&m.place.Health, &m.set.Config)
	m.parallel(len(m.parts), func(_, i int) {
		q := &m.parts[i]
		for k := range q.people {
			if p := &q.people[k]; p.Flags&agents.Alive != 0 {
				p.Flags &^= agents.Idle
				q.due[k] = m.firstDue(p)
			}
		}
	})
}

// regroups reports whether a change of rules changes who forms organisations.
func regroups(from, to *configs.Config) bool {
	old, now := &from.Regime, &to.Regime
	return old.Systems != now.Systems || old.SystemCount != now.SystemCount || old.Integration != now.Integration || old.Enrolment != now.Enrolment
}

// tender books what it costs to let the contracts of systems that are given a budget.
func (m *Model) tender() {
	if !m.regime.systemPays {
		return
	}
	for i := range m.systems {
		m.tenderFor(&m.systems[i])
	}
}

// tenderFor books the tender of one system.
func (m *Model) tenderFor(o *agents.Organisation) {
	if m.regime.systemPays && o.Open {
		m.ledger.Post(partyGovernment, partyOutside, market.KindTendering, market.ServiceWhole, market.TenderingCost(m.cfg.Costs, market.Pence(o.LastIncome)))
	}
}

// Reform changes the rules in the middle of a run (a dated reform). Where it changes who forms
// organisations, they form anew from the practices and providers that there are; otherwise they go on
// under the new values and contracts. Time, people and the place cannot change.
func (m *Model) Reform(c configs.Config) error {
	if regroups(&m.cfg, &c) {
		if m.cfg.Regime.Systems == "groups" && c.Regime.Systems != "groups" {
			m.dissolveGroups()
		}
		if err := m.adopt(c); err != nil {
			return err
		}
		m.tender()
		return nil
	}
	had := m.regime.systemPays
	if err := m.wake(c); err != nil {
		return err
	}
	m.priceRisks()
	if !had {
		m.tender()
	}
	return nil
}

// dissolveGroups gives the services of specialty groups back to the owners of their sites.
func (m *Model) dissolveGroups() {
	for i := range m.services {
		s := &m.services[i]
		if m.providers[s.Provider].Kind == agents.Group {
			m.providers[s.Provider].Open = false
			s.Provider = m.sites[s.Site].Owner
		}
	}
	for i := range m.specialists {
		sp := &m.specialists[i]
		sp.Employer = m.services[sp.Service].Provider
	}
	for i := range m.reference.Providers {
		o := &m.providers[i]
		o.FixedRef = float64(m.referenceValue(i, market.Services, 1)) * m.cfg.Payment.FixedShare / 52
		o.Fixed = min(max(o.Fixed, 0), o.FixedRef)
	}
}

// SetWorkers changes the number of goroutines; results do not depend on it.
func (m *Model) SetWorkers(n int) {
	m.set.Workers = max(n, 1)
	m.makeWorkers()
}
