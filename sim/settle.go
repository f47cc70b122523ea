package sim

import (
	"coexist/agents"
	"coexist/configs"
	"coexist/market"
)

// yearly is what a year gathers beside the counts of the quarter.
type yearly struct {
	flow      []int64 // referrals by service
	inside    []int64 // of them inside one organisation
	slots     []int64 // used by service this year
	lastSlots []int64 // and last
	bills     []int64 // activity by provider and what, this year
	payer     []int64 // activity by payer, provider and what, this year
	handoffs  []int64 // by provider
	failed    []int64
	phi       []int64 // in 1/65536
	seen      []int64 // people served by service
	care      []int64 // of the people of each system at reference prices, pence
	avoidable []int64 // avoidable admissions of the people of each system, and last of everyone
	breaches  float64
	visits    int64
}

// startYear makes room for a year under the present organisations and clears it.
func (m *Model) startYear() {
	services, providers, payers := len(m.services), len(m.providers), m.payers()
	last := m.year.slots
	m.lastPayer = m.year.payer
	m.year = yearly{flow: make([]int64, services), inside: make([]int64, services), slots: make([]int64, services),
		lastSlots: make([]int64, services), bills: make([]int64, providers*int(bills)), payer: make([]int64, payers*providers*int(bills)),
		handoffs: make([]int64, providers), failed: make([]int64, providers), phi: make([]int64, providers),
		seen: make([]int64, services), care: make([]int64, len(m.systems)),
		avoidable: make([]int64, len(m.systems)+1)}
	copy(m.year.lastSlots, last)
}

// keepYear makes room in the year in progress for the present organisations and keeps what was counted
// in it; what was done for the people of systems that are no more stays with its providers. Same says
// that the systems are those of before.
func (m *Model) keepYear(same bool) {
	old, last := m.year, m.lastPayer
	providers := len(old.bills) / int(bills)
	m.startYear()
	m.lastPayer = last
	y := &m.year
	for _, pair := range [][2][]int64{{y.flow, old.flow}, {y.inside, old.inside}, {y.slots, old.slots}, {y.lastSlots, old.lastSlots},
		{y.seen, old.seen}, {y.bills, old.bills}, {y.handoffs, old.handoffs}, {y.failed, old.failed}, {y.phi, old.phi}} {
		copy(pair[0], pair[1])
	}
	payers := len(m.buyers)
	y.avoidable[len(y.avoidable)-1] = old.avoidable[len(old.avoidable)-1]
	if same {
		payers = m.payers()
		copy(y.care, old.care)
		copy(y.avoidable, old.avoidable)
	}
	for payer := range payers {
		from, to := payer*providers*int(bills), payer*len(m.providers)*int(bills)
		copy(y.payer[to:], old.payer[from:from+providers*int(bills)])
	}
	y.breaches, y.visits = old.breaches, old.visits
}

// settle lets contracts price what was done this week, pays it, and books what it cost (ODD 7.6,
// 7.11). Every penny has two sides.
func (m *Model) settle() {
	billed := m.sum(func(k *worker) []int64 { return k.billed })
	slots := m.sum(func(k *worker) []int64 { return k.slots })
	extra := m.sum(func(k *worker) []int64 { return k.extra })
	seen := m.sum(func(k *worker) []int64 { return k.seen })
	m.findBusy(billed)
	for i := range m.terms {
		m.pay(&m.terms[i], billed, slots)
	}
	m.bookCare(billed, extra)
	m.bookMarket()
	for _, pair := range m.busy {
		at, of := int(pair)*int(bills), int(pair)%len(m.providers)*int(bills)
		for k := range int(bills) {
			m.year.payer[at+k] += billed[at+k]
			m.year.bills[of+k] += billed[at+k]
			billed[at+k] = 0
		}
	}
	for i := range slots {
		m.year.slots[i] += slots[i]
		m.year.seen[i] += seen[i]
	}
	clear(slots)
	clear(extra)
	clear(seen)
	for d := range m.sites {
		for w := range m.workers {
			m.year.breaches += m.workers[w].breaches[d]
			m.workers[w].breaches[d] = 0
		}
		m.year.visits += m.sites[d].Visits
	}
}

// findBusy lists the pairs of payer and provider with activity this week, in order: in a large place
// they are few among all.
func (m *Model) findBusy(billed []int64) {
	m.busy = m.busy[:0]
	for pair := range m.payers() * len(m.providers) {
		if !idle(billed[pair*int(bills):][:bills]) {
			m.busy = append(m.busy, int32(pair))
		}
	}
}

