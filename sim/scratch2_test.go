package sim

import "coexist/sim/tables"

func mean2(o []tables.Outcome, me string, a, b int32) float64 {
	s, n := 0., 0.
	for _, x := range o {
		if x.Group == "all" && x.Measure == me && x.Quarter > a && x.Quarter <= b {
			s += x.Value
			n++
		}
	}
	return s / n
}
