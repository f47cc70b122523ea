package plots

import (
	"cmp"
	"fmt"
	"image/color"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"

	"coexist/sim/place"
)

// region is a place made ready for maps: its border, a honeycomb over it and the areas of each
// cell, or the nearest one where no centre of an area lies in it. Of a district, which has no border of its own
// in the data, it is a part of the border around it, and cells far from all of its areas have none.
type region struct {
	*place.Place
	rings     [][]xy // clockwise
	low, high xy
	comb      comb
	cells     []cellID
	areas     map[cellID][]int
}

// across is the number of cells from west to east where there are so many maps in a figure: the smaller the
// maps, the fewer, so that a figure keeps its number of cells and its files their size.
func across(maps int) float64 {
	return math.Round(28 * math.Pow(6/math.Max(6, float64(maps)), 0.8))
}

// newRegion makes a place ready for one of so many maps; it returns nil where it has no border or no areas.
func newRegion(p *place.Place, maps int) *region {
	r := &region{Place: p, areas: map[cellID][]int{}}
	for _, ring := range p.Outline {
		var points []xy
		for _, q := range ring.Points {
			points = append(points, xy(q))
		}
		if !clockwise(points) {
			slices.Reverse(points)
		}
		if len(points) > 2 {
			r.rings = append(r.rings, points)
		}
	}
	if len(r.rings) == 0 || len(p.Areas) == 0 {
		return nil
	}
	r.low, r.high = bounds(r.rings)
	reach := r.crop()
	r.comb = comb{origin: r.low, pitch: (r.high[0] - r.low[0]) / across(maps)}
	r.cells = r.comb.cover(r.rings, r.low, r.high)
	for i, a := range p.Areas {
		c := r.comb.at(xy{a.Easting, a.Northing})
		r.areas[c] = append(r.areas[c], i)
	}
	for _, c := range r.cells {
		if len(r.areas[c]) > 0 {
			continue
		}
		m := r.comb.centre(c)
		best, far := 0, math.Inf(1)
		for i, a := range p.Areas {
			if d := (a.Easting-m[0])*(a.Easting-m[0]) + (a.Northing-m[1])*(a.Northing-m[1]); d < far {
				best, far = i, d
			}
		}
		if math.Sqrt(far) <= max(reach, r.comb.pitch) {
			r.areas[c] = []int{best}
		}
	}
	return r
}

// crop cuts the border to a box around the areas where these fill but a part of it, and returns how far from
// the centre of an area its land may reach: in metres, without end where the border is the place's own.
func (r *region) crop() (reach float64) {
	var centres []xy
	for _, a := range r.Areas {
		centres = append(centres, xy{a.Easting, a.Northing})
	}
	low, high := bounds([][]xy{centres})
	const most = 0.4 // of the box of the border
	if (high[0]-low[0])*(high[1]-low[1]) > most*(r.high[0]-r.low[0])*(r.high[1]-r.low[1]) {
		return math.Inf(1)
	}
	side := max(high[0]-low[0], high[1]-low[1], 5_000)
	for k := range 2 {
		middle := (low[k] + high[k]) / 2
		low[k], high[k] = max(r.low[k], middle-0.8*side), min(r.high[k], middle+0.8*side)
	}
	var rings [][]xy
	for _, ring := range r.rings {
		if ring = clipped(ring, low, high); len(ring) > 2 {
			rings = append(rings, ring)
		}
	}
	if len(rings) == 0 {
		return math.Inf(1)
	}
	r.rings = rings
	r.low, r.high = bounds(rings)
	var near []float64 // distance of each area to the next
	for i, p := range centres {
		far := math.Inf(1)
		for j, q := range centres {
			if d := math.Hypot(p[0]-q[0], p[1]-q[1]); i != j {
				far = min(far, d)
			}
		}
		near = append(near, far)
	}
	slices.Sort(near)
	return near[len(near)*95/100]
}

