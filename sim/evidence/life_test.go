package evidence

import (
	"math"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"

	"coexist/configs"
	"coexist/sim"
	"coexist/sim/place"
)

// TestLifeChecks: with one hazard at all ages life expectancy is its inverse, its standard error that of the
// number of deaths, and a check is met, missed or open as its interval says.
func TestLifeChecks(t *testing.T) {
	const hazard = .05
	made := func(scale, people float64) *Run {
		s := &sim.State{}
		past := &sim.Past{}
		for age := range 101 {
			s.Alive[0][age], s.Alive[1][age] = people, people
			past.Deaths[0][age], past.Deaths[1][age] = scale*hazard*people, scale*hazard*people
		}
		r := &Run{Place: &place.Place{Name: "flat"}, Past: []*sim.Past{past}, State: []*sim.State{s}, Reference: Reference{Begin: s, State: s}}
		for sex := range 2 {
			for age := range 101 {
				r.Place.Health.Death[sex][age] = 1 - math.Exp(-hazard)
			}
		}
		return r
	}
	for _, c := range []struct {
		name          string
		scale, people float64
		want          Status
	}{
		{"as the table, many", 1, 1e7, Met},
		{"as the table, few", 1, 1e3, Open},
		{"a twentieth more, many", 1.05, 1e7, Missed},
		{"twice as many, few", 2, 1e3, Missed},
	} {
		got := lifeChecks([]*Run{made(c.scale, c.people)})
		for _, x := range got {
			if x.Status != c.want {
				t.Errorf("%s: %s is %s, want %s: %+v", c.name, x.Name, x.Status, c.want, x)
			}
		}
		if want := 1 / (c.scale * hazard); math.Abs(got[0].Simulated.Value-want) > .02*want {
			t.Errorf("%s: %v years, want about %v", c.name, got[0].Simulated.Value, want)
		}
	}
	// The error falls with the root of the people.
	_, few, _ := lifeWithError([]*Run{made(1, 1e4)}, 0)
	_, many, _ := lifeWithError([]*Run{made(1, 4e4)}, 0)
	if math.Abs(few/many-2) > 1e-6 || few == 0 {
		t.Errorf("standard errors %v and %v of four times as many, want twice and once", few, many)
	}
	// A constant hazard has the variance of 1/m: e0^2 / deaths, deaths weighted with those who live to them.
	if se := few; se < .5*20/math.Sqrt(.05*1e4*100) || se > 10*20/math.Sqrt(.05*1e4*20) {
		t.Errorf("standard error %v years is of another order than 1/hazard over the root of deaths", se)
	}
}

// TestMisses: an explanation is of a row that is measured, and stands on the page of a report that misses it.
func TestMisses(t *testing.T) {
	for id := range misses {
		if s, ok := specs[id]; !ok || !s.represented() {
			t.Errorf("%s: explained and not measured", id)
		}
	}
	row := func(id string, status Status) Row {
		target, _ := targetByID(id)
		return Row{ID: id, Use: target.Use, Target: target, Status: status, Simulated: known(1)}
	}
	rep := Report{Rows: []Row{row("A15", Missed), row("C35", Met), row("E22", Missed)}}
	var b strings.Builder
	if err := rep.WritePage(&b, "coexist validate", "tiny"); err != nil {
		t.Fatal(err)
	}
	text := b.String()[strings.Index(b.String(), "## Why rows"):]
	for want, in := range map[string]bool{misses["A15"]: true, misses["C35"]: false, "no explanation is known": true} {
		if strings.Contains(text, want) != in {
			t.Errorf("%q on the page: %v, want %v", want, !in, in)
		}
	}
}

// TestRecalled: a number that nobody has read in its source is marked on the page, others are not.
func TestRecalled(t *testing.T) {
	for id, want := range map[string]bool{"F15": true, "E81": true, "A15": false, "A37": false} {
		target, ok := targetByID(id)
		row := Row{ID: id, Use: target.Use, Target: target, Published: known(7), Status: Met, Simulated: known(1)}
		row.Simulated.Known = id != "E81"
		var b strings.Builder
		if err := (Report{Rows: []Row{row}}).WritePage(&b, "coexist validate", "tiny"); err != nil || !ok {
			t.Fatal(id, ok, err)
		}
		if got := strings.Contains(b.String(), " | 7 (recalled) | "); got != want {
			t.Errorf("%s is marked as recalled: %v, want %v", id, got, want)
		}
	}
}

// TestDefaults: the defaults that are marked as calibrated are those of fitted.toml, which calibrate wrote,
// each of them and no other.
func TestDefaults(t *testing.T) {
	var fitted map[string]any
	if _, err := toml.DecodeFile("fitted.toml", &fitted); err != nil {
		t.Fatal(err)
	}
	for _, p := range configs.Parameters() {
		group, leaf, _ := strings.Cut(p.Key, ".")
		section, _ := fitted[group].(map[string]any)
		v, ok := section[leaf]
		if calibrated := strings.HasPrefix(p.Source, "calibrated:"); ok != calibrated || calibrated && v != p.Default {
			t.Errorf("%s: default %v, marked as calibrated %v; in fitted.toml %v (%v)", p.Key, p.Default, calibrated, v, ok)
		}
	}
}

// TestClaims: spending is activity at reference prices a head, and nothing else.
func TestClaims(t *testing.T) {
	c := configs.Default()
	p := c.Payment
	of := func(emergencies float64) *Run {
		past := &sim.Past{}
		past.Band[1] = sim.Activity{PersonYears: 10, GPContacts: 50, Firsts: 2, FollowUps: 1, OtherEmergencies: emergencies, NurseContacts: 7,
			DayCases: 4, Inpatients: 3, OtherAdmissions: 5, AEVisits: 6}
		return &Run{Scenario: c, Past: []*sim.Past{past}}
	}
	base, r := of(2), of(1)
	r.peers = map[string]*Run{quo: base}
	rest := 50*p.GPContact + 7*p.NurseContact + 3*p.FirstAttendance + 4*p.DayCase + 3*p.Inpatient + 5*p.OtherAdmission + 6*p.AEVisit
	if got, want := base.claims(1), (rest+2*p.Emergency)/10; math.Abs(got-want) > 1e-9 {
		t.Errorf("claims = %v GBP a head, want %v", got, want)
	}
	got, ok := spending(1)(r)
	if want := 100 * ((rest+p.Emergency)/(rest+2*p.Emergency) - 1); !ok || math.Abs(got-want) > 1e-9 {
		t.Errorf("spending = %v %%, want %v", got, want)
	}
}
