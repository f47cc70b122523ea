package plots

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"coexist/sim/tables"
)

// TestStreamsConservePatients: what enters an organisation leaves it, and all of it starts and ends.
func TestStreamsConservePatients(t *testing.T) {
	b := read(fake(), Needs)
	for _, stocks := range []int{1, 3, 5, 20} {
		k := b.newSankey("airline", "north", stocks)
		if k == nil {
			t.Fatal("no flows")
		}
		for stage, names := range k.stages {
			sum := 0.0
			for _, name := range names {
				sum += k.stock(stage, name)
			}
			if sum != k.total {
				t.Errorf("%d stocks: stage %d holds %g patients, want %g", stocks, stage, sum, k.total)
			}
		}
		for _, name := range k.stages[1] {
			out := 0.0
			for _, s := range k.streams[1] {
				if s.from == name {
					out += s.patients
				}
			}
			if in := k.stock(1, name); in != out {
				t.Errorf("%d stocks: %g patients enter %q and %g leave", stocks, in, name, out)
			}
		}
		inside := 0.0
		for _, s := range k.streams[0] {
			if s.inside {
				inside += s.patients
			}
		}
		if inside != k.inside {
			t.Errorf("%d stocks: %g patients inside, want %g", stocks, inside, k.inside)
		}
	}
	if k := b.newSankey("status-quo", "north", 5); k != nil {
		t.Error("flows where there are none")
	}
}

// TestPayersShareTheCost: parts add up to the cost per head, transfers and fixed services apart.
func TestPayersShareTheCost(t *testing.T) {
	d := tiny("cost_per_head", map[string]map[string][]float64{"a": {"status-quo": {1000, 1000}}})
	for run := int32(1); run <= 2; run++ {
		for _, e := range []tables.Ledger{
			{Payer: "hospital", Payee: "outside", Service: "elective", Pence: 300}, {Payer: "government", Payee: "outside", Service: "whole", Pence: 100},
			{Payer: "hospital", Payee: "outside", Service: "rest", Pence: 900}, {Payer: "commissioner", Payee: "hospital", Service: "elective", Pence: 700},
		} {
			e.Place, e.Scenario, e.Run, e.Quarter = "a", "status-quo", run, 20
			d.Ledger = append(d.Ledger, e)
		}
	}
	got := read(d, Needs).payerParts("a", "status-quo")
	for i, p := range payers {
		want := map[string]float64{"hospital": 1000 * 300. / 400, "commissioner": 1000 * 100. / 400}[p.measure]
		if math.Abs(got[i]-want) > 1e-9 {
			t.Errorf("%s bears %g, want %g", p.title, got[i], want)
		}
	}
}

