package market

import (
	"errors"
	"math"
)

// ErrNoPremium says that no premium is best: one plan has everyone, whatever it asks.
var ErrNoPremium = errors.New("no premium is best for a plan without rivals")

// Premium returns the best premium of a plan, one price for all that it enrols, on top of the
// risk-adjusted subsidy:
//
//	r = c + 1/(b_p (1 - s)),
//
// with c its cost of a person above the subsidy (GBP a year, may be negative), bp the disutility of a
// GBP and s its share. It is +Inf at s = 1.
func Premium(c, bp, s float64) float64 {
	if s >= 1 {
		return math.Inf(1)
	}
	return c + 1/float64(bp*(1-s))
}

// SymmetricPremium returns the premium of n equal plans, c + n/(b_p (n - 1)).
func SymmetricPremium(c, bp float64, n int) float64 {
	return Premium(c, bp, 1/float64(n))
}

// Premiums returns the premium of each plan where all are best replies to each other: c are the
// costs, v the values without premiums, outside the value of enrolling in none (-Inf if everyone
// must enrol). It returns ErrNoPremium if a plan has no rival and there is no outside.
func Premiums(c, v []float64, outside, bp float64) ([]float64, error) {
	plans := len(c)
	if plans == 1 && math.IsInf(outside, -1) {
		return nil, ErrNoPremium
	}
	r := make([]float64, plans)
	for i := range r {
		r[i] = c[i] + 1/bp
	}
	value, share := make([]float64, plans+1), make([]float64, plans+1)
	value[plans] = outside
	for range 1000 {
		for i := range r {
			value[i] = v[i] - float64(bp*r[i])
		}
		Probabilities(value, share)
		moved := 0.0
		for i := range r {
			step := Premium(c[i], bp, min(share[i], 1-1e-9)) - r[i]
			r[i] += float64(0.3 * step)
			moved = max(moved, math.Abs(step))
		}
		if moved < 1e-9 {
			break
		}
	}
	return r, nil
}
