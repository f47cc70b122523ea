package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"coexist/configs"
	"coexist/plots"
	"coexist/sim"
	"coexist/sim/experiment"
	"coexist/sim/place"
	"coexist/sim/results"
)

// swept is a merged sweep, read.
type swept struct {
	result *results.Result
	design experiment.Design
	values *experiment.Swept
}

// openSwept opens the result of a sweep: its folder, or the one that it was merged into.
func openSwept(dir string) (*swept, error) {
	if info, err := os.Stat(experiment.ResultDir(dir)); err == nil && info.IsDir() {
		dir = experiment.ResultDir(dir)
	} else if _, err := os.Stat(dir + "/plan.json"); err == nil {
		return nil, wrong("%s is a sweep that is not merged, want its result: coexist sweep merge %s", dir, pasted(dir))
	}
	r, err := results.Open(dir)
	if err != nil {
		return nil, err
	}
	return readSwept(r)
}

// isSwept reports whether a result is that of a sweep.
func isSwept(r *results.Result) bool { return r.Manifest.Outputs[experiment.DesignFile] != "" }

// readSwept reads design and values of the result of a sweep.
func readSwept(r *results.Result) (*swept, error) {
	if !isSwept(r) {
		return nil, wrong("%s has no %s, want the result of a sweep", r.Dir, experiment.DesignFile)
	}
	s := &swept{result: r}
	text, err := r.ReadFile(experiment.DesignFile)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(json.Unmarshal(text, &s.design), s.design.Check()); err != nil {
		return nil, fmt.Errorf("%s/%s: %w: %w", r.Dir, experiment.DesignFile, results.ErrDamaged, err)
	}
	table, err := r.ReadFile(experiment.SweepTable)
	if err != nil {
		return nil, err
	}
	if s.values, err = experiment.ReadSwept(bytes.NewReader(table), s.design.Rows()); err != nil {
		return nil, fmt.Errorf("%s: %w", r.Dir, err)
	}
	return s, nil
}

// coexistence judges every arena that the scenarios bear.
func (s *swept) coexistence(e *place.England) (experiment.CoexistenceMap, error) {
	m := &s.result.Manifest
	var scenarios []configs.Config
	for _, name := range m.Scenarios {
		c, err := scenarioOf(s.result, name)
		if err != nil {
			return experiment.CoexistenceMap{}, err
		}
		scenarios = append(scenarios, c)
	}
	if len(scenarios) == 0 {
		return experiment.CoexistenceMap{}, nil
	}
	titles, err := placeTitles(m, e)
	if err != nil {
		return experiment.CoexistenceMap{}, err
	}
	places := map[string]*place.Place{}
	for _, name := range m.Places {
		if places[name], err = e.Resolve(m.Settings["place "+name]); err != nil {
			return experiment.CoexistenceMap{}, err
		}
	}
	formed := func(name string, r configs.Regime) int { return sim.SystemsFormed(places[name], r) }
	return experiment.MapCoexistence(s.values, &s.design, experiment.Arenas(scenarios), experiment.LimitsOf(scenarios[0]), titles, formed), nil
}

// placeTitles names the places of a result for sentences and figures: a synthetic region by how
// densely its people live.
func placeTitles(m *results.Manifest, e *place.England) (map[string]string, error) {
	titles, count := map[string]string{}, map[string]int{}
	for _, name := range m.Places {
		p, err := e.Resolve(m.Settings["place "+name])
		if err != nil {
			return nil, err
		}
		if !p.Synthetic {
			continue
		}
		rural := 0.0
		for i := range p.Areas {
			if p.Areas[i].Rural {
				rural += float64(p.Areas[i].Residents)
			}
		}
		titles[name] = "mixed region"
		switch share := rural / float64(max(residents(p), 1)); {
		case share < .05:
			titles[name] = "urban region"
		case share > .5:
			titles[name] = "rural region"
		}
		count[titles[name]]++
	}
	for name, t := range titles {
		if count[t] > 1 {
			titles[name] = name // two of a kind keep their settings
			continue
		}
		titles[name] = "a made-up " + t
	}
	return titles, nil
}