// TestHeadlinesOfAimsAndEquity gives each headline its cases and its neutral fallback.
func TestHeadlinesOfAimsAndEquity(t *testing.T) {
	title := func(d *Data, name string) string {
		t.Helper()
		figures, err := Standard(d) // of one outcome, as no run has: words and numbers of others disagree
		if err != nil {
			t.Fatal(err)
		}
		return figureNamed(t, figures, name).Title
	}
	base := []float64{2, 2.1, 1.9}
	aimsOf := func(x ...float64) *Data {
		d := tiny("wait_median", map[string]map[string][]float64{"a": {"status-quo": base, "x": x}})
		more := tiny("harm", map[string]map[string][]float64{"a": {"status-quo": base, "x": {3, 3.2, 2.8}}})
		d.Outcomes = append(d.Outcomes, more.Outcomes...)
		d.Meta.Places = []string{"a"}
		return d
	}
	better, unclear := aimsOf(1, 1.15, 0.9), aimsOf(1, 1.15, 0.9)
	for i := range better.Outcomes {
		if o := &better.Outcomes[i]; o.Measure == "harm" && o.Scenario == "x" && o.Value != 0 {
			o.Value -= 2
			unclear.Outcomes[i].Value = 2 + 2*float64(o.Run%2)
		}
	}
	for _, test := range []struct {
		name string
		d    *Data
		want string
	}{
		{"better and worse", aimsOf(1, 1.15, 0.9), "Plan X: clearly better than the status quo in 1 of 2 aims of quality, clearly worse in 1"},
		{"better in all", better, "Plan X: clearly better than the status quo in all 2 aims of quality"},
		{"worse in none", unclear, "Plan X: clearly better than the status quo in 1 of 2 aims of quality, clearly worse in none"},
		{"only worse", aimsOf(3, 1, 2.1), "No scenario is clearly better than the status quo in any aim of quality"},
	} {
		if got := title(test.d, "14-six-aims"); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
	one := aimsOf(1, 1.15, 0.9)
	for i := range one.Outcomes {
		one.Outcomes[i].Run = 1
	}
	if got := title(one, "14-six-aims"); !strings.HasPrefix(got, "Quality in its six aims") {
		t.Errorf("one run: got %q, want a neutral headline", got)
	}
	gap := func(by ...float64) *Data {
		d := tiny("effective_options", map[string]map[string][]float64{"a": {"status-quo": base, "x": base}})
		d.Meta.Places = []string{"a"}
		for s, sizes := range map[string][]float64{"status-quo": {10, 10.2, 9.8}, "x": by} {
			for run, size := range sizes {
				for q := int32(9); q <= 20; q++ {
					for group, v := range map[string]float64{fifths[0]: 30 + size, fifths[4]: 30} {
						d.Outcomes = append(d.Outcomes, tables.Outcome{Place: "a", Scenario: s, Run: int32(run + 1), Quarter: q, Group: group, Measure: avoidable.measure, Value: v},
							tables.Outcome{Place: "a", Scenario: s, Run: int32(run + 1), Quarter: q, Group: group, Measure: "effective_options", Value: 2})
					}
				}
			}
		}
		return d
	}
	for _, test := range []struct {
		d    *Data
		want string
	}{
		{gap(7, 7.1, 6.9), "Plan X: the deprivation gap in avoidable admissions narrows by 3.0 per 1,000 people in Aham against the status quo"},
		{gap(12, 12.1, 11.9), "Plan X: the deprivation gap in avoidable admissions widens by 2.0 per 1,000 people in Aham against the status quo"},
		{gap(5, 15, 10), "No scenario clearly narrows or widens the deprivation gap in avoidable admissions"},
	} {
		if got := title(test.d, "18-equity"); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

// TestTilesCountRivals: organisations with a tenth or more of a hospital's patients in a specialty.
func TestTilesCountRivals(t *testing.T) {
	d := tiny("effective_options", map[string]map[string][]float64{"a": {"airline": {2}}})
	for _, f := range []struct {
		site, group string
		n           int64
	}{{"one", "A", 60}, {"one", "B", 35}, {"one", "C", 5}, {"two", "A", 100}} {
		d.Flows = append(d.Flows, tables.Flow{Place: "a", Scenario: "airline", Run: 1, Year: 5, From: "a", Through: f.group, To: f.site, Line: "Eye", Patients: f.n})
	}
	tl := read(d, Needs).newTiles()
	if n, most := tl.there("one", "Eye"); n != 2 || most != 0.6 {
		t.Errorf("got %d organisations, the largest with %g; want 2 and 0.6", n, most)
	}
	if n, most := tl.there("two", "Eye"); n != 1 || most != 1 {
		t.Errorf("got %d organisations, the largest with %g; want 1 and 1", n, most)
	}
}

func TestRetitle(t *testing.T) {
	f := standardFigures(t)[0]
	f.Retitle("Another finding")
	if f.Title != "Another finding" || !strings.Contains(f.Alt, "Another finding") {
		t.Errorf("got %q and %q", f.Title, f.Alt)
	}
}

// TestBarsAgree: the bars of settings and of payers end at the same number, the cost per head.
func TestBarsAgree(t *testing.T) {
	sums := func(name string) map[[2]string]float64 {
		all := map[[2]string]float64{}
		for _, f := range standardFigures(t) {
			if f.Name != name {
				continue
			}
			for _, row := range f.Table[1:] {
				v, err := strconv.ParseFloat(row[4], 64)
				if err != nil {
					t.Fatal(err)
				}
				all[[2]string{row[0], row[1]}] += v
			}
		}
		return all
	}
	settings, payers := sums("09-cost-by-setting"), sums("15-cost-by-payer")
	b := read(fake(), Needs)
	if len(settings) == 0 || len(settings) != len(payers) {
		t.Fatalf("%d and %d bars", len(settings), len(payers))
	}
	for k, v := range settings {
		want := b.lateBand(key{k[0], k[1], "cost_per_head", "all"}, 1).Mid
		if math.Abs(v-want) > 1e-4 || math.Abs(payers[k]-want) > 1e-4 {
			t.Errorf("%v: settings add up to %g and payers to %g, want %g", k, v, payers[k], want)
		}
	}
}

// TestVerdictTitleWhereItNeverHolds: where no world with enough to lose has both, the headline does not say
// where it comes nearest.
func TestVerdictTitleWhereItNeverHolds(t *testing.T) {
	d := fake()
	for i := range d.Coexistence {
		d.Coexistence[i].Verdict, d.Coexistence[i].Probability.Mid = "open", 0
	}
	b := read(d, Needs)
	got := b.newHeat().verdictTitle(b)
	if want := "In no cell of the map is coexistence sure in years 8 to 10; where enough worlds have something to lose, it holds in none of them"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestQualityTitleWhereItAlwaysCosts: where both cost more than either alone in every cell, the headline says so.
func TestQualityTitleWhereItAlwaysCosts(t *testing.T) {
	d := fake()
	for i := range d.Coexistence {
		d.Coexistence[i].Cost.Mid = d.Coexistence[i].CostLimit + 1
	}
	if got := read(d, Needs).coexistenceQualityFigure().Title; !strings.HasSuffix(got, "of 36 cells in years 8 to 10, but cost is higher in all") {
		t.Errorf("got %q", got)
	}
}

// TestInfluenceTitle: a factor is named for an outcome only where its interval is clear of the others'.
func TestInfluenceTitle(t *testing.T) {
	near, far := Interval{.3, .2, .5}, Interval{.3, .2, .4}
	for _, c := range []struct {
		choice, quality Interval // of the second factor
		want            string
	}{
		{far, far, "What matters most in Northshire: a for choice and quality"},
		{far, near, "What matters most in Northshire: a for choice; not clear for quality"},
		{near, near, "In Northshire no one factor clearly matters most for any outcome"},
	} {
		d := fake()
		d.Influence = nil
		for measure, second := range map[string]Interval{"effective_options": c.choice, "quality_index": c.quality} {
			for factor, main := range map[string]Interval{"a": {.6, .5, .7}, "b": second} {
				d.Influence = append(d.Influence, Influence{Place: "north", Scenario: "airline", Years: "8-10", Measure: measure, Factor: factor, Main: main})
			}
		}
		b := read(d, Needs)
		if got := b.influenceTitle(d.Influence, b.influenceAspects(d.Influence, false), "north"); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}
