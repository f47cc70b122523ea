package configs

import (
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// readText reads a scenario from x.toml.
func readText(text string, set ...string) (Config, error) {
	return Read("./x.toml", Options{Files: fstest.MapFS{"x.toml": {Data: []byte(text)}}, Set: set})
}

const quo = "extends = \"status-quo\"\n"

// fault is a text that cannot be read, and what is said about it.
type fault struct{ name, text, want string }

// badTexts have every kind of fault that lies in one key.
var badTexts = []fault{
	{"empty", "", `x.toml: extends is missing, want extends = "status-quo" or another scenario`},
	{"no TOML", quo + "a = = 1", `x.toml:2: not valid TOML: expected value but found '=' instead`},
	{"half written", quo + "[choice", `x.toml:2: not valid TOML: expected '.' or ']' to end table name, but got '\x00' instead`},
	{"invalid UTF-8", quo + "title = \"\xff\"", `x.toml:2: not valid UTF-8`},
	{"unknown key", quo + "[choice]\nminute = 1", `x.toml:3: choice.minute is not a key, nearest is choice.minutes`},
	{"unknown section", quo + "[chioce]\nminutes = 1", `x.toml:2: chioce is not a key, nearest is choice`},
	{"key in no section", quo + "minutes = 1", `x.toml:2: minutes is not a key, nearest is choice.minutes`},
	{"case of a key", quo + "[choice]\nMinutes = 1", `x.toml:3: choice.Minutes is not a key, nearest is choice.minutes`},
	{"case of a section", quo + "[Choice]\nminutes = 1", `x.toml:2: Choice is not a key, nearest is choice`},
	{"section as value", quo + "choice = 1", `x.toml:2: choice = 1, want a table [choice]`},
	{"key twice", quo + "[choice]\nwait = 1\nwait = 1", `x.toml:4: not valid TOML: key 'choice.wait' has already been defined.`},
	{"section twice", quo + "[choice]\nwait = 1\n[choice]", `x.toml:4: not valid TOML: key 'choice' has already been defined.`},
	{"word for number", quo + "[choice]\nwait = \"1\"", `x.toml:3: choice.wait = "1", want 0 to 1`},
	{"fraction for whole", quo + "[time]\nyears = 4.0", `x.toml:3: time.years = 4.0 years, want a whole number from 1 to 50`},
	{"number for switch", quo + "[regime]\nmergers = 1", `x.toml:3: regime.mergers = 1, want true or false`},
	{"word for list", quo + "[regime]\nentry = \"corporate\"", `x.toml:3: regime.entry = "corporate", want a list of practice-led, hospital-led or corporate`},
	{"date for number", quo + "[choice]\nwait = 2010-04-01", `x.toml:3: choice.wait = a date, want 0 to 1`},
	{"not a number", quo + "[choice]\nwait = nan", `x.toml:3: choice.wait = nan utility per week, want 0 to 1`},
	{"infinite", quo + "[choice]\nwait = inf", `x.toml:3: choice.wait = inf utility per week, want 0 to 1`},
	{"negative", quo + "[payment]\nemergency = -3", `x.toml:3: payment.emergency = -3 GBP, want 0 to 50000`},
	{"too large", quo + "[time]\nyears = 51", `x.toml:3: time.years = 51 years, want a whole number from 1 to 50`},
	{"no choice", quo + "[regime]\nsystems = \"trust\"", `x.toml:3: regime.systems = "trust", want none, trusts, practices, groups, area or nation, nearest is trusts`},
	{"no choice in a list", quo + "[regime]\nscope = [\"pathways\"]", `x.toml:3: regime.scope = a list of 1, want a list of primary-secondary, pathway or social-care; "pathways" is not one, nearest is pathway`},
	{"twice in a list", quo + "[regime]\nscope = [\"pathway\", \"pathway\"]", `x.toml:3: regime.scope = a list of 2, want each once`},
	{"no April", quo + "[time]\nstart = \"2010-05\"", `x.toml:3: time.start = "2010-05", want an April such as 2010-04, from 1990 to 2100`},
	{"no name", quo + `name = "../x"`, `x.toml:2: name = "../x", want up to 64 small letters, digits and single dashes`},
	{"line break in a title", quo + "title = \"a\\nb\"", `x.toml:2: title = "a\nb", want a text without control characters`},
	{"control character", quo + `title = "a\u001b[2J"`, `x.toml:2: title = "a\x1b[2J", want a text without control characters`},
	{"letters that turn others around", quo + `title = "a\u202Eb"`, `x.toml:2: title = "a\u202eb", want a text without control characters`},
	{"a line's end by another name", quo + `about = "a\u2028b"`, `x.toml:2: about = "a\u2028b", want a text without control characters`},
	{"long title", quo + `title = "` + strings.Repeat("é", 121) + `"`, `x.toml:2: title of 121 letters, want at most 120`},
	{"number for title", quo + "title = 3", `x.toml:2: title = 3, want a text in quotes`},
	{"key with markup", quo + `"<b>" = 1`, `x.toml:2: "<b>" is not a key`},
	{"parent unknown", `extends = "airlines"`, `x.toml:1: extends: there is no built-in scenario "airlines", nearest is airline`},
	{"parent missing", `extends = "y.toml"`, `x.toml:1: extends = "y.toml" cannot be read: file does not exist`},
	{"parent absolute", `extends = "/etc/x.toml"`, `x.toml:1: extends = "/etc/x.toml", want a built-in name or a relative path`},
	{"parent above", `extends = "../x.toml"`, `x.toml:1: extends = "../x.toml" cannot be read: file does not exist`},
	{"own parent", `extends = "./x.toml"`, `x.toml:1: extends = "./x.toml" goes in a circle: x.toml, x.toml`},
	{"no contracts", `extends = "defaults"`, strings.Join([]string{
		"x.toml: contract: nobody pays for admissions, want a contract that does", "x.toml: contract: nobody pays for ae, want a contract that does",
		"x.toml: contract: nobody pays for elective, want a contract that does", "x.toml: contract: nobody pays for emergency, want a contract that does",
		"x.toml: contract: nobody pays for gp, want a contract that does", "x.toml: contract: nobody pays for outpatient, want a contract that does",
		"x.toml: contract: nobody pays for rest, want a contract that does", "x.toml: contract: nobody pays for social-care, want a contract that does",
		`x.toml: regime.budget_holder = "commissioner", want a contract that pays commissioner for whole`}, "\n")},
	{"all at once", quo + "[choice]\nwait = 2\nminute = 1\n[tiem]\n[regime]\nmergers = \"no\"\n", strings.Join([]string{
		"x.toml:3: choice.wait = 2 utility per week, want 0 to 1",
		"x.toml:4: choice.minute is not a key, nearest is choice.minutes",
		"x.toml:5: tiem is not a key, nearest is time",
		`x.toml:7: regime.mergers = "no", want true or false`}, "\n")},
}

// badCompositions are of parts that do not go together.
var badCompositions = []fault{
	{"enrolment without systems", quo + "[regime]\nenrolment = \"via-practice\"",
		`x.toml:3: regime.enrolment = "via-practice", want "none" with regime.systems = "none": there is nobody to enrol with`},
	{"enrolment with groups", "extends = \"airline\"\n[regime]\nenrolment = \"direct\"",
		`x.toml:3: regime.enrolment = "direct", want "none" with regime.systems = "groups": a medical group is chosen for a pathway`},
	{"choice of one system", "extends = \"single-system-torbay\"\n[regime]\nenrolment = \"direct\"",
		`x.toml:3: regime.enrolment = "direct", want "assigned" or "none" with regime.systems = "area": there is only one`},
	{"two systems an area", "extends = \"single-system-torbay\"\n[regime]\nsystem_count = 2",
		`x.toml:3: regime.system_count = 2 systems, want 0 or 1 with regime.systems = "area"`},
	{"count of no systems", quo + "[regime]\nsystem_count = 2",
		`x.toml:3: regime.system_count = 2 systems, want 0 with regime.systems = "none"`},
	{"integration of nobody", quo + "[regime]\nintegration = \"real\"\nscope = [\"pathway\"]",
		`x.toml:3: regime.integration = "real", want "none" with regime.systems = "none": there is nobody to integrate`},
	{"integration of nothing", "extends = \"arm-open-real\"\n[regime]\nscope = []",
		`x.toml:3: regime.scope = [], want what to integrate with regime.integration = "real"`},
	{"network of nobody", quo + "[regime]\nbinding = \"network\"",
		`x.toml:3: regime.binding = "network", want "free" with regime.enrolment = "none": nobody is in a network`},
	{"rented by nobody", quo + "[regime]\nhospitals = \"rented\"", strings.Join([]string{
		`x.toml:3: regime.hospitals = "rented", want "separate" or "owned" with regime.systems = "none": only groups rent`,
		`x.toml:3: regime.hospitals = "rented", want a facility-fee contract from group to hospital`}, "\n")},
	{"fee without rent", "extends = \"airline\"\n[regime]\nhospitals = \"separate\"", strings.Join([]string{
		`airline.toml:16: contract 4: facility is paid for, want regime.hospitals = "rented", not "separate"`,
		`airline.toml:17: contract 5: facility is paid for, want regime.hospitals = "rented", not "separate"`}, "\n")},
	{"owned by nobody", quo + "[regime]\nhospitals = \"owned\"",
		`x.toml:3: regime.hospitals = "owned", want "separate" with regime.systems = "none": there is no system to own them`},
	{"entry without systems", quo + "[regime]\nentry = [\"corporate\"]",
		`x.toml:3: regime.entry = ["corporate"], want [] with regime.systems = "none": newcomers found systems that compete`},
	{"support of nobody", quo + "[regime]\nsupport = \"insurer\"",
		`x.toml:3: regime.support = "insurer", want "none" with regime.systems = "none": there is nobody to support`},
	{"nobody to provide", quo + "[regime]\nmake_or_buy = true",
		`x.toml:3: regime.make_or_buy = true, want false with regime.systems = "none": there is nobody to provide`},
	{"budget without members", quo + "[regime]\nbudget_holder = \"system\"", strings.Join([]string{
		`x.toml:3: regime.budget_holder = "system", want people enrolled, not regime.enrolment = "none"`,
		`x.toml:3: regime.budget_holder = "system", want systems and a contract that pays system for whole`}, "\n")},
	{"budget that buys nothing", quo + "[regime]\nbudget_holder = \"practice\"",
		`x.toml:3: regime.budget_holder = "practice", want contracts by which practice pays for care`},
	{"accuracy above the best", quo + "[payment]\nrisk_r2 = 0.5",
		`x.toml:3: payment.risk_r2 = 0.5 R2, want payment.risk_r2_cell to payment.risk_r2_max (0.037 to 0.25)`},
	{"start above ceiling", quo + "[integration]\nceiling = 0.01",
		`x.toml: integration.start = 0.05 share, want at most integration.ceiling (0.01)`},
	{"usual GP more than always", quo + "[contact]\nusual_gp = 0.95\nusual_gp_spread = 0.0\nusual_gp_old = 0.1",
		`x.toml:5: contact.usual_gp_old = 0.1 probability, want at most 1 with contact.usual_gp (0.95) added`},
	{"spread too wide", quo + "[contact]\nusual_gp = 0.01\nusual_gp_spread = 0.12",
		`x.toml:4: contact.usual_gp_spread = 0.12 probability (SD), want below 0.0995 with contact.usual_gp = 0.01`},
}

// TestFaults: every kind of fault is told, with where it is and what is wanted.
func TestFaults(t *testing.T) {
	for _, c := range slices.Concat(badTexts, badCompositions) {
		t.Run(c.name, func(t *testing.T) {
			_, err := readText(c.text)
			checkFault(t, err, c.want)
		})
	}
}

// checkFault fails t unless err is an ErrInput that says want.
func checkFault(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil {
		t.Fatal("no fault found")
	}
	if got := err.Error(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if !errors.Is(err, ErrInput) {
		t.Error("not an ErrInput")
	}
}

func TestContractFaults(t *testing.T) {
	status, _ := Source("status-quo")
	for _, c := range []struct{ name, contract, want string }{
		{"misspelt", `payer = "goverment", payee = "hospital", service = "ae", kind = "tarif"`,
			"x.toml:24: contract 10: kind = \"tarif\", want tariff, block, capitation, pathway, shared-savings, facility-fee or quality, nearest is tariff\n" +
				"x.toml:24: contract 10: payer = \"goverment\", want government, commissioner, system, practice, group, hospital, social-care, support or patient, nearest is government"},
		{"unknown key", `payer = "government", payee = "hospital", service = "ae", kind = "tariff", cost = 1`,
			"x.toml:24: contract 10: cost is not a key"},
		{"missing keys", `payer = "government", service = "ae"`,
			"x.toml:24: contract 10: kind is missing\nx.toml:24: contract 10: payee is missing"},
		{"number for a word", `payer = 3, payee = "hospital", service = "ae", kind = "tariff"`,
			"x.toml:24: contract 10: payer = 3, want a word in quotes"},
		{"price", `payer = "government", payee = "hospital", service = "ae", kind = "tariff", price = -1`,
			"x.toml:24: contract 10: price = -1.0 times the reference price, want 0 to 10"},
		{"price not a number", `payer = "government", payee = "hospital", service = "ae", kind = "tariff", price = nan`,
			"x.toml:24: contract 10: price = nan times the reference price, want 0 to 10"},
		{"pays itself", `payer = "hospital", payee = "hospital", service = "ae", kind = "tariff"`,
			"x.toml:24: contract 10: hospital pays itself"},
		{"kind and service", `payer = "government", payee = "hospital", service = "ae", kind = "pathway"`,
			"x.toml:24: contract 10: ae by pathway, want pathway for a pathway contract"},
		{"payee and service", `payer = "government", payee = "practice", service = "ae", kind = "tariff"`,
			"x.toml:24: contract 10: practice is paid for ae, want payee hospital or system"},
		{"capitation of nobody", `payer = "government", payee = "hospital", service = "ae", kind = "capitation"`,
			"x.toml:24: contract 10: hospital is paid by the head, but nobody is enrolled with it; want payee commissioner, system, practice or social-care"},
		{"premium for one service", `payer = "patient", payee = "practice", service = "gp", kind = "tariff"`,
			"x.toml:24: contract 10: patient pays practice for gp by tariff, want a premium: payee system, service whole, kind capitation"},
		{"fee from another", `payer = "commissioner", payee = "hospital", service = "facility", kind = "facility-fee"`,
			"x.toml:24: contract 10: commissioner pays facility-fee, want payer group"},
		{"support", `payer = "government", payee = "support", service = "rest", kind = "block"`,
			"x.toml:24: contract 10: support is paid by costs.support, want no contract"},
		{"payer that nobody plays", `payer = "system", payee = "hospital", service = "ae", kind = "tariff"`,
			`x.toml:24: contract 10: nobody is a system with regime.systems = "none", want another role or other systems`},
		{"payee that nobody plays", `payer = "commissioner", payee = "group", service = "pathway", kind = "pathway"`,
			`x.toml:24: contract 10: nobody is a group with regime.systems = "none", want another role or other systems`},
		{"paid by the council", `payer = "social-care", payee = "hospital", service = "ae", kind = "tariff"`, ""},
		{"same twice", `payer = "commissioner", payee = "hospital", service = "ae", kind = "block"`,
			"x.toml:24: contract 10: commissioner pays hospital for ae twice, by tariff and by block; want it once"},
		{"payee that nobody plays, of a block", `payer = "commissioner", payee = "system", service = "whole", kind = "block"`,
			`x.toml:24: contract 10: nobody is a system with regime.systems = "none", want another role or other systems`},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := strings.Replace(status, "\n]\n", "\n\n\n\n  { "+c.contract+" },\n]\n", 1)
			_, err := readText(text)
			if c.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			checkFault(t, err, c.want)
		})
	}
}