// draw draws the figures of a sweep into its result.
func (o *sensitivityFlags) draw(s *swept, e *place.England, a analysis) error {
	data, err := s.figures(e, a)
	if err != nil {
		return err
	}
	figures, err := plots.Standard(data)
	if err != nil {
		return err
	}
	files, err := render(figures, drawing{size: plots.Report, theme: plots.Light}, false)
	if err != nil {
		return err
	}
	return s.result.Update(files)
}

// sweptData gathers what the figures of a sweep are drawn from when nothing else is said.
func sweptData(r *results.Result, e *place.England) (*plots.Data, error) {
	s, err := readSwept(r)
	if err != nil {
		return nil, err
	}
	var o sensitivityFlags
	a, err := o.analyse(s, e)
	if err != nil {
		return nil, err
	}
	return s.figures(e, a)
}

// figures hands what a sweep says to the figures.
func (s *swept) figures(e *place.England, a analysis) (*plots.Data, error) {
	d := &plots.Data{Notes: map[string]string{}, Worlds: s.worlds()}
	m := &s.result.Manifest
	titles, err := placeTitles(m, e)
	if err != nil {
		return nil, err
	}
	d.Meta = plots.Meta{Version: m.Version, Command: "coexist sensitivity FOLDER", Places: m.Places, Scenarios: m.Scenarios, Titles: map[string]string{},
		Seeds: m.Seeds, Runs: m.Runs, Years: m.Years, Hash: m.IdentityHash[:16]}
	for name, t := range titles {
		if rest, ok := strings.CutPrefix(t, "a made-up "); ok {
			t = "Made-up " + rest
		}
		d.Meta.Titles[name] = t
	}
	for _, name := range m.Scenarios {
		c, err := scenarioOf(s.result, name)
		if err != nil {
			return nil, err
		}
		d.Meta.Titles[name] = c.Title
	}
	a.fill(d)
	return d, nil
}

// worlds says what one plausible world is: what the design draws.
func (s *swept) worlds() string {
	if s.design.HasPosterior() {
		return "a draw of the calibrated parameters and of those that no data identify"
	}
	return "a draw of the parameters that vary"
}

// fill adds the rows of the figures.
func (a *analysis) fill(d *plots.Data) {
	if a.Map != nil {
		for _, x := range a.Map.Answers {
			if x.Note != "" {
				d.Notes[x.Place] = x.Note
			}
		}
		for _, x := range a.Map.Cells {
			if x.Group == "all" {
				d.Coexistence = append(d.Coexistence, plots.CoexistenceCell{Place: x.Place, Years: x.Years, Competition: x.Competition, Integration: x.Integration,
					Verdict: string(x.Verdict), Probability: span(x.Probability), Worlds: x.Worlds, Arises: x.Worlds - x.Undefined, Quality: span(x.Quality), Cost: span(x.Cost), CostLimit: x.CostLimit, Formed: x.Formed})
			}
		}
	}
	for _, x := range a.Indices {
		if x.Group != "all" {
			continue
		}
		i := plots.Influence{Place: x.Place, Scenario: x.Scenario, Against: x.Against, Years: x.Years, Measure: x.Measure, Factor: x.Factor, N: x.N}
		if x.Total != nil {
			i.Sobol, i.Main, i.Alone = true, span(*x.Total), span(*x.First)
		} else {
			i.Main, i.Alone = span(*x.MuStar), span(experiment.NoInterval())
			if x.Sigma != nil {
				i.Alone.Mid = *x.Sigma
			}
		}
		d.Influence = append(d.Influence, i)
	}
}

// span is an interval for figures.
func span(i experiment.Interval) plots.Interval {
	return plots.Interval{Mid: i.Mean, Low: i.Low, High: i.High}
}
