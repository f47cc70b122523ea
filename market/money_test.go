package market

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"coexist/configs"
)

// TestPremium: n equal plans ask c + n/(b_p (n-1)); none gains by asking something else.
func TestPremium(t *testing.T) {
	const cost, bp = 40.0, 0.01
	for _, n := range []int{2, 3, 10} {
		c, v := make([]float64, n), make([]float64, n)
		for i := range c {
			c[i] = cost
		}
		r, err := Premiums(c, v, math.Inf(-1), bp)
		if err != nil {
			t.Fatal(err)
		}
		for i := range r {
			near(t, fmt.Sprint("premium of ", n), r[i]-cost, float64(n)/(bp*float64(n-1)), 1e-6)
		}
		near(t, "closed form", SymmetricPremium(cost, bp, n), r[0], 1e-6)
	}
	c, v := []float64{0, 30}, []float64{0.5, 0}
	r, _ := Premiums(c, v, -1, bp)
	profit := func(own float64) float64 {
		top, other := math.Exp(v[0]-bp*own), math.Exp(v[1]-bp*r[1])
		return (own - c[0]) * top / (top + other + math.Exp(-1))
	}
	if profit(r[0]) < profit(r[0]+1) || profit(r[0]) < profit(r[0]-1) {
		t.Errorf("a premium of %v is not the best reply", r[0])
	}
	if _, err := Premiums([]float64{0}, []float64{0}, math.Inf(-1), bp); !errors.Is(err, ErrNoPremium) {
		t.Errorf("error %v of a plan without rivals", err)
	}
	if !math.IsInf(Premium(cost, bp, 1), 1) {
		t.Error("a plan that has everyone asks for less than everything")
	}
}

func TestSolvency(t *testing.T) {
	c := payment()
	for _, row := range []struct {
		name                       string
		forecast, budget, reserves Pence
		want                       Solvency
	}{
		{"within", 90, 100, 0, Solvency{0.9, true, 1, 0}},
		{"just", 100, 100, 0, Solvency{1, true, 1, 0}},
		{"over by 5 %", 105, 100, 0, Solvency{1.05, false, 1 / 1.05, 0.05}},
		{"over by a fifth: the floor", 120, 100, 0, Solvency{1.2, false, 0.9, 0.2}},
		{"reserves first", 105, 100, 10, Solvency{105.0 / 110, true, 1, 0}},
		{"debts do not count twice", 90, 100, -50, Solvency{0.9, true, 1, 0}},
		{"no budget", 10, 0, 0, Solvency{1 / 0.9, false, 0.9, 1/0.9 - 1}},
		{"nothing at all", 0, 0, 0, Solvency{0, true, 1, 0}},
	} {
		got := AssessSolvency(c, row.forecast, row.budget, row.reserves)
		near(t, row.name+": ratio", got.Ratio, row.want.Ratio, 1e-12)
		near(t, row.name+": slots", got.SlotsFactor, row.want.SlotsFactor, 1e-12)
		near(t, row.name+": threshold", got.ThresholdRise, row.want.ThresholdRise, 1e-12)
		if got.ExtraSlots != row.want.ExtraSlots {
			t.Errorf("%s: extra slots = %v", row.name, got.ExtraSlots)
		}
	}
	for _, row := range [][4]Pence{{20, 1000, 20, 0}, {50, 1000, 30, 20}, {-40, 1000, -40, 0}, {50, -10, 0, 50}} {
		carried, bailOut := Carry(c, row[0], row[1])
		if carried != row[2] || bailOut != row[3] {
			t.Errorf("a deficit of %d of %d: %d carried and %d bailed out, want %d and %d", row[0], row[1], carried, bailOut, row[2], row[3])
		}
	}
	c.DeficitCap = 0.01
	if carried, _ := Carry(c, 50, 1000); carried != 10 {
		t.Errorf("%d carried under a cap of 1 %%", carried)
	}
}

