package plots

import (
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

func TestLintFindsFaults(t *testing.T) {
	good := func() *Figure {
		f := &Figure{Name: "x", Title: "A finding", Alt: "Chart of something.", Command: "coexist plot", Table: [][]string{{"a"}, {"1"}},
			Source: (&Meta{}).source(nil), draw: func(*canvas, vg.Rectangle) {}}
		f.describe("Something", "options", "years 1 to 2", 3, "bands hold all runs")
		return f
	}
	if err := good().Lint(Report, Light); err != nil {
		t.Fatalf("a good figure: %v", err)
	}
	drawing := func(draw func(c *canvas, body vg.Rectangle)) func(*Figure) {
		return func(f *Figure) { f.draw = draw }
	}
	for _, test := range []struct {
		name, want string
		spoil      func(f *Figure)
	}{
		{"unit", "no unit", func(f *Figure) { f.unit = "" }},
		{"unit in subtitle", "without its unit", func(f *Figure) { f.Subtitle = "3 runs; bands hold all runs" }},
		{"runs", "number of runs", func(f *Figure) { f.Subtitle = "Something, options; bands hold all runs" }},
		{"band", "bands mean", func(f *Figure) { f.Subtitle = "Something, options; 3 runs" }},
		{"alternative text", "no alternative text", func(f *Figure) { f.Alt = " " }},
		{"one of many", "disagree", func(f *Figure) { f.Title = "1 of 24 differences are clear" }},
		{"one place", "disagree", func(f *Figure) { f.Alt = "Chart of 1 places." }},
		{"source", "source line", func(f *Figure) { f.Source = "me" }},
		{"categories", "7 categories", drawing(func(c *canvas, _ vg.Rectangle) {
			for i := range 7 {
				c.category(mix(ink, darkBlue, float64(i)/7))
			}
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
	} {
		t.Run(test.name, func(t *testing.T) {
			f := good()
			test.spoil(f)
			err := f.Lint(Report, Light)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want a fault with %q", err, test.want)
			}
		})
	}
}
