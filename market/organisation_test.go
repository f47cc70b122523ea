package market

import (
	"math"
	"strings"
	"testing"

	"coexist/agents/chance"
	"coexist/configs"
)

func makeOrBuy() configs.MakeOrBuy {
	return configs.MakeOrBuy{UnitCost: 1, SmallRatio: 1.76, SmallVolume: 1000, SetUpWeeks: 13, Horizon: 5,
		Discount: 0.965, PartnerShare: 0.3}
}

func TestMakeCost(t *testing.T) {
	c := makeOrBuy()
	near(t, "a small clinic", makeCost(c, 100, 1000), 176, 1e-9)
	near(t, "twice as large", makeCost(c, 100, 2000), 138, 1e-9)
	near(t, "at large scale", makeCost(c, 100, 1e12), 100, 1e-6)
	if !math.IsInf(makeCost(c, 100, 0), 1) {
		t.Error("without cases a clinic is not dear without limit")
	}
}

// TestMakeValue checks the whole sum by hand.
func TestMakeValue(t *testing.T) {
	c := makeOrBuy()
	l := Line{Volume: 4000, BuyPrice: 130, Hospital: 100, Handoffs: 2, FailBuy: 0.15, FailMake: 0.1, FailureCost: 50, Margin: 20}
	cost := 100 * (1 + 0.76*1000/4000)
	d := 0.965
	years := d + d*d + d*d*d + d*d*d*d + d*d*d*d*d
	want := years*4000*(130-cost+2*0.05*50+0.3*20) - 13.0/52*4000*cost
	near(t, "value of making", l.MakeValue(c), want, 1e-6)
	if got := (Line{}).MakeValue(c); got != 0 {
		t.Errorf("a line without cases is worth %v", got)
	}
	near(t, "a horizon of two and a half years", annuity(.5, 2.5), .5+.25+.125/2, 1e-15)
	near(t, "a horizon of two years", annuity(.5, 2), .75, 0)
	near(t, "no horizon", annuity(.5, 0), 0, 0)
}

// TestConflictOfInterest: partners make what is dearer, unless a rule forbids it or they earn
// nothing; cheaper lines are made anyway, and small ones bought.
func TestConflictOfInterest(t *testing.T) {
	dear := Line{Volume: 50_000, BuyPrice: 100, Hospital: 100, Margin: 40}
	if makeCost(makeOrBuy(), dear.Hospital, dear.Volume) <= dear.BuyPrice {
		t.Fatal("the line is not dearer to make")
	}
	for _, row := range []struct {
		name   string
		change func(*configs.MakeOrBuy, *Line)
		want   bool
	}{
		{"partners count their margin", func(*configs.MakeOrBuy, *Line) {}, true},
		{"a rule forbids it", func(c *configs.MakeOrBuy, _ *Line) { c.Forbidden = true }, false},
		{"they share nothing", func(c *configs.MakeOrBuy, _ *Line) { c.PartnerShare = 0 }, false},
		{"there is no margin", func(_ *configs.MakeOrBuy, l *Line) { l.Margin = 0 }, false},
		{"bought dear", func(c *configs.MakeOrBuy, l *Line) { l.Margin, l.BuyPrice = 0, 110 }, true},
		{"bought dear, but few cases", func(c *configs.MakeOrBuy, l *Line) { l.BuyPrice, l.Volume = 110, 500 }, false},
		{"own cost higher", func(c *configs.MakeOrBuy, _ *Line) { c.UnitCost = 1.3 }, false},
		{"scale matters more", func(c *configs.MakeOrBuy, _ *Line) { c.SmallRatio = 50 }, false},
		{"a clinic counts as small for longer", func(c *configs.MakeOrBuy, _ *Line) { c.SmallVolume = 1e6 }, false},
		{"long set-up", func(c *configs.MakeOrBuy, _ *Line) { c.SetUpWeeks = 52 }, false},
		{"short sight", func(c *configs.MakeOrBuy, _ *Line) { c.Horizon = 1 }, false},
		{"impatience", func(c *configs.MakeOrBuy, _ *Line) { c.Discount = 0.3 }, false},
	} {
		c, l := makeOrBuy(), dear
		row.change(&c, &l)
		if got := l.Makes(c); got != row.want {
			t.Errorf("%s: makes = %v, want %v (worth %.0f)", row.name, got, row.want, l.MakeValue(c))
		}
	}
	if Freed(1000, 600, 0.5) != 200 || Freed(1000, 1600, 0.5) != 0 {
		t.Error("freed money is not what is avoided less what stays")
	}
}

