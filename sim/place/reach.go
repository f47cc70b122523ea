package place

import (
	"math"
	"slices"
)

// reacher finds the hospital sites within 60 minutes of an area. Its buffer makes it fit for one
// goroutine only.
type reacher struct {
	sites  []Hospital
	travel *travel
	found  []neighbour
	flow   []float64
}

func newReacher(sites []Hospital, t *travel) *reacher { return &reacher{sites: sites, travel: t} }

// within returns the sites within 60 minutes of an area, or where there are none the nearest, in
// order of site. The next call overwrites them.
func (r *reacher) within(a *Area) []neighbour {
	limit := r.travel.limit[a.origin()]
	limit *= limit
	r.found = r.found[:0]
	nearest := none
	for i := range r.sites {
		n := neighbour{i, metres2(a.Easting, a.Northing, r.sites[i].Easting, r.sites[i].Northing)}
		if n.m2 <= limit {
			r.found = append(r.found, n)
		}
		if n.m2 < nearest.m2 {
			nearest = n
		}
	}
	if len(r.found) == 0 && nearest != none {
		r.found = append(r.found, nearest)
	}
	return r.found
}

// general returns the general hospital nearest to an area.
func (r *reacher) general(a *Area) int {
	nearest := none
	for i := range r.sites {
		if h := &r.sites[i]; h.General() {
			if m2 := metres2(a.Easting, a.Northing, h.Easting, h.Northing); m2 < nearest.m2 {
				nearest = neighbour{i, m2}
			}
		}
	}
	return nearest.index
}

// none is no neighbour, further than any.
var none = neighbour{-1, math.MaxInt64}

// spread adds an area's residents to the flow of each site, in proportion to
// beds x exp(-.09 minutes): a logit in which each bed is one option.
func (r *reacher) spread(a *Area, within []neighbour, flow []float64) {
	origin := a.origin()
	r.flow = r.flow[:0]
	sum := 0.0
	for _, n := range within {
		f := float64(r.sites[n.index].Beds) * exp(float64(-flowSlope*r.travel.minutes(origin, kilometres(n.m2))))
		r.flow = append(r.flow, f)
		sum += float64(f)
	}
	if sum == 0 {
		return
	}
	for i, n := range within {
		flow[n.index] += float64(float64(a.Residents) * (r.flow[i] / sum))
	}
}

// furthest returns the largest distance within 60 minutes, in m.
func (r *reacher) furthest() float64 {
	var m int64
	for _, limit := range r.travel.limit {
		m = max(m, limit)
	}
	return float64(m)
}

// slabSize is how many short lists' elements are asked for at a time.
const slabSize = 1 << 12

// reach fills NearPractices and Reach. Reach has the nearest sites within 60 minutes, of which in
// crowded places the 8 nearest that offer every line have a seat kept for them, so that a hospital for
// eyes does not shut out a general one. Sites that offer no line are left out, for nobody can be
// referred there; the nearest site and the nearest general hospital are in whatever their distance.
func (p *Place) reach(t *travel) {
	practices := newNearest(len(p.Practices), func(i int) (float64, float64) { return p.Practices[i].Easting, p.Practices[i].Northing })
	var found, full, other []neighbour
	var slab []Near
	// list turns what found holds into a list of its own.
	list := func(a *Area, found []neighbour) []Near {
		origin := a.origin()
		if cap(slab)-len(slab) < len(found) { // a new piece: one that grew would keep each of its old ones alive
			slab = make([]Near, 0, max(len(found), slabSize))
		}
		start := len(slab)
		for _, n := range found {
			km := kilometres(n.m2)
			slab = append(slab, Near{uint16(n.index), float32(t.minutes(origin, km)), float32(km)})
		}
		return slab[start:len(slab):len(slab)]
	}
	p.NearPractices = make([][]Near, len(p.Areas))
	p.Reach = make([][]Near, len(p.Areas))
	for i := range p.Areas {
		a := &p.Areas[i]
		found = practices.find(a.Easting, a.Northing, nearPractices, found)
		p.NearPractices[i] = list(a, found)
	}
	for i := range p.Areas {
		a := &p.Areas[i]
		limit := t.limit[a.origin()]
		limit *= limit
		full, other = full[:0], other[:0]
		nearest, general := none, none
		for j := range p.Hospitals {
			h := &p.Hospitals[j]
			if h.Lines == 0 {
				continue
			}
			n := neighbour{j, metres2(a.Easting, a.Northing, h.Easting, h.Northing)}
			if n.m2 < nearest.m2 {
				nearest = n
			}
			if n.m2 < general.m2 && h.General() {
				general = n
			}
			switch {
			case n.m2 > limit:
			case h.Lines == allLines:
				full = insert(full, n, nearSites)
			default:
				other = insert(other, n, nearSites)
			}
		}
		others := min(len(other), nearSites-min(len(full), fullSites))
		found = append(found[:0], full[:min(len(full), nearSites-others)]...)
		for _, n := range other[:others] {
			found = insert(found, n, nearSites)
		}
		for _, must := range []neighbour{general, nearest} {
			if must == none || slices.Contains(found, must) {
				continue
			}
			if len(found) == nearSites {
				found = found[:nearSites-1]
			}
			found = insert(found, must, nearSites)
		}
		p.Reach[i] = list(a, found)
	}
}
