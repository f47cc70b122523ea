package plots

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
)

// Grown is what a world of so many people costs.
type Grown struct {
	People int64
	Week   float64 // of processor time, seconds a simulated week
	Bytes  float64 // of memory, a person
}

// Growth draws how time and memory grow with the number of people, on scales of powers of ten, beside
// growth in proportion. Points are by people, two or more, all above 0. It is a figure of the program and
// not of a result: source says on what machine, command how to draw it again.
func Growth(points []Grown, source, command string) *Figure {
	f := &Figure{Name: "scale", Source: source, Command: command}
	last := points[len(points)-1]
	f.describe("Processor seconds a simulated week and bytes of memory a person by number of people, on scales of powers of ten", "seconds", "first year", len(points),
		"each dot is one world; the grey line is time in proportion to people, through the largest world")
	f.Title = fmt.Sprintf("Time grows with people to the power of %s: a week of %s people takes %s processor seconds", Number(exponent(points), 2), people(last.People), digits2(last.Week))
	f.Alt = fmt.Sprintf("Two dot charts of the time of a simulated week and of memory a person by the number of people from %s to %s. %s.", people(points[0].People), people(last.People), f.Title)
	f.Table = [][]string{{"people", "seconds_a_week", "bytes_a_person"}}
	for _, p := range points {
		f.Table = append(f.Table, []string{fmt.Sprint(p.People), cell(p.Week), cell(p.Bytes)})
	}
	f.draw = func(c *canvas, body vg.Rectangle) { drawGrowth(c, body, points) }
	return f
}

// exponent is the slope of time against people on logarithmic scales, by least squares: 1 where time is
// in proportion.
func exponent(points []Grown) float64 {
	n, sx, sy, sxx, sxy := float64(len(points)), 0.0, 0.0, 0.0, 0.0
	for _, p := range points {
		x, y := math.Log(float64(p.People)), math.Log(p.Week)
		sx, sy, sxx, sxy = sx+x, sy+y, sxx+x*x, sxy+x*y
	}
	return (n*sxy - sx*sy) / (n*sxx - sx*sx)
}

// people writes a number of people in words: 100 thousand, 56 million.
func people(n int64) string {
	if n >= 1_000_000 {
		return strings.TrimSuffix(digits2(float64(n)/1e6), ".0") + " million"
	}
	return Number(float64(n)/1000, 0) + " thousand"
}

// digits2 writes a number with two digits.
func digits2(v float64) string {
	return Number(v, max(0, 1-int(math.Floor(math.Log10(v)))))
}

// drawGrowth lays out the two charts.
func drawGrowth(c *canvas, body vg.Rectangle, points []Grown) {
	gap := c.em(3.5)
	wide := (body.Max.X - body.Min.X - 2*gap) / 2
	for i, part := range []struct {
		title  string
		of     func(p Grown) float64
		linear bool
	}{
		{"Processor seconds a simulated week", func(p Grown) float64 { return p.Week }, true},
		{"Bytes of memory a person", func(p Grown) float64 { return p.Bytes }, false},
	} {
		left := body.Min.X + vg.Length(i)*(wide+gap) + gap
		v := &view{canvas: c, Rectangle: vg.Rectangle{Min: vg.Point{X: left, Y: body.Min.Y + c.em(3)}, Max: vg.Point{X: left + wide, Y: body.Max.Y - c.em(2)}}}
		c.lines(vg.Point{X: left - gap + c.em(0.5), Y: body.Max.Y}, []string{part.title}, c.strong())
		v.across = powers(points, func(p Grown) float64 { return float64(p.People) })
		v.up = powers(points, part.of)
		v.powerAxes()
		if part.linear {
			end := points[len(points)-1]
			from := float64(points[0].People)
			line, _ := plotter.NewLine(plotter.XYs{{X: math.Log10(from), Y: math.Log10(end.Week * from / float64(end.People))}, {X: math.Log10(float64(end.People)), Y: math.Log10(end.Week)}})
			line.LineStyle.Color, line.LineStyle.Width = further, 1.2
			v.plot(line)
		}
		for _, p := range points {
			at := vg.Point{X: v.x(math.Log10(float64(p.People))), Y: v.y(math.Log10(part.of(p)))}
			c.drawMark(at, mark{look: look{color: darkBlue}})
			st := c.small().right()
			if at.X < v.Min.X+c.em(4) {
				st = c.small() // right of its dot and below the line
				at.X += c.em(1.2)
				at.Y -= c.em(1)
			}
			c.text(vg.Point{X: at.X - c.em(0.5), Y: at.Y + c.em(0.5)}, digits2(part.of(p)), st)
		}
	}
}

// powers is the scale of powers of ten that holds all values.
func powers(points []Grown, of func(Grown) float64) axis {
	a := axis{min: math.Inf(1), max: math.Inf(-1)} // a hundredth over a power is still that power
	for _, p := range points {
		x := math.Log10(of(p))
		a.min, a.max = math.Min(a.min, math.Floor(x+0.01)), math.Max(a.max, math.Ceil(x-0.01))
	}
	a.max = math.Max(a.max, a.min+1)
	return a
}

// powerAxes draws a line for each power of ten up, and a tick for each across.
func (v *view) powerAxes() {
	for _, k := range powerTicks(v.up) {
		v.grid([]float64{k}, []string{power(k)}, false)
		v.text(vg.Point{X: v.Min.X - v.em(0.6), Y: v.y(k) - v.em(0.34)}, power(k), v.normal().right())
	}
	v.line(v.Min, vg.Point{X: v.Max.X, Y: v.Min.Y}, 0.8, quiet)
	for _, k := range powerTicks(v.across) {
		x := v.x(k)
		v.line(vg.Point{X: x, Y: v.Min.Y}, vg.Point{X: x, Y: v.Min.Y - v.em(0.35)}, 0.8, quiet)
		v.text(vg.Point{X: x, Y: v.Min.Y - v.em(1.3)}, power(k), v.small().centre())
	}
	v.scales = append(v.scales, numbered{"up", len(powerTicks(v.up)), 0}, numbered{"across", len(powerTicks(v.across)), 0})
	v.text(vg.Point{X: (v.Min.X + v.Max.X) / 2, Y: v.Min.Y - v.em(2.6)}, "People", v.normal().centre())
}

// powerTicks are the powers of ten of a scale: every second or third where there are many, and 2 and 5 times
// one too where there are two.
func powerTicks(a axis) (at []float64) {
	every := max(1, math.Ceil((a.max-a.min)/(maxTicks-1)))
	for k := a.min; k <= a.max; k += every {
		at = append(at, k)
		if a.max-a.min < 2 && k < a.max {
			at = append(at, k+math.Log10(2), k+math.Log10(5))
		}
	}
	return at
}

// power writes a number by its logarithm: 0.01, 100, 10k, 1m.
func power(k float64) string {
	switch v := math.Round(math.Pow(10, k)*1e6) / 1e6; {
	case v >= 1e6:
		return Number(v/1e6, 0) + "m"
	case v >= 1e4:
		return Number(v/1e3, 0) + "k"
	default:
		return Number(v, max(0, int(math.Ceil(-k-1e-9))))
	}
}
