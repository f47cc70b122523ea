package configs

import (
	"fmt"
	"slices"
	"strings"
)

// fixedSections cannot change within a run.
var fixedSections = []string{"time", "people", "measures"}

// WithReforms returns the scenario as it stands in a month such as 2013-04: the reforms due by then
// are in force, in order of date. c.Reforms is kept. An error matches ErrInput; there is none if c
// comes from Read and the month is one.
func (c Config) WithReforms(month string) (Config, error) {
	if !validMonth(month) {
		return Config{}, &Fault{File: c.Name, Text: fmt.Sprintf("month = %s, want one such as 2013-04", show(month))}
	}
	due := slices.Clone(c.Reforms)
	due = slices.DeleteFunc(due, func(r Reform) bool { return r.When > month })
	slices.SortStableFunc(due, func(a, b Reform) int { return strings.Compare(a.When, b.When) })
	c = c.Clone()
	values := make(map[string]any)
	for _, r := range due {
		for key, v := range r.Set {
			if list, ok := v.([]Contract); ok && key == "contract" {
				c.Contracts = slices.Clone(list)
				continue
			}
			p, known := Explain(key)
			checked, want := p.check(v)
			if !known || want != "" {
				return Config{}, &Fault{File: c.Name, Text: fmt.Sprintf("reform of %s: %s = %s, want %s", r.When, name(key), show(v), want)}
			}
			values[key] = checked
		}
	}
	return overlay(c, values), nil
}

// ReformMonths returns the months in which something changes, earliest first, each once.
func (c Config) ReformMonths() []string {
	var months []string
	for _, r := range c.Reforms {
		months = append(months, r.When)
	}
	slices.Sort(months)
	return slices.Compact(months)
}

// Notes says what is legal but may not be meant, in lower case: reforms after the end of the run.
func (c Config) Notes() []string {
	var notes []string
	var year int64
	if _, err := fmt.Sscanf(c.Time.Start, "%d-", &year); err != nil {
		return nil
	}
	end := fmt.Sprintf("%d-04", year+c.Time.Years)
	for _, r := range c.Reforms {
		if r.When >= end {
			notes = append(notes, fmt.Sprintf("reform of %s comes after the run, which ends before %s", r.When, end))
		}
	}
	return notes
}

// readReforms checks a list of reforms, each value by itself.
func readReforms(v any, o origin, found *faults) []Reform {
	list, ok := tables(v)
	if !ok {
		found.add(o.fault("reform = %s, want [[reform]] tables", show(v)))
		return nil
	}
	reforms := make([]Reform, 0, len(list))
	for i, t := range list {
		at := origin{o.doc, fmt.Sprintf("%s[%d]", o.path, i)}
		r := Reform{Set: make(map[string]any)}
		for key, v := range t {
			here := origin{o.doc, at.path + "." + key}
			switch key {
			case "when":
				if r.When, ok = v.(string); !ok || !validMonth(r.When) {
					found.add(here.fault("reform.when = %s, want a month in quotes such as \"2013-04\"", show(v)))
				}
			case "set":
				table, ok := v.(map[string]any)
				if !ok || len(table) == 0 {
					found.add(here.fault("reform.set = %s, want a table of \"section.key\" = value", show(v)))
					continue
				}
				before := len(*found)
				r.readSet(table, here, found)
				if len(r.Set) == 0 && len(*found) == before {
					found.add(here.fault("reform.set is empty, want \"section.key\" = value"))
				}
			default:
				found.add(here.fault("reform.%s is not a key%s", name(key), nearest(key, []string{"when", "set"}, "")))
			}
		}
		for _, key := range []string{"when", "set"} {
			if _, ok := t[key]; !ok {
				found.add(at.fault("reform.%s is missing", key))
			}
		}
		reforms = append(reforms, r)
	}
	return reforms
}

// readSet reads what a reform sets: "section.key" = value, or the same in tables.
func (r *Reform) readSet(table map[string]any, o origin, found *faults) {
	l := &layer{values: r.Set, where: make(map[string]origin)}
	put := func(key string, v any, o origin) {
		section, _, _ := strings.Cut(key, ".")
		if slices.Contains(fixedSections, section) {
			found.add(o.fault("%s cannot change in a run, want a key outside %s", name(key), oneOf(fixedSections)))
			return
		}
		if _, twice := l.where[key]; twice {
			found.add(o.fault("%s is set twice", key))
			return
		}
		l.value(key, v, o, found)
	}
	for key, v := range table {
		here := origin{o.doc, o.path + "." + key}
		sub, isTable := v.(map[string]any)
		switch {
		case key == "contract":
			if list := readContracts(v, here, found); list != nil {
				r.Set[key] = list
			}
		case isTable:
			for leaf, v := range sub {
				put(key+"."+leaf, v, origin{o.doc, here.path + "." + leaf})
			}
		default:
			put(key, v, here)
		}
	}
}

// checkReforms compares the reforms with the time of the run and with each other.
func (c Config) checkReforms(at func(key string) origin) []*Fault {
	var found faults
	type change struct{ when, key string }
	set := make(map[change]bool)
	for i, r := range c.Reforms {
		o := at(fmt.Sprintf("reform[%d]", i))
		if o.path != "" {
			o.path += ".when"
		}
		if r.When < c.Time.Start {
			found.add(o.fault("reform.when = %s, want time.start (%s) or later", show(r.When), c.Time.Start))
		}
		for key := range r.Set {
			if set[change{r.When, key}] {
				found.add(o.fault("%s is set by two reforms of %s", key, r.When))
			}
			set[change{r.When, key}] = true
		}
	}
	return found
}
