package plots

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
)

// event is an entry, exit, merger or the like of the first run.
type event struct {
	place, scenario, kind string
	year                  int // from 1
}

// kinds are the kinds of events in the order of columns, and their words: in the data, one, several, and
// over a column. The first three are of whole organisations.
var kinds = [...]struct{ name, one, several, head string }{
	{"entry", "entry", "entries", "Entries"},
	{"exit", "exit", "exits", "Exits"},
	{"merger", "merger", "mergers", "Mergers"},
	{"merger barred", "barred merger", "barred mergers", "Mergers barred"},
	{"bail-out", "bail-out", "bail-outs", "Bail-outs"},
	{"make", "clinic opened by a system", "clinics opened by systems", "Systems’ own clinics opened"},
	{"buy", "clinic given up by a system", "clinics given up by systems", "Systems’ own clinics given up"},
	{"withdrawal", "contract moved to a rival", "contracts moved to rivals", "Contracts moved to rivals"},
	{"route", "site joined by a group", "sites joined by groups", "Sites that a group joined"},
}

// ofOrganisations is how many of the kinds are of whole organisations.
const ofOrganisations = 3

// mostKinds is the number of columns that a page has room for.
const mostKinds = 6

// counts are events by kind, in the order of kinds.
type counts [len(kinds)]int

// kindOf is the place of a kind in the list; -1 for one that is not known.
func kindOf(name string) int {
	for i, k := range kinds {
		if k.name == name {
			return i
		}
	}
	return -1
}

// events are those of the first run under the scenarios of the result.
func (b *book) events() (all []event) {
	const weeks = 52
	first := int32(1 << 30)
	for _, e := range b.Events {
		first = min(first, e.Run)
	}
	for _, e := range b.Events {
		if e.Run == first && slices.Contains(b.Meta.Scenarios, e.Scenario) {
			all = append(all, event{e.Place, e.Scenario, e.Event, int(math.Ceil(float64(e.Week+1) / weeks))})
		}
	}
	return all
}

// tally counts the events that are drawn.
type tally struct {
	columns []int                       // kinds, as in the list
	rows    []string                    // scenarios with any
	places  []string                    // with any
	years   map[[2]string]map[int][]int // by place and scenario, by kind: events by year, from year 1
	total   map[string]counts           // by scenario, over places
}

// newTally chooses what to draw: the kinds of organisations, then those with most events.
func (b *book) newTally(events []event) *tally {
	t := &tally{years: map[[2]string]map[int][]int{}, total: map[string]counts{}}
	var sums counts
	for _, e := range events {
		if k := kindOf(e.kind); k >= 0 {
			sums[k]++
		}
	}
	for k, n := range sums {
		if n > 0 {
			t.columns = append(t.columns, k)
		}
	}
	slices.SortStableFunc(t.columns, func(x, y int) int {
		return cmp.Or(boolOrder(x >= ofOrganisations)-boolOrder(y >= ofOrganisations), cmp.Compare(sums[y], sums[x]))
	})
	t.columns = t.columns[:min(mostKinds, len(t.columns))]
	slices.Sort(t.columns)
	for _, e := range events {
		k := kindOf(e.kind)
		if !slices.Contains(t.columns, k) {
			continue
		}
		at := [2]string{e.place, e.scenario}
		if t.years[at] == nil {
			t.years[at] = map[int][]int{}
		}
		if t.years[at][k] == nil {
			t.years[at][k] = make([]int, b.years+1)
		}
		t.years[at][k][min(max(e.year, 1), b.years)]++
		sum := t.total[e.scenario]
		sum[k]++
		t.total[e.scenario] = sum
	}
	for _, s := range b.Meta.Scenarios {
		if _, any := t.total[s]; any {
			t.rows = append(t.rows, s)
		}
	}
	for _, p := range b.Meta.Places {
		if slices.ContainsFunc(t.rows, func(s string) bool { return t.years[[2]string{p, s}] != nil }) {
			t.places = append(t.places, p)
		}
	}
	return t
}

