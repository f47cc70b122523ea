package plots

import (
	"fmt"
	"image/color"
	"slices"

	"gonum.org/v1/plot/vg"

	"coexist/sim/tables"
)

// stream is a flow from one stock to another, inside one organisation or not.
type stream struct {
	from, to string
	inside   bool
	patients float64
}

// sankey is the way from general practice through those who treat to hospital sites, in the last
// year of the first run.
type sankey struct {
	scenario string
	stages   [3][]string // stocks, from the top; the last of a stage may gather the rest
	streams  [2][]stream // from stage 0 to 1 and from 1 to 2
	total    float64
	inside   float64 // patients whose way is inside one organisation
}

// stock is the height of a stock: what flows in, or of the first stage out.
func (k *sankey) stock(stage int, name string) (sum float64) {
	if stage == 0 {
		for _, s := range k.streams[0] {
			if s.from == name {
				sum += s.patients
			}
		}
		return sum
	}
	for _, s := range k.streams[stage-1] {
		if s.to == name {
			sum += s.patients
		}
	}
	return sum
}

// rest gathers what is too small for a stock of its own.
const rest = "\x00rest"

// newSankey gathers the flows of a scenario in a place; nil if there are none.
func (b *book) newSankey(scenario, place string, stocks int) *sankey {
	k := &sankey{scenario: scenario}
	year, first := int32(0), int32(1<<30)
	mine := func(f *tables.Flow) bool {
		return f.Scenario == scenario && f.Place == place && !f.OfArea() && f.Patients > 0
	}
	for i := range b.Flows {
		if f := &b.Flows[i]; mine(f) {
			year, first = max(year, f.Year), min(first, f.Run)
		}
	}
	var sums [3]map[string]float64
	for i := range sums {
		sums[i] = map[string]float64{}
	}
	var rows []*tables.Flow
	for i := range b.Flows {
		f := &b.Flows[i]
		if !mine(f) || f.Year != year || f.Run != first {
			continue
		}
		rows = append(rows, f)
		n := float64(f.Patients)
		k.total += n
		if f.Inside {
			k.inside += n
		}
		for i, name := range [3]string{f.From, f.Through, f.To} {
			sums[i][name] += n
		}
	}
	if k.total == 0 {
		return nil
	}
	for i := range sums {
		k.stages[i] = largest(sums[i], stocks)
		if len(sums[i]) == stocks+1 { // one more is no rest
			k.stages[i] = largest(sums[i], stocks+1)
		} else if len(sums[i]) > stocks {
			k.stages[i] = append(k.stages[i], rest)
		}
	}
	name := func(stage int, s string) string {
		if slices.Contains(k.stages[stage], s) {
			return s
		}
		return rest
	}
	for _, f := range rows {
		way := [3]string{name(0, f.From), name(1, f.Through), name(2, f.To)}
		for i := range k.streams {
			at := slices.IndexFunc(k.streams[i], func(s stream) bool { return s.from == way[i] && s.to == way[i+1] && s.inside == f.Inside })
			if at < 0 {
				k.streams[i] = append(k.streams[i], stream{way[i], way[i+1], f.Inside, 0})
				at = len(k.streams[i]) - 1
			}
			k.streams[i][at].patients += float64(f.Patients)
		}
	}
	return k
}

