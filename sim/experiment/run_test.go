package experiment

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"coexist/configs"
	"coexist/sim"
	"coexist/sim/place"
	"coexist/sim/place/england"
	"coexist/sim/results"
)

// readEngland reads the tables of England once for all tests.
var readEngland = sync.OnceValues(func() (*place.England, error) { return place.Read(england.FS()) })

// small is a plan of two tiny worlds, two scenarios and two runs.
func small(t *testing.T, sets ...string) Plan {
	t.Helper()
	e, err := readEngland()
	if err != nil {
		t.Fatal(err)
	}
	p := Plan{Seed: 1, Runs: 2, Sample: .05, Workers: 1}
	for _, name := range []string{"synthetic:residents=12000,seed=1", "synthetic:residents=12000,seed=2"} {
		at, err := e.Resolve(name)
		if err != nil {
			t.Fatal(err)
		}
		p.Worlds = append(p.Worlds, World{Name: at.Code, Place: at, Tracked: 30})
	}
	for _, name := range []string{"status-quo", "airline"} {
		c, err := configs.Read(name, configs.Options{Set: append([]string{"time.years=2", "time.warmup_years=3"}, sets...)})
		if err != nil {
			t.Fatal(err)
		}
		p.Scenarios = append(p.Scenarios, c)
	}
	return p
}

// identity is enough of one for a folder of a plan.
func identity(p Plan) results.Identity {
	id := results.Identity{Version: "test", Runs: p.Runs, Sample: p.Sample, Years: p.Years(), CSV: true}
	for _, c := range p.Scenarios {
		id.Scenarios = append(id.Scenarios, c.Name)
	}
	for _, w := range p.Worlds {
		id.Places = append(id.Places, w.Name)
	}
	return id
}

// finish runs a plan into a folder and returns its tables.
func finish(t *testing.T, p Plan, dir string, ctx context.Context, tell func(Progress)) (Summary, map[string][]byte, error) {
	t.Helper()
	w, err := results.Create(dir, identity(p))
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	p.Out = w
	sum, err := Run(ctx, p, tell)
	if err != nil {
		return sum, nil, err
	}
	if w.Used().PatientEvents <= 0 || w.Used().CPUSeconds <= 0 {
		t.Errorf("used = %+v, want more than nothing", w.Used())
	}
	if err := w.Finish(results.Manifest{}); err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, name := range []string{"outcomes", "flows", "ledger", "organisations", "patients", "market_events"} {
		data, err := os.ReadFile(filepath.Join(dir, "data", name+".csv"))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = data
	}
	return sum, files, nil
}

func TestWorkersAndStopsDoNotShow(t *testing.T) {
	var want map[string][]byte
	var events int64
	for _, workers := range []int{1, 2, 3, 16} {
		p := small(t)
		p.Workers = workers
		var last Progress
		sum, got, err := finish(t, p, t.TempDir(), context.Background(), func(now Progress) { last = now })
		if err != nil {
			t.Fatal(err)
		}
		if last.Weeks != p.Weeks() || last.Weeks != last.AllWeeks || last.Runs != 8 || last.Runs != last.AllRuns {
			t.Errorf("%d workers: ended with %+v, want %d weeks and 8 runs", workers, last, p.Weeks())
		}
		if sum.Patients < 1000 || sum.Patients > 1400 {
			t.Errorf("%d workers: %d patients, want about %v", workers, sum.Patients, 2*12000*.05)
		}
		if want == nil {
			want, events = got, last.Events
		}
		for name := range want {
			if !bytes.Equal(got[name], want[name]) {
				t.Errorf("%d workers: %s differs from that of one", workers, name)
			}
		}
		if last.Events != events {
			t.Errorf("%d workers: %d events, want %d", workers, last.Events, events)
		}
	}
	stopAndGoOn(t, want)
}

// stopAndGoOn stops a run twice and goes on, and wants the tables of one that was not stopped.
func stopAndGoOn(t *testing.T, want map[string][]byte) {
	dir := t.TempDir()
	for _, weeks := range []int64{300, 900} {
		ctx, cancel := context.WithCancel(context.Background())
		p := small(t)
		p.Workers = 2
		_, _, err := finish(t, p, dir, ctx, func(now Progress) {
			if now.Weeks >= weeks {
				cancel()
			}
		})
		cancel()
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("stopped after %d weeks: %v, want %v", weeks, err, context.Canceled)
		}
	}
	_, got, err := finish(t, small(t), dir, context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for name := range want {
		if !bytes.Equal(got[name], want[name]) {
			t.Errorf("after two stops %s differs", name)
		}
	}
}

