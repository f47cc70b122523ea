package sim

import (
	"math"
	"testing"
)

// bands say how closely samples of one place agree: the larger of a share of the value and a number.
var bands = []struct {
	measure    string
	share, abs float64
}{
	{"effective_options", .02, 0},
	{"options_in_reach", .02, 0},
	{"real_choice", 0, .03},
	{"hhi_flows", 0, .03},
	{"bypass_nearest", 0, .04},
	{"quality_index", 0, .3},
	{"wait_median", .25, 0},
	{"within_18_weeks", 0, .05},
	{"gp_delay_days", 0, .8},
	{"avoidable_admissions", .1, 0},
	{"emergency_admissions", .05, 0},
	{"control", 0, .01},
	{"harm", .12, 0},
	{"cost_per_head", .04, 0},
	{"cost_gp", .03, 0},
	{"cost_market", .15, 0},
	{"handoff_failures_per_episode", .04, 0},
	{"handoffs_per_episode", .02, 0},
	{"coc", 0, .015},
	{"pathway_inside", 0, .03},
	{"phi_mean", 0, .02},
	{"missed_need", .1, 0},
	{"mortality", .1, 0},
	{"occupancy", 0, .08},
	{"population", .01, 0},
}

// TestSamplesAgree: one place at 1:40, 1:10 and, a small district, at 1:1.
func TestSamplesAgree(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("goes through 140,000 people")
	}
	run := func(place string, sample float64, seeds int, name string) map[string]float64 {
		sum := map[string]float64{}
		for seed := range seeds {
			s := world1(t, place, sample)
			s.Seed = int64(seed + 1)
			m := begin(t, s)
			if err := m.WarmUp(); err != nil {
				t.Fatal(err)
			}
			b := branch(t, m, scenario(t, name))
			steps(t, b, 78)
			rows := b.Take()
			for _, x := range bands {
				sum[x.measure] += mean(rows, "all", x.measure, 0) / float64(seeds)
			}
		}
		return sum
	}
	for _, row := range []struct {
		place, scenario string
		coarse, fine    float64
		seeds           int
	}{
		{devon, "competing-systems", 1. / 40, 1. / 10, 2},
		{"Torbay", "status-quo", 1. / 10, 1, 3},
	} {
		coarse, fine := run(row.place, row.coarse, row.seeds, row.scenario), run(row.place, row.fine, row.seeds, row.scenario)
		for _, x := range bands {
			a, b := coarse[x.measure], fine[x.measure]
			band := max(x.share*math.Abs(b), x.abs)
			t.Logf("%s %s: %.4g at %.3g, %.4g at %.3g", row.place, x.measure, a, row.coarse, b, row.fine)
			if !(math.Abs(a-b) <= band) { // nor may either be undefined
				t.Errorf("%s under %s: %s is %.4g at %.3g and %.4g at %.3g, want within %.3g", row.place, row.scenario, x.measure, a, row.coarse, b, row.fine, band)
			}
		}
	}
}
