package configs

import (
	"cmp"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

//go:embed experiments/*.toml
var experimentFiles embed.FS

// Experiment is one sweep: scenarios by points of a design by places by seeds. ReadExperiment resolves
// it from a file.
type Experiment struct {
	Name      string           // short name
	Title     string           // plain name
	About     string           // what question it answers
	Places    []string         // as --place takes them, at least one
	Sample    float64          // share of the people who are simulated; 0: not given
	Seed      int64            // of the first replicate, and of the design, >= 0
	Runs      int64            // replicates of every row, at least 1
	Scenarios []Config         // base scenarios, with what [set] changes; at least one
	Measures  []string         // kept
	Groups    []string         // kept
	Design    ExperimentDesign // which points
	Axes      []ExperimentAxis // in the order of the file
	Posterior string           // path of a table of draws, a column a parameter; Calibrated: the program's own; empty: none
	Draws     int64            // rows of the posterior to use, from its start; 0: all
}

// Calibrated stands for the sets of parameters that the program was calibrated to, where an experiment has a
// [posterior] without a file.
const Calibrated = "calibrated"

// ExperimentDesign says how points are laid out over the axes.
type ExperimentDesign struct {
	Kind string // grid, list, lhs, halton, morris or saltelli
	Size int64  // levels, rows, trajectories or blocks; 0: not given
}

// ExperimentAxis is one parameter that varies: a range or a list of values.
type ExperimentAxis struct {
	Name   string
	Low    float64  // of a range, in the unit of the parameter
	High   float64  // of a range, more than Low
	Values []string // as they would follow --set; nil: a range
	Scale  string   // of a range: linear or log
	Joint  string   // axes of one name take their values together; empty: by itself
}

// ExperimentOptions says how ReadExperiment finds files and which names there are.
type ExperimentOptions struct {
	Files    fs.FS    // where paths are looked up; nil is the file system of the machine
	Kinds    []string // of designs
	Measures []string // that a run hands out
	Usual    []string // measures kept where the file names none
	Set      []string // key=value over every scenario, as --set
}

// experimentKeys are the words at the top of an experiment, in the order in which they are told.
var experimentKeys = []string{"name", "title", "about", "places", "sample", "years", "seed", "runs", "scenarios", "measures", "groups",
	"set", "scenario", "design", "axis", "posterior"}

// mostRuns bounds the replicates of a row.
const mostRuns = 10_000

// BuiltinExperiments lists the built-in experiments by name.
func BuiltinExperiments() []string {
	entries, err := experimentFiles.ReadDir("experiments")
	if err != nil {
		panic("configs: " + err.Error()) // embedded
	}
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".toml"))
	}
	return names
}

