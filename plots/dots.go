package plots

import (
	"fmt"
	"image/color"
	"maps"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
)

// chart is a table of small panels that share rows: a column an outcome, each with its own scale.
type chart struct {
	key     []entry // what the marks mean
	blocks  []block
	columns []aspect
	zero    bool      // values are differences: draw the line of no difference
	head    vg.Length // height of the headings, where charts below each other share it; 0: what they need
}

// entry is one line of the key.
type entry struct {
	text string
	mark mark
}

// block is a part of a chart with a title, such as a place.
type block struct {
	title string
	rows  []string
	heads map[int]string // headings over a row
	marks [][]mark       // by column
}

// mark is one estimate in a row.
type mark struct {
	row    int
	offset float64 // from the middle of the row, in rows, up
	Interval
	look    look
	hollow  bool
	diamond bool
	square  bool
	small   bool // one run among several: a point without interval
	line    bool // in the key: the line of a series
}

// apart is the room between blocks, in rows.
const apart = 0.35

// headRows is the height of a heading over a row, in rows.
const headRows = 1

// draw lays the chart into the body.
func (ch *chart) draw(c *canvas, body vg.Rectangle) {
	rows := 0.0
	for _, bl := range ch.blocks {
		rows += float64(len(bl.rows)) + headRows*float64(len(bl.heads))
		if bl.title != "" {
			rows++
		}
		rows += apart
	}
	top := body.Max.Y
	if len(ch.key) > 0 {
		top -= c.em(2) + ch.drawKey(c, vg.Point{X: body.Min.X, Y: top - c.em(0.6)}, body.Max.X)
	}
	var names []string
	for _, bl := range ch.blocks {
		names = append(names, bl.rows...)
	}
	left := c.rowLabels(names, body.Max.X-body.Min.X, (top-body.Min.Y-c.em(6))/vg.Length(rows))
	gap := c.em(1.5)
	n := vg.Length(len(ch.columns))
	wide := (body.Max.X - body.Min.X - left - gap*(n-1)) / n
	head := ch.headings(c, body.Min.X+left, wide, gap, top)
	rows -= apart // none after the last block
	bottom := body.Min.Y + c.em(1.4)
	high := (top - head - bottom) / vg.Length(rows)
	high = min(high, c.em(4))
	if c.size.Fixed && len(names) <= 6 {
		high = min((top-head-bottom)/vg.Length(rows), c.em(9)) // few rows on a page that cannot be lower
	}
	scales, size := make([]scale, len(ch.columns)), c.small().size
	for i, a := range ch.columns {
		scales[i] = c.across(ch.scale(i), a.unit, wide)
		size = min(size, scales[i].st.size)
	}
	for i := range scales {
		scales[i].st.size = size // smaller labels fit too
	}
	c.dot = ch.dotSize(c, high)
	y := top - head
	for bi, bl := range ch.blocks {
		if bl.title != "" {
			c.text(vg.Point{X: body.Min.X, Y: y - high*0.62}, bl.title, c.strong())
			y -= high
		}
		last := bi == len(ch.blocks)-1
		y = ch.drawBlock(c, bl, vg.Rectangle{Min: vg.Point{X: body.Min.X, Y: 0}, Max: vg.Point{X: body.Max.X, Y: y}}, left, gap, high, scales, last)
	}
}

// dotSize is the radius of marks in rows of the given height: smaller where several share a low row.
func (ch *chart) dotSize(c *canvas, high vg.Length) vg.Length {
	near := 1.0 // least distance between marks of a row, in rows
	for _, bl := range ch.blocks {
		for _, marks := range bl.marks {
			for i := 1; i < len(marks); i++ {
				if d := math.Abs(marks[i].offset - marks[i-1].offset); marks[i].row == marks[i-1].row && d > 0 {
					near = math.Min(near, d)
				}
			}
		}
	}
	return max(c.em(0.24), min(c.em(0.36), 0.62*vg.Length(near)*high))
}

