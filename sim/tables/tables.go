// Package tables holds the rows that a run hands out: plain structs, one type a table, with the
// units of every measure. It knows neither the model nor files, so that figures and readers can
// use it without either.
package tables

// Outcome is one value of one measure in one quarter: the long, tidy table that is always written.
type Outcome struct {
	Place    string  `parquet:"place,dict"`
	Scenario string  `parquet:"scenario,dict"`
	Run      int32   `parquet:"run"`          // replication, from 1
	Seed     int64   `parquet:"seed"`         // seed of the run, >= 0
	Quarter  int32   `parquet:"quarter"`      // quarters since the regime began, from 1; 4 to the year
	Group    string  `parquet:"group,dict"`   // all, rurality:urban, deprivation:1, age:65+, system:NAME
	Measure  string  `parquet:"measure,dict"` // a name of Measures
	Unit     string  `parquet:"unit,dict"`
	Value    float64 `parquet:"value"`
}

// Organisation is one organisation in one year.
type Organisation struct {
	Place        string  `parquet:"place,dict"`
	Scenario     string  `parquet:"scenario,dict"`
	Run          int32   `parquet:"run"`
	Seed         int64   `parquet:"seed"`
	Year         int32   `parquet:"year"` // years since the regime began, from 1
	Organisation string  `parquet:"organisation,dict"`
	Kind         string  `parquet:"kind,dict"` // practice, trust, group, system, area, entrant
	Enrolled     int64   `parquet:"enrolled"`  // people enrolled or registered, or of a provider its share of referrals times all people; full scale
	Practices    int32   `parquet:"practices"`
	Sites        int32   `parquet:"sites"`
	Specialists  int32   `parquet:"specialists"`
	Activity     int64   `parquet:"activity"` // attendances and admissions in the year, full scale
	Income       int64   `parquet:"income_pence"`
	Expense      int64   `parquet:"expense_pence"`
	Reserves     int64   `parquet:"reserves_pence"`
	Quality      float64 `parquet:"quality_sd"`  // SD between providers, 0 = baseline mean
	Integration  float64 `parquet:"integration"` // mean phi of its links, 0 to 1
	EffortQ      float64 `parquet:"effort_quality"`
	EffortI      float64 `parquet:"effort_integration"`
	EffortP      float64 `parquet:"effort_prevention"`
}

// Ledger is the money of one quarter between two kinds of party under one contract for one service.
type Ledger struct {
	Place    string `parquet:"place,dict"`
	Scenario string `parquet:"scenario,dict"`
	Run      int32  `parquet:"run"`
	Seed     int64  `parquet:"seed"`
	Quarter  int32  `parquet:"quarter"`
	Payer    string `parquet:"payer,dict"`
	Payee    string `parquet:"payee,dict"`
	Contract string `parquet:"contract,dict"`
	Service  string `parquet:"service,dict"`
	Pence    int64  `parquet:"pence"` // at the scale of the sample
}

// WorstOff is the group of people who live in the most deprived tenth of small areas of England.
const WorstOff = "deprivation-tenth:1"

// Lines of flows that tell of small areas and not of pathways.
const (
	LineEnrolment     = "enrolment"     // people of the area enrolled with a system
	LineConcentration = "concentration" // 1,000 times the index of where people of the area are expected to be treated
)

// OfArea reports whether the flow is of a small area and not of a pathway.
func (f *Flow) OfArea() bool { return f.Line == LineEnrolment || f.Line == LineConcentration }

// Flow counts patients who went from one team to another in one year.
type Flow struct {
	Place    string `parquet:"place,dict"`
	Scenario string `parquet:"scenario,dict"`
	Run      int32  `parquet:"run"`
	Seed     int64  `parquet:"seed"`
	Year     int32  `parquet:"year"`
	From     string `parquet:"from,dict"`    // the place, or a small area
	Through  string `parquet:"through,dict"` // specialty group or service owner
	To       string `parquet:"to,dict"`      // hospital site
	Line     string `parquet:"line,dict"`    // clinical specialty
	Inside   bool   `parquet:"inside"`       // within one organisation
	Patients int64  `parquet:"patients"`     // at the scale of the sample
}

