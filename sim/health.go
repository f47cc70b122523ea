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
	frailties     = 16  // classes of frailty, equally likely
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

	frailty     [frailties]float64 // z of each class
	conditions  []condition
	onset       [frailties][102][10]float32   // all conditions together, none had yet; this year or the next
	each        []float64                     // of them each, by frailty, age, decile and condition
	have        [frailties][10][101][]float32 // prevalence of each condition
	deprived    [10]float64                   // multiplier of emergencies by decile
	cost        [101]float64                  // mean over people of an age of the multiplier of emergencies
	relative    float64                       // hazard of death per condition
	mean        [101]float64                  // mean hazard of death a year by age, both sexes
	crudeDeaths float64                       // deaths per 1,000 people and year in England by the table
	female      [101]float64                  // share of women by age
}

// rates are weekly probabilities at the reference for one sex and age, no conditions.
type rates struct {
	visit, admission, emergency, avoidable, death, move float64
	after                                               float64 // P(death within 30 days of an emergency admission)
}

// condition is the fit logit p = level + slope age + deprived dep + frailty z of one condition.
type condition struct {
	level, slope, deprived float64
	from, to               int
}

// slope of log odds by year of age: assumption (plausible 0.5 to 1.5 times each), since the
// registers of the data are not by age; the levels and the slopes by deprivation are fitted.
var ageSlope = map[string]float64{
	"AF": .085, "AST": 0, "CAN": .055, "CHD": .075, "CKD": .095, "COPD": .06, "DEM": .12, "DEP": .012,
	"DM": .045, "EP": .008, "HF": .09, "HYP": .075, "LD": 0, "MH": .012, "OB": .02, "OST": .07,
	"PAD": .07, "RA": .04, "STIA": .08,
}

