package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"coexist/configs"
	"coexist/sim/evidence"
	"coexist/sim/experiment"
	"coexist/sim/results"
	"coexist/sim/tables"
)

// sweepFlags are what the verbs below sweep take.
type sweepFlags struct {
	places    []string
	sets      []string
	out       string
	sample    value[float64]
	years     value[int64]
	seed      value[int64]
	runs      value[int64]
	size      value[int64]
	shards    value[int64]
	shardTime value[float64]
	workers   value[int64]
	progress  value[string]
	format    value[string]
}

// newSweepFlags sets the defaults.
func newSweepFlags() *sweepFlags {
	return &sweepFlags{
		sample:    newValue("share", "", fraction),
		years:     newValue("years", "", whole(longest())),
		seed:      newValue("number", "", whole(0, math.MaxInt64/2)),
		runs:      newValue("number", "", whole(1, 10_000)),
		size:      newValue("number", "", whole(1, 10_000_000)),
		shards:    newValue("number", "", whole(1, experiment.MaxShards)),
		shardTime: newValue("duration", "15m", seconds),
		workers:   newWorkers(),
		progress:  newProgressMode(),
		format:    newWords("text", "json"),
	}
}

// seconds reads a duration such as 15m.
func seconds(s string) (float64, error) {
	d, err := time.ParseDuration(s)
	if err != nil || d <= 0 {
		return 0, fmt.Errorf("want a duration such as 15m or 1h")
	}
	return d.Seconds(), nil
}

// experimentFlags declares what changes an experiment.
func (o *sweepFlags) experiment(set *pflag.FlagSet) {
	set.StringVar(&o.out, "out", "", "folder of the sweep (default coexist-NAME); one of the same sweep goes on")
	set.StringArrayVar(&o.places, "place", nil, "in place of those of the experiment; repeat for more")
	set.Var(&o.sample, "sample", "share of the people who are simulated, in place of that of the experiment")
	set.Var(&o.years, "years", "years after the warm-up, in place of those of the experiment")
	set.Var(&o.seed, "seed", "seed of the first replicate and of the design, in place of that of the experiment")
	set.Var(&o.runs, "runs", "replicates of every row, in place of those of the experiment")
	set.Var(&o.size, "size", "levels, rows, trajectories or blocks of the design, in place of those of the experiment")
	set.StringArrayVar(&o.sets, "set", nil, "key=value of any parameter, in every scenario; repeat for more")
}

// work declares how a process works.
func (o *sweepFlags) work(set *pflag.FlagSet) {
	set.Var(&o.workers, "workers", workersUse)
	set.Var(&o.progress, "progress", progressUse)
}

// newSweep makes the verb that runs experiments.
func newSweep(args []string) *cobra.Command {
	o := newSweepFlags()
	c := &cobra.Command{
		Use:   "sweep EXPERIMENT",
		Short: "Run an experiment: any parameters, by a design, on this machine or a cluster",
		Long: `Runs every scenario of an experiment at every point of its design, in every place, with every seed, and
merges the runs into a result. An experiment is a built-in name or a TOML file. Stopped at any point,
the same command goes on. A run that fails is listed with the command that repeats it and stops no other.

On a cluster: sweep plan, then what sweep script prints, sweep status, and sweep merge.`,
		Example: "  coexist sweep loyalty\n  coexist sweep my-experiment.toml --runs 5\n  coexist sweep plan my-experiment.toml --out sweep --shard-time 15m",
		Args:    arguments(1, 1, "one experiment, or a sub-verb: plan, run, status, script, merge"),
		RunE: func(c *cobra.Command, names []string) error {
			tell := newProgress(o.progress.now, c.ErrOrStderr())
			p, err := o.plan(c, names[0], tell, 1)
			if err != nil {
				return err
			}
			return p.local(c, args, o)
		},
	}
	o.experiment(c.Flags())
	o.work(c.Flags())
	for _, v := range []*cobra.Command{newSweepPlan(), newSweepRun(), newSweepStatus(), newSweepScript(), newSweepMerge(args)} {
		v.SilenceErrors, v.SilenceUsage, v.DisableFlagsInUseLine = true, true, true
		c.AddCommand(v)
	}
	return c
}

// newSweepPlan makes the verb that plans a sweep and runs nothing but a pilot.
func newSweepPlan() *cobra.Command {
	o := newSweepFlags()
	o.workers = newValue("number", "4", whole(1, 4096))
	c := &cobra.Command{
		Use:     "plan EXPERIMENT",
		Short:   "Write the plan of a sweep: its runs, shards and expected cost",
		Example: "  coexist sweep plan my-experiment.toml --out sweep --shard-time 15m --workers 4",
		Args:    arguments(1, 1, "one experiment"),
		RunE: func(c *cobra.Command, names []string) error {
			p, err := o.plan(c, names[0], newProgress("plain", c.ErrOrStderr()), 0)
			if err != nil {
				return err
			}
			s := p.sweep
			if o.shards.text != "" && s.Shards != int(o.shards.now) && int(o.shards.now) <= len(s.Runs) {
				return wrong("--shards = %d, the plan in %s has %d and does not change: want a new folder", o.shards.now, p.dir, s.Shards)
			}
			everything := s.Seconds(indices(len(s.Runs)))
			_, err = fmt.Fprintf(c.OutOrStdout(), "%s: %s\n%s of processor time; %s of %d processors, about %s each; %s of disk\nplan in %s; next: coexist sweep script %s --engine slurm\n",
				s.Name, counted(s), roughly(asDuration(everything)), many(s.Shards, "shard"), s.Workers, roughly(asDuration(everything/float64(s.Shards*s.Workers))), size(s.Disk()), shown(p.dir), pasted(p.dir))
			return err
		},
	}
	o.experiment(c.Flags())
	c.Flags().Var(&o.shards, "shards", "how many, at most 1000 (default: as many as take --shard-time each)")
	c.Flags().Var(&o.shardTime, "shard-time", "how long a shard is to take")
	c.Flags().Var(&o.workers, "workers", "processors of a shard")
	return c
}

