package evidence

import "coexist/sim"

// England in 2011, for counts of the whole country.
const people2011 = 53.0 // million (row F33)

// Shares of the people of 2011 below 5 and from 65 (rows F35 and F34).
const young2011, old2011 = .062, .164

// ageGroup is 0 below 5, 1 from 5 to 64, 2 from 65.
func ageGroup(age int) int {
	switch {
	case age < 5:
		return 0
	case age < 65:
		return 1
	}
	return 2
}

// weights turn the people of a state into those of 2011, by age: crude rates are met by people so
// weighted, since the map is that of 2021 and its people grow older.
func weights(s *sim.State) (w [101]float64) {
	var n [3]float64
	for age := range w {
		n[ageGroup(age)] += s.Alive[0][age] + s.Alive[1][age]
	}
	all := n[0] + n[1] + n[2]
	want := [3]float64{young2011, 1 - young2011 - old2011, old2011}
	for age := range w {
		w[age] = 1
		if g := ageGroup(age); n[g] > 0 {
			w[age] = want[g] * all / n[g]
		}
	}
	return w
}

// bandFrom is the first year of age of each band of sim.Past.
var bandFrom = [sim.AgeBands + 1]int{0, 16, 65, 85, 101}

// bandWeights are the weights of the age bands of a year, from who is alive at its end.
func (r *Run) bandWeights(year int) (w [sim.AgeBands]float64) {
	s := r.State[year-1]
	at := weights(s)
	for b := range w {
		sum, n := 0.0, 0.0
		for age := bandFrom[b]; age < bandFrom[b+1]; age++ {
			x := s.Alive[0][age] + s.Alive[1][age]
			sum += x * at[age]
			n += x
		}
		w[b] = 1
		if n > 0 {
			w[b] = sum / n
		}
	}
	return w
}

// everyone is all age bands; old is 65 and over.
var (
	everyone = []int{0, 1, 2, 3}
	old      = []int{2, 3}
)

// sum adds up what f counts in some years, with people weighted to the ages of 2011.
func (r *Run) sum(from, to int, bands []int, f func(*sim.Activity) float64) float64 {
	sum := 0.0
	for y := from; y <= min(to, len(r.Past)); y++ {
		w := r.bandWeights(y)
		for _, b := range bands {
			sum += w[b] * f(&r.Past[y-1].Band[b])
		}
	}
	return sum
}

func personYears(a *sim.Activity) float64 { return a.PersonYears }
func emergencies(a *sim.Activity) float64 { return a.AvoidableEmergencies + a.OtherEmergencies }
func fromLists(a *sim.Activity) float64   { return a.DayCases + a.Inpatients }
func admissions(a *sim.Activity) float64 {
	return emergencies(a) + fromLists(a) + a.OtherAdmissions
}

// The years whose levels are compared: 2010/11 and 2011/12.
const firstYear, lastYear = 1, 2

// perThousand is a yearly rate per 1,000 people.
func perThousand(f func(*sim.Activity) float64) measure {
	return func(r *Run) (float64, bool) { return r.rate(firstYear, lastYear, everyone, f) }
}

func (r *Run) rate(from, to int, bands []int, f func(*sim.Activity) float64) (float64, bool) {
	years := r.sum(from, to, bands, personYears)
	return 1000 * r.sum(from, to, bands, f) / years, years > 0
}

// share is the ratio of two counts, times a scale.
func share(scale float64, over, under func(*sim.Activity) float64) measure {
	return func(r *Run) (float64, bool) {
		n := r.sum(firstYear, lastYear, everyone, under)
		return scale * r.sum(firstYear, lastYear, everyone, over) / n, n > 0
	}
}
