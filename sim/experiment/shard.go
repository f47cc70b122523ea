package experiment

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"coexist/configs"
	"coexist/sim"
	"coexist/sim/results"
	"coexist/sim/tables"
)

// SweepJob is the work of one process on a sweep: some runs of its plan. Any number of processes may work
// on one folder, on the same runs too: each run is one file, the same bytes whoever writes it.
type SweepJob struct {
	Sweep   *Sweep
	Dir     string  // folder of the sweep
	Worlds  []World // in the order of Sweep.Places
	Runs    []int   // indices to do, in order
	Workers int     // goroutines, at least 1
	WarmUps int     // warmed-up worlds held at once at most, at least 1; 0: as many as are wanted
	Retry   bool    // runs that failed are tried again

	// simulate is called by tests before a run branches; its error, or panic, fails the run.
	simulate func(ctx context.Context, m *sim.Model, c configs.Config) error
}

// SweepSummary says what a job did.
type SweepSummary struct {
	Done    int       // runs of the job that are there now
	Resumed int       // of them, runs that were there before
	Failed  []Failure // runs of the job that failed, now or before, in order
}

// warmed is what the runs of a group branch from.
type warmed struct {
	left  int // runs of the job that still need it
	state warmState
	model *sim.Model // when ready
	one   *sync.Mutex
	err   error // of the warm-up: all its runs fail
}

type warmState uint8

const (
	cold warmState = iota
	warming
	ready
)

// crew hands the runs of a job to its workers.
type crew struct {
	*SweepJob
	tell   func(Progress)
	cancel context.CancelCauseFunc
	meter  *meter

	mu       sync.Mutex
	wake     sync.Cond
	pending  []int           // runs to begin, in order
	groups   map[int]*warmed // of the pending and running ones
	open     int             // groups that are warming or ready
	running  int
	progress Progress
	sum      SweepSummary
	usage    processUsage
	noted    time.Time // when usage was last written
	path     string    // of usage
	writing  chan struct{}
	written  sync.WaitGroup
}

// mostWriting is how many ended runs may wait for the disk at once.
const mostWriting = 8

// processUsage is what one process took, as usage/ has it.
type processUsage struct {
	Runs         int     `json:"runs"`
	CPUSeconds   float64 `json:"cpu_seconds"`
	ClockSeconds float64 `json:"clock_seconds"`
	PeakRSSBytes int64   `json:"peak_rss_bytes"`
	started      time.Time
}

// Run does what is missing of the job. A run that fails is noted and stops no other; when ctx is done Run
// stops within a week of simulated time and returns its error. tell is called with progress, never by
// two goroutines at once; it may be nil.
func (j *SweepJob) Run(ctx context.Context, tell func(Progress)) (SweepSummary, error) {
	if err := j.check(); err != nil {
		return SweepSummary{}, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	host, _ := os.Hostname() // no name is no obstacle
	now := time.Now()
	c := &crew{SweepJob: j, tell: tell, cancel: cancel, meter: newMeter(max(j.Workers, 1)), groups: map[int]*warmed{},
		writing: make(chan struct{}, mostWriting), path: filepath.Join(j.Dir, usageName, fmt.Sprintf("%s-%d-%x.json", host, os.Getpid(), now.UnixNano()))}
	c.usage.started, c.noted = now, now
	c.wake.L = &c.mu
	c.gather()
	c.report(0, 0, 0)
	var wait sync.WaitGroup
	for range max(j.Workers, 1) {
		wait.Go(func() { c.work(ctx) })
	}
	stop := context.AfterFunc(ctx, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.wake.Broadcast()
	})
	defer stop()
	wait.Wait()
	c.written.Wait()
	slices.SortFunc(c.sum.Failed, func(a, b Failure) int { return a.Run - b.Run })
	if c.usage.Runs > 0 {
		if err := c.noteUsage(); err != nil && ctx.Err() == nil {
			return c.sum, err
		}
	}
	return c.sum, context.Cause(ctx)
}

