package plots

import (
	"errors"
	"fmt"
	"image/color"
	"math"
	"regexp"
	"slices"
	"strings"

	stdfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/recorder"
)

// The least contrast of text and of marks against what lies behind them (WCAG 2.2, 1.4.11), and
// the most categories that colours tell apart.
const (
	minContrast   = 3
	maxCategories = 6
)

// ErrFigure is wrapped by every fault that Lint finds.
var ErrFigure = errors.New("figure not fit to print")

// Lint draws the figure and measures what was drawn. It returns all faults at once: a missing
// unit, run count, meaning of bands, source or alternative text; more than six categories, or four colours
// unless the theme allows more (shades of one hue are one colour, greys none); rotated text; contrast under
// 3:1; bars without zero; fewer than 3 or more than 6 numbers on a scale; text that overlaps other text, is
// covered or leaves the page; "1 runs" and the like.
func (f *Figure) Lint(size Size, theme Theme) error {
	var faults []error
	add := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf("%w: %s, %s, %s: %s", ErrFigure, f.Name, size.Name, theme.Name, fmt.Sprintf(format, args...)))
	}
	f.lintWords(add)
	c := f.record(size, theme)
	if n := len(c.hues); n > maxCategories {
		add("%d categories, want at most %d", n, maxCategories)
	}
	if shown, most := coloured(c), theme.colours(); len(shown) > most {
		add("%d colours (%s), want at most %d", len(shown), strings.Join(shown, ", "), most)
	}
	for hue := range c.hues {
		if got := contrast(hue, white); got < minContrast {
			add("colour %s has contrast %.1f, want %d", hex(hue), got, minContrast)
		}
	}
	for _, a := range c.bars {
		if a.min > 0 || a.max < 0 {
			add("bars on a scale from %g to %g, want one with zero", a.min, a.max)
		}
	}
	for _, s := range c.scales {
		least := minTicks
		if s.there > 0 {
			least = min(least, s.there)
		}
		if s.drawn < least || s.drawn > maxTicks {
			add("%d numbers on a scale %s, want %d to %d", s.drawn, s.what, least, maxTicks)
		}
	}
	lintText(c, add)
	return errors.Join(faults...)
}

// coloured lists one colour of each hue that is drawn. Shades of a hue, mixed with white, with black or with
// what lies below, are one colour; greys, black and white are none.
func coloured(c *canvas) (shown []string) {
	const same = 14 // degrees of hue
	var hues []float64
	note := func(colour color.NRGBA) {
		if hue, ok := hueAngle(colour); ok && colour.A > 0 && !slices.ContainsFunc(hues, func(h float64) bool {
			d := math.Abs(h - hue)
			return min(d, 360-d) <= same
		}) {
			hues = append(hues, hue)
			shown = append(shown, hex(colour))
		}
	}
	now := color.NRGBA{A: 255}
	for _, action := range c.Actions {
		switch a := action.(type) {
		case *recorder.SetColor:
			now = inkOf(a)
		case *recorder.Fill, *recorder.Stroke, *recorder.FillString:
			note(now)
		}
	}
	return shown
}

// inkOf is the colour that is set; none is black.
func inkOf(a *recorder.SetColor) color.NRGBA {
	if a.Color == nil {
		return color.NRGBA{A: 255}
	}
	return color.NRGBAModel.Convert(a.Color).(color.NRGBA)
}

// runCount finds the number of runs in a subtitle.
var runCount = regexp.MustCompile(`\d[\s\x{a0}]runs?\b`)