// eventsFigure draws the market events of the first run: a row a scenario, a column a kind, in it a bar a
// year and the number of all years.
func (b *book) eventsFigure() *Figure {
	events := b.events()
	t := b.newTally(events)
	if len(t.places) == 0 {
		return nil
	}
	f := &Figure{Name: "12-entry-exit-merger", Command: b.Meta.Command, Source: b.Meta.source(t.rows), tall: 0.24 + 0.1*float64(len(t.places)) + 0.036*float64(len(t.rows)*len(t.places))}
	f.Title = b.eventsHeadline(t)
	what := "Market events by year and over all years, number of events"
	if len(t.rows) < len(b.Meta.Scenarios) {
		what += "; scenarios without any are left out"
	}
	f.describe(what, "number of events", b.span(), 1, "it is the first, so there is no band")
	f.Table = [][]string{{"place", "scenario", "event", "year"}}
	for _, e := range events {
		f.Table = append(f.Table, []string{e.place, e.scenario, e.kind, fmt.Sprint(e.year)})
	}
	f.Summary = [][]string{{"place", "scenario"}}
	for _, k := range t.columns {
		f.Summary[0] = append(f.Summary[0], kinds[k].several)
	}
	for _, p := range t.places {
		for _, s := range t.rows {
			row := []string{b.title(p), b.title(s)}
			for _, k := range t.columns {
				row = append(row, fmt.Sprint(sumOf(t.years[[2]string{p, s}][k])))
			}
			f.Summary = append(f.Summary, row)
		}
	}
	f.Alt = fmt.Sprintf("Small bar charts of market events by year in %s under %s. %s.", b.list(t.places), b.list(t.rows), f.Title)
	f.draw = func(c *canvas, body vg.Rectangle) { b.drawEvents(c, body, t) }
	return f
}

func sumOf(list []int) (sum int) {
	for _, n := range list {
		sum += n
	}
	return sum
}

// eventsHeadline names the scenario under which most organisations come, go and join. Where none does, or
// several do alike, it counts what is drawn over all scenarios. Only kinds that are drawn are counted.
func (b *book) eventsHeadline(t *tally) string {
	best, most, ties := "", 0, 0
	var all counts
	for _, s := range t.rows {
		n := 0
		for k, x := range t.total[s] {
			all[k] += x
			if k < ofOrganisations {
				n += x
			}
		}
		switch {
		case n > most:
			best, most, ties = s, n, 1
		case n == most && n > 0:
			ties++
		}
	}
	where := ""
	if len(t.places) > 1 {
		where = " in " + b.list(t.places)
	}
	under := ""
	if len(t.rows) > 1 {
		under = fmt.Sprintf(" under %d scenarios", len(t.rows))
	}
	switch {
	case most > 0 && ties == 1 && len(t.rows) > 1:
		return fmt.Sprintf("Organisations come, go and join most under %s: %s%s in the first run", lowerName(b.title(best)), eventWords(t.total[best], 0, ofOrganisations), where)
	case most > 0:
		return upperFirst(eventWords(all, 0, ofOrganisations)) + under + where + " in the first run"
	}
	return fmt.Sprintf("No organisation enters, leaves or merges in the first run, but there %s %s%s%s",
		map[bool]string{true: "is", false: "are"}[sumOf(all[:]) == 1], eventWords(all, ofOrganisations, len(kinds)), under, where)
}

// eventWords counts kinds in words: "1 exit and 5 mergers". Kinds without events are passed over.
func eventWords(n counts, from, to int) string {
	var parts []string
	for k := from; k < to; k++ {
		switch {
		case n[k] == 1:
			parts = append(parts, "1 "+kinds[k].one)
		case n[k] > 1:
			parts = append(parts, Number(float64(n[k]), 0)+" "+kinds[k].several)
		}
	}
	return join(parts)
}

