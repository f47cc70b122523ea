package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"coexist/configs"
	"coexist/plots"
	"coexist/sim/evidence"
	"coexist/sim/experiment"
	"coexist/sim/place"
	"coexist/sim/place/england"
	"coexist/sim/results"
)

// newVerify makes the verb that repeats a result.
func newVerify(args []string) *cobra.Command {
	workers := newWorkers()
	tell := newProgressMode()
	c := &cobra.Command{
		Use:   "verify RESULT",
		Short: "Run a result again from its manifest and compare every byte",
		Long: `Checks every file of a result against its checksum, runs everything again from its manifest and its
scenarios in a temporary folder, and compares the bytes of every file but the manifest. The result stays as
it is. Exit code 0: the same bytes; 1: a file is damaged or differs, and the first difference is told.

It takes as long as the first time, and as much room in the folder for temporary files (TMPDIR).`,
		Example: "  coexist verify coexist-compare\n  TMPDIR=/data coexist verify coexist-compare --workers 4",
		Args:    arguments(1, 1, "the folder of a result"),
		RunE: func(c *cobra.Command, names []string) error {
			var f faults
			flagFaults(c.Flags(), &f)
			r, err := results.Open(names[0])
			f.add(err)
			if err == nil {
				f.add(r.Verify())
			}
			if err := f.err(); err != nil {
				return err
			}
			j := &job{cmd: c, args: args, tell: newProgress(tell.now, c.ErrOrStderr())}
			for _, rel := range r.Strangers() {
				j.tell.say("warning: %s is not of the result: its manifest does not name it", shown(filepath.Join(r.Dir, filepath.FromSlash(rel))))
			}
			n, err := j.verify(r, workers.now)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(c.OutOrStdout(), "%s: run again, %d files, the same bytes\n", shown(r.Dir), n)
			return err
		},
	}
	c.Flags().Var(&workers, "workers", workersUse)
	c.Flags().Var(&tell, "progress", progressUse)
	return c
}

// verify runs a result again in a temporary folder and returns how many files it compared.
func (j *job) verify(r *results.Result, workers int64) (files int, err error) {
	m := &r.Manifest
	if m.Version != version {
		return 0, wrong("%s: written by coexist %s, this is %s; want the same version, another may give other bytes", r.Dir, m.Version, version)
	}
	if j.in, err = inputsOf(r); err != nil {
		return 0, err
	}
	j.in.plan.Workers = int(workers)
	if found := j.in.identity(m.CSV); found.Hash() != m.IdentityHash {
		return 0, fmt.Errorf("%s: cannot be run again as it was: %s", r.Dir, m.Differences(found))
	}
	temp, err := os.MkdirTemp("", "coexist-verify-")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temp)) }()
	j.o = &options{out: filepath.Join(temp, "result"), csv: m.CSV}
	again, err := j.simulate()
	if errors.Is(err, errStopped) {
		return 0, fmt.Errorf("%w: %s is as it was, the same command begins anew", errStopped, shown(r.Dir))
	}
	if err != nil {
		return 0, err
	}
	if _, is := m.Outputs["comparison/effects.csv"]; is {
		if err := j.compare(again); err != nil {
			return 0, err
		}
	}
	if err := redraw(again, r, j.in.england); err != nil {
		return 0, err
	}
	return len(m.Outputs), sameOutputs(r, again)
}

// inputsOf resolves what a result was made from: its places and settings from the manifest, its
// scenarios from its own files.
func inputsOf(r *results.Result) (*inputs, error) {
	m := &r.Manifest
	in := &inputs{settings: m.Settings, warnings: m.Warnings}
	if len(m.Seeds) == 0 || len(m.Places) == 0 || len(m.Scenarios) == 0 {
		return nil, fmt.Errorf("%s: %w: %d places, %d scenarios and %d seeds, want at least one of each", r.Dir, results.ErrNotResult, len(m.Places), len(m.Scenarios), len(m.Seeds))
	}
	var err error
	if in.england, err = place.Read(england.FS()); err != nil {
		return nil, err
	}
	total := int64(0)
	for _, name := range m.Places {
		p, err := in.england.Resolve(m.Settings["place "+name])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", r.Dir, err)
		}
		total += residents(p)
		in.plan.Worlds = append(in.plan.Worlds, experiment.World{Name: name, Place: p})
	}
	for _, name := range m.Scenarios {
		c, err := scenarioOf(r, name)
		if err != nil {
			return nil, err
		}
		in.plan.Scenarios = append(in.plan.Scenarios, c)
	}
	var f faults
	read := func(key string, v interface{ Set(string) error }, err *error) {
		if text, given := m.Settings[key]; given {
			if v.Set(text); *err != nil {
				f.add(fmt.Errorf("%s: settings: %s = %q: %w: %w", r.Dir, key, text, results.ErrNotResult, *err))
			}
		}
	}
	o := &options{patients: newValue("", "", people), precision: newValue("", "", fraction)}
	read("patients", &o.patients, &o.patients.err)
	read("precision", &o.precision, &o.precision.err)
	if text, drawn := m.Settings[drawnFrom]; drawn {
		if text != evidence.PosteriorName() {
			f.add(fmt.Errorf("%s: settings: %s = %s: %w, this program has %s", r.Dir, drawnFrom, text, results.ErrNotResult, evidence.PosteriorName()))
		}
		in.draw()
	}
	p := &in.plan
	p.Seed, p.Runs, p.Sample, p.Precision, p.Reference = m.Seeds[0], m.Runs, m.Sample, o.precision.now, m.Settings["reference"]
	in.people = int64(p.Sample*float64(total) + .5)
	if f.add(p.Check()); len(f.list) > 0 {
		return nil, f.err()
	}
	o.share(in)
	return in, nil
}

