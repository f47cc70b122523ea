package plots

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot/vg"
)

// Target is one published number and what the model gives for it.
type Target struct {
	ID, Use                    string   // use: calibrate, or held out under any other name
	Quantity                   string   // what was published, in words; may be empty
	Published                  Interval // Low and High: the band that counts as met
	Simulated                  Interval
	Status, Reason             string // such as met, or why it could not be said
	publishedText, simulatedAs string // as in the file
}

// ErrTargets is wrapped by every fault of a table of targets.
var ErrTargets = errors.New("not a table of targets")

// targetColumns must be in the header of a table of targets. Of the others, quantity says in words what was
// published, and band_low and band_high, where they stand, are the band that counts as met in place of low
// and high; the rest is passed over.
var targetColumns = []string{"id", "use", "published", "low", "high", "simulated", "simulated_low", "simulated_high", "status", "reason"}

// maxTargets is the most bytes of a table of targets: a line has some hundred.
const maxTargets = 4 << 20

// ReadTargets reads the table that validation writes: a CSV with a header. Empty numbers are
// unknown. All faults come at once.
func ReadTargets(r io.Reader) ([]Target, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxTargets+1))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTargets, err)
	}
	if len(text) > maxTargets {
		return nil, fmt.Errorf("%w: more than %d bytes, want a table of some hundred lines", ErrTargets, maxTargets)
	}
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff")))).ReadAll() // spreadsheets begin with that mark
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTargets, err)
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("%w: empty, want a header", ErrTargets)
	}
	var faults []error
	at := map[string]int{}
	for _, name := range targetColumns {
		if at[name] = slices.Index(rows[0], name); at[name] < 0 {
			faults = append(faults, fmt.Errorf("%w: no column %q", ErrTargets, name))
		}
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	for _, name := range []string{"quantity", "band_low", "band_high"} {
		at[name] = slices.Index(rows[0], name)
	}
	var all []Target
	for i, row := range rows[1:] {
		number := func(name string) float64 {
			text := strings.TrimSpace(row[at[name]])
			if text == "" {
				return math.NaN()
			}
			v, err := strconv.ParseFloat(text, 64)
			if err != nil || math.IsInf(v, 0) || math.IsNaN(v) {
				faults = append(faults, fmt.Errorf("%w: line %d: %s = %q, want a number or nothing", ErrTargets, i+2, name, row[at[name]]))
			}
			return v
		}
		low, high := number("low"), number("high")
		if at["band_low"] >= 0 && at["band_high"] >= 0 {
			if a, z := number("band_low"), number("band_high"); !math.IsNaN(a + z) {
				low, high = a, z
			}
		}
		if low > high {
			faults = append(faults, fmt.Errorf("%w: line %d: from %v to %v, want the lower end first", ErrTargets, i+2, low, high))
		}
		quantity := ""
		if at["quantity"] >= 0 {
			quantity = row[at["quantity"]]
		}
		all = append(all, Target{Quantity: quantity, ID: row[at["id"]], Use: row[at["use"]], Status: row[at["status"]], Reason: row[at["reason"]],
			Published:     Interval{number("published"), low, high},
			Simulated:     Interval{number("simulated"), number("simulated_low"), number("simulated_high")},
			publishedText: row[at["published"]], simulatedAs: row[at["simulated"]]})
	}
	return all, errors.Join(faults...)
}

// relative turns a value into percent of what was published; NaN where that is no measure.
func (t *Target) relative(v float64) float64 { return 100 * v / t.Published.Mid }

// drawn reports whether the target can stand on a scale of percent.
func (t *Target) drawn() bool {
	return t.Published.Mid > 0 && t.Simulated.Known() && !math.IsInf(t.relative(t.Simulated.Mid), 0)
}

// label is what was published, in words as far as there is room, with its id.
func (t *Target) label(c *canvas, st style, width vg.Length) string {
	if t.Quantity == "" {
		return t.ID
	}
	text, id := t.Quantity, " ("+t.ID+")"
	for c.measure(text+id, st) > width {
		at := strings.LastIndex(strings.TrimSuffix(text, "…"), " ")
		if at < 0 {
			return t.ID
		}
		text = strings.TrimRight(text[:at], " .,:;–-(") + "…"
	}
	return text + id
}

// met reports whether the status says so.
func (t *Target) met() bool { return strings.EqualFold(t.Status, "met") }

// fitted reports whether the target was used to choose parameters.
func (t *Target) fitted() bool { return strings.HasPrefix(strings.ToLower(t.Use), "calibrat") }

