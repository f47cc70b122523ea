package configs

// MakeOrBuy sets the yearly decision to provide a line or to buy it (ODD 7.7).
type MakeOrBuy struct {
	UnitCost     float64 `toml:"unit_cost"`           // c: own unit cost against the hospital's at large scale
	SmallRatio   float64 `toml:"small_ratio"`         // how much dearer a small clinic is; sets the minimum scale
	SmallVolume  float64 `toml:"small_volume"`        // cases a year at which it is that much dearer
	SetUpWeeks   float64 `toml:"set_up_weeks"`        // weeks until own capacity opens; costs as many weeks of its running
	Horizon      float64 `toml:"horizon"`             // years of forecast counted
	Discount     float64 `toml:"discount"`            // value of a year's margin a year later
	PartnerShare float64 `toml:"partner_share"`       // ps: share of the margin that partners count as their own
	Forbidden    bool    `toml:"forbidden"`           // whether a rule forbids counting it
	Reinvest     float64 `toml:"reinvest"`            // share of freed money put into prevention and integration
	ToPrevention float64 `toml:"reinvest_prevention"` // share of that for prevention
}

// Effort sets how organisations spend attention (ODD 7.8).
type Effort struct {
	Altruism      float64 `toml:"altruism"`       // al v: GBP a head per SD of quality
	Growth        float64 `toml:"growth"`         // gr: GBP a head for growth itself
	Sharpness     float64 `toml:"sharpness"`      // of the commissioner, 0 to 1
	Penalty       float64 `toml:"penalty"`        // M per unit of sharpness: GBP a head per SD below standard
	Judgement     float64 `toml:"judgement"`      // error of those who judge bids, SD
	Standard      float64 `toml:"standard"`       // Q_std, SD
	Cost          float64 `toml:"cost"`           // g: GBP a head per squared SD
	Crowding      float64 `toml:"crowding"`       // gm / g: how far tasks crowd each other out
	Exploration   float64 `toml:"exploration"`    // SD of tried effort about its mean
	Forgetting    float64 `toml:"forgetting"`     // weight of a quarter's evidence a quarter later
	PriorQuarters float64 `toml:"prior_quarters"` // quarters of evidence that the published slope is worth
	Damping       float64 `toml:"damping"`        // part of the way to the best reply moved in a quarter
	Start         float64 `toml:"start"`          // quality effort at the start, SD
	Prevention    float64 `toml:"prevention"`     // value to a budget holder of prevention effort: scales its gain
}

// Selection sets recruitment of the profitable (ODD 7.9).
type Selection struct {
	Banned bool    `toml:"banned"`
	Slope  float64 `toml:"slope"` // sl: utility at enrolment per unit of effort and margin
	Sight  float64 `toml:"sight"` // how much of a person's expected margin is seen
	Cost   float64 `toml:"cost"`  // g_s: GBP a head per squared unit of effort
}

// Market sets entry, exit and merger (ODD 7.10).
type Market struct {
	Capital           float64 `toml:"capital"` // GBP a head that a practice-led newcomer can raise
	CapitalHospital   float64 `toml:"capital_hospital"`
	CapitalCorporate  float64 `toml:"capital_corporate"`
	ReturnCorporate   float64 `toml:"return_corporate"`   // yearly return that a corporate newcomer wants
	AltruismCorporate float64 `toml:"altruism_corporate"` // its altruism against the others'
	SetUp             float64 `toml:"set_up"`             // cost of setting up a system, GBP a head
	Leaders           float64 `toml:"leaders"`            // share of clinicians who can lead
	MinPractices      int64   `toml:"min_practices"`      // practices that a newcomer needs
	DeficitShare      float64 `toml:"deficit_share"`      // reserves below this share of income count as failing (negative)
	DeficitQuarters   int64   `toml:"deficit_quarters"`   // quarters of it until failure
	StaffLoss         float64 `toml:"staff_loss"`         // share of staff who leave at an exit
	MergerHHI         float64 `toml:"merger_hhi"`         // post-merger HHI above which a merger is barred
	MergerRise        float64 `toml:"merger_rise"`        // if HHI also rises by more than this
	MergerHazard      float64 `toml:"merger_hazard"`      // yearly probability that a pair considers it
	Reserves          float64 `toml:"reserves"`           // reserves at the start, share of yearly income
}

// Labour sets how clinicians choose where to work (ODD 7.10).
type Labour struct {
	SpecialistsPerHead float64 `toml:"specialists_per_head"` // per 1,000 people
	Turnover           float64 `toml:"turnover"`             // share a year who reconsider
	Income             float64 `toml:"income"`               // utility per log income
	Autonomy           float64 `toml:"autonomy"`             // utility lost with autonomy
	Stay               float64 `toml:"stay"`                 // utility of staying
	OfferRise          float64 `toml:"offer_rise"`           // rise of offers per share of vacancies
}

// Costs sets what the market itself costs (ODD 7.11), GBP.
type Costs struct {
	Contract   float64 `toml:"contract"`   // a contract and year
	Claim      float64 `toml:"claim"`      // a claim
	Tender     float64 `toml:"tender"`     // share of the value tendered
	Monitoring float64 `toml:"monitoring"` // a head and year per unit of sharpness
	Joiner     float64 `toml:"joiner"`     // a joiner
	Management float64 `toml:"management"` // share of spend
	Moved      float64 `toml:"moved"`      // share of a year's value lost when a contract moves
	Support    float64 `toml:"support"`    // fee of a support organisation, GBP a head and year
}

// Measures sets what is measured and how (ODD, observation).
type Measures struct {
	PanelShare    float64 `toml:"panel_share"`    // share of people in the choice panel
	PanelMin      int64   `toml:"panel_min"`      // people in it at least, a place
	PanelMax      int64   `toml:"panel_max"`      // people in it at most, unless panel_min is more
	AcceptMinutes float64 `toml:"accept_minutes"` // an acceptable option is within this time
	AcceptWeeks   float64 `toml:"accept_weeks"`   // and this wait
	AcceptQuality float64 `toml:"accept_quality"` // and above this quality, SD
	Burden        float64 `toml:"burden"`         // minutes of burden per option above three
	CoexistShare  float64 `toml:"coexist_share"`  // kappa that counts as coexistence
	Tolerance     float64 `toml:"tolerance"`      // share of a value within which arms count as equal
	ToleranceSD   float64 `toml:"tolerance_sd"`   // the same for measures in SD
}
