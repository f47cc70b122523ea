package evidence

import (
	"math"
	"slices"

	"coexist/sim"
)

// Years of a re-staged reform with a date: the last before it, and the last of the run.
const beforeReform, afterReform = 2, 6

// reformSpecs are rows measured in scenarios other than the status quo. All are compared with runs of
// the status quo with the same people and the same luck (difference in differences), unless the study
// had no control.
var reformSpecs = join([]spec{
	{id: "A26", scenario: "reform-choice-2006", weeks: "weeks 52-103", why: "referrals to a site other than the nearest with the line, before choice (all lines; the study: hips)", of: bypass(beforeReform)},
	{id: "A27", scenario: "reform-choice-2006", weeks: "weeks 260-311", why: "the same after choice", of: bypass(afterReform)},
	{id: "A47", scenario: "reform-choice-2006", weeks: "weeks 52-311", people: "hospital sites", why: "sign of the slope of the change of patients served on quality, against the status quo", of: siteSlope(servedChange, siteQuality)},
	{id: "B06", scenario: "reform-choice-2006", weeks: "weeks 52-311", people: "hospital sites", why: "sign of the slope of the change of mortality (from the quality of its services) on -ln HHI within 30 km, against the status quo", of: siteSlope(mortalityChange, openness)},
	{id: "B07", scenario: "reform-choice-2006", weeks: "weeks 52-311", people: "trusts", why: "sign of the slope of the change of expense on -ln HHI within 30 km, against the status quo", of: expenseSlope},
	{id: "B22", scenario: "reform-mergers", weeks: "weeks 260-311", people: "hospital sites", why: "sign of the mean difference of patients served from the status quo, t over sites", of: siteMean(func(r *Run, site int) float64 { return logServed(r, afterReform, site) })},
	{id: "B23", scenario: "reform-mergers", weeks: "weeks 260-311", people: "hospital sites", why: "sign of the mean difference of quality from the status quo, t over sites", of: siteMean(func(r *Run, site int) float64 { return r.State[afterReform-1].Quality[site] })},
	{id: "C34", scenario: "reform-mergers", weeks: wholeRun, people: "65 and over", why: "yearly trend of emergency admissions over that of the status quo (community nurses are not in the model: trusts and practices merge)", of: mergerTrend},
	{id: "C17", weeks: "weeks 0-51", people: "districts that would not take part", band: &Band{7.125, 100.0 / 12}, why: "emergency admissions a month, areas picked on their past rate; the published band joined to that of 90 to 100 a year, which others give (E22)", of: pastRate(false)},
	{id: "C18", weeks: "weeks 0-51", people: "districts that would take part", band: &Band{7.505, 100.0 / 12}, why: "emergency admissions a month, areas picked on their past rate; the published band joined to that of 90 to 100 a year, which others give (E22)", of: pastRate(true)},
	{id: "C14", scenario: "reform-pioneers", weeks: wholeRun, people: "districts that take part", why: "growth of emergency admissions per head over 5 years in districts picked on their past rate", of: programme(6)},
	{id: "C15", scenario: "reform-vanguards", weeks: wholeRun, people: "districts that take part", why: "growth of emergency admissions per head over 5 years in districts picked on their past rate", of: programme(6)},
	{id: "C16", scenario: "reform-both-programmes", weeks: wholeRun, people: "districts that take part", why: "growth of emergency admissions per head over 5 years in districts picked on their past rate", of: programme(6)},
	{id: "C23", scenario: "reform-pioneers", weeks: "weeks 0-155", people: "districts that take part", why: "growth of emergency admissions per head to the second year of the programme", of: programme(3)},
	{id: "C35", scenario: "reform-kaiser", weeks: "weeks 260-311", people: "65 and over", why: "bed days of the status quo over those of the system, all causes", of: bedRatio},
	{id: "C38", scenario: "single-system-torbay", weeks: wholeRun, why: "beds in use at the end against the week before the system began, without a control as in the source", of: bedChange},
	{id: "C41", scenario: "reform-shared-savings", weeks: "weeks 0-51", why: "claims a head at reference prices against the status quo, first year (neither set-up nor shares of savings, as in the source)", of: spending(1)},
	{id: "C46", scenario: "reform-shared-savings", weeks: "weeks 0-51", why: "claims a head at reference prices against the status quo, first year (neither set-up nor shares of savings, as in the source)", of: spending(1)},
	{id: "C47", scenario: "reform-shared-savings", weeks: "weeks 52-103", why: "claims a head at reference prices against the status quo, second year (neither set-up nor shares of savings, as in the source)", of: spending(2)},
	{id: "C50", scenario: "reform-shared-savings", weeks: "weeks 52-103", people: "practices in a network", why: "referrals to hospitals outside the own network", of: leakage},
	{id: "C54", scenario: "reform-shared-savings", weeks: "weeks 0-259", people: "networks", why: "networks open after five years against those at the start", of: leaving},
	{id: "G01", scenario: "reform-fundholding", weeks: "weeks 52-311", why: "list admissions after against before the end of budgets, over the same change in the status quo", of: fundholding},
	{id: "G05", scenario: "reform-fundholding", weeks: "weeks 52-103", why: "sign of the difference of emergency admissions from the status quo while practices hold budgets, against the error of counting that people of two groups have, as in the study", of: fundholdingEmergencies},
	{id: "G10", scenario: "reform-payment-by-results", weeks: "weeks 52-311", people: "hospital sites", why: "sign of the change of patients served, against the status quo, t over sites", of: siteMean(servedChange)},
	{id: "G11", scenario: "reform-payment-by-results", weeks: "weeks 52-311", people: "hospital sites", why: "sign of the change of quality, from which mortality and readmission follow, against the status quo, t over sites", of: siteMean(func(r *Run, site int) float64 { return -mortalityChange(r, site) })},
}, absent("lengths of stay answer illness, delays and the trend, not hospitals' incentives", "B08", "G08"),
	absent("which list patients stay overnight is a matter of technique, not of payment", "G09"))

