package chance

// Purpose says what a draw is for, so that two decisions of one agent in one week
// have independent luck. Each is listed here once. The number is part of the
// address of a stream: add new purposes at the end, since a change of order changes
// the results of every seed.
type Purpose uint16

const (
	Gap       Purpose = iota // weeks to the next candidate event
	Event                    // whether a candidate event happens, and which
	Contact                  // contact with a general practice
	Referral                 // signal and decision to refer
	Choice                   // choice of provider for one need
	Shock                    // one-off shock to the utility of an option
	Taste                    // lasting tastes, drawn once
	Serve                    // order and outcome of service at a site
	Stay                     // length of stay
	Handoff                  // failure of a passage between settings
	Onset                    // onset of a condition
	Birth                    // births
	Arrival                  // arrivals from outside
	Move                     // moves of home
	Attention                // whether a person looks at the alternatives at all
	Enrol                    // choice of practice or system
	Death                    // deaths
	Harm                     // harm from care, delay or missed need
	Rating                   // noise of published ratings
	Explore                  // trial of a new option by a person or an organisation
	Synthesis                // traits of synthetic people and places
	Clinician                // traits of clinicians
	Entry                    // entry and exit of organisations
	Labour                   // hiring and leaving of staff
	Merger                   // mergers and break-ups
	Contract                 // bargaining over contracts
	Social                   // social care
	Sample                   // who is in a sample or panel
	Purposes                 // number of purposes; not one itself
)