// account is where the money of a provider is: with its system where that owns its hospitals and holds
// one budget, else its own, so that it keeps its margin.
func (m *Model) account(provider uint16) int32 {
	o := &m.providers[provider]
	if m.regime.owned && m.regime.systemPays && o.System != agents.None {
		return m.systems[o.System].Party
	}
	return o.Party
}

// purse is the account that bears what a system spends: its own if it holds the budget, else that of
// the provider around which it grew, else the public purse.
func (m *Model) purse(system uint16) int32 {
	if m.regime.systemPays {
		return m.systems[system].Party
	}
	if a := m.regime.anchor[system]; a != agents.None {
		return m.providers[a].Party
	}
	for i := range m.providers {
		if m.providers[i].System == system {
			return m.providers[i].Party
		}
	}
	return partyGovernment
}

// payerAccount is the account of a payer by its number.
func (m *Model) payerAccount(payer int) int32 {
	if payer < len(m.buyers) {
		return m.buyers[payer].Party
	}
	return m.systems[payer-len(m.buyers)].Party
}

// pay prices one row of contracts for all its parties.
func (m *Model) pay(c *contract, billed, slots []int64) {
	switch {
	case c.payer == market.RoleGovernment:
		m.payFromGovernment(c)
	case c.payee == market.RolePractice:
		m.payPractices(c)
	case c.payer == market.RoleGroup:
		m.payFacilities(c, slots)
	case c.payee == market.RoleSystem:
		m.paySystems(c)
	case c.payee == market.RoleSocialCare:
		m.paySocialCare(c)
	case c.terms.Service == market.ServiceFacility:
		m.payStandby(c)
	case c.terms.Service == market.ServiceRest:
		m.payRest(c)
	case c.payee == market.RoleHospital || c.payee == market.RoleGroup:
		m.payActivity(c, billed)
	}
}

// payFromGovernment hands budgets down by heads.
func (m *Model) payFromGovernment(c *contract) {
	t := c.terms
	post := func(party int32, risk int64) {
		a := market.Activity{Week: m.week % 52, Risk: risk}
		t.Block = market.Pence(float64(t.Head) * float64(risk) / 1_000_000)
		m.ledger.Post(partyGovernment, party, c.kind, t.Service, c.kind.Contract().Pay(a, t))
	}
	switch c.payee {
	case market.RoleCommissioner:
		for i := range m.buyers {
			b := &m.buyers[i]
			post(b.Party, int64(float64(c.heads(b))*b.Weight*m.reference.Budget*1_000_000))
		}
	case market.RoleSystem:
		for i := range m.systems {
			o := &m.systems[i]
			if t.Service == market.ServiceSocialCare {
				post(o.Party, int64(o.Enrolled)*1_000_000)
			} else {
				post(o.Party, int64(float64(o.Risk)*m.reference.Budget))
			}
		}
	case market.RoleSocialCare:
		for d := range m.social {
			post(m.social[d].Party, int64(m.buyers[d].Population)*1_000_000)
		}
	case market.RolePractice:
		for i := range m.practices {
			post(m.practices[i].Party, int64(m.practices[i].Registered)*1_000_000)
		}
	case market.RoleHospital:
		for i := range m.providers {
			a := market.Activity{Week: m.week % 52}
			t.Block = m.referenceValue(i, t.Service, c.price)
			m.ledger.Post(partyGovernment, m.account(uint16(i)), c.kind, t.Service, c.kind.Contract().Pay(a, t))
		}
	}
}

// heads is how many people of a commissioner a contract is about.
func (c *contract) heads(b *agents.Commissioner) int64 {
	if c.residual {
		return int64(b.Residual)
	}
	return int64(b.Population)
}

// paySystems lets commissioners hand on to systems the budget of the enrolled, each in proportion to
// its people. What patients pay goes to their system whole.
func (m *Model) paySystems(c *contract) {
	total := 0.0
	for i := range m.buyers {
		total += float64(m.buyers[i].Population)
	}
	for s := range m.systems {
		o := &m.systems[s]
		a := market.Activity{Week: m.week % 52, Risk: int64(float64(o.Risk) * m.reference.Budget)}
		t := c.terms
		if c.payer == market.RolePatient {
			m.ledger.Post(partyPatients, o.Party, market.KindPremium, t.Service, market.GBP(float64(o.Enrolled)*o.Premium/52))
			continue
		}
		t.Block = market.Pence(float64(t.Head) * float64(a.Risk) / 1_000_000)
		amount := c.kind.Contract().Pay(a, t)
		for i := range m.buyers {
			m.ledger.Post(m.buyers[i].Party, o.Party, c.kind, t.Service, amount.Times(float64(m.buyers[i].Population)/max(total, 1)))
		}
	}
}