// check compares the worlds with the plan.
func (j *SweepJob) check() error {
	if len(j.Worlds) != len(j.Sweep.Places) {
		return sweepFault("%d places, the plan has %d", len(j.Worlds), len(j.Sweep.Places))
	}
	for i, w := range j.Worlds {
		if p := j.Sweep.Places[i]; w.Name != p.Name || w.Place.Hash() != p.Hash {
			return sweepFault("place %s is not the one of the plan, %s", w.Name, p.Name)
		}
	}
	return nil
}

// gather lists what is to be done.
func (c *crew) gather() {
	for _, i := range c.Runs {
		r := &c.Sweep.Runs[i]
		if hasRun(c.Dir, r.Key) {
			c.sum.Done++
			c.sum.Resumed++
			continue
		}
		if f, ok := c.Sweep.failure(c.Dir, i); ok && !c.Retry {
			c.sum.Failed = append(c.sum.Failed, f)
			continue
		}
		if c.groups[r.Group] == nil {
			c.groups[r.Group] = &warmed{one: new(sync.Mutex)}
			c.progress.AllWeeks += 52 * int64(c.Sweep.WarmUp)
		}
		c.groups[r.Group].left++
		c.pending = append(c.pending, i)
	}
	c.progress.AllRuns = len(c.pending)
	c.progress.AllWeeks += 52 * int64(c.Sweep.Years) * int64(len(c.pending))
}

// work does runs until there are none.
func (c *crew) work(ctx context.Context) {
	for {
		i, inside, ok := c.next(ctx)
		if !ok {
			return
		}
		g := c.groups[c.Sweep.Runs[i].Group] // the map has stopped growing
		if g.state == warming {
			model, err := c.warmUp(ctx, i, inside)
			c.mu.Lock()
			g.model, g.err, g.state = model, err, ready
			c.running--
			c.wake.Broadcast()
			c.mu.Unlock()
			continue // with the first run that can begin
		}
		err := g.err
		var rows []tables.Outcome
		var rec runRecord
		there := hasRun(c.Dir, c.Sweep.Runs[i].Key) // another process may have been faster
		if err == nil && !there {
			rows, rec, err = c.branch(ctx, i, g, inside)
		}
		if err == nil || ctx.Err() == nil { // a run that has come to its end is kept, also beside a stop
			c.writing <- struct{}{} // the disk goes on while the next run does
			c.written.Go(func() {
				c.keep(i, there, rows, rec, err)
				<-c.writing
			})
		}
		c.mu.Lock()
		if g.left--; g.left == 0 {
			g.model = nil
			c.open--
		}
		c.running--
		c.wake.Broadcast()
		c.mu.Unlock()
	}
}

// next waits for a run that can begin and says how many goroutines it may use inside. If its group is
// warming then the warm-up is the caller's to do, and the run stays pending.
func (c *crew) next(ctx context.Context) (run, inside int, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for {
		if ctx.Err() != nil || len(c.pending) == 0 {
			return 0, 0, false
		}
		for k, i := range c.pending {
			g := c.groups[c.Sweep.Runs[i].Group]
			room := c.WarmUps <= 0 || c.open < c.WarmUps
			if g.state == warming || g.state == cold && !room {
				continue
			}
			if g.state == cold {
				g.state = warming
				c.open++
			} else {
				c.pending = slices.Delete(c.pending, k, k+1)
			}
			c.running++
			return i, c.inside(), true
		}
		c.wake.Wait()
	}
}

// inside is how many goroutines a run gets: all workers have one while there are enough runs.
func (c *crew) inside() int {
	free := 0
	for _, i := range c.pending {
		if c.groups[c.Sweep.Runs[i].Group].state != warming {
			free++
		}
		if free+c.running >= c.Workers {
			return 1
		}
	}
	return max(c.Workers/max(free+c.running, 1), 1)
}

