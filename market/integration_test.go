package market

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"coexist/configs"
)

func links() configs.Integration {
	return configs.Integration{FailureRate: 0.15, Effect: 0.5, Growth: 0.8, ReferenceSpend: 8.8,
		GovernanceReal: 2, GovernanceVirtual: 1}
}

// TestGrowthIsLogistic holds forty quarters to phi(t) = C/(1 + (C/phi0 - 1) exp(-R C t)).
func TestGrowthIsLogistic(t *testing.T) {
	const start, ceiling, decay, floor = 0.06, 0.7, 0.06, 0.05
	for _, drive := range []float64{0.8, 1.6, 0.3} {
		c := ceiling - decay/drive
		phi := start
		for quarter := 1; quarter <= 40; quarter++ {
			phi = GrowLink(phi, drive, ceiling, decay, floor, 0.25)
			want := c / (1 + (c/start-1)*math.Exp(-drive*c*float64(quarter)/4))
			near(t, fmt.Sprintf("phi at drive %v after %d quarters", drive, quarter), phi, want, 1e-9)
		}
	}
}

// TestGrowthLimits: no drive, drive that just balances decay, and decay that wins.
func TestGrowthLimits(t *testing.T) {
	near(t, "no drive", GrowLink(0.5, 0, 0.7, 0.1, 0.05, 2), 0.5*math.Exp(-0.2), 1e-12)
	near(t, "balance at 0", GrowLink(0.5, 0.2, 0.5, 0.1, 0.05, 3), 0.5/(1+0.2*0.5*3), 1e-9)
	near(t, "floor", GrowLink(0.06, 0.1, 0.7, 0.5, 0.05, 10), 0.05, 0)
	near(t, "long run", GrowLink(0.06, 1, 0.7, 0.06, 0.05, 500), 0.64, 1e-9)
	near(t, "above the ceiling it falls", GrowLink(0.9, 1, 0.3, 0, 0.05, 500), 0.3, 1e-9)
}

// TestGrowthNeedsNoClock: one step of a year is four of a quarter, for any parameters in range.
func TestGrowthNeedsNoClock(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string, low, high float64) float64 { return rapid.Float64Range(low, high).Draw(t, name) }
		phi, drive := draw("phi", 0.05, 1), draw("drive", 0, 7.2)
		ceiling, decay := draw("ceiling", 0, 0.95), draw("decay", 0, 0.2)
		year := GrowLink(phi, drive, ceiling, decay, 0, 1)
		quarters := phi
		for range 4 {
			quarters = GrowLink(quarters, drive, ceiling, decay, 0, 0.25)
		}
		if math.Abs(year-quarters) > 1e-9 {
			t.Fatalf("a year gives %v, four quarters %v", year, quarters)
		}
		if year > max(phi, ceiling) || year < 0 {
			t.Fatalf("phi = %v from %v under a ceiling of %v", year, phi, ceiling)
		}
	})
}

// TestGrowthNearBalance: where drive hardly outweighs decay, or decay drive, growth passes into its limit
// without a step.
func TestGrowthNearBalance(t *testing.T) {
	const phi, drive, ceiling, years = .5, .5, .5, 2.0
	for _, rate := range []float64{-1e-5, -6e-7, -4e-7, -1e-9, 1e-9, 4e-7, 6e-7, 1e-5} {
		grown := math.Expm1(rate*years) / rate
		near(t, fmt.Sprint("phi at a rate of ", rate), GrowLink(phi, drive, ceiling, .25-rate, 0, years), phi*(1+rate*grown)/(1+drive*phi*grown), 1e-10)
	}
}

// TestFailProb: integration helps, does nothing or harms, as its effect says.
func TestFailProb(t *testing.T) {
	for _, row := range []struct{ e, phi, want float64 }{
		{0.5, 0.6, 0.15 * (1 - 0.3)}, {0, 0.6, 0.15}, {-0.2, 0.5, 0.15 * 1.1}, {0.8, 0, 0.15}, {2, 1, 0},
	} {
		near(t, fmt.Sprint("failure at ", row.e, row.phi), FailProb(0.15, row.e, row.phi), row.want, 1e-12)
	}
	near(t, "never above 1", FailProb(0.9, -1, 1), 1, 0)
}

