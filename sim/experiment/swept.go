package experiment

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"

	"coexist/configs"
)

// SweptKey names one output of a sweep.
type SweptKey struct {
	Place, Scenario, Group, Measure string
	Years                           string // a window: all, 1-3 or 8-10
}

// Swept holds the values of a merged sweep: by output, one a row of the design, the mean over its
// replicates.
type Swept struct {
	Places, Scenarios []string // in the order in which they come
	Replicates        int      // of a row, the most seen

	rows   int
	cells  map[SweptKey][]cell
	units  map[string]string // by measure
	groups []string
	years  []string
	names  []string // of measures
}

// sweptColumns are the columns of SweepTable.
var sweptColumns = []string{"place", "scenario", "row", "replicate", "seed", "group", "measure", "unit", "years", "value"}

// newSwept returns an empty set for a design of so many rows.
func newSwept(rows int) *Swept {
	return &Swept{rows: rows, cells: map[SweptKey][]cell{}, units: map[string]string{}}
}

// ReadSwept reads data/sweep.csv of a design of so many rows. The error names the first line that is
// wrong.
func ReadSwept(in io.Reader, rows int) (*Swept, error) {
	r := csv.NewReader(in)
	r.ReuseRecord = true
	head, err := r.Read()
	if err != nil {
		return nil, fmt.Errorf("sweep.csv: %w", err)
	}
	if !slices.Equal(head, sweptColumns) {
		return nil, &configs.Fault{File: "sweep.csv", Line: 1, Text: fmt.Sprintf("columns %v, want %v", head, sweptColumns)}
	}
	s := newSwept(rows)
	for line := 2; ; line++ {
		f, err := r.Read()
		if errors.Is(err, io.EOF) {
			return s, nil
		}
		if err != nil {
			return nil, fmt.Errorf("sweep.csv: %w", err)
		}
		row, err1 := strconv.Atoi(f[2])
		replicate, err2 := strconv.Atoi(f[3])
		v, err3 := strconv.ParseFloat(f[9], 64)
		if f[9] == "" {
			v, err3 = math.NaN(), nil
		}
		if err := errors.Join(err1, err2, err3); err != nil {
			return nil, &configs.Fault{File: "sweep.csv", Line: line, Text: err.Error()}
		}
		if row < 1 || row > rows {
			return nil, &configs.Fault{File: "sweep.csv", Line: line, Text: fmt.Sprintf("row %d, want 1 to %d as the design has", row, rows)}
		}
		s.add(SweptKey{Place: f[0], Scenario: f[1], Group: f[5], Measure: f[6], Years: f[8]}, row, replicate, f[7], v)
	}
}

// add takes in one value of a row, from 1, and replicate.
func (s *Swept) add(k SweptKey, row, replicate int, unit string, value float64) {
	if s.cells[k] == nil {
		s.cells[k] = make([]cell, s.rows)
		for _, x := range []struct {
			name string
			list *[]string
		}{{k.Place, &s.Places}, {k.Scenario, &s.Scenarios}, {k.Group, &s.groups}, {k.Measure, &s.names}, {k.Years, &s.years}} {
			if !slices.Contains(*x.list, x.name) {
				*x.list = append(*x.list, x.name)
			}
		}
		s.units[k.Measure] = unit
	}
	s.Replicates = max(s.Replicates, replicate)
	if math.IsNaN(value) {
		return
	}
	c := &s.cells[k][row-1]
	c.sum += value
	c.n++
}

// Groups, Years and Measures list what there are values of, in the order in which they come.
func (s *Swept) Groups() []string   { return s.groups }
func (s *Swept) Years() []string    { return s.years }
func (s *Swept) Measures() []string { return s.names }

// Unit is the unit of a measure.
func (s *Swept) Unit(measure string) string { return s.units[measure] }

// Values are the means over replicates of an output by row, NaN where there is none. Where a scenario
// is given as against, they are the differences from it.
func (s *Swept) Values(k SweptKey, against string) []float64 {
	y := s.means(k)
	if against != "" {
		k.Scenario = against
		for i, base := range s.means(k) {
			y[i] -= base
		}
	}
	return y
}

func (s *Swept) means(k SweptKey) []float64 {
	y := make([]float64, s.rows)
	cells := s.cells[k]
	for i := range y {
		y[i] = math.NaN()
		if cells != nil && cells[i].n > 0 {
			y[i] = cells[i].sum / float64(cells[i].n)
		}
	}
	return y
}

// Outputs lists the outputs of a measure, group and window for each place and scenario, in order, as
// far as there are values.
func (s *Swept) Outputs(measures, groups, years []string) []SweptKey {
	var list []SweptKey
	for _, p := range s.Places {
		for _, y := range years {
			for _, g := range groups {
				for _, m := range measures {
					for _, c := range s.Scenarios {
						if k := (SweptKey{p, c, g, m, y}); s.cells[k] != nil {
							list = append(list, k)
						}
					}
				}
			}
		}
	}
	return list
}
