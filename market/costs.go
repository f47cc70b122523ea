package market

import "coexist/configs"

// BillingCost returns the cost of n claims.
func BillingCost(c configs.Costs, n int64) Pence {
	return GBP(float64(c.Claim * float64(n)))
}

// TenderingCost returns the cost of tendering a contract of this value.
func TenderingCost(c configs.Costs, value Pence) Pence {
	return value.Times(c.Tender)
}

// MonitoringCost returns a week of monitoring the care of heads people with the sharpness given,
// 0 to 1.
func MonitoringCost(c configs.Costs, sharpness float64, heads int64) Pence {
	return GBP(float64(c.Monitoring*sharpness*float64(heads)) / weeksPerYear)
}

// MarketingCost returns the cost of winning n joiners; effort on selection comes on top
// (SelectionCost).
func MarketingCost(c configs.Costs, n int64) Pence {
	return GBP(float64(c.Joiner * float64(n)))
}

// ManagementCost returns the management of this spending.
func ManagementCost(c configs.Costs, spend Pence) Pence {
	return spend.Times(c.Management)
}

// DisruptionCost returns what is lost when a contract of this yearly value moves to another provider.
func DisruptionCost(c configs.Costs, year Pence) Pence {
	return year.Times(c.Moved)
}

// SupportFee returns a week's fee of a support organisation for heads people.
func SupportFee(c configs.Costs, heads int64) Pence {
	return GBP(float64(c.Support*float64(heads)) / weeksPerYear)
}