// indices counts from 0.
func indices(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

// asDuration makes seconds a duration.
func asDuration(seconds float64) time.Duration { return time.Duration(seconds * float64(time.Second)) }

// counted says how many runs a sweep has and why.
func counted(s *experiment.Sweep) string {
	return fmt.Sprintf("%s = %s × %s × %s × %s", many(len(s.Runs), "run"), many(s.Rows(), "row"), many(len(s.Scenarios), "scenario"),
		many(len(s.Places), "place"), many(s.Replicates, "replicate"))
}

// many is a number of things, in words that fit one too.
func many(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return grouped(int64(n)) + " " + what + "s"
}

// planned is a sweep in its folder, with the places that it runs in.
type planned struct {
	sweep    *experiment.Sweep
	worlds   []experiment.World
	dir      string // empty: none, it is only checked
	tell     *progress
	warnings []string
}

// plan resolves an experiment and writes its plan, or finds the same one there. shards > 0: so many.
func (o *sweepFlags) plan(c *cobra.Command, name string, tell *progress, shards int) (*planned, error) {
	opts := experiment.SweepOptions{Version: version, Shards: shards, ShardTime: o.shardTime.now, Workers: int(o.workers.now)}
	if o.shards.text != "" {
		opts.Shards = int(o.shards.now)
	}
	e, err := o.readExperiment(c, name)
	if err != nil {
		return nil, err
	}
	dir := o.out
	if dir == "" {
		dir = "coexist-" + e.Name
	}
	_, err = os.Stat(filepath.Join(dir, "plan.json"))
	fresh := err != nil
	if fresh {
		if err := experiment.Vacant(dir); err != nil { // before the pilot
			return nil, err
		}
	}
	p, err := o.resolve(c, e, opts, fresh)
	if err != nil {
		return nil, err
	}
	p.dir, p.tell = dir, tell
	for _, w := range p.warnings {
		tell.say("warning: %s", w)
	}
	p.sweep, err = p.sweep.Save(p.dir)
	return p, err
}

// resolve lays out the design and the places of an experiment and checks every row. A pilot measures what it
// costs, where that is wanted.
func (o *sweepFlags) resolve(c *cobra.Command, e configs.Experiment, opts experiment.SweepOptions, pilot bool) (*planned, error) {
	var f faults
	design, err := experiment.DesignOf(e, evidence.PosteriorCSV())
	f.add(err)
	worlds, sample := o.worlds(&e, &f)
	if err := f.err(); err != nil {
		return nil, err
	}
	if pilot {
		smallest := slices.MinFunc(worlds, func(a, b experiment.World) int { return int(residents(a.Place) - residents(b.Place)) })
		if opts.Cost, err = experiment.Pilot(c.Context(), smallest, e.Scenarios[0], sample, e.Seed); err != nil {
			return nil, stopped(err, "the same command goes on")
		}
	}
	s, err := experiment.NewSweep(e, worlds, design, sample, opts)
	if err != nil {
		return nil, err
	}
	return &planned{sweep: s, worlds: worlds, warnings: fewerSystems(worlds, regimesOf(e, &design))}, nil
}

// readExperiment reads an experiment with what the flags of a verb change; the error holds every fault of
// the flags and the file.
func (o *sweepFlags) readExperiment(c *cobra.Command, name string) (configs.Experiment, error) {
	var f faults
	flagFaults(c.Flags(), &f)
	e := o.read(name, &f)
	return e, f.err()
}

// read reads an experiment with what the flags change.
func (o *sweepFlags) read(name string, f *faults) configs.Experiment {
	h := tables.Headline
	opts := configs.ExperimentOptions{Kinds: experiment.Kinds(), Measures: measureNames(), Usual: []string{h.Choice, h.Quality, h.Cost, h.Fragmentation}, Set: withYears(o.sets, &o.years, f)}
	e, err := configs.ReadExperiment(name, opts)
	if err != nil {
		f.add(err)
		return e
	}
	if len(o.places) > 0 {
		e.Places = o.places
	}
	if o.sample.text != "" {
		e.Sample = o.sample.now
	}
	if o.seed.text != "" {
		e.Seed = o.seed.now
	}
	if o.runs.text != "" {
		e.Runs = o.runs.now
	}
	if o.size.text != "" {
		e.Design.Size = o.size.now
	}
	return e
}

// worlds resolves the places of an experiment and chooses the sample where it names none.
func (o *sweepFlags) worlds(e *configs.Experiment, f *faults) ([]experiment.World, float64) {
	run := options{places: e.Places}
	in := &inputs{settings: map[string]string{}}
	run.readPlaces(in, f)
	if e.Sample > 0 {
		run.sample.now, run.sample.text = e.Sample, "given"
	}
	if len(in.plan.Worlds) > 0 {
		run.sampleOf(in)
	}
	return in.plan.Worlds, in.plan.Sample
}

// stopped makes an interruption one that can go on.
func stopped(err error, how string) error {
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("%w: %s", errStopped, how)
	}
	return err
}

