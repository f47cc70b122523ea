package market

import "coexist/configs"

// Solvency is what a payer does in view of its forecast. A payer within budget has ratio up to 1,
// extra slots, a factor of 1 and no rise.
type Solvency struct {
	Ratio         float64 // forecast spending of the year over budget
	ExtraSlots    bool    // whether it still pays for slots above the usual
	SlotsFactor   float64 // elective slots it pays for, against the usual
	ThresholdRise float64 // added to the referral threshold tau, SD of the signal
}

// AssessSolvency returns what a payer does: over budget it funds no extra slots, scales elective slots by 1/ratio, not
// below the floor, and raises the threshold by ratio - 1. A capitated organisation uses its
// reserves first: they count as budget; a commissioner has none. A budget of 0 or less is over by
// any spending, with the slots at their floor.
func AssessSolvency(c configs.Payment, forecast, budget, reserves Pence) Solvency {
	means := budget + max(reserves, 0)
	if forecast <= means {
		ratio := 0.0
		if means > 0 {
			ratio = float64(forecast) / float64(means)
		}
		return Solvency{Ratio: ratio, ExtraSlots: true, SlotsFactor: 1}
	}
	ratio := 1 / c.SlotsFloor
	if means > 0 {
		ratio = float64(forecast) / float64(means)
	}
	return Solvency{Ratio: ratio, SlotsFactor: max(1/ratio, c.SlotsFloor), ThresholdRise: ratio - 1}
}

// Carry splits the deficit of a year-end: what is carried into the next, up to the cap as a share of
// budget, and what must be bailed out and shown. A surplus (deficit <= 0) is carried whole.
func Carry(c configs.Payment, deficit, budget Pence) (carried, bailOut Pence) {
	carried = min(deficit, max(budget, 0).Times(c.DeficitCap))
	return carried, deficit - carried
}
