package market

// Premium returns the best premium of a plan, one price for all that it enrols, on top of the
// risk-adjusted subsidy:
//
//	r = c + 1/(b_p (1 - s)),
//
// with c its cost of a person above the subsidy (GBP a year, may be negative), bp the disutility of a
// GBP and s its share. It is +Inf at s = 1.
func Premium(c, bp, s float64) float64 {
	return c + 1/float64(bp*max(1-s, 0))
}
