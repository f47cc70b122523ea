package configs

import (
	"io/fs"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestBuiltin(t *testing.T) {
	files, err := fs.ReadDir(scenarioFiles, "scenarios")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != len(builtins)+len(staged) {
		t.Errorf("%d files, %d names", len(files), len(builtins)+len(staged))
	}
	for _, name := range Staged() {
		if text, ok := Source(name); !ok || !strings.HasPrefix(text, "# ") {
			t.Errorf("%s does not open with a comment", name)
		}
	}
	systems, arms := 12, 6
	for i, info := range Builtin() {
		text, ok := Source(info.Name)
		if !ok || !strings.HasPrefix(text, "# ") {
			t.Errorf("%s does not open with a comment", info.Name)
		}
		if n := strings.Count(text, "\n"); n > 45 {
			t.Errorf("%s has %d lines, want a short file", info.Name, n)
		}
		for line := range strings.Lines(text) {
			if strings.HasPrefix(line, "#") && len(line) > 105 {
				t.Errorf("%s: long line %q", info.Name, line)
			}
		}
		if info.Title == info.Name || info.About == "" {
			t.Errorf("%s needs a title and what it is about", info.Name)
		}
		if want := map[bool]string{true: "system", false: "arm"}[i < systems]; info.Kind != want {
			t.Errorf("%s is of kind %s, want %s", info.Name, info.Kind, want)
		}
	}
	if got := len(Builtin()); got != systems+arms {
		t.Errorf("%d built-in scenarios, want %d", got, systems+arms)
	}
}

// What is resolved, written and read back is the same.
func TestResolvedFileReadsBack(t *testing.T) {
	for _, name := range builtins {
		c, err := Read(name, Options{})
		if err != nil {
			t.Error(err)
			continue
		}
		if err := c.Check(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		readsBack(t, c)
	}
}

// readsBack fails t if c is not what its own text says.
func readsBack(t *testing.T, c Config) {
	t.Helper()
	again, err := readText(string(c.TOML()))
	if err != nil {
		t.Fatalf("%s: %v\n%s", c.Name, err, c.TOML())
	}
	if !reflect.DeepEqual(again, c) {
		t.Errorf("%s reads back differently:\n%+v\n%+v", c.Name, again, c)
	}
	if again.Hash() != c.Hash() {
		t.Errorf("%s: hash %s, then %s", c.Name, c.Hash(), again.Hash())
	}
}

// The six arms differ in competition and integration and in nothing else.
func TestArmsDifferInNothingElse(t *testing.T) {
	closed := map[string]any{"regime.enrolment": "assigned", "regime.practice": "assigned", "regime.referral": "assigned"}
	open := map[string]any{"regime.enrolment": "via-practice", "regime.practice": "choice", "regime.referral": "choice"}
	var common map[string]any
	var contracts []Contract
	for _, competition := range []string{"closed", "open"} {
		for _, integration := range []string{"none", "virtual", "real"} {
			c, err := Read("arm-"+competition+"-"+integration, Options{})
			if err != nil {
				t.Fatal(err)
			}
			want := map[string]map[string]any{"closed": closed, "open": open}[competition]
			leaves := c.leaves()
			for key, v := range want {
				if leaves[key] != v {
					t.Errorf("%s: %s = %v, want %v", c.Name, key, leaves[key], v)
				}
				delete(leaves, key)
			}
			if leaves["regime.integration"] != integration {
				t.Errorf("%s: integration %v", c.Name, leaves["regime.integration"])
			}
			delete(leaves, "regime.integration")
			if common == nil {
				common, contracts = leaves, c.Contracts
			}
			if !reflect.DeepEqual(leaves, common) || !slices.Equal(c.Contracts, contracts) {
				t.Errorf("%s differs in more than competition and integration", c.Name)
			}
		}
	}
	if scope := common["regime.scope"]; !reflect.DeepEqual(scope, []string{"primary-secondary", "pathway", "social-care"}) {
		t.Errorf("scope %v", scope)
	}
}

// A thirteenth system takes ten lines.
func TestThirteenthSystem(t *testing.T) {
	c, err := readText(`extends = "competing-systems"
title = "Doctors' chambers"
[regime]
systems = "practices"
integration = "virtual"
enrolment = "direct"
hospitals = "separate"
[[reform]]
when = "2015-04"
set = { "payment.risk_r2" = 0.2 }
`)
	if err != nil {
		t.Fatal(err)
	}
	if c.Name != "x" || c.Regime.Enrolment != "direct" || c.Regime.Binding != "network" || len(c.Contracts) != 9 {
		t.Errorf("got %+v", c)
	}
}

func TestDefaultIsEnglandIn2010(t *testing.T) {
	c := Default()
	want := Regime{Systems: "none", Integration: "none", Scope: []string{}, Enrolment: "none", Practice: "choice",
		Referral: "choice", Binding: "free", BudgetHolder: "commissioner", Hospitals: "separate", Entry: []string{},
		Failure: "bail-out", Support: "none"}
	if !reflect.DeepEqual(c.Regime, want) {
		t.Errorf("regime %+v", c.Regime)
	}
	if c.Name != "status-quo" || len(c.Contracts) != 9 || c.Time.Years != 10 || c.Payment.Envelope != 1900*0.8 {
		t.Errorf("got %+v", c)
	}
}
