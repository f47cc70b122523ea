package evidence

import (
	"fmt"
	"math"
	"slices"

	"coexist/sim/place"
)

// Study is an area programme evaluated as its study did, on simulated data: districts picked on their past
// rates take part, the others are left as they were and are the controls. The model alone can also show the
// same districts without the programme, which no study can: what a method finds beyond that is its error,
// return to the mean among it.
type Study struct {
	ID         string `json:"id"`        // row of targets.csv
	Published  Number `json:"published"` // difference in differences of the study, percentage points
	Source     string `json:"source"`    // of it
	Paired     Found  `json:"paired"`    // against the same districts and luck without the programme
	Difference Found  `json:"difference_in_differences"`
	Matched    Found  `json:"matched_controls"`
	Synthetic  Found  `json:"synthetic_control"`
}

// Found is an estimate in percentage points of growth: mean, lowest and highest over seeds.
type Found struct {
	Mean Number `json:"mean"`
	Low  Number `json:"low"`
	High Number `json:"high"`
}

// controlsEach is how many controls each treated district is matched with.
const controlsEach = 3

// studied are the rows of area programmes. Published differences are of the growth of those in the programme
// less that of those in none: rows of targets.csv, or of the abstract that the row is from.
var studied = []struct {
	id      string
	year    int     // whose growth from the year before is compared
	control string  // row of the growth of those in no programme
	growth  float64 // the same where it is no row
}{
	{id: "C14", year: afterReform, control: "C13"},
	{id: "C15", year: afterReform, control: "C13"},
	{id: "C16", year: afterReform, control: "C13"},
	{id: "C23", year: 3, growth: 4.84}, // Keeble et al 2019, abstract
}

// quartersBefore is how long before a programme its areas are watched.
const quartersBefore = 4

// readStudies evaluates each area programme that was re-staged in a result.
func readStudies(res *Result) (list []Study) {
	if res == nil {
		return nil
	}
	for _, s := range studied {
		target, _ := targetByID(s.id)
		control := s.growth
		if t, ok := targetByID(s.control); ok {
			control = t.Value
		}
		study := Study{ID: s.id, Published: known(math.Round(100*(target.Value-control)) / 100), Source: target.Source}
		var paired, difference, matched, synthetic []float64
		for _, r := range res.Runs[specs[s.id].scenario] {
			p, truth, ok := r.programmePanel(s.year)
			if !ok {
				return nil
			}
			from := len(p.y[0]) - 4
			paired = append(paired, truth)
			difference = append(difference, p.difference(from))
			matched = append(matched, p.matched(controlsEach, from))
			synthetic = append(synthetic, p.synthetic(from))
		}
		if len(paired) == 0 {
			continue
		}
		study.Paired, study.Difference, study.Matched, study.Synthetic = found(paired), found(difference), found(matched), found(synthetic)
		list = append(list, study)
	}
	return list
}

func found(v []float64) Found {
	return Found{known(average(v)), known(slices.Min(v)), known(slices.Max(v))}
}

// text writes an estimate for people.
func (f Found) text() string {
	return fmt.Sprintf("%s (%s to %s)", f.Mean.text(), f.Low.text(), f.High.text())
}

// programmePanel is the panel of a programme: quarterly emergency admissions per 1,000 residents of each
// district, of those that take part from the run of the programme, of the others from the status quo, which
// they would be without it. truth is the growth of those that take part less their own without the programme.
func (r *Run) programmePanel(year int) (p *panel, truth float64, ok bool) {
	base := r.peer(quo)
	if base == nil || len(r.Place.Districts) < 8 || len(r.Quarters) < 4*year || len(base.Quarters) < 4*year {
		return nil, 0, false
	}
	p = &panel{treated: r.takesPart(), before: quartersBefore, traits: r.traits()}
	without := &panel{before: quartersBefore}
	for d := range r.Place.Districts {
		rates := func(of *Run) (list []float64) {
			for q := range 4 * year {
				list = append(list, 1000*of.Quarters[q][d]/max(r.residentsOf(d), 1))
			}
			return list
		}
		p.people = append(p.people, r.residentsOf(d))
		own := rates(base)
		without.y = append(without.y, own)
		if p.treated[d] {
			own = rates(r)
		}
		p.y = append(p.y, own)
	}
	without.people = p.people
	in, last := p.in(true), 4*(year-1)
	return p, p.growth(in, nil, last) - without.growth(in, nil, last), true
}

// traits are what districts are matched by beside their past: the share of people of 65 and over, and how
// deprived they live.
func (r *Run) traits() [][]float64 {
	sums := make([][3]float64, len(r.Place.Districts))
	for i := range r.Place.Areas {
		a := &r.Place.Areas[i]
		s := &sums[a.District]
		s[0] += float64(a.Residents)
		for band := range a.ByAge {
			if place.AgeFrom[band] >= 65 {
				s[1] += float64(a.ByAge[band])
			}
		}
		s[2] += float64(a.Residents) * float64(a.IMDDecile)
	}
	list := make([][]float64, len(sums))
	for d, s := range sums {
		list[d] = []float64{s[1] / max(s[0], 1), s[2] / max(s[0], 1)}
	}
	return list
}

// addQuarter keeps the emergency admissions of a quarter by district; so far is the count since the year began.
func (r *Run) addQuarter(soFar []float64) {
	n := slices.Clone(soFar)
	for k := len(r.Quarters) - len(r.Quarters)%4; k < len(r.Quarters); k++ {
		for d := range n {
			n[d] -= r.Quarters[k][d]
		}
	}
	r.Quarters = append(r.Quarters, n)
}
