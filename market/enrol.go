package market

import "coexist/agents/chance"

// Reconsider returns what a person chooses who is attentive: the option of the highest value plus
// shock, where leaving current costs cost in utility; -1 if there is none. A current of -1 costs
// nothing. Whoever is not attentive stays (Attention).
func Reconsider(v, shock []float64, current int, cost float64) int {
	if len(v) != len(shock) {
		panic("market: values and shocks differ in length")
	}
	best, top := -1, 0.0
	for i, x := range v {
		u := x + shock[i]
		if current >= 0 && i != current {
			u -= cost
		}
		if u-u == 0 && (best < 0 || u > top) { // finite
			best, top = i, u
		}
	}
	return best
}

// Switching returns the share of people who change in a year, when the share attention reconsider,
// drawing fresh shocks, the options hold the shares s of the market, which are also their logit
// probabilities, and changing costs cost in utility:
//
//	attention Σ s_i (1 - s_i/(s_i + (1 - s_i) exp(-cost))).
//
// Without cost this is attention (1 - Σ s²).
func Switching(attention float64, s []float64, cost float64) float64 {
	keep, left := chance.Exp(-cost), 0.0
	for _, x := range s {
		if x > 0 {
			left += float64(x * (1 - x/(x+float64((1-x)*keep))))
		}
	}
	return float64(attention * left)
}

// Binding says how far enrolment binds a person at referral (configs.Regime).
type Binding uint8

// The bindings.
const (
	BindingFree    Binding = iota // any provider
	BindingNetwork                // providers of the system and those that it contracts with
)

// ParseBinding returns the binding of this name: free or network.
func ParseBinding(name string) (Binding, error) {
	i, err := indexOf([]string{"free", "network"}, name, "binding")
	return Binding(i), err
}

// LockIn writes into allowed which options the enrolled of system may use and returns how many.
// Owner has the controlling system of each option, -1 if none; contracted says which others the
// system buys from and may be nil. A person without a system (-1) is free. If the network has
// nothing in reach every option is allowed: the carrier of last resort.
func LockIn(b Binding, system int32, owner []int32, contracted, allowed []bool) int {
	count := 0
	for i := range owner {
		allowed[i] = b == BindingFree || system < 0 || owner[i] == system || (contracted != nil && contracted[i])
		if allowed[i] {
			count++
		}
	}
	if count > 0 {
		return count
	}
	for i := range owner {
		allowed[i] = true
	}
	return len(owner)
}
