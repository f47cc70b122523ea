package plots

import (
	"image/color"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// view is a rectangle of the canvas with scales for data.
type view struct {
	*canvas
	vg.Rectangle
	across, up axis
}

// x and y give the place of a value on the canvas.
func (v *view) x(value float64) vg.Length {
	return v.Min.X + (v.Max.X-v.Min.X)*vg.Length((value-v.across.min)/(v.across.max-v.across.min))
}

func (v *view) y(value float64) vg.Length {
	return v.Min.Y + (v.Max.Y-v.Min.Y)*vg.Length((value-v.up.min)/(v.up.max-v.up.min))
}

// plot draws gonum's plotters on the whole rectangle, without its axes.
func (v *view) plot(plotters ...plot.Plotter) {
	p := plot.New()
	p.BackgroundColor = nil
	p.HideAxes()
	p.X.Padding, p.Y.Padding = 0, 0
	p.Add(plotters...)
	p.X.Min, p.X.Max = v.across.min, v.across.max
	p.Y.Min, p.Y.Max = v.up.min, v.up.max
	p.Draw(draw.Canvas{Canvas: v.canvas, Rectangle: v.Rectangle})
}

// look is how a series is told from others.
type look struct {
	color color.NRGBA
	dash  []vg.Length
	width vg.Length
	plain bool // one of many: grey, no band
}

// looks gives each scenario its look: the base dark grey, three more in colour, further ones grey.
// The named systems keep their colours whatever else is drawn. The star, which a headline names, is
// among the coloured; it may be empty.
func (b *book) looks(names []string, theme Theme, star string) map[string]look {
	fixed := map[string]color.NRGBA{"competing-systems": darkBlue, "airline": orange, "single-system-torbay": turquoise, b.Meta.Base: darkGrey}
	free := []color.NRGBA{darkBlue, orange, turquoise, darkPink}
	greys := []look{{color: rgb(0x8C8C8C), width: 1.6}, {color: ink, width: 1.6}, {color: ink, width: 1.6, dash: []vg.Length{5, 2.5}}, {color: rgb(0x6A6A6A), width: 1.6, dash: []vg.Length{1.5, 2}}}
	taken := map[color.NRGBA]bool{}
	for _, name := range names {
		if c, ok := fixed[name]; ok {
			taken[c] = true
		}
	}
	all := map[string]look{}
	coloured := 0
	// Base and star, then those with a colour of their own: where there are many, they stand out.
	order := slices.Clone(names)
	rank := func(name string) int {
		_, own := fixed[name]
		switch {
		case name == b.Meta.Base:
			return 0
		case name == star:
			return 1
		case own:
			return 2
		}
		return 3
	}
	slices.SortStableFunc(order, func(x, y string) int { return rank(x) - rank(y) })
	for _, name := range order {
		c, ok := fixed[name]
		for i := 0; !ok && i < len(free); i++ {
			if !taken[free[i]] {
				c, ok = free[i], true
				taken[c] = true
			}
		}
		l := look{color: c, width: 1.8}
		if !ok || coloured == 4 {
			l = look{color: further, width: 1, plain: true}
		} else {
			coloured++
		}
		all[name] = l
	}
	if theme.grey { // in the order given, so that the first is the same grey in every figure
		n := 0
		for _, name := range names {
			if !all[name].plain {
				all[name] = greys[n]
				n++
			}
		}
	}
	return all
}

// lineStyle is the look for gonum.
func (l look) lineStyle() draw.LineStyle {
	return draw.LineStyle{Color: l.color, Width: l.width, Dashes: l.dash}
}

// ribbon returns the band between the bounds of the intervals as a polygon; nil if none has any.
func ribbon(bands []Interval, colour color.NRGBA, opacity float64) plot.Plotter {
	var low, high plotter.XYs
	for y, i := range bands {
		if i.Low == i.Low && i.High == i.High { // not NaN
			low = append(low, plotter.XY{X: float64(y + 1), Y: i.Low})
			high = append(high, plotter.XY{X: float64(y + 1), Y: i.High})
		}
	}
	for i := len(high) - 1; i >= 0; i-- {
		low = append(low, high[i])
	}
	p, err := plotter.NewPolygon(low)
	if err != nil {
		return nil
	}
	p.Color = fade(colour, opacity)
	p.LineStyle.Width = 0
	return p
}

// course returns the line through the estimates; nil if there is none.
func course(bands []Interval, l look) plot.Plotter {
	var xys plotter.XYs
	for y, i := range bands {
		if i.Known() {
			xys = append(xys, plotter.XY{X: float64(y + 1), Y: i.Mid})
		}
	}
	line, err := plotter.NewLine(xys)
	if err != nil {
		return nil
	}
	line.LineStyle = l.lineStyle()
	return line
}