// flowsFigure draws two scenarios side by side in the place with most patients: the base, and the
// airline or else the first other scenario with flows.
func (b *book) flowsFigure() *Figure {
	at := map[string]float64{}
	for i := range b.Flows {
		if f := &b.Flows[i]; !f.OfArea() && slices.Contains(b.Meta.Places, f.Place) {
			at[f.Place] += float64(f.Patients)
		}
	}
	if len(at) == 0 {
		return nil
	}
	place := largest(at, 1)[0]
	var panels []*sankey
	for _, s := range slices.Concat([]string{b.Meta.Base, "airline"}, b.named(), b.arms()) {
		if len(panels) == 2 || len(panels) == 1 && panels[0].scenario == s {
			continue
		}
		if k := b.newSankey(s, place, 5); k != nil {
			panels = append(panels, k)
		}
	}
	if len(panels) == 0 {
		return nil
	}
	var shown, parts []string
	for i, k := range panels {
		shown = append(shown, k.scenario)
		of := ""
		if i == 0 {
			of = " of treatment in " + b.title(place) + " stays inside one organisation"
		}
		parts = append(parts, fmt.Sprintf("%s%%%s under %s", Number(100*k.inside/k.total, 0), of, lowerName(b.title(k.scenario))))
	}
	f := &Figure{Name: "16-patient-flows", Command: b.Meta.Command, Source: b.Meta.source(shown), tall: 0.28 + 0.42*float64(len(panels))}
	f.Title = join(parts)
	f.describe("Patients from general practice through the organisation that treats them to the hospital site, % of patients treated", "% of patients treated",
		fmt.Sprintf("year %d", b.years), 1, "it is the first, so there is no band")
	f.Table = [][]string{{"place", "scenario", "stage", "from", "to", "inside", "patients"}}
	for _, k := range panels {
		for i, list := range k.streams {
			for _, s := range list {
				f.Table = append(f.Table, []string{place, k.scenario, fmt.Sprint(i + 1), plainRest(s.from), plainRest(s.to), fmt.Sprint(s.inside), cell(s.patients)})
			}
		}
	}
	f.Alt = fmt.Sprintf("Flow chart from general practice through organisations to hospital sites in %s, under %s. %s.", b.title(place), b.list(shown), f.Title)
	f.draw = func(c *canvas, body vg.Rectangle) { b.drawSankeys(c, body, place, panels) }
	return f
}

func plainRest(s string) string {
	if s == rest {
		return "others"
	}
	return s
}

// drawSankeys lays a panel a scenario, below each other.
func (b *book) drawSankeys(c *canvas, body vg.Rectangle, place string, panels []*sankey) {
	in, out := c.category(c.greyOr(darkBlue, ink)), c.category(c.greyOr(orange, further))
	c.drawSystems([]string{"inside one organisation", "between organisations"},
		map[string]color.NRGBA{"inside one organisation": in, "between organisations": out}, false, body.Min.X, body.Max.X, body.Max.Y-c.em(0.7))
	top := body.Max.Y - c.em(1.8)
	high := (top - body.Min.Y) / vg.Length(len(panels))
	for i, k := range panels {
		y := top - vg.Length(i)*high
		c.text(vg.Point{X: body.Min.X, Y: y - c.em(1)}, b.title(k.scenario)+", "+b.title(place), c.strong())
		b.drawSankey(c, vg.Rectangle{Min: vg.Point{X: body.Min.X, Y: y - high + c.em(0.4)}, Max: vg.Point{X: body.Max.X, Y: y - c.em(1.6)}}, place, k, in, out)
	}
}

