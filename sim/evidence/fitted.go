package evidence

import (
	"encoding/csv"
	"fmt"
	"io"
	"sort"
	"strings"
)

// WriteFitted writes the fitted values as a scenario that extends the status quo.
func (c *Calibration) WriteFitted(out io.Writer) error {
	var b strings.Builder
	b.WriteString("# Fitted values; made by coexist calibrate.\nextends = \"status-quo\"\nname = \"fitted\"\ntitle = \"Fitted\"\n")
	for _, set := range c.Sets {
		fmt.Fprintf(&b, "# Fitted where %s, which this file does not set: give it with --set.\n", strings.Join(strings.Fields(set), " "))
	}
	keys := append([]string(nil), c.Order...)
	sort.Strings(keys)
	section := ""
	for _, k := range keys {
		s, leaf, _ := strings.Cut(k, ".")
		if s != section {
			section = s
			fmt.Fprintf(&b, "\n[%s]\n", s)
		}
		fmt.Fprintf(&b, "%s = %s\n", leaf, decimal(c.Fitted[k]))
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// decimal writes a number so that TOML reads it as one with a fraction.
func decimal(v float64) string {
	s := Text(v)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

// WritePosterior writes the sample, a set a line.
func (c *Calibration) WritePosterior(out io.Writer) error {
	w := csv.NewWriter(out)
	w.Write(c.Posterior.Keys)
	for _, set := range c.Posterior.Sets {
		row := make([]string, len(set))
		for i, v := range set {
			row[i] = Text(v)
		}
		w.Write(row)
	}
	w.Flush()
	return w.Error()
}

// WriteReport says how each row fits, and what is identified.
func (c *Calibration) WriteReport(out io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, `# Calibration

Made by %s: %s, 1 person in %.0f; the block of waits and the posterior %s, 1 person in %.0f,
since queues are longer in smaller samples; %d seeds a trial. Parameters were searched block by block by CMA-ES, each block with
what those before it ended at. The loss of a block is the mean squared distance of its rows from the published values, in
half-widths of the band in which a row counts as met, and a small pull of the values at which the search began. Rows are those of
sim/evidence/targets.csv, mean over seeds; reforms are not seen.
`, "`coexist calibrate`", c.Setup.Place.Name, 1/c.Setup.Sample, c.Region.Place.Name, 1/c.Region.Sample, c.Setup.Runs)
	for _, r := range c.Reports {
		name, _, _ := strings.Cut(r.Block.Name, "|")
		fmt.Fprintf(&b, "\n## %s: loss %.3f, was %.3f, %d trials\n\n| parameter | before | fitted | searched |\n| --- | --- | --- | --- |\n", name, r.Best.Loss, r.Best.Before, r.Best.Trials)
		for i, p := range r.Block.Parameters {
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s to %s |\n", p.Key, Text(p.Start), Text(r.Best.At[i]), Text(p.Low), Text(p.High))
		}
		b.WriteString("\n| row | published | fitted | band |\n| --- | --- | --- | --- |\n")
		for i, t := range r.Block.Targets {
			fmt.Fprintf(&b, "| %s | %s | %s | %s to %s |\n", t.ID, Text(t.Value), Text(r.Best.Simulated[i]), Text(t.Low), Text(t.High))
		}
	}
	if len(c.Posterior.Sets) > 0 {
		fmt.Fprintf(&b, "\n## Posterior against prior: %d sets of %d trials, distance at most %.2f half-widths\n\nOne seed a trial, parameters uniform over their priors. Those nearest to the rows of a year or two were kept, and adjusted by\nregression. Rows of the whole country are held to where they are in the region when the country is at the published numbers. Near 1\nthe rows say nothing of a parameter. Those marked as prior are drawn from it, since no data identify them.\n\n| parameter | prior | spread of the posterior over that of the prior |\n| --- | --- | --- |\n", len(c.Posterior.Sets), c.Posterior.Trials, c.Posterior.Cut)
		for i, p := range c.Prior.Parameters {
			note := ""
			if i >= c.fitted {
				note = " (prior)"
			}
			fmt.Fprintf(&b, "| `%s`%s | %s to %s | %.2f |\n", p.Key, note, Text(p.Low), Text(p.High), c.Posterior.Spread(c.Prior, i))
		}
	}
	_, err := io.WriteString(out, b.String())
	return err
}