// shape is the height of the region by its width.
func (r *region) shape() vg.Length {
	return vg.Length((r.high[1] - r.low[1]) / (r.high[0] - r.low[0]))
}

// led is who leads in one panel of the map.
type led struct {
	share map[string]AreaShare // by area
	lives map[string]float64   // residents of the areas that a system leads
	total float64
}

func (b *book) leaders(areas map[string][]AreaShare, scenario, where string) led {
	l := led{share: map[string]AreaShare{}, lives: map[string]float64{}}
	for _, s := range areas[scenario+"/"+where] {
		l.share[s.Area] = s
	}
	for _, a := range b.Places[where].Areas {
		l.total += float64(a.Residents)
		if s := l.share[a.Code]; s.Leader != "" {
			l.lives[s.Leader] += float64(a.Residents)
		}
	}
	return l
}

// enrolled reports whether anyone of an area is.
func enrolled(a AreaShare) bool { return a.Leader != "" }

// mapFigure draws who leads where: a row of panels a place, a column a scenario.
func (b *book) mapFigure() *Figure {
	regions, places, scenarios := b.mapped(b.Enrolment, enrolled)
	if len(places) == 0 {
		return nil
	}
	f := &Figure{Name: "07-enrolment-map", Command: b.Meta.Command, Source: b.Meta.source(scenarios), tall: mapHeight(regions, places, len(scenarios), 0.08)}
	f.Title = b.mapHeadline(scenarios, places)
	f.describe("System with the most enrolled residents, by area, % of residents enrolled with it", "% of residents",
		fmt.Sprintf("end of year %d", b.years), 1, "it is the first, so there is no band")
	f.Table = [][]string{{"place", "scenario", "area", "system", "share"}}
	f.Summary = [][]string{{"place", "scenario", "system", "% of people who live where it leads"}}
	for _, p := range places {
		for _, s := range scenarios {
			for _, a := range b.Enrolment[s+"/"+p] {
				f.Table = append(f.Table, []string{p, s, a.Area, a.Leader, cell(a.Share)})
			}
			l := b.leaders(b.Enrolment, s, p)
			for _, name := range largest(l.lives, 10) {
				f.Summary = append(f.Summary, []string{b.title(p), b.title(s), b.title(name), Number(100*l.lives[name]/math.Max(1, l.total), 0)})
			}
		}
	}
	f.Alt = fmt.Sprintf("Maps of the system with the most enrolled residents in each area of %s, under %s. %s.", b.list(places), b.list(scenarios), f.Title)
	f.draw = func(c *canvas, body vg.Rectangle) { b.drawMaps(c, body, regions, places, scenarios) }
	return f
}

// mapHeadline counts the systems that lead somewhere under the scenario that stands out.
func (b *book) mapHeadline(scenarios, places []string) string {
	first := b.outstanding(scenarios)[0]
	var parts []string
	for i, p := range places {
		l := b.leaders(b.Enrolment, first, p)
		most := 0.0
		for _, n := range l.lives {
			most = math.Max(most, n)
		}
		share := Number(100*most/math.Max(1, l.total), 0) + "%"
		text := fmt.Sprintf("%d in %s, the largest where %s do", len(l.lives), b.title(p), share)
		switch {
		case len(l.lives) == 0:
			text = "none in " + b.title(p)
		case len(l.lives) == 1 && i == 0:
			text = fmt.Sprintf("1 system leads in %s, where %s of people live", b.title(p), share)
		case len(l.lives) == 1:
			text = fmt.Sprintf("1 in %s, where %s do", b.title(p), share)
		case i == 0:
			text = fmt.Sprintf("%d systems lead in %s, the largest where %s of people live", len(l.lives), b.title(p), share)
		}
		parts = append(parts, text)
	}
	return fmt.Sprintf("%s: %s", b.title(first), strings.Join(parts, "; "))
}

