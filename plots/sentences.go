package plots

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"coexist/sim/tables"
)

// Sentences are made here and nowhere else. Each says only what the intervals bear: a difference
// is stated where its interval lies on one side of zero, and called unclear where it does not.

// furthest is the scenario that moves the outcome most against the base, summed over the places in which
// it clearly does; empty if none does. It counts the comparisons that have an interval.
func (b *book) furthest(a aspect, shown []string) (best string, compared int) {
	size := 0.0
	for _, s := range shown {
		if s == b.Meta.Base {
			continue
		}
		total := 0.0
		for _, p := range b.placesWith(a.measure) {
			d := b.difference(key{p, s, a.measure, "all"}, b.Meta.Base, a.scale)
			if !math.IsNaN(d.Low) {
				compared++
			}
			if d.Clear() != 0 {
				total += math.Abs(d.Mid)
			}
		}
		if total > size {
			best, size = s, total
		}
	}
	return best, compared
}

// lineHeadline names the scenario that moves the outcome most against the base, and by how much
// in each place; if none moves it clearly anywhere, it says so. Of one scenario alone it gives the level.
func (b *book) lineHeadline(a aspect, shown []string) string {
	places := b.placesWith(a.measure)
	base := b.title(b.Meta.Base)
	best, compared := b.furthest(a, shown)
	switch {
	case len(shown) == 1:
		return b.title(shown[0]) + ": " + b.levels(a, shown[0], places)
	case compared == 0:
		return fmt.Sprintf("%s over %s", upperFirst(a.name), b.span())
	case best == "":
		return fmt.Sprintf("No clear difference in %s from the %s in %s", a.name, lowerFirst(base), b.list(places))
	}
	return b.title(best) + ": " + b.versus(a, best, places)
}

// levels says what an outcome of a scenario is in each place.
func (b *book) levels(a aspect, scenario string, places []string) string {
	var parts []string
	for _, p := range places {
		text := a.unit.short(b.lateBand(key{p, scenario, a.measure, "all"}, a.scale).Mid)
		if len(parts) == 0 {
			text = fmt.Sprintf(a.level, text)
		}
		parts = append(parts, text+" in "+b.title(p))
	}
	return join(parts)
}

// versus says by how much a scenario clearly differs from the base in each place, and where it does not.
func (b *book) versus(a aspect, scenario string, places []string) string {
	var clear, unclear []string
	var last string
	for _, p := range places {
		d := b.difference(key{p, scenario, a.measure, "all"}, b.Meta.Base, a.scale)
		words := a.more
		if d.Clear() < 0 {
			words = a.less
		}
		size := a.unit.short(math.Abs(d.Mid))
		switch {
		case d.Clear() == 0:
			unclear = append(unclear, b.title(p))
			continue
		case len(clear) == 0:
			clear = append(clear, fmt.Sprintf("%s %s than the %s in %s", size, words, lowerFirst(b.title(b.Meta.Base)), b.title(p)))
		case words == last:
			clear = append(clear, fmt.Sprintf("%s in %s", size, b.title(p)))
		default:
			clear = append(clear, fmt.Sprintf("%s %s in %s", size, words, b.title(p)))
		}
		last = words
	}
	text := join(clear)
	if len(unclear) > 0 {
		text += ", no clear difference in " + join(unclear)
	}
	return text
}

// armHeadline says what opening to competition does where integration is real, which is the
// coexistence question: how much to choice, and in which direction to fragmentation.
func (b *book) armHeadline(choice, handoffs aspect, places []string) string {
	sign := func(a aspect) (all int, sizes []string) {
		for i, p := range places {
			d := b.difference(key{p, "arm-open-real", a.measure, "all"}, "arm-closed-real", a.scale)
			if i > 0 && d.Clear() != all {
				return 0, nil
			}
			all = d.Clear()
			sizes = append(sizes, fmt.Sprintf("%s in %s", a.unit.short(math.Abs(d.Mid)), b.title(p)))
		}
		return all, sizes
	}
	options, sizes := sign(choice)
	if options == 0 {
		return "What competition changes, with and without integration"
	}
	verb := map[int]string{1: "adds", -1: "removes"}[options]
	sizes[0] = strings.Replace(sizes[0], " in ", " effective options in ", 1)
	failed, _ := sign(handoffs)
	more := map[int]string{1: "more handoffs fail", -1: "fewer handoffs fail", 0: "the effect on failed handoffs is unclear"}[failed]
	link := ", and "
	if options*choice.better*failed*handoffs.better < 0 {
		link = ", but "
	}
	return fmt.Sprintf("With real integration, competition %s %s%s%s", verb, join(sizes), link, more)
}

