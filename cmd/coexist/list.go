package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"coexist/configs"
	"coexist/plots"
	"coexist/sim/place"
	"coexist/sim/place/england"
	"coexist/sim/tables"
)

// catalogue is one kind of thing that can be listed.
type catalogue struct {
	kind string
	list func() ([]item, error)
}

// item is one thing of a list.
type item struct {
	name, about string
	full        any // as JSON: an object with name
}

var catalogues = []catalogue{
	{"scenarios", listScenarios}, {"places", listPlaces}, {"parameters", listParameters},
	{"measures", listMeasures}, {"figures", listFigures}, {"experiments", listExperiments},
}

// newList makes the verb that lists what there is.
func newList() *cobra.Command {
	format := newWords("text", "json")
	var search string
	var kinds []string
	for _, k := range catalogues {
		kinds = append(kinds, k.kind)
	}
	c := &cobra.Command{
		Use:       "list [" + strings.Join(kinds, "|") + "]",
		Short:     "List scenarios, places, parameters, measures, figures or experiments",
		Example:   "  coexist list scenarios\n  coexist list places --search devon\n  coexist list parameters --format json",
		ValidArgs: kinds,
		Args:      arguments(0, 1, "one kind of thing at most: "+strings.Join(kinds, ", ")),
		RunE: func(c *cobra.Command, args []string) error {
			kind := "scenarios"
			if len(args) > 0 {
				kind = args[0]
			}
			var f faults
			flagFaults(c.Flags(), &f)
			var chosen *catalogue
			for i := range catalogues {
				if catalogues[i].kind == kind {
					chosen = &catalogues[i]
				}
			}
			if chosen == nil {
				f.addf("cannot list %q%s; want one of %s", kind, nearest(kind, kinds), strings.Join(kinds, ", "))
			}
			if err := f.err(); err != nil {
				return err
			}
			items, err := chosen.list()
			if err != nil {
				return err
			}
			return writeItems(c.OutOrStdout(), found(items, search), format.now)
		},
	}
	c.Flags().Var(&format, "format", formatUse)
	c.Flags().StringVar(&search, "search", "", "only what has this in its name or description")
	return c
}

// found keeps the items that have the text in their name or description, letters' case aside.
func found(items []item, search string) []item {
	var kept []item
	for _, i := range items {
		if strings.Contains(strings.ToLower(i.name+" "+i.about), strings.ToLower(search)) {
			kept = append(kept, i)
		}
	}
	return kept
}

// writeItems writes a list: a line each, or an array of objects.
func writeItems(out io.Writer, items []item, format string) error {
	if format == "json" {
		all := []any{}
		for _, i := range items {
			all = append(all, i.full)
		}
		return writeJSON(out, all)
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, i := range items {
		fmt.Fprintf(w, "%s\t%s\n", i.name, i.about)
	}
	return w.Flush()
}

func listScenarios() ([]item, error) {
	var items []item
	for _, b := range configs.Builtin() {
		items = append(items, item{b.Name, b.About, b})
	}
	return items, nil
}

func listPlaces() ([]item, error) {
	e, err := place.Read(england.FS())
	if err != nil {
		return nil, err
	}
	var items []item
	for _, n := range e.Names() {
		items = append(items, item{n.Name, fmt.Sprintf("%s %s, %s residents, %d practices, %d hospital sites", n.Kind, n.Code, grouped(int64(n.Residents)), n.Practices, n.Hospitals), n})
	}
	return items, nil
}

func listParameters() ([]item, error) {
	var items []item
	for _, p := range configs.Parameters() {
		items = append(items, item{p.Key, p.Meaning, p})
	}
	return items, nil
}

// described is a measure as JSON.
type described struct {
	Name      string `json:"name"`
	Title     string `json:"title"`
	Unit      string `json:"unit"`
	Dimension string `json:"dimension"`
	Aim       string `json:"aim,omitempty"`
	Meaning   string `json:"meaning"`
	Better    int    `json:"better"`
	Period    string `json:"period"`
}

func describe(m tables.Measure) described {
	return described{m.Name, m.Title, m.Unit, m.Dimension, m.Aim, m.Meaning, m.Better, m.Period}
}

func listMeasures() ([]item, error) {
	var items []item
	for _, m := range tables.Measures {
		items = append(items, item{m.Name, fmt.Sprintf("%s: %s, %s", m.Dimension, m.Title, m.Unit), describe(m)})
	}
	return items, nil
}

func listFigures() ([]item, error) {
	var items []item
	for _, f := range plots.Figures() {
		items = append(items, item{f.Name, f.Question, f})
	}
	return items, nil
}

// listExperiments lists the built-in sweeps.
func listExperiments() ([]item, error) {
	var list []item
	for _, name := range configs.BuiltinExperiments() {
		var f faults
		e := new(sweepFlags).read(name, &f)
		if err := f.err(); err != nil {
			return nil, err
		}
		stop := ". "
		if strings.HasSuffix(e.Title, "?") {
			stop = " "
		}
		list = append(list, item{name, e.Title + stop + e.About, struct {
			Name  string `json:"name"`
			Title string `json:"title"`
			About string `json:"about"`
		}{e.Name, e.Title, e.About}})
	}
	return list, nil
}
