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
	b.WriteString("row is a sign. Rates are of people weighted to the ages of 2011. Numbers that were recalled, and not read in the source's own text, are\n")
	b.WriteString("marked. What the model leaves out is in [limitations.md](limitations.md).\n\n")
	fmt.Fprintf(&b, "Made by `%s` (%s). Do not edit: run it again.\n\n", command, size)
	b.WriteString("Defaults marked `calibrated:` are those that `coexist calibrate` fitted, and the posterior is that which it drew\n")
	b.WriteString("([calibration.md](calibration.md)): its searches begin at values and with seeds of their own, so the same command, which takes an\n")
	b.WriteString("hour on two processors, gives the same bytes.\n\n")
	fmt.Fprintf(&b, "- %s\n- %s\n", r.summary(Calibrate), r.summary(HeldOut))
	for _, use := range []Use{Calibrate, HeldOut} {
		title := "Rows that may set parameters"
		if use == HeldOut {
			title = "Reforms that nothing is tuned to"
		}
		fmt.Fprintf(&b, "\n## %s\n\n| row | quantity | published | simulated | over seeds | band | | measured in |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n", title)
		for _, x := range r.Rows {
			if x.Use == use && x.Simulated.Known {
				fmt.Fprintf(&b, "| %s | %s, %s | %s | %s | %s to %s | %s to %s | %s | %s |\n", x.ID, cell(x.Target.Quantity), cell(x.Target.Unit), x.published(),
					x.Simulated.text(), x.SimulatedLow.text(), x.SimulatedHigh.text(), Text(x.Band.Low), Text(x.Band.High), mark(x.Status), cell(x.Reason))
			}
		}
	}
	r.pageMisses(&b)
	r.pageStudies(&b)
	r.pageChecks(&b)
	r.pageGradients(&b)
	b.WriteString("\n## Rows without a simulated number\n\n| row | quantity | published | status | why |\n| --- | --- | --- | --- | --- |\n")
	for _, x := range r.Rows {
		if !x.Simulated.Known {
			fmt.Fprintf(&b, "| %s | %s, %s | %s | %s | %s |\n", x.ID, cell(x.Target.Quantity), cell(x.Target.Unit), x.published(), x.Status, cell(x.Reason))
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
	fmt.Fprintf(b, "- %s\n\n| quantity | table | simulated | 95 %% of counting | band | |\n| --- | --- | --- | --- | --- | --- |\n", r.checkSummary())
	for _, c := range r.Checks {
		fmt.Fprintf(b, "| %s, %s | %s | %s | %s to %s | %s to %s | %s |\n", cell(c.Name), c.Unit, c.Table.text(), c.Simulated.text(), c.Low.text(), c.High.text(),
			c.BandLow.text(), c.BandHigh.text(), mark(c.Status))
	}
}

// pageStudies writes the area programmes by the methods of studies.
func (r Report) pageStudies(b *strings.Builder) {
	if len(r.Studies) == 0 {
		return
	}
	b.WriteString("\n## Area programmes by the methods of studies\n\nGrowth of emergency admissions of the districts that take part less that of controls, percentage points from the year before to the\n")
	b.WriteString("last: mean and range over seeds. Districts are picked on their past rates; controls are the other districts, left as they were. Published\n")
	b.WriteString("is the study's own difference in differences. Matched: the three districts most like each in the four quarters before, age and\n")
	b.WriteString("deprivation; synthetic: the weighted mean of the others most like those that take part together. The last column no study can have:\n")
	b.WriteString("the same districts with the same luck without the programme; what a method finds beyond it is its error, return to the mean among it.\n")
	b.WriteString("Rates of a district in a sample of people are noisier than real ones, and return further: more so in smaller samples.\n\n")
	b.WriteString("| row | published | difference in differences | matched controls | synthetic control | the same districts without it | study |\n| --- | --- | --- | --- | --- | --- | --- |\n")
	for _, s := range r.Studies {
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s | %s |\n", s.ID, s.Published.text(), s.Difference.text(), s.Matched.text(), s.Synthetic.text(), s.Paired.text(), cell(s.Source))
	}
}

// pageGradients writes what differs between the fifths of deprivation.
func (r Report) pageGradients(b *strings.Builder) {
	if len(r.Gradients) == 0 {
		return
	}
	b.WriteString("\n## Multimorbidity and use of care by age and deprivation\n\nMultimorbidity counts 19 conditions on registers, at the years of age of all; use is of weeks 0-103, at the ages of all in four bands. A row is\n")
	b.WriteString("met if in all seeds the most deprived fifth lies on the published side of the least; shown where no sign was found in print. Levels that\n")
	b.WriteString("are published stand in the last column; those of `targets.csv` (E04, E73, E82, F01 to F09) are judged above.\n\n")
	b.WriteString("| quantity | all | most deprived fifth | 2 | 3 | 4 | least | most over least (seeds) | | published |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n")
	for _, g := range r.Gradients {
		fmt.Fprintf(b, "| %s, %s | %s | %s | %s | %s | %s | %s | %s (%s to %s) | %s | %s |\n", cell(g.Name), g.Unit, g.All.text(), g.Fifth[0].text(), g.Fifth[1].text(), g.Fifth[2].text(),
			g.Fifth[3].text(), g.Fifth[4].text(), g.Ratio.text(), g.Low.text(), g.High.text(), mark(g.Status), cell(g.Published))
	}
}

// published is the published number, marked where nobody has read it in the source's own text.
func (row *Row) published() string {
	if !row.Target.Seen {
		return row.Published.text() + " (recalled)"
	}
	return row.Published.text()
}

func mark(s Status) string {
	if s == Missed {
		return "**missed**"
	}
	return string(s)
}

// cell keeps a text within its cell of a table.
func cell(s string) string { return strings.ReplaceAll(s, "|", "\\|") }