// lintWords checks what a figure says.
func (f *Figure) lintWords(add func(string, ...any)) {
	for _, part := range []struct{ what, text string }{
		{"headline", f.Title}, {"alternative text", f.Alt}, {"command", f.Command},
		{"unit", f.unit}, {"meaning of the band", f.band},
	} {
		if strings.TrimSpace(part.text) == "" {
			add("no %s", part.what)
		}
	}
	if f.unit != "" && !strings.Contains(f.Subtitle, f.unit) {
		add("subtitle without its unit %q", f.unit)
	}
	if f.band != "" && !strings.Contains(f.Subtitle, f.band) {
		add("subtitle does not say what its bands mean: %q", f.band)
	}
	if !runCount.MatchString(f.Subtitle) {
		add("subtitle without a number of runs: %q", f.Subtitle)
	}
	if !strings.HasPrefix(f.Source, "Source: ") || !strings.Contains(f.Source, "Simulated, not observed.") {
		add("source line %q, want Source: ... Simulated, not observed.", f.Source)
	}
	if len(f.Table) < 2 {
		add("no data behind it")
	}
}

// written is one line of text as drawn.
type written struct {
	text    string
	box     vg.Rectangle
	colour  color.NRGBA
	behind  [3]color.NRGBA // the middle and the two ends
	covered bool           // in part, by what was drawn later
	tile    *vg.Rectangle  // the coloured box on which it stands; nil: paper
}

// readBack follows the recorded drawing and returns its texts, with the colour that lies behind
// the middle and the ends of each when it is drawn; turned reports whether the drawing was rotated anywhere.
func readBack(c *canvas) (texts []written, turned bool) {
	type filled struct {
		path   vg.Path
		colour color.NRGBA
	}
	var fills []filled
	now := color.NRGBA{A: 255}
	for _, action := range c.Actions {
		switch a := action.(type) {
		case *recorder.SetColor:
			now = inkOf(a)
		case *recorder.Rotate:
			turned = true
		case *recorder.Fill:
			fills = append(fills, filled{a.Path, now})
			for i := range texts {
				texts[i].covered = texts[i].covered || now.A > 128 && covers(a.Path, texts[i].box)
			}
		case *recorder.FillString:
			w := written{text: a.String, colour: now, behind: [3]color.NRGBA{white, white, white}, box: extent(c.lookup(a), a.Point, a.String)}
			middle := vg.Point{X: (w.box.Min.X + w.box.Max.X) / 2, Y: (w.box.Min.Y + w.box.Max.Y) / 2}
			ends := [3]vg.Point{middle, {X: w.box.Min.X, Y: middle.Y}, {X: w.box.Max.X, Y: middle.Y}}
			for _, f := range fills {
				for i, at := range ends[1:] {
					if holds(f.path, at) {
						w.behind[i+1] = over(f.colour, w.behind[i+1])
					}
				}
				if !holds(f.path, middle) {
					continue
				}
				w.behind[0] = over(f.colour, w.behind[0])
				if f.colour.A > 128 {
					w.tile = tileOf(f.path, f.colour)
				}
			}
			texts = append(texts, w)
		}
	}
	return texts, turned
}

// tileOf is the rectangle that a path fills with colour; nil for other shapes and for paper.
func tileOf(p vg.Path, colour color.NRGBA) *vg.Rectangle {
	if len(p) != 5 || colour.R == 255 && colour.G == 255 && colour.B == 255 {
		return nil
	}
	r := vg.Rectangle{Min: p[0].Pos, Max: p[2].Pos}
	return &r
}

// extent is the box of the letters of a line, from the foot of g to the head of d.
func extent(f font.Face, at vg.Point, text string) vg.Rectangle {
	return vg.Rectangle{
		Min: vg.Point{X: at.X, Y: at.Y - 0.2*f.Font.Size},
		Max: vg.Point{X: at.X + f.Width(text), Y: at.Y + 0.73*f.Font.Size},
	}
}

// airy is the box of a line with the room that keeps it from running into others: lines of labels stand
// a size of letters apart, and words on a line most of a space.
func airy(w written) vg.Rectangle {
	size := (w.box.Max.Y - w.box.Min.Y) / 0.93
	return vg.Rectangle{
		Min: vg.Point{X: w.box.Min.X - 0.1*size, Y: w.box.Min.Y - 0.03*size},
		Max: vg.Point{X: w.box.Max.X + 0.1*size, Y: w.box.Max.Y + 0.03*size},
	}
}