// targetsFigure draws published numbers against the model, as percent of what was published.
func (b *book) targetsFigure() *Figure {
	var rows []*Target
	met, judged := 0, 0
	for i := range b.Targets {
		t := &b.Targets[i]
		if t.Simulated.Known() {
			judged++
			if t.met() {
				met++
			}
		}
		if t.drawn() {
			rows = append(rows, t)
		}
	}
	if len(rows) == 0 {
		return nil
	}
	// The worst fits first, so that none is hidden: what the page cannot hold is in the table.
	const most = 30
	slices.SortStableFunc(rows, func(x, y *Target) int {
		d := math.Abs(math.Log(max(y.relative(y.Simulated.Mid), 1e-9)/100)) - math.Abs(math.Log(max(x.relative(x.Simulated.Mid), 1e-9)/100))
		return map[bool]int{true: 1, false: -1}[d > 0]
	})
	left := max(0, len(rows)-most)
	rows = rows[:len(rows)-left]
	slices.SortStableFunc(rows, func(x, y *Target) int { return boolOrder(x.fitted()) - boolOrder(y.fitted()) })
	f := &Figure{Name: "19-targets", Command: b.Meta.Command, Source: b.Meta.source(b.Meta.Scenarios), tall: 0.35 + 0.031*float64(len(rows))}
	f.Title = upperFirst(isOrAre(met, judged, "published numbers that could be judged")) + " met"
	what := "Published numbers and the model’s, % of the published number (100 = the same)"
	if left > 0 {
		what += fmt.Sprintf("; the %d that fit worst of %d", len(rows), len(rows)+left)
	}
	f.describe(what, "% of the published number", b.span(), max(1, b.Meta.Runs), "grey bars are the band that counts as met, thin bars from the lowest to the highest seed")
	f.Table = [][]string{append([]string{"quantity"}, targetColumns...)}
	for i := range b.Targets {
		t := &b.Targets[i]
		f.Table = append(f.Table, []string{t.Quantity, t.ID, t.Use, t.publishedText, cell(t.Published.Low), cell(t.Published.High), t.simulatedAs, cell(t.Simulated.Low), cell(t.Simulated.High), t.Status, t.Reason})
	}
	f.Alt = fmt.Sprintf("Dot and interval chart of %s against the model. %s.", count(len(rows), "published number"), f.Title)
	f.draw = func(c *canvas, body vg.Rectangle) { drawTargets(c, body, rows) }
	return f
}

func boolOrder(b bool) int {
	if b {
		return 1
	}
	return 0
}

// drawTargets lays a row a target, held-out ones first.
func drawTargets(c *canvas, body vg.Rectangle, rows []*Target) {
	yes, no := mark{look: look{color: c.greyOr(darkBlue, ink)}}, mark{look: look{color: c.greyOr(orange, further)}, diamond: true}
	more := (&chart{key: []entry{{"met", yes}, {"not met, or not said", no}}}).drawKey(c, vg.Point{X: body.Min.X, Y: body.Max.Y - c.em(0.6)}, body.Max.X)
	top := body.Max.Y - c.em(2) - more
	label := c.small().in(ink)
	low, high := 80.0, 120.0
	var names []string
	heads := 0
	for i, t := range rows {
		names = append(names, t.label(c, label, (body.Max.X-body.Min.X)*0.42))
		if i == 0 || t.fitted() != rows[i-1].fitted() {
			heads++
		}
		for _, v := range []float64{t.relative(t.Simulated.Mid), t.relative(t.Published.Low), t.relative(t.Published.High)} {
			if !math.IsNaN(v) {
				low, high = math.Min(low, v), math.Max(high, v)
			}
		}
	}
	low, high = round(math.Max(low, 0), math.Min(high, 300)) // farther ones stand at the edge, with their number
	left := c.widest(names, label, (body.Max.X-body.Min.X)*0.42) + c.em(1)
	v := &view{canvas: c, up: axis{0, 1},
		Rectangle: vg.Rectangle{Min: vg.Point{X: body.Min.X + left, Y: body.Min.Y + c.em(1.8)}, Max: vg.Point{X: body.Max.X - c.em(2), Y: top}}}
	percent := c.across(axis{low, high}, Unit{After: "%"}, v.Max.X-v.Min.X)
	v.across, high = percent.axis, percent.max
	low = percent.min
	v.values(percent, false, true)
	v.line(vg.Point{X: v.x(100), Y: v.Min.Y}, vg.Point{X: v.x(100), Y: v.Max.Y}, 0.9, quiet)
	inside := func(value float64) vg.Length { return v.x(math.Min(math.Max(value, low), high)) }
	tall := (top - v.Min.Y) / vg.Length(len(rows)+heads)
	y := top
	for i, t := range rows {
		if i == 0 || t.fitted() != rows[i-1].fitted() {
			title := "Held out"
			if t.fitted() {
				title = "Used to choose parameters"
			}
			c.text(vg.Point{X: body.Min.X, Y: y - tall*0.5 - c.em(0.34)}, title, c.small().in(quiet))
			y -= tall
		}
		middle := y - tall/2
		y -= tall
		lines := []string{names[i]}
		if t.Quantity == "" {
			lines = c.balance(t.ID, label, left-c.em(0.8))
		}
		c.lines(vg.Point{X: body.Min.X, Y: middle + leading(label)*vg.Length(len(lines))/2}, lines, label)
		if a, z := t.relative(t.Published.Low), t.relative(t.Published.High); !math.IsNaN(a + z) {
			c.box(vg.Rectangle{Min: vg.Point{X: inside(a), Y: middle - min(tall*0.3, c.em(0.45))}, Max: vg.Point{X: inside(z), Y: middle + min(tall*0.3, c.em(0.45))}}, rule)
		}
		m := no
		if t.met() {
			m = yes
		}
		value := t.relative(t.Simulated.Mid)
		if a, z := t.relative(t.Simulated.Low), t.relative(t.Simulated.High); value <= high && !math.IsNaN(a+z) { // beyond the scale its number stands there
			c.line(vg.Point{X: inside(a), Y: middle}, vg.Point{X: inside(z), Y: middle}, c.em(0.12), m.look.color)
		}
		c.drawMark(vg.Point{X: inside(value), Y: middle}, m)
		if value > high {
			c.text(vg.Point{X: v.x(high) - c.em(0.8), Y: middle - c.em(0.3)}, Number(value, 0)+"% →", c.small().right())
		}
	}
}
