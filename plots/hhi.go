package plots

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
)

// hhiSteps are the classes of concentration, from the given index up.
var hhiSteps = []struct {
	from  float64
	title string
}{{0, "under 0.25"}, {0.25, "0.25 to 0.5"}, {0.5, "0.5 to 0.75"}, {0.75, "0.75 to 1"}}

// hhiHue is the colour of a class: darker is more concentrated.
func (c *canvas) hhiHue(hhi float64) color.NRGBA {
	class := 0
	for i, s := range hhiSteps {
		if hhi >= s.from {
			class = i
		}
	}
	return c.theme.scale().at(1 - 0.9*float64(class)/float64(len(hhiSteps)-1))
}

// shared reports whether there is anything in an area that someone has a share of.
func shared(a AreaShare) bool { return a.Leader != "" && a.HHI > 0 }

// concentration is one figure of how concentrated something is by area.
type concentration struct {
	name, subtitle, alone string // of the figure; what is drawn; heading of the share where one has all
	nobody                string // what an area without colour is
	areas                 map[string][]AreaShare
	headline              func(scenarios, places []string) string
}

// expectedConcentration is that of hospital care.
func (b *book) expectedConcentration() *Figure {
	return b.concentrationFigure(concentration{"17-concentration-map",
		"Concentration of hospital care by area: Herfindahl index of organisations’ shares of expected referrals, mean over specialties, 0 to 1 (1 = one has all)",
		"% who live where one organisation has all", "nobody in the panel", b.Care, b.expectedHeadline})
}

// enrolledConcentration is that of enrolment.
func (b *book) enrolledConcentration() *Figure {
	return b.concentrationFigure(concentration{"23-enrolment-concentration",
		"Concentration of enrolment by area: Herfindahl index of systems’ shares of enrolled residents, 0 to 1 (1 = one system has all)",
		"% who live where one system has all", "nobody enrolled", b.Enrolment, b.enrolledHeadline})
}

// concentrated returns the people-weighted mean index of a panel and the part of people who live
// where one has all; ok is false where there is nothing to share.
func (b *book) concentrated(areas map[string][]AreaShare, scenario, where string) (index, alone float64, ok bool) {
	l := b.leaders(areas, scenario, where)
	people := 0.0
	for _, a := range b.Places[where].Areas {
		s := l.share[a.Code]
		if !shared(s) {
			continue
		}
		n := float64(a.Residents)
		people += n
		index += n * s.HHI
		if s.HHI > 0.9999 {
			alone += n
		}
	}
	if people == 0 {
		return 0, 0, false
	}
	return index / people, alone / people, true
}

// concentrationFigure draws how concentrated enrolment or care is in each area.
func (b *book) concentrationFigure(of concentration) *Figure {
	regions, places, scenarios := b.mapped(of.areas, shared)
	if len(places) == 0 {
		return nil
	}
	f := &Figure{Name: of.name, Command: b.Meta.Command, Source: b.Meta.source(scenarios), tall: mapHeight(regions, places, len(scenarios), 0)}
	f.Title = of.headline(scenarios, places)
	f.describe(of.subtitle, "0 to 1", fmt.Sprintf("end of year %d", b.years), 1, "it is the first, so there is no band")
	f.Table = [][]string{{"place", "scenario", "area", "index"}}
	f.Summary = [][]string{{"place", "scenario", "mean index of residents", of.alone}}
	for _, p := range places {
		for _, s := range scenarios {
			for _, a := range of.areas[s+"/"+p] {
				f.Table = append(f.Table, []string{p, s, a.Area, cell(a.HHI)})
			}
			if index, alone, ok := b.concentrated(of.areas, s, p); ok {
				f.Summary = append(f.Summary, []string{b.title(p), b.title(s), Number(index, 2), Number(100*alone, 0)})
			}
		}
	}
	what, _, _ := strings.Cut(lowerFirst(of.subtitle), ":")
	f.Alt = fmt.Sprintf("Maps of the %s of %s, under %s. %s.", what, b.list(places), b.list(scenarios), f.Title)
	f.draw = func(c *canvas, body vg.Rectangle) {
		at := vg.Point{X: body.Min.X, Y: body.Max.Y - c.em(0.7)}
		for _, s := range hhiSteps {
			at = c.swatch(at, c.hhiHue(s.from), s.title)
		}
		if b.blank(of.areas, regions, scenarios, shared) {
			c.swatch(at, land, of.nobody)
		}
		body.Max.Y -= c.em(1.6)
		noKey := func(string, int, vg.Length) vg.Length { return 0 }
		b.layMaps(c, body, regions, places, scenarios, noKey, func(s slot) {
			r := regions[s.place]
			for col, scenario := range scenarios {
				l := b.leaders(of.areas, scenario, s.place)
				c.drawRegion(r, s.maps[col], func(id cellID) (color.NRGBA, bool) { return c.hhiOf(r, id, l) }, col == 0)
			}
		}, func(slot) {})
	}
	return f
}

