package sim

import (
	"coexist/agents"
	"coexist/market"
)

// bookCare books what care costs those who give it.
func (m *Model) bookCare(billed, extra []int64) {
	p := &m.cfg.Payment
	done := make([]int64, len(m.providers)*int(bills))
	for _, pair := range m.busy {
		row := done[int(pair)%len(m.providers)*int(bills):][:bills]
		for k, n := range billed[int(pair)*int(bills):][:bills] {
			row[k] += n
		}
	}
	for i := range m.providers {
		row := done[i*int(bills):][:bills]
		account := m.account(uint16(i))
		for _, s := range []market.Service{market.ServiceOutpatient, market.ServiceElective, market.ServiceAdmissions, market.ServiceEmergency, market.ServiceAE} {
			m.ledger.Post(account, partyOutside, market.KindInputs, s, valueOf(row, s, p).Times(1-p.FixedShare))
		}
		m.bookFixed(i, account)
		m.ledger.Post(account, partyOutside, market.KindDuplicate, market.ServiceOutpatient, market.GBP(float64(row[billDuplicate])*p.DuplicateTest))
	}
	for i := range m.services {
		s := &m.services[i]
		if extra[i] > 0 { // slots above the usual are dearer
			cost := float64(extra[i]) / 1000 * (m.cfg.Treatment.ExtraCost - 1) * p.FirstAttendance
			m.ledger.Post(m.account(s.Provider), partyOutside, market.KindInputs, market.ServiceOutpatient, market.GBP(cost))
		}
	}
	for i := range m.practices {
		pr := &m.practices[i]
		heads := float64(pr.Registered)
		contacts := float64(float64(pr.Demand) * (p.GPContact + float64((1-m.cfg.Contact.GPShare)/max(m.cfg.Contact.GPShare, .01)*p.NurseContact)))
		overhead := float64(heads * p.GPCapitation * practiceOverhead / 52)
		m.ledger.Post(pr.Party, partyOutside, market.KindInputs, market.ServiceGP, market.GBP(contacts+overhead))
	}
	for d := range m.social {
		s := &m.social[d]
		m.ledger.Post(s.Party, partyOutside, market.KindInputs, market.ServiceSocialCare,
			market.GBP(float64(float64(m.buyers[d].Population)*p.SocialCareHead*(1-socialNew)/52)+float64(float64(s.Cases)*p.SocialCareCase)))
	}
	for i := range m.sites {
		if h := &m.sites[i]; h.Delayed > 0 {
			m.ledger.Post(m.account(h.Owner), partyOutside, market.KindInputs, market.ServiceSocialCare, market.GBP(float64(h.Delayed)*p.BedDay))
		}
	}
}

// practiceOverhead is the part of practice income that premises and staff cost beside contacts:
// assumption (.1 to .4).
const practiceOverhead = .15

// socialNew is the part of social care spending that new cases after discharge cost: assumption
// (.02 to .2).
const socialNew = .05

// fixedServices divide a provider's fixed cost in proportion to the reference.
var fixedServices = [...]market.Service{market.ServiceOutpatient, market.ServiceElective, market.ServiceAdmissions, market.ServiceEmergency, market.ServiceAE}

// bookFixed books a week of a provider's fixed cost, by service as at the reference.
func (m *Model) bookFixed(i int, account int32) {
	o := &m.providers[i]
	if o.Fixed <= 0 {
		return
	}
	if o.Kind == agents.Group || i >= m.reference.Providers {
		m.ledger.Post(account, partyOutside, market.KindFixed, market.ServiceOutpatient, market.Pence(o.Fixed))
		return
	}
	total := float64(m.referenceValue(i, market.Services, 1))
	if total <= 0 {
		return
	}
	for _, s := range fixedServices {
		m.ledger.Post(account, partyOutside, market.KindFixed, s, market.Pence(o.Fixed*float64(m.referenceValue(i, s, 1))/total))
	}
}

