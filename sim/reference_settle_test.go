package sim

import (
	"coexist/agents"
	"coexist/market"
)

// settle pays for the week by the contracts in force and books what care and the market cost (ODD 7.6,
// 7.11).
func (r *slowModel) settle() {
	m := r.m
	for i := range m.terms {
		r.pay(&m.terms[i])
	}
	r.costOfCare()
	r.costOfMarket()
	for payer := range r.bills {
		for provider := range r.bills[payer] {
			for what, n := range r.bills[payer][provider] {
				m.year.payer[(payer*len(m.providers)+provider)*int(bills)+what] += n
				m.year.bills[provider*int(bills)+what] += n
			}
		}
	}
	for i := range m.services {
		m.year.slots[i] += r.slots[i]
		m.year.seen[i] += r.seen[i]
	}
	for i := range m.sites {
		m.year.breaches += r.breaches[i]
		m.year.visits += m.sites[i].Visits
	}
}

// pay is one row of contracts: whom it pays follows from who the two parties are.
func (r *slowModel) pay(c *contract) {
	switch {
	case c.payer == market.RoleGovernment:
		r.government(c)
	case c.payee == market.RolePractice:
		r.practices(c)
	case c.payer == market.RoleGroup:
		r.facilities(c)
	case c.payee == market.RoleSystem:
		r.systems(c)
	case c.payee == market.RoleSocialCare:
		r.socialCare(c)
	case c.terms.Service == market.ServiceFacility:
		r.standby(c)
	case c.terms.Service == market.ServiceRest:
		r.rest(c)
	case c.payee == market.RoleHospital || c.payee == market.RoleGroup:
		r.activity(c)
	}
}

// post prices an activity under a contract and posts it.
func (r *slowModel) post(c *contract, from, to int32, a market.Activity, t market.Terms) {
	a.Week = r.m.week % 52
	r.m.ledger.Post(from, to, c.kind, t.Service, c.kind.Contract().Pay(a, t))
}

// perHead is a contract by heads of a risk, in millionths.
func (r *slowModel) perHead(c *contract, from, to int32, risk int64) {
	t := c.terms
	t.Block = market.Pence(float64(t.Head) * float64(risk) / 1_000_000)
	r.post(c, from, to, market.Activity{Risk: risk}, t)
}

// government hands budgets down.
func (r *slowModel) government(c *contract) {
	m := r.m
	switch c.payee {
	case market.RoleCommissioner:
		for i := range m.buyers {
			b := &m.buyers[i]
			r.perHead(c, partyGovernment, b.Party, int64(float64(r.headsOf(c, b))*b.Weight*m.reference.Budget*1_000_000))
		}
	case market.RoleSystem:
		for i := range m.systems {
			o := &m.systems[i]
			risk := int64(float64(o.Risk) * m.reference.Budget)
			if c.terms.Service == market.ServiceSocialCare {
				risk = int64(o.Enrolled) * 1_000_000
			}
			r.perHead(c, partyGovernment, o.Party, risk)
		}
	case market.RoleSocialCare:
		for d := range m.social {
			n := int64(m.buyers[d].Population)
			r.perHead(c, partyGovernment, m.social[d].Party, n*1_000_000)
		}
	case market.RolePractice:
		for i := range m.practices {
			n := int64(m.practices[i].Registered)
			r.perHead(c, partyGovernment, m.practices[i].Party, n*1_000_000)
		}
	case market.RoleHospital:
		t := c.terms
		for i := range m.providers {
			t.Block = m.referenceValue(i, t.Service, c.price)
			r.post(c, partyGovernment, m.account(uint16(i)), market.Activity{}, t)
		}
	}
}

// headsOf are the people of a commissioner whom a contract is about.
func (r *slowModel) headsOf(c *contract, b *agents.Commissioner) int64 {
	if c.residual {
		return int64(b.Residual)
	}
	return int64(b.Population)
}

// systems pays systems for the enrolled: each commissioner in proportion to its people; patients whole.
func (r *slowModel) systems(c *contract) {
	m := r.m
	people := 0.0
	for i := range m.buyers {
		people += float64(m.buyers[i].Population)
	}
	for i := range m.systems {
		o := &m.systems[i]
		if c.payer == market.RolePatient {
			m.ledger.Post(partyPatients, o.Party, market.KindPremium, c.terms.Service, market.GBP(float64(o.Enrolled)*o.Premium/52))
			continue
		}
		t, risk := c.terms, int64(float64(o.Risk)*m.reference.Budget)
		t.Block = market.Pence(float64(t.Head) * float64(risk) / 1_000_000)
		a := market.Activity{Week: m.week % 52, Risk: risk}
		amount := c.kind.Contract().Pay(a, t)
		for k := range m.buyers {
			part := float64(m.buyers[k].Population) / max(people, 1)
			m.ledger.Post(m.buyers[k].Party, o.Party, c.kind, t.Service, amount.Times(part))
		}
	}
}

