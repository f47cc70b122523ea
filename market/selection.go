package market

import "coexist/configs"

// expectedMargin returns what an organisation that breaks even on average expects to earn on a
// person, in the unit of m, the payment for a head:
//
//	mu = m (1 - ac) (cell - r),
//
// with ac the accuracy of risk adjustment, r the person's expected relative cost and cell its mean
// at their age and sex. Perfect adjustment leaves nothing to select on.
func expectedMargin(m, ac, cell, r float64) float64 {
	return float64(m * (1 - ac) * (cell - r))
}

// SelectionShift returns what the effort x on selection adds to a person's value of the
// organisation at enrolment: sl x times the expected margin, as a share of the payment for a head,
// as far as it is seen. It is 0 where selection is banned.
func SelectionShift(c configs.Selection, x, ac, cell, r float64) float64 {
	if c.Banned {
		return 0
	}
	return float64(c.Slope * x * float64(c.Sight*expectedMargin(1, ac, cell, r)))
}

// SelectionCost returns ½ g_s x², GBP a head and year.
func SelectionCost(c configs.Selection, x float64) float64 {
	return float64(0.5 * c.Cost * x * x)
}

// joinerRisk returns how far the mean of r among those who join lies from that of all, at small
// effort x of an organisation with market share s:
//
//	-sight sl x (1 - s) (1 - ac) (var r - var cell).
func joinerRisk(c configs.Selection, x, s, ac, varR, varCell float64) float64 {
	if c.Banned {
		return 0
	}
	return -float64(c.Sight * c.Slope * x * (1 - s) * (1 - ac) * (varR - varCell))
}

// SelectionEffort returns the effort at which the margin won by selection, m (1 - ac) times minus
// joinerRisk, exceeds its cost by most; m is the payment for a head in GBP a year. It is 0 where
// selection is banned, and at most MaxEffort.
func SelectionEffort(c configs.Selection, m, s, ac, varR, varCell float64) float64 {
	gain := -float64(m * (1 - ac) * joinerRisk(c, 1, s, ac, varR, varCell))
	if gain <= 0 {
		return 0
	}
	return min(gain/c.Cost, MaxEffort) // where it costs nothing the quotient has no limit
}
