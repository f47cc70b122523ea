package experiment

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"coexist/sim/results"
	"coexist/sim/tables"
)

// BenchmarkSweepOf10000 is what planning, status and merging take for a sweep of 10,000 runs of a year, in
// seconds of processor time and by the clock, the whole work on files included. The runs are not simulated:
// their files hold rows like those of a toy world.
func BenchmarkSweepOf10000(b *testing.B) {
	const runs = 10_000
	for b.Loop() {
		dir := filepath.Join(b.TempDir(), "sweep")
		text := strings.NewReplacer("runs = 2\n", "runs = 1\n", "years = 4\n", "years = 1\n", `, "synthetic:residents=1500,practices=2,hospitals=1,seed=2"`, "",
			`kind = "list"`, "kind = \"lhs\"\nsize = 5000", "values = [2, 3, 5]", "range = [1, 40]", "values = [0.1, 0.1, 0.15]", "range = [0.05, 0.15]").Replace(toyText)
		var s *Sweep
		timed(b, "plan", func() {
			s, _ = sweepOf(b, text, 100)
			if _, err := s.Save(dir); err != nil {
				b.Fatal(err)
			}
		})
		if len(s.Runs) != runs {
			b.Fatalf("%d runs, want %d", len(s.Runs), runs)
		}
		for i := range s.Runs {
			var rows []tables.Outcome
			for q := range int32(4) {
				for k, m := range s.Measures {
					rows = append(rows, tables.Outcome{Place: "toy", Scenario: "toy", Run: 1, Seed: 1, Quarter: q + 1, Group: "all", Measure: m, Unit: "unit", Value: float64(i) + float64(k)/10})
				}
			}
			data, err := encodeRun(s.Runs[i].Key, rows, runRecord{patients: 150, events: 1400, warmUp: 4200})
			if err != nil {
				b.Fatal(err)
			}
			path := runPath(dir, s.Runs[i].Key) // not by publish: that waits for the disk each time
			if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
				b.Fatal(err)
			}
			if err := os.WriteFile(path, data, 0o666); err != nil {
				b.Fatal(err)
			}
		}
		timed(b, "status", func() {
			read, err := ReadSweep(dir)
			if err != nil {
				b.Fatal(err)
			}
			if st := read.Status(dir); st.Done != runs {
				b.Fatalf("%d runs are there, want %d", st.Done, runs)
			}
		})
		timed(b, "merge", func() {
			if st, _, err := s.Merge(dir, ResultDir(dir), false, results.Manifest{}); err != nil || st.Done != runs {
				b.Fatalf("%+v, %v", st.Done, err)
			}
		})
	}
}

// timed reports what a part of a benchmark took, in seconds by the clock and of processor time.
func timed(b *testing.B, name string, do func()) {
	before, _ := processor()
	start := time.Now()
	do()
	after, _ := processor()
	b.ReportMetric(time.Since(start).Seconds(), name+"-s")
	b.ReportMetric((after - before).Seconds(), name+"-cpu-s")
}
