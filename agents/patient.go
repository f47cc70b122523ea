package agents

import "math/bits"

// Patient is a person: 64 bytes, one cache line, so that an event touches no other. Weeks are
// counted from the start of the warm-up, in 16 bits.
type Patient struct {
	ID         uint64  // identity, the same under every regime and in every sample
	Contacts   Ring    // the last contacts with GPs: gives continuity
	Conditions uint32  // long-term conditions, a bit each in the order of place.Health.Conditions
	Control    float32 // control of the conditions at week Touched, 0 to 1
	Touched    uint16  // week to which Control was brought up
	Born       int16   // week of birth; negative before the start
	Area       uint16  // home: index of the small area
	Practice   uint16  // where registered: index of the practice
	System     uint16  // enrolled in: index of the system, or None
	LastSite   uint16  // hospital site last treated at, or None
	RiskUntil  uint16  // week until which a missed need raises the risk of an emergency
	HarmUntil  uint16  // week until which harm raises the risk of death
	HomeFrom   uint16  // week of discharge from the stay in progress; in hospital before it
	Waiting    uint16  // lines with an open episode: bits 0-7 clinic or list by line
	Flags      Flags
	Usual      uint8 // usual GP: index within the practice
	Insist     uint8 // u0: probability of insisting on the usual GP, in 1/255
	Frailty    uint8 // frailty z: which of 16 equally likely classes, 0 the fittest
	Level      uint8 // rung of the bound on the rate of candidate events
	Cell       uint8 // group in which outcomes are counted: rurality, deprivation fifth, age band
	Bad        uint8 // bad contacts in the last year, at most 15
	Visits     uint8 // treatments at LastSite
	Score      int8  // sum of own experience there, in tenths of an SD
	Failures   uint8 // failed handoffs met this year, at most 255
	Handoffs   uint8 // handoffs this year
	Aged       uint8 // age in years for which Level and Cell were looked up
	_          uint8
}

// Flags are the yes-or-no traits and states of a patient.
type Flags uint16

// Flags of a patient.
const (
	Alive Flags = 1 << iota
	Female
	Panel    // choice and continuity are measured on this person
	Tracked  // handed out as a row of the patients table
	Newcomer // born or arrived after the start
	Switched // changed practice or system this year
	Idle     // the due week is no candidate event, only a look at the person
	Relevel  // the bound on candidate events must be looked up again
)

// Is reports whether all of the flags are set.
func (p *Patient) Is(f Flags) bool { return p.Flags&f == f }

// Sex is 0 for male and 1 for female: the index of tables by sex.
func (p *Patient) Sex() int { return int(p.Flags>>1) & 1 }

// Age is the age in completed years in the week, at most 100.
func (p *Patient) Age(week int32) int {
	return min(int(uint32(week-int32(p.Born))/52), 100)
}

// InHospital reports whether a stay is in progress in the week.
func (p *Patient) InHospital(week int32) bool { return int32(p.HomeFrom) > week }

// Ring holds the last twelve GP contacts of a person, newest in the lowest bits: 5 bits a contact
// (4 for the clinician's index within the practice, 1 for the parity of the year) and the number
// held in the four top bits. Contacts of the year before last fall out at the turn of the year, so
// that it spans 12 to 24 months.
type Ring uint64

const (
	ringSize  = 12
	ringBits  = 5
	ringMask  = 1<<(ringSize*ringBits) - 1
	ringCount = 60
	// MaxClinicians is the number of clinicians of a practice that a ring can tell apart.
	MaxClinicians = 15
	ringLows      = 0x84210842108421 // lowest bit of each of twelve fields of 5 bits
)

// Len is the number of contacts held, 0 to 12.
func (r Ring) Len() int { return int(r >> ringCount) }

// IsWhole says whether a ring that was read from elsewhere holds no more contacts than there is room for.
func (r Ring) IsWhole() bool { return r.Len() <= ringSize }

// Add returns the ring with one more contact, dropping the oldest if it is full.
func (r Ring) Add(clinician uint8, year int) Ring {
	n := min(r.Len()+1, ringSize)
	field := Ring(clinician&15)<<1 | Ring(year&1)
	return (r<<ringBits|field)&ringMask | Ring(n)<<ringCount
}

// Age drops the contacts of the year before last: those, from the oldest on, whose parity is that of the
// year that begins. The last of another parity is found at once.
func (r Ring) Age(newYear int) Ring {
	stay := (uint64(r) ^ ringLows*uint64(newYear&1)) & ringLows & (1<<(r.Len()*ringBits&63) - 1)
	n := (bits.Len64(stay) + ringBits - 1) / ringBits
	return r&(1<<(n*ringBits&63)-1) | Ring(n)<<ringCount
}

// Departed is the index of a clinician who has left the practice: never that of one who is there.
const Departed = MaxClinicians

// Relabel returns the ring with each clinician c called labels[c].
func (r Ring) Relabel(labels *[MaxClinicians + 1]uint8) Ring {
	for k := range r.Len() {
		at := k*ringBits + 1
		c := uint8(r>>at) & 15
		r ^= Ring(c^labels[c]) << at
	}
	return r
}

// Sequence writes the clinicians seen, oldest first, into buf and returns them.
func (r Ring) Sequence(buf *[ringSize]uint8) []uint8 {
	n := r.Len()
	for i := range n {
		buf[i] = uint8(r>>((n-1-i)*ringBits+1)) & 15
	}
	return buf[:n]
}

// Usual is the share of the contacts held that were with the clinician, 1 if there are none:
// usual-provider continuity, from 0 to 1. All fields are compared at once.
func (r Ring) Usual(clinician uint8) float32 {
	n := r.Len()
	if n == 0 {
		return 1
	}
	x := uint64(r) ^ ringLows*uint64(clinician&15)<<1
	other := (x>>1 | x>>2 | x>>3 | x>>4) & ringLows & (1<<(n*ringBits&63) - 1)
	return float32(n-bits.OnesCount64(other)) * reciprocal[n&15]
}

// reciprocal tables 1/n, 1 for none; what no ring holds is 0.
var reciprocal = [16]float32{1, 1, 1.0 / 2, 1.0 / 3, 1.0 / 4, 1.0 / 5, 1.0 / 6, 1.0 / 7, 1.0 / 8, 1.0 / 9, 1.0 / 10, 1.0 / 11, 1.0 / 12}