// practices are paid for their lists, by their district or by their system.
func (r *slowModel) practices(c *contract) {
	m := r.m
	for i := range m.practices {
		p := &m.practices[i]
		member := p.System != agents.None
		if c.residual && member || c.payer == market.RoleSystem && !member {
			continue
		}
		from := m.buyers[p.District].Party
		if c.payer == market.RoleSystem {
			from = m.purse(p.System)
		}
		t, n := c.terms, int64(p.Registered)
		t.Block = market.Pence(float64(t.Head) * float64(n))
		r.post(c, from, p.Party, market.Activity{Risk: n * 1_000_000, Quality: p.Quality,
			Spend: market.Pence(float64(t.Head) * float64(n) / 52)}, t)
	}
}

// paysWith says whether a payer is of the side that a contract names: systems, or everyone else.
func (r *slowModel) paysWith(c *contract, payer int) bool {
	return (payer >= len(r.m.buyers)) == (c.payer == market.RoleSystem)
}

// activity pays providers for what they did for each payer's people this week.
func (r *slowModel) activity(c *contract) {
	m := r.m
	if c.kind.Yearly() {
		return
	}
	for payer := range r.bills {
		if !r.paysWith(c, payer) {
			continue
		}
		from := m.payerAccount(payer)
		for i := range m.providers {
			row := &r.bills[payer][i]
			isGroup := m.providers[i].Kind == agents.Group
			if isGroup != (c.payee == market.RoleGroup) || c.kind != market.KindBlock && *row == [bills]int64{} {
				continue
			}
			a, t := activityOf(row[:]), c.terms
			if payer < len(m.buyers) && i < m.reference.Providers {
				t.EmergencyBase = m.reference.Payer[(payer*m.reference.Providers+i)*int(bills)+int(billEmergency)]
				a.EmergencySoFar = m.year.payer[(payer*len(m.providers)+i)*int(bills)+int(billEmergency)]
			}
			a.Quality = r.effort(uint16(i))
			switch c.kind {
			case market.KindBlock:
				t.Block = m.blockOf(payer, i, t.Service, c.price)
			case market.KindPathway:
				t.Pathway = m.pathwayPrice(c.price) + m.riskPrice(i)
				owed := market.GBP(float64(row[billLiable]) / oddAnswer * m.cfg.Payment.Emergency * m.cfg.Payment.PathwayLiability)
				m.ledger.Post(m.account(uint16(i)), from, market.KindPathway, market.ServiceEmergency, owed)
			case market.KindQuality:
				a.Spend = valueOf(row[:], market.Services, &m.cfg.Payment)
			}
			to := m.account(uint16(i))
			r.post(c, from, to, a, t)
			if c.kind == market.KindTariff && from != to {
				m.ledger.Post(to, partyOutside, market.KindBilling, t.Service, market.BillingCost(m.cfg.Costs, claims(row[:], t.Service)))
			}
		}
	}
}

// facilities lets groups pay the owners of the sites where they work, by slots.
func (r *slowModel) facilities(c *contract) {
	m := r.m
	lastYear := make([]int64, len(m.providers))
	for i := range m.services {
		if s := &m.services[i]; m.providers[s.Provider].Kind == agents.Group {
			lastYear[m.sites[s.Site].Owner] += m.lastSlots(i)
		}
	}
	for i := range m.services {
		s := &m.services[i]
		if m.providers[s.Provider].Kind != agents.Group || r.slots[i] == 0 {
			continue
		}
		owner, t := m.sites[s.Site].Owner, c.terms
		t.Facility = market.Pence(m.facilityCost(int(owner)) * c.price)
		t.Standby = t.Facility.Times(m.cfg.Payment.FacilityStandby)
		t.SlotCost = market.GBP(m.cfg.Payment.FacilitySlot * c.price)
		group := m.providers[s.Provider].Party
		r.post(c, group, m.account(owner), market.Activity{Slots: r.slots[i], SlotsLastYear: lastYear[owner]}, t)
		inputs := market.GBP(float64(r.slots[i]) * m.cfg.Payment.FacilitySlot) // the owner buys what a slot takes
		r.costs(m.account(owner), market.KindInputs, market.ServiceOutpatient, inputs)
		r.costs(group, market.KindInputs, market.ServiceOutpatient, -inputs)
	}
}

