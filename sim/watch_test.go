package sim

import "testing"

// watchAll is a small world under a regime of its own, with a watch of everybody.
func watchAll(t *testing.T, name string) (*Model, *Watch) {
	t.Helper()
	m := branch(t, warm(t, village, 1), scenario(t, name))
	var all []uint32
	for _, d := range m.Dots(nil) {
		all = append(all, d.Slot)
	}
	w := m.Watch(all)
	if w.Len() != len(all) || w.Len() == 0 {
		t.Fatalf("%d people are watched, want all %d", w.Len(), len(all))
	}
	return m, w
}

// What a watch of everybody tells is what the model counts.
func TestWatchTellsWhatIsCounted(t *testing.T) {
	for _, name := range []string{"competing-systems", "airline"} {
		m, w := watchAll(t, name)
		var told [StepDied + 1]int
		for range 12 { // counts of a quarter are cleared at its end
			steps, err := w.Step()
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range steps {
				switch s.Kind {
				case StepHandoff, StepLost, StepNurse, StepAE:
					told[s.Kind] += int(s.N)
				default:
					told[s.Kind]++
				}
			}
		}
		n := m.counts.total(&groups[0]).n
		for _, c := range []struct {
			name string
			told int
			want float64
			miss float64 // share that may be missing: newcomers are not watched, who dies tells no more
		}{
			{"GP contacts", told[StepGP], n[gpContacts], .03},
			{"nurse contacts", told[StepNurse], n[nurseContacts], .03},
			{"referrals", told[StepReferred], n[referrals], .03},
			{"first attendances", told[StepFirst], n[firsts], .03},
			{"follow-ups", told[StepFollowUp], n[followUps], .03},
			{"treatments from the list", told[StepTreated], n[dayCases] + n[inpatients], .05},
			{"A&E visits", told[StepAE], n[aeVisits], .05},
			{"emergencies", told[StepEmergency], n[avoidableEmergencies] + n[otherEmergencies], .1},
			{"missed needs", told[StepMissed], n[missed], .1},
			{"handovers", told[StepHandoff] + told[StepLost], n[handoffs], .05},
			{"failed handovers", told[StepLost], n[failures], .08},
			{"onsets", told[StepIll], n[onsets], .05},
			{"deaths", told[StepDied], n[deaths], .1},
		} {
			if got := float64(c.told); c.want < 5 || got > c.want*1.001 || got < c.want*(1-c.miss)-1 {
				t.Errorf("%s: %d %s told, %v counted", name, c.told, c.name, c.want)
			}
		}
	}
}

// A run gives the same rows whether it is watched or not.
func TestWatchChangesNothing(t *testing.T) {
	plain := branch(t, warm(t, village, 1), scenario(t, "competing-systems"))
	_, w := watchAll(t, "competing-systems")
	for range 26 {
		if err := plain.Step(); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Step(); err != nil {
			t.Fatal(err)
		}
	}
	a, b := plain.Take().Outcomes, w.m.Take().Outcomes
	if len(a) == 0 || len(a) != len(b) {
		t.Fatalf("%d rows watched, %d not", len(b), len(a))
	}
	for i := range a {
		if a[i] != b[i] {
			t.Fatalf("row %d is %+v watched, %+v not", i, b[i], a[i])
		}
	}
}

// The views agree with the state.
func TestViews(t *testing.T) {
	m, _ := watchAll(t, "competing-systems")
	dots := m.Dots(nil)
	if int64(len(dots)) != m.Alive() {
		t.Errorf("%d dots, want %d, one for each of the living", len(dots), m.Alive())
	}
	for _, d := range dots[:20] {
		p, ok := m.Person(d.Slot)
		if !ok || p.ID != d.ID || p.System != d.System || p.Practice != d.Practice {
			t.Errorf("at the address of dot %+v lives %+v", d, p)
		}
	}
	if _, ok := m.Person(1 << 31); ok {
		t.Error("somebody lives at an address beyond the world")
	}
	enrolled := int32(0)
	for _, s := range m.Systems() {
		if s.Name == "" || s.Kind != "system" {
			t.Errorf("a system is %+v", s)
		}
		enrolled += s.Enrolled
	}
	if int64(enrolled) != m.Alive() {
		t.Errorf("%d people are enrolled, want everyone, %d", enrolled, m.Alive())
	}
	for i := range m.place.Practices {
		if load, days := m.PracticeLoad(i); !(load > .2 && load < 3) || days < 1 {
			t.Errorf("practice %d: load %v, %v days", i, load, days)
		}
	}
	busy := 0
	for i := range m.place.Hospitals {
		used, weeks := m.SiteLoad(i)
		if !(used >= 0 && used < 3) || weeks < 0 {
			t.Errorf("site %d: %v of its beds, %v weeks", i, used, weeks)
		}
		if used > .5 && weeks > 1 {
			busy++
		}
	}
	if busy == 0 {
		t.Error("no site has beds in use and a queue")
	}
}
