package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"coexist/configs"
	"coexist/sim"
	"coexist/sim/evidence"
	"coexist/sim/experiment"
	"coexist/sim/place"
	"coexist/sim/place/england"
	"coexist/sim/results"
)

// tracing is what the verb trace takes.
type tracing struct {
	places  []string
	sets    []string
	setsB   []string
	sample  value[float64]
	years   value[int64]
	seed    value[int64]
	run     value[int64]
	workers value[int64]
	workB   value[int64]
	format  value[string]
	which   string // scenario of a result
}

// newTrace makes the verb that finds where two runs part.
func newTrace() *cobra.Command {
	o := &tracing{
		sample:  newValue("share", "", fraction),
		years:   newValue("years", "", whole(longest())),
		seed:    newValue("number", "1", whole(0, math.MaxInt64)),
		run:     newValue("number", "1", whole(1, 99_999)),
		workers: newWorkers(),
		workB:   newValue("number", "", whole(1, 4096)),
		format:  newWords("text", "json"),
	}
	c := &cobra.Command{
		Use:   "trace A B",
		Short: "Find the first agent, week and stage at which two runs differ",
		Long: `Runs two runs again, side by side, and stops at the first agent whose state differs, at the end of the
first stage of the first week in which any does. A and B are each a scenario (a built-in name or a TOML
file) or the folder of a result, which tells place, sample, seed and years. Scenarios take those from
the flags, or from the other one where it is a result.`,
		Example: "  coexist trace status-quo competing-systems --place Torbay\n  coexist trace airline airline --set-b choice.minutes=0.1\n  coexist trace result-of-mine result-of-yours --scenario airline --run 2",
		Args:    arguments(2, 2, "two scenarios or results"),
		RunE: func(c *cobra.Command, args []string) error {
			runs, err := o.resolve(c, args)
			if err != nil {
				return err
			}
			tell := newProgress("plain", c.ErrOrStderr())
			tell.say("A: %s\nB: %s", traced(runs[0]), traced(runs[1]))
			d, found, err := experiment.Trace(c.Context(), runs[0], runs[1], nil)
			if errors.Is(err, context.Canceled) {
				return fmt.Errorf("%w before a difference was found", errStopped)
			}
			if err != nil {
				return err
			}
			return traceTo(c.OutOrStdout(), o.format.now, runs, d, found)
		},
	}
	f := c.Flags()
	f.StringArrayVar(&o.places, "place", nil, "where, for scenarios (default "+usualPlaces[0]+")")
	f.Var(&o.sample, "sample", "share of the people who are simulated, for scenarios")
	f.Var(&o.years, "years", "years after the warm-up, at most")
	f.Var(&o.seed, "seed", "seed, for scenarios")
	f.Var(&o.run, "run", "which run of a result")
	f.StringVar(&o.which, "scenario", "", "which scenario of a result (default: the first)")
	f.StringArrayVar(&o.sets, "set", nil, "key=value of any parameter, in both; repeat for more")
	f.StringArrayVar(&o.setsB, "set-b", nil, "key=value of any parameter, in B alone; repeat for more")
	f.Var(&o.workers, "workers", workersUse)
	f.Var(&o.workB, "workers-b", "goroutines of B, to see that they do not matter (default: as --workers)")
	f.Var(&o.format, "format", formatUse)
	return c
}

// traced is a run in words.
func traced(r experiment.TraceRun) string {
	return fmt.Sprintf("%s in %s, seed %d, 1 in %.4g people", r.Config.Name, r.World.Name, r.Seed, 1/r.Sample)
}

// resolve makes the two runs. What a scenario lacks it takes from the other, if that is a result.
func (o *tracing) resolve(c *cobra.Command, args []string) (runs [2]experiment.TraceRun, err error) {
	var f faults
	flagFaults(c.Flags(), &f)
	if len(o.places) > 1 {
		f.addf("%d places, want one: a run is in one place", len(o.places))
	}
	if err := f.err(); err != nil {
		return runs, err
	}
	var found [2]*results.Result
	for i, name := range args {
		if info, err := os.Stat(name); err == nil && info.IsDir() {
			if found[i], err = results.Open(name); err != nil {
				f.add(err)
			}
		}
	}
	if err := f.err(); err != nil {
		return runs, err
	}
	base := o.flags()
	for _, r := range found {
		if r != nil && base == nil {
			f.add(o.fromResult(r, &runs[0])) // what a scenario beside a result takes
			base = &runs[0]
		}
	}
	if base == nil {
		base = &experiment.TraceRun{Seed: o.seed.now}
	}
	england, err := place.Read(england.FS())
	if err != nil {
		return runs, err
	}
	shared := *base
	for i := range runs {
		runs[i] = shared
		f.add(o.one(england, args[i], i, found[i], &runs[i]))
	}
	return runs, f.err()
}

