package market

import (
	"math"
	"testing"

	"coexist/configs"
)

// TestTies: of posts that are equally likely the first is taken, for the second post too.
func TestTies(t *testing.T) {
	for _, row := range []struct {
		p    []float64
		want Week
	}{
		{[]float64{.2, .2, .2}, Week{Main: 0, Second: 1, Tenths: 5}},
		{[]float64{.1, .6, .1}, Week{Main: 1, Second: 0, Tenths: 9}},
		{[]float64{.25, .25, .5}, Week{Main: 2, Second: 0, Tenths: 7}},
	} {
		if got := DivideWeek(row.p); got != row.want {
			t.Errorf("week of %v = %+v, want %+v", row.p, got, row.want)
		}
	}
}

// TestSmallestBase: a base of one admission is a base; only none at all means that there is none.
func TestSmallestBase(t *testing.T) {
	terms := Terms{Service: ServiceEmergency, Prices: Prices{Emergency: 2000}, EmergencyBase: 1}
	if got := emergencies(&Activity{Emergency: 3}, &terms); got != 1*2000 {
		t.Errorf("3 admissions above a base of 1 at no marginal price = %d, want 2000", got)
	}
	terms.EmergencyBase = 0
	if got := emergencies(&Activity{Emergency: 3}, &terms); got != 3*2000 {
		t.Errorf("3 admissions without a base = %d, want 6000", got)
	}
}

// TestCheapSelection: effort is what it wins over what it costs, however little that is.
func TestCheapSelection(t *testing.T) {
	c := configs.Selection{Sight: 1, Slope: .001, Cost: .5}
	near(t, "effort", SelectionEffort(c, 100, 0, 0, .4, .2), 100*.001*.2/.5, 1e-12)
}

// TestPureBackers: who is led by clinicians or a hospital values quality as those who are there do.
func TestPureBackers(t *testing.T) {
	c := configs.Market{CapitalHospital: 7, Capital: 3, CapitalCorporate: 9}
	if got, want := HospitalLed.Backing(c), (Backing{Capital: 7, Altruism: 1}); got != want {
		t.Errorf("hospital-led: %+v, want %+v", got, want)
	}
	if got, want := PracticeLed.Backing(c), (Backing{Capital: 3, Altruism: 1}); got != want {
		t.Errorf("led by practices: %+v, want %+v", got, want)
	}
}

// TestNobodyJoinsTheWorthless: a newcomer of no value wins nobody, even beside rivals of none.
func TestNobodyJoinsTheWorthless(t *testing.T) {
	none := math.Inf(-1)
	if got := EntryShare(none, []float64{none, none}); got != 0 {
		t.Errorf("share = %v, want 0", got)
	}
}
