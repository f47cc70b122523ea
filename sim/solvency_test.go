package sim

import (
	"testing"

	"coexist/configs"
)

// poorer pays systems and commissioners a share of what they get.
func poorer(share float64) change {
	return func(c *configs.Config) {
		c.Contracts = append([]configs.Contract(nil), c.Contracts...)
		for i := range c.Contracts {
			if c.Contracts[i].Payer == "government" && c.Contracts[i].Service == "whole" {
				c.Contracts[i].Price *= share
			}
		}
	}
}

// TestSystemsRation: a system over its means funds no extra slots, fewer on the list, and its GPs refer
// less; one with reserves to meet the deficit does so later.
func TestSystemsRation(t *testing.T) {
	from := warm(t, bay, 1)
	missed := func(reserves float64) (float64, float64) {
		b := branch(t, from, scenario(t, "gp-consortia", poorer(.85), func(c *configs.Config) { c.Market.Reserves = reserves }))
		steps(t, b, 52)
		for s := range b.systems {
			if over := b.systems[s].Ratio > 1; over != (reserves < 1) {
				t.Errorf("system %d with reserves of %g of its income spends %.3f of its means", s, reserves, b.systems[s].Ratio)
			}
		}
		return mean(b.Take(), "all", "missed_need", 1), b.signals.electiveScale
	}
	poor, cut := missed(0)
	rich, whole := missed(5)
	if !(poor > 1.05*rich) {
		t.Errorf("needs missed are %.4g where systems are over their means and %.4g where reserves meet the deficit", poor, rich)
	}
	if !(cut < .99 && whole == 1) {
		t.Errorf("elective slots are scaled by %.4g over means and %.4g within", cut, whole)
	}
}

// TestCarriedDeficit: the account of a commissioner is in debt by the deficit that it carries, and the
// debt is paid out of the next budget: the more may be carried, the more is rationed later.
func TestCarriedDeficit(t *testing.T) {
	from := warm(t, bay, 1)
	run := func(limit float64) float64 {
		b := branch(t, from, scenario(t, "status-quo", poorer(.97), func(c *configs.Config) {
			c.Payment.DeficitCap = limit
			c.Effort.Sharpness = 0 // no contract is withdrawn after the accounts are closed
		}))
		for range 3 {
			steps(t, b, 52)
			for i := range b.buyers {
				if got, want := int64(b.ledger.Parties[b.buyers[i].Party].Balance), -b.buyers[i].Deficit; got != want {
					t.Errorf("limit %g, week %d: account of commissioner %d is at %d pence, want %d, the deficit carried", limit, b.Week(), i, got, want)
				}
			}
		}
		return mean(b.Take(), "all", "missed_need", 4)
	}
	if strict, lax := run(0), run(.05); !(lax > 1.01*strict) {
		t.Errorf("needs missed are %.4g where deficits are bailed out and %.4g where they are carried", strict, lax)
	}
}
