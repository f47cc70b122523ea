package plots

import "gonum.org/v1/plot/vg"

// slot is the room of one place in a figure of maps.
type slot struct {
	place string
	maps  []vg.Rectangle // one a scenario
	key   vg.Rectangle   // for its colours; empty where it needs none
}

// The parts of a block of maps, in em.
const (
	mapName  = 1.4 // name of the place
	mapTitle = 1.4 // names of the scenarios
	mapScale = 1.6 // scale bar below the first map
	mapRest  = 0.9 // before what follows
	mapGap   = 1.2 // between maps
)

// layMaps finds room for the maps of all places: the places below each other, side by side, or below each
// other with their names and keys to the left, whichever gives the largest maps. It has the maps of all
// places drawn, whose edges hide what lies around them, then writes the names of places and scenarios and
// has the keys drawn. Keys may be of any height at a given width.
func (b *book) layMaps(c *canvas, body vg.Rectangle, regions map[string]*region, places, scenarios []string, keyHeight func(place string, width vg.Length) vg.Length, drawMaps, drawKey func(slot)) {
	var best []slot
	var most vg.Length
	for _, lay := range []func() []slot{
		func() []slot { return laidBelow(c, body, regions, places, len(scenarios), keyHeight) },
		func() []slot { return laidBeside(c, body, regions, places, len(scenarios), keyHeight) },
		func() []slot { return laidLeft(c, body, regions, places, len(scenarios), keyHeight) },
	} {
		slots := lay()
		area := vg.Length(0)
		for _, s := range slots {
			size := s.maps[0].Size()
			area += max(size.X, 0) * max(size.Y, 0)
		}
		if area > most*1.05 || best == nil {
			best, most = slots, area
		}
	}
	for _, s := range best {
		drawMaps(s)
	}
	for i, s := range best {
		left := s.maps[0].Min.X
		name := vg.Point{X: left, Y: s.maps[0].Max.Y + c.em(mapTitle+0.4)}
		headed := true
		if s.key.Max.X > 0 && s.key.Max.X < left { // at the left, and scenarios over the first alone
			name = vg.Point{X: s.key.Min.X, Y: s.maps[0].Max.Y - c.em(0.9)}
			headed = i == 0
		}
		if len(places) > 1 || name.X < left {
			c.text(name, c.fit(b.title(s.place), c.strong(), s.key.Max.X-s.key.Min.X), c.strong())
		}
		for col, scenario := range scenarios {
			room := body.Max.X - s.maps[col].Min.X
			if col+1 < len(scenarios) {
				room = s.maps[col+1].Min.X - s.maps[col].Min.X
			}
			if headed {
				c.text(vg.Point{X: s.maps[col].Min.X, Y: s.maps[col].Max.Y + c.em(0.45)}, c.fit(b.title(scenario), c.normal(), room-c.em(0.5)), c.normal().in(ink))
			}
		}
		drawKey(s)
	}
}

// row lays the maps of a place beside each other from a corner.
func (r *region) row(at vg.Point, wide, stride vg.Length, columns int) (maps []vg.Rectangle) {
	for col := range columns {
		x := at.X + vg.Length(col)*stride
		maps = append(maps, vg.Rectangle{Min: vg.Point{X: x, Y: at.Y - wide*r.shape()}, Max: vg.Point{X: x + wide, Y: at.Y}})
	}
	return maps
}

