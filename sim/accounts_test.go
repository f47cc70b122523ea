package sim

import (
	"slices"
	"testing"

	"coexist/agents"
	"coexist/configs"
	"coexist/market"
	"coexist/sim/tables"
)

// twelve are the systems of the debate.
var twelve = []string{"status-quo", "practice-based-commissioning", "ico-pilots", "gp-consortia", "competing-systems", "virtual-systems",
	"integrated-provider-organisations", "airline", "medical-group-insurer", "single-system-torbay", "single-system-veterans", "open-entry"}

// TestAccounts: under each of the twelve systems every pound has a payer, a payee, a contract and a
// service; what roles receive and pay in the rows is what their accounts say; every contract of the
// scenario moves money; and the costs of the market itself stand apart, each where it arises.
func TestAccounts(t *testing.T) {
	from := warm(t, devon, .01)
	for _, name := range twelve {
		c := scenario(t, name)
		b := branch(t, from, c)
		opening := map[market.Role]market.Pence{}
		for i := range b.ledger.Parties {
			opening[b.ledger.Parties[i].Role] -= b.ledger.Parties[i].Balance - b.ledger.Parties[i].Net // before what is not drained
		}
		steps(t, b, 104)
		rows := b.Take().Ledger
		checkRows(t, name, b, rows, opening)
		for _, k := range c.Contracts {
			kind := k.Kind
			if k.Payer == "patient" {
				kind = "premium"
			}
			if !moved(rows, k.Payer, k.Payee, kind, k.Service) && !inside(c, k) {
				t.Errorf("%s: %s pays %s nothing for %s by %s", name, k.Payer, k.Payee, k.Service, kind)
			}
		}
		checkCosts(t, name, c, rows)
	}
}

// checkRows compares the rows of the ledger with the accounts.
func checkRows(t *testing.T, name string, b *Model, rows []tables.Ledger, change map[market.Role]market.Pence) {
	t.Helper()
	for i := range b.ledger.Parties {
		change[b.ledger.Parties[i].Role] += b.ledger.Parties[i].Balance
	}
	kinds, services := map[string]bool{}, map[string]bool{}
	for k := range market.Kinds {
		kinds[k.String()] = true
	}
	for s := range market.Services {
		services[s.String()] = true
	}
	for _, r := range rows {
		payer, err := market.ParseRole(r.Payer)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		payee, err := market.ParseRole(r.Payee)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !kinds[r.Contract] || !services[r.Service] {
			t.Fatalf("%s: contract %q of service %q", name, r.Contract, r.Service)
		}
		change[payer] += market.Pence(r.Pence)
		change[payee] -= market.Pence(r.Pence)
	}
	for role, off := range change {
		if off != 0 {
			t.Errorf("%s: accounts of role %v moved by %d pence more than the rows say", name, role, off)
		}
	}
}

// moved reports whether money moved under a contract.
func moved(rows []tables.Ledger, payer, payee, kind, service string) bool {
	return slices.ContainsFunc(rows, func(r tables.Ledger) bool {
		return r.Payer == payer && r.Payee == payee && r.Contract == kind && r.Service == service && r.Pence != 0
	})
}

// inside reports whether a contract may move nothing: between a system and hospitals that it owns, or a
// share of savings that were not made.
func inside(c configs.Config, k configs.Contract) bool {
	return k.Kind == "shared-savings" || k.Payer == "system" && k.Payee == "hospital" && c.Regime.Hospitals == "owned"
}

// checkCosts holds the costs of the market to where they arise.
func checkCosts(t *testing.T, name string, c configs.Config, rows []tables.Ledger) {
	t.Helper()
	budgets := c.Regime.BudgetHolder == "system"
	for kind, want := range map[string]bool{
		"contracting": true, "management": true, "monitoring": true,
		"billing": slices.ContainsFunc(rows, func(r tables.Ledger) bool { return r.Contract == "tariff" }),
		// Budgets are tendered, and contracts that are withdrawn.
		"tendering":  budgets || slices.ContainsFunc(rows, func(r tables.Ledger) bool { return r.Contract == "disruption" }),
		"leadership": c.Regime.Integration != "none", "governance": c.Regime.Integration != "none",
		"support": c.Regime.Support == "insurer",
	} {
		sum := int64(0)
		for _, r := range rows {
			if r.Contract == kind {
				sum += r.Pence
			}
		}
		if (sum > 0) != want {
			t.Errorf("%s: %s costs %d pence, want some: %v", name, kind, sum, want)
		}
	}
	if name == "competing-systems" && !moved(rows, "system", "outside", "marketing", "whole") {
		t.Errorf("%s: systems that compete spend nothing on marketing", name)
	}
}

// TestEachRegimePaysItsMarket: the costs of the market differ between regimes: one organisation has fewer
// contracts and claims than a market, a market with systems pays for more of it than the status quo.
func TestEachRegimePaysItsMarket(t *testing.T) {
	from := warm(t, devon, .01)
	cost := func(name string, kinds ...string) (sum float64) {
		o := lived(t, from, name, 2)
		for _, k := range kinds {
			sum += paid(k)(o)
		}
		return sum
	}
	if quo, one := cost("status-quo", "billing"), cost("single-system-veterans", "billing"); one > .7*quo {
		t.Errorf("claims cost %.0f GBP in the status quo and %.0f with one organisation", quo, one)
	}
	all := []string{"contracting", "billing", "tendering", "monitoring", "marketing", "management", "leadership", "support", "governance"}
	if quo, market := cost("status-quo", all...), cost("medical-group-insurer", all...); market < 1.2*quo {
		t.Errorf("the market costs %.0f GBP in the status quo and %.0f with groups and insurers", quo, market)
	}
}

// TestTwelveRun: the twelve systems of the debate are built in, and each forms the organisations that it is
// about.
func TestTwelveRun(t *testing.T) {
	from := warm(t, devon, .01)
	forms := map[string]agents.Kind{"ico-pilots": agents.Consortium, "gp-consortia": agents.Consortium, "practice-based-commissioning": agents.Consortium,
		"competing-systems": agents.System, "virtual-systems": agents.System, "open-entry": agents.System, "integrated-provider-organisations": agents.System,
		"single-system-torbay": agents.Area, "single-system-veterans": agents.Area, "medical-group-insurer": agents.Consortium}
	for _, name := range twelve {
		if !slices.Contains(scenarioNames(), name) {
			t.Errorf("%s is not built in", name)
			continue
		}
		b := branch(t, from, scenario(t, name))
		kind, has := forms[name]
		if has != (len(b.systems) > 0) || has && b.systems[0].Kind != kind {
			t.Errorf("%s has %d systems, want some of kind %v: %v", name, len(b.systems), kind, has)
		}
		groups := slices.ContainsFunc(b.providers, func(o agents.Organisation) bool { return o.Kind == agents.Group })
		if groups != (name == "airline") {
			t.Errorf("%s has specialty groups: %v", name, groups)
		}
	}
}
