package plots

import (
	"fmt"
	"math"

	"gonum.org/v1/plot/vg"
)

// groups are the kinds of people whose outcomes are told apart, in the order of rows.
var groups = []struct{ name, title string }{
	{"all", "Everyone"},
	{"deprivation:1", "Most deprived fifth"},
	{"deprivation:5", "Least deprived fifth"},
	{"rurality:rural", "Rural"},
	{"rurality:urban", "Urban"},
	{"age:65+", "Aged 65 and over"},
}

// groupsFigure draws who gains and who loses: differences from the base by group of people.
func (b *book) groupsFigure() *Figure {
	aspects := b.aspects()
	places := b.placesWith(aspects[0].measure)
	shown := b.compared(false)
	shown = b.featured(shown, 3)
	var rows []int
	for i, g := range groups {
		for k := range b.series {
			if k.group == g.name && k.scenario == b.Meta.Base {
				rows = append(rows, i)
				break
			}
		}
	}
	if len(rows) < 2 || len(shown) == 0 || len(places) == 0 {
		return nil
	}
	f := &Figure{Name: "10-winners-and-losers", Command: b.Meta.Command, Source: b.Meta.source(append([]string{b.Meta.Base}, shown...)), tall: 0.36 + 0.055*float64(len(rows)*len(places))}
	f.describe("Difference from the "+lowerFirst(b.title(b.Meta.Base))+" by group of people, each outcome in its unit", "each outcome in its unit", b.window(), b.Meta.Runs, bars95(b.Meta.Runs))
	f.Table = [][]string{{"place", "scenario", "group", "measure", "unit", "difference", "low_95", "high_95"}}
	worse, all := 0, 0
	difference := func(p, s string, row int, a aspect) Interval {
		return b.difference(key{p, s, a.measure, groups[row].name}, b.Meta.Base, a.scale)
	}
	for _, p := range places {
		for _, s := range shown {
			for _, row := range rows {
				for _, a := range aspects {
					d := difference(p, s, row, a)
					f.Table = append(f.Table, []string{p, s, groups[row].name, a.measure, a.unit.Axis, cell(d.Mid), cell(d.Low), cell(d.High)})
					if everyone := difference(p, s, 0, a); row > 0 && everyone.Clear() != 0 {
						all++
						if everyone.Clear()*d.Clear() < 0 {
							worse++
						}
					}
				}
			}
		}
	}
	switch {
	case all == 0:
		f.Title = "Who gains and who loses, by group of people"
	case worse == 0:
		f.Title = "Where everyone together clearly gains or loses, no group clearly goes the other way"
	default:
		f.Title = fmt.Sprintf("In %s a group goes clearly against the average", outOf(worse, all, "comparisons"))
	}
	f.Alt = fmt.Sprintf("Dot and interval chart of differences from the %s in four outcomes by group of people for %s in %s. %s.", lowerFirst(b.title(b.Meta.Base)), b.list(shown), b.list(places), f.Title)
	f.draw = func(c *canvas, body vg.Rectangle) {
		looks := b.looks(append([]string{b.Meta.Base}, shown...), c.theme, "")
		ch := &chart{columns: aspects, zero: true}
		for i, s := range shown {
			ch.key = append(ch.key, entry{b.title(s), mark{look: looks[s], diamond: i == 1, hollow: i == 2}})
		}
		for _, p := range places {
			bl := block{title: b.blockTitle(p, places), marks: make([][]mark, len(aspects))}
			for at, row := range rows {
				bl.rows = append(bl.rows, groups[row].title)
				for col, a := range aspects {
					for i, s := range shown {
						m := ch.key[i].mark
						m.row, m.Interval = at, difference(p, s, row, a)
						m.offset = 0.25 * (float64(len(shown)-1)/2 - float64(i))
						bl.marks[col] = append(bl.marks[col], m)
					}
				}
			}
			ch.blocks = append(ch.blocks, bl)
		}
		ch.draw(c, body)
	}
	return f
}

