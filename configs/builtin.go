package configs

import (
	"embed"
	"slices"
	"strings"
	"sync"
)

//go:embed scenarios/*.toml
var scenarioFiles embed.FS

// Info says what a built-in scenario is.
type Info struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	About string `json:"about"`
	Kind  string `json:"kind"` // system (of the debate) or arm (of the coexistence question)
}

// builtins names the built-in scenarios in the order of the debate.
var builtins = []string{
	"status-quo", "practice-based-commissioning", "ico-pilots", "gp-consortia", "competing-systems",
	"virtual-systems", "integrated-provider-organisations", "airline", "medical-group-insurer",
	"single-system-torbay", "single-system-veterans", "open-entry",
	"arm-closed-none", "arm-closed-virtual", "arm-closed-real",
	"arm-open-none", "arm-open-virtual", "arm-open-real",
}

// staged names the reforms that are re-staged to be held against what they did (docs/validation.md).
var staged = []string{
	"reform-choice-2006", "reform-payment-by-results", "reform-fundholding", "reform-mergers", "reform-pioneers", "reform-vanguards",
	"reform-both-programmes", "reform-kaiser", "reform-shared-savings",
}

// Staged lists the names of the re-staged reforms: scenarios that Read knows beside the built-in ones.
func Staged() []string { return slices.Clone(staged) }

// Builtin lists the built-in scenarios: the systems in the order of the debate, then the arms.
func Builtin() []Info { return slices.Clone(infos()) }

var infos = sync.OnceValue(func() []Info {
	list := make([]Info, 0, len(builtins))
	for _, name := range builtins {
		c, err := Read(name, Options{})
		if err != nil {
			panic("configs: built-in " + err.Error()) // the tests of this package rule it out
		}
		kind := "system"
		if strings.HasPrefix(name, "arm-") {
			kind = "arm"
		}
		list = append(list, Info{Name: name, Title: c.Title, About: c.About, Kind: kind})
	}
	return list
})

// Source returns the text of a built-in scenario, comments included.
func Source(name string) (string, bool) {
	if !slices.Contains(builtins, name) && !slices.Contains(staged, name) {
		return "", false
	}
	text, err := scenarioFiles.ReadFile("scenarios/" + name + ".toml")
	return string(text), err == nil
}
