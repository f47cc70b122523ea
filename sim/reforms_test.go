package sim

import (
	"testing"

	"coexist/agents"
	"coexist/configs"
)

// TestReform: a dated change of contracts, of parameters and of the whole regime in the middle of a run
// takes effect from then on; people, money and queues are conserved through it.
func TestReform(t *testing.T) {
	from := warm(t, devon, .01)
	quo := scenario(t, "status-quo")
	run := func(weeks int, reform func(*Model) error) *Model {
		b := branch(t, from, quo)
		steps(t, b, weeks)
		b.Take()
		if reform != nil {
			if err := reform(b); err != nil {
				t.Fatal(err)
			}
			checkQueues(t, b, "reform")
			if err := b.Audit(); err != nil {
				t.Fatal(err)
			}
		}
		steps(t, b, 130-weeks)
		checkQueues(t, b, "after a reform")
		if err := b.Audit(); err != nil {
			t.Error(err)
		}
		return b
	}
	plain := run(52, nil).Take()
	for _, row := range []struct {
		what, measure string
		weeks         int
		to            configs.Config
		sign          float64
	}{
		{"prices fall", "price_per_head", 52, scenario(t, "status-quo", func(c *configs.Config) { c.Payment.Emergency /= 2 }), -1},
		{"a contract at half price", "price_per_head", 60, scenario(t, "status-quo", func(c *configs.Config) {
			c.Contracts = append([]configs.Contract(nil), c.Contracts...)
			for i := range c.Contracts {
				if c.Contracts[i].Payee == "hospital" {
					c.Contracts[i].Price /= 2
				}
			}
		}), -1},
		{"handoffs fail more", "handoff_failures_per_episode", 60, scenario(t, "status-quo", func(c *configs.Config) { c.Integration.FailureRate *= 2 }), 1},
		{"choice ends", "real_choice", 70, scenario(t, "status-quo", func(c *configs.Config) { c.Regime.Referral, c.Regime.Practice = "assigned", "assigned" }), -1},
		{"systems form", "systems", 70, scenario(t, "competing-systems"), 1},
		{"one system forms", "phi_mean", 52, scenario(t, "single-system-torbay"), 1},
		{"groups form", "hhi_flows", 61, scenario(t, "airline"), -1},
	} {
		got := run(row.weeks, func(m *Model) error { return m.Reform(row.to) }).Take()
		a, b := mean(plain, "all", row.measure, 6), mean(got, "all", row.measure, 6)
		if !((b-a)*row.sign > 0) {
			t.Errorf("%s: %s is %.5g after the reform and %.5g without, want a move of sign %+g", row.what, row.measure, b, a, row.sign)
		}
	}

	// There and back, through groups and through systems.
	b := branch(t, from, quo)
	for _, name := range []string{"airline", "competing-systems", "airline", "gp-consortia", "status-quo", "open-entry"} {
		steps(t, b, 31)
		if err := b.Reform(scenario(t, name)); err != nil {
			t.Fatal(name, err)
		}
		checkQueues(t, b, name)
	}
	steps(t, b, 60)
	checkQueues(t, b, "there and back")
	if err := b.Audit(); err != nil {
		t.Error(err)
	}
	for i := range b.services {
		s := &b.services[i]
		if !s.Open && len(b.clinics[i])+len(b.lists[i]) > 0 {
			t.Errorf("%d people wait for service %d, which is closed", len(b.clinics[i])+len(b.lists[i]), i)
		}
		if s.Open && !b.providers[s.Provider].Open {
			t.Errorf("service %d is run by %s, which is closed", i, b.names[b.providers[s.Provider].Name])
		}
	}
}

