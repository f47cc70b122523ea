package experiment

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"coexist/configs"
	"coexist/sim/tables"
)

// coreArms are the six core arms as scenarios.
func coreArms(t *testing.T) []configs.Config {
	t.Helper()
	var list []configs.Config
	for _, name := range append(Arms(), "airline") {
		c, err := configs.Read(name, configs.Options{})
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, c)
	}
	return list
}

func TestArenasPairWhatDiffersInOneThing(t *testing.T) {
	got := Arenas(coreArms(t))
	for i := range got {
		got[i].regime = configs.Regime{}
	}
	want := []Arena{
		{Competition: "a system for each trust, free referral", Integration: "networks, health and social care", Both: "arm-open-virtual", Open: "arm-open-none", Closed: "arm-closed-virtual"},
		{Competition: "a system for each trust, free referral", Integration: "mergers, health and social care", Both: "arm-open-real", Open: "arm-open-none", Closed: "arm-closed-real"},
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("arenas\n%v\nwant\n%v", got, want)
	}
	two, err := configs.Read("arm-open-real", configs.Options{Set: []string{"name=two", "regime.system_count=2", "regime.binding=network", "regime.scope=primary-secondary"}})
	if err != nil {
		t.Fatal(err)
	}
	if got := Arenas(append(coreArms(t), two)); len(got) != 2 {
		t.Errorf("a scenario without comparators of its own number of systems gives a cell: %v", got)
	}
	paid := coreArms(t)
	for i := range paid {
		if paid[i].Name == "arm-closed-real" {
			paid[i].Contracts = paid[i].Contracts[1:]
		}
	}
	if got := Arenas(paid); len(got) != 1 || got[0].Both != "arm-open-virtual" {
		t.Errorf("arenas %v, want none whose arms differ in payment", got)
	}
	if got, want := competition(two.Regime)+"; "+integration(two.Regime), "2 systems, referral inside; mergers, GP to hospital"; got != want {
		t.Errorf("words %q, want %q", got, want)
	}
}

// headlineNames are choice, quality, cost and fragmentation.
func headlineNames() [4]string {
	h := tables.Headline
	return [4]string{h.Choice, h.Quality, h.Cost, h.Fragmentation}
}

var testLimits = Limits{Share: .8, Tolerance: .01, ToleranceSD: .05}

func TestVerdictInOneWorld(t *testing.T) {
	// Rows: choice, quality, cost, fragmentation; columns: both, open, closed.
	good := [4][3]float64{{2.9, 3, 1}, {.1, 0, .1}, {1000, 1000, 1000}, {21, 30, 20}}
	for _, c := range []struct {
		name   string
		change func(v *[4][3]float64)
		want   Verdict
		reason Reason
	}{
		{"all kept", func(v *[4][3]float64) {}, Holds, ""},
		{"choice just kept", func(v *[4][3]float64) { v[0][0] = 1 + .8*2 }, Holds, ""},
		{"choice lost", func(v *[4][3]float64) { v[0][0] = 1 + .79*2 }, Fails, ChoiceLost},
		{"fragmentation stays", func(v *[4][3]float64) { v[3][0] = 30 - .79*10 }, Fails, FragmentationKept},
		{"quality within the tolerance", func(v *[4][3]float64) { v[1][0] = .051 }, Holds, ""},
		{"quality worse than closed", func(v *[4][3]float64) { v[1][0] = .049 }, Fails, QualityWorse},
		{"cost within the tolerance", func(v *[4][3]float64) { v[2][0] = 1009 }, Holds, ""},
		{"cost higher than open", func(v *[4][3]float64) { v[2] = [3]float64{1009, 990, 1009} }, Fails, CostWorse},
		{"no choice to lose", func(v *[4][3]float64) { v[0] = [3]float64{3, 3, 2.98} }, Undefined, NoChoiceToLose},
		{"nothing to win", func(v *[4][3]float64) { v[3] = [3]float64{30, 30, 29.8} }, Undefined, NothingToWin},
	} {
		v := good
		c.change(&v)
		w := verdictIn(v, testLimits)
		if w.verdict != c.want || (c.reason == "") != (len(w.fails) == 0) || c.reason != "" && w.fails[0] != c.reason {
			t.Errorf("%s: %v because of %v, want %v because of %q", c.name, w.verdict, w.fails, c.want, c.reason)
		}
	}
}

