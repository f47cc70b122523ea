package experiment

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"strings"
	"testing"

	"coexist/configs"
	"coexist/sim/results"
	"coexist/sim/tables"
)

// plain is a plan of two runs, made by hand: fuzzing reads no place.
func plain() *Sweep {
	s := &Sweep{Format: sweepFormat, Version: "test", Name: "a", Title: "A", Places: []SweepPlace{{Spec: "p", Name: "p"}},
		Scenarios: []SweepScenario{{Name: "b"}}, Sample: .5, Seed: 1, Replicates: 2, Years: 4, WarmUp: 3, Measures: []string{"harm"}, Groups: []string{"all"},
		Design: Design{Kind: List, Axes: []Axis{{Name: "choice.minutes", Values: []string{"0.1"}}}, Points: [][]string{{"0.1"}}}, Shards: 1, Workers: 1}
	for range 2 {
		s.Runs = append(s.Runs, SweepRun{Key: strings.Repeat("0a", 32)})
	}
	s.Hash = s.hash()
	return s
}

// FuzzPlan: a plan whose hash holds is refused, or is one with which all that follows can be done: any
// run has a place, a scenario and a row; it is written and read back the same.
func FuzzPlan(f *testing.F) {
	f.Add(plain().encode())
	f.Add([]byte("{}"))
	f.Add([]byte(`{"format":1,"replicates":-1,"design":{"points":[[]]},"places":[{}],"scenarios":[{"name":"../x"}],"runs":[{}]}`))
	f.Add([]byte(strings.Replace(string(plain().encode()), `"replicates":2`, `"replicates":9223372036854775807`, 1)))
	f.Add([]byte(strings.Replace(string(plain().encode()), `[["0.1"]]`, `[[]]`, 1)))
	f.Add([]byte(strings.Repeat("[", 2000)))
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := decodeSweep(data); err != nil && !errors.Is(err, results.ErrNotResult) && !errors.Is(err, results.ErrDamaged) {
			t.Fatalf("%v is no fault of a plan", err)
		}
		forged := new(Sweep)
		if json.Unmarshal(data, forged) != nil {
			return
		}
		forged.Hash = forged.hash() // as who means harm would
		if forged.check() != nil {
			return
		}
		s, err := decodeSweep(forged.encode())
		if err != nil {
			t.Fatalf("accepted, written, and refused: %v", err)
		}
		if !bytes.Equal(s.encode(), forged.encode()) {
			t.Fatalf("read back otherwise:\n%s\n%s", forged.encode(), s.encode())
		}
		s.bases = make([]configs.Config, len(s.Scenarios))
		for i := range s.Runs {
			if a := s.at(i); s.index(a) != i || s.seedOf(a) < 0 {
				t.Fatalf("run %d is %+v, which is run %d", i, a, s.index(a))
			}
			s.Describe(i)
		}
		if _, err := s.config(sweepAt{}); err == nil && len(s.Design.Axes) > 0 {
			t.Fatal("an empty scenario takes a value")
		}
		s.points()
		s.gaps(SweepStatus{Missing: []int{0}})
	})
}

// FuzzRunFile: rows of a run are taken only from a file that is whole, and their means are made of them or
// refused; a file with the right checksum is no less hostile.
func FuzzRunFile(f *testing.F) {
	key := strings.Repeat("0a", 32)
	good, err := encodeRun(key, []tables.Outcome{{Place: "p", Scenario: "b", Run: 1, Quarter: 1, Group: "all", Measure: "harm", Unit: "per 1,000", Value: 1}, {Place: "p", Scenario: "b", Run: 1, Quarter: 2, Group: "a,\"b", Measure: "x", Unit: "u", Value: math.SmallestNonzeroFloat64}}, runRecord{1, 2, 3})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(good[:len(good)-3])
	f.Add([]byte("1,all,harm,u,1\n-1,all,harm,u,2\n"))
	f.Add([]byte("2147483647,all,harm,u,1e308\n2147483647,all,harm,u,1e308\n"))
	f.Add([]byte("x,\"all\n"))
	s := plain()
	table := bufio.NewWriter(io.Discard)
	f.Fuzz(func(t *testing.T, data []byte) {
		rows, _, err := decodeRun(data, key)
		if err == nil {
			_ = s.means(table, sweepAt{}, rows)
		} else if !errors.Is(err, results.ErrDamaged) {
			t.Fatal(err)
		}
		_ = s.means(table, sweepAt{}, data) // as if the checksum were right
	})
}

// FuzzDraws: a posterior of any text is refused as wrong input, or gives as many values for each parameter.
func FuzzDraws(f *testing.F) {
	for _, text := range []string{"", "\ufeffchoice.minutes\r\n0.1\r\n0.2\r\n", "choice.minutes,choice.wait,distance\n0.1,0.2,3\n0.1,0.2,3\n", "choice.minutes,choice.minutes\n1,2\n", "weight,choice.minutes\n1,1\n",
		"choice.minutes\n\"a\n", "no.such\n1\n", "choice.minutes\nNaN\n1e999\n \n"} {
		f.Add(text, int16(0))
		f.Add(text, int16(2))
	}
	f.Fuzz(func(t *testing.T, text string, most int16) {
		axes, err := parseDraws(strings.NewReader(text), "x.csv", int(most))
		if err != nil {
			if !errors.Is(err, configs.ErrInput) {
				t.Fatalf("%v is no wrong input", err)
			}
			return
		}
		for _, a := range axes {
			if len(a.Values) != len(axes[0].Values) || len(a.Values) == 0 || most > 0 && len(a.Values) != int(most) {
				t.Fatalf("%d values of %s, %d of %s", len(a.Values), a.Name, len(axes[0].Values), axes[0].Name)
			}
		}
		d, err := newDesign(List, axes, 0, 1)
		if err != nil {
			if !errors.Is(err, configs.ErrInput) {
				t.Fatalf("%v is no wrong input", err)
			}
			return
		}
		if err := d.Check(); err != nil {
			t.Fatal(err)
		}
	})
}

// FuzzSwept: a table of a sweep is refused, or every output that it lists has a value a row.
func FuzzSwept(f *testing.F) {
	head := strings.Join(sweptColumns, ",") + "\n"
	for _, text := range []string{"", head, head + "Town,a,1,1,1,all,harm,u,all,1\nTown,b,2,1,1,all,harm,u,all,\n", head + "Town,a,3,1,1,all,harm,u,all,1\n",
		head + "Town,a,1,-9223372036854775808,1,all,harm,u,all,Inf\n", head + "\"Town\n"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ReadSwept(strings.NewReader(text), 2)
		if err != nil {
			return
		}
		for _, k := range s.Outputs(s.Measures(), s.Groups(), s.Years()) {
			if n := len(s.Values(k, k.Scenario)); n != s.rows {
				t.Fatalf("%d values of %+v, want %d", n, k, s.rows)
			}
		}
	})
}
