package chance

import "math"

// Log returns the natural logarithm of x within 1 unit in the last place: −Inf for
// 0, NaN for x < 0 and NaN, +Inf for +Inf.
//
// With x = 2ᵏ (1 + f), √½ ≤ 1 + f < √2 and s = f/(2 + f),
//
//	log(1 + f) = f − f²/2 + s (f²/2 + R),
//
// where R(s²) is a polynomial of degree 7 with an error under 2⁻⁵⁸.⁴⁵.
//
// Source: e_log.c of FreeBSD msun, whose notice is: Copyright (C) 1993 by Sun
// Microsystems, Inc. All rights reserved. Developed at SunPro, a Sun Microsystems,
// Inc. business. Permission to use, copy, modify, and distribute this software is
// freely granted, provided that this notice is preserved.
func Log(x float64) float64 {
	const (
		ln2Hi = 6.93147180369123816490e-01 // 33 bits, so that k·ln2Hi is exact
		ln2Lo = 1.90821492927058770002e-10
		l1    = 6.666666666666735130e-01
		l2    = 3.999999999940941908e-01
		l3    = 2.857142874366239149e-01
		l4    = 2.222219843214978396e-01
		l5    = 1.818357216161805012e-01
		l6    = 1.531383769920937332e-01
		l7    = 1.479819860511658591e-01

		one      = 0x3ff0000000000000 // bits of 1
		rootHalf = 0x3fe6a09e00000000 // bits of √½, upper half
	)
	u := math.Float64bits(x)
	k := 0.0
	if u-smallestNormal >= infinity-smallestNormal { // 0, < 0, subnormal, Inf, NaN
		switch {
		case x == 0:
			return math.Inf(-1)
		case x < 0 || x != x:
			return math.NaN()
		case u == infinity:
			return x
		}
		u = math.Float64bits(float64(x * 0x1p54))
		k = -54
	}
	u += one - rootHalf
	k += float64(int64(u>>52) - 1023)
	f := math.Float64frombits(u&(1<<52-1)+rootHalf) - 1

	half := float64(0.5 * f * f)
	s := f / (2 + f)
	z := float64(s * s)
	w := float64(z * z)
	even := float64(w * (l2 + float64(w*(l4+float64(w*l6)))))
	odd := float64(z * (l1 + float64(w*(l3+float64(w*(l5+float64(w*l7)))))))
	return float64(s*(half+(odd+even))) + float64(k*ln2Lo) - half + f + float64(k*ln2Hi)
}

const (
	smallestNormal = 1 << 52     // bits of 2⁻¹⁰²²
	infinity       = 0x7ff << 52 // bits of +Inf
)
