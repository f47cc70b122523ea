package configs

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// check returns v in the type of the parameter's default, or what is wanted instead.
func (p Parameter) check(v any) (checked any, want string) {
	switch p.Type {
	case "integer":
		if n, ok := v.(int64); ok && float64(n) >= p.Range[0] && float64(n) <= p.Range[1] {
			return n, ""
		}
	case "number":
		x, ok := v.(float64)
		if n, whole := v.(int64); whole {
			x, ok = float64(n), true
		}
		if ok && x >= p.Range[0] && x <= p.Range[1] { // false for NaN
			return x + 0, "" // no negative zero
		}
	case "boolean":
		if b, ok := v.(bool); ok {
			return b, ""
		}
	case "string":
		if s, ok := v.(string); ok {
			if p.Unit == "month" {
				if validApril(s) {
					return s, ""
				}
			} else if slices.Contains(p.Choices, s) {
				return s, ""
			} else {
				return nil, p.Want() + nearest(s, p.Choices, "")
			}
		}
	case "list":
		return p.checkList(v)
	}
	return nil, p.Want()
}

// checkList returns a list of choices in the order of Choices, or what is wanted instead.
func (p Parameter) checkList(v any) (checked any, want string) {
	var items []string
	switch v := v.(type) {
	case []string:
		items = v
	case []any:
		for _, x := range v {
			s, ok := x.(string)
			if !ok {
				return nil, p.Want()
			}
			items = append(items, s)
		}
	default:
		return nil, p.Want()
	}
	list := make([]string, 0, len(items))
	for _, s := range items {
		if !slices.Contains(p.Choices, s) {
			return nil, p.Want() + "; " + show(s) + " is not one" + nearest(s, p.Choices, "")
		}
		if slices.Contains(list, s) {
			return nil, "each once"
		}
		list = append(list, s)
	}
	slices.SortFunc(list, func(a, b string) int {
		return slices.Index(p.Choices, a) - slices.Index(p.Choices, b)
	})
	return list, ""
}

// got writes a value as found, with the unit where it is a number.
func (p Parameter) got(v any) string {
	switch v := v.(type) {
	case int64, float64:
		if p.Unit != "" {
			return show(v) + " " + p.Unit
		}
	case []any:
		return fmt.Sprintf("a list of %d", len(v))
	}
	return show(v)
}

// The forms of months and names as patterns, for the schema; a test holds the functions below to them.
// (A package for patterns would make the program of the page a tenth larger.)
const (
	aprilForm = `^(199[0-9]|20[0-9]{2}|2100)-04$`
	monthForm = `^(199[0-9]|2[01][0-9]{2})-(0[1-9]|1[0-2])$`
	nameForm  = `^[a-z0-9]+(-[a-z0-9]+)*$`
)

// yearMonth splits a month such as 2010-04; ok is false for anything else.
func yearMonth(s string) (year, month int, ok bool) {
	if len(s) != 7 || s[4] != '-' {
		return 0, 0, false
	}
	for i := range len(s) {
		if i != 4 && (s[i] < '0' || s[i] > '9') {
			return 0, 0, false
		}
	}
	at := func(i int) int { return int(s[i] - '0') }
	return 1000*at(0) + 100*at(1) + 10*at(2) + at(3), 10*at(5) + at(6), true
}

// YearMonth splits a month such as 2010-04.
func YearMonth(s string) (year, month int, err error) {
	year, month, ok := yearMonth(s)
	if !ok {
		return 0, 0, fmt.Errorf("%s, want a month such as 2010-04", show(s))
	}
	return year, month, nil
}

// validMonth says whether s is a month such as 2010-04, from 1990 to 2199.
func validMonth(s string) bool {
	year, month, ok := yearMonth(s)
	return ok && year >= 1990 && year <= 2199 && month >= 1 && month <= 12
}

// validApril says whether s is an April from 1990 to 2100.
func validApril(s string) bool {
	year, month, ok := yearMonth(s)
	return ok && year >= 1990 && year <= 2100 && month == 4
}

// wantName says what a name of a scenario is.
const wantName = "up to 64 small letters, digits and single dashes"

func validName(s string) bool {
	if len(s) > 64 {
		return false
	}
	for word := range strings.SplitSeq(s, "-") {
		if word == "" || strings.Trim(word, "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
			return false
		}
	}
	return true
}

