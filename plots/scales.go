package plots

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
)

// A scale across a narrow panel has little room for numbers, and an axis of years or runs has whole ones
// only. Both get three numbers at least: with one or two nobody can read a value off a scale.

// scale is a range with its ticks and how they are written.
type scale struct {
	axis
	at   []float64
	text []string
	st   style
}

// across chooses 3 to 5 ticks for a range on a panel of the given width, so that their labels stand clear
// of each other. Where there is no room, the range becomes a little wider first; then the labels lose the
// signs of their unit, which the heading has too, and their zeros (32.5m); then they become smaller.
func (c *canvas) across(a axis, unit Unit, width vg.Length) scale {
	const little = 0.3 // of the range
	whole := func(at []float64) []string { return tickLabels(at, unit) }
	bare := func(at []float64) []string { return tickLabels(at, Unit{}) }
	s := scale{axis: a, st: c.small()}
	for _, as := range []struct {
		write  func(at []float64) []string
		size   vg.Length
		little float64
	}{{whole, 1, little}, {bare, 1, little}, {brief, 1, little}, {brief, 0.92, little}, {brief, 0.85, little}, {whole, 1, 1}, {brief, 0.85, 1}} {
		s.st = c.small().times(as.size)
		fits := func(wide axis, d float64) bool {
			s.axis, s.at = wide, between(wide.min, wide.max, d)
			s.text = as.write(s.at)
			return len(s.at) >= minTicks && s.clear(c, width)
		}
		for most := 5; most >= minTicks; most-- {
			if d := step(a.min, a.max, most); fits(a, d) {
				return s
			}
		}
		for most := 5; most >= 1; most-- {
			d := step(a.min, a.max, most)
			wide := roomier(a, d)
			if wide.max-wide.min <= (1+as.little)*(a.max-a.min) && fits(wide, d) {
				return s
			}
		}
	}
	return s // the linter will say that its numbers collide
}

// brief writes ticks of ten thousands and millions without their zeros: 50k, 32.5m.
func brief(at []float64) []string {
	most := 0.0
	for _, v := range at {
		most = math.Max(most, math.Abs(v))
	}
	by, sign := 1.0, ""
	switch {
	case most >= 1e6:
		by, sign = 1e6, "m"
	case most >= 1e4:
		by, sign = 1e3, "k"
	}
	short := make([]float64, len(at))
	for i, v := range at {
		short[i] = v / by
	}
	text := tickLabels(short, Unit{After: sign})
	if zero := slices.Index(at, 0); zero >= 0 {
		text[zero] = "0"
	}
	return text
}

// spots are the left ends of the labels on an axis that begins at 0: centred on their ticks, but not beyond
// the ends of the axis by more than a little, lest they run into the next panel.
func (s *scale) spots(c *canvas, width vg.Length) (left []vg.Length) {
	for i, v := range s.at {
		wide := c.measure(s.text[i], s.st)
		at := width*vg.Length((v-s.min)/(s.max-s.min)) - wide/2
		left = append(left, min(max(at, -c.em(0.3)), width-wide+c.em(0.3)))
	}
	return left
}

// clear reports whether the labels stand clear of each other.
func (s *scale) clear(c *canvas, width vg.Length) bool {
	left := s.spots(c, width)
	for i := 1; i < len(left); i++ {
		if left[i] < left[i-1]+c.measure(s.text[i-1], s.st)+c.em(0.5) {
			return false
		}
	}
	return true
}

// values draws the scale of a column: light lines, numbers below the last block, and zero.
func (v *view) values(s scale, zero, numbers bool) {
	spots := s.spots(v.canvas, v.Max.X-v.Min.X)
	for i, value := range s.at {
		x := v.x(value)
		colour, width := rule, vg.Length(0.5)
		if zero && value == 0 {
			colour, width = quiet, 0.9
		}
		v.line(vg.Point{X: x, Y: v.Min.Y}, vg.Point{X: x, Y: v.Max.Y}, width, colour)
		if numbers {
			v.text(vg.Point{X: v.Min.X + spots[i], Y: v.Min.Y - v.em(1.15)}, s.text[i], s.st)
		}
	}
	if numbers {
		v.scales = append(v.scales, numbered{"across", len(s.at), 0})
	}
}

// wholes are the whole numbers to label on an axis from 1 to n, such as years or runs: all of a few, else the
// first and round ones; where these do not fit, the first, the middle and the last.
func wholes(n int, fits func(at []int) bool) []int {
	every := func(d int) []int {
		at := []int{1}
		for i := d; i <= n; i += d {
			if i > 1 {
				at = append(at, i)
			}
		}
		return at
	}
	var tries [][]int
	switch {
	case n <= maxTicks:
		tries = append(tries, every(1))
	case n <= 9:
		odd := []int{}
		for i := 1; i <= n; i += 2 {
			odd = append(odd, i)
		}
		tries = append(tries, odd)
	case n <= 25:
		tries = append(tries, every(5), every(10))
	default:
		tries = append(tries, every(int(step(0, float64(n), 5))))
	}
	if n > minTicks {
		tries = append(tries, []int{1, (n + 1) / 2, n})
	}
	for _, at := range tries {
		if len(at) >= min(minTicks, n) && fits(at) {
			return at
		}
	}
	return tries[len(tries)-1]
}

// wholeAxis draws the labels of an axis of whole numbers from 1 to n below the line at height y, each under the
// place of its number, with the word before the first where there is room for it. No label leaves the span
// from left to right. It returns the numbers that it labels.
func (c *canvas) wholeAxis(word string, n int, place func(i int) vg.Length, y, left, right vg.Length, st style) []int {
	type label struct {
		text string
		at   vg.Length
	}
	lay := func(at []int, first string) (all []label, ok bool) {
		free := left - c.em(0.5)
		ok = true
		for _, i := range at {
			l := label{fmt.Sprint(i), 0}
			half := c.measure(l.text, st) / 2
			l.at = place(i) - half
			if i == 1 {
				l.text = first + l.text
				l.at -= c.measure(first, st)
			}
			wide := c.measure(l.text, st)
			l.at = min(max(l.at, left), right-wide)
			ok = ok && l.at >= free+c.em(0.4)
			free = l.at + wide
			all = append(all, l)
		}
		return all, ok
	}
	first := strings.TrimLeft(word+" ", " ")
	at := wholes(n, func(at []int) bool { _, ok := lay(at, first); return ok })
	labels, ok := lay(at, first)
	if !ok {
		at = wholes(n, func(at []int) bool { _, ok := lay(at, ""); return ok })
		labels, _ = lay(at, "")
	}
	for _, l := range labels {
		c.text(vg.Point{X: l.at, Y: y}, l.text, st)
	}
	c.scales = append(c.scales, numbered{strings.TrimSpace("of wholes " + word), len(at), n})
	return at
}
