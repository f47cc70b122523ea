package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/spf13/cobra"

	"coexist/configs"
	"coexist/plots"
	reports "coexist/plots/report"
	"coexist/sim/experiment"
	"coexist/sim/place"
	"coexist/sim/place/england"
	"coexist/sim/results"
)

const reportName = "report.html"

// newReport makes the verb that writes the report and its figures again.
func newReport() *cobra.Command {
	return &cobra.Command{
		Use:     "report RESULT",
		Short:   "Write report.html and its figures again, without running anything",
		Long:    "Writes report.html, one page that opens offline and prints well, and the figures that it shows, from the tables of a result.",
		Example: "  coexist report coexist-compare",
		Args:    arguments(1, 1, "the folder of a result"),
		RunE: func(_ *cobra.Command, args []string) error {
			r, err := results.Open(args[0])
			if err != nil {
				return err
			}
			if isSwept(r) {
				return wrong("%s is a sweep, want the result of compare or run; coexist sensitivity draws a sweep", r.Dir)
			}
			e, err := place.Read(england.FS())
			if err != nil {
				return err
			}
			_, err = publish(r, e)
			return err
		},
	}
}

// publish draws the figures of a finished result, writes its report, and returns the comparison
// that the report states.
func publish(r *results.Result, e *place.England) (*experiment.Comparison, error) {
	data, comparison, err := gather(r, e)
	if err != nil {
		return nil, err
	}
	figures, err := plots.Standard(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.Dir, err)
	}
	files, err := render(figures, drawing{size: plots.Report, theme: plots.Light}, false)
	if err != nil {
		return nil, err
	}
	in := reports.Input{Data: data, Figures: figures, SVG: map[string][]byte{}, Command: again(&r.Manifest.Identity), Sample: r.Manifest.Sample, Drawn: r.Manifest.Settings[drawnFrom]}
	for _, f := range figures {
		in.SVG[f.Name] = files["figures/"+f.Name+".svg"]
	}
	for _, name := range r.Manifest.Scenarios {
		s, err := aboutOf(r, name)
		if err != nil {
			return nil, err
		}
		if t := data.Meta.Titles[name]; t != "" {
			s.Title = t
		}
		in.Scenarios = append(in.Scenarios, s)
	}
	if len(r.Manifest.Scenarios) > 1 {
		for _, p := range r.Manifest.Places {
			if x, ok := comparison.Main(p); ok {
				in.Verdicts = append(in.Verdicts, reports.Verdict{Place: p, Verdict: string(x.Verdict), Sentence: x.Sentence})
			}
		}
	}
	page, err := reports.Write(in)
	if err != nil {
		return nil, err
	}
	files[reportName] = page
	return &comparison, r.Update(files)
}

// aboutOf reads what a scenario is called and what its author says of it. It passes over the rest,
// so that scenarios of older versions are read too.
func aboutOf(r *results.Result, name string) (reports.Scenario, error) {
	s := reports.Scenario{Name: name}
	source, err := r.ReadFile("scenarios/" + name + ".toml")
	if err != nil {
		return s, err
	}
	var head struct{ Title, About string }
	if err := toml.Unmarshal(source, &head); err != nil {
		return s, fmt.Errorf("%s/scenarios/%s.toml: %w", r.Dir, name, err)
	}
	s.Title, s.About = head.Title, head.About
	if s.Title == "" {
		s.Title = name
	}
	return s, nil
}

// again is the command that makes a result again: the identity in words, without the facts of
// machine and moment that the manifest's own command has.
func again(id *results.Identity) string {
	verb := "compare"
	if len(id.Scenarios) == 1 {
		verb = "run"
	}
	parts := []string{"coexist", verb}
	for _, s := range id.Scenarios {
		if _, builtIn := configs.Source(s); !builtIn {
			s = "scenarios/" + s + ".toml"
		}
		parts = append(parts, s)
	}
	for _, p := range id.Places {
		parts = append(parts, "--place", experiment.Quoted(p))
	}
	parts = append(parts, "--sample", strconv.FormatFloat(id.Sample, 'g', -1, 64), "--years", fmt.Sprint(id.Years), "--runs", fmt.Sprint(id.Runs))
	if len(id.Seeds) > 0 {
		parts = append(parts, "--seed", fmt.Sprint(id.Seeds[0]))
	}
	if against := id.Settings["reference"]; against != "" && verb == "compare" {
		parts = append(parts, "--reference", against)
	}
	if id.Settings[drawnFrom] != "" {
		parts = append(parts, "--posterior")
	}
	for _, set := range strings.Fields(id.Settings["set"]) {
		parts = append(parts, "--set", experiment.Quoted(set))
	}
	if p := id.Settings["precision"]; p != "" {
		parts = append(parts, "--precision", p)
	}
	return strings.Join(append(parts, "--out", "NEW"), " ")
}
