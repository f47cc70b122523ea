package sim_test

import (
	"fmt"

	"coexist/agents"
	"coexist/configs"
	"coexist/market"
	"coexist/sim"
	"coexist/sim/place"
	"coexist/sim/place/england"
)

// town is a small world of made-up people: 400 stand for 8,000.
func town() sim.Settings {
	tables, err := place.Read(england.FS())
	if err != nil {
		panic(err)
	}
	p, err := tables.Resolve("synthetic:residents=8000,practices=4,hospitals=2,districts=1")
	if err != nil {
		panic(err)
	}
	return sim.Settings{Place: p, Config: configs.Default(), Seed: 1, Sample: .05, Workers: 1}
}

// year lets a world warm up, lives a year of a scenario, and returns the outcomes of the last quarter by
// measure.
func year(s sim.Settings, scenario string) (map[string]float64, error) {
	world, err := sim.New(s)
	if err != nil {
		return nil, err
	}
	if err := world.WarmUp(); err != nil {
		return nil, err
	}
	c, err := configs.Read(scenario, configs.Options{})
	if err != nil {
		return nil, err
	}
	m, err := world.Branch(c)
	if err != nil {
		return nil, err
	}
	last := map[string]float64{}
	for range 52 {
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

// A world is made from a place, passes a warm-up under the status quo, and branches into scenarios. Each week
// is a Step; Take hands out the rows that are ready; Audit counts everybody and every penny.
func Example() {
	world, err := sim.New(town())
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := world.WarmUp(); err != nil {
		fmt.Println(err)
		return
	}
	airline, err := configs.Read("airline", configs.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	m, err := world.Branch(airline)
	if err != nil {
		fmt.Println(err)
		return
	}
	outcomes := 0
	for range 26 {
		if err := m.Step(); err != nil {
			fmt.Println(err)
			return
		}
		outcomes += len(m.Take().Outcomes)
	}
	if err := m.Audit(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(m.Week(), "weeks of", m.Config().Title, "with outcomes:", outcomes > 0)
	// Output: 26 weeks of Airlines and airports with outcomes: true
}

// A rule replaces how organisations decide on their effort. This one puts much effort into quality, whatever it costs.
func ExampleRule() {
	asked := 0
	s := town()
	s.Rule = func(o agents.Organisation, aims market.Aims, now market.Situation) market.Tasks {
		asked++
		return market.Tasks{Quality: 3}
	}
	own, err := year(s, "competing-systems")
	if err != nil {
		fmt.Println(err)
		return
	}
	s.Rule = nil
	usual, err := year(s, "competing-systems")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("asked:", asked > 0, "better care:", own["quality_index"] > usual["quality_index"])
	// Output: asked: true better care: true
}

// A gauge is a measure of one's own, read each quarter beside those of tables.Measures: here how large the largest
// system is, and what the regulator has paid.
func ExampleGauge() {
	s := town()
	s.Gauges = []sim.Gauge{{Name: "largest_system", Unit: "share", Read: func(m *sim.Model) (float64, bool) {
		most, all := int32(0), int32(0)
		for _, x := range m.Systems() {
			most, all = max(most, x.Enrolled), all+x.Enrolled
		}
		return float64(most) / float64(max(all, 1)), all > 0
	}}, {Name: "bail_outs", Unit: "GBP", Read: func(m *sim.Model) (float64, bool) {
		r := m.Regulator()
		return float64(r.BailedOut) / 100, r.Ratings > 0
	}}}
	last, err := year(s, "competing-systems")
	if err != nil {
		fmt.Println(err)
		return
	}
	share, known := last["largest_system"]
	paid, rated := last["bail_outs"]
	fmt.Println(known, share > 0, share <= 1, rated, paid >= 0)
	// Output: true true true true true
}