// rowLabels is the width of the column of names before rows of about the given height, with its gap. Names
// are wrapped, unless rows are too low for two lines.
func (c *canvas) rowLabels(names []string, page, high vg.Length) vg.Length {
	label, wrapped := c.normal().in(ink), 0.24*page
	if high < 2*leading(label) {
		wrapped = 0.34 * page
	}
	return c.widest(names, label, wrapped) + c.em(1)
}

// headings writes the titles of the columns, their unit and the better side; it returns the height.
func (ch *chart) headings(c *canvas, x, wide, gap, top vg.Length) vg.Length {
	var most vg.Length
	for i, a := range ch.columns {
		at := vg.Point{X: x + vg.Length(i)*(wide+gap), Y: top}
		used := c.lines(at, c.balance(a.short, c.strong(), wide), c.strong())
		at.Y -= used
		under := c.balance(a.unit.Axis, c.small(), wide)
		switch {
		case a.better > 0:
			under = append(under, "more is better →")
		case a.better < 0:
			under = append(under, "← less is better")
		}
		used += c.lines(at, under, c.small())
		most = max(most, used)
	}
	return max(most+c.em(0.6), ch.head)
}

// drawKey explains the marks, wrapped before right, and returns the height of the lines after the first.
func (ch *chart) drawKey(c *canvas, at vg.Point, right vg.Length) (more vg.Length) {
	left := at.X
	for _, e := range ch.key {
		wide := c.em(1.2) + c.measure(e.text, c.normal())
		if at.X > left && at.X+wide > right {
			at = vg.Point{X: left, Y: at.Y - leading(c.normal())}
			more += leading(c.normal())
		}
		if e.mark.line {
			c.line(vg.Point{X: at.X - c.em(0.2), Y: at.Y + c.em(0.33)}, vg.Point{X: at.X + c.em(1), Y: at.Y + c.em(0.33)}, e.mark.look.width, c.category(e.mark.look.color), e.mark.look.dash...)
		} else {
			c.drawMark(vg.Point{X: at.X + c.em(0.4), Y: at.Y + c.em(0.33)}, e.mark)
		}
		c.text(vg.Point{X: at.X + c.em(1.2), Y: at.Y}, e.text, c.normal().in(ink))
		at.X += wide + c.em(1.6)
	}
	return more
}

// drawMark draws the shape of a mark.
func (c *canvas) drawMark(at vg.Point, m mark) {
	r := c.dot
	if r == 0 {
		r = c.em(0.36)
	}
	switch {
	case m.small:
		c.disc(at, r*0.6, fade(m.look.color, 0.55), false)
	case m.diamond:
		c.diamond(at, r, c.category(m.look.color))
	case m.square:
		c.square(at, r, c.category(m.look.color))
	default:
		c.disc(at, r, c.category(m.look.color), m.hollow)
	}
}

// drawBlock draws the rows of a block below r.Max.Y and returns where they end.
func (ch *chart) drawBlock(c *canvas, bl block, r vg.Rectangle, left, gap, high vg.Length, scales []scale, last bool) vg.Length {
	n := vg.Length(len(scales))
	wide := (r.Max.X - r.Min.X - left - gap*(n-1)) / n
	centre := make([]vg.Length, len(bl.rows))
	y := r.Max.Y
	for i := range bl.rows {
		if h := bl.heads[i]; h != "" {
			c.text(vg.Point{X: r.Min.X, Y: y - high*headRows*0.62}, h, c.small().in(quiet))
			y -= high * headRows
		}
		centre[i] = y - high/2
		y -= high
	}
	label := c.normal().in(ink)
	for i, row := range bl.rows {
		lines := c.balance(row, label, left-c.em(0.9))
		c.lines(vg.Point{X: r.Min.X, Y: centre[i] + leading(label)*vg.Length(len(lines))/2}, lines, label)
	}
	for col, s := range scales {
		x := r.Min.X + left + vg.Length(col)*(wide+gap)
		v := &view{canvas: c, across: s.axis, up: axis{0, 1},
			Rectangle: vg.Rectangle{Min: vg.Point{X: x, Y: y}, Max: vg.Point{X: x + wide, Y: r.Max.Y}}}
		for i := range bl.rows {
			c.line(vg.Point{X: x, Y: centre[i]}, vg.Point{X: x + wide, Y: centre[i]}, 0.4, rule)
		}
		v.values(s, ch.zero, last)
		for _, m := range bl.marks[col] {
			v.interval(m, centre[m.row]+high*vg.Length(m.offset))
		}
	}
	return y - high*apart
}

