package configs

// Payment sets prices and budgets of 2010/11 (ODD 7.6). Prices are GBP at 2010/11.
type Payment struct {
	Envelope         float64 `toml:"envelope"`          // budget of commissioners, GBP a head and year
	GPCapitation     float64 `toml:"gp_capitation"`     // practice income, GBP a head and year
	GPContact        float64 `toml:"gp_contact"`        // cost of a GP contact
	NurseContact     float64 `toml:"nurse_contact"`     // cost of a nurse contact
	FirstAttendance  float64 `toml:"first_attendance"`  // price of a clinic attendance
	DayCase          float64 `toml:"day_case"`          // price of a day case
	Inpatient        float64 `toml:"inpatient"`         // price of an elective stay
	OtherAdmission   float64 `toml:"other_admission"`   // price of another admission
	Emergency        float64 `toml:"emergency"`         // price of an emergency admission
	AEVisit          float64 `toml:"ae_visit"`          // price of an A&E visit
	BedDay           float64 `toml:"bed_day"`           // cost of a delayed bed day
	DuplicateTest    float64 `toml:"duplicate_test"`    // cost of a duplicate test
	SocialCareHead   float64 `toml:"social_care_head"`  // social care spend, GBP a head and year
	SocialCareCase   float64 `toml:"social_care_case"`  // cost of a new case after discharge
	MarginalRate     float64 `toml:"marginal_rate"`     // share of tariff paid for emergencies above base
	FixedShare       float64 `toml:"fixed_share"`       // share of hospital cost that is fixed
	FixedDecline     float64 `toml:"fixed_decline"`     // yearly share by which fixed cost follows activity down
	RiskR2           float64 `toml:"risk_r2"`           // stated accuracy of risk adjustment, R2
	RiskR2Cell       float64 `toml:"risk_r2_cell"`      // R2 of age and sex alone
	RiskR2Max        float64 `toml:"risk_r2_max"`       // R2 of the best adjustment
	SavingsShare     float64 `toml:"savings_share"`     // sh: share of savings paid
	SavingsTrend     float64 `toml:"savings_trend"`     // growth of the benchmark, share a year
	PathwayLiability float64 `toml:"pathway_liability"` // share of a pathway's emergency admissions that its owner answers for
	SavingsMinimum   float64 `toml:"savings_minimum"`   // M: share of the benchmark that must be saved first
	FacilitySlot     float64 `toml:"facility_slot"`     // variable cost of a slot of a rented hospital
	FacilityEntrants float64 `toml:"facility_entrants"` // share of the slots of a rented hospital kept for newcomers
	FacilityStandby  float64 `toml:"facility_standby"`  // share of facility cost that the public purse pays as standby
	QualityShare     float64 `toml:"quality_share"`     // share of income at risk for quality
	QualityFrom      float64 `toml:"quality_from"`      // Q0: quality at which the payment begins, SD
	DeficitCap       float64 `toml:"deficit_cap"`       // deficit carried by a payer at most, share of budget
	SlotsFloor       float64 `toml:"slots_floor"`       // least scaling of elective slots by a payer over budget
}
