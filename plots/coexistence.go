package plots

import (
	"cmp"
	"fmt"
	"image/color"
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot/vg"
)

// CoexistenceCell is one cell of the map of coexistence in one place and window.
type CoexistenceCell struct {
	Place       string
	Years       string // such as 8-10
	Competition string // level in words, such as "2 systems, free referral"
	Integration string // depth in words, such as "mergers, health and social care"
	Verdict     string // holds, fails, open or undefined
	Probability Interval
	Worlds      int      // draws judged
	Arises      int      // of them, in which there is something to lose
	Quality     Interval // both against the better of competition and integration alone, SD
	Cost        Interval // both against the cheaper of the two, GBP a head a year
	Formed      int      // systems that formed there; 0: as many as there are
	CostLimit   float64  // difference up to which cost counts as no higher
}

// heat is a map of tiles: panels by place (across) and window (down), in each a column a level of
// competition and a row a depth of integration, the deepest on top.
type heat struct {
	places, years, across, up []string
	cells                     map[[4]string]*CoexistenceCell
	text                      func(x *CoexistenceCell) []string // up to three short lines in a tile
	rows                      int                               // lines of text that a tile has room for
	colour                    func(x *CoexistenceCell, theme Theme) color.NRGBA
	inside                    func(x *CoexistenceCell) bool // in the marked region
}

// newHeat sorts the cells; it returns nil where there are none.
func (b *book) newHeat() *heat {
	h := &heat{cells: map[[4]string]*CoexistenceCell{}}
	add := func(list *[]string, name string) {
		if !slices.Contains(*list, name) {
			*list = append(*list, name)
		}
	}
	for i := range b.Coexistence {
		x := &b.Coexistence[i]
		h.cells[[4]string{x.Place, x.Years, x.Competition, x.Integration}] = x
		add(&h.places, x.Place)
		add(&h.years, x.Years)
		add(&h.across, x.Competition)
		add(&h.up, x.Integration)
	}
	slices.Reverse(h.up)
	slices.Sort(h.years) // 1-3 before 8-10
	if len(h.cells) == 0 {
		return nil
	}
	return h
}

// worlds is how many draws the cells were judged in, at most.
func (h *heat) worlds() int {
	n := 0
	for _, x := range h.cells {
		n = max(n, x.Worlds)
	}
	return n
}

// windows lists the windows in words.
func (h *heat) windows() string {
	var list []string
	for _, y := range h.years {
		list = append(list, yearsWords(y))
	}
	return strings.Join(list, " and ")
}

// yearsWords is a window in words, such as "years 1 to 3".
func yearsWords(y string) string {
	if y == "all" {
		return "all years"
	}
	from, to, ok := strings.Cut(y, "-")
	if !ok || from == to {
		return "year " + from
	}
	return "years " + from + " to " + to
}

// table is the numbers behind the maps.
func (h *heat) table() [][]string {
	t := [][]string{{"place", "years", "competition", "integration", "verdict", "probability", "low_95", "high_95", "worlds", "worlds_in_question",
		"quality_sd", "quality_low_95", "quality_high_95", "cost_gbp_a_head", "cost_low_95", "cost_high_95", "cost_limit", "systems_formed"}}
	h.each(func(x *CoexistenceCell) {
		t = append(t, []string{x.Place, x.Years, x.Competition, x.Integration, x.Verdict, cell(x.Probability.Mid), cell(x.Probability.Low), cell(x.Probability.High), fmt.Sprint(x.Worlds), fmt.Sprint(x.Arises),
			cell(x.Quality.Mid), cell(x.Quality.Low), cell(x.Quality.High), cell(x.Cost.Mid), cell(x.Cost.Low), cell(x.Cost.High), cell(x.CostLimit), fmt.Sprint(x.Formed)})
	})
	return t
}

// each calls f with every cell, by place, window, competition and integration.
func (h *heat) each(f func(x *CoexistenceCell)) {
	for _, p := range h.places {
		for _, y := range h.years {
			for _, a := range h.across {
				for _, u := range h.up {
					if x := h.cells[[4]string{p, y, a, u}]; x != nil {
						f(x)
					}
				}
			}
		}
	}
}

// shape is height by width of a map.
func (h *heat) shape() float64 {
	return 0.34 + float64(len(h.years))*(0.055+(0.015+0.02*float64(h.rows))*float64(len(h.up)))
}

