package report

import (
	"bytes"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"coexist/plots"
	"coexist/sim/tables"
)

// hostile is what a scenario's author could write to break the page.
const hostile = `</title><script>alert("x")</script> & 'so on' <img src=x onerror=y>`

// made is a made-up result of two scenarios in one place, three runs and five years; its values
// mean nothing.
func made() Input {
	d := &plots.Data{Meta: plots.Meta{Version: "0.0.0-test", Command: "coexist plot FOLDER", Places: []string{"north"}, Scenarios: []string{"status-quo", "own"},
		Titles: map[string]string{"north": "Northshire", "own": hostile}, Seeds: []int64{1, 2, 3}, Runs: 3, Years: 5, Hash: "0123456789abcdef", Base: "status-quo"}}
	for _, s := range d.Meta.Scenarios {
		for m, name := range []string{"effective_options", "quality_index", "cost_per_head", "handoff_failures_per_episode"} {
			for run := int32(1); run <= 3; run++ {
				for q := int32(1); q <= 20; q++ {
					v := []float64{2, 0, 1200, 20}[m] + 0.01*float64(run)
					if s == "own" {
						v += []float64{0.5, 0, 30, -2}[m] + 0.02*float64(run-2)
					}
					d.Outcomes = append(d.Outcomes, tables.Outcome{Place: "north", Scenario: s, Run: run, Seed: int64(run), Quarter: q, Group: "all", Measure: name, Value: v})
				}
			}
		}
	}
	return Input{Data: d, SVG: map[string][]byte{}, Command: "coexist compare status-quo scenarios/own.toml", Sample: 0.01,
		Verdicts:  []Verdict{{Place: "Northshire", Verdict: "open", Sentence: "In Northshire it stays open."}},
		Scenarios: []Scenario{{"status-quo", "Status quo", "As it is."}, {"own", hostile, hostile}}}
}

// written is the report of a result, with its figures drawn.
func written(t *testing.T, in Input) string {
	t.Helper()
	figures, err := plots.Standard(in.Data)
	if err != nil {
		t.Fatal(err)
	}
	in.Figures = figures
	for _, f := range figures {
		files, err := f.Files(plots.Report, plots.Light)
		if err != nil {
			t.Fatal(err)
		}
		in.SVG[f.Name] = files["svg"]
	}
	page, err := Write(in)
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}

