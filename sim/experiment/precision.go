package experiment

import (
	"fmt"
	"math"
	"strings"

	"coexist/sim/results"
	"coexist/sim/tables"
)

// note keeps the headline of a run for the precision.
func (s *scheduler) note(rows []tables.Outcome) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range rows {
		if rows[i].Group == "all" && IsHeadline(rows[i].Measure) {
			s.values.Add(&rows[i])
		}
	}
}

// precision is how narrow the intervals of the plan are after so many runs.
func (s *scheduler) precision(runs int) results.Precision {
	var places, scenarios []string
	for _, w := range s.plan.Worlds {
		places = append(places, w.Name)
	}
	for _, c := range s.plan.Scenarios {
		scenarios = append(scenarios, c.Name)
	}
	return s.values.Precision(s.plan.Precision, places, scenarios, s.plan.reference(), runs)
}

// Precision says how narrow the 95 % intervals of all paired differences of the headline measures are over
// all years of the first runs: the widest half-width, as a share of the mean of the reference or, for a
// measure in standard deviations, of one of them. It is reached where that is at most what is wanted. A
// difference without an interval, of a measure that has no values or of one run, is wider than any.
func (v *Values) Precision(wanted float64, places, scenarios []string, reference string, runs int) results.Precision {
	p := results.Precision{Wanted: wanted, Runs: runs, Most: MaxRuns}
	widest := -1.0
	all := Window{1, v.years}
	for _, place := range places {
		for _, m := range headlines() {
			base := v.Runs(Key{place, reference, "all", m.Name}, all, runs)
			scale := math.Abs(mean(base))
			if inSD(m) {
				scale = 1
			}
			for _, name := range scenarios {
				if name == reference {
					continue
				}
				d := Paired(v.Runs(Key{place, name, "all", m.Name}, all, runs), base)
				wide := (d.High - d.Mean) / scale
				if math.IsNaN(wide) {
					wide = math.Inf(1)
				}
				if wide > widest {
					widest = wide
					p.Of = fmt.Sprintf("%s of %s in %s", m.Name, name, place)
				}
			}
		}
	}
	p.Widest = finite(widest)
	p.Reached = widest <= wanted
	return p
}

// PrecisionSentence says whether a precision was reached, with how many runs, and what is widest.
func PrecisionSentence(p results.Precision) string {
	with := fmt.Sprintf("%d runs", p.Runs)
	if p.Runs >= p.Most {
		with += fmt.Sprintf(", and no more than %d are run", p.Most)
	}
	answer := "reached"
	if !p.Reached {
		answer = "not reached"
	}
	widest := "there is no interval for " + p.Of
	if p.Widest != nil {
		of := "of the mean"
		if name, _, _ := strings.Cut(p.Of, " "); isInSD(name) {
			of = "SD"
		}
		widest = fmt.Sprintf("the widest 95 %% interval is ±%.2g %s, for %s", *p.Widest, of, p.Of)
	}
	return fmt.Sprintf("Precision %v %s with %s: %s.", p.Wanted, answer, with, widest)
}

// isInSD is inSD of a headline measure by name.
func isInSD(name string) bool {
	m, ok := tables.MeasureByName(name)
	return ok && inSD(m)
}