// laidBelow puts the places below each other, each over its key.
func laidBelow(c *canvas, body vg.Rectangle, regions map[string]*region, places []string, columns int, keyHeight func(string, vg.Length) vg.Length) (slots []slot) {
	size, gap, n := body.Size(), c.em(mapGap), vg.Length(columns)
	head := c.head(len(places))
	free := size.Y
	shapes := vg.Length(0)
	for _, p := range places {
		free -= head + c.em(mapScale+mapRest) + keyHeight(p, size.X)
		shapes += regions[p].shape()
	}
	wide := min((size.X-gap*(n-1))/n, free/shapes)
	y := body.Max.Y
	for _, p := range places {
		s := slot{place: p, maps: regions[p].row(vg.Point{X: body.Min.X, Y: y - head}, wide, (size.X+gap)/n, columns)}
		foot := s.maps[0].Min.Y - c.em(mapScale)
		s.key = vg.Rectangle{Min: vg.Point{X: body.Min.X, Y: foot - keyHeight(p, size.X)}, Max: vg.Point{X: body.Max.X, Y: foot}}
		slots = append(slots, s)
		y = s.key.Min.Y - c.em(mapRest)
	}
	return slots
}

// laidBeside puts the places side by side, each over its key.
func laidBeside(c *canvas, body vg.Rectangle, regions map[string]*region, places []string, columns int, keyHeight func(string, vg.Length) vg.Length) (slots []slot) {
	size, gap, n, m := body.Size(), c.em(mapGap), vg.Length(columns), vg.Length(len(places))
	head := c.head(len(places))
	each := (size.X - 2*gap*(m-1)) / m
	wide := (each - gap*(n-1)) / n
	for _, p := range places {
		wide = min(wide, (size.Y-head-c.em(mapScale)-keyHeight(p, each))/regions[p].shape())
	}
	for i, p := range places {
		x := body.Min.X + vg.Length(i)*(each+2*gap)
		s := slot{place: p, maps: regions[p].row(vg.Point{X: x, Y: body.Max.Y - head}, wide, (each+gap)/n, columns)}
		foot := s.maps[0].Min.Y - c.em(mapScale)
		s.key = vg.Rectangle{Min: vg.Point{X: x, Y: foot - keyHeight(p, each)}, Max: vg.Point{X: x + each, Y: foot}}
		slots = append(slots, s)
	}
	return slots
}

// laidLeft puts the places below each other, each beside its name and key.
func laidLeft(c *canvas, body vg.Rectangle, regions map[string]*region, places []string, columns int, keyHeight func(string, vg.Length) vg.Length) (slots []slot) {
	size, gap, n, m := body.Size(), c.em(mapGap), vg.Length(columns), vg.Length(len(places))
	left := size.X * 0.22
	tall := (size.Y - c.em(mapTitle) - m*c.em(mapScale) - (m-1)*c.em(mapRest)) / m
	across := size.X - left - gap*(n-1)
	y := body.Max.Y - c.em(mapTitle)
	for _, p := range places {
		wide := min(across/n, tall/regions[p].shape())
		s := slot{place: p, maps: regions[p].row(vg.Point{X: body.Min.X + left, Y: y}, wide, (across+gap*n)/n, columns)}
		top := y - c.em(mapName+0.2)
		s.key = vg.Rectangle{Min: vg.Point{X: body.Min.X, Y: top - keyHeight(p, left-gap)}, Max: vg.Point{X: body.Min.X + left - gap, Y: top}}
		slots = append(slots, s)
		y -= max(wide*regions[p].shape(), y-s.key.Min.Y) + c.em(mapScale+mapRest)
	}
	return slots
}

// head is the height of what stands over the maps of a place: of one place alone, the scenarios.
func (c *canvas) head(places int) vg.Length {
	if places > 1 {
		return c.em(mapName + mapTitle)
	}
	return c.em(mapTitle)
}

// mapHeight is the height of a figure of maps by its width: frame, then heading, map and key of each place.
func mapHeight(regions map[string]*region, places []string, columns int, key float64) float64 {
	tall := 0.24
	for _, p := range places {
		tall += 0.095 + key + min(0.94/float64(columns), 0.55)*float64(regions[p].shape())
	}
	return tall
}

// fit cuts a text at a space until it fits.
func (c *canvas) fit(text string, st style, width vg.Length) string {
	for c.measure(text, st) > width {
		lines := c.wrap(text, st, width)
		if len(lines) < 2 {
			break
		}
		text = lines[0]
	}
	return text
}
