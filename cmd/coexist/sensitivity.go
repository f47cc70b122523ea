package main

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"coexist/plots"
	"coexist/sim/experiment"
	"coexist/sim/place"
	"coexist/sim/place/england"
	"coexist/sim/tables"
)

// sensitivityFlags say which outputs are analysed.
type sensitivityFlags struct {
	measures  []string
	groups    []string
	scenarios []string
	years     string
	against   string
	figures   bool
	format    value[string]
}

// newSensitivity makes the verb that analyses a sweep.
func newSensitivity() *cobra.Command {
	o := sensitivityFlags{format: newWords("text", "json", "csv")}
	c := &cobra.Command{
		Use:   "sensitivity SWEEP",
		Short: "What matters most in a sweep, and where competition and integration coexist",
		Long: `Analyses the merged result of a sweep, without running anything. A Morris design gives elementary effects
(mu, mu*, sigma), a Saltelli design Sobol indices of first and total order, both with 95 % bootstrap
intervals, for every output at once; another design is refused. Where scenarios differ in competition
and integration one at a time, every row of any design is judged as one plausible world, which gives the
map of coexistence, its probability and the sentence for each place.`,
		Example: "  coexist sensitivity coexist-coexistence\n  coexist sensitivity my-sweep --scenario airline --against status-quo --measure wait_median --format csv",
		Args:    arguments(1, 1, "the folder of a sweep"),
		RunE:    func(c *cobra.Command, names []string) error { return o.run(c, names[0]) },
	}
	c.Flags().StringArrayVar(&o.measures, "measure", nil, "outputs to analyse; repeat for more (default: choice, quality, cost and fragmentation)")
	c.Flags().StringArrayVar(&o.groups, "group", []string{"all"}, "group of people, such as rurality:rural; repeat for more")
	c.Flags().StringArrayVar(&o.scenarios, "scenario", nil, "scenarios to analyse; repeat for more (default: all)")
	c.Flags().StringVar(&o.years, "years", "", "window: all, 1-3 or 8-10 (default: the last)")
	c.Flags().StringVar(&o.against, "against", "", "analyse differences from this scenario")
	c.Flags().BoolVar(&o.figures, "figures", true, "draw the figures into the result")
	c.Flags().Var(&o.format, "format", formatUse)
	return c
}

// analysis is what a sweep says.
type analysis struct {
	Sweep   string                     `json:"sweep"`
	Design  string                     `json:"design"`
	Rows    int                        `json:"rows"`
	Indices []index                    `json:"indices"` // of a Morris or Saltelli design
	Map     *experiment.CoexistenceMap `json:"coexistence,omitempty"`
}

// index is one factor's importance for one output.
type index struct {
	Place    string               `json:"place"`
	Scenario string               `json:"scenario"`
	Against  string               `json:"against,omitempty"`
	Years    string               `json:"years"`
	Group    string               `json:"group"`
	Measure  string               `json:"measure"`
	Unit     string               `json:"unit"`
	Factor   string               `json:"factor"`
	N        int                  `json:"n"` // trajectories or blocks used
	Mu       *float64             `json:"mu,omitempty"`
	MuStar   *experiment.Interval `json:"mu_star,omitempty"`
	Sigma    *float64             `json:"sigma,omitempty"`
	First    *experiment.Interval `json:"first,omitempty"`
	Total    *experiment.Interval `json:"total,omitempty"`
}

// run analyses a sweep, draws, and prints.
func (o *sensitivityFlags) run(c *cobra.Command, dir string) error {
	var f faults
	flagFaults(c.Flags(), &f)
	s, err := openSwept(dir)
	f.add(err)
	if err := f.err(); err != nil {
		return err
	}
	e, err := place.Read(england.FS())
	if err != nil {
		return err
	}
	a, err := o.analyse(s, e)
	if err != nil {
		return err
	}
	switch {
	case o.figures && !a.moves():
		fmt.Fprintln(c.ErrOrStderr(), "no figure: nothing that was varied moves one of the four headline measures of everyone, or none was asked for")
	case o.figures:
		if err := o.draw(s, e, a); err != nil {
			return err
		}
		fmt.Fprintf(c.ErrOrStderr(), "figures in %s/figures\n", shown(s.result.Dir))
	}
	return a.write(c.OutOrStdout(), o.format.now)
}

// analyse computes all that the design and the scenarios of a sweep allow.
func (o *sensitivityFlags) analyse(s *swept, e *place.England) (analysis, error) {
	a := analysis{Sweep: s.result.Manifest.Settings["experiment"], Design: string(s.design.Kind), Rows: s.design.Rows()}
	if err := o.fill(s); err != nil {
		return a, err
	}
	m, err := s.coexistence(e)
	if err != nil {
		return a, err
	}
	if len(m.Cells) > 0 {
		a.Map = &m
	}
	if a.Indices, err = o.indices(s); err != nil && a.Map != nil {
		err = nil // the map says something
	}
	return a, err
}

