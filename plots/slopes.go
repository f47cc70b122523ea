package plots

import (
	"fmt"
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
)

// fifths and settlings are the groups along which slopes run, the most deprived first.
var (
	fifths    = []string{"deprivation:1", "deprivation:2", "deprivation:3", "deprivation:4", "deprivation:5"}
	settlings = []string{"rurality:rural", "rurality:urban"}
)

// avoidable is the outcome whose gap between rich and poor areas the headline is about.
var avoidable = aspect{measure: "avoidable_admissions", name: "avoidable admissions", title: "Avoidable emergency admissions", short: "Avoidable admissions",
	unit: Unit{Axis: "per 1,000 a year"}, scale: 1, better: -1}

// gaps returns, by pair of runs, how much more than under the base the most deprived fifth has
// than the least deprived.
func (b *book) gaps(place, scenario string, a aspect) []float64 {
	end := func(s, group string) map[int32]float64 { return b.late(key{place, s, a.measure, group}, a.scale) }
	most, least := end(scenario, fifths[0]), end(scenario, fifths[4])
	most0, least0 := end(b.Meta.Base, fifths[0]), end(b.Meta.Base, fifths[4])
	both := map[int32]float64{}
	for run, v := range most {
		l, ok := least[run]
		v0, ok0 := most0[run]
		l0, ok1 := least0[run]
		if ok && ok0 && ok1 {
			both[run] = (v - l) - (v0 - l0)
		}
	}
	return inOrder(both)
}

// slopesFigure draws outcomes by deprivation and rurality: a line a scenario.
func (b *book) slopesFigure() *Figure {
	var columns []aspect
	for _, a := range append(b.aspects(), avoidable) {
		if a.name == "cost" { // of a group it holds an equal share of most costs
			continue
		}
		if slices.ContainsFunc(b.Meta.Places, func(p string) bool {
			return slices.ContainsFunc(b.Meta.Scenarios, func(s string) bool { return b.series[key{p, s, a.measure, fifths[0]}] != nil })
		}) {
			columns = append(columns, a)
		}
	}
	if len(columns) == 0 {
		return nil
	}
	places := b.placesWith(columns[0].measure)
	shown := b.named()
	if len(shown) == 0 {
		shown = b.Meta.Scenarios
	}
	shown = b.featured(shown, 4)
	if len(places) == 0 {
		return nil
	}
	f := &Figure{Name: "18-equity", Command: b.Meta.Command, Source: b.Meta.source(shown), tall: 0.3 + 0.3*float64(len(places))}
	f.Title = b.gapHeadline(places, shown)
	band := "points are medians of runs and have no band"
	switch {
	case b.Meta.Runs < 2:
		band = "one run shows no spread, so there is no band"
	case f.Title != noGap:
		band += "; the headline is true to 95% confidence intervals"
	}
	f.describe("Outcomes by deprivation of the area, from the most (1) to the least deprived fifth (5), and rural (R) and urban (U), each in its unit", "each in its unit",
		b.window(), b.Meta.Runs, band)
	f.Table = [][]string{{"place", "scenario", "group", "measure", "unit", "median", "low_5", "high_95"}}
	for _, p := range places {
		for _, s := range shown {
			for _, g := range slices.Concat(fifths, settlings) {
				for _, a := range columns {
					i := b.lateBand(key{p, s, a.measure, g}, a.scale)
					f.Table = append(f.Table, []string{p, s, g, a.measure, a.unit.Axis, cell(i.Mid), cell(i.Low), cell(i.High)})
				}
			}
		}
	}
	f.Alt = fmt.Sprintf("Slope chart of outcomes from the most to the least deprived fifth and for rural and urban people under %s in %s. %s.", b.list(shown), b.list(places), f.Title)
	f.draw = func(c *canvas, body vg.Rectangle) { b.drawSlopes(c, body, columns, places, shown) }
	return f
}

// noGap is the headline where there is nothing to compare.
const noGap = "Outcomes by deprivation and rurality"

// gapHeadline says under which scenario the gap in avoidable admissions clearly narrows or widens most.
func (b *book) gapHeadline(places, shown []string) string {
	base := lowerFirst(b.title(b.Meta.Base))
	best, at, size, known := "", "", 0.0, false
	for _, s := range shown {
		for _, p := range places {
			if s == b.Meta.Base {
				continue
			}
			d := mean(b.gaps(p, s, avoidable))
			known = known || !math.IsNaN(d.Low)
			if d.Clear() != 0 && math.Abs(d.Mid) > math.Abs(size) {
				best, at, size = s, p, d.Mid
			}
		}
	}
	switch {
	case !known:
		return noGap
	case best == "":
		return "No scenario clearly narrows or widens the deprivation gap in avoidable admissions"
	}
	verb := "narrows"
	if size > 0 {
		verb = "widens"
	}
	return fmt.Sprintf("%s: the deprivation gap in avoidable admissions %s by %s per 1,000 people in %s against the %s",
		b.title(best), verb, Unit{}.short(math.Abs(size)), b.title(at), base)
}

