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

// BenchmarkWeek steps the status quo after its warm-up on one core. It reports processor time for
// each patient event, and bytes of state for each person.
func BenchmarkWeek(b *testing.B) {
	for _, people := range []int{10_000, 100_000, 1_000_000, 10_000_000} {
		b.Run(fmt.Sprintf("people=%d", people), func(b *testing.B) {
			e, err := place.Read(england.FS())
			if err != nil {
				b.Fatal(err)
			}
			name, residents := "Greater Manchester", 2867771
			if people > residents {
				if testing.Short() {
					b.Skip("long")
				}
				name, residents = "England", 56489608
			}
			p, err := e.Cut(name)
			if err != nil {
				b.Fatal(err)
			}
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			m, err := sim.New(sim.Settings{Place: p, Config: configs.Default(), Seed: 1, Sample: float64(people) / float64(residents), Workers: 1})
			if err != nil {
				b.Fatal(err)
			}
			if err := m.WarmUp(); err != nil {
				b.Fatal(err)
			}
			runtime.GC()
			runtime.ReadMemStats(&after)
			events, cpu := m.Events(), cpuNanoseconds()
			b.ResetTimer()
			for b.Loop() {
				if err := m.Step(); err != nil {
					b.Fatal(err)
				}
				m.Take()
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
	e, err := place.Read(england.FS())
	if err != nil {
		b.Fatal(err)
	}
	p, err := e.Cut("England")
	if err != nil {
		b.Fatal(err)
	}
	m, err := sim.New(sim.Settings{Place: p, Config: configs.Default(), Seed: 1, Sample: 3e4 / 56489608, Workers: 1})
	if err != nil {
		b.Fatal(err)
	}
	if err := m.WarmUp(); err != nil {
		b.Fatal(err)
	}
	cpu := cpuNanoseconds()
	b.ResetTimer()
	for b.Loop() {
		if err := m.Step(); err != nil {
			b.Fatal(err)
		}
		m.Take()
	}
	b.StopTimer()
	b.ReportMetric(float64(cpuNanoseconds()-cpu)/1e6/float64(b.N), "cpu-ms/week")
}

// BenchmarkWorkers steps 1,000,000 people by turns with one worker and with two, a year each, and reports
// how many times as fast two are. An operation is a week of each.
func BenchmarkWorkers(b *testing.B) {
	e, err := place.Read(england.FS())
	if err != nil {
		b.Fatal(err)
	}
	p, err := e.Cut("Greater Manchester")
	if err != nil {
		b.Fatal(err)
	}
	m, err := sim.New(sim.Settings{Place: p, Config: configs.Default(), Seed: 1, Sample: 1e6 / 2867771, Workers: 2})
	if err != nil {
		b.Fatal(err)
	}
	if err := m.WarmUp(); err != nil {
		b.Fatal(err)
	}
	var took [2]time.Duration
	b.ResetTimer()
	for k := range 2 * b.N {
		workers := 1 + k/52%2
		m.SetWorkers(workers)
		start := time.Now()
		if err := m.Step(); err != nil {
			b.Fatal(err)
		}
		took[workers-1] += time.Since(start)
		m.Take()
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
	e, err := place.Read(england.FS())
	if err != nil {
		b.Fatal(err)
	}
	p, err := e.Cut("England")
	if err != nil {
		b.Fatal(err)
	}
	m, err := sim.New(sim.Settings{Place: p, Config: configs.Default(), Seed: 1, Sample: 1, Workers: runtime.NumCPU()})
	if err != nil {
		b.Fatal(err)
	}
	events, cpu := m.Events(), cpuNanoseconds()
	b.ResetTimer()
	for range b.N {
		if err := m.Step(); err != nil {
			b.Fatal(err)
		}
	}
	b.StopTimer()
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	b.ReportMetric(float64(cpuNanoseconds()-cpu)/float64(m.Events()-events), "cpu-ns/event")
	b.ReportMetric(float64(u.Maxrss)*1024/float64(m.Start()), "peak-bytes/person")
	b.ReportMetric(float64(m.Start()), "people")
}