// MarketEvent is one thing that happened to an organisation; the codebook lists the kinds.
type MarketEvent struct {
	Place        string `parquet:"place,dict"`
	Scenario     string `parquet:"scenario,dict"`
	Run          int32  `parquet:"run"`
	Seed         int64  `parquet:"seed"`
	Week         int32  `parquet:"week"` // since the regime began, from 0
	Event        string `parquet:"event,dict"`
	Organisation string `parquet:"organisation,dict"`
	Other        string `parquet:"other,dict"`
	Detail       string `parquet:"detail"`
}

// Patient is one person in one year (10,000 people by default, chosen by id).
type Patient struct {
	Place              string  `parquet:"place,dict"`
	Scenario           string  `parquet:"scenario,dict"`
	Run                int32   `parquet:"run"`
	Seed               int64   `parquet:"seed"`
	Year               int32   `parquet:"year"`
	ID                 string  `parquet:"patient"` // 16 hexadecimal digits, the same person in every scenario
	Age                int32   `parquet:"age"`
	Sex                string  `parquet:"sex,dict"`
	Deprivation        int32   `parquet:"deprivation_decile"` // 1 most deprived
	Fifth              int32   `parquet:"deprivation_fifth"`  // 1 most deprived
	Rural              bool    `parquet:"rural"`
	ICB                string  `parquet:"icb,dict"`
	Conditions         string  `parquet:"conditions,dict"` // codes joined by +
	ConditionCount     int32   `parquet:"condition_count"`
	Control            float64 `parquet:"control"`
	Practice           string  `parquet:"practice,dict"`
	ListSize           int64   `parquet:"list_size"` // full scale
	System             string  `parquet:"system,dict"`
	UPC                float64 `parquet:"upc"` // NaN never: -1 = undefined
	COC                float64 `parquet:"coc"`
	SECON              float64 `parquet:"secon"`
	UPCOrganisation    float64 `parquet:"upc_organisation"`
	COCOrganisation    float64 `parquet:"coc_organisation"`
	SECONOrganisation  float64 `parquet:"secon_organisation"`
	GPContacts         int32   `parquet:"gp_contacts"`
	NurseContacts      int32   `parquet:"nurse_contacts"`
	Referrals          int32   `parquet:"referrals"`
	Attendances        int32   `parquet:"attendances"`
	AEVisits           int32   `parquet:"ae_visits"`
	Handoffs           int32   `parquet:"handoffs"`
	HandoffFailures    int32   `parquet:"handoff_failures"`
	AvoidableEmergency int32   `parquet:"avoidable_emergency_admissions"`
	OtherEmergency     int32   `parquet:"other_emergency_admissions"`
	Elective           int32   `parquet:"elective_admissions"`
	BedDays            int32   `parquet:"bed_days"`
	Readmissions       int32   `parquet:"readmissions"`
	Harm               int32   `parquet:"harm"`
	WaitWeeks          float64 `parquet:"wait_weeks"` // mean of completed waits, -1 = none
	CostHealth         int64   `parquet:"cost_health_pence"`
	CostSocial         int64   `parquet:"cost_social_care_pence"`
	DistanceChosen     float64 `parquet:"km_chosen"` // -1 = no referral
	DistanceNearest    float64 `parquet:"km_nearest"`
	Alternatives       int32   `parquet:"alternatives"`
	EffectiveOptions   float64 `parquet:"effective_options"`
	Switched           bool    `parquet:"switched"`
	Died               bool    `parquet:"died"`
}

// Batch is what a run has seen since it was last asked.
type Batch struct {
	Outcomes      []Outcome
	Organisations []Organisation
	Ledger        []Ledger
	Flows         []Flow
	Events        []MarketEvent
	Patients      []Patient
}
