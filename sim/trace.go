package sim

import (
	"bytes"
	"fmt"
	"reflect"

	"coexist/agents"
)

// Difference is the first thing in which two runs of the same place are not the same.
type Difference struct {
	Week  int32  `json:"week"`  // of the regime, from 1; 0 and below in the warm-up
	Stage string `json:"stage"` // of the week (StepWatched); start: before any week; adopt: as the regime begins
	Agent string `json:"agent"` // who or what, in words
	Field string `json:"field"` // which of its values
	A     string `json:"a"`     // the value in each run
	B     string `json:"b"`
}

// StepWatched is Step; see is called with the name of each stage as it ends: publish, live and choose,
// treat and settle each week, quarter and year when they end.
func (m *Model) StepWatched(see func(stage string)) error {
	m.see = see
	defer func() { m.see = nil }()
	return m.Step()
}

// saw tells a watcher, if there is one, that a stage has ended.
func (m *Model) saw(stage string) {
	if m.see != nil {
		m.see(stage)
	}
}

// SameState reports whether two models are in the same state, byte for byte, where rows were taken.
func SameState(a, b *Model) (bool, error) {
	var x, y bytes.Buffer
	if err := a.Snapshot(&x); err != nil {
		return false, err
	}
	if err := b.Snapshot(&y); err != nil {
		return false, err
	}
	return bytes.Equal(x.Bytes(), y.Bytes()), nil
}

// FirstDifference finds the first agent in which two models of one place differ: what practices and
// services show, then people in the order of practices, then organisations and payers, then what is noted of
// people who are followed, then all else of the state. What they show counts if shown says so: it is no part
// of the state, but made anew by the first stage of each week. ok is false if they are the same.
func FirstDifference(a, b *Model, shown bool) (d Difference, ok bool) {
	f := &finder{a: a, b: b}
	if shown && f.signals() || f.people() || f.organisations() || f.followed() || f.rest() {
		f.found.Week = a.Week() + 1
		return f.found, true
	}
	return Difference{}, false
}

// finder looks for the first difference.
type finder struct {
	a, b  *Model
	found Difference
}

// is notes a difference and returns true.
func (f *finder) is(agent, field string, a, b any) bool {
	f.found.Agent, f.found.Field, f.found.A, f.found.B = agent, field, fmt.Sprint(a), fmt.Sprint(b)
	return true
}

// signals compares what organisations show the world.
func (f *finder) signals() bool {
	s, t := &f.a.signals, &f.b.signals
	for i := range min(len(s.desk), len(t.desk)) {
		if f.fields("signals of "+f.practice(i), reflect.ValueOf(s.desk[i]), reflect.ValueOf(t.desk[i])) {
			return true
		}
		if f.fields("signals of "+f.practice(i), reflect.ValueOf(s.front[i]), reflect.ValueOf(t.front[i])) {
			return true
		}
	}
	for i := range min(len(s.offer), len(t.offer)) {
		if f.fields("signals of "+f.service(f.a, i), reflect.ValueOf(s.offer[i]), reflect.ValueOf(t.offer[i])) {
			return true
		}
	}
	return false
}

// people compares person by person.
func (f *finder) people() bool {
	for i := range min(len(f.a.parts), len(f.b.parts)) {
		p, q := &f.a.parts[i], &f.b.parts[i]
		for k := range min(len(p.people), len(q.people)) {
			x, y := &p.people[k], &q.people[k]
			if *x != *y {
				return f.fields(f.person(f.a, x), reflect.ValueOf(*x), reflect.ValueOf(*y))
			}
			if p.due[k] != q.due[k] {
				return f.is(f.person(f.a, x), "week of the next event", p.due[k], q.due[k])
			}
		}
		if len(p.people) != len(q.people) {
			return f.is(fmt.Sprintf("people of practices %d to %d", p.first, p.last-1), "number", len(p.people), len(q.people))
		}
	}
	return false
}

// organisations compares the agents other than people, one after another.
func (f *finder) organisations() bool {
	a, b := f.a, f.b
	named := func(m *Model, list []agents.Organisation) func(int) string {
		return func(i int) string { return m.names[list[i].Name] }
	}
	numbered := func(kind string) func(int) string {
		return func(i int) string { return fmt.Sprintf("%s %d", kind, i+1) }
	}
	district := func(kind string) func(int) string {
		return func(i int) string { return kind + " of " + a.place.Districts[i].Name }
	}
	return f.list(f.practice, "practices", a.practices, b.practices) ||
		f.list(numbered("GP"), "GPs", a.gps, b.gps) ||
		f.list(func(i int) string { return a.place.Hospitals[i].Name }, "hospital sites", a.sites, b.sites) ||
		f.list(func(i int) string { return f.service(a, i) }, "services", a.services, b.services) ||
		f.list(func(i int) string { return "queue for the clinic of " + f.service(a, i) }, "clinics", a.clinics, b.clinics) ||
		f.list(func(i int) string { return "waiting list of " + f.service(a, i) }, "lists", a.lists, b.lists) ||
		f.list(numbered("specialist"), "specialists", a.specialists, b.specialists) ||
		f.list(named(a, a.providers), "providers", a.providers, b.providers) ||
		f.list(named(a, a.systems), "systems", a.systems, b.systems) ||
		f.list(district("payer"), "payers", a.buyers, b.buyers) ||
		f.list(district("social care"), "social care", a.social, b.social)
}

