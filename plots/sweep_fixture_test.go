package plots

import "math"

// fakeSweep adds a made-up map of coexistence and made-up influences, by rule.
func fakeSweep(d *Data) {
	across := []string{"2 systems, referral inside", "2 systems, free referral", "4 systems, referral inside", "4 systems, free referral"}
	up := []string{"networks, GP to hospital", "networks, health and social care", "mergers, health and social care"}
	for pi, p := range append(d.Meta.Places, "isles") {
		for yi, y := range []string{"8-10", "1-3"} {
			for i, a := range across {
				for k, u := range up {
					share := math.Max(0, math.Min(1, 0.06+0.2*float64(i)+0.24*float64(k)-0.3*float64(pi)-0.2*float64(yi)))
					x := CoexistenceCell{Place: p, Years: y, Competition: a, Integration: u, Worlds: 64, Arises: 64 - 6*k - 4*i, Probability: Interval{share, share - 0.1, share + 0.1},
						Quality: Interval{0.1*float64(k) - 0.05*float64(i), 0.1*float64(k) - 0.05*float64(i) - 0.03, 0.1*float64(k) - 0.05*float64(i) + 0.03},
						Cost:    Interval{6 * float64(k+i-pi), 0, 0}, CostLimit: 12}
					switch {
					case i == 0 && pi == 2:
						x.Verdict, x.Arises, x.Probability = "undefined", 3, Interval{math.NaN(), math.NaN(), math.NaN()}
					case share >= 0.9:
						x.Verdict = "holds"
					case share <= 0.1:
						x.Verdict = "fails"
					default:
						x.Verdict = "open"
					}
					d.Coexistence = append(d.Coexistence, x)
				}
			}
		}
	}
	d.Meta.Titles["isles"] = "Far Isles"
	d.Worlds = "a draw of what no data identify"
	factors := []string{"integration.rivalry", "integration.ceiling", "choice.minutes", "choice.wait", "effort.cost", "integration.running_cost"}
	for _, p := range d.Meta.Places {
		for m, name := range []string{"effective_options", "quality_index", "cost_per_head", "handoff_failures_per_episode"} {
			for i, f := range factors {
				v := math.Abs(math.Sin(float64(7*i + 3*m + len(p))))
				v *= v * 0.8
				d.Influence = append(d.Influence, Influence{Place: p, Scenario: "arm-open-real", Years: "8-10", Measure: name, Factor: f, Sobol: true, N: 64,
					Main: Interval{v, v * 0.7, v * 1.3}, Alone: Interval{v * 0.6, v*0.6 - 0.1, v*0.6 + 0.1}})
			}
		}
	}
}
