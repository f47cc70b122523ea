package evidence

import (
	"testing"

	"coexist/configs"
	"coexist/sim"
	"coexist/sim/place"
	"coexist/sim/place/england"
)

// TestSlopeOfTowns: the logit comes to rest on the towns of East Midlands, where some practices are linked to
// others by few choices and a step of full length throws their constants too far.
func TestSlopeOfTowns(t *testing.T) {
	tables, err := place.Read(england.FS())
	if err != nil {
		t.Fatal(err)
	}
	p, err := tables.Resolve("East Midlands")
	if err != nil {
		t.Fatal(err)
	}
	m, err := sim.New(sim.Settings{Place: p, Config: configs.Default(), Seed: 1, Sample: .1, Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	km, ok := slope(2)(&Run{Place: p, Registered: m.Registrations()})
	if !ok || !(km < -.5 && km > -1.5) {
		t.Errorf("slope %v a km (%v), want one near -0.85", km, ok)
	}
}
