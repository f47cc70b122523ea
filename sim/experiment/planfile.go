package experiment

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"coexist/configs"
	"coexist/sim/results"
)

// Save writes the folder of a sweep: scenarios first, plan.json last. A folder that has this plan is
// left as it is; one that has another, or anything else, is refused with results.ErrTaken.
func (s *Sweep) Save(dir string) (found *Sweep, err error) {
	results.Tidy(dir)
	results.Tidy(filepath.Join(dir, scenariosName))
	if old, err := ReadSweep(dir); err == nil {
		if old.Hash != s.Hash {
			return nil, fmt.Errorf("%s: %w by another sweep: %s; want a new or empty folder", dir, results.ErrTaken, s.differs(old))
		}
		return old, nil
	} else if !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	if err := errors.Join(Vacant(dir), s.fits(filepath.Join(dir, scenariosName))); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Join(dir, scenariosName), 0o777); err != nil {
		return nil, fmt.Errorf("%s: %w: %w", dir, results.ErrUnwritable, err)
	}
	put := func(rel string, data []byte) error {
		return results.Atomic(filepath.Join(dir, rel), func(w io.Writer) error {
			_, err := w.Write(data)
			return err
		})
	}
	for i, c := range s.bases {
		if err := put(filepath.Join(scenariosName, s.Scenarios[i].Name+".toml"), c.TOML()); err != nil {
			return nil, err
		}
	}
	return s, put(planName, s.encode())
}

// Vacant refuses with results.ErrTaken a folder without a plan that cannot get one: it holds something else, or lies
// in a result.
func Vacant(dir string) error {
	if outer := results.Enclosing(dir); outer != "" {
		return fmt.Errorf("%s: %w: it lies in %s, which holds a result, want a folder outside it", dir, results.ErrTaken, outer)
	}
	entries, _ := os.ReadDir(dir) // what cannot be read is told when it is written
	for _, e := range entries {
		if e.Name() != scenariosName && !strings.HasPrefix(e.Name(), ".") { // what a plan that was stopped left
			return fmt.Errorf("%s: %w: it holds %q and no sweep, want a new or empty folder", dir, results.ErrTaken, e.Name())
		}
	}
	return nil
}

// fits refuses a folder of scenarios that holds anything but what a Save of this plan that was stopped left there.
func (s *Sweep) fits(dir string) error {
	entries, _ := os.ReadDir(dir) // what cannot be read holds nothing that could be written over
	for _, e := range entries {
		if results.IsTemporary(e.Name()) {
			continue
		}
		i := slices.IndexFunc(s.Scenarios, func(sc SweepScenario) bool { return sc.Name+".toml" == e.Name() })
		if i >= 0 {
			if data, err := readWhole(filepath.Join(dir, e.Name()), maxPlan); err == nil && bytes.Equal(data, s.bases[i].TOML()) {
				continue
			}
		}
		return fmt.Errorf("%s: %w: it holds %q, which is not of this sweep, want a new or empty folder", dir, results.ErrTaken, e.Name())
	}
	return nil
}

// differs says in words where a plan found is another.
func (s *Sweep) differs(old *Sweep) string {
	for _, f := range []struct {
		name      string
		got, want any
	}{
		{"version", old.Version, s.Version}, {"name", old.Name, s.Name}, {"sample", old.Sample, s.Sample}, {"seed", old.Seed, s.Seed},
		{"runs", old.Replicates, s.Replicates}, {"years", old.Years, s.Years}, {"measures", old.Measures, s.Measures}, {"groups", old.Groups, s.Groups},
		{"places", old.Places, s.Places}, {"scenarios", old.Scenarios, s.Scenarios}, {"rows", old.Rows(), s.Rows()},
	} {
		if fmt.Sprint(f.got) != fmt.Sprint(f.want) {
			return fmt.Sprintf("%s = %v, wanted %v", f.name, f.got, f.want)
		}
	}
	return "its points are others"
}

// encode is plan.json: one run a line.
func (s *Sweep) encode() []byte {
	head := *s
	head.Runs = nil
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	must := func(err error) {
		if err != nil {
			panic("experiment: " + err.Error()) // numbers are finite
		}
	}
	must(e.Encode(head))
	text := bytes.TrimSuffix(b.Bytes(), []byte("null}\n"))
	text = append(text, "[\n"...)
	for i := range s.Runs {
		line, err := json.Marshal(&s.Runs[i])
		must(err)
		text = append(text, line...)
		if i < len(s.Runs)-1 {
			text = append(text, ',')
		}
		text = append(text, '\n')
	}
	return append(text, "]}\n"...)
}

