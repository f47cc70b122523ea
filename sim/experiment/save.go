package experiment

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"coexist/sim/results"
)

// Save writes the folder of a sweep: scenarios first, plan.json last. A folder that has this plan is
// left as it is; one that has another, or anything else, is refused with results.ErrTaken.
func (s *Sweep) Save(dir string) (found *Sweep, err error) {
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