// steps are the classes of a leader's share, from above 0, and how deep each is coloured.
var steps = []struct {
	from, depth float64
	title       string
}{{0, 0.4, "under half"}, {0.5, 0.68, "half to three quarters"}, {0.75, 1, "more"}}

// mapGreys are the three leading systems in print without colour; further ones are paler, and depth
// of colour, which could not be told from them, is left out.
var mapGreys = []color.NRGBA{rgb(0x1A1A1A), rgb(0x5C5C5C), rgb(0x8C8C8C)}

// other is the colour of systems without one of their own.
func (c *canvas) other() color.NRGBA {
	if c.theme.grey {
		return rgb(0xCFCFCF)
	}
	return further
}

// drawMaps lays a block of maps for each place.
func (b *book) drawMaps(c *canvas, body vg.Rectangle, regions map[string]*region, places, scenarios []string) {
	blank := b.blank(b.Enrolment, regions, scenarios, enrolled)
	keys := map[string][]mapKey{}
	others := false
	for _, p := range places {
		keys[p] = b.mapKeys(c, p, scenarios)
		for _, k := range keys[p] {
			others = others || k.others
		}
	}
	key := vg.Point{X: body.Min.X, Y: body.Max.Y - c.em(0.7)}
	body.Max.Y -= c.em(1.6)
	if c.theme.grey { // one key for all maps
		for i, rank := range []string{"largest system of a map", "second", "third"} {
			key = c.swatch(key, mapGreys[i], rank)
		}
		if others {
			key = c.swatch(key, c.other(), "others")
		}
		if blank {
			c.swatch(key, land, "nobody enrolled")
		}
	} else {
		c.drawSteps(key, blank)
	}
	b.layMaps(c, body, regions, places, scenarios, func(p string, panel int, width vg.Length) vg.Length {
		if k := keys[p][panel]; !c.theme.grey && len(k.names) > 0 {
			return c.drawSystems(k.names, k.hues, k.others, 0, width, 0, false)
		}
		return 0
	}, func(s slot) {
		for col, k := range keys[s.place] {
			r := regions[s.place]
			c.drawRegion(r, s.maps[col], func(id cellID) (color.NRGBA, bool) { return c.hueOf(r, id, k) }, col == 0)
		}
	}, func(s slot) {
		for col, k := range keys[s.place] {
			if r := s.keys[col]; r.Min.Y < r.Max.Y {
				c.drawSystems(k.names, k.hues, k.others, r.Min.X, r.Max.X, r.Max.Y-c.em(0.75), true)
			}
		}
	})
}

// mapKey is who leads in a map, and the colours that say so.
type mapKey struct {
	led
	names  []string               // as the key has them, the largest first
	hues   map[string]color.NRGBA // of names
	system map[string]string      // names of systems in the key
	others bool                   // there are systems without a colour of their own
}

// mapKeys gives the systems that lead where most people of a map live a colour each; further ones have none.
// A system has the same colour in all maps of a place where it can.
func (b *book) mapKeys(c *canvas, place string, scenarios []string) (keys []mapKey) {
	palette := categories[:c.theme.colours()]
	if c.theme.grey {
		palette = mapGreys
	}
	kept := map[string]color.NRGBA{}
	for _, s := range scenarios {
		k := mapKey{led: b.leaders(b.Enrolment, s, place), hues: map[string]color.NRGBA{}, system: map[string]string{}}
		free := slices.Clone(palette)
		take := func(name string, hue color.NRGBA) {
			k.hues[k.system[name]] = c.category(hue)
			free = slices.DeleteFunc(free, func(f color.NRGBA) bool { return f == hue })
		}
		top := largest(k.lives, len(palette))
		for _, name := range top {
			k.system[name] = b.system(name)
			k.names = append(k.names, k.system[name])
			if hue, ok := kept[name]; ok && !c.theme.grey && slices.Contains(free, hue) {
				take(name, hue)
			}
		}
		for _, name := range top {
			if _, ok := k.hues[k.system[name]]; !ok {
				take(name, free[0])
				kept[name] = k.hues[k.system[name]]
			}
		}
		k.others = len(k.lives) > len(top)
		keys = append(keys, k)
	}
	return keys
}