// interval draws a mark with its bar at a height.
func (v *view) interval(m mark, y vg.Length) {
	if !m.Known() {
		return
	}
	at := vg.Point{X: v.x(m.Mid), Y: y}
	if !m.small && m.Low == m.Low && m.High == m.High {
		v.line(vg.Point{X: v.x(m.Low), Y: y}, vg.Point{X: v.x(m.High), Y: y}, v.em(0.14), m.look.color)
	}
	v.drawMark(at, m)
}

// scale is the common range of a column over all blocks.
func (ch *chart) scale(col int) axis {
	low, high := math.Inf(1), math.Inf(-1)
	if ch.zero {
		low, high = 0, 0
	}
	for _, bl := range ch.blocks {
		for _, m := range bl.marks[col] {
			if m.small {
				m.Low, m.High = m.Mid, m.Mid
			}
			for _, value := range []float64{m.Mid, m.Low, m.High} {
				if !math.IsNaN(value) {
					low, high = math.Min(low, value), math.Max(high, value)
				}
			}
		}
	}
	if math.IsInf(low, 0) {
		low, high = 0, 1
	}
	if low == high {
		low, high = low-0.5, high+0.5
	}
	pad := 0.06 * (high - low)
	return axis{low - pad, high + pad}
}

// armsFigure draws the core arms: integration in rows, competition as two marks.
func (b *book) armsFigure() *Figure {
	aspects := b.aspects()
	places := b.placesWith(aspects[0].measure)
	arms := b.arms()
	if len(arms) == 0 || len(places) == 0 {
		return nil
	}
	f := &Figure{Name: "05-arms", Command: b.Meta.Command, Source: b.Meta.source(arms), tall: 0.3 + 0.22*float64(len(places))}
	f.Title = b.armHeadline(aspects[0], aspects[3], places)
	f.describe("Outcomes of the six arms that differ only in competition and integration, each in its unit", "each in its unit", b.window(), b.Meta.Runs, bars90(b.Meta.Runs))
	f.Table = [][]string{{"place", "integration", "competition", "scenario", "measure", "unit", "median", "low_5", "high_95", "runs"}}
	levels := []struct{ name, title string }{{"none", "No integration"}, {"virtual", "Virtual"}, {"real", "Real"}}
	for _, p := range places {
		for _, l := range levels {
			for _, comp := range []string{"closed", "open"} {
				for _, a := range aspects {
					i := b.lateBand(key{p, "arm-" + comp + "-" + l.name, a.measure, "all"}, a.scale)
					f.Table = append(f.Table, []string{p, l.name, comp, "arm-" + comp + "-" + l.name, a.measure, a.unit.Axis, cell(i.Mid), cell(i.Low), cell(i.High), fmt.Sprint(b.Meta.Runs)})
				}
			}
		}
	}
	f.Alt = fmt.Sprintf("Dot and interval chart of choice, quality, cost and fragmentation in %s, by integration (none, virtual, real) and competition (closed, open). %s.", b.list(places), f.Title)
	f.draw = func(c *canvas, body vg.Rectangle) {
		closed, open := look{color: further}, look{color: darkBlue}
		if c.theme.grey {
			open.color = ink
		}
		ch := &chart{columns: aspects, key: []entry{{"closed to competition", mark{look: closed, hollow: true}}, {"open to competition", mark{look: open}}}}
		for _, p := range places {
			bl := block{title: b.blockTitle(p, places), marks: make([][]mark, len(aspects))}
			for row, l := range levels {
				bl.rows = append(bl.rows, l.title)
				for col, a := range aspects {
					shut := b.lateBand(key{p, "arm-closed-" + l.name, a.measure, "all"}, a.scale)
					free := b.lateBand(key{p, "arm-open-" + l.name, a.measure, "all"}, a.scale)
					bl.marks[col] = append(bl.marks[col],
						mark{row: row, Interval: free, look: open, offset: -0.16},
						mark{row: row, Interval: shut, look: closed, hollow: true, offset: 0.16})
				}
			}
			ch.blocks = append(ch.blocks, bl)
		}
		ch.draw(c, body)
	}
	return f
}

