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

// keyHeight is the height of the key of a map at a given width; 0 where it has none.
type keyHeight func(place string, panel int, width vg.Length) vg.Length

// plan is a way to lay out maps.
type plan struct {
	columns int       // maps of a place side by side
	beside  bool      // places side by side, else below each other
	left    vg.Length // width of a column with the names of places; 0: names stand over the maps
}

// plans are the ways there are: the maps of a place in one row or wrapped into several, the places below each
// other, side by side, or below each other with their names to the left.
func plans(width vg.Length, places, maps int) (all []plan) {
	for columns := maps; columns > 0; columns-- {
		all = append(all, plan{columns: columns})
		if places > 1 {
			all = append(all, plan{columns: columns, beside: true})
		}
	}
	return append(all, plan{columns: maps, left: 0.22 * width})
}

// layMaps finds room for the maps of all places, in the way that gives the largest maps. It has the maps of
// all places drawn, whose edges hide what lies around them, then writes the names of places and scenarios and
// has the keys drawn. Keys may be of any height at a given width.
func (b *book) layMaps(c *canvas, body vg.Rectangle, regions map[string]*region, places, scenarios []string, keys keyHeight, drawMaps, drawKeys func(slot)) {
	var best []slot
	var most vg.Length
	for _, p := range plans(body.Size().X, len(places), len(scenarios)) {
		slots := p.lay(c, body, regions, places, len(scenarios), keys)
		size := slots[0].maps[0].Size()
		if area := max(size.X, 0) * max(size.Y, 0); area > most*1.05 || best == nil {
			best, most = slots, area
		}
	}
	if len(places) == 1 && len(scenarios) > 1 {
		s := feature(c, body, regions, places[0], len(scenarios), keys)
		if usual, large, small := best[0].maps[0].Size().X, s.maps[0].Size().X, s.maps[1].Size().X; small > 0.7*usual && large > 1.5*usual {
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

// grid is a plan carried out: a block a place, in it rows of maps, each map over its key.
type grid struct {
	plan
	*canvas
	regions map[string]*region
	places  []string
	maps    int // a place
	keys    keyHeight
	gap     vg.Length
	block   vg.Length // width of a place
	stride  vg.Length // from one map to the next
	wide    vg.Length // width of a map
}

// lay lays out the maps, n a place, all on the widest grid that the body has room for.
func (p plan) lay(c *canvas, body vg.Rectangle, regions map[string]*region, places []string, n int, keys keyHeight) (slots []slot) {
	size, m := body.Size(), vg.Length(len(places))
	g := grid{plan: p, canvas: c, regions: regions, places: places, maps: n, keys: keys, gap: c.em(mapGap)}
	g.block = size.X - p.left
	if p.beside {
		g.block = (size.X - 2*g.gap*(m-1)) / m
	}
	g.stride = (g.block + g.gap) / vg.Length(p.columns)
	g.wide = g.stride - g.gap
	free, shapes := size.Y, vg.Length(0)
	for i, place := range places {
		shape := vg.Length(g.rows()) * regions[place].shape()
		free -= g.around(i)
		shapes += shape
		if p.beside {
			g.wide = min(g.wide, (size.Y-g.around(i))/shape)
		}
	}
	if !p.beside {
		g.wide = min(g.wide, free/shapes)
	}
	corner := vg.Point{X: body.Min.X, Y: body.Max.Y}
	for i := range places {
		s, bottom := g.slot(i, corner)
		slots = append(slots, s)
		if p.beside {
			corner.X += g.block + 2*g.gap
		} else {
			corner.Y = bottom
		}
	}
	return slots
}

// rows is the number of rows of maps of a place.
func (g *grid) rows() int { return (g.maps + g.columns - 1) / g.columns }

// headed reports whether the maps of the i-th place have titles of their own.
func (g *grid) headed(i int) bool { return g.left == 0 || i == 0 }

// keysOf is the height of the keys of a row of a place.
func (g *grid) keysOf(place string, row int) (most vg.Length) {
	for panel := row * g.columns; panel < min((row+1)*g.columns, g.maps); panel++ {
		most = max(most, g.keys(place, panel, g.stride-g.gap))
	}
	return most
}

// around is the height that the i-th place needs besides its maps.
func (g *grid) around(i int) vg.Length {
	used := g.em(mapScale)
	if len(g.places) > 1 && g.left == 0 {
		used += g.em(mapName)
	}
	for row := range g.rows() {
		used += g.keysOf(g.places[i], row) + g.em(mapRest)
		if row > 0 {
			used += g.em(mapBelow)
		}
		if g.headed(i) {
			used += g.em(mapTitle)
		}
	}
	return used
}

// slot is the room of the i-th place, whose upper left corner is given, and where it ends.
func (g *grid) slot(i int, at vg.Point) (s slot, bottom vg.Length) {
	s.place = g.places[i]
	switch {
	case g.left > 0:
		s.name, s.room = vg.Point{X: at.X, Y: at.Y - g.em(0.9)}, g.left-g.gap
		if g.headed(i) {
			s.name.Y -= g.em(mapTitle)
		}
	case len(g.places) > 1:
		s.name, s.room = vg.Point{X: at.X, Y: at.Y - g.em(1)}, g.block
		at.Y -= g.em(mapName)
	}
	at.X += g.left
	if g.headed(i) {
		s.heads = g.maps
	}
	for row := range g.rows() {
		if g.headed(i) {
			at.Y -= g.em(mapTitle)
		}
		foot := at.Y - g.wide*g.regions[s.place].shape()
		under := foot - g.em(mapBelow)
		if row == 0 {
			under = foot - g.em(mapScale)
		}
		below := under - g.keysOf(s.place, row)
		for col := range min(g.columns, g.maps-row*g.columns) {
			x := at.X + vg.Length(col)*g.stride
			s.maps = append(s.maps, vg.Rectangle{Min: vg.Point{X: x, Y: foot}, Max: vg.Point{X: x + g.wide, Y: at.Y}})
			s.keys = append(s.keys, vg.Rectangle{Min: vg.Point{X: x, Y: below}, Max: vg.Point{X: x + g.stride - g.gap, Y: under}})
		}
		at.Y = below - g.em(mapRest)
	}
	return s, at.Y
}

// feature lays out the n maps (two or more) of one place with the first large and the others in a column
// beside it, which fills a square page.
func feature(c *canvas, body vg.Rectangle, regions map[string]*region, place string, n int, keys keyHeight) slot {
	size, gap, shape := body.Size(), c.em(mapGap), regions[place].shape()
	column := 0.31 * size.X
	first := size.X - gap - column
	high := size.Y - vg.Length(n-1)*c.em(mapTitle+mapBelow+mapRest)
	for panel := 1; panel < n; panel++ {
		high -= keys(place, panel, column)
	}
	small := min(column, high/vg.Length(n-1)/shape)
	large := min(first, (size.Y-c.em(mapTitle+mapScale)-keys(place, 0, first))/shape)
	s := slot{place: place, heads: n}
	add := func(x, top, wide, room, under vg.Length, panel int) (bottom vg.Length) {
		m := vg.Rectangle{Min: vg.Point{X: x, Y: top - wide*shape}, Max: vg.Point{X: x + wide, Y: top}}
		k := vg.Rectangle{Min: vg.Point{X: x, Y: m.Min.Y - under - keys(place, panel, room)}, Max: vg.Point{X: x + room, Y: m.Min.Y - under}}
		s.maps, s.keys = append(s.maps, m), append(s.keys, k)
		return k.Min.Y
	}
	top := body.Max.Y - c.em(mapTitle)
	add(body.Min.X, top, large, first, c.em(mapScale), 0)
	for panel := 1; panel < n; panel++ {
		top = add(body.Max.X-column, top, small, column, c.em(mapBelow), panel) - c.em(mapRest+mapTitle)
	}
	return s
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