// system is the name of a system without what all of them share.
func (b *book) system(name string) string {
	name = b.title(name)
	for _, word := range []string{" system", " System"} {
		name = strings.TrimSuffix(name, word)
	}
	return place.TrustName(name)
}

// drawSteps explains depth of colour, which print without colour does not have, and areas without any.
func (c *canvas) drawSteps(at vg.Point, blank bool) {
	text := "Share of residents enrolled with the leading system:"
	c.text(at, text, c.small())
	at.X += c.measure(text, c.small()) + c.em(0.8)
	for _, s := range steps {
		at = c.swatch(at, mix(white, darkGrey, s.depth), s.title)
	}
	if blank {
		c.swatch(at, land, "nobody enrolled")
	}
}

// swatch draws an entry of the key of a map and returns where the next one begins. That of bare land has a
// border, without which it would not be seen.
func (c *canvas) swatch(at vg.Point, hue color.NRGBA, title string) vg.Point {
	r := vg.Rectangle{Min: at, Max: vg.Point{X: at.X + c.em(1.2), Y: at.Y + c.em(0.7)}}
	if hue == land {
		c.box(r, further)
		r = vg.Rectangle{Min: vg.Point{X: r.Min.X + 0.5, Y: r.Min.Y + 0.5}, Max: vg.Point{X: r.Max.X - 0.5, Y: r.Max.Y - 0.5}}
	}
	c.box(r, hue)
	at.X += c.em(1.5)
	c.text(at, title, c.small())
	at.X += c.measure(title, c.small()) + c.em(1.2)
	return at
}

// blank reports whether a map of some place and scenario has a cell none of whose areas pass: one without colour.
func (b *book) blank(areas map[string][]AreaShare, regions map[string]*region, scenarios []string, pass func(AreaShare) bool) bool {
	for name, r := range regions {
		for _, s := range scenarios {
			l := b.leaders(areas, s, name)
			for _, id := range r.cells {
				if len(r.areas[id]) > 0 && !slices.ContainsFunc(r.areas[id], func(i int) bool { return pass(l.share[r.Areas[i].Code]) }) {
					return true
				}
			}
		}
	}
	return false
}

// drawSystems writes the key of colours downwards from y, wrapped between left and right, names that are too
// wide in two lines, and returns its height; it only measures where ink is not wanted.
func (c *canvas) drawSystems(names []string, hues map[string]color.NRGBA, others bool, left, right, y vg.Length, inked bool) vg.Length {
	st := c.small().in(ink)
	if others {
		names = append(slices.Clone(names), "other systems")
	}
	at := vg.Point{X: left, Y: y}
	for _, name := range names {
		lines := c.balance(name, st, right-left-c.em(1.1))
		w := c.em(1.1) + c.widest(lines, st, right-left)
		if at.X > left && at.X+w > right {
			at = vg.Point{X: left, Y: at.Y - leading(st)}
		}
		if inked {
			c.box(vg.Rectangle{Min: at, Max: vg.Point{X: at.X + c.em(0.75), Y: at.Y + c.em(0.7)}}, hueFor(hues, name, c.other()))
		}
		for i, line := range lines {
			if i > 0 {
				at.Y -= leading(st)
			}
			if inked {
				c.text(vg.Point{X: at.X + c.em(1.1), Y: at.Y}, line, st)
			}
		}
		at.X += w + c.em(1.3)
		if len(lines) > 1 {
			at.X = right
		}
	}
	return y - at.Y + leading(st)
}

// hueFor is the colour of a name, or the one for names without.
func hueFor(hues map[string]color.NRGBA, name string, other color.NRGBA) color.NRGBA {
	if hue, ok := hues[name]; ok {
		return hue
	}
	return other
}

