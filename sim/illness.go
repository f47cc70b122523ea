package sim

import (
	"coexist/agents/chance"
	"coexist/configs"
	"coexist/sim/place"
)

// condition is the fit logit p = level + slope age + frailty z of one condition, with a level for each
// tenth of deprivation, kept as odds so that no probability costs an exponential.
type condition struct {
	level    [10]float64  // odds by decile, 0 the most deprived, at age 0 and middling frailty
	byAge    [101]float64 // factor on the odds in the middle of each year of age, 0 where no register counts
	slope    float64      // of log odds by year of age
	from, to int
}

// slope of log odds by year of age: assumption (plausible 0.5 to 1.5 times each), since the
// registers of the data are not by age; the levels are fitted.
var ageSlope = map[string]float64{
	"AF": .085, "AST": 0, "CAN": .055, "CHD": .075, "CKD": .095, "COPD": .06, "DEM": .12, "DEP": .012,
	"DM": .045, "EP": .008, "HF": .09, "HYP": .075, "LD": 0, "MH": .012, "OB": .02, "OST": .07,
	"PAD": .07, "RA": .04, "STIA": .08,
}

// The ways in which conditions multiply hazards.
const (
	byDeath     = iota // deaths that follow no admission
	byEmergency        // other emergencies, and deaths after them
	byAvoidable        // avoidable emergencies, and deaths after them
	byContact          // contacts in general practice
	ways
)

// illness is how the conditions of the people of an age and decile are spread over classes of frailty, and
// what that does to their hazards, at rest: people who go on falling ill and dying as tabled keep it.
type illness struct {
	conditions []condition
	odds       [frailties]float64                // factor of a class of frailty on the odds of every condition
	classes    [10][101][frailties]float64       // share of each class among the living, by decile and age
	people     [101]float64                      // of England by age
	tenth      [10][101]float64                  // of them, by decile (0 the most deprived)
	lift       [ways]float64                     // what one condition adds to 1
	deprived   [10]float64                       // multiplier of emergencies by decile
	burden     [ways][101]float64                // national means by age of the multipliers
	multiplier [frailties][10][101][ways]float64 // of a class, decile and age against the national mean, deprivation included
	part       [ways][101]float64                // of all deaths at an age, those of each way
	mean       [101]float64                      // hazard of death a year by age, both sexes
}

// newIllness prepares illness for the registers, ages and life table of a place: nothing is fitted yet.
func newIllness(h *place.Health, c *configs.Config) *illness {
	t := &illness{}
	var z [frailties]float64 // median of each class, scaled to variance 1
	squares := 0.0
	for f := range z {
		z[f] = chance.InvPhi((float64(f) + .5) / frailties)
		squares += float64(z[f] * z[f])
	}
	for f := range z {
		t.odds[f] = chance.Exp(c.Health.Frailty * z[f] / sqrt(squares/frailties))
	}
	for i, l := range [ways]float64{chance.Log(c.Health.RelativeDeath), c.Health.EmergencyCondition, c.Health.AvoidableCondition, c.Contact.PerCondition} {
		t.lift[i] = chance.Exp(l) - 1
	}
	for age := range t.mean {
		t.mean[age] = -chance.Log(1 - min((h.Death[0][age]+h.Death[1][age])/2, .9))
	}
	for d := range 10 {
		t.deprived[d] = chance.Exp(c.Health.EmergencyDeprivation * dep(d+1))
		for age := range 101 {
			for f := range frailties {
				t.classes[d][age][f] = 1.0 / frailties
			}
		}
	}
	for band := range place.Ages {
		for age := place.AgeFrom[band]; age < place.AgeFrom[band+1]; age++ {
			for d := range 10 {
				t.tenth[d][age] = float64(h.AgeByDecile[d][band] * yearShare(band, age))
				t.people[age] += t.tenth[d][age]
			}
		}
	}
	for i := range h.Conditions {
		t.conditions = append(t.conditions, newCondition(&h.Conditions[i]))
	}
	return t
}

// settle finds the state at rest when part of the deaths of each age is of each way. Levels that give back
// the registers depend on how the frail are spread over ages, which is what dying leaves, which depends on
// the levels: three rounds bring both to where runs cannot tell.
func (t *illness) settle(h *place.Health, part [ways][101]float64) {
	t.part = part
	for range 3 {
		for k := range t.conditions {
			for d := range 10 {
				t.fitLevel(&t.conditions[k], d, h.Conditions[k].ByDecile[d])
			}
		}
		t.multiply()
		t.survive()
	}
}

