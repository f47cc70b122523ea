package configs

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Every leaf of Config has a parameter of its type, and every parameter a leaf.
func TestParametersAreTheLeavesOfConfig(t *testing.T) {
	leaves := make(map[string]string) // section.key -> type
	config := reflect.TypeFor[Config]()
	for i := range config.NumField() {
		section := config.Field(i)
		if section.Type.Kind() != reflect.Struct {
			continue // name, title, about, contract, reform
		}
		for j := range section.Type.NumField() {
			leaf := section.Type.Field(j)
			kind := map[reflect.Kind]string{reflect.Int64: "integer", reflect.Float64: "number",
				reflect.Bool: "boolean", reflect.String: "string", reflect.Slice: "list"}[leaf.Type.Kind()]
			leaves[section.Tag.Get("toml")+"."+leaf.Tag.Get("toml")] = kind
		}
	}
	for _, p := range Parameters() {
		if got, ok := leaves[p.Key]; !ok {
			t.Errorf("%s is no field of Config", p.Key)
		} else if got != p.Type {
			t.Errorf("%s is %s in Config, %s in parameters.toml", p.Key, got, p.Type)
		}
		delete(leaves, p.Key)
	}
	for key := range leaves {
		t.Errorf("%s has no table in parameters.toml", key)
	}
}

func TestParametersAreComplete(t *testing.T) {
	source := regexp.MustCompile(`^([A-H][0-9]{2}\b.*|BMJ [0-9]{4};.*|(design|assumption|calibrated): \S.*)$`)
	for _, p := range Parameters() {
		bad := func(format string, args ...any) { t.Errorf(p.Key+": "+format, args...) }
		if !source.MatchString(p.Source) {
			bad("source %q", p.Source)
		}
		if len(p.Meaning) < 10 || !strings.HasSuffix(p.Meaning, ".") || strings.ToUpper(p.Meaning[:1]) != p.Meaning[:1] {
			bad("meaning %q is no sentence", p.Meaning)
		}
		if got, want := p.check(p.Default); want != "" || !reflect.DeepEqual(got, p.Default) {
			bad("default %v, want %s", p.Default, want)
		}
		number := p.Type == "number" || p.Type == "integer"
		if number != (len(p.Range) == 2) || number && (p.Unit == "" || p.Range[0] >= p.Range[1]) {
			bad("range %v, unit %q", p.Range, p.Unit)
		}
		if words := p.Type == "string" || p.Type == "list"; words != (p.Choices != nil) && p.Unit != "month" {
			bad("choices %v", p.Choices)
		}
		if p.Swept != nil && !(p.Range[0] <= p.Swept[0] && p.Swept[0] < p.Swept[1] && p.Swept[1] <= p.Range[1]) {
			bad("swept %v outside range %v", p.Swept, p.Range)
		}
		if number && p.Assumed() && p.Swept == nil {
			bad("an assumption without a plausible range")
		}
		if !p.Identified && p.Swept == nil {
			bad("not identified and not swept")
		}
	}
}

func TestUnidentified(t *testing.T) {
	var got []string
	for _, p := range Parameters() {
		if !p.Identified {
			got = append(got, p.Key)
		}
	}
	want := []string{
		"health.control_continuity", "health.control_prevention", "health.control_effect",
		"contact.threshold_money",
		"integration.failure_rate", "integration.effect", "integration.growth", "integration.leadership",
		"integration.spend", "integration.support", "integration.ceiling", "integration.rivalry",
		"treatment.elasticity", "effort.altruism", "effort.cost", "selection.slope",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestExplain(t *testing.T) {
	p, ok := Explain("choice.minutes")
	if !ok || p.Default != 0.09 || p.Unit != "utility per minute" || p.Section() != "choice" {
		t.Errorf("got %+v, %v", p, ok)
	}
	if _, ok := Explain("choice.minute"); ok {
		t.Error("explained a key that is none")
	}
}

func TestNearest(t *testing.T) {
	for _, c := range []struct{ name, word, want string }{
		{"one letter", "choise.minutes", "choice.minutes"},
		{"case", "Choice.Minutes", "choice.minutes"},
		{"last part", "minutes", "choice.minutes"},
		{"last part with a slip", "ceilling", "integration.ceiling"},
		{"nothing near", "zebra", ""},
		{"empty", "", ""},
		{"very long", strings.Repeat("choice", 1000), ""},
	} {
		if got := Nearest(c.word, book().keys); got != c.want {
			t.Errorf("%s: Nearest(%.20q) = %q, want %q", c.name, c.word, got, c.want)
		}
	}
}

func TestEdits(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"", "abc", 3}, {"kitten", "sitting", 3}, {"flaw", "lawn", 2}, {"é", "e", 1}} {
		if got := edits(c.a, c.b); got != c.want {
			t.Errorf("edits(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

// What callers get is theirs to change.
func TestNoSharedMemory(t *testing.T) {
	a, err := Read("open-entry", Options{})
	if err != nil {
		t.Fatal(err)
	}
	before := a.Hash()
	b := a.Clone()
	b.Regime.Entry[0], b.Contracts[0].Payer = "x", "x"
	Default().Contracts[0].Payer = "x"
	Parameters()[0].Key = "x"
	if a.Hash() != before || Default().Contracts[0].Payer != "government" || Parameters()[0].Key == "x" {
		t.Error("a copy shares memory with the original")
	}
}
