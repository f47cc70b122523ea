package live

import (
	"context"
	"fmt"
	"io"

	"coexist/configs"
	"coexist/sim"
	"coexist/sim/tables"
)

// Sink takes what a run hands out, in order; an error stops the run. Kinds are "start" (Start),
// "frame" (Frame), "series" (Series), "pair" (Pair), "verdict" (Verdict) and "end" (End).
type Sink func(kind string, v any) error

// Start opens a run of one.
type Start struct {
	Place    string  `json:"place"`
	System   string  `json:"system"` // title
	About    string  `json:"about"`
	People   int     `json:"people"` // simulated at the start of the warm-up
	Sample   float64 `json:"sample"`
	Years    int     `json:"years"`
	Seed     int64   `json:"seed"`
	Map      Map     `json:"map"`
	Stories  []Story `json:"stories"`
	TOML     string  `json:"toml"`
	Command  string  `json:"command"`
	Operator string  `json:"operator"` // what the colours of the dots stand for
}

// Series is one of several runs, without a map: the headline measures by quarter.
type Series struct {
	Run    int                  `json:"run"`
	Seed   int64                `json:"seed"`
	Values map[string][]float64 `json:"values"` // by measure, one a quarter; of yearly ones one a year
}

// End closes a run.
type End struct {
	Runs   int   `json:"runs"`
	Events int64 `json:"events"` // patient events, warm-up included
}

// perQuarter is the number of weeks of a quarter.
const perQuarter = 13

// run runs settings in a world. One run hands out a map and frames, several hand out a series each.
// When ctx is done it stops within a week of simulated time and returns its error.
func run(ctx context.Context, s Settings, w World, out Sink) error {
	if err := s.check(); err != nil {
		return err
	}
	end := End{Runs: s.Runs}
	for r := range s.Runs {
		one := s
		one.Seed, one.Runs = s.Seed+int64(r), 1
		var err error
		var events int64
		if s.Runs == 1 {
			events, err = one.frames(ctx, w, out)
		} else {
			events, err = one.series(ctx, w, r+1, out)
		}
		if err != nil {
			return err
		}
		end.Events += events
	}
	return out("end", end)
}

// outcomes runs settings and writes the table of outcomes: the bytes of data/outcomes.csv that the
// command line writes for the same settings.
func outcomes(ctx context.Context, s Settings, w World, out io.Writer) error {
	if err := s.check(); err != nil {
		return err
	}
	if _, err := io.WriteString(out, tables.OutcomesHeader); err != nil {
		return err
	}
	var line []byte
	for r := range s.Runs {
		one := s
		one.Seed = s.Seed + int64(r)
		err := one.simulate(ctx, w, nil, func(b tables.Batch) error {
			rows := b.Outcomes
			for i := range rows {
				rows[i].Place, rows[i].Scenario, rows[i].Run, rows[i].Seed = w.Name, s.scenario(), int32(r+1), one.Seed
				var err error
				if line, err = tables.AppendOutcome(line[:0], rows[i]); err != nil {
					return err
				}
				if _, err := out.Write(line); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// scenario is the name of the scenario in rows.
func (s Settings) scenario() string { return systems()[s.System].Name }

// model makes the world of the settings and brings it through the warm-up.
func (s Settings) model(ctx context.Context, w World, c configs.Config) (*sim.Model, error) {
	m, err := sim.New(sim.Settings{Place: w.Place, Config: sim.WarmUp(c), Seed: s.Seed, Sample: s.sample(w.Place), Workers: 1})
	if err != nil {
		return nil, err
	}
	for range 52 * c.Time.WarmupYears {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := m.Step(); err != nil {
			return nil, fmt.Errorf("warm-up: %w", err)
		}
	}
	return m, m.WarmUp()
}

// simulate runs the settings once: begun is told of the model when its regime begins and may step it
// in place of m.Step; rows is given the outcomes of each quarter.
func (s Settings) simulate(ctx context.Context, w World, begun func(*sim.Model) (func() error, error), rows func(tables.Batch) error) error {
	c, err := s.config()
	if err != nil {
		return err
	}
	m, err := s.model(ctx, w, c)
	if err != nil {
		return err
	}
	return s.branch(ctx, m, c, begun, rows)
}

// branch runs a scenario from the end of a warm-up.
func (s Settings) branch(ctx context.Context, from *sim.Model, c configs.Config, begun func(*sim.Model) (func() error, error), rows func(tables.Batch) error) error {
	reforms, err := sim.Calendar(c)
	if err != nil {
		return err
	}
	m, err := from.Branch(reforms[0].Config)
	if err != nil {
		return err
	}
	reforms = reforms[1:]
	step := m.Step
	if begun != nil {
		if step, err = begun(m); err != nil {
			return err
		}
	}
	for week := range 52 * c.Time.Years {
		if err := ctx.Err(); err != nil {
			return err
		}
		for len(reforms) > 0 && reforms[0].Week == week {
			if err := m.Reform(reforms[0].Config); err != nil {
				return err
			}
			reforms = reforms[1:]
		}
		if err := step(); err != nil {
			return err
		}
		if (week+1)%perQuarter == 0 {
			if err := rows(m.Take()); err != nil {
				return err
			}
		}
	}
	return nil
}

// headlines are the measures of the four charts, in their order.
var headlines = []string{tables.Headline.Choice, tables.Headline.Quality, tables.Headline.Cost, tables.Headline.Fragmentation}

// series runs settings once and hands out the headline measures.
func (s Settings) series(ctx context.Context, w World, run int, out Sink) (events int64, err error) {
	values := map[string][]float64{}
	var m *sim.Model
	err = s.simulate(ctx, w, func(model *sim.Model) (func() error, error) { m = model; return m.Step, nil }, func(b tables.Batch) error {
		rows := b.Outcomes
		for i := range rows {
			if rows[i].Group != "all" {
				continue
			}
			for _, h := range headlines {
				if rows[i].Measure == h {
					values[h] = append(values[h], rows[i].Value)
				}
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return m.Events(), out("series", Series{Run: run, Seed: s.Seed, Values: values})
}
