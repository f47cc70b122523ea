package experiment

import (
	"fmt"
	"math"
	"strings"
)

// Sentences are made here and say what the intervals bear: a share is given with its interval, and
// what the intervals leave undecided is called unclear.

// sentence says what the core arms tell about a place, in one sentence.
func (c *Coexistence) sentence() string {
	in := "In " + c.Place
	if kind, name, ok := strings.Cut(c.Group, ":"); ok && kind == "rurality" {
		in = fmt.Sprintf("In %s %s", name, c.Place)
	}
	when := fmt.Sprintf("(%s, %s)", c.window, count(c.Runs, "run"))
	virtual, real := &c.Forms[0], &c.Forms[1]
	switch {
	case c.Verdict == Missing && virtual.Verdict == real.Verdict:
		return fmt.Sprintf("%s the core arms were not all run, so nothing can be said about coexistence.", in)
	case c.Runs < 2:
		return fmt.Sprintf("%s it stays open whether competition and integration can coexist: one run shows no spread %s.", in, when)
	case virtual.Verdict == real.Verdict:
		return fmt.Sprintf("%s %s %s: %s.", in, c.claim(), when, alike(virtual, real))
	}
	return fmt.Sprintf("%s it is open whether competition and integration can coexist, since it depends on the form of integration %s: %s; %s.",
		in, when, virtual.clause(), real.clause())
}

// claim is the main clause of a verdict.
func (c *Coexistence) claim() string {
	switch c.Verdict {
	case Holds:
		return "competition and integration can coexist"
	case Fails:
		return "competition and integration do not coexist"
	case Undefined:
		return "the question of coexistence does not arise"
	}
	return "it stays open whether competition and integration can coexist"
}

// alike says why, for two forms of one verdict.
func alike(virtual, real *Form) string {
	v, r := virtual.reasons(), real.reasons()
	if v == r {
		return "with virtual and with real integration alike, " + v
	}
	return "with virtual integration " + v + "; with real integration " + r
}

// clause is the verdict on one form with its reasons.
func (f *Form) clause() string {
	verdict := map[Verdict]string{
		Holds: "they can coexist", Fails: "they do not coexist", Open: "it stays open",
		Undefined: "the question does not arise", Missing: "the arms were not run",
	}[f.Verdict]
	if f.Verdict == Missing {
		return fmt.Sprintf("with %s integration %s", f.Integration, verdict)
	}
	return fmt.Sprintf("with %s integration %s (%s)", f.Integration, verdict, f.reasons())
}

// reasons says what a verdict on a form rests on.
func (f *Form) reasons() string {
	if f.Verdict == Holds {
		return fmt.Sprintf("%s of the gain in choice is kept and %s of the gain against fragmentation is won, with quality and cost no worse than with either alone",
			share(f.Kept), share(f.Won))
	}
	var list []string
	for _, r := range f.Reasons {
		list = append(list, f.because(r))
	}
	return join(list)
}

// because puts one reason into words, with its numbers.
func (f *Form) because(r Reason) string {
	switch r {
	case NoChoiceToLose:
		return "there is no choice to lose, as competition alone brings no more of it than integration alone"
	case NothingToWin:
		return "there is no fragmentation to avoid, as integration alone brings no less of it than competition alone"
	case ChoiceGapUnclear:
		return "it is unclear whether there is choice to lose"
	case FragGapUnclear:
		return "it is unclear whether there is fragmentation to avoid"
	case ChoiceLost:
		return fmt.Sprintf("only %s of the gain in choice is kept", share(f.Kept))
	case FragmentationKept:
		return fmt.Sprintf("only %s of the gain against fragmentation is won", share(f.Won))
	case QualityWorse:
		return "quality is worse than with " + worse(f.Quality)
	case CostWorse:
		return "cost is higher than with " + worse(f.Cost)
	case ChoiceUnclear:
		return fmt.Sprintf("the share of the gain in choice that is kept, %s, is not clear enough", share(f.Kept))
	case FragUnclear:
		return fmt.Sprintf("the share of the gain against fragmentation that is won, %s, is not clear enough", share(f.Won))
	case QualityUnclear:
		return "it is unclear whether quality is worse"
	case CostUnclear:
		return "it is unclear whether cost is higher"
	}
	return string(r)
}

// worse names the comparators that both together is clearly worse than.
func worse(list []Versus) string {
	var names []string
	for _, v := range list {
		if v.Answer == No {
			name := "integration alone"
			if v.Arm == arm(true, "none") {
				name = "competition alone"
			}
			names = append(names, name)
		}
	}
	return strings.Join(names, " and with ")
}

// share writes a share with its interval, as far as that is bounded.
func share(i Interval) string {
	if math.IsInf(i.Low, 0) || math.IsInf(i.High, 0) || !i.Known() {
		return percent(i.Mean)
	}
	return fmt.Sprintf("%s (%s to %s)", percent(i.Mean), percent(i.Low), percent(i.High))
}

// percent writes a share in whole per cent, with a true minus.
func percent(v float64) string {
	p := math.Round(100 * v)
	if p == 0 {
		p = 0 // no minus zero
	}
	return strings.Replace(fmt.Sprintf("%.0f%%", p), "-", "\u2212", 1)
}

// join lists clauses: a, b and c.
func join(list []string) string {
	if n := len(list); n > 1 {
		return strings.Join(list[:n-1], ", ") + " and " + list[n-1]
	}
	return strings.Join(list, "")
}

// count writes a number of things.
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
