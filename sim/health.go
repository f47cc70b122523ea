package sim

import (
	"math"
	"math/bits"

	"coexist/agents"
	"coexist/agents/chance"
	"coexist/configs"
	"coexist/sim/place"
)

const (
	maxConditions = 12  // counts of conditions above this share its tables
	frailties     = 16  // classes of frailty, equally likely at birth
	rungs         = 128 // 16 to each doubling, from 1/256 to 1
	maxGap        = 26  // weeks to the next look at a person, at most
)

// hazards holds what illness does to people, tabled so that a candidate event needs no logarithm:
// weekly probabilities by sex, age and number of conditions (ODD 7.1, 7.2).
type hazards struct {
	contact [2][102][maxConditions + 1]float32 // GP or nurse contact
	bound   [2][102][maxConditions + 1]float32 // all but onset, at the worst any regime can do, this year of age or the next
	rate    [2][102]rates
	control [256]float32 // what is left of a gap in control after so many weeks

	emergency [maxConditions + 1]float64 // multipliers by number of conditions
	avoidable [maxConditions + 1]float64
	death     [maxConditions + 1]float64

	worstOther, worstAvoidable, worstDeath float64 // how far any regime can multiply these hazards

	rung  [rungs]float64         // bounds that a level stands for
	gaps  [rungs][maxGap]uint32  // P(gap <= k+1) in 1/2^32
	guide [rungs][gapGuide]uint8 // where to begin to look, by the first bits of the draw

	*illness
	quantile    [10][101][frailties]float32   // people up to each class of frailty, by decile and age: shares
	onset       [frailties][102][10]float32   // all conditions together, none had yet; this year or the next
	each        []float64                     // of them each, by frailty, age, decile and condition
	have        [frailties][10][101][]float32 // prevalence of each condition
	crudeDeaths float64                       // deaths per 1,000 people and year in England by the table
	female      [101]float64                  // share of women by age
}

// rates are weekly probabilities at the reference for one sex and age, no conditions.
type rates struct {
	visit, admission, emergency, avoidable, death, move float64
	after                                               float64 // P(death within 30 days of an emergency admission)
}

// Shapes of use by age: relative means over all people of an age, scaled to the totals of the
// parameters. Assumption (0.7 to 1.4 times each), in line with rows E03, E04, E50, E73, E82 and E83 of
// the evidence.
var (
	shapeFrom      = [...]int{0, 1, 5, 16, 25, 35, 50, 65, 75, 85, 101}
	contactMale    = [...]float64{7.5, 5.5, 2.4, 2.2, 2.6, 3.5, 5.2, 8.0, 11.4, 14.6}
	contactFemale  = [...]float64{7.5, 5.5, 2.5, 5.2, 6.0, 5.7, 6.5, 8.2, 11.4, 14.6}
	emergencyShape = [...]float64{190, 95, 44, 62, 60, 56, 72, 108, 212, 380}
	avoidableShape = [...]float64{26, 18, 6.5, 5.5, 5.5, 7, 14, 31, 81, 152}
	visitShape     = [...]float64{1.6, 1.5, 1.0, 1.35, 1.2, .9, .75, .75, 1.0, 1.4}
	maternityShape = [...]float64{.2, .1, .1, 2.2, 4.5, 1.4, .5, .5, .5, .5} // women; men a tenth of it
	moveShape      = [...]float64{1.3, 1.2, .7, 2.0, 2.0, 1.0, .5, .35, .35, .5}
)

// shapeAt is the value of a shape at an age.
func shapeAt(shape *[10]float64, age int) float64 {
	k := 0
	for age >= shapeFrom[k+1] {
		k++
	}
	return shape[k]
}

// newHazards fits and tables illness for a place's national tables under a config. It costs some
// tens of milliseconds, and depends on nothing that differs between regimes of one comparison.
func newHazards(h *place.Health, c *configs.Config) *hazards {
	t := &hazards{}
	t.illness = newIllness(h, c)
	use := newTotals(c, &t.people)
	t.settle(h, use.deaths(c, &t.people, &t.mean))
	t.tablePrevalence()
	t.tableSex(h)
	t.tableRates(h, c, &use)
	people := 0.0
	for age, n := range t.people {
		people += n
		t.crudeDeaths += float64(n * (h.Death[0][age] + h.Death[1][age]) / 2)
	}
	t.crudeDeaths *= 1000 / people
	t.tableOnset()
	left := 1.0
	for i := range t.control {
		t.control[i] = float32(left)
		left *= 1 - c.Health.ControlPace
	}
	for i := range t.rung {
		t.rung[i] = float64(math.Float32frombits(firstRung + uint32(i+1)<<rungShift))
		t.tableGaps(i)
	}
	return t
}

