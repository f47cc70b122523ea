package agents

// Practice is a general practice: a partnership with a registered list.
type Practice struct {
	Party      int32 // its account in the ledger
	FirstGP    int32 // its GPs are FirstGP .. FirstGP+GPs-1
	GPs        uint8 // 1 to 15
	_          uint8
	District   uint16  // where it stands: whose commissioner pays it
	System     uint16  // integrated organisation that it has joined, or None
	Default    uint16  // hospital site to which it refers unless a choice is offered
	Registered int32   // people on its list in the world
	Capacity   float64 // GP appointments a week, at the scale of the sample
	PerHead    float64 // appointments a week per registered person, once fitted
	Need       float64 // GP contacts a week that a person on the list is expected to need
	Backlog    float64 // appointments waited for
	Mean       float64 // mean weekly demand of the last year
	Delay      float64 // days to an appointment, published
	Quality    float64 // clinical quality, SD between practices, 0 = mean at the start
	Base       float64 // quality at the start
	Target     float64 // what control of its people moves to, before their own continuity
	BadContact float64 // probability that a contact is bad in the eyes of the patient
	Demand     int64   // GP contacts this week
	Incentive  float64 // m: 100 GBP that its organisation bears (+) or earns (-) per referral
}