// glanceHeadline counts for how many of the outcomes scenarios are clearly better than the base.
func (b *book) glanceHeadline(aspects []aspect, places, shown []string) string {
	base := "the " + lowerFirst(b.title(b.Meta.Base))
	known := false
	var best []string // scenarios with the most clear improvements
	most, wins := 0, map[string][]int{}
	for _, s := range shown {
		total := 0
		for _, p := range places {
			n := 0
			for _, a := range aspects {
				d := b.difference(key{p, s, a.measure, "all"}, b.Meta.Base, a.scale)
				known = known || !math.IsNaN(d.Low)
				if d.Clear()*a.better > 0 {
					n++
				}
			}
			wins[s] = append(wins[s], n)
			total += n
		}
		switch {
		case total > most:
			best, most = []string{s}, total
		case total == most && total > 0:
			best = append(best, s)
		}
	}
	n := len(aspects)
	switch {
	case !known:
		return "Four outcomes at a glance, against " + base
	case most == 0:
		return "No scenario is clearly better than " + base + " on any outcome"
	case most == n*len(places):
		return fmt.Sprintf("Clearly better than %s on all %d outcomes in %s: %s", base, n, b.list(places), lowerFirst(b.list(best)))
	}
	where := func(wins []int) string {
		if each := slices.Compact(slices.Clone(wins)); len(each) == 1 && len(places) > 1 {
			return fmt.Sprintf("%d in %s", each[0], map[bool]string{true: "both places", false: "each place"}[len(places) == 2])
		}
		var parts []string
		for i, p := range places {
			parts = append(parts, fmt.Sprintf("%d in %s", wins[i], b.title(p)))
		}
		return join(parts)
	}
	highest := make([]int, len(places))
	for _, s := range shown {
		for i := range places {
			highest[i] = max(highest[i], wins[s][i])
		}
	}
	none := fmt.Sprintf("No scenario beats %s on all %d outcomes", base, n)
	switch {
	case slices.Contains(highest, n):
		return none + " everywhere: at best " + where(highest)
	case len(best) > 1:
		return none + ": at best " + where(highest)
	}
	return fmt.Sprintf("%s; %s comes closest, with %s", none, lowerName(b.title(best[0])), where(wins[best[0]]))
}

// pairHeadline counts how many of the comparisons are clear.
func (b *book) pairHeadline(aspects []aspect, places, shown []string) string {
	clear, all := 0, 0
	for _, s := range shown {
		for _, p := range places {
			for _, a := range aspects {
				d := b.difference(key{p, s, a.measure, "all"}, b.Meta.Base, a.scale)
				if math.IsNaN(d.Low) {
					continue
				}
				all++
				if d.Clear() != 0 {
					clear++
				}
			}
		}
	}
	if all == 0 {
		return "Differences from the " + lowerFirst(b.title(b.Meta.Base)) + ", run by run"
	}
	return upperFirst(isOrAre(clear, all, "differences from the "+lowerFirst(b.title(b.Meta.Base)))) + " clear of zero"
}

// outOf writes a part of several things: "all 8 services", "3 of 8 services", "none of 8 services".
func outOf(n, all int, things string) string {
	switch {
	case n == all && all > 1:
		return fmt.Sprintf("all %d %s", all, things)
	case n == 0:
		return fmt.Sprintf("none of %d %s", all, things)
	}
	return fmt.Sprintf("%d of %d %s", n, all, things)
}

// isOrAre is outOf with the verb that agrees with it.
func isOrAre(n, all int, things string) string {
	if n > 1 {
		return outOf(n, all, things) + " are"
	}
	return outOf(n, all, things) + " is"
}

// lineEnds describes the last value of every line, for alternative text.
func (b *book) lineEnds(a aspect, places, shown []string) string {
	var parts []string
	for _, p := range places {
		var ends []string
		for _, s := range shown {
			bands, _ := b.yearly(key{p, s, a.measure, "all"}, a.scale)
			if len(bands) > 0 && bands[len(bands)-1].Known() {
				ends = append(ends, fmt.Sprintf("%s %s", lowerName(b.title(s)), a.unit.short(bands[len(bands)-1].Mid)))
			}
		}
		if len(ends) > 0 {
			parts = append(parts, fmt.Sprintf(" In year %d in %s: %s.", b.years, b.title(p), strings.Join(ends, ", ")))
		}
	}
	return strings.Join(parts, "")
}

