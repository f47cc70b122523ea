package sim

import (
	"fmt"
	"strings"
	"testing"

	"coexist/configs"
)

// lives lets a world live and checks it: no panic, nobody lost, no number without a meaning.
func lives(t *testing.T, what string, s Settings, years int, scenarios ...string) {
	t.Helper()
	defer func() {
		if r := recover(); r != nil {
			t.Errorf("%s: panic: %v", what, r)
		}
	}()
	m, err := New(s)
	if err != nil {
		t.Errorf("%s: %v", what, err)
		return
	}
	if err := m.WarmUp(); err != nil {
		t.Errorf("%s: %v", what, err)
		return
	}
	for _, name := range scenarios {
		c := scenario(t, name)
		own := s.Config.Clone()
		own.Regime, own.Contracts, own.Name = c.Regime, c.Contracts, c.Name
		b, err := m.Branch(own)
		if err != nil {
			t.Errorf("%s, %s: %v", what, name, err)
			continue
		}
		for range 52 * years {
			if err := b.Step(); err != nil {
				t.Errorf("%s, %s: %v", what, name, err)
				return
			}
		}
		for _, o := range b.Take().Outcomes {
			if o.Value-o.Value != 0 {
				t.Errorf("%s, %s: %s of %s in quarter %d is %v", what, name, o.Measure, o.Group, o.Quarter, o.Value)
				return
			}
		}
	}
}

var varied = []string{"status-quo", "competing-systems", "airline", "single-system-torbay", "gp-consortia", "open-entry", "medical-group-insurer"}

// TestThinSamples: samples so small that practices, districts and queues are empty.
func TestThinSamples(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		place  string
		sample float64
	}{
		{devon, .0001}, // one person a practice
		{devon, .00002},
		{village, .005},
		{"synthetic:residents=1000,practices=1,hospitals=1,districts=1", .002}, // two people
		{"synthetic:residents=1000,practices=2,hospitals=1,districts=1", 1},
		{"Plymouth", .001},
		{"Isles of Scilly", 1},
	} {
		s := world1(t, row.place, row.sample)
		lives(t, fmt.Sprintf("%s at %g", row.place, row.sample), s, 2, varied...)
	}
}

// TestSmallPlaces: one practice, one hospital, no A&E, no specialty.
func TestSmallPlaces(t *testing.T) {
	t.Parallel()
	s := world1(t, "synthetic:residents=2000,practices=1,hospitals=1,districts=1", 1)
	lives(t, "one of each", s, 2, varied...)

	p := *s.Place
	p.Hospitals = append(p.Hospitals[:0:0], p.Hospitals...)
	for i := range p.Hospitals {
		p.Hospitals[i].HasAE = false
	}
	s.Place = &p
	lives(t, "no emergency department", s, 2, varied...)
	m := begin(t, s)
	steps(t, m, 52)
	for i := range m.sites {
		if m.sites[i].Visits != 0 {
			t.Errorf("%d visits to an emergency department that is not there", m.sites[i].Visits)
		}
	}

	for i := range p.Hospitals {
		p.Hospitals[i].Lines = 1
	}
	lives(t, "one specialty", s, 2, varied...)
	for i := range p.Hospitals {
		p.Hospitals[i].Beds = 0
	}
	lives(t, "no beds", s, 2, varied...)
}

// TestEndsOfRanges: parameters at the ends of their legal ranges break nothing.
func TestEndsOfRanges(t *testing.T) {
	t.Parallel()
	var keys []string
	for _, p := range configs.Parameters() {
		if len(p.Range) == 2 && !strings.HasPrefix(p.Key, "time.") && !strings.HasPrefix(p.Key, "measures.") && !strings.HasPrefix(p.Key, "people.") {
			keys = append(keys, p.Key)
		}
	}
	if len(keys) < 100 {
		t.Fatalf("%d numeric parameters", len(keys))
	}
	tried := 0
	for k, key := range keys {
		p, _ := configs.Explain(key)
		for end, v := range p.Range {
			if (k+2*end)%3 != 0 || testing.Short() && k%4 != 0 { // a third of the ends: all take half a minute
				continue
			}
			value := fmt.Sprintf("%s=%v", key, v)
			if p.Type == "integer" {
				value = fmt.Sprintf("%s=%d", key, int64(v))
			}
			c, err := configs.Read("status-quo", configs.Options{Set: []string{value}})
			if err != nil {
				continue // not legal with the rest
			}
			s := world1(t, "synthetic:residents=1500,practices=2,hospitals=2,districts=1", 1)
			s.Config = c
			s.Workers = 1
			lives(t, value, s, 1, varied[k%len(varied)])
			tried++
		}
	}
	if tried < len(keys)/10 {
		t.Errorf("%d values of %d parameters tried, want many", tried, len(keys))
	}
}

// TestSettings: what cannot be a world is an error with what and what is wanted.
func TestSettings(t *testing.T) {
	good := world1(t, village, 1)
	for want, spoil := range map[string]func(*Settings){
		"sample = 0, want":   func(s *Settings) { s.Sample = 0 },
		"sample = 1.5, want": func(s *Settings) { s.Sample = 1.5 },
		"seed = -1, want":    func(s *Settings) { s.Seed = -1 },
		" 0 practices":       func(s *Settings) { p := *s.Place; p.Practices = nil; s.Place = &p },
		" 0 hospitals":       func(s *Settings) { p := *s.Place; p.Hospitals = nil; s.Place = &p },
		"has nobody in it":   func(s *Settings) { s.Sample = 1e-9 },
	} {
		s := good
		spoil(&s)
		if _, err := New(s); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	m := begin(t, good)
	if _, err := m.Branch(good.Config); err == nil {
		t.Errorf("a branch is cut off in the warm-up")
	}
}
