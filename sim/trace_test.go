package sim

import (
	"strings"
	"testing"
)

// TestFirstDifference: one value of one agent, whoever it is, is found and named; without one there is none.
func TestFirstDifference(t *testing.T) {
	m := warm(t, village, 1)
	for name, c := range map[string]struct {
		change func(b *Model)
		agent  string
		field  string
	}{
		"nothing":             {func(*Model) {}, "", ""},
		"a person":            {func(b *Model) { b.parts[0].people[7].Frailty++ }, "person ", "Frailty"},
		"an event":            {func(b *Model) { b.parts[0].due[7]++ }, "person ", "week of the next event"},
		"a practice":          {func(b *Model) { b.practices[1].Capacity *= 2 }, "practice " + m.place.Practices[1].Code, "Capacity"},
		"a site":              {func(b *Model) { b.sites[0].Beds++ }, m.place.Hospitals[0].Name, "Beds"},
		"a service":           {func(b *Model) { b.services[0].Clinic++ }, "service at " + m.place.Hospitals[0].Name, "Clinic"},
		"a provider":          {func(b *Model) { b.providers[0].Reserves++ }, m.names[m.providers[0].Name], "Reserves"},
		"a payer":             {func(b *Model) { b.buyers[0].Spent++ }, "payer of " + m.place.Districts[0].Name, "Spent"},
		"one who is followed": {func(b *Model) { b.parts[0].tracks[0].chosen++ }, "what is noted of person ", "chosen"},
		"the ledger":          {func(b *Model) { b.ledger.Totals[3]++ }, "world", "ledger.Totals[3]"},
		"a specialist less":   {func(b *Model) { b.specialists = b.specialists[1:] }, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			a, b := branch(t, m, m.cfg), branch(t, m, m.cfg)
			c.change(b)
			d, ok := FirstDifference(a, b, false)
			same, err := SameState(a, b)
			if err != nil || same == ok {
				t.Fatalf("same = %v, difference %v, %v", same, ok, err)
			}
			switch {
			case name == "a specialist less":
				if !strings.HasPrefix(d.Agent, "specialist") {
					t.Errorf("%+v", d)
				}
			case ok != (c.field != "") || !strings.Contains(d.Agent, c.agent) || d.Field != c.field || ok && d.A == d.B:
				t.Errorf("%+v, want %s of %s", d, c.field, c.agent)
			}
		})
	}
}

// TestStages: a watched step is the same step, and its stages come in order.
func TestStages(t *testing.T) {
	m := warm(t, village, 1)
	a, b := branch(t, m, m.cfg), branch(t, m, m.cfg)
	stages := []string{"publish", "live and choose", "treat", "settle", "quarter", "year"}
	for week := 1; week <= 52; week++ {
		var seen []string
		if err := a.StepWatched(func(stage string) { seen = append(seen, stage) }); err != nil {
			t.Fatal(err)
		}
		steps(t, b, 1)
		n := 4
		if week%13 == 0 {
			n = 5
		}
		if week%52 == 0 {
			n = 6
		}
		if strings.Join(seen, ",") != strings.Join(stages[:n], ",") {
			t.Fatalf("week %d has stages %v", week, seen)
		}
	}
	a.Take()
	b.Take()
	if same, err := SameState(a, b); err != nil || !same {
		t.Errorf("watching changes the run (%v)", err)
	}
}
