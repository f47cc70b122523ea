package experiment

import (
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"

	"coexist/sim/tables"
)

// headlines are the measures of choice, quality, cost and fragmentation that verdicts rest on.
func headlines() []tables.Measure {
	h := tables.Headline
	var list []tables.Measure
	for _, name := range []string{h.Choice, h.Quality, h.Cost, h.Fragmentation} {
		m, ok := tables.MeasureByName(name)
		if !ok {
			panic("experiment: no measure " + name)
		}
		list = append(list, m)
	}
	return list
}

// IsHeadline reports whether a measure stands for one of the four dimensions.
func IsHeadline(measure string) bool {
	h := tables.Headline
	return measure == h.Choice || measure == h.Quality || measure == h.Cost || measure == h.Fragmentation
}

// inSD reports whether a measure is in standard deviations, so that a share of it means nothing.
func inSD(m tables.Measure) bool { return strings.HasPrefix(m.Unit, "SD") }

// Key names one series: a measure of a group in a scenario and place.
type Key struct{ Place, Scenario, Group, Measure string }

// Values holds the yearly values of outcomes by series and run. A value of a year is the mean of its
// quarters, or what is reported for the year.
type Values struct {
	years int
	cells map[Key]map[int32][]cell // by run: one a year
	runs  int32
}

// cell is the sum of n values.
type cell struct {
	sum float64
	n   int
}

// NewValues returns an empty set for runs of so many years.
func NewValues(years int) *Values {
	return &Values{years: years, cells: map[Key]map[int32][]cell{}}
}

// toldKinds are the kinds of group by which results are told apart.
var toldKinds = []string{"rurality", "deprivation", "age"}

// told reports whether results are given for a group.
func told(group string) bool {
	kind, _, ok := strings.Cut(group, ":")
	return !ok || slices.Contains(toldKinds, kind)
}

// Collect reads the headline measures of everyone and by rurality, deprivation and age.
func Collect(years int, rows iter.Seq2[tables.Outcome, error]) (*Values, error) {
	v := NewValues(years)
	for o, err := range rows {
		if err != nil {
			return nil, err
		}
		if IsHeadline(o.Measure) && told(o.Group) {
			v.Add(&o)
		}
	}
	return v, nil
}

// Add takes in one row; rows outside the years are passed over.
func (v *Values) Add(o *tables.Outcome) {
	year := int(o.Quarter-1) / 4
	if o.Quarter < 1 || year >= v.years || math.IsNaN(o.Value) {
		return
	}
	k := Key{o.Place, o.Scenario, o.Group, o.Measure}
	runs := v.cells[k]
	if runs == nil {
		runs = map[int32][]cell{}
		v.cells[k] = runs
	}
	if runs[o.Run] == nil {
		runs[o.Run] = make([]cell, v.years)
	}
	c := &runs[o.Run][year]
	c.sum += o.Value
	c.n++
	v.runs = max(v.runs, o.Run)
}

// Count is the number of runs seen.
func (v *Values) Count() int { return int(v.runs) }

// groups lists the groups of a place that have values, all first.
func (v *Values) groups(place string) []string {
	var list []string
	for k := range v.cells {
		if k.Place == place && !slices.Contains(list, k.Group) {
			list = append(list, k.Group)
		}
	}
	slices.SortFunc(list, byGroup)
	return list
}

// byGroup orders groups: all, then by name.
func byGroup(a, b string) int {
	if (a == "all") != (b == "all") {
		if a == "all" {
			return -1
		}
		return 1
	}
	return strings.Compare(a, b)
}

// Runs returns the mean of a series over a window by run, from run 1; NaN where there is none.
func (v *Values) Runs(k Key, w Window, runs int) []float64 {
	out := make([]float64, runs)
	for r := range out {
		sum, n := 0.0, 0
		for y, c := range v.cells[k][int32(r+1)] {
			if y+1 >= w.From && y+1 <= w.To && c.n > 0 {
				sum += c.sum / float64(c.n)
				n++
			}
		}
		out[r] = sum / float64(n) // 0/0 is NaN: no value
	}
	return out
}

// Window is a span of years of the regime, first and last.
type Window struct{ From, To int }

// String is the window in words.
func (w Window) String() string {
	if w.From == w.To {
		return fmt.Sprintf("year %d", w.From)
	}
	return fmt.Sprintf("years %d-%d", w.From, w.To)
}

// Windows lists what is reported of so many years: years 1 to 3 and 8 to 10 as far as there are
// any, and all. The first is the one that verdicts speak of: the last three if there are ten, else
// all.
func Windows(years int) []Window {
	all := Window{1, years}
	switch {
	case years >= 10:
		return []Window{{8, 10}, {1, 3}, all}
	case years > 3:
		return []Window{all, {1, 3}}
	}
	return []Window{all}
}
