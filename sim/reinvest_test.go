package sim

import (
	"testing"

	"coexist/agents"
	"coexist/configs"
	"coexist/market"
)

// TestReinvestment: what prevented admissions free, and nothing else, goes back into integration and
// prevention, as far as scenarios say and into which of both; fixed cost of one's own hospitals stays; who
// is over its means reinvests nothing; without prevention nothing is freed.
func TestReinvestment(t *testing.T) {
	from := warm(t, devon, .02)
	run := func(changes ...change) *Model {
		b := branch(t, from, scenario(t, "integrated-provider-organisations", append([]change{func(c *configs.Config) {
			c.Health.ControlPrevention, c.Regime.Mergers = .2, false
		}}, changes...)...))
		steps(t, b, 3*52)
		if err := b.Audit(); err != nil {
			t.Fatal(err)
		}
		return b
	}
	means := func(m *Model) (spend, freed, prevent, control float64) {
		n := 0.0
		for s := range m.systems {
			if o := &m.systems[s]; o.Open && o.Enrolled > 0 {
				spend += o.Spend
				freed += o.Freed
				prevent += o.Prevent
				n++
			}
		}
		people := 0.0
		everyone(m, func(p *agents.Patient) {
			if p.Conditions > 0 {
				control += controlNow(m, p)
				people++
			}
		})
		return spend / n, freed / n, prevent / n, control / people
	}
	to := func(share float64) change { return func(c *configs.Config) { c.MakeOrBuy.ToPrevention = share } }
	back := func(share float64) change { return func(c *configs.Config) { c.MakeOrBuy.Reinvest = share } }
	usual := from.cfg.Integration.Spend
	keptSpend, keptFreed, keptPrevent, keptControl := means(run(back(0)))
	if keptSpend != usual || keptFreed != 0 {
		t.Errorf("who keeps what is freed spends %.2f GBP a head on integration and %.2f on prevention, want %.2f and 0", keptSpend, keptFreed, usual)
	}
	spend, freed, _, _ := means(run(back(1), to(0)))
	if !(spend > usual+.2) || freed != 0 {
		t.Errorf("all reinvested in integration makes %.2f GBP a head of %.2f, and %.2f for prevention", spend, usual, freed)
	}
	spend, freed, prevent, control := means(run(back(1), to(1)))
	if spend != usual || !(freed > .2 && prevent > keptPrevent+.02 && control > keptControl) {
		t.Errorf("all reinvested in prevention makes %.2f GBP a head, effort of %.3f against %.3f, control of %.4f against %.4f", freed, prevent, keptPrevent, control, keptControl)
	}
	if _, freed, _, _ := means(run(back(1), to(1), func(c *configs.Config) { c.Payment.FixedShare = 1 })); freed != 0 {
		t.Errorf("%.2f GBP a head are freed though all cost of own hospitals stays", freed)
	}
	m := run(back(1), to(1))
	for s := range m.systems {
		m.systems[s].Ratio = 1.1
	}
	if m.reinvest(); m.systems[0].Freed != 0 || m.systems[0].Spend != usual {
		t.Errorf("a system over its means reinvests %.2f GBP a head", m.systems[0].Freed)
	}
	// The reference is what hazards and the warm-up say: where nothing was prevented, nothing is freed.
	m = run(back(1), to(1), func(c *configs.Config) { c.Health.ControlPrevention, c.Contact.MissedLoss = 0, .3 })
	if _, freed, _, _ := means(m); freed > .5 {
		t.Errorf("%.2f GBP a head are freed though nothing prevents admissions", freed)
	}
}

// TestMorePrevention: money buys as much more prevention as it costs.
func TestMorePrevention(t *testing.T) {
	x := market.Tasks{Quality: .3, Integration: .2, Prevention: .1}
	y := x.MorePrevention(4, 1, 2.5)
	if got := y.Cost(4, 1) - x.Cost(4, 1); !(got > 2.5-1e-9 && got < 2.5+1e-9) || y.Quality != x.Quality || y.Integration != x.Integration {
		t.Errorf("2.50 GBP a head buy %+v, which costs %.4f more", y, got)
	}
	if y := x.MorePrevention(0, 0, 1); y != x {
		t.Errorf("where effort costs nothing money buys %+v", y)
	}
	if y := x.MorePrevention(4, 1, 1e9); y.Prevention != market.MaxEffort {
		t.Errorf("all the money of the world buys prevention of %g, want %g", y.Prevention, market.MaxEffort)
	}
}
