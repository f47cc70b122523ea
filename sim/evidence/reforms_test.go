package evidence

import (
	"math"
	"slices"
	"testing"

	"coexist/sim/place"
	"coexist/sim/tables"
)

// pairOf is a run of a reform and its peer under the status quo, of six general sites of as many trusts on a line,
// 10 km apart.
func pairOf() (r, base *Run) {
	p := &place.Place{Trusts: make([]place.Trust, 6)}
	for i := range 6 {
		p.Trusts[i].Name = string(rune('A' + i))
		p.Hospitals = append(p.Hospitals, place.Hospital{Trust: uint16(i), Easting: float64(10_000 * i), HasAE: true, Lines: 1<<place.Lines - 1})
	}
	p.Hospitals = append(p.Hospitals, place.Hospital{Trust: 0, Easting: 500_000, HasAE: true, Lines: 1<<place.Lines - 1, Outside: true}, place.Hospital{Trust: 1})
	made := func() *Run {
		run := counted()
		run.Place = p
		for y := range run.Past {
			run.Past[y].Served = []float64{100, 100, 100, 100, 100, 100, 1e6, 1e6}
			run.State[y].Quality = []float64{-1, -.5, 0, .5, 1, 1.5, 9, 9}
		}
		slices.Reverse(run.State[3].Quality[:6]) // of a year that is not asked for
		run.Scenario.Treatment.DeathQuality = .1
		return run
	}
	r, base = made(), made()
	r.peers = map[string]*Run{quo: base, "reform": r}
	base.peers = r.peers
	return r, base
}

// TestSignsOfReforms: a sign counts where it is clear over sites, against the status quo with the same luck.
func TestSignsOfReforms(t *testing.T) {
	for _, c := range []struct {
		name string
		id   string
		edit func(r *Run)
		want float64
	}{
		{"nothing changes", "A47", func(*Run) {}, 0},
		{"the good are chosen", "A47", func(r *Run) { grow(r, 1, 1.1, 1.2, 1.3, 1.4, 1.5) }, 1},
		{"the bad are chosen", "A47", func(r *Run) { grow(r, 1.5, 1.4, 1.3, 1.2, 1.1, 1) }, -1},
		{"now these, now those", "A47", func(r *Run) { grow(r, 1.5, 1, 1.4, 1.4, 1, 1.5) }, 0},
		{"more everywhere", "G10", func(r *Run) { grow(r, 1.2, 1.3, 1.2, 1.3, 1.2, 1.3) }, 1},
		{"more here, less there", "G10", func(r *Run) { grow(r, 1.3, .7, 1.3, .7, 1.3, .7) }, 0},
		{"fewer at the end", "B22", func(r *Run) { grow(r, .9, .8, .9, .8, .9, .8) }, -1},
		{"better at the end", "B23", func(r *Run) { improve(r, .1, .2, .1, .2, .1, .2) }, 1},
		{"better after than before", "G11", func(r *Run) { improve(r, .1, .2, .1, .2, .1, .2) }, 1},
		{"better in the middle, where more compete", "B06", func(r *Run) { improve(r, .1, .2, .3, .3, .2, .1) }, -1},
		{"better at the ends", "B06", func(r *Run) { improve(r, .3, .2, .1, .1, .2, .3) }, 1},
	} {
		r, _ := pairOf()
		c.edit(r)
		if got, ok := specs[c.id].of(r); !ok || got != c.want {
			t.Errorf("%s: %s = %v (%v), want %v", c.name, c.id, got, ok, c.want)
		}
	}
	r, _ := pairOf()
	r.Past = r.Past[:5]
	measuredOf(t, r, "A47", math.NaN())
	measuredOf(t, r, "G10", math.NaN())
	measuredOf(t, counted(), "B06", math.NaN()) // without the status quo
}

// grow lets each site serve so many times as many in the last year.
func grow(r *Run, by ...float64) {
	for i, x := range by {
		r.Past[afterReform-1].Served[i] *= x
	}
}

// improve lets the quality of each site rise by the last year.
func improve(r *Run, by ...float64) {
	for i, x := range by {
		r.State[afterReform-1].Quality[i] += x
	}
}