// drawSankey draws the stocks with gaps between them and the streams in the order of the stocks, so
// that few cross.
func (b *book) drawSankey(c *canvas, r vg.Rectangle, place string, k *sankey, in, out color.NRGBA) {
	label := c.small().in(ink)
	titles := func(stage int) (list []string) {
		for _, name := range k.stages[stage] {
			list = append(list, b.stockTitle(k, stage, name, place))
		}
		return list
	}
	room := (r.Max.X - r.Min.X) * 0.2
	left := c.widest(titles(0), label, room*0.7) + c.em(0.6)
	right := c.widest(titles(2), label, room) + c.em(0.6)
	bar := c.em(0.9)
	xs := [3]vg.Length{r.Min.X + left, r.Min.X + left + (r.Max.X-r.Min.X-left-right-bar)*0.4, r.Max.X - right - bar}
	// Gaps are wide enough for a label of two lines even at a thin stock.
	gaps := c.em(1.1)
	most := 0
	for _, names := range k.stages {
		most = max(most, len(names))
	}
	per := (r.Max.Y - r.Min.Y - gaps*vg.Length(most-1)) / vg.Length(k.total)
	top := [3]map[string]vg.Length{}
	for stage, names := range k.stages {
		top[stage] = map[string]vg.Length{}
		free := r.Max.Y - r.Min.Y - per*vg.Length(k.total)
		gap := min(free/vg.Length(max(1, len(names)-1)), c.em(2.4))
		y := r.Max.Y - (free-gap*vg.Length(len(names)-1))/2
		for _, name := range names {
			top[stage][name] = y
			y -= per*vg.Length(k.stock(stage, name)) + gap
		}
	}
	for i := range k.streams {
		c.drawStreams(k, i, top[i], top[i+1], xs[i]+bar, xs[i+1], per, in, out)
	}
	type lettering struct {
		at    vg.Point
		lines []string
	}
	var letters []lettering // over all plates
	for stage, names := range k.stages {
		for j, name := range names {
			high := per * vg.Length(k.stock(stage, name))
			y := top[stage][name]
			c.box(vg.Rectangle{Min: vg.Point{X: xs[stage], Y: y - max(high, 0.5)}, Max: vg.Point{X: xs[stage] + bar, Y: y}}, ink)
			text := titles(stage)[j]
			width := right - c.em(0.6)
			at := vg.Point{X: xs[stage] + bar + c.em(0.4), Y: y - high/2}
			switch stage {
			case 0:
				width = left - c.em(0.6)
				at.X = r.Min.X
			case 1:
				width = (xs[2] - xs[1]) * 0.62
			}
			lines := c.balance(text, label, width)
			if stage == 1 { // on the streams: a light plate below the letters
				w := c.widest(lines, label, width)
				h := leading(label) * vg.Length(len(lines))
				c.box(vg.Rectangle{Min: vg.Point{X: at.X - 1, Y: at.Y - h/2}, Max: vg.Point{X: at.X + w + 1, Y: at.Y + h/2}}, fade(white, 0.85))
			}
			letters = append(letters, lettering{vg.Point{X: at.X, Y: at.Y + leading(label)*vg.Length(len(lines))/2}, lines})
		}
	}
	for _, l := range letters {
		c.lines(l.at, l.lines, label)
	}
}

// stockTitle is the name of a stock with its part of all patients.
func (b *book) stockTitle(k *sankey, stage int, name, place string) string {
	text := b.title(name)
	switch {
	case name == rest && stage == 1:
		text = "other organisations"
	case name == rest:
		text = "other sites"
	case stage == 0:
		text = "GPs of " + b.title(name)
	case stage == 2:
		text = b.site(place, name)
	}
	return fmt.Sprintf("%s %s%%", text, Number(100*k.stock(stage, name)/k.total, 0))
}

// drawStreams draws the streams between two stages as bands that leave and arrive in the order of
// the stocks, those inside an organisation above the others.
func (c *canvas) drawStreams(k *sankey, i int, from, to map[string]vg.Length, x0, x1, per vg.Length, in, out color.NRGBA) {
	leave, arrive := map[string]vg.Length{}, map[string]vg.Length{}
	for _, a := range k.stages[i] {
		for _, z := range k.stages[i+1] {
			for _, inside := range []bool{true, false} {
				for _, s := range k.streams[i] {
					if s.from != a || s.to != z || s.inside != inside {
						continue
					}
					h := per * vg.Length(s.patients)
					y0, y1 := from[a]-leave[a], to[z]-arrive[z]
					leave[a] += h
					arrive[z] += h
					colour := out
					if inside {
						colour = in
					}
					mid := (x0 + x1) / 2
					var p vg.Path
					p.Move(vg.Point{X: x0, Y: y0})
					p.CubeTo(vg.Point{X: mid, Y: y0}, vg.Point{X: mid, Y: y1}, vg.Point{X: x1, Y: y1})
					p.Line(vg.Point{X: x1, Y: y1 - h})
					p.CubeTo(vg.Point{X: mid, Y: y1 - h}, vg.Point{X: mid, Y: y0 - h}, vg.Point{X: x0, Y: y0 - h})
					p.Close()
					c.SetColor(fade(colour, 0.42))
					c.Fill(p)
				}
			}
		}
	}
}
