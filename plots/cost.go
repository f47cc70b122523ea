package plots

import (
	"fmt"
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
)

// setting is a part of the cost of care and the measure that holds it.
type setting struct{ measure, title string }

// settings are the parts of the cost of care, in the order of the bars.
var settings = []setting{
	{"cost_gp", "General practice"},
	{"cost_hospital_elective", "Elective care"},
	{"cost_hospital_emergency", "Emergency care"},
	{"cost_social_care", "Social care"},
	{"cost_market", "Running the market"}, // management, contracts, claims and the like
}

// costFigure draws the cost per head by setting: a bar a scenario, a panel a place.
func (b *book) costFigure() *Figure {
	total := b.aspects()[2]
	places := b.placesWith(total.measure)
	shown := b.named()
	if len(shown) == 0 {
		shown = b.arms()
	}
	parts := func(p, s string) (values []float64, rest float64) {
		sum := b.lateBand(key{p, s, total.measure, "all"}, total.scale).Mid
		rest = sum
		for _, part := range settings {
			v := b.lateBand(key{p, s, part.measure, "all"}, total.scale).Mid
			if math.IsNaN(v) {
				v = 0
			}
			values = append(values, v)
			rest -= v
		}
		values = append(values, math.Max(0, rest))
		return addUp(values, sum), rest
	}
	titles := []string{}
	for _, part := range settings {
		titles = append(titles, part.title)
	}
	if len(places) == 0 || !b.has(settings[0].measure) {
		return nil
	}
	f := &Figure{Name: "09-cost-by-setting", Command: b.Meta.Command, Source: b.Meta.source(shown), tall: 0.33 + 0.055*float64(len(shown)*((len(places)+1)/2))}
	f.describe("Cost of care per head by setting", total.unit.Axis, b.window(), b.Meta.Runs, "bars are medians, parts add up to them; there is no band")
	f.Table = [][]string{{"place", "scenario", "setting", "unit", "median"}}
	other, high := 0.0, 0.0
	var heads []string
	for _, p := range places {
		for i, s := range shown {
			values, rest := parts(p, s)
			sum := 0.0
			for j, v := range values {
				name := "Other"
				if j < len(settings) {
					name = settings[j].title
				}
				sum += v
				f.Table = append(f.Table, []string{p, s, name, total.unit.Axis, cell(v)})
			}
			high = math.Max(high, sum)
			other = math.Max(other, rest/sum)
			of := ""
			if len(heads) == 0 {
				of = " of the cost of care"
			}
			if i == 0 && sum > 0 {
				heads = append(heads, fmt.Sprintf("%s%%%s in %s", Number(100*(values[1]+values[2])/sum, 0), of, b.title(p)))
			}
		}
	}
	if other > 0.005 {
		titles = append(titles, "Other")
	}
	f.Title = b.settingHeadline(total, places, shown)
	if f.Title == "" && len(heads) > 0 {
		f.Title = fmt.Sprintf("%s: hospital care takes %s", b.title(shown[0]), join(heads))
	}
	f.Alt = fmt.Sprintf("Stacked bar chart of the cost of care per head by setting for %s in %s. %s.", b.list(shown), b.list(places), f.Title)
	f.draw = func(c *canvas, body vg.Rectangle) {
		b.drawBars(c, body, places, shown, titles, total.unit, high, func(p, s string) []float64 {
			values, _ := parts(p, s)
			sum := 0.0
			for _, v := range values {
				sum += v
			}
			return addUp(values[:len(titles)], sum) // what is too little to be drawn counts in the whole
		})
	}
	return f
}

// settingHeadline names the scenario and the setting whose cost moves most against the base, and by how
// much; empty where none clearly does.
func (b *book) settingHeadline(total aspect, places, shown []string) string {
	var part aspect
	best, size := "", 0.0
	for _, x := range settings {
		a := total
		a.measure = x.measure
		a.more, a.less = "more on "+lowerFirst(x.title)+" a head each year", "less on "+lowerFirst(x.title)+" a head each year"
		s, _ := b.furthest(a, shown)
		sum := 0.0
		for _, p := range places {
			if d := b.difference(key{p, s, a.measure, "all"}, b.Meta.Base, a.scale); d.Clear() != 0 {
				sum += math.Abs(d.Mid)
			}
		}
		if s != "" && sum > size {
			part, best, size = a, s, sum
		}
	}
	if best == "" {
		return ""
	}
	return b.title(best) + ": " + b.versus(part, best, places)
}

// addUp scales parts, each a median over runs, so that they add up to the median of their sum, which
// medians need not do by themselves.
func addUp(parts []float64, sum float64) []float64 {
	all := 0.0
	for _, v := range parts {
		all += v
	}
	if !(all > 0) || !(sum > 0) {
		return parts
	}
	for i := range parts {
		parts[i] *= sum / all
	}
	return parts
}

