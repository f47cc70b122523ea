package configs

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// conflict is a combination that cannot be: key says where it is reported.
type conflict struct{ key, text string }

// whole finds what is wrong with a scenario as a whole, now and after each of its reforms. where
// tells the origin of keys that were given; the others are reported at top.
func (c Config) whole(where map[string]origin, top *document) []*Fault {
	var found faults
	at := func(key string) origin {
		if o, ok := where[key]; ok {
			return o
		}
		if list, rest, ok := strings.Cut(key, "["); ok {
			if o, ok := where[list]; ok {
				return origin{o.doc, o.path + "[" + rest}
			}
		}
		return origin{doc: top}
	}
	for _, f := range c.conflicts() {
		found.add(at(f.key).fault("%s", f.text))
	}
	found.add(c.checkReforms(at)...)
	if len(found) > 0 {
		return found
	}
	seen := make(map[string]bool)
	for _, month := range c.ReformMonths() {
		then, err := c.WithReforms(month)
		if err != nil {
			found.add(at("reform").fault("%s", err))
			continue
		}
		for _, f := range then.conflicts() {
			if seen[f.text] {
				continue
			}
			seen[f.text] = true
			found.add(c.reformOrigin(at, month, f.key).fault("reform of %s: %s", month, f.text))
		}
	}
	return found
}

// reformOrigin is where a reform of the month sets key, or else its last reform.
func (c Config) reformOrigin(at func(key string) origin, month, key string) (o origin) {
	set, _, _ := strings.Cut(key, "[") // contract of contract[3]
	for i, r := range c.Reforms {
		if r.When != month {
			continue
		}
		o = at(fmt.Sprintf("reform[%d]", i))
		if _, ok := r.Set[set]; ok {
			o.path += ".set." + key
			break
		}
	}
	return o
}

// conflicts lists every impossible combination of one moment.
func (c Config) conflicts() []conflict {
	var list []conflict
	bad := func(wrong bool, key, format string, args ...any) {
		if wrong {
			list = append(list, conflict{key, fmt.Sprintf(format, args...)})
		}
	}
	r := c.Regime
	noSystems := r.Systems == "none"
	single := r.Systems == "area" || r.Systems == "nation"

	// Regime.
	bad(r.Enrolment != "none" && noSystems, "regime.enrolment",
		`regime.enrolment = %q, want "none" with regime.systems = "none": there is nobody to enrol with`, r.Enrolment)
	bad(r.Enrolment != "none" && r.Systems == "groups", "regime.enrolment",
		`regime.enrolment = %q, want "none" with regime.systems = "groups": a medical group is chosen for a pathway`, r.Enrolment)
	bad((r.Enrolment == "via-practice" || r.Enrolment == "direct") && single, "regime.enrolment",
		`regime.enrolment = %q, want "assigned" or "none" with regime.systems = %q: there is only one`, r.Enrolment, r.Systems)
	bad(r.SystemCount > 0 && noSystems, "regime.system_count",
		`regime.system_count = %d systems, want 0 with regime.systems = "none"`, r.SystemCount)
	bad(r.SystemCount > 1 && single, "regime.system_count",
		`regime.system_count = %d systems, want 0 or 1 with regime.systems = %q`, r.SystemCount, r.Systems)
	bad(r.Integration != "none" && noSystems, "regime.integration",
		`regime.integration = %q, want "none" with regime.systems = "none": there is nobody to integrate`, r.Integration)
	bad(r.Integration != "none" && len(r.Scope) == 0, "regime.scope",
		`regime.scope = [], want what to integrate with regime.integration = %q`, r.Integration)
	bad(r.Binding == "network" && r.Enrolment == "none", "regime.binding",
		`regime.binding = "network", want "free" with regime.enrolment = "none": nobody is in a network`)
	bad(r.Hospitals == "rented" && r.Systems != "groups", "regime.hospitals",
		`regime.hospitals = "rented", want "separate" or "owned" with regime.systems = %q: only groups rent`, r.Systems)
	bad(r.Hospitals == "owned" && (noSystems || r.Systems == "groups"), "regime.hospitals",
		`regime.hospitals = "owned", want "separate" with regime.systems = %q: there is no system to own them`, r.Systems)
	bad(len(r.Entry) > 0 && (noSystems || single), "regime.entry",
		`regime.entry = %s, want [] with regime.systems = %q: newcomers found systems that compete`, show(r.Entry), r.Systems)
	bad(r.Support != "none" && noSystems && r.BudgetHolder != "practice", "regime.support",
		`regime.support = %q, want "none" with regime.systems = "none": there is nobody to support`, r.Support)
	bad(r.MakeOrBuy && noSystems && r.BudgetHolder != "practice", "regime.make_or_buy",
		`regime.make_or_buy = true, want false with regime.systems = "none": there is nobody to provide`)
	bad(r.BudgetHolder == "system" && r.Enrolment == "none", "regime.budget_holder",
		`regime.budget_holder = "system", want people enrolled, not regime.enrolment = "none"`)

	list = append(list, c.contractConflicts()...)

	// Numbers that bound each other.
	bad(c.Payment.RiskR2 < c.Payment.RiskR2Cell || c.Payment.RiskR2 > c.Payment.RiskR2Max, "payment.risk_r2",
		"payment.risk_r2 = %s R2, want payment.risk_r2_cell to payment.risk_r2_max (%s to %s)",
		show(c.Payment.RiskR2), show(c.Payment.RiskR2Cell), show(c.Payment.RiskR2Max))
	bad(c.Integration.Start > c.Integration.Ceiling, "integration.start",
		"integration.start = %s share, want at most integration.ceiling (%s)", show(c.Integration.Start), show(c.Integration.Ceiling))
	bad(c.Contact.UsualGP+c.Contact.UsualGPOld > 1, "contact.usual_gp_old",
		"contact.usual_gp_old = %s probability, want at most 1 with contact.usual_gp (%s) added", show(c.Contact.UsualGPOld), show(c.Contact.UsualGP))
	limit := math.Sqrt(c.Contact.UsualGP * (1 - c.Contact.UsualGP)) // no distribution on 0 to 1 spreads more
	bad(c.Contact.UsualGPSpread > 0 && c.Contact.UsualGPSpread >= limit, "contact.usual_gp_spread",
		"contact.usual_gp_spread = %s probability (SD), want below %.3g with contact.usual_gp = %s",
		show(c.Contact.UsualGPSpread), limit, show(c.Contact.UsualGP))
	return list
}