// sureFigure shows how the mean difference settles as runs are added.
func (b *book) sureFigure() *Figure {
	aspects := b.aspects()
	places := b.placesWith(aspects[0].measure)
	shown := b.compared(false)
	shown = b.featured(shown, 3)
	if b.Meta.Runs < 3 || len(shown) == 0 || len(places) == 0 || !b.hasBase() {
		return nil
	}
	running := func(p, s string, a aspect) []Interval {
		pairs := inOrder(b.pairs(key{p, s, a.measure, "all"}, b.Meta.Base, a.scale))
		var all []Interval
		for n := range pairs {
			i := mean(pairs[:n+1])
			if n < 2 { // two pairs say nothing yet: their interval would hide the rest
				i.Low, i.High = math.NaN(), math.NaN()
			}
			all = append(all, i)
		}
		return all
	}
	f := &Figure{Name: "11-how-sure", Command: b.Meta.Command, Source: b.Meta.source(append([]string{b.Meta.Base}, shown...)), tall: 0.32 + 0.27*float64(len(places))}
	band := "lines are means of paired differences so far, bands 95% confidence intervals from the third run on"
	f.describe("Difference from the "+lowerFirst(b.title(b.Meta.Base))+" as runs are added, each outcome in its unit", "each outcome in its unit", b.window(), b.Meta.Runs, band)
	f.Table = [][]string{{"place", "scenario", "measure", "unit", "runs", "mean", "low_95", "high_95"}}
	settled, all := 0, 0
	for _, p := range places {
		for _, s := range shown {
			for _, a := range aspects {
				r := running(p, s, a)
				for n, i := range r {
					f.Table = append(f.Table, []string{p, s, a.measure, a.unit.Axis, fmt.Sprint(n + 1), cell(i.Mid), cell(i.Low), cell(i.High)})
				}
				if n := len(r); n > 0 {
					all++
					if r[n-1].High-r[n-1].Low <= math.Abs(r[n-1].Mid) {
						settled++
					}
				}
			}
		}
	}
	f.Title = fmt.Sprintf("After %s, %s known to within half their size", count(b.Meta.Runs, "run"), isOrAre(settled, all, "differences"))
	f.Alt = fmt.Sprintf("Line chart of the mean difference from the %s by number of runs, for %s in %s. %s.", lowerFirst(b.title(b.Meta.Base)), b.list(shown), b.list(places), f.Title)
	f.draw = func(c *canvas, body vg.Rectangle) { b.drawRunning(c, body, aspects, places, shown, running) }
	return f
}

// drawRunning lays a row of panels a place, a column an outcome.
func (b *book) drawRunning(c *canvas, body vg.Rectangle, aspects []aspect, places, shown []string, running func(p, s string, a aspect) []Interval) {
	looks := b.looks(append([]string{b.Meta.Base}, shown...), c.theme, "")
	ch := &chart{}
	for _, s := range shown {
		ch.key = append(ch.key, entry{b.title(s), mark{look: looks[s], line: true}})
	}
	more := ch.drawKey(c, vg.Point{X: body.Min.X, Y: body.Max.Y - c.em(0.6)}, body.Max.X)
	top := body.Max.Y - c.em(1.6) - more
	gap := c.em(1.2)
	n := vg.Length(len(aspects))
	wide := (body.Max.X - body.Min.X - gap*(n-1)) / n
	high := (top - body.Min.Y) / vg.Length(len(places))
	for row, p := range places {
		y := top - vg.Length(row)*high
		if len(places) > 1 {
			y -= c.em(0.5)
			c.text(vg.Point{X: body.Min.X, Y: y - c.em(1.1)}, b.title(p), c.strong())
		} else {
			y += c.em(1.2)
		}
		for col, a := range aspects {
			low, most := 0.0, 0.0
			for _, p := range places {
				for _, s := range shown {
					for _, i := range running(p, s, a) {
						for _, v := range []float64{i.Mid, i.Low, i.High} {
							if !math.IsNaN(v) {
								low, most = math.Min(low, v), math.Max(most, v)
							}
						}
					}
				}
			}
			low, most = round(low, most)
			at := ticksAbove(math.Inf(-1), axis{low, most}, 4)
			text := tickLabels(at, a.unit)
			left := c.em(0.5)
			for _, t := range text {
				left = max(left, c.measure(t, c.normal())+c.em(0.6))
			}
			x := body.Min.X + vg.Length(col)*(wide+gap)
			c.lines(vg.Point{X: x, Y: y - c.em(1.5)}, []string{a.short}, c.normal().in(ink))
			c.lines(vg.Point{X: x, Y: y - c.em(2.7)}, []string{a.unit.Axis}, c.small())
			v := &view{canvas: c, across: axis{1, float64(b.Meta.Runs)}, up: axis{low, most},
				Rectangle: vg.Rectangle{Min: vg.Point{X: x + left, Y: top - vg.Length(row+1)*high + c.em(2.1)}, Max: vg.Point{X: x + wide, Y: y - c.em(4.4)}}}
			v.grid(at, text, true)
			v.line(vg.Point{X: v.Min.X, Y: v.y(0)}, vg.Point{X: v.Max.X, Y: v.y(0)}, 0.8, quiet)
			for _, s := range shown {
				r := running(p, s, a)
				if n := len(r); n == 3 { // the band is that of one number of runs
					v.line(vg.Point{X: v.Max.X, Y: v.y(r[2].Low)}, vg.Point{X: v.Max.X, Y: v.y(r[2].High)}, c.em(0.3), fade(looks[s].color, 0.4))
				} else if band := ribbon(r, looks[s].color, 0.16); band != nil {
					v.plot(band)
				}
				if line := course(r, looks[s]); line != nil {
					v.plot(line)
				}
			}
			c.wholeAxis("Run", b.Meta.Runs, func(run int) vg.Length { return v.x(float64(run)) }, v.Min.Y-c.em(1.55), x, v.Max.X+c.em(0.3), c.small())
		}
	}
}

// wantedGroup reports whether figures tell the group apart.
func wantedGroup(group string) bool {
	for _, g := range groups {
		if g.name == group {
			return true
		}
	}
	return false
}