// standby pays owners of sites for being there, shared as their people used them at the reference.
func (r *slowModel) standby(c *contract) {
	m := r.m
	for i := 0; i < m.reference.Providers; i++ {
		total := m.referenceValue(i, market.Services, 1)
		if m.providers[i].Kind == agents.Group || total <= 0 {
			continue
		}
		cost := m.facilityCost(i) * m.cfg.Payment.FacilityStandby * c.price
		for payer := range m.buyers {
			row := m.reference.Payer[(payer*m.reference.Providers+i)*int(bills):][:bills]
			t := c.terms
			t.Block = market.Pence(cost * float64(valueOf(row, market.Services, &m.cfg.Payment)) / float64(total))
			r.post(c, m.buyers[payer].Party, m.account(uint16(i)), market.Activity{}, t)
		}
	}
}

// rest passes on the money for care that is not simulated, and what it costs.
func (r *slowModel) rest(c *contract) {
	m := r.m
	p := &m.cfg.Payment
	for payer := range m.payers() {
		if !r.paysWith(c, payer) {
			continue
		}
		heads, home := 0.0, uint16(0)
		if payer < len(m.buyers) {
			heads, home = float64(r.headsOf(c, &m.buyers[payer])), m.homeProvider(payer)
		} else {
			s := payer - len(m.buyers)
			heads = float64(m.systems[s].Enrolled)
			if heads == 0 {
				continue
			}
			if home = m.regime.anchor[s]; home == agents.None {
				home = m.homeProvider(m.homeDistrict(uint16(s)))
			}
		}
		t := c.terms
		t.Block = market.GBP(max(p.Envelope-p.GPCapitation-oddHospitalHead, 0) * heads * c.price)
		a := market.Activity{Week: m.week % 52}
		amount := c.kind.Contract().Pay(a, t)
		m.ledger.Post(m.payerAccount(payer), m.account(home), c.kind, t.Service, amount)
		m.ledger.Post(m.account(home), partyOutside, market.KindInputs, t.Service, amount)
	}
}

// socialCare pays social care authorities.
func (r *slowModel) socialCare(c *contract) {
	m := r.m
	for d := range m.social {
		s := &m.social[d]
		from := m.buyers[d].Party
		if c.payer == market.RoleSystem {
			if s.System == agents.None {
				continue
			}
			from = m.purse(s.System)
		}
		t, n := c.terms, int64(m.buyers[d].Population)
		t.Block = market.Pence(float64(t.Head) * float64(n))
		r.post(c, from, s.Party, market.Activity{Risk: n * 1_000_000, Social: s.Cases}, t)
	}
}

// costs books what somebody spends outside.
func (r *slowModel) costs(account int32, kind market.Kind, service market.Service, amount market.Pence) {
	r.m.ledger.Post(account, partyOutside, kind, service, amount)
}

// costOfCare books what care costs those who give it.
func (r *slowModel) costOfCare() {
	m := r.m
	p := &m.cfg.Payment
	hospital := []market.Service{market.ServiceOutpatient, market.ServiceElective, market.ServiceAdmissions, market.ServiceEmergency, market.ServiceAE}
	for i := range m.providers {
		var did [bills]int64
		for payer := range r.bills {
			for what, n := range r.bills[payer][i] {
				did[what] += n
			}
		}
		account, o := m.account(uint16(i)), &m.providers[i]
		for _, s := range hospital {
			r.costs(account, market.KindInputs, s, valueOf(did[:], s, p).Times(1-p.FixedShare))
		}
		total := float64(m.referenceValue(i, market.Services, 1))
		switch {
		case o.Fixed <= 0:
		case o.Kind == agents.Group || i >= m.reference.Providers:
			r.costs(account, market.KindFixed, market.ServiceOutpatient, market.Pence(o.Fixed))
		case total > 0:
			for _, s := range hospital {
				r.costs(account, market.KindFixed, s, market.Pence(o.Fixed*float64(m.referenceValue(i, s, 1))/total))
			}
		}
		r.costs(account, market.KindDuplicate, market.ServiceOutpatient, market.GBP(float64(did[billDuplicate])*p.DuplicateTest))
	}
	for i := range m.services {
		if r.extra[i] > 0 {
			dearer := float64(r.extra[i]) / 1000 * (m.cfg.Treatment.ExtraCost - 1) * p.FirstAttendance
			r.costs(m.account(m.services[i].Provider), market.KindInputs, market.ServiceOutpatient, market.GBP(dearer))
		}
	}
	for i := range m.practices {
		pr := &m.practices[i]
		nurses := (1 - m.cfg.Contact.GPShare) / max(m.cfg.Contact.GPShare, .01) * p.NurseContact // for each GP contact
		contacts := float64(float64(pr.Demand) * (p.GPContact + float64(nurses)))
		overhead := float64(float64(pr.Registered) * p.GPCapitation * oddOverhead / 52)
		r.costs(pr.Party, market.KindInputs, market.ServiceGP, market.GBP(contacts+overhead))
	}
	for d := range m.social {
		s := &m.social[d]
		usual := float64(float64(m.buyers[d].Population) * p.SocialCareHead * (1 - oddSocialNew) / 52)
		r.costs(s.Party, market.KindInputs, market.ServiceSocialCare, market.GBP(usual+float64(float64(s.Cases)*p.SocialCareCase)))
	}
	for i := range m.sites {
		if h := &m.sites[i]; h.Delayed > 0 {
			r.costs(m.account(h.Owner), market.KindInputs, market.ServiceSocialCare, market.GBP(float64(h.Delayed)*p.BedDay))
		}
	}
}