// coexistenceFigure draws the probability that the verdict holds.
func (b *book) coexistenceFigure() *Figure {
	h := b.newHeat()
	if h == nil {
		return nil
	}
	h.rows = 3
	f := &Figure{Name: "20-coexistence-map", Command: b.Meta.Command, Source: b.Meta.source(b.Meta.Scenarios), tall: h.shape()}
	n := h.worlds()
	f.describe("Probability of coexistence by competition (across) and integration (up), % of plausible worlds in which the question arises",
		"% of plausible worlds", h.windows(), n, "each is one world, "+cmp.Or(b.Worlds, "a draw of the parameters that vary")+"; ‘of’: the share of worlds in which the question arises; framed: ‘holds’ in 90% or more; ‘fails’: in 10% or fewer; ‘open’: between, or too few worlds; ‘–’: nothing to lose in 90% or more")
	f.Table = h.table()
	f.Title = h.verdictTitle(b)
	f.Alt = fmt.Sprintf("Heat map of the probability that competition and integration coexist, by level of competition (%s) and depth of integration (%s), in %s, %s. %s.",
		strings.Join(h.across, "; "), strings.Join(h.up, "; "), b.list(h.places), h.windows(), f.Title)
	h.text = func(x *CoexistenceCell) []string {
		arises := "of\u00a0" + Number(100*float64(x.Arises)/math.Max(float64(x.Worlds), 1), 0) + "%"
		if x.Verdict == "undefined" {
			return []string{"–", "", arises}
		}
		return []string{Number(100*x.Probability.Mid, 0) + "%", x.Verdict, arises}
	}
	h.colour = func(x *CoexistenceCell, theme Theme) color.NRGBA {
		if x.Verdict == "undefined" {
			return land
		}
		return theme.scale().at(1 - x.Probability.Mid)
	}
	h.inside = func(x *CoexistenceCell) bool { return x.Verdict == "holds" }
	f.draw = func(c *canvas, body vg.Rectangle) { h.draw(c, body, b.noted) }
	return f
}

// noted is the title of a place with what is otherwise there than the labels say.
func (b *book) noted(place string) string {
	if n := b.Notes[place]; n != "" {
		return b.title(place) + " (" + n + ")"
	}
	return b.title(place)
}

// few is how many worlds with something to lose a cell needs to be named: a share of fewer says little.
const few = 10

// verdictTitle says what the map shows in the last window.
func (h *heat) verdictTitle(b *book) string {
	last := h.years[len(h.years)-1]
	n := map[string]int{}
	all := 0
	most := CoexistenceCell{Probability: Interval{Mid: -1}}
	h.each(func(x *CoexistenceCell) {
		if x.Years == last {
			all++
			n[x.Verdict]++
			if x.Verdict != "undefined" && x.Arises >= few && x.Probability.Mid > most.Probability.Mid {
				most = *x
			}
		}
	})
	when := yearsWords(last)
	switch {
	case n["undefined"] == all:
		return fmt.Sprintf("Nowhere on the map is there both choice to lose and fragmentation to avoid in %s", when)
	case n["holds"] > 0:
		return fmt.Sprintf("Competition and integration coexist in %d of %d cells of the map in %s", n["holds"], all, when)
	case most.Probability.Mid < 0:
		return fmt.Sprintf("Whether competition and integration coexist in %s stays open: there is something to lose in too few plausible worlds", when)
	case n["open"] > 0 && most.Probability.Mid == 0:
		return fmt.Sprintf("In no cell of the map is coexistence sure in %s; where enough worlds have something to lose, it holds in none of them", when)
	case n["open"] > 0:
		return fmt.Sprintf("In no cell of the map is coexistence sure in %s; it comes nearest in %s, in %s of worlds with something to lose", when, inWords(b.title(most.Place)), Number(100*most.Probability.Mid, 0)+"%")
	}
	return fmt.Sprintf("Competition and integration hardly ever coexist in %s, anywhere on the map: at best in %s of worlds with something to lose", when, Number(100*most.Probability.Mid, 0)+"%")
}