// patch fills a rectangle so that six of them can be told apart in black print, neighbours most of all:
// black, white, upright stripes, grey, level stripes, dark grey.
func (c *canvas) patch(i int, r vg.Rectangle) {
	const line = 0.5
	solid := []color.NRGBA{ink, white, white, rgb(0x8C8C8C), white, quiet}[i]
	c.box(r, ink)
	if solid == ink {
		return
	}
	in := vg.Rectangle{Min: vg.Point{X: r.Min.X + line, Y: r.Min.Y + line}, Max: vg.Point{X: r.Max.X - line, Y: r.Max.Y - line}}
	if in.Min.X >= in.Max.X || in.Min.Y >= in.Max.Y {
		return // too small for more than its border
	}
	c.box(in, solid)
	stripe := c.em(0.17)
	switch i {
	case 2:
		for x := in.Min.X + stripe; x < in.Max.X; x += 2 * stripe {
			c.box(vg.Rectangle{Min: vg.Point{X: x, Y: in.Min.Y}, Max: vg.Point{X: min(x+stripe, in.Max.X), Y: in.Max.Y}}, ink)
		}
	case 4:
		for y := in.Min.Y + stripe; y < in.Max.Y; y += 2 * stripe {
			c.box(vg.Rectangle{Min: vg.Point{X: in.Min.X, Y: y}, Max: vg.Point{X: in.Max.X, Y: min(y+stripe, in.Max.Y)}}, ink)
		}
	}
}

// drawBars draws stacked bars with their sums, at most two panels side by side.
func (b *book) drawBars(c *canvas, body vg.Rectangle, places, shown, parts []string, unit Unit, high float64, values func(place, scenario string) []float64) {
	hues := map[string]color.NRGBA{}
	for i, part := range parts {
		hues[part] = c.category(c.theme.category(i))
	}
	key := vg.Point{X: body.Min.X, Y: body.Max.Y - c.em(0.7)}
	if c.theme.grey {
		for i, part := range parts {
			w := c.em(1.1) + c.measure(part, c.small())
			if key.X > body.Min.X && key.X+w > body.Max.X {
				key = vg.Point{X: body.Min.X, Y: key.Y - leading(c.small())}
			}
			c.patch(i, vg.Rectangle{Min: key, Max: vg.Point{X: key.X + c.em(0.85), Y: key.Y + c.em(0.7)}})
			c.text(vg.Point{X: key.X + c.em(1.2), Y: key.Y}, part, c.small().in(ink))
			key.X += w + c.em(1.4)
		}
		body.Max.Y = key.Y
	} else {
		body.Max.Y -= c.drawSystems(parts, hues, false, key.X, body.Max.X, key.Y, true)
	}
	body.Max.Y -= c.em(1.4)
	label := c.normal().in(ink)
	var titles []string
	for _, s := range shown {
		titles = append(titles, b.title(s))
	}
	left := c.widest(titles, label, (body.Max.X-body.Min.X)*0.22) + c.em(0.8)
	columns := min(2, len(places))
	rows := (len(places) + columns - 1) / columns
	right := c.measure(unit.Write(high, 0), c.strong()) + c.em(1)
	wide := (body.Max.X - body.Min.X - left - vg.Length(columns)*right) / vg.Length(columns)
	tall := (body.Max.Y - body.Min.Y) / vg.Length(rows)
	head := c.em(1.4)
	for _, p := range places {
		head = max(head, leading(c.strong())*vg.Length(len(c.balance(b.title(p), c.strong(), wide)))+c.em(0.4))
	}
	for i, p := range places {
		x := body.Min.X + left + vg.Length(i%columns)*(wide+right)
		y := body.Max.Y - vg.Length(i/columns)*tall
		c.lines(vg.Point{X: x, Y: y + c.em(0.2)}, c.balance(b.title(p), c.strong(), wide), c.strong())
		v := &view{canvas: c, across: axis{0, high}, up: axis{0, float64(len(shown))},
			Rectangle: vg.Rectangle{Min: vg.Point{X: x, Y: y - tall + c.em(0.5)}, Max: vg.Point{X: x + wide, Y: y - head}}}
		c.bars = append(c.bars, v.across)
		for row, s := range shown {
			middle := v.y(float64(len(shown)-row) - 0.5)
			half := min((v.y(1)-v.y(0))*0.3, c.em(2.8))
			if i%columns == 0 {
				lines := c.balance(b.title(s), label, left-c.em(0.7))
				c.lines(vg.Point{X: body.Min.X, Y: middle + leading(label)*vg.Length(len(lines))/2}, lines, label)
			}
			sum := 0.0
			for j, value := range values(p, s) {
				part := vg.Rectangle{Min: vg.Point{X: v.x(sum), Y: middle - half}, Max: vg.Point{X: max(v.x(sum+value)-0.6, v.x(sum)), Y: middle + half}}
				if c.theme.grey {
					c.patch(j, part)
				} else {
					c.box(part, hues[parts[j]])
				}
				sum += value
			}
			c.text(vg.Point{X: v.x(sum) + c.em(0.4), Y: middle - c.em(0.34)}, unit.Write(sum, 0), c.strong())
		}
	}
}