// followed compares what is noted of the people who are followed.
func (f *finder) followed() bool {
	for i := range min(len(f.a.parts), len(f.b.parts)) {
		p, q := &f.a.parts[i], &f.b.parts[i]
		for k := range min(len(p.tracks), len(q.tracks)) {
			t := &p.tracks[k]
			who := fmt.Sprintf("person %016x", t.id)
			if x := &p.people[t.slot]; x.ID == t.id { // else another has the slot
				who = f.person(f.a, x)
			}
			if f.fields("what is noted of "+who, reflect.ValueOf(*t), reflect.ValueOf(q.tracks[k])) {
				return true
			}
		}
	}
	return false
}

// rest compares what is left of the state, field by field.
func (f *finder) rest() bool {
	return f.fields("world", reflect.ValueOf(f.a.world), reflect.ValueOf(f.b.world))
}

// list compares two lists of agents of one kind, of which name tells the i-th.
func (f *finder) list(name func(int) string, kind string, a, b any) bool {
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	for i := range min(x.Len(), y.Len()) {
		if !x.Index(i).Comparable() || !x.Index(i).Equal(y.Index(i)) {
			if f.fields(name(i), x.Index(i), y.Index(i)) {
				return true
			}
		}
	}
	return x.Len() != y.Len() && f.is(kind, "number", x.Len(), y.Len())
}

// fields compares two values of one agent and names the field.
func (f *finder) fields(agent string, a, b reflect.Value) bool {
	field, x, y, differ := unlike("", a, b)
	return differ && f.is(agent, field, x, y)
}

// unlike finds the first field in which two values of one type differ. Numbers are the same if they are
// written the same, so that NaN is like NaN.
func unlike(path string, a, b reflect.Value) (at string, x, y any, differ bool) {
	switch a.Kind() {
	case reflect.Struct:
		for i := range a.NumField() {
			name := a.Type().Field(i).Name
			if name == "_" {
				continue
			}
			if path != "" {
				name = path + "." + name
			}
			if at, x, y, differ := unlike(name, a.Field(i), b.Field(i)); differ {
				return at, x, y, true
			}
		}
		return "", nil, nil, false
	case reflect.Slice, reflect.Array:
		for i := range min(a.Len(), b.Len()) {
			if at, x, y, differ := unlike(fmt.Sprintf("%s[%d]", path, i), a.Index(i), b.Index(i)); differ {
				return at, x, y, true
			}
		}
		return path + " (length)", a.Len(), b.Len(), a.Len() != b.Len()
	case reflect.Pointer:
		if a.IsNil() || b.IsNil() {
			return path, !a.IsNil(), !b.IsNil(), a.IsNil() != b.IsNil()
		}
		return unlike(path, a.Elem(), b.Elem())
	case reflect.Map, reflect.Func, reflect.Interface, reflect.Chan:
		return path, nil, nil, false // none is part of the state
	}
	s, t := fmt.Sprint(a), fmt.Sprint(b)
	return path, s, t, s != t
}

// practice names a practice.
func (f *finder) practice(i int) string {
	if i < len(f.a.place.Practices) {
		return "practice " + f.a.place.Practices[i].Code
	}
	return fmt.Sprintf("practice %d", i+1)
}

// service names a service of a model.
func (f *finder) service(m *Model, i int) string {
	s := &m.services[i]
	site := fmt.Sprintf("site %d", s.Site+1)
	if int(s.Site) < len(m.place.Hospitals) {
		site = m.place.Hospitals[s.Site].Name
	}
	line := "all lines"
	if int(s.Line) < len(lineNames) {
		line = lineNames[s.Line]
	}
	return fmt.Sprintf("%s service at %s", line, site)
}

// person names a person.
func (f *finder) person(m *Model, p *agents.Patient) string {
	sex := "man"
	if p.Is(agents.Female) {
		sex = "woman"
	}
	return fmt.Sprintf("person %016x, a %s of %d registered with %s", p.ID, sex, p.Age(m.week), f.practice(int(p.Practice)))
}
