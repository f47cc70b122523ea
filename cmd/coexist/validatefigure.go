package main

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"coexist/plots"
	"coexist/sim/evidence"
	"coexist/sim/results"
)

// targetsName is the figure that validate draws, and figureEndings what its file may end in.
const targetsName = "19-targets"

var figureEndings = []string{"svg", "png", "pdf"}

// figureFault says what is wrong with the file for a figure, before anything is run; nil if nothing is.
func figureFault(file string) error {
	if info, err := os.Stat(filepath.Dir(file)); err != nil || !info.IsDir() {
		return wrong("--figure = %s: there is no folder %s", file, filepath.Dir(file))
	}
	if outer := results.Enclosing(filepath.Dir(file)); file != "" && outer != "" {
		return wrong("--figure = %s lies in %s, which holds a result, want a file outside it", file, outer)
	}
	if ending := strings.TrimPrefix(filepath.Ext(file), "."); file != "" && !slices.Contains(figureEndings, ending) {
		return wrong("--figure = %s: want a file that ends in .%s", file, strings.Join(figureEndings, ", ."))
	}
	return nil
}

// drawTargets draws a report into a file of the kind that its ending says.
func drawTargets(rep evidence.Report, set *evidence.Setup, command, file string) error {
	list, err := targetsOf(rep)
	if err != nil {
		return err
	}
	meta := plots.Meta{Version: version, Command: command, Places: []string{set.Place.Name}, Scenarios: []string{reference}, Runs: set.Runs, Years: int(set.Scenarios[0].Time.Years)}
	for r := range set.Runs {
		meta.Seeds = append(meta.Seeds, set.Seed+int64(r))
	}
	figures, err := plots.Standard(&plots.Data{Meta: meta, Targets: list})
	if err != nil {
		return err
	}
	for _, f := range figures {
		if f.Name != targetsName {
			continue
		}
		made, err := f.Files(plots.Report, plots.Light)
		if err != nil {
			return err
		}
		return put(file, bytesOf(made[strings.TrimPrefix(filepath.Ext(file), ".")]))
	}
	return nil
}

// targetsOf hands the rows of a report to the figure, each with the band in which it counts as met.
func targetsOf(rep evidence.Report) ([]plots.Target, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write([]string{"id", "use", "quantity", "published", "low", "high", "simulated", "simulated_low", "simulated_high", "status", "reason"})
	for _, x := range rep.Rows {
		text := func(n evidence.Number) string {
			if !n.Known {
				return ""
			}
			return evidence.Text(n.Value)
		}
		low, high := text(x.Low), text(x.High)
		if x.Simulated.Known {
			low, high = evidence.Text(x.Band.Low), evidence.Text(x.Band.High)
		}
		w.Write([]string{x.ID, string(x.Use), x.Target.Quantity, text(x.Published), low, high, text(x.Simulated), text(x.SimulatedLow), text(x.SimulatedHigh), string(x.Status), x.Reason})
	}
	w.Flush()
	return plots.ReadTargets(&b)
}
