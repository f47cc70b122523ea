package live

import (
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
const margin = 1500

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
	edge := margin + .04*max(f.east-f.west, f.north-f.south)
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

// spreads is how far the homes of each area lie from its centre, in metres: half the mean way to the
// three nearest centres, so that areas fill the map without covering each other.
func spreads(p *place.Place) []float64 {
	out := make([]float64, len(p.Areas))
	for i := range p.Areas {
		var near [3]float64
		for k := range near {
			near[k] = math.Inf(1)
		}
		for j := range p.Areas {
			if i == j {
				continue
			}
			d := math.Hypot(p.Areas[i].Easting-p.Areas[j].Easting, p.Areas[i].Northing-p.Areas[j].Northing)
			if d < near[2] {
				near[2] = d
				slices.Sort(near[:])
			}
		}
		sum, n := 0.0, 0.0
		for _, d := range near {
			if !math.IsInf(d, 1) {
				sum += d
				n++
			}
		}
		out[i] = min(max(.62*sum/max(n, 1), 120), 4000)
	}
	return out
}
