package sim

import (
	"testing"

	"coexist/configs"
)

// TestWithdrawal: commissioners take contracts from the insufficient as sharply as they are told, and pay
// for it; what they move is better afterwards, and people and money are conserved.
func TestWithdrawal(t *testing.T) {
	from := warm(t, devon, .01)
	run := func(sharp, moved float64, name string) *outcomeOf {
		b := branch(t, from, scenario(t, name, func(c *configs.Config) {
			c.Effort.Sharpness, c.Costs.Moved, c.Effort.Standard = sharp, moved, .5
		}))
		poor := -1
		for i := range b.services {
			if s := &b.services[i]; s.Open && !s.Outside && (poor < 0 || s.Base < b.services[poor].Base) {
				poor = i
			}
		}
		base, provider := b.services[poor].Base, b.services[poor].Provider
		steps(t, b, 4*52)
		checkQueues(t, b, "withdrawal")
		if err := b.Audit(); err != nil {
			t.Fatal(err)
		}
		if sharp == 1 && (b.services[poor].Provider == provider || b.services[poor].Base <= base) {
			t.Errorf("the poorest service, of quality %.2f, is still run by %s", base, b.names[b.providers[provider].Name])
		}
		return &outcomeOf{b.Take(), b}
	}
	blunt, sharp, dear := run(0, .1, "status-quo"), run(1, .1, "status-quo"), run(1, .2, "status-quo")
	if n := events("withdrawal")(blunt); n != 0 {
		t.Errorf("a commissioner without sharpness withdrew %g contracts", n)
	}
	if n := events("withdrawal")(sharp); n < 2 {
		t.Errorf("a sharp commissioner withdrew %g contracts in four years, want some", n)
	}
	if a, b := paid("disruption")(sharp), paid("disruption")(dear); !(b > 1.5*a && a > 0) {
		t.Errorf("disruption costs %.0f GBP at a tenth of a year's value and %.0f at a fifth", a, b)
	}
	if n := events("withdrawal")(run(.99, .1, "single-system-veterans")); n != 0 {
		t.Errorf("one organisation withdrew %g contracts from itself", n)
	}
	run(.99, .1, "airline")
}
