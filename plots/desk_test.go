package plots

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestSettingHeadline names what moves most, and falls back to a share where nothing clearly does.
func TestSettingHeadline(t *testing.T) {
	spent := func(x ...float64) *Data {
		base := []float64{300, 302, 298}
		d := tiny("cost_per_head", map[string]map[string][]float64{"a": {"status-quo": {400, 402, 398}, "x": {400, 402, 398}}})
		d.Meta.Places = []string{"a"}
		for measure, values := range map[string][]float64{"cost_hospital_emergency": x, "cost_gp": {100, 101, 99}} {
			from := map[string][]float64{"cost_hospital_emergency": base, "cost_gp": {99, 100, 98.5}}[measure]
			d.Outcomes = append(d.Outcomes, tiny(measure, map[string]map[string][]float64{"a": {"status-quo": from, "x": values}}).Outcomes...)
		}
		return d
	}
	for _, test := range []struct {
		x    []float64
		want string
	}{
		{[]float64{280, 282.2, 277.9}, "Plan X: £20 less on emergency care a head each year than the status quo in Aham"},
		{[]float64{310, 290, 299}, "Plan X: £0.83 more on general practice a head each year than the status quo in Aham"},
	} {
		if got := figureOf(t, spent(test.x...), "09-cost-by-setting").Title; got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
	alone := spent(280, 282.2, 277.9)
	alone.Meta.Scenarios = []string{"status-quo"}
	if got, want := figureOf(t, alone, "09-cost-by-setting").Title, "Status quo: hospital care takes 75% of the cost of care in Aham"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestFeatured: where there is no room for all, the base and the systems of the project stay, in order.
func TestFeatured(t *testing.T) {
	b := &book{Data: &Data{Meta: Meta{Base: "status-quo"}}}
	all := []string{"gp-consortia", "status-quo", "open-entry", "airline", "competing-systems"}
	if got, want := b.featured(all, 3), []string{"status-quo", "airline", "competing-systems"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := b.featured(all, 9); !slices.Equal(got, all) {
		t.Errorf("got %v, want all", got)
	}
}

// TestHeadlineScenarioIsColoured: among many grey lines, the one that the headline names stands out.
func TestHeadlineScenarioIsColoured(t *testing.T) {
	b := &book{Data: &Data{Meta: Meta{Base: "status-quo"}}}
	names := slices.Concat(order[:4], []string{"one", "two", "three", "four", "five"})
	looks := b.looks(names, Light, "four")
	if looks["four"].plain || looks["status-quo"].plain || plainOnes(looks) != len(names)-4 {
		t.Errorf("got %v", looks)
	}
	if got := named(names, looks); len(got) != 4 || !slices.Contains(got, "four") {
		t.Errorf("%v have their name at their end, want the four in colour", got)
	}
}

func TestFamilies(t *testing.T) {
	sums := map[string]float64{"Eye Group A": 1, "Eye Group B": 2, "ENT Group A": 3, "ENT Group B": 3, "Skin Group A": 1, "Trust": 4}
	got := families(sums, 3)
	if got["Eye Group A"] != "2 eye groups" || got["ENT Group B"] != "2 ENT groups" || got["Skin Group A"] != "" || got["Trust"] != "" {
		t.Errorf("got %v", got)
	}
	if got := families(sums, 5); len(got) != 0 {
		t.Errorf("got %v, want none: there is room for all", got)
	}
}

// TestScaleStartsAtTheLeastPossible: a scale of options starts at 1, no choice, and says so.
func TestScaleStartsAtTheLeastPossible(t *testing.T) {
	for _, test := range []struct {
		floor float64
		up    axis
		most  int
		want  []float64
	}{
		{1, axis{1, 10}, 5, []float64{1, 2, 4, 6, 8, 10}}, {1, axis{1, 10.9}, 4, []float64{1, 5, 10}}, {1, axis{1, 1.35}, 4, []float64{1, 1.1, 1.2, 1.3}},
		{0, axis{0, 4}, 5, []float64{0, 1, 2, 3, 4}}, {0, axis{2, 4.1}, 4, []float64{2, 3, 4}},
	} {
		if got := ticksAbove(test.floor, test.up, test.most); !slices.EqualFunc(got, test.want, func(a, b float64) bool { return math.Abs(a-b) < 1e-9 }) {
			t.Errorf("%v from %g: got %v, want %v", test.up, test.floor, got, test.want)
		}
	}
}

// TestScalesHaveNoEmptyBand: nothing drawn is cut, and neither end of a scale stands empty.
func TestScalesHaveNoEmptyBand(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	for range 20_000 {
		low := rng.NormFloat64() * math.Pow(10, float64(rng.IntN(9)-3))
		high := low + math.Abs(low)*rng.ExpFloat64() + 1e-6
		first, last := round(low, high)
		most, slack := 0.13*(high-low), 1e-6*math.Abs(low)
		if first > low+slack || last < high-slack || low-first > most+slack || last-high > most+slack {
			t.Fatalf("round(%g, %g) = %g, %g", low, high, first, last)
		}
		most += 0.05 * math.Max(math.Abs(low), math.Abs(high)) // what a scale holds at least
		up := rangeAbove(0, low, high)
		if up.min > low+slack || up.max < high-slack || up.max-up.min < 0.05*math.Abs(high)-slack {
			t.Fatalf("values from %g to %g have the scale %v", low, high, up)
		}
		if low >= 0 && up.min != 0 && low-up.min > most+slack || up.min == 0 && low > high/3+slack && low > most+slack {
			t.Fatalf("values from %g to %g have the scale %v", low, high, up)
		}
	}
	if got, want := rangeAbove(0, 18.2, 30.7), 18.; got.min != want {
		t.Errorf("values from 18.2 to 30.7 have a scale from %g, want %g", got.min, want)
	}
	if got, want := rangeAbove(1, 1, 8.9), (axis{1, 9.}); math.Abs(got.max-want.max) > 0.3 || got.min != want.min {
		t.Errorf("values from 1 to 8.9 have the scale %v, want about %v", got, want)
	}
}