// fill puts in what the flags leave out and returns what the sweep does not have.
func (o *sensitivityFlags) fill(s *swept) error {
	var f faults
	if len(o.groups) == 0 {
		o.groups = []string{"all"}
	}
	if len(o.measures) == 0 {
		h := tables.Headline
		for _, m := range []string{h.Choice, h.Quality, h.Cost, h.Fragmentation} {
			if slices.Contains(s.values.Measures(), m) {
				o.measures = append(o.measures, m)
			}
		}
	}
	if o.years == "" {
		o.years = experiment.LastWindow(s.values.Years())
	}
	all := len(o.scenarios) == 0
	if all {
		o.scenarios = slices.Clone(s.values.Scenarios)
	}
	known := func(what, name string, list []string) {
		if !slices.Contains(list, name) {
			f.addf("--%s = %s is not in the sweep, want one of %s", what, name, strings.Join(list, ", "))
		}
	}
	for _, m := range o.measures {
		known("measure", m, s.values.Measures())
	}
	for _, g := range o.groups {
		known("group", g, s.values.Groups())
	}
	for _, x := range o.scenarios {
		known("scenario", x, s.values.Scenarios)
	}
	known("years", o.years, s.values.Years())
	if o.against != "" {
		known("against", o.against, s.values.Scenarios)
		if all {
			o.scenarios = slices.DeleteFunc(o.scenarios, func(x string) bool { return x == o.against })
		}
		if len(o.scenarios) == 0 {
			f.addf("--against = %s is the only scenario of the sweep, want another to differ from it", o.against)
		}
	}
	return f.err()
}

// indices analyses the outputs as the design allows.
func (o *sensitivityFlags) indices(s *swept) ([]index, error) {
	var keys []experiment.SweptKey
	var values [][]float64
	for _, k := range s.values.Outputs(o.measures, o.groups, []string{o.years}) {
		if slices.Contains(o.scenarios, k.Scenario) {
			keys = append(keys, k)
			values = append(values, s.values.Values(k, o.against))
		}
	}
	start := func(k experiment.SweptKey, factor string, n int) index {
		return index{Place: k.Place, Scenario: k.Scenario, Against: o.against, Years: k.Years, Group: k.Group, Measure: k.Measure,
			Unit: s.values.Unit(k.Measure), Factor: factor, N: n}
	}
	var list []index
	switch s.design.Kind {
	case experiment.Morris:
		effects, err := s.design.ElementaryEffects(values)
		if err != nil {
			return nil, err
		}
		for i, k := range keys {
			for _, e := range effects[i] {
				x := start(k, e.Factor, e.N)
				x.Mu, x.MuStar, x.Sigma = number(e.Mu), &e.MuStar, number(e.Sigma)
				list = append(list, x)
			}
		}
	case experiment.Saltelli:
		indices, err := s.design.SobolIndices(values)
		if err != nil {
			return nil, err
		}
		for i, k := range keys {
			for _, e := range indices[i] {
				x := start(k, e.Factor, e.N)
				x.First, x.Total = &e.First, &e.Total
				list = append(list, x)
			}
		}
	default:
		return nil, wrong("%s: a %s design has no indices, want a morris or saltelli one, or scenarios that differ in competition and integration one at a time", s.result.Dir, s.design.Kind)
	}
	return list, nil
}

// moves reports whether there is anything to draw.
func (a *analysis) moves() bool {
	return a.Map != nil || slices.ContainsFunc(a.Indices, func(x index) bool {
		return x.Group == "all" && experiment.IsHeadline(x.Measure) && x.rows()[0].Mean == x.rows()[0].Mean
	})
}

// number points to a number that JSON can hold.
func number(v float64) *float64 {
	if v != v {
		return nil
	}
	return &v
}

// write prints an analysis in a format.
func (a *analysis) write(out io.Writer, format string) error {
	switch format {
	case "json":
		return writeJSON(out, a)
	case "csv":
		return a.csv(out)
	}
	if a.Map != nil {
		if err := a.mapText(out); err != nil {
			return err
		}
	}
	return a.indexText(out)
}

// csv writes indices, or the cells of the map where the design has no indices.
func (a *analysis) csv(out io.Writer) error {
	w := csv.NewWriter(out)
	if len(a.Indices) == 0 && a.Map != nil {
		w.Write([]string{"place", "years", "group", "competition", "integration", "verdict", "worlds", "holding", "undefined", "probability", "probability_low_95", "probability_high_95",
			"kept", "won", "quality_sd", "quality_low_95", "quality_high_95", "cost_gbp_a_head", "cost_low_95", "cost_high_95", "turns_on", "where", "systems_formed"})
		for _, c := range a.Map.Cells {
			w.Write([]string{c.Place, c.Years, c.Group, c.Competition, c.Integration, string(c.Verdict), strconv.Itoa(c.Worlds), strconv.Itoa(c.Holding), strconv.Itoa(c.Undefined),
				exact(c.Probability.Mean), exact(c.Probability.Low), exact(c.Probability.High), exact(c.Kept.Mean), exact(c.Won.Mean),
				exact(c.Quality.Mean), exact(c.Quality.Low), exact(c.Quality.High), exact(c.Cost.Mean), exact(c.Cost.Low), exact(c.Cost.High), c.TurnsOn, c.Where, strconv.Itoa(c.Formed)})
		}
	} else {
		w.Write([]string{"place", "scenario", "against", "years", "group", "measure", "unit", "factor", "n", "index", "value", "low_95", "high_95"})
		for _, x := range a.Indices {
			for _, v := range x.rows() {
				w.Write([]string{x.Place, x.Scenario, x.Against, x.Years, x.Group, x.Measure, x.Unit, x.Factor, strconv.Itoa(x.N), v.name, exact(v.Mean), exact(v.Low), exact(v.High)})
			}
		}
	}
	w.Flush()
	return w.Error()
}