// report adds to the progress and tells it.
func (c *crew) report(weeks int64, runs int, events int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.progress.Weeks += weeks
	c.progress.Runs += runs
	c.progress.Events += events
	if c.tell != nil && c.progress.AllRuns > 0 {
		c.tell(c.progress)
	}
}

// safely turns a panic of the model into an error, so that it fails one run and not the sweep.
func safely(do func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	return do()
}

// steps steps a model so many weeks and reports on the way.
func (c *crew) steps(ctx context.Context, m *sim.Model, from, weeks int64) error {
	told := m.Events()
	for week := from + 1; week <= from+weeks; week++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := m.Step(); err != nil {
			return err
		}
		if week%13 == 0 {
			c.report(13, 0, m.Events()-told)
			told = m.Events()
		}
	}
	return nil
}

// warmUp brings the world of a run to the point from which it and the others of its group branch.
func (c *crew) warmUp(ctx context.Context, i, inside int) (m *sim.Model, err error) {
	err = safely(func() error {
		a := c.Sweep.at(i)
		config, err := c.Sweep.config(a)
		if err != nil {
			return err
		}
		m, err = sim.New(sim.Settings{Place: c.Worlds[a.Place].Place, Config: sim.WarmUp(config), Seed: c.Sweep.seedOf(a), Sample: c.Sweep.Sample, Workers: inside})
		if err != nil {
			return err
		}
		if err := c.steps(ctx, m, 0, 52*config.Time.WarmupYears); err != nil {
			return fmt.Errorf("warm-up: %w", err)
		}
		return m.WarmUp()
	})
	return m, err
}

// branch runs one scenario from the end of its warm-up and returns the rows that the sweep keeps.
func (c *crew) branch(ctx context.Context, i int, g *warmed, inside int) (rows []tables.Outcome, rec runRecord, err error) {
	err = safely(func() error {
		a := c.Sweep.at(i)
		config, err := c.Sweep.config(a)
		if err != nil {
			return err
		}
		if key := c.Sweep.key(a, config.Hash()); key != c.Sweep.Runs[i].Key {
			return fmt.Errorf("key %s, the plan has %s: %w", key, c.Sweep.Runs[i].Key, results.ErrDamaged)
		}
		if c.simulate != nil {
			if err := c.simulate(ctx, g.model, config); err != nil {
				return err
			}
		}
		reforms, err := sim.Calendar(config)
		if err != nil {
			return err
		}
		rec.patients, rec.warmUp = g.model.Start(), g.model.Events()
		g.one.Lock()
		m, err := g.model.Branch(reforms[0].Config)
		g.one.Unlock()
		if err != nil {
			return err
		}
		m.SetWorkers(inside)
		k := 1
		for week, end := int64(0), 52*config.Time.Years; week < end; {
			until := min(week/52*52+52, end)
			if k < len(reforms) {
				until = min(until, reforms[k].Week)
			}
			if err := c.steps(ctx, m, week, until-week); err != nil {
				return err
			}
			if week = until; k < len(reforms) && reforms[k].Week == week {
				if err := m.Reform(reforms[k].Config); err != nil {
					return err
				}
				k++
			}
			if week%52 == 0 {
				b := m.Take()
				rows = c.pick(rows, b.Outcomes, a)
			}
		}
		rec.events = m.Events() - rec.warmUp
		return nil
	})
	return rows, rec, err
}

// pick appends the rows that the sweep keeps.
func (c *crew) pick(kept, rows []tables.Outcome, a sweepAt) []tables.Outcome {
	for k := range rows {
		if o := &rows[k]; c.Sweep.keeps(o) {
			o.Place, o.Scenario, o.Run, o.Seed = c.Sweep.Places[a.Place].Name, c.Sweep.Scenarios[a.Scenario].Name, 1, c.Sweep.seedOf(a)
			kept = append(kept, *o)
		}
	}
	return kept
}

