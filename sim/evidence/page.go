package evidence

import (
	"fmt"
	"io"
	"strings"
)

// WritePage writes docs/validation.md: the tables with what stands behind them. command is the one
// that made the runs.
func (r Report) WritePage(out io.Writer, command, size string) error {
	var b strings.Builder
	b.WriteString("# Validation\n\n")
	b.WriteString("Every published number of `sim/evidence/targets.csv` beside the same number of a run: met, missed, an input, or not represented and\n")
	b.WriteString("why. A row is met if the mean over seeds lies in the published interval or within 5 % of the value, whichever is wider; within 10 %\n")
	b.WriteString("where no interval is published; within 5 % of the file of disease registers where that wins; and if the sign is right where the\n")
	b.WriteString("row is a sign. Rates are of people weighted to the ages of 2011. What the model leaves out is in [limitations.md](limitations.md).\n\n")
	fmt.Fprintf(&b, "Made by `%s` (%s). Do not edit: run it again.\n\n", command, size)
	b.WriteString("Defaults marked `calibrated:` in parameters.toml come from `coexist calibrate` (blocks of at most six parameters, two seeds a\n")
	b.WriteString("trial, East Midlands), those of growth, waits and emergencies then moved so that England fits, where the region does not. The\n")
	b.WriteString("posterior in `sim/evidence/posterior.csv` is 200 sets of 420 trials of `coexist calibrate --trials 0 --draws 420 --keep 200` in\n")
	b.WriteString("Leicester, Leicestershire and Rutland at 1 person in 120; `coexist validate --posterior` draws from it.\n\n")
	fmt.Fprintf(&b, "- %s\n- %s\n", r.Summary(Calibrate), r.Summary(HeldOut))
	for _, use := range []Use{Calibrate, HeldOut} {
		title := "Rows that may set parameters"
		if use == HeldOut {
			title = "Reforms that nothing is tuned to"
		}
		fmt.Fprintf(&b, "\n## %s\n\n| row | quantity | published | simulated | over seeds | band | | measured in |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n", title)
		for _, x := range r.Rows {
			if x.Use == use && x.Simulated.Known {
				fmt.Fprintf(&b, "| %s | %s, %s | %s | %s | %s to %s | %s to %s | %s | %s |\n", x.ID, cell(x.Target.Quantity), cell(x.Target.Unit), x.Published.text(),
					x.Simulated.text(), x.SimulatedLow.text(), x.SimulatedHigh.text(), Text(x.Band.Low), Text(x.Band.High), mark(x.Status), cell(x.Reason))
			}
		}
	}
	r.pageMisses(&b)
	r.pageChecks(&b)
	b.WriteString("\n## Rows without a simulated number\n\n| row | quantity | published | status | why |\n| --- | --- | --- | --- | --- |\n")
	for _, x := range r.Rows {
		if !x.Simulated.Known {
			fmt.Fprintf(&b, "| %s | %s, %s | %s | %s | %s |\n", x.ID, cell(x.Target.Quantity), cell(x.Target.Unit), x.Published.text(), x.Status, cell(x.Reason))
		}
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// pageMisses explains each row that is missed.
func (r Report) pageMisses(b *strings.Builder) {
	b.WriteString("\n## Why rows are missed\n\nThe best explanation known of each. What was not tested is marked by \"likely\".\n\n| row | quantity | why |\n| --- | --- | --- |\n")
	for _, x := range r.Rows {
		if x.Status == Missed {
			why := misses[x.ID]
			if why == "" {
				why = "no explanation is known"
			}
			fmt.Fprintf(b, "| %s | %s | %s |\n", x.ID, cell(x.Target.Quantity), cell(why))
		}
	}
}

// pageChecks writes the checks: life expectancy, then a condition a row with its five fifths.
func (r Report) pageChecks(b *strings.Builder) {
	b.WriteString("\n## Life and illness\n\nWhat comes back out of the runs after years of births, onsets and deaths, against the tables that the model is given: life expectancy\n")
	b.WriteString("within 0.2 years, prevalence by deprivation (of England alone) within 5 % of the file of disease registers. Open: the runs are too few to tell.\n\n")
	fmt.Fprintf(b, "- %s\n\n| quantity | table | simulated | 95 %% of counting | band | |\n| --- | --- | --- | --- | --- | --- |\n", r.CheckSummary())
	for _, c := range r.Checks {
		fmt.Fprintf(b, "| %s, %s | %s | %s | %s to %s | %s to %s | %s |\n", cell(c.Name), c.Unit, c.Table.text(), c.Simulated.text(), c.Low.text(), c.High.text(),
			c.BandLow.text(), c.BandHigh.text(), mark(c.Status))
	}
}

func mark(status string) string {
	if status == Missed {
		return "**missed**"
	}
	return status
}

// cell keeps a text within its cell of a table.
func cell(s string) string { return strings.ReplaceAll(s, "|", "\\|") }
