package agents

// SocialCare is the authority of a district that takes people home from hospital.
type SocialCare struct {
	Party    int32
	Capacity float64 // new cases a week at the scale of the sample
	Queue    float64 // cases waiting
	Mean     float64 // mean new cases a week of the last year
	Expected float64 // new cases a week that the hazards of its old people would bring
	Cases    int64   // new cases this week
	Delay    float64 // weeks of queue, in days
	System   uint16  // integrated organisation that it has joined, or None
}
