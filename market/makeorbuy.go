package market

import (
	"math"

	"coexist/configs"
)

// Line is one service line as an organisation sees it when it decides to provide it or to buy it.
// Money is in GBP a case.
type Line struct {
	Volume      float64 // forecast of its own cases a year
	BuyPrice    float64 // price at which it can buy
	Hospital    float64 // unit cost of a hospital at large scale
	Handoffs    float64 // handoffs a case
	FailBuy     float64 // probability that one fails when the line is bought, from its own records
	FailMake    float64 // the same when it provides the line
	FailureCost float64 // what a failure costs the organisation itself
	Margin      float64 // what its partners draw from a case that it provides
}

// makeCost returns the unit cost of own provision at volume cases a year,
//
//	c (1 + V0/V),  V0 = (ratio - 1) small volume,
//
// so that at the small volume it is ratio times as dear as at large scale. It is without limit at
// volume 0.
func makeCost(c configs.MakeOrBuy, hospital, volume float64) float64 {
	v0 := float64((c.SmallRatio - 1) * c.SmallVolume)
	return float64(c.UnitCost * hospital * (1 + v0/volume))
}

// SetUpCost returns what opening the line costs before the first patient: the set-up weeks of its
// running, GBP.
func (l Line) SetUpCost(c configs.MakeOrBuy) float64 {
	return float64(c.SetUpWeeks / weeksPerYear * l.Volume * makeCost(c, l.Hospital, l.Volume))
}

// MakeValue returns what providing the line rather than buying it is worth to those who decide, GBP:
//
//	Σ_{y=1..horizon} d^y V [p_buy - c_make + h (f_buy - f_make) C_f + ps margin] - set-up.
//
// The last term is the conflict of interest: partners count their share ps of what they draw from a
// case, though it is a transfer within the organisation, so that they may provide what is dearer. A
// rule may forbid it.
func (l Line) MakeValue(c configs.MakeOrBuy) float64 {
	if l.Volume <= 0 {
		return 0
	}
	gain := l.BuyPrice - makeCost(c, l.Hospital, l.Volume) +
		float64(l.Handoffs*(l.FailBuy-l.FailMake)*l.FailureCost)
	if !c.Forbidden {
		gain += float64(c.PartnerShare * l.Margin)
	}
	return float64(l.Volume*gain*annuity(c.Discount, c.Horizon)) - l.SetUpCost(c)
}

// Makes returns whether the organisation provides the line: whether MakeValue is positive.
func (l Line) Makes(c configs.MakeOrBuy) bool {
	return l.MakeValue(c) > 0
}

// Freed returns what a payer has to spend again after avoiding care at avoided: that sum less the
// fixed cost that stays with the provider and is paid anyway, times the share kept; never negative.
func Freed(avoided, stays Pence, share float64) Pence {
	return max(avoided-stays, 0).Times(share)
}

// annuity returns Σ d^y for y = 1 to years (>= 0), counting a last part of a year in part.
func annuity(d, years float64) float64 {
	sum, weight, whole := 0.0, d, math.Floor(years)
	for range int(whole) {
		sum += weight
		weight = float64(weight * d)
	}
	return sum + float64(weight*(years-whole))
}
