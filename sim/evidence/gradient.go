package evidence

import (
	"math"

	"coexist/sim"
)

// Gradient is how something differs between the most and the least deprived fifth of areas.
type Gradient struct {
	Name      string    `json:"name"`
	Unit      string    `json:"unit"`
	All       Number    `json:"all"`   // everyone: mean over seeds
	Fifth     [5]Number `json:"fifth"` // the first the most deprived: mean over seeds
	Ratio     Number    `json:"ratio"` // the first over the last: mean over seeds
	Low       Number    `json:"ratio_low"`
	High      Number    `json:"ratio_high"` // lowest and highest of the seeds
	Sign      int       `json:"sign"`       // of the ratio less 1, 0 unless all seeds agree
	Published string    `json:"published"`  // the sign that is published and where; empty where none was found
	Status    Status    `json:"status"`     // met or missed by sign; shown: nothing is published
}

// allFifths stands for everyone among the fifths.
const allFifths = -1

// measured is one gradient: how it is read off a run by fifth, and what sign is published, if any.
type measured struct {
	name, unit string
	of         func(r *Run, fifth int) float64 // of a fifth, or of everyone
	sign       int
	published  string
}

const (
	barnett    = "earlier in deprived areas by 10 to 15 years (Barnett et al 2012)"
	sheringham = "more in deprived areas at the same age (Sheringham, Asaria, Barratt, Raine and Cookson 2017, of conditions sensitive to ambulatory care)"
	mccormick  = "a higher share in deprived areas (McCormick, Hill and Redding 2018)"
)

// gradients are multimorbidity at an age, and use of care at the ages of all people of the place.
var gradients = func() (list []measured) {
	for _, a := range []struct {
		name     string
		from, to int
		level    string // of 40 conditions in Scotland, all fifths
	}{{"0-24", 0, 24, "1.9 %, recalled"}, {"25-44", 25, 44, "11.3 %, recalled"}, {"45-64", 45, 64, "30.4 %, recalled"},
		{"65-84", 65, 84, "64.9 %, recalled"}, {"85 and over", 85, 100, "81.5 %"}} {
		list = append(list, measured{name: "People with two or more conditions, aged " + a.name, unit: "per cent", of: multimorbid(a.from, a.to), sign: 1,
			published: barnett + "; all fifths, by 40 conditions: " + a.level})
	}
	kinds := []struct {
		name      string
		of        func(*sim.Activity) float64
		scale     float64
		unit      string
		sign      int
		published string
	}{
		{"Contacts in general practice", contacts, 1, "a person-year", 0, ""},
		{"Emergency admissions", emergencies, 1000, "per 1,000", 1, sheringham},
		{"Avoidable emergency admissions", func(a *sim.Activity) float64 { return a.AvoidableEmergencies }, 1000, "per 1,000", 1, sheringham},
		{"Visits to A&E", func(a *sim.Activity) float64 { return a.AEVisits }, 1000, "per 1,000", 0, ""},
		{"First clinic attendances", func(a *sim.Activity) float64 { return a.Firsts }, 1000, "per 1,000", 0, ""},
		{"Admissions from lists", fromLists, 1000, "per 1,000", 0, ""},
		{"Bed days", func(a *sim.Activity) float64 { return a.BedDays }, 1000, "per 1,000", 0, ""},
		{"Deaths", func(a *sim.Activity) float64 { return a.Deaths }, 1000, "per 1,000", 1, "more in deprived areas at the same age (recalled: every period life table by deprivation of the Office for National Statistics)"},
	}
	for _, k := range kinds {
		list = append(list, measured{name: k.name, unit: k.unit + ", all ages", of: standardised(k.of, personYears, k.scale, everyone), sign: k.sign, published: k.published})
	}
	list = append(list, measured{name: "Emergencies among all admissions", unit: "per cent, all ages", of: standardised(emergencies, admissions, 100, everyone), sign: 1, published: mccormick})
	for b, who := range []string{"0-15", "16-64", "65-84", "85 and over"} {
		list = append(list, measured{name: "Contacts in general practice, aged " + who, unit: "a person-year", of: standardised(contacts, personYears, 1, []int{b})},
			measured{name: "Emergency admissions, aged " + who, unit: "per 1,000", of: standardised(emergencies, personYears, 1000, []int{b})})
	}
	return list
}()

// multimorbid is the share of the people of some ages of a fifth with two or more conditions, in per cent, over
// all year ends, had each fifth the years of age of all its people.
func multimorbid(from, to int) func(*Run, int) float64 {
	return func(r *Run, fifth int) float64 {
		sum, n := 0.0, 0.0
		for age := from; age <= to; age++ {
			have, people, all := 0.0, 0.0, 0.0
			for _, s := range r.State {
				for d := range s.Conditions[age] {
					for k, x := range s.Conditions[age][d] {
						all += x
						if d/2 != fifth && fifth != allFifths {
							continue
						}
						people += x
						if k >= 2 {
							have += x
						}
					}
				}
			}
			if people > 0 {
				sum += all * have / people
				n += all
			}
		}
		return 100 * sum / n
	}
}

// standardised is one count over another in a fifth in the years whose levels are compared, times a scale, the
// people of each band of age weighing as they do in the whole place.
func standardised(over, under func(*sim.Activity) float64, scale float64, bands []int) func(*Run, int) float64 {
	return func(r *Run, fifth int) float64 {
		a, b := 0.0, 0.0
		for y := firstYear; y <= min(lastYear, len(r.Past)); y++ {
			for _, k := range bands {
				in := &r.Past[y-1].Band[k]
				if fifth != allFifths {
					in = &r.Past[y-1].Fifth[fifth][k]
				}
				weight := r.Past[y-1].Band[k].PersonYears / max(in.PersonYears, 1)
				a += weight * over(in)
				b += weight * under(in)
			}
		}
		return scale * a / b
	}
}

// readGradients reads them off the runs of the status quo.
func readGradients(res *Result) (list []Gradient) {
	if res == nil || len(res.Runs[quo]) == 0 {
		return nil
	}
	runs := res.Runs[quo]
	for _, m := range gradients {
		g := Gradient{Name: m.name, Unit: m.unit, Published: m.published, Status: Shown}
		sums, all := [5]float64{}, 0.0
		var ratios []float64
		for _, r := range runs {
			var v [5]float64
			for fifth := range v {
				v[fifth] = m.of(r, fifth)
				sums[fifth] += v[fifth] / float64(len(runs))
			}
			ratios = append(ratios, v[0]/v[4])
			all += m.of(r, allFifths) / float64(len(runs))
		}
		g.All = known(all)
		for fifth := range sums {
			g.Fifth[fifth] = known(sums[fifth])
		}
		f := found(ratios)
		g.Ratio, g.Low, g.High = f.Mean, f.Low, f.High
		switch {
		case !f.Mean.Known || math.IsNaN(f.Low.Value):
			g.Status = Absent
		case f.Low.Value > 1:
			g.Sign = 1
		case f.High.Value < 1:
			g.Sign = -1
		}
		if m.published != "" && g.Status != Absent {
			g.Status = Missed
			if g.Sign == m.sign {
				g.Status = Met
			}
		}
		list = append(list, g)
	}
	return list
}
