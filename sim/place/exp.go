package place

import "math"

// exp returns e to the power x with the same bits on every processor: math.Exp has a form of its
// own on some, and compilers may fuse a product and a sum unless the product is converted. The
// method is Cody and Waite's reduction to |r| <= ln(2)/2 and a Taylor sum to r^13, whose relative
// error is below 1e-15. Below -700 it returns 0; x may not be NaN or above 700.
func exp(x float64) float64 {
	if x < -700 {
		return 0
	}
	const ( // ln 2 in two parts, the first with trailing zeros, so that k*high is exact
		high = 6.93147180369123816490e-01
		low  = 1.90821492927058770002e-10
	)
	k := math.Floor(float64(x*(1/math.Ln2)) + 0.5)
	r := (x - float64(k*high)) - float64(k*low)
	sum := inverseFactorial[len(inverseFactorial)-1]
	for n := len(inverseFactorial) - 2; n >= 0; n-- {
		sum = inverseFactorial[n] + float64(r*sum)
	}
	return math.Ldexp(sum, int(k))
}

// inverseFactorial holds 1/n! for n from 0 to 13.
var inverseFactorial = [...]float64{
	1, 1, 1. / 2, 1. / 6, 1. / 24, 1. / 120, 1. / 720, 1. / 5040, 1. / 40320, 1. / 362880,
	1. / 3628800, 1. / 39916800, 1. / 479001600, 1. / 6227020800,
}
