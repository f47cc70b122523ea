package agents

import "slices"

// COC returns the Bice–Boxerman continuity-of-care index of one patient,
//
//	COC = (Σ n² − N) / (N (N−1)),  N = Σ n,
//
// where n = visits[i] counts visits to provider i, one entry per provider. It has no unit and lies
// in [0, 1]: 0 when no provider is seen twice, 1 when only one is seen. For N < 2 it is undefined
// and ok is false. It panics on a negative count. Merging providers never lowers it.
//
// Source: Bice and Boxerman, Medical Care 15(4):347–349, 1977.
func COC(visits []int) (coc float64, ok bool) {
	total, squares, _ := tally(visits)
	if total < 2 {
		return 0, false
	}
	return float64(squares-total) / float64(total*(total-1)), true
}

// UPC returns the usual-provider index, the share of a patient's visits that went to the provider
// seen most, in (0, 1]. Visits are as in COC. Without a visit it is undefined and ok is false. It
// panics on a negative count. Merging providers never lowers it.
//
// Source: Breslau and Reeb, Journal of Medical Education 50(10):965–969, 1975.
func UPC(visits []int) (upc float64, ok bool) {
	total, _, _ := tally(visits)
	if total == 0 {
		return 0, false
	}
	return float64(slices.Max(visits)) / float64(total), true
}

// SECON returns the sequential continuity index, the share of pairs of consecutive visits that were
// to the same provider, in [0, 1]. The providers come in the order of visits. For fewer than two it
// is undefined and ok is false.
//
// Source: Steinwachs, Medical Care 17(6):551–565, 1979.
func SECON[P comparable](providers []P) (secon float64, ok bool) {
	if len(providers) < 2 {
		return 0, false
	}
	same := 0
	for i, p := range providers[1:] {
		if p == providers[i] {
			same++
		}
	}
	return float64(same) / float64(len(providers)-1), true
}

// MMCI returns the modified modified continuity index,
//
//	MMCI = (1 − M/(N + 0.1)) / (1 − 1/(N + 0.1)),
//
// of N visits to M different providers, in (0, 1]: 1 when only one is seen. Visits are as in COC.
// Without a visit it is undefined and ok is false. It panics on a negative count.
//
// Source: Magill and Senf, Journal of Family Practice 24(2):165–168, 1987.
func MMCI(visits []int) (mmci float64, ok bool) {
	total, _, providers := tally(visits)
	if total == 0 {
		return 0, false
	}
	n := float64(total) + 0.1
	return (1 - float64(providers)/n) / (1 - 1/n), true
}

// Tally counts visits by provider into visits, which it clears first, and returns it; providers
// are indices of visits, in the order of visits.
func Tally[P ~uint8 | ~uint16 | ~int32 | ~int](providers []P, visits []int) []int {
	clear(visits)
	for _, p := range providers {
		visits[p]++
	}
	return visits
}

// tally returns the sum of the visits, of their squares, and how many providers were seen.
func tally(visits []int) (total, squares, providers int) {
	for _, n := range visits {
		if n < 0 {
			panic("agents: negative number of visits")
		}
		total += n
		squares += n * n
		if n > 0 {
			providers++
		}
	}
	return total, squares, providers
}
