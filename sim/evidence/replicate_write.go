package evidence

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"text/tabwriter"

	"coexist/sim/experiment"
)

// MarshalJSON writes a quantity as one flat object; numbers that do not exist are null.
func (x Replicated) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Quantity  string              `json:"quantity"`
		Unit      string              `json:"unit"`
		Published Number              `json:"published"`
		BandLow   float64             `json:"band_low"`
		BandHigh  float64             `json:"band_high"`
		Use       string              `json:"use"` // fitted or predicted
		NoChoice  Number              `json:"no_choice"`
		Default   experiment.Interval `json:"at_default"`
		Simulated experiment.Interval `json:"simulated"`
		Status    Status              `json:"status"`
	}{x.Quantity, x.Unit, known(x.Published), x.Band.Low, x.Band.High, x.use(), known(x.NoChoice), x.Default, x.Simulated, x.status()})
}

func (x *Replicated) use() string {
	if x.Fitted {
		return "fitted"
	}
	return "predicted"
}

func (x *Replicated) status() Status {
	if x.Met {
		return Met
	}
	return Missed
}

// MarshalJSON writes the replication as one object.
func (r Replication) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Maps      int          `json:"maps"`
		Patients  float64      `json:"patients"`
		Years     float64      `json:"patient_years"`
		Parameter string       `json:"parameter"`
		Default   float64      `json:"default"`
		Fitted    float64      `json:"fitted"`
		Low       float64      `json:"range_low"`
		High      float64      `json:"range_high"`
		Reached   bool         `json:"reached"`
		Rows      []Replicated `json:"rows"`
	}{r.Maps, r.Patients, r.Years, r.Key, r.Default, r.Fitted, r.Low, r.High, r.Reached, r.Rows})
}

// head says in words what was done.
func (r *Replication) head() string {
	s := fmt.Sprintf("%d pairs of maps, %.0f patients with heart failure, %.0f patient-years an arm. Fitted on hospitalisation: %s = %s (default %s, range %s to %s)",
		r.Maps, r.Patients, r.Years, r.Key, Text(r.Fitted), Text(r.Default), Text(r.Low), Text(r.High))
	if !r.Reached {
		s += "; no value in the range gives the published effect, this one is nearest"
	}
	return s + "."
}

// published is the figure of the study in words.
func (x *Replicated) published() string {
	if math.IsNaN(x.Published) {
		return "up marginally"
	}
	return Text(x.Published)
}

func span(i experiment.Interval) string {
	if math.IsNaN(i.Low) {
		return Text(i.Mean)
	}
	return fmt.Sprintf("%s (%s to %s)", Text(i.Mean), Text(i.Low), Text(i.High))
}

// WriteText writes a table for people.
func (r Replication) WriteText(out io.Writer) error {
	fmt.Fprintf(out, "Provider choice in accountable care, choice minus no choice\n%s\n\n", r.head())
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "quantity\tpublished\tband\tno choice\tat the default\tat the fitted value (95 % over maps)\t\t")
	for _, x := range r.Rows {
		fmt.Fprintf(w, "%s, %s\t%s\t%s to %s\t%s\t%s\t%s\t%s\t%s\n", x.Quantity, x.Unit, x.published(), Text(x.Band.Low), Text(x.Band.High), Text(x.NoChoice),
			span(x.Default), span(x.Simulated), x.use(), x.status())
	}
	return w.Flush()
}

// replicationHead opens the section of docs/validation.md.
const replicationHead = "## Provider choice in accountable care, repeated\n" +
	"\n" +
	"Alibrahim and Wu (2018) and Liu and Wu (2016) let patients with heart failure choose their provider or not, in a market with shared\n" +
	"savings that providers may leave. Their levels and intervals were not available: direction and order of magnitude are tested. Made by\n" +
	"`coexist replicate --format markdown`, to be put at the end of the page that `coexist validate --format markdown` writes.\n" +
	"\n"

// WriteMarkdown writes the table for docs/validation.md.
func (r Replication) WriteMarkdown(out io.Writer) error {
	fmt.Fprintf(out, replicationHead+"%s\n\n| quantity, choice minus no choice | published | band | no choice | at the default | at the fitted value (95 %% over maps) | | |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n", r.head())
	for _, x := range r.Rows {
		if _, err := fmt.Fprintf(out, "| %s, %s | %s | %s to %s | %s | %s | %s | %s | %s |\n", x.Quantity, x.Unit, x.published(), Text(x.Band.Low), Text(x.Band.High),
			Text(x.NoChoice), span(x.Default), span(x.Simulated), x.use(), mark(x.status())); err != nil {
			return err
		}
	}
	return nil
}
