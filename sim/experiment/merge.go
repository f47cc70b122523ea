package experiment

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"coexist/sim/results"
	"coexist/sim/tables"
)

// Tables of a merged sweep, beside those of every result.
const (
	SweepTable  = "data/sweep.csv"   // means over windows of years
	PointsTable = "data/points.csv"  // what each row of the design sets
	GapsTable   = "data/gaps.csv"    // runs that are not there, where there are any
	DesignFile  = "data/design.json" // the design, for the analysis that fits it
)

// hiddenMark begins the names of folders that a merge has in hand.
const hiddenMark = ".coexist-merge-"

// SweepStatus says how far a sweep is.
type SweepStatus struct {
	Runs    int       `json:"runs"`
	Done    int       `json:"done"`
	Missing []int     `json:"missing"` // indices of runs that are neither done nor failed
	Failed  []Failure `json:"failed"`
	Shards  []int     `json:"missing_shards"` // that have missing runs
	Damaged []Damage  `json:"damaged"`        // files of missing runs that are there and cannot be used
	Merged  bool      `json:"merged"`         // whether the folder has a result
	Seconds float64   `json:"seconds_left"`   // of processor time, expected for the missing runs

	patients int64 // people at the start, summed over places, of one run
	events   int64 // patient events of the runs that are done, each warm-up once
}

// Damage says what is wrong with the file of a run.
type Damage struct {
	Run   int    `json:"run"` // index in the plan
	File  string `json:"file"`
	Error string `json:"error"` // such as: torn
}

// Status looks what the folder of a sweep has. It reads every run file whole.
func (s *Sweep) Status(dir string) SweepStatus {
	st := SweepStatus{Runs: len(s.Runs), Missing: []int{}, Failed: []Failure{}, Shards: []int{}, Damaged: []Damage{}}
	incomplete := make([]bool, s.Shards)
	places, groups := make([]bool, len(s.Places)), map[int]bool{}
	for i := range s.Runs {
		r := &s.Runs[i]
		_, rec, err := readRun(dir, r.Key)
		if err == nil {
			st.Done++
			st.events += rec.events
			if !groups[r.Group] {
				groups[r.Group] = true
				st.events += rec.warmUp
			}
			if p := s.at(i).Place; !places[p] && s.at(i).Replicate == 0 {
				places[p] = true
				st.patients += rec.patients
			}
			continue
		}
		if f, ok := s.failure(dir, i); ok {
			st.Failed = append(st.Failed, f)
			continue
		}
		if !errors.Is(err, fs.ErrNotExist) {
			st.Damaged = append(st.Damaged, Damage{i, runPath(dir, r.Key), why(runPath(dir, r.Key), err)})
		}
		st.Missing = append(st.Missing, i)
		incomplete[r.Shard] = true
	}
	for shard, missing := range incomplete {
		if missing {
			st.Shards = append(st.Shards, shard)
		}
	}
	st.Seconds = s.Seconds(st.Missing)
	_, err := os.Stat(filepath.Join(dir, resultName, "manifest.json"))
	st.Merged = err == nil
	return st
}

// why says what is wrong with a file, without the words that say which and that it is damaged.
func why(path string, err error) string {
	if fault := (*fs.PathError)(nil); errors.As(err, &fault) {
		return fault.Err.Error()
	}
	return strings.TrimPrefix(strings.TrimPrefix(err.Error(), path+": "), results.ErrDamaged.Error()+": ")
}

// Ranges writes ascending numbers as engines take them: 0,17,40-44.
func Ranges(list []int) string {
	var b strings.Builder
	for i := 0; i < len(list); {
		k := i
		for k+1 < len(list) && list[k+1] == list[k]+1 {
			k++
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Itoa(list[i]))
		if k > i {
			b.WriteByte('-')
			b.WriteString(strconv.Itoa(list[k]))
		}
		i = k + 1
	}
	return b.String()
}

// ResultDir is where the merged result of a sweep is if nothing else is said.
func ResultDir(dir string) string { return filepath.Join(dir, resultName) }