// flags is nil unless flags say where a run takes place.
func (o *tracing) flags() *experiment.TraceRun {
	if len(o.places) == 0 {
		return nil
	}
	return &experiment.TraceRun{World: experiment.World{Name: o.places[0]}, Seed: o.seed.now}
}

// fromResult takes place, sample and seed of a result.
func (o *tracing) fromResult(r *results.Result, run *experiment.TraceRun) error {
	m := &r.Manifest
	if m.Settings["sweep"] != "" {
		return wrong("%s: a sweep has many points; trace its scenarios with --set", r.Dir)
	}
	at := int(o.run.now) - 1
	if at >= len(m.Seeds) {
		return wrong("%s: run %d, it has %d", r.Dir, o.run.now, len(m.Seeds))
	}
	name := m.Places[0]
	if len(o.places) > 0 {
		if name = o.places[0]; !slices.Contains(m.Places, name) {
			return wrong("%s: no place %s in it%s, want one of %s", r.Dir, name, nearest(name, m.Places), strings.Join(m.Places, ", "))
		}
	}
	spec := m.Settings["place "+name]
	if spec == "" {
		spec = name
	}
	run.World.Name, run.Sample, run.Seed = spec, m.Sample, m.Seeds[at]
	return nil
}

// one resolves one of the runs.
func (o *tracing) one(e *place.England, name string, i int, r *results.Result, run *experiment.TraceRun) error {
	sets := o.sets
	if i == 1 {
		sets = slices.Concat(sets, o.setsB)
	}
	if r != nil {
		if err := o.fromResult(r, run); err != nil {
			return err
		}
		which := o.which
		if which == "" {
			which = r.Manifest.Scenarios[0]
		}
		if !slices.Contains(r.Manifest.Scenarios, which) {
			return wrong("%s: no scenario %s in it%s, want one of %s", r.Dir, which, nearest(which, r.Manifest.Scenarios), strings.Join(r.Manifest.Scenarios, ", "))
		}
		name = filepath.Join(r.Dir, "scenarios", which+".toml")
	}
	var f faults
	sets = withYears(sets, &o.years, &f)
	var err error
	run.Config, err = configs.Read(name, configs.Options{Set: sets})
	f.add(err)
	if err := f.err(); err != nil {
		return err
	}
	if r != nil && r.Manifest.Settings[drawnFrom] != "" {
		if run.Config, err = evidence.Drawn(run.Config, run.Seed); err != nil {
			return err
		}
	}
	if run.World.Name == "" {
		run.World.Name = usualPlaces[0]
	}
	p, err := e.Resolve(run.World.Name)
	if err != nil {
		return wrong("--place: %v", err)
	}
	run.World = experiment.World{Name: worldName(p), Place: p}
	if o.sample.text != "" {
		run.Sample = o.sample.now
	}
	if run.Sample == 0 {
		run.Sample = min(max(usualSample, usualPeople/float64(max(residents(p), 1))), 1)
	}
	run.Workers = int(o.workers.now)
	if i == 1 && o.workB.text != "" {
		run.Workers = int(o.workB.now)
	}
	return nil
}

// traceTo writes what was found.
func traceTo(out io.Writer, format string, runs [2]experiment.TraceRun, d sim.Difference, found bool) error {
	if format == "json" {
		o := struct {
			Same bool            `json:"same"`
			At   *sim.Difference `json:"first_difference"`
		}{!found, nil}
		if found {
			o.At = &d
		}
		return writeJSON(out, o)
	}
	if !found {
		_, err := fmt.Fprintf(out, "no difference: every agent is the same after every week of %d years, warm-up included\n",
			runs[0].Config.Time.WarmupYears+min(runs[0].Config.Time.Years, runs[1].Config.Time.Years))
		return err
	}
	when := fmt.Sprintf("week %d of the regime", d.Week)
	switch {
	case d.Stage == "start":
		when = "before the first week"
	case d.Stage == "adopt":
		when = "as the regime begins"
	case d.Week <= 0:
		when = fmt.Sprintf("week %d of the warm-up", int64(d.Week)+52*runs[0].Config.Time.WarmupYears)
	}
	_, err := fmt.Fprintf(out, "first difference: %s, stage %s\n  %s\n  %s: %s in A, %s in B\n", when, d.Stage, d.Agent, d.Field, d.A, d.B)
	return err
}