// drawRegion draws one map into the rectangle: cells in their colours, border and towns; the
// first one of a place has names of towns and a scale.
func (c *canvas) drawRegion(r *region, rect vg.Rectangle, hue func(cellID) (color.NRGBA, bool), first bool) {
	size := rect.Size()
	per := min(float64(size.X)/(r.high[0]-r.low[0]), float64(size.Y)/(r.high[1]-r.low[1])) // points a metre
	left := float64(rect.Min.X)
	base := float64(rect.Max.Y) - per*(r.high[1]-r.low[1])
	on := func(p xy) vg.Point {
		tenth := func(v float64) vg.Length { return vg.Length(math.Round(10*v) / 10) } // enough for print, small in files
		return vg.Point{X: tenth(left + per*(p[0]-r.low[0])), Y: tenth(base + per*(p[1]-r.low[1]))}
	}
	shape := func(rings [][]xy) vg.Path {
		var all vg.Path
		for _, ring := range rings {
			points := make([]vg.Point, len(ring))
			for i, p := range ring {
				points[i] = on(p)
			}
			all = append(all, path(points, true)...)
		}
		return all
	}
	rings := r.thinned(0.6 / per) // a fifth of a millimetre: finer than that no eye sees
	c.SetColor(land)
	c.Fill(shape(rings))
	cells := map[color.NRGBA][]cellID{}
	var order []color.NRGBA
	for _, id := range r.cells {
		if shade, any := hue(id); any {
			if !slices.Contains(order, shade) {
				order = append(order, shade)
			}
			cells[shade] = append(cells[shade], id)
		}
	}
	// The most common colour lies below all, so that its border with the others is drawn once.
	slices.SortStableFunc(order, func(a, b color.NRGBA) int { return cmp.Compare(len(cells[b]), len(cells[a])) })
	for i, shade := range order {
		own := cells[shade]
		for _, later := range order[i+1:] {
			if i == 0 {
				own = append(own, cells[later]...)
			}
		}
		c.SetColor(shade)
		c.Fill(shape(r.comb.merge(own)))
	}
	// A sheet of paper with a hole for the land hides what cells lie beyond the border.
	out := 1.1 * r.comb.pitch
	a, z := xy{r.low[0] - out, r.low[1] - out}, xy{r.high[0] + out, r.high[1] + out}
	c.SetColor(white)
	c.Fill(shape(append([][]xy{{a, {z[0], a[1]}, z, {a[0], z[1]}}}, rings...)))
	c.SetColor(further)
	c.SetLineWidth(0.6)
	c.Stroke(shape(rings))
	c.towns(r, rect, on, first)
	if first {
		c.late = append(c.late, func() { c.scaleBar(per, vg.Point{X: rect.Min.X, Y: vg.Length(base) - c.em(0.9)}, r) })
	}
}

// thinned returns the border without points nearer to the one before than the given metres.
func (r *region) thinned(near float64) (rings [][]xy) {
	for _, ring := range r.rings {
		kept := ring[:1:1]
		for _, p := range ring[1:] {
			if last := kept[len(kept)-1]; math.Hypot(p[0]-last[0], p[1]-last[1]) >= near {
				kept = append(kept, p)
			}
		}
		if len(kept) > 2 {
			rings = append(rings, kept)
		}
	}
	return rings
}