// payPractices pays practices for their lists.
func (m *Model) payPractices(c *contract) {
	t := c.terms
	for i := range m.practices {
		p := &m.practices[i]
		payer := m.buyers[p.District].Party
		if c.residual && p.System != agents.None {
			continue
		}
		if c.payer == market.RoleSystem {
			if p.System == agents.None {
				continue
			}
			payer = m.purse(p.System)
		}
		n := int64(p.Registered)
		a := market.Activity{Week: m.week % 52, Risk: n * 1_000_000, Quality: p.Quality,
			Spend: market.Pence(float64(t.Head) * float64(n) / 52)}
		t.Block = market.Pence(float64(t.Head) * float64(n))
		m.ledger.Post(payer, p.Party, c.kind, t.Service, c.kind.Contract().Pay(a, t))
	}
}

// payActivity pays providers for what they did for each payer's people; a block is paid whether or not
// they did anything.
func (m *Model) payActivity(c *contract, billed []int64) {
	switch {
	case c.kind.Yearly():
	case c.kind == market.KindBlock:
		for pair := range m.payers() * len(m.providers) {
			m.payProvider(c, pair, billed)
		}
	default:
		for _, pair := range m.busy {
			m.payProvider(c, int(pair), billed)
		}
	}
}

// payProvider pays one pair of payer and provider, if the contract is theirs.
func (m *Model) payProvider(c *contract, pair int, billed []int64) {
	payer, i := pair/len(m.providers), pair%len(m.providers)
	if (c.payer == market.RoleSystem) != (payer >= len(m.buyers)) || (c.payee == market.RoleGroup) != (m.providers[i].Kind == agents.Group) {
		return
	}
	from, to := m.payerAccount(payer), m.account(uint16(i))
	row := billed[pair*int(bills):][:bills]
	a := activityOf(row)
	t := c.terms
	if payer < len(m.buyers) && i < m.reference.Providers {
		t.EmergencyBase = m.reference.Payer[(payer*m.reference.Providers+i)*int(bills)+int(billEmergency)]
		a.EmergencySoFar = m.year.payer[pair*int(bills)+int(billEmergency)]
	}
	a.Week, a.Quality = m.week%52, m.actorOf(uint16(i)).Quality
	switch c.kind {
	case market.KindBlock:
		t.Block = m.blockOf(payer, i, t.Service, c.price)
	case market.KindPathway:
		t.Pathway = m.pathwayPrice(c.price) + m.riskPrice(i)
		m.payLiability(from, uint16(i), row[billLiable])
	case market.KindQuality:
		a.Spend = valueOf(row, market.Services, &m.cfg.Payment)
	}
	m.ledger.Post(from, to, c.kind, t.Service, c.kind.Contract().Pay(a, t))
	if c.kind == market.KindTariff && from != to {
		m.ledger.Post(to, partyOutside, market.KindBilling, t.Service, market.BillingCost(m.cfg.Costs, claims(row, t.Service)))
	}
}

// claims is the number of bills that a service's activity makes.
func claims(row []int64, s market.Service) int64 {
	switch s {
	case market.ServiceOutpatient:
		return row[billFirst] + row[billFollowUp]
	case market.ServiceElective:
		return row[billDayCase] + row[billInpatient]
	case market.ServiceAdmissions:
		return row[billOther]
	case market.ServiceEmergency:
		return row[billEmergency]
	case market.ServiceAE:
		return row[billAE]
	}
	return 0
}

// idle reports whether nothing was done.
func idle(row []int64) bool {
	for _, n := range row {
		if n != 0 {
			return false
		}
	}
	return true
}

// activityOf turns a row of bills into the activity that contracts price.
func activityOf(row []int64) market.Activity {
	return market.Activity{First: row[billFirst], FollowUp: row[billFollowUp], DayCase: row[billDayCase], Inpatient: row[billInpatient],
		Other: row[billOther], Emergency: row[billEmergency], AE: row[billAE], Pathways: row[billPathways]}
}

