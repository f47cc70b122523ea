package experiment

import (
	"errors"
	"iter"
	"math"
	"testing"

	"coexist/sim/tables"
)

// lives yields rows, then an error if there is one.
func lives(rows []tables.Patient, err error) iter.Seq2[tables.Patient, error] {
	return func(yield func(tables.Patient, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
		if err != nil {
			yield(tables.Patient{}, err)
		}
	}
}

func TestWinnersAndLosersArePaired(t *testing.T) {
	row := func(scenario, id string, year, failures int32, options float64) tables.Patient {
		return tables.Patient{Place: "P", Scenario: scenario, Run: 1, ID: id, Year: year, Age: 70, Rural: id == "a", Fifth: 1,
			HandoffFailures: failures, EffectiveOptions: options, WaitWeeks: -1, UPC: -1}
	}
	rows := []tables.Patient{
		row("quo", "a", 1, 4, 2), row("quo", "a", 2, 2, 2), row("quo", "b", 1, 1, -1), row("quo", "c", 1, 0, 3), row("quo", "gone", 1, 9, 9),
		row("new", "a", 1, 1, 3), row("new", "a", 2, 1, 3), row("new", "b", 1, 2, -1), row("new", "c", 1, 0, 3.04), row("new", "other", 1, 0, 1),
	}
	second := row("new", "b", 1, 99, 99)
	second.Run = 2
	got, err := WinnersAndLosers(lives(append(rows, second), nil), []string{"P"}, []string{"quo", "new"}, "quo")
	if err != nil {
		t.Fatal(err)
	}
	if got[0].Group != "all" {
		t.Errorf("the first group is %s, want all", got[0].Group)
	}
	find := func(group, measure string) Winners {
		for _, w := range got {
			if w.Group == group && w.Measure == measure {
				return w
			}
		}
		return Winners{}
	}
	// a has 3 failures a year less 1, b loses 1, c has none; gone and other have no pair.
	if w := find("all", "handoff_failures"); w.People != 3 || w.Better != 1 || w.Worse != 1 || w.Gain != (4.+2)/2-1 || w.Loss != 2-1 || w.Scenario != "new" || w.Reference != "quo" {
		t.Errorf("failed handoffs %+v, want 1 of 3 better by 2 and 1 worse by 1", w)
	}
	// Options of b are not measured; those of c change within what counts as none.
	if w := find("all", "effective_options"); w.People != 2 || w.Better != 1 || w.Worse != 0 || w.Gain != 1 || !math.IsNaN(w.Loss) {
		t.Errorf("options %+v, want 1 of 2 better by 1", w)
	}
	if w := find("rurality:rural", "handoff_failures"); w.People != 1 || w.Better != 1 {
		t.Errorf("rural %+v, want a alone", w)
	}
	if w := find("age:65+", "handoff_failures"); w.People != 3 {
		t.Errorf("aged 65 and over %+v, want all three", w)
	}
	if w := find("all", "wait_weeks"); w.People != 0 {
		t.Errorf("waits %+v, want none: nobody waited", w)
	}
	broken := errors.New("broken")
	if _, err := WinnersAndLosers(lives(rows, broken), []string{"P"}, []string{"quo", "new"}, "quo"); !errors.Is(err, broken) {
		t.Errorf("error %v, want %v", err, broken)
	}
}
