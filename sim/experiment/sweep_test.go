package experiment

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"coexist/configs"
	"coexist/sim"
	"coexist/sim/results"

	"pgregory.net/rapid"
)

// The draws are the same in every run of the tests, so that a failure is the doing of the change under test;
// -rapid.seed=0 -rapid.checks=100000 goes looking in new ones.
func init() {
	if err := flag.Set("rapid.seed", "1"); err != nil {
		panic(err)
	}
}

const toyText = `
name = "toy"
places = ["synthetic:residents=1500,practices=2,hospitals=1,seed=1", "synthetic:residents=1500,practices=2,hospitals=1,seed=2"]
sample = 0.1
years = 4
runs = 2
scenarios = ["status-quo", "airline"]
measures = ["effective_options", "cost_per_head"]
groups = ["all", "rurality"]
[set]
time.warmup_years = 3
measures.panel_min = 100
[design]
kind = "list"
[[axis]]
name = "market.deficit_quarters"
values = [2, 3, 5]
[[axis]]
name = "choice.minutes"
values = [0.1, 0.1, 0.15]
`

// toy is a small sweep in worlds of 150 people: 24 runs in 8 groups and so many shards.
func toy(t testing.TB, shards int) (*Sweep, []World) {
	t.Helper()
	return sweepOf(t, toyText, shards)
}

// sweepOf is the sweep of an experiment's text in so many shards.
func sweepOf(t testing.TB, text string, shards int) (*Sweep, []World) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "toy.toml")
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	e, err := configs.ReadExperiment(file, configs.ExperimentOptions{Kinds: Kinds()})
	if err != nil {
		t.Fatal(err)
	}
	england, err := readEngland()
	if err != nil {
		t.Fatal(err)
	}
	var worlds []World
	for _, name := range e.Places {
		p, err := england.Resolve(name)
		if err != nil {
			t.Fatal(err)
		}
		worlds = append(worlds, World{Name: p.Code, Place: p})
	}
	d, err := DesignOf(e, "")
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewSweep(e, worlds, d, e.Sample, SweepOptions{Version: "test", Shards: shards, Workers: 1, Cost: Cost{1e-6, 1e-4, 1e-4}})
	if err != nil {
		t.Fatal(err)
	}
	return s, worlds
}

// saved is toy in a new folder.
func saved(t testing.TB, shards int) (*Sweep, []World, string) {
	t.Helper()
	s, worlds := toy(t, shards)
	dir := filepath.Join(t.TempDir(), "sweep")
	if _, err := s.Save(dir); err != nil {
		t.Fatal(err)
	}
	s, err := ReadSweep(dir) // as another process finds it
	if err != nil {
		t.Fatal(err)
	}
	return s, worlds, dir
}

// all lists every run.
func all(s *Sweep) []int {
	list := make([]int, len(s.Runs))
	for i := range list {
		list[i] = i
	}
	return list
}

// merged runs nothing, merges, and returns the bytes of every file but the manifest.
func merged(t *testing.T, s *Sweep, dir string) map[string]string {
	t.Helper()
	if _, _, err := s.Merge(dir, ResultDir(dir), false, results.Manifest{}); err != nil {
		t.Fatal(err)
	}
	return contents(t, ResultDir(dir))
}

// contents reads every file of a result but the manifest.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path == "manifest.json" {
			return err
		}
		data, err := os.ReadFile(filepath.Join(dir, path))
		files[path] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// sameFiles compares two results.
