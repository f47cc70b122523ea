// Command library uses coexist as a Go library: systems that follow a decision rule of one's own,
// beside systems that follow the model's, on the same people with the same luck; and a measure of
// one's own. From the top of the repository:
//
//	go run ./examples/library
package main

import (
	"fmt"
	"log"

	"coexist/agents"
	"coexist/configs"
	"coexist/market"
	"coexist/sim"
	"coexist/sim/place"
	"coexist/sim/place/england"
)

// joinUpFirst is a decision rule: put effort into integration until one handoff in twenty fails, and
// only then into the quality of treatment. It replaces the best reply to what demand does.
func joinUpFirst(o agents.Organisation, _ market.Aims, _ market.Situation) market.Tasks {
	if o.Failure > .05 {
		return market.Tasks{Quality: .25, Integration: .75}
	}
	return market.Tasks{Quality: .75, Integration: .25}
}

// largest is a measure: the share of all enrolled people who are with the largest system.
var largest = sim.Gauge{Name: "largest_system", Unit: "share", Read: func(m *sim.Model) (float64, bool) {
	most, all := int32(0), int32(0)
	for _, s := range m.Systems() {
		most, all = max(most, s.Enrolled), all+s.Enrolled
	}
	return float64(most) / float64(max(all, 1)), all > 0
}}

func main() {
	log.SetFlags(0)
	tables, err := place.Read(england.FS())
	if err != nil {
		log.Fatal(err)
	}
	devon, err := tables.Resolve("Devon")
	if err != nil {
		log.Fatal(err)
	}
	scenario, err := configs.Read("competing-systems", configs.Options{})
	if err != nil {
		log.Fatal(err)
	}
	rules := []struct {
		name string
		rule sim.Rule
	}{{"as the model decides", nil}, {"joining up first", joinUpFirst}}
	fmt.Printf("%-22s %16s %16s %16s\n", "Devon, third year", "failed handoffs", "quality, SD", "largest system")
	for _, r := range rules {
		last, err := run(sim.Settings{Place: devon, Config: configs.Default(), Seed: 1, Sample: .01, Workers: 2,
			Rule: r.rule, Gauges: []sim.Gauge{largest}}, scenario, 3)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%-22s %16.4f %16.3f %16.3f\n", r.name, last["handoff_failures"], last["quality_index"], last["largest_system"])
	}
}

// run lets a world warm up, branches into a scenario and returns the outcomes of the last quarter.
func run(s sim.Settings, scenario configs.Config, years int) (map[string]float64, error) {
	world, err := sim.New(s)
	if err != nil {
		return nil, err
	}
	if err := world.WarmUp(); err != nil {
		return nil, err
	}
	m, err := world.Branch(scenario)
	if err != nil {
		return nil, err
	}
	last := map[string]float64{}
	for range 52 * years {
		if err := m.Step(); err != nil {
			return nil, err
		}
		for _, row := range m.Take().Outcomes {
			if row.Group == "all" {
				last[row.Measure] = row.Value
			}
		}
	}
	return last, nil
}
