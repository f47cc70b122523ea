package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"coexist/plots"
	"coexist/sim/experiment"
	"coexist/sim/place"
	"coexist/sim/place/england"
	"coexist/sim/results"
	"coexist/sim/tables"
)

// newPlot makes the verb that draws again.
func newPlot() *cobra.Command {
	var size, theme, targets string
	var more bool
	var d drawing
	sizes, themes := names(plots.Sizes(), sizeName), names(plots.Themes(), themeName)
	c := &cobra.Command{
		Use:   "plot RESULT [FIGURE ...]",
		Short: "Draw the figures of a result again, without running anything",
		Long: `Draws the figures of a result again, each as .svg .png .pdf .csv and .json, and holds each to what a
printed figure must have; one that is not fit to print is an error and nothing is written.`,
		Example: "  coexist plot coexist-compare\n  coexist plot coexist-compare 01-choice --size slide\n  coexist plot coexist-compare 03-cost --title \"Care costs the same\" --out talk",
		Args:    arguments(1, -1, "the folder of a result, then any figures"),
		RunE: func(c *cobra.Command, args []string) error {
			var f faults
			d.only = args[1:]
			var ok bool
			if d.size, ok = find(plots.Sizes(), sizeName, size); !ok {
				f.addf("--size = %s, want one of %s%s", size, strings.Join(sizes, ", "), nearest(size, sizes))
			}
			if d.theme, ok = find(plots.Themes(), themeName, theme); !ok {
				f.addf("--theme = %s, want one of %s%s", theme, strings.Join(themes, ", "), nearest(theme, themes))
			}
			if more {
				d.theme = d.theme.AllowMore()
			}
			known := names(plots.Figures(), func(x plots.FigureInfo) string { return x.Name })
			for _, name := range d.only {
				if !slices.Contains(known, name) {
					f.addf("unknown figure %q%s; coexist list figures names all", name, nearest(name, known))
				}
			}
			if d.title != "" && len(d.only) != 1 {
				f.addf("--title with %d figures, want one", len(d.only))
			}
			if d.out != "" {
				if taken := results.Enclosing(d.out); taken != "" {
					f.addf("--out = %s lies in %s, which holds a result, want a folder outside it; without --out the figures go into the result", d.out, taken)
				}
			}
			var err error
			if targets != "" {
				d.targets, err = readTargets(targets)
				f.add(err)
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
	c.Flags().StringVar(&size, "size", plots.Report.Name, "one of "+strings.Join(sizes, ", "))
	c.Flags().StringVar(&theme, "theme", plots.Light.Name, "one of "+strings.Join(themes, ", "))
	c.Flags().BoolVar(&more, "allow-more", false, "a fifth colour in bars and maps, where all beyond four are otherwise grey")
	c.Flags().StringVar(&d.title, "title", "", "headline in place of the figure's own; one figure only")
	c.Flags().StringVar(&d.out, "out", "", "folder to write to (default: figures in the result)")
	c.Flags().StringVar(&targets, "targets", "", "table that validate wrote, for the figure of targets")
	return c
}

// readTargets reads the table of a validation.
func readTargets(name string) ([]plots.Target, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, wrong("--targets: %v", err)
	}
	defer file.Close()
	list, err := plots.ReadTargets(file)
	if err != nil {
		return nil, wrong("--targets = %s: %v", name, err)
	}
	return list, nil
}

func sizeName(s plots.Size) string { return s.Name }

func themeName(t plots.Theme) string { return t.Name }

// names lists what each of a list is called.
func names[T any](list []T, name func(T) string) []string {
	var all []string
	for _, x := range list {
		all = append(all, name(x))
	}
	return all
}

// find is the one of a list that is called so.
func find[T any](list []T, name func(T) string, called string) (x T, ok bool) {
	i := slices.IndexFunc(list, func(x T) bool { return name(x) == called })
	if i < 0 {
		return x, false
	}
	return list[i], true
}

// drawing says which figures to draw and how.
type drawing struct {
	england *place.England
	only    []string // names; empty: all
	size    plots.Size
	theme   plots.Theme
	title   string         // headline of the one figure; empty: its own
	out     string         // folder; empty: in the result
	targets []plots.Target // of a validation
}

// draw writes figures that are fit to print into a finished result or another folder.
func draw(r *results.Result, d drawing) error {
	data, _, err := gather(r, d.england)
	if err != nil {
		return err
	}
	data.Targets = d.targets
	figures, err := plots.Standard(data)
	if err != nil {
		return fmt.Errorf("%s: %w", r.Dir, err)
	}
	have := map[string]bool{}
	var wanted []*plots.Figure
	var f faults
	for _, figure := range figures {
		have[figure.Name] = true
		if len(d.only) > 0 && !slices.Contains(d.only, figure.Name) {
			continue
		}
		if d.title != "" {
			figure.Retitle(d.title)
		}
		wanted = append(wanted, figure)
	}
	for _, name := range d.only {
		if !have[name] {
			f.addf("%s: figure %s needs rows that the result does not have", r.Dir, name)
		}
	}
	if err := f.err(); err != nil {
		return err
	}
	files, err := render(wanted, d, true)
	if err != nil {
		return err
	}
	if d.out == "" {
		return r.Update(files)
	}
	if err := os.MkdirAll(d.out, 0o777); err != nil {
		return wrong("--out: %v", err)
	}
	for _, rel := range slices.Sorted(maps.Keys(files)) {
		if err := put(filepath.Join(d.out, path.Base(rel)), bytesOf(files[rel])); err != nil {
			return err
		}
	}
	return nil
}

// render draws figures side by side and returns their files by path; a strict one refuses figures that are
// not fit to print.
func render(figures []*plots.Figure, d drawing, strict bool) (map[string][]byte, error) {
	var mu sync.Mutex
	var f faults
	files := map[string][]byte{}
	found := make([]error, len(figures)) // in the order of figures, whichever is ready first
	free := make(chan struct{}, runtime.GOMAXPROCS(0))
	var wait sync.WaitGroup
	for i, figure := range figures {
		free <- struct{}{}
		wait.Go(func() {
			defer func() { <-free }()
			if strict {
				found[i] = figure.Lint(d.size, d.theme)
			}
			made, err := figure.Files(d.size, d.theme)
			found[i] = errors.Join(found[i], err)
			mu.Lock()
			defer mu.Unlock()
			for ending, data := range made {
				files["figures/"+figure.Name+"."+ending] = data
			}
		})
	}
	wait.Wait()
	for _, err := range found {
		f.add(err)
	}
	return files, f.err()
}

// gather reads what figures are drawn from, and reduces the outcomes to the comparison on the way:
// they are read once. What an older version cannot tell, such as a place that is no longer known, is
// left out with the figures that need it.
func gather(r *results.Result, e *place.England) (*plots.Data, experiment.Comparison, error) {
	if isSwept(r) {
		d, err := sweptData(r, e)
		return d, experiment.Comparison{}, err
	}
	m := &r.Manifest
	w := experiment.Windows(m.Years)[0]
	var none experiment.Comparison
	d := &plots.Data{
		Meta: plots.Meta{Version: m.Version, Command: "coexist plot FOLDER", Places: m.Places, Scenarios: m.Scenarios, Titles: map[string]string{},
			Seeds: m.Seeds, Runs: m.Runs, Years: m.Years, Hash: m.IdentityHash[:16], Window: [2]int{w.From, w.To}, Base: m.Settings["reference"]},
		Places: map[string]*place.Place{}, Enrolment: map[string][]plots.AreaShare{}, Care: map[string][]plots.AreaShare{},
	}
	for _, name := range m.Places {
		code := m.Settings["place "+name]
		if p, err := e.Resolve(code); err == nil && code != "" {
			d.Places[name] = p
		}
	}
	if err := titles(r, d.Meta.Titles); err != nil {
		return nil, none, err
	}
	for _, n := range e.Names() {
		if n.Kind == "icb" { // whose code is in the name of the one organisation of its area
			d.Meta.Titles[n.Code+" system"] = n.Name + " system"
		}
	}
	keep := func(yield func(tables.Outcome, error) bool) {
		for o, err := range r.Outcomes() {
			if err == nil && plots.Needs(o.Measure, o.Group) {
				d.Outcomes = append(d.Outcomes, o)
				d.Meta.Runs = max(d.Meta.Runs, int(o.Run)) // a precision may have added some
			}
			if !yield(o, err) {
				return
			}
		}
	}
	v, err := experiment.Collect(m.Years, keep)
	if err != nil {
		return nil, none, err
	}
	if d.Ledger, err = results.Collect(r.Ledger()); err != nil {
		return nil, none, err
	}
	if d.Events, err = results.Collect(r.MarketEvents()); err != nil {
		return nil, none, err
	}
	return d, comparisonOf(r, v), flows(r, d)
}

// titles adds the names of scenarios for which figures have no short one.
func titles(r *results.Result, to map[string]string) error {
	for _, name := range r.Manifest.Scenarios {
		if plots.Named(name) {
			continue
		}
		s, err := aboutOf(r, name)
		if err != nil {
			return err
		}
		to[name] = s.Title
	}
	return nil
}

// flows adds the flows of patients, who is enrolled where and how concentrated care is.
func flows(r *results.Result, d *plots.Data) error {
	enrolled := map[string]map[string]map[string]int64{} // scenario/place, area, system
	for f, err := range r.Flows() {
		if err != nil {
			return err
		}
		if !f.OfArea() {
			if f.Run == 1 {
				d.Flows = append(d.Flows, f)
			}
			continue
		}
		if f.Run != 1 || int(f.Year) != r.Manifest.Years {
			continue
		}
		k := f.Scenario + "/" + f.Place
		if f.Line == tables.LineConcentration {
			if d.Places[f.Place] != nil {
				d.Care[k] = append(d.Care[k], plots.AreaShare{Area: f.From, Leader: f.Through, HHI: float64(f.Patients) / 1000})
			}
			continue
		}
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
		if d.Places[where] == nil {
			continue
		}
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
		for _, name := range slices.Sorted(maps.Keys(systems)) {
			part := float64(systems[name]) / float64(total)
			s.HHI += part * part
		}
	}
	return s
}
