package evidence

import "coexist/sim"

// careSpecs are beds, delays, social care and continuity.
var careSpecs = []spec{
	{id: "E39", why: "bed days over beds, sites of the place, mean of the year to each year end", of: occupied},
	{id: "E42", why: "bed days of emergency stays among all", of: share(100, func(a *sim.Activity) float64 { return a.EmergencyDays }, func(a *sim.Activity) float64 { return a.BedDays })},
	{id: "E45", why: "delayed days over beds open, a day", of: delayedBeds},
	{id: "E74", why: "bed days of emergency stays at 65 and over, a day", people: "65 and over", of: bedsOld},
	{id: "E91", why: "people sent to social care from hospital, over the 40.0 contacts per 1,000 of E88", of: share(100.0/.04, func(a *sim.Activity) float64 { return a.SocialCases }, personYears)},
	{id: "D01", why: "mean usual-provider index of 24 months, two or more GP contacts", people: "62-82 years", weeks: "weeks 52 and 104", of: meanUPC},
	{id: "D07", why: "people with an index of .7 or more", people: "62-82 years", weeks: "weeks 52 and 104", of: highUPC},
	{id: "E76", why: "adults who see their usual GP by intent in more than half of their contacts", people: "18 and over", weeks: "week 52", of: prefer},
}

func occupied(r *Run) (float64, bool) {
	in, beds := 0.0, 0.0
	for y := firstYear; y <= lastYear; y++ {
		in += r.State[y-1].InBeds
		beds += r.State[y-1].Beds
	}
	return 100 * in / beds, beds > 0
}

func delayedBeds(r *Run) (float64, bool) {
	days, beds := 0.0, 0.0
	for y := firstYear; y <= lastYear; y++ {
		for b := range r.Past[y-1].Band {
			days += r.Past[y-1].Band[b].DelayedDays
		}
		beds += 364 * r.State[y-1].Beds
	}
	return 100 * days / beds, beds > 0
}

func bedsOld(r *Run) (float64, bool) {
	n := r.sum(firstYear, lastYear, old, func(a *sim.Activity) float64 { return a.EmergencyDays })
	years := r.sum(firstYear, lastYear, everyone, personYears)
	return n / years / 364 * people2011 * 1e6, years > 0
}

// ages 62 to 82, as the study has them.
const upcFrom, upcTo = 62, 82

func (r *Run) upc(of func(*sim.State) *[101]float64) (float64, bool) {
	sum, n := 0.0, 0.0
	for y := firstYear; y <= lastYear; y++ {
		s := r.State[y-1]
		for age := upcFrom; age <= upcTo; age++ {
			sum += of(s)[age]
			n += s.Seen[age]
		}
	}
	return sum / n, n > 0
}

func meanUPC(r *Run) (float64, bool) {
	return r.upc(func(s *sim.State) *[101]float64 { return &s.UPC })
}

func highUPC(r *Run) (float64, bool) {
	v, ok := r.upc(func(s *sim.State) *[101]float64 { return &s.HighUPC })
	return 100 * v, ok
}

func prefer(r *Run) (float64, bool) {
	s := r.State[0]
	w := weights(s)
	sum, n := 0.0, 0.0
	for age := 18; age <= 100; age++ {
		sum += w[age] * s.Prefer[age]
		n += w[age] * (s.Alive[0][age] + s.Alive[1][age])
	}
	return 100 * sum / n, n > 0
}