// TestSelection draws people, lets them join by logit and compares the risk of joiners with the
// closed form.
func TestSelection(t *testing.T) {
	c := configs.Selection{Slope: 0.5, Sight: 0.5, Cost: 20}
	const n, ac, x, v = 1_000_000, 0.4, 0.1, -1.0
	rng := chance.NewSeed(6).At(1, 0, chance.Synthesis)
	cell, r := make([]float64, n), make([]float64, n)
	var mean, varR, varCell float64
	for i := range r {
		cell[i] = 0.6 + 0.8*rng.Float64()
		r[i] = cell[i] + 0.5*rng.Normal()
		mean += r[i] / n
	}
	for i := range r {
		varR += (r[i] - mean) * (r[i] - mean) / n
		varCell += (cell[i] - mean) * (cell[i] - mean) / n
	}
	s := 1 / (1 + math.Exp(-v))
	joined, risk := 0.0, 0.0
	for i := range r {
		p := 1 / (1 + math.Exp(-v-SelectionShift(c, x, ac, cell[i], r[i])))
		joined += p
		risk += p * r[i]
	}
	want := joinerRisk(c, x, s, ac, varR, varCell)
	near(t, "risk of joiners", risk/joined-mean, want, 0.02*math.Abs(want)+4e-5)
	near(t, "formula", want, -0.5*0.5*x*(1-s)*(1-ac)*(varR-varCell), 1e-12)

	effort := SelectionEffort(c, 1500, s, ac, varR, varCell)
	worth := func(x float64) float64 {
		return -1500*(1-ac)*joinerRisk(c, x, s, ac, varR, varCell) - SelectionCost(c, x)
	}
	if effort <= 0 || effort >= MaxEffort || worth(effort) < worth(effort*1.01) || worth(effort) < worth(effort*0.99) {
		t.Errorf("effort %v is not the best", effort)
	}
	near(t, "none to select on", SelectionEffort(c, 1500, s, 1, varR, varCell), 0, 0)
	near(t, "margin", expectedMargin(1000, 0.4, 1, 1.5), -300, 1e-9)
	free := c
	free.Cost = 0
	near(t, "free selection", SelectionEffort(free, 1500, s, ac, varR, varCell), MaxEffort, 0)
	c.Banned = true
	if SelectionShift(c, x, ac, 1, 2) != 0 || joinerRisk(c, x, s, ac, 1, 0) != 0 || SelectionEffort(c, 1500, s, ac, 1, 0) != 0 {
		t.Error("a ban changes nothing")
	}
}

// TestCheapSelection: effort is what it wins over what it costs, however little that is.
func TestCheapSelection(t *testing.T) {
	c := configs.Selection{Sight: 1, Slope: .001, Cost: .5}
	near(t, "effort", SelectionEffort(c, 100, 0, 0, .4, .2), 100*.001*.2/.5, 1e-12)
}

// TestNothingToSelect: free selection pays nobody where it wins nothing.
func TestNothingToSelect(t *testing.T) {
	c := configs.Selection{Sight: 1, Slope: 1}
	near(t, "all have the same risk", SelectionEffort(c, 100, 0, 0, .2, .2), 0, 0)
	near(t, "a little to be won", SelectionEffort(c, 100, 0, 0, .2+1e-9, .2), MaxEffort, 0)
	near(t, "cost", SelectionCost(configs.Selection{Cost: 3}, 2), .5*3*4, 1e-12)
}

func marketConfig() configs.Market {
	return configs.Market{Capital: 3, CapitalHospital: 20, CapitalCorporate: 50, ReturnCorporate: 0.08,
		AltruismCorporate: 0.3, SetUp: 3, Leaders: 0.05, MinPractices: 3, DeficitShare: -0.05, DeficitQuarters: 8,
		MergerHHI: 0.25, MergerRise: 0.02}
}

