package plots

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
)

// TestStandardFiguresArePrintable holds every figure in every size and theme to the linter.
func TestStandardFiguresArePrintable(t *testing.T) {
	figures, err := Standard(fake())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range figures {
		for _, size := range Sizes() {
			for _, theme := range Themes() {
				if err := f.Lint(size, theme); err != nil {
					t.Error(err)
				}
			}
		}
	}
}

// goodFigure has nothing that the linter finds.
func goodFigure() *Figure {
	f := &Figure{Name: "x", Title: "A finding", Alt: "Chart of something.", Command: "coexist plot", Table: [][]string{{"a"}, {"1"}},
		Source: (&Meta{}).source(nil), draw: func(*canvas, vg.Rectangle) {}}
	f.describe("Something", "options", "years 1 to 2", 3, "bands hold all runs")
	return f
}

// drawing lets a figure draw what is given.
func drawing(draw func(c *canvas, body vg.Rectangle)) func(*Figure) {
	return func(f *Figure) { f.draw = draw }
}

// flaws spoil a good figure in every way that the linter finds.
var flaws = []struct {
	name, want string
	spoil      func(f *Figure)
}{
	{"unit", "no unit", func(f *Figure) { f.unit = "" }},
	{"unit in subtitle", "without its unit", func(f *Figure) { f.Subtitle = "3 runs; bands hold all runs" }},
	{"runs", "number of runs", func(f *Figure) { f.Subtitle = "Something, options; bands hold all runs" }},
	{"band", "bands mean", func(f *Figure) { f.Subtitle = "Something, options; 3 runs" }},
	{"alternative text", "no alternative text", func(f *Figure) { f.Alt = " " }},
	{"source", "source line", func(f *Figure) { f.Source = "me" }},
	{"categories", "7 categories", drawing(func(c *canvas, _ vg.Rectangle) {
		for i := range 7 {
			c.category(mix(ink, darkBlue, float64(i)/7))
		}
	})},
	{"colours", "5 colours", drawing(func(c *canvas, r vg.Rectangle) {
		for i, hue := range slices.Concat(categories, blues) { // five hues and a grey
			c.disc(vg.Point{X: r.Min.X + vg.Length(20*i), Y: r.Min.Y}, 5, hue, false)
			c.disc(vg.Point{X: r.Min.X + vg.Length(20*i), Y: r.Min.Y + 20}, 5, mix(white, hue, 0.4), false)
			c.disc(vg.Point{X: r.Min.X + vg.Length(20*i), Y: r.Min.Y + 40}, 5, legible(hue), false)
		}
	})},
	{"two numbers", "2 numbers on a scale across, want 3 to 6", drawing(func(c *canvas, r vg.Rectangle) {
		v := &view{canvas: c, Rectangle: r, across: axis{0, 12}}
		v.values(scale{axis: v.across, at: []float64{0, 10}, text: []string{"0", "10"}, st: c.small()}, false, true)
	})},
	{"seven numbers", "7 numbers on a scale up", drawing(func(c *canvas, r vg.Rectangle) {
		v := &view{canvas: c, Rectangle: vg.Rectangle{Min: vg.Point{X: 100, Y: r.Min.Y}, Max: r.Max}, up: axis{0, 7}}
		v.grid([]float64{0, 1, 2, 3, 4, 5, 6}, []string{"0", "1", "2", "3", "4", "5", "6"}, true)
	})},
	{"one year of three", "want 3 to 6", drawing(func(c *canvas, r vg.Rectangle) {
		c.scales = append(c.scales, numbered{"of Year", 1, 3})
	})},
	{"rotated", "rotated", drawing(func(c *canvas, _ vg.Rectangle) { c.Rotate(1) })},
	{"faint text", "contrast", drawing(func(c *canvas, r vg.Rectangle) { c.text(r.Min, "faint", c.normal().in(rule)) })},
	{"text on colour", "contrast", drawing(func(c *canvas, r vg.Rectangle) {
		c.box(r, darkBlue)
		c.text(vg.Point{X: 200, Y: 100}, "dark on dark", c.normal().in(ink))
	})},
	{"faint mark", "contrast", drawing(func(c *canvas, _ vg.Rectangle) { c.category(rule) })},
	{"bars", "with zero", drawing(func(c *canvas, _ vg.Rectangle) { c.bars = append(c.bars, axis{5, 9}) })},
	{"cut", "cut at the edge", drawing(func(c *canvas, r vg.Rectangle) {
		c.text(vg.Point{X: c.width - 5, Y: 100}, "over the edge", c.normal())
	})},
	{"covered", "covered", drawing(func(c *canvas, r vg.Rectangle) {
		c.text(r.Min, "below", c.normal())
		c.box(r, white)
	})},
	{"overlap", "overlaps", drawing(func(c *canvas, r vg.Rectangle) {
		c.text(vg.Point{X: 100, Y: 100}, "one", c.normal())
		c.text(vg.Point{X: 104, Y: 103}, "two", c.normal())
	})},
	{"end on colour", "contrast", drawing(func(c *canvas, r vg.Rectangle) {
		st := c.normal().in(ink)
		c.box(vg.Rectangle{Min: vg.Point{X: 95 + c.measure("a key that runs into a map", st), Y: 90}, Max: vg.Point{X: 300, Y: 130}}, darkBlue)
		c.text(vg.Point{X: 100, Y: 100}, "a key that runs into a map", st)
	})},
	{"words side by side", "runs into", drawing(func(c *canvas, r vg.Rectangle) {
		c.text(vg.Point{X: 100, Y: 100}, "one", c.normal())
		c.text(vg.Point{X: 100 + c.measure("one", c.normal()) + 1, Y: 100}, "two", c.normal())
	})},
	{"lines too near", "runs into", drawing(func(c *canvas, r vg.Rectangle) {
		c.text(vg.Point{X: 100, Y: 100}, "one", c.normal())
		c.text(vg.Point{X: 100, Y: 100 + 0.94*c.normal().size}, "two", c.normal())
	})},
	{"tile", "leaves its tile", drawing(func(c *canvas, r vg.Rectangle) {
		c.box(vg.Rectangle{Min: vg.Point{X: 100, Y: 100}, Max: vg.Point{X: 140, Y: 107}}, darkBlue)
		c.text(vg.Point{X: 105, Y: 101}, "too high", c.normal().in(white))
	})},
}

