package experiment

import (
	"encoding/json"
	"math"

	"coexist/configs"
	"coexist/sim/tables"
)

// Verdict is what the core arms say about coexistence.
type Verdict string

// The verdicts.
const (
	Holds     Verdict = "holds"     // most of what each brings is kept, at no cost to quality or money
	Fails     Verdict = "fails"     // the intervals rule that out
	Open      Verdict = "open"      // the runs, or the forms of integration, leave it undecided
	Undefined Verdict = "undefined" // one of the two brings nothing that could be lost
	Missing   Verdict = ""          // the arms were not run
)

// Limits are the thresholds of a verdict.
type Limits struct {
	Share       float64 // of each gap that must be kept
	Tolerance   float64 // share of a value within which arms count as equal
	ToleranceSD float64 // the same for measures in SD
}

// LimitsOf takes the thresholds from a scenario.
func LimitsOf(c configs.Config) Limits {
	return Limits{c.Measures.CoexistShare, c.Measures.Tolerance, c.Measures.ToleranceSD}
}

// arm is the name of the core arm with competition (or without) and a form of integration.
func arm(competition bool, integration string) string {
	if competition {
		return "arm-open-" + integration
	}
	return "arm-closed-" + integration
}

// Arms lists the six core arms.
func Arms() []string {
	var list []string
	for _, open := range []bool{false, true} {
		for _, i := range []string{"none", "virtual", "real"} {
			list = append(list, arm(open, i))
		}
	}
	return list
}

// Form is what the arms say of one form of integration. Differences between arms are paired by run.
type Form struct {
	Integration      string   `json:"integration"` // virtual or real
	Verdict          Verdict  `json:"verdict"`
	Kappa            float64  `json:"-"`                // the lesser of Kept and Won
	Kept             Interval `json:"kept"`             // share of the choice gap that is kept
	Won              Interval `json:"won"`              // share of the fragmentation gap that is won
	ChoiceGap        Interval `json:"choice_gap"`       // what competition alone has over integration alone
	FragmentGap      Interval `json:"fragment_gap"`     // what integration alone avoids of competition alone
	Quality          []Versus `json:"quality"`          // both against competition alone and integration alone
	Cost             []Versus `json:"cost"`             // the same
	QualityTogether  Interval `json:"quality_together"` // interaction y11 - y10 - y01 + y00
	FragmentTogether Interval `json:"fragment_together"`
	Reasons          []Reason `json:"reasons"`
}

// MarshalJSON adds the lesser share, as a number or null.
func (f Form) MarshalJSON() ([]byte, error) {
	type plain Form
	return json.Marshal(struct {
		plain
		Kappa *float64 `json:"kappa"`
	}{plain(f), finite(f.Kappa)})
}

// Versus compares both together with one alone; Gain is positive where both is better.
type Versus struct {
	Arm       string   `json:"arm"`
	Gain      Interval `json:"gain"`
	Tolerance float64  `json:"tolerance"`
	Answer    Answer   `json:"answer"` // whether both is no worse
}

// Answer says whether a condition is met as far as the intervals tell.
type Answer string

// The answers.
const (
	Yes     Answer = "yes"
	No      Answer = "no"
	Unclear Answer = "unclear"
)

// Reason is a condition that keeps a verdict from holding.
type Reason string

// The reasons, in the order in which sentences give them.
const (
	NoChoiceToLose    Reason = "no choice to lose"
	NothingToWin      Reason = "no fragmentation to avoid"
	ChoiceGapUnclear  Reason = "unclear whether there is choice to lose"
	FragGapUnclear    Reason = "unclear whether there is fragmentation to avoid"
	ChoiceLost        Reason = "choice is lost"
	FragmentationKept Reason = "fragmentation stays"
	QualityWorse      Reason = "quality is worse"
	CostWorse         Reason = "cost is higher"
	ChoiceUnclear     Reason = "unclear how much choice is kept"
	FragUnclear       Reason = "unclear how much fragmentation is avoided"
	QualityUnclear    Reason = "unclear whether quality is worse"
	CostUnclear       Reason = "unclear whether cost is higher"
)

// atLeast answers whether a quantity is at least a bound.
func atLeast(i Interval, bound float64) Answer {
	switch {
	case !i.Known():
		return Unclear
	case i.Low >= bound:
		return Yes
	case i.High < bound:
		return No
	}
	return Unclear
}

// arms4 are the series by run of the four arms of one form: y[c][i] with competition c and
// integration i.
type arms4 [2][2][]float64

// gain is the advantage of arm (c, i) over (d, j): positive is better, whatever the measure.
func (y *arms4) gain(better, c, i, d, j int) []float64 {
	sign := float64(better)
	return sum([]float64{sign, -sign}, y[c][i], y[d][j])
}

// together is the interaction y11 - y10 - y01 + y00.
func (y *arms4) together() Interval {
	return combine([]float64{1, -1, -1, 1}, y[1][1], y[1][0], y[0][1], y[0][0])
}

