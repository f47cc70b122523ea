package plots

import (
	"math"
	"slices"
	"testing"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/recorder"

	"coexist/sim/place"
)

// TestMapsStayInTheirRoom: in every way to lay them out, maps and keys stay on the page and apart.
func TestMapsStayInTheirRoom(t *testing.T) {
	keyHeight := func(_ string, panel int, width vg.Length) vg.Length { return vg.Length(10+5*panel) + 300/width }
	for _, places := range [][]string{{"north"}, {"north", "south"}} {
		regions := map[string]*region{}
		for i, p := range places {
			regions[p] = newRegion(fakePlace(p, uint64(i+1)), 1)
		}
		for n := 1; n <= 4; n++ {
			for _, size := range Sizes() {
				c := blank(size)
				body := vg.Rectangle{Min: vg.Point{X: 15, Y: 40}, Max: vg.Point{X: size.Width - 15, Y: size.Height - 60}}
				var ways [][]slot
				for _, p := range plans(body.Size().X, len(places), n) {
					ways = append(ways, p.lay(c, body, regions, places, n, keyHeight))
				}
				if n > 1 {
					ways = append(ways, []slot{feature(c, body, regions, places[0], n, keyHeight)})
				}
				for way, slots := range ways {
					var boxes []vg.Rectangle
					for _, s := range slots {
						if len(s.maps) != n || len(s.keys) != n {
							t.Fatalf("%s, %d maps: got %d and %d keys", size.Name, n, len(s.maps), len(s.keys))
						}
						boxes = slices.Concat(boxes, s.maps, s.keys)
					}
					if boxes[0].Size().X <= 0 {
						continue // a way without room, which is never the best
					}
					for i, b := range boxes {
						if b.Min.X < body.Min.X-0.1 || b.Max.X > body.Max.X+0.1 || b.Min.Y < body.Min.Y-0.1 || b.Max.Y > body.Max.Y+0.1 {
							t.Errorf("%s, %d places, %d maps, way %d: %v leaves %v", size.Name, len(places), n, way, b, body)
						}
						for _, o := range boxes[:i] {
							if overlap(b, o) > 0.1 {
								t.Errorf("%s, %d places, %d maps, way %d: %v lies on %v", size.Name, len(places), n, way, b, o)
							}
						}
					}
				}
			}
		}
	}
}

// TestOnePlaceFillsASquare: maps of one place fill the height of a square page.
func TestOnePlaceFillsASquare(t *testing.T) {
	d := fake()
	d.Meta.Places = d.Meta.Places[:1]
	high := *d.Places["north"] // as high as wide, for which rows of maps leave most of the page
	high.Outline, high.Areas = []place.Ring{{Of: "north"}}, slices.Clone(high.Areas)
	for _, p := range d.Places["north"].Outline[0].Points {
		high.Outline[0].Points = append(high.Outline[0].Points, [2]float64{p[0], 1.4 * p[1]})
	}
	for i := range high.Areas {
		high.Areas[i].Northing *= 1.4
	}
	d.Places["north"] = &high
	for _, name := range []string{"07-enrolment-map", "17-concentration-map"} {
		f := figureOf(t, d, name)
		draw := f.draw
		var room vg.Rectangle
		f.draw = func(c *canvas, body vg.Rectangle) {
			room = body
			draw(c, body)
		}
		c := f.record(square, Light)
		lowest := room.Max.Y
		for _, action := range c.Actions {
			if a, ok := action.(*recorder.Stroke); ok { // of a border, among others
				for _, p := range a.Path {
					if p.Pos.Y > room.Min.Y {
						lowest = min(lowest, p.Pos.Y)
					}
				}
			}
		}
		filled := (room.Max.Y - lowest) / room.Size().Y
		if filled < 0.8 {
			t.Errorf("%s: %.0f%% of the height of a square page is filled, want 80%%", f.Name, 100*filled)
		}
	}
}

