package configs

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/BurntSushi/toml"
)

// Parameter describes one key of a scenario, as parameters.toml gives it.
type Parameter struct {
	Key        string    `json:"name"`              // section.key
	Unit       string    `json:"unit"`              // empty for words and switches
	Type       string    `json:"type"`              // integer, number, boolean, string or list (of strings)
	Default    any       `json:"default"`           // int64, float64, bool, string or []string
	Range      []float64 `json:"range,omitempty"`   // least and most legal value, or nil
	Choices    []string  `json:"choices,omitempty"` // legal words, or nil
	Swept      []float64 `json:"swept,omitempty"`   // plausible range of an assumption, inside Range, or nil
	Identified bool      `json:"identified"`        // false: no data pin it down, even with others
	Source     string    `json:"source"`            // rows of evidence, "design: why" or "assumption: why"
	Meaning    string    `json:"meaning"`
}

// Section returns the first half of the key, such as choice.
func (p Parameter) Section() string { s, _, _ := strings.Cut(p.Key, "."); return s }

// Assumed says whether the default is a guess.
func (p Parameter) Assumed() bool { return strings.HasPrefix(p.Source, "assumption:") }

// Want says in words which values are legal.
func (p Parameter) Want() string {
	switch {
	case p.Unit == "month":
		return "an April such as 2010-04, from 1990 to 2100"
	case p.Type == "list":
		return "a list of " + oneOf(p.Choices)
	case p.Type == "string":
		return oneOf(p.Choices)
	case p.Type == "boolean":
		return "true or false"
	case p.Type == "integer":
		return fmt.Sprintf("a whole number from %v to %v", p.Range[0], p.Range[1])
	}
	return fmt.Sprintf("%v to %v", p.Range[0], p.Range[1])
}

// Parameters returns every parameter in the order of parameters.toml. The caller may change it.
func Parameters() []Parameter { return slices.Clone(book().list) }

// Explain returns the parameter of a key such as choice.minutes.
func Explain(key string) (Parameter, bool) {
	i, ok := book().at[key]
	if !ok {
		return Parameter{}, false
	}
	return book().list[i], true
}

// Nearest returns the candidate closest to word by single-letter edits, letters' case aside, or ""
// if none is near (more than a third of its letters, at least 2, would have to change). Ties go to
// the earlier candidate. A word that is the last part of a candidate (minutes of choice.minutes)
// counts as near.
func Nearest(word string, candidates []string) string {
	word = strings.ToLower(word)
	if utf8.RuneCountInString(word) > 64 {
		return ""
	}
	letters := utf8.RuneCountInString(word)
	best, least := "", max(2, letters/3)+1
	for _, c := range candidates {
		low := strings.ToLower(c)
		_, last, dotted := strings.Cut(low, ".")
		if n := utf8.RuneCountInString(low); n-letters < least && letters-n < least {
			if d := edits(word, low); d < least {
				best, least = c, d
			}
		}
		if dotted && !strings.Contains(word, ".") {
			if d := edits(word, last) + 1; d < least {
				best, least = c, d
			}
		}
	}
	return best
}

// edits is the Levenshtein distance of a and b in letters.
func edits(a, b string) int {
	x, y := []rune(a), []rune(b)
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i, r := range x {
		diagonal := row[0]
		row[0] = i + 1
		for j, s := range y {
			change := diagonal
			if r != s {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(y)]
}

//go:embed parameters.toml
var parametersFile string

// codebook is parameters.toml read.
type codebook struct {
	list     []Parameter
	at       map[string]int // by key
	keys     []string       // all keys, in order
	sections []string       // all sections, in order
	defaults Config         // every parameter at its default; no name, no contracts
}

// book reads parameters.toml once. It panics on a fault, which the tests of this package rule out.
var book = sync.OnceValue(func() *codebook {
	type entry struct {
		Unit       string    `toml:"unit"`
		Range      []float64 `toml:"range"`
		Choices    []string  `toml:"choices"`
		Default    any       `toml:"default"`
		Swept      []float64 `toml:"swept"`
		Identified *bool     `toml:"identified"`
		Source     string    `toml:"source"`
		Meaning    string    `toml:"meaning"`
	}
	var file map[string]map[string]entry
	meta, err := toml.Decode(parametersFile, &file)
	if err != nil {
		panic("parameters.toml: " + err.Error())
	}
	if left := meta.Undecoded(); len(left) > 0 {
		panic("parameters.toml: unknown key " + left[0].String())
	}
	b := &codebook{at: make(map[string]int)}
	values := make(map[string]any)
	for _, key := range meta.Keys() {
		if len(key) != 2 {
			continue
		}
		e := file[key[0]][key[1]]
		p := Parameter{
			Key: key.String(), Unit: e.Unit, Range: e.Range, Choices: e.Choices, Swept: e.Swept,
			Identified: e.Identified == nil || *e.Identified, Source: e.Source, Meaning: e.Meaning,
		}
		p.Type, p.Default = typeOf(e.Default)
		b.at[p.Key] = len(b.list)
		b.list = append(b.list, p)
		b.keys = append(b.keys, p.Key)
		if !slices.Contains(b.sections, key[0]) {
			b.sections = append(b.sections, key[0])
		}
		values[p.Key] = p.Default
	}
	b.defaults = overlay(Config{}, values)
	return b
})

// typeOf names the type of a default as TOML gave it, and makes lists lists of strings.
func typeOf(v any) (string, any) {
	switch v := v.(type) {
	case int64:
		return "integer", v
	case float64:
		return "number", v
	case bool:
		return "boolean", v
	case string:
		return "string", v
	case []any:
		list := make([]string, 0, len(v))
		for _, x := range v {
			list = append(list, x.(string))
		}
		return "list", list
	}
	panic(fmt.Sprintf("parameters.toml: default %v of type %T", v, v))
}

// overlay returns c with values (by section.key, of the types of Parameter.Default) in their
// places. It shares no memory with c.
func overlay(c Config, values map[string]any) Config {
	c = c.Clone()
	tree := make(map[string]map[string]any)
	for key, v := range values {
		section, leaf, _ := strings.Cut(key, ".")
		if tree[section] == nil {
			tree[section] = make(map[string]any)
		}
		tree[section][leaf] = v
	}
	text, err := toml.Marshal(tree)
	if err == nil {
		_, err = toml.Decode(string(text), &c)
	}
	if err != nil {
		panic("configs: " + err.Error()) // values were checked
	}
	return c
}

// leaves returns the values of every parameter of c by section.key.
func (c Config) leaves() map[string]any {
	c.Contracts, c.Reforms = nil, nil
	text, err := toml.Marshal(c)
	var tree map[string]any
	if err == nil {
		_, err = toml.Decode(string(text), &tree)
	}
	if err != nil {
		panic("configs: " + err.Error()) // a plain struct
	}
	values := make(map[string]any)
	for section, v := range tree {
		table, ok := v.(map[string]any)
		if !ok {
			continue // name, title, about
		}
		for leaf, v := range table {
			if list, ok := v.([]any); ok {
				words := make([]string, 0, len(list))
				for _, x := range list {
					words = append(words, x.(string))
				}
				v = words
			}
			values[section+"."+leaf] = v
		}
	}
	return values
}

// oneOf lists words: a, b or c.
func oneOf(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}