// scenarioOf reads a resolved scenario of a result, and nothing outside its folder.
func scenarioOf(r *results.Result, name string) (configs.Config, error) {
	root, err := os.OpenRoot(r.Dir)
	if err != nil {
		return configs.Config{}, fmt.Errorf("%s: %w: %w", r.Dir, results.ErrNotResult, err)
	}
	defer root.Close()
	c, err := configs.Read("scenarios/"+name+".toml", configs.Options{Files: root.FS()})
	if err != nil {
		return c, fmt.Errorf("%s: %w", r.Dir, err)
	}
	return c, nil
}

// redraw draws the figures of a repeated result again where those of the first are of another size or
// theme, which their files tell.
func redraw(again, first *results.Result, e *place.England) error {
	type look struct {
		Size, Theme string
		More        bool `json:"allow_more"`
	}
	looks := map[look][]string{}
	for _, rel := range outputs(first) {
		name, is := strings.CutPrefix(rel, "figures/")
		name, isWords := strings.CutSuffix(name, ".json")
		if !is || !isWords {
			continue
		}
		data, err := first.ReadFile(rel)
		if err != nil {
			return err
		}
		var l look
		if err := json.Unmarshal(data, &l); err != nil {
			return fmt.Errorf("%s: %s: %w", first.Dir, rel, err)
		}
		if old, err := again.ReadFile(rel); err == nil && !bytes.Equal(old, data) {
			looks[l] = append(looks[l], name)
		}
	}
	for l, names := range looks {
		size, isSize := find(plots.Sizes(), sizeName, l.Size)
		theme, isTheme := find(plots.Themes(), themeName, l.Theme)
		if !isSize || !isTheme {
			continue // the comparison will tell
		}
		if l.More {
			theme = theme.AllowMore()
		}
		if err := draw(again, drawing{england: e, only: names, size: size, theme: theme}); err != nil {
			return err
		}
	}
	return nil
}

// sameOutputs returns every difference between the files of two results.
func sameOutputs(first, again *results.Result) error {
	all := append(outputs(first), outputs(again)...)
	slices.Sort(all)
	var differ []error
	for _, rel := range slices.Compact(all) {
		want, inFirst := first.Manifest.Outputs[rel]
		got, inAgain := again.Manifest.Outputs[rel]
		switch {
		case !inAgain:
			differ = append(differ, fmt.Errorf("%s: %s is not written when run again", first.Dir, rel))
		case !inFirst:
			differ = append(differ, fmt.Errorf("%s: %s is missing, running again writes it", first.Dir, rel))
		case got != want:
			differ = append(differ, fmt.Errorf("%s: %s differs when run again: %s", first.Dir, rel, firstDifference(filepath.Join(first.Dir, rel), filepath.Join(again.Dir, rel))))
		}
	}
	return errors.Join(differ...)
}

// firstDifference says where two files first differ.
func firstDifference(first, again string) string {
	a, err := os.Open(first)
	if err != nil {
		return err.Error()
	}
	defer a.Close()
	b, err := os.Open(again)
	if err != nil {
		return err.Error()
	}
	defer b.Close()
	x, y := make([]byte, 1<<16), make([]byte, 1<<16)
	line := 1
	for at := int64(0); ; at += int64(len(x)) {
		n, _ := io.ReadFull(a, x)
		m, _ := io.ReadFull(b, y)
		for i := range min(n, m) {
			if x[i] != y[i] {
				return fmt.Sprintf("first at byte %d, line %d", at+int64(i), line)
			}
			if x[i] == '\n' {
				line++
			}
		}
		if n != m || n < len(x) {
			return fmt.Sprintf("one ends at byte %d, line %d, the other goes on", at+int64(min(n, m)), line)
		}
	}
}
