package plots

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"gonum.org/v1/plot/vg"

	"coexist/sim/tables"
)

// enough is the part of a hospital's patients in a specialty from which a group counts as there.
const enough = 0.1

// tiles is which groups treat the patients of which hospital in each specialty, in the last year
// of the first run.
type tiles struct {
	scenario, place string
	year            int32
	sums            map[[3]string]float64 // by hospital, specialty and group
	all             map[[2]string]float64 // patients by hospital and specialty
	groups          map[string]bool
	sites, lines    []string // the largest, largest first
}

// there counts the groups with enough of the patients of a hospital in a specialty, and gives the
// part of the largest.
func (t *tiles) there(site, line string) (n int, most float64) {
	all := t.all[[2]string{site, line}]
	for g := range t.groups {
		if share := t.sums[[3]string{site, line, g}] / all; all > 0 {
			if share >= enough {
				n++
			}
			most = max(most, share)
		}
	}
	return n, most
}

// newTiles takes the airline, or else the first scenario with flows, in the place with most of
// them; it returns nil if there are no two groups and hospitals.
func (b *book) newTiles() *tiles {
	t := &tiles{sums: map[[3]string]float64{}, all: map[[2]string]float64{}, groups: map[string]bool{}}
	for _, s := range slices.Concat([]string{"airline"}, b.named(), b.arms()) {
		if t.scenario == "" && slices.ContainsFunc(b.Flows, func(f tables.Flow) bool { return f.Scenario == s }) {
			t.scenario = s
		}
	}
	first := int32(1 << 30)
	for i := range b.Flows {
		if f := &b.Flows[i]; f.Scenario == t.scenario {
			t.year, first = max(t.year, f.Year), min(first, f.Run)
		}
	}
	mine := func(f *tables.Flow) bool {
		return f.Scenario == t.scenario && f.Year == t.year && f.Run == first && !f.OfArea() && f.Patients > 0
	}
	at := map[string]float64{}
	for i := range b.Flows {
		if f := &b.Flows[i]; mine(f) {
			at[f.Place] += float64(f.Patients)
		}
	}
	if len(at) == 0 {
		return nil
	}
	t.place = largest(at, 1)[0]
	sites, lines := map[string]float64{}, map[string]float64{}
	for i := range b.Flows {
		if f := &b.Flows[i]; mine(f) && f.Place == t.place {
			n := float64(f.Patients)
			t.sums[[3]string{f.To, f.Line, f.Through}] += n
			t.all[[2]string{f.To, f.Line}] += n
			t.groups[f.Through] = true
			sites[f.To] += n
			lines[f.Line] += n
		}
	}
	t.sites, t.lines = largest(sites, 10), largest(lines, 8)
	if len(t.groups) < 2 || len(t.sites) < 2 {
		return nil
	}
	return t
}

// tilesFigure draws how many groups share each hospital in each specialty: the airlines that serve
// each airport.
func (b *book) tilesFigure() *Figure {
	t := b.newTiles()
	if t == nil {
		return nil
	}
	f := &Figure{Name: "13-groups-by-hospitals", Command: b.Meta.Command, Source: b.Meta.source([]string{t.scenario}), tall: 0.36 + 0.052*float64(len(t.sites))}
	f.describe(fmt.Sprintf("Organisations with a tenth or more of a hospital’s patients in a specialty, and the largest one’s part, %% of the hospital’s patients in it, %s, %s", lowerName(b.title(t.scenario)), b.title(t.place)),
		"% of the hospital’s patients", fmt.Sprintf("year %d", t.year), 1, "it is the first, so there is no band")
	shared, single, all := 0, 0, 0
	largestShare, patients := 0.0, 0.0
	f.Table = [][]string{{"place", "scenario", "hospital", "specialty", "organisations", "largest_share", "patients"}}
	for _, site := range t.sites {
		for _, line := range t.lines {
			n, most := t.there(site, line)
			people := t.all[[2]string{site, line}]
			if people == 0 {
				continue
			}
			all++
			switch {
			case n > 1:
				shared++
			case n == 1:
				single++
			}
			largestShare += most * people
			patients += people
			f.Table = append(f.Table, []string{t.place, t.scenario, site, line, fmt.Sprint(n), cell(most), cell(people)})
		}
	}
	where := fmt.Sprintf("at the %d largest hospitals in %s", len(t.sites), b.title(t.place))
	switch {
	case shared*2 >= all:
		f.Title = fmt.Sprintf("%s: rivals share %s %s; the largest treats %s%% of patients on average", b.title(t.scenario), outOf(shared, all, "services"), where, Number(100*largestShare/patients, 0))
	default:
		f.Title = fmt.Sprintf("%s: one organisation treats nearly all patients in %s %s", b.title(t.scenario), outOf(single, all, "services"), where)
	}
	f.Alt = fmt.Sprintf("Table of tiles, hospitals in rows and specialties in columns, with the number of organisations that share each and the part of the largest. %s.", f.Title)
	f.draw = func(c *canvas, body vg.Rectangle) { b.drawTiles(c, body, t) }
	return f
}

