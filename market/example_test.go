package market_test

import (
	"fmt"

	"coexist/agents/chance"
	"coexist/configs"
	"coexist/market"
)

// Three hospitals at 10, 20 and 40 minutes, the farthest better by two standard deviations of quality.
func ExampleProbabilities() {
	c := configs.Default().Choice
	values := []float64{-c.Minutes * 10, -c.Minutes * 20, -c.Minutes*40 + c.Quality*2}
	p := make([]float64, 3)
	market.Probabilities(values, p)
	fmt.Printf("%.2f, as many as %.1f equal options\n", p, market.EffectiveOptions(p))
	// Output: [0.66 0.27 0.07], as many as 2.3 equal options
}

// A contract prices what passed between a payer and a payee, one kind like another: here a week of a
// hospital's clinics under five of them.
func ExampleContract() {
	week := market.Activity{First: 30, FollowUp: 60, Pathways: 25, Risk: 10_000_000_000, Slots: 40, SlotsLastYear: 2000}
	terms := market.Terms{
		Service:  market.ServiceOutpatient,
		Prices:   market.Prices{First: market.GBP(150), FollowUp: market.GBP(80)},
		Block:    market.GBP(520_000),
		Head:     market.GBP(52),
		Pathway:  market.GBP(400),
		Facility: market.GBP(520_000), Standby: market.GBP(156_000), SlotCost: market.GBP(40),
	}
	for _, c := range []market.Contract{market.Tariff{}, market.Block{}, market.Capitation{}, market.Pathway{}, market.FacilityFee{}} {
		fmt.Printf("%T pays %.0f pounds\n", c, c.Pay(week, terms).Pounds())
	}
	// Output:
	// market.Tariff pays 9300 pounds
	// market.Block pays 10000 pounds
	// market.Capitation pays 10000 pounds
	// market.Pathway pays 10000 pounds
	// market.FacilityFee pays 8880 pounds
}

// What a year's saving and what quality pay.
func ExampleContract_share() {
	year := market.Activity{Spend: market.GBP(900_000), Quality: 1}
	terms := market.Terms{Benchmark: market.GBP(1_000_000), SavingsShare: .5, SavingsMinimum: .02, QualityShare: .01}
	fmt.Println(market.SharedSavings{}.Pay(year, terms).Pounds(), market.QualityPay{}.Pay(year, terms).Pounds())
	// Output:
	// 50000 9000
}

// Four firms on a circle, each told only how many people came, find the quality at which none
// gains by changing its own: margin times the people won, 30 pounds times 50, over the cost, 4 pounds a
// squared standard deviation times 250 people.
func ExampleLearner() {
	c := configs.Default().Effort
	c.Cost, c.Exploration = 4, .02
	aims := market.Aims{Margin: 30, Cost: c.Cost}
	var firms [4]market.Learner
	for i := range firms {
		firms[i] = market.NewLearner(c, 50)
	}
	var q [4]float64
	for quarter := range 800 {
		for i := range firms {
			rng := chance.NewSeed(7).At(uint64(i), int32(quarter), chance.Explore)
			q[i] = firms[i].Play(c, rng.Normal()).Quality
		}
		for i := range firms {
			neighbours := (q[(i+3)%4] + q[(i+1)%4]) / 2
			firms[i].Observe(c, q[i], neighbours, 250+50*(q[i]-neighbours), 0)
			firms[i].Adapt(c, aims, market.Situation{Start: 250})
		}
	}
	fmt.Printf("learned %.1f, Nash %.1f\n", firms[0].Mean.Quality, 30.*50/(4*250))
	// Output: learned 1.5, Nash 1.5
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
