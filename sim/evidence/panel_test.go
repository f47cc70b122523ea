package evidence

import (
	"math"
	"testing"
)

// constructed is a panel of eight areas over four periods before and four after, whose others grow by a tenth
// and whose treated are made of them.
func constructed(effect float64) *panel {
	p := &panel{before: 4}
	season := []float64{1, 1.2, .9, 1.1}
	add := func(treated bool, level, seasonal, growth, people, trait float64) {
		row := make([]float64, 8)
		for t := range row {
			row[t] = level * (1 + seasonal*(season[t%4]-1))
			if t >= 4 {
				row[t] *= growth
			}
		}
		p.y = append(p.y, row)
		p.treated = append(p.treated, treated)
		p.people = append(p.people, people)
		p.traits = append(p.traits, []float64{trait})
	}
	add(false, 10, 1, 1.1, 100, .1)
	add(false, 20, 0, 1.1, 300, .3)
	add(false, 16, 2, 1.1, 200, .2)
	add(false, 40, 1, 1.1, 200, .9)
	add(true, 0, 0, 1, 100, .2) // half of the first and half of the second
	for t := range p.y[4] {
		p.y[4][t] = (p.y[0][t] + p.y[1][t]) / 2
		if t >= 4 {
			p.y[4][t] *= 1 + effect
		}
	}
	return p
}

// TestMethods: where every area grows alike, each method finds the effect that was put in; where the treated
// would have fallen by themselves, only a control that is like them does.
func TestMethods(t *testing.T) {
	for _, effect := range []float64{0, -.05, .2} {
		p := constructed(effect)
		want := 110 * effect // per cent of the level before, which would have grown by a tenth
		for name, got := range map[string]float64{"difference in differences": p.difference(4), "matched controls": p.matched(2, 4), "synthetic control": p.synthetic(4)} {
			if math.Abs(got-want) > 1e-6 {
				t.Errorf("effect %v: %s finds %v points, want %v", effect, name, got, want)
			}
		}
	}
	// The second area falls back to its usual level, and so does the half of the treated that is like it.
	p := constructed(0)
	for q := 4; q < 8; q++ {
		p.y[1][q] *= .6
		p.y[4][q] = (p.y[0][q] + p.y[1][q]) / 2
	}
	if got := p.synthetic(4); math.Abs(got) > 1e-6 {
		t.Errorf("synthetic control finds %v points where half of its areas fell, want none", got)
	}
	if got := p.difference(4); math.Abs(got) < 1 {
		t.Errorf("difference in differences finds %v points, want the fall that the treated alone share", got)
	}
	// With the likest area alone as its control, a treated area that is that area's twin has no effect.
	p = constructed(0)
	copy(p.y[4], p.y[2])
	p.y[3][7] = 400 // of an area that is like no other
	if got := p.matched(1, 4); math.Abs(got) > 1e-9 {
		t.Errorf("matched controls find %v points between twins, want none", got)
	}
}

// TestMix: the weights of a mix are found, are at least 0 and sum to 1; a target outside of all mixes gets the
// nearest.
func TestMix(t *testing.T) {
	columns := [][]float64{{1, 0, 0, 4}, {0, 1, 0, 2}, {0, 0, 1, 1}}
	for _, c := range []struct {
		name         string
		want, target []float64
	}{
		{"inside", []float64{.2, .5, .3}, []float64{.2, .5, .3, .8 + 1 + .3}},
		{"corner", []float64{0, 1, 0}, []float64{0, 1, 0, 2}},
		{"beyond a corner", []float64{1, 0, 0}, []float64{9, 0, 0, 9}},
		{"beyond an edge", []float64{.5, .5, 0}, []float64{.5, .5, -1, 3}},
	} {
		got := mix(columns, c.target)
		sum := 0.0
		for k := range got {
			sum += got[k]
			if got[k] < 0 || math.Abs(got[k]-c.want[k]) > 1e-6 {
				t.Errorf("%s: weights %v, want %v", c.name, got, c.want)
				break
			}
		}
		if math.Abs(sum-1) > 1e-9 {
			t.Errorf("%s: weights sum to %v, want 1", c.name, sum)
		}
	}
}

// TestAddQuarter: quarters are what a count that begins anew each year has grown by.
func TestAddQuarter(t *testing.T) {
	r := &Run{}
	for _, soFar := range []float64{3, 5, 9, 10, 2, 2, 7, 8} {
		r.addQuarter([]float64{soFar})
	}
	for q, want := range []float64{3, 2, 4, 1, 2, 0, 5, 1} {
		if got := r.Quarters[q][0]; got != want {
			t.Errorf("quarter %d has %v, want %v", q+1, got, want)
		}
	}
}