// worstOff says for how many of the scenarios and places the difference from the base is clear for the
// most deprived tenth, and where it goes against that of everyone.
func (b *book) worstOff(a aspect, panels []panel, shown []string) string {
	better, worse, against, all := 0, 0, 0, 0
	for _, p := range panels {
		for _, s := range shown {
			d := b.difference(key{p.place, s, a.measure, tables.WorstOff}, b.Meta.Base, a.scale)
			if p.group != tables.WorstOff || s == b.Meta.Base || math.IsNaN(d.Low) {
				continue
			}
			all++
			switch d.Clear() * a.better {
			case 1:
				better++
			case -1:
				worse++
			}
			if everyone := b.difference(key{p.place, s, a.measure, "all"}, b.Meta.Base, a.scale); everyone.Clear()*d.Clear() < 0 {
				against++
			}
		}
	}
	if all == 0 {
		return "The lower panels show the people of the most deprived tenth of small areas of England."
	}
	number := func(n int) string {
		if n == 0 {
			return "none"
		}
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("For people in the most deprived tenth of small areas %s is clearly better than under the %s in %s of %s and clearly worse in %s; in %s it moves clearly against that of everyone.",
		a.name, lowerFirst(b.title(b.Meta.Base)), number(better), count(all, "comparison"), number(worse), number(against))
}

// span writes "years 1 to 10".
func (b *book) span() string {
	if b.years == 1 {
		return "year 1"
	}
	return fmt.Sprintf("years 1 to %d", b.years)
}

// window writes "mean of years 8 to 10".
func (b *book) window() string {
	w := b.Meta.Window
	if w[0] == w[1] {
		return fmt.Sprintf("year %d", w[0])
	}
	return fmt.Sprintf("mean of years %d to %d", w[0], w[1])
}

// placesWith are the places in which the measure was seen.
func (b *book) placesWith(measure string) []string {
	var places []string
	for _, p := range b.Meta.Places {
		if slices.ContainsFunc(b.Meta.Scenarios, func(s string) bool { return b.series[key{p, s, measure, "all"}] != nil }) {
			places = append(places, p)
		}
	}
	return places
}

// only reports whether the place is the only one.
func (b *book) only(place string) bool { return len(b.Meta.Places) == 1 && b.Meta.Places[0] == place }

// featured chooses at most n of the names for figures that cannot hold more, those that stand out first;
// they stay in the order given.
func (b *book) featured(names []string, n int) []string {
	first := b.outstanding(names)
	first = first[:min(n, len(first))]
	return slices.DeleteFunc(slices.Clone(names), func(s string) bool { return !slices.Contains(first, s) })
}

// outstanding sorts scenarios: the base, the systems that the project is about, then the others as given.
func (b *book) outstanding(names []string) []string {
	rank := func(s string) int {
		i := slices.Index(order[:4], s)
		switch {
		case s == b.Meta.Base:
			return -1
		case i < 0:
			return len(order)
		}
		return i
	}
	sorted := slices.Clone(names)
	slices.SortStableFunc(sorted, func(x, y string) int { return rank(x) - rank(y) })
	return sorted
}

// list writes plain names as "A, B and C".
func (b *book) list(names []string) string {
	var titles []string
	for _, n := range names {
		titles = append(titles, b.title(n))
	}
	return join(titles)
}

func join(parts []string) string {
	switch n := len(parts); n {
	case 0:
		return ""
	case 1:
		return parts[0]
	default:
		return strings.Join(parts[:n-1], ", ") + " and " + parts[n-1]
	}
}

// lowerFirst begins a name in lower case, unless it begins with an abbreviation such as GP.
func lowerFirst(s string) string {
	if s == "" || len(s) > 1 && s[1] >= 'A' && s[1] <= 'Z' {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// lowerName is lowerFirst for names inside a sentence, set in quotation marks.
func lowerName(s string) string { return "‘" + lowerFirst(s) + "’" }

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// cell writes a number for a table; unknown is empty.
func cell(v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	return strconv.FormatFloat(v, 'g', 10, 64)
}
