package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"coexist/configs"
	"coexist/sim/place"
	"coexist/sim/place/england"
	"coexist/sim/tables"
)

// newExplain makes the verb that looks one name up.
func newExplain() *cobra.Command {
	format := newWords("text", "json")
	c := &cobra.Command{
		Use:     "explain NAME",
		Short:   "Explain a parameter, measure, scenario or place",
		Example: "  coexist explain choice.minutes\n  coexist explain effective_options\n  coexist explain airline\n  coexist explain Torbay",
		Args:    arguments(1, 1, "one name"),
		RunE: func(c *cobra.Command, args []string) error {
			var f faults
			if flagFaults(c.Flags(), &f); f.err() != nil {
				return f.err()
			}
			e, err := explain(args[0])
			if err != nil {
				return err
			}
			if format.now == "json" {
				return writeJSON(c.OutOrStdout(), e.full)
			}
			return e.text(c.OutOrStdout())
		},
	}
	c.Flags().Var(&format, "format", formatUse)
	return c
}

// explanation is what is known of one name.
type explanation struct {
	full any
	text func(io.Writer) error
}

// explain looks a name up among parameters, measures, scenarios and places, in this order.
func explain(name string) (explanation, error) {
	if p, ok := configs.Explain(name); ok {
		return explanation{p, func(out io.Writer) error { return explainParameter(out, p) }}, nil
	}
	if m, ok := tables.MeasureByName(name); ok {
		return explanation{describe(m), func(out io.Writer) error { return explainMeasure(out, m) }}, nil
	}
	for _, b := range configs.Builtin() {
		if b.Name == name {
			return explanation{b, func(out io.Writer) error { return explainScenario(out, b) }}, nil
		}
	}
	e, err := place.Read(england.FS())
	if err != nil {
		return explanation{}, err
	}
	if p, err := e.Resolve(name); err == nil {
		return explanation{describePlace(p), func(out io.Writer) error { return explainPlace(out, p) }}, nil
	}
	return explanation{}, wrong("unknown name %q, want a parameter, measure, scenario or place%s", name, nearest(name, everyName(e)))
}

// everyName lists all that can be explained.
func everyName(e *place.England) []string {
	var all []string
	for _, p := range configs.Parameters() {
		all = append(all, p.Key)
	}
	all = append(all, measureNames()...)
	for _, b := range configs.Builtin() {
		all = append(all, b.Name)
	}
	for _, n := range e.Names() {
		all = append(all, n.Name)
	}
	return all
}

// facts writes lines of a word and what it is; empty ones are left out.
func facts(out io.Writer, pairs ...string) error {
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			continue
		}
		if _, err := fmt.Fprintf(out, "  %-12s %s\n", pairs[i], pairs[i+1]); err != nil {
			return err
		}
	}
	return nil
}

func explainParameter(out io.Writer, p configs.Parameter) error {
	fmt.Fprintf(out, "%s (parameter)\n%s\n", p.Key, wrap(p.Meaning))
	swept := ""
	if len(p.Swept) == 2 {
		swept = fmt.Sprintf("%v to %v", p.Swept[0], p.Swept[1])
	}
	identified := "" // a source that is read off or assumed says enough
	switch {
	case !p.Identified:
		identified = "no: no data pin it down, so a finding that hangs on it is reported as open"
	case strings.HasPrefix(p.Source, "calibrated:"):
		identified = "by these rows, alone or with other parameters (docs/calibration.md)"
	}
	return facts(out, "default", written(p.Default), "unit", p.Unit, "legal", p.Want(), "plausible", swept, "source", p.Source, "identified", identified,
		"change it", "--set "+p.Key+"=VALUE, or under ["+p.Section()+"] of a scenario")
}

func explainMeasure(out io.Writer, m tables.Measure) error {
	fmt.Fprintf(out, "%s (measure): %s\n%s\n", m.Name, m.Title, wrap(m.Meaning))
	better := map[int]string{+1: "higher", -1: "lower", 0: "neither by itself"}[m.Better]
	return facts(out, "unit", m.Unit, "dimension", m.Dimension, "aim", m.Aim, "better", better, "reported", "every "+m.Period)
}

func explainScenario(out io.Writer, b configs.Info) error {
	kind := "scenario"
	if b.Kind == "arm" {
		kind = "core arm"
	}
	fmt.Fprintf(out, "%s (%s): %s\n%s\n\n", b.Name, kind, b.Title, wrap(b.About))
	text, _ := configs.Source(b.Name)
	if _, err := io.WriteString(out, text); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "\nEvery value: coexist check %s --values. Run it: coexist run %s\n", b.Name, b.Name)
	return err
}

// facility is a place as JSON.
type facility struct {
	Name       string   `json:"name"`
	Code       string   `json:"code"`
	Residents  int64    `json:"residents"`
	RuralShare float64  `json:"rural_share"`
	Areas      int      `json:"areas"`
	Practices  int      `json:"practices"`
	Hospitals  []string `json:"hospitals"`      // inside, with an emergency department
	Sites      int      `json:"hospital_sites"` // inside
	Outside    int      `json:"sites_outside"`  // within reach
	Districts  []string `json:"districts"`
}

func describePlace(p *place.Place) facility {
	f := facility{Name: worldName(p), Code: p.Code, Residents: residents(p), Areas: len(p.Areas), Practices: len(p.Practices), Hospitals: []string{}}
	rural := int64(0)
	for i := range p.Areas {
		if p.Areas[i].Rural {
			rural += int64(p.Areas[i].Residents)
		}
	}
	f.RuralShare = float64(rural) / float64(max(f.Residents, 1))
	for i := range p.Hospitals {
		switch h := &p.Hospitals[i]; {
		case h.Outside:
			f.Outside++
		case h.HasAE:
			f.Sites++
			f.Hospitals = append(f.Hospitals, h.Name)
		default:
			f.Sites++
		}
	}
	for i := range p.Districts {
		f.Districts = append(f.Districts, p.Districts[i].Name)
	}
	return f
}

func explainPlace(out io.Writer, p *place.Place) error {
	f := describePlace(p)
	fmt.Fprintf(out, "%s (place, %s)\n", f.Name, f.Code)
	return facts(out,
		"residents", fmt.Sprintf("%s in %s small areas, %.0f%% rural", grouped(f.Residents), grouped(int64(f.Areas)), 100*f.RuralShare),
		"practices", grouped(int64(f.Practices)),
		"hospitals", fmt.Sprintf("%d sites, %d more outside within 60 minutes", f.Sites, f.Outside),
		"emergency", shortened(f.Hospitals), "districts", shortened(f.Districts))
}

// shortened joins a list, of which it names the first dozen.
func shortened(list []string) string {
	if len(list) > 12 {
		return strings.Join(list[:12], ", ") + fmt.Sprintf(" and %d more", len(list)-12)
	}
	return strings.Join(list, ", ")
}
