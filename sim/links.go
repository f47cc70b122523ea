package sim

import (
	"sync/atomic"

	"coexist/agents"
	"coexist/agents/chance"
	"coexist/configs"
	"coexist/market"
	"coexist/sim/place"
)

// links holds how well pairs of teams work together, phi in [0, 1] (ODD 7.4). Primary care is a
// practice; secondary care a provider organisation.
type links struct {
	providers int
	phi       []float32 // practice x provider
	internal  []float32 // between teams of one provider, by provider
	cross     []float32 // between providers of one system, by provider; to others the start value
	wards     []float32 // between the wards of a provider and social care, by provider
	partner   []uint16  // practice x line: the group that its GPs belong to; empty without groups
	flow      []int32   // referrals of the year, practice x provider
	last      []int32   // of the year before
	begin     float32   // phi at the start, and floor
	system    []uint16  // of each provider, or None: a copy for the hot path
}

// newLinks makes links at the start value.
func newLinks(practices, providers int, start float64) links {
	l := links{providers: providers, begin: float32(start)}
	fill := func(n int) []float32 {
		v := make([]float32, n)
		for i := range v {
			v[i] = l.begin
		}
		return v
	}
	l.phi, l.internal, l.cross, l.wards = fill(practices*providers), fill(providers), fill(providers), fill(providers)
	l.flow, l.last = make([]int32, practices*providers), make([]int32, practices*providers)
	l.system = make([]uint16, providers)
	for i := range l.system {
		l.system[i] = agents.None
	}
	return l
}

// widen makes room for more providers; what there was stays.
func (l *links) widen(practices, providers int) {
	if providers == l.providers {
		return
	}
	w := newLinks(practices, providers, float64(l.begin))
	for p := range practices {
		copy(w.phi[p*providers:], l.phi[p*l.providers:(p+1)*l.providers])
		copy(w.flow[p*providers:], l.flow[p*l.providers:(p+1)*l.providers])
		copy(w.last[p*providers:], l.last[p*l.providers:(p+1)*l.providers])
	}
	copy(w.internal, l.internal)
	copy(w.cross, l.cross)
	copy(w.wards, l.wards)
	copy(w.system, l.system)
	w.partner = l.partner
	*l = w
}

// practice is phi between a practice and a provider.
func (l *links) practice(practice, provider uint16) float32 {
	return l.phi[int(practice)*l.providers+int(provider)]
}

// between is phi between two providers, or two teams of one.
func (l *links) between(a, b uint16) float32 {
	switch {
	case a == b:
		return l.internal[a]
	case l.system[a] != agents.None && l.system[a] == l.system[b]:
		return min(l.cross[a], l.cross[b])
	}
	return l.begin
}

// within is phi between the clinic of a provider and its work in the theatres of a site, whoever owns it:
// its own team goes along.
func (l *links) within(provider uint16) float32 { return l.internal[provider] }

// social is phi between the wards of a provider and social care.
func (l *links) social(provider uint16) float32 { return l.wards[provider] }

// isPartner reports whether a practice's GPs belong to a group.
func (l *links) isPartner(practice, provider uint16) bool {
	for line := range int(place.Lines) {
		if l.partner[int(practice)*int(place.Lines)+line] == provider {
			return true
		}
	}
	return false
}

// referred counts a referral of a practice to a provider. Referrals are rare beside other events,
// and sums of whole numbers do not depend on order, so an atomic addition serves.
func (l *links) referred(practice, provider uint16) {
	atomic.AddInt32(&l.flow[int(practice)*l.providers+int(provider)], 1)
}

