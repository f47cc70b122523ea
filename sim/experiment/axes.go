package experiment

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"coexist/configs"
)

// jointPosterior joins the axes of a posterior.
const jointPosterior = "posterior"

// HasPosterior reports whether draws of a posterior are among what varies.
func (d *Design) HasPosterior() bool {
	return slices.ContainsFunc(d.Axes, func(a Axis) bool { return a.Joint == jointPosterior })
}

// DesignOf lays out the points of an experiment: its axes, and the draws of its posterior, which stay
// whole: the parameters of one draw go together in every design. calibrated is the table of draws that the
// program bears, for an experiment that names no other. A parameter that no data identify has its prior in
// every posterior, whatever the others are, so that an axis may stand for its column: a design spreads it
// more evenly than draws do. Any other parameter that is an axis and a column is a fault, and so is one to
// which a scenario gives a value of its own: it defines the scenario.
func DesignOf(e configs.Experiment, calibrated string) (Design, error) {
	var axes []Axis
	for _, a := range e.Axes {
		axes = append(axes, Axis{Name: a.Name, Low: a.Low, High: a.High, Values: a.Values, Scale: a.Scale, Joint: a.Joint})
	}
	var draws []Axis
	var err error
	switch e.Posterior {
	case "":
	case configs.Calibrated:
		draws, err = parseDraws(strings.NewReader(calibrated), e.Posterior, int(e.Draws))
	default:
		draws, err = readDraws(e.Posterior, int(e.Draws))
	}
	if err != nil {
		return Design{}, err
	}
	for _, d := range draws {
		p, _ := configs.Explain(d.Name)
		isAxis := slices.ContainsFunc(axes, func(a Axis) bool { return a.Name == d.Name })
		if isAxis && !p.Identified {
			continue
		}
		for _, c := range e.Scenarios {
			if slices.Contains(c.Changed(), d.Name) {
				err = errors.Join(err, &configs.Fault{File: e.Posterior, Text: fmt.Sprintf("%s is drawn, and scenario %s has a value of its own for it, want one of them", d.Name, c.Name)})
			}
		}
		axes = append(axes, d)
	}
	if err != nil {
		return Design{}, err
	}
	return newDesign(Kind(e.Design.Kind), axes, int(e.Design.Size), uint64(e.Seed))
}

// maxDraws is how many draws of a posterior are read.
const maxDraws = 1_000_000

// readDraws reads a table of draws of equal weight as axes that take their values together: a CSV file
// with a header, a column a parameter and a row a draw. Columns whose names have no dot, such as
// distance, are passed over. most > 0: that many draws at most.
func readDraws(path string, most int) ([]Axis, error) {
	data, err := readWhole(path, maxDrawBytes)
	if err != nil {
		return nil, &configs.Fault{File: path, Text: fmt.Sprintf("cannot be read: %v", err)}
	}
	return parseDraws(bytes.NewReader(data), path, most)
}

// maxDrawBytes is the most bytes of a table of draws.
const maxDrawBytes = 256 << 20

// parseDraws is readDraws of the text of a file.
func parseDraws(in io.Reader, path string, most int) ([]Axis, error) {
	fault := func(format string, args ...any) error {
		return &configs.Fault{File: path, Text: fmt.Sprintf(format, args...)}
	}
	text := bufio.NewReader(in)
	if mark, err := text.Peek(3); err == nil && string(mark) == "\ufeff" { // spreadsheets begin with it
		text.Discard(len(mark))
	}
	r := csv.NewReader(text)
	r.ReuseRecord = true
	head, err := r.Read()
	if err != nil {
		return nil, fault("no header: %v", err)
	}
	var axes []Axis
	var columns []int
	var faults []error
	for i, name := range head {
		switch _, known := configs.Explain(name); {
		case known:
			axes = append(axes, Axis{Name: strings.Clone(name), Joint: jointPosterior, Values: []string{}})
			columns = append(columns, i)
		case strings.Contains(name, "."):
			faults = append(faults, fault("column %s is not a parameter", name))
		case name == "weight":
			faults = append(faults, fault("column weight: want draws of equal weight, drawn anew by it"))
		}
	}
	if len(axes) == 0 {
		faults = append(faults, fault("no column is a parameter"))
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	for n := 0; most <= 0 || n < most; n++ {
		row, err := r.Read()
		if err == io.EOF {
			break
		}
		if err == nil && n >= maxDraws {
			err = fmt.Errorf("more than %d draws", maxDraws)
		}
		if err != nil {
			return nil, fault("%v", err)
		}
		for k, c := range columns {
			axes[k].Values = append(axes[k].Values, strings.Clone(strings.TrimSpace(row[c])))
		}
	}
	if n := len(axes[0].Values); n == 0 || n < most {
		return nil, fault("%d draws, want %d", n, max(most, 1))
	}
	return axes, nil
}