// TestLintFindsFaults: a good figure passes, and each flaw is told.
func TestLintFindsFaults(t *testing.T) {
	if err := goodFigure().Lint(Report, Light); err != nil {
		t.Fatalf("a good figure: %v", err)
	}
	for _, test := range flaws {
		t.Run(test.name, func(t *testing.T) {
			f := goodFigure()
			test.spoil(f)
			err := f.Lint(Report, Light)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want a fault with %q", err, test.want)
			}
		})
	}
}

// TestMoreColoursWhereAllowed: what the theme has no colour for is grey, and named; the data keep all of it.
func TestMoreColoursWhereAllowed(t *testing.T) {
	d := fake()
	for i := range d.Ledger {
		if e := &d.Ledger[i]; e.Payee == outside && e.Service != fixed {
			more := *e
			more.Payer, more.Pence = map[string]string{"hospital": "system", "practice": "group", "social-care": "government"}[e.Payer], e.Pence/3
			d.Ledger = append(d.Ledger, more)
		}
	}
	for _, f := range figuresOf(t, d) {
		rows := map[string]bool{}
		for _, row := range f.Table {
			rows[row[2]] = true
		}
		few, many := f.record(Report, Light), f.record(Report, Light.AllowMore())
		for _, theme := range []Theme{Light.AllowMore(), plain.AllowMore()} {
			if err := f.Lint(Report, theme); err != nil {
				t.Error(err)
			}
		}
		text, most := "", len(coloured(many))
		switch f.Name {
		case "15-cost-by-payer":
			text = "Commissioners and government"
			if len(rows) != 7 { // with the heading
				t.Errorf("%s: the data have %d parts, want 6", f.Name, len(rows)-1)
			}
		case "07-enrolment-map":
			text = "other systems"
		case "09-cost-by-setting":
			text = "Running the market" // in grey, then in a colour
		default:
			if got := coloured(few); len(got) != most {
				t.Errorf("%s: %d colours, and %d where more are allowed", f.Name, len(got), most)
			}
			continue
		}
		if got := coloured(few); len(got) != 4 || most != 5 { // the sixth is a grey
			t.Errorf("%s: colours %v, and %d where more are allowed, want 4 and 5", f.Name, got, most)
		}
		if !slices.Contains(drawnText(few), text) {
			t.Errorf("%s: no %q in %q", f.Name, text, drawnText(few))
		}
	}
}

// disagreement finds one of several with a verb of many, and one with a noun of many.
var disagreement = regexp.MustCompile(`\b1 of \d+ [^:;,.]*? are\b|(?:^|[^\d.,–−-])\b1[ \x{a0}](?:runs|places|years|scenarios|systems|services|organisations|hospitals|aims|comparisons|differences|worlds|cells|events|entries|exits|mergers)\b`)

// agree fails t where number and words of a figure disagree. It is no rule of Lint, since titles of scenarios
// are the user's words.
func agree(t *testing.T, figures []*Figure) {
	t.Helper()
	for _, f := range figures {
		for _, text := range []string{f.Title, f.Subtitle, f.Alt, f.More} {
			if fault := disagreement.FindString(text); fault != "" {
				t.Errorf("%s: number and words disagree in %q: %s", f.Name, fault, text)
			}
		}
	}
}
