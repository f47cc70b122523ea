package plots

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"

	"coexist/sim/tables"
)

// panel is one place and group of people in a figure of lines.
type panel struct{ place, group, title string }

// panels are one a place; of quality, where it is known of the most deprived tenth, a second one of
// them beside or below it.
func (b *book) panels(a aspect) (all []panel, columns int) {
	places := b.placesWith(a.measure)
	var worst []panel
	for _, p := range places {
		title := b.title(p)
		if b.only(p) {
			title = ""
		}
		all = append(all, panel{p, "all", title})
		if a.name == "quality" && slices.ContainsFunc(b.Meta.Scenarios, func(s string) bool { return b.series[key{p, s, a.measure, tables.WorstOff}] != nil }) {
			worst = append(worst, panel{p, tables.WorstOff, "the most deprived tenth"})
		}
	}
	columns = min(len(places), 2)
	if len(worst) == 0 {
		return all, columns
	}
	for i := range all {
		all[i].title = upperFirst(strings.TrimPrefix(all[i].title+": everyone", ": "))
	}
	for i := range worst {
		if !b.only(worst[i].place) {
			worst[i].title = b.title(worst[i].place) + ": " + worst[i].title
		}
		worst[i].title = upperFirst(worst[i].title)
	}
	if len(places) > 2 { // a row a place
		var rows []panel
		for _, p := range all {
			rows = append(rows, p)
			if i := slices.IndexFunc(worst, func(w panel) bool { return w.place == p.place }); i >= 0 {
				rows = append(rows, worst[i])
			} else {
				rows = append(rows, panel{})
			}
		}
		return rows, 2
	}
	if len(worst) < len(places) { // the other has nobody in it
		worst = slices.Insert(worst, slices.IndexFunc(places, func(p string) bool { return p != worst[0].place }), panel{})
	}
	return append(all, worst...), 2
}

// short is the title of a panel where it fits. Else it is the group alone, whose place stands above or beside it, or of
// everyone the place alone, cut at a space if that is too long too.
func (c *canvas) short(title string, width vg.Length) string {
	st := c.strong()
	if c.measure(title, st) <= width {
		return title
	}
	where, group, both := strings.Cut(title, ": ")
	switch {
	case !both:
		return title
	case group != "everyone":
		return upperFirst(group)
	case c.measure(where, st) <= width:
		return where
	}
	for c.measure(where+"…", st) > width {
		i := strings.LastIndex(where, " ")
		if i < 0 {
			break
		}
		where = strings.TrimRight(where[:i], " ,")
	}
	return where + "…"
}

// lines is one outcome over the years: a panel a place and group with the same scale, a line a scenario.
func (b *book) lines(name string, a aspect) *Figure {
	if !b.has(a.measure) {
		return nil
	}
	shown := b.named()
	if len(shown) == 0 {
		shown = b.Meta.Scenarios
	}
	f := &Figure{Name: name, Command: b.Meta.Command, Source: b.Meta.source(shown)}
	f.Title = b.lineHeadline(a, shown)
	star, _ := b.furthest(a, shown)
	looks := func(theme Theme) map[string]look { return b.looks(shown, theme, star) }
	lines := "lines are medians"
	if n := plainOnes(looks(Light)); n > mostNamed {
		lines += fmt.Sprintf(" (grey: %d further scenarios)", n)
	}
	band := lines + ", bands hold the middle 90% of runs"
	if b.Meta.Runs < 2 {
		band = "one run shows no spread, so there is no band"
	}
	switch {
	case len(shown) == 1:
		band += "; the headline has the " + strings.Replace(b.window(), "year ", "value of year ", 1)
	case b.Meta.Runs > 1 && b.hasBase():
		band += "; the headline compares means of " + strings.TrimPrefix(b.window(), "mean of ")
	}
	f.describe(a.title, a.unit.Axis, b.span(), b.Meta.Runs, band)
	places := b.placesWith(a.measure)
	panels, columns := b.panels(a)
	f.Table = [][]string{{"place", "scenario", "group", "year", "measure", "unit", "median", "low_5", "high_95", "runs"}}
	for _, p := range panels {
		for _, s := range shown {
			bands, _ := b.yearly(key{p.place, s, a.measure, p.group}, a.scale)
			for y, i := range bands {
				f.Table = append(f.Table, []string{p.place, s, p.group, fmt.Sprint(y + 1), a.measure, a.unit.Axis, cell(i.Mid), cell(i.Low), cell(i.High), fmt.Sprint(b.Meta.Runs)})
			}
		}
	}
	f.Alt = fmt.Sprintf("Line chart of %s over %s for %s in %s. %s.%s", lowerFirst(a.title), b.span(),
		b.list(shown), b.list(places), f.Title, b.lineEnds(a, places, shown))
	f.More = strings.TrimSpace(b.lineEnds(a, places, shown))
	if len(panels) > len(places) {
		f.More = b.worstOff(a, panels, shown)
		f.Alt += " " + f.More
	}
	if rows := (len(panels) + columns - 1) / columns; rows > 1 {
		f.tall = 0.25 + 0.42*float64(rows)
	}
	f.draw = func(c *canvas, body vg.Rectangle) { b.drawLines(c, body, a, panels, columns, shown, looks(c.theme)) }
	return f
}

// mostNamed is the number of grey lines up to which each has its name at its end; of more, nobody could
// follow one.
const mostNamed = 3

// plainOnes counts the series that are drawn grey.
func plainOnes(looks map[string]look) (n int) {
	for _, l := range looks {
		if l.plain {
			n++
		}
	}
	return n
}

