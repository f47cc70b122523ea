package place

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Patients per GP: list size over full-time GPs, England (evidence row E11). A practice has at
// least 1 and at most maxGPs; a larger one is some sites under one name.
const (
	patientsPerGP = 1582
	maxGPs        = 15
)

// Numbers of neighbours kept for each area.
const (
	nearPractices = 12
	nearSites     = 12
	fullSites     = 8 // of nearSites, kept for sites that offer every line
)

// flowSlope is how fast predicted patient flow falls with travel, per minute (evidence row B02 on
// the map of England).
const flowSlope = .09

// NoDistrict is the District of a hospital outside its place.
const NoDistrict = math.MaxUint16

// Resolve returns the synthetic region or the part of England that a name means.
func (e *England) Resolve(name string) (*Place, error) {
	p, err := e.draft(name)
	if err != nil {
		return nil, err
	}
	return p.finish(&e.travel)
}

// draft returns a place without what follows from the rest: who is registered where, the lists that
// come of it, and who is in reach (see finish).
func (e *England) draft(name string) (*Place, error) {
	spec, ok, err := ParseSynthetic(name)
	switch {
	case err != nil:
		return nil, err
	case ok:
		return e.draftSynthetic(spec)
	}
	return e.draftCut(name)
}

// finish works out what a draft lacks and returns it.
func (p *Place) finish(t *travel) (*Place, error) {
	if err := p.register(); err != nil {
		return nil, fmt.Errorf("place %q: %w", p.Name, err)
	}
	p.reach(t)
	return p, nil
}

// Cut returns the place of the given scope: England, a region, ICB or district by name (in any case)
// or code, or several with + between. A name of an ICB and of a district, such as Dorset, means the
// ICB; the district goes by its code. For an unknown name the error tells the nearest known one.
//
// The place has the areas, practices and hospitals of the scope, the sites outside within 60 minutes
// of any of its areas, and who is registered where. Districts that the scope cuts count with their
// residents inside. Practice lists, which Read has brought to the residents of each ICB, are scaled
// by one factor so that they sum to those of the place.
func (e *England) Cut(scope string) (*Place, error) {
	p, err := e.draftCut(scope)
	if err != nil {
		return nil, err
	}
	return p.finish(&e.travel)
}

func (e *England) draftCut(scope string) (*Place, error) {
	s, err := e.find(scope)
	if err != nil {
		return nil, err
	}
	p := &Place{Code: s.Code, Name: s.Name, Health: e.health}
	p.Health.Conditions = slices.Clone(e.health.Conditions)

	districts := newIndex(len(e.districts))
	areas := newIndex(len(e.areas))
	for i := range e.areas {
		a := &e.areas[i]
		if s.has(a.Region, a.ICB, e.districts[a.District].Code) {
			areas.add(i)
			districts.add(int(a.District))
		}
	}
	districts.sort()
	for _, d := range districts.old {
		p.Districts = append(p.Districts, e.districts[d])
		p.Districts[len(p.Districts)-1].Residents = 0
	}
	p.Areas = make([]Area, len(areas.old))
	for i, old := range areas.old {
		p.Areas[i] = e.areas[old]
		a := &p.Areas[i]
		a.District = districts.new[a.District]
		p.Districts[a.District].Residents += a.Residents
	}

	for i := range e.practices {
		r := e.practices[i]
		if areas.has(int(r.Area)) {
			r.Area, r.District = areas.new[r.Area], districts.new[r.District]
			p.Practices = append(p.Practices, r)
		}
	}
	if len(p.Practices) == 0 {
		return nil, fmt.Errorf("place %q has no practice with a list of at least %d, want one: join a neighbour with +", scope, minList)
	}
	e.cutHospitals(p, &s, areas, districts)
	e.cutMap(p, &s, areas)
	return p, nil
}

// index maps what is kept of a table to its new place.
type index struct {
	old []int    // by new place
	new []uint16 // by old place; absent where not kept
}

const absent = math.MaxUint16

func newIndex(n int) *index {
	x := &index{new: make([]uint16, n)}
	for i := range x.new {
		x.new[i] = absent
	}
	return x
}

