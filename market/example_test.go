package market_test

import (
	"fmt"

	"coexist/configs"
	"coexist/market"
)

// A contract prices what passed between a payer and a payee: here an airline's one price for a pathway, and the
// rent that the airport charges for slots.
func ExampleContract() {
	week := market.Activity{Pathways: 3, Slots: 40, SlotsLastYear: 2000}
	terms := market.Terms{Pathway: 150_000, Facility: 520_000_00, Standby: 156_000_00, SlotCost: 40_00}
	fmt.Println(market.KindPathway.Contract().Pay(&week, &terms))
	fmt.Println(market.KindFacilityFee.Contract().Pay(&week, &terms))
	// Output:
	// 450000
	// 888000
}

// The model's decision rule: with more people to win by quality, more effort goes into it. A rule of one's own
// (sim.Rule) gets the same aims and situation.
func ExampleAims_BestReply() {
	c := configs.Default().Effort
	aims := market.NewAims(c, 100, 1)
	few := aims.BestReply(market.Situation{Demand: 10_000, Start: 10_000, Slope: 100})
	many := aims.BestReply(market.Situation{Demand: 10_000, Start: 10_000, Slope: 1_000})
	fmt.Println(few.Quality < many.Quality)
	// Output: true
}