// Merge makes a result folder of the run files, in the order of places, scenarios and runs, so that
// neither shards nor order nor retries show in its bytes. Runs that failed, and those that are missing
// where allow says so, are listed in GapsTable. Else missing runs are an error that matches
// results.ErrUnfinished where files are absent, and results.ErrDamaged, which names them, where they
// cannot be used. An earlier result of this sweep in out is replaced at once, or left if it is the same;
// done then says so.
func (s *Sweep) Merge(dir, out string, allow bool, m results.Manifest) (st SweepStatus, done bool, err error) {
	st = s.Status(dir)
	if len(st.Missing) > 0 && !allow {
		return st, false, st.unfinished(dir)
	}
	id := s.identity(st)
	if old, err := results.Open(out); err == nil {
		if old.Manifest.IdentityHash == id.Hash() {
			s.tidy(dir, out, st)
			return st, true, old.Verify()
		}
		if old.Manifest.Settings["sweep"] != s.Hash {
			return st, false, fmt.Errorf("%s: %w by another result, want a new folder", out, results.ErrTaken)
		}
	} else if entries, _ := os.ReadDir(out); len(entries) > 0 && !isUnder(out, dir) {
		return st, false, fmt.Errorf("%s: %w: %w", out, results.ErrTaken, err)
	}
	temp := filepath.Join(filepath.Dir(filepath.Clean(out)), fmt.Sprintf("%s%016x", s.hidden(), rand.Uint64()))
	defer os.RemoveAll(temp)
	err = s.mergeInto(dir, temp, st, id, m)
	if err == nil {
		if err = replace(temp, out); err != nil {
			err = fmt.Errorf("%s: %w: %w", out, results.ErrWrite, err)
		}
	}
	if err != nil {
		if old, e := results.Open(out); e == nil && old.Manifest.IdentityHash == id.Hash() {
			return st, true, nil // another merge was faster, and took away what we had in hand
		}
		return st, false, err
	}
	s.tidy(dir, out, st)
	return st, false, nil
}

// mostDamaged is how many damaged files an error names.
const mostDamaged = 10

// unfinished is the error of a sweep of which runs are missing, each damaged file in a line of its own.
func (st *SweepStatus) unfinished(dir string) error {
	absent := len(st.Missing) - len(st.Damaged)
	var faults []error
	if absent > 0 {
		faults = append(faults, fmt.Errorf("%s: %w: %d of %d runs are missing, in shards %s", dir, results.ErrUnfinished, absent, st.Runs, Ranges(st.Shards)))
	}
	if len(st.Damaged) > 0 {
		faults = append(faults, fmt.Errorf("%s: %w: %d of %d runs have files that cannot be used", dir, results.ErrDamaged, len(st.Damaged), st.Runs))
	}
	for i, d := range st.Damaged {
		if i == mostDamaged {
			faults = append(faults, fmt.Errorf("%s: and %d more; sweep status lists all", dir, len(st.Damaged)-i))
			break
		}
		faults = append(faults, fmt.Errorf("%s: %w: %s", d.File, results.ErrDamaged, d.Error))
	}
	return errors.Join(faults...)
}

// hidden begins the names of the folders that merges of this sweep have in hand.
func (s *Sweep) hidden() string { return hiddenMark + s.Hash[:min(12, len(s.Hash))] + "-" }

// isUnder reports whether out is the result's place in the folder of the sweep, where nothing but a
// damaged result of ours can be.
func isUnder(out, dir string) bool { return filepath.Clean(out) == filepath.Clean(ResultDir(dir)) }

// replace gives the folder temp the name out, in place of what is there.
func replace(temp, out string) error {
	old := temp + "-old"
	err := os.Rename(out, old)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	defer os.RemoveAll(old)
	return os.Rename(temp, out)
}

// tidy removes what processes that were killed left, once all runs are there and merged: temporary files
// in the folder of the sweep, and merges beside the result.
func (s *Sweep) tidy(dir, out string, st SweepStatus) {
	if len(st.Missing) > 0 {
		return
	}
	parent := filepath.Dir(filepath.Clean(out))
	beside, _ := os.ReadDir(parent) // what cannot be read cannot be tidied
	for _, d := range beside {
		if d.IsDir() && strings.HasPrefix(d.Name(), s.hidden()) {
			os.RemoveAll(filepath.Join(parent, d.Name()))
		}
	}
	filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil // gone meanwhile
		case d.IsDir() && path != dir && d.Name() == resultName:
			return filepath.SkipDir
		case d.IsDir():
			results.Tidy(path)
		}
		return nil
	})
}

