package evidence

import (
	"math"

	"coexist/sim"
)

// contacts with GPs and nurses.
func contacts(a *sim.Activity) float64 { return a.GPContacts + a.NurseContacts }

// useSpecs are consultations, referrals, admissions and A&E.
var useSpecs = []spec{
	{id: "E01", why: "GP and nurse contacts a person-year", of: share(1, contacts, personYears)},
	{id: "E02", why: "GP and nurse contacts a person-year", of: share(1, contacts, personYears)},
	{id: "E03", why: "all contacts in general practice a person-year", of: share(1, contacts, personYears)},
	{id: "E04", why: "contacts a person-year of the panel aged 85-89", people: "panel, 85-89", of: byAge(85, 89, 1, func(u *sim.AgeUse) float64 { return u.GPContacts + u.NurseContacts })},
	{id: "E05", why: "GP contacts among all", of: share(100, func(a *sim.Activity) float64 { return a.GPContacts }, contacts)},
	{id: "E06", why: "contacts that are not with a GP among all (the model has no third kind of staff)", of: share(100, func(a *sim.Activity) float64 { return a.NurseContacts }, contacts)},
	{id: "E14", why: "referrals made by GPs", of: perThousand(func(a *sim.Activity) float64 { return a.Referrals - a.OtherReferrals })},
	{id: "E15", why: "referrals from clinics, A&E and wards", of: perThousand(func(a *sim.Activity) float64 { return a.OtherReferrals })},
	{id: "E16", why: "first clinic attendances", of: perThousand(func(a *sim.Activity) float64 { return a.Firsts })},
	{id: "E17", why: "all clinic attendances", of: perThousand(func(a *sim.Activity) float64 { return a.Firsts + a.FollowUps })},
	{id: "E18", why: "referrals made by GPs over GP contacts", of: share(100, func(a *sim.Activity) float64 { return a.Referrals - a.OtherReferrals }, func(a *sim.Activity) float64 { return a.GPContacts })},
	{id: "E19", why: "first appointments never attended", of: share(100, func(a *sim.Activity) float64 { return a.NonAttendances }, func(a *sim.Activity) float64 { return a.NonAttendances + a.Firsts })},
	{id: "E20", why: "follow-ups over first attendances (E16 and E17 imply 2.1)", of: share(1, func(a *sim.Activity) float64 { return a.FollowUps }, func(a *sim.Activity) float64 { return a.Firsts })},
	{id: "E21", why: "admissions from lists", of: perThousand(fromLists)},
	{id: "E22", why: "emergency admissions", of: perThousand(emergencies)},
	{id: "E23", why: "emergencies among admissions", of: share(100, emergencies, admissions)},
	{id: "E24", why: "all admissions", of: perThousand(admissions)},
	{id: "E34", why: "A&E visits", of: perThousand(func(a *sim.Activity) float64 { return a.AEVisits })},
	{id: "E35", why: "emergency admissions over A&E visits (the model has one type of A&E)", of: share(100, emergencies, func(a *sim.Activity) float64 { return a.AEVisits })},
	{id: "E36", why: "A&E visits that ended within four hours", of: withinFourHours},
	{id: "E37", why: "readmissions over emergency admissions", of: share(100, func(a *sim.Activity) float64 { return a.Readmissions }, emergencies)},
	{id: "E46", why: "avoidable among emergency admissions", of: share(100, func(a *sim.Activity) float64 { return a.AvoidableEmergencies }, emergencies)},
	{id: "E47", why: "avoidable emergency admissions", of: perThousand(func(a *sim.Activity) float64 { return a.AvoidableEmergencies })},
	{id: "E50", why: "people of 75 and over among avoidable admissions, all priced alike", people: "panel", weeks: wholeRun, of: avoidableOld},
	{id: "E73", why: "emergency admissions of the panel below 15", people: "panel, 0-14", weeks: wholeRun, of: byAge(0, 14, 1000, func(u *sim.AgeUse) float64 { return u.Avoidable + u.Emergencies })},
	{id: "E82", why: "emergency admissions at 65 and over", people: "65 and over", of: oldEmergencies},
	{id: "E83", why: "people of 65 and over among emergency admissions", of: oldShare},
	{id: "E84", why: "yearly growth of the number of emergency admissions at 65 and over, from year 1 to the last", people: "65 and over", weeks: wholeRun, of: growthOld},
	{id: "C13", why: "growth of emergency admissions per head over 5 years, ages as they are", weeks: "weeks 0-311", of: growthFive},
	{id: "E75", why: "contacts in general practice that people rate good", of: share(100, func(a *sim.Activity) float64 { return contacts(a) - a.BadContacts }, contacts)},
	{id: "A22", why: "changes of practice without a change of address", of: perThousand(func(a *sim.Activity) float64 { return a.PracticeSwitches })},
	{id: "G22", why: "referrals per GP contact (the need) by district: highest over lowest, the outer hundredth at each end left out", people: "districts", of: spreadOfReferral},
	{id: "E97", why: "GPs of the run, at the people of 2011", weeks: "week 52", of: func(r *Run) (float64, bool) {
		return float64(r.State[0].GPs) * people2011 * 1e6 / residents(r.Place), true
	}},
}