// all is a count of a year over all ages.
func (r *Run) all(year int, f func(*sim.Activity) float64) float64 {
	sum := 0.0
	for b := range r.Past[year-1].Band {
		sum += f(&r.Past[year-1].Band[b])
	}
	return sum
}

func bypass(year int) measure {
	return func(r *Run) (float64, bool) {
		n := r.all(year, func(a *sim.Activity) float64 { return a.Referrals })
		return 100 * r.all(year, func(a *sim.Activity) float64 { return a.Bypasses }) / n, n > 0
	}
}

// general lists the general hospital sites inside the place.
func (r *Run) general() (sites []int) {
	for i := range r.Place.Hospitals {
		if h := &r.Place.Hospitals[i]; h.General() && !h.Outside {
			sites = append(sites, i)
		}
	}
	return sites
}

func logServed(r *Run, year, site int) float64 {
	return math.Log(max(r.Past[year-1].Served[site], .5))
}

// servedChange is the log change of patients served from before to after a reform.
func servedChange(r *Run, site int) float64 {
	return logServed(r, afterReform, site) - logServed(r, beforeReform, site)
}

func siteQuality(r *Run, site int) float64 { return r.State[beforeReform-1].Quality[site] }

// mortalityChange is the log change of the odds of death after an emergency that quality makes.
func mortalityChange(r *Run, site int) float64 {
	return -r.Scenario.Treatment.DeathQuality * (r.State[afterReform-1].Quality[site] - r.State[beforeReform-1].Quality[site])
}

// openness is -ln HHI by trust of patients served within 30 km of a site, before the reform.
func openness(r *Run, site int) float64 {
	h := &r.Place.Hospitals[site]
	by, all := make([]float64, len(r.Place.Trusts)), 0.0
	for k := range r.Place.Hospitals {
		o := &r.Place.Hospitals[k]
		if o.General() && metres(h.Easting, h.Northing, o.Easting, o.Northing) <= 1000*marketKm {
			by[o.Trust] += r.Past[beforeReform-1].Served[k]
			all += r.Past[beforeReform-1].Served[k]
		}
	}
	hhi := 0.0
	for _, x := range by {
		hhi += x / all * x / all
	}
	return -math.Log(hhi)
}

// siteSlope is the sign of the slope of the paired change y on x over sites, 0 if its t is below 1.96.
func siteSlope(y, x func(*Run, int) float64) measure {
	return func(r *Run) (float64, bool) {
		base := r.peer(quo)
		if base == nil || len(r.Past) < afterReform {
			return 0, false
		}
		var xs, ys []float64
		for _, site := range r.general() {
			xs, ys = append(xs, x(r, site)), append(ys, y(r, site)-y(base, site))
		}
		return slopeSign(xs, ys)
	}
}

// siteMean is the sign of the mean of the paired difference over sites, 0 if its t is below 1.96.
func siteMean(y func(*Run, int) float64) measure {
	return func(r *Run) (float64, bool) {
		base := r.peer(quo)
		if base == nil || len(r.Past) < afterReform {
			return 0, false
		}
		var ys []float64
		for _, site := range r.general() {
			ys = append(ys, y(r, site)-y(base, site))
		}
		return meanSign(ys)
	}
}