// keep publishes a run that ended, or notes that it failed. What cannot be written stops the job.
func (c *crew) keep(i int, there bool, rows []tables.Outcome, rec runRecord, err error) {
	r := &c.Sweep.Runs[i]
	var data []byte
	if err == nil && !there {
		data, err = encodeRun(r.Key, rows, rec)
	}
	var failure Failure
	var trouble error
	switch {
	case err != nil:
		failure, trouble = c.Sweep.fail(c.Dir, i, err)
	case !there:
		trouble = publish(runPath(c.Dir, r.Key), data, func() bool { return hasRun(c.Dir, r.Key) })
		if e := os.Remove(failedPath(c.Dir, r.Key)); e != nil && !errors.Is(e, os.ErrNotExist) {
			trouble = errors.Join(trouble, e)
		}
	}
	if trouble != nil {
		c.cancel(trouble)
		return
	}
	c.mu.Lock()
	if err != nil {
		c.sum.Failed = append(c.sum.Failed, failure)
	} else {
		c.sum.Done++
	}
	c.usage.Runs++
	if time.Since(c.noted) > usageEvery {
		c.noted = time.Now()
		if err := c.noteUsage(); err != nil {
			c.cancel(err)
		}
	}
	c.mu.Unlock()
	weeks := int64(0)
	if there || err != nil {
		weeks = 52 * int64(c.Sweep.Years) // so that the end is where it was said to be
	}
	c.report(weeks, 1, 0)
}

// usageEvery is how often a process writes down what it took, so that a kill loses little of it.
const usageEvery = 5 * time.Second

// noteUsage writes what this process took so far.
func (c *crew) noteUsage() error {
	u := &c.usage
	u.CPUSeconds += c.meter.take()
	u.ClockSeconds = time.Since(u.started).Seconds()
	u.PeakRSSBytes = PeakMemory()
	data, err := json.Marshal(u)
	if err != nil {
		return err
	}
	return publish(c.path, append(data, '\n'), func() bool { return false })
}

// Cost is what a sweep takes of a processor, in seconds for a person or what counts like one.
type Cost struct {
	Week  float64 // stepping a week
	World float64 // making a world, for each warm-up
	Run   float64 // branching and writing, for each run
}

// pilotTime is how long a pilot may take, in processor seconds, once its world is made.
const pilotTime = 2.0

// Pilot measures what a sweep will cost at one place: a warm-up under its first scenario and then a year of
// the regime, as far as they go in a few seconds. It is a forecast and no promise: queues, and with them
// the work of a week, grow in the first years.
func Pilot(ctx context.Context, w World, c configs.Config, sample float64, seed int64) (cost Cost, err error) {
	clock := newMeter(1)
	m, err := sim.New(sim.Settings{Place: w.Place, Config: sim.WarmUp(c), Seed: seed, Sample: sample, Workers: 1})
	if err != nil {
		return cost, fmt.Errorf("%s: %w", w.Name, err)
	}
	scale := float64(m.Start()) + worldWeight
	cost.World = clock.take() / scale
	spent, weeks := 0.0, int64(0)
	step := func(m *sim.Model, until int64) error {
		for ; weeks < until && (spent < pilotTime || weeks < 13); weeks++ {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := m.Step(); err != nil {
				return fmt.Errorf("%s: %w", w.Name, err)
			}
			spent += clock.take()
		}
		return nil
	}
	before := 52 * c.Time.WarmupYears
	if err := step(m, before); err != nil {
		return cost, err
	}
	cost.Run = cost.World // until it is known better: a branch copies the world
	if weeks == before {
		if err := m.WarmUp(); err != nil {
			return cost, fmt.Errorf("%s: %w", w.Name, err)
		}
		clock.take()
		if m, err = m.Branch(c); err != nil {
			return cost, fmt.Errorf("%s: %w", w.Name, err)
		}
		cost.Run = clock.take() / scale
		if err := step(m, before+52); err != nil {
			return cost, err
		}
	}
	cost.Week = spent / float64(weeks) / scale
	return cost, nil
}