// costOfMarket books what buying, integrating and competing cost.
func (r *slowModel) costOfMarket() {
	m := r.m
	c := &m.cfg
	whole := market.ServiceWhole
	manage := func(account int32, heads int64) {
		r.costs(account, market.KindManagement, whole, market.ManagementCost(c.Costs, market.GBP(float64(heads)*c.Payment.Envelope/52)))
	}
	for i := range m.buyers {
		b := &m.buyers[i]
		account, heads := b.Party, int64(b.Population)
		if m.regime.systemPays {
			account = partyGovernment
		}
		r.costs(account, market.KindMonitoring, whole, market.MonitoringCost(c.Costs, b.Sharpness, heads))
		if m.regime.systemPays {
			heads = int64(b.Residual)
		}
		manage(account, heads)
	}
	for i := range m.systems {
		o := &m.systems[i]
		if !o.Open {
			continue
		}
		account, heads := m.purse(uint16(i)), int64(o.Enrolled)
		if m.regime.systemPays {
			manage(account, heads)
		}
		if m.regime.integrates {
			r.costs(account, market.KindGovernance, whole, market.GovernanceCost(c.Integration, m.regime.real, heads))
			r.costs(account, market.KindLeadership, whole, market.GBP(float64(heads)*m.spendOf(o)/52))
		}
		if c.Regime.Support == "insurer" {
			fee := market.SupportFee(c.Costs, heads)
			m.ledger.Post(account, partySupport, market.KindSupport, whole, fee)
			r.costs(partySupport, market.KindSupport, whole, fee)
		}
		r.costOfEffort(o, account, float64(heads))
		r.costs(account, market.KindMarketing, whole, market.GBP(float64(heads)*market.SelectionCost(c.Selection, o.Select)/52))
	}
	for i := range m.providers {
		if m.providers[i].Open {
			r.costOfProvider(i)
		}
	}
}

// costOfProvider is what links, contracts and effort cost a provider.
func (r *slowModel) costOfProvider(i int) {
	m := r.m
	c, o, account := &m.cfg, &m.providers[i], m.account(uint16(i))
	m.year.phi[i] += r.phi[i]
	m.year.handoffs[i] += r.handoffs[i]
	m.year.failed[i] += r.failed[i]
	if n := r.handoffs[i]; n > 0 {
		mean := float64(r.phi[i]) / 65536 / float64(n)
		r.costs(account, market.KindGovernance, market.ServiceWhole, market.RunningCost(c.Integration.RunningCost, max(mean-c.Integration.Start, 0), n))
	}
	if m.regime.integrates && m.regime.groups && o.Kind == agents.Group {
		spend := float64(m.people.Alive) * m.spendOf(o) * oddGroupScope / 52 / float64(len(m.providers)-m.reference.Providers)
		r.costs(account, market.KindLeadership, market.ServicePathway, market.GBP(spend))
	}
	if m.week%52 == 0 {
		r.costs(account, market.KindContracting, market.ServiceWhole, market.GBP(c.Costs.Contract*m.set.Sample*float64(m.partners(i))))
	}
	if o.System == agents.None || !m.regime.real {
		r.costOfEffort(o, account, o.LastDemand)
	}
}

// costOfEffort is what effort above that of the start costs, for so many people.
func (r *slowModel) costOfEffort(o *agents.Organisation, account int32, heads float64) {
	e := &r.m.cfg.Effort
	now, before := market.Tasks{Quality: o.Quality, Integration: o.Integrate, Prevention: o.Prevent}, market.Tasks{Quality: e.Start}
	cost := now.Cost(e.Cost, e.Cost*e.Crowding) - before.Cost(e.Cost, e.Cost*e.Crowding)
	r.costs(account, market.KindEffort, market.ServiceWhole, market.GBP(heads*cost/52))
}
