package plots

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
)

// Influence is what a sweep says of one factor for one output.
type Influence struct {
	Place, Scenario, Against string // Against: the output is a difference from this scenario; empty: it is a level
	Years, Measure, Factor   string
	Sobol                    bool     // Main is the total order and Alone the first; else Main is mu* and Alone sigma
	Main, Alone              Interval // with 95 % bootstrap intervals; sigma has none
	N                        int      // blocks or trajectories used
}

// mostFactors is how many factors the figure has room for.
const mostFactors = 10

// influenceFigure ranks what matters most for the four outcomes of one scenario: the first that anything
// matters for.
func (b *book) influenceFigure() *Figure {
	at := slices.IndexFunc(b.Influence, func(x Influence) bool { return x.Main.Known() })
	if at < 0 {
		return nil
	}
	first := b.Influence[at]
	var mine []Influence
	for _, x := range b.Influence {
		if x.Scenario == first.Scenario && x.Against == first.Against && x.Years == first.Years {
			mine = append(mine, x)
		}
	}
	aspects := b.influenceAspects(mine, first.Sobol)
	if len(aspects) == 0 {
		return nil // another measure than the four
	}
	rows := ranked(mine, aspects)
	var places []string
	for _, x := range mine {
		if !slices.Contains(places, x.Place) {
			places = append(places, x.Place)
		}
	}
	f := &Figure{Name: "22-what-matters-most", Command: b.Meta.Command, Source: b.Meta.source([]string{first.Scenario}), tall: 0.3 + float64(len(places))*(0.04+0.036*float64(len(rows)))}
	of := fmt.Sprintf("the outcomes of ‘%s’", lowerFirst(b.title(first.Scenario)))
	if first.Against != "" {
		of = fmt.Sprintf("how ‘%s’ differs from ‘%s’", lowerFirst(b.title(first.Scenario)), lowerFirst(b.title(first.Against)))
	}
	what, unit, band := "Morris elementary effects on "+of, "in each outcome’s unit over a factor’s range", "discs are mean absolute effects (mu*) with 95% bootstrap intervals, diamonds their standard deviation (sigma)"
	if first.Sobol {
		what, unit, band = "Sobol indices of "+of, "share of variance", "discs are total, diamonds first-order indices, bars 95% bootstrap intervals"
	}
	f.describe(what, unit, yearsWords(first.Years), b.Meta.Runs, band)
	f.Table = influenceTable(b.Influence)
	f.Title = b.influenceTitle(mine, aspects, places[0])
	f.Alt = fmt.Sprintf("Dot and interval chart that ranks %d factors by how much they matter for %s in %s. %s.", len(rows), aspectNames(aspects), b.list(places), f.Title)
	f.draw = func(c *canvas, body vg.Rectangle) {
		b.influenceChart(mine, aspects, places, rows, c.theme).draw(c, body)
	}
	return f
}

// influenceAspects are the four outcomes as far as there is anything of them.
func (b *book) influenceAspects(mine []Influence, shares bool) []aspect {
	var list []aspect
	for _, a := range b.aspects() {
		if slices.ContainsFunc(mine, func(x Influence) bool { return x.Measure == a.measure && x.Main.Known() }) {
			a.better = 0
			if shares {
				a.unit, a.scale = Unit{Axis: "share of variance"}, 1
			}
			list = append(list, a)
		}
	}
	return list
}

// ranked lists the factors by their largest importance relative to the most important of a column.
func ranked(mine []Influence, aspects []aspect) []string {
	weight := map[string]float64{}
	var names []string
	for _, a := range aspects {
		most := 0.0
		for _, x := range mine {
			if x.Measure == a.measure && x.Main.Known() {
				most = math.Max(most, x.Main.Mid)
			}
		}
		for _, x := range mine {
			if _, ok := weight[x.Factor]; !ok {
				weight[x.Factor] = 0
				names = append(names, x.Factor)
			}
			if x.Measure == a.measure && x.Main.Known() && most > 0 {
				weight[x.Factor] = math.Max(weight[x.Factor], x.Main.Mid/most)
			}
		}
	}
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(weight[b], weight[a]) })
	return names[:min(len(names), mostFactors)]
}

