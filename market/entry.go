package market

import (
	"coexist/agents/chance"
	"coexist/configs"
)

// Newcomer is a kind of organisation that may enter.
type Newcomer uint8

// The kinds of newcomer.
const (
	PracticeLed Newcomer = iota
	HospitalLed
	Corporate
	Newcomers // how many there are
)

var newcomerNames = [Newcomers]string{"practice-led", "hospital-led", "corporate"}

// String returns the name of n in scenarios and tables.
func (n Newcomer) String() string { return nameOf(newcomerNames[:], int(n), "newcomer") }

// ParseNewcomer returns the kind of newcomer of this name.
func ParseNewcomer(name string) (Newcomer, error) {
	i, err := indexOf(newcomerNames[:], name, "entry")
	return Newcomer(i), err
}

// Backing is what stands behind a newcomer.
type Backing struct {
	Capital  float64 // GBP a head that it can raise
	Return   float64 // yearly return that it must earn, 0.08 = 8 %
	Altruism float64 // its altruism against the usual
}

// Backing returns what stands behind newcomers of this kind.
func (n Newcomer) Backing(c configs.Market) Backing {
	switch n {
	case HospitalLed:
		return Backing{Capital: c.CapitalHospital, Altruism: 1}
	case Corporate:
		return Backing{Capital: c.CapitalCorporate, Return: c.ReturnCorporate, Altruism: c.AltruismCorporate}
	}
	return Backing{Capital: c.Capital, Altruism: 1}
}

// entryYears is the horizon over which a newcomer counts its margin.
const entryYears = 5

// Prospect is what a newcomer expects of a place.
type Prospect struct {
	People    float64 // people who might enrol
	Share     float64 // share of them that it expects (EntryShare)
	Margin    float64 // GBP a head and year
	Leader    bool    // whether a clinician who can lead is to be had (CanLead)
	Practices int     // practices that would come along
	Direct    bool    // whether people enrol directly, so that no practices are needed
}

// EntryShare returns the share that an organisation of value own would win beside incumbents on
// their published terms: the logit.
func EntryShare(own float64, incumbents []float64) float64 {
	if own == impossible {
		return 0
	}
	sum := 1.0
	for _, v := range incumbents {
		sum += chance.Exp(v - own)
	}
	return 1 / sum
}

// entryValue returns what entering is worth over five years, GBP:
//
//	people share (Σ_{y=1..5} (1 + return)^-y margin - set-up).
func entryValue(c configs.Market, b Backing, p Prospect) float64 {
	return float64(p.People * p.Share * (float64(annuity(1/(1+b.Return), entryYears)*p.Margin) - c.SetUp))
}

// Enters returns whether a newcomer of this kind enters: what it expects is worth more than the
// set-up, it can raise the set-up, it has a leader, and enough practices come along (none are
// needed under direct enrolment).
func (n Newcomer) Enters(c configs.Market, p Prospect) bool {
	b := n.Backing(c)
	return p.Leader && (p.Direct || p.Practices >= int(c.MinPractices)) &&
		b.Capital >= c.SetUp && entryValue(c, b, p) > 0
}

// CanLead returns whether a clinician with the uniform luck u in [0, 1), drawn once for life, is
// among the share who can lead.
func CanLead(c configs.Market, u float64) bool {
	return u < c.Leaders
}
