package plots

import (
	"fmt"
	"image/color"
	"regexp"
	"strings"

	stdfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/recorder"
)

// Size is a format to print in. The width holds; the height grows where a figure needs more,
// unless it is fixed.
type Size struct {
	Name          string
	Width, Height vg.Length
	Text          vg.Length // size of labels; headline and source line follow it
	DPI           int       // of the PNG
	Fixed         bool
	grown         bool // Height is what the figure needs, whatever its shape
}

// Report is a column of a report, 16 cm wide, with 300 pixels an inch. The others are a page of the web of
// 640 x 440 pixels, a slide of 16:9 and a square of 1080 pixels; their PNGs have two pixels for each of the screen.
var (
	web    = Size{Name: "web", Width: 480, Height: 330, Text: 8.5, DPI: 192}
	Report = Size{Name: "report", Width: 16 * vg.Centimeter, Height: 11 * vg.Centimeter, Text: 8, DPI: 300}
	slide  = Size{Name: "slide", Width: 720, Height: 405, Text: 11, DPI: 192, Fixed: true}
	square = Size{Name: "square", Width: 405, Height: 405, Text: 8.5, DPI: 192, Fixed: true}
)

// Sizes lists the sizes; Report is the default.
func Sizes() []Size { return []Size{web, Report, slide, square} }

// Theme is the choice of colours.
type Theme struct {
	Name string
	grey bool
	more bool // a colour more
}

// Light, the default, is for screens and print in colour; plain is for print in black, where greys, dashes
// and shapes tell series apart.
var (
	Light = Theme{Name: "light"}
	plain = Theme{Name: "plain", grey: true}
)

// AllowMore is the theme with up to five colours in a figure rather than four: bars and maps then have a colour
// for what else is grey.
func (t Theme) AllowMore() Theme {
	t.more = true
	return t
}

// colours is how many colours a figure may have. Grey, black and white are none, and the shades of one
// hue, from pale to deep, are one.
func (t Theme) colours() int {
	if t.more {
		return 5
	}
	return 4
}

// Themes lists the themes.
func Themes() []Theme { return []Theme{Light, plain} }

// Figure is one picture and all that is said about it.
type Figure struct {
	Name     string     // such as "01-choice"; the name of its files
	Title    string     // headline: the finding
	Subtitle string     // what, unit, years, runs, band
	Source   string     // where the numbers come from
	Alt      string     // for those who cannot see it
	Command  string     // that draws it again
	Table    [][]string // the numbers drawn, first row their names
	Summary  [][]string // a shorter table for readers, where Table is long; else nil
	More     string     // a second sentence, for reports; may be empty
	Caveat   string     // what it cannot bear, one sentence

	tall float64 // height by width in sizes that are not fixed; 0: as the size says
	unit string  // of the values, as the subtitle says it
	band string  // meaning of bands or bars, as the subtitle says it
	draw func(c *canvas, body vg.Rectangle)
}

// canvas records what a figure draws, so that one drawing gives all formats and can be measured.
type canvas struct {
	*recorder.Canvas
	size   Size
	theme  Theme
	width  vg.Length
	height vg.Length
	bars   []axis                // scales on which lengths of bars are read
	scales []numbered            // axes with numbers
	hues   map[color.NRGBA]bool  // colours that stand for categories
	faces  map[faceKey]font.Face // fonts by size and weight
	dot    vg.Length             // radius of marks; 0: as usual
	late   []func()              // what paper beside maps would cover, drawn at the end
}

// axis is the range of a scale.
type axis struct{ min, max float64 }

// numbered is an axis with numbers as it was drawn.
type numbered struct {
	what  string // which one, for the linter's message
	drawn int    // numbers on it
	there int    // whole numbers that it spans, where it has nothing else, such as years; 0: any number
}

type faceKey struct {
	size vg.Length
	bold bool
}

// style is how text looks.
type style struct {
	size  vg.Length
	bold  bool
	color color.NRGBA
	align float64 // 0 left, 0.5 centre, 1 right of the point given
}

func (c *canvas) face(st style) font.Face {
	k := faceKey{st.size, st.bold}
	if f, ok := c.faces[k]; ok {
		return f
	}
	f := face(st.size, st.bold)
	c.faces[k] = f
	return f
}

func face(size vg.Length, bold bool) font.Face {
	f := font.Font{Typeface: "Liberation", Variant: "Sans", Size: size}
	if bold {
		f.Weight = stdfont.WeightBold
	}
	return font.DefaultCache.Lookup(f, size)
}

// measure is the width of text in a style.
func (c *canvas) measure(text string, st style) vg.Length {
	f := c.face(st)
	return f.Width(text)
}

// text draws one horizontal line of text with its baseline at the point.
func (c *canvas) text(at vg.Point, text string, st style) {
	if text == "" {
		return
	}
	f := c.face(st)
	if st.align != 0 {
		at.X -= f.Width(text) * vg.Length(st.align)
	}
	c.SetColor(st.color)
	c.FillString(f, at, text)
}