// valueOf is what activity is worth at reference prices; of one service, or of all for
// market.Services.
func valueOf(row []int64, s market.Service, p *configs.Payment) market.Pence {
	sum := 0.0
	add := func(of market.Service, n int64, price float64) {
		if s == market.Services || s == of {
			sum += float64(float64(n) * price)
		}
	}
	add(market.ServiceOutpatient, row[billFirst]+row[billFollowUp], p.FirstAttendance)
	add(market.ServiceElective, row[billDayCase], p.DayCase)
	add(market.ServiceElective, row[billInpatient], p.Inpatient)
	add(market.ServiceAdmissions, row[billOther], p.OtherAdmission)
	add(market.ServiceEmergency, row[billEmergency], p.Emergency)
	add(market.ServiceAE, row[billAE], p.AEVisit)
	return market.GBP(sum)
}

// blockOf is the block that a payer owes a provider for a service: what it did for its people at the
// reference, a year.
func (m *Model) blockOf(payer, provider int, s market.Service, price float64) market.Pence {
	if payer >= len(m.buyers) {
		if m.providers[provider].System != uint16(payer-len(m.buyers)) {
			return 0
		}
		return m.referenceValue(provider, s, price)
	}
	if len(m.reference.Payer) < len(m.buyers)*m.reference.Providers*int(bills) || provider >= m.reference.Providers {
		return 0
	}
	row := m.reference.Payer[(payer*m.reference.Providers+provider)*int(bills):][:bills]
	return valueOf(row, s, &m.cfg.Payment).Times(price)
}

// referenceValue is what a provider did in the last year of the warm-up at reference prices.
func (m *Model) referenceValue(provider int, s market.Service, price float64) market.Pence {
	if provider >= m.reference.Providers {
		return 0
	}
	return m.worth[provider*worths+int(s)].Times(price)
}

// worths is how many values of a provider are tabled: one a service, and that of all.
const worths = int(market.Services) + 1

// priceReference tables what every provider did in the last year of the warm-up at reference prices.
func (m *Model) priceReference() {
	r := &m.reference
	m.worth = make([]market.Pence, r.Providers*worths)
	for at := range r.Payer[:len(m.buyers)*r.Providers*int(bills)] {
		if at%int(bills) != 0 {
			continue
		}
		row, provider := r.Payer[at:][:bills], at/int(bills)%r.Providers
		for s := range market.Services + 1 {
			m.worth[provider*worths+int(s)] += valueOf(row, s, &m.cfg.Payment)
		}
	}
}

// pathwayPrice is the price of a pathway begun: what first attendance, follow-ups and list treatment
// cost at reference prices on average.
func (m *Model) pathwayPrice(price float64) market.Pence {
	c, p := &m.cfg.Treatment, &m.cfg.Payment
	overnight := m.cfg.Beds.Overnight
	list := float64((1-overnight)*p.DayCase) + float64(overnight*p.Inpatient)
	standby := float64(p.FixedShare * facilityPart * p.FacilityStandby) // paid to the hospital beside it
	return market.GBP(price * (1 - standby) * (1 - c.NonAttendance) * (float64((1+c.FollowUps)*p.FirstAttendance) + float64(c.ListShare*list)))
}

// groupScope is the part of all care that runs through the pathways of specialty groups: what
// integrating costs them, against integrating all care. Assumption (.1 to .25), by the prices of
// planned care against the envelope.
const groupScope = .16

// facilityPart is the part of fixed hospital cost that stays with buildings, theatres and wards when
// the specialists belong to groups: assumption (.3 to .7).
const facilityPart = .5

// payFacilities lets groups pay the owners of the sites where they work: the airport charge.
func (m *Model) payFacilities(c *contract, slots []int64) {
	k := c.kind.Contract()
	used := make([]int64, len(m.providers)) // slots of groups at each owner's sites last year
	for i := range m.services {
		if s := &m.services[i]; m.providers[s.Provider].Kind == agents.Group {
			used[m.sites[s.Site].Owner] += m.lastSlots(i)
		}
	}
	for i := range m.services {
		s := &m.services[i]
		if m.providers[s.Provider].Kind != agents.Group || slots[i] == 0 {
			continue
		}
		owner := m.sites[s.Site].Owner
		t := c.terms
		t.Facility = market.Pence(m.facilityCost(int(owner)) * c.price)
		t.Standby = t.Facility.Times(m.cfg.Payment.FacilityStandby)
		t.SlotCost = market.GBP(m.cfg.Payment.FacilitySlot * c.price)
		a := market.Activity{Week: m.week % 52, Slots: slots[i], SlotsLastYear: used[owner]}
		group := m.providers[s.Provider].Party
		m.ledger.Post(group, m.account(owner), c.kind, t.Service, k.Pay(a, t))
		// What a slot costs is part of the inputs of care; here it is the owner who buys them.
		inputs := market.GBP(float64(slots[i]) * m.cfg.Payment.FacilitySlot)
		m.ledger.Post(m.account(owner), partyOutside, market.KindInputs, market.ServiceOutpatient, inputs)
		m.ledger.Post(group, partyOutside, market.KindInputs, market.ServiceOutpatient, -inputs)
	}
}

