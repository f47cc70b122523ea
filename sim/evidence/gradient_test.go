package evidence

import (
	"math"
	"testing"

	"coexist/sim"
	"coexist/sim/place"
)

// TestStandardised: rates of fifths are at the ages of all, so that a fifth of old people with the rates of the
// others has their rate.
func TestStandardised(t *testing.T) {
	past := &sim.Past{}
	rates := [sim.AgeBands]float64{.1, .05, .3, .6}
	for fifth := range past.Fifth {
		for b := range past.Fifth[fifth] {
			people := 100.0
			if fifth == 0 && b >= 2 {
				people = 900 // many old
			}
			more := 1.0
			if fifth == 4 {
				more = .5
			}
			a := sim.Activity{PersonYears: people, OtherEmergencies: more * rates[b] * people}
			past.Fifth[fifth][b] = a
			past.Band[b].PersonYears += people
			past.Band[b].OtherEmergencies += a.OtherEmergencies
		}
	}
	r := &Run{Past: []*sim.Past{past}, State: []*sim.State{{}}}
	of := standardised(emergencies, personYears, 1000, everyone)
	want := 0.0
	all := 0.0
	for b, rate := range rates {
		want += 1000 * rate * past.Band[b].PersonYears
		all += past.Band[b].PersonYears
	}
	want /= all
	for fifth, share := range []float64{1, 1, 1, 1, .5} {
		if got := of(r, fifth); math.Abs(got-share*want) > 1e-9 {
			t.Errorf("fifth %d: %v per 1,000, want %v", fifth+1, got, share*want)
		}
	}
	crude := 0.0
	for b := range past.Band {
		crude += past.Band[b].OtherEmergencies
	}
	if got := of(r, allFifths); math.Abs(got-1000*crude/all) > 1e-9 {
		t.Errorf("everyone: %v per 1,000, want %v", got, 1000*crude/all)
	}
	if got := standardised(emergencies, personYears, 1, []int{2})(r, 4); math.Abs(got-.15) > 1e-12 {
		t.Errorf("one band of the last fifth: %v, want half of .3", got)
	}
}

// TestMultimorbid: shares are at the years of age of all people.
func TestMultimorbid(t *testing.T) {
	s := &sim.State{}
	s.Conditions[70][0][0], s.Conditions[70][0][2] = 10, 30
	s.Conditions[71][0][1] = 100
	s.Conditions[71][1][3] = 100
	s.Conditions[70][9][0] = 160
	r := &Run{State: []*sim.State{s}}
	of := multimorbid(70, 71)
	if got := of(r, 0); math.Abs(got-100*(.75+.5)/2) > 1e-9 { // 200 people of either age
		t.Errorf("most deprived fifth: %v %%, want %v", got, 100*(.75+.5)/2)
	}
	if got := of(r, allFifths); math.Abs(got-100*(30.0/200+100.0/200)/2) > 1e-9 {
		t.Errorf("everyone: %v %%, want %v", got, 100*(30.0/200+100.0/200)/2)
	}
}

// TestGradients: a sign is met if all seeds agree with it, missed if they do not, and shown where none is
// published.
func TestGradients(t *testing.T) {
	run := func(more float64) *Run {
		past := &sim.Past{}
		for fifth := range past.Fifth {
			for b := range past.Fifth[fifth] {
				n := 100.0
				if fifth == 0 {
					n *= more
				}
				past.Fifth[fifth][b] = sim.Activity{PersonYears: 1000, AvoidableEmergencies: n, AEVisits: n, GPContacts: 1000}
				past.Band[b].PersonYears += 1000
			}
		}
		return &Run{Past: []*sim.Past{past}, State: []*sim.State{{}}, Place: &place.Place{}}
	}
	status := func(runs ...*Run) map[string]Gradient {
		found := map[string]Gradient{}
		for _, g := range readGradients(&Result{Runs: map[string][]*Run{quo: runs}}) {
			found[g.Name] = g
		}
		return found
	}
	for _, c := range []struct {
		name   string
		runs   []*Run
		status Status
		sign   int
	}{{"more in both seeds", []*Run{run(1.2), run(1.4)}, Met, 1}, {"more in one", []*Run{run(1.2), run(.9)}, Missed, 0}, {"fewer", []*Run{run(.7)}, Missed, -1}} {
		got := status(c.runs...)
		if g := got["Avoidable emergency admissions"]; g.Status != c.status || g.Sign != c.sign {
			t.Errorf("%s: %s with sign %d, want %s with %d", c.name, g.Status, g.Sign, c.status, c.sign)
		}
		if g := got["Visits to A&E"]; g.Status != Shown || g.Sign != c.sign {
			t.Errorf("%s: visits to A&E are %s with sign %d, want %s with %d", c.name, g.Status, g.Sign, Shown, c.sign)
		}
	}
	if g := status(run(1.2), run(1.4))["Avoidable emergency admissions"]; math.Abs(g.Ratio.Value-1.3) > 1e-9 || math.Abs(g.Low.Value-1.2) > 1e-9 || math.Abs(g.High.Value-1.4) > 1e-9 {
		t.Errorf("ratio %v (%v to %v), want 1.3 (1.2 to 1.4)", g.Ratio.Value, g.Low.Value, g.High.Value)
	}
}

// TestStudies: a programme without effect has none against the same districts without it, and one that takes a
// tenth off every district it reaches is found to the point.
func TestStudies(t *testing.T) {
	p := &place.Place{}
	n := 16
	for d := range n {
		p.Districts = append(p.Districts, place.District{Residents: 1000})
		p.Areas = append(p.Areas, place.Area{District: uint16(d), Residents: 1000, IMDDecile: uint8(1 + d%10)})
	}
	made := func(name string, cut float64) *Run {
		r := &Run{Place: p, Sample: 1}
		r.Scenario.Name = name
		for year := range afterReform {
			past := &sim.Past{ByPayer: make([]float64, n)}
			for q := range 4 {
				row := make([]float64, n)
				for d := range row {
					row[d] = float64(100 + d + 5*q)
					if year > 0 {
						row[d] *= 1.1 * (1 - cut)
					}
				}
				r.Quarters = append(r.Quarters, row)
				for d := range row {
					past.ByPayer[d] += row[d]
				}
			}
			r.Past = append(r.Past, past)
		}
		return r
	}
	for _, cut := range []float64{0, .1} {
		res := &Result{Runs: map[string][]*Run{}}
		base := made(quo, 0)
		for _, s := range studied {
			name := specs[s.id].scenario
			if res.Runs[name] == nil {
				r := made(name, cut)
				r.peers = map[string]*Run{quo: base, name: r}
				base.peers = r.peers
				res.Runs[name] = []*Run{r}
			}
		}
		got := readStudies(res)
		if len(got) != len(studied) {
			t.Fatalf("%d studies, want %d", len(got), len(studied))
		}
		for _, s := range got {
			for name, f := range map[string]Found{"paired": s.Paired, "difference in differences": s.Difference, "matched": s.Matched, "synthetic": s.Synthetic} {
				if want := -110 * cut; math.Abs(f.Mean.Value-want) > 1e-6 {
					t.Errorf("%s, cut of %v: %s finds %v points, want %v", s.ID, cut, name, f.Mean.Value, want)
				}
			}
		}
		if want := 6.4 - 12; math.Abs(got[0].Published.Value-want) > 1e-9 {
			t.Errorf("published difference of %s is %v, want %v", got[0].ID, got[0].Published.Value, want)
		}
	}
}
