package plots

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"

	"coexist/sim/place"
	"coexist/sim/tables"
)

func ExampleNumber() {
	fmt.Println(Number(-1234567.891, 1))
	fmt.Println(Unit{Before: "£"}.Write(-1200, 0))
	// Output:
	// −1,234,567.9
	// −£1,200
}

func TestUnitShort(t *testing.T) {
	pounds := Unit{Before: "£"}
	for _, test := range []struct {
		unit  Unit
		value float64
		want  string
	}{
		{Unit{After: "%"}, 0.1234, "0.12%"}, {pounds, 9.54, "£10"}, {pounds, -0.5, "−£0.50"}, {Unit{}, 1, "1.0"}, {Unit{}, 0, "0"}, {Unit{}, 1234.5, "1,234"},
	} {
		if got := test.unit.short(test.value); got != test.want {
			t.Errorf("%v of %g: got %q, want %q", test.unit, test.value, got, test.want)
		}
	}
}

func ExampleFigures() {
	for _, f := range Figures()[:2] {
		fmt.Println(f.Name, f.Question)
	}
	// Output:
	// 01-choice Do patients still choose?
	// 02-quality Is care better?
}

func TestTicksAreFewAndRound(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for range 20_000 {
		low := rng.NormFloat64() * math.Pow(10, float64(rng.IntN(9)-3))
		high := low + math.Abs(low)*rng.ExpFloat64() + 1e-6
		at := ticks(low, high)
		if n := len(at); n < 3 || n > 6 {
			t.Fatalf("ticks(%g, %g) = %v, want 3 to 6", low, high, at)
		}
		slack := 1e-6 * (high - low)
		if at[0] < low-slack || at[len(at)-1] > high+slack {
			t.Fatalf("ticks(%g, %g) = %v, want them within", low, high, at)
		}
		text := tickLabels(at, Unit{})
		if len(slices.Compact(text)) != len(at) {
			t.Fatalf("ticks(%g, %g) read %v, want all different", low, high, text)
		}
	}
}

func TestTickLabels(t *testing.T) {
	for _, test := range []struct {
		at   []float64
		unit Unit
		want []string
	}{
		{[]float64{-0.5, 0, 0.5}, Unit{}, []string{"−0.5", "0.0", "0.5"}},
		{[]float64{0, 1000, 2000}, Unit{Before: "£"}, []string{"£0", "£1,000", "£2,000"}},
		{[]float64{0, 2.5, 5}, Unit{After: "%"}, []string{"0.0%", "2.5%", "5.0%"}},
		{ticks(0, 10), Unit{}, []string{"0", "2", "4", "6", "8", "10"}},
		{ticks(0, 12_000), Unit{Before: "£"}, []string{"£0", "£2,500", "£5,000", "£7,500", "£10,000"}},
		{[]float64{3}, Unit{}, []string{"3"}},
	} {
		if got := tickLabels(test.at, test.unit); !slices.Equal(got, test.want) {
			t.Errorf("tickLabels(%v) = %q, want %q", test.at, got, test.want)
		}
	}
	for _, bad := range [][2]float64{{math.NaN(), 1}, {0, math.Inf(1)}, {2, 1}} {
		if got := ticks(bad[0], bad[1]); got != nil {
			t.Errorf("ticks(%v) = %v, want none", bad, got)
		}
	}
}