// experimentSource returns the text of a built-in experiment, comments included.
func experimentSource(name string) (string, bool) {
	text, err := experimentFiles.ReadFile("experiments/" + name + ".toml")
	return string(text), err == nil && !strings.ContainsAny(name, `/\`)
}

// IsExperiment reports whether a name is that of a built-in experiment, or of a file that has a key which
// experiments have and scenarios have not. What cannot be read is none.
func IsExperiment(name string, files fs.FS) bool {
	if !isPath(name) {
		return slices.Contains(BuiltinExperiments(), name)
	}
	text, f := load(files, name)
	if f != nil {
		return false
	}
	doc, f := parse(name, text)
	return f == nil && doc.tree["extends"] == nil && slices.ContainsFunc([]string{"scenarios", "scenario", "design", "axis", "posterior"}, func(key string) bool { return doc.tree[key] != nil })
}

// ReadExperiment resolves an experiment: the name of a built-in one, or the path of a TOML file (whatever
// has a slash or ends in .toml). Paths in it are relative to the file. All faults are reported at once,
// joined; each is a *Fault and matches ErrInput.
func ReadExperiment(name string, opts ExperimentOptions) (Experiment, error) {
	var found faults
	label, text, dir := name, "", ""
	if isPath(name) {
		var f *Fault
		if text, f = load(opts.Files, name); f != nil {
			return Experiment{}, f
		}
		dir = filepath.Dir(name)
		if opts.Files != nil {
			dir = path.Dir(name)
		}
	} else {
		var ok bool
		if text, ok = experimentSource(name); !ok {
			return Experiment{}, &Fault{File: name, Text: "there is no built-in experiment " + show(name) +
				nearest(name, BuiltinExperiments(), "want a built-in name or a path with a slash or .toml")}
		}
		label = name + ".toml"
	}
	doc, f := parse(label, text)
	if f != nil {
		return Experiment{}, f
	}
	r := experimentReader{doc: doc, dir: dir, opts: opts, found: &found}
	e := r.read()
	if err := found.err(); err != nil {
		return Experiment{}, err
	}
	return e, nil
}

// experimentReader reads one document into an Experiment.
type experimentReader struct {
	doc   *document
	dir   string // of the file; empty: built in
	opts  ExperimentOptions
	found *faults
	e     Experiment
}

func (r *experimentReader) fault(path, format string, args ...any) {
	r.found.add(origin{r.doc, path}.fault(format, args...))
}

// read reads every key of the document.
func (r *experimentReader) read() Experiment {
	tree := r.doc.tree
	for key := range tree {
		if !slices.Contains(experimentKeys, key) {
			r.fault(key, "%s is not a key of an experiment%s", name(key), nearest(key, experimentKeys, ""))
		}
	}
	r.e.Name = NameOf(r.doc.label)
	for key, to := range map[string]*string{"name": &r.e.Name, "title": &r.e.Title, "about": &r.e.About} {
		if v, ok := tree[key]; ok {
			if f := readWord(key, v, origin{r.doc, key}); f != nil {
				r.found.add(f)
			} else {
				*to = v.(string)
			}
		}
	}
	if r.e.Title == "" {
		r.e.Title = r.e.Name
	}
	r.e.Places = r.words(tree, "places", nil)
	if len(r.e.Places) == 0 {
		r.fault("places", `places are missing, want a list such as ["Devon"]`)
	}
	r.sample()
	r.e.Seed = r.whole(tree, "", "seed", 0, 1<<62, 1)
	r.e.Runs = r.whole(tree, "", "runs", 1, mostRuns, 1)
	r.e.Measures = r.words(tree, "measures", r.opts.Measures)
	if len(r.e.Measures) == 0 {
		r.e.Measures = slices.Clone(r.opts.Usual)
	}
	r.e.Groups = r.words(tree, "groups", nil)
	if len(r.e.Groups) == 0 {
		r.e.Groups = []string{"all"}
	}
	r.scenarios(append(r.sets(tree, "set"), r.years()...))
	r.design()
	r.axes()
	r.posterior()
	if r.doc.tree["axis"] == nil && r.doc.tree["posterior"] == nil {
		r.fault("", "no [[axis]] and no [posterior], want something that varies")
	}
	return r.e
}

// words reads a list of different texts, each one of known where that is not nil.
func (r *experimentReader) words(tree map[string]any, key string, known []string) []string {
	v, ok := tree[key]
	if !ok {
		return nil
	}
	items, ok := v.([]any)
	if !ok {
		r.fault(key, "%s = %s, want a list of texts", key, show(v))
		return nil
	}
	var list []string
	for i, x := range items {
		at := fmt.Sprintf("%s[%d]", key, i)
		w, ok := x.(string)
		switch {
		case !ok || strings.TrimSpace(w) == "":
			r.fault(at, "%s: %s, want a text", key, show(x))
		case slices.Contains(list, w):
			r.fault(at, "%s: %s is named twice", key, show(w))
		case known != nil && !slices.Contains(known, w):
			r.fault(at, "%s: there is no %s%s", key, show(w), nearest(w, known, ""))
		default:
			list = append(list, w)
		}
	}
	return list
}

// whole reads a whole number of a table; usual is taken where it is not given.
func (r *experimentReader) whole(tree map[string]any, table, key string, least, most, usual int64) int64 {
	v, ok := tree[key]
	if !ok {
		return usual
	}
	n, ok := v.(int64)
	if !ok || n < least || n > most {
		r.fault(join(table, key), "%s = %s, want a whole number from %d to %d", join(table, key), show(v), least, most)
		return usual
	}
	return n
}

// number reads a number of any TOML kind.
func number(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case int64:
		return float64(v), true
	}
	return 0, false
}

func (r *experimentReader) sample() {
	v, ok := r.doc.tree["sample"]
	if !ok {
		return
	}
	x, ok := number(v)
	if !ok || !(x > 0 && x <= 1) {
		r.fault("sample", "sample = %s, want more than 0 and at most 1", show(v))
		return
	}
	r.e.Sample = x
}

// years is the length of the runs as a set.
func (r *experimentReader) years() []string {
	v, ok := r.doc.tree["years"]
	if !ok {
		return nil
	}
	p, _ := Explain("time.years")
	if _, want := p.check(v); want != "" {
		r.fault("years", "years = %s, want %s", p.got(v), want)
		return nil
	}
	if set, ok := r.doc.tree["set"].(map[string]any); ok {
		if t, ok := set["time"].(map[string]any); ok && t["years"] != nil {
			r.fault("years", "years and set.time.years say both how long a run is, want one of them")
		}
	}
	return []string{fmt.Sprintf("time.years=%v", v)}
}

// sets reads a table of parameters, as "section.key" = value or in tables, into key=value in the order
// of parameters.toml.
func (r *experimentReader) sets(tree map[string]any, key string) []string {
	v, ok := tree[key[strings.LastIndex(key, ".")+1:]]
	if !ok {
		return nil
	}
	table, ok := v.(map[string]any)
	if !ok {
		r.fault(key, "%s = %s, want a table of section.key = value", key, show(v))
		return nil
	}
	values := map[string]string{}
	put := func(k, at string, v any) {
		if text, ok := r.parameter(k, at, v); ok {
			if _, twice := values[k]; twice {
				r.fault(at, "%s is set twice", k)
			}
			values[k] = text
		}
	}
	for k, v := range table {
		if sub, ok := v.(map[string]any); ok {
			for leaf, v := range sub {
				put(k+"."+leaf, join(key, k+"."+leaf), v)
			}
		} else {
			put(k, join(key, k), v)
		}
	}
	var list []string
	for _, k := range book().keys {
		if text, ok := values[k]; ok {
			list = append(list, k+"="+text)
		}
	}
	return list
}

// parameter checks a value of a parameter and returns it as it would follow --set.
func (r *experimentReader) parameter(key, at string, v any) (text string, ok bool) {
	p, known := Explain(key)
	if !known {
		r.fault(at, "%s is not a parameter%s", name(key), nearest(key, book().keys, ""))
		return "", false
	}
	checked, want := p.check(v)
	if want != "" {
		r.fault(at, "%s = %s, want %s", key, p.got(v), want)
		return "", false
	}
	switch v := checked.(type) {
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64), true
	case []string:
		if len(v) == 0 {
			return "[]", true
		}
		return strings.Join(v, ","), true
	}
	return fmt.Sprint(checked), true
}

// scenarios reads the base scenarios: names and paths, then [[scenario]] tables.
func (r *experimentReader) scenarios(sets []string) {
	seen := map[string]bool{}
	add := func(at string, c Config) {
		if seen[c.Name] {
			r.fault(at, "two scenarios are named %s", c.Name)
		}
		seen[c.Name] = true
		r.e.Scenarios = append(r.e.Scenarios, c)
	}
	for i, name := range r.words(r.doc.tree, "scenarios", nil) {
		at := fmt.Sprintf("scenarios[%d]", i)
		if c, ok := r.base(at, name, sets); ok {
			add(at, c)
		}
	}
	if v, ok := r.doc.tree["scenario"]; ok {
		list, ok := tables(v)
		if !ok {
			r.fault("scenario", "scenario = %s, want [[scenario]] tables", show(v))
		}
		for i, t := range list {
			at := fmt.Sprintf("scenario[%d]", i)
			if c, ok := r.scenario(at, t, sets); ok {
				add(at, c)
			}
		}
	}
	if len(r.e.Scenarios) == 0 && r.doc.tree["scenarios"] == nil && r.doc.tree["scenario"] == nil {
		r.fault("", `scenarios are missing, want a list such as ["status-quo", "airline"]`)
	}
}

// base resolves a scenario by name or path.
func (r *experimentReader) base(at, from string, sets []string) (Config, bool) {
	opts := Options{Files: r.opts.Files, Set: over(sets, r.opts.Set)}
	if isPath(from) {
		switch {
		case r.dir == "" && r.opts.Files == nil && !filepath.IsAbs(from):
		case opts.Files != nil:
			from = path.Join(r.dir, from)
		case !filepath.IsAbs(from):
			from = filepath.Join(r.dir, filepath.FromSlash(from))
			if !isPath(from) {
				from = "./" + from
			}
		}
	}
	c, err := Read(from, opts)
	if err == nil {
		return c, true
	}
	for _, e := range split(err) {
		var f *Fault
		if errors.As(e, &f) {
			r.found.add(&Fault{File: r.doc.label, Line: r.doc.line(at), Text: f.Error(), cause: f.cause})
		}
	}
	return Config{}, false
}

// over returns sets with those of later in place of the ones for the same keys.
func over(sets, later []string) []string {
	key := func(s string) string {
		k, _, _ := strings.Cut(s, "=")
		return strings.TrimSpace(k)
	}
	kept := slices.DeleteFunc(slices.Clone(sets), func(s string) bool {
		return slices.ContainsFunc(later, func(l string) bool { return key(l) == key(s) })
	})
	return append(kept, later...)
}

// split takes joined errors apart.
func split(err error) []error {
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		return many.Unwrap()
	}
	return []error{err}
}

// scenario reads one [[scenario]] table: a name, what it extends, and what it sets.
func (r *experimentReader) scenario(at string, t map[string]any, sets []string) (Config, bool) {
	before := len(*r.found)
	known := []string{"name", "title", "extends", "set"}
	words := map[string]string{}
	for key, v := range t {
		switch {
		case !slices.Contains(known, key):
			r.fault(join(at, key), "scenario.%s is not a key%s", name(key), nearest(key, known, ""))
		case key != "set":
			if f := readWord(key, v, origin{r.doc, join(at, key)}); f != nil {
				r.found.add(f)
			} else {
				words[key] = v.(string)
			}
		}
	}
	for _, key := range []string{"name", "extends"} {
		if _, ok := t[key]; !ok {
			r.fault(at, "scenario.%s is missing", key)
		}
	}
	own := r.sets(t, at+".set")
	if len(*r.found) > before {
		return Config{}, false
	}
	all := append(over(sets, own), "name="+words["name"], "title="+strconv.Quote(cmp.Or(words["title"], words["name"])))
	return r.base(at, words["extends"], all)
}

// design reads [design].
func (r *experimentReader) design() {
	v, ok := r.doc.tree["design"]
	if !ok {
		r.fault("", "[design] is missing, want a kind such as %s", oneOf(r.opts.Kinds))
		return
	}
	table, ok := v.(map[string]any)
	if !ok {
		r.fault("design", "design = %s, want a table [design]", show(v))
		return
	}
	for key := range table {
		if key != "kind" && key != "size" {
			r.fault("design."+key, "design.%s is not a key%s", name(key), nearest(key, []string{"kind", "size"}, ""))
		}
	}
	r.e.Design.Size = r.whole(table, "design", "size", 1, 10_000_000, 0)
	kind, _ := table["kind"].(string)
	if !slices.Contains(r.opts.Kinds, kind) {
		r.fault("design.kind", "design.kind = %s, want %s%s", show(table["kind"]), oneOf(r.opts.Kinds), nearest(kind, r.opts.Kinds, ""))
	}
	r.e.Design.Kind = kind
}