// coexistenceQualityFigure draws what both together do to quality, with the cells framed in which they
// cost no more than either alone.
func (b *book) coexistenceQualityFigure() *Figure {
	h := b.newHeat()
	if h == nil {
		return nil
	}
	most, up, framed, all := 0.0, 0, 0, 0
	last := h.years[len(h.years)-1]
	h.inside = func(x *CoexistenceCell) bool { return x.Cost.Mid <= x.CostLimit }
	h.each(func(x *CoexistenceCell) {
		most = math.Max(most, math.Abs(x.Quality.Mid))
		if x.Years != last {
			return
		}
		all++
		if x.Quality.Low > 0 {
			up++
		}
		if h.inside(x) {
			framed++
		}
	})
	h.rows = 2
	f := &Figure{Name: "21-coexistence-quality", Command: b.Meta.Command, Source: b.Meta.source(b.Meta.Scenarios), tall: h.shape()}
	f.describe("Quality with both less that of the better of competition (across) and integration (up) alone, SD of the status quo; below it cost less that of the cheaper, £ a head a year",
		"SD of the status quo", h.windows(), h.worlds(), "numbers are means over plausible worlds; framed: cost is no higher than with either alone, within 1%")
	f.Table = h.table()
	cost := "but cost is higher in all"
	if framed > 0 {
		cost = "and cost is no higher in " + strconv.Itoa(framed)
	}
	f.Title = fmt.Sprintf("With both, quality is clearly better than with either alone in %s in %s, %s", outOf(up, all, "cells"), yearsWords(last), cost)
	f.Alt = fmt.Sprintf("Heat map of the difference in quality, with the cost-neutral cells framed, by level of competition (%s) and depth of integration (%s), in %s, %s. %s.",
		strings.Join(h.across, "; "), strings.Join(h.up, "; "), b.list(h.places), h.windows(), f.Title)
	h.text = func(x *CoexistenceCell) []string {
		return []string{signed(x.Quality.Mid, 2, Unit{}), signed(x.Cost.Mid, 0, Unit{Before: "£"})}
	}
	h.colour = func(x *CoexistenceCell, theme Theme) color.NRGBA {
		if most == 0 {
			return land
		}
		if theme.grey {
			return greys.at(0.5 - 0.5*x.Quality.Mid/most)
		}
		return either.at(0.5 + 0.5*x.Quality.Mid/most)
	}
	f.draw = func(c *canvas, body vg.Rectangle) { h.draw(c, body, b.noted) }
	return f
}

// signed writes a number with its sign.
func signed(v float64, places int, u Unit) string {
	text := u.Write(v, places)
	if v > 0 && strings.ContainsAny(text, "123456789") {
		return "+" + text
	}
	return text
}

// scale is the scale of heat of a theme.
func (t Theme) scale() ramp {
	if t.grey {
		return greys
	}
	return blues
}

// draw lays out the panels.
func (h *heat) draw(c *canvas, body vg.Rectangle, title func(string) string) {
	label := c.normal().in(ink)
	left := c.widest(h.up, label, (body.Max.X-body.Min.X)*0.17) + c.em(0.9)
	gap := c.em(1.1)
	n := vg.Length(len(h.places))
	panel := (body.Max.X - body.Min.X - left - gap*(n-1)) / n
	corner := func(i int) vg.Length { return body.Min.X + left + vg.Length(i)*(panel+gap) }
	top := body.Max.Y
	var head, foot vg.Length
	for i, p := range h.places {
		head = max(head, c.lines(vg.Point{X: corner(i), Y: top}, c.balance(title(p), c.strong(), panel), c.strong()))
		foot = max(foot, h.levels(c, vg.Point{X: corner(i), Y: body.Min.Y}, panel, 0))
	}
	top -= head
	for i := range h.places {
		h.levels(c, vg.Point{X: corner(i), Y: body.Min.Y}, panel, foot)
	}
	row := (top - body.Min.Y - foot - c.em(0.2)) / vg.Length(len(h.years))
	for j, y := range h.years {
		when := yearsWords(y)
		c.lines(vg.Point{X: body.Min.X, Y: top - vg.Length(j)*row}, []string{strings.ToUpper(when[:1]) + when[1:]}, c.strong())
		area := vg.Rectangle{Min: vg.Point{Y: top - vg.Length(j+1)*row + c.em(0.5)}, Max: vg.Point{Y: top - vg.Length(j)*row - c.em(1.5)}}
		high := (area.Max.Y - area.Min.Y) / vg.Length(len(h.up))
		for k, u := range h.up {
			lines := c.balance(u, label, left-c.em(0.7))
			c.lines(vg.Point{X: body.Min.X, Y: area.Max.Y - (vg.Length(k)+0.5)*high + leading(label)*vg.Length(len(lines))/2}, lines, label)
		}
		for i, p := range h.places {
			area.Min.X, area.Max.X = corner(i), corner(i)+panel
			h.panel(c, area, p, y)
		}
	}
}

