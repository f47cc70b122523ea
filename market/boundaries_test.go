package market

import (
	"fmt"
	"math"
	"testing"

	"coexist/configs"
)

// TestKindsOfMoney: kinds are contracts up to the quality payment, and costs of the market from
// contracting to set-up; a budget handed down is neither.
func TestKindsOfMoney(t *testing.T) {
	for k := range Kinds + 1 {
		if got, want := k.IsContract(), k <= KindQuality; got != want {
			t.Errorf("%v is a contract: %v, want %v", k, got, want)
		}
		if got, want := k.IsMarketCost(), k >= KindContracting && k <= KindSetUp; got != want {
			t.Errorf("%v is a cost of the market: %v, want %v", k, got, want)
		}
		if got, want := k.Yearly(), k == KindSharedSavings; got != want {
			t.Errorf("%v is settled once a year: %v, want %v", k, got, want)
		}
	}
	for got, want := range map[string]string{Roles.String(): "role 10", Services.String(): "service 12", Newcomers.String(): "newcomer 3"} {
		if got != want {
			t.Errorf("what is none of them is called %q, want %q", got, want)
		}
	}
}

// TestMulDivBeyondAWord: products of up to 128 bits are divided and rounded, and only by what is positive.
func TestMulDivBeyondAWord(t *testing.T) {
	const most = math.MaxInt64
	for _, row := range [][4]int64{{most, 2, most, 2}, {most, -2, most, -2}, {most, most, most, most}, {1, 1, 1, 1}, {1, 1, most, 0}, {most/2 + 1, 1, most, 1},
		{math.MinInt64, 1, 2, -1 << 62}, {1, -1, 1, -1}, {-1, -1, 1, 1}, {0, -1, 1, 0}, {-1, 0, 1, 0}} {
		if got := mulDiv(row[0], row[1], row[2]); got != row[3] {
			t.Errorf("%d * %d / %d = %d, want %d", row[0], row[1], row[2], got, row[3])
		}
	}
	for _, c := range []int64{0, -1} {
		func() {
			defer func() {
				if got, want := recover(), "market: mulDiv by a number that is not positive"; got != want {
					t.Errorf("divided by %d: %v, want %v", c, got, want)
				}
			}()
			mulDiv(1, 1, c)
		}()
	}
}

// TestNoSuchParty: a budget handed down is no contract, and what is no role opens no account.
func TestNoSuchParty(t *testing.T) {
	for k := KindContracts; k < Kinds; k++ {
		if kind, terms, err := NewTerms(configs.Contract{Service: "whole", Kind: k.String()}, payment()); err == nil || kind != 0 || terms != (Terms{}) {
			t.Errorf("%v passes for a contract: kind %v, terms %+v", k, kind, terms)
		}
	}
	for _, c := range []configs.Contract{{Service: "whole", Kind: "blok"}, {Service: "hole", Kind: "block"}} {
		if kind, terms, err := NewTerms(c, payment()); err == nil || kind != 0 || terms != (Terms{}) {
			t.Errorf("%+v: kind %v, terms %+v, error %v", c, kind, terms, err)
		}
	}
	if r, err := ParseRole("payor"); err == nil || r != 0 {
		t.Errorf("role %v, error %v", r, err)
	}
	l := NewLedger(RoleSystem)
	for want := int32(1); want < 4; want++ {
		if id := l.Open(RoleHospital); id != want {
			t.Errorf("party %d has id %d", want, id)
		}
	}
	defer func() {
		if got, want := recover(), "market: role 10 opened in the ledger"; got != want {
			t.Errorf("opened: %v, want %v", got, want)
		}
	}()
	NewLedger(Roles)
}

// TestMergerAtTheLimits: who ends at the limit, or rises by just as much as is permitted, may merge.
func TestMergerAtTheLimits(t *testing.T) {
	c := configs.Market{MergerHHI: .25, MergerRise: .125}
	for _, row := range []struct {
		m    Merger
		want bool
	}{
		{Merger{After: .25, Rise: .5}, true},
		{Merger{After: .5, Rise: .125}, true},
		{Merger{After: .25 + 1e-9, Rise: .125 + 1e-9}, false},
	} {
		if got := row.m.Allowed(c); got != row.want {
			t.Errorf("%+v allowed: %v, want %v", row.m, got, row.want)
		}
	}
}

