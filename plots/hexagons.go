package plots

import (
	"math"
	"slices"
)

// A map of areas is drawn on a honeycomb: small areas of a town would vanish at the size of a
// column, and the borders of areas are not in the data. Coordinates are metres, east and north.

// xy is a point in metres.
type xy [2]float64

// comb is a honeycomb of pointed hexagons; cell (i, j) is the i-th of row j.
type comb struct {
	origin xy
	pitch  float64 // between the centres of neighbours in a row
}

type cellID [2]int

func (h comb) rowHeight() float64 { return h.pitch * math.Sqrt(3) / 2 }

// centre is the centre of a cell; odd rows stand half a cell to the right.
func (h comb) centre(c cellID) xy {
	shift := 0.0
	if c[1]&1 == 1 {
		shift = 0.5
	}
	return xy{h.origin[0] + (float64(c[0])+shift)*h.pitch, h.origin[1] + float64(c[1])*h.rowHeight()}
}

// corner is the k-th of six corners, counterclockwise from the lower right one.
func (h comb) corner(c cellID, k int) xy {
	m := h.centre(c)
	a := math.Pi/3*float64(k) - math.Pi/6
	r := h.pitch / math.Sqrt(3)
	return xy{m[0] + r*math.Cos(a), m[1] + r*math.Sin(a)}
}

func (h comb) corners(c cellID) []xy {
	all := make([]xy, 6)
	for k := range all {
		all[k] = h.corner(c, k)
	}
	return all
}

// at is the cell that holds a point.
func (h comb) at(p xy) cellID {
	row := int(math.Round((p[1] - h.origin[1]) / h.rowHeight()))
	best, far := cellID{}, math.Inf(1)
	for j := row - 1; j <= row+1; j++ {
		shift := 0.0
		if j&1 == 1 {
			shift = 0.5
		}
		i := int(math.Round((p[0]-h.origin[0])/h.pitch - shift))
		c := h.centre(cellID{i, j})
		if d := math.Hypot(c[0]-p[0], c[1]-p[1]); d < far {
			best, far = cellID{i, j}, d
		}
	}
	return best
}

// inside reports whether the point lies within the rings (even-odd).
func inside(rings [][]xy, p xy) bool {
	in := false
	for _, ring := range rings {
		for i, a := range ring {
			b := ring[(i+1)%len(ring)]
			if (a[1] > p[1]) != (b[1] > p[1]) && p[0] < a[0]+(p[1]-a[1])/(b[1]-a[1])*(b[0]-a[0]) {
				in = !in
			}
		}
	}
	return in
}

// clipped is the part of a ring within a box, by the method of Sutherland and Hodgman: one side after the
// other. Where the ring leaves the box and comes back it runs along the edge.
func clipped(ring []xy, low, high xy) []xy {
	for side := range 4 {
		k, bound, sign := side%2, low, 1.0
		if side > 1 {
			bound, sign = high, -1
		}
		within := func(p xy) bool { return sign*(p[k]-bound[k]) >= 0 }
		var kept []xy
		for i, p := range ring {
			before := ring[(i+len(ring)-1)%len(ring)]
			if within(p) != within(before) {
				t := (bound[k] - before[k]) / (p[k] - before[k])
				at := xy{before[0] + t*(p[0]-before[0]), before[1] + t*(p[1]-before[1])}
				at[k] = bound[k]
				kept = append(kept, at)
			}
			if within(p) {
				kept = append(kept, p)
			}
		}
		ring = kept
	}
	return ring
}

// clockwise reports the sense of a ring.
func clockwise(ring []xy) bool {
	twice := 0.0
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		twice += p[0]*q[1] - q[0]*p[1]
	}
	return twice < 0
}

// merge joins cells into the outlines of the regions that they form, which keeps files small and
// leaves no seams: an edge between two of them is in both directions and falls away.
func (h comb) merge(cells []cellID) [][]xy {
	type grid [2]int64 // corners on a grid of 1/1000 cell, so that neighbours agree
	on := func(p xy) grid {
		return grid{int64(math.Round((p[0] - h.origin[0]) / h.pitch * 1000)), int64(math.Round((p[1] - h.origin[1]) / h.pitch * 1000))}
	}
	type edge struct{ from, to grid }
	points := map[grid]xy{}
	edges := map[edge]bool{}
	var order []edge
	for _, c := range cells {
		for k := range 6 {
			p, q := h.corner(c, k), h.corner(c, (k+1)%6)
			e := edge{on(p), on(q)}
			points[e.from], points[e.to] = p, q
			if back := (edge{e.to, e.from}); edges[back] {
				delete(edges, back)
			} else {
				edges[e] = true
				order = append(order, e)
			}
		}
	}
	next := map[grid]grid{} // three edges meet in a corner, so at most one leaves it
	for e := range edges {
		next[e.from] = e.to
	}
	var rings [][]xy
	for _, e := range order {
		if _, left := next[e.from]; !edges[e] || !left {
			continue
		}
		var ring []xy
		for at := e.from; ; {
			to, ok := next[at]
			if !ok {
				break
			}
			delete(next, at)
			ring = append(ring, points[at])
			at = to
		}
		rings = append(rings, ring)
	}
	return rings
}

// cover returns the cells that touch the inside of the rings.
func (h comb) cover(rings [][]xy, low, high xy) (cells []cellID) {
	first, last := h.at(low), h.at(high)
	for j := first[1] - 1; j <= last[1]+1; j++ {
		for i := first[0] - 1; i <= last[0]+1; i++ {
			c := cellID{i, j}
			within := func(p xy) bool { return inside(rings, p) }
			if within(h.centre(c)) || slices.ContainsFunc(h.corners(c), within) {
				cells = append(cells, c)
			}
		}
	}
	return cells
}

// bounds is the box around points.
func bounds(rings [][]xy) (low, high xy) {
	low, high = xy{math.Inf(1), math.Inf(1)}, xy{math.Inf(-1), math.Inf(-1)}
	for _, p := range slices.Concat(rings...) {
		for k := range 2 {
			low[k], high[k] = math.Min(low[k], p[k]), math.Max(high[k], p[k])
		}
	}
	return low, high
}
