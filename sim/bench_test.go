//go:build unix

package sim_test

import (
	"fmt"
	"runtime"
	"syscall"
	"testing"
	"time"

	"coexist/configs"
	"coexist/sim"
	"coexist/sim/place"
	"coexist/sim/place/england"
)

// cpuNanoseconds is the processor time of this process.
func cpuNanoseconds() int64 {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return u.Utime.Nano() + u.Stime.Nano()
}

// cut reads a place of England.
func cut(b *testing.B, name string) *place.Place {
	b.Helper()
	e, err := place.Read(england.FS())
	if err != nil {
		b.Fatal(err)
	}
	p, err := e.Cut(name)
	if err != nil {
		b.Fatal(err)
	}
	return p
}

// world builds a world of so many of the people of a place.
func world(b *testing.B, p *place.Place, people float64, workers int) *sim.Model {
	b.Helper()
	residents := 0
	for i := range p.Areas {
		residents += int(p.Areas[i].Residents)
	}
	m, err := sim.New(sim.Settings{Place: p, Config: configs.Default(), Seed: 1, Sample: min(people/float64(residents), 1), Workers: workers})
	if err != nil {
		b.Fatal(err)
	}
	return m
}

// warm is a world after its warm-up.
func warm(b *testing.B, p *place.Place, people float64, workers int) *sim.Model {
	b.Helper()
	m := world(b, p, people, workers)
	if err := m.WarmUp(); err != nil {
		b.Fatal(err)
	}
	return m
}

// step steps a world by a week.
func step(b *testing.B, m *sim.Model) {
	if err := m.Step(); err != nil {
		b.Fatal(err)
	}
	m.Take()
}

// BenchmarkWeek steps the status quo after its warm-up on one core. It reports processor time for
// each patient event, and bytes of state for each person.
func BenchmarkWeek(b *testing.B) {
	for _, people := range []int{10_000, 100_000, 1_000_000, 10_000_000} {
		b.Run(fmt.Sprintf("people=%d", people), func(b *testing.B) {
			name := "Greater Manchester"
			if people > 2_000_000 {
				if testing.Short() {
					b.Skip("long")
				}
				name = "England"
			}
			p := cut(b, name)
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			m := warm(b, p, float64(people), 1)
			runtime.GC()
			runtime.ReadMemStats(&after)
			events, cpu := m.Events(), cpuNanoseconds()
			b.ResetTimer()
			for b.Loop() {
				step(b, m)
			}
			b.StopTimer()
			n := float64(m.Events() - events)
			b.ReportMetric(float64(cpuNanoseconds()-cpu)/n, "cpu-ns/event")
			b.ReportMetric(n/float64(b.N)/float64(m.Alive())*52, "events/person-year")
			b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(m.Start()), "bytes/person")
		})
	}
}

// BenchmarkFixed steps 30,000 people of all England, so few that what a week costs is the work that does
// not grow with people: practices, hospitals, contracts, settling, measures.
func BenchmarkFixed(b *testing.B) {
	m := warm(b, cut(b, "England"), 3e4, 1)
	cpu := cpuNanoseconds()
	b.ResetTimer()
	for b.Loop() {
		step(b, m)
	}
	b.StopTimer()
	b.ReportMetric(float64(cpuNanoseconds()-cpu)/1e6/float64(b.N), "cpu-ms/week")
}

// BenchmarkWorkers steps 1,000,000 people by turns with one worker and with two, a year each, and reports
// how many times as fast two are. An operation is a week of each.
func BenchmarkWorkers(b *testing.B) {
	m := warm(b, cut(b, "Greater Manchester"), 1e6, 2)
	var took [2]time.Duration
	b.ResetTimer()
	for k := range 2 * b.N {
		workers := 1 + k/52%2
		m.SetWorkers(workers)
		start := time.Now()
		step(b, m)
		took[workers-1] += time.Since(start)
	}
	b.StopTimer()
	b.ReportMetric(took[0].Seconds()/took[1].Seconds(), "times-as-fast")
}

// BenchmarkEngland builds every resident of England and steps them week by week on all cores:
//
//	go test ./sim -run '^$' -bench England -benchtime 20x -timeout 30m
//
// It needs about 5 GB and is left out of short runs.
func BenchmarkEngland(b *testing.B) {
	if testing.Short() {
		b.Skip("56 million people")
	}
	m := world(b, cut(b, "England"), 56489608, runtime.NumCPU())
	events, cpu := m.Events(), cpuNanoseconds()
	b.ResetTimer()
	for range b.N {
		step(b, m)
	}
	b.StopTimer()
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	b.ReportMetric(float64(cpuNanoseconds()-cpu)/float64(m.Events()-events), "cpu-ns/event")
	b.ReportMetric(float64(u.Maxrss)*1024/float64(m.Start()), "peak-bytes/person")
	b.ReportMetric(float64(m.Start()), "people")
}