// open reads the plan of a folder and its places.
func openSweep(dir string, tell *progress) (*planned, error) {
	s, err := experiment.ReadSweep(dir)
	if err != nil {
		return nil, err
	}
	if err := s.SameProgram(version); err != nil {
		return nil, err
	}
	var e configs.Experiment
	for _, p := range s.Places {
		e.Places = append(e.Places, p.Spec)
	}
	e.Sample = s.Sample
	var f faults
	worlds, _ := new(sweepFlags).worlds(&e, &f)
	return &planned{sweep: s, worlds: worlds, dir: dir, tell: tell}, f.err()
}

// run does runs of a sweep and tells how it goes; its error matches errStopped where it was stopped.
func (p *planned) run(c *cobra.Command, runs []int, workers int, retry bool, again string) (experiment.SweepSummary, error) {
	need := p.forecast(workers)
	holdMemory(need.state)
	p.tell.say("%s; about %s", counted(p.sweep), need)
	job := experiment.SweepJob{Sweep: p.sweep, Dir: p.dir, Worlds: p.worlds, Runs: runs, Workers: workers, WarmUps: need.together, Retry: retry}
	start := time.Now()
	sum, err := job.Run(c.Context(), p.tell.tell)
	p.tell.stop()
	if err != nil {
		return sum, stopped(err, fmt.Sprintf("%d of %d runs are kept after %s; %s goes on", sum.Done, len(runs), clock(time.Since(start)), again))
	}
	if sum.Resumed > 0 {
		p.tell.say("%s runs were there already", grouped(int64(sum.Resumed)))
	}
	return sum, nil
}

// forecast is what the runs that are not there yet will take on this machine.
func (p *planned) forecast(workers int) forecast {
	s := p.sweep
	missing := indices(len(s.Runs))
	if p.dir != "" {
		missing = s.Absent(p.dir)
	}
	var f forecast
	world := max(s.World, 1)
	f.together = len(s.Places) * len(s.Scenarios) * workers // of warm-ups: as many as are any use
	if free := freeMemory(); free > 0 {
		f.together = min(f.together, max(int(.7*float64(free)/float64(world))-workers, 1))
	}
	f.state = bytesBefore + s.Shared + world*int64(workers+min(f.together, len(s.Places)+workers))
	f.memory = f.state + f.state*int64(collect(f.state))/100
	f.time = asDuration(s.Seconds(missing) / float64(workers))
	f.disk = s.Disk()
	return f
}

// local runs a whole sweep on this machine and merges it.
func (p *planned) local(c *cobra.Command, args []string, o *sweepFlags) error {
	sum, err := p.run(c, indices(len(p.sweep.Runs)), int(o.workers.now), false, "the same command")
	if err != nil {
		return err
	}
	st, done, err := p.merge(experiment.ResultDir(p.dir), false, args)
	if err != nil {
		return err
	}
	if done {
		p.tell.say("%s is done already", shown(p.dir))
	}
	p.tell.say("result in %s: means over years in %s, quarters in data/outcomes.csv, points in %s", shown(experiment.ResultDir(p.dir)), experiment.SweepTable, experiment.PointsTable)
	if _, err := fmt.Fprintf(c.OutOrStdout(), "%s: %d of %d runs, %d failed\n", p.sweep.Name, st.Done, st.Runs, len(st.Failed)); err != nil {
		return err
	}
	return p.failed(sum.Failed)
}

// merge merges a sweep into a result folder.
func (p *planned) merge(out string, allow bool, args []string) (experiment.SweepStatus, bool, error) {
	return p.sweep.Merge(p.dir, out, allow, results.Manifest{Command: args})
}

// failed lists runs that failed, each with the command that repeats it; nil if there are none.
func (p *planned) failed(list []experiment.Failure) error {
	if len(list) == 0 {
		return nil
	}
	return errors.New(failures(p.sweep, p.dir, list))
}

// failures writes runs that failed, two lines each.
func failures(s *experiment.Sweep, dir string, list []experiment.Failure) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s failed:", runs(len(list)))
	for _, f := range list {
		first, _, _ := strings.Cut(f.Error, "\n")
		fmt.Fprintf(&b, "\n%s: %s\n  coexist sweep run %s --only %d --retry-failed", s.Describe(f.Run), first, pasted(dir), f.Run)
	}
	return b.String()
}
