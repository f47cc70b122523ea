package agents

// Specialist is a consultant of one line, employed by an organisation and working at a service.
type Specialist struct {
	Service  int32   // where most of the week is worked
	Second   int32   // second workplace, -1 if none
	Employer uint16  // index of the provider organisation
	Line     uint8   // clinical specialty
	Tenths   uint8   // tenths of the week at Second, 0 to 5
	Skill    float32 // SD, 0 = mean; grows with own volume
}