// influenceTitle names the factor that matters most for each outcome in a place, as far as its interval is clear
// of those of the others.
func (b *book) influenceTitle(mine []Influence, aspects []aspect, where string) string {
	var factors, unclear []string
	outcomes := map[string][]string{}
	for _, a := range aspects {
		of := slices.DeleteFunc(slices.Clone(mine), func(x Influence) bool {
			return x.Place != where || x.Measure != a.measure || !x.Main.Known()
		})
		slices.SortStableFunc(of, func(x, y Influence) int { return cmp.Compare(y.Main.Mid, x.Main.Mid) })
		if len(of) == 0 || !(of[0].Main.Mid > 0) {
			continue
		}
		top := of[0]
		if slices.ContainsFunc(of[1:], func(x Influence) bool { return x.Main.High >= top.Main.Low }) {
			unclear = append(unclear, a.name)
			continue
		}
		if outcomes[top.Factor] == nil {
			factors = append(factors, top.Factor)
		}
		outcomes[top.Factor] = append(outcomes[top.Factor], a.name)
	}
	place := inWords(b.title(where))
	switch {
	case len(factors)+len(unclear) == 0:
		return "Nothing that was varied moves the outcomes in " + place
	case len(factors) == 0:
		return fmt.Sprintf("In %s no one factor clearly matters most for any outcome", place)
	}
	var parts []string
	for _, f := range factors {
		parts = append(parts, fmt.Sprintf("%s for %s", f, join(outcomes[f])))
	}
	title := fmt.Sprintf("What matters most in %s: %s", place, join(parts))
	if len(unclear) > 0 {
		title += "; not clear for " + join(unclear)
	}
	return title
}

// inWords is the title of a place inside a sentence: a kind of region takes an article.
func inWords(title string) string {
	if strings.HasSuffix(title, " region") {
		return "the " + lowerFirst(title)
	}
	return title
}

// aspectNames lists outcomes in a sentence.
func aspectNames(aspects []aspect) string {
	var list []string
	for _, a := range aspects {
		list = append(list, a.name)
	}
	return join(list)
}

// influenceTable is all influences in rows.
func influenceTable(all []Influence) [][]string {
	t := [][]string{{"place", "scenario", "against", "years", "measure", "factor", "kind", "value", "low_95", "high_95", "n"}}
	for _, x := range all {
		main, alone := "mu_star", "sigma"
		if x.Sobol {
			main, alone = "total", "first"
		}
		for _, v := range []struct {
			kind string
			i    Interval
		}{{main, x.Main}, {alone, x.Alone}} {
			t = append(t, []string{x.Place, x.Scenario, x.Against, x.Years, x.Measure, x.Factor, v.kind, cell(v.i.Mid), cell(v.i.Low), cell(v.i.High), fmt.Sprint(x.N)})
		}
	}
	return t
}

// influenceChart lays a block a place, a row a factor, a column an outcome.
func (b *book) influenceChart(mine []Influence, aspects []aspect, places, rows []string, theme Theme) *chart {
	main, alone := look{color: darkBlue}, look{color: orange}
	if theme.grey {
		main.color, alone.color = ink, further
	}
	names := [2]string{"mu*", "sigma"}
	if mine[0].Sobol {
		names = [2]string{"total order", "first order"}
	}
	ch := &chart{columns: aspects, zero: true, key: []entry{{names[0], mark{look: main}}, {names[1], mark{look: alone, diamond: true}}}}
	for _, p := range places {
		bl := block{title: b.blockTitle(p, places), rows: rows, marks: make([][]mark, len(aspects))}
		for col, a := range aspects {
			for _, x := range mine {
				row := slices.Index(rows, x.Factor)
				if x.Place != p || x.Measure != a.measure || row < 0 {
					continue
				}
				bl.marks[col] = append(bl.marks[col],
					mark{row: row, Interval: x.Alone.times(a.scale), look: alone, diamond: true, offset: -0.18},
					mark{row: row, Interval: x.Main.times(a.scale), look: main, offset: 0.18})
			}
		}
		ch.blocks = append(ch.blocks, bl)
	}
	return ch
}

// times is an interval in another unit.
func (i Interval) times(by float64) Interval { return Interval{by * i.Mid, by * i.Low, by * i.High} }
