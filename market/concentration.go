package market

// Shares writes each count's share of the sum into out and returns the sum. Without any count the
// shares are 0. It panics if the lengths differ or a count is negative.
func Shares(counts []int64, out []float64) int64 {
	if len(counts) != len(out) {
		panic("market: counts and shares differ in length")
	}
	var sum int64
	for _, n := range counts {
		if n < 0 {
			panic("market: negative count")
		}
		sum += n
	}
	clear(out)
	if sum == 0 {
		return 0
	}
	for i, n := range counts {
		out[i] = float64(n) / float64(sum)
	}
	return sum
}

// HHI returns Σ s², the Herfindahl–Hirschman index of shares that sum to 1: 1/n for n equal ones, 1
// for a monopoly, 0 if nobody has any.
func HHI(shares []float64) float64 {
	sum := 0.0
	for _, s := range shares {
		sum += float64(s * s)
	}
	return sum
}

// ByOwner adds counts of sites into owners, the organisations that control them, and returns owners.
// Owner[i] is an index of owners; a site with a negative one is its own and is left out.
func ByOwner(counts []int64, owner []int32, owners []int64) []int64 {
	clear(owners)
	for i, n := range counts {
		if owner[i] >= 0 {
			owners[owner[i]] += n
		}
	}
	return owners
}

// ProviderHHI returns the concentration that each provider faces, the HHI of its areas weighted by
// how many of its patients come from each, and the mean over areas weighted by patients. Flow has a
// row an area and an entry a provider. A provider without patients has 0.
func ProviderHHI(flow [][]int64) (providers []float64, mean float64) {
	if len(flow) == 0 {
		return nil, 0
	}
	n := len(flow[0])
	providers, shares := make([]float64, n), make([]float64, n)
	patients := make([]int64, n)
	var all int64
	for _, row := range flow {
		sum := Shares(row, shares)
		hhi := HHI(shares)
		all += sum
		mean += float64(hhi * float64(sum))
		for j, count := range row {
			providers[j] += float64(hhi * float64(count))
			patients[j] += count
		}
	}
	if all > 0 {
		mean /= float64(all)
	}
	for j, count := range patients {
		if count > 0 {
			providers[j] /= float64(count)
		}
	}
	return providers, mean
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
