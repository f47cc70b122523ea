package place

import (
	"cmp"
	"math"
	"slices"
)

// Check returns what is wrong with a place, the first twenty faults at once: indices that lead
// nowhere, ages and shares that do not sum, lists out of order, numbers out of range. A place from
// Cut or Synthetic has none; one from a file may.
func (p *Place) Check() error {
	c := checker{p: p}
	c.count("areas", len(p.Areas))
	c.count("practices", len(p.Practices))
	c.count("hospitals", len(p.Hospitals))
	c.count("trusts", len(p.Trusts))
	c.count("districts", len(p.Districts))
	c.lengths()
	if c.err() != nil {
		return c.err() // what follows needs them
	}
	codes(&c, "areas", p.Areas, func(a *Area) string { return a.Code })
	codes(&c, "practices", p.Practices, func(q *Practice) string { return q.Code })
	codes(&c, "trusts", p.Trusts, func(t *Trust) string { return t.Code })
	codes(&c, "districts", p.Districts, func(d *District) string { return d.Code })
	inside := slices.IndexFunc(p.Hospitals, func(h Hospital) bool { return h.Outside })
	if inside < 0 {
		inside = len(p.Hospitals)
	}
	codes(&c, "hospitals inside", p.Hospitals[:inside], func(h *Hospital) string { return h.Code })
	codes(&c, "hospitals outside", p.Hospitals[inside:], func(h *Hospital) string { return h.Code })
	c.areas()
	c.practices()
	c.hospitals()
	c.lists()
	c.near("NearPractices", p.NearPractices, len(p.Practices), nearPractices)
	c.near("Reach", p.Reach, len(p.Hospitals), nearSites)
	c.health()
	return c.err()
}

// checkDraft returns what of a draft would keep the rest from being worked out.
func (p *Place) checkDraft() error {
	c := checker{p: p}
	c.count("areas", len(p.Areas))
	c.count("practices", len(p.Practices))
	c.count("hospitals", len(p.Hospitals))
	c.areas()
	for i := range p.Practices {
		c.practice(&p.Practices[i])
	}
	c.hospitals()
	return c.err()
}

// checker collects the faults of one place.
type checker struct {
	faults
	p *Place
}

func (c *checker) count(what string, n int) {
	if n == 0 || n >= math.MaxUint16 {
		c.add("place %s: %d %s, want 1 to %d", c.p.Code, n, what, math.MaxUint16-1)
	}
}

func (c *checker) lengths() {
	n := len(c.p.Areas)
	for _, list := range []struct {
		name string
		n    int
	}{{"Lists", len(c.p.Lists)}, {"NearPractices", len(c.p.NearPractices)}, {"Reach", len(c.p.Reach)}} {
		if list.n != n {
			c.add("place %s: %s has %d entries, want %d, one for each area", c.p.Code, list.name, list.n, n)
		}
	}
}

// codes notes codes out of order, and so codes given twice.
func codes[T any](c *checker, what string, items []T, code func(*T) string) {
	for i := 1; i < len(items); i++ {
		if a, b := code(&items[i-1]), code(&items[i]); cmp.Compare(a, b) >= 0 {
			c.add("place %s: %s %q after %q, want codes in order", c.p.Code, what, b, a)
		}
	}
}

// within notes a number outside its range, or NaN.
func (c *checker) within(of, what string, got, low, high float64) {
	if !(got >= low && got <= high) {
		c.add("place %s: %s: %s = %g, want %g to %g", c.p.Code, of, what, got, low, high)
	}
}

// index notes an index into n entries that leads nowhere.
func (c *checker) index(of, what string, got uint16, n int) {
	c.within(of, what, float64(got), 0, float64(n-1))
}

// grid bounds coordinates in m, generously: the National Grid and synthetic regions.
const grid = 2_000_000

func (c *checker) areas() {
	byDistrict := make([]int64, len(c.p.Districts))
	for i := range c.p.Areas {
		a := &c.p.Areas[i]
		c.index(a.Code, "district", a.District, len(c.p.Districts))
		c.within(a.Code, "easting", a.Easting, 0, grid)
		c.within(a.Code, "northing", a.Northing, 0, grid)
		c.within(a.Code, "residents", float64(a.Residents), 1, 1_000_000)
		c.within(a.Code, "IMD decile", float64(a.IMDDecile), 1, 10)
		c.within(a.Code, "IMD score", float64(a.IMDScore), 0, 100)
		sum := int64(0)
		for b, n := range a.ByAge {
			if n < 0 {
				c.add("place %s: %s: %d residents in age band %d, want 0 or more", c.p.Code, a.Code, n, b)
			}
			sum += int64(n)
		}
		if sum != int64(a.Residents) {
			c.add("place %s: %s: age bands sum to %d, want its residents, %d", c.p.Code, a.Code, sum, a.Residents)
		}
		if int(a.District) < len(byDistrict) {
			byDistrict[a.District] += int64(a.Residents)
		}
	}
	for i, n := range byDistrict {
		if d := &c.p.Districts[i]; n != int64(d.Residents) {
			c.add("place %s: district %s: residents = %d, want those of its areas, %d", c.p.Code, d.Code, d.Residents, n)
		}
	}
}

