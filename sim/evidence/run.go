package evidence

import (
	"context"
	"fmt"
	"sync"

	"coexist/configs"
	"coexist/sim"
	"coexist/sim/evidence/fit"
	"coexist/sim/place"
	"coexist/sim/tables"
)

// Setup says which runs the measures are taken from.
type Setup struct {
	Place     *place.Place
	Scenarios []configs.Config // each run from the warm-up of its own world
	Reforms   []configs.Config // not run here: scenarios kept for another place
	Seed      int64            // of run 1
	Runs      int
	Sample    float64
	Workers   int
	Draw      func(c configs.Config, seed int64) (configs.Config, error) // a scenario as a seed has it; nil: as it is
	Progress  func(done, all int)                                        // after each year simulated; may be nil; never called by two at once
}

// Run is what one scenario and seed showed.
type Run struct {
	Scenario   configs.Config
	Place      *place.Place
	Sample     float64
	Past       []*sim.Past  // by year from 1
	State      []*sim.State // at the end of each year
	Demand     sim.Demand   // at the end of year 1
	Registered []sim.Registration
	Outcomes   map[string][]float64 // measures of everyone by quarter, NaN where undefined
	Rows       tables.Batch         // organisations and ledger of the whole run
	Reference  Reference
	Quarters   [][]float64     // emergency admissions by quarter and district
	peers      map[string]*Run // runs of the same seed by scenario, itself among them
}

// peer is the run of another scenario with the same people and luck, nil if there is none.
func (r *Run) peer(name string) *Run { return r.peers[name] }

// Reference is a world before its regime: at the start of the warm-up and at its end.
type Reference struct{ Begin, State *sim.State }

// Result holds runs by name of scenario, in order of seed.
type Result struct {
	Setup *Setup
	Runs  map[string][]*Run
}

// Simulate makes every run of a setup. As many seeds as there are workers go side by side; neither
// the number of workers nor the order shows in the result.
func Simulate(ctx context.Context, s Setup) (*Result, error) {
	done, all := 0, 0
	for _, c := range s.Scenarios {
		all += s.Runs * int(c.Time.Years)
	}
	warm := warmUps(s.Scenarios)
	for _, w := range warm {
		all += s.Runs * int(w.config.Time.WarmupYears)
	}
	var mu sync.Mutex
	tell := func() {
		mu.Lock()
		defer mu.Unlock()
		done++
		if s.Progress != nil {
			s.Progress(done, all)
		}
	}
	out := make([][]*Run, s.Runs)
	crowd := max(min(s.Workers, s.Runs), 1)
	err := fit.Parallel(ctx, s.Runs, crowd, func(ctx context.Context, r int) (err error) {
		if out[r], err = s.simulate(ctx, r, warm, max(s.Workers/crowd, 1), tell); err != nil {
			return fmt.Errorf("run %d: %w", r+1, err)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	result := &Result{Setup: &s, Runs: map[string][]*Run{}}
	for r := range out {
		peers := map[string]*Run{}
		for _, run := range out[r] {
			peers[run.Scenario.Name], run.peers = run, peers
			result.Runs[run.Scenario.Name] = append(result.Runs[run.Scenario.Name], run)
		}
	}
	return result, nil
}

// warmUp is a warm-up and the scenarios that branch from it.
type warmUp struct {
	config    configs.Config
	scenarios []configs.Config
}

func warmUps(scenarios []configs.Config) (list []warmUp) {
	at := map[string]int{}
	for _, c := range scenarios {
		w := sim.WarmUp(c)
		w.Time.Years = longest(scenarios) // the bound of hazards covers the longest run
		h := w.Hash()
		if _, ok := at[h]; !ok {
			at[h] = len(list)
			list = append(list, warmUp{config: w})
		}
		list[at[h]].scenarios = append(list[at[h]].scenarios, c)
	}
	return list
}

func longest(scenarios []configs.Config) (years int64) {
	for _, c := range scenarios {
		years = max(years, c.Time.Years)
	}
	return years
}

// simulate makes all runs of one seed.
func (s *Setup) simulate(ctx context.Context, r int, warm []warmUp, workers int, tell func()) (list []*Run, err error) {
	if s.Draw != nil {
		drawn := make([]configs.Config, len(s.Scenarios))
		for i, c := range s.Scenarios {
			if drawn[i], err = s.Draw(c, s.Seed+int64(r)); err != nil {
				return nil, err
			}
		}
		warm = warmUps(drawn)
	}
	for _, w := range warm {
		m, err := sim.New(sim.Settings{Place: s.Place, Config: w.config, Seed: s.Seed + int64(r), Sample: s.Sample, Workers: workers})
		if err != nil {
			return nil, err
		}
		ref := Reference{Begin: m.Survey()}
		for range w.config.Time.WarmupYears {
			if err := steps(ctx, m, 52); err != nil {
				return nil, err
			}
			tell()
		}
		if err := m.WarmUp(); err != nil {
			return nil, err
		}
		ref.State = m.Survey()
		for _, c := range w.scenarios {
			run, err := s.branch(ctx, m, c, tell)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", c.Name, err)
			}
			run.Place, run.Sample, run.Reference = s.Place, s.Sample, ref
			list = append(list, run)
		}
	}
	return list, nil
}

func steps(ctx context.Context, m *sim.Model, n int) error {
	for range n {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := m.Step(); err != nil {
			return err
		}
	}
	return nil
}

// branch runs one scenario from the end of a warm-up, with its dated reforms.
func (s *Setup) branch(ctx context.Context, from *sim.Model, c configs.Config, tell func()) (*Run, error) {
	changes, err := sim.Calendar(c)
	if err != nil {
		return nil, err
	}
	m, err := from.Branch(changes[0].Config)
	if err != nil {
		return nil, err
	}
	changes = changes[1:]
	run := &Run{Scenario: c, Outcomes: map[string][]float64{}}
	for year := range int(c.Time.Years) {
		for week := range 52 {
			for len(changes) > 0 && changes[0].Week == int64(52*year+week) {
				if err := m.Reform(changes[0].Config); err != nil {
					return nil, err
				}
				changes = changes[1:]
			}
			if err := steps(ctx, m, 1); err != nil {
				return nil, err
			}
			if week%13 == 12 && week < 51 {
				run.addQuarter(m.EmergenciesSoFar())
			}
		}
		run.Past, run.State = append(run.Past, m.Past()), append(run.State, m.Survey())
		run.addQuarter(run.Past[year].ByPayer)
		run.note(m.Take(), 4*int(c.Time.Years))
		if year == 0 {
			run.Demand, run.Registered = m.Demand(), m.Registrations()
		}
		tell()
	}
	return run, nil
}
