package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"coexist/plots"
	"coexist/sim/experiment"
	"coexist/sim/results"
	"coexist/sim/tables"
)

// newRun makes the verb that runs one scenario.
func newRun(args []string) *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:     "run SCENARIO",
		Short:   "Run one scenario, once or more often",
		Long:    "Runs one scenario and prints every measure for everyone: at the start, at the end and on average.\nA scenario is a built-in name or a TOML file.",
		Example: "  coexist run airline\n  coexist run my-system.toml --place Torbay --runs 10 --set choice.minutes=0.08\n  coexist run status-quo --place England --sample 1 --checkpoint --out past\n  coexist run airline --from past/checkpoints/warm-00000-00000-00000-week00156.ckpt --out future",
		Args:    arguments(1, 1, "one scenario"),
		RunE: func(c *cobra.Command, names []string) error {
			if !c.Flags().Changed("out") {
				o.out = "coexist-" + strings.TrimSuffix(names[0][strings.LastIndexAny(names[0], `/\`)+1:], ".toml")
			}
			j := &job{cmd: c, args: args, o: &o, tell: newProgress(o.progress.now, c.ErrOrStderr())}
			var err error
			if j.in, err = o.resolve(names, ""); err != nil {
				return err
			}
			r, err := j.simulate()
			if err != nil {
				return err
			}
			levels, err := levelsOf(r)
			if err != nil {
				return err
			}
			j.tell.say("result in %s", shown(o.out))
			return levelsTo(c.OutOrStdout(), o.format.now, r, levels)
		},
	}
	o.add(c.Flags(), usualPlaces[:1], 1, "coexist-SCENARIO")
	o.addFrom()
	return c
}

// level is one measure of one place for everyone, over runs.
type level struct {
	Place   string  `json:"place"`
	Measure string  `json:"measure"`
	Title   string  `json:"title"`
	Unit    string  `json:"unit"`
	First   float64 `json:"first_year"`
	Last    float64 `json:"last_year"`
	Median  float64 `json:"median"`  // of the means over all years
	Low     float64 `json:"low_5"`   // the middle 90 % of runs
	High    float64 `json:"high_95"` // the same as Low with one run
}

// levelsOf reduces a result of one scenario to its levels.
func levelsOf(r *results.Result) ([]level, error) {
	m := &r.Manifest
	v := experiment.NewValues(m.Years)
	for o, err := range r.Outcomes() {
		if err != nil {
			return nil, err
		}
		if o.Group == "all" {
			v.Add(&o)
		}
	}
	var list []level
	for _, p := range m.Places {
		for _, x := range tables.Measures {
			k := experiment.Key{Place: p, Scenario: m.Scenarios[0], Group: "all", Measure: x.Name}
			l := level{Place: p, Measure: x.Name, Title: x.Title, Unit: x.Unit}
			l.First, _, _ = experiment.Band(v.Runs(k, experiment.Window{From: 1, To: 1}, v.Count()))
			l.Last, _, _ = experiment.Band(v.Runs(k, experiment.Window{From: m.Years, To: m.Years}, v.Count()))
			l.Median, l.Low, l.High = experiment.Band(v.Runs(k, experiment.Window{From: 1, To: m.Years}, v.Count()))
			if l.Median == l.Median && l.First == l.First && l.Last == l.Last {
				list = append(list, l)
			}
		}
	}
	return list, nil
}

// levelsTo writes levels to standard output in a format.
func levelsTo(out io.Writer, format string, r *results.Result, list []level) error {
	switch format {
	case "json":
		return writeJSON(out, list)
	case "csv":
		w := csv.NewWriter(out)
		w.Write([]string{"place", "measure", "unit", "first_year", "last_year", "median", "low_5", "high_95"})
		for _, l := range list {
			w.Write([]string{l.Place, l.Measure, l.Unit, exact(l.First), exact(l.Last), exact(l.Median), exact(l.Low), exact(l.High)})
		}
		w.Flush()
		return w.Error()
	}
	m := &r.Manifest
	for i, p := range m.Places {
		if i > 0 {
			fmt.Fprintln(out)
		}
		fmt.Fprintf(out, "%s in %s: median of %s, and the middle 90%% of them\n\n", m.Scenarios[0], p, runs(m.Runs))
		w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
		fmt.Fprintf(w, "measure\tyear 1\tyear %d\tyears 1-%d\t90%% of runs\tunit\n", m.Years, m.Years)
		for _, l := range list {
			if l.Place == p {
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s to %s\t%s\n", l.Measure, brief(l.First), brief(l.Last), brief(l.Median), brief(l.Low), brief(l.High), l.Unit)
			}
		}
		if err := w.Flush(); err != nil {
			return err
		}
	}
	return nil
}

// brief writes a number with about four digits.
func brief(v float64) string {
	text := strconv.FormatFloat(v, 'g', 4, 64)
	places := 0
	if strings.Contains(text, "e") {
		return plots.Number(v, 0)
	}
	if _, after, ok := strings.Cut(text, "."); ok {
		places = len(after)
	}
	return plots.Number(v, places)
}
