package place

import (
	"slices"
	"sort"
)

// nearest finds the points closest to a place, in exact integers: distances in whole metres,
// squared, and ties by index.
type nearest struct {
	east []eastern // from west to east
}

type eastern struct {
	x, y  int64
	index int
}

// neighbour is a point found.
type neighbour struct {
	index int
	m2    int64 // squared distance in m²
}

// before orders neighbours by distance, then index.
func (a neighbour) before(b neighbour) bool {
	return a.m2 < b.m2 || a.m2 == b.m2 && a.index < b.index
}

// newNearest prepares n points, of which at gives easting and northing in m.
func newNearest(n int, at func(i int) (easting, northing float64)) *nearest {
	s := &nearest{east: make([]eastern, n)}
	for i := range s.east {
		x, y := at(i)
		s.east[i] = eastern{int64(x), int64(y), i}
	}
	slices.SortFunc(s.east, func(a, b eastern) int {
		if a.x != b.x {
			return int(a.x - b.x)
		}
		return a.index - b.index
	})
	return s
}

// find appends to found, which it empties first, the want nearest points, nearest first; fewer
// where there are not as many. It walks west and east from the easting and stops where the
// difference in easting alone is further than the last point found.
func (s *nearest) find(easting, northing float64, want int, found []neighbour) []neighbour {
	found = found[:0]
	x, y := int64(easting), int64(northing)
	right := sort.Search(len(s.east), func(i int) bool { return s.east[i].x >= x })
	left := right - 1
	for left >= 0 || right < len(s.east) {
		var p *eastern
		if right == len(s.east) || left >= 0 && x-s.east[left].x <= s.east[right].x-x {
			p = &s.east[left]
			left--
		} else {
			p = &s.east[right]
			right++
		}
		dx, dy := p.x-x, p.y-y
		if len(found) == want && dx*dx > found[want-1].m2 {
			break
		}
		found = insert(found, neighbour{p.index, dx*dx + dy*dy}, want)
	}
	return found
}

// insert puts n where it belongs in an ordered list that keeps at most the first want.
func insert(found []neighbour, n neighbour, want int) []neighbour {
	if len(found) == want {
		if want == 0 || !n.before(found[want-1]) {
			return found
		}
		found = found[:want-1]
	}
	i := len(found)
	found = append(found, n)
	for i > 0 && n.before(found[i-1]) {
		found[i] = found[i-1]
		i--
	}
	found[i] = n
	return found
}
