package market

import (
	"fmt"
	"math/bits"

	"coexist/configs"
)

// A Contract prices what passed between one payer and one payee. Each kind is one file and one line
// of the table below; its zero value is ready to use, since all that differs between two contracts
// of a kind is in their terms.
type Contract interface {
	// Pay returns what the payer owes for a. It is called every week, with the week's activity;
	// of the yearly kinds (Kind.Yearly) once a year, with the year's. The answer may be negative.
	Pay(a Activity, t Terms) Pence
}

// contracts has a row for each kind of contract; a test names the one that is missing.
var contracts = [KindContracts]Contract{
	KindTariff:        Tariff{},
	KindBlock:         Block{},
	KindCapitation:    Capitation{},
	KindPathway:       Pathway{},
	KindSharedSavings: SharedSavings{},
	KindFacilityFee:   FacilityFee{},
	KindQuality:       QualityPay{},
}

// Contract returns the contract of this kind. It panics if k is no kind of contract.
func (k Kind) Contract() Contract {
	return contracts[k]
}

// Activity is what passed between one payer and one payee in a week; of a yearly kind, in a year.
// Counts are at the scale of the sample.
type Activity struct {
	Week int32 // week of the year, 0 to 51: blocks are paid in 52 parts without loss

	GP        int64 // contacts with a GP
	Nurse     int64 // contacts with a nurse
	First     int64 // first clinic attendances
	FollowUp  int64 // further clinic attendances
	DayCase   int64 // elective day cases
	Inpatient int64 // elective stays
	Other     int64 // maternity and other admissions
	Emergency int64 // emergency admissions
	AE        int64 // A&E visits
	Social    int64 // new cases of social care after discharge

	EmergencySoFar int64 // emergency admissions of the year before this week

	Risk     int64 // sum of the risk weights of the people covered in the week, in millionths of a head (MicroHeads)
	Pathways int64 // pathways begun

	Slots         int64 // slots of a facility used in the week
	SlotsLastYear int64 // slots used in the whole of last year, by all users

	Quality float64 // published quality of the payee, SD
	Spend   Pence   // shared savings: spending in the year; quality: income on which the share counts
}

// Prices holds the price of one unit of activity.
type Prices struct {
	GP, Nurse, First, FollowUp, DayCase, Inpatient, Other, Emergency, AE, Social Pence // pence a unit
}

// Terms are what a contract agrees on. A field that its kind does not use is ignored.
type Terms struct {
	Service Service // what is bought; a tariff pays the units of this service only
	Prices  Prices  // tariff: the price of each unit

	Marginal      float64 // tariff: share of the price paid for emergencies above the base
	EmergencyBase int64   // tariff: emergencies a year paid in full; 0 = all of them

	Block   Pence // block: pence a year
	Head    Pence // capitation: pence a year for a head of weight 1
	Pathway Pence // pathway: pence for a pathway begun

	Benchmark      Pence   // shared savings: expected spending of the year
	SavingsShare   float64 // shared savings: share of the savings paid, 0 to 1
	SavingsMinimum float64 // shared savings: share of the benchmark that must be saved first

	Facility Pence // facility fee: fixed cost of the site, pence a year
	Standby  Pence // facility fee: part of it that a block pays for standing by, pence a year
	SlotCost Pence // facility fee: variable cost of a slot

	QualityShare float64 // quality: share of income at risk
	QualityFrom  float64 // quality: quality at which the payment begins, SD
}

// NewTerms returns the terms that a scenario's contract sets, at its multiple of the reference
// prices. What depends on the state of the world stays zero and is the caller's to fill: the base
// of emergencies, the block, the benchmark, the costs of a facility, the pathway price, and the
// price of a head for services other than gp, whole and social-care.
func NewTerms(c configs.Contract, p configs.Payment) (Kind, Terms, error) {
	kind, err := parseKind(c.Kind)
	if err != nil {
		return 0, Terms{}, fmt.Errorf("contract of %s with %s: %w", c.Payer, c.Payee, err)
	}
	if !kind.IsContract() {
		return 0, Terms{}, fmt.Errorf("contract of %s with %s: %q is a payment but no contract", c.Payer, c.Payee, c.Kind)
	}
	service, err := parseService(c.Service)
	if err != nil {
		return 0, Terms{}, fmt.Errorf("contract of %s with %s: %w", c.Payer, c.Payee, err)
	}
	price := func(gbp float64) Pence { return GBP(float64(gbp * c.Price)) }
	t := Terms{
		Service: service,
		Prices: Prices{
			GP: price(p.GPContact), Nurse: price(p.NurseContact),
			First: price(p.FirstAttendance), FollowUp: price(p.FirstAttendance),
			DayCase: price(p.DayCase), Inpatient: price(p.Inpatient), Other: price(p.OtherAdmission),
			Emergency: price(p.Emergency), AE: price(p.AEVisit), Social: price(p.SocialCareCase),
		},
		Marginal:       p.MarginalRate,
		SavingsShare:   p.SavingsShare,
		SavingsMinimum: p.SavingsMinimum,
		QualityShare:   p.QualityShare,
		QualityFrom:    p.QualityFrom,
	}
	switch service {
	case ServiceGP:
		t.Head = price(p.GPCapitation)
	case ServiceWhole:
		t.Head = price(p.Envelope)
	case ServiceSocialCare:
		t.Head = price(p.SocialCareHead)
	}
	return kind, t, nil
}

// mulDiv returns a b / c, rounded to the nearest whole number, halves away from zero, without
// overflow on the way. It panics if c <= 0 or the answer does not fit.
func mulDiv(a, b, c int64) int64 {
	if c <= 0 {
		panic("market: mulDiv by a number that is not positive")
	}
	hi, lo := bits.Mul64(magnitude(a), magnitude(b))
	lo, carry := bits.Add64(lo, uint64(c)/2, 0)
	q, _ := bits.Div64(hi+carry, lo, uint64(c))
	if q > 1<<63-1 {
		panic("market: mulDiv overflows")
	}
	if a^b < 0 { // signs differ
		return -int64(q)
	}
	return int64(q)
}

// magnitude is |a|, of the least number too, whose negative is itself.
func magnitude(a int64) uint64 {
	return uint64(max(a, -a))
}