// TestSystemsKeepTheirColour: the largest systems of each map have a colour, the same in every map of a place.
func TestSystemsKeepTheirColour(t *testing.T) {
	b := read(fake(), Needs)
	c := (&Figure{draw: func(*canvas, vg.Rectangle) {}}).try(Report, Light)
	seen := map[string]string{}
	for i, k := range b.mapKeys(c, "north", []string{"competing-systems", "airline"}) {
		if len(k.names) != 4 || !k.others {
			t.Errorf("map %d: %v have a colour (others: %v), want four of five or six", i, k.names, k.others)
		}
		own := map[string]bool{}
		for name, hue := range k.hues {
			if own[hex(hue)] {
				t.Errorf("map %d: %s has the colour of another", i, name)
			}
			own[hex(hue)] = true
			if first, ok := seen[name]; ok && first != hex(hue) {
				t.Errorf("%s has the colours %s and %s", name, first, hex(hue))
			}
			seen[name] = hex(hue)
		}
	}
	if len(seen) < 5 || len(seen) >= 8 {
		t.Errorf("systems %v, want some in one map and some in both", seen)
	}
}

// TestDistrictIsDrawnAlone: of a place whose border is that of the county around it, the map shows the part
// with its areas, and nothing where none of them is near.
func TestDistrictIsDrawnAlone(t *testing.T) {
	whole := fakePlace("north", 1)
	all := newRegion(whole, 1)
	part := *whole
	part.Areas = slices.DeleteFunc(slices.Clone(whole.Areas), func(a place.Area) bool {
		return math.Hypot(a.Easting-whole.Towns[0].Easting, a.Northing-whole.Towns[0].Northing) > 8_000
	})
	r := newRegion(&part, 1)
	if r.high[0]-r.low[0] > 0.6*(all.high[0]-all.low[0]) {
		t.Errorf("the map spans %.0f m, the county %.0f", r.high[0]-r.low[0], all.high[0]-all.low[0])
	}
	empty := 0
	for _, c := range r.cells {
		m := r.comb.centre(c)
		far := math.Inf(1)
		for _, a := range part.Areas {
			far = min(far, math.Hypot(a.Easting-m[0], a.Northing-m[1]))
		}
		if len(r.areas[c]) == 0 {
			empty++
		} else if far > 4_000 {
			t.Errorf("a cell %.0f m from the nearest area is coloured", far)
		}
	}
	if empty == 0 {
		t.Error("no cell is left blank around the district")
	}
	for _, c := range all.cells {
		if len(all.areas[c]) == 0 {
			t.Fatal("the whole county has a blank cell")
		}
	}
}

func TestClipped(t *testing.T) {
	ring := []xy{{0, 0}, {0, 10}, {10, 10}, {10, 0}}
	for _, test := range []struct {
		low, high xy
		want      float64 // area
	}{{xy{-5, -5}, xy{15, 15}, 100}, {xy{5, -5}, xy{15, 15}, 50}, {xy{2, 3}, xy{6, 4}, 4}, {xy{20, 20}, xy{30, 30}, 0}} {
		twice := 0.0
		got := clipped(ring, test.low, test.high)
		for i, p := range got {
			q := got[(i+1)%len(got)]
			twice += p[0]*q[1] - q[0]*p[1]
		}
		if math.Abs(math.Abs(twice)/2-test.want) > 1e-9 {
			t.Errorf("from %v to %v: %v has area %g, want %g", test.low, test.high, got, math.Abs(twice)/2, test.want)
		}
	}
}

// TestManyMapsStaySmall: figures of twelve maps keep their PDF under 60 kB.
func TestManyMapsStaySmall(t *testing.T) {
	d := fake()
	for i, p := range []string{"east", "west"} {
		d.Meta.Places = append(d.Meta.Places, p)
		d.Places[p] = fakePlace(p, uint64(i+3))
		for _, s := range d.Meta.Scenarios {
			d.Enrolment[s+"/"+p], d.Care[s+"/"+p] = fakeEnrolment(s, d.Places[p]), fakeCare(s, d.Places[p])
		}
	}
	for _, name := range []string{"07-enrolment-map", "17-concentration-map", "23-enrolment-concentration"} {
		f := figureOf(t, d, name)
		pdf, err := f.pdf(f.record(Report, Light))
		if err != nil {
			t.Fatal(err)
		}
		if len(pdf) >= 60_000 {
			t.Errorf("%s.pdf has %d bytes, want under 60 kB", f.Name, len(pdf))
		}
	}
}
