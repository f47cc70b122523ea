package experiment

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"path/filepath"
	"strings"

	"coexist/configs"
	"coexist/sim/results"
)

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
			fault("run %d: key %q, shard %d, group %d", i, r.Key, r.Shard, r.Group)
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