func TestPrecisionAddsRuns(t *testing.T) {
	p := small(t)
	p.Worlds = p.Worlds[:1]
	p.Precision = .05
	sum, _, err := finish(t, p, t.TempDir(), context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if sum.Runs <= p.Runs || sum.Runs > MaxRuns || len(sum.Seeds) != sum.Runs {
		t.Errorf("%d runs with %d seeds, want more than %d", sum.Runs, len(sum.Seeds), p.Runs)
	}
	if x := sum.Precision; x == nil || !x.Reached || x.Wanted != .05 || *x.Widest > .05 || x.Runs != sum.Runs {
		t.Errorf("%+v after %d runs", x, sum.Runs)
	}
	p.Scenarios = p.Scenarios[:1]
	if err := p.Check(); !errors.Is(err, configs.ErrInput) {
		t.Errorf("a precision of one scenario: %v", err)
	}
}

// A precision counts the runs that had ended before a stop and does not simulate them again.
func TestPrecisionGoesOnWithWhatHasEnded(t *testing.T) {
	plan := func() Plan {
		p := small(t)
		p.Worlds, p.Precision, p.Workers = p.Worlds[:1], .25, 1
		return p
	}
	whole, want, err := finish(t, plan(), t.TempDir(), context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	before := 0
	if _, _, err := finish(t, plan(), dir, ctx, func(now Progress) {
		if before = now.Runs; before == 3 {
			cancel()
		}
	}); !errors.Is(err, context.Canceled) {
		t.Fatalf("stopped: %v, want %v", err, context.Canceled)
	}
	var last Progress
	_, got, err := finish(t, plan(), dir, context.Background(), func(now Progress) { last = now })
	if err != nil {
		t.Fatal(err)
	}
	if last.Runs != 2*whole.Runs-before || last.Runs != last.AllRuns {
		t.Errorf("%d of %d runs were simulated after %d, want the other %d", last.Runs, last.AllRuns, before, 2*whole.Runs-before)
	}
	for name := range want {
		if !bytes.Equal(got[name], want[name]) {
			t.Errorf("%s differs from that of a run that was not stopped", name)
		}
	}
}

func TestPresetsShareOneWarmUp(t *testing.T) {
	var p Plan
	for _, b := range configs.Builtin() {
		c, err := configs.Read(b.Name, configs.Options{})
		if err != nil {
			t.Fatal(err)
		}
		p.Scenarios = append(p.Scenarios, c)
	}
	if n := len(p.warmUps()); n != 1 {
		t.Errorf("the presets have %d warm-ups, want 1", n)
	}
	other, err := p.Scenarios[0].With("health.control_pace=0.1")
	if err != nil {
		t.Fatal(err)
	}
	p.Scenarios = append(p.Scenarios, other)
	if n := len(p.warmUps()); n != 2 {
		t.Errorf("with a scenario of another world there are %d warm-ups, want 2", n)
	}
}

func TestReformsComeInTheirWeek(t *testing.T) {
	c := configs.Default()
	c.Reforms = []configs.Reform{
		{When: "2012-10", Set: map[string]any{"choice.offered": .9}},
		{When: "2010-04", Set: map[string]any{"choice.offered": .1}},
		{When: "2031-04", Set: map[string]any{"choice.offered": .2}},
	}
	list, err := sim.Calendar(c)
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 2 || list[0].Config.Choice.Offered != .1 || list[1].Week != 2*52+26 || list[1].Config.Choice.Offered != .9 {
		t.Errorf("calendar = %d changes, want .1 at once and .9 in week %d", len(list), 2*52+26)
	}
}

func TestReformChangesWhatFollows(t *testing.T) {
	p := small(t)
	p.Worlds, p.Scenarios, p.Runs = p.Worlds[:1], p.Scenarios[:1], 1
	_, plain, err := finish(t, p, t.TempDir(), context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	p.Scenarios[0].Reforms = []configs.Reform{{When: "2011-04", Set: map[string]any{"contact.threshold": 3.}}}
	_, reformed, err := finish(t, p, t.TempDir(), context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	a, b := bytes.Split(plain["outcomes"], []byte("\n")), bytes.Split(reformed["outcomes"], []byte("\n"))
	for i := range a {
		if i < len(b) && bytes.Equal(a[i], b[i]) {
			continue
		}
		if quarter := bytes.Split(a[i], []byte(","))[4]; string(quarter) != "5" { // no comma in the place
			t.Errorf("the first row that differs is of quarter %s, want 5: %s", quarter, a[i])
		}
		return
	}
	t.Error("the reform changed nothing")
}

func TestCheckTellsAllFaults(t *testing.T) {
	p := small(t)
	p.Worlds[1].Name = p.Worlds[0].Name
	p.Scenarios[1].Name = p.Scenarios[0].Name
	p.Scenarios[1].Time.Years = 3
	p.Runs, p.Sample = 0, 2
	err := p.Check()
	if !errors.Is(err, configs.ErrInput) {
		t.Errorf("Check = %v, want an %v", err, configs.ErrInput)
	}
	if n := bytes.Count([]byte(err.Error()), []byte("\n")) + 1; n != 5 {
		t.Errorf("%d faults, want 5:\n%v", n, err)
	}
}