// hueOf is the colour of a cell: of the system that most people of its areas are enrolled with,
// deeper the more they are.
func (c *canvas) hueOf(r *region, id cellID, k mapKey) (color.NRGBA, bool) {
	enrolled := map[string]float64{}
	var names []string
	people := 0.0
	for _, i := range r.areas[id] {
		a := &r.Areas[i]
		people += float64(a.Residents)
		if s := k.share[a.Code]; s.Leader != "" {
			if _, seen := enrolled[s.Leader]; !seen {
				names = append(names, s.Leader)
			}
			enrolled[s.Leader] += s.Share * float64(a.Residents)
		}
	}
	if len(names) == 0 || people == 0 {
		return color.NRGBA{}, false
	}
	best := names[0]
	for _, name := range names {
		if enrolled[name] > enrolled[best] {
			best = name
		}
	}
	hue := hueFor(k.hues, k.system[best], c.other())
	if c.theme.grey {
		return hue, true
	}
	depth := steps[0].depth
	for _, s := range steps {
		if enrolled[best]/people >= s.from {
			depth = s.depth
		}
	}
	return mix(white, hue, depth), true
}

// towns marks the largest towns that find room for their names; the names stand in the first
// panel of a place only.
func (c *canvas) towns(r *region, rect vg.Rectangle, on func(xy) vg.Point, names bool) {
	st := c.small().times(0.9).in(ink)
	var taken []vg.Rectangle
	placed, size := 0, rect.Size()
	most := int(min(6, max(2, size.X*size.Y/(c.em(4.4)*c.em(4.4))))) // more would hide a small map
	for _, t := range r.Towns {
		at := xy{t.Easting, t.Northing}
		if placed == most || !inside(r.rings, at) {
			continue
		}
		dot := on(at)
		w, h := c.measure(t.Name, st), st.size
		gap := c.em(0.4)
		point := vg.Rectangle{Min: vg.Point{X: dot.X - gap*0.7, Y: dot.Y - gap*0.7}, Max: vg.Point{X: dot.X + gap*0.7, Y: dot.Y + gap*0.7}}
		if slices.ContainsFunc(taken, func(o vg.Rectangle) bool { return overlap(o, point) > 0 }) {
			continue // it would lie on the name of a larger town
		}
		for _, try := range []vg.Point{{X: dot.X + gap, Y: dot.Y - h*0.35}, {X: dot.X - gap - w, Y: dot.Y - h*0.35},
			{X: dot.X - w/2, Y: dot.Y + gap}, {X: dot.X - w/2, Y: dot.Y - gap - h*0.75}} {
			box := vg.Rectangle{Min: vg.Point{X: try.X - 1, Y: try.Y - h*0.28}, Max: vg.Point{X: try.X + w + 1, Y: try.Y + h*0.85}}
			if box.Min.X < rect.Min.X || box.Max.X > rect.Max.X || slices.ContainsFunc(taken, func(o vg.Rectangle) bool { return overlap(o, box) > 0 }) {
				continue
			}
			if names {
				c.box(box, fade(white, 0.78))
				c.text(try, t.Name, st)
			}
			c.disc(dot, c.em(0.24), white, false)
			c.disc(dot, c.em(0.16), ink, false)
			taken = append(taken, box, point)
			placed++
			break
		}
	}
}

// overlap is the area that two boxes share.
func overlap(a, b vg.Rectangle) vg.Length {
	w := min(a.Max.X, b.Max.X) - max(a.Min.X, b.Min.X)
	h := min(a.Max.Y, b.Max.Y) - max(a.Min.Y, b.Min.Y)
	if w <= 0 || h <= 0 {
		return 0
	}
	return w * h
}

// scaleBar draws a round number of kilometres, about a quarter of the map, below it.
func (c *canvas) scaleBar(per float64, at vg.Point, r *region) {
	km := step(0, (r.high[0]-r.low[0])/1000, 5)
	end := vg.Point{X: at.X + vg.Length(per*km*1000), Y: at.Y}
	c.line(at, end, 0.8, quiet)
	for _, p := range []vg.Point{at, end} {
		c.line(p, vg.Point{X: p.X, Y: p.Y + c.em(0.3)}, 0.8, quiet)
	}
	c.text(vg.Point{X: end.X + c.em(0.5), Y: at.Y - c.em(0.05)}, Number(km, 0)+" km", c.small().times(0.9))
}
