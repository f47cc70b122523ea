package experiment

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"

	"coexist/configs"
	"coexist/sim"
	"coexist/sim/tables"
)

// sweepFormat is the version of plan.json that this package writes and reads.
const sweepFormat = 2 // 2: rows of samples have luck of their own

// MaxShards is how many shards a sweep can have: engines take about 1,000 tasks in one array.
const MaxShards = 1000

// maxSweepRuns is how many runs a sweep can have: each is a file, and tables number them with five digits.
const maxSweepRuns = 99_999

const (
	planName      = "plan.json"
	scenariosName = "scenarios"
	runsName      = "runs"
	failedName    = "failed"
	usageName     = "usage"
	resultName    = "result"
	maxYears      = 1000      // of a run: beyond any scenario's
	maxPlan       = 256 << 20 // bytes: some 100,000 runs of 40 parameters
)

// Sweep is a planned experiment, as plan.json in its folder holds it: written once and never changed.
// A run is a place, a scenario, a row of the design and a replicate; run i of the list is
//
//	i = ((replicate · rows + row) · places + place) · scenarios + scenario,  each from 0,
//
// so that a sweep that is stopped has met every row about equally often.
type Sweep struct {
	Format     int             `json:"format"`
	Hash       string          `json:"hash"` // SHA-256 of all that moves a byte of the result
	Version    string          `json:"version"`
	OS         string          `json:"os"`
	Arch       string          `json:"arch"`
	Name       string          `json:"name"`
	Title      string          `json:"title"`
	About      string          `json:"about"`
	Places     []SweepPlace    `json:"places"`
	Scenarios  []SweepScenario `json:"scenarios"`
	Sample     float64         `json:"sample"`     // share of the people who are simulated
	Seed       int64           `json:"seed"`       // of the first row and replicate; see SeedOf
	Replicates int             `json:"replicates"` // of every row
	Years      int             `json:"years"`      // reported
	WarmUp     int             `json:"warmup_years"`
	Measures   []string        `json:"measures"` // kept
	Groups     []string        `json:"groups"`   // kept: all, a kind such as rurality, or one such as age:65+
	Design     Design          `json:"design"`
	Shards     int             `json:"shards"`
	Workers    int             `json:"workers"`     // processors a shard is meant for
	World      int64           `json:"world_bytes"` // of memory, of the largest world, expected
	Shared     int64           `json:"place_bytes"` // of memory, of all places, which worlds share, expected
	Runs       []SweepRun      `json:"runs"`

	bases []configs.Config // scenarios read
}

// SweepPlace is a place of a sweep.
type SweepPlace struct {
	Spec   string `json:"spec"` // as the experiment names it
	Name   string `json:"name"` // in rows
	Hash   string `json:"hash"`
	People int64  `json:"people"` // simulated, about
}

// SweepScenario is a base scenario of a sweep.
type SweepScenario struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	Hash  string `json:"hash"` // of scenarios/NAME.toml, resolved
}

// SweepRun is one run. Runs of one group share a warm-up: the same people at the same place with the
// same luck until the regime begins.
type SweepRun struct {
	Key     string  `json:"key"` // hash of all that moves a byte of the run
	Group   int     `json:"group"`
	Shard   int     `json:"shard"`
	Seconds float64 `json:"seconds"` // of processor time, expected; the warm-up with the first of its group in a shard
}

// sweepAt says which run it is, each number from 0.
type sweepAt struct{ Replicate, Row, Place, Scenario int }

// Rows is the number of points of the design.
func (s *Sweep) Rows() int { return len(s.Design.Points) }

// at is the run of an index.
func (s *Sweep) at(i int) sweepAt {
	a := sweepAt{Scenario: i % len(s.Scenarios)}
	i /= len(s.Scenarios)
	a.Place, i = i%len(s.Places), i/len(s.Places)
	a.Row, a.Replicate = i%s.Rows(), i/s.Rows()
	return a
}

// index is the place of a run in the list.
func (s *Sweep) index(a sweepAt) int {
	return ((a.Replicate*s.Rows()+a.Row)*len(s.Places)+a.Place)*len(s.Scenarios) + a.Scenario
}