// worlds is a sweep of n worlds over one axis x in (0, 1) in which both keep the share x of the
// fragmentation gap, and everything else is as good as with one alone; noChoice worlds have no choice
// gap.
func worlds(t *testing.T, n, noChoice int, floor float64) (*Swept, *Design) {
	t.Helper()
	d := design(t, LHS, []Axis{{Name: "choice.minutes", Low: 0, High: 1}, {Name: "choice.wait", Low: 0, High: 1}}, n, 1)
	s := newSwept(n)
	for r, p := range d.Points {
		x, _ := strconv.ParseFloat(p[0], 64)
		x = floor + (1-floor)*x
		for j, scenario := range []string{"arm-open-real", "arm-open-none", "arm-closed-real"} {
			v := [4][3]float64{{3, 3, 1}, {0, 0, 0}, {900, 900, 900}, {30 - 10*x, 30, 20}}
			if r < noChoice {
				v[0] = [3]float64{1, 1, 1}
			}
			for m, name := range headlineNames() {
				for replicate, off := range []float64{-1e-9, 1e-9} {
					for _, years := range []string{"all", "1-3", "8-10"} {
						s.add(SweptKey{"Town", scenario, "all", name, years}, r+1, replicate+1, "unit", v[m][j]+off)
					}
				}
			}
		}
	}
	return s, &d
}

// asMany lets as many systems form as are wanted.
func asMany(_ string, r configs.Regime) int { return int(r.SystemCount) }

// TestSentenceOfTooFewWorlds: cells that are open for want of worlds make nothing open that others answer.
func TestSentenceOfTooFewWorlds(t *testing.T) {
	cell := func(holding, arises int) CellVerdict {
		c := CellVerdict{Years: "1-3", Group: "all", Competition: "a", Integration: "b", Worlds: 64, Against: map[Reason]int{CostWorse: arises - holding}}
		list := make([]world, 64)
		for i := range list {
			list[i].verdict = Undefined
			if i < arises {
				list[i].verdict = Fails
			}
			if i < holding {
				list[i].verdict = Holds
			}
		}
		c.count(list)
		return c
	}
	got := mapSentence([]CellVerdict{cell(1, 40), cell(0, 8), cell(2, 30)}, "Town")
	if want := "hardly ever coexist where enough plausible worlds have something to lose to tell, in 2 of 3 combinations: with"; !strings.Contains(got, want) || !strings.Contains(got, "in 7% (2% to 21%) of the 30 plausible worlds of 64") {
		t.Errorf("%s\nwant %s", got, want)
	}
	if got = mapSentence([]CellVerdict{cell(1, 40), cell(9, 40)}, "Town"); !strings.Contains(got, "it is open whether") {
		t.Error(got)
	}
}

// TestCellsForWantOfSystems: where fewer systems form than cells ask for, equal cells are one, and what is
// said names the number that formed.
func TestCellsForWantOfSystems(t *testing.T) {
	s, d := worlds(t, 20, 0, .8)
	var arenas []Arena
	for _, n := range []int64{2, 4, 8} {
		r := configs.Regime{Systems: "trusts", SystemCount: n, Referral: "choice", Integration: "real", Scope: []string{"primary-secondary", "pathway", "social-care"}}
		arenas = append(arenas, Arena{Competition: competition(r), Integration: integration(r), Both: "arm-open-real", Open: "arm-open-none", Closed: "arm-closed-real", regime: r})
	}
	for trusts, want := range map[int]struct{ cells, note string }{
		9: {"2 2, 4 4, 8 8, ", ""},
		3: {"2 2, 4 3, ", "\u20184 systems\u2019: 3 form, \u20188 systems\u2019: 3 form"},
		1: {"2 1, ", "\u20182 systems\u2019: 1 forms, \u20184 systems\u2019: 1 forms, \u20188 systems\u2019: 1 forms"},
	} {
		m := MapCoexistence(s, d, arenas, testLimits, nil, func(place string, r configs.Regime) int {
			if place != "Town" {
				t.Errorf("asked of %q", place)
			}
			return min(int(r.SystemCount), trusts)
		})
		cells := ""
		for _, c := range m.Cells {
			if c.Years == "8-10" {
				cells += fmt.Sprintf("%s %d, ", c.Competition[:1], c.Formed)
			}
		}
		if cells != want.cells || m.Answers[0].Note != want.note {
			t.Errorf("%d trusts: cells %q, note %q; want %q, %q", trusts, cells, m.Answers[0].Note, want.cells, want.note)
		}
		if trusts == 1 && !strings.Contains(m.Answers[0].Sentence, "\u201c1 system, free referral\u201d") {
			t.Errorf("one trust: %s", m.Answers[0].Sentence)
		}
	}
}

