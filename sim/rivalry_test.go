package sim

import (
	"slices"
	"testing"

	"coexist/agents"
	"coexist/configs"
)

// TestRivalryWhereSystemsOverlap: rivalry holds down the links between systems that draw on the same
// people, from the first quarter on; links inside a system and with providers in none go on as they
// were. Where there is one system, or where nobody may leave, it changes nothing at all.
func TestRivalryWhereSystemsOverlap(t *testing.T) {
	rivalry := func(chi float64) change {
		return func(c *configs.Config) { c.Integration.Rivalry, c.Integration.Growth = chi, 1.6 }
	}
	m := warm(t, county, 1)
	calm, fierce := branch(t, m, scenario(t, "arm-open-virtual", rivalry(0))), branch(t, m, scenario(t, "arm-open-virtual", rivalry(.8)))
	steps(t, calm, 13)
	steps(t, fierce, 13)
	lower := 0
	for i := range calm.practices {
		own := calm.practices[i].System
		for k := range calm.providers {
			c, f := calm.links.practice(uint16(i), uint16(k)), fierce.links.practice(uint16(i), uint16(k))
			other := calm.providers[k].System
			switch rivals := other != own && other != agents.None && calm.overlapOf(own, other) > 0; {
			case !rivals && c != f:
				t.Errorf("practice %d with provider %d, no rivals: phi = %v under rivalry, want %v as without", i, k, f, c)
			case rivals && f > c:
				t.Errorf("practice %d with provider %d, rivals: phi = %v under rivalry, want at most %v as without", i, k, f, c)
			case rivals && f < c:
				lower++
			}
		}
	}
	if lower == 0 {
		t.Error("no link between rivals is lower under rivalry after a quarter")
	}
	if calm, fierce := after(t, m, "arm-open-virtual", 4, "phi_mean", rivalry(0)), after(t, m, "arm-open-virtual", 4, "phi_mean", rivalry(.8)); fierce > .97*calm {
		t.Errorf("mean integration in years 3 and 4 = %.4f under rivalry, want less than %.4f by 3 %% or more", fierce, calm)
	}
	for _, alone := range []struct{ place, scenario string }{{"synthetic:residents=8000,practices=3,hospitals=1", "arm-open-virtual"}, {county, "arm-closed-virtual"}} {
		from := warm(t, alone.place, 1)
		calm, fierce := lived(t, from, alone.scenario, 2, rivalry(0)), lived(t, from, alone.scenario, 2, rivalry(.8))
		if !slices.Equal(calm.rows.Outcomes, fierce.rows.Outcomes) {
			t.Errorf("%s in %s: rivalry changed outcomes, want none where no systems compete for the same people", alone.scenario, alone.place)
		}
	}
}

// TestOverlapIsOfThisYear: how far systems draw on the same people is known from the day they form, is
// the same both ways, and ends with a system.
func TestOverlapIsOfThisYear(t *testing.T) {
	b := branch(t, warm(t, county, 1), scenario(t, "arm-open-virtual"))
	n := len(b.systems)
	for a := range n {
		for o := range n {
			x := b.overlapOf(uint16(a), uint16(o))
			if a != o && !(x > 0 && x <= 1) || a == o && x != 0 {
				t.Errorf("overlap of systems %d and %d at the start = %v, want above 0 and at most 1 between two, 0 with itself", a, o, x)
			}
			if back := b.overlapOf(uint16(o), uint16(a)); back != x {
				t.Errorf("overlap of systems %d and %d = %v, and back %v", a, o, x, back)
			}
		}
	}
	for i := range b.parts {
		for k := range b.parts[i].people {
			if p := &b.parts[i].people[k]; p.System == 0 {
				p.System = agents.None
			}
		}
	}
	for k := range b.providers {
		if b.providers[k].System == 0 {
			b.providers[k].System = agents.None
		}
	}
	b.overlaps()
	for o := range n {
		if x := b.overlapOf(0, uint16(o)); x != 0 {
			t.Errorf("overlap of a system that ended with system %d = %v, want 0", o, x)
		}
	}
}
