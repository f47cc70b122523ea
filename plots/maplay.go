package plots

import "gonum.org/v1/plot/vg"

// slot is the room of one place in a figure of maps.
type slot struct {
	place string
	name  vg.Point       // left end of the baseline of its name
	room  vg.Length      // for the name
	maps  []vg.Rectangle // one a scenario
	keys  []vg.Rectangle // below them, for their colours; as wide as the room for the titles of maps
	heads int            // the first so many maps have the titles of their scenarios
}

// The parts of a block of maps, in em.
const (
	mapName  = 1.5 // name of the place
	mapTitle = 1.4 // names of the scenarios
	mapScale = 1.6 // scale bar below the first map
	mapBelow = 0.5 // below further ones, before their keys
	mapRest  = 0.9 // before what follows
	mapGap   = 1.2 // between maps
)

// plan is a way to lay out maps.
type plan struct {
	columns int       // maps of a place side by side
	beside  bool      // places side by side, else below each other
	left    vg.Length // width of a column with the names of places; 0: names stand over the maps
}

// plans are the ways there are: the maps of a place in one row or wrapped into several, the places below each
// other, side by side, or below each other with their names to the left.
func (c *canvas) plans(body vg.Rectangle, places, maps int) (all []plan) {
	for columns := maps; columns > 0; columns-- {
		all = append(all, plan{columns: columns})
		if places > 1 {
			all = append(all, plan{columns: columns, beside: true})
		}
	}
	return append(all, plan{columns: maps, left: (body.Max.X - body.Min.X) * 0.22})
}

// layMaps finds room for the maps of all places, in the way that gives the largest maps. It has the maps of
// all places drawn, whose edges hide what lies around them, then writes the names of places and scenarios and
// has the keys drawn. Keys may be of any height at a given width.
func (b *book) layMaps(c *canvas, body vg.Rectangle, regions map[string]*region, places, scenarios []string, keyHeight func(place string, panel int, width vg.Length) vg.Length, drawMaps, drawKeys func(slot)) {
	var best []slot
	var most vg.Length
	for _, p := range c.plans(body, len(places), len(scenarios)) {
		slots := p.lay(c, body, regions, places, len(scenarios), keyHeight)
		size := slots[0].maps[0].Size()
		if area := max(size.X, 0) * max(size.Y, 0); area > most*1.05 || best == nil {
			best, most = slots, area
		}
	}
	if s, ok := feature(c, body, regions, places[0], len(scenarios), keyHeight); ok && len(places) == 1 {
		if wide, large, small := best[0].maps[0].Size().X, s.maps[0].Size().X, s.maps[1].Size().X; small > 0.7*wide && large > 1.5*wide {
			best = []slot{s}
		}
	}
	for _, s := range best {
		drawMaps(s)
	}
	for _, s := range best {
		if s.room > 0 {
			c.text(s.name, c.fit(b.title(s.place), c.strong(), s.room), c.strong())
		}
		for col, scenario := range scenarios[:s.heads] {
			c.text(vg.Point{X: s.maps[col].Min.X, Y: s.maps[col].Max.Y + c.em(0.45)}, c.fit(b.title(scenario), c.normal(), s.keys[col].Size().X), c.normal().in(ink))
		}
		drawKeys(s)
	}
}