func TestSpreadKeepsLabelsApart(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	for range 5_000 {
		n := 1 + rng.IntN(8)
		want, heights := make([]vg.Length, n), make([]vg.Length, n)
		var sum vg.Length
		for i := range want {
			want[i] = vg.Length(rng.Float64()*140 - 20)
			heights[i] = vg.Length(2 + rng.Float64()*12)
			sum += heights[i]
		}
		got, ok := spread(want, heights, 0, 100)
		if ok != (sum <= 100) {
			t.Fatalf("spread of %v in 100: ok = %v", sum, ok)
		}
		if !ok {
			continue
		}
		for i := range got {
			if got[i]-heights[i]/2 < -1e-6 || got[i]+heights[i]/2 > 100+1e-6 {
				t.Fatalf("spread(%v, %v) = %v leaves [0, 100]", want, heights, got)
			}
			for j := range i {
				if gap := math.Abs(float64(got[i]-got[j])) - float64(heights[i]+heights[j])/2; gap < -1e-6 {
					t.Fatalf("spread(%v, %v) = %v overlaps by %g", want, heights, got, -gap)
				}
				if (want[i] < want[j]) != (got[i] < got[j]) && want[i] != want[j] {
					t.Fatalf("spread(%v) = %v changes the order", want, got)
				}
			}
		}
	}
	if got, _ := spread([]vg.Length{20, 50}, []vg.Length{10, 10}, 0, 100); got[0] != 20 || got[1] != 50 {
		t.Errorf("labels with room moved to %v", got)
	}
}

func TestSummaries(t *testing.T) {
	if got, want := band([]float64{10, 1, 2, 4, 3}), (Interval{Mid: 3, Low: 1.2, High: 8.8}); math.Abs(got.Low-want.Low)+math.Abs(got.Mid-want.Mid)+math.Abs(got.High-want.High) > 1e-9 {
		t.Errorf("band = %v, want %v (R: quantile type 7)", got, want)
	}
	got := mean([]float64{1, 2, 3}) // R: t.test(1:3)$conf.int
	if math.Abs(got.Low - -0.4841377) > 1e-6 || math.Abs(got.High-4.4841377) > 1e-6 || got.Clear() != 0 {
		t.Errorf("mean = %v, want 2 (-0.4841377 to 4.4841377)", got)
	}
	if one := mean([]float64{5}); one.Mid != 5 || one.Clear() != 0 {
		t.Errorf("mean of one = %v, want 5 and nothing clear", one)
	}
	if mean(nil).Known() || band(nil).Known() {
		t.Error("nothing has a mean")
	}
}

// tiny makes a result of one measure over five years: a value by place, scenario and run, the same in
// every quarter of the last three; in the first two years it is zero.
func tiny(measure string, values map[string]map[string][]float64) *Data {
	d := &Data{Meta: Meta{Places: []string{"a", "b"}, Titles: map[string]string{"a": "Aham", "b": "Bury", "x": "Plan X", "y": "Plan Y"},
		Scenarios: []string{"status-quo", "x", "y"}, Years: 5}}
	for p, scenarios := range values {
		for s, runs := range scenarios {
			for run, v := range runs {
				for q := int32(1); q <= 20; q++ {
					row := tables.Outcome{Place: p, Scenario: s, Run: int32(run + 1), Quarter: q, Group: "all", Measure: measure, Value: v}
					if q <= 8 {
						row.Value = 0
					}
					d.Outcomes = append(d.Outcomes, row)
				}
			}
		}
	}
	return d
}

