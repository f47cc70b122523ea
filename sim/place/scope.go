package place

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"coexist/configs"
)

// ErrUnknown is wrapped by the error of a name that no place has.
var ErrUnknown = errors.New("unknown place")

// englandCode is the ONS code of England.
const englandCode = "E92000001"

// part is one region, ICB or district, or England itself.
type part struct{ kind, code, name string }

// scope is a part of England: all of it, one region, ICB or district, or several joined.
type scope struct {
	Code, Name string // of joined ones with + between
	parts      []part
}

// Named is one place that can be cut, as a listing shows it.
type Named struct {
	Code      string `json:"code"`
	Name      string `json:"name"`
	Kind      string `json:"kind"` // country region icb district
	Residents int    `json:"residents"`
	Practices int    `json:"practices"` // with a list of at least 1,000
	Hospitals int    `json:"hospitals"` // of all kinds
}

// parts returns all places by kind: England, regions, ICBs, districts, each in order of code.
func (e *England) parts() []part {
	all := []part{{"country", englandCode, "England"}}
	all = append(all, e.regions...)
	all = append(all, e.icbs...)
	for i := range e.districts {
		all = append(all, part{"district", e.districts[i].Code, e.districts[i].Name})
	}
	return all
}

// called reports whether a user may mean p by name: its code, its name in any case, or its name
// less ", City of" or ", County of".
func (p part) called(name string) bool {
	short, _, _ := strings.Cut(p.name, ", C")
	return strings.EqualFold(name, p.code) || strings.EqualFold(name, p.name) ||
		p.kind == "district" && strings.EqualFold(name, short)
}

// find returns the scope that a name means, as Cut says.
func (e *England) find(name string) (scope, error) {
	all := e.parts()
	if n := strings.Count(name, "+") + 1; n > len(all) || len(name) > 64*len(all) {
		return scope{}, fmt.Errorf("%w: %d names of %d bytes joined, want at most the %d that there are", ErrUnknown, n, len(name), len(all))
	}
	var errs []error
	var found []int // index into all
	for _, word := range strings.Split(name, "+") {
		word = strings.TrimSpace(word)
		i := slices.IndexFunc(all, func(p part) bool { return p.called(word) })
		if i < 0 {
			errs = append(errs, fmt.Errorf("%w %q, want a region, ICB or district by name or code, such as %q", ErrUnknown, word, nearestName(word, all)))
			continue
		}
		found = append(found, i)
	}
	if err := errors.Join(errs...); err != nil {
		return scope{}, err
	}
	slices.Sort(found) // so that A+B is B+A
	var s scope
	var codes, names []string
	for _, i := range slices.Compact(found) {
		s.parts = append(s.parts, all[i])
		codes = append(codes, all[i].code)
		names = append(names, all[i].name)
	}
	s.Code, s.Name = strings.Join(codes, "+"), strings.Join(names, " + ")
	return s, nil
}

// has reports whether what belongs to the given region, ICB and district lies in the scope.
func (s *scope) has(region, icb, district string) bool {
	for i := range s.parts {
		switch p := &s.parts[i]; p.kind {
		case "country":
			return true
		case "region":
			if p.code == region {
				return true
			}
		case "icb":
			if p.code == icb {
				return true
			}
		case "district":
			if p.code == district {
				return true
			}
		}
	}
	return false
}

// Names lists every place: England, regions, ICBs and districts.
func (e *England) Names() []Named {
	index := map[string]int{}
	var out []Named
	for i, p := range e.parts() {
		index[p.code] = i
		out = append(out, Named{Code: p.code, Name: p.name, Kind: p.kind})
	}
	count := func(district uint16, icb string, add func(*Named)) {
		d := &e.districts[district]
		for _, code := range []string{englandCode, d.Region, icb, d.Code} {
			add(&out[index[code]])
		}
	}
	for i := range e.areas {
		a := &e.areas[i]
		count(a.District, a.ICB, func(n *Named) { n.Residents += int(a.Residents) })
	}
	for i := range e.practices {
		p := &e.practices[i]
		count(p.District, p.ICB, func(n *Named) { n.Practices++ })
	}
	for i := range e.hospitals {
		count(e.hospitals[i].District, e.hospitalICB[i], func(n *Named) { n.Hospitals++ })
	}
	return out
}

// nearestName returns the name or code that may be meant by word, or else the first, as an example.
func nearestName(word string, all []part) string {
	var known []string
	for _, p := range all {
		known = append(known, p.name, p.code)
	}
	return cmp.Or(configs.Nearest(word, known), known[0])
}
