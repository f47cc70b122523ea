package evidence

import (
	"math"

	"coexist/sim"
)

// illnessSpecs are registers, multimorbidity, life and death.
var illnessSpecs = join([]spec{
	{id: "F01", weeks: "week 52", of: conditions(1, 0, 100), why: "people with one or more of the 19 conditions on registers (the study counted 40)"},
	{id: "F02", weeks: "week 52", of: conditions(2, 0, 100), why: "people with two or more of the 19 conditions on registers (the study counted 40)"},
	{id: "F03", weeks: "week 52", of: earlier, why: "years between the ages at which a fifth, 30 and 40 % of the most and of the least deprived tenth have two or more conditions, mean"},
	{id: "F08", weeks: "week 52", people: "25-34 years", of: conditions(2, 25, 34), why: "people with two or more of the 19 conditions"},
	{id: "F09", weeks: "week 52", people: "75 and over", of: conditions(2, 75, 100), why: "people with two or more of the 19 conditions"},
	{id: "F24", weeks: wholeRun, people: "men", of: lifeAt(0, 0), why: "life expectancy at birth from deaths of the run by age (its table is that of 2017-19)"},
	{id: "F25", weeks: wholeRun, people: "women", of: lifeAt(1, 0), why: "life expectancy at birth from deaths of the run by age (its table is that of 2017-19)"},
	{id: "F26", weeks: wholeRun, people: "men", of: lifeAt(0, 65), why: "life expectancy at 65 from deaths of the run by age"},
	{id: "F27", weeks: wholeRun, people: "women", of: lifeAt(1, 65), why: "life expectancy at 65 from deaths of the run by age"},
	{id: "F28", weeks: wholeRun, people: "men", of: lifeAt(0, 85), why: "life expectancy at 85 from deaths of the run by age"},
	{id: "F29", weeks: wholeRun, people: "women", of: lifeAt(1, 85), why: "life expectancy at 85 from deaths of the run by age"},
	{id: "F32", of: perThousand(func(a *sim.Activity) float64 { return a.Deaths }), why: "deaths"},
}, registers(map[string]string{"F10": "HYP", "F11": "DEP", "F12": "DM", "F13": "CHD", "F14": "MH", "F15": "AST", "F16": "CKD", "F17": "STIA",
	"F18": "COPD", "F19": "CAN", "F20": "AF", "F21": "HF", "F22": "EP", "F23": "DEM"}))

// registers are rows of disease registers, where the file of registers wins over the row.
func registers(codes map[string]string) (list []spec) {
	for _, t := range allTargets() {
		if code := codes[t.ID]; code != "" {
			list = append(list, spec{id: t.ID, weeks: "end of the run", register: code, of: prevalenceOf(code),
				why: "people of the ages that the register counts who have the condition after years of onsets, births and deaths, at the ages of the map"})
		}
	}
	return list
}

func prevalenceOf(code string) measure {
	return func(r *Run) (float64, bool) {
		for k := range r.Place.Health.Conditions {
			if c := &r.Place.Health.Conditions[k]; c.Code == code {
				have, n := r.prevalence(k, 0, 9)
				return 100 * have / n, n > 0
			}
		}
		return 0, false
	}
}

// prevalence is the number of people with a condition, and of people of the ages that its register
// counts, in some tenths of deprivation (0 the most deprived) at the end of the run, had the tenths
// the ages of the map still.
func (r *Run) prevalence(k, from, to int) (have, n float64) {
	begin, end, c := r.Reference.Begin, r.State[len(r.State)-1], &r.Place.Health.Conditions[k]
	for d := from; d <= to; d++ {
		for age := c.FromAge; age <= c.ToAge; age++ {
			people := begin.Decile[d][age]
			n += people
			if now := end.Decile[d][age]; now > 0 {
				have += people * end.Have[k][d][age] / now
			}
		}
	}
	return have, n
}

// registered is the prevalence of a condition in the file of registers, in per cent.
func (r *Run) registered(code string) (float64, bool) {
	for k := range r.Place.Health.Conditions {
		c := &r.Place.Health.Conditions[k]
		if c.Code != code {
			continue
		}
		sum, n := 0.0, 0.0
		for d := range c.ByDecile {
			_, people := r.prevalence(k, d, d)
			sum += people * c.ByDecile[d]
			n += people
		}
		return 100 * sum / n, n > 0
	}
	return 0, false
}

// conditions is the share of people of some ages with so many conditions or more, in per cent,
// weighted to the ages of 2011.
func conditions(least, from, to int) measure {
	return func(r *Run) (float64, bool) {
		s := r.State[0]
		w := weights(s)
		have, n := 0.0, 0.0
		for age := from; age <= to; age++ {
			for d := range s.Conditions[age] {
				for k, people := range s.Conditions[age][d] {
					n += w[age] * people
					if k >= least {
						have += w[age] * people
					}
				}
			}
		}
		return 100 * have / n, n > 0
	}
}

// earlier compares the ages at which prevalences of multimorbidity are reached.
func earlier(r *Run) (float64, bool) {
	sum, n := 0.0, 0.0
	for _, level := range []float64{.2, .3, .4} {
		poor, ok1 := r.reaches(0, level)
		rich, ok2 := r.reaches(9, level)
		if ok1 && ok2 {
			sum += rich - poor
			n++
		}
	}
	return sum / n, n == 3
}

// reaches is the age from which so many of a tenth have two or more conditions, from means over five
// years of age and all year ends.
func (r *Run) reaches(decile int, level float64) (age float64, ok bool) {
	last := math.NaN()
	for mid := 10; mid <= 95; mid++ {
		have, n := 0.0, 0.0
		for _, s := range r.State {
			for a := mid - 2; a <= mid+2; a++ {
				for k, people := range s.Conditions[a][decile] {
					n += people
					if k >= 2 {
						have += people
					}
				}
			}
		}
		p := have / max(n, 1)
		if p >= level && last < level {
			return float64(mid) - (p-level)/(p-last) + .5, true
		}
		last = p
	}
	return 0, false
}

// lifeAt is life expectancy at an age by sex.
func lifeAt(sex, age int) measure {
	return func(r *Run) (float64, bool) { return lifeExpectancy([]*Run{r}, sex, age) }
}

// lifeExpectancy is that of the deaths of some runs, pooled over their years: a period life table by
// single years of age, closed at 100 by the rate there.
func lifeExpectancy(runs []*Run, sex, from int) (float64, bool) {
	deaths, years := mortality(runs, sex)
	alive, sum := 1.0, 0.0
	for age := from; age <= 100; age++ {
		if years[age] == 0 {
			return 0, false
		}
		m := deaths[age] / years[age]
		if age == 100 {
			if m == 0 {
				return 0, false
			}
			return sum + alive/m, true
		}
		q := 1 - math.Exp(-m)
		sum += alive * (1 - q*(1-spentBy(age)))
		alive *= 1 - q
	}
	return sum, true
}

// mortality pools deaths and years lived by age over runs and their years.
func mortality(runs []*Run, sex int) (deaths, years [101]float64) {
	for _, r := range runs {
		before := r.Reference.State
		for y := range r.Past {
			for age := range deaths {
				deaths[age] += r.Past[y].Deaths[sex][age]
				years[age] += (before.Alive[sex][age] + r.State[y].Alive[sex][age]) / 2
			}
			before = r.State[y]
		}
	}
	return deaths, years
}
