package evidence

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"
)

//go:embed targets.csv
var targetsFile string

// Use says what a row is for.
type Use string

// The uses.
const (
	Calibrate Use = "calibrate" // sets or tunes parameters
	HeldOut   Use = "validate"  // the result of a reform: nothing is tuned to it
)

// Target is one published number.
type Target struct {
	ID, Topic, Quantity, Unit string
	Value                     float64
	Low, High                 float64 // published interval; NaN where there is none
	Population, Year, Source  string
	Seen                      bool // read in the source's own text, not recalled
	Use                       Use
}

const header = "id,topic,quantity,unit,value,low,high,population,year,source,verified,use"

// allTargets lists every published number in the order of the file. The caller may change it.
func allTargets() []Target {
	list, err := parsed()
	if err != nil {
		panic("evidence: " + err.Error()) // the tests of this package rule it out
	}
	return append([]Target(nil), list...)
}

// targetByID returns the row of an id such as E22.
func targetByID(id string) (Target, bool) {
	for _, t := range allTargets() {
		if t.ID == id {
			return t, true
		}
	}
	return Target{}, false
}

var parsed = sync.OnceValues(func() ([]Target, error) { return parse(targetsFile) })

// parse reads the table; the error names the first line that is wrong.
func parse(text string) ([]Target, error) {
	r := csv.NewReader(strings.NewReader(text))
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("targets.csv: %w", err)
	}
	if len(rows) == 0 || strings.Join(rows[0], ",") != header {
		return nil, fmt.Errorf("targets.csv:1: another header, want %s", header)
	}
	seen := map[string]bool{}
	var list []Target
	for i, row := range rows[1:] {
		where := fmt.Sprintf("targets.csv, row %d (%s)", i+2, row[0])
		t := Target{ID: row[0], Topic: row[1], Quantity: row[2], Unit: row[3], Population: row[7], Year: row[8], Source: row[9],
			Seen: row[10] == "seen", Use: Use(row[11])}
		for _, f := range []struct {
			to   *float64
			text string
		}{{&t.Value, row[4]}, {&t.Low, row[5]}, {&t.High, row[6]}} {
			*f.to = math.NaN()
			if f.text == "" && f.to != &t.Value {
				continue
			}
			if *f.to, err = strconv.ParseFloat(f.text, 64); err != nil || math.IsNaN(*f.to) || math.IsInf(*f.to, 0) {
				return nil, fmt.Errorf("%s: %q is no finite number", where, f.text)
			}
		}
		switch {
		case seen[t.ID] || t.ID == "":
			return nil, fmt.Errorf("%s: id is empty or given twice", where)
		case row[10] != "seen" && row[10] != "recalled":
			return nil, fmt.Errorf("%s: verified = %q, want seen or recalled", where, row[10])
		case t.Use != Calibrate && t.Use != HeldOut:
			return nil, fmt.Errorf("%s: use = %q, want calibrate or validate", where, row[11])
		case t.Low > t.Value || t.High < t.Value:
			return nil, fmt.Errorf("%s: value %v outside %v to %v", where, t.Value, t.Low, t.High)
		}
		seen[t.ID] = true
		list = append(list, t)
	}
	return list, nil
}