// clearT is the t above which a sign counts.
const clearT = 1.96

// negligible is a mean or slope that counts as none whatever its t: rounding.
const negligible = 1e-6

func sign(v, se float64) float64 {
	switch {
	case math.Abs(v) < negligible || math.Abs(v) < clearT*se:
		return 0
	case v > 0:
		return 1
	}
	return -1
}

func meanSign(y []float64) (float64, bool) {
	if len(y) < 3 {
		return 0, false
	}
	mean, sq := average(y), 0.0
	for _, v := range y {
		sq += (v - mean) * (v - mean)
	}
	n := float64(len(y))
	return sign(mean, math.Sqrt(sq/(n-1)/n)), true
}

func slopeSign(x, y []float64) (float64, bool) {
	if len(x) < 5 {
		return 0, false
	}
	mx, my := average(x), average(y)
	xx, xy, yy := 0.0, 0.0, 0.0
	for i := range x {
		xx += (x[i] - mx) * (x[i] - mx)
		xy += (x[i] - mx) * (y[i] - my)
		yy += (y[i] - my) * (y[i] - my)
	}
	if xx == 0 {
		return 0, false
	}
	b := xy / xx
	return sign(b, math.Sqrt(max(yy-b*xy, 0)/float64(len(x)-2)/xx)), true
}

// expenseSlope compares the growth of trusts' expense with how open their market is.
func expenseSlope(r *Run) (float64, bool) {
	base := r.peer(quo)
	if base == nil || len(r.Past) < afterReform {
		return 0, false
	}
	growth := func(r *Run) map[string]float64 {
		first, last := map[string]float64{}, map[string]float64{}
		for i := range r.Rows.Organisations {
			o := &r.Rows.Organisations[i]
			if o.Kind != "trust" || o.Expense <= 0 {
				continue
			}
			switch o.Year {
			case beforeReform:
				first[o.Organisation] = float64(o.Expense)
			case afterReform:
				last[o.Organisation] = float64(o.Expense)
			}
		}
		for name := range last {
			if first[name] == 0 {
				delete(last, name)
				continue
			}
			last[name] = math.Log(last[name] / first[name])
		}
		return last
	}
	here, there := growth(r), growth(base)
	var xs, ys []float64
	done := map[uint16]bool{}
	for _, site := range r.general() {
		t := r.Place.Hospitals[site].Trust
		name := r.Place.Trusts[t].Name
		a, ok1 := here[name]
		b, ok2 := there[name]
		if done[t] || !ok1 || !ok2 {
			continue
		}
		done[t] = true
		xs, ys = append(xs, openness(r, site)), append(ys, a-b)
	}
	return slopeSign(xs, ys)
}

func oldTrend(r *Run) float64 {
	count := func(y int) float64 {
		n, years := 0.0, 0.0
		for _, b := range old {
			n += emergencies(&r.Past[y-1].Band[b])
			years += r.Past[y-1].Band[b].PersonYears
		}
		return n / years
	}
	n := len(r.Past)
	return math.Pow(count(n)/count(1), 1/float64(n-1))
}

func mergerTrend(r *Run) (float64, bool) {
	base := r.peer(quo)
	if base == nil || len(r.Past) < afterReform {
		return 0, false
	}
	return oldTrend(r) / oldTrend(base), true
}

// districtEmergencies counts the emergency admissions of the people whom the commissioner of a district pays for.
func (r *Run) districtEmergencies(year, district int) float64 {
	return r.Past[year-1].ByPayer[district]
}

// residentsOf is how many people live in a district, at the scale of the sample.
func (r *Run) residentsOf(district int) float64 {
	return float64(r.Place.Districts[district].Residents) * r.Sample
}

// takesPart picks the areas of a programme as the real ones were: a quarter of all, five in eight from
// those whose emergency admissions were above the median in the year before, so that some of their
// later fall is return to the mean. The same in every scenario of a seed.
func (r *Run) takesPart() []bool {
	base := r.peer(quo)
	n := len(r.Place.Districts)
	rates := make([]float64, n)
	for d := range rates {
		rates[d] = base.districtEmergencies(1, d) / max(r.residentsOf(d), 1)
	}
	median := quantile(slices.Clone(rates), .5)
	in := make([]bool, n)
	high, low := 0, 0
	for d := range in {
		if rates[d] > median {
			in[d] = high%16 < 5 // of the upper half
			high++
		} else {
			in[d] = low%16 < 3 // of the lower
			low++
		}
	}
	return in
}

