package market

// hhi returns Σ s², the Herfindahl–Hirschman index of shares that sum to 1: 1/n for n equal ones, 1
// for a monopoly, 0 if nobody has any.
func hhi(shares []float64) float64 {
	sum := 0.0
	for _, s := range shares {
		sum += float64(s * s)
	}
	return sum
}

// Overlap returns how far two parties draw on the same people, Σ min(a/Σa, b/Σb) over small areas
// (or whatever a and b count by): 1 if they draw on them alike, 0 if nowhere on the same or if one
// has none.
func Overlap(a, b []int64) float64 {
	if len(a) != len(b) {
		panic("market: parties counted over different areas")
	}
	var sumA, sumB int64
	for i := range a {
		sumA += a[i]
		sumB += b[i]
	}
	if sumA == 0 || sumB == 0 {
		return 0
	}
	overlap := 0.0
	for i := range a {
		overlap += min(float64(a[i])/float64(sumA), float64(b[i])/float64(sumB))
	}
	return min(overlap, 1)
}

// RivalsQuality returns the mean of quality over the rivals of organisation i, weighted by their
// overlap with it; where none overlaps, own quality.
func RivalsQuality(i int, quality, overlap []float64) float64 {
	sum, weight := 0.0, 0.0
	for j, q := range quality {
		if j != i {
			sum += float64(overlap[j] * q)
			weight += overlap[j]
		}
	}
	if weight == 0 {
		return quality[i]
	}
	return sum / weight
}
