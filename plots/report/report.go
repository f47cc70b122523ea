// Package report writes the report of a result: one HTML file that opens offline, needs no script
// and prints well. It says nothing but what the figures and their intervals bear; every generated
// sentence is made in sentences.go or comes from the tested templates of plots and experiment.
package report

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"coexist/plots"
)

// Input is what a report is made from: a function of version, scenarios, places and seeds alone.
type Input struct {
	Data      *plots.Data
	Figures   []*plots.Figure
	SVG       map[string][]byte // of each figure, by name
	Verdicts  []Verdict         // by place, in order of reports; empty: nothing was said of coexistence
	Scenarios []Scenario        // in order of reports
	Command   string            // that makes the result again
	Sample    float64           // share of the people simulated
	Drawn     string            // sample from which each run drew its parameters; empty: all runs have the same
}

// Verdict is what is said about coexistence in one place.
type Verdict struct {
	Place    string // plain name
	Verdict  string // holds, fails, open, undefined, or empty: the arms were not run
	Sentence string
}

// Scenario is one regime that was run, as its author describes it.
type Scenario struct{ Name, Title, About string }

//go:embed report.html
var page string

var report = template.Must(template.New("report").Funcs(template.FuncMap{"counted": counted}).Parse(page))

// section is a question with its figure.
type section struct {
	Name, Question, Finding, More, Caveat, Subtitle, Command string
	SVG                                                      template.HTML
	Tall                                                     bool // too high for two to a printed page
	Head                                                     []string
	Rows                                                     [][]string
	Left                                                     int // rows of the data that the table leaves out
}

// longest is the number of rows of data that stand in the report itself.
const longest = 60

// Write returns the report.
func Write(in Input) ([]byte, error) {
	all, title, years := plots.Overview(in.Data)
	m := in.Data.Meta
	if m.Base == "" {
		m.Base = "status-quo"
	}
	v := struct {
		Input
		Meta                       plots.Meta
		Title, Answer, Base, Years string
		Glance                     *section
		Sections                   []section
		Tables                     []table
		SampleText, Seeds          string
		Runs                       string
		Spread, Compared           bool // there is more than one run; there are differences from the base
	}{Input: in, Meta: m, Base: title(m.Base), Years: years, Title: heading(in.Scenarios, names(m.Places, title)), Answer: answer(in.Verdicts, len(m.Scenarios), names(m.Places, title)),
		Tables: differences(all, title, m.Base), SampleText: strconv.FormatFloat(100*in.Sample, 'g', 4, 64) + "%", Seeds: m.SeedText(), Runs: counted(m.Runs, "run"),
		Spread: m.Runs > 1, Compared: len(m.Scenarios) > 1 && slices.Contains(m.Scenarios, m.Base)}
	if in.Sample == 0 {
		v.SampleText = "an unstated share"
	}
	questions := map[string]string{}
	for _, f := range plots.Figures() {
		questions[f.Name] = f.Question
	}
	for _, f := range in.Figures {
		s, err := newSection(f, in.SVG[f.Name], questions[f.Name])
		if err != nil {
			return nil, err
		}
		if f.Name == "06-four-outcomes" {
			v.Glance = &s
			continue
		}
		v.Sections = append(v.Sections, s)
	}
	var b bytes.Buffer
	if err := report.Execute(&b, v); err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	return b.Bytes(), nil
}

// names are the plain names of places.
func names(places []string, title func(string) string) (all []string) {
	for _, p := range places {
		all = append(all, title(p))
	}
	return all
}

// viewBox finds the size of a drawing.
var viewBox = regexp.MustCompile(`viewBox="0 0 ([\d.]+) ([\d.]+)"`)

// tallest is the height by width up to which two figures go on a printed page.
const tallest = 0.78

// newSection takes a figure apart for the page.
func newSection(f *plots.Figure, svg []byte, question string) (section, error) {
	at := bytes.Index(svg, []byte("<svg "))
	if at < 0 {
		return section{}, fmt.Errorf("report: figure %s: no drawing", f.Name)
	}
	if question == "" {
		question = f.Title
	}
	s := section{Name: f.Name, Question: question, Finding: stop(f.Title), More: f.More, Caveat: f.Caveat, Subtitle: f.Subtitle, Command: f.Command + " " + f.Name,
		SVG: template.HTML(svg[at:])} // written by plots, which escapes its texts
	var width, height float64
	if box := viewBox.FindSubmatch(svg); box != nil {
		width, _ = strconv.ParseFloat(string(box[1]), 64) // digits and points
		height, _ = strconv.ParseFloat(string(box[2]), 64)
	}
	s.Tall = height > tallest*width
	data := f.Table
	if f.Summary != nil {
		data = f.Summary
	}
	if len(data) > 0 {
		s.Head, data = data[0], data[1:]
		s.Left = max(0, len(data)-longest)
		for _, row := range data[:len(data)-s.Left] {
			cells := slices.Clone(row)
			for i, c := range cells {
				cells[i] = rounded(c)
			}
			s.Rows = append(s.Rows, cells)
		}
		for i, h := range s.Head {
			s.Head[i] = strings.ReplaceAll(h, "_", " ")
		}
	}
	if f.Summary != nil {
		s.Left = max(s.Left, len(f.Table)-1)
	}
	return s, nil
}

// rounded writes a number of the data with four significant digits; anything else stays.
func rounded(cell string) string {
	if !strings.Contains(cell, ".") {
		return cell
	}
	v, err := strconv.ParseFloat(cell, 64)
	if err != nil || v == 0 {
		return cell
	}
	places := 3 - int(math.Floor(math.Log10(math.Abs(v))))
	return plots.Number(v, min(max(places, 0), 6))
}

// table is the differences in one place.
type table struct {
	Place string
	Heads []string // outcome and unit
	Rows  []row
}

type row struct {
	Title string
	Base  bool
	Cells []cell
}

type cell struct {
	Level, Difference, Word string
}

// differences arranges the four outcomes: a table a place, a row a scenario.
func differences(all []plots.Difference, title func(string) string, base string) (tables []table) {
	for _, d := range all {
		if n := len(tables); n == 0 || tables[n-1].Place != title(d.Place) {
			tables = append(tables, table{Place: title(d.Place)})
		}
		t := &tables[len(tables)-1]
		head := d.Title + ", " + d.Unit.Axis
		if !slices.Contains(t.Heads, head) {
			t.Heads = append(t.Heads, head)
		}
		at := slices.Index(t.Heads, head)
		if n := len(t.Rows); n == 0 || t.Rows[n-1].Title != title(d.Scenario) {
			t.Rows = append(t.Rows, row{Title: title(d.Scenario), Base: d.Scenario == base})
		}
		r := &t.Rows[len(t.Rows)-1]
		for len(r.Cells) <= at {
			r.Cells = append(r.Cells, cell{Level: "not known"})
		}
		r.Cells[at] = cell{Level: level(d), Difference: difference(d), Word: word(d)}
	}
	return tables
}