func TestReportIsOneSafePage(t *testing.T) {
	page := written(t, made())
	for _, bad := range []string{"<script", "<img", "<iframe", "onerror=y>", "<link", "@import", "url(", "<?xml"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page has %q", bad)
		}
	}
	for _, m := range regexp.MustCompile(`(?:src|href)="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if !strings.HasPrefix(m[1], "#") && !regexp.MustCompile(`^figures/[0-9a-z-]+\.(csv|svg|png|pdf)$`).MatchString(m[1]) {
			t.Errorf("link to %q, want a place in the page or a figure beside it", m[1])
		}
	}
	ids := map[string]int{}
	for _, m := range regexp.MustCompile(` id="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		ids[m[1]]++
	}
	for id, n := range ids {
		if n > 1 {
			t.Errorf("id %q is given %d times", id, n)
		}
	}
	for _, m := range regexp.MustCompile(`href="#([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if ids[m[1]] == 0 {
			t.Errorf("link to #%s, which is not there", m[1])
		}
	}
	if again := written(t, made()); again != page {
		t.Error("the same result gives another page")
	}
}

func TestReportHasItsParts(t *testing.T) {
	in := made()
	page := written(t, in)
	for _, want := range []string{
		"In the model, it stays open whether competition and integration can coexist in Northshire.", "In Northshire it stays open.",
		"3 runs of each scenario over 5 years, 1% of the people, seeds 1–3", "Simulated, not observed",
		`id="06-four-outcomes"`, `id="01-choice"`, `id="differences"`, `id="left-out"`, `id="sure"`, `id="methods"`, `id="stress"`, `id="cite"`,
		"coexist plot FOLDER 01-choice", "figures/01-choice.csv", "coexist compare status-quo scenarios/own.toml", "scenarios/own.toml", "As it is.", "@media print",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %q", want)
		}
	}
	figures, _ := plots.Standard(in.Data)
	for _, f := range figures {
		part := page[strings.Index(page, fmt.Sprintf(`<section class="question" id="%s"`, f.Name)):]
		part = part[:strings.Index(part, "</section>")]
		for _, want := range []string{"<svg ", "Caveat.", "<table>", f.Name + ".csv"} {
			if !strings.Contains(part, want) {
				t.Errorf("section %s has no %q", f.Name, want)
			}
		}
		if f.More == "" || f.Caveat == "" {
			t.Errorf("figure %s has no second sentence or no caveat", f.Name)
		}
	}
}

// TestTallFiguresTakeTheWidth: in print, a figure too high for two to a page takes its whole width.
func TestTallFiguresTakeTheWidth(t *testing.T) {
	for box, want := range map[string]bool{"0 0 453.54 311.81": false, "0 0 453.54 430.1": true} {
		s, err := newSection(&plots.Figure{}, []byte(`<svg viewBox="`+box+`"></svg>`), "Why?")
		if err != nil || s.Tall != want {
			t.Errorf("a figure of %s: tall is %v, want %v (%v)", box, s.Tall, want, err)
		}
	}
}

// TestOneRunClaimsNothing: without intervals nothing is better or worse.
func TestOneRunClaimsNothing(t *testing.T) {
	in := made()
	in.Data.Meta.Runs, in.Data.Meta.Seeds = 1, []int64{1}
	var first []tables.Outcome
	for _, o := range in.Data.Outcomes {
		if o.Run == 1 {
			first = append(first, o)
		}
	}
	in.Data.Outcomes = first
	page := written(t, in)
	for _, bad := range []string{`<span class="w better">`, `>better<`, `>worse<`} {
		if strings.Contains(page, bad) {
			t.Errorf("one run says %q", bad)
		}
	}
	if !strings.Contains(page, "One run shows no spread") {
		t.Error("the page does not say that one run shows no spread")
	}
	for _, bad := range []string{"95% interval", "median over the runs", "Intervals hold", "1 years", "1 runs"} {
		if strings.Contains(page, bad) {
			t.Errorf("one run has %q in its report", bad)
		}
	}
}

// TestOneScenarioIsNotCompared: a report of one scenario speaks of no differences from another.
func TestOneScenarioIsNotCompared(t *testing.T) {
	in := made()
	in.Data.Meta.Scenarios, in.Scenarios, in.Verdicts = []string{"own"}, in.Scenarios[1:], nil
	in.Data.Outcomes = slices.DeleteFunc(in.Data.Outcomes, func(o tables.Outcome) bool { return o.Scenario != "own" })
	page := written(t, in)
	for _, bad := range []string{"difference from “", "differences from “", "differences are paired", "Intervals of differences"} {
		if strings.Contains(page, bad) {
			t.Errorf("the report of one scenario has %q", bad)
		}
	}
	if want := "Bands hold the middle 90% of runs."; !strings.Contains(page, want) {
		t.Errorf("the report does not say %q", want)
	}
}

func TestAnswer(t *testing.T) {
	at := func(pairs ...string) (all []Verdict) {
		for i := 0; i < len(pairs); i += 2 {
			all = append(all, Verdict{Place: pairs[i], Verdict: pairs[i+1]})
		}
		return all
	}
	for _, test := range []struct {
		verdicts []Verdict
		want     string
	}{
		{at("A", "holds"), "In the model, competition and integration can coexist in A."},
		{at("A", "fails", "B", "open", "C", "fails"), "In the model, competition and integration do not coexist in A and C; it stays open whether competition and integration can coexist in B."},
		{at("A", "undefined", "B", ""), "In the model, the question of coexistence does not arise in A; nothing can be said of B."},
		{at("A", "", "B", ""), "This result compares 2 scenarios in A and B; the core arms were not all run, so it says nothing about whether competition and integration can coexist."},
		{nil, "This result compares 2 scenarios in A and B; the core arms were not all run, so it says nothing about whether competition and integration can coexist."},
	} {
		if got := answer(test.verdicts, 2, []string{"A", "B"}); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

func TestDifferencesSayWhatIntervalsBear(t *testing.T) {
	cost := plots.Difference{Outcome: "cost", Unit: plots.Unit{Before: "£"}, Better: -1}
	choice := plots.Difference{Outcome: "choice", Better: 1}
	for _, test := range []struct {
		d           plots.Difference
		v           plots.Interval
		text, words string
	}{
		{cost, plots.Interval{Mid: 20, Low: 10, High: 30}, "+£20 (£10 to £30)", "worse"},
		{cost, plots.Interval{Mid: -20, Low: -30, High: -10}, "−£20 (−£30 to −£10)", "better"},
		{cost, plots.Interval{Mid: 5, Low: -3, High: 13}, "+£5 (−£3 to £13)", "no clear difference"},
		{choice, plots.Interval{Mid: 0.5, Low: 0.25, High: 0.75}, "+0.50 (0.25 to 0.75)", "better"},
		{choice, plots.Interval{Mid: 0.5, Low: math.NaN(), High: math.NaN()}, "+0.50 (one run, no interval)", ""},
		{choice, plots.Interval{Mid: math.NaN(), Low: math.NaN(), High: math.NaN()}, "", ""},
	} {
		test.d.Versus = test.v
		if got := difference(test.d); got != test.text {
			t.Errorf("got %q, want %q", got, test.text)
		}
		if got := word(test.d); got != test.words {
			t.Errorf("%v: got %q, want %q", test.v, got, test.words)
		}
	}
}

func TestFiguresMustBeDrawn(t *testing.T) {
	in := made()
	in.Figures = []*plots.Figure{{Name: "01-choice"}}
	if page, err := Write(in); err == nil || bytes.Contains(page, []byte("<html")) {
		t.Error("a figure without a drawing: no error")
	}
}
