package market

import "coexist/configs"

// BudgetRatio is the forecast spending of a payer's year over its means. A capitated organisation uses its
// reserves first: they count as means; a commissioner has none. A budget of 0 or less is over by any
// spending, by as much as brings slots to their floor.
func BudgetRatio(c configs.Payment, forecast, budget, reserves Pence) float64 {
	means := budget + max(reserves, 0)
	switch {
	case means > 0:
		return float64(forecast) / float64(means)
	case forecast <= means:
		return 0
	}
	return 1 / c.SlotsFloor
}

// FundedSlots are the elective slots that a payer pays for, against the usual: all within its means, over
// them 1/ratio, not below the floor. Over its means it funds no slots above the usual either, and its
// practices raise their threshold of referral by ratio - 1 (ODD 7.6).
func FundedSlots(c configs.Payment, ratio float64) float64 {
	return max(1/max(ratio, 1), c.SlotsFloor)
}

// Carry splits the deficit of a year-end: what is carried into the next, up to the cap as a share of
// budget, and what must be bailed out and shown. A surplus (deficit <= 0) is carried whole.
func Carry(c configs.Payment, deficit, budget Pence) (carried, bailOut Pence) {
	carried = min(deficit, max(budget, 0).Times(c.DeficitCap))
	return carried, deficit - carried
}
