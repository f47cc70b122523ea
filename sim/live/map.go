package live

import (
	"cmp"
	"math"
	"slices"

	"coexist/sim/place"
)

// Map is what does not change in a run: coordinates are metres east and north of the south-western
// corner.
type Map struct {
	Width     int        `json:"width"`
	Height    int        `json:"height"`
	Outline   [][][2]int `json:"outline"`
	Practices []Site     `json:"practices"`
	Hospitals []Site     `json:"hospitals"`
	Towns     []Site     `json:"towns"`
	Synthetic bool       `json:"synthetic"`
}

// Site is a point on the map.
type Site struct {
	Name    string `json:"name"`
	X       int    `json:"x"`
	Y       int    `json:"y"`
	Size    int    `json:"size"`              // people on the list, beds, or inhabitants
	Outside bool   `json:"outside,omitempty"` // beyond the border
	AE      bool   `json:"ae,omitempty"`
}

// frameOf is the rectangle of a map.
type frameOf struct{ west, south, east, north float64 }

// margin is what a map shows beyond the outermost home and site, in metres.
const margin = 600.0

// mapOf draws up the map of a place. Sites outside are shown at the edge nearest to them if they lie
// far off.
func mapOf(p *place.Place) (Map, frameOf) {
	f := frameOf{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	add := func(x, y float64) {
		f.west, f.east = min(f.west, x), max(f.east, x)
		f.south, f.north = min(f.south, y), max(f.north, y)
	}
	for i := range p.Areas {
		add(p.Areas[i].Easting, p.Areas[i].Northing)
	}
	for i := range p.Hospitals {
		if h := &p.Hospitals[i]; !h.Outside {
			add(h.Easting, h.Northing)
		}
	}
	if p.Synthetic { // its border is part of the picture
		for _, r := range p.Outline {
			for _, xy := range r.Points {
				add(xy[0], xy[1])
			}
		}
	}
	edge := margin
	if !p.Synthetic {
		edge += .03 * max(f.east-f.west, f.north-f.south)
	}
	f.west, f.south, f.east, f.north = f.west-edge, f.south-edge, f.east+edge, f.north+edge
	m := Map{Width: int(f.east - f.west), Height: int(f.north - f.south), Synthetic: p.Synthetic}
	at := func(x, y float64) (int, int) {
		return int(min(max(x, f.west), f.east) - f.west), int(min(max(y, f.south), f.north) - f.south)
	}
	for _, r := range p.Outline {
		var ring [][2]int
		for _, xy := range r.Points { // the border may leave the frame
			ring = append(ring, [2]int{int(xy[0] - f.west), int(xy[1] - f.south)})
		}
		m.Outline = append(m.Outline, ring)
	}
	for i := range p.Practices {
		q := &p.Practices[i]
		x, y := at(q.Easting, q.Northing)
		m.Practices = append(m.Practices, Site{Name: title(q.Name), X: x, Y: y, Size: int(q.List)})
	}
	for i := range p.Hospitals {
		h := &p.Hospitals[i]
		x, y := at(h.Easting, h.Northing)
		m.Hospitals = append(m.Hospitals, Site{Name: h.Name, X: x, Y: y, Size: int(h.Beds), Outside: h.Outside, AE: h.HasAE})
	}
	for _, t := range p.Towns[:min(len(p.Towns), maxTowns)] {
		x, y := at(t.Easting, t.Northing)
		m.Towns = append(m.Towns, Site{Name: t.Name, X: x, Y: y, Size: int(t.Population)})
	}
	return m, f
}

// maxTowns is how many names a map has room for.
const maxTowns = 12

// homes draws where people live on a map: near the centre of their area, nearer to it than to any
// other centre, and within the border where that can be found.
type homes struct {
	place *place.Place
	frame frameOf
	near  [][]int // by area: the nearest other areas
	far   []float64
	known map[homeKey][2]uint16
}

// homeKey is a person in an area: who moves lives elsewhere.
type homeKey struct {
	id   uint64
	area uint16
}

// Homes are looked for among so many places near the centre; neighbours are what they must be further
// from; no home is further from its centre than furthest, in metres.
const (
	tries      = 12
	neighbours = 10
	furthest   = 5000
)

// newHomes prepares the homes of a place.
func newHomes(p *place.Place, f frameOf) *homes {
	h := &homes{place: p, frame: f, near: make([][]int, len(p.Areas)), far: make([]float64, len(p.Areas)), known: map[homeKey][2]uint16{}}
	type one struct {
		index int
		away  float64
	}
	all := make([]one, 0, len(p.Areas))
	for i := range p.Areas {
		all = all[:0]
		for j := range p.Areas {
			if i != j {
				all = append(all, one{j, math.Hypot(p.Areas[i].Easting-p.Areas[j].Easting, p.Areas[i].Northing-p.Areas[j].Northing)})
			}
		}
		slices.SortFunc(all, func(a, b one) int {
			return cmp.Or(cmp.Compare(a.away, b.away), cmp.Compare(a.index, b.index))
		})
		for _, o := range all[:min(len(all), neighbours)] {
			h.near[i] = append(h.near[i], o.index)
		}
		h.far[i] = 300
		if len(all) > 0 {
			h.far[i] = min(max(all[min(5, len(all)-1)].away, 150), furthest)
		}
	}
	return h
}

// at scales a point to the map, in 1/65535.
func (h *homes) at(east, north float64) (x, y int) {
	scale := func(v, low, high float64) int { return int(min(max((v-low)/(high-low), 0), 1)*65535 + .5) }
	return scale(east, h.frame.west, h.frame.east), scale(north, h.frame.south, h.frame.north)
}

// of is where a person lives in an area, in 1/65535 of the map: always the same.
func (h *homes) of(id uint64, area uint16) (x, y int) {
	key := homeKey{id, area}
	if xy, ok := h.known[key]; ok {
		return int(xy[0]), int(xy[1])
	}
	a := &h.place.Areas[area]
	east, north := a.Easting, a.Northing
	luck := mix(id ^ uint64(area)<<48)
	for range tries {
		luck = mix(luck + 0x9e3779b97f4a7c15)
		angle := 2 * math.Pi * float64(luck>>40) / (1 << 24)
		far := h.far[area] * math.Sqrt(float64(luck&(1<<24-1))/(1<<24))
		e, n := a.Easting+far*math.Cos(angle), a.Northing+far*math.Sin(angle)
		if h.mine(area, e, n) && h.inside(e, n) {
			east, north = e, n
			break
		}
	}
	x, y = h.at(east, north)
	h.known[key] = [2]uint16{uint16(x), uint16(y)}
	return x, y
}

// mine reports whether a point is nearer to the centre of an area than to any other's.
func (h *homes) mine(area uint16, e, n float64) bool {
	a := &h.place.Areas[area]
	own := (e-a.Easting)*(e-a.Easting) + (n-a.Northing)*(n-a.Northing)
	for _, j := range h.near[area] {
		b := &h.place.Areas[j]
		if (e-b.Easting)*(e-b.Easting)+(n-b.Northing)*(n-b.Northing) < own {
			return false
		}
	}
	return true
}

// inside reports whether a point lies within the border: rings that cross a line from it an odd
// number of times.
func (h *homes) inside(e, n float64) bool {
	in := false
	for _, r := range h.place.Outline {
		for i, j := 0, len(r.Points)-1; i < len(r.Points); j, i = i, i+1 {
			a, b := r.Points[i], r.Points[j]
			if (a[1] > n) != (b[1] > n) && e < (b[0]-a[0])*(n-a[1])/(b[1]-a[1])+a[0] {
				in = !in
			}
		}
	}
	return in
}
