package plots

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
)

// event is an entry, exit, merger or the like of the first run.
type event struct {
	place, scenario, kind string
	year                  float64 // from 1
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
			all = append(all, event{e.Place, e.Scenario, e.Event, math.Ceil(float64(e.Week+1) / weeks)})
		}
	}
	return all
}

// eventsFigure draws entries, exits and mergers of the first run on a line of time.
func (b *book) eventsFigure() *Figure {
	events := b.events()
	if len(events) == 0 {
		return nil
	}
	kinds, counts := map[string]float64{}, map[string]float64{}
	for _, e := range events {
		kinds[e.kind]++
		counts[e.scenario]++
	}
	names := shownEvents(kinds)
	shown := slices.DeleteFunc(slices.Clone(b.Meta.Scenarios), func(s string) bool { return counts[s] == 0 })
	places := slices.DeleteFunc(slices.Clone(b.Meta.Places), func(p string) bool {
		return !slices.ContainsFunc(events, func(e event) bool { return e.place == p })
	})
	if len(places) == 0 {
		return nil
	}
	f := &Figure{Name: "12-entry-exit-merger", Command: b.Meta.Command, Source: b.Meta.source(shown), tall: 0.3 + 0.04*float64(len(shown)*len(places))}
	f.Title = eventsHeadline(kinds)
	f.describe("Organisations that enter, leave, merge or are bailed out, number of events in a year where more than one", "number of events", b.span(), 1, "it is the first, so there is no band")
	f.Table = [][]string{{"place", "scenario", "event", "year"}}
	for _, e := range events {
		f.Table = append(f.Table, []string{e.place, e.scenario, e.kind, cell(e.year)})
	}
	f.Alt = fmt.Sprintf("Timeline of market events in %s under %s. %s.", b.list(places), b.list(shown), f.Title)
	f.draw = func(c *canvas, body vg.Rectangle) { b.drawEvents(c, body, events, names, shown, places) }
	return f
}

// shownEvents are the kinds of events that are drawn: who enters, leaves and merges, and the most frequent
// of the others, four in all.
func shownEvents(counts map[string]float64) []string {
	var names []string
	others := maps.Clone(counts)
	for _, kind := range []string{"entry", "exit", "merger"} {
		if counts[kind] > 0 {
			names = append(names, kind)
		}
		delete(others, kind)
	}
	return append(names, largest(others, 4-len(names))...)
}

// eventWords name the kinds of events in sentences, one and several.
var eventWords = map[string][2]string{
	"entry": {"entry", "entries"}, "exit": {"exit", "exits"}, "merger": {"merger", "mergers"},
	"affiliation": {"affiliation", "affiliations"}, "bail-out": {"bail-out", "bail-outs"},
}

// eventsHeadline counts the kinds, entries, exits and mergers always among them.
func eventsHeadline(kinds map[string]float64) string {
	word := func(kind string) string {
		n := int(kinds[kind])
		words, ok := eventWords[kind]
		if !ok {
			words = [2]string{strings.ReplaceAll(kind, "_", " "), strings.ReplaceAll(kind, "_", " ") + "s"}
		}
		if n == 0 {
			return "no " + words[1]
		}
		if n == 1 {
			return "1 " + words[0]
		}
		return fmt.Sprintf("%d %s", n, words[1])
	}
	var parts []string
	for _, kind := range []string{"entry", "exit", "merger"} {
		parts = append(parts, word(kind))
	}
	for _, kind := range largest(kinds, len(kinds)) {
		if kind != "entry" && kind != "exit" && kind != "merger" {
			parts = append(parts, word(kind))
		}
	}
	return upperFirst(join(parts)) + " in the first run"
}

// eventAt is where the events of a kind stand in their year: the kinds side by side, if a year is wide
// enough for marks with their numbers, else in two lines or each in its own.
func (v *view) eventAt(kind, kinds int) vg.Point {
	year := (v.x(2) - v.x(1)) * 0.96
	row := v.y(1) - v.y(0)
	switch need := v.em(2.1); {
	case year >= need*vg.Length(kinds):
		return vg.Point{X: year * vg.Length(kind) / vg.Length(max(kinds, 2))}
	case year >= 2*need && kinds > 2:
		return vg.Point{X: year * vg.Length(kind/2) / 2, Y: row * vg.Length(0.24-0.48*float64(kind%2))}
	}
	return vg.Point{Y: row * vg.Length(0.2*(float64(kinds-1)/2-float64(kind)))}
}

// drawEvents lays a panel a place, in it a line a scenario, on it a mark an event.
func (b *book) drawEvents(c *canvas, body vg.Rectangle, events []event, names, shown, places []string) {
	ch := &chart{}
	for i, kind := range names {
		colour := categories[i]
		if c.theme.grey {
			colour = mix(ink, further, float64(i)/4)
		}
		ch.key = append(ch.key, entry{strings.ReplaceAll(kind, "_", " "), mark{look: look{color: colour}, diamond: i%2 == 1, hollow: i > 1}})
	}
	more := ch.drawKey(c, vg.Point{X: body.Min.X, Y: body.Max.Y - c.em(0.6)}, body.Max.X)
	top := body.Max.Y - c.em(2) - more
	label := c.normal().in(ink)
	var titles []string
	for _, s := range shown {
		titles = append(titles, b.title(s))
	}
	left := c.widest(titles, label, c.em(12)) + c.em(2)
	high := (top - body.Min.Y - c.em(1.5)) / vg.Length(len(places))
	for i, p := range places {
		y := top - vg.Length(i)*high
		c.text(vg.Point{X: body.Min.X, Y: y - c.em(0.9)}, b.title(p), c.strong())
		v := &view{canvas: c, across: axis{1, float64(b.years) + 1}, up: axis{0, float64(len(shown))},
			Rectangle: vg.Rectangle{Min: vg.Point{X: body.Min.X + left, Y: y - high + c.em(0.8)}, Max: vg.Point{X: body.Max.X - c.em(1), Y: y - c.em(1.5)}}}
		for row, s := range shown {
			middle := v.y(float64(len(shown)-row) - 0.5)
			lines := c.balance(b.title(s), label, left-c.em(1.5))
			c.lines(vg.Point{X: body.Min.X, Y: middle + leading(label)*vg.Length(len(lines))/2}, lines, label)
			c.line(vg.Point{X: v.Min.X, Y: middle}, vg.Point{X: v.Max.X, Y: middle}, 0.5, rule)
			for k, kind := range names {
				perYear := map[float64]int{}
				for _, e := range events {
					if e.place == p && e.scenario == s && e.kind == kind {
						perYear[e.year]++
					}
				}
				off := v.eventAt(k, len(names))
				for y := 1; y <= b.years+1; y++ {
					n := perYear[float64(y)]
					if n == 0 {
						continue
					}
					at := vg.Point{X: v.x(float64(y)) + off.X, Y: middle + off.Y}
					c.drawMark(at, ch.key[k].mark)
					if n > 1 {
						c.text(vg.Point{X: at.X + c.em(0.5), Y: at.Y - c.em(0.3)}, fmt.Sprint(n), c.small().in(ink))
					}
				}
			}
		}
		if i == len(places)-1 {
			v.years(b.years, v.Min.X)
		}
	}
}