// practice looks at what a practice has in a draft.
func (c *checker) practice(q *Practice) {
	c.index(q.Code, "area", q.Area, len(c.p.Areas))
	c.index(q.Code, "district", q.District, len(c.p.Districts))
	c.within(q.Code, "easting", q.Easting, 0, grid)
	c.within(q.Code, "northing", q.Northing, 0, grid)
	c.within(q.Code, "list", float64(q.List), 1, 10_000_000)
}

func (c *checker) practices() {
	lists, residents := int64(0), int64(0)
	for i := range c.p.Practices {
		q := &c.p.Practices[i]
		c.practice(q)
		c.within(q.Code, "GPs", float64(q.GPs), 1, maxGPs)
		lists += int64(q.List)
	}
	for i := range c.p.Areas {
		residents += int64(c.p.Areas[i].Residents)
	}
	if lists != residents {
		c.add("place %s: lists sum to %d, want the residents, %d", c.p.Code, lists, residents)
	}
}

func (c *checker) hospitals() {
	general, outside := false, false
	for i := range c.p.Hospitals {
		h := &c.p.Hospitals[i]
		c.index(h.Code, "trust", h.Trust, len(c.p.Trusts))
		c.within(h.Code, "easting", h.Easting, 0, grid)
		c.within(h.Code, "northing", h.Northing, 0, grid)
		c.within(h.Code, "beds", float64(h.Beds), 1, 100_000)
		c.within(h.Code, "lines", float64(h.Lines), 0, allLines)
		c.within(h.Code, "inside share", h.InsideShare, 0, 1)
		if outside && !h.Outside {
			c.add("place %s: %s stands inside, want it before the sites outside", c.p.Code, h.Code)
		}
		outside = outside || h.Outside
		if h.Outside {
			c.within(h.Code, "district", float64(h.District), NoDistrict, NoDistrict)
		} else {
			c.index(h.Code, "district", h.District, len(c.p.Districts))
		}
		general = general || h.General()
	}
	if !general {
		c.add("place %s: no general hospital in reach, want at least one", c.p.Code)
	}
}

func (c *checker) lists() {
	for i, shares := range c.p.Lists {
		code, sum := c.p.Areas[i].Code, 0.0
		for _, s := range shares {
			c.index(code, "practice of a share", s.Practice, len(c.p.Practices))
			c.within(code, "share", float64(s.Share), 1./shareUnits, 1)
			sum += float64(s.Share)
		}
		if sum != 1 { // shares are multiples of 2^-16, so their sum is exact
			c.add("place %s: %s: shares over practices sum to %g, want 1", c.p.Code, code, sum)
		}
	}
}

func (c *checker) near(what string, lists [][]Near, n, most int) {
	minutes, km := what+" minutes", what+" km"
	for i, list := range lists {
		code := c.p.Areas[i].Code
		if len(list) == 0 || len(list) > most {
			c.add("place %s: %s: %d entries in %s, want 1 to %d", c.p.Code, code, len(list), what, most)
		}
		for j, x := range list {
			c.index(code, what, x.Index, n)
			c.within(code, minutes, float64(x.Minutes), 0, 10_000)
			c.within(code, km, float64(x.Km), 0, 10_000)
			if j > 0 && list[j-1].Km > x.Km {
				c.add("place %s: %s: %s goes from %g km to %g, want the nearest first", c.p.Code, code, what, list[j-1].Km, x.Km)
			}
		}
	}
}

func (c *checker) health() {
	for sex := range c.p.Health.Death {
		for age, q := range c.p.Health.Death[sex] {
			if !(q >= 0 && q <= 1) {
				c.add("place %s: probability of death at %d = %g, want 0 to 1", c.p.Code, age, q)
			}
		}
	}
	codes(c, "conditions", c.p.Health.Conditions, func(x *Condition) string { return x.Code })
	for i := range c.p.Health.Conditions {
		x := &c.p.Health.Conditions[i]
		c.within(x.Code, "from age", float64(x.FromAge), 0, 100)
		c.within(x.Code, "to age", float64(x.ToAge), float64(x.FromAge), 100)
		for _, share := range x.ByDecile {
			c.within(x.Code, "prevalence", share, 0, 1)
		}
	}
	for d := range c.p.Health.AgeByDecile {
		for _, n := range c.p.Health.AgeByDecile[d] {
			c.within("England", "residents by decile and age", n, 0, 1e9)
		}
	}
}
