package sim

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"coexist/configs"
	"coexist/market"
	"coexist/sim/place"
	"coexist/sim/tables"
)

// reordered is a place in which every trust, site and district has another name and trusts stand in
// another order.
func reordered(p *place.Place) *place.Place {
	q := *p
	q.Trusts, q.Hospitals, q.Districts = slices.Clone(p.Trusts), slices.Clone(p.Hospitals), slices.Clone(p.Districts)
	n := len(q.Trusts)
	for i := range p.Trusts {
		t := p.Trusts[n-1-i]
		t.Name = fmt.Sprintf("Another name %d", i)
		q.Trusts[i] = t
	}
	for i := range q.Hospitals {
		q.Hospitals[i].Trust = uint16(n-1) - q.Hospitals[i].Trust
		q.Hospitals[i].Name += " renamed"
	}
	for d := range q.Districts {
		q.Districts[d].Name += " renamed"
	}
	return &q
}

// figures are the outcomes of a run by group, measure and quarter, those of single systems apart.
func figures(b tables.Batch, leave func(tables.Measure) bool) map[string]float64 {
	all := map[string]float64{}
	for _, o := range b.Outcomes {
		def, _ := tables.MeasureByName(o.Measure)
		if !strings.HasPrefix(o.Group, "system:") && !leave(def) {
			all[fmt.Sprint(o.Group, " ", o.Measure, " ", o.Quarter)] = o.Value
		}
	}
	return all
}

// alike compares two runs number by number.
func alike(t *testing.T, what string, got, want map[string]float64, within float64) {
	t.Helper()
	if len(got) != len(want) || len(want) == 0 {
		t.Errorf("%s: %d numbers, want %d", what, len(got), len(want))
	}
	off := 0
	for key, w := range want {
		if g, ok := got[key]; !ok || math.Abs(g-w) > within*math.Max(1, math.Abs(w)) {
			if off++; off <= 3 {
				t.Errorf("%s: %s = %v, want %v", what, key, g, w)
			}
		}
	}
	if off > 3 {
		t.Errorf("%s: %d of %d numbers differ", what, off, len(want))
	}
}

// byALine is what counts people or contacts on one side of a line, on which the last bits may put one, and what
// is made of it.
func byALine(d tables.Measure) bool {
	return slices.Contains([]string{"real_choice", "experience", "quality_index"}, d.Name)
}

func smooth(d tables.Measure) bool { return !byALine(d) }

// TestNamesMeanNothing: renaming organisations and shuffling their order changes nothing but names.
// Sums in another order may differ in the last bits.
func TestNamesMeanNothing(t *testing.T) {
	s := world1(t, devon, .01)
	run := func(p *place.Place, c configs.Config) tables.Batch {
		s := s
		s.Place = p
		m := begin(t, s)
		if err := m.WarmUp(); err != nil {
			t.Fatal(err)
		}
		b := branch(t, m, c)
		steps(t, b, 104)
		return b.Take()
	}
	other := reordered(s.Place)
	for _, name := range []string{"competing-systems", "gp-consortia", "open-entry", "airline"} {
		got, want := run(other, scenario(t, name)), run(s.Place, scenario(t, name))
		alike(t, name, figures(got, byALine), figures(want, byALine), 1e-5)
		alike(t, name, figures(got, smooth), figures(want, smooth), 1e-3) // a person of the panel or two
	}
	renamed := scenario(t, "single-system-torbay", func(c *configs.Config) { c.Name, c.Title, c.About = "x", "another", "other words" })
	none := func(tables.Measure) bool { return false }
	alike(t, "another name of the scenario", figures(run(s.Place, renamed), none), figures(run(s.Place, scenario(t, "single-system-torbay")), none), 0)
}