// lintText checks where texts stand and whether they can be read there.
func lintText(c *canvas, add func(string, ...any)) {
	texts, turned := readBack(c)
	if turned {
		add("rotated drawing, want horizontal text only")
	}
	for _, fault := range collisions(c, texts) {
		add("%s", fault)
	}
	for _, t := range texts {
		if t.covered {
			add("text %q is covered", t.text)
		}
		if b := t.tile; b != nil && (t.box.Min.X < b.Min.X || t.box.Max.X > b.Max.X || t.box.Min.Y < b.Min.Y-0.1 || t.box.Max.Y > b.Max.Y+0.1) {
			add("text %q leaves its tile", t.text)
		}
		for _, behind := range t.behind {
			if got := contrast(over(t.colour, behind), behind); got < minContrast {
				add("text %q in %s on %s has contrast %.1f, want %d", t.text, hex(t.colour), hex(behind), got, minContrast)
				break
			}
		}
	}
}

// crowded reports whether texts overlap or are cut.
func crowded(c *canvas) bool {
	var texts []written
	for _, action := range c.Actions {
		if a, ok := action.(*recorder.FillString); ok {
			texts = append(texts, written{text: a.String, box: extent(c.lookup(a), a.Point, a.String)})
		}
	}
	return len(collisions(c, texts)) > 0
}

// collisions lists the texts that leave the page or overlap others.
func collisions(c *canvas, texts []written) (faults []string) {
	for i, t := range texts {
		if t.box.Min.X < 0 || t.box.Min.Y < 0 || t.box.Max.X > c.width || t.box.Max.Y > c.height {
			faults = append(faults, fmt.Sprintf("text %q is cut at the edge", t.text))
		}
		for _, u := range texts[:i] {
			switch {
			case overlap(t.box, u.box) > 0.5: // half a square point: a rounding, not a collision
				faults = append(faults, fmt.Sprintf("text %q overlaps %q", t.text, u.text))
			case overlap(airy(t), airy(u)) > 0.5:
				faults = append(faults, fmt.Sprintf("text %q runs into %q", t.text, u.text))
			}
		}
	}
	return faults
}

// lookup is the font of a recorded text.
func (c *canvas) lookup(a *recorder.FillString) font.Face {
	return c.face(style{size: a.Size, bold: a.Font.Weight == stdfont.WeightBold})
}

// covers reports whether a path lies over a box: over its middle or a point near one of its sides.
func covers(p vg.Path, box vg.Rectangle) bool {
	for _, x := range []vg.Length{0.02, 0.5, 0.98} {
		for _, y := range []vg.Length{0.05, 0.5, 0.95} {
			if holds(p, vg.Point{X: box.Min.X + x*(box.Max.X-box.Min.X), Y: box.Min.Y + y*(box.Max.Y-box.Min.Y)}) {
				return true
			}
		}
	}
	return false
}

// holds reports whether a path has the point inside (nonzero winding, as it is filled).
func holds(p vg.Path, at vg.Point) bool {
	winding := 0
	var start, last vg.Point
	side := func(a, b vg.Point) {
		if (a.Y > at.Y) == (b.Y > at.Y) {
			return
		}
		if at.X < a.X+(at.Y-a.Y)/(b.Y-a.Y)*(b.X-a.X) {
			if b.Y > a.Y {
				winding++
			} else {
				winding--
			}
		}
	}
	for _, comp := range p {
		switch comp.Type {
		case vg.MoveComp:
			start = comp.Pos
		case vg.LineComp, vg.CurveComp: // curves are those of small discs: their chords will do
			side(last, comp.Pos)
		case vg.CloseComp:
			side(last, start)
			last = start
			continue
		}
		last = comp.Pos
	}
	return winding != 0
}

func hex(c color.NRGBA) string { return fmt.Sprintf("#%02X%02X%02X", c.R, c.G, c.B) }
