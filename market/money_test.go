package market

import (
	"fmt"
	"math"
	"testing"

	"coexist/configs"
)

// TestPremium: n equal plans ask c + n/(b_p (n-1)); none gains by asking something else.
func TestPremium(t *testing.T) {
	const cost, bp = 40.0, 0.01
	for _, n := range []int{2, 3, 10} {
		near(t, fmt.Sprint("premium of ", n), Premium(cost, bp, 1/float64(n))-cost, float64(n)/(bp*float64(n-1)), 1e-9)
	}
	const better, outside = 0.5, -1.0 // the value of the first plan and of enrolling in none
	ask := []float64{100, 100}
	people := func(own float64) (share float64) {
		top, other := math.Exp(better-bp*own), math.Exp(-bp*ask[1])
		return top / (top + other + math.Exp(outside))
	}
	for range 1000 {
		ask[0] += 0.3 * (Premium(0, bp, people(ask[0])) - ask[0])
		ask[1] += 0.3 * (Premium(30, bp, math.Exp(-bp*ask[1])/(math.Exp(better-bp*ask[0])+math.Exp(-bp*ask[1])+math.Exp(outside))) - ask[1])
	}
	profit := func(own float64) float64 { return own * people(own) }
	if profit(ask[0]) < profit(ask[0]+1) || profit(ask[0]) < profit(ask[0]-1) {
		t.Errorf("a premium of %v is not the best reply", ask[0])
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

func TestSolvency(t *testing.T) {
	c := payment()
	for _, row := range []struct {
		name                       string
		forecast, budget, reserves Pence
		ratio, slots               float64
	}{
		{"within", 90, 100, 0, .9, 1},
		{"just", 100, 100, 0, 1, 1},
		{"over by 5 %", 105, 100, 0, 1.05, 1 / 1.05},
		{"over by a fifth: the floor", 120, 100, 0, 1.2, .9},
		{"reserves first", 105, 100, 10, 105.0 / 110, 1},
		{"debts do not count twice", 90, 100, -50, .9, 1},
		{"no budget", 10, 0, 0, 1 / .9, .9},
		{"nothing at all", 0, 0, 0, 0, 1},
		{"means of a penny", 3, 1, 0, 3, .9},
		{"a penny in reserve", 3, 0, 1, 3, .9},
		{"a debt that is paid back", -1, 0, 0, 0, 1},
	} {
		ratio := BudgetRatio(c, row.forecast, row.budget, row.reserves)
		near(t, row.name+": ratio", ratio, row.ratio, 1e-12)
		near(t, row.name+": slots", FundedSlots(c, ratio), row.slots, 1e-12)
	}
	for _, row := range [][4]Pence{{20, 1000, 20, 0}, {50, 1000, 30, 20}, {-40, 1000, -40, 0}, {50, -10, 0, 50}, {100, 1000, 30, 70}} {
		carried, bailOut := Carry(c, row[0], row[1])
		if carried != row[2] || bailOut != row[3] {
			t.Errorf("a deficit of %d of %d: %d carried and %d bailed out, want %d and %d", row[0], row[1], carried, bailOut, row[2], row[3])
		}
	}
	c.DeficitCap = 0.01
	if carried, _ := Carry(c, 50, 1000); carried != 10 {
		t.Errorf("%d carried under a cap of 1 %%", carried)
	}
	c.DeficitCap = 1
	if carried, bailOut := Carry(c, 100, -7); carried != 0 || bailOut != 100 {
		t.Errorf("%d carried, %d bailed out of no budget, want all bailed out", carried, bailOut)
	}
}

func TestHHI(t *testing.T) {
	near(t, "four equal", hhi([]float64{.25, .25, .25, .25}), 0.25, 1e-12)
	near(t, "monopoly", hhi([]float64{0, 1, 0, 0}), 1, 0)
	near(t, "nobody", hhi([]float64{0, 0}), 0, 0)
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

// TestCostsOfTheMarket: each parameter is one cost, in whole pence.
func TestCostsOfTheMarket(t *testing.T) {
	c := configs.Costs{Claim: 1.5, Tender: 0.01, Monitoring: 2, Joiner: 5, Management: 0.03, Moved: 0.1, Support: 4}
	for _, row := range []struct {
		name      string
		got, want Pence
	}{
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
