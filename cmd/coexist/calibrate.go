package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"coexist/sim/evidence"
	"coexist/sim/evidence/fit"
	"coexist/sim/results"
)

// newCalibrate makes the verb that fits the free parameters.
func newCalibrate() *cobra.Command {
	var o validation
	var out string
	var blocks []string
	trials := newValue("number", "60", whole(0, 100_000))
	draws := newValue("number", "1000", whole(0, 1_000_000))
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
			set, tell, err := o.setup(c, nil)
			f.add(err)
			if err := f.err(); err != nil {
				return err
			}
			if err := os.MkdirAll(out, 0o777); err != nil {
				return wrong("--out: %v", err)
			}
			j, err := fit.OpenJournal(filepath.Join(out, "trials.tsv"))
			if errors.Is(err, fit.ErrJournal) {
				return wrong("--out: %v", err)
			}
			if err != nil {
				return err
			}
			set.Progress = nil
			run := &evidence.Calibration{Setup: set, Trials: int(trials.now), Draws: int(draws.now), Keep: int(keep.now), Blocks: blocks, Journal: j, Version: version, Tell: tell.say}
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
				if err := results.Atomic(filepath.Join(out, f.name), f.write); err != nil {
					return err
				}
			}
			tell.say("result in %s, %d trials made in %s", shown(out), j.Made, clock(time.Since(start)))
			return run.WriteReport(c.OutOrStdout())
		},
	}
	o.add(c.Flags(), "1/100", "2")
	c.Flags().StringVar(&out, "out", "coexist-calibrate", "folder of the result; the same command goes on there")
	c.Flags().StringArrayVar(&blocks, "block", nil, "one block of parameters: "+strings.Join(evidence.Blocks(), ", ")+"; repeat for more (default: all)")
	c.Flags().Var(&trials, "trials", "trials of each block; 0 keeps the defaults")
	c.Flags().Var(&draws, "draws", "trials of the posterior")
	c.Flags().Var(&keep, "keep", "sets of the posterior that are kept; 0 for no posterior")
	return c
}
