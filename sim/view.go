package sim

import (
	"coexist/agents"
)

// None stands for no system, site or other index.
const None = agents.None

// Dot is one living person as a map shows them.
type Dot struct {
	ID       uint64
	Slot     uint32 // address in the world; that of the dead is given to newcomers
	Area     uint16 // index into the place's areas
	Practice uint16
	System   uint16 // enrolled in, or agents.None
	Waiting  bool   // for a clinic or treatment
	Inside   bool   // in hospital
}

// Dots appends every living person to dst, in a fixed order of places that does not change while
// they live.
func (m *Model) Dots(dst []Dot) []Dot {
	for i := range m.parts {
		people := m.parts[i].people
		for k := range people {
			p := &people[k]
			if p.Flags&agents.Alive == 0 {
				continue
			}
			dst = append(dst, Dot{ID: p.ID, Slot: slot(i, k), Area: p.Area, Practice: p.Practice, System: p.System,
				Waiting: p.Waiting != 0, Inside: p.InHospital(m.week)})
		}
	}
	return dst
}

// PracticeLoad is how busy a practice is: the mean weekly demand of the last year over the
// appointments that it offers, and the days to one.
func (m *Model) PracticeLoad(practice int) (load, days float64) {
	p := &m.practices[practice]
	return p.Mean / max(p.Capacity, 1e-9), p.Delay
}

// SiteLoad is how busy a hospital site is: the share of its beds in use, and the published wait for
// its clinics in weeks, mean over the people who wait (0 without any).
func (m *Model) SiteLoad(site int) (occupancy, weeks float64) {
	sum, n := 0.0, 0.0
	for k := range m.services {
		if s := &m.services[k]; int(s.Site) == site && s.Open {
			people := float64(len(m.clinics[k]))
			sum += float64(people * s.ClinicWait)
			n += people
		}
	}
	return m.sites[site].Occupancy, sum / max(n, 1)
}

// SiteOwner is the provider organisation that owns a site.
func (m *Model) SiteOwner(site int) uint16 { return m.sites[site].Owner }

// PracticeSystem is the system that a practice has joined, or agents.None.
func (m *Model) PracticeSystem(practice int) uint16 { return m.practices[practice].System }

// Seen is an organisation as a legend shows it.
type Seen struct {
	Name     string
	Kind     string // trust, group, system, area, consortium or entrant
	Open     bool
	Line     uint8  // of a group; place.Lines if it serves all
	System   uint16 // that a provider belongs to, or agents.None
	Enrolled int32  // people enrolled, at the scale of the sample
}

// Systems lists the systems that there are or were.
func (m *Model) Systems() []Seen { return m.seen(m.systems) }

// Providers lists those who run services: trusts first, then groups and newcomers.
func (m *Model) Providers() []Seen { return m.seen(m.providers) }

// Regulator says what the regulator has done since the warm-up.
func (m *Model) Regulator() agents.Regulator { return m.regulator }

func (m *Model) seen(list []agents.Organisation) []Seen {
	out := make([]Seen, len(list))
	for i := range list {
		o := &list[i]
		out[i] = Seen{Name: m.names[o.Name], Kind: o.Kind.String(), Open: o.Open, Line: o.Line, System: o.System, Enrolled: o.Enrolled}
	}
	return out
}

// Service says whose and where a service is: indices of provider and site, and its line.
func (m *Model) Service(service uint16) (provider, site uint16, line uint8) {
	s := &m.services[service]
	return s.Provider, s.Site, s.Line
}

// Person describes one living person for a story.
type Person struct {
	ID         uint64
	Slot       uint32
	Age        int
	Female     bool
	Area       uint16
	Practice   uint16
	Usual      uint8 // usual GP: index within the practice
	System     uint16
	Conditions uint32 // a bit each in the order of place.Health.Conditions
}

// Person returns who lives at an address; ok is false if nobody does.
func (m *Model) Person(address uint32) (who Person, ok bool) {
	part, i := int(address>>slotBits), int(address&(1<<slotBits-1))
	if part >= len(m.parts) || i >= len(m.parts[part].people) {
		return Person{}, false
	}
	p := &m.parts[part].people[i]
	if p.Flags&agents.Alive == 0 {
		return Person{}, false
	}
	return Person{ID: p.ID, Slot: address, Age: p.Age(m.week), Female: p.Sex() == 1, Area: p.Area, Practice: p.Practice,
		Usual: p.Usual, System: p.System, Conditions: p.Conditions}, true
}