// Shapes of use by age: relative means over all people of an age, scaled to the totals of the
// parameters. Assumption (0.7 to 1.4 times each), in line with rows E03, E04, E50, E73, E82 and E83 of
// the evidence.
var (
	shapeFrom      = [...]int{0, 1, 5, 16, 25, 35, 50, 65, 75, 85, 101}
	contactMale    = [...]float64{7.5, 5.5, 2.4, 2.2, 2.6, 3.5, 5.2, 8.0, 11.4, 14.6}
	contactFemale  = [...]float64{7.5, 5.5, 2.5, 5.2, 6.0, 5.7, 6.5, 8.2, 11.4, 14.6}
	emergencyShape = [...]float64{190, 95, 44, 62, 60, 56, 72, 108, 212, 380}
	avoidableShape = [...]float64{26, 18, 6.5, 5.5, 5.5, 7, 14, 31, 86, 165}
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
	for i := range t.frailty { // median of each class, scaled to variance 1
		t.frailty[i] = chance.InvPhi((float64(i) + .5) / frailties)
	}
	scaleToUnit(t.frailty[:])
	t.relative = c.Health.RelativeDeath
	for age := range t.mean {
		t.mean[age] = -chance.Log(1 - min((h.Death[0][age]+h.Death[1][age])/2, .9))
	}
	t.fitConditions(h, c.Health.Frailty)
	t.tablePrevalence(c.Health.Frailty)
	t.tableSex(h)
	burden := t.burden(h, c)
	t.tableRates(h, c, burden)
	people := 0.0
	for age, n := range burden.people {
		people += n
		t.crudeDeaths += float64(n * (h.Death[0][age] + h.Death[1][age]) / 2)
	}
	t.crudeDeaths *= 1000 / people
	t.cost = burden.emergency
	t.tableOnset(c)
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

// scaleToUnit scales values of mean 0 to variance 1.
func scaleToUnit(v []float64) {
	s := 0.0
	for _, x := range v {
		s += float64(x * x)
	}
	k := 1 / sqrt(s/float64(len(v)))
	for i := range v {
		v[i] *= k
	}
}

// yearShare is how the people of an age band are spread over its years: evenly, and falling by an
// eighth a year from 85 (assumption, close to the life table).
func yearShare(band, age int) float64 {
	from, to := place.AgeFrom[band], place.AgeFrom[band+1]
	if band < place.Ages-1 {
		return 1 / float64(to-from)
	}
	total, w := 0.0, 1.0
	for a := from; a < to; a++ {
		if a == age {
			return w / lastBandTotal
		}
		w *= .875
		total += w
	}
	return 0
}

var lastBandTotal = func() float64 {
	total, w := 0.0, 1.0
	for a := place.AgeFrom[place.Ages-1]; a < place.AgeFrom[place.Ages]; a++ {
		total += w
		w *= .875
	}
	return total
}()

func logistic(x float64) float64 { return 1 / (1 + chance.Exp(-x)) }

// dep is deprivation from -1 (least) to 1 (most deprived) of a decile, 1 the most deprived.
func dep(decile int) float64 { return (5.5 - float64(decile)) / 4.5 }

// quadrature points of the standard normal (Gauss-Hermite, five points).
var (
	hermiteZ = [5]float64{-2.8569700138728056, -1.3556261799742659, 0, 1.3556261799742659, 2.8569700138728056}
	hermiteW = [5]float64{.011257411327720689, .22207592200561264, .5333333333333333, .22207592200561264, .011257411327720689}
)

// fitConditions solves level and slope by deprivation of each condition, given its slope by age, so
// that the prevalence in the tenths 1-2 and 9-10 of deprivation is that of the registers.
func (t *hazards) fitConditions(h *place.Health, frailty float64) {
	for _, k := range h.Conditions {
		c := condition{level: -6, slope: ageSlope[k.Code], from: k.FromAge, to: k.ToAge}
		wantPoor := (k.ByDecile[0] + k.ByDecile[1]) / 2
		wantRich := (k.ByDecile[8] + k.ByDecile[9]) / 2
		for range 30 {
			poor := (t.prevalence(h, &c, 0, frailty) + t.prevalence(h, &c, 1, frailty)) / 2
			rich := (t.prevalence(h, &c, 8, frailty) + t.prevalence(h, &c, 9, frailty)) / 2
			ep, er := logit(wantPoor)-logit(poor), logit(wantRich)-logit(rich)
			c.level += float64((ep + er) / 2)
			c.deprived += (ep - er) / (dep(1) + dep(2) - dep(9) - dep(10)) * 2
			if float64(ep*ep)+float64(er*er) < 1e-10 {
				break
			}
		}
		t.conditions = append(t.conditions, c)
	}
}

func logit(p float64) float64 { return chance.Log(p / (1 - float64(p))) }

// prevalence is the share of the people asked about who have the condition, in a decile (0 the most
// deprived).
func (t *hazards) prevalence(h *place.Health, c *condition, decile int, frailty float64) float64 {
	have, asked := 0.0, 0.0
	for band := range place.Ages {
		from, to := max(place.AgeFrom[band], c.from), min(place.AgeFrom[band+1]-1, c.to)
		step := max((to-from+1)/3, 1) // three ages a band are enough for a smooth curve
		for age := from; age <= to; age += step {
			n := float64(h.AgeByDecile[decile][band] * yearShare(band, age) * float64(step))
			p := 0.0
			for q, z := range hermiteZ {
				p += float64(hermiteW[q] * c.at(float64(age), decile, frailty*z))
			}
			have += float64(n * p)
			asked += n
		}
	}
	return have / asked
}

// at is the probability of having the condition at an age, in a decile (0 the most deprived), with
// the log odds of frailty added.
func (c *condition) at(age float64, decile int, frail float64) float64 {
	return logistic(c.level + float64(c.slope*age) + float64(c.deprived*dep(decile+1)) + frail)
}

// burdens are national means by age of exp(b n), n the number of conditions, for several b.
type burdens struct {
	contact, emergency, avoidable, death [101]float64
	people                               [101]float64 // of England by age
}

// burden averages over deciles and frailty; conditions are independent given frailty.
func (t *hazards) burden(h *place.Health, c *configs.Config) *burdens {
	b := &burdens{}
	logs := [4]float64{c.Contact.PerCondition, c.Health.EmergencyCondition, c.Health.AvoidableCondition, chance.Log(c.Health.RelativeDeath)}
	var lift [4]float64
	for i, l := range logs {
		lift[i] = chance.Exp(l) - 1
	}
	for band := range place.Ages {
		from, to := place.AgeFrom[band], place.AgeFrom[band+1]
		for age := from; age < to; age++ {
			for d := range 10 {
				n := float64(h.AgeByDecile[d][band] * yearShare(band, age))
				b.people[age] += n
				for q, z := range hermiteZ {
					m := [4]float64{1, 1, 1, 1}
					for k := range t.conditions {
						cond := &t.conditions[k]
						if age < cond.from || age > cond.to {
							continue
						}
						p := cond.at(float64(age), d, c.Health.Frailty*z)
						for i := range m {
							m[i] *= 1 + float64(p*lift[i])
						}
					}
					w := n * hermiteW[q]
					b.contact[age] += float64(w * m[0])
					depth := chance.Exp(c.Health.EmergencyDeprivation * dep(d+1))
					b.emergency[age] += float64(w * m[1] * depth)
					b.avoidable[age] += float64(w * m[2] * depth)
					b.death[age] += float64(w * m[3])
				}
			}
			b.contact[age] /= b.people[age]
			b.emergency[age] /= b.people[age]
			b.avoidable[age] /= b.people[age]
			b.death[age] /= b.people[age]
		}
	}
	return b
}

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

// tableRates scales the shapes by age to the totals of the parameters and adds the conditions.
func (t *hazards) tableRates(h *place.Health, c *configs.Config, b *burdens) {
	// The shapes are means over the people of an age, so that a rate without conditions is the shape
	// over the mean multiplier at that age.
	scale := func(total float64, shape func(age, sex int) float64) float64 {
		sum, people := 0.0, 0.0
		for age := range 101 {
			w := float64(b.people[age] * ageWeight(age))
			sum += float64(float64(w*(float64(shape(age, 0))+float64(shape(age, 1)))) / 2)
			people += w
		}
		return total * people / sum
	}
	contact := func(age, sex int) float64 {
		if sex == 1 {
			return shapeAt(&contactFemale, age)
		}
		return shapeAt(&contactMale, age)
	}
	both := func(s *[10]float64) func(age, sex int) float64 {
		return func(age, _ int) float64 { return shapeAt(s, age) }
	}
	maternity := func(age, sex int) float64 {
		if sex == 1 {
			return shapeAt(&maternityShape, age)
		}
		return .1 * shapeAt(&maternityShape, age)
	}
	kc := scale(c.Contact.Rate-returnsAYear(c), contact)
	again := 1 + c.Treatment.Readmission // readmissions are among the totals
	ke := scale(max((c.Health.Emergencies+c.Health.Avoidable)/again-c.Health.Avoidable, 0)/1000, both(&emergencyShape))
	ka := scale(c.Health.Avoidable/1000, both(&avoidableShape))
	kv := scale(max(c.Beds.AEVisits-c.Health.Emergencies-c.Health.Avoidable, 0)/1000, both(&visitShape))
	km := scale(c.Treatment.OtherAdmissions/1000, maternity)
	kh := scale(c.People.Moves/1000, both(&moveShape))

	for n := range maxConditions + 1 {
		t.emergency[n] = chance.Exp(c.Health.EmergencyCondition * float64(n))
		t.avoidable[n] = chance.Exp(c.Health.AvoidableCondition * float64(n))
		t.death[n] = chance.Exp(chance.Log(c.Health.RelativeDeath) * float64(n))
	}
	for d := range 10 {
		t.deprived[d] = chance.Exp(c.Health.EmergencyDeprivation * dep(d+1))
	}
	// The share of deaths that follow an emergency admission, so that their mean probability is that
	// of the parameters; the rest die by the hazard, and both together by the life table.
	crude, people := 0.0, 0.0
	for age, n := range b.people {
		crude += float64(n * t.mean[age])
		people += n
	}
	share := min(c.Treatment.DeathAfter*(c.Health.Emergencies+c.Health.Avoidable)/1000*people/crude, .7)
	weekly := func(yearly float64) float64 { return 1 - chance.Exp(-yearly/52) }
	for sex := range 2 {
		for age := range 101 {
			r := &t.rate[sex][age]
			r.visit = weekly(kv * shapeAt(&visitShape, age))
			r.admission = weekly(km * maternity(age, sex))
			r.emergency = weekly(ke * shapeAt(&emergencyShape, age) / b.emergency[age])
			r.avoidable = weekly(ka * shapeAt(&avoidableShape, age) / b.avoidable[age])
			r.move = weekly(kh * shapeAt(&moveShape, age))
			yearly := -chance.Log(1 - min(h.Death[sex][age], .99))
			admitted := float64(ke*shapeAt(&emergencyShape, age)) + float64(ka*shapeAt(&avoidableShape, age))
			r.after = min(share*yearly/max(admitted, 1e-9), .5)
			r.death = weekly((yearly - float64(r.after*admitted)) / b.death[age])
			for n := range maxConditions + 1 {
				// One contact a week at most, so the probability is the mean number of contacts itself.
				yearly := kc * contact(age, sex) / b.contact[age] * chance.Exp(c.Contact.PerCondition*float64(n))
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
func (t *hazards) tableOnset(c *configs.Config) {
	t.each = make([]float64, frailties*101*10*len(t.conditions))
	for f := range frailties {
		for d := range 10 {
			for age := range 101 {
				sum, each := 0.0, t.onsets(f, age, d)
				for k := range each {
					each[k] = t.onsetOf(k, age, d, c.Health.Frailty*t.frailty[f])
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

// tablePrevalence tables who has which condition at the start.
func (t *hazards) tablePrevalence(frailty float64) {
	flat := make([]float32, frailties*10*101*len(t.conditions))
	for f := range frailties {
		for d := range 10 {
			for age := range 101 {
				row := flat[:len(t.conditions):len(t.conditions)]
				flat = flat[len(t.conditions):]
				for k := range t.conditions {
					if c := &t.conditions[k]; age >= c.from && age <= c.to {
						row[k] = float32(c.at(float64(age)+.5, d, frailty*t.frailty[f]))
					}
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

// onsetOf is the weekly probability that condition k begins at an age in a decile (0 the most
// deprived) in someone without it: the hazard that gives back its prevalence by age, p'/(1-p),
// spread over the years of life from which its register counts.
func (t *hazards) onsetOf(k, age, decile int, frail float64) float64 {
	c := &t.conditions[k]
	if age < c.from || age > c.to {
		return 0
	}
	yearly := c.slope * c.at(float64(age)+.5, decile, frail) // logistic: p'/(1-p) = slope p
	if age == c.from && c.from > 0 {                         // those of whom the register did not ask before
		p := c.at(float64(age), decile, frail)
		yearly = -chance.Log(1 - p)
	}
	if excess := t.relative - 1; excess > 0 { // those with it die sooner: more must begin
		p := c.at(float64(age)+.5, decile, frail)
		yearly += float64(p * excess * t.mean[age] / (1 + float64(p*excess)))
	}
	return 1 - chance.Exp(-max(yearly, 0)/52)
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
