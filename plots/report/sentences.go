package report

import (
	"fmt"
	"math"
	"strings"

	"coexist/plots"
)

// answer is the one sentence at the top: what the core arms say about coexistence, place by place,
// and no more than their verdicts.
func answer(verdicts []Verdict, scenarios int, places []string) string {
	by := map[string][]string{}
	for _, v := range verdicts {
		by[v.Verdict] = append(by[v.Verdict], v.Place)
	}
	var parts []string
	for _, c := range []struct{ verdict, clause string }{
		{"holds", "competition and integration can coexist in %s"},
		{"fails", "competition and integration do not coexist in %s"},
		{"open", "it stays open whether competition and integration can coexist in %s"},
		{"undefined", "the question of coexistence does not arise in %s"},
	} {
		if where := by[c.verdict]; len(where) > 0 {
			parts = append(parts, fmt.Sprintf(c.clause, join(where)))
		}
	}
	if len(parts) == 0 {
		return fmt.Sprintf("This result compares %s in %s; the core arms were not all run, so it says nothing about whether competition and integration can coexist.",
			counted(scenarios, "scenario"), join(places))
	}
	text := "In the model, " + strings.Join(parts, "; ")
	if where := by[""]; len(where) > 0 {
		text += "; nothing can be said of " + join(where)
	}
	return text + "."
}

// heading is the title of the page.
func heading(scenarios []Scenario, places []string) string {
	if len(scenarios) == 1 {
		return fmt.Sprintf("%s in %s", scenarios[0].Title, join(places))
	}
	return fmt.Sprintf("%d systems of care compared in %s", len(scenarios), join(places))
}

// level writes a value for the table of differences.
func level(d plots.Difference) string { return d.Unit.Write(d.Level, places(d)) }

// places is the number of decimals that an outcome has in tables: whole pounds, else two.
func places(d plots.Difference) int {
	if d.Outcome == "cost" {
		return 0
	}
	return 2
}

// difference writes a paired difference with its interval; empty where there is none.
func difference(d plots.Difference) string {
	v := d.Versus
	if !v.Known() {
		return ""
	}
	text := signed(d, v.Mid)
	if math.IsNaN(v.Low) {
		return text + " (one run, no interval)"
	}
	return fmt.Sprintf("%s (%s to %s)", text, d.Unit.Write(v.Low, places(d)), d.Unit.Write(v.High, places(d)))
}

// signed writes a difference with plus or minus.
func signed(d plots.Difference, v float64) string {
	text := d.Unit.Write(v, places(d))
	if v > 0 {
		return "+" + text
	}
	return text
}

// word says what an interval bears: better, worse, or no clear difference.
func word(d plots.Difference) string {
	if !d.Versus.Known() || math.IsNaN(d.Versus.Low) {
		return ""
	}
	switch side := d.Versus.Clear() * d.Better; {
	case side > 0:
		return "better"
	case side < 0:
		return "worse"
	case d.Versus.Clear() != 0:
		return "differs"
	}
	return "no clear difference"
}

// stop ends a headline as a sentence.
func stop(s string) string {
	if s == "" || strings.HasSuffix(s, ".") || strings.HasSuffix(s, "?") {
		return s
	}
	return s + "."
}

// counted writes a number of things.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return plots.Number(float64(n), 0) + " " + noun + "s"
}

// join lists: A, B and C.
func join(parts []string) string {
	if n := len(parts); n > 1 {
		return strings.Join(parts[:n-1], ", ") + " and " + parts[n-1]
	}
	return strings.Join(parts, "")
}