func (x *index) has(old int) bool { return x.new[old] != absent }

// add keeps an entry, after those kept before.
func (x *index) add(old int) {
	if !x.has(old) {
		x.new[old] = uint16(len(x.old))
		x.old = append(x.old, old)
	}
}

// sort puts what is kept in the old order.
func (x *index) sort() {
	slices.Sort(x.old)
	for i, old := range x.old {
		x.new[old] = uint16(i)
	}
}

// cutHospitals adds the sites of the place: those inside, then those outside within 60 minutes of
// any area, and where an area has none, the nearest and the nearest general. InsideShare is predicted
// for each: residents of England split over the sites within 60 minutes in proportion to beds x
// exp(-.09 minutes).
func (e *England) cutHospitals(p *Place, s *scope, areas, districts *index) {
	all := newReacher(e.hospitals, &e.travel)
	inside := func(i int) bool {
		h := &e.hospitals[i]
		return s.has(e.districts[h.District].Region, e.hospitalICB[i], e.districts[h.District].Code)
	}
	sites := newIndex(len(e.hospitals))
	for i := range e.hospitals {
		if inside(i) {
			sites.add(i)
		}
	}
	from := make([]float64, len(e.hospitals)) // predicted patients from inside the place
	of := make([]float64, len(e.hospitals))   // and from all of England
	outside := newIndex(len(e.hospitals))
	for i := range p.Areas {
		within := all.within(&p.Areas[i])
		for _, w := range within {
			if !sites.has(w.index) {
				outside.add(w.index)
			}
		}
		all.spread(&p.Areas[i], within, from)
		if g := all.general(&p.Areas[i]); !sites.has(g) {
			outside.add(g)
		}
	}
	outside.sort()
	for _, i := range outside.old {
		sites.add(i)
	}

	west, south, east, north := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, i := range sites.old {
		h := &e.hospitals[i]
		west, east = min(west, h.Easting), max(east, h.Easting)
		south, north = min(south, h.Northing), max(north, h.Northing)
	}
	margin := all.furthest()
	copy(of, from)
	for i := range e.areas {
		a := &e.areas[i]
		if areas.has(i) || a.Easting < west-margin || a.Easting > east+margin || a.Northing < south-margin || a.Northing > north+margin {
			continue
		}
		all.spread(a, all.within(a), of)
	}

	trusts := newIndex(len(e.trusts))
	for _, i := range sites.old {
		h := e.hospitals[i]
		h.Outside = !inside(i)
		if of[i] > 0 {
			h.InsideShare = from[i] / of[i]
		}
		if h.Outside {
			h.District = NoDistrict
		} else {
			h.District = districts.new[h.District]
		}
		trusts.add(int(h.Trust))
		p.Hospitals = append(p.Hospitals, h)
	}
	trusts.sort()
	for i := range p.Hospitals {
		p.Hospitals[i].Trust = trusts.new[p.Hospitals[i].Trust]
	}
	for _, i := range trusts.old {
		p.Trusts = append(p.Trusts, e.trusts[i])
	}
}

// cutMap adds the border, of England or of the ICBs concerned, and the towns inside.
func (e *England) cutMap(p *Place, s *scope, areas *index) {
	if s.parts[0].kind == "country" {
		p.Outline = copyRings(e.outline)
	} else {
		concerned := map[string]bool{}
		for i := range p.Areas {
			concerned[p.Areas[i].ICB] = true
		}
		var rings []Ring
		for _, r := range e.icbOutlines {
			if concerned[r.Of] {
				rings = append(rings, r)
			}
		}
		slices.SortStableFunc(rings, func(a, b Ring) int { return strings.Compare(a.Of, b.Of) })
		p.Outline = copyRings(rings)
	}
	for i, t := range e.towns {
		if areas.has(e.townArea[i]) {
			p.Towns = append(p.Towns, t)
		}
	}
}

// copyRings returns rings of their own, so that a place shares nothing with England.
func copyRings(rings []Ring) []Ring {
	out := slices.Clone(rings)
	for i := range out {
		out[i].Points = slices.Clone(out[i].Points)
	}
	return out
}