// lines draws lines of text downwards, the first with its top at the point, and returns the
// height that they take.
func (c *canvas) lines(at vg.Point, lines []string, st style) vg.Length {
	for i, line := range lines {
		c.text(vg.Point{X: at.X, Y: at.Y - st.size*0.95 - vg.Length(i)*leading(st)}, line, st)
	}
	return vg.Length(len(lines)) * leading(st)
}

// leading is the distance between baselines.
func leading(st style) vg.Length { return st.size * 1.22 }

// wrap breaks text at spaces so that no line is wider than the width, unless one word is.
func (c *canvas) wrap(text string, st style, width vg.Length) []string {
	var lines []string
	line := ""
	for _, word := range strings.Split(text, " ") {
		longer := word
		if line != "" {
			longer = line + " " + word
		}
		if line != "" && c.measure(longer, st) > width {
			lines = append(lines, line)
			longer = word
		}
		line = longer
	}
	return append(lines, line)
}

// balance wraps into as few lines as wrap does, but of similar length, so that no word stands
// alone at the end.
func (c *canvas) balance(text string, st style, width vg.Length) []string {
	best := c.wrap(text, st, width)
	for w := width * 0.97; len(best) > 1 && w > width/2; w *= 0.97 {
		lines := c.wrap(text, st, w)
		if len(lines) > len(best) {
			break
		}
		best = lines
	}
	return best
}

// The styles of text.
func (c *canvas) headline() style { return style{size: c.size.Text * 1.5, bold: true, color: ink} }
func (c *canvas) normal() style   { return style{size: c.size.Text, color: quiet} }
func (c *canvas) strong() style   { return style{size: c.size.Text, bold: true, color: ink} }
func (c *canvas) small() style    { return style{size: c.size.Text * 0.88, color: quiet} }

// left, right and centre give a style its alignment.
func (st style) right() style                { st.align = 1; return st }
func (st style) centre() style               { st.align = 0.5; return st }
func (st style) in(c color.NRGBA) style      { st.color = c; return st }
func (st style) times(by vg.Length) style    { st.size *= by; return st }
func (c *canvas) em(times float64) vg.Length { return c.size.Text * vg.Length(times) }

// line strokes a straight line.
func (c *canvas) line(a, b vg.Point, width vg.Length, colour color.NRGBA, dash ...vg.Length) {
	c.SetLineWidth(width)
	c.SetLineDash(dash, 0)
	c.SetColor(colour)
	c.Stroke(path([]vg.Point{a, b}, false))
	c.SetLineDash(nil, 0)
}

// fill fills a closed shape.
func (c *canvas) fill(colour color.NRGBA, points ...vg.Point) {
	c.SetColor(colour)
	c.Fill(path(points, true))
}

// box fills a rectangle.
func (c *canvas) box(r vg.Rectangle, colour color.NRGBA) {
	c.fill(colour, r.Min, vg.Point{X: r.Max.X, Y: r.Min.Y}, r.Max, vg.Point{X: r.Min.X, Y: r.Max.Y})
}

// disc fills a circle; hollow leaves it white inside a ring.
func (c *canvas) disc(at vg.Point, radius vg.Length, colour color.NRGBA, hollow bool) {
	circle := func(r vg.Length) vg.Path {
		var p vg.Path
		const k = 0.5522847498 // four Bezier curves make a circle
		p.Move(vg.Point{X: at.X + r, Y: at.Y})
		for _, q := range [4][2]vg.Length{{1, 0}, {0, 1}, {-1, 0}, {0, -1}} {
			x, y := q[0], q[1]
			p.CubeTo(vg.Point{X: at.X + r*(x-k*y), Y: at.Y + r*(y+k*x)},
				vg.Point{X: at.X + r*(k*x-y), Y: at.Y + r*(k*y+x)},
				vg.Point{X: at.X - r*y, Y: at.Y + r*x})
		}
		p.Close()
		return p
	}
	c.SetColor(colour)
	c.Fill(circle(radius))
	if hollow {
		c.SetColor(white)
		c.Fill(circle(radius * 0.58))
	}
}

// diamond fills a square on its tip, the second shape beside the disc.
func (c *canvas) diamond(at vg.Point, radius vg.Length, colour color.NRGBA) {
	r := radius * 1.2
	c.fill(colour, vg.Point{X: at.X + r, Y: at.Y}, vg.Point{X: at.X, Y: at.Y + r}, vg.Point{X: at.X - r, Y: at.Y}, vg.Point{X: at.X, Y: at.Y - r})
}

// square fills a square on its side, the third shape.
func (c *canvas) square(at vg.Point, radius vg.Length, colour color.NRGBA) {
	r := radius * 0.88
	c.box(vg.Rectangle{Min: vg.Point{X: at.X - r, Y: at.Y - r}, Max: vg.Point{X: at.X + r, Y: at.Y + r}}, colour)
}