func bars90(runs int) string {
	if runs < 2 {
		return "one run shows no spread, so there are no bars"
	}
	return "dots are medians, bars hold the middle 90% of runs"
}

func bars95(runs int) string {
	if runs < 2 {
		return "one run shows no spread, so there are no bars"
	}
	return "dots are means of paired differences, bars 95% confidence intervals"
}

// compared are the scenarios that can be compared with the base, named ones first.
func (b *book) compared(arms bool) []string {
	var names []string
	for _, s := range b.named() {
		if s != b.Meta.Base {
			names = append(names, s)
		}
	}
	if arms {
		names = append(names, b.arms()...)
	}
	return names
}

// hasBase reports whether the base was run at all.
func (b *book) hasBase() bool {
	for k := range b.series {
		if k.scenario == b.Meta.Base {
			return true
		}
	}
	return false
}

// glanceFigure draws the four outcomes side by side as differences from the base.
func (b *book) glanceFigure() *Figure {
	aspects := b.aspects()
	places := b.placesWith(aspects[0].measure)
	shown := b.compared(true)
	if len(shown) == 0 || len(places) == 0 || !b.hasBase() {
		return nil
	}
	f := &Figure{Name: "06-four-outcomes", Command: b.Meta.Command, Source: b.Meta.source(append([]string{b.Meta.Base}, shown...)), tall: 0.3 + 0.05*float64(len(shown))}
	f.Title = b.glanceHeadline(aspects, places, shown)
	f.describe("Difference from the "+lowerFirst(b.title(b.Meta.Base))+", each outcome in its unit", "each outcome in its unit", b.window(), b.Meta.Runs, bars95(b.Meta.Runs))
	f.Table = b.differenceTable(aspects, places, shown)
	f.Alt = fmt.Sprintf("Dot and interval chart of the difference from the %s in choice, quality, cost and fragmentation, for %s in %s. %s.", lowerFirst(b.title(b.Meta.Base)), count(len(shown), "scenario"), b.list(places), f.Title)
	f.draw = func(c *canvas, body vg.Rectangle) {
		ch := &chart{columns: aspects, zero: true}
		marks := b.placeMarks(c, places)
		bl := block{heads: map[int]string{}, marks: make([][]mark, len(aspects))}
		for row, s := range shown {
			if strings.HasPrefix(s, "arm-") && (row == 0 || !strings.HasPrefix(shown[row-1], "arm-")) {
				bl.heads[row] = "Core arms"
			}
			bl.rows = append(bl.rows, b.title(s))
			for col, a := range aspects {
				for i, p := range places {
					m := marks[i]
					m.row, m.Interval = row, b.difference(key{p, s, a.measure, "all"}, b.Meta.Base, a.scale)
					m.offset = 0.36 * (float64(len(places)-1)/2 - float64(i)) / math.Max(1, float64(len(places)-1))
					bl.marks[col] = append(bl.marks[col], m)
				}
			}
		}
		ch.key = b.placeKey(places, marks)
		ch.blocks = []block{bl}
		ch.draw(c, body)
	}
	return f
}

// placeMarks gives each place a colour and a shape; the first colours are those that no named system has.
func (b *book) placeMarks(c *canvas, places []string) []mark {
	colours := []color.NRGBA{darkPink, lightPlum, darkGrey, darkBlue, orange, further}
	if c.theme.grey {
		colours = nil
		for i := range places {
			colours = append(colours, greys.at(float64(i)/math.Max(2, float64(len(places)))))
		}
	}
	var marks []mark
	for i := range places {
		marks = append(marks, mark{look: look{color: colours[i%len(colours)]}, diamond: i%2 == 1})
	}
	return marks
}

