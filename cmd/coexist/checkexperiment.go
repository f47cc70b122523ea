package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"coexist/configs"
	"coexist/sim/experiment"
)

// checkedSweep is what check says of an experiment as JSON.
type checkedSweep struct {
	Experiment string   `json:"experiment"`
	Design     string   `json:"design"`
	Rows       int      `json:"rows"`
	Factors    []string `json:"factors"`
	Scenarios  []string `json:"scenarios"`
	Places     []string `json:"places"`
	People     int64    `json:"people"` // of the largest place
	Sample     float64  `json:"sample"`
	Replicates int      `json:"replicates"`
	Runs       int      `json:"runs"`
	Years      int      `json:"years"`
	Cells      int      `json:"cells_of_the_map"`
	CPU        float64  `json:"predicted_cpu_seconds"`
	Seconds    float64  `json:"predicted_seconds"`
	Memory     int64    `json:"predicted_memory_bytes"`
	Disk       int64    `json:"predicted_disk_bytes"`
	Warnings   []string `json:"warnings"`
}

// sweep turns the flags of check into those of a sweep.
func (o *options) sweep() *sweepFlags {
	s := newSweepFlags()
	if o.set.Changed("place") {
		s.places = o.places
	}
	s.sets, s.sample, s.years, s.seed, s.workers, s.format = o.sets, o.sample, o.years, o.seed, o.workers, o.format
	if o.set.Changed("runs") {
		s.runs = o.runs
	}
	return s
}

// checkExperiment checks every row of an experiment and predicts what it takes, from a pilot of some
// seconds; it writes nothing.
func (o *options) checkExperiment(c *cobra.Command, name string, rows value[int64]) error {
	s := o.sweep()
	s.size = rows
	e, err := s.readExperiment(c, name)
	if err != nil {
		return err
	}
	p, err := s.resolve(c, e, experiment.SweepOptions{Version: version, Shards: 1, Workers: int(s.workers.now)}, true)
	if err != nil {
		return err
	}
	need := p.forecast(int(s.workers.now))
	cells := len(experiment.Arenas(e.Scenarios))
	if s.format.now == "json" {
		return writeJSON(c.OutOrStdout(), p.checked(need, cells))
	}
	return p.describe(c.OutOrStdout(), e, need, cells)
}

// checked is what check says of a sweep.
func (p *planned) checked(need forecast, cells int) checkedSweep {
	s := p.sweep
	x := checkedSweep{Experiment: s.Name, Design: string(s.Design.Kind), Rows: s.Rows(), Factors: s.Design.Factors(), Sample: s.Sample, Replicates: s.Replicates,
		Runs: len(s.Runs), Years: s.Years, Cells: cells, CPU: s.Seconds(indices(len(s.Runs))), Seconds: need.time.Seconds(), Memory: need.memory, Disk: need.disk,
		Warnings: append([]string{}, p.warnings...)}
	for _, c := range s.Scenarios {
		x.Scenarios = append(x.Scenarios, c.Name)
	}
	for _, w := range s.Places {
		x.Places, x.People = append(x.Places, w.Name), max(x.People, w.People)
	}
	return x
}

// describe writes what a sweep is and what it will take.
func (p *planned) describe(out io.Writer, e configs.Experiment, need forecast, cells int) error {
	s := p.sweep
	fmt.Fprintf(out, "%s: %s\n%s\n\n", s.Name, s.Title, wrap(s.About))
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, a := range s.Design.Axes {
		q, _ := configs.Explain(a.Name)
		span := fmt.Sprintf("%v to %v", a.Low, a.High)
		if a.Scale == "log" {
			span += ", log"
		}
		if a.Values != nil {
			span = several(a.Values)
		}
		if a.Joint != "" {
			span += " (" + a.Joint + ")"
		}
		fmt.Fprintf(w, "  %s\t%s\t%s\n", a.Name, span, q.Unit)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(out, "\ndesign    %s of %s over %s, each row with every scenario checked\n", s.Design.Kind, many(s.Rows(), "row"), many(len(s.Design.Factors()), "factor"))
	if e.Posterior == configs.Calibrated {
		fmt.Fprintln(out, "posterior that of the program (docs/validation.md)")
	} else if e.Posterior != "" {
		fmt.Fprintf(out, "posterior %s\n", e.Posterior)
	}
	x := p.checked(need, cells)
	fmt.Fprintf(out, "scenarios %s\n", strings.ReplaceAll(wrap(strings.Join(x.Scenarios, ", ")), "\n", "\n          "))
	fmt.Fprintf(out, "places    %s\n", strings.Join(x.Places, "\n          "))
	fmt.Fprintf(out, "people    %s in the largest (a sample of 1 in %.4g)\n", grouped(x.People), 1/s.Sample)
	fmt.Fprintf(out, "runs      %s, %d years after %d of warm-up\n", counted(s), s.Years, s.WarmUp)
	if cells > 0 {
		fmt.Fprintf(out, "map       of coexistence, %s in each place\n", many(cells, "cell"))
	}
	fmt.Fprintf(out, "predicted %s of processor time; on %s %s\n", roughly(asDuration(x.CPU)), many(s.Workers, "processor"), need)
	for _, warning := range p.warnings {
		fmt.Fprintf(out, "warning   %s\n", warning)
	}
	return nil
}
