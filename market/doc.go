// Package market holds what happens between the parties of the model: contracts and the ledger,
// choice and enrolment, links and their growth, effort, make or buy, selection, entry, merger,
// labour, premiums, solvency and concentration (docs/ODD.md, sections 7.3, 7.4 and 7.6 to 7.11).
//
// Every submodel is a plain struct or a pure function that package sim calls: by organisation each
// week (contracts), quarter (effort, links) or year (the rest), and by patient only in choice.go.
// Nothing here draws a random number: chance comes in as an argument. Money is whole pence at the
// scale of the sample; quality and effort are in standard deviations between providers; time is in
// weeks, quarters of 13 weeks and years of 52. Only agents/chance supplies Log and Exp, and every
// product that feeds a sum is wrapped in float64, so that all processors compute the same bits.
//
// A contract prices what passed between a payer and a payee, here a week of an airline's pathways:
//
//	week := market.Activity{Pathways: 25}
//	terms := market.Terms{Pathway: market.GBP(400)}
//	owed := market.KindPathway.Contract().Pay(week, terms)
//
// A decision rule of one's own (sim.Rule) gets the Aims of an organisation and its Situation, and
// returns Tasks: how much effort goes into quality, integration and prevention. The model's own rule
// is Aims.BestReply at the slope of demand that a Learner has found.
package market

import "math"

const (
	weeksPerYear    = 52
	quartersPerYear = 4
)

// clip returns x held within [low, high].
func clip(x, low, high float64) float64 {
	return min(max(x, low), high)
}

// round returns the whole number nearest to x; halves go up.
func round(x float64) float64 {
	return math.Floor(x + 0.5)
}
