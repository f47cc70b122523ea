package sim

import (
	"testing"

	"coexist/agents"
	"coexist/configs"
)

// TestPremiums: systems that patients pay compete on price. The more people mind a pound, the less
// systems ask; who costs more asks more; dear systems lose people to cheap ones.
func TestPremiums(t *testing.T) {
	from := warm(t, devon, .01)
	run := func(minded float64) *Model {
		b := branch(t, from, scenario(t, "medical-group-insurer", func(c *configs.Config) {
			c.Choice.Premium, c.Regime.Entry, c.Regime.Failure = minded, nil, "bail-out"
			c.Enrolment.Attention, c.Enrolment.SwitchCost = .5, 0
		}))
		steps(t, b, 4*52)
		return b
	}
	low, high := run(.03), run(.004)
	if !(low.meanPremium() < high.meanPremium()-50) {
		t.Errorf("mean premium is %.0f GBP where people mind a pound and %.0f where they hardly do", low.meanPremium(), high.meanPremium())
	}
	least, most := 1e9, 0.0
	for s := range low.systems {
		least, most = min(least, low.systems[s].Premium), max(most, low.systems[s].Premium)
	}
	if !(most > least+5) {
		t.Errorf("premiums lie between %.2f and %.2f GBP, want systems to differ", least, most)
	}
	if paid("premium")(&outcomeOf{rows: low.Take()}) <= 0 {
		t.Errorf("no premiums in the ledger")
	}

	share := func(premium float64) float64 {
		b := branch(t, from, scenario(t, "medical-group-insurer", func(c *configs.Config) {
			c.Choice.Premium, c.Regime.Entry = .01, nil
			c.Enrolment.Attention, c.Enrolment.SwitchCost = .9, 0
		}))
		b.systems[0].Premium = premium
		steps(t, b, 51)
		n := 0.0
		everyone(b, func(p *agents.Patient) {
			if p.System == 0 {
				n++
			}
		})
		return n / float64(b.people.Alive)
	}
	if cheap, dear := share(0), share(500); !(dear < .75*cheap) {
		t.Errorf("a system has %.3f of the people at no premium and %.3f at 500 GBP", cheap, dear)
	}
}