// TestRivalryCorrodes: chi high fragments what chi zero leaves whole.
func TestRivalryCorrodes(t *testing.T) {
	near(t, "no contradiction", Ceiling(0.7, 0, 1), 0.7, 1e-12)
	near(t, "rivals over half their people", Ceiling(0.7, 0.8, 0.5), 0.7*0.6, 1e-12)
	near(t, "partners", Ceiling(0.7, 0.8, 0), 0.7, 1e-12)
}

func TestDrive(t *testing.T) {
	c := links()
	near(t, "as referenced", Drive(c, 1, 8.8, 1), 0.8, 1e-12)
	near(t, "better led, half the spend, better supported", Drive(c, 1.5, 4.4, 1.2), 0.8*1.5*0.5*1.2, 1e-12)
	near(t, "money alone helps to double", Drive(c, 1, 88, 1), 1.6, 1e-12)
	near(t, "no spend, no growth", Drive(c, 1, 0, 1), 0, 0)
	near(t, "decay", Decay(0.08), 0.04, 1e-12)
}

// TestMergerOnlyDisrupts: a merger raises nothing by itself.
func TestMergerOnlyDisrupts(t *testing.T) {
	near(t, "at once", MergerShock(0.5, 0.3, 1), 0.35, 1e-12)
	near(t, "half as fast", MergerShock(0.5, 0.3, 0.5), 0.425, 1e-12)
	near(t, "from where links begin", MergerShock(0.05, 0.6, 1), 0.02, 1e-12)
	low := MergerShock(0.05, 0.6, 1)
	near(t, "left alone it stays low", GrowLink(low, 0, 0.7, 0.04, 0.05, 1), low, 0)
	near(t, "no merger, no loss", MergerShock(0.05, 0, 1), 0.05, 0)
	near(t, "all is lost at most", MergerShock(0.8, 2, 1), 0, 1e-15)
	near(t, "none is lost at least", MergerShock(0.8, -1, 1), 0.8, 1e-15)
	if grown := GrowLink(low, 0.8, 0.7, 0.04, 0.05, 1); !(grown > low && grown < GrowLink(0.05, 0.8, 0.7, 0.04, 0.05, 1)) {
		t.Errorf("a year after a merger phi is %.4f, want above %.2f and below what it would be without one", grown, low)
	}
}

func TestBreakProb(t *testing.T) {
	near(t, "a year", BreakProb(0.05, false, 3, 1), 0.05, 1e-12)
	near(t, "in deficit", BreakProb(0.05, true, 3, 1), 0.15, 1e-12)
	near(t, "four quarters", 1-math.Pow(1-BreakProb(0.05, false, 3, 0.25), 4), 0.05, 1e-12)
	near(t, "sure", BreakProb(0.5, true, 3, 0.25), 1, 0)
	near(t, "a half", BreakProb(0.5, false, 3, 0.5), 1-math.Sqrt(0.5), 1e-12)
	near(t, "three years", BreakProb(0.2, false, 3, 3), 1-0.8*0.8*0.8, 1e-12)
	near(t, "three years in deficit", BreakProb(0.2, true, 2, 3), 1-0.6*0.6*0.6, 1e-12)
	near(t, "surely within a year, so within a quarter", BreakProb(1, false, 3, 0.25), 1, 0)
	near(t, "never", BreakProb(0, true, 3, 1), 0, 0)
	near(t, "not more rarely than never", BreakProb(-1, false, 3, 3), 0, 0)
}

func TestCostOfIntegration(t *testing.T) {
	c := links()
	for _, row := range []struct {
		name      string
		got, want Pence
	}{
		{"handoffs", RunningCost(10, 0.4, 50), GBP(200)},
		{"no integration, no running cost", RunningCost(10, 0, 50), 0},
		{"real", GovernanceCost(c, true, 5200), GBP(200)},
		{"virtual", GovernanceCost(c, false, 5200), GBP(100)},
	} {
		if row.got != row.want {
			t.Errorf("%s: %d pence, want %d", row.name, row.got, row.want)
		}
	}
}

// Integration takes years: ten of a well led link that is paid for, year by year.
func ExampleGrowLink() {
	phi := 0.05
	for range 10 {
		phi = GrowLink(phi, 0.8, 0.7, Decay(0.08), 0.05, 1)
		fmt.Printf("%.2f ", phi)
	}
	// Output: 0.08 0.12 0.18 0.26 0.34 0.42 0.49 0.55 0.58 0.61
}
