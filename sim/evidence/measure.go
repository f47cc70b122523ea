package evidence

import (
	"fmt"
	"strings"
)

// measure is the number of a row as a run shows it; ok is false where the run has nothing of the kind,
// such as a place without the region that the row is of.
type measure func(*Run) (value float64, ok bool)

// spec says how a row meets the model.
type spec struct {
	id       string
	of       measure // nil: not represented, or an input
	input    string  // the parameter or table that holds the row
	why      string  // estimator; of a row without one, why not
	scenario string  // empty: status-quo
	weeks    string  // empty: weeks 0-103
	people   string  // empty: everyone
	band     *Band   // instead of the usual one; why says whence
	register string  // code of the disease register that wins over the row
}

// quo is the scenario of rows of England as it was.
const quo = "status-quo"

// where tells scenario, weeks, population and estimator in one line.
func (s *spec) where() string {
	scenario, weeks, people := s.scenario, s.weeks, s.people
	if scenario == "" {
		scenario = quo
	}
	if weeks == "" {
		weeks = "weeks 0-103"
	}
	if people == "" {
		people = "everyone"
	}
	return fmt.Sprintf("%s, %s, %s: %s", scenario, weeks, people, s.why)
}

// represented reports whether a row is measured in runs.
func (s *spec) represented() bool { return s.of != nil }

// specs says of every row of targets.csv how it meets the model, in the order of the table.
var specs = func() map[string]spec {
	all := map[string]spec{}
	for _, list := range [][]spec{choiceSpecs, mapSpecs, useSpecs, waitSpecs, careSpecs, moneySpecs, illnessSpecs, apartSpecs, reformSpecs} {
		for _, s := range list {
			if _, twice := all[s.id]; twice {
				panic("evidence: " + s.id + " is measured twice")
			}
			all[s.id] = s
		}
	}
	return all
}()

// inputs marks rows that are parameters or tables: where says which.
func inputs(where string, ids ...string) (list []spec) {
	for _, id := range ids {
		list = append(list, spec{id: id, input: where})
	}
	return list
}

// absent marks rows that the model does not represent: why, in one line.
func absent(why string, ids ...string) (list []spec) {
	for _, id := range ids {
		list = append(list, spec{id: id, why: why})
	}
	return list
}

func join(lists ...[]spec) (all []spec) {
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

// Scenarios lists the scenarios that the rows need, status-quo first.
func Scenarios() []string {
	list := []string{quo}
	seen := map[string]bool{quo: true}
	for _, t := range allTargets() {
		s := specs[t.ID]
		for _, name := range strings.Fields(strings.ReplaceAll(s.scenario, ",", " ")) {
			if s.of != nil && !seen[name] {
				seen[name] = true
				list = append(list, name)
			}
		}
	}
	return list
}
