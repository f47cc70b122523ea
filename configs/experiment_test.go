package configs

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

var testKinds = []string{"grid", "list", "lhs"}

// experimentOf reads an experiment from a text, with a scenario file beside it.
func experimentOf(text string, sets ...string) (Experiment, error) {
	files := fstest.MapFS{
		"sweeps/x.toml":    {Data: []byte(text)},
		"sweeps/mine.toml": {Data: []byte("extends = \"airline\"\nname = \"mine\"\n[choice]\nwait = 0.02\n")},
	}
	return ReadExperiment("sweeps/x.toml", ExperimentOptions{Files: files, Kinds: testKinds, Measures: []string{"cost_per_head", "quality_index"}, Usual: []string{"quality_index"}, Set: sets})
}

const soundExperiment = `
places = ["Devon"]
years = 5
scenarios = ["status-quo", "mine.toml"]
[set]
choice.loyalty = 1.5
"beds.occupancy" = 0.9
[[scenario]]
name = "loyal"
extends = "airline"
set = { "choice.loyalty" = 2.0 }
[design]
kind = "lhs"
size = 9
[[axis]]
name = "choice.minutes"
scale = "log"
[[axis]]
name = "regime.system_count"
range = [2, 5]
[[axis]]
name = "regime.integration"
values = ["none", "real"]
[[axis]]
name = "regime.scope"
values = [["pathway", "social-care"], []]
joint = "scope"
`

func TestReadExperiment(t *testing.T) {
	e, err := experimentOf(soundExperiment)
	if err != nil {
		t.Fatal(err)
	}
	if e.Name != "x" || e.Title != "x" || e.Seed != 1 || e.Runs != 1 || e.Sample != 0 || e.Design != (ExperimentDesign{"lhs", 9}) ||
		!slices.Equal(e.Places, []string{"Devon"}) || !slices.Equal(e.Measures, []string{"quality_index"}) || !slices.Equal(e.Groups, []string{"all"}) {
		t.Errorf("%+v", e)
	}
	var names []string
	for _, c := range e.Scenarios {
		names = append(names, c.Name)
		if c.Time.Years != 5 || c.Beds.Occupancy != .9 {
			t.Errorf("%s: %d years, occupancy %v, want 5 and 0.9 as set for all", c.Name, c.Time.Years, c.Beds.Occupancy)
		}
	}
	if !slices.Equal(names, []string{"status-quo", "mine", "loyal"}) {
		t.Errorf("scenarios %v", names)
	}
	if mine := e.Scenarios[1].Choice; mine.Wait != .02 || mine.Loyalty != 1.5 || e.Scenarios[2].Choice.Loyalty != 2 {
		t.Errorf("mine %+v, loyal %v", mine, e.Scenarios[2].Choice.Loyalty)
	}
	swept, _ := Explain("choice.minutes")
	if a := e.Axes[0]; a.Low != swept.Swept[0] || a.High != swept.Swept[1] || a.Scale != "log" || a.Values != nil {
		t.Errorf("%+v, want the plausible range of the parameter", a)
	}
	if a := e.Axes[3]; !slices.Equal(a.Values, []string{"pathway,social-care", "[]"}) || a.Joint != "scope" {
		t.Errorf("%+v", a)
	}
	for _, a := range e.Axes { // what an axis hands out can follow --set
		for _, v := range a.Values {
			if _, err := Read("airline", Options{Set: []string{a.Name + "=" + v}}); err != nil && !strings.Contains(err.Error(), "regime") {
				t.Error(err)
			}
		}
	}
	e, err = experimentOf(soundExperiment, "choice.loyalty=0.5", "time.years=2")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range e.Scenarios {
		if c.Choice.Loyalty != .5 || c.Time.Years != 2 {
			t.Errorf("%s: loyalty %v and %d years, want 0.5 and 2 as said last", c.Name, c.Choice.Loyalty, c.Time.Years)
		}
	}
}