// placeKey explains the marks of places; one alone needs no key.
func (b *book) placeKey(places []string, marks []mark) (key []entry) {
	if len(places) < 2 {
		return nil
	}
	for i, p := range places {
		key = append(key, entry{b.title(p), marks[i]})
	}
	return key
}

// blockTitle is the name of a place over its rows; one alone needs none.
func (b *book) blockTitle(place string, places []string) string {
	if len(places) < 2 {
		return ""
	}
	return b.title(place)
}

func (b *book) differenceTable(aspects []aspect, places, shown []string) [][]string {
	table := [][]string{{"place", "scenario", "base", "measure", "unit", "difference", "low_95", "high_95", "pairs"}}
	for _, p := range places {
		for _, s := range shown {
			for _, a := range aspects {
				k := key{p, s, a.measure, "all"}
				d := b.difference(k, b.Meta.Base, a.scale)
				table = append(table, []string{p, s, b.Meta.Base, a.measure, a.unit.Axis, cell(d.Mid), cell(d.Low), cell(d.High), fmt.Sprint(len(b.pairs(k, b.Meta.Base, a.scale)))})
			}
		}
	}
	return table
}

// pairsFigure shows every pair of runs, so that one sees what the intervals are made of.
func (b *book) pairsFigure() *Figure {
	aspects := b.aspects()
	places := b.placesWith(aspects[0].measure)
	shown := b.compared(false)
	if len(shown) == 0 {
		shown = b.compared(true)
	}
	if len(shown) == 0 || len(places) == 0 || !b.hasBase() {
		return nil
	}
	rows := float64(len(shown) * len(places))
	f := &Figure{Name: "08-paired-differences", Command: b.Meta.Command, Source: b.Meta.source(append([]string{b.Meta.Base}, shown...)), tall: 0.34 + 0.06*min(12, rows) + 0.045*max(0, rows-12)}
	f.Title = b.pairHeadline(aspects, places, shown)
	f.describe("Difference from the "+lowerFirst(b.title(b.Meta.Base))+" between runs of the same people with the same luck, each outcome in its unit", "each outcome in its unit", b.window(), b.Meta.Runs, "faint dots are pairs of runs; "+bars95(b.Meta.Runs))
	f.Table = [][]string{{"place", "scenario", "base", "measure", "unit", "run", "difference"}}
	for _, p := range places {
		for _, s := range shown {
			for _, a := range aspects {
				pairs := b.pairs(key{p, s, a.measure, "all"}, b.Meta.Base, a.scale)
				for _, run := range slices.Sorted(maps.Keys(pairs)) {
					f.Table = append(f.Table, []string{p, s, b.Meta.Base, a.measure, a.unit.Axis, fmt.Sprint(run), cell(pairs[run])})
				}
			}
		}
	}
	f.Alt = fmt.Sprintf("Dot chart of the difference of each pair of runs from the %s for %s in %s. %s.", lowerFirst(b.title(b.Meta.Base)), b.list(shown), b.list(places), f.Title)
	f.draw = func(c *canvas, body vg.Rectangle) {
		looks := b.looks(append([]string{b.Meta.Base}, shown...), c.theme, "")
		ch := &chart{columns: aspects, zero: true}
		for _, p := range places {
			bl := block{title: b.blockTitle(p, places), marks: make([][]mark, len(aspects))}
			for row, s := range shown {
				bl.rows = append(bl.rows, b.title(s))
				for col, a := range aspects {
					k := key{p, s, a.measure, "all"}
					for _, v := range inOrder(b.pairs(k, b.Meta.Base, a.scale)) {
						bl.marks[col] = append(bl.marks[col], mark{row: row, offset: -0.2, Interval: Interval{v, math.NaN(), math.NaN()}, look: looks[s], small: true})
					}
					bl.marks[col] = append(bl.marks[col], mark{row: row, offset: 0.14, Interval: b.difference(k, b.Meta.Base, a.scale), look: looks[s]})
				}
			}
			ch.blocks = append(ch.blocks, bl)
		}
		ch.draw(c, body)
	}
	return f
}
