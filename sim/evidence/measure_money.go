package evidence

// moneySpecs are money that the ledger of a run shows.
var moneySpecs = []spec{
	{id: "E57", weeks: "weeks 0-51", of: tariffs, why: "payments under tariff in the ledger, at the people of 2011"},
	{id: "E61", of: func(r *Run) (float64, bool) { return r.outcome("management_share", firstYear, lastYear) }, why: "management, contracts, claims, tenders and monitoring per 100 of resource cost"},
}

// tariffs is what commissioners paid by tariff in year 1, GBP billion for the people of 2011.
func tariffs(r *Run) (float64, bool) {
	sum := 0.0
	for i := range r.Rows.Ledger {
		if l := &r.Rows.Ledger[i]; l.Contract == "tariff" && l.Quarter <= 4 {
			sum += float64(l.Pence)
		}
	}
	return sum / 100 / r.Sample / residents(r.Place) * people2011 * 1e6 / 1e9, sum > 0
}
