package experiment

import (
	"context"
	"errors"
	"strings"
	"testing"

	"coexist/configs"
)

// tracing is a run of the status quo in a tiny world, with what sets change.
func tracing(t *testing.T, sets ...string) TraceRun {
	t.Helper()
	p := small(t)
	c, err := configs.Read("status-quo", configs.Options{Set: append([]string{"time.years=2", "time.warmup_years=3", "measures.panel_min=100"}, sets...)})
	if err != nil {
		t.Fatal(err)
	}
	return TraceRun{World: p.Worlds[0], Config: c, Seed: 1, Sample: .2, Workers: 1}
}

// TestTrace: two runs that are the same have no first difference, with any workers; two that are not have it
// where their settings first act.
func TestTrace(t *testing.T) {
	same := tracing(t)
	same.Workers = 3
	seed := tracing(t)
	seed.Seed = 2
	regime := tracing(t, "effort.altruism=0.2")
	reform := tracing(t)
	reform.Config.Reforms = []configs.Reform{{When: "2011-01", Set: map[string]any{"effort.altruism": .2}}}
	later := tracing(t, "treatment.volume_effect=0.04")
	for _, c := range []struct {
		name  string
		b     TraceRun
		stage string
		weeks [2]int32
		agent string
	}{
		{"same", same, "", [2]int32{}, ""},
		{"seed", seed, "start", [2]int32{-155, -155}, "person "},
		{"regime", regime, "adopt", [2]int32{1, 1}, ""},
		{"reform", reform, "reform", [2]int32{40, 40}, ""},
		{"later", later, "publish", [2]int32{2, 13}, "Medical service at "}, // against the volume at the start of the regime
	} {
		t.Run(c.name, func(t *testing.T) {
			d, ok, err := Trace(context.Background(), tracing(t), c.b, nil)
			if err != nil {
				t.Fatal(err)
			}
			if c.name == "same" {
				if ok {
					t.Errorf("%+v", d)
				}
				return
			}
			if !ok || d.Stage != c.stage || d.Week < c.weeks[0] || d.Week > c.weeks[1] || !strings.HasPrefix(d.Agent, c.agent) || d.A == d.B {
				t.Errorf("%v %+v, want stage %s, weeks %v, %s", ok, d, c.stage, c.weeks, c.agent)
			}
		})
	}
	other := tracing(t)
	other.World = small(t).Worlds[1]
	if _, _, err := Trace(context.Background(), tracing(t), other, nil); !errors.Is(err, configs.ErrInput) {
		t.Errorf("two places: %v", err)
	}
}
