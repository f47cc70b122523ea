package main

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"coexist/configs"
	"coexist/plots"
	"coexist/sim/experiment"
	"coexist/sim/place"
	"coexist/sim/place/england"
	"coexist/sim/results"
)

// newPlot makes the verb that draws again.
func newPlot([]string) *cobra.Command {
	var size, theme string
	c := &cobra.Command{
		Use:     "plot RESULT [FIGURE ...]",
		Short:   "Draw the figures of a result again, without running anything",
		Example: "  coexist plot coexist-compare\n  coexist plot coexist-compare 01-choice --size slide",
		Args:    arguments(1, -1, "the folder of a result, then any figures"),
		RunE: func(c *cobra.Command, args []string) error {
			var f faults
			d := drawing{only: args[1:]}
			var ok bool
			if d.size, ok = sizes()[size]; !ok {
				f.addf("--size = %s, want one of %s%s", size, strings.Join(names(plots.Sizes()), ", "), nearest(size, names(plots.Sizes())))
			}
			if d.theme, ok = themes()[theme]; !ok {
				f.addf("--theme = %s, want one of %s%s", theme, strings.Join(names(plots.Themes()), ", "), nearest(theme, names(plots.Themes())))
			}
			known := names(plots.Figures())
			for _, name := range d.only {
				if !slices.Contains(known, name) {
					f.addf("unknown figure %q%s; coexist list figures names all", name, nearest(name, known))
				}
			}
			r, err := results.Open(args[0])
			f.add(err)
			if err := f.err(); err != nil {
				return err
			}
			if d.england, err = place.Read(england.FS()); err != nil {
				return err
			}
			return draw(r, d)
		},
	}
	c.Flags().StringVar(&size, "size", plots.Report.Name, strings.Join(names(plots.Sizes()), ", "))
	c.Flags().StringVar(&theme, "theme", plots.Light.Name, strings.Join(names(plots.Themes()), ", "))
	return c
}

// names lists the names of sizes, themes or figures.
func names[T plots.Size | plots.Theme | plots.FigureInfo](list []T) []string {
	var out []string
	for _, x := range list {
		switch x := any(x).(type) {
		case plots.Size:
			out = append(out, x.Name)
		case plots.Theme:
			out = append(out, x.Name)
		case plots.FigureInfo:
			out = append(out, x.Name)
		}
	}
	return out
}

func sizes() map[string]plots.Size {
	m := map[string]plots.Size{}
	for _, s := range plots.Sizes() {
		m[s.Name] = s
	}
	return m
}

func themes() map[string]plots.Theme {
	m := map[string]plots.Theme{}
	for _, t := range plots.Themes() {
		m[t.Name] = t
	}
	return m
}

// drawing says which figures to draw and how; the zero values are all, in the size and theme of
// reports.
type drawing struct {
	england *place.England
	only    []string
	size    plots.Size
	theme   plots.Theme
}

// draw writes figures into a finished result.
func draw(r *results.Result, d drawing) error {
	if d.size.Name == "" {
		d.size = plots.Report
	}
	if d.theme.Name == "" {
		d.theme = plots.Light
	}
	data, err := figureData(r, d.england)
	if err != nil {
		return err
	}
	figures, err := plots.Standard(data)
	if err != nil {
		return fmt.Errorf("%s: %w", r.Dir, err)
	}
	have := map[string]bool{}
	for _, f := range figures {
		have[f.Name] = true
	}
	var f faults
	for _, name := range d.only {
		if !have[name] {
			f.addf("%s: figure %s needs rows that the result does not have", r.Dir, name)
		}
	}
	if err := f.err(); err != nil {
		return err
	}
	files, err := render(figures, d)
	if err != nil {
		return err
	}
	return r.Update(files)
}

// render draws figures side by side and returns their files by path.
func render(figures []*plots.Figure, d drawing) (map[string][]byte, error) {
	var mu sync.Mutex
	var f faults
	files := map[string][]byte{}
	free := make(chan struct{}, runtime.GOMAXPROCS(0))
	var wait sync.WaitGroup
	for _, figure := range figures {
		if len(d.only) > 0 && !slices.Contains(d.only, figure.Name) {
			continue
		}
		free <- struct{}{}
		wait.Go(func() {
			defer func() { <-free }()
			made, err := figure.Files(d.size, d.theme)
			mu.Lock()
			defer mu.Unlock()
			f.add(err)
			for ending, data := range made {
				files["figures/"+figure.Name+"."+ending] = data
			}
		})
	}
	wait.Wait()
	return files, f.err()
}

