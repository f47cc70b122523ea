package sim

import (
	"fmt"
	"slices"
	"sort"

	"coexist/agents"
	"coexist/agents/chance"
	"coexist/configs"
	"coexist/market"
	"coexist/sim/place"
)

// regime is what the composition of a scenario means for the engine, worked out once.
type regime struct {
	choice     bool // people pick the provider at referral
	practice   bool // people may change practice
	bound      bool // referrals stay in the system
	groups     bool // specialty medical groups run the pathways
	real       bool // integration by merging
	owned      bool // hospitals belong to their system: one account
	integrates bool // anyone invests in links
	competes   bool // people may leave for a rival
	direct     bool // people enrol directly
	systemPays bool // systems hold the budget of their people
	bundles    bool // somebody is paid a price for pathways, and answers for what follows
	scope      struct{ primary, pathway, social bool }
	premium    float64  // what a person pays a system, GBP a year
	accuracy   float64  // of risk adjustment, 0 to 1
	anchor     []uint16 // by system: the provider that it grew around, or None
}

// contract is one row of who pays whom for what, ready to be priced.
type contract struct {
	payer, payee market.Role
	kind         market.Kind
	terms        market.Terms
	price        float64
	residual     bool // for people in no system alone
}

// adopt switches the world to a regime (ODD 7.10): organisations form, contracts are signed, people
// are told where they belong. Care goes on: nobody leaves a queue and no link is lost but by the
// shock of a merger.
func (m *Model) adopt(c configs.Config) error {
	same := fmt.Sprint(m.cfg.Regime) == fmt.Sprint(c.Regime)
	m.setRegime(c)
	if m.links.providers == 0 {
		m.links = newLinks(len(m.practices), len(m.providers), c.Integration.Start)
	}
	m.formSystems()
	if m.regime.groups {
		m.formGroups()
	}
	m.links.widen(len(m.practices), len(m.providers))
	for i := range m.providers {
		m.links.system[i] = m.providers[i].System
	}
	if m.regime.groups {
		m.pairPractices()
	}
	m.enrolAll()
	m.weighDistricts()
	m.weighSystems()
	m.overlaps()
	for s := range m.systems {
		o := &m.systems[s]
		o.LastIncome = int64(market.GBP(float64(o.Enrolled) * m.cfg.Payment.Envelope))
		o.Reserves = int64(market.Pence(o.LastIncome).Times(m.cfg.Market.Reserves))
		o.Premium = m.regime.premium
	}
	m.setIncentives()
	m.tableReferrals()
	if err := m.sign(); err != nil {
		return err
	}
	m.priceRisks()
	m.makeWorkers()
	m.counts.system = make([][kinds]int64, len(m.systems)+1)
	if m.week%52 == 0 {
		last := m.lastPayer
		m.startYear()
		m.lastPayer = last // of the last whole year, if the organisations are still the same
	} else {
		m.keepYear(false)
	}
	if !same || len(m.systems) > 0 || len(m.learners) != len(m.providers) { // else they go on with what they know
		m.startLearning()
	}
	m.index()
	return nil
}

// setRegime works out what a config means for the engine; organisations stay as they are.
func (m *Model) setRegime(c configs.Config) {
	m.updateAims(&m.cfg, &c)
	m.cfg = c
	m.priceReference()
	r := &c.Regime
	anchor := m.regime.anchor
	m.regime = regime{
		anchor: anchor,
		choice: r.Referral == "choice", practice: r.Practice == "choice", bound: r.Binding == "network",
		groups: r.Systems == "groups", real: r.Integration == "real", owned: r.Hospitals == "owned", integrates: r.Integration != "none",
		direct: r.Enrolment == "direct", systemPays: r.BudgetHolder == "system" && r.Systems != "groups",
	}
	m.regime.competes = m.regime.choice || r.Enrolment == "via-practice" || r.Enrolment == "direct"
	m.regime.accuracy = market.StatedAccuracy(c.Payment.RiskR2, c.Payment.RiskR2Cell, c.Payment.RiskR2Max)
	for _, k := range c.Contracts {
		if k.Payer == "patient" {
			m.regime.premium += float64(k.Price * c.Payment.Envelope)
		}
	}
	m.regime.scope.primary = slices.Contains(r.Scope, "primary-secondary")
	m.regime.scope.pathway = slices.Contains(r.Scope, "pathway")
	m.regime.scope.social = slices.Contains(r.Scope, "social-care")
}

