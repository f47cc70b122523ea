package sim

import "testing"

// TestDeadHaveRows: who dies in a year is in the patients table of that year, once and as they were, even
// if a newborn has taken their place in memory.
func TestDeadHaveRows(t *testing.T) {
	s := world1(t, village, 1)
	s.Tracked = 1 << 40
	m := begin(t, s)
	steps(t, m, 52*int(s.Config.Time.WarmupYears))
	if err := m.WarmUp(); err != nil {
		t.Fatal(err)
	}
	m.Take()
	for year := range 2 {
		before := m.people.Deaths
		steps(t, m, 52)
		died, seen, old := int64(0), map[string]bool{}, 0
		rows := m.Take().Patients
		for i := range rows {
			if seen[rows[i].ID] {
				t.Fatalf("year %d: %s has two rows", year+1, rows[i].ID)
			}
			seen[rows[i].ID] = true
			if rows[i].Died {
				died++
				if rows[i].Age >= 65 {
					old++
				}
			}
		}
		want := m.people.Deaths - before
		if died != want || want < 20 {
			t.Errorf("year %d: %d rows of people who died, want %d (of 20 or more)", year+1, died, want)
		}
		if 2*int64(old) < died {
			t.Errorf("year %d: %d of %d who died are 65 or over, want most: a row is of another", year+1, old, died)
		}
	}
}

// TestManyReferrals: of somebody who is referred again and again among many providers, the mean is told.
func TestManyReferrals(t *testing.T) {
	s := world1(t, village, 1)
	s.Tracked = 1 << 40
	m := begin(t, s)
	steps(t, m, 1)
	year := &m.parts[0].tracks[0]
	year.referrals, year.alternatives = 40, 40*8
	p := &m.parts[0].people[year.slot]
	if got := m.patientRow(p, year, m.standings(), 1).Alternatives; got != 8 {
		t.Errorf("alternatives = %d, want the mean of 40 referrals among 8", got)
	}
}
