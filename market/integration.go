package market

import (
	"math"

	"coexist/agents/chance"
	"coexist/configs"
)

// Drive returns R = r L I S, the yearly rate at which a link with this leadership L, spend on
// integration (GBP a head and year) and support S grows; I = spend over the reference spend, at
// most 2.
func Drive(c configs.Integration, leadership, spend, support float64) float64 {
	invested := clip(spend/c.ReferenceSpend, 0, 2)
	return float64(c.Growth * leadership * invested * support)
}

// Decay returns d, the yearly rate at which a link is lost: half the staff turnover.
func Decay(turnover float64) float64 {
	return float64(0.5 * turnover)
}

// Ceiling returns the highest integration that two parties can reach,
//
//	pm = pmax (1 - chi o),
//
// where o in [0, 1] is the overlap of their patients if they are rivals, else 0 (Overlap). Rivalry
// over the same people corrodes sharing as far as chi says; chi = 0 is no contradiction.
func Ceiling(pmax, chi, overlap float64) float64 {
	return float64(pmax * (1 - float64(chi*overlap)))
}

// GrowLink returns phi after years, by the exact solution of
//
//	dphi/dt = R phi (pm - phi) - d phi,
//
// and not below floor, or below phi where a merger has taken it under the floor. Steps of any length
// give the same path: logistic growth towards pm - d/R when that is positive, decay to the floor when not.
func GrowLink(phi, drive, ceiling, decay, floor, years float64) float64 {
	rate := float64(drive*ceiling) - decay // of growth near phi = 0
	x := float64(rate * years)
	grown := float64(years * (1 + float64(0.5*x))) // integral of exp(rate t), where that is nearly 1
	if math.Abs(x) > 1e-6 {
		grown = (chance.Exp(x) - 1) / rate
	}
	next := float64(phi*(1+float64(rate*grown))) / (1 + float64(drive*phi*grown))
	return max(next, min(floor, phi))
}

// FailProb returns the probability p0 (1 - e phi) that a handoff fails over a link of integration
// phi, held within [0, 1]. The effect e may be zero or negative: then integration does nothing or
// harms.
func FailProb(p0, e, phi float64) float64 {
	return clip(float64(p0*(1-float64(e*phi))), 0, 1)
}

// MergerShock returns phi just after two organisations merged: it loses the share loss times speed
// (1 = at once, less if the change is spread out), below where links begin if need be: people who knew
// each other have moved. A merger by itself raises nothing.
func MergerShock(phi, loss, speed float64) float64 {
	return float64(phi * (1 - clip(float64(loss*speed), 0, 1)))
}

// BreakProb returns the probability that a virtual link breaks within years (> 0), from the yearly one,
// which a partner in deficit multiplies by worse.
func BreakProb(yearly float64, deficit bool, worse, years float64) float64 {
	if deficit {
		yearly = float64(yearly * worse)
	}
	return 1 - chance.Exp(float64(years*chance.Log(1-clip(yearly, 0, 1))))
}

// RunningCost returns what keeping integration up costs at the given number of handoffs: the cost
// of a handoff at phi = 1 (GBP) times phi times handoffs.
func RunningCost(cost, phi float64, handoffs int64) Pence {
	return GBP(float64(cost * phi * float64(handoffs)))
}

// GovernanceCost returns a week of the governance of heads people in an integrated organisation
// (real) or network (virtual).
func GovernanceCost(c configs.Integration, real bool, heads int64) Pence {
	yearly := c.GovernanceVirtual
	if real {
		yearly = c.GovernanceReal
	}
	return GBP(float64(yearly*float64(heads)) / weeksPerYear)
}
