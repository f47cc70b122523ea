package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"coexist/sim/checkpoint"
	"coexist/sim/evidence"
	"coexist/sim/experiment"
	"coexist/sim/results"
)

// job is a verb that runs: its input and what it was called with.
type job struct {
	cmd  *cobra.Command
	args []string // of the program, for the manifest
	o    *options
	in   *inputs
	tell *progress

	comparison *experiment.Comparison // that the report states; nil where none was written
}

// simulate runs the plan into the folder, or goes on with it, and returns the finished result with
// its figures. Wrong input leaves nothing behind; a stop leaves what is whole.
func (j *job) simulate() (*results.Result, error) {
	w, err := results.Create(j.o.out, j.in.identity(j.o.csv))
	if err != nil {
		return nil, err
	}
	defer w.Close()
	for _, warning := range j.in.warnings {
		j.tell.say("warning: %s", warning)
	}
	if w.State() == results.Done {
		j.tell.say("%s is done already", j.o.out)
	} else if err := j.run(w); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	r, err := results.Open(j.o.out)
	if err != nil {
		return nil, err
	}
	if w.State() == results.Done && slices.ContainsFunc(outputs(r), func(rel string) bool { return strings.HasPrefix(rel, "figures/") }) {
		return r, nil
	}
	start := time.Now()
	if j.comparison, err = publish(r, j.in.england); err != nil {
		return nil, err
	}
	j.tell.say("figures and report in %.1f s", time.Since(start).Seconds())
	return r, nil
}

// outputs lists the files of a result.
func outputs(r *results.Result) []string {
	var list []string
	for rel := range r.Manifest.Outputs {
		list = append(list, rel)
	}
	slices.Sort(list)
	return list
}

// run simulates what is missing and finishes the folder.
func (j *job) run(w *results.Writer) error {
	p := &j.in.plan
	p.Out = w
	if p.From != nil {
		defer p.From.Close()
	}
	j.keeps(w)
	if err := j.scenarios(w); err != nil {
		return errors.Join(err, w.Discard())
	}
	need := predict(p, j.in.people, j.o.checkpoint.now)
	p.Together = need.together
	holdMemory(need.state)
	j.tell.say("%s people in %s; %d scenarios, %d runs each; about %s", grouped(j.in.people), places(p), len(p.Scenarios), p.Runs, need)
	if p.Draw != nil {
		j.tell.say("each run draws its parameters from %s", evidence.PosteriorName())
	}
	start := time.Now()
	sum, err := experiment.Run(j.cmd.Context(), *p, j.tell.tell)
	j.tell.stop()
	switch {
	case err != nil && errors.Is(err, context.Canceled):
		return fmt.Errorf("%w after %s; what had ended is in %s, the same command goes on", errStopped, clock(time.Since(start)), j.o.out)
	case errors.Is(err, checkpoint.ErrUnusable):
		return errors.Join(err, w.Discard())
	case err != nil:
		return err
	}
	if p.Draw != nil {
		if err := w.WriteFile(drawsFile, evidence.DrawsCSV(sum.Seeds)); err != nil {
			return err
		}
	}
	simulated := time.Since(start).Seconds()
	start = time.Now()
	err = w.Finish(results.Manifest{
		Patients: sum.Patients, PeakRSSBytes: experiment.PeakMemory(), Workers: p.Workers, Command: j.args, Warnings: j.in.warnings, Precision: sum.Precision,
		Durations: map[string]float64{"simulation": simulated},
	})
	if err != nil {
		return err
	}
	j.tellKept()
	used := w.Used()
	j.tell.say("simulated %s patient events in %s, %.0f ns of processor time each; wrote the tables in %.1f s",
		grouped(used.PatientEvents), clock(time.Duration(simulated*float64(time.Second))), used.CPUSeconds*1e9/float64(max(used.PatientEvents, 1)), time.Since(start).Seconds())
	return nil
}

// scenarios writes every resolved scenario.
func (j *job) scenarios(w *results.Writer) error {
	for _, c := range j.in.plan.Scenarios {
		if err := w.WriteScenario(c.Name, c.TOML()); err != nil {
			return err
		}
	}
	return nil
}

// places names the worlds of a plan.
func places(p *experiment.Plan) string {
	var names []string
	for _, w := range p.Worlds {
		names = append(names, w.Name)
	}
	return strings.Join(names, " and ")
}

// shown is a folder as it is told to the user.
func shown(dir string) string { return filepath.ToSlash(filepath.Clean(dir)) }

// pasted is a folder as a command line takes it.
func pasted(dir string) string {
	dir = shown(dir)
	if strings.HasPrefix(dir, "-") {
		dir = "./" + dir
	}
	return experiment.Quoted(dir)
}

// holdMemory holds the garbage collector to some 512 MiB above the state, unless the user has set it.
func holdMemory(state int64) {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(collect(state))
}
