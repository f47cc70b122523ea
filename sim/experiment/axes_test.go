package experiment

import (
	"errors"
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
