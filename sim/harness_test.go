package sim

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"sync"
	"testing"

	"coexist/configs"
	"coexist/sim/place"
	"coexist/sim/place/england"
	"coexist/sim/tables"
)

// Small places. A synthetic one costs little beside its people; Devon has the real map.
const (
	village = "synthetic:residents=4000,practices=5,hospitals=3,districts=2"
	county  = "synthetic:residents=20000,practices=12,hospitals=4,districts=2"
	devon   = "Devon"
)

var readEngland = sync.OnceValues(func() (*place.England, error) { return place.Read(england.FS()) })

var places sync.Map

// region is a place by name, cut once.
func region(t testing.TB, name string) *place.Place {
	t.Helper()
	if p, ok := places.Load(name); ok {
		return p.(*place.Place)
	}
	e, err := readEngland()
	if err != nil {
		t.Fatal(err)
	}
	p, err := e.Resolve(name)
	if err != nil {
		t.Fatal(err)
	}
	places.Store(name, p)
	return p
}

// change alters a scenario.
type change = func(*configs.Config)

// scenario reads a built-in scenario and changes it.
func scenario(t testing.TB, name string, changes ...change) configs.Config {
	t.Helper()
	c, err := configs.Read(name, configs.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range changes {
		f(&c)
	}
	return c
}

// scenarioNames are those of all built-in scenarios.
func scenarioNames() (names []string) {
	for _, s := range configs.Builtin() {
		names = append(names, s.Name)
	}
	return names
}

// world1 are settings of a small world with a small panel.
func world1(t testing.TB, placeName string, sample float64, changes ...change) Settings {
	return Settings{Place: region(t, placeName), Config: scenario(t, "status-quo", changes...), Seed: 1, Sample: sample, Workers: 2, Tracked: 50}
}

// begin makes a world at the start of its warm-up.
func begin(t testing.TB, s Settings) *Model {
	t.Helper()
	m, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

var warmed sync.Map

// warm is a world at the end of the warm-up under parameters as they are: made once, to be branched
// from and not stepped.
func warm(t testing.TB, placeName string, sample float64) *Model {
	t.Helper()
	key := fmt.Sprint(placeName, sample)
	if m, ok := warmed.Load(key); ok {
		return m.(*Model)
	}
	m := begin(t, world1(t, placeName, sample))
	if err := m.WarmUp(); err != nil {
		t.Fatal(err)
	}
	warmed.Store(key, m)
	return m
}

// warmWith is a world at the end of a warm-up under changed parameters.
func warmWith(t testing.TB, placeName string, sample float64, changes ...change) *Model {
	t.Helper()
	m := begin(t, world1(t, placeName, sample, changes...))
	if err := m.WarmUp(); err != nil {
		t.Fatal(err)
	}
	return m
}

// branch goes on from m under another scenario.
func branch(t testing.TB, m *Model, c configs.Config) *Model {
	t.Helper()
	b, err := m.Branch(c)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// steps lets weeks pass.
func steps(t testing.TB, m *Model, weeks int) {
	t.Helper()
	for range weeks {
		if err := m.Step(); err != nil {
			t.Fatal(err)
		}
	}
}

// digest is a short hash of rows, every number to the last bit.
func digest(b tables.Batch) string {
	h := sha256.New()
	fmt.Fprintf(h, "%v", b)
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// snapshot is the state as bytes.
func snapshot(t testing.TB, m *Model) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := m.Snapshot(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// mean is the mean of a measure for a group over the quarters after one.
func mean(b tables.Batch, group, measure string, after int32) float64 {
	sum, n := 0.0, 0.0
	for _, o := range b.Outcomes {
		if o.Group == group && o.Measure == measure && o.Quarter > after {
			sum += o.Value
			n++
		}
	}
	if n == 0 {
		return math.NaN()
	}
	return sum / n
}

// near reports a value that is not within a distance of what is wanted.
func near(t testing.TB, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s = %.5g, want %.5g within %.3g", what, got, want, within)
	} else {
		t.Logf("%s = %.5g, want %.5g within %.3g", what, got, want, within)
	}
}
