package evidence

import (
	"fmt"
	"math"
	"slices"
)

// Status says how a published number, or one of a table of the model, stands beside the simulated one.
type Status string

// The statuses.
const (
	Met    Status = "met"
	Missed Status = "missed"
	Open   Status = "open"            // of a check: the runs are too small to decide
	Shown  Status = "shown"           // of a gradient: nothing is published beside it
	Input  Status = "input"           // of a row: a parameter or table holds it
	Absent Status = "not represented" // the model, or these runs, have nothing of the kind
)

// Number is a number that may be missing: written null.
type Number struct {
	Value float64
	Known bool
}

func known(v float64) Number {
	return Number{v, !math.IsNaN(v) && !math.IsInf(v, 0)}
}

// MarshalJSON writes the number, or null.
func (n Number) MarshalJSON() ([]byte, error) {
	if !n.Known {
		return []byte("null"), nil
	}
	return []byte(Text(n.Value)), nil
}

// Row is one published number beside the simulated one.
type Row struct {
	ID            string `json:"id"`
	Use           Use    `json:"use"`
	Published     Number `json:"published"`
	Low           Number `json:"low"` // published interval
	High          Number `json:"high"`
	Simulated     Number `json:"simulated"` // mean over seeds
	SimulatedLow  Number `json:"simulated_low"`
	SimulatedHigh Number `json:"simulated_high"` // lowest and highest of the seeds
	Status        Status `json:"status"`
	Reason        string `json:"reason"` // scenario, weeks, population and estimator; or why there is no number

	Target Target `json:"-"`
	Band   Band   `json:"-"`
}

// Report is every row of targets.csv in its order.
type Report struct {
	Rows   []Row   `json:"rows"`
	Checks []Check `json:"checks"` // life and illness against the tables that the model is given

	Gradients []Gradient `json:"gradients"` // multimorbidity and use of care by age and deprivation
	Studies   []Study    `json:"studies"`   // area programmes by the methods of their studies
}

// Judge measures every row: those of the status quo in one result, those of reforms in another, which
// may be the same; nil where they were not run.
func Judge(res, reforms *Result) Report {
	var rep Report
	for _, t := range allTargets() {
		of := res
		if s := specs[t.ID]; s.scenarioName() != quo {
			of = reforms
		}
		rep.Rows = append(rep.Rows, rowOf(t, of))
	}
	if res != nil {
		rep.Checks = readChecks(res)
		rep.Gradients = readGradients(res)
	}
	rep.Studies = readStudies(reforms)
	for _, s := range rep.Studies {
		for i := range rep.Rows {
			if row := &rep.Rows[i]; row.ID == s.ID {
				row.Reason += fmt.Sprintf("; against controls, in points: difference in differences %s, matched %s, synthetic control %s (published %s)",
					s.Difference.Mean.text(), s.Matched.Mean.text(), s.Synthetic.Mean.text(), s.Published.text())
			}
		}
	}
	return rep
}

func rowOf(t Target, res *Result) Row {
	s, ok := specs[t.ID]
	row := Row{ID: t.ID, Use: t.Use, Published: known(t.Value), Low: known(t.Low), High: known(t.High), Target: t, Band: bandOf(t)}
	switch {
	case !ok:
		row.Status, row.Reason = Absent, "no measure"
	case s.input != "":
		row.Status, row.Reason = Input, "parameter or table: "+s.input
	case !s.represented():
		row.Status, row.Reason = Absent, s.why
	default:
		row.fill(&s, res)
	}
	return row
}

// fill measures a row over seeds.
func (row *Row) fill(s *spec, res *Result) {
	row.Reason = s.where()
	if res == nil {
		row.Status, row.Reason = Absent, "not run ("+row.Reason+")"
		return
	}
	row.Reason = res.Setup.Place.Name + ", " + row.Reason
	values, ok := s.values(res)
	if !ok {
		row.Status, row.Reason = Absent, "the runs hold nothing of the kind ("+row.Reason+")"
		return
	}
	mean := average(values)
	if row.Target.Unit == "sign" { // that of most seeds
		mean = math.Round(mean) + 0 // never -0
	}
	row.Simulated, row.SimulatedLow, row.SimulatedHigh = known(mean), known(slices.Min(values)), known(slices.Max(values))
	switch {
	case s.register != "":
		if file, ok := s.file(res); ok {
			row.Band = around(file, registerBand)
			if bandOf(row.Target).holds(file) {
				row.Reason += fmt.Sprintf("; the file of registers, %.2f %%, agrees with the row and is the target", file)
			} else {
				row.Reason += fmt.Sprintf("; the file of registers says %.2f %% and wins over the row", file)
			}
		}
	case s.band != nil:
		row.Band = *s.band
		row.Reason += fmt.Sprintf("; band %s to %s", Text(s.band.Low), Text(s.band.High))
	}
	row.Status = Missed
	if row.Band.holds(mean) {
		row.Status = Met
	}
}

// scenarioName is where a row is measured.
func (s *spec) scenarioName() string {
	if s.scenario == "" {
		return quo
	}
	return s.scenario
}

// values measures a row in each run of its scenario.
func (s *spec) values(res *Result) (values []float64, ok bool) {
	for _, r := range res.Runs[s.scenarioName()] {
		v, ok := s.of(r)
		if !ok || math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, false
		}
		values = append(values, v)
	}
	return values, len(values) > 0
}

// file is what the file of registers says, mean over runs.
func (s *spec) file(res *Result) (float64, bool) {
	var values []float64
	for _, r := range res.Runs[s.scenarioName()] {
		if v, ok := r.registered(s.register); ok {
			values = append(values, v)
		}
	}
	return average(values), len(values) > 0
}

func average(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	return sum / float64(len(v))
}

// count is how many rows of a use have each status.
func (r Report) count(use Use) (met, missed, input, absent int) {
	for _, row := range r.Rows {
		if row.Use != use {
			continue
		}
		switch row.Status {
		case Met:
			met++
		case Missed:
			missed++
		case Input:
			input++
		default:
			absent++
		}
	}
	return met, missed, input, absent
}
