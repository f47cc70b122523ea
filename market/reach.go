package market

import (
	"cmp"
	"slices"
)

// Reach returns the options that a person can consider: of those open, the nearest most within limit
// minutes, and the nearest one always. They come nearest first, ties to the lower index, in the
// space of out. Minutes has the travel time to every site, open whether it offers the line.
func Reach(minutes []float64, open []bool, limit float64, most int, out []int32) []int32 {
	out = out[:0]
	for i := range minutes {
		if open[i] {
			out = append(out, int32(i))
		}
	}
	slices.SortStableFunc(out, func(a, b int32) int { return cmp.Compare(minutes[a], minutes[b]) })
	for i, site := range out {
		if i > 0 && (i >= most || minutes[site] > limit) {
			return out[:i]
		}
	}
	return out
}