// TestHHI: limits, and that merging never lowers it while renaming leaves it alone.
func TestHHI(t *testing.T) {
	out := make([]float64, 4)
	Shares([]int64{5, 5, 5, 5}, out)
	near(t, "four equal", HHI(out), 0.25, 1e-12)
	Shares([]int64{0, 7, 0, 0}, out)
	near(t, "monopoly", HHI(out), 1, 0)
	if sum := Shares([]int64{0, 0, 0, 0}, out); sum != 0 || HHI(out) != 0 {
		t.Error("nobody is concentrated")
	}
	rapid.Check(t, func(t *rapid.T) {
		counts := rapid.SliceOfN(rapid.Int64Range(0, 1e6), 2, 10).Draw(t, "counts")
		owner := make([]int32, len(counts))
		for i := range owner {
			owner[i] = int32(rapid.IntRange(0, len(counts)-1).Draw(t, "owner"))
		}
		apart, joined := make([]float64, len(counts)), make([]float64, len(counts))
		sum := Shares(counts, apart)
		owned := Shares(ByOwner(counts, owner, make([]int64, len(counts))), joined)
		if sum != owned {
			t.Fatalf("%d patients of sites, %d of owners", sum, owned)
		}
		if HHI(joined) < HHI(apart)-1e-12 {
			t.Fatal("common owners lower concentration")
		}
		total := 0.0
		for _, s := range apart {
			total += s
		}
		if sum > 0 && math.Abs(total-1) > 1e-9 {
			t.Fatalf("shares sum to %v", total)
		}
		for i, j := 0, len(apart)-1; i < j; i, j = i+1, j-1 {
			apart[i], apart[j] = apart[j], apart[i]
		}
		var back []float64
		back = append(back, apart...)
		if math.Abs(HHI(back)-HHI(apart)) > 1e-12 {
			t.Fatal("renaming changes concentration")
		}
	})
}

func TestProviderHHI(t *testing.T) {
	providers, mean := ProviderHHI([][]int64{{50, 50, 0}, {30, 0, 0}})
	near(t, "provider of both areas", providers[0], (0.5*50+1*30)/80, 1e-12)
	near(t, "provider of the first", providers[1], 0.5, 1e-12)
	near(t, "provider of none", providers[2], 0, 0)
	near(t, "mean", mean, (0.5*100+1*30)/130, 1e-12)
	if providers, mean := ProviderHHI(nil); providers != nil || mean != 0 {
		t.Error("without areas there is concentration")
	}
}

func TestOverlap(t *testing.T) {
	for _, row := range []struct {
		name string
		a, b []int64
		want float64
	}{
		{"alike, one larger", []int64{1, 3}, []int64{10, 30}, 1},
		{"nowhere together", []int64{5, 0}, []int64{0, 5}, 0},
		{"half", []int64{5, 5, 0}, []int64{0, 5, 5}, 0.5},
		{"nobody", []int64{0, 0}, []int64{1, 1}, 0},
	} {
		near(t, row.name, Overlap(row.a, row.b), row.want, 1e-12)
		near(t, row.name+", the other way", Overlap(row.b, row.a), row.want, 1e-12)
	}
	q := []float64{1, 2, 4}
	near(t, "rivals by overlap", RivalsQuality(0, q, []float64{9, 0.5, 0.25}), (0.5*2+0.25*4)/0.75, 1e-12)
	near(t, "no rivals", RivalsQuality(1, q, []float64{0, 1, 0}), 2, 0)
}

// TestCostsOfTheMarket: each parameter is one cost, in whole pence.
func TestCostsOfTheMarket(t *testing.T) {
	c := configs.Costs{Contract: 52_000, Claim: 1.5, Tender: 0.01, Monitoring: 2, Joiner: 5, Management: 0.03, Moved: 0.1, Support: 4}
	for _, row := range []struct {
		name      string
		got, want Pence
	}{
		{"contracts", ContractingCost(c, 3), GBP(3000)},
		{"claims", BillingCost(c, 10), GBP(15)},
		{"tender", TenderingCost(c, GBP(5000)), GBP(50)},
		{"monitoring", MonitoringCost(c, 0.5, 5200), GBP(100)},
		{"no sharpness, no monitoring", MonitoringCost(c, 0, 5200), 0},
		{"joiners", MarketingCost(c, 20), GBP(100)},
		{"management", ManagementCost(c, GBP(1000)), GBP(30)},
		{"a moved contract", DisruptionCost(c, GBP(1000)), GBP(100)},
		{"support", SupportFee(c, 1300), GBP(100)},
	} {
		if row.got != row.want {
			t.Errorf("%s: %d pence, want %d", row.name, row.got, row.want)
		}
	}
}
