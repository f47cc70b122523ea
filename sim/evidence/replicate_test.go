package evidence

import (
	"context"
	"math"
	"reflect"
	"testing"

	"coexist/sim/place"
	"coexist/sim/place/england"
	"coexist/sim/tables"
)

// TestFitOne: what is sought is found, on either side of the start; what the range cannot give is said.
func TestFitOne(t *testing.T) {
	for _, c := range []struct {
		name    string
		f       func(float64) float64
		want    float64
		at      float64
		reached bool
	}{
		{"above the start", func(x float64) float64 { return -2 * x }, -1, .5, true},
		{"below it", func(x float64) float64 { return -2 * x }, -.2, .1, true},
		{"curved", func(x float64) float64 { return -math.Sqrt(x) }, -.6, .36, true},
		{"curved, below it", func(x float64) float64 { return -math.Pow(x, 3) }, -.0005, .0794, true},
		{"out of reach", func(x float64) float64 { return -.1 * x }, -1, 1, false},
		{"at the end", func(x float64) float64 { return -x }, -1, 1, true},
		{"wrong side", func(x float64) float64 { return x }, -.5, 0, false},
	} {
		last, calls := math.NaN(), 0
		x, reached, err := fitOne(0, 1, .25, c.f(.25), c.want, func(x float64) (float64, error) {
			last, calls = x, calls+1
			return c.f(x), nil
		})
		if err != nil || reached != c.reached || math.Abs(x-c.at) > .06*math.Abs(c.at)+1e-9 {
			if c.name != "curved" || math.Abs(c.f(x)-c.want) > nearEnough*math.Abs(c.want) {
				t.Errorf("%s: %v, reached %v, %v, want %v, %v", c.name, x, reached, err, c.at, c.reached)
			}
		}
		if last != x || calls >= mostTrials {
			t.Errorf("%s: last of %d calls at %v, want at %v and fewer than %d", c.name, calls, last, x, mostTrials)
		}
	}
}

// TestCohort: those ill in the first year are followed, others are not, and each death counts once.
func TestCohort(t *testing.T) {
	var c cohort
	c.add([]tables.Patient{
		{ID: "a", Conditions: "DM+HF", OtherEmergency: 2, CostHealth: 10_000, Practice: "x", System: "s"},
		{ID: "b", Conditions: "HF", Died: true, CostHealth: 30_000, Practice: "y"},
		{ID: "c", Conditions: "HFX", OtherEmergency: 1, Practice: "y"},
	})
	c.add([]tables.Patient{
		{ID: "a", Conditions: "HF", Practice: "x", System: "s"},
		{ID: "c", Conditions: "HF", AvoidableEmergency: 1, Practice: "y"},
	})
	if got, want := c.rates(), [4]float64{100. * 1 / 3, 400 * dollars / 3, 100. * 1 / 3, 100. * 1 / 2}; !reflect.DeepEqual(got, want) {
		t.Errorf("rates = %v, want %v", got, want)
	}
}

// TestReplicate: the study on tiny maps has the same numbers whatever the workers, and its bands hold the
// published figures.
func TestReplicate(t *testing.T) {
	for _, x := range replicated {
		if !math.IsNaN(x.Published) && !x.Band.holds(x.Published) {
			t.Errorf("%s: published %v outside its band %v", x.Quantity, x.Published, x.Band)
		}
	}
	e, err := place.Read(england.FS())
	if err != nil {
		t.Fatal(err)
	}
	var first []pair
	for _, workers := range []int{1, 3} {
		m := Market{England: e, Maps: 2, Residents: 3000, Workers: workers}
		got, err := m.pairs(context.Background(), .1, 0)
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range got {
			if p.patients < 10 || p.years < 2*p.patients || p.with == p.without || p.without[2] <= 0 {
				t.Errorf("map %d: %+v, want patients who are followed, some of whom die, and two arms that differ", i+1, p)
			}
		}
		if first == nil {
			first = got
		} else if !reflect.DeepEqual(got, first) {
			t.Errorf("%d workers: %v, want %v as with one", workers, got, first)
		}
	}
}
