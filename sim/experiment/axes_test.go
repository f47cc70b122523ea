package experiment

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"coexist/configs"
)

// TestDesignOf: a row is one draw of the posterior with a value of each axis; an axis stands for the column of
// a parameter that no data identify, and for no other; what a scenario sets is not drawn.
func TestDesignOf(t *testing.T) {
	const draws = "choice.quality,choice.minutes,integration.effect\n0.2,0.11,0.5\n0.3,0.12,0.6\n0.4,0.13,0.7\n"
	if p, _ := configs.Explain("integration.effect"); p.Identified {
		t.Fatal("integration.effect is identified, want one that is not")
	}
	read := func(name string, sets ...string) configs.Config {
		c, err := configs.Read(name, configs.Options{Set: sets})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	e := configs.Experiment{Posterior: configs.Calibrated, Seed: 1, Design: configs.ExperimentDesign{Kind: string(LHS), Size: 9},
		Scenarios: []configs.Config{read("status-quo")}, Axes: []configs.ExperimentAxis{{Name: "integration.effect", Low: 0, High: 1}}}
	d, err := DesignOf(e, draws)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(d.Factors(), " "); got != "integration.effect posterior" || !d.HasPosterior() {
		t.Errorf("factors %s", got)
	}
	effects, sets := map[string]bool{}, map[string]int{}
	for _, p := range d.Points {
		effects[p[0]] = true
		sets[p[1]+","+p[2]]++
	}
	for _, line := range strings.Split(strings.TrimSpace(draws), "\n")[1:] {
		if set := line[:strings.LastIndex(line, ",")]; sets[set] != 3 {
			t.Errorf("the draw %s is met %d times in %v, want 9/3", set, sets[set], sets)
		}
	}
	if len(effects) != 9 || len(sets) != 3 {
		t.Errorf("%d effects and %d draws, want 9 and 3", len(effects), len(sets))
	}

	clash := e
	clash.Axes = []configs.ExperimentAxis{{Name: "choice.minutes", Low: 0, High: 1}}
	if _, err := DesignOf(clash, draws); !errors.Is(err, configs.ErrInput) || !strings.Contains(err.Error(), `"choice.minutes" is named twice`) {
		t.Errorf("a fitted parameter as an axis: %v", err)
	}
	own := e
	own.Scenarios = []configs.Config{read("status-quo", "choice.quality=0.5")}
	if _, err := DesignOf(own, draws); !errors.Is(err, configs.ErrInput) || !strings.Contains(err.Error(), "choice.quality is drawn, and scenario status-quo has a value of its own") {
		t.Errorf("a scenario that sets what is drawn: %v", err)
	}
	e.Posterior = ""
	if d, err = DesignOf(e, draws); err != nil || d.HasPosterior() || len(d.Axes) != 1 {
		t.Errorf("without a posterior: %v, %v", d.Axes, err)
	}
}

// TestDraws: a posterior is a table whose rows stay whole; what is no parameter is told.
func TestDraws(t *testing.T) {
	read := func(text string, most int) ([]Axis, error) {
		path := filepath.Join(t.TempDir(), "posterior.csv")
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return readDraws(path, most)
	}
	axes, err := read("draw,choice.minutes,choice.quality,distance\n1,0.1,0.2,9\n2,0.11,0.21,8\n3,0.12,0.22,7\n", 2)
	if err != nil || len(axes) != 2 || axes[1].Name != "choice.quality" || axes[0].Joint != axes[1].Joint || strings.Join(axes[1].Values, " ") != "0.2 0.21" {
		t.Errorf("%+v, %v", axes, err)
	}
	if marked, err := read("\ufeffchoice.minutes\r\n0.1\r\n0.2\r\n", 0); err != nil || len(marked) != 1 || strings.Join(marked[0].Values, " ") != "0.1 0.2" {
		t.Errorf("from a spreadsheet: %+v, %v", marked, err)
	}
	d, err := newDesign(LHS, append(axes, Axis{Name: "choice.loyalty", Low: 0, High: 1}), 6, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range d.Points {
		if (p[0] == "0.1") != (p[1] == "0.2") {
			t.Errorf("draws are torn apart: %v", p)
		}
	}
	for text, want := range map[string]string{
		"":                                    "no header",
		"a,b\n1,2\n":                          "no column is a parameter",
		"choice.minute\n1\n":                  "column choice.minute is not a parameter",
		"choice.minutes,weight\n1,1\n":        "weight",
		"choice.minutes\n":                    "0 draws",
		"choice.minutes,choice.quality\n.1\n": "wrong number of fields",
	} {
		if _, err := read(text, 0); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	if _, err := read("choice.minutes\n1\n", 5); err == nil || !strings.Contains(err.Error(), "1 draws, want 5") {
		t.Errorf("too few: %v", err)
	}
}
