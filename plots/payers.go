package plots

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
)

// outside is the party in the ledger to whom money for inputs goes: staff, suppliers, buildings.
const (
	outside = "outside"
	fixed   = "rest" // the service whose cost no regime changes; cost per head leaves it out
)

// payers are the kinds of party that pay for inputs, in the order of the bars.
var payers = []setting{
	{"practice", "Practices"}, {"hospital", "Hospitals"}, {"group", "Specialist groups"},
	{"system", "Integrated systems"}, {"social-care", "Social care"}, {"commissioner", "Commissioners and government"},
}

// payerParts returns the cost per head of the window by payer, in the order of payers: the median
// over runs of each payer's share of what is paid for inputs, times the cost per head, to which they add up.
func (b *book) payerParts(place, scenario string) []float64 {
	total := b.aspects()[2]
	cost := b.late(key{place, scenario, total.measure, "all"}, total.scale)
	paid := map[int32][]float64{}
	for i := range b.Ledger {
		e := &b.Ledger[i]
		year := int(e.Quarter+3) / 4
		if e.Place != place || e.Scenario != scenario || e.Payee != outside || e.Service == fixed || year < b.Meta.Window[0] || year > b.Meta.Window[1] {
			continue
		}
		if paid[e.Run] == nil {
			paid[e.Run] = make([]float64, len(payers))
		}
		who := e.Payer
		if who == "government" {
			who = "commissioner"
		}
		if at := slices.IndexFunc(payers, func(p setting) bool { return p.measure == who }); at >= 0 {
			paid[e.Run][at] += float64(e.Pence)
		}
	}
	parts := make([]float64, len(payers))
	for at := range parts {
		byRun := map[int32]float64{}
		for run, sums := range paid {
			all := 0.0
			for _, v := range sums {
				all += v
			}
			if c, ok := cost[run]; ok && all > 0 {
				byRun[run] = sums[at] / all * c
			}
		}
		if v := band(inOrder(byRun)).Mid; !math.IsNaN(v) {
			parts[at] = math.Max(0, v)
		}
	}
	return addUp(parts, band(inOrder(cost)).Mid)
}

// payersFigure draws the cost per head by who pays for staff and supplies.
func (b *book) payersFigure() *Figure {
	total := b.aspects()[2]
	places := b.placesWith(total.measure)
	shown := b.named()
	if len(shown) == 0 {
		shown = b.arms()
	}
	if len(b.Ledger) == 0 || len(places) == 0 {
		return nil
	}
	all := map[[2]string][]float64{}
	used := make([]bool, len(payers))
	high := 0.0
	for _, p := range places {
		for _, s := range shown {
			parts := b.payerParts(p, s)
			sum := 0.0
			for i, v := range parts {
				used[i] = used[i] || v > 0
				sum += v
			}
			all[[2]string{p, s}] = parts
			high = math.Max(high, sum)
		}
	}
	if high == 0 {
		return nil
	}
	f := &Figure{Name: "15-cost-by-payer", Command: b.Meta.Command, Source: b.Meta.source(shown), tall: 0.33 + 0.055*float64(len(shown)*((len(places)+1)/2))}
	f.describe("Cost of care per head by who pays for staff and supplies", total.unit.Axis, b.window(), b.Meta.Runs, "bars are medians, parts add up to them; there is no band")
	f.Table = [][]string{{"place", "scenario", "payer", "unit", "median"}}
	var titles []string
	for i, p := range payers {
		if used[i] {
			titles = append(titles, p.title)
		}
	}
	values := func(p, s string) (out []float64) {
		for i, v := range all[[2]string{p, s}] {
			if used[i] {
				out = append(out, v)
			}
		}
		return out
	}
	for _, p := range places {
		for _, s := range shown {
			for i, v := range values(p, s) {
				f.Table = append(f.Table, []string{p, s, titles[i], total.unit.Axis, cell(v)})
			}
		}
	}
	f.Title = b.payerHeadline(places, shown, titles, values)
	f.Alt = fmt.Sprintf("Stacked bar chart of the cost of care per head by who pays for staff and supplies, for %s in %s. %s.", b.list(shown), b.list(places), f.Title)
	f.draw = func(c *canvas, body vg.Rectangle) {
		b.drawBars(c, body, places, shown, titles, total.unit, high, values)
	}
	return f
}

// payerHeadline names the largest payer of the base, or of the first scenario, and its part of the cost.
func (b *book) payerHeadline(places, shown, titles []string, values func(p, s string) []float64) string {
	s := shown[0]
	if slices.Contains(shown, b.Meta.Base) {
		s = b.Meta.Base
	}
	var parts []string
	first := -1
	for _, p := range places {
		v := values(p, s)
		sum, at := 0.0, 0
		for i := range v {
			sum += v[i]
			if v[i] > v[at] {
				at = i
			}
		}
		if first < 0 {
			first = at
		}
		if sum == 0 || at != first {
			return "Who pays for staff and supplies"
		}
		of := ""
		if len(parts) == 0 {
			of = " of the cost of care"
		}
		parts = append(parts, fmt.Sprintf("%s%%%s in %s", Number(100*v[at]/sum, 0), of, b.title(p)))
	}
	verb := "bear"
	if titles[first] == "Social care" {
		verb = "bears"
	}
	return fmt.Sprintf("%s: %s %s %s", b.title(s), lowerFirst(titles[first]), verb, join(parts))
}