// NameOf returns the name of a scenario or experiment whose file gives none: the last part of its path
// without .toml, in small letters a to z, digits and single dashes, at most 64 of them.
func NameOf(label string) string {
	label = label[strings.LastIndexAny(label, `/\`)+1:]
	label = strings.ToLower(strings.TrimSuffix(label, ".toml"))
	words := strings.FieldsFunc(label, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	s := strings.Join(words, "-")
	if len(s) > 64 {
		s = strings.TrimRight(s[:64], "-")
	}
	if s == "" {
		return "scenario"
	}
	return s
}

// readWord checks extends, name, title and about.
func readWord(key string, v any, o origin) *Fault {
	s, ok := v.(string)
	if key == "about" {
		s = strings.ReplaceAll(s, "\r\n", "\n")
	}
	most := map[string]int{"extends": 1000, "name": 64, "title": 120, "about": 2000}[key]
	switch {
	case !ok:
		return o.fault("%s = %s, want a text in quotes", key, show(v))
	case key == "name" && !validName(s):
		return o.fault("name = %s, want %s", show(s), wantName)
	case key == "extends" && s == "":
		return o.fault(`extends = "", want a built-in name or a relative path`)
	case utf8.RuneCountInString(s) > most:
		return o.fault("%s of %d letters, want at most %d", key, utf8.RuneCountInString(s), most)
	case !utf8.ValidString(s):
		return o.fault("%s = %s, want valid UTF-8", key, show(s))
	case strings.ContainsFunc(s, func(r rune) bool { return hidden(r) && (key != "about" || r != '\n') }):
		return o.fault("%s = %s, want a text without control characters", key, show(s))
	}
	return nil
}

// hidden reports whether a letter controls how text is shown: a control character, or one that turns or parts
// what stands beside it, with which a title can look like another.
func hidden(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029'
}

// readContracts checks a list of contracts, each by itself.
func readContracts(v any, o origin, found *faults) []Contract {
	tables, ok := tables(v)
	if !ok {
		found.add(o.fault("contract = %s, want [[contract]] tables", show(v)))
		return nil
	}
	list := make([]Contract, 0, len(tables))
	for i, t := range tables {
		at := origin{o.doc, fmt.Sprintf("%s[%d]", o.path, i)}
		label := fmt.Sprintf("contract %d", i+1)
		k, good := Contract{Price: 1}, true
		fields := map[string]*string{"payer": &k.Payer, "payee": &k.Payee, "service": &k.Service, "kind": &k.Kind}
		for key, v := range t {
			at := origin{o.doc, at.path + "." + key}
			if field, ok := fields[key]; ok {
				if *field, ok = v.(string); !ok {
					found.add(at.fault("%s: %s = %s, want a word in quotes", label, key, show(v)))
					good = false
				}
				continue
			}
			if key != "price" {
				found.add(at.fault("%s: %s is not a key%s", label, name(key),
					nearest(key, []string{"payer", "payee", "service", "kind", "price"}, "")))
				continue
			}
			switch x := v.(type) {
			case float64:
				k.Price = x
			case int64:
				k.Price = float64(x)
			default:
				found.add(at.fault("%s: price = %s, want 0 to %v", label, show(v), maxPrice))
			}
		}
		for _, key := range []string{"payer", "payee", "service", "kind"} {
			if _, ok := t[key]; !ok {
				found.add(at.fault("%s: %s is missing", label, key))
				good = false
			}
		}
		if good {
			found.add(k.check(at, label)...)
		}
		k.Price += 0
		list = append(list, k)
	}
	return list
}

// tables returns a list of tables, however TOML wrote it.
func tables(v any) ([]map[string]any, bool) {
	switch v := v.(type) {
	case []map[string]any:
		return v, true
	case []any:
		list := make([]map[string]any, 0, len(v))
		for _, x := range v {
			t, ok := x.(map[string]any)
			if !ok {
				return nil, false
			}
			list = append(list, t)
		}
		return list, true
	}
	return nil, false
}

// maxPrice is the highest multiple of a reference price.
const maxPrice = 10.0

// check finds what is wrong with a contract by itself.
func (k Contract) check(o origin, label string) []*Fault {
	var found faults
	words := []struct {
		key, got string
		choices  []string
	}{
		{"payer", k.Payer, Roles}, {"payee", k.Payee, Roles},
		{"service", k.Service, Services}, {"kind", k.Kind, Kinds},
	}
	for _, w := range words {
		if !slices.Contains(w.choices, w.got) {
			at := origin{o.doc, o.path + "." + w.key}
			found.add(at.fault("%s: %s = %s, want %s%s", label, w.key, show(w.got), oneOf(w.choices), nearest(w.got, w.choices, "")))
		}
	}
	if !(k.Price >= 0 && k.Price <= maxPrice) { // NaN is none
		found.add(origin{o.doc, o.path + ".price"}.fault("%s: price = %s times the reference price, want 0 to %v", label, show(k.Price), maxPrice))
	}
	if len(found) > 0 {
		return found
	}
	switch {
	case k.Payer == k.Payee:
		found.add(o.fault("%s: %s pays itself", label, k.Payer))
	case !slices.Contains(kindServices[k.Kind], k.Service):
		found.add(o.fault("%s: %s by %s, want %s for a %s contract", label, k.Service, k.Kind, oneOf(kindServices[k.Kind]), k.Kind))
	case k.Payee == "support" || k.Payer == "support":
		found.add(o.fault("%s: support is paid by costs.support, want no contract", label))
	case !slices.Contains(servicePayees[k.Service], k.Payee):
		found.add(o.fault("%s: %s is paid for %s, want payee %s", label, k.Payee, k.Service, oneOf(servicePayees[k.Service])))
	case k.Payer == "patient" && (k.Service != "whole" || k.Kind != "capitation" || k.Payee != "system"):
		found.add(o.fault("%s: patient pays %s for %s by %s, want a premium: payee system, service whole, kind capitation", label, k.Payee, k.Service, k.Kind))
	case k.Kind == "capitation" && !slices.Contains([]string{"commissioner", "system", "practice", "social-care"}, k.Payee):
		found.add(o.fault("%s: %s is paid by the head, but nobody is enrolled with it; want payee commissioner, system, practice or social-care", label, k.Payee))
	case k.Kind == "facility-fee" && k.Payer != "group":
		found.add(o.fault("%s: %s pays facility-fee, want payer group", label, k.Payer))
	}
	return found
}