// contractConflicts checks the table of who pays whom.
func (c Config) contractConflicts() []conflict {
	var list []conflict
	bad := func(key, format string, args ...any) {
		list = append(list, conflict{key, fmt.Sprintf(format, args...)})
	}
	r := c.Regime
	absent := map[string]string{ // roles that nobody plays, and why
		"system":  fmt.Sprintf("regime.systems = %q", r.Systems),
		"group":   fmt.Sprintf("regime.systems = %q", r.Systems),
		"support": fmt.Sprintf("regime.support = %q", r.Support),
	}
	switch r.Systems {
	case "none":
	case "groups":
		delete(absent, "group")
	default:
		delete(absent, "system")
	}
	pays := func(payer, payee, service string) bool {
		return slices.ContainsFunc(c.Contracts, func(k Contract) bool {
			return (payer == "" || k.Payer == payer) && (payee == "" || k.Payee == payee) &&
				(service == "" || k.Service == service) && k.Kind != "shared-savings" && k.Kind != "quality"
		})
	}
	for i, k := range c.Contracts {
		key, label := fmt.Sprintf("contract[%d]", i), fmt.Sprintf("contract %d", i+1)
		missing := false
		for _, role := range []string{k.Payer, k.Payee} {
			if why, ok := absent[role]; ok {
				bad(key, "%s: nobody is a %s with %s, want another role or other systems", label, role, why)
				missing = true
			}
		}
		if missing {
			continue
		}
		for _, other := range c.Contracts[:i] {
			if k.Payer == other.Payer && k.Payee == other.Payee && k.Service == other.Service &&
				(k.Kind == other.Kind || (k.Kind != "shared-savings" && other.Kind != "shared-savings")) {
				bad(key, "%s: %s pays %s for %s twice, by %s and by %s; want it once", label, k.Payer, k.Payee, k.Service, other.Kind, k.Kind)
				break
			}
		}
		if k.Payer != "government" && k.Payer != "patient" && !pays("", k.Payer, "") {
			bad(key, "%s: %s pays %s, but nobody pays %s; want a contract that does", label, k.Payer, k.Payee, k.Payer)
		}
		if k.Kind == "capitation" && k.Payee == "system" && r.Enrolment == "none" {
			bad(key, `%s: %s is paid by the head, but nobody is enrolled with regime.enrolment = "none"; want another enrolment or payee`, label, k.Payee)
		}
		if k.Service == "whole" && pays(k.Payee, k.Payer, "whole") {
			bad(key, "%s: %s and %s pay each other for whole, want one of the two", label, k.Payer, k.Payee)
		}
		if k.Service == "facility" && r.Hospitals != "rented" {
			bad(key, "%s: facility is paid for, want regime.hospitals = \"rented\", not %q", label, r.Hospitals)
		}
	}
	for _, service := range careServices {
		if !pays("", "", service) && !((service == "outpatient" || service == "elective") && pays("", "", "pathway")) {
			bad("contract", "contract: nobody pays for %s, want a contract that does", service)
		}
	}
	if r.Hospitals == "rented" && !pays("group", "hospital", "facility") {
		bad("regime.hospitals", `regime.hospitals = "rented", want a facility-fee contract from group to hospital`)
	}
	switch r.BudgetHolder {
	case "commissioner":
		if !pays("", "commissioner", "whole") {
			bad("regime.budget_holder", `regime.budget_holder = "commissioner", want a contract that pays commissioner for whole`)
		}
	case "system":
		if r.Systems == "none" || r.Systems == "groups" || !pays("", "system", "whole") {
			bad("regime.budget_holder", `regime.budget_holder = "system", want systems and a contract that pays system for whole`)
		}
	case "practice":
		if !pays("practice", "", "") {
			bad("regime.budget_holder", `regime.budget_holder = "practice", want contracts by which practice pays for care`)
		}
	}
	return list
}