// TestOpenness: a market is the trusts within 30 km of a site, by those whom they serve.
func TestOpenness(t *testing.T) {
	r, _ := pairOf()
	r.Past[beforeReform-1].Served = []float64{10, 20, 30, 40, 100, 100, 0, 7} // what has no emergency department is not in it
	if got, want := openness(r, 0), -math.Log(.01+.04+.09+.16); math.Abs(got-want) > 1e-12 {
		t.Errorf("openness of the first site = %v, want %v", got, want)
	}
}

// TestExpense: trusts are compared by the growth of their expense, each once.
func TestExpense(t *testing.T) {
	r, base := pairOf()
	for i, growth := range []float64{1.4, 1.44, 1.4, 1.4, 1.44, 1.4} { // less what is without the reform: the more, the more open the market
		size, without := []float64{1e6, 1e7, 1e6, 1e6, 1e7, 1e6}[i], []float64{1.4, 1.2, 1, 1, 1.2, 1.4}[i]
		name := r.Place.Trusts[i].Name
		for year, times := range map[int32][2]float64{beforeReform: {1, 1}, afterReform: {growth, without}} {
			r.Rows.Organisations = append(r.Rows.Organisations, tables.Organisation{Year: year, Organisation: name, Kind: "trust", Expense: int64(size * times[0])})
			base.Rows.Organisations = append(base.Rows.Organisations, tables.Organisation{Year: year, Organisation: name, Kind: "trust", Expense: int64(size * times[1])},
				tables.Organisation{Year: year, Organisation: name, Kind: "system", Expense: 9e9})
		}
	}
	measuredOf(t, r, "B07", 1)
	measuredOf(t, base, "B07", 0)
	r.Rows.Organisations = r.Rows.Organisations[:8] // four trusts are too few
	measuredOf(t, r, "B07", math.NaN())
}

// TestChangesOfReforms: changes are against the status quo with the same people and luck.
func TestChangesOfReforms(t *testing.T) {
	r, base := pairOf()
	measuredOf(t, r, "A26", 100*3/9.0)
	measuredOf(t, r, "A27", 100*3/9.0)
	r.Past[afterReform-1].Band[1].Bypasses += 9 * 6 // of 9 * 6 * (1+2+3+4) referrals
	measuredOf(t, r, "A26", 100*3/9.0)
	measuredOf(t, r, "A27", 100*(3/9.0+.1))
	measuredOf(t, r, "C34", 1)
	for _, b := range old {
		r.Past[5].Band[b].OtherEmergencies = 32*r.Past[0].Band[b].OtherEmergencies + 31*r.Past[0].Band[b].AvoidableEmergencies - 5*r.Past[0].Band[b].AvoidableEmergencies
		base.Past[5].Band[b] = times(base.Past[0].Band[b], 1)
	}
	measuredOf(t, r, "C34", 2) // 32 times as many after five years, and as many
	measuredOf(t, r, "C35", 1.0/6)
	measuredOf(t, base, "C35", 1)
	for _, b := range old { // twice as many people
		r.Past[5].Band[b].PersonYears *= 2
	}
	measuredOf(t, r, "C35", 2.0/6)
	r.Past[0].Leaving, r.Past[1].Leaving, r.Past[1].Members = 9, 30, 50
	measuredOf(t, r, "C50", 60)
	r.State[0].Systems, r.State[4].Systems, r.State[5].Systems = 8, 6, 1
	measuredOf(t, r, "C54", 25)
	r, base = pairOf()
	for b := range r.Past[5].Band {
		r.Past[5].Band[b] = times(r.Past[5].Band[b], 1.2)
	}
	measuredOf(t, r, "G01", 100*((5+6*1.2)/(5+6.0)-1))
	measuredOf(t, base, "G01", 0)
	more := func(n float64) { // emergencies, of 190: the error of counting them and others is a tenth
		for b := range r.Past[1].Band {
			r.Past[1].Band[b] = times(base.Past[1].Band[b], n)
		}
	}
	for _, c := range []struct{ n, readmitted, want float64 }{{1.2, 0, 0}, {1.23, 0, 1}, {1.23, .2, 0}, {.8, 0, -1}, {.83, 0, 0}} {
		more(c.n)
		r.Scenario.Treatment.Readmission = c.readmitted
		measuredOf(t, r, "G05", c.want)
	}
	measuredOf(t, base, "G05", 0)
}

