package configs

// Regime is what a system of care is composed of. No value names a preset: a preset is a
// composition of these and of contracts.
type Regime struct {
	Systems      string   `toml:"systems"`       // none, trusts, practices, groups, area, nation: around whom integrated organisations form
	SystemCount  int64    `toml:"system_count"`  // how many form in a place (groups: in each line); 0 = one for each anchor
	Integration  string   `toml:"integration"`   // none, virtual, real
	Scope        []string `toml:"scope"`         // primary-secondary, pathway, social-care: which handoffs may be integrated
	Enrolment    string   `toml:"enrolment"`     // none, assigned, via-practice, direct: how people come to a system
	Practice     string   `toml:"practice"`      // assigned, choice: whether people may change practice
	Referral     string   `toml:"referral"`      // assigned, choice: who picks the provider at referral
	Binding      string   `toml:"binding"`       // free, network: whether a referral must stay in the system
	BudgetHolder string   `toml:"budget_holder"` // commissioner, system, practice: who bears the cost of care
	Hospitals    string   `toml:"hospitals"`     // separate, owned, rented: whose the sites are to those who treat in them
	Entry        []string `toml:"entry"`         // practice-led, hospital-led, corporate: kinds of newcomer allowed
	Failure      string   `toml:"failure"`       // bail-out, exit: what happens after sustained deficit
	Mergers      bool     `toml:"mergers"`       // whether organisations may merge
	MakeOrBuy    bool     `toml:"make_or_buy"`   // whether budget holders may provide lines themselves
	Support      string   `toml:"support"`       // none, insurer: who sells analytics and claims handling
}

// Contract says that payer pays payee for a service by a kind of contract. The words are in Roles,
// Services and Kinds; which go together is in kindServices and servicePayees (roles.go).
type Contract struct {
	Payer   string  `toml:"payer"`
	Payee   string  `toml:"payee"`
	Service string  `toml:"service"`
	Kind    string  `toml:"kind"`  // how
	Price   float64 `toml:"price"` // multiple of the reference price, 1 = as published
}