// updateAims lets those who are there take over what a scenario or reform says of their aims and means.
func (m *Model) updateAims(old, c *configs.Config) {
	for i := range m.buyers {
		m.buyers[i].Sharpness = c.Effort.Sharpness
	}
	for _, all := range [][]agents.Organisation{m.providers, m.systems} {
		for i := range all {
			o := &all[i]
			if old.Effort.Altruism > 0 {
				o.Altruism *= c.Effort.Altruism / old.Effort.Altruism
			} else {
				o.Altruism = c.Effort.Altruism
			}
			if now, was := c.Integration.Spend, old.Integration.Spend; o.Spend > 0 && was > 0 {
				o.Spend *= now / was
			}
		}
	}
}

// formSystems lets integrated organisations form around trusts, practices, areas or the nation.
func (m *Model) formSystems() {
	m.systems, m.regime.anchor, m.rivals, m.planned = nil, nil, nil, nil
	for i := range m.providers {
		m.providers[i].System = agents.None
	}
	for i := range m.practices {
		m.practices[i].System = agents.None
	}
	for d := range m.social {
		m.social[d].System = agents.None
	}
	switch m.cfg.Regime.Systems {
	case "trusts":
		m.systemsOfTrusts()
	case "area":
		m.systemsOfAreas(m.areaName)
	case "nation":
		m.systemsOfAreas(func(string) string { return "National system" })
	case "practices":
		m.systemsOfPractices()
	}
	n := len(m.systems)
	m.rivals = make([]float64, n*n)
	if m.regime.scope.social && n > 0 {
		for d := range m.social {
			m.social[d].System = m.nearestSystem(d)
		}
	}
	if m.regime.real { // a merger first disrupts
		shock := func(v []float32) {
			for k := range v {
				v[k] = float32(market.MergerShock(float64(v[k]), m.cfg.Integration.MergerShock, 1))
			}
		}
		shock(m.links.phi)
		shock(m.links.internal)
	}
}

// areaName is the name of the one organisation of an area.
func (m *Model) areaName(icb string) string {
	if icb == m.place.Code {
		return m.place.Name + " system"
	}
	return icb + " system"
}

// found adds a system. Its luck belongs to the code of what it grew from, not to its name.
func (m *Model) found(name, code string, kind agents.Kind, anchor uint16) uint16 {
	key := chance.Key2(chance.KeyString(code), uint64(kind)+systemKey)
	o := agents.Organisation{Key: key, Kind: kind, Line: uint8(place.Lines), Open: true, System: agents.None, Name: m.name(name),
		Support: m.cfg.Integration.Support, Home: agents.None, Leadership: m.leadership(key), Altruism: m.cfg.Effort.Altruism,
		Quality: m.cfg.Effort.Start, Spend: m.cfg.Integration.Spend, Founded: m.week, Party: m.ledger.Open(market.RoleSystem)}
	if m.cfg.Regime.Support == "insurer" {
		o.Support *= insurerSupport
	}
	if anchor != agents.None {
		o.Leadership = m.providers[anchor].Leadership
		o.Quality = m.providers[anchor].Quality
	}
	m.systems = append(m.systems, o)
	m.regime.anchor = append(m.regime.anchor, anchor)
	return uint16(len(m.systems) - 1)
}

// systemKey tells the luck of systems from that of the trusts and districts from which they grew.
const systemKey = 7_000

// insurerSupport is how much better analytics and claims handling make integration grow:
// assumption (1 to 1.5).
const insurerSupport = 1.25

// SystemsFormed is how many systems form in a place at the start of a regime that asks for a number of them:
// no more than there are trusts with an emergency department in it or, of consortia, districts. Of medical
// groups as many form in each line as are wanted.
func SystemsFormed(p *place.Place, r configs.Regime) int {
	n := int(r.SystemCount)
	switch r.Systems {
	case "trusts":
		trusts, _ := anchors(p)
		return min(n, len(trusts))
	case "practices":
		return min(n, len(p.Districts))
	}
	return n
}

// anchors lists the trusts around which systems can form, those with an emergency department in the place,
// the largest first, and the largest site of each trust.
func anchors(p *place.Place) (trusts, site []int) {
	beds := make([]int, len(p.Trusts))
	site = make([]int, len(p.Trusts))
	for i := range site {
		site[i] = -1
	}
	for i := range p.Hospitals {
		h := &p.Hospitals[i]
		if h.Outside || !h.HasAE {
			continue
		}
		if beds[h.Trust] == 0 {
			trusts = append(trusts, int(h.Trust))
		}
		beds[h.Trust] += int(h.Beds) + 1
		if site[h.Trust] < 0 || h.Beds > p.Hospitals[site[h.Trust]].Beds {
			site[h.Trust] = i
		}
	}
	sort.SliceStable(trusts, func(a, b int) bool { return beds[trusts[a]] > beds[trusts[b]] })
	return trusts, site
}