func path(points []vg.Point, closed bool) vg.Path {
	var p vg.Path
	for i, at := range points {
		if i == 0 {
			p.Move(at)
		} else {
			p.Line(at)
		}
	}
	if closed {
		p.Close()
	}
	return p
}

// category notes a colour as one that tells categories apart, and returns it.
func (c *canvas) category(colour color.NRGBA) color.NRGBA {
	c.hues[colour] = true
	return colour
}

// record draws the figure and measures whether its text has room. If not, the figure grows, or,
// where the size is fixed, its text shrinks; a figure that is still crowded then fails Lint.
func (f *Figure) record(size Size, theme Theme) *canvas {
	c := f.try(size, theme)
	for i := 0; i < 12 && crowded(c); i++ {
		if size.Fixed {
			size.Text *= 0.96
		} else {
			size.Height = c.height * 1.08
			size.grown = true
		}
		c = f.try(size, theme)
	}
	return c
}

// try draws the figure with its frame: headline, subtitle, body, source.
func (f *Figure) try(size Size, theme Theme) *canvas {
	c := &canvas{Canvas: new(recorder.Canvas), size: size, theme: theme, width: size.Width, height: size.Height,
		hues: map[color.NRGBA]bool{}, faces: map[faceKey]font.Face{}}
	margin := c.em(1.6)
	wide := c.width - 2*margin
	title := c.balance(f.Title, c.headline(), wide)
	under := c.balance(f.Subtitle, c.normal(), wide)
	foot := c.balance(f.Source, c.small(), wide)
	if f.tall > 0 && !size.Fixed && !size.grown {
		c.height = max(size.Width*vg.Length(f.tall), size.Height*0.8)
	}

	c.box(vg.Rectangle{Max: vg.Point{X: c.width, Y: c.height}}, white)
	at := vg.Point{X: margin, Y: c.height - margin}
	at.Y -= c.lines(at, title, c.headline())
	at.Y -= c.em(0.4)
	at.Y -= c.lines(at, under, c.normal())
	at.Y -= c.em(0.9)
	below := margin*0.8 + vg.Length(len(foot))*leading(c.small())
	c.lines(vg.Point{X: margin, Y: below}, foot, c.small())
	f.draw(c, vg.Rectangle{Min: vg.Point{X: margin, Y: below + c.em(1.1)}, Max: vg.Point{X: c.width - margin, Y: at.Y}})
	for _, draw := range c.late {
		draw()
	}
	return c
}

// source is the last line of every figure; shown are the scenarios in it.
func (m *Meta) source(shown []string) string {
	what := strings.Join(shown, ", ")
	if len(shown) > 4 {
		what = fmt.Sprintf("%d scenarios", len(shown))
	}
	parts := []string{strings.TrimSpace("coexist " + m.Version)}
	for _, p := range []string{what, m.SeedText(), m.Hash[:min(len(m.Hash), 12)]} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return "Source: " + strings.Join(parts, "; ") + ". Simulated, not observed."
}

// SeedText names the seeds as the source line does: "seed 7", "seeds 1–5" or "seeds 3, 9, 27".
func (m *Meta) SeedText() string {
	if len(m.Seeds) == 0 {
		return ""
	}
	if len(m.Seeds) == 1 {
		return fmt.Sprintf("seed %d", m.Seeds[0])
	}
	each := make([]string, len(m.Seeds))
	row := true
	for i, s := range m.Seeds {
		each[i] = fmt.Sprint(s)
		row = row && s == m.Seeds[0]+int64(i)
	}
	switch {
	case row:
		return fmt.Sprintf("seeds %s–%s", each[0], each[len(each)-1])
	case len(each) > 6:
		return fmt.Sprintf("%d seeds from %s", len(each), each[0])
	}
	return "seeds " + strings.Join(each, ", ")
}

// describe makes the subtitle: what is drawn, unit, years, runs and what bands or bars mean.
func (f *Figure) describe(what, unit, years string, runs int, band string) {
	f.unit, f.band = unit, joinYears(band)
	if unit != "" && !strings.Contains(what, unit) {
		what += ", " + unit
	}
	f.Subtitle = fmt.Sprintf("%s, %s. %s; %s.", what, joinYears(years), count(runs, "run"), f.band)
}

// joinYears writes spans of years with spaces at which no line breaks.
func joinYears(text string) string {
	return spanOfYears.ReplaceAllString(text, "$1\u00a0$2\u00a0to\u00a0$3")
}

var spanOfYears = regexp.MustCompile(`(years?) (\d+) to (\d+)`)

// count writes "1 run", "5 runs", with a space that does not break.
func count(n int, noun string) string {
	if n == 1 {
		return "1\u00a0" + noun
	}
	return Number(float64(n), 0) + "\u00a0" + noun + "s"
}
