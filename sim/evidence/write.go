package evidence

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
)

// Text writes a number with at most five digits that count.
func Text(v float64) string {
	v, _ = strconv.ParseFloat(strconv.FormatFloat(v, 'g', 5, 64), 64)
	return strconv.FormatFloat(v, 'f', -1, 64)
}

func (n Number) text() string {
	if !n.Known {
		return ""
	}
	return Text(n.Value)
}

// WriteJSON writes the report as one object.
func (r Report) WriteJSON(out io.Writer) error {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(r)
}

// WriteCSV writes one line a row, with the source and the band by which a row counts as met.
func (r Report) WriteCSV(out io.Writer) error {
	w := csv.NewWriter(out)
	w.Write([]string{"id", "use", "topic", "quantity", "unit", "population", "year", "published", "low", "high", "simulated", "simulated_low", "simulated_high",
		"band_low", "band_high", "status", "reason", "source"})
	for _, x := range r.Rows {
		low, high := "", ""
		if x.Simulated.Known {
			low, high = Text(x.Band.Low), Text(x.Band.High)
		}
		t := &x.Target
		w.Write([]string{x.ID, string(x.Use), t.Topic, t.Quantity, t.Unit, t.Population, t.Year, x.Published.text(), x.Low.text(), x.High.text(),
			x.Simulated.text(), x.SimulatedLow.text(), x.SimulatedHigh.text(), low, high, string(x.Status), x.Reason, t.Source})
	}
	w.Flush()
	return w.Error()
}

// WriteFigure writes the data of a figure: each measured number over the published one, which is 1,
// with the band and the seeds on the same scale; signs and values of nought are left out.
func (r Report) WriteFigure(out io.Writer) error {
	w := csv.NewWriter(out)
	w.Write([]string{"id", "topic", "label", "use", "status", "published", "simulated", "simulated_low", "simulated_high", "band_low", "band_high"})
	for _, x := range r.Rows {
		v := x.Published.Value
		if !x.Simulated.Known || x.Target.Unit == "sign" || v == 0 {
			continue
		}
		over := func(y float64) string { return Text(y / v) }
		low, high := x.Band.Low/v, x.Band.High/v
		w.Write([]string{x.ID, x.Target.Topic, x.Target.Quantity, string(x.Use), string(x.Status), "1", over(x.Simulated.Value), over(x.SimulatedLow.Value), over(x.SimulatedHigh.Value),
			Text(min(low, high)), Text(max(low, high))})
	}
	w.Flush()
	return w.Error()
}

// WriteText writes tables for people: what was measured, then the rest, and a count.
func (r Report) WriteText(out io.Writer) error {
	for _, use := range []Use{Calibrate, HeldOut} {
		title := "Rows that may set parameters (calibrate)"
		if use == HeldOut {
			title = "Results of reforms that nothing is tuned to (validate)"
		}
		fmt.Fprintf(out, "%s\n\n", title)
		w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "row\tquantity\tpublished\tsimulated\tover seeds\tband\t\t")
		for _, x := range r.Rows {
			if x.Use == use && x.Simulated.Known {
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s to %s\t%s to %s\t%s\t\n", x.ID, short(x.Target.Quantity+", "+x.Target.Unit, 62), x.Published.text(),
					x.Simulated.text(), x.SimulatedLow.text(), x.SimulatedHigh.text(), Text(x.Band.Low), Text(x.Band.High), x.Status)
			}
		}
		if err := w.Flush(); err != nil {
			return err
		}
		fmt.Fprintln(out)
		for _, x := range r.Rows {
			if x.Use == use && !x.Simulated.Known {
				fmt.Fprintf(out, "%s  %s: %s\n", x.ID, x.Status, x.Reason)
			}
		}
		fmt.Fprintf(out, "\n%s\n\n", r.summary(use))
	}
	if err := r.writeChecks(out); err != nil {
		return err
	}
	if err := r.writeGradients(out); err != nil {
		return err
	}
	return r.writeStudies(out)
}

// writeChecks writes the checks for people: life expectancy, and prevalences that are missed.
func (r Report) writeChecks(out io.Writer) error {
	if len(r.Checks) == 0 {
		return nil
	}
	fmt.Fprintf(out, "Life and illness against the tables of the model (JSON has all)\n\n")
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "quantity\ttable\tsimulated\t95 % of counting\tband\t\t")
	for _, c := range r.Checks {
		if c.Unit == "years" || c.Status == Missed {
			fmt.Fprintf(w, "%s, %s\t%s\t%s\t%s to %s\t%s to %s\t%s\t\n", c.Name, c.Unit, c.Table.text(), c.Simulated.text(), c.Low.text(), c.High.text(),
				c.BandLow.text(), c.BandHigh.text(), c.Status)
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "\n%s\n", r.checkSummary())
	return err
}

// writeGradients writes what differs between the fifths of deprivation.
func (r Report) writeGradients(out io.Writer) error {
	if len(r.Gradients) == 0 {
		return nil
	}
	fmt.Fprintf(out, "\nMultimorbidity and use of care by age and deprivation (shown: no sign is published)\n\n")
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "quantity\tall\tmost deprived fifth\t2\t3\t4\tleast\tmost over least\t\t")
	for _, g := range r.Gradients {
		fmt.Fprintf(w, "%s, %s\t%s\t%s\t%s\t%s\t%s\t%s\t%s (%s to %s)\t%s\t\n", g.Name, g.Unit, g.All.text(), g.Fifth[0].text(), g.Fifth[1].text(), g.Fifth[2].text(),
			g.Fifth[3].text(), g.Fifth[4].text(), g.Ratio.text(), g.Low.text(), g.High.text(), g.Status)
	}
	return w.Flush()
}

// writeStudies writes what the methods of studies find of area programmes.
func (r Report) writeStudies(out io.Writer) error {
	if len(r.Studies) == 0 {
		return nil
	}
	fmt.Fprintf(out, "\nArea programmes by the methods of studies: growth of emergency admissions, points against controls (mean and range of seeds)\n\n")
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "row\tpublished\tdifference in differences\tmatched controls\tsynthetic control\tthe same areas without it\t")
	for _, s := range r.Studies {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t\n", s.ID, s.Published.text(), s.Difference.text(), s.Matched.text(), s.Synthetic.text(), s.Paired.text())
	}
	return w.Flush()
}

// checkSummary counts the checks in words.
func (r Report) checkSummary() string {
	met, missed, open := countChecks(r.Checks)
	return fmt.Sprintf("checks: %d met, %d missed, %d open: their interval is wider than their band at this size.", met, missed, open)
}

// summary counts the rows of a use in words.
func (r Report) summary(use Use) string {
	met, missed, input, absent := r.count(use)
	share := 0.0
	if met+missed > 0 {
		share = 100 * float64(met) / float64(met+missed)
	}
	return fmt.Sprintf("%s: %d of %d represented rows met (%.0f %%), %d missed; %d inputs, %d not represented.", use, met, met+missed, share, missed, input, absent)
}

// short cuts a text to so many letters.
func short(s string, most int) string {
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return string(r[:most-1]) + "…"
}
