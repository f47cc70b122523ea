package experiment

import (
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"coexist/configs"
	"coexist/sim/tables"
)

// arms are made-up values of the six arms: by arm, choice, quality, cost and fragmentation.
type arms map[string][4]float64

// made returns values of runs that scatter about those of the arms: by the same amount in every arm
// (shared luck, which pairing removes) and by noise of each arm's own.
func made(a arms, runs int, noise float64) *Values {
	v := NewValues(10)
	for i, name := range slices.Sorted(maps.Keys(a)) {
		for run := range runs {
			for k, m := range headlines() {
				luck := 0.05 * float64(run%3)
				own := noise * math.Sin(float64(7*run+3*i+k)) * math.Abs(a[name][k])
				for q := range int32(40) {
					v.Add(&tables.Outcome{Place: "P", Scenario: name, Run: int32(run + 1), Quarter: q + 1, Group: "all",
						Measure: m.Name, Value: a[name][k] + luck + own})
				}
			}
		}
	}
	return v
}

// with returns a copy of a in which the arms of one form of integration are changed.
func (a arms) with(form string, closed, open [4]float64) arms {
	b := maps.Clone(a)
	b["arm-closed-"+form], b["arm-open-"+form] = closed, open
	return b
}

// both have competition and integration that add up: all choice kept, all fragmentation avoided.
var both = arms{
	"arm-closed-none":    {1, 0, 1500, 12},
	"arm-open-none":      {4, 0.1, 1500, 12},
	"arm-closed-virtual": {1, 0.1, 1490, 6}, "arm-open-virtual": {3.9, 0.2, 1490, 6.2},
	"arm-closed-real": {1, 0.1, 1490, 5}, "arm-open-real": {3.8, 0.2, 1490, 5.1},
}

func TestVerdicts(t *testing.T) {
	lost := [4]float64{1.5, 0.2, 1490, 5}
	for _, c := range []struct {
		name    string
		values  *Values
		want    Verdict
		virtual Verdict
		reason  Reason // of real
	}{
		{"all is kept", made(both, 5, 0), Holds, Holds, ""},
		{"choice is lost under both forms", made(both.with("virtual", both["arm-closed-virtual"], lost).with("real", both["arm-closed-real"], lost), 5, 0), Fails, Fails, ChoiceLost},
		{"choice is lost under one form", made(both.with("real", both["arm-closed-real"], lost), 5, 0), Open, Holds, ChoiceLost},
		{"fragmentation stays", made(both.with("real", both["arm-closed-real"], [4]float64{3.8, .2, 1490, 11}), 5, 0), Open, Holds, FragmentationKept},
		{"quality is worse than integration alone", made(both.with("real", both["arm-closed-real"], [4]float64{3.8, 0, 1490, 5.1}), 5, 0), Open, Holds, QualityWorse},
		{"cost is higher than either", made(both.with("real", both["arm-closed-real"], [4]float64{3.8, .2, 1600, 5.1}), 5, 0), Open, Holds, CostWorse},
		{"cost within the tolerance", made(both.with("real", both["arm-closed-real"], [4]float64{3.8, .2, 1500, 5.1}), 5, 0), Holds, Holds, ""},
		{"no choice to lose", made(arms{
			"arm-closed-none": {1, 0, 1500, 12}, "arm-open-none": {1.005, 0, 1500, 12},
			"arm-closed-virtual": {1, 0, 1500, 6}, "arm-open-virtual": {1, 0, 1500, 6},
			"arm-closed-real": {1, 0, 1500, 5}, "arm-open-real": {1, 0, 1500, 5},
		}, 5, 0), Undefined, Undefined, NoChoiceToLose},
		{"nothing to win", made(both.with("real", [4]float64{1, .1, 1490, 12}, [4]float64{3.8, .2, 1490, 12}), 5, 0), Open, Holds, NothingToWin},
		{"one run shows no spread", made(both, 1, 0), Open, Open, ChoiceGapUnclear},
		{"much noise", made(both, 5, .5), Open, Open, ChoiceUnclear},
		{"an arm is missing", made(arms{"arm-open-none": both["arm-open-none"]}, 5, 0), Missing, Missing, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Compare(c.values, []string{"P"}, slices.Sorted(maps.Keys(both)), "arm-closed-none", Limits{.8, .01, .05})
			main, ok := got.Main("P")
			if !ok {
				t.Fatal("no verdict")
			}
			if main.Verdict != c.want || main.Forms[0].Verdict != c.virtual {
				t.Errorf("verdict = %q (virtual %q, real %q: %v), want %q (virtual %q)", main.Verdict, main.Forms[0].Verdict, main.Forms[1].Verdict, main.Forms[1].Reasons, c.want, c.virtual)
			}
			if c.reason != "" && !slices.Contains(main.Forms[1].Reasons, c.reason) {
				t.Errorf("reasons of real = %v, want %q among them", main.Forms[1].Reasons, c.reason)
			}
			if _, err := json.Marshal(got); err != nil {
				t.Error(err)
			}
			checkSentence(t, main)
		})
	}
}