func sameFiles(t *testing.T, what string, got, want map[string]string) {
	t.Helper()
	for path := range want {
		if got[path] != want[path] {
			t.Errorf("%s: %s differs", what, path)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%s: %d files, want %d", what, len(got), len(want))
	}
}

// reference is the toy sweep done at once by one worker.
func reference(t *testing.T) map[string]string {
	t.Helper()
	s, worlds, dir := saved(t, 1)
	sum, err := (&SweepJob{Sweep: s, Dir: dir, Worlds: worlds, Runs: all(s), Workers: 1}).Run(context.Background(), nil)
	if err != nil || sum.Done != len(s.Runs) || len(sum.Failed) > 0 {
		t.Fatalf("%+v, %v", sum, err)
	}
	return merged(t, s, dir)
}

// TestSweepBytes: the merged bytes do not depend on shards, their order, workers, how many warm-ups are
// held, two processes on one shard, or stops.
func TestSweepBytes(t *testing.T) {
	want := reference(t)
	if lines := strings.Count(want[SweepTable], "\n"); lines < 24*2*2 {
		t.Fatalf("%s has %d lines", SweepTable, lines)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for _, c := range []struct{ shards, workers, warm int }{{1, 3, 1}, {3, 2, 2}, {8, 1, 0}, {24, 1, 1}} {
		t.Run(fmt.Sprintf("%d shards", c.shards), func(t *testing.T) {
			s, worlds, dir := saved(t, c.shards)
			for _, shard := range rng.Perm(c.shards) {
				list, err := s.Shard(shard)
				if err != nil {
					t.Fatal(err)
				}
				var wait sync.WaitGroup
				for range 2 { // two processes on it
					wait.Go(func() {
						j := &SweepJob{Sweep: s, Dir: dir, Worlds: worlds, Runs: list, Workers: c.workers, WarmUps: c.warm}
						if sum, err := j.Run(context.Background(), nil); err != nil || sum.Done != len(list) {
							t.Errorf("%+v, %v", sum, err)
						}
					})
				}
				wait.Wait()
			}
			sameFiles(t, "in shards", merged(t, s, dir), want)
		})
	}
	t.Run("stopped", func(t *testing.T) {
		s, worlds, dir := saved(t, 1)
		for stops := 1; ; stops++ {
			ctx, cancel := context.WithCancel(context.Background())
			sum, err := (&SweepJob{Sweep: s, Dir: dir, Worlds: worlds, Runs: all(s), Workers: 2}).Run(ctx, func(p Progress) {
				if p.Runs >= 5 {
					cancel()
				}
			})
			cancel()
			if err == nil {
				if stops < 3 || sum.Done != len(s.Runs) || sum.Resumed == 0 {
					t.Errorf("%d stops, %+v", stops, sum)
				}
				break
			}
			if !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
			if sum.Done < 5 {
				t.Errorf("stopped after 5 runs, %d are there", sum.Done)
			}
		}
		sameFiles(t, "stopped", merged(t, s, dir), want)
	})
}

// TestSweepEven: in order of runs, every row has been met before any is met again with another seed, and
// each replicate of a row has another seed.
func TestSweepEven(t *testing.T) {
	s, _ := toy(t, 1)
	last := -1
	seeds := map[string]bool{}
	for i := range s.Runs {
		a := s.at(i)
		if s.index(a) != i {
			t.Errorf("run %d is %+v, which is run %d", i, a, s.index(a))
		}
		if at := a.Replicate*s.Rows() + a.Row; at < last {
			t.Errorf("run %d goes back to row %d of replicate %d", i, a.Row, a.Replicate)
		} else {
			last = at
		}
		seeds[fmt.Sprintf("%d %d %d %d", a.Row, a.Place, a.Scenario, s.seedOf(a))] = true
	}
	if len(seeds) != len(s.Runs) {
		t.Errorf("%d different rows and seeds, want %d", len(seeds), len(s.Runs))
	}
}

// TestSweepCut: every run is in exactly one shard, and there are as many shards as were asked for, none empty.
func TestSweepCut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := &Sweep{Replicates: rapid.IntRange(1, 4).Draw(t, "replicates"), Workers: 1, WarmUp: 3, Years: 10}
		rows, scenarios := rapid.IntRange(1, 40).Draw(t, "rows"), rapid.IntRange(1, 4).Draw(t, "scenarios")
		for range rapid.IntRange(1, 4).Draw(t, "places") {
			s.Places = append(s.Places, SweepPlace{People: rapid.Int64Range(0, 100_000).Draw(t, "people")})
		}
		s.Design.Points, s.Scenarios = make([][]string, rows), make([]SweepScenario, scenarios)
		s.Runs = make([]SweepRun, rows*scenarios*len(s.Places)*s.Replicates)
		own := rapid.Bool().Draw(t, "rows warm up by themselves")
		cost := Cost{1e-6, 1e-4, 1e-4}
		for i := range s.Runs {
			a := s.at(i)
			s.Runs[i].Group = a.Replicate*len(s.Places) + a.Place
			if own {
				s.Runs[i].Group = s.index(sweepAt{a.Replicate, a.Row, a.Place, 0})
			}
			s.Runs[i].Seconds = cost.Week * 520 * s.weight(a.Place)
		}
		s.Shards = rapid.IntRange(0, 1200).Draw(t, "shards")
		asked := s.Shards
		s.cut(SweepOptions{ShardTime: 10, Workers: 1, Cost: cost})
		if asked > 0 && s.Shards != min(asked, MaxShards, len(s.Runs)) {
			t.Fatalf("%d shards of %d runs, asked for %d", s.Shards, len(s.Runs), asked)
		}
		count := make([]int, s.Shards)
		for i := range s.Runs {
			count[s.Runs[i].Shard]++
		}
		n := 0
		for shard := range s.Shards {
			list, err := s.Shard(shard)
			if err != nil || len(list) != count[shard] || len(list) == 0 || !slices.IsSorted(list) {
				t.Fatalf("shard %d of %d lists %v, want %d runs in order (%v)", shard, s.Shards, list, count[shard], err)
			}
			n += len(list)
		}
		if n != len(s.Runs) {
			t.Fatalf("shards hold %d runs of %d", n, len(s.Runs))
		}
	})
}