// bookMarket books what the market and integration themselves cost (ODD 7.11).
func (m *Model) bookMarket() {
	c := &m.cfg
	scale := m.set.Sample
	manage := func(party int32, heads int64) {
		m.ledger.Post(party, partyOutside, market.KindManagement, market.ServiceWhole,
			market.ManagementCost(c.Costs, market.GBP(float64(heads)*c.Payment.Envelope/52)))
	}
	for i := range m.buyers {
		b := &m.buyers[i]
		heads := int64(b.Population)
		m.ledger.Post(m.buyerPurse(i), partyOutside, market.KindMonitoring, market.ServiceWhole, market.MonitoringCost(c.Costs, b.Sharpness, heads))
		if m.regime.systemPays {
			heads = int64(b.Residual)
		}
		manage(m.buyerPurse(i), heads)
	}
	for i := range m.systems {
		o := &m.systems[i]
		if !o.Open {
			continue
		}
		heads := int64(o.Enrolled)
		purse := m.purse(uint16(i))
		if m.regime.systemPays {
			manage(purse, heads)
		}
		if m.regime.integrates {
			m.ledger.Post(purse, partyOutside, market.KindGovernance, market.ServiceWhole, market.GovernanceCost(c.Integration, m.regime.real, heads))
			m.ledger.Post(purse, partyOutside, market.KindLeadership, market.ServiceWhole, market.GBP(float64(heads)*m.spendOf(o)/52))
		}
		if c.Regime.Support == "insurer" {
			m.ledger.Post(purse, partySupport, market.KindSupport, market.ServiceWhole, market.SupportFee(c.Costs, heads))
			m.ledger.Post(partySupport, partyOutside, market.KindSupport, market.ServiceWhole, market.SupportFee(c.Costs, heads))
		}
		m.bookEffort(o, purse, float64(heads))
		m.ledger.Post(purse, partyOutside, market.KindMarketing, market.ServiceWhole, market.GBP(float64(heads)*market.SelectionCost(c.Selection, o.Select)/52))
	}
	heads := float64(m.people.Alive)
	for i := range m.providers {
		o := &m.providers[i]
		if !o.Open {
			continue
		}
		account := m.account(uint16(i))
		phi, n := int64(0), int64(0)
		for w := range m.workers {
			k := &m.workers[w]
			phi += k.phi[i]
			n += k.handoffs[i]
			m.year.failed[i] += k.failed[i]
			k.phi[i], k.handoffs[i], k.failed[i] = 0, 0, 0
		}
		m.year.phi[i] += phi
		m.year.handoffs[i] += n
		if n > 0 {
			mean := float64(phi) / 65536 / float64(n)
			m.ledger.Post(account, partyOutside, market.KindGovernance, market.ServiceWhole, market.RunningCost(c.Integration.RunningCost, max(mean-c.Integration.Start, 0), n))
		}
		if m.regime.integrates && m.regime.groups && o.Kind == agents.Group {
			spend := heads * m.spendOf(o) * groupScope / 52 / float64(len(m.providers)-m.reference.Providers)
			m.ledger.Post(account, partyOutside, market.KindLeadership, market.ServicePathway, market.GBP(spend))
		}
		if m.week%52 == 0 {
			m.ledger.Post(account, partyOutside, market.KindContracting, market.ServiceWhole, market.GBP(c.Costs.Contract*scale*float64(m.partners(i))))
		}
		if o.System == agents.None || !m.regime.real {
			m.bookEffort(o, account, m.served(i))
		}
	}
}

// buyerPurse is who bears what a commissioner's own work costs: itself while it has a budget, else
// the public purse.
func (m *Model) buyerPurse(buyer int) int32 {
	if m.regime.systemPays {
		return partyGovernment
	}
	return m.buyers[buyer].Party
}

// partners is with how many payers a provider has contracts: those whose people it served enough
// last year.
func (m *Model) partners(provider int) int {
	n := 0
	if len(m.lastPayer) != m.payers()*len(m.providers)*int(bills) {
		return len(m.buyers) // a first year: as the status quo had
	}
	for payer := range m.payers() {
		row := m.lastPayer[(payer*len(m.providers)+provider)*int(bills):][:bills]
		if row[billFirst] > contractFrom {
			n++
		}
	}
	return n
}

// contractFrom is how many first attendances a year, at the scale of the sample, make a contract
// worth keeping: assumption (1 to 100).
const contractFrom = 5

// served is how many people count as a provider's when effort is paid for: its share of attendances
// of the residents of the place.
func (m *Model) served(provider int) float64 {
	o := &m.providers[provider]
	return o.LastDemand
}

// bookEffort books a week of effort above that of the start, which reference prices cover.
func (m *Model) bookEffort(o *agents.Organisation, account int32, heads float64) {
	e := &m.cfg.Effort
	now := market.Tasks{Quality: o.Quality, Integration: o.Integrate, Prevention: o.Prevent}
	base := market.Tasks{Quality: e.Start}
	cost := now.Cost(e.Cost, e.Cost*e.Crowding) - base.Cost(e.Cost, e.Cost*e.Crowding)
	m.ledger.Post(account, partyOutside, market.KindEffort, market.ServiceWhole, market.GBP(heads*cost/52))
}