func TestContractsAsAWhole(t *testing.T) {
	for _, c := range []struct {
		name string
		edit func(c *Config)
		want string
	}{
		{"service with no payer", func(c *Config) { c.Contracts = c.Contracts[:8] }, "contract: nobody pays for social-care"},
		{"payer without income", func(c *Config) {
			c.Contracts = append(c.Contracts, Contract{"hospital", "practice", "quality", "quality", 1})
			c.Contracts = append(c.Contracts, Contract{"social-care", "practice", "quality", "quality", 1})
			c.Contracts[8] = Contract{"government", "social-care", "quality", "quality", 1}
		}, "contract 11: social-care pays practice, but nobody pays social-care"},
		{"whole in a circle", func(c *Config) {
			c.Regime.Systems, c.Regime.Enrolment = "trusts", "assigned"
			c.Contracts = append(c.Contracts, Contract{"commissioner", "system", "whole", "capitation", 1},
				Contract{"system", "commissioner", "whole", "block", 1})
		}, "contract 10: commissioner and system pay each other for whole"},
		{"capitation without members", func(c *Config) {
			c.Regime.Systems = "trusts"
			c.Contracts = append(c.Contracts, Contract{"commissioner", "system", "whole", "capitation", 1})
		}, `contract 10: system is paid by the head, but nobody is enrolled with regime.enrolment = "none"`},
		{"out of range by code", func(c *Config) { c.Choice.Wait = math.NaN() }, "choice.wait = nan utility per week, want 0 to 1"},
		{"no word by code", func(c *Config) { c.Regime.Systems = "" }, `regime.systems = "", want none,`},
		{"no name by code", func(c *Config) { c.Name = "a/b" }, `name = "a/b", want up to 64`},
		{"price by code", func(c *Config) { c.Contracts[0].Price = math.Inf(1) }, "contract 1: price = inf times"},
		{"reform by code", func(c *Config) {
			c.Reforms = []Reform{{"2013-04", map[string]any{"choice.wait": "x"}}}
		}, `reform of 2013-04: choice.wait = "x", want 0 to 1`},
	} {
		config := Default()
		c.edit(&config)
		err := config.Check()
		if err == nil || !strings.Contains(err.Error(), c.want) || !errors.Is(err, ErrInput) {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
	}
}

// Shared savings come on top of what carries a service.
func TestSavingsBesideCapitation(t *testing.T) {
	c, err := Read("practice-based-commissioning", Options{})
	if err != nil {
		t.Fatal(err)
	}
	c.Contracts = append(c.Contracts, Contract{"government", "practice", "whole", "capitation", 1},
		Contract{"commissioner", "practice", "whole", "capitation", 1})
	if err := c.Check(); err != nil {
		t.Error(err)
	}
}

func TestFiles(t *testing.T) {
	long := quo + "about = \"" + strings.Repeat("x", maxBytes) + "\""
	chain := fstest.MapFS{"long.toml": {Data: []byte(long)}, "dir.toml": {Mode: fs.ModeDir}}
	for i := range maxChain + 1 {
		next := string(rune('a' + i + 1))
		chain[string(rune('a'+i))+".toml"] = &fstest.MapFile{Data: []byte(`extends = "./` + next + `.toml"`)}
	}
	chain["one.toml"] = &fstest.MapFile{Data: []byte("extends = \"sub/two.toml\"\n[choice]\nwait = 0.5\n")}
	chain["sub/two.toml"] = &fstest.MapFile{Data: []byte("extends = \"three.toml\"\ntitle = \"Two\"\n[choice]\nwait = 0.4\nloyalty = 2\n")}
	chain["sub/three.toml"] = &fstest.MapFile{Data: []byte(quo + "[choice]\nloyalty = 3\nadvice = 4\n[[reform]]\nwhen = \"2011-04\"\nset.\"choice.wait\" = 0\n")}
	chain["circle.toml"] = &fstest.MapFile{Data: []byte(`extends = "sub/circle.toml"`)}
	chain["sub/circle.toml"] = &fstest.MapFile{Data: []byte("\nextends = \"../circle.toml\"")}
	for _, c := range []struct{ name, want string }{
		{"airlines", `airlines: there is no built-in scenario "airlines", nearest is airline`},
		{"defaults", `defaults: there is no built-in scenario "defaults", want a built-in name or a path with a slash or .toml`},
		{"../status-quo.toml", `../status-quo.toml: cannot be read: file does not exist`},
		{"none.toml", `none.toml: cannot be read: file does not exist`},
		{"dir.toml", `dir.toml: not a regular file`},
		{"long.toml", `long.toml: more than 1 MiB, want a scenario of a few pages`},
		{"circle.toml", `sub/circle.toml:2: extends = "../circle.toml" goes in a circle: circle.toml, sub/circle.toml, circle.toml`},
		{"a.toml", `h.toml:1: extends = "./i.toml", want at most 8 files that extend each other`},
	} {
		_, err := Read(c.name, Options{Files: chain})
		checkFault(t, err, c.want)
	}
	_, err := Read("none.toml", Options{Files: chain})
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v does not tell that the file does not exist", err)
	}
	_, err = Read(t.TempDir()+"/none.toml", Options{})
	if !errors.Is(err, fs.ErrNotExist) || !errors.Is(err, ErrInput) {
		t.Errorf("%v does not tell that the file does not exist", err)
	}

	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "sub"), 0o755); err != nil {
		t.Fatal(err)
	}
	for path, text := range map[string]string{"base.toml": quo + "[choice]\nwait = 0.5", "sub/My Child.toml": `extends = "../base.toml"`} {
		if err := os.WriteFile(filepath.Join(dir, path), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if c, err := Read(filepath.Join(dir, "sub", "My Child.toml"), Options{}); err != nil || c.Choice.Wait != 0.5 || c.Name != "my-child" {
		t.Errorf("from disk: wait %v, name %q, error %v", c.Choice.Wait, c.Name, err)
	}

	got, err := Read("one.toml", Options{Files: chain})
	if err != nil {
		t.Fatal(err)
	}
	if got.Choice.Wait != 0.5 || got.Choice.Loyalty != 2 || got.Choice.Advice != 4 {
		t.Errorf("children do not override their parents: %+v", got.Choice)
	}
	if got.Name != "one" || got.Title != "one" || got.About != "" || len(got.Reforms) != 1 {
		t.Errorf("got name %q, title %q, about %q, %d reforms", got.Name, got.Title, got.About, len(got.Reforms))
	}
}

func TestSet(t *testing.T) {
	c, err := readText(quo, "choice.wait=0.5", "time.years = 3", "regime.failure=exit", `regime.practice="assigned"`,
		"regime.mergers=true", "time.start=2012-04", "title=A title", "name=a-name", "regime.systems=trusts",
		"regime.enrolment=assigned", "regime.scope=pathway, social-care", `regime.entry=["corporate"]`)
	if err != nil {
		t.Fatal(err)
	}
	if c.Choice.Wait != 0.5 || c.Time.Years != 3 || c.Regime.Failure != "exit" || c.Regime.Practice != "assigned" ||
		!c.Regime.Mergers || c.Time.Start != "2012-04" || c.Title != "A title" || c.Name != "a-name" ||
		!reflect.DeepEqual(c.Regime.Scope, []string{"pathway", "social-care"}) ||
		!reflect.DeepEqual(c.Regime.Entry, []string{"corporate"}) {
		t.Errorf("got %+v", c)
	}
	same, err := Default().With("choice.wait=0.5")
	if err != nil || same.Choice.Wait != 0.5 || Default().Choice.Wait == 0.5 {
		t.Errorf("With: %v, %v", same.Choice.Wait, err)
	}
	for _, c := range []struct{ set, want string }{
		{"choice.wait", `--set: "choice.wait", want key=value such as choice.minutes=0.1`},
		{"=1", `--set: "=1", want key=value such as choice.minutes=0.1`},
		{"choice.waits=1", `--set: choice.waits is not a key, nearest is choice.wait`},
		{"choice.wait=", `--set: choice.wait = "", want 0 to 1`},
		{"choice.wait=two", `--set: choice.wait = "two", want 0 to 1`},
		{"choice.wait=nan", `--set: choice.wait = nan utility per week, want 0 to 1`},
		{"choice.wait=1\nx = 2", `--set: choice.wait = "1\nx = 2", want 0 to 1`},
		{"regime.scope=all", `--set: regime.scope = a list of 1, want a list of primary-secondary, pathway or social-care; "all" is not one`},
		{"title=\xf30", `--set: title = "\xf30", want valid UTF-8`},
		{"name=A", `--set: name = "A", want up to 64 small letters, digits and single dashes`},
		{"extends=airline", `--set: extends cannot be set here, want a scenario file`},
		{"contract=1", `--set: contract = 1, want [[contract]] tables`},
		{"regime.enrolment=direct", `--set: regime.enrolment = "direct", want "none" with regime.systems = "none": there is nobody to enrol with`},
	} {
		_, err := readText(quo, c.set)
		checkFault(t, err, c.want)
		_, err = Default().With(c.set)
		checkFault(t, err, c.want)
	}
	_, err = readText(quo, "choice.wait=1", "choice.wait=1")
	checkFault(t, err, "--set: choice.wait is given twice")
}

func TestEverythingReadsBackAfterSet(t *testing.T) {
	for _, p := range Parameters() {
		if p.Range == nil {
			continue
		}
		for _, end := range p.Range {
			v := any(end)
			if p.Type == "integer" {
				v = int64(end)
			}
			c, err := Default().With(p.Key + "=" + show(v))
			if err == nil {
				readsBack(t, c)
			} else if strings.Contains(err.Error(), "want "+p.Want()) {
				t.Errorf("the end of a range is refused: %v", err)
			}
		}
	}
}