// lastSlots is the slots that a service used last year; in a first year, what it is made for.
func (m *Model) lastSlots(service int) int64 {
	if n := m.year.lastSlots[service]; n > 0 {
		return n
	}
	s := &m.services[service]
	return int64(float64((float64((1+m.cfg.Treatment.FollowUps)*s.Clinic)+s.List)*52) + .5)
}

// facilityCost is what the buildings that groups use cost their owner, pence a year.
func (m *Model) facilityCost(owner int) float64 {
	elective := m.referenceValue(owner, market.ServiceOutpatient, 1) + m.referenceValue(owner, market.ServiceElective, 1)
	return float64(elective) * m.cfg.Payment.FixedShare * facilityPart
}

// payStandby pays owners of sites for being there.
func (m *Model) payStandby(c *contract) {
	for i := range m.providers {
		if m.providers[i].Kind == agents.Group || i >= m.reference.Providers {
			continue
		}
		cost := m.facilityCost(i) * m.cfg.Payment.FacilityStandby * c.price
		t := c.terms
		a := market.Activity{Week: m.week % 52}
		for payer := range m.buyers { // commissioners share it as their people used the provider
			row := m.reference.Payer[(payer*m.reference.Providers+i)*int(bills):][:bills]
			total := m.referenceValue(i, market.Services, 1)
			if total <= 0 {
				continue
			}
			t.Block = market.Pence(cost * float64(valueOf(row, market.Services, &m.cfg.Payment)) / float64(total))
			m.ledger.Post(m.buyers[payer].Party, m.account(uint16(i)), c.kind, t.Service, c.kind.Contract().Pay(a, t))
		}
	}
}

// payRest passes on what the envelope holds for care that the model does not simulate.
func (m *Model) payRest(c *contract) {
	p := &m.cfg.Payment
	for payer := range m.payers() {
		if (c.payer == market.RoleSystem) != (payer >= len(m.buyers)) {
			continue
		}
		heads := 0.0
		home := uint16(0)
		if payer < len(m.buyers) {
			heads = float64(c.heads(&m.buyers[payer]))
			home = m.homeProvider(payer)
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
		t.Block = market.GBP(max(p.Envelope-p.GPCapitation-hospitalHead, 0) * heads * c.price)
		a := market.Activity{Week: m.week % 52}
		amount := c.kind.Contract().Pay(a, t)
		m.ledger.Post(m.payerAccount(payer), m.account(home), c.kind, t.Service, amount)
		m.ledger.Post(m.account(home), partyOutside, market.KindInputs, t.Service, amount)
	}
}

// hospitalHead is about what hospitals get of the envelope by the prices of the model, GBP a head (ODD 7.6):
// what is done in a year at the reference, at those prices.
const hospitalHead = 600

// homeProvider is the owner of the nearest emergency department to a district.
func (m *Model) homeProvider(district int) uint16 {
	for _, a := range m.geo.byDistrict[district] {
		if s := m.geo.emergency[a]; s != agents.None {
			return m.sites[s].Owner
		}
	}
	return 0
}

// homeDistrict is the district in which most people of a system's practices are registered.
func (m *Model) homeDistrict(system uint16) int {
	people := make([]int64, len(m.buyers))
	best := 0
	for i := range m.practices {
		if p := &m.practices[i]; p.System == system {
			if people[p.District] += int64(p.Registered); people[p.District] > people[best] {
				best = int(p.District)
			}
		}
	}
	return best
}

// paySocialCare hands on money for social care.
func (m *Model) paySocialCare(c *contract) {
	t := c.terms
	for d := range m.social {
		payer := m.buyers[d].Party
		if c.payer == market.RoleSystem {
			if m.social[d].System == agents.None {
				continue
			}
			payer = m.purse(m.social[d].System)
		}
		n := int64(m.buyers[d].Population)
		a := market.Activity{Week: m.week % 52, Risk: n * 1_000_000, Social: m.social[d].Cases}
		t.Block = market.Pence(float64(t.Head) * float64(n))
		m.ledger.Post(payer, m.social[d].Party, c.kind, t.Service, c.kind.Contract().Pay(a, t))
	}
}
