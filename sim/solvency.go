package sim

import (
	"coexist/agents"
	"coexist/market"
)

// checkSolvency compares what payers spent this year with their means so far (ODD 7.6): a commissioner
// with its budget less the deficit that it carries, a system that holds the budget with its income and,
// before anybody feels it, its reserves.
func (m *Model) checkSolvency() {
	weeks := float64(m.week%52 + 1)
	if weeks < 13 {
		weeks = 52
	}
	for i := range m.buyers {
		b := &m.buyers[i]
		p := &m.ledger.Parties[b.Party]
		if p.Income <= 0 {
			b.Ratio = 1
			continue
		}
		owed := market.Pence(b.Deficit).Times(weeks / 52)
		b.Ratio = max(market.BudgetRatio(m.cfg.Payment, p.Expense, p.Income-owed, 0), 0)
	}
	for i := range m.systems {
		o := &m.systems[i]
		o.Ratio = 1
		if p := &m.ledger.Parties[o.Party]; m.regime.systemPays && o.Open && p.Income > 0 {
			o.Ratio = market.BudgetRatio(m.cfg.Payment, p.Expense, p.Income, market.Pence(o.Reserves))
		}
	}
}

// purchaser is how many people a payer buys for, and what it spends against its means.
func (m *Model) purchaser(payer int) (people, ratio float64) {
	if payer >= len(m.buyers) {
		o := &m.systems[payer-len(m.buyers)]
		if !m.regime.systemPays || !o.Open {
			return 0, 1
		}
		return float64(o.Enrolled), o.Ratio
	}
	b := &m.buyers[payer]
	if m.regime.systemPays {
		return float64(b.Residual), b.Ratio
	}
	return float64(b.Population), b.Ratio
}

// rationing is by how far the payer of a practice's people is over its means: 0 if it is not.
func (m *Model) rationing(p *agents.Practice) float64 {
	if !m.reference.Fixed {
		return 0
	}
	payer := int(p.District)
	if m.regime.systemPays && p.System != agents.None {
		payer = len(m.buyers) + int(p.System)
	}
	_, ratio := m.purchaser(payer)
	return max(ratio-1, 0)
}

// closeBudgets ends the year of commissioners: what they owe from this year and the last is carried up
// to the cap and beyond it bailed out, what is left of the budget goes back. So the account of a
// commissioner is in debt by the deficit that it carries, and by nothing else.
func (m *Model) closeBudgets() {
	for i := range m.buyers {
		b := &m.buyers[i]
		p := &m.ledger.Parties[b.Party]
		b.Spent = int64(p.Expense)
		owed := market.Pence(b.Deficit) - m.ledger.Surplus(b.Party)
		if owed <= 0 {
			m.ledger.Post(b.Party, partyGovernment, market.KindAllocation, market.ServiceWhole, -owed)
			b.Deficit = 0
			continue
		}
		carried, bailOut := market.Carry(m.cfg.Payment, owed, p.Income)
		m.ledger.Post(partyGovernment, b.Party, market.KindBailOut, market.ServiceWhole, bailOut)
		b.Deficit = int64(carried)
		m.regulator.BailedOut += int64(bailOut)
	}
}
