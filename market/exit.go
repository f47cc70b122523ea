package market

import "coexist/configs"

// Failing returns for how many quarters in a row an organisation has been failing, given how many
// it was before, and whether it now fails: its reserves were below the (negative) share of a year's
// income for as many quarters as the failure regime bears.
func Failing(c configs.Market, quarters int64, reserves, income Pence) (now int64, fails bool) {
	if reserves >= income.Times(c.DeficitShare) {
		return 0, false
	}
	quarters++
	return quarters, quarters >= c.DeficitQuarters
}