func newCondition(register *place.Condition) condition {
	c := condition{slope: ageSlope[register.Code], from: register.FromAge, to: register.ToAge}
	for age := c.from; age <= min(c.to, 100); age++ {
		c.byAge[age] = chance.Exp(c.slope * (float64(age) + .5))
	}
	for d := range c.level {
		c.level[d] = chance.Exp(-6)
	}
	return c
}

// has is the probability that a person of an age, decile and class of frailty has condition k.
func (t *illness) has(k, frailty, decile, age int) float64 {
	c := &t.conditions[k]
	odds := float64(c.level[decile] * c.byAge[age] * t.odds[frailty])
	return odds / (1 + odds)
}

// fitLevel solves the level of a condition in a decile so that, at the ages and frailties of its people, as
// many have it as its register says.
func (t *illness) fitLevel(c *condition, decile int, register float64) {
	want := register / (1 - register)
	for range 60 {
		have, asked := 0.0, 0.0
		for age := c.from; age <= min(c.to, 100); age++ {
			p, level := 0.0, c.level[decile]*c.byAge[age]
			for f, share := range t.classes[decile][age] {
				odds := float64(level * t.odds[f])
				p += float64(share * odds / (1 + odds))
			}
			have += float64(t.tenth[decile][age] * p)
			asked += t.tenth[decile][age]
		}
		off := want * (asked - have) / max(have, 1e-300)
		if !(off > 0) || asked == 0 || abs(off-1) < 1e-7 {
			return
		}
		c.level[decile] *= off
	}
}

// multiply works out what the conditions of each age, decile and class of frailty do to hazards: conditions
// are independent given these, so the mean of exp(b n), n their number, is a product.
func (t *illness) multiply() {
	t.burden = [ways][101]float64{}
	for age := range 101 {
		for d := range 10 {
			for f, share := range t.classes[d][age] {
				m := [ways]float64{byDeath: 1, byEmergency: t.deprived[d], byAvoidable: t.deprived[d], byContact: 1}
				for k := range t.conditions {
					p := t.has(k, f, d, age)
					for i := range m {
						m[i] *= 1 + float64(p*t.lift[i])
					}
				}
				t.multiplier[f][d][age] = m
				for i := range m {
					t.burden[i][age] += float64(t.tenth[d][age] * share * m[i])
				}
			}
		}
		for i := range t.burden {
			t.burden[i][age] /= max(t.people[age], 1e-300)
			for d := range 10 {
				for f := range frailties {
					t.multiplier[f][d][age][i] /= t.burden[i][age]
				}
			}
		}
	}
}

// relative is the hazard of death of a class, decile and age against the mean of all people of the age.
func (t *illness) relative(frailty, decile, age int) (sum float64) {
	for i, m := range &t.multiplier[frailty][decile][age] {
		sum += float64(t.part[i][age] * m)
	}
	return sum
}

// survive lets the frail die sooner: classes are even at birth, and each year of age leaves of each what its
// hazard lets live.
func (t *illness) survive() {
	for d := range 10 {
		for age := range 100 {
			sum := 0.0
			next := &t.classes[d][age+1]
			for f, share := range t.classes[d][age] {
				next[f] = float64(share * chance.Exp(-t.mean[age]*t.relative(f, d, age)))
				sum += next[f]
			}
			for f := range next {
				next[f] /= sum
			}
		}
	}
}

// onsetOf is the weekly probability that condition k begins in someone without it: the hazard that gives back
// its prevalence p by age though those who have it die sooner, p'/(1-p) + p x, where x is by how much their
// hazard of death is above that of people like them without it; spread over the years of life from which its
// register counts.
func (t *illness) onsetOf(k, frailty, decile, age int) float64 {
	c := &t.conditions[k]
	if age < c.from || age > c.to {
		return 0
	}
	p := t.has(k, frailty, decile, age)
	yearly := c.slope * p            // logistic: p'/(1-p) = slope p
	if age == c.from && c.from > 0 { // those of whom the register did not ask before; its year ends half a year on
		yearly = float64(yearly/2) - chance.Log(1-p)
	}
	excess := 0.0
	for i, m := range &t.multiplier[frailty][decile][age] {
		excess += float64(t.part[i][age] * m * t.lift[i] / (1 + float64(p*t.lift[i])))
	}
	yearly += float64(p * t.mean[age] * excess)
	return 1 - chance.Exp(-max(yearly, 0)/52)
}
