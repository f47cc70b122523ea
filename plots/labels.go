package plots

import (
	"cmp"
	"image/color"
	"slices"

	"gonum.org/v1/plot/vg"
)

// spread moves boxes of the given heights, wanted with their centres at want, as little as
// possible until they neither overlap nor leave [low, high], and returns their centres. It keeps
// the order of want; equal ones stay in the order given. If they are higher than the room
// altogether, ok is false and the centres are those wanted.
func spread(want, heights []vg.Length, low, high vg.Length) (centres []vg.Length, ok bool) {
	var all vg.Length
	index := make([]int, len(want))
	for i, h := range heights {
		all += h
		index[i] = i
	}
	if all > high-low {
		return slices.Clone(want), false
	}
	slices.SortStableFunc(index, func(a, b int) int { return cmp.Compare(want[a], want[b]) })

	// A group is a run of boxes that touch; bottom is where it would most like to stand.
	type group struct {
		first, n       int
		bottom, height vg.Length
		sum            vg.Length // of the bottoms that its boxes want for the group
	}
	place := func(g *group) {
		g.bottom = min(max(g.sum/vg.Length(g.n), low), high-g.height)
	}
	var groups []group
	for pos, i := range index {
		g := group{first: pos, n: 1, height: heights[i], sum: want[i] - heights[i]/2}
		place(&g)
		for len(groups) > 0 {
			last := groups[len(groups)-1]
			if last.bottom+last.height <= g.bottom {
				break
			}
			g = group{first: last.first, n: last.n + g.n, height: last.height + g.height,
				sum: last.sum + g.sum - vg.Length(g.n)*last.height}
			place(&g)
			groups = groups[:len(groups)-1]
		}
		groups = append(groups, g)
	}
	centres = make([]vg.Length, len(want))
	for _, g := range groups {
		at := g.bottom
		for _, i := range index[g.first : g.first+g.n] {
			centres[i] = at + heights[i]/2
			at += heights[i]
		}
	}
	return centres, true
}

// tag is a label that belongs to a point of the data.
type tag struct {
	text string
	at   vg.Length // height of its point
	st   style
	mark color.NRGBA
}

// beside draws labels to the right of x, each as near to its point as the others allow, with a
// leader where it had to move. Labels that do not fit are left out from the last.
func (c *canvas) beside(tags []tag, x vg.Length, width, low, high vg.Length) {
	gap := c.em(0.15)
	for ; len(tags) > 0; tags = tags[:len(tags)-1] {
		want, heights := make([]vg.Length, len(tags)), make([]vg.Length, len(tags))
		lines := make([][]string, len(tags))
		for i, t := range tags {
			lines[i] = c.balance(t.text, t.st, width)
			want[i] = t.at
			heights[i] = vg.Length(len(lines[i]))*leading(t.st) + gap
		}
		centres, ok := spread(want, heights, low, high)
		if !ok {
			continue
		}
		for i, t := range tags {
			if moved := centres[i] - t.at; moved > t.st.size*0.5 || moved < -t.st.size*0.5 {
				c.line(vg.Point{X: x - c.em(0.75), Y: t.at}, vg.Point{X: x - c.em(0.15), Y: centres[i]}, 0.5, t.mark)
			}
			c.lines(vg.Point{X: x, Y: centres[i] + (heights[i]-gap)/2}, lines[i], t.st)
		}
		return
	}
}

// widest is the width of the widest label when each is wrapped at the given width.
func (c *canvas) widest(texts []string, st style, wrapped vg.Length) vg.Length {
	var w vg.Length
	for _, t := range texts {
		for _, line := range c.balance(t, st, wrapped) {
			w = max(w, c.measure(line, st))
		}
	}
	return w
}
