package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"coexist/plots"
	"coexist/sim/experiment"
	"coexist/sim/tables"
)

// writeJSON writes a value as indented JSON.
func writeJSON(out io.Writer, v any) error {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// report writes a comparison to standard output in a format; sentences that a table has no room for
// go to talk.
func report(out io.Writer, format string, c experiment.Comparison, places, show []string, talk io.Writer) error {
	switch format {
	case "json":
		return writeJSON(out, c)
	case "csv":
		if err := effectsCSV(out, slices.Concat(c.Effects, c.Others)); err != nil {
			return err
		}
		for _, p := range places {
			if v, ok := c.Main(p); ok && v.Verdict != experiment.Missing {
				fmt.Fprintln(talk, v.Sentence)
			}
		}
		if c.Precision != nil {
			fmt.Fprintln(talk, experiment.PrecisionSentence(*c.Precision))
		}
		return nil
	}
	for i, p := range places {
		if i > 0 {
			fmt.Fprintln(out)
		}
		if err := effectsText(out, c, p); err != nil {
			return err
		}
		if err := othersText(out, c, p); err != nil {
			return err
		}
		if err := showMore(out, c, p, show); err != nil {
			return err
		}
	}
	if c.Precision != nil {
		fmt.Fprintf(out, "\n%s\n", wrap(experiment.PrecisionSentence(*c.Precision)))
	}
	return nil
}

// effectsCSV writes one row an effect.
func effectsCSV(out io.Writer, effects []experiment.Effect) error {
	w := csv.NewWriter(out)
	w.Write([]string{"place", "scenario", "group", "measure", "unit", "from_year", "to_year", "runs", "median", "low_5", "high_95",
		"difference", "difference_low_95", "difference_high_95"})
	for _, e := range effects {
		w.Write([]string{e.Place, e.Scenario, e.Group, e.Measure, e.Unit, strconv.Itoa(e.Window.From), strconv.Itoa(e.Window.To), strconv.Itoa(e.Runs),
			exact(e.Median), exact(e.Low), exact(e.High), exact(e.Difference.Mean), exact(e.Difference.Low), exact(e.Difference.High)})
	}
	w.Flush()
	return w.Error()
}

// exact writes a number in full, empty where there is none.
func exact(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return ""
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

// effectsText writes the table of one place and what it says about coexistence.
func effectsText(out io.Writer, c experiment.Comparison, place string) error {
	var rows [][]experiment.Effect // by scenario, four measures each
	for _, e := range c.Effects {
		if e.Place != place || e.Group != "all" || e.Window != c.Windows[0] {
			continue
		}
		if len(rows) == 0 || rows[len(rows)-1][0].Scenario != e.Scenario {
			rows = append(rows, nil)
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], e)
	}
	if len(rows) == 0 {
		_, err := fmt.Fprintf(out, "%s: no values\n", place)
		return err
	}
	first := rows[0][0]
	fmt.Fprintf(out, "%s, %s: median of %s", place, first.Window, runs(first.Runs))
	if len(rows) > 1 {
		fmt.Fprintf(out, ", and the difference from %s with its 95 %% interval (* clear of zero)", c.Reference)
	}
	fmt.Fprint(out, "\n\n")
	w := tabwriter.NewWriter(out, 0, 0, 1, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "\t")
	for _, e := range rows[0] {
		m, _ := tables.MeasureByName(e.Measure)
		fmt.Fprintf(w, "%s\t%s\t\t", m.Dimension, unitWords(e.Unit))
	}
	fmt.Fprintln(w)
	for _, row := range rows {
		fmt.Fprintf(w, "%s\t", row[0].Scenario)
		for _, e := range row {
			places := decimals(e.Measure)
			fmt.Fprintf(w, "%s\t%s\t", plots.Number(e.Median, places), difference(e, places, e.Scenario == c.Reference))
			fmt.Fprintf(w, "%s\t", half(e, places, e.Scenario == c.Reference))
		}
		fmt.Fprintln(w)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	v, ok := c.Main(place)
	if ok && v.Verdict != experiment.Missing {
		fmt.Fprintf(out, "\n%s\n", wrap(v.Sentence))
	}
	if pareto := c.Pareto(place); len(rows) > 1 && first.Runs > 1 && len(pareto) < len(rows) {
		fmt.Fprintf(out, "%s\n", wrap("Not dominated (no other is clearly better in one of the four and no worse in the rest): "+strings.Join(pareto, ", ")+"."))
	}
	return nil
}

// runs writes a number of runs.
func runs(n int) string {
	if n == 1 {
		return "1 run"
	}
	return strconv.Itoa(n) + " runs"
}

// unitWords shortens the unit of a headline measure for a heading.
func unitWords(unit string) string {
	switch {
	case strings.HasPrefix(unit, "SD"):
		return "SD"
	case strings.HasPrefix(unit, "GBP"):
		return "GBP a head"
	}
	return unit
}

// decimals is how many decimals a headline measure is given with.
func decimals(measure string) int {
	if measure == tables.Headline.Cost {
		return 0
	}
	return 2
}

// difference writes a difference with its sign; half its interval, with a mark where it is clear of
// zero.
func difference(e experiment.Effect, places int, same bool) string {
	if same || math.IsNaN(e.Difference.Mean) {
		return ""
	}
	text := plots.Number(e.Difference.Mean, places)
	if e.Difference.Mean > 0 && strings.ContainsAny(text, "123456789") { // not before what rounds to 0
		text = "+" + text
	}
	return text
}

func half(e experiment.Effect, places int, same bool) string {
	if same || !e.Difference.Known() {
		return " "
	}
	text := "±" + plots.Number((e.Difference.High-e.Difference.Low)/2, places)
	if e.Difference.Low > 0 || e.Difference.High < 0 {
		return text + "*"
	}
	return text + " "
}

// lineLength is how many letters a line of text has at most.
const lineLength = 100

// wrap breaks a text into lines.
func wrap(text string) string {
	var b strings.Builder
	length := 0
	for _, word := range strings.Fields(text) {
		n := len([]rune(word))
		switch {
		case length == 0:
		case length+1+n > lineLength:
			b.WriteByte('\n')
			length = 0
		default:
			b.WriteByte(' ')
			length++
		}
		b.WriteString(word)
		length += n
	}
	return b.String()
}