// drawLines lays the panels of a figure of lines, at most two side by side.
func (b *book) drawLines(c *canvas, body vg.Rectangle, a aspect, panels []panel, columns int, shown []string, looks map[string]look) {
	up := b.range90(a, panels, shown)
	at := ticksAbove(a.floor, up, 5)
	text := tickLabels(at, a.unit)
	label := c.normal().times(0.97)
	label.bold = true
	var titles []string
	for _, s := range named(shown, looks) {
		titles = append(titles, b.title(s))
	}
	right := c.widest(titles, label, c.em(8)) + c.em(1)
	left := c.em(0.6)
	for _, t := range text {
		left = max(left, c.measure(t, c.normal())+c.em(0.6))
	}
	rows := (len(panels) + columns - 1) / columns
	gutter := c.em(1.2)
	wide := (body.Max.X - body.Min.X - left - vg.Length(columns)*right - vg.Length(columns-1)*gutter) / vg.Length(columns)
	apart := c.em(1) // between rows of panels
	high := (body.Max.Y - body.Min.Y + apart) / vg.Length(rows)
	for i, p := range panels {
		if p.place == "" {
			continue
		}
		x := body.Min.X + left + vg.Length(i%columns)*(wide+right+gutter)
		y := body.Max.Y - vg.Length(i/columns)*high
		v := &view{canvas: c, up: up, across: axis{1, math.Max(2, float64(b.years))},
			Rectangle: vg.Rectangle{Min: vg.Point{X: x, Y: y - high + apart + c.em(1.95)}, Max: vg.Point{X: x + wide, Y: y - c.em(3.3)}}}
		start := x
		if i%columns == 0 {
			start = body.Min.X
		}
		c.text(vg.Point{X: start, Y: y - c.em(0.9)}, c.short(p.title, x+wide+right-start-c.em(0.5)), c.strong())
		if i%columns == 0 {
			c.text(vg.Point{X: start, Y: y - c.em(2.1)}, a.unit.Axis, c.small())
		}
		v.grid(at, text, i%columns == 0)
		if i%columns > 0 {
			start -= c.em(2.5) // nothing of the panel before stands there
		}
		v.years(b.years, start)
		b.drawSeries(v, a, p, shown, looks, right)
	}
}

// drawSeries draws bands, then lines, then their labels.
func (b *book) drawSeries(v *view, a aspect, p panel, shown []string, looks map[string]look, right vg.Length) {
	opacity := 0.16
	if v.theme.grey {
		opacity = 0.09
	}
	all := map[string][]Interval{}
	for i := len(shown) - 1; i >= 0; i-- {
		s := shown[i]
		bands, any := b.yearly(key{p.place, s, a.measure, p.group}, a.scale)
		if !any {
			continue
		}
		all[s] = bands
		if p := ribbon(bands, looks[s].color, opacity); p != nil && !looks[s].plain && b.Meta.Runs > 1 {
			v.plot(p)
		}
	}
	var tags []tag
	for i := range shown { // the grey ones first, so that colour lies on top
		s := shown[len(shown)-1-i]
		if p := course(all[s], looks[s]); p != nil {
			v.plot(p)
		}
	}
	for _, s := range named(shown, looks) {
		end := math.NaN()
		for _, i := range all[s] {
			if i.Known() {
				end = i.Mid
			}
		}
		if math.IsNaN(end) {
			continue
		}
		l := looks[s]
		st := v.normal().times(0.97).in(legible(l.color))
		st.bold = !l.plain
		if !l.plain {
			v.category(l.color)
		}
		tags = append(tags, tag{text: b.title(s), at: v.y(end), st: st, mark: l.color})
	}
	v.beside(tags, v.Max.X+v.em(0.9), right-v.em(1), v.Min.Y-v.em(0.3), v.Max.Y+v.em(1.2))
}

// named are the series with a name at their end.
func named(shown []string, looks map[string]look) []string {
	if plainOnes(looks) <= mostNamed {
		return shown
	}
	return slices.DeleteFunc(slices.Clone(shown), func(s string) bool { return looks[s].plain })
}

// grid draws light horizontal lines at the ticks, with their numbers to the left where wanted.
func (v *view) grid(at []float64, text []string, numbers bool) {
	for i, value := range at {
		y := v.y(value)
		v.line(vg.Point{X: v.Min.X, Y: y}, vg.Point{X: v.Max.X, Y: y}, 0.5, rule)
		if numbers {
			v.text(vg.Point{X: v.Min.X - v.em(0.6), Y: y - v.em(0.34)}, text[i], v.normal().right())
		}
	}
	if numbers {
		v.scales = append(v.scales, numbered{"up", len(at), 0})
	}
}

// years draws the axis of years; no label begins left of the given place.
func (v *view) years(years int, left vg.Length) {
	v.line(v.Min, vg.Point{X: v.Max.X, Y: v.Min.Y}, 0.8, quiet)
	place := func(year int) vg.Length { return v.x(float64(year)) }
	for _, year := range v.wholeAxis("Year", years, place, v.Min.Y-v.em(1.6), left, v.Max.X+v.em(0.6), v.normal()) {
		v.line(vg.Point{X: place(year), Y: v.Min.Y}, vg.Point{X: place(year), Y: v.Min.Y - v.em(0.35)}, 0.8, quiet)
	}
}

// range90 is the common scale of all panels: it holds every band and, where the values come near
// to it, the least value possible, which mostly is zero.
func (b *book) range90(a aspect, panels []panel, shown []string) axis {
	low, high := math.Inf(1), math.Inf(-1)
	for _, p := range panels {
		for _, s := range shown {
			bands, _ := b.yearly(key{p.place, s, a.measure, p.group}, a.scale)
			for _, i := range bands {
				if i.Known() {
					low, high = math.Min(low, i.Low), math.Max(high, i.High)
				}
			}
		}
	}
	return rangeAbove(a.floor, low, high)
}
