package experiment

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"coexist/configs"
	"coexist/sim"
	"coexist/sim/results"
	"coexist/sim/tables"
)

// Progress says how far a plan is.
type Progress struct {
	Weeks, AllWeeks int64 // of one world; all of them grow where a precision adds runs
	Runs, AllRuns   int   // ended, of all
	Events          int64 // patient events so far
}

// Summary says what running a plan took and found.
type Summary struct {
	Patients  int64 // people at the start, summed over places, of one run
	Runs      int   // of each scenario in each world
	Seeds     []int64
	Precision *results.Precision // how narrow the intervals are; nil: none was asked for
}

// Run runs a plan and hands every run to p.Out, which puts them in order; the caller finishes it. tell
// is called with progress, never by two goroutines at once; it may be nil. As many runs as there are
// workers go on side by side, each on one goroutine; with fewer runs each has more. Neither shows
// in the results.
//
// When ctx is done, Run stops within a week of simulated time and returns its error; runs that had
// ended are kept and are not run again by a Run with the same p.Out.
func Run(ctx context.Context, p Plan, tell func(Progress)) (Summary, error) {
	if err := p.Check(); err != nil {
		return Summary{}, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	s := &scheduler{plan: p, warms: p.warmUps(), tell: tell, cancel: cancel, meter: newMeter(max(p.Workers, 1)), starts: map[int]int64{}, values: NewValues(p.Years())}
	s.wake.L = &s.mu
	have := 0
	var reached results.Precision
	for runs := p.Runs; ; runs = min(runs+max(p.Runs, 2), MaxRuns) {
		if err := s.block(ctx, have, runs); err != nil {
			return Summary{}, err
		}
		have = runs
		if p.Precision == 0 {
			break
		}
		if reached = s.precision(runs); reached.Reached || runs >= MaxRuns {
			break
		}
	}
	if err := s.forgetWarmUps(have); err != nil {
		return Summary{}, err
	}
	sum := Summary{Runs: have}
	if p.Precision > 0 {
		sum.Precision = &reached
	}
	for r := range have {
		sum.Seeds = append(sum.Seeds, p.Seed+int64(r))
	}
	for i := range p.Worlds {
		n, ok := s.starts[i]
		if !ok { // all of its runs were there already
			m, err := s.newWorld(task{world: i}, max(p.Workers, 1))
			if err != nil {
				return Summary{}, err
			}
			n = m.Start()
		}
		sum.Patients += n
	}
	return sum, nil
}

// task is one warm-up, or one branch of it.
type task struct {
	world, run, warm int     // indices; warm of Plan.warmUps
	scenario         int     // index, or -1: the warm-up
	from             *fork   // of a branch; nil: it goes on from a checkpoint
	wanted           []int   // of a warm-up: scenarios that start from it
	before           int64   // of a branch: patient events before it
	cpu              float64 // processor seconds that other processes have spent on it
}

// scheduler hands tasks to workers.
type scheduler struct {
	plan   Plan
	warms  []warmUp
	tell   func(Progress)
	cancel context.CancelCauseFunc // stops all tasks when one has failed
	meter  *meter

	mu       sync.Mutex
	wake     sync.Cond
	warm     []task // warm-ups to do
	ready    []task // branches that can start
	running  int
	failed   bool // a task ended with a fault: the others stop, and there is nothing to go on to
	progress Progress
	starts   map[int]int64 // people at the start by world
	values   *Values       // of the headline measures, where a precision asks for them
}

// key is where the rows of a task belong.
func (t *task) key() results.RunKey {
	return results.RunKey{Place: t.world, Scenario: t.scenario, Run: t.run}
}

// wanted reports whether a run must be simulated: it has not ended.
func (s *scheduler) wanted(k results.RunKey) bool { return !s.plan.Out.Have(k) }

// takeUp counts a run that was there already: its headline, where a precision asks for it, is read from
// its rows.
func (s *scheduler) takeUp(k results.RunKey) error {
	if s.plan.Precision == 0 {
		return nil
	}
	rows, err := s.plan.Out.Outcomes(k)
	s.note(rows)
	return err
}

// block runs the runs from (with) to (without); those that were there already are not run again.
func (s *scheduler) block(ctx context.Context, from, to int) error {
	t := s.plan.Scenarios[0].Time
	for i := range s.plan.Worlds {
		for r := from; r < to; r++ {
			for w, warm := range s.warms {
				first := task{world: i, run: r, warm: w, scenario: -1}
				for _, k := range warm.scenarios {
					one := task{world: i, run: r, warm: w, scenario: k}
					switch {
					case !s.wanted(one.key()):
						if err := s.takeUp(one.key()); err != nil {
							return err
						}
					case len(s.files(one.runHistory())) > 0:
						s.ready = append(s.ready, one)
						s.progress.AllRuns++
						s.progress.AllWeeks += 52 * t.Years
					default:
						first.wanted = append(first.wanted, k)
					}
				}
				if n := len(first.wanted); n > 0 {
					s.warm = append(s.warm, first)
					s.progress.AllRuns += n
					s.progress.AllWeeks += s.warmWeeks(w) + 52*int64(n)*t.Years
				}
			}
		}
	}
	s.report(0, 0, 0)
	workers := max(s.plan.Workers, 1)
	if s.plan.Together > 0 {
		workers = min(workers, s.plan.Together)
	}
	var wait sync.WaitGroup
	for range workers {
		wait.Go(func() {
			for {
				t, inside, ok := s.next(ctx)
				if !ok {
					return
				}
				s.done(s.do(ctx, t, inside))
			}
		})
	}
	stop := context.AfterFunc(ctx, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.wake.Broadcast()
	})
	defer stop()
	wait.Wait()
	return context.Cause(ctx)
}

