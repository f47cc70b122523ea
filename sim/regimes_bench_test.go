//go:build unix

package sim_test

import (
	"testing"

	"coexist/configs"
	"coexist/sim"
	"coexist/sim/place"
	"coexist/sim/place/england"
)

// BenchmarkRegimes steps every built-in scenario for five years from one warm-up, in turn and in one
// process, and reports the processor time for each patient event against that of the status quo:
//
//	go test ./sim -run '^$' -bench Regimes -benchtime 1x
func BenchmarkRegimes(b *testing.B) {
	e, err := place.Read(england.FS())
	if err != nil {
		b.Fatal(err)
	}
	p, err := e.Resolve("Devon")
	if err != nil {
		b.Fatal(err)
	}
	m, err := sim.New(sim.Settings{Place: p, Config: configs.Default(), Seed: 1, Sample: .05, Workers: 1})
	if err != nil {
		b.Fatal(err)
	}
	if err := m.WarmUp(); err != nil {
		b.Fatal(err)
	}
	perEvent := func(name string) float64 {
		c, err := configs.Read(name, configs.Options{})
		if err != nil {
			b.Fatal(err)
		}
		best := 0.0
		for range 2 { // the better of two: a machine may be busy
			r, err := m.Branch(c)
			if err != nil {
				b.Fatal(err)
			}
			events, cpu := r.Events(), cpuNanoseconds()
			for range 5 * 52 {
				if err := r.Step(); err != nil {
					b.Fatal(err)
				}
			}
			r.Take()
			if x := float64(cpuNanoseconds()-cpu) / float64(r.Events()-events); best == 0 || x < best {
				best = x
			}
		}
		return best
	}
	quo := perEvent("status-quo")
	for _, s := range configs.Builtin() {
		b.Run(s.Name, func(b *testing.B) {
			for range b.N {
				x := perEvent(s.Name)
				b.ReportMetric(x, "cpu-ns/event")
				b.ReportMetric(x/quo, "of-status-quo")
			}
		})
	}
}
