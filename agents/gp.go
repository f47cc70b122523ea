package agents

// GP is a general practitioner. Referral is a noisy test for need: the three numbers are
// cumulative probabilities for one contact, tabled each quarter so that a contact needs one
// uniform and no normal draw.
type GP struct {
	Practice   uint16
	_          uint16
	Threshold  float32 // z: own deviation of the referral threshold, in SD of the signal
	Leadership float32 // fitness to lead an organisation, mean 1
	Referred   float32 // P(need and referred)
	Missed     float32 // P(need); what lies between is a missed need
	Unneeded   float32 // P(need) + P(no need and referred)
}

// Sessions is the part of a GP's week that is worked at a clinic of another organisation.
type Sessions struct {
	Service uint16 // index of the clinic, or None
	Tenths  uint8  // of the week, 0 to 5
	//lint:ignore U1000 always 0: a snapshot writes every byte
	pad uint8
}