// next waits for a task and says how many goroutines it may use inside. A warm-up is begun only when
// no branch is ready, so that few states are held at once.
func (s *scheduler) next(ctx context.Context) (t task, inside int, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.ready) == 0 && len(s.warm) == 0 && s.running > 0 && ctx.Err() == nil {
		s.wake.Wait()
	}
	if ctx.Err() != nil || len(s.ready)+len(s.warm) == 0 {
		return t, 0, false
	}
	inside = s.inside(len(s.ready) + len(s.warm) + s.running)
	if len(s.ready) > 0 {
		t, s.ready[0] = s.ready[0], task{} // so that a warm-up can be freed after its last branch
		s.ready = s.ready[1:]
	} else {
		t, s.warm = s.warm[0], s.warm[1:]
	}
	s.running++
	return t, inside, true
}

// inside is how many goroutines a run gets when so many runs want some.
func (s *scheduler) inside(runs int) int {
	together := max(runs, 1)
	if s.plan.Together > 0 {
		together = min(together, s.plan.Together)
	}
	return max(s.plan.Workers/together, 1)
}

// share is how many goroutines a run in hand may use from now on.
func (s *scheduler) share() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.inside(len(s.ready) + len(s.warm) + s.running)
}

// done notes the end of a task and the branches that it makes possible.
func (s *scheduler) done(branches []task, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running--
	s.ready = append(s.ready, branches...)
	if err != nil {
		s.failed = s.failed || !errors.Is(err, context.Canceled)
		s.cancel(err) // the first cause stands
	}
	s.wake.Broadcast()
}

// report adds to the progress and tells it.
func (s *scheduler) report(weeks int64, runs int, events int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.progress.Weeks += weeks
	s.progress.Runs += runs
	s.progress.Events += events
	if s.tell != nil {
		s.tell(s.progress)
	}
}

// do does a task and returns those that it makes possible.
func (s *scheduler) do(ctx context.Context, t task, inside int) ([]task, error) {
	if t.scenario < 0 {
		return s.warmUp(ctx, t, inside)
	}
	return s.branch(ctx, t, inside)
}

