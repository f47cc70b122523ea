package market

import "coexist/configs"

// Merger is what a merger would do to concentration.
type Merger struct {
	After float64 // HHI after it
	Rise  float64 // by how much HHI rises: 2 s_i s_j
}

// Assess returns what merging i and j does in a market with these shares. It panics if i = j.
func Assess(shares []float64, i, j int) Merger {
	if i == j {
		panic("market: an organisation merged with itself")
	}
	rise := float64(2 * shares[i] * shares[j])
	return Merger{After: hhi(shares) + rise, Rise: rise}
}

// Allowed returns whether the concentration rule lets the merger pass: it is barred only if HHI ends
// above the limit and rises by more than the permitted rise.
func (m Merger) Allowed(c configs.Market) bool {
	return m.After <= c.MergerHHI || m.Rise <= c.MergerRise
}