// hhiOf is the colour of a cell: of the mean index of its areas, by residents.
func (c *canvas) hhiOf(r *region, id cellID, l led) (color.NRGBA, bool) {
	sum, people := 0.0, 0.0
	for _, i := range r.areas[id] {
		a := &r.Areas[i]
		if s := l.share[a.Code]; shared(s) {
			sum += s.HHI * float64(a.Residents)
			people += float64(a.Residents)
		}
	}
	if people == 0 {
		return color.NRGBA{}, false
	}
	return c.hhiHue(sum / people), true
}

// enrolledHeadline says how many people live where one system has all, under the scenario that stands out.
func (b *book) enrolledHeadline(scenarios, places []string) string {
	first := b.outstanding(scenarios)[0]
	var parts []string
	for _, p := range places {
		index, alone, ok := b.concentrated(b.Enrolment, first, p)
		if !ok {
			continue
		}
		of := ""
		if len(parts) == 0 {
			of = " of people"
		}
		if math.Round(100*alone) >= 1 {
			parts = append(parts, fmt.Sprintf("%s%%%s in %s", Number(100*alone, 0), of, b.title(p)))
		} else {
			parts = append(parts, fmt.Sprintf("under 1%%%s in %s (mean index %s)", of, b.title(p), Number(index, 2)))
		}
	}
	if len(parts) == 0 {
		return "How concentrated enrolment is, by area"
	}
	return fmt.Sprintf("%s: %s live where one system has all who are enrolled", b.title(first), join(parts))
}

// expectedHeadline names the scenario drawn that moves the mean index of care furthest from the base,
// with both; differences that vanish in the digits shown are said to be none. Of one scenario alone it has the index.
func (b *book) expectedHeadline(scenarios, places []string) string {
	far, best := 0.0, ""
	less, more := false, false
	var both []string
	for _, s := range scenarios {
		var mine []string
		sum := 0.0
		down, up := false, false
		for _, p := range places {
			x, _, ok := b.concentrated(b.Care, s, p)
			y, _, known := b.concentrated(b.Care, b.Meta.Base, p)
			if !ok || !known {
				continue
			}
			sum += math.Abs(x - y)
			now, then := Number(x, 2), Number(y, 2)
			down, up = down || now != then && x < y, up || now != then && x > y
			mine = append(mine, fmt.Sprintf("%s against %s in %s", now, then, b.title(p)))
		}
		if sum > far {
			far, best, both, less, more = sum, s, mine, down, up
		}
	}
	word := "not as concentrated as"
	switch {
	case len(scenarios) == 1:
		var parts []string
		for _, p := range places {
			if index, _, ok := b.concentrated(b.Care, scenarios[0], p); ok {
				parts = append(parts, Number(index, 2)+" in "+b.title(p))
			}
		}
		return fmt.Sprintf("%s: hospital care has a concentration index of %s", b.title(scenarios[0]), join(parts))
	case best == "" || !slices.Contains(scenarios, b.Meta.Base):
		return "How concentrated hospital care is, by area"
	case !less && !more:
		return "Hospital care is about as concentrated under every scenario drawn"
	case less && !more:
		word = "less concentrated than"
	case more && !less:
		word = "more concentrated than"
	}
	return fmt.Sprintf("%s: hospital care is %s under the %s, index %s", b.title(best), word, lowerFirst(b.title(b.Meta.Base)), join(both))
}

// mapped chooses the three scenarios that stand out most and all places with areas that pass, made ready
// for maps; both in the order of reports.
func (b *book) mapped(areas map[string][]AreaShare, pass func(AreaShare) bool) (regions map[string]*region, places, scenarios []string) {
	regions = map[string]*region{}
	drawn := func(s, p string) bool {
		return b.Places[p] != nil && slices.ContainsFunc(areas[s+"/"+p], pass)
	}
	all := slices.Concat(b.named(), b.arms())
	some := slices.DeleteFunc(b.outstanding(all), func(s string) bool {
		return !slices.ContainsFunc(b.Meta.Places, func(p string) bool { return drawn(s, p) })
	})
	some = some[:min(3, len(some))]
	seen := slices.DeleteFunc(slices.Clone(b.Meta.Places), func(p string) bool {
		return !slices.ContainsFunc(some, func(s string) bool { return drawn(s, p) })
	})
	for _, p := range seen {
		if r := newRegion(b.Places[p], len(some)*len(seen)); r != nil {
			regions[p] = r
			places = append(places, p)
		}
	}
	return regions, places, slices.DeleteFunc(all, func(s string) bool { return !slices.Contains(some, s) })
}