// TestWhoPostsMeansNothing: with links, effort, scope, costs of contracts and fees held equal, regimes that
// differ in who posts a payment, in who holds the budget, or in the word for how they are integrated give
// the same care to everyone.
func TestWhoPostsMeansNothing(t *testing.T) {
	from := warm(t, devon, .01)
	held := func(c *configs.Config) {
		c.Integration.Growth, c.Integration.MergerShock, c.Integration.Break = 0, 0, 0 // phi
		c.Effort.Damping, c.Effort.Exploration, c.Effort.Sharpness = 0, 0, 0           // effort
		c.Contact.ThresholdMoney, c.Contact.PartnerShare = 0, 0                        // fees
		c.Costs = configs.Costs{}
		c.MakeOrBuy.Reinvest, c.Labour.Autonomy, c.Labour.Turnover = 0, 0, 0
		c.Selection.Banned = true
		c.Market.Reserves = 5 // nobody rations
		c.Contracts = append([]configs.Contract(nil), c.Contracts...)
		for i := range c.Contracts {
			if c.Contracts[i].Service == "whole" {
				c.Contracts[i].Price *= 1.5
			}
		}
	}
	money := func(m tables.Measure) bool { // who pays and who owns, not care
		return m.Dimension == "cost" || slices.Contains([]string{"pathway_inside", "hhi_flows"}, m.Name)
	}
	run := func(changes ...change) map[string]float64 {
		b := branch(t, from, scenario(t, "arm-closed-real", append(changes, held)...))
		for i := range b.learners {
			o := b.learner(i)
			o.Quality, o.Integrate, o.Prevent = .25, 0, 0
			b.learners[i].Mean = market.Tasks{Quality: .25}
		}
		steps(t, b, 104)
		return figures(b.Take(), money)
	}
	want := run()
	alike(t, "the government pays hospitals", run(func(c *configs.Config) {
		c.Contracts = slices.Clone(c.Contracts)
		for i := range c.Contracts {
			if k := &c.Contracts[i]; k.Payee == "hospital" {
				k.Payer, k.Kind = "government", "block"
			}
		}
	}), want, 0)
	whole := scenario(t, "competing-systems").Contracts
	for _, owned := range []string{"owned", "separate"} {
		alike(t, "systems hold the budget, hospitals "+owned, run(func(c *configs.Config) {
			c.Contracts, c.Regime.BudgetHolder, c.Regime.Hospitals = whole, "system", owned
		}), want, 0)
	}
	alike(t, "a network instead of a merger", run(func(c *configs.Config) { c.Regime.Integration = "virtual" }), want, 1e-9)

	// And where they are not held equal, the test sees it.
	b := branch(t, from, scenario(t, "arm-closed-real", held, func(c *configs.Config) { c.Integration.Growth = .8 }))
	steps(t, b, 104)
	if got := figures(b.Take(), money)["all handoff_failures 8"]; got >= want["all handoff_failures 8"] {
		t.Errorf("with links that grow %.4f of handoffs fail, without %.4f", got, want["all handoff_failures 8"])
	}
}

// TestThirteenth: a researcher writes a system of care that is not built in in ten lines and without
// touching Go: accountable care organisations around trusts, paid as ever, that share what they save.
func TestThirteenth(t *testing.T) {
	file := filepath.Join(t.TempDir(), "accountable-care.toml")
	text := `extends = "status-quo"
name = "accountable-care"
[regime]
systems = "trusts"
integration = "virtual"
scope = ["primary-secondary", "pathway"]
enrolment = "via-practice"
support = "insurer"
[effort]
sharpness = 0.6
`
	if lines := strings.Count(text, "\n"); lines > 10 {
		t.Fatalf("%d lines, want ten", lines)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	c, err := configs.Read(file, configs.Options{})
	if err != nil {
		t.Fatal(err)
	}
	from := warm(t, devon, .01)
	b := branch(t, from, c)
	steps(t, b, 104)
	checkQueues(t, b, c.Name)
	got := b.Take()
	quo := branch(t, from, scenario(t, "status-quo"))
	steps(t, quo, 104)
	was := quo.Take()
	if a, b := mean(got, "all", "phi_mean", 4), mean(was, "all", "phi_mean", 4); !(a > b) {
		t.Errorf("links are at %.3f and at %.3f in the status quo", a, b)
	}
	if n := mean(got, "all", "systems", 0); n < 2 {
		t.Errorf("%g systems", n)
	}
	if paid("support")(&outcomeOf{rows: got}) <= 0 {
		t.Errorf("nobody pays for support")
	}
}