func TestEntry(t *testing.T) {
	near(t, "share beside two", EntryShare(1, []float64{0, 2, math.Inf(-1)}), 1/(1+math.Exp(-1)+math.E), 1e-12)
	near(t, "share alone", EntryShare(1, nil), 1, 0)
	near(t, "no share", EntryShare(math.Inf(-1), []float64{0}), 0, 0)
	near(t, "no share, even beside rivals of no value", EntryShare(math.Inf(-1), []float64{math.Inf(-1), math.Inf(-1)}), 0, 0)
	c := marketConfig()
	p := Prospect{People: 100_000, Share: 0.2, Margin: 0.7, Leader: true, Practices: 3}
	near(t, "value", entryValue(c, Backing{}, p), 20_000*(5*0.7-3), 1e-6)
	factor := 0.0
	for y := 1; y <= 5; y++ {
		factor += math.Pow(1.08, -float64(y))
	}
	near(t, "value at 8 %", entryValue(c, Corporate.Backing(c), p), 20_000*(factor*0.7-3), 1e-6)
	for _, row := range []struct {
		name   string
		kind   Newcomer
		change func(*configs.Market, *Prospect)
		want   bool
	}{
		{"practices", PracticeLed, func(*configs.Market, *Prospect) {}, true},
		{"hospital", HospitalLed, func(*configs.Market, *Prospect) {}, true},
		{"shareholders want 8 %", Corporate, func(*configs.Market, *Prospect) {}, false},
		{"and get it", Corporate, func(_ *configs.Market, p *Prospect) { p.Margin = 0.8 }, true},
		{"no leader", PracticeLed, func(_ *configs.Market, p *Prospect) { p.Leader = false }, false},
		{"two practices", PracticeLed, func(_ *configs.Market, p *Prospect) { p.Practices = 2 }, false},
		{"two are enough", PracticeLed, func(c *configs.Market, p *Prospect) { p.Practices, c.MinPractices = 2, 2 }, true},
		{"direct enrolment", PracticeLed, func(_ *configs.Market, p *Prospect) { p.Practices, p.Direct = 0, true }, true},
		{"dear set-up", PracticeLed, func(c *configs.Market, p *Prospect) { c.SetUp, p.Margin = 4, 2 }, false},
		{"a hospital can raise it", HospitalLed, func(c *configs.Market, p *Prospect) { c.SetUp, p.Margin = 4, 2 }, true},
		{"poor hospital", HospitalLed, func(c *configs.Market, _ *Prospect) { c.CapitalHospital = 1 }, false},
		{"poor company", Corporate, func(c *configs.Market, p *Prospect) { c.CapitalCorporate, p.Margin = 1, 9 }, false},
		{"modest company", Corporate, func(c *configs.Market, _ *Prospect) { c.ReturnCorporate = 0 }, true},
		{"poor practices", PracticeLed, func(c *configs.Market, _ *Prospect) { c.Capital = 1 }, false},
	} {
		c, p := marketConfig(), p
		row.change(&c, &p)
		if got := row.kind.Enters(c, p); got != row.want {
			t.Errorf("%s: enters = %v, want %v", row.name, got, row.want)
		}
	}
	if got := Corporate.Backing(c).Altruism; got != 0.3 {
		t.Errorf("altruism of a company %v", got)
	}
	if !CanLead(c, 0.049) || CanLead(c, 0.05) {
		t.Error("other than 5 % can lead")
	}
	for n := range Newcomers {
		if got, err := ParseNewcomer(n.String()); got != n || err != nil {
			t.Errorf("newcomer %v is read back as %v, %v", n, got, err)
		}
	}
	if _, err := ParseNewcomer("gp"); err == nil || !strings.Contains(err.Error(), "practice-led") {
		t.Errorf("error %v does not say what is wanted", err)
	}
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

// TestWorthNothing: nobody enters, and nobody makes, what is worth exactly nothing.
func TestWorthNothing(t *testing.T) {
	c := marketConfig()
	p := Prospect{Leader: true, Direct: true, People: 0, Share: 1}
	for n := range Newcomers {
		if n.Enters(c, p) {
			t.Errorf("newcomer %d enters for nothing", n)
		}
	}
	if (Line{}).Makes(makeOrBuy()) {
		t.Error("a line without patients is made")
	}
}

// TestSmallestWorth: one case, and a fraction of a pound, are already something.
func TestSmallestWorth(t *testing.T) {
	c := configs.MakeOrBuy{UnitCost: 1, SmallRatio: 2, SmallVolume: 1, Horizon: 2, Discount: .5}
	one := Line{Volume: 1, BuyPrice: 300, Hospital: 100}
	near(t, "a line with one case", one.MakeValue(c), (.5+.25)*(300-200), 1e-12)
	one.BuyPrice = 200.5 // three quarters of half a pound
	if !one.Makes(c) {
		t.Error("a line that is worth less than a pound is not made")
	}
	if !PracticeLed.Enters(configs.Market{}, Prospect{People: 1, Share: 1, Margin: .1, Leader: true}) {
		t.Error("a place that is worth less than a pound is not entered")
	}
	if Freed(601, 600, 1) != 1 || Freed(600, 600, 1) != 0 {
		t.Error("a penny avoided is not a penny freed")
	}
}

func TestFailing(t *testing.T) {
	c := marketConfig()
	run := func(c configs.Market, reserves ...Pence) (quarters int64, failed int) {
		for i, r := range reserves {
			var fails bool
			if quarters, fails = Failing(c, quarters, r, 1000); fails && failed == 0 {
				failed = i + 1
			}
		}
		return quarters, failed
	}
	low := []Pence{-51, -51, -51, -51, -51, -51, -51, -51}
	if _, failed := run(c, low...); failed != 8 {
		t.Errorf("fails in quarter %d, want 8", failed)
	}
	if quarters, failed := run(c, append([]Pence{-51, -51, -50}, low[:7]...)...); quarters != 7 || failed != 0 {
		t.Errorf("a good quarter does not begin the count again: %d quarters, failed in %d", quarters, failed)
	}
	c.DeficitQuarters = 4
	if _, failed := run(c, low...); failed != 4 {
		t.Errorf("fails in quarter %d, want 4", failed)
	}
	c.DeficitShare = -0.06
	if _, failed := run(c, low...); failed != 0 {
		t.Error("fails above the line")
	}
}

func TestMergerRule(t *testing.T) {
	shares := []float64{0.4, 0.3, 0.2, 0.1, 0}
	m := Assess(shares, 1, 2)
	near(t, "rise", m.Rise, 2*0.3*0.2, 1e-12)
	near(t, "after", m.After, 0.4*0.4+0.5*0.5+0.1*0.1, 1e-12)
	for _, row := range []struct {
		name   string
		i, j   int
		change func(*configs.Market)
		want   bool
	}{
		{"large with large", 0, 1, func(*configs.Market) {}, false},
		{"small rise", 4, 0, func(*configs.Market) {}, true},
		{"lax about concentration", 0, 1, func(c *configs.Market) { c.MergerHHI = 0.9 }, true},
		{"lax about rises", 0, 1, func(c *configs.Market) { c.MergerRise = 0.5 }, true},
	} {
		c := marketConfig()
		row.change(&c)
		if got := Assess(shares, row.i, row.j).Allowed(c); got != row.want {
			t.Errorf("%s: allowed = %v, want %v", row.name, got, row.want)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("an organisation merges with itself")
		}
	}()
	Assess(shares, 1, 1)
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

func TestLabour(t *testing.T) {
	c := configs.Labour{Income: 2, Autonomy: 0.5, Stay: 1.5}
	p := Post{Income: 100_000, Load: 0.2, Autonomy: 1, Current: true}
	near(t, "value of a post", p.Value(c), 2*math.Log(100_000)-0.2-0.5+1.5, 1e-12)
	// Logit: 10 % more income is worth odds of 1.1² to a newcomer.
	more := Post{Income: 110_000}
	near(t, "odds of the better paid", math.Exp(more.Value(c)-Post{Income: 100_000}.Value(c)), 1.21, 1e-9)
}

// TestDivideWeek: the two likeliest posts share the week by tenths; of equally likely ones the first is taken.
func TestDivideWeek(t *testing.T) {
	for _, row := range []struct {
		p    []float64
		want Week
	}{
		{nil, Week{noPost, noPost, 10}},
		{[]float64{0, 0}, Week{noPost, noPost, 10}},
		{[]float64{0, 1}, Week{1, noPost, 10}},
		{[]float64{.02, .98, 0}, Week{1, noPost, 10}},
		{[]float64{.96, .04}, Week{0, noPost, 10}},
		{[]float64{.94, .06}, Week{0, 1, 9}},
		{[]float64{.5, .1, .4}, Week{0, 2, 6}},
		{[]float64{.3, .1, .6}, Week{2, 0, 7}},
		{[]float64{.5, .5}, Week{0, 1, 5}},
		{[]float64{.2, .4, .4}, Week{1, 2, 5}},
		{[]float64{.2, .2, .2}, Week{0, 1, 5}},
		{[]float64{.1, .6, .1}, Week{1, 0, 9}},
		{[]float64{.25, .25, .5}, Week{2, 0, 7}},
	} {
		if got := DivideWeek(row.p); got != row.want {
			t.Errorf("week of %v = %+v, want %+v", row.p, got, row.want)
		}
	}
}