// TestExperimentFaults: each mistake is told with its line, and all at once.
func TestExperimentFaults(t *testing.T) {
	const good = "places = [\"Devon\"]\nscenarios = [\"airline\"]\n[design]\nkind = \"lhs\"\n[[axis]]\nname = \"choice.minutes\"\n"
	if _, err := experimentOf(good); err != nil {
		t.Fatal(err)
	}
	for change, want := range map[string]string{
		`places|place`:                                   ":1: place is not a key of an experiment, nearest is places",
		`["Devon"]|"Devon"`:                              ":1: places = \"Devon\", want a list of texts",
		`["Devon"]|["Devon", "Devon"]`:                   ":1: places: \"Devon\" is named twice",
		`["airline"]|["airlin"]`:                         "nearest is airline",
		`["airline"]|["airline", "airline"]`:             ":2: scenarios: \"airline\" is named twice",
		`scenarios = ["airline"]|runs = 0`:               ":2: runs = 0, want a whole number from 1",
		`["airline"]|["airline"]` + "\nseed = -1":        ":3: seed = -1, want a whole number from 0",
		`["airline"]|["airline"]` + "\nsample = nan":     ":3: sample = nan, want more than 0",
		`["airline"]|["airline"]` + "\nyears = 0":        ":3: years = 0",
		`["airline"]|["airline"]` + "\n[set]\nx.y = 1":   ":4: x.y is not a parameter",
		`["airline"]|["airline"]` + "\n[[scenario]]\n":   "scenario.extends is missing",
		`"lhs"|"lhss"`:                                   ":4: design.kind = \"lhss\", want grid, list or lhs, nearest is lhs",
		`[design]|[desing]`:                              "nearest is design",
		`"choice.minutes"|"time.years"`:                  ":6: axis: time.years cannot differ",
		`"choice.minutes"|"choice.wait"`:                 ":5: axis choice.wait has no range",
		`"choice.minutes"|"regime.entry"`:                "is a list, want values in place of a range",
		"minutes\"\n|minutes\"\nrange = [0.2, 0.1]\n":    ":7: axis choice.minutes: range from 0.2 to 0.1, want the lower end first",
		"minutes\"\n|minutes\"\nrange = [0.2, 1e9]\n":    ":7: axis choice.minutes: range has",
		"minutes\"\n|minutes\"\nvalues = []\n":           "want a list of at least one",
		"minutes\"\n|minutes\"\nvalues = [1, \"x\"]\n":   ":7: choice.minutes = \"x\"",
		"minutes\"\n|minutes\"\nscale = \"cubic\"\n":     ":7: axis.scale = \"cubic\"",
		"[[axis]]\nname = \"choice.minutes\"\n|":         "no [[axis]] and no [posterior]",
		"minutes\"\n|minutes\"\n[posterior]\nfile = 3\n": ":8: posterior.file = 3",
	} {
		from, to, _ := strings.Cut(change, "|")
		_, err := experimentOf(strings.Replace(good, from, to, 1))
		if err == nil || !errors.Is(err, ErrInput) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", change, err, want)
		}
	}
	_, err := experimentOf("nam = 1\nruns = 0\nsample = 2\n")
	if n := strings.Count(err.Error(), "\n") + 1; n != 7 {
		t.Errorf("%d faults, want 7:\n%v", n, err)
	}
}

// TestIsExperiment: a file is known by its keys, whatever else is wrong with it.
func TestIsExperiment(t *testing.T) {
	files := fstest.MapFS{}
	for name, text := range map[string]string{"sound": soundExperiment, "faulty": "[desing]\n[[axis]]\n", "scenario": "extends = \"airline\"\n[choice]\nwait = 0.1\n", "broken": "[design\n"} {
		files[name+".toml"] = &fstest.MapFile{Data: []byte(text)}
	}
	for name, want := range map[string]bool{"sound.toml": true, "faulty.toml": true, "scenario.toml": false, "broken.toml": false, "none.toml": false,
		"coexistence": true, "airline": false} {
		if got := IsExperiment(name, files); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestCalibratedPosterior: [posterior] without a file is the program's own; a file of its name is a file.
func TestCalibratedPosterior(t *testing.T) {
	const rest = "places = [\"Devon\"]\nscenarios = [\"airline\"]\n[design]\nkind = \"lhs\"\nsize = 3\n[posterior]\n"
	for text, want := range map[string]string{rest: Calibrated, rest + "draws = 4\n": Calibrated, rest + "file = \"calibrated\"\n": "sweeps/calibrated", rest + "file = \"a.csv\"\n": "sweeps/a.csv"} {
		if e, err := experimentOf(text); err != nil || e.Posterior != want {
			t.Errorf("posterior %q, %v; want %q", e.Posterior, err, want)
		}
	}
}

// TestBuiltinExperiments: every one is sound.
func TestBuiltinExperiments(t *testing.T) {
	names := BuiltinExperiments()
	if !slices.Contains(names, "loyalty") {
		t.Fatalf("%v", names)
	}
	for _, name := range names {
		e, err := ReadExperiment(name, ExperimentOptions{Kinds: []string{"grid", "list", "lhs", "halton", "morris", "saltelli"}})
		if err != nil {
			t.Error(err)
		} else if e.Name != name || e.About == "" || e.Title == name {
			t.Errorf("%s is named %s, %q, about %q", name, e.Name, e.Title, e.About)
		}
	}
	if _, err := ReadExperiment("loyalti", ExperimentOptions{}); err == nil || !strings.Contains(err.Error(), "nearest is loyalty") {
		t.Errorf("%v", err)
	}
}

// FuzzExperiment: whatever is read, it never panics, and what is wrong is wrong input.
func FuzzExperiment(f *testing.F) {
	f.Add(soundExperiment)
	f.Add("axis = [[[1]]]\n[design]\nkind = []\n[set.choice.minutes]\nx = 1")
	f.Add("[[scenario]]\nset = 1\nname = 2\n[posterior]\nfile = []")
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := experimentOf(text); err != nil && !errors.Is(err, ErrInput) {
			t.Errorf("%v", err)
		}
	})
}