// TestSmallestSums: one penny, one slot, one patient and a fraction of a pound are already something.
func TestSmallestSums(t *testing.T) {
	c := payment()
	near(t, "ratio at means of a penny", BudgetRatio(c, 3, 1, 0), 3, 0)
	near(t, "ratio at a penny in reserve", BudgetRatio(c, 3, 0, 1), 3, 0)
	near(t, "ratio at a debt that is paid back", BudgetRatio(c, -1, 0, 0), 0, 0)
	if carried, bailOut := Carry(c, 100, 1000); carried != 30 || bailOut != 70 {
		t.Errorf("%d carried, %d bailed out, want 30 and 70", carried, bailOut)
	}
	c.DeficitCap = 1
	if carried, bailOut := Carry(c, 100, -7); carried != 0 || bailOut != 100 {
		t.Errorf("%d carried, %d bailed out of no budget, want all bailed out", carried, bailOut)
	}
	if got := (FacilityFee{}).Pay(&Activity{Slots: 2, SlotsLastYear: 1}, &Terms{Facility: 50, Standby: 20, SlotCost: 3}); got != 2*(30+3) {
		t.Errorf("after a year with one slot used two cost %d, want 66", got)
	}
	one := Line{Volume: 1, BuyPrice: 300, Hospital: 100}
	near(t, "a line with one case", one.MakeValue(configs.MakeOrBuy{UnitCost: 1, SmallRatio: 2, SmallVolume: 1, Horizon: 2, Discount: .5}), (.5+.25)*(300-200), 1e-12)
	one.BuyPrice = 200.5 // three quarters of half a pound
	if !one.Makes(configs.MakeOrBuy{UnitCost: 1, SmallRatio: 2, SmallVolume: 1, Horizon: 2, Discount: .5}) {
		t.Error("a line that is worth less than a pound is not made")
	}
	if !PracticeLed.Enters(configs.Market{}, Prospect{People: 1, Share: 1, Margin: .1, Leader: true}) {
		t.Error("a place that is worth less than a pound is not entered")
	}
	if Freed(601, 600, 1) != 1 || Freed(600, 600, 1) != 0 {
		t.Error("a penny avoided is not a penny freed")
	}
	terms := Terms{Benchmark: 1000, SavingsShare: .5, SavingsMinimum: .02}
	for spend, want := range map[Pence]Pence{979: 11, 980: 0, 981: 0} {
		if got := (SharedSavings{}).Pay(&Activity{Spend: spend}, &terms); got != want {
			t.Errorf("spending %d of 1000 earns %d, want %d: what is saved must exceed 20", spend, got, want)
		}
	}
	if got := Benchmark([]Pence{9999, 9999, 3, 6, 9}, 1); got != 6 {
		t.Errorf("the mean of the last three years is %d, want 6", got)
	}
	if got := Benchmark([]Pence{3, 6}, 1.5); got != 7 {
		t.Errorf("the mean of two years, half as much again, is %d, want 7", got)
	}
}

// TestFullPremium: a plan that has everyone asks without limit, one that has nearly everyone does not.
func TestFullPremium(t *testing.T) {
	near(t, "at three quarters", Premium(-7, .5, .75), -7+1/(.5*.25), 1e-12)
	near(t, "at none", Premium(0, .5, 0), 2, 0)
	for _, share := range []float64{1, 1 + 1e-15} {
		if got := Premium(-7, .5, share); !math.IsInf(got, 1) {
			t.Errorf("premium at a share of %v = %v, want no limit", share, got)
		}
	}
}

// TestHalfAdjusted: a weight lies between the person's own risk and that of their cell, as far as the
// adjustment is accurate.
func TestHalfAdjusted(t *testing.T) {
	for _, row := range []struct{ ac, want float64 }{{0, 2}, {.5, 4}, {.75, 5}, {1, 6}} {
		near(t, fmt.Sprint("weight at ", row.ac), RiskWeight(row.ac, 6, 2), row.want, 0)
	}
	near(t, "accuracy of a half", StatedAccuracy(.1+.2*.75, .1, .3), .5, 1e-12)
	near(t, "accuracy of all that can be had", StatedAccuracy(.3, .1, .3), 1, 1e-7)
	near(t, "accuracy where the best is worse", StatedAccuracy(.1, .3, .1), 1, 0)
	if got := MicroHeads(1.4999996e-6); got != 1 {
		t.Errorf("a weight of 1.5 millionths less a little = %d, want 1", got)
	}
}