// drawSlopes lays a row of panels a place, a column an outcome; all panels of a column share a scale.
func (b *book) drawSlopes(c *canvas, body vg.Rectangle, columns []aspect, places, shown []string) {
	looks := b.looks(shown, c.theme, "")
	ch := &chart{}
	for i, s := range shown {
		ch.key = append(ch.key, entry{b.title(s), mark{look: looks[s], diamond: i == 1, hollow: i == 2, square: i == 3}})
	}
	more := ch.drawKey(c, vg.Point{X: body.Min.X, Y: body.Max.Y - c.em(0.6)}, body.Max.X)
	top := body.Max.Y - c.em(1.8) - more
	gap := c.em(1.6)
	n := vg.Length(len(columns))
	wide := (body.Max.X - body.Min.X - gap*(n-1)) / n
	high := (top - body.Min.Y) / vg.Length(len(places))
	for col, a := range columns {
		up := b.slopeScale(a, places, shown)
		at := ticksAbove(a.floor, up, 4)
		text := tickLabels(at, a.unit)
		left := c.em(0.5)
		for _, t := range text {
			left = max(left, c.measure(t, c.normal())+c.em(0.7))
		}
		for row, p := range places {
			x, y := body.Min.X+vg.Length(col)*(wide+gap), top-vg.Length(row)*high
			if len(places) == 1 {
				y += c.em(1.2)
			} else {
				y -= c.em(0.5)
				if col == 0 {
					c.text(vg.Point{X: body.Min.X, Y: y - c.em(1.1)}, b.title(p), c.strong())
				}
			}
			c.lines(vg.Point{X: x, Y: y - c.em(1.5)}, []string{a.short}, c.normal().in(ink))
			c.lines(vg.Point{X: x, Y: y - c.em(2.7)}, []string{a.unit.Axis}, c.small())
			v := &view{canvas: c, across: axis{0.7, 7.5}, up: up,
				Rectangle: vg.Rectangle{Min: vg.Point{X: x + left, Y: top - vg.Length(row+1)*high + c.em(1.9)}, Max: vg.Point{X: x + wide, Y: y - c.em(4.4)}}}
			v.grid(at, text, true)
			for i, mark := range []string{"1", "2", "3", "4", "5", "R", "U"} {
				v.text(vg.Point{X: v.x(slopeX(i)), Y: v.Min.Y - c.em(1.2)}, mark, c.small().centre())
			}
			for i, s := range shown {
				v.slope(b, a, p, s, fifths, 0, looks[s], ch.key[i].mark)
				v.slope(b, a, p, s, settlings, 5, looks[s], ch.key[i].mark)
			}
		}
	}
}

// slopeX is where a group stands: the fifths at 1 to 5, rural and urban behind a gap.
func slopeX(i int) float64 {
	if i < 5 {
		return float64(i + 1)
	}
	return float64(i) + 1.2
}

// slope draws one line with its points.
func (v *view) slope(b *book, a aspect, place, scenario string, names []string, from int, l look, m mark) {
	var xys plotter.XYs
	for i, g := range names {
		if mid := b.lateBand(key{place, scenario, a.measure, g}, a.scale).Mid; !math.IsNaN(mid) {
			xys = append(xys, plotter.XY{X: slopeX(from + i), Y: mid})
		}
	}
	if line, err := plotter.NewLine(xys); err == nil {
		line.LineStyle = l.lineStyle()
		line.LineStyle.Width *= 0.75
		v.plot(line)
	}
	for _, p := range xys {
		at, r := vg.Point{X: v.x(p.X), Y: v.y(p.Y)}, v.em(0.27)
		hue := v.category(l.color)
		switch {
		case m.diamond:
			v.diamond(at, r, hue)
		case m.square:
			v.square(at, r, hue)
		default:
			v.disc(at, r, hue, m.hollow)
		}
	}
}

// slopeScale holds the medians of all groups, places and scenarios.
func (b *book) slopeScale(a aspect, places, shown []string) axis {
	low, high := math.Inf(1), math.Inf(-1)
	for _, p := range places {
		for _, s := range shown {
			for _, g := range slices.Concat(fifths, settlings) {
				if mid := b.lateBand(key{p, s, a.measure, g}, a.scale).Mid; !math.IsNaN(mid) {
					low, high = math.Min(low, mid), math.Max(high, mid)
				}
			}
		}
	}
	if math.IsInf(low, 0) {
		return axis{0, 1}
	}
	return rangeAbove(a.floor, low, high)
}

// greyOr is the colour in the light theme, or its grey.
func (c *canvas) greyOr(colour, grey color.NRGBA) color.NRGBA {
	if c.theme.grey {
		return grey
	}
	return colour
}