// TestAreasOfProgrammes: areas are picked as the real ones were, five in eight from the upper half of the rates of
// the year before, and their rates and growth are those of their own people.
func TestAreasOfProgrammes(t *testing.T) {
	r, base := pairOf()
	n := 64
	r.Place.Districts = make([]place.District, n)
	for _, run := range []*Run{r, base} {
		for y := range run.Past {
			run.Past[y].ByPayer = make([]float64, n)
			for d := range n {
				r.Place.Districts[d].Residents = 1000
				run.Past[y].ByPayer[d] = float64(10 + d)
			}
		}
	}
	in := r.takesPart()
	upper, lower := 0, 0
	for d, takes := range in {
		switch {
		case takes && d >= n/2:
			upper++
		case takes:
			lower++
		}
	}
	if upper != 10 || lower != 6 {
		t.Errorf("%d areas of the upper half and %d of the lower take part, want 10 and 6 of 64", upper, lower)
	}
	for _, d := range []int{0, 1, 2, 16, 32, 36, 48} {
		if !in[d] || in[d+5] && d < n/2 {
			t.Errorf("area %d takes part: %v, and five further: %v; want the first three of sixteen of the lower half, five of the upper", d, in[d], in[d+5])
		}
	}
	for d := range n {
		if in[d] {
			r.Past[5].ByPayer[d] *= 1.2
			r.Past[2].ByPayer[d] *= 1.1
		}
	}
	measuredOf(t, r, "C14", 100*(1.2-1))
	measuredOf(t, r, "C23", 100*(1.1-1))
	taking, others := 0.0, 0.0
	for d := range n {
		if in[d] {
			taking += float64(10+d) / 16
		} else {
			others += float64(10+d) / 48
		}
	}
	r.Place.Areas = []place.Area{{Residents: 40_000}} // as many as have person-years, at a tenth
	measuredOf(t, r, "C18", 1000*taking/100/12)
	measuredOf(t, r, "C17", 1000*others/100/12)
	r.Place.Districts = r.Place.Districts[:7]
	measuredOf(t, r, "C14", math.NaN())
	measuredOf(t, r, "C17", math.NaN())
}

// TestQuantile: quantiles lie between the values in proportion.
func TestQuantile(t *testing.T) {
	for _, c := range []struct{ q, want float64 }{{0, 1}, {.25, 2}, {.5, 3}, {.9, 4.6}, {1, 5}} {
		if got := quantile([]float64{5, 3, 1, 4, 2}, c.q); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("quantile %v = %v, want %v", c.q, got, c.want)
		}
	}
	if got := quantile([]float64{7}, .5); got != 7 {
		t.Errorf("quantile of one value = %v, want it", got)
	}
}

// TestClearSigns: a mean or slope counts where it is 1.96 standard errors from nought.
func TestClearSigns(t *testing.T) {
	for _, c := range []struct{ mean, want float64 }{{1.12, 0}, {1.14, 1}, {-1.12, 0}, {-1.14, -1}} { // the error is the root of a third
		if got, ok := meanSign([]float64{c.mean + 1, c.mean - 1, c.mean + 1, c.mean - 1}); !ok || got != c.want {
			t.Errorf("a mean of %v: sign %v (%v), want %v", c.mean, got, ok, c.want)
		}
	}
	for _, c := range []struct{ slope, want float64 }{{.46, 0}, {.48, 1}, {-.46, 0}, {-.48, -1}} { // the error is 1 over the root of 17.5
		var x, y []float64
		for i, off := range []float64{1, -1, 0, 0, -1, 1} { // neither a mean nor a slope
			x, y = append(x, float64(i)), append(y, 100+c.slope*float64(i)+off)
		}
		if got, ok := slopeSign(x, y); !ok || got != c.want {
			t.Errorf("a slope of %v: sign %v (%v), want %v", c.slope, got, ok, c.want)
		}
	}
	if _, ok := meanSign([]float64{1, 2}); ok {
		t.Error("a sign of two sites")
	}
	if _, ok := slopeSign([]float64{1, 1, 1, 1, 1}, []float64{1, 2, 3, 4, 5}); ok {
		t.Error("a slope over sites that are alike")
	}
}