// figureData gathers what figures are drawn from.
func figureData(r *results.Result, e *place.England) (*plots.Data, error) {
	if isSwept(r) {
		return sweptData(r, e)
	}
	m := &r.Manifest
	w := experiment.Windows(m.Years)[0]
	d := &plots.Data{
		Meta: plots.Meta{Version: m.Version, Command: "coexist plot FOLDER", Places: m.Places, Scenarios: m.Scenarios, Titles: map[string]string{},
			Seeds: m.Seeds, Runs: m.Runs, Years: m.Years, Hash: m.IdentityHash[:16], Window: [2]int{w.From, w.To}, Base: m.Settings["reference"]},
		Places: map[string]*place.Place{}, Enrolment: map[string][]plots.AreaShare{},
	}
	for _, name := range m.Places {
		p, err := e.Resolve(m.Settings["place "+name])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", r.Dir, err)
		}
		d.Places[name] = p
	}
	if err := titles(r, d.Meta.Titles); err != nil {
		return nil, err
	}
	for o, err := range r.Outcomes() {
		if err != nil {
			return nil, err
		}
		if o.Group == "all" || experiment.IsHeadline(o.Measure) {
			d.Outcomes = append(d.Outcomes, o)
			d.Meta.Runs = max(d.Meta.Runs, int(o.Run)) // a precision may have added some
		}
	}
	var err error
	if d.Organisations, err = results.Collect(r.Organisations()); err != nil {
		return nil, err
	}
	if d.Ledger, err = results.Collect(r.Ledger()); err != nil {
		return nil, err
	}
	if d.Events, err = results.Collect(r.MarketEvents()); err != nil {
		return nil, err
	}
	return d, flows(r, d)
}

// titles adds the plain names of scenarios that are not built in.
func titles(r *results.Result, to map[string]string) error {
	for _, name := range r.Manifest.Scenarios {
		if _, builtIn := configs.Source(name); builtIn {
			continue
		}
		c, err := configs.Read(r.Dir+"/scenarios/"+name+".toml", configs.Options{})
		if err != nil {
			return err
		}
		to[name] = c.Title
	}
	return nil
}

// flows adds the flows of patients, and who is enrolled where.
func flows(r *results.Result, d *plots.Data) error {
	enrolled := map[string]map[string]map[string]int64{} // scenario/place, area, system
	for f, err := range r.Flows() {
		if err != nil {
			return err
		}
		if f.Line != "enrolment" {
			if f.Run == 1 {
				d.Flows = append(d.Flows, f)
			}
			continue
		}
		if f.Run != 1 || int(f.Year) != r.Manifest.Years {
			continue
		}
		k := f.Scenario + "/" + f.Place
		if enrolled[k] == nil {
			enrolled[k] = map[string]map[string]int64{}
		}
		if enrolled[k][f.From] == nil {
			enrolled[k][f.From] = map[string]int64{}
		}
		enrolled[k][f.From][f.Through] += f.Patients
	}
	for k, areas := range enrolled {
		_, where, _ := strings.Cut(k, "/")
		for i := range d.Places[where].Areas {
			a := &d.Places[where].Areas[i]
			d.Enrolment[k] = append(d.Enrolment[k], leader(a.Code, areas[a.Code], r.Manifest.Sample*float64(a.Residents)))
		}
	}
	return nil
}

// leader is the system with the most people of an area; people is how many live there in the sample,
// about.
func leader(area string, systems map[string]int64, people float64) plots.AreaShare {
	s := plots.AreaShare{Area: area}
	most, total := int64(0), int64(0)
	for name, n := range systems {
		total += n
		if n > most || n == most && name < s.Leader {
			most, s.Leader = n, name
		}
	}
	if most > 0 {
		s.Share = float64(most) / max(float64(total), people)
	}
	return s
}