// yearShare is how the people of an age band are spread over its years: evenly, and falling by an
// eighth a year from 85 (assumption, close to the life table).
func yearShare(band, age int) float64 {
	from, to := place.AgeFrom[band], place.AgeFrom[band+1]
	if band < place.Ages-1 {
		return 1 / float64(to-from)
	}
	w := 1.0
	for a := from; a < to; a++ {
		if a == age {
			return w / lastBandTotal
		}
		w *= .875
	}
	return 0
}

// lastBandTotal is the sum of the weights of the years of the last age band.
var lastBandTotal = func() float64 {
	total, w := 0.0, 1.0
	for a := place.AgeFrom[place.Ages-1]; a < place.AgeFrom[place.Ages]; a++ {
		total += w
		w *= .875
	}
	return total
}()

// dep is deprivation from -1 (least) to 1 (most deprived) of a decile, 1 the most deprived.
func dep(decile int) float64 { return (5.5 - float64(decile)) / 4.5 }

// ageWeight turns the ages of the 2021 map into those of 2011 (rows F34 and F35): crude rates of
// the evidence are met by people so weighted.
func ageWeight(age int) float64 {
	switch {
	case age < 5:
		return 1.12
	case age < 65:
		return 1.02
	}
	return .89
}

// totals scale the shapes of use by age to the totals of the parameters: what a shape of 1 stands for, a
// person and year.
type totals struct {
	contact, emergency, avoidable, visit, admission, move float64

	again float64 // admissions in all for each that is no readmission
}

func contactShape(age, sex int) float64 {
	if sex == 1 {
		return shapeAt(&contactFemale, age)
	}
	return shapeAt(&contactMale, age)
}

func admissionShape(age, sex int) float64 {
	if sex == 1 {
		return shapeAt(&maternityShape, age)
	}
	return .1 * shapeAt(&maternityShape, age)
}

func newTotals(c *configs.Config, people *[101]float64) totals {
	scale := func(total float64, shape func(age, sex int) float64) float64 {
		sum, all := 0.0, 0.0
		for age := range 101 {
			w := float64(people[age] * ageWeight(age))
			sum += float64(float64(w*(float64(shape(age, 0))+float64(shape(age, 1)))) / 2)
			all += w
		}
		return total * all / sum
	}
	both := func(s *[10]float64) func(age, sex int) float64 {
		return func(age, _ int) float64 { return shapeAt(s, age) }
	}
	again := 1 + c.Treatment.Readmission // readmissions are among the totals
	return totals{
		contact:   scale(c.Contact.Rate-returnsAYear(c), contactShape),
		emergency: scale(max((c.Health.Emergencies+c.Health.Avoidable)/again-c.Health.Avoidable, 0)/1000, both(&emergencyShape)),
		avoidable: scale(c.Health.Avoidable/1000, both(&avoidableShape)),
		visit:     scale(max(c.Beds.AEVisits-c.Health.Emergencies-c.Health.Avoidable, 0)/1000, both(&visitShape)),
		admission: scale(c.Treatment.OtherAdmissions/1000, admissionShape),
		move:      scale(c.People.Moves/1000, both(&moveShape)),
		again:     again,
	}
}

// admitted are emergency admissions a person and year at an age, readmissions left out: others and avoidable.
func (u *totals) admitted(age int) (other, avoidable float64) {
	return float64(u.emergency * shapeAt(&emergencyShape, age)), float64(u.avoidable * shapeAt(&avoidableShape, age))
}

// urgency is what missed needs do to emergencies at an age at the reference: contacts miss needs, and a missed
// need raises the hazard for some weeks.
func (u *totals) urgency(c *configs.Config, age, sex int) float64 {
	returns := returnsAYear(c)
	missed := returns * u.contact * contactShape(age, sex) / max(c.Contact.Rate-returns, 1e-9)
	return 1 + float64((c.Contact.MissedRisk-1)*(1-chance.Exp(-missed*float64(c.Contact.MissedWeeks)/52)))
}

