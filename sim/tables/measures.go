package tables

// Measure is one number that a run reports for a place, a quarter and a group of people. Its
// definition is that of docs/ODD.md, section 6; a new measure is one entry of Measures.
type Measure struct {
	Name      string // in the column measure: lower case, words joined by _
	Title     string // on axes and in reports
	Unit      string // in the column unit
	Dimension string // choice, quality, cost, fragmentation, coverage or market
	Aim       string // of the six aims of quality: safe, timely, effective, efficient, equitable, patient-centred; else empty
	Meaning   string // definition, one or two sentences
	Better    int    // +1 higher is better, -1 lower is better, 0 neither by itself
	Period    string // how often it is reported: quarter, or year (in every fourth quarter, over the year to it)
}

// Headline names the measure that stands for each dimension in tables, verdicts and figures.
var Headline = struct{ Choice, Quality, Cost, Fragmentation string }{
	Choice:        "effective_options",
	Quality:       "quality_index",
	Cost:          "cost_per_head",
	Fragmentation: "handoff_failures_per_episode",
}

// Units that several measures share.
const (
	share       = "share" // 0 to 1
	options     = "options"
	minutes     = "minutes"
	index       = "index" // 0 to 1
	weeks       = "weeks"
	perThousand = "per 1,000 people a year"
	perEpisodes = "per 1,000 episodes"
	poundsAHead = "GBP a head a year"
	count       = "count"
)