// seedOf is the seed of a run: each replicate has its own. Rows of a sample (Latin hypercube, Halton)
// are worlds and differ in luck too, or all that the sample says would hang on the luck of one; rows of
// other designs are compared with each other and share it. Scenarios of a row always share it.
func (s *Sweep) seedOf(a sweepAt) int64 {
	if s.ownLuck() {
		return s.Seed + int64(a.Replicate)*int64(s.Rows()) + int64(a.Row)
	}
	return s.Seed + int64(a.Replicate)
}

// ownLuck reports whether each row has seeds of its own.
func (s *Sweep) ownLuck() bool { return s.Design.Kind == LHS || s.Design.Kind == Halton }

// seeds is how many seeds the runs have between them.
func (s *Sweep) seeds() int {
	if s.ownLuck() {
		return s.Replicates * s.Rows()
	}
	return s.Replicates
}

// Describe is a run in words.
func (s *Sweep) Describe(i int) string {
	a := s.at(i)
	return fmt.Sprintf("run %d: %s, %s, row %d, replicate %d, seed %d", i, s.Places[a.Place].Name, s.Scenarios[a.Scenario].Name, a.Row+1, a.Replicate+1, s.seedOf(a))
}

// config is the scenario of a run: the base with the values of its row.
func (s *Sweep) config(a sweepAt) (configs.Config, error) {
	sets := make([]string, len(s.Design.Axes))
	for k, axis := range s.Design.Axes {
		sets[k] = axis.Name + "=" + s.Design.Points[a.Row][k]
	}
	c, err := s.bases[a.Scenario].With(sets...)
	if err != nil {
		return c, fmt.Errorf("%s, row %d (%s): %w", s.Scenarios[a.Scenario].Name, a.Row+1, strings.Join(sets, ", "), err)
	}
	return c, nil
}

// key is the hash of all that moves a byte of a run, where config is the hash of its scenario.
func (s *Sweep) key(a sweepAt, config string) string {
	p := s.Places[a.Place]
	return hashOf("run", runFormat, s.Version, p.Name, p.Hash, config, s.Sample, s.seedOf(a), s.Measures, s.Groups)
}