// growLinks moves every link by a quarter (ODD 7.4): invested links grow towards their ceiling, all
// lose something to turnover, virtual ones may break.
func (m *Model) growLinks() {
	c := &m.cfg.Integration
	decay := market.Decay(c.Turnover)
	grow := func(phi *float32, drive, overlap float64) {
		ceiling := market.Ceiling(c.Ceiling, c.Rivalry, overlap)
		*phi = float32(market.GrowLink(float64(*phi), drive, ceiling, decay, c.Start, .25))
	}
	scope := m.regime.scope
	m.parallel(len(m.practices), func(_, i int) {
		row := m.links.phi[i*m.links.providers : (i+1)*m.links.providers]
		for k := range row {
			if row[k] <= m.links.begin && !m.invests(i, k) {
				continue
			}
			drive, overlap := 0.0, 0.0
			if (scope.primary || m.regime.groups && scope.pathway) && m.invests(i, k) {
				drive, overlap = m.driveOf(i, k)
			}
			if m.breaks(c, i, k) {
				row[k] = m.links.begin
				continue
			}
			grow(&row[k], drive, overlap)
		}
	})
	for k := range m.providers {
		o := &m.providers[k]
		drive := 0.0
		if m.regime.integrates && o.Open {
			drive = m.drive(c, o)
		}
		inside, across, social := 0.0, 0.0, 0.0
		if scope.pathway {
			inside = drive
			if o.System != agents.None {
				across = drive
			}
		}
		if scope.social && o.System != agents.None {
			social = drive
		}
		grow(&m.links.internal[k], inside, 0)
		grow(&m.links.cross[k], across, 0)
		grow(&m.links.wards[k], social, 0)
	}
}

// invests reports whether anyone puts money into the link of a practice with a provider: its own
// group; or its system, in its own providers and in all others that its patients use.
func (m *Model) invests(practice, provider int) bool {
	if !m.regime.integrates || !m.providers[provider].Open {
		return false
	}
	if m.regime.groups {
		return m.links.isPartner(uint16(practice), uint16(provider))
	}
	s := m.practices[practice].System
	if s == agents.None {
		return false
	}
	return m.links.last[practice*m.links.providers+provider] > 0 || m.providers[provider].System == s
}

// driveOf is r L I S of a link, and the overlap of the patients of its parties if they are rivals. An
// alliance spreads its spending over links as its patients use them; a merged organisation works on
// its own links with all of it, and with others as far as its patients use them.
func (m *Model) driveOf(practice, provider int) (drive, overlap float64) {
	c := &m.cfg.Integration
	o := &m.providers[provider]
	if m.regime.groups {
		return m.drive(c, o), 0
	}
	s := m.practices[practice].System
	sys := &m.systems[s]
	share := 1.0
	if !m.regime.real || o.System != s { // one organisation works on its own links with all it has
		row := m.links.last[practice*m.links.providers : (practice+1)*m.links.providers]
		total := int32(0)
		for _, n := range row {
			total += n
		}
		if total > 0 {
			share = float64(row[provider]) / float64(total)
		} else if o.System != s {
			share = 0
		}
	}
	if m.regime.competes && o.System != s {
		overlap = m.overlapOf(s, o.System)
	}
	return market.Drive(*c, sys.Leadership, m.spendOf(sys)*share, sys.Support), overlap
}

// drive is r L I S of an organisation, or of the system that it belongs to.
func (m *Model) drive(c *configs.Integration, o *agents.Organisation) float64 {
	if o.System != agents.None {
		o = &m.systems[o.System]
	}
	return market.Drive(*c, o.Leadership, m.spendOf(o), o.Support)
}

// spendOf is what an organisation spends on integration, GBP a head and year: its budget for it,
// moved by its effort.
func (m *Model) spendOf(o *agents.Organisation) float64 { return o.Spend * (1 + o.Integrate) }

// overlapOf is how far two systems draw on the same people.
func (m *Model) overlapOf(a, b uint16) float64 {
	if a == agents.None || b == agents.None {
		return 0
	}
	return m.rivals[int(a)*len(m.systems)+int(b)]
}

// breaks draws whether a virtual link between different organisations breaks this quarter.
func (m *Model) breaks(c *configs.Integration, practice, provider int) bool {
	if m.regime.real && m.providers[provider].System == m.practices[practice].System || !m.regime.integrates || m.links.phi[practice*m.links.providers+provider] <= m.links.begin {
		return false
	}
	deficit := m.providers[provider].Failing > 0
	rng := m.seed.At(chance.Key2(chance.KeyString(m.place.Practices[practice].Code), m.providers[provider].Key), m.week, chance.Merger)
	return rng.Float64() < market.BreakProb(c.Break, deficit, c.BreakDeficit, .25)
}