// TestSweepTorn: a file that is cut, changed or another's is as good as none, and is replaced.
func TestSweepTorn(t *testing.T) {
	want := reference(t)
	s, worlds, dir := saved(t, 2)
	job := &SweepJob{Sweep: s, Dir: dir, Worlds: worlds, Runs: all(s), Workers: 2}
	if _, err := job.Run(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	path := func(i int) string { return runPath(dir, s.Runs[i].Key) }
	whole, err := os.ReadFile(path(0))
	if err != nil {
		t.Fatal(err)
	}
	for n := range len(whole) { // every cut is noticed
		if err := os.WriteFile(path(0), whole[:n], 0o666); err != nil {
			t.Fatal(err)
		}
		if hasRun(dir, s.Runs[0].Key) {
			t.Fatalf("the first %d of %d bytes are taken for a run", n, len(whole))
		}
	}
	turned, err := os.ReadFile(path(1))
	if err != nil {
		t.Fatal(err)
	}
	turned[len(turned)/2] ^= 1
	foreign, err := os.ReadFile(path(2))
	if err != nil {
		t.Fatal(err)
	}
	for i, data := range map[int][]byte{0: whole[:len(whole)/2], 1: turned, 3: foreign} {
		if err := os.WriteFile(path(i), data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if st := s.Status(dir); !slices.Equal(st.Missing, []int{0, 1, 3}) || len(st.Damaged) != 3 || st.Done != len(s.Runs)-3 {
		t.Errorf("%+v", st)
	}
	_, _, err = s.Merge(dir, ResultDir(dir), false, results.Manifest{})
	if !errors.Is(err, results.ErrDamaged) || errors.Is(err, results.ErrUnfinished) {
		t.Errorf("merged with torn files: %v", err)
	}
	for i, want := range map[int]string{0: "torn: its last line ", 1: "changed since it was written: its checksum is ", 3: `its first line is "coexist-run 2 `} {
		if line := path(i) + ": result is damaged: " + want; err == nil || !strings.Contains(err.Error(), line) {
			t.Errorf("merged with torn files: %v, want also %s", err, line)
		}
	}
	if err := os.Remove(path(2)); err != nil {
		t.Fatal(err)
	}
	if _, _, err = s.Merge(dir, ResultDir(dir), false, results.Manifest{}); !errors.Is(err, results.ErrUnfinished) || !strings.Contains(err.Error(), "1 of 24 runs are missing") {
		t.Errorf("one file is gone and three are torn: %v", err)
	}
	if _, _, err = s.Merge(dir, ResultDir(dir), true, results.Manifest{}); err != nil {
		t.Fatal(err)
	}
	if gaps := contents(t, ResultDir(dir))[GapsTable]; strings.Count(gaps, ",not run\n") != 1 || strings.Count(gaps, "damaged: ") != 3 {
		t.Errorf("%s:\n%s", GapsTable, gaps)
	}
	sum, err := job.Run(context.Background(), nil)
	if err != nil || sum.Done != len(s.Runs) || sum.Resumed != len(s.Runs)-4 {
		t.Errorf("%+v, %v", sum, err)
	}
	sameFiles(t, "torn and replaced", merged(t, s, dir), want)
}

// TestSweepFails: a run that fails, or panics, is noted and stops no other; it is not tried again unless
// asked, and then the result is that of a sweep in which nothing failed.
func TestSweepFails(t *testing.T) {
	want := reference(t)
	s, worlds, dir := saved(t, 2)
	broken := func(_ context.Context, _ *sim.Model, c configs.Config) error {
		switch {
		case c.Name == "airline" && c.Market.DeficitQuarters == 3:
			return errors.New("no money left")
		case c.Name == "airline" && c.Market.DeficitQuarters == 5:
			panic("out of range")
		}
		return nil
	}
	bad := 0
	for i := range s.Runs {
		c, err := s.config(s.at(i))
		if err != nil {
			t.Fatal(err)
		}
		if c.Name == "airline" && c.Market.DeficitQuarters != 2 {
			bad++
		}
	}
	job := &SweepJob{Sweep: s, Dir: dir, Worlds: worlds, Runs: all(s), Workers: 2, simulate: broken}
	for range 2 { // the second time they are not tried
		sum, err := job.Run(context.Background(), nil)
		if err != nil || len(sum.Failed) != bad || bad < 4 || sum.Done != len(s.Runs)-bad {
			t.Fatalf("%d failed, want %d; %d done; %v", len(sum.Failed), bad, sum.Done, err)
		}
		for _, f := range sum.Failed {
			if !strings.Contains(f.Error, "no money left") && !strings.Contains(f.Error, "panic: out of range") {
				t.Errorf("%+v", f)
			}
		}
		job.simulate = nil
	}
	st, _, err := s.Merge(dir, ResultDir(dir), false, results.Manifest{})
	if err != nil || len(st.Failed) != bad {
		t.Fatalf("%+v, %v", st, err)
	}
	got := contents(t, ResultDir(dir))
	if n := strings.Count(got[GapsTable], "failed: "); n != bad {
		t.Errorf("%s names %d failures, want %d", GapsTable, n, bad)
	}
	if len(got[SweepTable]) >= len(want[SweepTable]) {
		t.Errorf("%s has as many bytes with gaps as without", SweepTable)
	}
	job.Retry = true
	if sum, err := job.Run(context.Background(), nil); err != nil || len(sum.Failed) > 0 || sum.Done != len(s.Runs) {
		t.Fatalf("%+v, %v", sum, err)
	}
	sameFiles(t, "failed, then mended", merged(t, s, dir), want)
}

// TestSweepGaps: what is missing is refused, or listed.
func TestSweepGaps(t *testing.T) {
	s, worlds, dir := saved(t, 4)
	list, err := s.Shard(1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (&SweepJob{Sweep: s, Dir: dir, Worlds: worlds, Runs: list, Workers: 1}).Run(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	st, _, err := s.Merge(dir, ResultDir(dir), false, results.Manifest{})
	if !errors.Is(err, results.ErrUnfinished) || !strings.Contains(err.Error(), "shards 0,2-3") || !slices.Equal(st.Shards, []int{0, 2, 3}) {
		t.Errorf("%v, %v", st.Shards, err)
	}
	if _, err := os.Stat(ResultDir(dir)); err == nil {
		t.Errorf("a refused merge leaves a result")
	}
	if _, _, err = s.Merge(dir, ResultDir(dir), true, results.Manifest{}); err != nil {
		t.Fatal(err)
	}
	if got := contents(t, ResultDir(dir)); strings.Count(got[GapsTable], "not run") != len(s.Runs)-len(list) {
		t.Errorf("%s:\n%s", GapsTable, got[GapsTable])
	}
	if r, err := results.Open(dir); err != nil || r.Dir != ResultDir(dir) { // as other verbs do
		t.Errorf("the folder of the sweep opens as %v, %v", r, err)
	}
}

// TestSweepRefuses: a plan is never changed and never used by another program.
func TestSweepRefuses(t *testing.T) {
	s, worlds, dir := saved(t, 2)
	if err := s.SameProgram("test"); err != nil {
		t.Error(err)
	}
	if err := s.SameProgram("other"); !errors.Is(err, configs.ErrInput) {
		t.Errorf("another version: %v", err)
	}
	other, _ := toy(t, 2)
	if found, err := other.Save(dir); err != nil || found.Hash != s.Hash {
		t.Errorf("the same plan again: %v", err)
	}
	for name, text := range map[string]string{"airline.toml": "extends = \"airline\"\n", "mine.toml": ""} {
		theirs := t.TempDir()
		file := filepath.Join(theirs, scenariosName, name)
		if err := errors.Join(os.Mkdir(filepath.Dir(file), 0o777), os.WriteFile(file, []byte(text), 0o666)); err != nil {
			t.Fatal(err)
		}
		if _, err := other.Save(theirs); !errors.Is(err, results.ErrTaken) || !strings.Contains(err.Error(), name) {
			t.Errorf("a folder with %s of somebody else is taken: %v", name, err)
		}
		if kept, err := os.ReadFile(file); err != nil || string(kept) != text {
			t.Errorf("%s of somebody else is %q now, %v", name, kept, err)
		}
	}
	other.Seed = 7
	other.Hash = other.hash()
	if _, err := other.Save(dir); !errors.Is(err, results.ErrTaken) || !strings.Contains(err.Error(), "seed = 1, wanted 7") {
		t.Errorf("another plan: %v", err)
	}
	for _, shard := range []int{-1, 2} {
		if _, err := s.Shard(shard); !errors.Is(err, configs.ErrInput) {
			t.Errorf("shard %d: %v", shard, err)
		}
	}
	worlds[0], worlds[1] = worlds[1], worlds[0]
	if _, err := (&SweepJob{Sweep: s, Dir: dir, Worlds: worlds, Runs: all(s), Workers: 1}).Run(context.Background(), nil); !errors.Is(err, configs.ErrInput) {
		t.Errorf("other places: %v", err)
	}
	plan := filepath.Join(dir, planName)
	text, err := os.ReadFile(plan)
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]string{"years": `"years":4|"years":5`, "key": s.Runs[0].Key + "|" + strings.Repeat("x", 64), "unknown": `"years"|"ages"`, "shard": `"shard":1|"shard":2`} {
		from, to, _ := strings.Cut(change, "|")
		if err := os.WriteFile(plan, []byte(strings.Replace(string(text), from, to, 1)), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadSweep(dir); !errors.Is(err, results.ErrDamaged) && !errors.Is(err, results.ErrNotResult) {
			t.Errorf("plan with another %s: %v", name, err)
		}
	}
	if err := os.WriteFile(plan, text, 0o666); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(filepath.Join(dir, scenariosName, "airline.toml"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(f, "[enrolment]\nattention = 0.5")
	f.Close()
	if _, err := ReadSweep(dir); err == nil {
		t.Errorf("a changed scenario is taken")
	}
}

// TestRanges: lists as engines take them.
func TestRanges(t *testing.T) {
	for want, list := range map[string][]int{"": {}, "3": {3}, "0-2": {0, 1, 2}, "0,17,40-44": {0, 17, 40, 41, 42, 43, 44}} {
		if got := Ranges(list); got != want {
			t.Errorf("%v: %q, want %q", list, got, want)
		}
	}
}

// BenchmarkSweepOverhead is what a sweep costs beside its model: the same runs with and without it, in one
// process with one worker, in milliseconds a run by the clock and of processor time.
func BenchmarkSweepOverhead(b *testing.B) {
	var with, without, cpuWith, cpuWithout time.Duration
	runs := 0
	for b.Loop() {
		s, worlds, dir := saved(b, 1)
		before, _ := processor()
		start := time.Now()
		sum, err := (&SweepJob{Sweep: s, Dir: dir, Worlds: worlds, Runs: all(s), Workers: 1}).Run(context.Background(), nil)
		if err != nil || sum.Done != len(s.Runs) {
			b.Fatalf("%+v, %v", sum, err)
		}
		after, _ := processor()
		with, cpuWith = with+time.Since(start), cpuWith+after-before
		start = time.Now()
		models := map[int]*sim.Model{}
		for i := range s.Runs {
			bare(b, s, worlds, i, models)
		}
		last, _ := processor()
		without, cpuWithout = without+time.Since(start), cpuWithout+last-after
		runs += len(s.Runs)
	}
	per := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 / float64(runs) }
	b.ReportMetric(per(without), "model-ms/run")
	b.ReportMetric(per(with-without), "overhead-ms/run")
	b.ReportMetric(per(cpuWith-cpuWithout), "overhead-cpu-ms/run")
}

// bare does a run by hand.
func bare(b *testing.B, s *Sweep, worlds []World, i int, models map[int]*sim.Model) {
	a := s.at(i)
	c, err := s.config(a)
	if err != nil {
		b.Fatal(err)
	}
	m := models[s.Runs[i].Group]
	if m == nil {
		m, err = sim.New(sim.Settings{Place: worlds[a.Place].Place, Config: sim.WarmUp(c), Seed: s.seedOf(a), Sample: s.Sample, Workers: 1})
		if err == nil {
			err = m.WarmUp()
		}
		if err != nil {
			b.Fatal(err)
		}
		models[s.Runs[i].Group] = m
	}
	branch, err := m.Branch(c)
	if err != nil {
		b.Fatal(err)
	}
	for week := range 52 * c.Time.Years {
		if err := branch.Step(); err != nil {
			b.Fatal(err)
		}
		if week%52 == 51 {
			branch.Take()
		}
	}
}