// ReadSweep reads the plan of a folder and its scenarios, strictly. The error matches os.ErrNotExist
// where there is no plan, results.ErrNotResult where it is none, and results.ErrDamaged where it has
// changed since.
func ReadSweep(dir string) (*Sweep, error) {
	where := filepath.Join(dir, planName)
	data, err := readWhole(where, maxPlan)
	if err != nil {
		if path, ok := errors.AsType[*fs.PathError](err); ok {
			return nil, fmt.Errorf("%s: %w: no %s: %w, want the folder of a sweep", dir, results.ErrNotResult, planName, path.Err)
		}
		return nil, err
	}
	s, err := decodeSweep(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", where, err)
	}
	for _, sc := range s.Scenarios {
		path := filepath.Join(dir, scenariosName, sc.Name+".toml")
		c, err := configs.Read(path, configs.Options{})
		if err != nil {
			return nil, err
		}
		if c.Hash() != sc.Hash {
			return nil, fmt.Errorf("%s: %w: changed since the plan was made; make a new plan in a new folder", path, results.ErrDamaged)
		}
		s.bases = append(s.bases, c)
	}
	return s, nil
}

// decodeSweep reads a plan without its scenarios.
func decodeSweep(data []byte) (*Sweep, error) {
	s := new(Sweep)
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(s); err != nil {
		return nil, fmt.Errorf("%w: %w", results.ErrNotResult, err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fmt.Errorf("%w: more after the plan, want its end", results.ErrNotResult)
	}
	if err := s.check(); err != nil {
		return nil, fmt.Errorf("%w: %w", results.ErrDamaged, err)
	}
	return s, nil
}

// check says what no plan of ours has.
func (s *Sweep) check() error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	if s.Format != sweepFormat {
		return fmt.Errorf("format = %d, this version reads %d", s.Format, sweepFormat)
	}
	if want := s.hash(); s.Hash != want {
		fault("hash = %q, want %s", s.Hash, want)
	}
	if s.Replicates < 1 || s.Replicates > maxSweepRuns || s.Seed < 0 || s.Seed > math.MaxInt64-maxSweepRuns {
		return fmt.Errorf("%d replicates from seed %d, want 1 to %d from 0 to %d", s.Replicates, s.Seed, maxSweepRuns, int64(math.MaxInt64-maxSweepRuns))
	}
	if s.Years < 1 || s.Years > maxYears || s.WarmUp < 0 || s.WarmUp > maxYears || !(s.Sample > 0 && s.Sample <= 1) {
		fault("%d years after %d with a sample of %v, want 1 to %d after at most as many, and more than 0 and at most 1", s.Years, s.WarmUp, s.Sample, maxYears)
	}
	// Each factor is small, so that the product cannot wrap around to the number of runs.
	if want := s.Rows() * s.Replicates; len(s.Places) > maxSweepRuns || len(s.Scenarios) > maxSweepRuns || want > maxSweepRuns ||
		want*len(s.Places)*len(s.Scenarios) != len(s.Runs) || len(s.Runs) < 1 {
		fault("%d runs, want rows × replicates × places × scenarios: %d × %d × %d × %d", len(s.Runs), s.Rows(), s.Replicates, len(s.Places), len(s.Scenarios))
	}
	if err := s.Design.Check(); err != nil {
		faults = append(faults, err)
	}
	if s.Shards < 1 || s.Shards > MaxShards {
		fault("shards = %d, want 1 to %d", s.Shards, MaxShards)
	}
	for i, r := range s.Runs {
		if len(r.Key) != 64 || strings.Trim(r.Key, "0123456789abcdef") != "" || r.Shard < 0 || r.Shard >= s.Shards || r.Group < 0 {
			fault("run %d: key %q, shard %d, group %d, want 64 hexadecimal digits, 0 to %d, and 0 or more", i, r.Key, r.Shard, r.Group, s.Shards-1)
			break
		}
	}
	for _, sc := range s.Scenarios {
		if sc.Name == "" || !filepath.IsLocal(sc.Name) || strings.ContainsAny(sc.Name, `/\`) {
			fault("scenario %q, want a plain name", sc.Name)
		}
	}
	return errors.Join(faults...)
}
