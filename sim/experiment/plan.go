package experiment

import (
	"errors"
	"fmt"
	"math"

	"coexist/configs"
	"coexist/sim"
	"coexist/sim/checkpoint"
	"coexist/sim/place"
	"coexist/sim/results"
)

// MaxRuns is how many runs a precision can ask for.
const MaxRuns = 200

// World is one place of a plan.
type World struct {
	Name    string // in the rows; no two worlds share one
	Place   *place.Place
	Tracked int64 // people handed out as rows of the patients table in run 1, about
}

// Plan says what to run.
type Plan struct {
	Worlds    []World
	Scenarios []configs.Config // in the order of reports; all of the same time and measures
	Seed      int64            // of run 1, >= 0; run r has Seed + r - 1
	Runs      int              // of each scenario in each world, at least 1
	Precision float64          // half-width of intervals over the mean at which no run is added; 0: Runs it is
	Reference string           // scenario that the others are compared with; empty: the first
	Sample    float64          // fraction of the people who are simulated, in (0, 1]
	Workers   int              // goroutines, at least 1
	Together  int              // runs side by side at most, for want of memory; 0: as many as workers
	Out       *results.Writer  // takes the rows

	// Draw gives a scenario the parameters of a seed, the same for all scenarios of a run; nil: they are as
	// they stand. It leaves time and measures alone, and goes with no From.
	Draw func(c configs.Config, seed int64) (configs.Config, error)

	Store *checkpoint.Store // where runs that were stopped left checkpoints; nil: nowhere
	Every int64             // years between checkpoints; 0: none is written
	From  *checkpoint.File  // past from which the runs branch in place of a warm-up; nil: each has a warm-up
	Taken func(path string) // told of the checkpoints that the plan goes on from; nil: nobody
	Warn  func(error)       // and of those that cannot be gone on from; nil: nobody
}

// Years is how long a run is reported.
func (p *Plan) Years() int { return int(p.Scenarios[0].Time.Years) }

// reference is the scenario that the others are compared with.
func (p *Plan) reference() string {
	if p.Reference != "" {
		return p.Reference
	}
	return p.Scenarios[0].Name
}

// Held is how many states stand in memory at most, if so many runs go on side by side: each of its own,
// and the ends of warm-ups from which others are still to start.
func (p *Plan) Held(together int) int64 {
	warms := p.warmUps()
	if len(warms) == len(p.Scenarios) {
		return int64(together)
	}
	return int64(together + min(together, len(p.Worlds)*p.Runs*len(warms)))
}

// Weeks is how many weeks of a world the plan simulates, warm-ups included, if runs are not added.
func (p *Plan) Weeks() int64 {
	t := p.Scenarios[0].Time
	runs := int64(len(p.Worlds)) * int64(p.Runs)
	return runs * 52 * (t.WarmupYears*int64(len(p.warmUps())) + t.Years*int64(len(p.Scenarios)))
}

// warmUp is a warm-up with the scenarios that branch from it, as indices.
type warmUp struct {
	config    configs.Config
	scenarios []int
}

// scenario is a scenario as a run has it.
func (p *Plan) scenario(k, run int) (configs.Config, error) {
	if p.Draw == nil {
		return p.Scenarios[k], nil
	}
	return p.Draw(p.Scenarios[k], p.Seed+int64(run))
}

// checkDraws says where a drawn scenario is at fault, or could not be compared with the others.
func (p *Plan) checkDraws() error {
	if p.Draw == nil {
		return nil
	}
	var faults []error
	if p.From != nil {
		faults = append(faults, &configs.Fault{File: "plan", Text: "a past and parameters drawn for each run, want one of them"})
	}
	for k := range p.Scenarios {
		for run := range min(max(p.Runs, 0), MaxRuns) {
			c, err := p.scenario(k, run)
			if err == nil {
				err = p.alike(c)
			}
			faults = append(faults, err)
		}
	}
	return errors.Join(faults...)
}

// warmUps lists the different warm-ups of the scenarios, in their order.
func (p *Plan) warmUps() []warmUp {
	var list []warmUp
	index := map[string]int{}
	for k, c := range p.Scenarios {
		w := sim.WarmUp(c)
		hash := w.Hash()
		i, ok := index[hash]
		if !ok {
			i = len(list)
			index[hash] = i
			list = append(list, warmUp{config: w})
		}
		list[i].scenarios = append(list[i].scenarios, k)
	}
	return list
}

// Check returns all that is wrong with a plan, each fault matching configs.ErrInput.
func (p *Plan) Check() error {
	var faults []error
	fault := func(format string, args ...any) {
		faults = append(faults, &configs.Fault{File: "plan", Text: fmt.Sprintf(format, args...)})
	}
	if len(p.Worlds) == 0 || len(p.Scenarios) == 0 {
		fault("%d places and %d scenarios, want at least one of each", len(p.Worlds), len(p.Scenarios))
	}
	seen := map[string]bool{}
	for _, w := range p.Worlds {
		if seen[w.Name] {
			fault("place %s is named twice", w.Name)
		}
		seen[w.Name] = true
	}
	clear(seen)
	for _, c := range p.Scenarios {
		if seen[c.Name] {
			fault("two scenarios are named %s", c.Name)
		}
		seen[c.Name] = true
		faults = append(faults, p.alike(c))
	}
	if p.Reference != "" && !seen[p.Reference] {
		fault("reference %s is not among the scenarios", p.Reference)
	}
	if p.Seed < 0 || p.Seed > math.MaxInt64-MaxRuns {
		fault("seed = %d, want 0 to %d", p.Seed, int64(math.MaxInt64-MaxRuns))
	}
	if p.Runs < 1 {
		fault("runs = %d, want 1 or more", p.Runs)
	}
	if !(p.Sample > 0 && p.Sample <= 1) {
		fault("sample = %v, want more than 0 and at most 1", p.Sample)
	}
	if !(p.Precision >= 0 && p.Precision < 1) {
		fault("precision = %v, want 0 to 1", p.Precision)
	}
	if p.Precision > 0 && len(p.Scenarios) == 1 {
		fault("precision = %v of paired differences, and one scenario has none: want two or more, as in compare", p.Precision)
	}
	return errors.Join(append(faults, p.checkDraws())...)
}

// alike says where the rows of a scenario could not be compared with those of the first.
func (p *Plan) alike(c configs.Config) error {
	first := p.Scenarios[0]
	var faults []error
	for _, s := range []struct {
		name      string
		got, want any
	}{{"time", c.Time, first.Time}, {"measures", c.Measures, first.Measures}} {
		if s.got != s.want {
			faults = append(faults, &configs.Fault{File: c.Name, Text: fmt.Sprintf("[%s] = %+v, want %+v as in %s, with which it is compared", s.name, s.got, s.want, first.Name)})
		}
	}
	return errors.Join(faults...)
}