// tolerance is the difference from a value that no one would act on.
func (l Limits) tolerance(m tables.Measure, values []float64) float64 {
	if inSD(m) {
		return l.ToleranceSD
	}
	return l.Tolerance * math.Abs(mean(known(values)))
}

// form judges one form of integration in one place and group over a window (docs/ODD.md, section
// 6). A share of a gap is at least the limit where the paired difference of what is kept and the
// limit times the gap is not below zero; that is the same as Fieller's interval of the share lying
// above the limit.
func (v *Values) form(place, group, integration string, w Window, runs int, l Limits) Form {
	f := Form{Integration: integration}
	var y [4]arms4 // by headline measure
	ms := headlines()
	for k, m := range ms {
		for c, open := range []bool{false, true} {
			for i, form := range []string{"none", integration} {
				y[k][c][i] = v.Runs(Key{place, arm(open, form), group, m.Name}, w, runs)
				if len(known(y[k][c][i])) == 0 {
					return f // Missing
				}
			}
		}
	}
	choice, fragmentation := &y[0], &y[3]
	gap, kept := choice.gain(ms[0].Better, 1, 0, 0, 1), choice.gain(ms[0].Better, 1, 1, 0, 1)
	avoidable, won := fragmentation.gain(ms[3].Better, 0, 1, 1, 0), fragmentation.gain(ms[3].Better, 1, 1, 1, 0)
	f.ChoiceGap, f.Kept = over(gap), ratio(kept, gap)
	f.FragmentGap, f.Won = over(avoidable), ratio(won, avoidable)
	f.Kappa = min(f.Kept.Mean, f.Won.Mean)
	f.QualityTogether, f.FragmentTogether = y[1].together(), fragmentation.together()
	for _, pair := range []struct {
		k    int
		list *[]Versus
	}{{1, &f.Quality}, {2, &f.Cost}} {
		k, list := pair.k, pair.list
		for _, alone := range [][2]int{{1, 0}, {0, 1}} {
			base := y[k][alone[0]][alone[1]]
			x := Versus{Gain: over(y[k].gain(ms[k].Better, 1, 1, alone[0], alone[1])), Tolerance: l.tolerance(ms[k], base)}
			x.Arm = arm(alone[0] == 1, []string{"none", integration}[alone[1]])
			x.Answer = atLeast(x.Gain, -x.Tolerance)
			*list = append(*list, x)
		}
	}
	f.judge(
		within(f.ChoiceGap, l.tolerance(ms[0], choice[1][0])), within(f.FragmentGap, l.tolerance(ms[3], fragmentation[1][0])),
		atLeast(combine([]float64{1, -l.Share}, kept, gap), 0), atLeast(combine([]float64{1, -l.Share}, won, avoidable), 0))
	return f
}

// within answers whether a gap is at most the tolerance, so that there is nothing to share.
func within(gap Interval, tolerance float64) Answer {
	switch {
	case !gap.Known():
		return Unclear
	case gap.High <= tolerance:
		return Yes
	case gap.Low > tolerance:
		return No
	}
	return Unclear
}

// judge sets the verdict and its reasons from the answers to the conditions.
func (f *Form) judge(noChoice, noGap, kept, won Answer) {
	f.Verdict = Holds
	because := func(v Verdict, r Reason) { f.Verdict, f.Reasons = v, append(f.Reasons, r) }
	if noChoice == Yes {
		because(Undefined, NoChoiceToLose)
	}
	if noGap == Yes {
		because(Undefined, NothingToWin)
	}
	if f.Verdict == Undefined {
		return
	}
	if noChoice == Unclear {
		because(Open, ChoiceGapUnclear)
	}
	if noGap == Unclear {
		because(Open, FragGapUnclear)
	}
	if f.Verdict == Open {
		return
	}
	quality, cost := least(f.Quality), least(f.Cost)
	for _, c := range []struct {
		answer Answer
		reason Reason
	}{{kept, ChoiceLost}, {won, FragmentationKept}, {quality, QualityWorse}, {cost, CostWorse}} {
		if c.answer == No {
			because(Fails, c.reason)
		}
	}
	if f.Verdict == Fails {
		return
	}
	for _, c := range []struct {
		answer Answer
		reason Reason
	}{{kept, ChoiceUnclear}, {won, FragUnclear}, {quality, QualityUnclear}, {cost, CostUnclear}} {
		if c.answer == Unclear {
			because(Open, c.reason)
		}
	}
}

// least is the worst of several answers.
func least(list []Versus) Answer {
	answer := Yes
	for _, v := range list {
		switch v.Answer {
		case No:
			return No
		case Unclear:
			answer = Unclear
		}
	}
	return answer
}

// overall joins the verdicts on the forms of integration: where they differ the question is open.
func overall(forms []Form) Verdict {
	v := forms[0].Verdict
	for _, f := range forms[1:] {
		if f.Verdict != v {
			return Open
		}
	}
	return v
}
