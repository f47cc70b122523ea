package sim

import (
	"testing"

	"coexist/agents"
	"coexist/configs"
)

// TestAirport: airports keep slots for groups that do not work there yet, which come; the fee has a part
// for each slot, which the owner spends on it.
func TestAirport(t *testing.T) {
	from := warm(t, devon, .01)
	fly := func(entrants, slot float64) *outcomeOf {
		b := branch(t, from, scenario(t, "airline", func(c *configs.Config) {
			c.Regime.SystemCount, c.Payment.FacilityEntrants, c.Payment.FacilitySlot = 6, entrants, slot
		}))
		steps(t, b, 156)
		checkQueues(t, b, "airport")
		if err := b.Audit(); err != nil {
			t.Fatal(err)
		}
		return &outcomeOf{b.Take(), b}
	}
	closed, open, dear := fly(0, 8), fly(.1, 8), fly(.1, 80)
	if a, b := events("route")(closed), events("route")(open); a != 0 || b == 0 {
		t.Errorf("%g groups came to new sites where no slots were kept and %g where a tenth was", a, b)
	}
	if a, b := paid("facility-fee")(open), paid("facility-fee")(dear); !(b > 1.05*a) {
		t.Errorf("facility fees are %.0f GBP at 8 GBP a slot and %.0f at 80", a, b)
	}
	cost := func(o *outcomeOf) float64 { return mean(o.rows, "all", "cost_per_head", 0) }
	near(t, "resource cost at 80 GBP a slot against 8", cost(dear)/cost(open), 1, .005)
}

// TestGroupsFail: a group in lasting deficit leaves where that is the rule; rivals or hospitals carry its
// lines, nobody in its queues is lost, and practices find another partner. Where it is bailed out, or
// paid enough, it stays.
func TestGroupsFail(t *testing.T) {
	from := warm(t, devon, .01)
	run := func(failure string, price float64) *outcomeOf {
		b := branch(t, from, scenario(t, "airline", func(c *configs.Config) {
			c.Regime.Failure = failure
			c.Contracts = append([]configs.Contract(nil), c.Contracts...)
			for i := range c.Contracts {
				if c.Contracts[i].Kind == "pathway" {
					c.Contracts[i].Price = price
				}
			}
		}))
		steps(t, b, 5*52)
		checkQueues(t, b, "groups fail")
		if err := b.Audit(); err != nil {
			t.Fatal(err)
		}
		return &outcomeOf{b.Take(), b}
	}
	if poor := run("exit", .6); events("exit")(poor) < 3 {
		t.Errorf("%g groups left at six tenths of the price, want many", events("exit")(poor))
	} else {
		for i := range poor.m.services {
			s := &poor.m.services[i]
			if s.Open && !poor.m.providers[s.Provider].Open {
				t.Errorf("service %d is run by a group that is no more", i)
			}
		}
		for _, g := range poor.m.links.partner {
			if g != agents.None && !poor.m.providers[g].Open {
				t.Fatalf("a practice belongs to a group that is no more")
			}
		}
		outpatient := int64(0)
		for _, r := range poor.rows.Ledger {
			if r.Payer == "commissioner" && r.Payee == "hospital" && r.Service == "outpatient" {
				outpatient += r.Pence
			}
		}
		if outpatient <= 0 {
			t.Errorf("hospitals carry lines that nobody pays for")
		}
	}
	if rich := run("exit", 2); events("exit")(rich) != 0 {
		t.Errorf("%g groups left at twice the price", events("exit")(rich))
	}
	kept := run("bail-out", .6)
	if events("exit")(kept) != 0 || events("bail-out")(kept) == 0 {
		t.Errorf("%g groups left and %g were bailed out where failure is not let happen", events("exit")(kept), events("bail-out")(kept))
	}
	paid := int64(0)
	for _, r := range kept.rows.Ledger {
		if r.Contract == "bail-out" {
			paid += r.Pence
		}
	}
	if r := kept.m.Regulator(); r.BailedOut != paid || r.Ratings != 20 {
		t.Errorf("the regulator paid %d pence and rated %d times, want %d, and each quarter of five years", r.BailedOut, r.Ratings, paid)
	}
}
