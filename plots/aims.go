package plots

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"

	"coexist/sim/tables"
)

// aims are the six aims of quality, each with the measure that stands for it.
var aims = []struct{ aim, measure, short, unit string }{
	{"safe", "harm", "Safe: harm from care", "per 1,000 episodes"},
	{"timely", "wait_median", "Timely: median wait", "weeks"},
	{"effective", "avoidable_admissions", "Effective: avoidable admissions", "per 1,000 people a year"},
	{"efficient", "bed_days", "Efficient: bed days", "per 1,000 people a year"},
	{"equitable", "slope_avoidable", "Equitable: gap in avoidable admissions", "per 1,000 people a year"},
	{"patient-centred", "experience", "Patient-centred: contacts rated good", "percentage points"}, // a share in the rows
}

// aimColumns are the aims of which the result has rows.
func (b *book) aimColumns() (columns []aspect) {
	for _, x := range aims {
		m, ok := tables.MeasureByName(x.measure)
		if !ok || !b.has(x.measure) {
			continue
		}
		a := aspect{measure: x.measure, name: x.aim, title: m.Title, short: x.short, unit: Unit{Axis: x.unit}, scale: 1, better: m.Better}
		if x.unit == "percentage points" {
			a.scale = 100
		}
		columns = append(columns, a)
	}
	return columns
}

// aimsFigure draws the difference from the base in each of the six aims of quality.
func (b *book) aimsFigure() *Figure {
	columns, shown := b.aimColumns(), b.compared(false)
	if len(shown) == 0 {
		shown = b.compared(true)
	}
	if len(columns) < 2 || len(shown) == 0 || !b.hasBase() {
		return nil
	}
	places := b.placesWith(columns[0].measure)
	if len(places) == 0 {
		return nil
	}
	rows := (len(columns) + 2) / 3
	f := &Figure{Name: "14-six-aims", Command: b.Meta.Command, Source: b.Meta.source(append([]string{b.Meta.Base}, shown...)),
		tall: 0.26 + float64(rows)*(0.16+0.034*float64(len(shown)))}
	f.Title = b.aimsHeadline(columns, places, shown)
	f.describe("Difference from the "+lowerFirst(b.title(b.Meta.Base))+" in the six aims of quality, each in its unit", "each in its unit", b.window(), b.Meta.Runs, bars95(b.Meta.Runs))
	f.Table = b.differenceTable(columns, places, shown)
	f.Alt = fmt.Sprintf("Dot and interval chart of the difference from the %s in six aims of quality, for %s in %s. %s.", lowerFirst(b.title(b.Meta.Base)), b.list(shown), b.list(places), f.Title)
	f.draw = func(c *canvas, body vg.Rectangle) {
		rows, marks := rows, b.placeMarks(c, places)
		more := (&chart{key: b.placeKey(places, marks)}).drawKey(c, vg.Point{X: body.Min.X, Y: body.Max.Y - c.em(0.6)}, body.Max.X)
		if len(places) > 1 {
			body.Max.Y -= c.em(2) + more
		}
		// Panels of three beside each other; all six where the page is too low for two rows of them.
		across := 3
		if size := body.Size(); size.X > 2*size.Y && size.Y/vg.Length(rows) < c.em(7.7+1.9*float64(len(shown))) {
			across, rows = len(columns), 1
		}
		high := (body.Max.Y - body.Min.Y) / vg.Length(rows)
		for i, part := range slices.Collect(slices.Chunk(columns, across)) {
			ch := &chart{columns: part, zero: true, blocks: []block{b.differenceBlock(part, places, shown, marks)}}
			top := body.Max.Y - vg.Length(i)*high
			room := vg.Rectangle{Min: vg.Point{X: body.Min.X, Y: top - high + c.em(1)}, Max: vg.Point{X: body.Max.X, Y: top}}
			if short := len(columns) % across; short > 0 && len(part) < across && rows > 1 { // as wide as those above
				room.Max.X -= (body.Max.X - body.Min.X) * 0.25 * vg.Length(across-short)
			}
			ch.head = c.em(5.3)
			ch.draw(c, room)
		}
	}
	return f
}

// differenceBlock is a row a scenario with a mark a place.
func (b *book) differenceBlock(columns []aspect, places, shown []string, marks []mark) block {
	bl := block{marks: make([][]mark, len(columns))}
	for row, s := range shown {
		bl.rows = append(bl.rows, b.title(s))
		for col, a := range columns {
			for i, p := range places {
				m := marks[i]
				m.row, m.Interval = row, b.difference(key{p, s, a.measure, "all"}, b.Meta.Base, a.scale)
				m.offset = 0.36 * (float64(len(places)-1)/2 - float64(i)) / math.Max(1, float64(len(places)-1))
				bl.marks[col] = append(bl.marks[col], m)
			}
		}
	}
	return bl
}

// aimsHeadline names the scenario with the most aims clearly better and clearly worse.
func (b *book) aimsHeadline(columns []aspect, places, shown []string) string {
	base := lowerFirst(b.title(b.Meta.Base))
	best, most, against, known := "", 0, 0, false
	for _, s := range shown {
		better, worse := 0, 0
		for _, a := range columns {
			for _, p := range places {
				d := b.difference(key{p, s, a.measure, "all"}, b.Meta.Base, a.scale)
				known = known || !math.IsNaN(d.Low)
				switch side := d.Clear() * a.better; {
				case side > 0:
					better++
				case side < 0:
					worse++
				}
			}
		}
		if better > most {
			best, most, against = s, better, worse
		}
	}
	of := len(columns) * len(places)
	each := fmt.Sprintf("%d aims of quality", of)
	if len(places) > 1 {
		each = fmt.Sprintf("%d comparisons (%d aims of quality, %s)", of, len(columns), count(len(places), "place"))
	}
	switch {
	case !known:
		return "Quality in its six aims, against the " + base
	case best == "":
		return "No scenario is clearly better than the " + base + " in any aim of quality"
	case most == of:
		return fmt.Sprintf("%s: clearly better than the %s in all %s", b.title(best), base, each)
	case against == 0:
		return fmt.Sprintf("%s: clearly better than the %s in %d of %s, clearly worse in none", b.title(best), base, most, each)
	}
	return fmt.Sprintf("%s: clearly better than the %s in %d of %s, clearly worse in %d", b.title(best), base, most, each, against)
}

// isAim reports whether a measure stands for an aim of quality.
func isAim(measure string) bool {
	for _, x := range aims {
		if x.measure == measure {
			return true
		}
	}
	return false
}
