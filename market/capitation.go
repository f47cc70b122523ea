package market

import "math"

// Capitation pays for the people covered, each by their risk weight, whatever is done.
type Capitation struct{}

const microHead = 1_000_000

// Pay returns a week of the price of a head times the sum of risk weights.
func (Capitation) Pay(a Activity, t Terms) Pence {
	return Pence(mulDiv(int64(t.Head), a.Risk, microHead*weeksPerYear))
}

// RiskWeight returns the weight w = ac r + (1 - ac) cell of a person whose expected relative cost is
// r, with cell the mean of r among people of the same age and sex. The weights of a whole
// population keep the mean of r whatever the accuracy ac in [0, 1].
func RiskWeight(ac, r, cell float64) float64 {
	return float64(ac*r) + float64((1-ac)*cell)
}

// MicroHeads returns a risk weight as whole millionths of a head, so that sums do not depend on
// their order.
func MicroHeads(w float64) int64 {
	return int64(round(float64(w * microHead)))
}

// StatedAccuracy returns the accuracy ac at which the risk adjustment explains the stated share r2
// of the variance of cost:
//
//	R2(ac) = R2cell + (R2max - R2cell) (1 - (1 - ac)²),
//
// where r2cell is what age and sex alone explain and r2max what the best adjustment does. It is held
// within [0, 1]: 0 when r2 is no more than r2cell, 1 from r2max on, and 1 when they are equal.
func StatedAccuracy(r2, r2cell, r2max float64) float64 {
	if r2max <= r2cell {
		return 1
	}
	return 1 - math.Sqrt(clip(1-(r2-r2cell)/(r2max-r2cell), 0, 1))
}
