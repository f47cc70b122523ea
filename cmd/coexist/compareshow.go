package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"coexist/plots"
	"coexist/sim/experiment"
	"coexist/sim/results"
	"coexist/sim/tables"
)

// What compare can show beside the table of scenarios.
var shows = []string{"dominance", "groups", "winners"}

// comparisonFiles are the tables of a comparison, for the folder of the result.
func comparisonFiles(c experiment.Comparison) (map[string][]byte, error) {
	files := map[string][]byte{}
	for name, write := range map[string]func(io.Writer) error{
		"effects":   func(w io.Writer) error { return effectsCSV(w, c.Effects) },
		"dominance": func(w io.Writer) error { return dominanceCSV(w, c) },
		"winners":   func(w io.Writer) error { return winnersCSV(w, c.Winners) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			return nil, err
		}
		files["comparison/"+name+".csv"] = b.Bytes()
	}
	return files, nil
}

// keep writes the tables of a comparison into the result, unless they are there already.
func keep(r *results.Result, c experiment.Comparison) error {
	files, err := comparisonFiles(c)
	if err != nil {
		return err
	}
	for name, data := range files {
		if old, err := r.ReadFile(name); err != nil || !bytes.Equal(old, data) {
			return r.Update(files)
		}
	}
	return nil
}

// dominanceCSV writes one row a place and scenario: its four headline measures, whether it is in the
// Pareto set, and by whom it is dominated.
func dominanceCSV(out io.Writer, c experiment.Comparison) error {
	w := csv.NewWriter(out)
	w.Write([]string{"place", "scenario", "from_year", "to_year", "choice", "quality", "cost", "fragmentation", "pareto", "dominated_by"})
	for _, d := range c.Dominance {
		row := []string{d.Place, d.Scenario, strconv.Itoa(c.Windows[0].From), strconv.Itoa(c.Windows[0].To)}
		for _, e := range headline(c, d.Place, d.Scenario, "all") {
			row = append(row, exact(e.Median))
		}
		for len(row) < 8 {
			row = append(row, "")
		}
		w.Write(append(row, strconv.FormatBool(len(d.By) == 0), strings.Join(d.By, " ")))
	}
	w.Flush()
	return w.Error()
}

// headline are the effects of one scenario, place and group over the first window.
func headline(c experiment.Comparison, place, scenario, group string) []experiment.Effect {
	var list []experiment.Effect
	for _, e := range c.Effects {
		if e.Place == place && e.Scenario == scenario && e.Group == group && e.Window == c.Windows[0] {
			list = append(list, e)
		}
	}
	return list
}

// winnersCSV writes one row a place, scenario, group and measure.
func winnersCSV(out io.Writer, list []experiment.Winners) error {
	w := csv.NewWriter(out)
	w.Write([]string{"place", "scenario", "reference", "group", "measure", "unit", "people", "better", "worse", "share_better", "share_worse", "mean_gain", "mean_loss"})
	for _, x := range list {
		n := float64(x.People)
		w.Write([]string{x.Place, x.Scenario, x.Reference, x.Group, x.Measure, x.Unit, strconv.Itoa(x.People), strconv.Itoa(x.Better), strconv.Itoa(x.Worse),
			exact(float64(x.Better) / n), exact(float64(x.Worse) / n), exact(x.Gain), exact(x.Loss)})
	}
	w.Flush()
	return w.Error()
}

// showMore writes what is asked for beside the table of a place.
func showMore(out io.Writer, c experiment.Comparison, place string, show []string) error {
	for _, what := range shows {
		if !slices.Contains(show, what) {
			continue
		}
		fmt.Fprintln(out)
		w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
		switch what {
		case "dominance":
			dominanceText(w, c, place)
		case "groups":
			groupsText(w, c, place)
		case "winners":
			winnersText(w, c, place)
		}
		if err := w.Flush(); err != nil {
			return err
		}
	}
	return nil
}

