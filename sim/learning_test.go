package sim

import (
	"math"
	"testing"

	"coexist/configs"
)

// TestNewcomersLearn: when systems and providers are added in the middle of a run each begins with a
// learner of its own, and the others go on with what they have learnt.
func TestNewcomersLearn(t *testing.T) {
	b := branch(t, warm(t, devon, .01), scenario(t, "open-entry", func(c *configs.Config) {
		c.Regime.MakeOrBuy, c.Regime.Mergers = true, false
		c.Regime.Systems, c.Regime.Hospitals, c.MakeOrBuy.UnitCost = "practices", "separate", .5
		c.Market.Leaders, c.Market.SetUp, c.Market.MinPractices = .5, .5, 1
	}))
	steps(t, b, 51)
	providers, systems := len(b.providers), len(b.systems)
	before := map[int32]float64{}
	for i := range b.learners {
		l := &b.learners[i]
		l.OwnDemand = float64(100 + 10*i) // what nobody else could have learnt
		before[b.learner(i).Party] = l.OwnDemand
	}
	steps(t, b, 27) // newcomers enter at the end of the year, and clinics open once they are set up
	if len(b.providers) == providers || len(b.systems) == systems {
		t.Fatalf("%d providers and %d systems were added, want some of both", len(b.providers)-providers, len(b.systems)-systems)
	}
	if len(b.learners) != len(b.providers)+len(b.systems) {
		t.Fatalf("%d learners of %d providers and %d systems", len(b.learners), len(b.providers), len(b.systems))
	}
	for i := range b.learners {
		l, o := &b.learners[i], b.learner(i)
		was, known := before[o.Party]
		if !known && o.Open && b.foreseen(i) > 0 && l.Prior <= 0 {
			t.Errorf("newcomer %s believes that quality wins nobody", b.names[o.Name])
		}
		if known && math.Abs(l.OwnDemand-was) > 4 {
			t.Errorf("%s has forgotten what it learnt: %v, was %v", b.names[o.Name], l.OwnDemand, was)
		}
	}
}

// TestReformKeepsYear: a reform in mid-year that forms organisations anew forgets nothing of the year:
// providers have done as much at its end as without, and keep their fixed cost.
func TestReformKeepsYear(t *testing.T) {
	from := warm(t, bay, 1)
	quo := scenario(t, "status-quo")
	year := func(reform bool) (done int64, fixed float64) {
		b := branch(t, from, quo)
		steps(t, b, 26)
		if reform {
			if err := b.Reform(scenario(t, "arm-open-none")); err != nil {
				t.Fatal(err)
			}
		}
		steps(t, b, 25)
		for _, n := range b.year.bills {
			done += n
		}
		steps(t, b, 1)
		for i := range b.providers {
			fixed += b.providers[i].Fixed
		}
		return done, fixed
	}
	whole, fixed := year(false)
	got, after := year(true)
	near(t, "activity of the year with a reform against without", float64(got)/float64(whole), 1, .05)
	near(t, "fixed cost after a reform against without", after/fixed, 1, .02)
}

// TestTenders: a budget that is handed to systems is tendered when a regime begins, when a reform hands
// it over, and when a newcomer is given one.
func TestTenders(t *testing.T) {
	tendered := func(b *Model) float64 {
		return paid("tendering")(&outcomeOf{rows: b.Take()})
	}
	b := branch(t, warm(t, bay, 1), scenario(t, "status-quo"))
	steps(t, b, 26)
	if got := tendered(b); got != 0 {
		t.Errorf("tenders of the status quo cost %.0f GBP, want none", got)
	}
	if err := b.Reform(scenario(t, "competing-systems")); err != nil {
		t.Fatal(err)
	}
	steps(t, b, 26)
	if got, want := tendered(b), b.cfg.Costs.Tender*b.cfg.Payment.Envelope*float64(b.people.Alive); got < .9*want {
		t.Errorf("tenders after a reform cost %.0f GBP, want about %.0f", got, want)
	}
	b = branch(t, warm(t, devon, .01), scenario(t, "open-entry", func(c *configs.Config) {
		c.Market.Leaders, c.Market.SetUp, c.Market.MinPractices = .5, .5, 1
	}))
	steps(t, b, 13)
	tendered(b)
	steps(t, b, 52)
	rows := b.Take()
	if events("entry")(&outcomeOf{rows: rows}) == 0 || paid("tendering")(&outcomeOf{rows: rows}) == 0 {
		t.Errorf("%g newcomers entered and their tenders cost %g GBP", events("entry")(&outcomeOf{rows: rows}), paid("tendering")(&outcomeOf{rows: rows}))
	}
}
