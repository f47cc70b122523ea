package evidence

import (
	"fmt"
	"math"
)

// Limits of the checks against the tables that the model is given.
const (
	lifeYears   = .2           // life expectancy, either side
	caseBand    = registerBand // prevalence, share either side
	clearErrors = 1.96         // standard errors of a 95 % interval
)

// wholeCountry is the place whose prevalences by deprivation the file of registers gives.
const wholeCountry = "England"

// Check is a number that must come back out of a run as a table of the model gives it, after years of
// births, onsets and deaths: no published row, so nothing is counted with the rows.
type Check struct {
	Name      string `json:"name"`
	Unit      string `json:"unit"`
	Table     Number `json:"table"`
	Simulated Number `json:"simulated"` // of all seeds pooled
	Low       Number `json:"simulated_low"`
	High      Number `json:"simulated_high"` // 95 % interval of counting
	BandLow   Number `json:"low"`
	BandHigh  Number `json:"high"`
	Status    Status `json:"status"` // met, missed, or open: the interval is wider than the band
	Reason    string `json:"reason"`
}

// judge compares a simulated number, known to a standard error, with that of a table.
func (c *Check) judge(table, value, se, band float64) {
	c.Table, c.Simulated = known(table), known(value)
	c.Low, c.High = known(value-clearErrors*se), known(value+clearErrors*se)
	c.BandLow, c.BandHigh = known(table-band), known(table+band)
	switch {
	case math.IsNaN(value) || math.IsNaN(se):
		c.Status = Absent
	case math.Abs(value-table) <= band && clearErrors*se <= band:
		c.Status = Met
	case math.Abs(value-table) > band+clearErrors*se, clearErrors*se <= band:
		c.Status = Missed
	default:
		c.Status = Open
	}
}

// readChecks compares life and illness of the status quo with the tables that the model is given.
func readChecks(res *Result) []Check {
	runs := res.Runs[quo]
	if len(runs) == 0 {
		return nil
	}
	list := lifeChecks(runs)
	if runs[0].Place.Name == wholeCountry { // the file is at the ages of the country's tenths
		list = append(list, caseChecks(runs)...)
	}
	return list
}

func lifeChecks(runs []*Run) (list []Check) {
	for sex, who := range []string{"men", "women"} {
		c := Check{Name: "Life expectancy at birth, " + who, Unit: "years",
			Reason: fmt.Sprintf("%s, status-quo, whole run: deaths by age of %d seeds pooled against the life table of the map", runs[0].Place.Name, len(runs))}
		var q [101]float64
		copy(q[:], runs[0].Place.Health.Death[sex][:])
		value, se, ok := lifeWithError(runs, sex)
		if !ok {
			value = math.NaN()
		}
		c.judge(lifeOfTable(&q), value, se, lifeYears)
		list = append(list, c)
	}
	return list
}

// lifeOfTable is life expectancy at birth of yearly probabilities of death by age; from 100 on that of 100
// holds.
func lifeOfTable(q *[101]float64) float64 {
	alive, sum := 1.0, 0.0
	for age := range 100 {
		sum += alive * (1 - q[age]*(1-spentBy(age)))
		alive *= 1 - q[age]
	}
	return sum + alive/-math.Log(1-min(q[100], .99))
}

// spentBy is the part of the year of their death that those who die at an age live.
func spentBy(age int) float64 {
	if age == 0 {
		return .1
	}
	return .5
}

// lifeWithError is life expectancy at birth of pooled runs and its standard error by Chiang's formula: the
// variance of each year's probability of death, weighted with what it takes from the years ahead.
func lifeWithError(runs []*Run, sex int) (value, se float64, ok bool) {
	var at [102]float64
	for age := range 101 {
		if at[age], ok = lifeExpectancy(runs, sex, age); !ok {
			return 0, 0, false
		}
	}
	deaths, years := mortality(runs, sex)
	alive, variance := 1.0, 0.0
	for age := range 100 {
		q := 1 - math.Exp(-deaths[age]/years[age])
		if deaths[age] > 0 {
			gain := alive * (1 - spentBy(age) + at[age+1])
			variance += gain * gain * q * q * (1 - q) / deaths[age]
		}
		alive *= 1 - q
	}
	return at[0], math.Sqrt(variance), true
}

// caseChecks compares the people with each condition in each fifth of deprivation at the end of the run
// with the file of registers.
func caseChecks(runs []*Run) (list []Check) {
	for k := range runs[0].Place.Health.Conditions {
		condition := &runs[0].Place.Health.Conditions[k]
		for fifth := range 5 {
			have, people, expected, counted := 0.0, 0.0, 0.0, 0.0
			for _, r := range runs {
				for d := 2 * fifth; d < 2*fifth+2; d++ {
					x, n := r.prevalence(k, d, d)
					have, people, expected = have+x, people+n, expected+n*condition.ByDecile[d]
					counted += r.cases(k, d)
				}
			}
			c := Check{Name: fmt.Sprintf("%s, deprivation fifth %d (1 most deprived)", condition.Name, fifth+1), Unit: "per cent",
				Reason: fmt.Sprintf("%s, status-quo, end of the run: people of %d to %d years on the register, at the ages of the map, against the file of registers", runs[0].Place.Name, condition.FromAge, condition.ToAge)}
			table, value := 100*expected/people, 100*have/people
			c.judge(table, value, value/math.Sqrt(max(counted, 1)), caseBand*table)
			list = append(list, c)
		}
	}
	return list
}

// cases is how many simulated people of a tenth have a condition at the end of the run.
func (r *Run) cases(k, decile int) (n float64) {
	c := &r.Place.Health.Conditions[k]
	for age := c.FromAge; age <= c.ToAge; age++ {
		n += r.State[len(r.State)-1].Have[k][decile][age]
	}
	return n
}

// countChecks is how many checks have each status.
func countChecks(list []Check) (met, missed, open int) {
	for _, c := range list {
		switch c.Status {
		case Met:
			met++
		case Missed:
			missed++
		case Open:
			open++
		}
	}
	return met, missed, open
}
