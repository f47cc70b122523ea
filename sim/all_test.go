package sim_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"coexist/configs"
	"coexist/sim"
	"coexist/sim/place"
	"coexist/sim/place/england"
)

func TestAllScen(t *testing.T) {
	if os.Getenv("ALLSCEN") == "" {
		t.Skip()
	}
	e, _ := place.Read(england.FS())
	want := []string{"effective_options", "quality_index", "cost_per_head", "handoff_failures_per_episode", "wait_median", "avoidable_admissions", "emergency_admissions", "control", "phi_mean", "pathway_inside", "hhi_flows", "bypass_nearest", "switching", "hospital_deficit", "systems", "cost_market", "harm", "experience", "occupancy", "price_per_head", "real_choice", "choice_value"}
	for _, pl := range strings.Split(os.Getenv("ALLSCEN"), ",") {
		p, err := e.Cut(pl)
		if err != nil {
			t.Fatal(err)
		}
		c := configs.Default()
		m, err := sim.New(sim.Settings{Place: p, Config: c, Seed: 1, Sample: .1, Workers: 1, Tracked: 5000})
		if err != nil {
			t.Fatal(err)
		}
		if err := m.WarmUp(); err != nil {
			t.Fatal(err)
		}
		fmt.Printf("%-34s", pl)
		for _, w := range want {
			fmt.Printf(" %7.7s", w)
		}
		fmt.Println()
		for _, in := range configs.Builtin() {
			if f := os.Getenv("ONLY"); f != "" && !strings.Contains(in.Name, f) {
				continue
			}
			c, err := configs.Read(in.Name, configs.Options{})
			if err != nil {
				t.Fatal(err)
			}
			b, err := m.Branch(c)
			if err != nil {
				t.Fatal(in.Name, err)
			}
			t0, e0 := time.Now(), b.Events()
			for range 520 {
				if err := b.Step(); err != nil {
					t.Fatal(in.Name, err)
				}
			}
			d := time.Since(t0)
			v := map[string]float64{}
			out := b.Take()
			for _, o := range out.Outcomes {
				if o.Group == "all" && o.Quarter > 36 {
					v[o.Measure] = o.Value
				}
			}
			fmt.Printf("%-34s", in.Name)
			for _, w := range want {
				fmt.Printf(" %7.3f", v[w])
			}
			fmt.Printf(" %.0f ns ev %d\n", float64(d.Nanoseconds())/float64(b.Events()-e0), len(out.Events))
			if os.Getenv("LED") != "" {
				sum := map[string]int64{}
				for _, r := range out.Ledger {
					if r.Quarter <= 4 {
						sum[r.Payer+">"+r.Payee+" "+r.Contract+" "+r.Service] += r.Pence
					}
				}
				for k, v := range sum {
					fmt.Printf("  %-60s %9.1f GBP/head\n", k, float64(v)/100/float64(b.Alive()))
				}
			}
			if os.Getenv("EV") != "" {
				for _, x := range out.Events {
					fmt.Println("   ", x.Week, x.Event, x.Organisation, x.Other, x.Detail)
				}
				for _, o := range out.Organisations {
					if o.Year == 10 {
						fmt.Printf("    %s %s enrolled %d practices %d sites %d inc %.1fm exp %.1fm res %.1fm q %.2f phi %.2f e %.2f %.2f %.2f\n", o.Kind, o.Organisation, o.Enrolled, o.Practices, o.Sites, float64(o.Income)/1e8, float64(o.Expense)/1e8, float64(o.Reserves)/1e8, o.Quality, o.Integration, o.EffortQ, o.EffortI, o.EffortP)
					}
				}
			}
		}
	}
}
