package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"coexist/sim/experiment"
)

// checkExperiment is check of an experiment: what sweep plan would plan, without the pilot from which it
// predicts time, and with the same flags.
func checkExperiment(c *cobra.Command, o *options, name string) error {
	var f faults
	o.check(&f)
	s := newSweepFlags()
	s.sets, s.sample, s.years = o.sets, o.sample, o.years
	if c.Flags().Changed("place") {
		s.places = o.places
	}
	s.seed.text, s.seed.now, s.runs.text, s.runs.now = o.seed.text, o.seed.now, o.runs.text, o.runs.now
	if o.years.err != nil {
		s.years.text = ""
	}
	e, err := s.readExperiment(name)
	f.add(err)
	if err := f.err(); err != nil {
		return err
	}
	design, err := experiment.DesignOf(e)
	f.add(err)
	worlds, sample := s.worlds(&e, &f)
	if err := f.err(); err != nil {
		return err
	}
	plan, err := experiment.NewSweep(e, worlds, design, sample, experiment.SweepOptions{Version: version, Shards: 1, Workers: int(o.workers.now)})
	if err != nil {
		return err
	}
	out := c.OutOrStdout()
	if o.format.now == "json" {
		return writeJSON(out, planSummary{Experiment: e.Name, Title: e.Title, Design: e.Design.Kind, Rows: plan.Rows(), Runs: len(plan.Runs), Scenarios: len(plan.Scenarios),
			Places: len(plan.Places), Replicates: plan.Replicates, Sample: sample, Years: plan.Years, Measures: e.Measures, Memory: plan.World, Disk: plan.Disk()})
	}
	fmt.Fprintf(out, "%s: %s\n%s\n\n", e.Name, e.Title, wrap(e.About, 100))
	for _, a := range e.Axes {
		switch {
		case len(a.Values) > 0:
			fmt.Fprintf(out, "  %s = %s\n", a.Name, quoted(a.Values))
		case a.Scale == "log":
			fmt.Fprintf(out, "  %s from %g to %g on a log scale\n", a.Name, a.Low, a.High)
		default:
			fmt.Fprintf(out, "  %s from %g to %g\n", a.Name, a.Low, a.High)
		}
	}
	for _, sc := range plan.Scenarios {
		fmt.Fprintf(out, "scenario  %s: %s\n", sc.Name, sc.Title)
	}
	for _, p := range plan.Places {
		fmt.Fprintf(out, "place     %s, %s people (a sample of 1 in %.4g)\n", p.Name, grouped(p.People), 1/sample)
	}
	_, err = fmt.Fprintf(out, "runs      %s, by a design of kind %s; %d years after %d of warm-up\npredicted %s of disk; %s of memory for each world that runs at a time; coexist sweep plan %s predicts the time\n",
		counted(plan), e.Design.Kind, plan.Years, plan.WarmUp, size(plan.Disk()), size(plan.World), shown(name))
	return err
}

// planSummary is what check says of an experiment as JSON.
type planSummary struct {
	Experiment string   `json:"experiment"`
	Title      string   `json:"title"`
	Design     string   `json:"design"`
	Rows       int      `json:"rows"`
	Runs       int      `json:"runs"`
	Scenarios  int      `json:"scenarios"`
	Places     int      `json:"places"`
	Replicates int      `json:"replicates"`
	Sample     float64  `json:"sample"`
	Years      int      `json:"years"`
	Measures   []string `json:"measures"`
	Memory     int64    `json:"predicted_world_bytes"`
	Disk       int64    `json:"predicted_disk_bytes"`
}
