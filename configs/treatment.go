package configs

// Treatment sets referral to treatment, capacity and outcomes (ODD 7.5).
type Treatment struct {
	NonAttendance      float64 `toml:"non_attendance"`      // share of referred people who never attend
	LeaveWeeks         float64 `toml:"leave_weeks"`         // mean weeks until a non-attender leaves the list
	FollowUps          float64 `toml:"follow_ups"`          // further attendances per first
	FollowUpWeeks      float64 `toml:"follow_up_weeks"`     // mean weeks between attendances
	TestShare          float64 `toml:"test_share"`          // share of others whose clock stops after tests
	TestWeeks          float64 `toml:"test_weeks"`          // mean weeks of tests
	ListShare          float64 `toml:"list_share"`          // share of first attendances put on the list
	OtherAdmissions    float64 `toml:"other_admissions"`    // maternity and other admissions per 1,000 and year
	FastList           float64 `toml:"fast_list"`           // share of those who will need the list that are fast
	FastOther          float64 `toml:"fast_other"`          // share of others that are fast
	ClinicFast         float64 `toml:"clinic_fast"`         // weight of fast people in the clinic queue
	ListFast           float64 `toml:"list_fast"`           // weight of fast people on the list
	LateWeight         float64 `toml:"late_weight"`         // weight multiplied once late
	LateWeek           int64   `toml:"late_week"`           // weeks since referral from which a person is late
	ClinicQueue        float64 `toml:"clinic_queue"`        // Q_ref of the clinic, weeks of capacity
	ListQueue          float64 `toml:"list_queue"`          // Q_ref of the list, weeks of capacity
	Elasticity         float64 `toml:"elasticity"`          // eta: response of slots to the queue
	SlotsMin           float64 `toml:"slots_min"`           // least slots against K0
	SlotsMax           float64 `toml:"slots_max"`           // most slots against K0
	ExtraCost          float64 `toml:"extra_cost"`          // cost of a slot above K0 against a usual one
	CapacitySpread     float64 `toml:"capacity_spread"`     // SD of log K0 between services
	VolumeEffect       float64 `toml:"volume_effect"`       // quality per log volume, SD
	CrowdingEffect     float64 `toml:"crowding_effect"`     // quality lost per unit of occupancy above the reference, SD
	QualitySpread      float64 `toml:"quality_spread"`      // SD of provider quality at the start, SD
	Readmission        float64 `toml:"readmission"`         // probability of emergency readmission within 28 days
	ReadmissionQuality float64 `toml:"readmission_quality"` // log probability lost per SD of quality
	Harm               float64 `toml:"harm"`                // probability of harm in an admission
	HarmQuality        float64 `toml:"harm_quality"`        // log probability lost per SD of quality
	DeathAfter         float64 `toml:"death_after"`         // probability of death within 30 days of an emergency admission
	DeathQuality       float64 `toml:"death_quality"`       // log probability lost per SD of quality
}

// Beds sets hospital stays and social care (ODD 7.5).
type Beds struct {
	Occupancy     float64 `toml:"occupancy"`      // occupancy at the end of the warm-up, which sets beds against the data
	StayOld       float64 `toml:"stay_old"`       // mean emergency stay at 65 and over, days
	StayYoung     float64 `toml:"stay_young"`     // mean emergency stay below 65, days
	Overnight     float64 `toml:"overnight"`      // share of list patients who stay overnight
	StayElective  float64 `toml:"stay_elective"`  // their mean stay, days
	StayOther     float64 `toml:"stay_other"`     // mean stay of other admissions, days
	ElectiveLimit float64 `toml:"elective_limit"` // occupancy up to which elective patients are admitted
	AEVisits      float64 `toml:"ae_visits"`      // A&E visits per 1,000 and year
	Breach        float64 `toml:"breach"`         // share of visits over four hours at reference occupancy
	BreachSlope   float64 `toml:"breach_slope"`   // log breach per unit of occupancy
	SocialCare    float64 `toml:"social_care"`    // share of emergency discharges at 65 and over that need social care
	SocialDelay   float64 `toml:"social_delay"`   // days lost at an unintegrated discharge to social care
	DelayedShare  float64 `toml:"delayed_share"`  // delayed days as share of bed days at the reference: sets capacity
}
