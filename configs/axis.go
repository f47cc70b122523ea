package configs

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// axes reads the [[axis]] tables.
func (r *experimentReader) axes() {
	v, ok := r.doc.tree["axis"]
	if !ok {
		return
	}
	list, ok := tables(v)
	if !ok {
		r.fault("axis", "axis = %s, want [[axis]] tables", show(v))
		return
	}
	for i, t := range list {
		at := fmt.Sprintf("axis[%d]", i)
		if a, ok := r.axis(at, t); ok {
			if slices.ContainsFunc(r.e.Axes, func(b ExperimentAxis) bool { return b.Name == a.Name }) {
				r.fault(at, "axis %s is named twice", a.Name)
			}
			r.e.Axes = append(r.e.Axes, a)
		}
	}
}

// axis reads one [[axis]]: a range, a list of values, or the plausible range of the parameter where it
// has neither.
func (r *experimentReader) axis(at string, t map[string]any) (ExperimentAxis, bool) {
	before := len(*r.found)
	known := []string{"name", "range", "values", "scale", "joint"}
	for key := range t {
		if !slices.Contains(known, key) {
			r.fault(join(at, key), "axis.%s is not a key%s", name(key), nearest(key, known, ""))
		}
	}
	var a ExperimentAxis
	for key, to := range map[string]*string{"name": &a.Name, "scale": &a.Scale, "joint": &a.Joint} {
		if v, ok := t[key]; ok {
			if *to, ok = v.(string); !ok || *to == "" {
				r.fault(join(at, key), "axis.%s = %s, want a text", key, show(v))
			}
		}
	}
	p, ok := Explain(a.Name)
	section, _, _ := strings.Cut(a.Name, ".")
	switch {
	case t["name"] == nil:
		r.fault(at, "axis.name is missing, want a parameter such as choice.minutes")
	case !ok:
		r.fault(join(at, "name"), "axis: %s is not a parameter%s", name(a.Name), nearest(a.Name, book().keys, ""))
	case section == "time" || section == "measures":
		r.fault(join(at, "name"), "axis: %s cannot differ between runs that are compared, want a key outside time and measures", a.Name)
	}
	if a.Scale != "" && a.Scale != "linear" && a.Scale != "log" {
		r.fault(join(at, "scale"), "axis.scale = %s, want linear or log", show(a.Scale))
	}
	if len(*r.found) > before {
		return a, false
	}
	switch {
	case t["values"] != nil && (t["range"] != nil || a.Scale != ""):
		r.fault(at, "axis %s has values and a range or scale, want one of them", a.Name)
	case t["values"] != nil:
		a.Values = r.values(join(at, "values"), p, t["values"])
	default:
		r.span(at, p, t["range"], &a)
	}
	return a, len(*r.found) == before
}

// values reads the values of an axis.
func (r *experimentReader) values(at string, p Parameter, v any) []string {
	items, ok := v.([]any)
	if !ok || len(items) == 0 {
		r.fault(at, "axis %s: values = %s, want a list of at least one", p.Key, show(v))
		return nil
	}
	list := []string{}
	for i, x := range items {
		if text, ok := r.parameter(p.Key, fmt.Sprintf("%s[%d]", at, i), x); ok {
			list = append(list, text)
		}
	}
	return list
}

// span reads the range of an axis.
func (r *experimentReader) span(at string, p Parameter, v any, a *ExperimentAxis) {
	if p.Type != "number" && p.Type != "integer" {
		r.fault(at, "axis %s is a %s, want values in place of a range", p.Key, p.Type)
		return
	}
	if v == nil {
		if len(p.Swept) != 2 {
			r.fault(at, "axis %s has no range, values or plausible range of its own, want one", p.Key)
			return
		}
		v = []any{p.Swept[0], p.Swept[1]}
	}
	at = join(at, "range")
	ends, _ := v.([]any)
	if len(ends) != 2 {
		r.fault(at, "axis %s: range = %s, want two numbers", p.Key, show(v))
		return
	}
	for i, to := range []*float64{&a.Low, &a.High} {
		x, ok := number(ends[i])
		end := ends[i]
		if p.Type == "integer" && ok && x == float64(int64(x)) {
			end = int64(x)
		}
		if _, want := p.check(end); !ok || want != "" {
			r.fault(at, "axis %s: range has %s, want %s", p.Key, p.got(ends[i]), p.Want())
			return
		}
		*to = x
	}
	if !(a.Low < a.High) {
		r.fault(at, "axis %s: range from %v to %v, want the lower end first", p.Key, a.Low, a.High)
	}
	if a.Scale == "log" && !(a.Low > 0) {
		r.fault(at, "axis %s: log scale from %v, want more than 0", p.Key, a.Low)
	}
}

// posterior reads [posterior]: a table of draws or, without a file, the sets that the program bears.
func (r *experimentReader) posterior() {
	v, ok := r.doc.tree["posterior"]
	if !ok {
		return
	}
	table, ok := v.(map[string]any)
	if !ok {
		r.fault("posterior", "posterior = %s, want a table [posterior]", show(v))
		return
	}
	for key := range table {
		if key != "file" && key != "draws" {
			r.fault("posterior."+key, "posterior.%s is not a key%s", name(key), nearest(key, []string{"file", "draws"}, ""))
		}
	}
	r.e.Draws = r.whole(table, "posterior", "draws", 1, 1_000_000, 0)
	if table["file"] == nil {
		r.e.Posterior = Calibrated
		return
	}
	file, ok := table["file"].(string)
	if !ok || file == "" {
		r.fault("posterior.file", "posterior.file = %s, want the path of a table of draws", show(table["file"]))
		return
	}
	if r.dir != "" && !filepath.IsAbs(file) {
		file = filepath.Join(r.dir, filepath.FromSlash(file))
	}
	if file == Calibrated {
		file = "./" + file
	}
	r.e.Posterior = file
}