func TestMapOfCoexistenceCountsWorlds(t *testing.T) {
	for _, c := range []struct {
		name        string
		n, noChoice int
		floor       float64
		verdict     Verdict
		holding     int
		words       []string
	}{
		{"open", 100, 0, 0, Open, 20, []string{"In the model of Town, years 8–10, it is open whether", "in 20% (13% to 29%) of 100 plausible worlds", "more often where choice.minutes is high", "too little of the gain against fragmentation is won (80% of worlds)"}},
		{"holds", 100, 0, .8, Holds, 100, []string{"competition and integration can coexist in the one combination: ", "in 100% (96% to 100%) of 100"}},
		{"undefined", 100, 90, .8, Undefined, 10, []string{"does not arise", "brings no choice that could be lost"}},
		{"given that it arises", 100, 89, .8, Holds, 11, []string{"in 100% (74% to 100%) of the 11 plausible worlds of 100 in which there is something to lose"}},
		{"few", 9, 0, .8, Open, 9, []string{"in too few of 9 plausible worlds to tell"}},
		{"fails", 100, 0, -10, Fails, 2, []string{"hardly ever coexist in the one combination: with the combination of \u201c", "they do so in 2%"}},
	} {
		s, d := worlds(t, c.n, c.noChoice, c.floor)
		m := MapCoexistence(s, d, Arenas(coreArms(t)), testLimits, nil, asMany)
		if len(m.Cells) != 2 || m.Cells[0].Years != "8-10" || m.Cells[1].Years != "1-3" {
			t.Fatalf("%s: %d cells %+v, want one for years 8-10 and one for 1-3", c.name, len(m.Cells), m.Cells)
		}
		x := m.Cells[0]
		if x.Verdict != c.verdict || x.Holding != c.holding || x.Worlds != c.n {
			t.Errorf("%s: %s with %d of %d, want %s with %d of %d", c.name, x.Verdict, x.Holding, x.Worlds, c.verdict, c.holding, c.n)
		}
		for _, w := range c.words {
			if !strings.Contains(m.Answers[0].Sentence, w) {
				t.Errorf("%s: %q lacks %q", c.name, m.Answers[0].Sentence, w)
			}
		}
		if _, err := json.Marshal(m); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestMapNamesWhatTheVerdictTurnsOn(t *testing.T) {
	s, d := worlds(t, 100, 0, 0)
	m := MapCoexistence(s, d, Arenas(coreArms(t)), testLimits, nil, asMany)
	if x := m.Cells[0]; x.TurnsOn != "choice.minutes" || x.Where != "high" {
		t.Errorf("turns on %q %s, want choice.minutes high", x.TurnsOn, x.Where)
	}
	if axis, _ := turnsOn(&Design{Axes: d.Axes[1:], Points: second(d.Points)}, verdicts(d)); axis != "" {
		t.Errorf("turns on %q, which has nothing to do with it", axis)
	}
}

// second keeps the second column.
func second(points [][]string) [][]string {
	var list [][]string
	for _, p := range points {
		list = append(list, p[1:])
	}
	return list
}

// verdicts holds where the first axis is above 0.8.
func verdicts(d *Design) []world {
	var list []world
	for _, p := range d.Points {
		x, _ := strconv.ParseFloat(p[0], 64)
		w := world{verdict: Fails}
		if x > .8 {
			w.verdict = Holds
		}
		list = append(list, w)
	}
	return list
}

func TestWilson(t *testing.T) {
	// Newcombe, Statistics in Medicine 17:857-872, 1998, table I: 81 of 263, 15 of 148, 0 of 20.
	for _, c := range []struct {
		k, n      int
		low, high float64
	}{{81, 263, .2553, .3662}, {15, 148, .0624, .1605}, {0, 20, 0, .1611}} {
		i := wilson(c.k, c.n)
		if math.Abs(i.Low-c.low) > 5e-5 || math.Abs(i.High-c.high) > 5e-5 {
			t.Errorf("%d of %d: %.4f to %.4f, want %.4f to %.4f", c.k, c.n, i.Low, i.High, c.low, c.high)
		}
	}
}

func TestReadSwept(t *testing.T) {
	const head = "place,scenario,row,replicate,seed,group,measure,unit,years,value\n"
	s, err := ReadSwept(strings.NewReader(head+"Town,a,1,1,1,all,harm,u,all,2\nTown,a,1,2,2,all,harm,u,all,4\nTown,b,2,1,1,all,harm,u,all,\n"), 2)
	if err != nil {
		t.Fatal(err)
	}
	if y := s.Values(SweptKey{"Town", "a", "all", "harm", "all"}, ""); y[0] != 3 || !math.IsNaN(y[1]) {
		t.Errorf("values %v, want the mean 3 and none", y)
	}
	if y := s.Values(SweptKey{"Town", "b", "all", "harm", "all"}, ""); !math.IsNaN(y[1]) {
		t.Errorf("an empty value is %v, want none", y[1])
	}
	for text, want := range map[string]string{
		"":                                       "EOF",
		"place,row\n":                            "columns [place row]",
		head + "Town,a,3,1,1,all,harm,u,all,1\n": "row 3, want 1 to 2",
		head + "Town,a,1,1,1,all,harm,u,all,x\n": `sweep.csv:2: strconv.ParseFloat: parsing "x"`,
	} {
		if _, err := ReadSwept(strings.NewReader(text), 2); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q", text, err, want)
		}
	}
}