// systemsOfTrusts lets a system form around each trust with an emergency department in the place, or
// around the largest of them; the rest join the nearest, and practices join the trust to which they
// refer.
func (m *Model) systemsOfTrusts() {
	p := m.place
	anchors, site := anchors(p)
	if n := int(m.cfg.Regime.SystemCount); n > 0 && n < len(anchors) {
		anchors = anchors[:n]
	}
	sort.Ints(anchors)
	for _, t := range anchors {
		s := m.found(place.TrustName(p.Trusts[t].Name)+" system", p.Trusts[t].Code, agents.System, uint16(t))
		m.providers[t].System = s
	}
	if len(anchors) == 0 {
		return
	}
	nearest := func(e, n float64) uint16 {
		best, least := agents.None, 0.0
		for _, t := range anchors {
			h := &p.Hospitals[site[t]]
			d := float64((h.Easting-e)*(h.Easting-e)) + float64((h.Northing-n)*(h.Northing-n))
			if best == agents.None || d < least {
				best, least = m.providers[t].System, d
			}
		}
		return best
	}
	for i := range p.Hospitals {
		h := &p.Hospitals[i]
		if o := &m.providers[h.Trust]; !h.Outside && o.System == agents.None {
			o.System = nearest(h.Easting, h.Northing)
		}
	}
	for i := range m.practices {
		m.practices[i].System = m.systemReferredTo(i, nearest)
	}
}

// systemReferredTo is the system of a practice's default site, or the nearest.
func (m *Model) systemReferredTo(practice int, nearest func(e, n float64) uint16) uint16 {
	q := &m.place.Practices[practice]
	rank := uint16(0)
	for _, near := range m.place.Reach[q.Area] {
		h := &m.place.Hospitals[near.Index]
		if !h.HasAE || h.Outside {
			continue
		}
		if s := m.providers[h.Trust].System; s != agents.None && rank >= m.practices[practice].Default {
			return s
		}
		rank++
	}
	return nearest(q.Easting, q.Northing)
}

// systemsOfAreas lets one organisation form in each area: health and social care, all providers and
// practices of it.
func (m *Model) systemsOfAreas(nameOf func(icb string) string) {
	p := m.place
	byName := map[string]uint16{}
	system := func(icb string) uint16 {
		name := nameOf(icb)
		s, ok := byName[name]
		if !ok {
			s = m.found(name, icb, agents.Area, agents.None)
			byName[name] = s
		}
		return s
	}
	ofDistrict := make([]uint16, len(p.Districts))
	for d := range p.Districts {
		ofDistrict[d] = agents.None
		if areas := m.geo.byDistrict[d]; len(areas) > 0 {
			ofDistrict[d] = system(p.Areas[areas[0]].ICB)
		}
	}
	for i := range p.Hospitals {
		h := &p.Hospitals[i]
		if o := &m.providers[h.Trust]; !h.Outside && h.District != agents.None && o.System == agents.None {
			o.System = ofDistrict[h.District]
			if s := o.System; s != agents.None && m.regime.anchor[s] == agents.None {
				m.systems[s].Leadership = o.Leadership
			}
		}
	}
	for i := range m.practices {
		m.practices[i].System = ofDistrict[m.practices[i].District]
	}
}

// systemsOfPractices lets the practices of a district form a consortium that holds the budget: in
// every district, or in as many pilot districts as the scenario says, spread over the place.
func (m *Model) systemsOfPractices() {
	districts := len(m.place.Districts)
	n := int(m.cfg.Regime.SystemCount)
	if n <= 0 || n > districts {
		n = districts
	}
	of := make([]uint16, districts)
	for d := range of {
		of[d] = agents.None
	}
	for k := range n {
		d := k * districts / n
		of[d] = m.found(fmt.Sprintf("Consortium of %s", m.place.Districts[d].Name), m.place.Districts[d].Code, agents.Consortium, agents.None)
	}
	for i := range m.practices {
		m.practices[i].System = of[m.practices[i].District]
	}
}