// deaths is how the deaths of each age are divided among the ways: as many follow an emergency admission as
// makes their mean probability that of the parameters, the same share at every age; the rest die by the
// hazard, and all together by the life table.
func (u *totals) deaths(c *configs.Config, people, mean *[101]float64) (part [ways][101]float64) {
	crude, all := 0.0, 0.0
	for age, n := range people {
		crude += float64(n * mean[age])
		all += n
	}
	share := min(c.Treatment.DeathAfter*(c.Health.Emergencies+c.Health.Avoidable)/1000*all/crude, .7)
	for age := range 101 {
		other, avoidable := u.admitted(age)
		part[byDeath][age] = 1 - share
		part[byEmergency][age] = share * float64(other/max(other+avoidable, 1e-9))
		part[byAvoidable][age] = share * float64(avoidable/max(other+avoidable, 1e-9))
	}
	return part
}

// tableRates adds the conditions to the use of people by age. Shapes are means over the people of an age, so
// that a rate without conditions is the shape over the mean multiplier at that age.
func (t *hazards) tableRates(h *place.Health, c *configs.Config, use *totals) {
	for n := range maxConditions + 1 {
		t.emergency[n] = chance.Exp(c.Health.EmergencyCondition * float64(n))
		t.avoidable[n] = chance.Exp(c.Health.AvoidableCondition * float64(n))
		t.death[n] = chance.Exp(chance.Log(c.Health.RelativeDeath) * float64(n))
	}
	weekly := func(yearly float64) float64 { return 1 - chance.Exp(-yearly/52) }
	for sex := range 2 {
		for age := range 101 {
			r := &t.rate[sex][age]
			other, avoidable := use.admitted(age)
			r.visit = weekly(use.visit * shapeAt(&visitShape, age))
			r.admission = weekly(use.admission * admissionShape(age, sex))
			r.emergency = weekly(other / t.burden[byEmergency][age])
			r.avoidable = weekly(avoidable / t.burden[byAvoidable][age])
			r.move = weekly(use.move * shapeAt(&moveShape, age))
			yearly := -chance.Log(1 - min(h.Death[sex][age], .99))
			admitted := max((other+avoidable)*use.again*use.urgency(c, age, sex), 1e-9)
			r.after = min((1-t.part[byDeath][age])*yearly/admitted, .5)
			harmed := 1 + float64((chance.Exp(c.Health.HarmDeath)-1)*min(c.Treatment.Harm*admitted*float64(c.Health.HarmWeeks)/52, 1))
			r.death = weekly((yearly - float64(r.after*admitted)) / t.burden[byDeath][age] / harmed)
			for n := range maxConditions + 1 {
				// One contact a week at most, so the probability is the mean number of contacts itself.
				yearly := use.contact * contactShape(age, sex) / t.burden[byContact][age] * chance.Exp(c.Contact.PerCondition*float64(n))
				t.contact[sex][age][n] = float32(min(yearly/52, .95))
			}
		}
		t.rate[sex][101] = t.rate[sex][100]
		t.contact[sex][101] = t.contact[sex][100]
	}
	t.tableBounds(c)
}

// returnsAYear is the number of contacts a year that missed needs bring back: each need that a GP
// misses returns until it is referred. They are part of the contacts of the parameters.
func returnsAYear(c *configs.Config) float64 {
	k := &c.Contact
	found := max(chance.Phi(k.Discrimination-k.Threshold), .05)
	return k.Rate * k.GPShare * k.Need * (1 - found) / found
}

// tableBounds tables the most that all events of a person but onset can add up to under any regime.
func (t *hazards) tableBounds(c *configs.Config) {
	risk := max(c.Contact.MissedRisk, 1) * (1 + c.Health.Season)
	depth := chance.Exp(abs(c.Health.EmergencyDeprivation))
	t.worstOther = risk * trendBound(c) * depth
	t.worstAvoidable = risk * depth * chance.Exp(c.Health.ControlEffect*controlLoss)
	t.worstDeath = chance.Exp(max(c.Health.HarmDeath, 0))
	attention := 1 - chance.Exp(-(c.Choice.PracticeAttention+float64(15*c.Choice.PracticeBad))/52)
	attention += 1 - chance.Exp(-c.Enrolment.Attention/52)
	at := func(sex, age, n int) float64 {
		r := &t.rate[sex][age]
		return float64(t.contact[sex][age][n]) + r.visit + r.admission + r.move + attention +
			float64(r.emergency*t.emergency[n]*t.worstOther) + float64(r.avoidable*t.avoidable[n]*t.worstAvoidable) +
			float64(r.death*t.death[n]*t.worstDeath)
	}
	for sex := range 2 {
		for age := range 101 {
			for n := range maxConditions + 1 {
				t.bound[sex][age][n] = float32(max(at(sex, age, n), at(sex, age+1, n)) * 1.0001)
			}
		}
		t.bound[sex][101] = t.bound[sex][100]
	}
}

