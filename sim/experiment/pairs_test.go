package experiment

import (
	"math"
	"testing"

	"coexist/sim/tables"
)

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-6*max(1, math.Abs(b)) }

func TestPaired(t *testing.T) {
	// R: t.test(c(5,7,6,8,9), c(4,5,5,6,6), paired = TRUE)
	got := Paired([]float64{5, 7, 6, 8, 9}, []float64{4, 5, 5, 6, 6})
	half := 2.776445105 * math.Sqrt(.7/5) // t(.975, 4), variance of 1 2 1 2 3 is .7
	if want := (Interval{1.8, 1.8 - half, 1.8 + half}); !near(got.Mean, want.Mean) || !near(got.Low, want.Low) || !near(got.High, want.High) {
		t.Errorf("Paired = %+v, want %+v", got, want)
	}
	if one := Paired([]float64{3}, []float64{1}); one.Mean != 2 || one.Known() {
		t.Errorf("Paired of one run = %+v, want 2 without bounds", one)
	}
	if gap := Paired([]float64{3, math.NaN(), 5}, []float64{1, 1, 1}); gap.Mean != 3 {
		t.Errorf("Paired with a run missing = %+v, want a mean of 3", gap)
	}
}

// The bounds of Fieller's interval are the shares at which the paired contrast has zero as a bound.
func TestRatioAgreesWithContrasts(t *testing.T) {
	a, b := []float64{8, 9.5, 8.7, 9.1, 10}, []float64{10, 11, 10.5, 9.9, 11.2}
	r := ratio(a, b)
	low := combine([]float64{1, -r.Low}, a, b)
	high := combine([]float64{1, -r.High}, a, b)
	if !(math.Abs(low.Low) < 1e-9 && math.Abs(high.High) < 1e-9) || !(r.Low < r.Mean && r.Mean < r.High) {
		t.Errorf("ratio = %+v: contrasts at its bounds are %+v and %+v, want 0 as their bounds", r, low, high)
	}
	if wild := ratio([]float64{1, 2, 3}, []float64{-1, 0, 1.2}); !math.IsInf(wild.Low, -1) || !math.IsInf(wild.High, 1) {
		t.Errorf("ratio over a gap that may be zero = %+v, want no bounds", wild)
	}
}

func TestBandIsType7(t *testing.T) {
	// R: quantile(c(1,2,4,8,16), c(.05,.5,.95))
	if m, l, h := Band([]float64{16, 1, 8, 2, 4}); !near(m, 4) || !near(l, 1.2) || !near(h, 14.4) {
		t.Errorf("Band = %v %v %v, want 4 1.2 14.4", m, l, h)
	}
}

func TestValuesAverageQuartersThenYears(t *testing.T) {
	v := NewValues(2)
	add := func(quarter int32, value float64) {
		v.Add(&tables.Outcome{Place: "P", Scenario: "S", Group: "all", Measure: "m", Run: 1, Quarter: quarter, Value: value})
	}
	for q, x := range []float64{1, 2, 3, 6} { // year 1: 3
		add(int32(q+1), x)
	}
	add(8, 9)   // reported for year 2
	add(9, 100) // beyond the end
	k := Key{"P", "S", "all", "m"}
	if got, want := v.Runs(k, Window{1, 2}, 2)[0], (3+9)/2.; got != want {
		t.Errorf("mean = %v, want %v", got, want)
	}
	if got := v.Runs(k, Window{1, 2}, 2)[1]; !math.IsNaN(got) {
		t.Errorf("a run that is not there = %v, want NaN", got)
	}
}

func TestWindows(t *testing.T) {
	for years, want := range map[int][]Window{2: {{1, 2}}, 3: {{1, 3}}, 5: {{1, 5}, {1, 3}}, 10: {{8, 10}, {1, 3}, {1, 10}}, 20: {{8, 10}, {1, 3}, {1, 20}}} {
		got := Windows(years)
		if len(got) != len(want) {
			t.Errorf("Windows(%d) = %v, want %v", years, got, want)
			continue
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("Windows(%d) = %v, want %v", years, got, want)
			}
		}
	}
}