// drawEvents lays a block a place.
func (b *book) drawEvents(c *canvas, body vg.Rectangle, t *tally) {
	label := c.normal().in(ink)
	var titles []string
	for _, s := range t.rows {
		titles = append(titles, b.title(s))
	}
	gap := c.em(1)
	left := c.rowLabels(titles, body.Max.X-body.Min.X, (body.Max.Y-body.Min.Y-c.em(6))/vg.Length((len(t.rows)+1)*len(t.places)))
	n := vg.Length(len(t.columns))
	wide := min((body.Max.X-body.Min.X-left-gap*(n-1))/n, c.em(14))
	top := body.Max.Y
	var head vg.Length
	for i, k := range t.columns {
		st := c.strong()
		head = max(head, c.lines(vg.Point{X: body.Min.X + left + vg.Length(i)*(wide+gap), Y: top}, c.balance(kinds[k].head, st, wide), st))
	}
	top -= head
	foot := c.em(1.6)
	high := (top - body.Min.Y - foot) / vg.Length(len(t.places))
	for i, p := range t.places {
		y := top - vg.Length(i)*high
		if len(b.Meta.Places) > 1 {
			c.text(vg.Point{X: body.Min.X, Y: y - c.em(1.1)}, b.title(p), c.strong())
			y -= c.em(1.5)
		}
		row := min((high-(top-vg.Length(i)*high-y)-c.em(0.6))/vg.Length(len(t.rows)), c.em(3))
		for r, s := range t.rows {
			at := y - vg.Length(r)*row
			lines := c.balance(b.title(s), label, left-c.em(0.8))
			c.lines(vg.Point{X: body.Min.X, Y: at - row/2 + leading(label)*vg.Length(len(lines))/2}, lines, label)
			for j, k := range t.columns {
				x := body.Min.X + left + vg.Length(j)*(wide+gap)
				b.drawStrip(c, vg.Rectangle{Min: vg.Point{X: x, Y: at - row*0.92}, Max: vg.Point{X: x + wide, Y: at - row*0.08}}, t.years[[2]string{p, s}][k], t.most(k))
			}
		}
		if i < len(t.places)-1 {
			continue
		}
		for j := range t.columns {
			x := body.Min.X + left + vg.Length(j)*(wide+gap)
			strip := c.strip(wide)
			middle := func(year int) vg.Length { return x + strip*(vg.Length(year)-0.5)/vg.Length(b.years) }
			base := y - vg.Length(len(t.rows))*row - c.em(1.1)
			if j == 0 {
				c.text(vg.Point{X: x - c.em(0.5), Y: base}, "Year", c.small().right())
			}
			c.wholeAxis("", b.years, middle, base, x, x+strip, c.small())
		}
	}
}

// most is the largest number of events of a kind in a year, on which its column is scaled.
func (t *tally) most(kind int) (most int) {
	for _, kinds := range t.years {
		for _, n := range kinds[kind] {
			most = max(most, n)
		}
	}
	return most
}

// strip is the part of a cell of the given width that its bars take; their sum stands beside them.
func (c *canvas) strip(wide vg.Length) vg.Length { return wide - c.em(1.9) }

// drawStrip draws the events of a cell by year, and their sum; nothing but a line where there are none.
func (b *book) drawStrip(c *canvas, r vg.Rectangle, years []int, most int) {
	strip := c.strip(r.Max.X - r.Min.X)
	c.line(r.Min, vg.Point{X: r.Min.X + strip, Y: r.Min.Y}, 0.5, rule)
	sum := sumOf(years)
	if sum == 0 {
		return
	}
	hue := c.category(c.greyOr(darkBlue, ink))
	bar := strip / vg.Length(b.years)
	c.bars = append(c.bars, axis{0, float64(most)})
	for y := 1; y < len(years); y++ {
		if years[y] == 0 {
			continue
		}
		x := r.Min.X + vg.Length(y-1)*bar
		high := max((r.Max.Y-r.Min.Y)*vg.Length(years[y])/vg.Length(most), c.em(0.12))
		c.box(vg.Rectangle{Min: vg.Point{X: x + bar*0.1, Y: r.Min.Y}, Max: vg.Point{X: x + bar*0.9, Y: r.Min.Y + high}}, hue)
	}
	c.text(vg.Point{X: r.Min.X + strip + c.em(0.35), Y: (r.Min.Y+r.Max.Y)/2 - c.em(0.34)}, Number(float64(sum), 0), c.normal().in(ink))
}
