package plots_test

import (
	"fmt"
	"maps"
	"slices"

	"coexist/plots"
	"coexist/sim/tables"
)

// Figures are drawn from rows, whoever made them: here two scenarios, two runs and three years of made-up numbers.
func ExampleStandard() {
	d := &plots.Data{Meta: plots.Meta{
		Version: "0.0.0", Command: "none", Places: []string{"town"}, Scenarios: []string{"status-quo", "mine"},
		Titles: map[string]string{"town": "A town", "mine": "A system of mine"}, Seeds: []int64{1, 2}, Runs: 2, Years: 3, Hash: "0",
	}}
	m, _ := tables.MeasureByName("cost_per_head")
	for i, scenario := range d.Meta.Scenarios {
		for run := range int32(2) {
			for quarter := range int32(12) {
				d.Outcomes = append(d.Outcomes, tables.Outcome{Place: "town", Scenario: scenario, Run: run + 1, Seed: int64(run + 1), Quarter: quarter + 1,
					Group: "all", Measure: m.Name, Unit: m.Unit, Value: 1300 + 20*float64(i) + 5*float64(run) + float64(quarter)})
			}
		}
	}
	figures, err := plots.Standard(d)
	if err != nil {
		fmt.Println(err)
		return
	}
	files, err := figures[0].Files(plots.Report, plots.Light)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(figures[0].Title)
	fmt.Println(slices.Sorted(maps.Keys(files)))
	// Output:
	// A system of mine: £20 more a head each year than the status quo in A town
	// [csv json pdf png svg]
}
