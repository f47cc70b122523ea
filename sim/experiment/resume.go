package experiment

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"coexist/sim"
	"coexist/sim/checkpoint"
	"coexist/sim/results"
)

// fork is a world from which several scenarios start.
type fork struct {
	mu       sync.Mutex // lets one branch at a time
	world    *sim.Model // nil once the last has taken it
	toBranch int        // scenarios that have not begun
	toEnd    int        // and that have not ended
}

// take makes the branch of one scenario. The last takes the world itself, so that a single run holds one
// state and not two. events are those of the world before.
func (f *fork) take(branch func(*sim.Model) (*sim.Model, error), become func(*sim.Model) error) (m *sim.Model, events int64, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	world := f.world
	events = world.Events()
	if f.toBranch--; f.toBranch > 0 {
		m, err = branch(world)
		return m, events, err
	}
	f.world = nil
	return world, events, become(world)
}

// warmHistory and runHistory name the checkpoints of a warm-up and of a run.
func (t *task) warmHistory() string {
	return fmt.Sprintf("warm-%05d-%05d-%05d", t.world, t.warm, t.run)
}

func (t *task) runHistory() string {
	return fmt.Sprintf("run-%05d-%05d-%05d", t.world, t.scenario, t.run)
}

// only reports whether the plan is a single run, whose checkpoints stay: others may start from them.
func (p *Plan) only() bool { return len(p.Worlds)*len(p.Scenarios)*p.Runs == 1 && p.Precision == 0 }

// files lists the checkpoints from which a history can go on, the latest first.
func (s *scheduler) files(history string) []string {
	if s.plan.Store == nil || s.plan.Precision > 0 { // a precision asks for the rows of every year
		return nil
	}
	return s.plan.Store.Files(history)
}

// forget removes the checkpoints of a history that has ended, unless they are to be started from.
func (s *scheduler) forget(history string) error {
	if s.plan.Store == nil || s.plan.only() {
		return nil
	}
	return s.plan.Store.Keep(history, 0)
}

// isDue reports whether a checkpoint follows a week.
func (s *scheduler) isDue(week, weeks int64) bool {
	return s.plan.Every > 0 && week%52 == 0 && (week/52%s.plan.Every == 0 || week == weeks)
}

// warn tells of a checkpoint that cannot be gone on from.
func (s *scheduler) warn(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.plan.Warn != nil {
		s.plan.Warn(err)
	}
}

// tellTaken tells of a checkpoint that is gone on from.
func (s *scheduler) tellTaken(path string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.plan.Taken != nil {
		s.plan.Taken(path)
	}
}

// restore makes the model of the latest of some checkpoints that can be used; nil if there is none. fit
// prepares what lies outside the model, such as rows.
func (s *scheduler) restore(t *task, history string, inside int, fit func(*checkpoint.File) error) (*sim.Model, *checkpoint.File) {
	for _, path := range s.files(history) {
		f, err := s.plan.Store.Open(path, history)
		if err != nil {
			s.warn(err)
			continue
		}
		m, err := s.load(f, t, inside)
		if err == nil {
			err = fit(f)
		}
		f.Close()
		if err == nil {
			s.tellTaken(path)
			return m, f
		}
		s.warn(err)
	}
	return nil, nil
}

// load makes the model of a checkpoint that is known to fit.
func (s *scheduler) load(f *checkpoint.File, t *task, inside int) (*sim.Model, error) {
	return f.Model(sim.Settings{Place: s.plan.Worlds[t.world].Place, Workers: inside})
}

// begin is the world of a warm-up: from the past of the plan, from a checkpoint, or new.
func (s *scheduler) begin(t *task, inside int) (*sim.Model, error) {
	if s.plan.From != nil {
		return s.load(s.plan.From, t, inside)
	}
	m, f := s.restore(t, t.warmHistory(), inside, func(*checkpoint.File) error { return nil })
	if m != nil {
		t.cpu = f.CPU
		return m, nil
	}
	return s.newWorld(*t, inside)
}

// goOn takes up a run where a checkpoint left it. Where none can be used, it returns the warm-up that must
// come first.
func (s *scheduler) goOn(t *task, inside int) (*sim.Model, []task) {
	m, f := s.restore(t, t.runHistory(), inside, func(f *checkpoint.File) error {
		err := s.plan.Out.Rewind(t.key(), f.Mark)
		if errors.Is(err, results.ErrDamaged) {
			return fmt.Errorf("%s: %w: %w", f.Path, checkpoint.ErrUnusable, err)
		}
		return err
	})
	if m == nil {
		if err := s.plan.Out.Rewind(t.key(), 0); err != nil {
			s.warn(err)
		}
		s.mu.Lock()
		s.progress.AllWeeks += s.warmWeeks(t.warm)
		s.mu.Unlock()
		return nil, []task{{world: t.world, run: t.run, warm: t.warm, scenario: -1, wanted: []int{t.scenario}}}
	}
	t.cpu, t.before = f.CPU, f.Before
	s.noteStart(t, m)
	return m, nil
}

// warmWeeks is how long a warm-up is.
func (s *scheduler) warmWeeks(warm int) int64 {
	if s.plan.From != nil {
		return 0
	}
	return 52 * s.warms[warm].config.Time.WarmupYears
}

// noteStart notes how many people a world begins with.
func (s *scheduler) noteStart(t *task, m *sim.Model) {
	if t.run == 0 && t.warm == 0 {
		s.mu.Lock()
		s.starts[t.world] = m.Start()
		s.mu.Unlock()
	}
}

// saveWarmUp writes a checkpoint of a warm-up.
func (s *scheduler) saveWarmUp(t *task, m *sim.Model) error {
	t.cpu += s.meter.take()
	return s.plan.Store.Save(t.warmHistory(), checkpoint.Head{CPU: t.cpu}, m)
}

// saveRun makes the rows of a run durable and writes a checkpoint of it.
func (s *scheduler) saveRun(t *task, m *sim.Model) error {
	mark, err := s.plan.Out.Mark(t.key())
	if err != nil {
		return err
	}
	t.cpu += s.meter.take()
	return s.plan.Store.Save(t.runHistory(), checkpoint.Head{CPU: t.cpu, Before: t.before, Mark: mark}, m)
}

// stop ends a task early: with a checkpoint if the plan has them and it is quick, else the last one
// stands. It returns why the task was stopped.
func (s *scheduler) stop(ctx context.Context, m *sim.Model, save func() error) error {
	why := ctx.Err()
	s.mu.Lock()
	together, failed := int64(s.running), s.failed
	s.mu.Unlock()
	if s.plan.Every == 0 || failed || !s.plan.Store.IsQuick(m.SnapshotSize()*together) {
		return why
	}
	if err := save(); err != nil {
		s.warn(err)
	}
	return why
}