// TestHeadlinesAreTrueToIntervals gives each case of a headline and its neutral fallback.
func TestHeadlinesAreTrueToIntervals(t *testing.T) {
	base := []float64{2, 2.1, 1.9}
	for _, test := range []struct {
		name   string
		values map[string]map[string][]float64
		want   string
	}{
		{"clear everywhere", map[string]map[string][]float64{"a": {"status-quo": base, "x": {3, 3.2, 2.8}}, "b": {"status-quo": base, "x": {2.5, 2.61, 2.4}}},
			"Plan X: 1.0 more effective options than the status quo in Aham and 0.50 in Bury"},
		{"clear in one place", map[string]map[string][]float64{"a": {"status-quo": base, "x": {3, 3.2, 2.8}}, "b": {"status-quo": base, "x": {2.9, 1.3, 2.1}}},
			"Plan X: 1.0 more effective options than the status quo in Aham, no clear difference in Bury"},
		{"opposite", map[string]map[string][]float64{"a": {"status-quo": base, "x": {3, 3.2, 2.8}}, "b": {"status-quo": base, "x": {1.5, 1.61, 1.4}}},
			"Plan X: 1.0 more effective options than the status quo in Aham and 0.50 fewer effective options in Bury"},
		{"unclear", map[string]map[string][]float64{"a": {"status-quo": base, "x": {2.9, 1.3, 2.1}}},
			"No clear difference in choice from the status quo in Aham"},
		{"the larger of two", map[string]map[string][]float64{"a": {"status-quo": base, "x": {2.5, 2.61, 2.4}, "y": {1, 1.2, 0.8}, "z": base}},
			"Plan Y: 1.0 fewer effective options than the status quo in Aham"},
		{"one run", map[string]map[string][]float64{"a": {"status-quo": {2}, "x": {3}}}, "Choice over years 1 to 5"},
		{"one scenario", map[string]map[string][]float64{"a": {"only": {3, 3.2, 2.8}}, "b": {"only": {2.5, 2.4}}}, "Only: 3.0 effective options in Aham and 2.5 in Bury"},
		{"no base", map[string]map[string][]float64{"a": {"x": {3, 3.2, 2.8}}}, "Choice over years 1 to 5"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := tiny("effective_options", test.values)
			if test.name == "one scenario" {
				d.Meta.Scenarios = []string{"only"}
			}
			figures, err := Standard(d)
			if err != nil {
				t.Fatal(err)
			}
			if got := figures[0].Title; got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestYearIsMeanOfItsQuarters(t *testing.T) {
	d := &Data{Meta: Meta{Places: []string{"a"}, Scenarios: []string{"x"}}}
	for q, v := range []float64{1, 2, 3, 6, 5, math.NaN(), 7, math.NaN()} {
		d.Outcomes = append(d.Outcomes, tables.Outcome{Place: "a", Scenario: "x", Run: 1, Quarter: int32(q + 1), Group: "all", Measure: "effective_options", Value: v})
	}
	b := read(d, Needs)
	got := b.series[key{"a", "x", "effective_options", "all"}].runs[1]
	if want := []float64{(1. + 2 + 3 + 6) / 4, (5. + 7) / 2}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestNothingToDraw(t *testing.T) {
	if _, err := Standard(&Data{}); !errors.Is(err, errNothing) {
		t.Errorf("got %v, want %v", err, errNothing)
	}
}

// TestOddResultsArePrintable bends the made-up result and holds what comes out to the linter.
func TestOddResultsArePrintable(t *testing.T) {
	keep := func(d *Data, ok func(o *tables.Outcome) bool) {
		d.Outcomes = slices.DeleteFunc(d.Outcomes, func(o tables.Outcome) bool { return !ok(&o) })
	}
	for _, test := range []struct {
		name string
		bend func(d *Data)
	}{
		{"one run", func(d *Data) {
			keep(d, func(o *tables.Outcome) bool { return o.Run == 1 })
			d.Meta.Runs, d.Meta.Seeds = 1, []int64{7}
		}},
		{"one place", func(d *Data) { d.Meta.Places = d.Meta.Places[:1] }},
		{"four places", func(d *Data) {
			for _, o := range slices.Clone(d.Outcomes) {
				o.Place += "-more"
				d.Outcomes = append(d.Outcomes, o)
			}
			d.Meta.Places = nil
		}},
		{"one year", func(d *Data) { keep(d, func(o *tables.Outcome) bool { return o.Quarter <= 4 }); d.Meta.Years = 1 }},
		{"thirty years", func(d *Data) {
			for i := range d.Outcomes {
				d.Outcomes[i].Quarter *= 3
			}
			d.Meta.Years = 30
		}},
		{"one beside the base", func(d *Data) {
			keep(d, func(o *tables.Outcome) bool { return o.Scenario == "status-quo" || o.Scenario == "airline" })
			d.Meta.Scenarios = []string{"status-quo", "airline"}
		}},
		{"no base", func(d *Data) { d.Meta.Scenarios = d.Meta.Scenarios[1:] }},
		{"only arms", func(d *Data) { d.Meta.Scenarios = d.Meta.Scenarios[4:] }},
		{"nine named scenarios", func(d *Data) {
			for i := range d.Outcomes {
				d.Outcomes[i].Scenario = strings.Replace(d.Outcomes[i].Scenario, "arm-", "plan-", 1)
			}
			d.Meta.Scenarios = nil
		}},
		{"long names", func(d *Data) {
			d.Meta.Titles["north"] = "Bath and North East Somerset, Swindon and Wiltshire"
			d.Meta.Titles["airline"] = "Specialist groups that compete end to end across hospitals"
		}},
		{"nothing differs", func(d *Data) {
			for i := range d.Outcomes {
				d.Outcomes[i].Value = 3
			}
		}},
		{"large numbers", func(d *Data) {
			for i := range d.Outcomes {
				d.Outcomes[i].Value *= 1e4
			}
		}},
		{"many rivals and crumbs of flows", func(d *Data) {
			d.Flows = nil
			for site := range 9 {
				for group := range 26 {
					d.Flows = append(d.Flows, tables.Flow{Place: "north", Scenario: []string{"airline", "status-quo"}[group%2], Run: 1, Seed: 1, Year: 10, From: "north",
						Through: fmt.Sprintf("%s University Teaching Hospitals NHS Foundation Trust", string(rune('A'+group))), To: fmt.Sprintf("Royal Infirmary of the North (Campus %d)", site+1),
						Line: "Medical", Inside: group%3 == 0, Patients: []int64{4000, 3000, 2000, 900, 80, 9, 8, 7, 6}[site] / int64(1+group*group/4)})
				}
			}
		}},
		{"places without a map", func(d *Data) { d.Places = map[string]*place.Place{"north": {}} }},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := fake()
			test.bend(d)
			for _, f := range figuresOf(t, d) {
				for _, size := range Sizes() {
					if err := f.Lint(size, Light); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
}

func TestColours(t *testing.T) {
	if got := contrast(white, rgb(0)); math.Abs(got-21) > 1e-9 {
		t.Errorf("contrast of black and white is %g, want 21", got)
	}
	for i, c := range categories {
		if got := contrast(c, white); got < minContrast {
			t.Errorf("category %d has contrast %g", i, got)
		}
		if got := contrast(legible(c), white); got < 4.5 {
			t.Errorf("text of category %d has contrast %g", i, got)
		}
	}
	for _, r := range []ramp{blues, greys} {
		for i := 1; i < len(r); i++ {
			if luminance(r[i]) <= luminance(r[i-1]) {
				t.Errorf("step %d of the ramp is not lighter", i)
			}
		}
		if r.at(-1) != r[0] || r.at(2) != r[len(r)-1] {
			t.Error("values outside the scale do not take the colour of its end")
		}
	}
}

func TestHoneycomb(t *testing.T) {
	h := comb{origin: xy{1000, 2000}, pitch: 10}
	for j := -3; j < 3; j++ {
		for i := -3; i < 3; i++ {
			c := cellID{i, j}
			if got := h.at(h.centre(c)); got != c {
				t.Errorf("the centre of %v lies in %v", c, got)
			}
		}
	}
	seven := []cellID{{0, 0}, {1, 0}, {-1, 0}, {0, 1}, {-1, 1}, {0, -1}, {-1, -1}}
	rings := h.merge(seven)
	if len(rings) != 1 || len(rings[0]) != 18 {
		t.Errorf("seven cells have %d outlines, want 1 of 18 corners: %v", len(rings), rings)
	}
	if rings := h.merge(seven[1:]); len(rings) != 2 {
		t.Errorf("a ring of six cells has %d outlines, want 2", len(rings))
	}
}

func TestLowerFirst(t *testing.T) {
	for text, want := range map[string]string{"Status quo": "status quo", "GP consortia": "GP consortia", "A": "a", "": ""} {
		if got := lowerFirst(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