// identity is what the bytes of the merged result depend on.
func (s *Sweep) identity(st SweepStatus) results.Identity {
	id := results.Identity{Version: s.Version, ConfigHashes: map[string]string{}, PlaceHashes: map[string]string{},
		Runs: s.Rows() * s.Replicates, Sample: s.Sample, Years: s.Years, Settings: map[string]string{
			"experiment": s.Name, "sweep": s.Hash, "design": string(s.Design.Kind), "rows": strconv.Itoa(s.Rows()), "replicates": strconv.Itoa(s.Replicates),
		}}
	for _, c := range s.Scenarios {
		id.Scenarios = append(id.Scenarios, c.Name)
		id.ConfigHashes[c.Name] = c.Hash
	}
	for _, p := range s.Places {
		id.Places = append(id.Places, p.Name)
		id.PlaceHashes[p.Name] = p.Hash
		id.Settings["place "+p.Name] = p.Spec
	}
	for r := range s.seeds() {
		id.Seeds = append(id.Seeds, s.Seed+int64(r))
	}
	if gaps := len(st.Missing) + len(st.Failed); gaps > 0 {
		id.Settings["gaps"] = fmt.Sprintf("%d %s", gaps, hashOf(st.Missing, st.Failed))
	}
	return id
}

// mergeInto writes the result into a new folder.
func (s *Sweep) mergeInto(dir, out string, st SweepStatus, id results.Identity, m results.Manifest) error {
	started := time.Now()
	w, err := results.Create(out, id)
	if err != nil {
		return err
	}
	defer w.Close()
	design, err := json.Marshal(s.Design)
	if err != nil {
		return err
	}
	faults := []error{w.WriteFile(PointsTable, s.points()), w.WriteFile(DesignFile, append(design, '\n'))}
	for _, c := range s.bases {
		faults = append(faults, w.WriteScenario(c.Name, c.TOML()))
	}
	if len(st.Missing)+len(st.Failed) > 0 {
		faults = append(faults, w.WriteFile(GapsTable, s.gaps(st)))
	}
	if err := errors.Join(faults...); err != nil {
		return err
	}
	gap := make([]bool, len(s.Runs))
	for _, i := range st.Missing {
		gap[i] = true
	}
	for _, f := range st.Failed {
		gap[f.Run] = true
	}
	w.OutcomesFrom(func(lines io.Writer) (n int64, err error) {
		err = w.Stream(SweepTable, func(table *bufio.Writer) error {
			n, err = s.all(dir, gap, lines, table)
			return err
		})
		return n, err
	})
	m.Patients, m.PatientEvents = st.patients, st.events
	used := usageOf(dir)
	m.SimulationCPUSeconds, m.PeakRSSBytes, m.Workers = used.CPUSeconds, used.PeakRSSBytes, s.Workers
	m.Durations = map[string]float64{"simulation": used.ClockSeconds, "merge": time.Since(started).Seconds()}
	return w.Finish(m)
}

// usageOf sums what the processes of a sweep took: seconds of all, memory of the largest.
func usageOf(dir string) (sum processUsage) {
	files, _ := filepath.Glob(filepath.Join(dir, usageName, "*.json"))
	for _, f := range files {
		var u processUsage
		data, err := readWhole(f, maxNote)
		if err != nil || json.Unmarshal(data, &u) != nil || !(u.CPUSeconds >= 0) || !(u.ClockSeconds >= 0) {
			continue // a fact of the moment, of no bearing on the rest
		}
		sum.Runs += u.Runs
		sum.CPUSeconds += u.CPUSeconds
		sum.ClockSeconds += u.ClockSeconds
		sum.PeakRSSBytes = max(sum.PeakRSSBytes, u.PeakRSSBytes)
	}
	return sum
}

// points is PointsTable.
func (s *Sweep) points() []byte {
	b := []byte("row")
	for _, a := range s.Design.Axes {
		b = tables.AppendText(append(b, ','), a.Name)
	}
	for row, point := range s.Design.Points {
		b = strconv.AppendInt(append(b, '\n'), int64(row+1), 10)
		for _, v := range point {
			b = tables.AppendText(append(b, ','), v)
		}
	}
	return append(b, '\n')
}

// gaps is GapsTable.
func (s *Sweep) gaps(st SweepStatus) []byte {
	gaps := map[int]string{}
	for _, i := range st.Missing {
		gaps[i] = "not run"
	}
	for _, d := range st.Damaged {
		gaps[d.Run] = "damaged: " + d.Error
	}
	for _, f := range st.Failed {
		text, _, _ := strings.Cut(f.Error, "\n") // a panic has its stack below
		gaps[f.Run] = "failed: " + text
	}
	b := []byte("place,scenario,row,replicate,seed,why\n")
	for _, i := range slices.Sorted(maps.Keys(gaps)) {
		b = s.appendAt(b, s.at(i))
		b = append(tables.AppendText(append(b, ','), gaps[i]), '\n')
	}
	return b
}