// hashOf is a SHA-256 of values, in hexadecimal.
func hashOf(values ...any) string {
	data, err := json.Marshal(values)
	if err != nil {
		panic("experiment: " + err.Error()) // plain values
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// hash is what Hash must be.
func (s *Sweep) hash() string {
	return hashOf("sweep", sweepFormat, s.Version, s.Name, s.Title, s.About, s.Places, s.Scenarios, s.Sample, s.Seed, s.Replicates,
		s.Years, s.WarmUp, s.Measures, s.Groups, s.Design)
}

// SweepOptions says how a sweep is cut into shards.
type SweepOptions struct {
	Version   string
	Shards    int     // how many; 0: as many as have about ShardTime each
	ShardTime float64 // seconds by the clock
	Workers   int     // processors a shard, at least 1
	Cost      Cost    // as a pilot measured it
}

// NewSweep plans an experiment in worlds, which are in the order of e.Places. All that is wrong is
// reported at once and matches configs.ErrInput.
func NewSweep(e configs.Experiment, worlds []World, d Design, sample float64, opts SweepOptions) (*Sweep, error) {
	s := &Sweep{Format: sweepFormat, Version: opts.Version, OS: runtime.GOOS, Arch: runtime.GOARCH, Name: e.Name, Title: e.Title, About: e.About,
		Sample: sample, Seed: e.Seed, Replicates: int(e.Runs), Measures: e.Measures, Groups: e.Groups, Design: d,
		Shards: opts.Shards, Workers: max(opts.Workers, 1), bases: e.Scenarios}
	plan := Plan{Worlds: worlds, Scenarios: e.Scenarios, Seed: e.Seed, Runs: 1, Sample: sample}
	if err := errors.Join(plan.Check(), checkGroups(e.Groups)); err != nil {
		return nil, err
	}
	for i, w := range worlds {
		people := 0.0
		for k := range w.Place.Areas {
			people += float64(w.Place.Areas[k].Residents)
		}
		bytes := sim.Estimate(sim.Settings{Place: w.Place, Config: e.Scenarios[0], Sample: sample, Workers: 1})
		s.World, s.Shared = max(s.World, bytes.World), s.Shared+bytes.Place
		s.Places = append(s.Places, SweepPlace{Spec: e.Places[i], Name: w.Name, Hash: w.Place.Hash(), People: int64(people*sample + .5)})
	}
	for _, c := range e.Scenarios {
		s.Scenarios = append(s.Scenarios, SweepScenario{Name: c.Name, Title: c.Title, Hash: c.Hash()})
	}
	s.Years, s.WarmUp = int(e.Scenarios[0].Time.Years), int(e.Scenarios[0].Time.WarmupYears)
	if n := float64(s.Rows()) * float64(s.Replicates) * float64(len(s.Places)*len(s.Scenarios)); n > maxSweepRuns {
		return nil, sweepFault("%.0f runs (%d rows × %d replicates × %d places × %d scenarios), want at most %d", n, s.Rows(), s.Replicates, len(s.Places), len(s.Scenarios), maxSweepRuns)
	}
	if err := s.list(opts.Cost); err != nil {
		return nil, err
	}
	s.Hash = s.hash()
	s.cut(opts)
	return s, nil
}

// sweepFault is one thing wrong with an experiment that belongs to no line.
func sweepFault(format string, args ...any) error {
	return &configs.Fault{File: "sweep", Text: fmt.Sprintf(format, args...)}
}

// groupKinds are the kinds of group in which outcomes are handed out.
var groupKinds = []string{"all", "rurality", "deprivation", "age", "system"}

// checkGroups says which groups cannot be.
func checkGroups(groups []string) error {
	var faults []error
	for _, g := range groups {
		if kind, _, named := strings.Cut(g, ":"); !slices.Contains(groupKinds, kind) || named && kind == "all" {
			faults = append(faults, sweepFault("groups: %q, want one of %s, or one of a kind such as age:65+", g, strings.Join(groupKinds, ", ")))
		}
	}
	return errors.Join(faults...)
}

// maxTold is how many faults of points are told.
const maxTold = 10

// list fills the runs, each scenario and row checked.
func (s *Sweep) list(cost Cost) error {
	type resolved struct {
		config, warm string
		err          error
	}
	n := len(s.Scenarios)
	points := make([]resolved, s.Rows()*n)
	var wait sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		wait.Go(func() {
			for i := w; i < len(points); i += workers {
				c, err := s.config(sweepAt{Row: i / n, Scenario: i % n})
				if points[i].err = err; err == nil {
					points[i].config, points[i].warm = c.Hash(), sim.WarmUp(c).Hash()
				}
			}
		})
	}
	wait.Wait()
	var faults []error
	wrong := 0
	for _, p := range points {
		if p.err != nil {
			if wrong++; wrong <= maxTold {
				faults = append(faults, p.err)
			}
		}
	}
	if wrong > maxTold {
		faults = append(faults, sweepFault("%d more scenarios and rows cannot be", wrong-maxTold))
	}
	if err := errors.Join(faults...); err != nil {
		return err
	}
	type group struct {
		place int
		seed  int64
		warm  string
	}
	groups := map[group]int{}
	s.Runs = make([]SweepRun, len(points)*len(s.Places)*s.Replicates)
	keys := map[string]int{}
	for i := range s.Runs {
		a := s.at(i)
		p := points[a.Row*n+a.Scenario]
		g := group{a.Place, s.seedOf(a), p.warm}
		if _, ok := groups[g]; !ok {
			groups[g] = len(groups)
		}
		r := &s.Runs[i]
		r.Key, r.Group = s.key(a, p.config), groups[g]
		r.Seconds = (cost.Week*52*float64(s.Years) + cost.Run) * s.weight(a.Place)
		if first, ok := keys[r.Key]; ok && s.Design.Kind != Morris && s.Design.Kind != Saltelli { // whose points of few values may meet: they share the file of a run
			return sweepFault("rows %d and %d are the same, want points that differ", s.at(first).Row+1, a.Row+1)
		}
		keys[r.Key] = i
	}
	return nil
}

// weight is what a place costs beside others: its people, and what a world costs without any.
func (s *Sweep) weight(place int) float64 { return float64(s.Places[place].People) + worldWeight }

// worldWeight is what stepping an empty world costs, in people: measured with cmd/coexist's forecast.
const worldWeight = 500

// cut divides the runs among shards: in order of replicate, then group, in stretches of about equal
// cost. A shard then needs few warm-ups, and shards that are done first hold whole replicates. Only how
// many shards there are hangs on the pilot; where they are cut, on people and weeks alone.
func (s *Sweep) cut(opts SweepOptions) {
	order := make([]int, len(s.Runs))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(s.at(a).Replicate-s.at(b).Replicate, s.Runs[a].Group-s.Runs[b].Group)
	})
	begins := func(k int) bool { return k == 0 || s.Runs[order[k-1]].Group != s.Runs[order[k]].Group }
	warm := opts.Cost.Week*52*float64(s.WarmUp) + opts.Cost.World
	total, seconds := 0.0, 0.0 // in weeks of a person, and in time
	weeks := make([]float64, len(order))
	for k, i := range order {
		w := s.weight(s.at(i).Place)
		weeks[k] = w * float64(s.Years)
		seconds += s.Runs[i].Seconds
		if begins(k) {
			weeks[k] += w * float64(s.WarmUp)
			seconds += warm * w
		}
		total += weeks[k]
	}
	if s.Shards <= 0 {
		s.Shards = int(min(math.Ceil(seconds/max(opts.ShardTime*float64(s.Workers), 1e-9)), MaxShards))
	}
	s.Shards = max(min(s.Shards, MaxShards, len(s.Runs)), 1)
	done, shard := 0.0, 0
	for k, i := range order {
		left, need := len(order)-k, s.Shards-1-shard // runs, and shards that are still empty
		first := k == 0
		if need > 0 && k > 0 && (done >= total*float64(shard+1)/float64(s.Shards) || left <= need) {
			shard++
			first = true
		}
		r := &s.Runs[i]
		r.Shard = shard
		done += weeks[k]
		if first || begins(k) {
			r.Seconds += warm * s.weight(s.at(i).Place)
		}
		r.Seconds = math.Round(r.Seconds*1e4) / 1e4
	}
}

