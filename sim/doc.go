// Package sim is the model: a world of people and providers, stepped week by week in the order of
// docs/ODD.md, section 3. It reads no file and draws nothing, and compiles to WebAssembly. A week
// has the stages publish, live, choose, treat and settle; a quarter and a year add reorganise; each
// stage is one file. Time is in weeks, money in pence, travel in minutes.
//
// # A run
//
// A world is made from a place and passes a warm-up under the status quo. Then it branches: the same
// people with the same luck, queues and staff live on under another regime. Besides this package it
// takes coexist/configs, coexist/sim/place and coexist/sim/place/england. Errors are left out here:
//
//	tables, err := place.Read(england.FS())
//	devon, err := tables.Resolve("Devon")
//	settings := sim.Settings{Place: devon, Config: configs.Default(), Seed: 1, Sample: .01, Workers: 2}
//	world, err := sim.New(settings)
//	err = world.WarmUp()
//
//	airline, err := configs.Read("airline", configs.Options{})
//	m, err := world.Branch(airline)
//	for range 52 * airline.Time.Years {
//		err = m.Step()
//		for _, row := range m.Take().Outcomes {
//			fmt.Println(row.Quarter, row.Group, row.Measure, row.Value, row.Unit)
//		}
//	}
//
// Take hands out the rows of all tables of package sim/tables that are ready; its Measures say what
// each measure is. Outcomes come at the end of a quarter, or of a year where the measure says so.
// Where a method takes a site or a practice, it is the index into the place's Hospitals or Practices.
// Comparisons of many scenarios, places and seeds, with intervals and a result folder, are the
// business of package sim/experiment.
//
// # A decision rule of one's own
//
// Settings.Rule decides each quarter on the effort of every organisation, in place of the best reply:
//
//	settings.Rule = func(o agents.Organisation, aims market.Aims, now market.Situation) market.Tasks {
//		tasks := aims.BestReply(now) // what the model would do
//		if o.Failure > .05 {         // as long as one handoff in twenty fails, join up first
//			tasks.Integration = 1
//		}
//		return tasks
//	}
//
// # A measure of one's own
//
// Settings.Gauges are read at the end of each quarter and come out as rows beside the others:
//
//	settings.Gauges = []sim.Gauge{{Name: "largest_system", Unit: "share", Read: func(m *sim.Model) (float64, bool) {
//		most, all := int32(0), int32(0)
//		for _, s := range m.Systems() {
//			most, all = max(most, s.Enrolled), all+s.Enrolled
//		}
//		return float64(most) / float64(max(all, 1)), all > 0
//	}}}
//
// The folder examples/library is a program that does both.
package sim