// Measures lists every measure in the order of reports: the four dimensions, then coverage and
// market. Rates are yearly whatever the period. Choice is measured on the panel of people and the
// basket of standard decisions (one a person and year: practice, system, one referral a service
// line), used or not.
var Measures = []Measure{
	// Choice.
	{"effective_options", "Effective options", options, "choice", "",
		"exp(-sum p ln p) over a person's own choice probabilities, mean over the basket; 1 = no choice. The headline of choice.", +1, "year"},
	{"options_in_reach", "Options in reach", options, "choice", "",
		"Open providers that the regime lets a person choose: at most the 8 nearest within 60 minutes for a referral, mean over the basket.", +1, "year"},
	{"acceptable_options", "Acceptable options", options, "choice", "",
		"Options in reach within 45 minutes, with a wait of at most 18 weeks and a quality above -1 SD, mean over the basket.", +1, "year"},
	{"real_choice", "People with a real choice", share, "choice", "",
		"Share of standard decisions with two or more options each chosen with a probability of 10 % or over.", +1, "year"},
	{"bypass_nearest", "Treated elsewhere than nearest", share, "choice", "",
		"Share of referrals treated at a site other than the nearest one with the service line.", 0, "quarter"},
	{"switching", "Switching", perThousand, "choice", "",
		"Changes of practice or system by people who did not move home.", 0, "quarter"},
	{"choice_value", "Value of the options", minutes, "choice", "",
		"Logsum (1/b_t)[ln sum exp(Vd) + sum p (Vx - Vd)] in minutes of travel, Vd as perceived, Vx as experienced; assigned care Vx/b_t. Only differences mean anything; it never falls when an option is added.", +1, "year"},
	{"experienced_value", "Value of what was chosen", minutes, "choice", "",
		"sum p Vx / b_t in minutes of travel: what the chosen provider is worth as experienced, without taste for variety. Only differences mean anything.", +1, "year"},
	{"choice_burden", "Burden of choosing", minutes, "choice", "",
		"0.5 minutes for each option in reach above 3 (assumption, 0 to 2), mean over the basket.", -1, "year"},
	{"hhi_flows", "Concentration of patient flows", index, "choice", "",
		"Herfindahl-Hirschman index in shares: squared shares of an area's flow by controlling organisation, each service line apart, weighted by flow to providers; 1 = monopoly.", -1, "year"},
	{"hhi_sites", "Concentration by site", index, "choice", "",
		"As hhi_flows with each hospital site as its own organisation.", -1, "year"},

	// Quality, in the six aims.
	{"quality_index", "Quality index", "SD of the status quo", "quality", "",
		"Mean of five standardised parts, each signed so that higher is better: control, median wait, avoidable admissions, harm, experience. A part is its difference from the status quo at the end of the warm-up, divided by a spread between providers that is fixed for all runs (docs/ODD.md). The headline of quality.", +1, "quarter"},
	{"harm", "Harm from care", perEpisodes, "quality", "safe",
		"Episodes of hospital care in which the patient was harmed, from treatment or a failed handoff.", -1, "quarter"},
	{"wait_median", "Median wait", weeks, "quality", "timely",
		"Median wait from referral to first treatment of waits that ended in the quarter.", -1, "quarter"},
	{"wait_p95", "95th percentile wait", weeks, "quality", "timely",
		"95th percentile of the wait from referral to first treatment of waits that ended in the quarter.", -1, "quarter"},
	{"within_18_weeks", "Treated within 18 weeks", share, "quality", "timely",
		"Share of waits ending in the quarter that were at most 18 weeks from referral to treatment.", +1, "quarter"},
	{"within_4_hours", "A&E within four hours", share, "quality", "timely",
		"Share of accident and emergency visits that ended within four hours.", +1, "quarter"},
	{"gp_delay_days", "Delay for a GP", "days", "quality", "timely",
		"Mean days from need to an appointment in general practice.", -1, "quarter"},
	{"avoidable_admissions", "Avoidable emergency admissions", perThousand, "quality", "effective",
		"Emergency admissions for conditions that good care outside hospital prevents, per 1,000 person-years.", -1, "quarter"},
	{"emergency_admissions", "Emergency admissions", perThousand, "quality", "effective",
		"All emergency admissions, avoidable or not, per 1,000 person-years.", -1, "quarter"},
	{"control", "Control of long-term conditions", index, "quality", "effective",
		"Mean control c of people with a long-term condition, 0 to 1.", +1, "quarter"},
	{"mortality", "Mortality", perThousand, "quality", "effective",
		"Deaths per 1,000 person-years, crude: compare scenarios of one place, whose people are the same.", -1, "quarter"},
	{"life_years", "Life-years lived", "years a year per 1,000 people at the start", "quality", "effective",
		"Years lived, at a yearly rate, by 1,000 people alive when the regime began; whoever moved away alive counts as alive. Summed over the years, its paired difference is the life-years gained.", +1, "quarter"},
	{"readmissions", "Emergency readmissions", "%", "quality", "effective",
		"Emergency readmissions at discharge, per 100 emergency admissions.", -1, "quarter"},
	{"duplicates", "Duplicate tests", perThousand, "quality", "efficient",
		"Tests repeated because a handoff failed, per 1,000 person-years.", -1, "quarter"},
	{"bed_days", "Bed days", perThousand, "quality", "efficient",
		"Days spent in hospital beds, per 1,000 person-years.", -1, "quarter"},
	{"delayed_days", "Delayed bed days", share, "quality", "efficient",
		"Share of bed days of patients fit to leave who wait for social care or a handoff.", -1, "quarter"},
	{"slope_avoidable", "Inequality of avoidable admissions", perThousand, "quality", "equitable",
		"Slope index of inequality: avoidable admissions at the most deprived end less the least deprived end of the regression on deprivation rank; 0 = equal.", -1, "year"},
	{"concentration_avoidable", "Concentration of avoidable admissions", "index, -1 to 1", "quality", "equitable",
		"Concentration index of avoidable admissions over deprivation rank, from most to least deprived; below 0 the deprived have more than their share.", 0, "year"},
	{"experience", "Experience", index, "quality", "patient-centred",
		"Share of contacts in general practice that people rate good, 0 to 1.", +1, "quarter"},

	// Cost.
	{"cost_per_head", "Cost per head", poundsAHead, "cost", "",
		"Resource cost: inputs used, health and social care, market costs included, whoever pays and whatever the price; of a group its own care at reference prices and an equal share of the rest. The headline of cost.", -1, "quarter"},
	{"price_per_head", "Price paid per head", poundsAHead, "cost", "",
		"What payers paid under their contracts. A price cut is a transfer, not a saving.", 0, "quarter"},
	{"cost_gp", "Cost of general practice", poundsAHead, "cost", "",
		"Resource cost of general practice, prevention and the effort of practices on quality included.", 0, "quarter"},
	{"cost_hospital_elective", "Cost of elective care", poundsAHead, "cost", "",
		"Resource cost of clinics, tests and elective admissions, wherever they take place, and of the effort on quality of hospitals, groups and systems.", 0, "quarter"},
	{"cost_hospital_emergency", "Cost of emergency care", poundsAHead, "cost", "",
		"Resource cost of accident and emergency and of emergency admissions.", 0, "quarter"},
	{"cost_social_care", "Cost of social care", poundsAHead, "cost", "",
		"Resource cost of adult social care.", 0, "quarter"},
	{"cost_market", "Cost of the market", poundsAHead, "cost", "",
		"Management, integration, contracts, claims, tenders, monitoring and marketing: part of cost_per_head.", -1, "quarter"},
	{"management_share", "Management share", "%", "cost", "",
		"cost_market per 100 of cost_per_head.", -1, "quarter"},
	{"hospital_deficit", "Hospital deficits", "% of hospital income", "cost", "",
		"Sum of the deficits of hospitals that made one, per 100 of the income of all hospitals, over the year to the quarter; surpluses of others do not offset it.", -1, "year"},

	// Fragmentation. Continuity is of GP contacts over 24 months, people with two or more.
	{"handoff_failures_per_episode", "Failed handoffs", "per 100 episodes", "fragmentation", "",
		"Handoffs that failed per 100 episodes of care. A handoff is a change of the responsible team, counted alike whoever owns the teams. The headline of fragmentation.", -1, "quarter"},
	{"handoffs_per_episode", "Handoffs", "per episode", "fragmentation", "",
		"Changes of the responsible team per episode of care.", -1, "quarter"},
	{"handoff_failures", "Handoffs that fail", share, "fragmentation", "",
		"Share of handoffs that fail.", -1, "quarter"},
	{"coc", "Continuity (COC)", index, "fragmentation", "",
		"Bice-Boxerman continuity of care at clinician level over 24 months of GP contacts: (sum n^2 - N)/(N(N-1)), mean over people with N of 2 or more.", +1, "year"},
	{"upc", "Continuity (UPC)", index, "fragmentation", "",
		"Usual provider of care: share of GP contacts of 24 months with the clinician seen most, mean over people with two or more.", +1, "year"},
	{"secon", "Continuity (SECON)", index, "fragmentation", "",
		"Sequential continuity: share of successive pairs of GP contacts of 24 months with the same clinician, mean over people with two or more.", +1, "year"},
	{"sites_per_patient", "Sites per patient", "sites a year", "fragmentation", "",
		"Different sites that a person with any contact was seen at in the year.", -1, "year"},
	{"clinicians_per_patient", "Clinicians per patient", "people a year", "fragmentation", "",
		"Different clinicians or teams that a person with any contact was seen by in the year.", -1, "year"},
	{"pathway_inside", "Pathways inside one organisation", share, "fragmentation", "",
		"Share of pathways completed in the quarter all of whose steps were within one controlling organisation.", 0, "quarter"},

	// Coverage.
	{"uncovered_need", "Needs without an open offer", share, "coverage", "",
		"Share of needed service lines with no open offer within 60 minutes, or none with a wait of at most 18 weeks.", -1, "year"},
	{"missed_need", "Missed needs", perThousand, "coverage", "",
		"Needs for referral that were present at a contact and not referred, per 1,000 person-years.", -1, "quarter"},
	{"spend_open_to_choice", "Spending open to choice", share, "coverage", "",
		"Share of what payers spend on services for which people could choose among two or more providers.", 0, "year"},

	// Market.
	{"systems", "Systems", count, "market", "",
		"Organisations with people enrolled, at the end of the quarter.", 0, "quarter"},
	{"entries", "Entries", count, "market", "",
		"Organisations that entered in the quarter.", 0, "quarter"},
	{"exits", "Exits", count, "market", "",
		"Organisations that left in the quarter.", 0, "quarter"},
	{"mergers", "Mergers", count, "market", "",
		"Mergers completed in the quarter.", 0, "quarter"},
	{"phi_mean", "Integration of links", index, "market", "",
		"Mean integration phi of the links that handoffs used, weighted by handoffs, 0 to 1.", 0, "quarter"},
	{"occupancy", "Bed occupancy", share, "market", "",
		"Bed days used of bed days available.", 0, "quarter"},
	{"population", "People", "people, full scale", "market", "",
		"People alive in the place at the end of the quarter, scaled up from the sample.", 0, "quarter"},
	{"registered_with_system", "Enrolled in a system", share, "market", "",
		"Share of people enrolled in an integrated system at the end of the quarter.", 0, "quarter"},
}

// MeasureByName returns the measure of that name; ok is false if there is none.
func MeasureByName(name string) (m Measure, ok bool) {
	for _, m := range Measures {
		if m.Name == name {
			return m, true
		}
	}
	return Measure{}, false
}
