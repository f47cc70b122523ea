package configs

import (
	"cmp"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// Options says how Read finds files and what it changes.
type Options struct {
	Files fs.FS    // where paths are looked up; nil is the file system of the machine
	Set   []string // key=value, such as choice.minutes=0.1; the value as in TOML, words may be bare
}

// maxChain is how many files may extend each other.
const maxChain = 8

// Default returns England in 2010/11: every parameter at its default and the contracts of the
// built-in scenario status-quo. The caller may change it.
func Default() Config { return statusQuo().Clone() }

var statusQuo = sync.OnceValue(func() Config {
	c, err := Read("status-quo", Options{})
	if err != nil {
		panic("configs: built-in " + err.Error()) // the tests of this package rule it out
	}
	return c
})

// Read resolves a scenario: the name of a built-in one, or the path of a TOML file (whatever has a
// slash or ends in .toml). What it extends is read first, then the file, then opts.Set; a child's
// lists replace its parent's whole. Name, title and about are the file's own, never its parent's.
//
// All faults are reported at once, joined; each is a *Fault and matches ErrInput.
func Read(name string, opts Options) (Config, error) {
	var found faults
	layers := readChain(name, opts.Files, &found)
	if len(layers) == 0 {
		return Config{}, found.err()
	}
	top := layers[0]
	c := book().defaults.Clone()
	c.Name, c.Title, c.About = top.name, top.title, top.about
	if c.Name == "" {
		c.Name = NameOf(top.doc.label)
	}
	where := make(map[string]origin)
	slices.Reverse(layers)
	values := make(map[string]any)
	for _, l := range append(layers, readSets(opts.Set, &found)) {
		l.into(&c, values, where)
	}
	c = overlay(c, values)
	if c.Title == "" {
		c.Title = c.Name
	}
	if len(found) == 0 {
		found.add(c.whole(where, top.doc)...)
	}
	if err := found.err(); err != nil {
		return Config{}, err
	}
	return c, nil
}

// With returns c changed by sets such as choice.minutes=0.1, checked as Read checks.
func (c Config) With(sets ...string) (Config, error) {
	var found faults
	l := readSets(sets, &found)
	c = c.Clone()
	values, where := make(map[string]any), make(map[string]origin)
	l.into(&c, values, where)
	c = overlay(c, values)
	if len(found) == 0 {
		found.add(c.whole(where, &document{label: c.Name})...)
	}
	if err := found.err(); err != nil {
		return Config{}, err
	}
	return c, nil
}

// Changed lists the parameters, as section.key in order, to which c gives another value than the default.
func (c Config) Changed() []string {
	usual, keys := Default().leaves(), []string(nil)
	for key, v := range c.leaves() {
		if !reflect.DeepEqual(v, usual[key]) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

// Check says whether c, however it was made, is one that Read could return.
func (c Config) Check() error {
	d := &document{label: c.Name}
	var found faults
	values := c.leaves()
	for _, p := range book().list {
		if _, want := p.check(values[p.Key]); want != "" {
			found.add(origin{doc: d}.fault("%s = %s, want %s", p.Key, p.got(values[p.Key]), want))
		}
	}
	for key, word := range map[string]string{"name": c.Name, "title": c.Title, "about": c.About} {
		if f := readWord(key, word, origin{doc: d}); f != nil {
			found.add(f)
		}
	}
	for i, k := range c.Contracts {
		found.add(k.check(origin{d, fmt.Sprintf("contract[%d]", i)}, fmt.Sprintf("contract %d", i+1))...)
	}
	if len(found) == 0 {
		found.add(c.whole(nil, d)...)
	}
	return found.err()
}

// layer is what one file, or all --set, gives.
type layer struct {
	doc                *document
	extends            string
	name, title, about string
	values             map[string]any    // by section.key, checked
	where              map[string]origin // of values, contract and reform
	contracts          []Contract        // nil: not given
	reforms            []Reform          // nil: not given
}

// into puts what l gives over c, values and where.
func (l *layer) into(c *Config, values map[string]any, where map[string]origin) {
	maps.Copy(values, l.values)
	maps.Copy(where, l.where)
	if l.contracts != nil {
		c.Contracts = l.contracts
	}
	if l.reforms != nil {
		c.Reforms = l.reforms
		if len(c.Reforms) == 0 {
			c.Reforms = nil // a child may take its parent's away
		}
	}
	if l.doc == nil { // --set
		c.Name, c.Title, c.About = cmp.Or(l.name, c.Name), cmp.Or(l.title, c.Title), cmp.Or(l.about, c.About)
	}
}

// readChain reads a scenario and what it extends, child first. It is empty if the child cannot be
// read at all.
func readChain(name string, files fs.FS, found *faults) []*layer {
	var chain []*layer
	var seen []string
	at := origin{doc: &document{label: cmp.Or(name, "scenario")}} // who asks
	dir := ""
	for {
		id, text, label := name, "", ""
		builtin := !isPath(name)
		switch {
		case builtin:
			var ok bool
			if text, ok = Source(name); !ok {
				candidates := builtins
				what := "there is"
				if len(chain) > 0 {
					candidates = append([]string{"defaults"}, builtins...)
					what = "extends: there is"
				}
				found.add(at.fault("%s no built-in scenario %s%s", what, show(name),
					nearest(name, candidates, "want a built-in name or a path with a slash or .toml")))
				return chain
			}
			label = name + ".toml"
		case len(chain) > 0 && (filepath.IsAbs(name) || path.IsAbs(name)):
			found.add(at.fault("extends = %s, want a built-in name or a relative path", show(name)))
			return chain
		default:
			if files != nil {
				id = path.Join(dir, name)
				dir = path.Dir(id)
			} else {
				id = filepath.Join(dir, filepath.FromSlash(name))
				dir = filepath.Dir(id)
			}
			label = id
		}
		if slices.Contains(seen, id) {
			found.add(at.fault("extends = %s goes in a circle: %s", show(name), strings.Join(append(seen, id), ", ")))
			return chain
		}
		if len(chain) == maxChain {
			found.add(at.fault("extends = %s, want at most %d files that extend each other", show(name), maxChain))
			return chain
		}
		seen = append(seen, id)
		if !builtin {
			var f *Fault
			if text, f = load(files, id); f != nil {
				if len(chain) > 0 {
					f.File, f.Line = at.doc.label, at.doc.line(at.path)
					f.Text = "extends = " + show(name) + " " + f.Text
				}
				found.add(f)
				return chain
			}
		}
		doc, f := parse(label, text)
		if f != nil {
			found.add(f)
			return chain
		}
		l := readLayer(doc, found)
		chain = append(chain, l)
		if l.extends == "" || l.extends == "defaults" {
			return chain
		}
		at, name = origin{doc, "extends"}, l.extends
	}
}

// isPath tells a path from a built-in name.
func isPath(name string) bool {
	return strings.ContainsAny(name, `/\`) || strings.HasSuffix(name, ".toml")
}

// nearest ends a fault about an unknown word.
func nearest(word string, candidates []string, otherwise string) string {
	if n := Nearest(word, candidates); n != "" {
		return ", nearest is " + n
	}
	if otherwise == "" {
		return ""
	}
	return ", " + otherwise
}

// readLayer checks every key of a document by itself.
func readLayer(d *document, found *faults) *layer {
	l := &layer{doc: d, values: make(map[string]any), where: make(map[string]origin)}
	words := map[string]*string{"extends": &l.extends, "name": &l.name, "title": &l.title, "about": &l.about}
	for key, v := range d.tree {
		o := origin{d, key}
		switch word, ok := words[key]; {
		case ok:
			if f := readWord(key, v, o); f != nil {
				found.add(f)
			} else {
				*word = strings.ReplaceAll(v.(string), "\r\n", "\n")
			}
		case key == "contract":
			l.contracts = readContracts(v, o, found)
			l.where[key] = o
		case key == "reform":
			l.reforms = readReforms(v, o, found)
			l.where[key] = o
		case slices.Contains(book().sections, key):
			table, ok := v.(map[string]any)
			if !ok {
				found.add(o.fault("%s = %s, want a table [%s]", key, show(v), key))
				continue
			}
			for leaf, v := range table {
				l.value(key+"."+leaf, v, origin{d, key + "." + leaf}, found)
			}
		default:
			known := append([]string{"extends", "name", "title", "about", "contract", "reform"}, book().sections...)
			if _, table := v.(map[string]any); !table {
				known = append(known, book().keys...)
			}
			found.add(o.fault("%s is not a key%s", name(key), nearest(key, known, "")))
		}
	}
	if _, ok := d.tree["extends"]; !ok {
		found.add(origin{d, ""}.fault(`extends is missing, want extends = "status-quo" or another scenario`))
	}
	return l
}

// value checks and keeps one value.
func (l *layer) value(key string, v any, o origin, found *faults) {
	p, ok := Explain(key)
	if !ok {
		found.add(o.fault("%s is not a key%s", name(key), nearest(key, book().keys, "")))
		return
	}
	checked, want := p.check(v)
	if want != "" {
		found.add(o.fault("%s = %s, want %s", key, p.got(v), want))
		return
	}
	l.values[key], l.where[key] = checked, o
}

// readSets reads --set arguments into a layer.
func readSets(sets []string, found *faults) *layer {
	d := &document{label: "--set"}
	l := &layer{values: make(map[string]any), where: make(map[string]origin)}
	o := origin{doc: d}
	seen := make(map[string]bool)
	for _, set := range sets {
		key, text, ok := strings.Cut(set, "=")
		key, text = strings.TrimSpace(key), strings.TrimSpace(text)
		if !ok || key == "" {
			found.add(o.fault("%s, want key=value such as choice.minutes=0.1", show(set)))
			continue
		}
		if seen[key] {
			found.add(o.fault("%s is given twice", name(key)))
			continue
		}
		seen[key] = true
		p, known := Explain(key)
		v := setValue(p.Type, text)
		words := map[string]*string{"name": &l.name, "title": &l.title, "about": &l.about}
		word, isWord := words[key]
		switch {
		case known:
			l.value(key, v, o, found)
		case isWord:
			v = setValue("string", text)
			if f := readWord(key, v, o); f != nil {
				found.add(f)
				continue
			}
			*word = v.(string)
		case key == "contract":
			l.contracts = readContracts(v, o, found)
			l.where[key] = o
		case key == "reform" || key == "extends":
			found.add(o.fault("%s cannot be set here, want a scenario file", key))
		default:
			found.add(o.fault("%s is not a key%s", name(key),
				nearest(key, append([]string{"name", "title", "about", "contract"}, book().keys...), "")))
		}
	}
	return l
}

// setValue reads the value of a --set: as TOML, else, for words and lists, as it stands.
func setValue(kind, text string) any {
	var v any = text
	if d, f := parse("--set", "v = "+text); f == nil && len(d.tree) == 1 {
		v = d.tree["v"]
	}
	_, word := v.(string)
	_, list := v.([]any)
	switch {
	case kind == "string" && !word:
		return text
	case kind == "list" && !list:
		var words []any
		for w := range strings.SplitSeq(text, ",") {
			words = append(words, strings.TrimSpace(w))
		}
		return words
	}
	return v
}
