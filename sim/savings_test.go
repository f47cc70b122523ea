package sim

import (
	"testing"

	"coexist/configs"
)

// TestSharedSavings: whoever the contract names is paid, out of the account of whoever it names as
// payer, and for what its own people cost less than before, a head.
func TestSharedSavings(t *testing.T) {
	from := warm(t, bay, 1)
	for _, row := range []struct {
		scenario, payer, payee string
		cheaper                bool
	}{
		{"practice-based-commissioning", "commissioner", "practice", true},
		{"arm-open-virtual", "commissioner", "system", true},
		{"gp-consortia", "system", "practice", true},
		{"status-quo", "government", "commissioner", true},
		{"arm-open-virtual", "commissioner", "system", false},
	} {
		c := scenario(t, row.scenario, func(c *configs.Config) {
			c.Payment.SavingsMinimum = 0
			c.Contracts = append([]configs.Contract(nil), c.Contracts...)
			if row.scenario != "practice-based-commissioning" {
				c.Contracts = append(c.Contracts, configs.Contract{Payer: row.payer, Payee: row.payee, Service: "whole", Kind: "shared-savings", Price: 1})
			}
		})
		b := branch(t, from, c)
		steps(t, b, 52)
		b.Take()
		c.Contact.Rate, c.Health.EmergencyTrend = 5, 0
		c.Contact.Need, c.Payment.Emergency = .5*c.Contact.Need, c.Payment.Emergency/2
		if !row.cheaper {
			c.Payment.Emergency *= 5
		}
		if err := b.Reform(c); err != nil {
			t.Fatal(err)
		}
		steps(t, b, 52)
		if err := b.Audit(); err != nil {
			t.Fatal(err)
		}
		sum, stray := int64(0), int64(0)
		for _, r := range b.Take().Ledger {
			switch {
			case r.Contract != "shared-savings":
			case r.Payer == row.payer && r.Payee == row.payee:
				sum += r.Pence
			default:
				stray += r.Pence
			}
		}
		if stray != 0 || (sum > 0) != row.cheaper {
			t.Errorf("%s: %s pays %s %d pence of savings and others %d, care was cheaper: %v", row.scenario, row.payer, row.payee, sum, stray, row.cheaper)
		}
	}
}
