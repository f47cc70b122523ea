package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"coexist/sim/evidence"
	"coexist/sim/evidence/fit"
	"coexist/sim/place"
	"coexist/sim/place/england"
	"coexist/sim/results"
)

// trialsName is the journal of a folder of calibrate, by which the folder is known.
const trialsName = "trials.tsv"

// calibrateFolder refuses a folder that holds anything but a calibration, so that nothing else is written over.
func calibrateFolder(dir string) error {
	if outer := results.Enclosing(dir); outer != "" {
		return wrong("--out = %s lies in %s, which holds a result, want a folder outside it", dir, outer)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return wrong("--out: %v", err)
	}
	for _, e := range entries {
		if e.Name() == trialsName {
			return nil
		}
	}
	for _, e := range entries {
		if !results.IsTemporary(e.Name()) {
			return wrong("--out = %s: it holds %q and no %s of a calibration, want a new or empty folder", dir, e.Name(), trialsName)
		}
	}
	return nil
}

// openTrials makes the folder and opens its journal.
func openTrials(dir string, tell *talker) (*fit.Journal, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, wrong("--out: %v", err)
	}
	j, err := fit.OpenJournal(filepath.Join(dir, trialsName))
	if errors.Is(err, fit.ErrJournal) {
		return nil, wrong("--out: %v", err)
	}
	if err == nil && j.Damaged > 0 {
		tell.say("%s: %s damaged; its trials are made again", shown(filepath.Join(dir, trialsName)), many(j.Damaged, "line"))
	}
	return j, err
}

// newCalibrate makes the verb that fits the free parameters.
func newCalibrate() *cobra.Command {
	var o validation
	var out, region string
	var blocks []string
	regionSample := newValue("share", "1/10", fraction)
	trials := newValue("number", "40", whole(0, 100_000))
	draws := newValue("number", "400", whole(0, 1_000_000))
	keep := newValue("number", "200", whole(0, 100_000))
	c := &cobra.Command{
		Use:   "calibrate",
		Short: "Fit the free parameters to published numbers, and sample what else fits",
		Long: `Fits the parameters that are free to the rows of the table of published numbers that are for calibration, block
by block, by CMA-ES on the same seeds in every trial, and then samples the posterior by approximate Bayesian
computation. The rows of reforms are not seen. Trials are kept in the folder, so the same command goes on.

It writes fitted.toml (a scenario), posterior.csv (a set of parameters a line) and report.md.`,
		Example: "  coexist calibrate\n  coexist calibrate --block continuity --trials 30 --keep 0",
		Args:    arguments(0, 0, "none"),
		RunE: func(c *cobra.Command, _ []string) error {
			var f faults
			for _, b := range blocks {
				if known := evidence.Blocks(); !slices.Contains(known, b) {
					f.addf("--block = %s, want one of %s%s", b, strings.Join(known, ", "), nearest(b, known))
				}
			}
			set, tell, err := o.setup(c, []string{reference}) // which tells what is wrong with --set
			f.add(err)
			there, err := regionOf(&set, region, regionSample.now)
			f.add(err)
			for _, s := range o.sets {
				key, _, _ := strings.Cut(s, "=")
				if key = strings.TrimSpace(key); slices.Contains(evidence.Moved(blocks, trials.now > 0, keep.now > 0), key) {
					f.addf("--set %s: this calibration looks for %s itself, want another parameter or other blocks", s, key)
				}
			}
			f.add(calibrateFolder(out))
			if err := f.err(); err != nil {
				return err
			}
			j, err := openTrials(out, tell)
			if err != nil {
				return err
			}
			set.Progress = nil
			run := &evidence.Calibration{Setup: set, Region: there, Sets: o.sets, Trials: int(trials.now), Draws: int(draws.now), Keep: int(keep.now), Blocks: blocks, Journal: j, Version: version, Tell: tell.say}
			start := time.Now()
			if err := run.Run(c.Context()); err != nil {
				if errors.Is(err, context.Canceled) {
					return fmt.Errorf("%w after %s; %d trials are in %s, the same command goes on", errStopped, clock(time.Since(start)), j.Made, out)
				}
				return err
			}
			for _, f := range []struct {
				name  string
				write func(io.Writer) error
			}{{"fitted.toml", run.WriteFitted}, {"posterior.csv", run.WritePosterior}, {"report.md", run.WriteReport}} {
				if err := put(filepath.Join(out, f.name), f.write); err != nil {
					return err
				}
			}
			tell.say("result in %s, %d trials made in %s", shown(out), j.Made, clock(time.Since(start)))
			return run.WriteReport(c.OutOrStdout())
		},
	}
	o.add(c.Flags(), "1/100", "2")
	c.Flags().StringVar(&region, "region", "", "where the block waits and the posterior are simulated, since queues are longer in small samples (default \"East Midlands\" for England, else the place and sample of the rest)")
	c.Flags().Var(&regionSample, "region-sample", "share of the people of the region who are simulated")
	c.Flags().StringVar(&out, "out", "coexist-calibrate", "folder of the result; the same command goes on there")
	c.Flags().StringArrayVar(&blocks, "block", nil, "one block of parameters: "+strings.Join(evidence.Blocks(), ", ")+"; repeat for more (default: all)")
	c.Flags().Var(&trials, "trials", "trials of each block; 0 keeps the defaults")
	c.Flags().Var(&draws, "draws", "trials of the posterior")
	c.Flags().Var(&keep, "keep", "sets of the posterior that are kept; 0 for no posterior")
	return c
}

// regionOf is where the blocks of queues are simulated: named, or East Midlands for England, or as the rest.
func regionOf(set *evidence.Setup, name string, sample float64) (evidence.Setup, error) {
	switch {
	case set.Place == nil: // what is wrong has been told
		return *set, nil
	case name == "" && set.Place.Name != "England":
		return *set, nil
	case name == "":
		name = "East Midlands"
	}
	e, err := place.Read(england.FS())
	if err != nil {
		return *set, err
	}
	p, err := e.Resolve(name)
	if err != nil {
		return *set, wrong("--region: %v", err)
	}
	return evidence.Setup{Place: p, Sample: sample}, nil
}
