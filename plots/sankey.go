package plots

import (
	"fmt"
	"image/color"
	"regexp"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"

	"coexist/sim/place"
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
	year     int32
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

// smallest is the part of all patients under which a stock is not drawn on its own.
const smallest = 0.02

// rival is the name of one of several organisations alike, such as “Surgical Group B”.
var rival = regexp.MustCompile(`^(.+) [A-Z]$`)

// families maps organisations that differ only in their last letter to a common name, where there are more
// organisations than stocks: two dozen rivals of equal size would all but vanish among “others”.
func families(sums map[string]float64, stocks int) map[string]string {
	members := map[string][]string{}
	for name := range sums {
		if m := rival.FindStringSubmatch(name); m != nil {
			members[m[1]] = append(members[m[1]], name)
		}
	}
	family := map[string]string{}
	for common, names := range members {
		for _, name := range names {
			if len(names) > 1 && len(sums) > stocks+1 {
				family[name] = fmt.Sprintf("%d %ss", len(names), lowerWords(common))
			}
		}
	}
	return family
}

// lowerWords writes words without capitals, but for abbreviations.
func lowerWords(s string) string {
	words := strings.Fields(s)
	for i, w := range words {
		if w != strings.ToUpper(w) {
			words[i] = lowerFirst(w)
		}
	}
	return strings.Join(words, " ")
}

// newSankey gathers the flows of a scenario in a place; nil if there are none.
func (b *book) newSankey(scenario, place string, stocks int) *sankey {
	k := &sankey{scenario: scenario}
	first := int32(1 << 30)
	mine := func(f *tables.Flow) bool {
		return f.Scenario == scenario && f.Place == place && !f.OfArea() && f.Patients > 0
	}
	who := map[string]float64{}
	for i := range b.Flows {
		if f := &b.Flows[i]; mine(f) {
			k.year, first = max(k.year, f.Year), min(first, f.Run)
			who[f.Through] += float64(f.Patients)
		}
	}
	family := families(who, stocks)
	var sums [3]map[string]float64
	for i := range sums {
		sums[i] = map[string]float64{}
	}
	type flow struct {
		way      [3]string
		inside   bool
		patients float64
	}
	var rows []flow
	for i := range b.Flows {
		f := &b.Flows[i]
		if !mine(f) || f.Year != k.year || f.Run != first {
			continue
		}
		row := flow{[3]string{f.From, f.Through, f.To}, f.Inside, float64(f.Patients)}
		if name, ok := family[f.Through]; ok {
			row.way[1] = name
		}
		rows = append(rows, row)
		k.total += row.patients
		if row.inside {
			k.inside += row.patients
		}
		for i, name := range row.way {
			sums[i][name] += row.patients
		}
	}
	if k.total == 0 {
		return nil
	}
	for i := range sums {
		k.stages[i] = k.largest(sums[i], stocks)
	}
	name := func(stage int, s string) string {
		if slices.Contains(k.stages[stage], s) {
			return s
		}
		return rest
	}
	for _, f := range rows {
		way := [3]string{name(0, f.way[0]), name(1, f.way[1]), name(2, f.way[2])}
		for i := range k.streams {
			at := slices.IndexFunc(k.streams[i], func(s stream) bool { return s.from == way[i] && s.to == way[i+1] && s.inside == f.inside })
			if at < 0 {
				k.streams[i] = append(k.streams[i], stream{way[i], way[i+1], f.inside, 0})
				at = len(k.streams[i]) - 1
			}
			k.streams[i][at].patients += f.patients
		}
	}
	return k
}

// largest are the stocks of a stage that are drawn on their own: at most so many, none too small unless it
// would be alone in the rest, then the rest.
func (k *sankey) largest(sums map[string]float64, stocks int) []string {
	names := largest(sums, len(sums))
	n := 0
	for n < min(len(names), stocks) && sums[names[n]] >= smallest*k.total {
		n++
	}
	if len(names)-n <= 1 {
		return names
	}
	return append(names[:n:n], rest)
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
	f.describe("Patients from general practice through the organisation that treats them to the hospital site, % of patients treated; under "+Number(100*smallest, 0)+"% are drawn together", "% of patients treated",
		fmt.Sprintf("year %d", panels[0].year), 1, "it is the first, so there is no band")
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

// drawSankeys lays a panel a scenario, side by side on a wide page, else below each other.
func (b *book) drawSankeys(c *canvas, body vg.Rectangle, place string, panels []*sankey) {
	in, out := c.category(c.greyOr(darkBlue, ink)), c.category(c.greyOr(orange, further))
	c.drawSystems([]string{"inside one organisation", "between organisations"},
		map[string]color.NRGBA{"inside one organisation": in, "between organisations": out}, false, body.Min.X, body.Max.X, body.Max.Y-c.em(0.7), true)
	top := body.Max.Y - c.em(1.8)
	n := vg.Length(len(panels))
	high, wide := (top-body.Min.Y)/n, body.Max.X-body.Min.X
	step := vg.Point{Y: -high}
	if wide > 2*(top-body.Min.Y) {
		gap := c.em(2)
		high, wide = top-body.Min.Y, (wide-gap*(n-1))/n
		step = vg.Point{X: wide + gap}
	}
	for i, k := range panels {
		at := vg.Point{X: body.Min.X + vg.Length(i)*step.X, Y: top + vg.Length(i)*step.Y}
		c.text(vg.Point{X: at.X, Y: at.Y - c.em(1)}, c.fit(b.title(k.scenario)+", "+b.title(place), c.strong(), wide), c.strong())
		b.drawSankey(c, vg.Rectangle{Min: vg.Point{X: at.X, Y: at.Y - high + c.em(0.4)}, Max: vg.Point{X: at.X + wide, Y: at.Y - c.em(1.5)}}, place, k, in, out)
	}
}

// drawSankey draws the stocks with gaps between them and the streams in the order of the stocks, so
// that few cross, and over each stage what it holds.
func (b *book) drawSankey(c *canvas, r vg.Rectangle, place string, k *sankey, in, out color.NRGBA) {
	label, head := c.small().in(ink), c.small()
	room := r.Max.X - r.Min.X
	bar := c.em(0.8)
	left := vg.Length(0)
	if len(k.stages[0]) > 1 {
		left = c.widest(b.stockTitles(k, 0, place), label, room*0.15) + c.em(0.6)
	}
	right := c.widest(b.stockTitles(k, 2, place), label, room*0.24) + c.em(0.6)
	x := [3]vg.Length{r.Min.X + left, r.Min.X + left + (room-left-right-bar)*0.32, r.Max.X - right - bar}
	heads := [3]string{"GPs of " + b.title(place), "treated by", "at"}
	if c.measure(heads[0], head) > x[1]-x[0]-c.em(0.6) {
		heads[0] = "GPs" // of the place over the panel
	}
	for stage, text := range heads {
		c.text(vg.Point{X: x[stage], Y: r.Max.Y - c.em(0.7)}, text, head)
	}
	r.Max.Y -= c.em(1.3)
	most := 0
	for _, names := range k.stages {
		most = max(most, len(names))
	}
	tall := r.Max.Y - r.Min.Y
	per := max(tall-c.em(0.9)*vg.Length(most-1), tall/2) / vg.Length(k.total)
	tops := [3]map[string]vg.Length{}
	for stage, names := range k.stages {
		tops[stage] = map[string]vg.Length{}
		free := tall - per*vg.Length(k.total)
		gap := min(free/vg.Length(max(1, len(names)-1)), c.em(2.4))
		y := r.Max.Y - (free-gap*vg.Length(len(names)-1))/2
		for _, name := range names {
			tops[stage][name] = y
			y -= per*vg.Length(k.stock(stage, name)) + gap
		}
	}
	for i := range k.streams {
		c.drawStreams(k, i, tops[i], tops[i+1], x[i]+bar, x[i+1], per, in, out)
	}
	widths := [3]vg.Length{left - c.em(0.6), (x[2] - x[1]) * 0.62, right - c.em(0.6)}
	for stage, names := range k.stages {
		for _, name := range names {
			y := tops[stage][name]
			c.box(vg.Rectangle{Min: vg.Point{X: x[stage], Y: y - max(per*vg.Length(k.stock(stage, name)), 0.5)}, Max: vg.Point{X: x[stage] + bar, Y: y}}, ink)
		}
		if stage == 0 && len(names) == 1 {
			continue // its heading says it
		}
		at := x[stage] + bar + c.em(0.4)
		if stage == 0 {
			at = r.Min.X
		}
		c.stockLabels(b.stockTitles(k, stage, place), k.middles(stage, tops[stage], per), at, widths[stage], r, label, stage == 1)
	}
}

// middles are the heights of the middles of the stocks of a stage.
func (k *sankey) middles(stage int, tops map[string]vg.Length, per vg.Length) (all []vg.Length) {
	for _, name := range k.stages[stage] {
		all = append(all, tops[name]-per*vg.Length(k.stock(stage, name))/2)
	}
	return all
}

// stockLabels writes the names of a stage, each as near to its stock as the others allow, with a light
// plate below the letters where they stand on streams.
func (c *canvas) stockLabels(titles []string, want []vg.Length, x, width vg.Length, r vg.Rectangle, st style, plates bool) {
	heights := make([]vg.Length, len(titles))
	lines := make([][]string, len(titles))
	for i, title := range titles {
		lines[i] = c.balance(title, st, width)
		heights[i] = vg.Length(len(lines[i]))*leading(st) + c.em(0.12)
	}
	centres, _ := spread(want, heights, r.Min.Y-c.em(0.4), r.Max.Y+c.em(0.4))
	for i := range titles { // all plates, then all letters
		if h := heights[i] - c.em(0.12); plates {
			c.box(vg.Rectangle{Min: vg.Point{X: x - 1, Y: centres[i] - h/2}, Max: vg.Point{X: x + c.widest(lines[i], st, width) + 1, Y: centres[i] + h/2}}, fade(white, 0.85))
		}
	}
	for i := range titles {
		c.lines(vg.Point{X: x, Y: centres[i] + (heights[i]-c.em(0.12))/2}, lines[i], st)
	}
}

// stockTitles are the labels of a stage.
func (b *book) stockTitles(k *sankey, stage int, where string) (list []string) {
	for _, name := range k.stages[stage] {
		list = append(list, b.stockTitle(k, stage, name, where))
	}
	return list
}

// stockTitle is the name of a stock with its part of all patients.
func (b *book) stockTitle(k *sankey, stage int, name, where string) string {
	text := b.title(name)
	switch {
	case name == rest && stage == 0:
		text = "GPs elsewhere"
	case name == rest && stage == 1:
		text = "other organisations"
	case name == rest:
		text = "other sites"
	case stage == 0:
		text = "GPs of " + text
	case stage == 1:
		text = place.TrustName(text)
	case stage == 2:
		text = b.site(where, name)
	}
	share := 100 * k.stock(stage, name) / k.total
	if share < 0.5 {
		return text + "\u00a0under\u00a01%"
	}
	return text + "\u00a0" + Number(share, 0) + "%"
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
