package sim

import (
	"math"
	"testing"

	"coexist/configs"
)

// TestIllnessAtRest: levels give back the register of every tenth at the ages of its people; all people of an
// age together die by the life table; and the frail, as many as others at birth, are fewer among the old.
func TestIllnessAtRest(t *testing.T) {
	h := &region(t, devon).Health
	c := configs.Default()
	z := newHazards(h, &c)
	for k := range h.Conditions {
		register := &h.Conditions[k]
		for d, want := range register.ByDecile {
			have, asked := 0.0, 0.0
			for age := register.FromAge; age <= min(register.ToAge, 100); age++ {
				asked += z.tenth[d][age]
				for f, share := range z.classes[d][age] {
					have += z.tenth[d][age] * share * z.has(k, f, d, age)
				}
			}
			if got := have / asked; math.Abs(got/want-1) > 1e-3 {
				t.Errorf("%s in tenth %d: %.5f of people have it, the register says %.5f", register.Code, d+1, got, want)
			}
		}
	}
	for age := range 101 {
		hazard := 0.0
		for d := range 10 {
			sum := 0.0
			for f, share := range z.classes[d][age] {
				sum += share
				hazard += z.tenth[d][age] / z.people[age] * share * z.relative(f, d, age)
			}
			if math.Abs(sum-1) > 1e-9 {
				t.Fatalf("classes of frailty at %d in tenth %d sum to %v", age, d+1, sum)
			}
		}
		if math.Abs(hazard-1) > .01 {
			t.Errorf("hazard of death at %d is %.4f of the table's, want 1", age, hazard)
		}
	}
	for d := range 10 {
		young, old := &z.classes[d][1], &z.classes[d][95]
		if math.Abs(young[frailties-1]*frailties-1) > .02 || old[frailties-1] > .8*old[0] {
			t.Errorf("tenth %d: the frailest are %.4f of children and %.4f of people of 95 (the least frail %.4f)", d+1, young[frailties-1], old[frailties-1], old[0])
		}
	}
}

// TestOnsetKeepsPrevalence: people of one class, tenth and age who fall ill and die as tabled are as many a year
// later as the curve has it, one condition at a time.
func TestOnsetKeepsPrevalence(t *testing.T) {
	c := configs.Default()
	z := newHazards(&region(t, devon).Health, &c)
	for k := range z.conditions {
		cond := &z.conditions[k]
		for _, f := range []int{0, 8, frailties - 1} {
			for _, d := range []int{0, 9} {
				p := z.has(k, f, d, 60)
				for age := 60; age < 80; age++ {
					for step := range 52 { // from the middle of one year of age to that of the next
						at := age
						if step >= 26 {
							at = age + 1
						}
						begin := z.onsetOf(k, f, d, at)
						excess := 0.0
						for i, m := range &z.multiplier[f][d][at] {
							q := z.has(k, f, d, at)
							excess += z.part[i][at] * m * z.lift[i] / (1 + q*z.lift[i])
						}
						p += begin*(1-p) - p*(1-p)*z.mean[at]*excess/52
					}
				}
				if want := z.has(k, f, d, 80); cond.to >= 80 && math.Abs(p/want-1) > .01 {
					t.Errorf("condition %d, class %d, tenth %d: %.5f at 80 after twenty years, the curve says %.5f", k, f, d+1, p, want)
				}
			}
		}
	}
}
