package sim

import (
	"coexist/agents"
	"coexist/market"
)

// rivalries tables how far each pair of providers draws on the same people: the sum over practices of the
// lesser of the shares of their referrals of last year that came from there. Providers under one
// controller are no rivals, nor are groups of different lines. Row by row.
func (m *Model) rivalries() []float64 {
	n := m.links.providers
	total := make([]float64, n)
	for at, referrals := range m.links.last {
		total[at%n] += float64(referrals)
	}
	overlap := make([]float64, n*n)
	var used []int // providers of a practice
	for i := range m.practices {
		used = used[:0]
		row := m.links.last[i*n : (i+1)*n]
		for k, referrals := range row {
			if referrals > 0 {
				used = append(used, k)
			}
		}
		for x, a := range used {
			for _, b := range used[:x] {
				if !m.rivalProviders(a, b) {
					continue
				}
				both := min(float64(row[a])/total[a], float64(row[b])/total[b])
				overlap[a*n+b] += both
				overlap[b*n+a] += both
			}
		}
	}
	return overlap
}

// rivalProviders reports whether two providers can be rivals for patients.
func (m *Model) rivalProviders(a, b int) bool {
	p, q := &m.providers[a], &m.providers[b]
	return m.controller(uint16(a)) != m.controller(uint16(b)) && (p.Kind != agents.Group || q.Kind != agents.Group || p.Line == q.Line)
}

// rivalsQuality is the published quality of a learner's rivals, weighted by how far they draw on the same
// people as it does; where nobody knows that yet, by demand.
func (m *Model) rivalsQuality(i int, rivalries []float64) float64 {
	from, to, overlap := 0, int(m.taught), []float64(nil)
	if i >= int(m.taught) {
		from, to = int(m.taught), len(m.learners)
		if n := to - from; len(m.rivals) == n*n {
			overlap = m.rivals[(i-from)*n : (i-from+1)*n]
		}
	} else if n := m.links.providers; n == to {
		overlap = rivalries[i*n : (i+1)*n]
	}
	quality, weight, demand := make([]float64, to-from), make([]float64, to-from), make([]float64, to-from)
	known, others := 0.0, 0.0
	for k := from; k < to; k++ {
		o := m.learner(k)
		quality[k-from] = o.Quality
		if k == i || !o.Open || o.Demand <= 0 {
			continue
		}
		demand[k-from] = o.Demand
		others += o.Demand
		if overlap != nil {
			weight[k-from] = overlap[k-from]
			known += overlap[k-from]
		}
	}
	switch {
	case known > 0:
		return market.RivalsQuality(i-from, quality, weight)
	case others > 0:
		return market.RivalsQuality(i-from, quality, demand)
	}
	return 0
}