// appendAt appends place, scenario, row, replicate and seed of a run, with commas between them.
func (s *Sweep) appendAt(b []byte, a sweepAt) []byte {
	b = append(tables.AppendText(b, s.Places[a.Place].Name), ',')
	b = append(tables.AppendText(b, s.Scenarios[a.Scenario].Name), ',')
	b = append(strconv.AppendInt(b, int64(a.Row+1), 10), ',')
	b = append(strconv.AppendInt(b, int64(a.Replicate+1), 10), ',')
	return strconv.AppendInt(b, s.seedOf(a), 10)
}

// all writes the rows of every run but the gaps: quarters to lines, with the columns of outcomes.csv, and
// means over windows to table. It returns the number of lines.
func (s *Sweep) all(dir string, gap []bool, lines io.Writer, table *bufio.Writer) (n int64, err error) {
	if _, err := table.WriteString(strings.Join(sweptColumns, ",") + "\n"); err != nil {
		return 0, err
	}
	per := s.Rows() * s.Replicates
	for k := range len(s.Runs) {
		run := k % per
		a := sweepAt{Scenario: k / per % len(s.Scenarios), Place: k / per / len(s.Scenarios), Row: run % s.Rows(), Replicate: run / s.Rows()}
		i := s.index(a)
		if gap[i] {
			continue
		}
		rows, _, err := readRun(dir, s.Runs[i].Key)
		if err != nil {
			return n, fmt.Errorf("it was there a moment ago: %w", err)
		}
		var prefix []byte
		prefix = append(tables.AppendText(prefix, s.Places[a.Place].Name), ',')
		prefix = append(tables.AppendText(prefix, s.Scenarios[a.Scenario].Name), ',')
		prefix = append(strconv.AppendInt(prefix, int64(run+1), 10), ',')
		prefix = append(strconv.AppendInt(prefix, s.seedOf(a), 10), ',')
		text := make([]byte, 0, len(rows)+bytes.Count(rows, []byte{'\n'})*len(prefix))
		for line := range bytes.Lines(rows) {
			text = append(append(text, prefix...), line...)
			n++
		}
		if _, err := lines.Write(text); err != nil {
			return n, err
		}
		if err := s.means(table, a, rows); err != nil {
			return n, fmt.Errorf("%s: %w: %w", runPath(dir, s.Runs[i].Key), results.ErrDamaged, err)
		}
	}
	return n, nil
}

// means writes the rows of SweepTable of one run. The value of a year is the mean of its quarters, that of
// a window the mean of its years; what has no value in a window has no row.
func (s *Sweep) means(table *bufio.Writer, a sweepAt, rows []byte) error {
	r := csv.NewReader(bytes.NewReader(rows))
	r.FieldsPerRecord, r.ReuseRecord = 5, true
	values := NewValues(s.Years)
	type series struct{ group, measure, unit string }
	var order []series
	seen := map[series]bool{}
	for {
		f, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		quarter, err1 := strconv.ParseInt(f[0], 10, 32)
		value, err2 := strconv.ParseFloat(f[4], 64)
		if err := errors.Join(err1, err2); err != nil {
			return err
		}
		x := series{f[1], f[2], f[3]}
		if !seen[x] {
			x = series{strings.Clone(f[1]), strings.Clone(f[2]), strings.Clone(f[3])}
			seen[x] = true
			order = append(order, x)
		}
		values.Add(&tables.Outcome{Run: 1, Quarter: int32(quarter), Group: x.group, Measure: x.measure, Value: value})
	}
	prefix := append(s.appendAt(nil, a), ',')
	var b []byte
	for _, x := range order {
		for _, w := range Windows(s.Years) {
			v := values.Runs(Key{Group: x.group, Measure: x.measure}, w, 1)[0]
			if math.IsNaN(v) {
				continue
			}
			b = append(tables.AppendText(append(b, prefix...), x.group), ',')
			b = append(tables.AppendText(b, x.measure), ',')
			b = append(tables.AppendText(b, x.unit), ',')
			b = append(append(b, s.span(w)...), ',')
			b = append(tables.AppendNumber(b, v), '\n')
		}
	}
	_, err := table.Write(b)
	return err
}

// span is a window in the column years.
func (s *Sweep) span(w Window) string {
	if w == (Window{1, s.Years}) {
		return "all"
	}
	return fmt.Sprintf("%d-%d", w.From, w.To)
}