// Seconds is the processor time that is expected for the runs of a list.
func (s *Sweep) Seconds(runs []int) float64 {
	sum := 0.0
	for _, i := range runs {
		sum += s.Runs[i].Seconds
	}
	return sum
}

// Shard lists the runs of a shard in order. It is wrong input if there is none of that number.
func (s *Sweep) Shard(shard int) ([]int, error) {
	if shard < 0 || shard >= s.Shards {
		return nil, sweepFault("shard %d, want 0 to %d", shard, s.Shards-1)
	}
	var list []int
	for i := range s.Runs {
		if s.Runs[i].Shard == shard {
			list = append(list, i)
		}
	}
	return list, nil
}

// SameProgram returns an error matching configs.ErrInput if the plan was made by another version or for
// another kind of machine: runs would not be the same bytes.
func (s *Sweep) SameProgram(version string) error {
	if s.Version != version || s.OS != runtime.GOOS || s.Arch != runtime.GOARCH {
		return sweepFault("planned by %s on %s/%s, this is %s on %s/%s: run it there, or make a new plan in a new folder",
			s.Version, s.OS, s.Arch, version, runtime.GOOS, runtime.GOARCH)
	}
	return nil
}

// keeps reports whether a row is among the measures and groups that the sweep keeps.
func (s *Sweep) keeps(o *tables.Outcome) bool {
	if !slices.Contains(s.Measures, o.Measure) {
		return false
	}
	kind, _, _ := strings.Cut(o.Group, ":")
	return slices.Contains(s.Groups, o.Group) || slices.Contains(s.Groups, kind)
}

// Absent lists the runs whose files are not there, without reading those that are.
func (s *Sweep) Absent(dir string) []int {
	var list []int
	for i := range s.Runs {
		if _, err := os.Stat(runPath(dir, s.Runs[i].Key)); err != nil {
			list = append(list, i)
		}
	}
	return list
}

// Disk is about how many bytes the folder of the sweep will hold, result included.
func (s *Sweep) Disk() int64 {
	const line = 60 // of a value in a run file; twice that with the columns of outcomes.csv
	return int64(len(s.Runs)) * int64(4<<10+s.Years*4*len(s.Measures)*len(s.Groups)*line*3)
}