// checkSentence holds a sentence to its verdict: it claims only what that bears, and is one sentence.
func checkSentence(t *testing.T, c Coexistence) {
	t.Helper()
	s := c.Sentence
	claims := map[Verdict]string{Holds: "competition and integration can coexist (", Fails: "do not coexist (", Undefined: "does not arise", Open: " open whether competition and integration can coexist", Missing: "nothing can be said"}
	if !strings.Contains(s, claims[c.Verdict]) {
		t.Errorf("%q, want %q in it", s, claims[c.Verdict])
	}
	if c.Verdict != Holds && strings.Contains(s, claims[Holds]) && !strings.Contains(s, "whether competition and integration can coexist") {
		t.Errorf("%q claims that they coexist, though the verdict is %q", s, c.Verdict)
	}
	if !strings.HasPrefix(s, "In P ") || !strings.HasSuffix(s, ".") || strings.Count(s, ". ") > 0 || strings.Contains(s, "NaN") || strings.Contains(s, "Inf") {
		t.Errorf("%q is not one clean sentence", s)
	}
}

func TestKappaIsTheLesserShare(t *testing.T) {
	f := made(both, 5, 0).form("P", "all", "real", Window{8, 10}, 5, Limits{.8, .01, .05})
	kept, won := (3.8-1)/(4.-1), (12-5.1)/(12.-5)
	for _, x := range []struct {
		name      string
		got, want float64
	}{{"kept", f.Kept.Mean, kept}, {"won", f.Won.Mean, won}, {"kappa", f.Kappa, min(kept, won)},
		{"quality together", f.QualityTogether.Mean, .2 - .1 - .1 + 0}, {"fragmentation together", f.FragmentTogether.Mean, 5.1 - 12 - 5 + 12}} {
		if math.Abs(x.got-x.want) > 1e-9 {
			t.Errorf("%s = %v, want %v", x.name, x.got, x.want)
		}
	}
}

func TestParetoAndDominance(t *testing.T) {
	v := made(arms{
		"status-quo": {3, 0, 1500, 12},
		"better":     {3, .2, 1500, 10}, // in quality and fragmentation, no worse otherwise
		"traded":     {5, -.5, 1500, 12},
		"same":       {3.001, 0, 1500, 12},
	}, 5, 0)
	c := Compare(v, []string{"P"}, []string{"status-quo", "better", "traded", "same"}, "status-quo", Limits{.8, .01, .05})
	if got, want := c.Pareto("P"), []string{"better", "traded"}; !slices.Equal(got, want) {
		t.Errorf("Pareto set = %v, want %v", got, want)
	}
	for _, d := range c.Dominance {
		if want := map[string]int{"status-quo": 1, "same": 1}[d.Scenario]; len(d.By) != want {
			t.Errorf("%s is dominated by %v, want %d", d.Scenario, d.By, want)
		}
	}
}

func TestLimitsComeFromTheScenario(t *testing.T) {
	if got, want := LimitsOf(configs.Default()), (Limits{.8, .01, .05}); got != want {
		t.Errorf("LimitsOf = %+v, want %+v", got, want)
	}
}
