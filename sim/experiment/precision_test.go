package experiment

import (
	"math"
	"testing"

	"coexist/sim/results"
	"coexist/sim/tables"
)

// TestPrecision: the widest of all differences decides, each against the mean of the reference, or against
// one SD; what has no interval is not precise.
func TestPrecision(t *testing.T) {
	const n = 4
	values := func(skip string) *Values {
		v := NewValues(1)
		add := func(scenario, measure string, run int, x float64) {
			if measure != skip {
				v.Add(&tables.Outcome{Place: "Town", Scenario: scenario, Group: "all", Measure: measure, Run: int32(run), Quarter: 1, Value: x})
			}
		}
		h := tables.Headline
		for run := 1; run <= n; run++ {
			off := float64(2*(run%2) - 1) // -1 and 1 by turns: their mean is 0
			for _, m := range []string{h.Choice, h.Quality, h.Cost, h.Fragmentation} {
				add("a", m, run, 200)
				add("b", m, run, 210)
			}
			add("c", h.Cost, run, 180+8*off)
			for m, swing := range map[string]float64{h.Choice: 2, h.Quality: .01, h.Fragmentation: 1} {
				add("c", m, run, 190+swing*off)
			}
		}
		return v
	}
	half := quantileT(n-1) * math.Sqrt(n/(n-1.)/n) // of values -1 and 1 by turns
	scenarios := []string{"a", "b", "c"}
	got := values("").Precision(.5, []string{"Town"}, scenarios, "a", n)
	if want := 8 * half / 200; got.Widest == nil || math.Abs(*got.Widest-want) > 1e-12 || !got.Reached || got.Of != tables.Headline.Cost+" of c in Town" || got.Runs != n {
		t.Errorf("%+v, want %v of the cost of c", got, want)
	}
	if got = values("").Precision(8*half/200-1e-9, []string{"Town"}, scenarios, "a", n); got.Reached {
		t.Errorf("%+v is reached", got)
	}
	quality := values(tables.Headline.Cost) // the cost has no values
	if got = quality.Precision(.9, []string{"Town"}, scenarios, "a", n); got.Reached || got.Widest != nil || got.Of != tables.Headline.Cost+" of b in Town" {
		t.Errorf("%+v, want none without an interval", got)
	}
}

func TestPrecisionSentence(t *testing.T) {
	wide := .0213
	for want, p := range map[string]results.Precision{
		"Precision 0.05 reached with 6 runs: the widest 95 % interval is ±0.021 of the mean, for cost_per_head of c in Town.":                            {Wanted: .05, Reached: true, Widest: &wide, Of: "cost_per_head of c in Town", Runs: 6, Most: 200},
		"Precision 0.01 not reached with 200 runs, and no more than 200 are run: the widest 95 % interval is ±0.021 SD, for quality_index of c in Town.": {Wanted: .01, Widest: &wide, Of: "quality_index of c in Town", Runs: 200, Most: 200},
		"Precision 0.01 not reached with 200 runs, and no more than 200 are run: there is no interval for cost_per_head of c in Town.":                   {Wanted: .01, Of: "cost_per_head of c in Town", Runs: 200, Most: 200},
	} {
		if got := PrecisionSentence(p); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}