// newWorld makes a world at the start of its warm-up.
func (s *scheduler) newWorld(t task, inside int) (*sim.Model, error) {
	w := &s.plan.Worlds[t.world]
	past := s.warms[t.warm].config
	if s.plan.Draw != nil { // what scenarios share in their warm-up they share as drawn
		c, err := s.plan.scenario(s.warms[t.warm].scenarios[0], t.run)
		if err != nil {
			return nil, fmt.Errorf("%s, run %d: %w", w.Name, t.run+1, err)
		}
		past = sim.WarmUp(c)
	}
	set := sim.Settings{Place: w.Place, Config: past, Seed: s.plan.Seed + int64(t.run), Sample: s.plan.Sample, Workers: inside}
	if t.run == 0 {
		set.Tracked = w.Tracked
	}
	m, err := sim.New(set)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", w.Name, err)
	}
	return m, nil
}

// forgetWarmUps removes the checkpoints of warm-ups after all runs.
func (s *scheduler) forgetWarmUps(runs int) error {
	for i := range s.plan.Worlds {
		for w := range s.warms {
			for r := range runs {
				t := task{world: i, warm: w, run: r}
				if err := s.forget(t.warmHistory()); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// warmUp brings a world to the point from which its scenarios branch.
func (s *scheduler) warmUp(ctx context.Context, t task, inside int) ([]task, error) {
	m, err := s.begin(&t, inside)
	if err != nil {
		return nil, err
	}
	s.noteStart(&t, m)
	told, weeks := m.Events(), s.warmWeeks(t.warm)
	done := min(int64(m.Lived()), weeks)
	s.report(done, 0, 0)
	for week := done + 1; week <= weeks; week++ {
		if ctx.Err() != nil {
			return nil, s.stop(ctx, m, func() error { return s.saveWarmUp(&t, m) })
		}
		if err := m.Step(); err != nil {
			return nil, fmt.Errorf("%s, run %d, warm-up: %w", s.plan.Worlds[t.world].Name, t.run+1, err)
		}
		if week%13 == 0 {
			s.report(min(13, week-done), 0, m.Events()-told)
			told = m.Events()
		}
		if s.isDue(week, weeks) {
			if err := s.saveWarmUp(&t, m); err != nil {
				return nil, err
			}
		}
	}
	if err := m.WarmUp(); err != nil {
		return nil, fmt.Errorf("%s, run %d: %w", s.plan.Worlds[t.world].Name, t.run+1, err)
	}
	var branches []task
	f := &fork{world: m, toBranch: len(t.wanted), toEnd: len(t.wanted)}
	for _, k := range t.wanted {
		branches = append(branches, task{world: t.world, run: t.run, warm: t.warm, scenario: k, from: f})
	}
	branches[0].cpu = t.cpu
	return branches, nil
}

// enter makes the model of a run: a branch, or what a checkpoint holds. Without either it returns the
// warm-up that must come first.
func (s *scheduler) enter(t *task, first configs.Config, inside int) (m *sim.Model, before []task, err error) {
	if t.from == nil {
		m, before = s.goOn(t, inside)
		return m, before, nil
	}
	m, t.before, err = t.from.take(
		func(m *sim.Model) (*sim.Model, error) { return m.Branch(first) },
		func(m *sim.Model) error { return m.Become(first) })
	if err == nil {
		m.SetWorkers(inside)
	}
	return m, nil, err
}

// branch runs one scenario from the end of its warm-up, or from its last checkpoint, and hands over its
// rows.
func (s *scheduler) branch(ctx context.Context, t task, inside int) ([]task, error) {
	c := s.plan.Scenarios[t.scenario]
	where := func(err error) ([]task, error) {
		return nil, fmt.Errorf("%s, %s, run %d: %w", s.plan.Worlds[t.world].Name, c.Name, t.run+1, err)
	}
	c, err := s.plan.scenario(t.scenario, t.run)
	if err != nil {
		return where(err)
	}
	reforms, err := sim.Calendar(c)
	if err != nil {
		return where(err)
	}
	m, before, err := s.enter(&t, reforms[0].Config, inside)
	if err != nil {
		return where(err)
	}
	if m == nil {
		return before, nil
	}
	done, weeks := int64(m.Week()), 52*c.Time.Years
	reforms = slices.DeleteFunc(reforms[1:], func(r sim.Change) bool { return r.Week < done })
	s.report(done, 0, 0)
	told := m.Events()
	for week := done; week < weeks; week++ {
		if ctx.Err() != nil {
			return nil, s.stop(ctx, m, func() error { return errors.Join(s.hand(t, m), s.saveRun(&t, m)) })
		}
		for len(reforms) > 0 && reforms[0].Week == week {
			if err := m.Reform(reforms[0].Config); err != nil {
				return where(err)
			}
			reforms = reforms[1:]
		}
		if err := m.Step(); err != nil {
			return where(err)
		}
		if (week+1)%13 == 0 {
			s.report(min(13, week+1-done), 0, m.Events()-told)
			told = m.Events()
		}
		if (week+1)%52 == 0 {
			if err := s.hand(t, m); err != nil {
				return where(err)
			}
			if s.isDue(week+1, weeks) && (week+1 < weeks || s.plan.only()) {
				if err := s.saveRun(&t, m); err != nil {
					return where(err)
				}
			}
			if n := s.share(); n != inside {
				m.SetWorkers(n)
				inside = n
			}
		}
	}
	if err := s.end(t, m); err != nil {
		return where(err)
	}
	s.report(0, 1, 0)
	return nil, nil
}

// hand hands over the rows that a run has made. Those of a run that goes on from a checkpoint are read
// for the precision when all are there.
func (s *scheduler) hand(t task, m *sim.Model) error {
	b := m.Take()
	s.fill(&b, t)
	if s.plan.Precision > 0 && t.from != nil {
		s.note(b.Outcomes)
	}
	return s.plan.Out.Add(t.key(), b)
}

// end closes a run and removes the checkpoints that nobody needs any more.
func (s *scheduler) end(t task, m *sim.Model) error {
	used := results.Usage{PatientEvents: m.Events() - t.before, CPUSeconds: t.cpu + s.meter.take()}
	if t.scenario == s.warms[t.warm].scenarios[0] && s.plan.From == nil {
		used.PatientEvents = m.Events() // the warm-up, once
	}
	if err := s.plan.Out.End(t.key(), used); err != nil {
		return err
	}
	if err := s.forget(t.runHistory()); err != nil {
		return err
	}
	if t.from == nil {
		return s.takeUp(t.key())
	}
	t.from.mu.Lock()
	defer t.from.mu.Unlock()
	if t.from.toEnd--; t.from.toEnd > 0 {
		return nil
	}
	return s.forget(t.warmHistory())
}

// fill names the run in every row of a batch.
func (s *scheduler) fill(b *tables.Batch, t task) {
	place, scenario := s.plan.Worlds[t.world].Name, s.plan.Scenarios[t.scenario].Name
	run, seed := int32(t.run+1), s.plan.Seed+int64(t.run)
	for i := range b.Outcomes {
		r := &b.Outcomes[i]
		r.Place, r.Scenario, r.Run, r.Seed = place, scenario, run, seed
	}
	for i := range b.Organisations {
		r := &b.Organisations[i]
		r.Place, r.Scenario, r.Run, r.Seed = place, scenario, run, seed
	}
	for i := range b.Ledger {
		r := &b.Ledger[i]
		r.Place, r.Scenario, r.Run, r.Seed = place, scenario, run, seed
	}
	for i := range b.Flows {
		r := &b.Flows[i]
		r.Place, r.Scenario, r.Run, r.Seed = place, scenario, run, seed
	}
	for i := range b.Events {
		r := &b.Events[i]
		r.Place, r.Scenario, r.Run, r.Seed = place, scenario, run, seed
	}
	for i := range b.Patients {
		r := &b.Patients[i]
		r.Place, r.Scenario, r.Run, r.Seed = place, scenario, run, seed
	}
}