const wholeRun = "weeks 0-311"

// byAge is a yearly mean of the panel at some ages, over all years, weighted to 2011.
func byAge(from, to int, scale float64, f func(*sim.AgeUse) float64) measure {
	return func(r *Run) (float64, bool) {
		sum, n := 0.0, 0.0
		for i, y := range r.Past {
			w := weights(r.State[i])
			for age := from; age <= to; age++ {
				sum += w[age] * f(&y.ByAge[age])
				n += w[age] * y.ByAge[age].People
			}
		}
		return scale * sum / n, n > 0
	}
}

func avoidableOld(r *Run) (float64, bool) {
	sum, n := 0.0, 0.0
	for i, y := range r.Past {
		w := weights(r.State[i])
		for age := range y.ByAge {
			x := w[age] * y.ByAge[age].Avoidable
			n += x
			if age >= 75 {
				sum += x
			}
		}
	}
	return 100 * sum / n, n > 0
}

func oldEmergencies(r *Run) (float64, bool) { return r.rate(firstYear, lastYear, old, emergencies) }

func oldShare(r *Run) (float64, bool) {
	n := r.sum(firstYear, lastYear, everyone, emergencies)
	return 100 * r.sum(firstYear, lastYear, old, emergencies) / n, n > 0
}

// growthOld compares counts as they are: the people of the model age too.
func growthOld(r *Run) (float64, bool) {
	count := func(y int) float64 {
		p := r.Past[y-1]
		return emergencies(&p.Band[2]) + emergencies(&p.Band[3])
	}
	n := len(r.Past)
	if n < 3 || count(1) == 0 {
		return 0, false
	}
	return 100 * (math.Pow(count(n)/count(1), 1/float64(n-1)) - 1), true
}

// crude is the rate of emergency admissions of a year, ages as they are.
func (r *Run) crude(year int) float64 {
	n, years := 0.0, 0.0
	for b := range r.Past[year-1].Band {
		a := &r.Past[year-1].Band[b]
		n += emergencies(a)
		years += a.PersonYears
	}
	return 1000 * n / years
}

func growthFive(r *Run) (float64, bool) {
	if len(r.Past) < 6 {
		return 0, false
	}
	return 100 * (r.crude(6)/r.crude(1) - 1), true
}

func withinFourHours(r *Run) (float64, bool) {
	breaches, visits := 0.0, 0.0
	for y := firstYear; y <= min(lastYear, len(r.Past)); y++ {
		breaches += r.Past[y-1].Breaches
		visits += r.Past[y-1].Visits
	}
	return 100 * (1 - breaches/visits), visits > 0
}

// spreadOfReferral is the ratio of the 99th to the 1st percentile of districts.
func spreadOfReferral(r *Run) (float64, bool) {
	var rates []float64
	for d := range r.Past[0].District {
		over, under := 0.0, 0.0
		for y := firstYear; y <= min(lastYear, len(r.Past)); y++ {
			u := &r.Past[y-1].District[d]
			over += u.Referrals
			under += u.GPContacts
		}
		if under > 0 {
			rates = append(rates, over/under)
		}
	}
	if len(rates) < 20 {
		return 0, false
	}
	return quantile(rates, .99) / quantile(rates, .01), true
}
