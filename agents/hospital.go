package agents

// Horizon is the number of weeks ahead for which beds are booked.
const Horizon = 16

// Hospital is a hospital site: the airport of the airline-style model.
type Hospital struct {
	Owner        uint16 // provider organisation that owns it
	District     uint16 // whose social care takes its patients home
	_            [2]uint16
	Beds         float64        // at the scale of the sample, for people who live in the place
	Mean         float64        // m52: mean occupancy of the last year
	ElectiveMean float64        // mean elective bed days a week of the last year
	Occupancy    float64        // smoothed occupancy that crowding and A&E feel
	Crowding     float64        // occupancy above the reference, at least 0
	Breach       float64        // share of A&E visits over four hours
	Emergency    [Horizon]int64 // bed days booked by emergencies in the weeks ahead, a ring by week
	Elective     [Horizon]int64 // bed days booked by list patients
	Delayed      int64          // bed days lost to delayed discharge this week
	Visits       int64          // A&E visits this week
}

// Waiter is one person in a queue.
type Waiter struct {
	ID       uint64
	Slot     uint32
	Referred uint16 // week of referral: the clock
	Joined   uint16 // week from which the person can be served
	Practice uint16 // that referred
	Flags    WaitFlags
	_        uint8
}

// WaitFlags say what is known of a person in a queue.
type WaitFlags uint8

// Flags of a person in a queue.
const (
	Fast     WaitFlags = 1 << iota // weighs more in the queue
	WillList                       // will need the list
	NoShow                         // will never attend
	Needless                       // referred without need
)

// Service is one clinical specialty at one site under one organisation: a queue for the clinic
// and a list for treatment.
type Service struct {
	Provider                                         uint16 // organisation that runs it
	Site                                             uint16
	Line                                             uint8
	Open                                             bool
	Outside                                          bool // at a site outside the place
	_                                                bool
	Staff                                            int32   // specialists working there
	Clinic                                           float64 // K0 of the clinic: slots a week at the scale of the sample
	List                                             float64 // K0 of the list
	ClinicCredit                                     float64
	ListCredit                                       float64
	ClinicWait                                       float64 // published smoothed wait for the clinic, weeks
	ListWait                                         float64 // and for the list
	Base                                             float64 // quality at the start, SD
	Quality                                          float64 // present quality, SD
	Rating                                           float64 // published rating, SD
	Failure                                          float64 // published share of failed handoffs
	Arrivals                                         float64 // smoothed arrivals a week
	Pattern                                          float64 // arrivals a week that travel alone would predict
	ListArrivals                                     float64
	Volume                                           float64 // smoothed attendances and admissions a week
	VolumeRef                                        float64 // the same at the end of the warm-up
	Skill, SkillRef                                  float64 // mean skill of its specialists, SD: now, and at the end of the warm-up
	ClinicRef, ListRef, ArrivalsRef, ListArrivalsRef float64 // capacity and arrivals then
}
