package main

import (
	"encoding/csv"
	"slices"
	"strconv"
	"strings"
	"testing"

	"coexist/configs"
	"coexist/sim/evidence"
	"coexist/sim/experiment"
)

// TestWorldsOfTheMap: each world of the map is one set of the posterior with a draw of every parameter that no
// data identify, and nearly all have a set to themselves.
func TestWorldsOfTheMap(t *testing.T) {
	var f faults
	e := newSweepFlags().read("coexistence", &f)
	if err := f.err(); err != nil {
		t.Fatal(err)
	}
	d, err := experiment.DesignOf(e, evidence.PosteriorCSV())
	if err != nil {
		t.Fatal(err)
	}
	at := func(key string) int {
		return slices.IndexFunc(d.Axes, func(a experiment.Axis) bool { return a.Name == key })
	}
	for _, p := range configs.Parameters() {
		if i := at(p.Key); !p.Identified && len(p.Swept) == 2 && (i < 0 || d.Axes[i].Values != nil || d.Axes[i].Low != p.Swept[0] || d.Axes[i].High != p.Swept[1]) {
			t.Errorf("%s, which no data identify, is no axis over its plausible range", p.Key)
		}
	}
	table, err := csv.NewReader(strings.NewReader(evidence.PosteriorCSV())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	keys, sets := table[0], table[1:]
	fitted := map[string]bool{} // values of the sets, fitted parameters alone
	for _, set := range sets {
		var values []string
		for i, key := range keys {
			if p, _ := configs.Explain(key); p.Identified {
				v, err := strconv.ParseFloat(set[i], 64)
				if err != nil {
					t.Fatal(err)
				}
				values = append(values, strconv.FormatFloat(v, 'g', -1, 64))
			}
		}
		fitted[strings.Join(values, " ")] = true
	}
	met := map[string]bool{}
	for r, point := range d.Points {
		var values []string
		for _, key := range keys {
			if p, _ := configs.Explain(key); p.Identified {
				values = append(values, point[at(key)])
			}
		}
		world := strings.Join(values, " ")
		if !fitted[world] {
			t.Errorf("world %d has %s, which is no set of the posterior", r+1, world)
		}
		met[world] = true
	}
	if n := len(d.Points); len(met) < n*9/10 {
		t.Errorf("%d worlds have %d sets, want nearly as many", n, len(met))
	}
}
