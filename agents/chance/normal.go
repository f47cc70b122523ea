package chance

import "math"

// Phi returns the distribution function of the standard normal distribution: the
// probability, from 0 to 1, that a draw is below x. Its error is under 10⁻¹⁵, and
// under 10⁻⁸ of the smaller tail; NaN for NaN.
//
// Source: Hart, Computer Approximations, 1968, in the form of West, Better
// approximations to cumulative normal functions, Wilmott, 2005.
func Phi(x float64) float64 {
	z := math.Abs(x)
	tail := Exp(float64(-0.5 * z * z))
	if z < 7.07106781186547 {
		over := 0.0352624965998911
		over = float64(over*z) + 0.700383064443688
		over = float64(over*z) + 6.37396220353165
		over = float64(over*z) + 33.912866078383
		over = float64(over*z) + 112.079291497871
		over = float64(over*z) + 221.213596169931
		over = float64(over*z) + 220.206867912376
		under := 0.0883883476483184
		under = float64(under*z) + 1.75566716318264
		under = float64(under*z) + 16.064177579207
		under = float64(under*z) + 86.7807322029461
		under = float64(under*z) + 296.564248779674
		under = float64(under*z) + 637.333633378831
		under = float64(under*z) + 793.826512519948
		under = float64(under*z) + 440.413735824752
		tail = float64(tail * over / under)
	} else { // a continued fraction
		tail /= float64((z + 1/(z+2/(z+3/(z+4/(z+0.65))))) * 2.506628274631)
	}
	if x > 0 {
		return 1 - tail
	}
	return tail
}

// InvPhi returns the quantile of the standard normal distribution: the x with
// Phi(x) = p, for p from 0 (−Inf) to 1 (+Inf), with a relative error of about 10⁻¹⁵;
// NaN for any other p.
//
// Source: Wichura, Algorithm AS 241 (PPND16), Applied Statistics 37(3):477–484, 1988.
func InvPhi(p float64) float64 {
	q := p - 0.5
	if math.Abs(q) <= 0.425 {
		r := 0.180625 - float64(q*q)
		over := 2.5090809287301226727e+3
		over = float64(over*r) + 3.3430575583588128105e+4
		over = float64(over*r) + 6.7265770927008700853e+4
		over = float64(over*r) + 4.5921953931549871457e+4
		over = float64(over*r) + 1.3731693765509461125e+4
		over = float64(over*r) + 1.9715909503065514427e+3
		over = float64(over*r) + 1.3314166789178437745e+2
		over = float64(over*r) + 3.3871328727963666080e+0
		under := 5.2264952788528545610e+3
		under = float64(under*r) + 2.8729085735721942674e+4
		under = float64(under*r) + 3.9307895800092710610e+4
		under = float64(under*r) + 2.1213794301586595867e+4
		under = float64(under*r) + 5.3941960214247511077e+3
		under = float64(under*r) + 6.8718700749205790830e+2
		under = float64(under*r) + 4.2313330701600911252e+1
		under = float64(under*r) + 1
		return float64(q * over / under)
	}
	return tailQuantile(p, q)
}

// tailQuantile ends InvPhi for p outside [0.075, 0.925], where q = p − 1/2.
func tailQuantile(p, q float64) float64 {
	r := p // the smaller tail
	if q > 0 {
		r = 1 - p
	}
	var x float64
	switch {
	case r > 0:
		x = tailSize(math.Sqrt(-Log(r)))
	case r == 0:
		x = math.Inf(1)
	default:
		return math.NaN()
	}
	if q < 0 {
		return -x
	}
	return x
}

// tailSize returns the quantile whose upper tail is exp(−r²).
func tailSize(r float64) float64 {
	if r <= 5 {
		r -= 1.6
		over := 7.74545014278341407640e-4
		over = float64(over*r) + 2.27238449892691845833e-2
		over = float64(over*r) + 2.41780725177450611770e-1
		over = float64(over*r) + 1.27045825245236838258e+0
		over = float64(over*r) + 3.64784832476320460504e+0
		over = float64(over*r) + 5.76949722146069140550e+0
		over = float64(over*r) + 4.63033784615654529590e+0
		over = float64(over*r) + 1.42343711074968357734e+0
		under := 1.05075007164441684324e-9
		under = float64(under*r) + 5.47593808499534494600e-4
		under = float64(under*r) + 1.51986665636164571966e-2
		under = float64(under*r) + 1.48103976427480074590e-1
		under = float64(under*r) + 6.89767334985100004550e-1
		under = float64(under*r) + 1.67638483018380384940e+0
		under = float64(under*r) + 2.05319162663775882187e+0
		under = float64(under*r) + 1
		return over / under
	}
	r -= 5
	over := 2.01033439929228813265e-7
	over = float64(over*r) + 2.71155556874348757815e-5
	over = float64(over*r) + 1.24266094738807843860e-3
	over = float64(over*r) + 2.65321895265761230930e-2
	over = float64(over*r) + 2.96560571828504891230e-1
	over = float64(over*r) + 1.78482653991729133580e+0
	over = float64(over*r) + 5.46378491116411436990e+0
	over = float64(over*r) + 6.65790464350110377720e+0
	under := 2.04426310338993978564e-15
	under = float64(under*r) + 1.42151175831644588870e-7
	under = float64(under*r) + 1.84631831751005468180e-5
	under = float64(under*r) + 7.86869131145613259100e-4
	under = float64(under*r) + 1.48753612908506148525e-2
	under = float64(under*r) + 1.36929880922735805310e-1
	under = float64(under*r) + 5.99832206555887937690e-1
	under = float64(under*r) + 1
	return over / under
}