// lay lays out the maps, n a place, all on the widest grid that the body has room for.
func (p plan) lay(c *canvas, body vg.Rectangle, regions map[string]*region, places []string, n int, keyHeight func(place string, panel int, width vg.Length) vg.Length) (slots []slot) {
	size, gap := body.Size(), c.em(mapGap)
	m := vg.Length(len(places))
	block := size.X - p.left
	if p.beside {
		block = (size.X - 2*gap*(m-1)) / m
	}
	stride := (block + gap) / vg.Length(p.columns)
	rows := (n + p.columns - 1) / p.columns
	named := len(places) > 1
	// keys is the height of the keys of a row of a place; around is what its maps need besides themselves.
	keys := func(place string, row int) (most vg.Length) {
		for panel := row * p.columns; panel < min((row+1)*p.columns, n); panel++ {
			most = max(most, keyHeight(place, panel, stride-gap))
		}
		return most
	}
	headed := func(i int) bool { return p.left == 0 || i == 0 }
	around := func(i int) vg.Length {
		used := c.em(mapScale)
		if named && p.left == 0 {
			used += c.em(mapName)
		}
		for row := range rows {
			used += keys(places[i], row) + c.em(mapRest)
			if row > 0 {
				used += c.em(mapBelow)
			}
			if headed(i) {
				used += c.em(mapTitle)
			}
		}
		return used
	}
	wide, free, shapes := stride-gap, size.Y, vg.Length(0)
	for i, place := range places {
		shape := vg.Length(rows) * regions[place].shape()
		free -= around(i)
		shapes += shape
		if p.beside {
			wide = min(wide, (size.Y-around(i))/shape)
		}
	}
	if !p.beside {
		wide = min(wide, free/shapes)
	}
	corner := vg.Point{X: body.Min.X + p.left, Y: body.Max.Y}
	for i, place := range places {
		s := slot{place: place}
		at := corner
		switch {
		case p.left > 0:
			s.name, s.room = vg.Point{X: body.Min.X, Y: at.Y - c.em(0.9)}, p.left-gap
			if headed(i) {
				s.name.Y -= c.em(mapTitle)
			}
		case named:
			s.name, s.room = vg.Point{X: at.X, Y: at.Y - c.em(1)}, block
			at.Y -= c.em(mapName)
		}
		for row := range rows {
			if headed(i) {
				at.Y -= c.em(mapTitle)
			}
			foot := at.Y - wide*regions[place].shape()
			under := foot - c.em(mapBelow)
			if row == 0 {
				under = foot - c.em(mapScale)
			}
			below := under - keys(place, row)
			for col := range min(p.columns, n-row*p.columns) {
				x := at.X + vg.Length(col)*stride
				s.maps = append(s.maps, vg.Rectangle{Min: vg.Point{X: x, Y: foot}, Max: vg.Point{X: x + wide, Y: at.Y}})
				s.keys = append(s.keys, vg.Rectangle{Min: vg.Point{X: x, Y: below}, Max: vg.Point{X: x + stride - gap, Y: under}})
			}
			at.Y = below - c.em(mapRest)
		}
		if headed(i) {
			s.heads = n
		}
		slots = append(slots, s)
		if p.beside {
			corner.X += block + 2*gap
		} else {
			corner.Y = at.Y
		}
	}
	return slots
}

// feature lays out the maps of one place with the first large and the others in a column beside it, which
// fills a square page; ok is false for a single map.
func feature(c *canvas, body vg.Rectangle, regions map[string]*region, place string, n int, keyHeight func(place string, panel int, width vg.Length) vg.Length) (s slot, ok bool) {
	if n < 2 {
		return s, false
	}
	size, gap, shape := body.Size(), c.em(mapGap), regions[place].shape()
	column := 0.31 * size.X
	first := size.X - gap - column
	high := size.Y - vg.Length(n-1)*c.em(mapTitle+mapBelow+mapRest)
	for panel := 1; panel < n; panel++ {
		high -= keyHeight(place, panel, column)
	}
	small := min(column, high/vg.Length(n-1)/shape)
	large := min(first, (size.Y-c.em(mapTitle+mapScale)-keyHeight(place, 0, first))/shape)
	s = slot{place: place, heads: n}
	add := func(x, top, wide, room, under vg.Length, panel int) (bottom vg.Length) {
		m := vg.Rectangle{Min: vg.Point{X: x, Y: top - wide*shape}, Max: vg.Point{X: x + wide, Y: top}}
		k := vg.Rectangle{Min: vg.Point{X: x, Y: m.Min.Y - under - keyHeight(place, panel, room)}, Max: vg.Point{X: x + room, Y: m.Min.Y - under}}
		s.maps, s.keys = append(s.maps, m), append(s.keys, k)
		return k.Min.Y
	}
	top := body.Max.Y - c.em(mapTitle)
	add(body.Min.X, top, large, first, c.em(mapScale), 0)
	for panel := 1; panel < n; panel++ {
		top = add(body.Max.X-column, top, small, column, c.em(mapBelow), panel) - c.em(mapRest+mapTitle)
	}
	return s, true
}

// mapHeight is the height of a figure of maps by its width: frame, then heading, map and key of each place.
func mapHeight(regions map[string]*region, places []string, columns int, key float64) float64 {
	tall, wide := 0.24, 0.55
	if columns > 1 {
		wide = min(0.94/float64(columns), 0.36)
	}
	for _, p := range places {
		tall += 0.095 + key + wide*float64(regions[p].shape())
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