// levels writes the levels of competition under a panel, what neighbours share once: the number of
// systems, then their freedom. It returns the height; with a foot of 0 it only measures.
func (h *heat) levels(c *canvas, at vg.Point, panel, foot vg.Length) vg.Length {
	small := c.small().in(ink)
	wide := panel / vg.Length(len(h.across))
	part := func(i, k int) string {
		number, freedom, _ := strings.Cut(h.across[i], ", ")
		return []string{freedom, number}[k]
	}
	var used vg.Length
	for k := range 2 {
		var most vg.Length
		for from := 0; from < len(h.across); {
			to := from + 1
			for k == 1 && to < len(h.across) && part(to, k) == part(from, k) {
				to++
			}
			room := wide*vg.Length(to-from) - c.em(0.3)
			lines := c.balance(part(from, k), small, room)
			most = max(most, vg.Length(len(lines))*leading(small))
			if foot > 0 {
				x, y := at.X+wide*vg.Length(from+to)/2, at.Y+foot-used-leading(small)+c.em(0.2)
				if k == 1 {
					c.line(vg.Point{X: x - room/2, Y: y + c.em(0.95)}, vg.Point{X: x + room/2, Y: y + c.em(0.95)}, 0.5, quiet)
				}
				for l, line := range lines {
					c.text(vg.Point{X: x, Y: y - vg.Length(l)*leading(small)}, line, small.centre())
				}
			}
			from = to
		}
		used += most + c.em(0.3)
	}
	return used
}

// lineStyle is that of a line of text in a tile: the first larger than the others.
func (h *heat) lineStyle(c *canvas, line int) style {
	if line > 0 {
		return c.small()
	}
	return c.normal()
}

// panel draws the tiles of one place and window, with a frame around the marked region.
func (h *heat) panel(c *canvas, r vg.Rectangle, where, years string) {
	wide, high := (r.Max.X-r.Min.X)/vg.Length(len(h.across)), (r.Max.Y-r.Min.Y)/vg.Length(len(h.up))
	by := min(1, high/c.em(0.5+1.2*float64(h.rows))) // low tiles have small text
	at := func(i, k int) *CoexistenceCell {
		if i < 0 || k < 0 || i >= len(h.across) || k >= len(h.up) {
			return nil
		}
		return h.cells[[4]string{where, years, h.across[i], h.up[k]}]
	}
	corner := func(i, k int) vg.Point {
		return vg.Point{X: r.Min.X + vg.Length(i)*wide, Y: r.Max.Y - vg.Length(k)*high}
	}
	for i := range h.across {
		for k := range h.up {
			x := at(i, k)
			if x == nil {
				continue
			}
			colour := h.colour(x, c.theme)
			a, b := corner(i, k), corner(i+1, k+1)
			c.box(vg.Rectangle{Min: vg.Point{X: a.X + 0.6, Y: b.Y + 0.6}, Max: vg.Point{X: b.X - 0.6, Y: a.Y - 0.6}}, colour)
			lines := h.text(x)
			by := by
			for l, line := range lines {
				by = min(by, (wide-c.em(0.3))/c.measure(line+" ", h.lineStyle(c, l)))
			}
			y := (a.Y+b.Y)/2 + by*(leading(c.normal())*vg.Length(len(lines))/2-c.em(0.9))
			for l, line := range lines {
				st := h.lineStyle(c, l).times(by)
				c.text(vg.Point{X: (a.X + b.X) / 2, Y: y - vg.Length(l)*leading(st)}, line, st.in(textOn(colour)).centre())
			}
		}
	}
	edge := func(a, b vg.Point) {
		c.line(a, b, c.em(0.55), white)
		c.line(a, b, c.em(0.26), ink)
	}
	marked := func(i, k int) bool { x := at(i, k); return x != nil && h.inside(x) }
	for i := 0; i <= len(h.across); i++ {
		for k := 0; k <= len(h.up); k++ {
			if k < len(h.up) && marked(i-1, k) != marked(i, k) {
				edge(corner(i, k), corner(i, k+1))
			}
			if i < len(h.across) && marked(i, k-1) != marked(i, k) {
				edge(corner(i, k), corner(i+1, k))
			}
		}
	}
}