// TestReorganisations: clinics made, mergers, entries and exits in one year, again and again.
func TestReorganisations(t *testing.T) {
	from := warm(t, devon, .01)
	for _, name := range []string{"gp-consortia", "integrated-provider-organisations", "open-entry", "medical-group-insurer", "competing-systems"} {
		for _, poor := range []float64{1, .5} {
			b := branch(t, from, scenario(t, name, func(c *configs.Config) {
				c.Regime.Mergers, c.Regime.MakeOrBuy, c.Regime.Failure = true, true, "exit"
				c.Regime.Entry = []string{"practice-led", "hospital-led", "corporate"}
				c.Market.MergerHazard, c.Market.MergerHHI = .3, 1
				c.MakeOrBuy.UnitCost = .5
				c.Market.Leaders, c.Market.SetUp, c.Market.MinPractices = .5, .5, 1
				c.Market.DeficitQuarters, c.Market.DeficitShare, c.Market.Reserves = 4, -.001, 0
				for i := range c.Contracts {
					if c.Contracts[i].Payer == "government" {
						c.Contracts[i].Price *= poor
					}
				}
			}))
			steps(t, b, 6*52)
			checkQueues(t, b, name)
			what := map[string]int{}
			for _, e := range b.Take().Events {
				what[e.Event]++
			}
			t.Logf("%s at %g of the budget: %v", name, poor, what)
			open, enrolled := 0, 0
			for s := range b.systems {
				if b.systems[s].Open {
					open++
				}
			}
			everyone(b, func(p *agents.Patient) {
				if p.System == agents.None {
					return
				}
				enrolled++
				if !b.systems[p.System].Open {
					t.Fatalf("%s: somebody is enrolled in %s, which is closed", name, b.names[b.systems[p.System].Name])
				}
				if p.System != b.practices[p.Practice].System && b.cfg.Regime.Enrolment == "via-practice" {
					t.Fatalf("%s: somebody is in a system without the practice", name)
				}
			})
			if open > 0 && enrolled < int(b.people.Alive)*3/4 { // the rest are with practices that left all systems
				t.Errorf("%s: %d of %d people are enrolled in %d systems", name, enrolled, b.people.Alive, open)
			}
		}
	}
}

// TestContracts: kinds of contract that no built-in scenario signs pay too, and answer their parameters.
func TestContracts(t *testing.T) {
	from := warm(t, bay, 1)
	money := func(name, kind string, add configs.Contract, changes change) (sum int64) {
		b := branch(t, from, scenario(t, name, changes, func(c *configs.Config) {
			c.Contracts = append(append([]configs.Contract(nil), c.Contracts...), add)
		}))
		steps(t, b, 104)
		if err := b.Audit(); err != nil {
			t.Fatal(err)
		}
		for _, r := range b.Take().Ledger {
			if r.Contract == kind {
				sum += r.Pence
			}
		}
		return sum
	}
	forQuality := configs.Contract{Payer: "commissioner", Payee: "hospital", Service: "quality", Kind: "quality", Price: 1}
	low := money("status-quo", "quality", forQuality, func(c *configs.Config) { c.Payment.QualityShare, c.Payment.QualityFrom = .01, 0 })
	high := money("status-quo", "quality", forQuality, func(c *configs.Config) { c.Payment.QualityShare, c.Payment.QualityFrom = .05, 0 })
	if !(high > 4*low && low > 0) {
		t.Errorf("payments for quality = %d pence at a share of .01 and %d at .05", low, high)
	}
	if never := money("status-quo", "quality", forQuality, func(c *configs.Config) { c.Payment.QualityShare, c.Payment.QualityFrom = .05, 5 }); never != 0 {
		t.Errorf("payments for quality below the standard = %d pence, want 0", never)
	}
	savings := configs.Contract{Payer: "commissioner", Payee: "system", Service: "whole", Kind: "shared-savings", Price: 1.2}
	half := money("arm-open-virtual", "shared-savings", savings, func(c *configs.Config) {
		c.Payment.SavingsShare, c.Payment.SavingsMinimum, c.Payment.SavingsTrend, c.Health.EmergencyTrend = .25, 0, .1, 0
	})
	full := money("arm-open-virtual", "shared-savings", savings, func(c *configs.Config) {
		c.Payment.SavingsShare, c.Payment.SavingsMinimum, c.Payment.SavingsTrend, c.Health.EmergencyTrend = .75, 0, .1, 0
	})
	if !(full > half && half > 0) {
		t.Errorf("shared savings = %d pence at a share of .25 and %d at .75", half, full)
	}
}