// pastRate is the monthly rate of a year before in areas that would or would not take part.
func pastRate(taking bool) measure {
	return func(r *Run) (float64, bool) {
		if len(r.Place.Districts) < 8 {
			return 0, false
		}
		n, people := 0.0, 0.0
		grown := r.all(1, personYears) / r.Sample / residents(r.Place) // since the map was drawn
		for d, in := range r.takesPart() {
			if in == taking {
				n += r.districtEmergencies(1, d)
				people += grown * r.residentsOf(d)
			}
		}
		crude, ok := r.rate(1, 1, everyone, emergencies)
		weight := crude / r.crude(1) // to the ages of 2011, as the whole
		return 1000 * n / people / 12 * weight, ok && people > 0
	}
}

// programme is the growth of emergency admissions per head from year 1 to another in the areas that
// take part.
func programme(year int) measure {
	return func(r *Run) (float64, bool) {
		if r.peer(quo) == nil || len(r.Place.Districts) < 8 || len(r.Past) < year {
			return 0, false
		}
		first, last := 0.0, 0.0
		for d, in := range r.takesPart() {
			if in {
				first += r.districtEmergencies(1, d)
				last += r.districtEmergencies(year, d)
			}
		}
		heads := r.all(year, personYears) / r.all(1, personYears) // growth of the place
		return 100 * (last/first/heads - 1), first > 0
	}
}

func bedRatio(r *Run) (float64, bool) {
	base := r.peer(quo)
	if base == nil || len(r.Past) < afterReform {
		return 0, false
	}
	days := func(r *Run) float64 {
		n, years := 0.0, 0.0
		for _, b := range old {
			n += r.Past[afterReform-1].Band[b].BedDays
			years += r.Past[afterReform-1].Band[b].PersonYears
		}
		return n / years
	}
	return days(base) / days(r), true
}

func bedChange(r *Run) (float64, bool) {
	before := r.Reference.State.InBeds
	return 100 * (r.State[len(r.State)-1].InBeds/before - 1), before > 0
}

// spending is the change of what care costs by its claims, against the status quo with the same people: the
// studies counted claims, and neither what it costs to set up a network nor the shares that it earns.
func spending(year int) measure {
	return func(r *Run) (float64, bool) {
		base := r.peer(quo)
		if base == nil || len(r.Past) < year {
			return 0, false
		}
		a, b := r.claims(year), base.claims(year)
		return 100 * (a/b - 1), a > 0 && b > 0
	}
}

// claims is the care of a year at reference prices a head, GBP.
func (r *Run) claims(year int) float64 {
	p := &r.Scenario.Payment
	return r.all(year, func(a *sim.Activity) float64 {
		return a.GPContacts*p.GPContact + a.NurseContacts*p.NurseContact + (a.Firsts+a.FollowUps)*p.FirstAttendance + a.DayCases*p.DayCase +
			a.Inpatients*p.Inpatient + a.OtherAdmissions*p.OtherAdmission + emergencies(a)*p.Emergency + a.AEVisits*p.AEVisit
	}) / r.all(year, personYears)
}

func leakage(r *Run) (float64, bool) {
	p := r.Past[beforeReform-1]
	return 100 * p.Leaving / p.Members, p.Members > 0
}

func leaving(r *Run) (float64, bool) {
	n := r.State[0].Systems
	return 100 * (1 - float64(r.State[4].Systems)/float64(n)), n > 0
}

func fundholding(r *Run) (float64, bool) {
	base := r.peer(quo)
	if base == nil || len(r.Past) < afterReform {
		return 0, false
	}
	change := func(r *Run) float64 {
		return (r.all(afterReform, fromLists) + r.all(afterReform-1, fromLists)) / 2 / r.all(beforeReform, fromLists)
	}
	return 100 * (change(r)/change(base) - 1), true
}

// fundholdingEmergencies is nought unless the difference is clear of the error with which different people are
// counted: the study compared practices of two kinds, and paired luck would show differences that nobody
// could see in counts. Readmissions come on top of admissions, which widens the error.
func fundholdingEmergencies(r *Run) (float64, bool) {
	base := r.peer(quo)
	if base == nil {
		return 0, false
	}
	with, without := r.all(beforeReform, emergencies), base.all(beforeReform, emergencies)
	return sign(math.Log(with/without), math.Sqrt((1/with+1/without)*(1+r.Scenario.Treatment.Readmission))), with > 0 && without > 0
}