// drawTiles lays a row a hospital and a column a specialty.
func (b *book) drawTiles(c *canvas, body vg.Rectangle, t *tiles) {
	label, head := c.normal().in(ink), c.small().times(0.9).in(ink)
	c.text(vg.Point{X: body.Min.X, Y: body.Max.Y - c.em(0.7)}, "In a tile: number of organisations, then the largest one’s part; the darker, the larger the part", c.small())
	body.Max.Y -= c.em(1.8)
	var titles []string
	for _, s := range t.sites {
		titles = append(titles, b.site(t.place, s))
	}
	left := c.widest(titles, label, (body.Max.X-body.Min.X)*0.27) + c.em(1)
	wide := (body.Max.X - body.Min.X - left) / vg.Length(len(t.lines))
	var used vg.Length
	for j, line := range t.lines {
		lines := c.balance(b.title(line), head, wide-c.em(0.3))
		used = max(used, c.lines(vg.Point{X: body.Min.X + left + (vg.Length(j)+0.5)*wide, Y: body.Max.Y}, lines, head.centre()))
	}
	top := body.Max.Y - used - c.em(0.4)
	high := min((top-body.Min.Y)/vg.Length(len(t.sites)), c.em(4.4))
	for i, site := range t.sites {
		y := top - vg.Length(i)*high
		lines := c.balance(titles[i], label, left-c.em(0.8))
		c.lines(vg.Point{X: body.Min.X, Y: y - high/2 + leading(label)*vg.Length(len(lines))/2}, lines, label)
		for j, line := range t.lines {
			n, most := t.there(site, line)
			colour := c.theme.scale().at(1 - most)
			if n == 0 {
				colour = land
			}
			tile := vg.Rectangle{Min: vg.Point{X: body.Min.X + left + vg.Length(j)*wide, Y: y - high + 1}}
			tile.Max = vg.Point{X: tile.Min.X + wide - 1, Y: y}
			c.box(tile, colour)
			if n == 0 {
				continue
			}
			on := textOn(colour)
			middle := vg.Point{X: (tile.Min.X + tile.Max.X) / 2, Y: (tile.Min.Y + tile.Max.Y) / 2}
			strong := c.strong().in(on).centre()
			if high < c.em(2.4) { // too low for two lines
				c.text(vg.Point{X: middle.X, Y: middle.Y - c.em(0.3)}, fmt.Sprintf("%d: %s%%", n, Number(100*most, 0)), c.small().in(on).centre())
				continue
			}
			c.text(vg.Point{X: middle.X, Y: middle.Y + c.em(0.2)}, fmt.Sprint(n), strong)
			c.text(vg.Point{X: middle.X, Y: middle.Y - c.em(0.9)}, Number(100*most, 0)+"%", c.small().in(on).centre())
		}
	}
}

// site is the name of a hospital by its code.
func (b *book) site(where, code string) string {
	if p := b.Places[where]; p != nil {
		for i := range p.Hospitals {
			if p.Hospitals[i].Code == code {
				return typeset(p.Hospitals[i].Name)
			}
		}
	}
	return b.title(code)
}

// largest returns the n names with the largest values, largest first.
func largest(values map[string]float64, n int) []string {
	names := slices.SortedFunc(maps.Keys(values), func(a, b string) int {
		return cmp.Or(cmp.Compare(values[b], values[a]), cmp.Compare(a, b))
	})
	return names[:min(n, len(names))]
}