// nearestSystem is the system to which most practices of a district belong, or None.
func (m *Model) nearestSystem(district int) uint16 {
	votes := make([]int32, len(m.systems))
	for i := range m.practices {
		if pr := &m.practices[i]; int(pr.District) == district && pr.System != agents.None {
			votes[pr.System] += pr.Registered
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

// enrolAll tells people which system they are in: that of their practice, or one that they choose.
func (m *Model) enrolAll() {
	for s := range m.systems {
		m.systems[s].Enrolled = 0
	}
	none := m.cfg.Regime.Enrolment == "none"
	m.parallel(len(m.parts), func(_, i int) {
		q := &m.parts[i]
		for k := range q.dead { // in systems of a regime that is over
			q.dead[k].System = agents.None
		}
		for k := range q.people {
			p := &q.people[k]
			p.System = agents.None
			if none || p.Flags&agents.Alive == 0 {
				continue
			}
			p.System = m.practices[p.Practice].System
			if m.regime.direct {
				p.System = m.pickSystem(p, agents.None)
			}
		}
	})
}

// setIncentives works out what a referral costs the organisation of each GP, in 100 GBP: a system that
// holds the budget bears the price where it buys and the variable cost where the hospital is its own;
// a practice with an indicative budget feels part of the price.
func (m *Model) setIncentives() {
	price := m.pathwayPrice(1).Pounds() / 100
	for i := range m.practices {
		p := &m.practices[i]
		p.Incentive = 0
		switch {
		case m.cfg.Regime.BudgetHolder == "practice":
			p.Incentive = price * indicative
		case m.regime.systemPays && p.System != agents.None && m.regime.owned && m.regime.anchor[p.System] != agents.None:
			p.Incentive = price * (1 - m.cfg.Payment.FixedShare)
		case m.regime.systemPays && p.System != agents.None:
			p.Incentive = price
		}
	}
}

// indicative is how much of an indicative budget practices feel as their own: assumption (.1 to 1).
const indicative = .5

// tableReferrals tables, for each GP, what a contact leads to (ODD 7.2): need and noisy signal
// against a threshold that habit, district, money and the payer's solvency move.
func (m *Model) tableReferrals() {
	c := &m.cfg.Contact
	for i := range m.gps {
		g := &m.gps[i]
		pr := &m.practices[g.Practice]
		tau := c.Threshold + float64(g.Threshold) + m.rationing(pr) + float64(c.ThresholdMoney*pr.Incentive*c.PartnerShare)
		g.Referred = float32(c.Need * chance.Phi(c.Discrimination-tau))
		g.Missed = float32(c.Need)
		g.Unneeded = float32(c.Need + float64((1-c.Need)*chance.Phi(-tau)))
	}
}

// sign makes the contracts of the scenario ready to be priced. Where systems hold the budgets,
// commissioners buy for people in no system alone; where none is named, they do so as in the status
// quo, since everybody has a carrier of last resort.
func (m *Model) sign() error {
	m.terms = m.terms[:0]
	named, handed := false, false // a commissioner buys; it hands the budget of the enrolled on
	for _, k := range m.cfg.Contracts {
		named = named || k.Payer == "commissioner"
		handed = handed || k.Payer == "commissioner" && k.Payee == "system"
	}
	contracts := m.cfg.Contracts
	if m.regime.systemPays && !named {
		for _, k := range configs.Default().Contracts {
			if k.Payer == "commissioner" || k.Payee == "commissioner" {
				contracts = append(contracts[:len(contracts):len(contracts)], k)
			}
		}
	}
	if m.regime.groups { // hospitals carry, at tariff, the lines that no group does
		paid := func(service string) bool {
			return slices.ContainsFunc(contracts, func(k configs.Contract) bool { return k.Payee == "hospital" && k.Service == service })
		}
		for _, k := range configs.Default().Contracts {
			if (k.Service == "outpatient" || k.Service == "elective") && !paid(k.Service) {
				contracts = append(contracts[:len(contracts):len(contracts)], k)
			}
		}
	}
	for _, k := range contracts {
		rest := k.Payer == "commissioner" && k.Payee != "system" || k.Payee == "commissioner" && !handed
		if err := m.signOne(k, m.regime.systemPays && rest); err != nil {
			return err
		}
	}
	return nil
}

// signOne makes one contract ready; residual ones are for people in no system.
func (m *Model) signOne(k configs.Contract, residual bool) error {
	kind, terms, err := market.NewTerms(k, m.cfg.Payment)
	if err != nil {
		return err
	}
	payer, err := market.ParseRole(k.Payer)
	if err != nil {
		return err
	}
	payee, err := market.ParseRole(k.Payee)
	if err != nil {
		return err
	}
	m.regime.bundles = m.regime.bundles || kind == market.KindPathway
	m.terms = append(m.terms, contract{payer: payer, payee: payee, kind: kind, terms: terms, price: k.Price, residual: residual})
	return nil
}
