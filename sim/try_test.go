package sim_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"coexist/configs"
	"coexist/sim"
	"coexist/sim/place"
	"coexist/sim/place/england"
)

func TestTry(t *testing.T) {
	e, err := place.Read(england.FS())
	if err != nil {
		t.Fatal(err)
	}
	p, err := e.Cut("Devon")
	if err != nil {
		t.Fatal(err)
	}
	c, err := configs.Read("status-quo", configs.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t0 := time.Now()
	m, err := sim.New(sim.Settings{Place: p, Config: c, Seed: 1, Sample: .1, Workers: 1, Tracked: 1000})
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println("new", time.Since(t0), m.Alive())
	t0 = time.Now()
	for range 155 {
		if m.Step(); m.Week()%26 == 0 {
			m.Diag()
		}
	}
	if err := m.WarmUp(); err != nil {
		t.Fatal(err)
	}
	d := time.Since(t0)
	fmt.Println("warm", d, m.Events(), float64(d.Nanoseconds())/float64(m.Events()), m.Alive(), float64(m.Events())/float64(m.Alive())/3)
	names := []string{"status-quo"}
	if s := os.Getenv("SCEN"); s != "" {
		names = []string{s}
	}
	for _, n := range names {
		c, err := configs.Read(n, configs.Options{})
		if err != nil {
			t.Fatal(err)
		}
		b, err := m.Branch(c)
		if err != nil {
			t.Fatal(err)
		}
		e0 := b.Events()
		t0 = time.Now()
		for i := range 52 * 3 {
			if i%26 == 0 {
				b.Diag()
			}
			if err := b.Step(); err != nil {
				t.Fatal(err)
			}
		}
		d := time.Since(t0)
		fmt.Println(n, d, float64(d.Nanoseconds())/float64(b.Events()-e0), b.Alive())
		for _, o := range b.Take().Outcomes {
			if o.Group == "all" && (o.Quarter == 4 || o.Quarter == 12) {
				fmt.Printf("%d %-30s %10.4f %s\n", o.Quarter, o.Measure, o.Value, o.Unit)
			}
		}
	}
}
