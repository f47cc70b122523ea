// Package place holds where a run takes place: small areas with their residents, practices with
// their lists, hospital sites, districts, and who lies within reach of whom. A Place is cut from
// the tables of England or made by rule; it is input data and never changes in a run.
// Distances are kilometres on the British National Grid, times are minutes by car.
package place

// Ages is the number of age bands of the census tables: 0-4, 5-15, 16-24, 25-34, 35-49, 50-64,
// 65-74, 75-84, 85 and over.
const Ages = 9

// AgeFrom is the first year of age of each band; the last band ends at 100.
var AgeFrom = [Ages + 1]int{0, 5, 16, 25, 35, 50, 65, 75, 85, 101}

// Line is a clinical specialty: a service line that patients are referred to.
type Line uint8

// The service lines, of which every acute site offers all.
const (
	Medicine Line = iota // general, respiratory, gastrointestinal, endocrine
	Surgery              // general, vascular, urology
	Orthopaedics
	Ophthalmology
	Cardiology
	Gynaecology
	ENT
	Dermatology
	Lines // number of lines
)

// Place is one world: all that is fixed about where people live and where care is given.
type Place struct {
	Code, Name    string
	Areas         []Area     // in order of code
	Practices     []Practice // in order of code
	Hospitals     []Hospital // sites inside first, in order of code, then sites outside within reach
	Trusts        []Trust    // owners of Hospitals, in order of code
	Districts     []District // in order of code; one commissioner and one social care authority each
	Lists         [][]Share  // by area: practices at which its residents are registered; shares sum to 1
	NearPractices [][]Near   // by area: at most 12 nearest practices, nearest first (Index into Practices)
	Reach         [][]Near   // by area: sites with any line within 60 minutes, at most 12, nearest first; the nearest always
	Health        Health     // national tables of illness and death
	Outline       []Ring     // border, for maps
	Towns         []Town     // largest first, for labels
	Synthetic     bool
}

// Area is a small area (LSOA 2021): the home of patients.
type Area struct {
	Code, Name        string
	District          uint16 // index into Districts
	ICB, Region       string
	RUC               string      // UN1 UF1 RLN1 RLF1 RSN1 RSF1
	Rural             bool        // RUC begins with R
	Easting, Northing float64     // m
	Residents         int32       // census 2021
	ByAge             [Ages]int32 // sums to Residents
	IMDDecile         uint8       // 1 most deprived to 10
	IMDScore          float32
}

// Practice is a GP practice at its main site.
type Practice struct {
	Code, Name        string
	Easting, Northing float64
	List              int32  // registered patients, scaled to residents (divided by 1.073 or what fits the place)
	GPs               uint8  // List / patients per GP, at least 1, at most 15
	Area, District    uint16 // where it stands
	ICB               string
}

// Hospital is a hospital site.
type Hospital struct {
	Code, Name        string
	Trust             uint16 // index into Trusts
	Kind              string // acute tertiary elective specialist children
	Easting, Northing float64
	Beds              int32 // general and acute, as in the data
	HasAE             bool
	Lines             uint16  // bit per Line that it offers
	Outside           bool    // stands outside the place: an option, not modelled within
	InsideShare       float64 // predicted share of its patients who live in the place, 0 to 1
	District          uint16  // index into Districts; 65535 when outside
}

// Offers reports whether the site has the line.
func (h *Hospital) Offers(l Line) bool { return h.Lines>>l&1 == 1 }

// Trust owns hospital sites.
type Trust struct{ Code, Name string }

// District is a local authority district.
type District struct {
	Code, Name, Region string
	Residents          int32
}

// Share is the part of an area's residents registered with a practice.
type Share struct {
	Practice uint16
	Share    float32
}

// Near is a provider within reach.
type Near struct {
	Index   uint16
	Minutes float32 // by car
	Km      float32 // straight line
}

// Ring is a closed line of a border.
type Ring struct {
	Of     string       // code of what it borders, e.g. an ICB
	Points [][2]float64 // easting, northing in m
}

// Town is a place name for maps.
type Town struct {
	Name              string
	Easting, Northing float64
	Population        int32
}

// Health holds national tables.
type Health struct {
	Death       [2][101]float64   // yearly probability of death by sex (0 male, 1 female) and age
	Conditions  []Condition       // conditions on disease registers, in order of code
	AgeByDecile [10][Ages]float64 // residents of England by deprivation decile and age band
}

// Condition is one long-term condition and its recorded prevalence.
type Condition struct {
	Code, Name string
	FromAge    int         // the register counts people of this age and over
	ToAge      int         // and up to this age; 100 = no limit
	ByDecile   [10]float64 // prevalence among those asked about, deprivation decile 1 to 10, 0 to 1
}
