package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/spf13/cobra"

	"coexist/configs"
)

// newCheck makes the verb that validates without running.
func newCheck() *cobra.Command {
	var o options
	var every bool
	rows := newValue("number", "", whole(1, 10_000_000))
	c := &cobra.Command{
		Use:   "check [SCENARIO ... | EXPERIMENT]",
		Short: "Check scenarios or an experiment without running, and predict time, memory and disk",
		Long: `Checks scenarios, places and flags as compare and run would, and reports all faults at once. Prints what
is resolved (values that differ from the defaults; --values: all) and predicts time, memory and disk. An
experiment is checked as sweep would: its axes, every row of its design with every scenario, and its places;
a pilot of some seconds measures what it will cost here.`,
		Example: "  coexist check my-system.toml\n  coexist check my-system.toml --place England --sample 1 --runs 1\n  coexist check airline --values\n  coexist check my-experiment.toml",
		Args:    arguments(1, -1, "at least one scenario, or one experiment"),
		RunE: func(c *cobra.Command, names []string) error {
			if i := slices.IndexFunc(names, func(name string) bool { return configs.IsExperiment(name, nil) }); i >= 0 {
				if len(names) > 1 {
					return wrong("check: %s is an experiment, want it alone", names[i])
				}
				return o.checkExperiment(c, names[0], rows)
			}
			if rows.text != "" {
				return wrong("check: --size = %s is of an experiment, and %s is none", rows.text, names[0])
			}
			in, err := o.resolve(names, "")
			if err != nil {
				return err
			}
			need := predict(&in.plan, in.people, o.checkpoint.now)
			if o.format.now == "json" {
				return writeJSON(c.OutOrStdout(), checked(in, need))
			}
			out := c.OutOrStdout()
			for i := range in.plan.Scenarios {
				if err := printValues(out, &in.plan.Scenarios[i], every); err != nil {
					return err
				}
			}
			fmt.Fprintf(out, "places    %s\n", places(&in.plan))
			fmt.Fprintf(out, "people    %s (a sample of 1 in %.4g)\n", grouped(in.people), 1/in.plan.Sample)
			fmt.Fprintf(out, "runs      %d of each scenario in each place, %d years after %d of warm-up\n", in.plan.Runs, in.plan.Years(), in.plan.Scenarios[0].Time.WarmupYears)
			fmt.Fprintf(out, "predicted %s\n", need)
			fmt.Fprintf(out, "          a checkpoint of a run: %s, if --checkpoint asks for them\n", size(need.checkpoint))
			for _, w := range in.warnings {
				fmt.Fprintf(out, "warning   %s\n", w)
			}
			return nil
		},
	}
	o.add(c.Flags(), usualPlaces[:1], 1, "coexist-check")
	o.format = newWords("text", "json")
	for _, name := range []string{"out", "csv", "resume", "progress"} { // so that the flags of a run can be left as they are
		c.Flags().MarkHidden(name)
	}
	c.Flags().Var(&rows, "size", "of an experiment: levels, rows, trajectories or blocks of its design, in place of those in it")
	c.Flags().BoolVar(&every, "values", false, "print every value, not only those that differ from the defaults")
	return c
}

// summary is what check says as JSON.
type summary struct {
	Scenarios []resolved `json:"scenarios"`
	Places    []string   `json:"places"`
	People    int64      `json:"people"`
	Sample    float64    `json:"sample"`
	Runs      int        `json:"runs"`
	Years     int        `json:"years"`
	Seconds   float64    `json:"predicted_seconds"`
	Memory    int64      `json:"predicted_memory_bytes"`
	Disk      int64      `json:"predicted_disk_bytes"` // with the checkpoints that stand at a time
	Snapshot  int64      `json:"predicted_checkpoint_bytes"`
	Warnings  []string   `json:"warnings"`
}

// resolved is a scenario with every value.
type resolved struct {
	Name   string         `json:"name"`
	Title  string         `json:"title"`
	Hash   string         `json:"hash"`
	Values map[string]any `json:"values"`
}

func checked(in *inputs, need forecast) summary {
	s := summary{People: in.people, Sample: in.plan.Sample, Runs: in.plan.Runs, Years: in.plan.Years(), Seconds: need.time.Seconds(),
		Memory: need.memory, Disk: need.disk, Snapshot: need.checkpoint, Warnings: append([]string{}, in.warnings...)}
	for _, w := range in.plan.Worlds {
		s.Places = append(s.Places, w.Name)
	}
	for _, c := range in.plan.Scenarios {
		s.Scenarios = append(s.Scenarios, resolved{c.Name, c.Title, c.Hash(), valuesOf(c)})
	}
	return s
}

// valuesOf returns the values of a scenario by key.
func valuesOf(c configs.Config) map[string]any {
	var tree map[string]any
	if _, err := toml.Decode(string(c.TOML()), &tree); err != nil {
		panic(err) // the scenario wrote it
	}
	flat := map[string]any{}
	for section, v := range tree {
		t, ok := v.(map[string]any)
		if !ok {
			flat[section] = v
			continue
		}
		for key, v := range t {
			flat[section+"."+key] = v
		}
	}
	return flat
}

// printValues prints a scenario: what it is, its contracts, and its values.
func printValues(out io.Writer, c *configs.Config, every bool) error {
	fmt.Fprintf(out, "%s: %s\n%s\n\n", c.Name, c.Title, wrap(c.About))
	for _, x := range c.Contracts {
		fmt.Fprintf(out, "  %s pays %s for %s by %s", x.Payer, x.Payee, x.Service, x.Kind)
		if x.Price != 1 {
			fmt.Fprintf(out, " at %.4g of the price", x.Price)
		}
		fmt.Fprintln(out)
	}
	fmt.Fprintln(out)
	values := valuesOf(*c)
	for _, p := range configs.Parameters() {
		now, usual := written(values[p.Key]), written(p.Default)
		if now == usual && !every {
			continue
		}
		line := fmt.Sprintf("  %-32s %s", p.Key+" = "+now, p.Unit)
		if now != usual {
			line += " (default " + usual + ")"
		}
		if _, err := fmt.Fprintln(out, strings.TrimRight(line, " ")); err != nil {
			return err
		}
	}
	for _, r := range c.Reforms {
		fmt.Fprintf(out, "  reform in %s\n", r.When)
	}
	fmt.Fprintln(out)
	return nil
}

// written writes a value as in a scenario file.
func written(v any) string {
	switch v := v.(type) {
	case string:
		return fmt.Sprintf("%q", v)
	case []string:
		return quoted(v)
	case []any:
		var words []string
		for _, w := range v {
			words = append(words, fmt.Sprint(w))
		}
		return quoted(words)
	}
	return fmt.Sprint(v)
}

func quoted(words []string) string {
	var list []string
	for _, w := range words {
		list = append(list, fmt.Sprintf("%q", w))
	}
	return "[" + strings.Join(list, ", ") + "]"
}
