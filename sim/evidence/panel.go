package evidence

import (
	"cmp"
	"math"
	"slices"
)

// panel is an outcome of areas over time, some of which a programme reaches from a period on: what the
// studies of area programmes had.
type panel struct {
	treated []bool
	people  []float64   // of each area: weights of means over areas
	before  int         // periods before the programme
	y       [][]float64 // outcome by area and period
	traits  [][]float64 // of each area, by which likeness is measured beside the outcome before
}

// in lists the areas that are treated, or those that are not.
func (p *panel) in(treated bool) (list []int) {
	for i, t := range p.treated {
		if t == treated {
			list = append(list, i)
		}
	}
	return list
}

// mean is the outcome of some areas over some periods, weighted with people times weights; nil stands for
// weights of 1.
func (p *panel) mean(areas []int, weights []float64, from, to int) float64 {
	sum, n := 0.0, 0.0
	for k, i := range areas {
		w := p.people[i]
		if weights != nil {
			w = weights[k]
		}
		for t := from; t < to; t++ {
			sum += w * p.y[i][t]
			n += w
		}
	}
	return sum / n
}

// growth is that of some areas from before to the last periods, as many as from says, in per cent.
func (p *panel) growth(areas []int, weights []float64, from int) float64 {
	return 100 * (p.mean(areas, weights, from, len(p.y[0]))/p.mean(areas, weights, 0, p.before) - 1)
}

// difference is the difference in differences: the growth of the treated less that of all others, in
// percentage points. Outcomes from period from on count as after.
func (p *panel) difference(from int) float64 {
	return p.growth(p.in(true), nil, from) - p.growth(p.in(false), nil, from)
}

// likeness is what areas are compared by: the outcome of each period before and the traits, each in standard
// deviations over all areas; the periods together weigh as much as one trait does.
func (p *panel) likeness() [][]float64 {
	rows := make([][]float64, len(p.y))
	for i := range rows {
		rows[i] = append(slices.Clone(p.y[i][:p.before]), p.traits[i]...)
	}
	for k := range rows[0] {
		mean, sd := 0.0, 0.0
		for i := range rows {
			mean += rows[i][k] / float64(len(rows))
		}
		for i := range rows {
			sd += (rows[i][k] - mean) * (rows[i][k] - mean) / float64(len(rows))
		}
		if sd = math.Sqrt(sd); sd == 0 {
			sd = 1
		}
		if k < p.before {
			sd *= math.Sqrt(float64(p.before))
		}
		for i := range rows {
			rows[i][k] = (rows[i][k] - mean) / sd
		}
	}
	return rows
}

// matched is the growth of the treated less that of matched controls, in percentage points: to each treated
// area the others most like it, as many as asked for, each of equal weight; one may serve for several.
func (p *panel) matched(controls, from int) float64 {
	like, others := p.likeness(), p.in(false)
	sum, n := 0.0, 0.0
	for _, i := range p.in(true) {
		far := func(j int) (d float64) {
			for k := range like[i] {
				d += (like[i][k] - like[j][k]) * (like[i][k] - like[j][k])
			}
			return d
		}
		near := slices.Clone(others)
		slices.SortStableFunc(near, func(a, b int) int { return cmp.Compare(far(a), far(b)) })
		near = near[:min(controls, len(near))]
		even := make([]float64, len(near))
		for k := range even {
			even[k] = 1
		}
		sum += p.people[i] * (p.growth([]int{i}, nil, from) - p.growth(near, even, from))
		n += p.people[i]
	}
	return sum / n
}

// synthetic is the growth of the treated, taken together, less that of their synthetic control, in percentage
// points: the mean of the others, with weights of at least 0 that sum to 1, that is most like them before.
//
// Source: Abadie, Diamond and Hainmueller, Journal of the American Statistical Association 105:493-505, 2010.
func (p *panel) synthetic(from int) float64 {
	like, treated, others := p.likeness(), p.in(true), p.in(false)
	target := make([]float64, len(like[0]))
	n := 0.0
	for _, i := range treated {
		for k, v := range like[i] {
			target[k] += p.people[i] * v
		}
		n += p.people[i]
	}
	for k := range target {
		target[k] /= n
	}
	columns := make([][]float64, len(others))
	for k, j := range others {
		columns[k] = like[j]
	}
	return p.growth(treated, nil, from) - p.growth(others, mix(columns, target), from)
}

// mix returns the weights, at least 0 and of sum 1, with which the columns come nearest to a target in least
// squares: accelerated projected gradients, begun anew whenever they overshoot. Where several do, it returns
// the one that is reached from equal weights. It panics on columns of unequal length.
func mix(columns [][]float64, target []float64) []float64 {
	n := len(columns)
	w := make([]float64, n)
	for k, c := range columns {
		if len(c) != len(target) {
			panic("evidence: columns of unequal length")
		}
		w[k] = 1 / float64(n)
	}
	off := func(w []float64) []float64 { // the mix less the target
		r := make([]float64, len(target))
		for i := range r {
			r[i] = -target[i]
			for k, c := range columns {
				r[i] += c[i] * w[k]
			}
		}
		return r
	}
	dot := func(a, b []float64) (sum float64) {
		for i := range a {
			sum += a[i] * b[i]
		}
		return sum
	}
	steep := 1e-12 // bound of the largest eigenvalue
	for _, c := range columns {
		steep += dot(c, c)
	}
	ahead, pace := slices.Clone(w), 1.0
	last := dot(off(w), off(w))
	for range 20_000 {
		r, next := off(ahead), make([]float64, n)
		for k, c := range columns {
			next[k] = ahead[k] - dot(c, r)/steep
		}
		toSimplex(next)
		moved := 0.0
		faster := (1 + math.Sqrt(1+4*pace*pace)) / 2
		for k := range next {
			moved = max(moved, math.Abs(next[k]-w[k]))
			ahead[k] = next[k] + (pace-1)/faster*(next[k]-w[k])
		}
		now := dot(off(next), off(next))
		if pace = faster; now > last {
			pace = 1
			copy(ahead, next)
		}
		w, last = next, now
		if moved < 1e-12 {
			break
		}
	}
	return w
}

// toSimplex moves values to the nearest that are at least 0 and sum to 1.
func toSimplex(v []float64) {
	sorted := slices.Clone(v)
	slices.Sort(sorted)
	sum, shift := 0.0, 0.0
	for k := range sorted {
		x := sorted[len(sorted)-1-k]
		sum += x
		if s := (sum - 1) / float64(k+1); x > s {
			shift = s
		}
	}
	for k := range v {
		v[k] = max(v[k]-shift, 0)
	}
}