// trendBound is how far the trend of other emergencies can have risen by the end of a run.
func trendBound(c *configs.Config) float64 {
	years := float64(c.Time.Years + c.Time.WarmupYears)
	return max(chance.Exp(years*chance.Log(1+c.Health.EmergencyTrend)), 1)
}

// tableOnset tables the weekly probability that any condition begins.
func (t *hazards) tableOnset() {
	t.each = make([]float64, frailties*101*10*len(t.conditions))
	for f := range frailties {
		for d := range 10 {
			for age := range 101 {
				sum, each := 0.0, t.onsets(f, age, d)
				for k := range each {
					each[k] = t.onsetOf(k, f, d, age)
					sum += each[k]
				}
				t.onset[f][age][d] = float32(sum)
			}
			t.onset[f][101][d] = t.onset[f][100][d]
			for age := range 101 {
				t.onset[f][age][d] = max(t.onset[f][age][d], t.onset[f][age+1][d])
			}
		}
	}
}

// onsets are the weekly probabilities that each condition begins.
func (t *hazards) onsets(frailty, age, decile int) []float64 {
	n := len(t.conditions)
	return t.each[((frailty*101+age)*10+decile)*n:][:n]
}

// classAt is the class of frailty at a quantile of the people of an age and decile.
func (t *hazards) classAt(decile, age int, u float64) uint8 {
	f := uint8(0)
	for f < frailties-1 && u >= float64(t.quantile[decile][age][f]) {
		f++
	}
	return f
}

// tablePrevalence tables how frail people are and who has which condition at the start.
func (t *hazards) tablePrevalence() {
	for d := range 10 {
		for age := range 101 {
			below := 0.0
			for f, share := range t.classes[d][age] {
				below += share
				t.quantile[d][age][f] = float32(below)
			}
		}
	}
	flat := make([]float32, frailties*10*101*len(t.conditions))
	for f := range frailties {
		for d := range 10 {
			for age := range 101 {
				row := flat[:len(t.conditions):len(t.conditions)]
				flat = flat[len(t.conditions):]
				for k := range t.conditions {
					row[k] = float32(t.has(k, f, d, age))
				}
				t.have[f][d][age] = row
			}
		}
	}
}

// tableSex tables the share of women by age, from 105.4 boys to 100 girls at birth and the survival
// of each.
func (t *hazards) tableSex(h *place.Health) {
	f, m := 1.0, 1.054
	for age := range 101 {
		t.female[age] = f / (f + m)
		f *= 1 - h.Death[1][age]
		m *= 1 - h.Death[0][age]
	}
}

// gapGuide is the number of entries of a guide to the table of gaps.
const gapGuide = 64

// tableGaps tables the geometric gaps of a rung.
func (t *hazards) tableGaps(rung int) {
	left := 1.0
	for k := range maxGap {
		left = float64(left * (1 - t.rung[rung]))
		t.gaps[rung][k] = uint32(min((1-left)*(1<<32), 1<<32-1))
	}
	k := 0
	for g := range gapGuide {
		for k < maxGap && t.gaps[rung][k] <= uint32(g)<<26 {
			k++
		}
		t.guide[rung][g] = uint8(k)
	}
}

// gap turns a draw into the number of weeks to the next candidate event, 1 to maxGap; idle says that
// none comes until then, so that the week is only a look at the person.
func (t *hazards) gap(rung uint8, draw uint64) (weeks int, idle bool) {
	u := uint32(draw >> 32)
	table := &t.gaps[rung]
	k := int(t.guide[rung][u>>26])
	if k < maxGap {
		k += is(u >= table[k]) // mostly this settles it, and no branch can be guessed wrong
	}
	for k < maxGap && u >= table[k] {
		k++
	}
	return min(k+1, maxGap), k == maxGap
}

// is turns a truth into 1 or 0 without a branch.
func is(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Rungs are float32 numbers whose bits are evenly spaced: firstRung stands for 1/256.
const (
	firstRung = 0x3b800000
	rungShift = 23 - 4
)

// level is the rung of the ladder of bounds that covers a person from now on.
func (t *hazards) level(p *agents.Patient, age, decile int) uint8 {
	n := min(bits.OnesCount32(p.Conditions), maxConditions)
	b := float64(t.bound[p.Sex()][age][n]) + float64(t.onset[p.Frailty][age][decile])
	bits := math.Float32bits(float32(b * 1.000001)) // the next rung at or above b: rungs are evenly spaced in the bits
	if bits <= firstRung {
		return 0
	}
	return uint8(min((bits-firstRung-1)>>rungShift, rungs-1))
}
