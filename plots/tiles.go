package plots

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"gonum.org/v1/plot/vg"

	"coexist/sim/tables"
)

// tiles is who treats the patients of which hospital, in the last year of the first run.
type tiles struct {
	scenario, place string
	year            int32
	sums            map[[2]string]float64 // by group and hospital
	groups, sites   []string              // the largest, largest first
	all             map[string]float64    // patients by hospital
}

// share is the part of a hospital's patients whom a group treats.
func (t *tiles) share(group, site string) float64 {
	return t.sums[[2]string{group, site}] / t.all[site]
}

// newTiles takes the airline, or else the first scenario with flows, in the place with most of
// them; it returns nil if there are no two groups and hospitals.
func (b *book) newTiles() *tiles {
	t := &tiles{sums: map[[2]string]float64{}, all: map[string]float64{}}
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
	mine := func(f *tables.Flow) bool { return f.Scenario == t.scenario && f.Year == t.year && f.Run == first }
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
	groups := map[string]float64{}
	for i := range b.Flows {
		if f := &b.Flows[i]; mine(f) && f.Place == t.place && f.Patients > 0 {
			n := float64(f.Patients)
			t.sums[[2]string{f.Through, f.To}] += n
			groups[f.Through] += n
			t.all[f.To] += n
		}
	}
	t.groups, t.sites = largest(groups, 6), largest(t.all, 10)
	if len(t.groups) < 2 || len(t.sites) < 2 {
		return nil
	}
	return t
}

// tilesFigure draws which groups work in which hospitals: the airlines and their airports.
func (b *book) tilesFigure() *Figure {
	t := b.newTiles()
	if t == nil {
		return nil
	}
	f := &Figure{Name: "13-groups-by-hospitals", Command: b.Meta.Command, Source: b.Meta.source([]string{t.scenario}), tall: 0.32 + 0.05*float64(len(t.sites))}
	f.describe(fmt.Sprintf("Patients of each hospital by the group that treats them, %% of the hospital’s patients, %s, %s", lowerName(b.title(t.scenario)), b.title(t.place)),
		"% of the hospital’s patients", fmt.Sprintf("year %d", t.year), 1, "it is the first, so there is no band")
	shared := 0
	f.Table = [][]string{{"place", "scenario", "hospital", "group", "patients", "share"}}
	for _, site := range t.sites {
		served := 0
		for _, g := range t.groups {
			if t.share(g, site) >= 0.1 {
				served++
			}
			f.Table = append(f.Table, []string{t.place, t.scenario, site, g, cell(t.sums[[2]string{g, site}]), cell(t.share(g, site))})
		}
		if served > 1 {
			shared++
		}
	}
	f.Title = fmt.Sprintf("%d of the %d largest hospitals in %s have two or more groups with a tenth of patients each", shared, len(t.sites), b.title(t.place))
	f.Alt = fmt.Sprintf("Table of tiles, hospitals in rows and groups in columns, shaded by the share of the hospital’s patients. %s.", f.Title)
	f.draw = func(c *canvas, body vg.Rectangle) { b.drawTiles(c, body, t) }
	return f
}

// drawTiles lays a row a hospital and a column a group.
func (b *book) drawTiles(c *canvas, body vg.Rectangle, t *tiles) {
	label, head := c.normal().in(ink), c.small().in(ink)
	var titles []string
	for _, s := range t.sites {
		titles = append(titles, b.site(t.place, s))
	}
	left := c.widest(titles, label, (body.Max.X-body.Min.X)*0.3) + c.em(1)
	wide := (body.Max.X - body.Min.X - left) / vg.Length(len(t.groups))
	var used vg.Length
	for j, g := range t.groups {
		lines := c.balance(b.title(g), head, wide-c.em(0.5))
		used = max(used, c.lines(vg.Point{X: body.Min.X + left + vg.Length(j)*wide, Y: body.Max.Y}, lines, head))
	}
	top := body.Max.Y - used - c.em(0.4)
	high := min((top-body.Min.Y)/vg.Length(len(t.sites)), c.em(3.2))
	for i, site := range t.sites {
		y := top - vg.Length(i)*high
		lines := c.balance(titles[i], label, left-c.em(0.8))
		c.lines(vg.Point{X: body.Min.X, Y: y - high/2 + leading(label)*vg.Length(len(lines))/2}, lines, label)
		for j, g := range t.groups {
			share := t.share(g, site)
			scale := viridis
			if c.theme.grey {
				scale = greys
			}
			colour := scale.at(1 - share)
			if share == 0 {
				colour = land
			}
			tile := vg.Rectangle{Min: vg.Point{X: body.Min.X + left + vg.Length(j)*wide, Y: y - high + 1}}
			tile.Max = vg.Point{X: tile.Min.X + wide - 1, Y: y}
			c.box(tile, colour)
			if share > 0 {
				c.text(vg.Point{X: (tile.Min.X + tile.Max.X) / 2, Y: (tile.Min.Y+tile.Max.Y)/2 - c.em(0.34)}, Number(100*share, 0)+"%", c.normal().in(textOn(colour)).centre())
			}
		}
	}
}

// site is the name of a hospital by its code.
func (b *book) site(where, code string) string {
	if p := b.Places[where]; p != nil {
		for i := range p.Hospitals {
			if p.Hospitals[i].Code == code {
				return p.Hospitals[i].Name
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
