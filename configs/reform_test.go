package configs

import (
	"slices"
	"strings"
	"testing"
)

const twoReforms = `extends = "status-quo"
[[reform]]
when = "2015-04"
[reform.set]
"choice.offered" = 1
"regime.mergers" = true

[[reform]]
when = "2013-04"
[reform.set]
choice.offered = 0.7
[reform.set.regime]
systems = "trusts"
entry = ["corporate", "practice-led"]
`

func TestWithReforms(t *testing.T) {
	c, err := readText(twoReforms)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []struct {
		month   string
		offered float64
		systems string
		mergers bool
	}{
		{"2010-04", 0.49, "none", false},
		{"2013-03", 0.49, "none", false},
		{"2013-04", 0.7, "trusts", false},
		{"2015-03", 0.7, "trusts", false},
		{"2015-04", 1, "trusts", true},
		{"2099-12", 1, "trusts", true},
	} {
		got, err := c.WithReforms(want.month)
		if err != nil {
			t.Fatal(err)
		}
		if got.Choice.Offered != want.offered || got.Regime.Systems != want.systems || got.Regime.Mergers != want.mergers {
			t.Errorf("%s: offered %v, systems %s, mergers %v", want.month, got.Choice.Offered, got.Regime.Systems, got.Regime.Mergers)
		}
		if len(got.Reforms) != 2 {
			t.Errorf("%s: %d reforms are left", want.month, len(got.Reforms))
		}
	}
	if months := c.ReformMonths(); !slices.Equal(months, []string{"2013-04", "2015-04"}) {
		t.Errorf("months %v", months)
	}
	if _, err := c.WithReforms("2013"); err == nil {
		t.Error("2013 is no month")
	}
	readsBack(t, c)
}

// A reform may give the contracts anew; a child may take its parent's reforms away.
func TestReformOfContracts(t *testing.T) {
	torbay, _ := Source("single-system-torbay")
	list := torbay[strings.Index(torbay, "contract = [") : strings.Index(torbay, "]\n")+2]
	text := quo + `[[reform]]
when = "2012-04"
[reform.set]
` + list + `
regime.systems = "area"
regime.enrolment = "assigned"
regime.budget_holder = "system"
`
	c, err := readText(text)
	if err != nil {
		t.Fatal(err)
	}
	after, err := c.WithReforms("2012-04")
	if err != nil || len(c.Contracts) != 9 || len(after.Contracts) != 10 || after.Contracts[0].Kind != "block" {
		t.Errorf("contracts %v, error %v", after.Contracts, err)
	}
	readsBack(t, c)
	if c, err = readText("reform = []\n" + text[:len(quo)]); err != nil || c.Reforms != nil {
		t.Errorf("reforms %v, error %v", c.Reforms, err)
	}
	_, err = readText(strings.Replace(text, `regime.systems = "area"`, "", 1))
	if err == nil || !strings.HasPrefix(err.Error(), "x.toml:6: reform of 2012-04: contract 1: nobody is a system") ||
		!strings.Contains(err.Error(), "x.toml:15: reform of 2012-04: contract 10: nobody is a system") {
		t.Errorf("got %v", err)
	}
}

func TestReformFaults(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"no date", "[[reform]]\nset = {\"choice.wait\" = 0}", "x.toml:2: reform.when is missing"},
		{"nothing", "[[reform]]\nwhen = \"2013-04\"", "x.toml:2: reform.set is missing"},
		{"empty", "[[reform]]\nwhen = \"2013-04\"\nset = {}", `x.toml:4: reform.set = a table, want a table of "section.key" = value`},
		{"empty section", "[[reform]]\nwhen = \"2013-04\"\n[reform.set.choice]", `x.toml:2: reform.set is empty, want "section.key" = value`},
		{"no month", "[[reform]]\nwhen = \"2013-13\"\nset = {\"choice.wait\" = 0}", `x.toml:3: reform.when = "2013-13", want a month in quotes such as "2013-04"`},
		{"a date", "[[reform]]\nwhen = 2013-04-01\nset = {\"choice.wait\" = 0}", `x.toml:3: reform.when = a date, want a month in quotes such as "2013-04"`},
		{"before the run", "[[reform]]\nwhen = \"2010-03\"\nset = {\"choice.wait\" = 0}", `x.toml:3: reform.when = "2010-03", want time.start (2010-04) or later`},
		{"unknown key", "[[reform]]\nwhen = \"2013-04\"\n[reform.set]\n\"choice.waits\" = 0", `x.toml:5: choice.waits is not a key, nearest is choice.wait`},
		{"key of a reform", "[[reform]]\nwhen = \"2013-04\"\nsets = 1\nset = {\"choice.wait\" = 0}", `x.toml:4: reform.sets is not a key, nearest is set`},
		{"out of range", "[[reform]]\nwhen = \"2013-04\"\n[reform.set]\n\"choice.wait\" = -1", `x.toml:5: choice.wait = -1 utility per week, want 0 to 1`},
		{"time", "[[reform]]\nwhen = \"2013-04\"\n[reform.set]\n\"time.years\" = 3", `x.toml:5: time.years cannot change in a run, want a key outside time, people or measures`},
		{"title", "[[reform]]\nwhen = \"2013-04\"\n[reform.set]\ntitle = \"x\"", `x.toml:5: title is not a key`},
		{"twice in one", "[[reform]]\nwhen = \"2013-04\"\n[reform.set]\n\"choice.wait\" = 0\nchoice.wait = 1", `x.toml:5: choice.wait is set twice`},
		{"twice at a time", "[[reform]]\nwhen = \"2013-04\"\nset = {\"choice.wait\" = 0}\n[[reform]]\nwhen = \"2013-04\"\nset = {\"choice.wait\" = 1}", `x.toml:6: choice.wait is set by two reforms of 2013-04`},
		{"impossible then", "[[reform]]\nwhen = \"2013-04\"\nset = {\"choice.wait\" = 0}\n[[reform]]\nwhen = \"2014-04\"\n[reform.set]\n\"regime.hospitals\" = \"owned\"",
			`x.toml:8: reform of 2014-04: regime.hospitals = "owned", want "separate" with regime.systems = "none": there is no system to own them`},
		{"contracts", "[[reform]]\nwhen = \"2013-04\"\nset = { contract = [1] }", `x.toml:4: contract = a list, want [[contract]] tables`},
		{"no table", "reform = 1", `x.toml:2: reform = 1, want [[reform]] tables`},
		{"one table", "[reform]\nwhen = \"2013-04\"", `x.toml:2: reform = a table, want [[reform]] tables`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := readText(quo + c.text)
			checkFault(t, err, c.want)
		})
	}
}

func TestNotes(t *testing.T) {
	c, err := readText(twoReforms, "time.years=5")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"reform of 2015-04 comes after the run, which ends before 2015-04"}
	if got := c.Notes(); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
