package experiment

import (
	"bytes"
	"context"
	"fmt"

	"coexist/configs"
	"coexist/sim"
)

// TraceRun is one of two runs to be traced.
type TraceRun struct {
	World   World
	Config  configs.Config
	Seed    int64
	Sample  float64
	Workers int
}

// Trace runs two runs in step, their warm-ups too, and finds the first agent, week and stage at which
// they differ; ok is false if they never do. Both must take place at the same place, by name, else there
// is nothing to compare: the error matches configs.ErrInput. tell is called after each week with how
// many of how many are done; it may be nil.
func Trace(ctx context.Context, a, b TraceRun, tell func(week, all int)) (d sim.Difference, ok bool, err error) {
	if a.World.Name != b.World.Name {
		return d, false, sweepFault("one run is in %s, the other in %s: want one place", a.World.Name, b.World.Name)
	}
	if a.Config.Time.WarmupYears != b.Config.Time.WarmupYears {
		return d, false, sweepFault("warm-ups of %d and %d years: want the same, or no two weeks are alike", a.Config.Time.WarmupYears, b.Config.Time.WarmupYears)
	}
	t := &tracer{ctx: ctx, tell: tell, all: 52 * int(a.Config.Time.WarmupYears+min(a.Config.Time.Years, b.Config.Time.Years))}
	for i, r := range []TraceRun{a, b} {
		t.run[i] = r
		t.run[i].Config = sim.WarmUp(r.Config)
		if t.model[i], err = sim.New(t.settings(i)); err != nil {
			return d, false, fmt.Errorf("%s: %w", r.World.Name, err)
		}
	}
	if d, ok := t.differ("start"); ok {
		return d, true, nil
	}
	for range 52 * a.Config.Time.WarmupYears {
		if d, ok, err := t.week(); ok || err != nil {
			return d, ok, err
		}
	}
	return t.regime([2]configs.Config{a.Config, b.Config})
}

// tracer steps two models side by side.
type tracer struct {
	ctx   context.Context
	tell  func(week, all int)
	run   [2]TraceRun
	model [2]*sim.Model
	done  int
	all   int
}

// settings are those of a model as it is now.
func (t *tracer) settings(i int) sim.Settings {
	r := t.run[i]
	return sim.Settings{Place: r.World.Place, Config: r.Config, Seed: r.Seed, Sample: r.Sample, Workers: r.Workers}
}

// regime branches both into their scenarios and steps them through the years that both have.
func (t *tracer) regime(full [2]configs.Config) (d sim.Difference, ok bool, err error) {
	var plan [2][]sim.Change
	for i := range full {
		if err := t.model[i].WarmUp(); err != nil {
			return d, false, err
		}
		if plan[i], err = sim.Calendar(full[i]); err != nil {
			return d, false, err
		}
		t.run[i].Config = plan[i][0].Config
		if t.model[i], err = t.model[i].Branch(t.run[i].Config); err != nil {
			return d, false, err
		}
		plan[i] = plan[i][1:]
	}
	if d, ok := t.differ("adopt"); ok {
		return d, true, nil
	}
	for week := range 52 * min(full[0].Time.Years, full[1].Time.Years) {
		reformed := false
		for i := range plan {
			if len(plan[i]) > 0 && plan[i][0].Week == week {
				t.run[i].Config = plan[i][0].Config
				if err := t.model[i].Reform(t.run[i].Config); err != nil {
					return d, false, err
				}
				plan[i], reformed = plan[i][1:], true
			}
		}
		if reformed {
			if d, ok := t.differ("reform"); ok {
				return d, true, nil
			}
		}
		if d, ok, err := t.week(); ok || err != nil {
			return d, ok, err
		}
	}
	return d, false, nil
}

// differ compares the states of both between two weeks.
func (t *tracer) differ(stage string) (sim.Difference, bool) {
	if same, err := sim.SameState(t.model[0], t.model[1]); err == nil && same {
		return sim.Difference{}, false
	}
	d, ok := sim.FirstDifference(t.model[0], t.model[1], false)
	d.Stage = stage
	return d, ok
}

// week steps both by a week. If they differ then, both go back to its start and do it again, looked at
// after each stage.
func (t *tracer) week() (d sim.Difference, ok bool, err error) {
	if err := t.ctx.Err(); err != nil {
		return d, false, err
	}
	var before [2]bytes.Buffer
	for i, m := range t.model {
		m.Take() // rows are no part of the state
		if err := m.Snapshot(&before[i]); err != nil {
			return d, false, err
		}
		if err := m.Step(); err != nil {
			return d, false, fmt.Errorf("run %c, week %d: %w", 'A'+i, m.Week(), err)
		}
		m.Take()
	}
	t.done++
	if t.tell != nil {
		t.tell(t.done, t.all)
	}
	if same, err := sim.SameState(t.model[0], t.model[1]); same || err != nil {
		return d, false, err
	}
	return t.again(before)
}

// again repeats a week stage by stage, both models in step.
func (t *tracer) again(before [2]bytes.Buffer) (d sim.Difference, ok bool, err error) {
	var m [2]*sim.Model
	for i := range m {
		if m[i], err = sim.Restore(bytes.NewReader(before[i].Bytes()), t.settings(i)); err != nil {
			return d, false, err
		}
	}
	week := m[0].Week() + 1
	ended, looked := make(chan string), make(chan struct{})
	go func() {
		defer close(ended)
		m[0].StepWatched(func(stage string) { // the error of a step is known from the first time
			ended <- stage
			<-looked
		})
	}()
	m[1].StepWatched(func(string) {
		stage, open := <-ended
		if !open {
			return
		}
		if !ok {
			d, ok = sim.FirstDifference(m[0], m[1], true)
			d.Stage, d.Week = stage, week
		}
		looked <- struct{}{}
	})
	for range ended { // none is left unless the second ended early
		looked <- struct{}{}
	}
	return d, ok, nil
}