// named is one kind of index with its interval.
type named struct {
	name string
	experiment.Interval
}

// rows are the indices of one factor, the most telling first.
func (x *index) rows() []named {
	point := func(v *float64) experiment.Interval {
		i := experiment.NoInterval()
		if v != nil {
			i.Mean = *v
		}
		return i
	}
	if x.Total != nil {
		return []named{{"total", *x.Total}, {"first", *x.First}}
	}
	return []named{{"mu_star", *x.MuStar}, {"mu", point(x.Mu)}, {"sigma", point(x.Sigma)}}
}

// mapText writes the map, a table a place and window, and what it says.
func (a *analysis) mapText(out io.Writer) error {
	var across []string
	for _, c := range a.Map.Cells {
		if !slices.Contains(across, c.Competition) {
			across = append(across, c.Competition)
		}
	}
	for i, answer := range a.Map.Answers {
		if i > 0 {
			fmt.Fprintln(out)
		}
		fmt.Fprintf(out, "%s, years %s, %s\n", answer.Place, answer.Years, answer.Group)
		w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
		fmt.Fprintf(w, "\t%s\n", strings.Join(across, "\t"))
		last := ""
		for _, c := range a.Map.Cells {
			if c.Place != answer.Place || c.Years != answer.Years || c.Group != answer.Group || c.Competition != across[0] || c.Integration == last {
				continue // one line a kind of integration
			}
			last = c.Integration
			fmt.Fprintf(w, "%s", c.Integration)
			for _, x := range across {
				fmt.Fprintf(w, "\t%s", a.cell(answer, x, c.Integration))
			}
			fmt.Fprintln(w)
		}
		if err := w.Flush(); err != nil {
			return err
		}
		if answer.Note != "" {
			fmt.Fprintf(out, "(%s: there are no more trusts with an emergency department)\n", answer.Note)
		}
		if _, err := fmt.Fprintf(out, "%s\n", wrap(answer.Sentence)); err != nil {
			return err
		}
	}
	return nil
}

// cell is one cell of the map in words: the share of worlds in which the verdict holds.
func (a *analysis) cell(in experiment.PlaceVerdict, competition, integration string) string {
	for _, c := range a.Map.Cells {
		if c.Place == in.Place && c.Years == in.Years && c.Group == in.Group && c.Competition == competition && c.Integration == integration {
			if c.Verdict == experiment.Undefined {
				return "undefined"
			}
			return fmt.Sprintf("%s%% %s", plots.Number(100*c.Probability.Mean, 0), c.Verdict)
		}
	}
	return ""
}

// indexText writes a table an output, factors by importance.
func (a *analysis) indexText(out io.Writer) error {
	for from := 0; from < len(a.Indices); {
		x := a.Indices[from]
		to := from
		for to < len(a.Indices) && a.Indices[to].Place == x.Place && a.Indices[to].Scenario == x.Scenario && a.Indices[to].Group == x.Group && a.Indices[to].Measure == x.Measure {
			to++
		}
		list := slices.Clone(a.Indices[from:to])
		slices.SortStableFunc(list, func(a, b index) int { // the unknown last: cmp has NaN below all
			return cmp.Compare(b.rows()[0].Mean, a.rows()[0].Mean)
		})
		if from > 0 || a.Map != nil {
			fmt.Fprintln(out)
		}
		of := x.Scenario
		if x.Against != "" {
			of += " less " + x.Against
		}
		fmt.Fprintf(out, "%s (%s) of %s in %s, %s, years %s\n", x.Measure, x.Unit, of, x.Place, x.Group, x.Years)
		w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
		fmt.Fprint(w, "factor")
		for _, v := range x.rows() {
			fmt.Fprintf(w, "\t%s", v.name)
		}
		fmt.Fprintln(w)
		for _, y := range list {
			fmt.Fprint(w, y.Factor)
			for _, v := range y.rows() {
				fmt.Fprintf(w, "\t%s", withInterval(v.Interval))
			}
			fmt.Fprintln(w)
		}
		if err := w.Flush(); err != nil {
			return err
		}
		from = to
	}
	return nil
}

// withInterval writes an estimate with its interval, as far as there is one.
func withInterval(i experiment.Interval) string {
	switch {
	case i.Mean != i.Mean:
		return "-"
	case !i.Known():
		return brief(i.Mean)
	}
	return fmt.Sprintf("%s (%s to %s)", brief(i.Mean), brief(i.Low), brief(i.High))
}
