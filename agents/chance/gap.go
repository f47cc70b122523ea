package chance

import "math"

// Never is the gap that stands for no event at all, in weeks.
const Never = math.MaxInt32

// Geometric turns a uniform u from (0, 1) into the number of weeks until the next
// candidate event, counted from 1, so that P(gap > k) = qᵏ, where q is the
// probability that a week passes without one and
//
//	invLogQ = 1 / log q, ≤ 0.
//
// With a weekly rate λ, q = exp(−λ) and invLogQ = −1/λ. For λ = 0 (−Inf), and for
// all else that goes beyond Never or is not a number, the gap is Never.
func Geometric(u float64, invLogQ float64) int {
	weeks := math.Floor(float64(Log(u) * invLogQ))
	if weeks >= 0 && weeks < Never-1 {
		return 1 + int(weeks)
	}
	return Never
}