// TestNothingToSelect: free selection pays nobody where it wins nothing.
func TestNothingToSelect(t *testing.T) {
	c := configs.Selection{Sight: 1, Slope: 1}
	near(t, "all have the same risk", SelectionEffort(c, 100, 0, 0, .2, .2), 0, 0)
	near(t, "a little to be won", SelectionEffort(c, 100, 0, 0, .2+1e-9, .2), MaxEffort, 0)
	near(t, "cost", SelectionCost(configs.Selection{Cost: 3}, 2), .5*3*4, 1e-12)
}

// TestOverlapIsAShare: rounding takes nobody's overlap with themselves above 1.
func TestOverlapIsAShare(t *testing.T) {
	over := 0
	for n := 1; n <= 60; n++ {
		a, sum := make([]int64, n), 0.0
		for i := range a {
			a[i] = 1
			sum += 1 / float64(n)
		}
		if sum > 1 {
			over++
		}
		if got := Overlap(a, a); got > 1 || got < 1-1e-12 {
			t.Errorf("%d equal areas: overlap %v, want 1", n, got)
		}
	}
	if over == 0 {
		t.Error("no sum is rounded above 1: the test tries nothing")
	}
	near(t, "one person each, apart", Overlap([]int64{1, 0}, []int64{0, 1}), 0, 0)
	near(t, "a quarter of each", Overlap([]int64{10, 30}, []int64{3, 1}), .5, 1e-12)
	near(t, "a quarter of each, the other way", Overlap([]int64{3, 1}, []int64{10, 30}), .5, 1e-12)
	near(t, "one of two", Overlap([]int64{1, 1}, []int64{0, 1}), .5, 0)
}

// TestFixedCostBySteps: cost follows activity down slowly and up at once, as far as the reference.
func TestFixedCostBySteps(t *testing.T) {
	cost := 100.0
	for _, row := range []struct{ activity, want float64 }{{1, 100}, {0, 90}, {0, 81}, {.8, 80}, {.95, 95}, {2, 100}, {.25, 90}} {
		cost = FixedCost(cost, 100, row.activity, .1)
		near(t, fmt.Sprint("cost at activity ", row.activity), cost, row.want, 1e-9)
	}
}

// TestSlotsByRemainder: whole slots first, then one to each of the largest remainders, of equal ones the
// first; entrants' share is rounded, and no more than there is.
func TestSlotsByRemainder(t *testing.T) {
	for _, row := range []struct {
		last     []int64
		total    int64
		entrants float64
		want     string
	}{
		{[]int64{1, 1, 1}, 10, 0, "[4 3 3] 0"},
		{[]int64{1, 1, 1}, 11, 0, "[4 4 3] 0"},
		{[]int64{1, 2, 4}, 6, 0, "[1 2 3] 0"},
		{[]int64{5, 5}, 10, .25, "[4 3] 3"},
		{[]int64{5, 5}, 10, .24, "[4 4] 2"},
		{[]int64{5, 5}, 10, 2, "[0 0] 10"},
		{[]int64{1}, 1, 0, "[1] 0"},
		{[]int64{0, 1}, 3, 0, "[0 3] 0"},
	} {
		slots, kept := AllocateSlots(row.last, row.total, row.entrants)
		if got := fmt.Sprint(slots, kept); got != row.want {
			t.Errorf("%d slots among %v, %v kept: %s, want %s", row.total, row.last, row.entrants, got, row.want)
		}
	}
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

// TestSureBreak: what breaks surely within a year breaks surely in a quarter of it.
func TestSureBreak(t *testing.T) {
	near(t, "sure", BreakProb(1, false, 3, .25), 1, 0)
	near(t, "a half", BreakProb(.5, false, 3, .5), 1-math.Sqrt(.5), 1e-12)
}