// othersText writes the measures of a place that were asked for beside the four.
func othersText(out io.Writer, c experiment.Comparison, place string) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	last, places := "", 0
	for _, e := range c.Others {
		if e.Place != place {
			continue
		}
		if e.Measure != last {
			fmt.Fprintf(w, "\n%s\t%s\n", e.Measure, e.Unit)
			last, places = e.Measure, fourDigits(e.Median)
		}
		same := e.Scenario == c.Reference
		fmt.Fprintf(w, "  %s\t%s\t%s\t%s\n", e.Scenario, plots.Number(e.Median, places), difference(e, places, same), strings.TrimSpace(half(e, places, same)))
	}
	return w.Flush()
}

// fourDigits is how many decimals show four digits of a number, and at most three.
func fourDigits(v float64) int {
	places := 3
	for x := math.Abs(v); x >= 10 && places > 0; x /= 10 {
		places--
	}
	return places
}

// dominanceText says of each scenario who dominates it.
func dominanceText(w io.Writer, c experiment.Comparison, place string) {
	fmt.Fprintf(w, "%s, %s: Pareto set over choice, quality, cost and fragmentation\n", place, c.Windows[0])
	for _, d := range c.Dominance {
		if d.Place != place {
			continue
		}
		text := "in the Pareto set"
		if len(d.By) > 0 {
			text = "dominated by " + strings.Join(d.By, ", ")
		}
		fmt.Fprintf(w, "%s\t%s\n", d.Scenario, text)
	}
}

// groupsText writes the differences from the reference by group of people.
func groupsText(w io.Writer, c experiment.Comparison, place string) {
	fmt.Fprintf(w, "%s, %s: difference from %s by group of people (* clear of zero; deprivation:1 is the most deprived fifth)\n", place, c.Windows[0], c.Reference)
	fmt.Fprint(w, "scenario\tgroup\tchoice\tquality\tcost\tfragmentation\n")
	for _, e := range c.Effects {
		if e.Place != place || e.Window != c.Windows[0] || e.Scenario == c.Reference || e.Measure != tables.Headline.Choice {
			continue
		}
		fmt.Fprintf(w, "%s\t%s", e.Scenario, e.Group)
		for _, x := range headline(c, place, e.Scenario, e.Group) {
			text := "-"
			if d := difference(x, decimals(x.Measure), false); d != "" {
				text = strings.TrimRight(d+" "+half(x, decimals(x.Measure), false), " ")
			}
			fmt.Fprintf(w, "\t%s", text)
		}
		fmt.Fprintln(w)
	}
}

// winnersText writes who of the same people is better and worse off.
func winnersText(w io.Writer, c experiment.Comparison, place string) {
	fmt.Fprintf(w, "%s: the same people, first run, against %s: %% better off / %% worse off, each by more than a least difference (deprivation:1 is the most deprived fifth)\n", place, c.Reference)
	var measures []string
	for _, x := range c.Winners {
		if x.Place == place && !slices.Contains(measures, x.Measure) {
			measures = append(measures, x.Measure)
		}
	}
	fmt.Fprintf(w, "scenario\tgroup\tpeople\t%s\n", strings.Join(measures, "\t"))
	for i, x := range c.Winners {
		first := i == 0 || c.Winners[i-1].Group != x.Group || c.Winners[i-1].Scenario != x.Scenario || c.Winners[i-1].Place != x.Place
		if x.Place != place || !first {
			continue
		}
		row, people := map[string]experiment.Winners{}, 0
		for _, y := range c.Winners[i:] {
			if y.Place != x.Place || y.Scenario != x.Scenario || y.Group != x.Group {
				break
			}
			row[y.Measure] = y
			people = max(people, y.People)
		}
		fmt.Fprintf(w, "%s\t%s\t%s", x.Scenario, x.Group, grouped(int64(people)))
		for _, m := range measures {
			text := "-"
			if y, ok := row[m]; ok {
				n := float64(y.People) / 100
				text = plots.Number(float64(y.Better)/n, 0) + " / " + plots.Number(float64(y.Worse)/n, 0)
			}
			fmt.Fprintf(w, "\t%s", text)
		}
		fmt.Fprintln(w)
	}
}
