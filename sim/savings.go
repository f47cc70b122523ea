package sim

import (
	"coexist/agents"
	"coexist/agents/chance"
	"coexist/market"
)

// noteCare adds what the care of each system's people was worth this quarter.
func (m *Model) noteCare() {
	for s := range m.systems {
		if s >= len(m.counts.system)-1 || s >= len(m.year.care) {
			break
		}
		t := &total{}
		for k, n := range m.counts.system[s] {
			t.n[k] = float64(n)
		}
		m.year.care[s] += int64(market.GBP(m.careValue(t)))
	}
}

// shareSavings pays what a year of care cost less than expected (ODD 7.6): to each system for its own
// people, or to practices, by their lists, for those of the commissioner or system that pays.
func (m *Model) shareSavings() {
	spent := make([]market.Pence, len(m.buyers)) // on care, before any share of savings
	for b := range m.buyers {
		spent[b] = m.ledger.Parties[m.buyers[b].Party].Expense
	}
	for i := range m.terms {
		c := &m.terms[i]
		if !c.kind.Yearly() {
			continue
		}
		switch {
		case c.payee == market.RoleSystem:
			for s := range m.systems {
				m.payFromAll(c, m.systems[s].Party, m.savedBySystem(c, s))
			}
		case c.payer == market.RoleSystem:
			for s := range m.systems {
				m.payByLists(c, m.systems[s].Party, m.savedBySystem(c, s), func(p *agents.Practice) bool { return int(p.System) == s })
			}
		case c.payee == market.RolePractice:
			for b := range m.buyers {
				m.payByLists(c, m.sharePayer(c, b), m.savedByBuyer(c, b, spent[b]), func(p *agents.Practice) bool {
					return int(p.District) == b && !(c.residual && p.System != agents.None)
				})
			}
		case c.payee == market.RoleCommissioner:
			for b := range m.buyers {
				m.ledger.Post(partyGovernment, m.buyers[b].Party, c.kind, c.terms.Service, m.savedByBuyer(c, b, spent[b]))
			}
		}
	}
	m.rememberSpending(spent)
}

// sharePayer is the account from which practices of a district get their share.
func (m *Model) sharePayer(c *contract, buyer int) int32 {
	if c.payer == market.RoleGovernment {
		return partyGovernment
	}
	return m.buyers[buyer].Party
}

// savedBySystem is the share of what a system's people cost less than in the years before.
func (m *Model) savedBySystem(c *contract, s int) market.Pence {
	o := &m.systems[s]
	if !o.Open || s >= len(m.year.care) {
		return 0
	}
	return saved(c, market.Pence(m.year.care[s]), o.Spent, float64(o.Enrolled), m.cfg.Payment.SavingsTrend)
}

// savedByBuyer is the share of what a commissioner spent less than in the years before.
func (m *Model) savedByBuyer(c *contract, b int, spent market.Pence) market.Pence {
	o := &m.buyers[b]
	return saved(c, spent, o.History, float64(o.Population), m.cfg.Payment.SavingsTrend)
}

// saved prices savings against a benchmark: the mean of the own years before, a head, grown by the trend.
func saved(c *contract, spend market.Pence, history [3]float64, heads, trend float64) market.Pence {
	var own []market.Pence
	for _, h := range history {
		if h > 0 {
			own = append(own, market.Pence(h*heads))
		}
	}
	if len(own) == 0 || heads <= 0 {
		return 0
	}
	t := c.terms
	// From the middle of those years to this one is half as many years as there are, and a half.
	t.Benchmark = market.Benchmark(own, chance.Exp(float64(len(own)+1)/2*chance.Log(1+trend)))
	return c.kind.Contract().Pay(market.Activity{Spend: spend}, t)
}

// payFromAll lets commissioners pay a sum together, by their people, or the government alone.
func (m *Model) payFromAll(c *contract, to int32, sum market.Pence) {
	if c.payer == market.RoleGovernment {
		m.ledger.Post(partyGovernment, to, c.kind, c.terms.Service, sum)
		return
	}
	people := 0.0
	for i := range m.buyers {
		people += float64(m.buyers[i].Population)
	}
	for i := range m.buyers {
		m.ledger.Post(m.buyers[i].Party, to, c.kind, c.terms.Service, sum.Times(float64(m.buyers[i].Population)/max(people, 1)))
	}
}

// payByLists divides a sum among practices by their lists.
func (m *Model) payByLists(c *contract, from int32, sum market.Pence, of func(*agents.Practice) bool) {
	lists := 0.0
	for i := range m.practices {
		if of(&m.practices[i]) {
			lists += float64(m.practices[i].Registered)
		}
	}
	if sum == 0 || lists == 0 {
		return
	}
	for i := range m.practices {
		if p := &m.practices[i]; of(p) {
			m.ledger.Post(from, p.Party, c.kind, c.terms.Service, sum.Times(float64(p.Registered)/lists))
		}
	}
}

// rememberSpending adds the year to the history of those whose savings may be shared; years before
// capacities were fitted say nothing.
func (m *Model) rememberSpending(spent []market.Pence) {
	if m.week < bedsWeek {
		return
	}
	push := func(h *[3]float64, spend, heads float64) {
		if heads > 0 && spend > 0 {
			h[0], h[1], h[2] = h[1], h[2], spend/heads
		}
	}
	for s := range m.systems {
		if o := &m.systems[s]; o.Open && s < len(m.year.care) {
			push(&o.Spent, float64(m.year.care[s]), float64(o.Enrolled))
		}
	}
	for b := range m.buyers {
		o := &m.buyers[b]
		push(&o.History, float64(spent[b]), float64(o.Population))
	}
}
