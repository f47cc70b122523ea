package sim

import (
	"errors"
	"fmt"
	"math"

	"coexist/agents"
	"coexist/market"
	"coexist/sim/place"
)

// sound says what of a state that was read cannot be: an index of something that is not there, a list of a
// length that does not fit the others, a kind that does not exist, people or pence that do not add up. A
// checksum says that nothing has changed since it was made, not who made it.
func (m *Model) sound() error {
	x := &examiner{m: m}
	x.time()
	x.lists()
	x.practices()
	x.hospitals()
	x.organisations()
	x.authorities()
	x.accounts()
	if len(x.faults) == 0 { // people index what has been looked at by now
		by := make([]examiner, len(m.parts))
		m.parallel(len(m.parts), func(_, i int) {
			by[i].m = m
			by[i].part(i)
		})
		for i := range by {
			x.faults = append(x.faults, by[i].faults...)
		}
		x.queues()
	}
	if len(x.faults) == 0 {
		if err := m.Audit(); err != nil {
			x.fault("%w", err)
		}
	}
	return errors.Join(x.faults...)
}

// examiner gathers what is wrong with a state, up to maxFaults.
type examiner struct {
	m      *Model
	faults []error
}

const maxFaults = 8

func (x *examiner) fault(format string, args ...any) {
	if len(x.faults) < maxFaults {
		x.faults = append(x.faults, fmt.Errorf(format, args...))
	}
}

// index wants a number that points to one of n things.
func index[T uint8 | uint16 | uint32 | int32](x *examiner, got T, n int, what string, which int) {
	if int64(got) < 0 || int64(got) >= int64(n) {
		x.fault("%s %d has %d, want one of %d", what, which, got, n)
	}
}

// perhaps wants a number that points to one of n things, or None.
func (x *examiner) perhaps(got uint16, n int, what string, which int) {
	if got != agents.None {
		index(x, got, n, what, which)
	}
}

// length wants a list of a length.
func (x *examiner) length(what string, got, want int) {
	if got != want {
		x.fault("%d %s, want %d", got, what, want)
	}
}

// time looks at the weeks: all count from the start of the warm-up and fit 16 bits.
func (x *examiner) time() {
	m := x.m
	warm := int32(m.set.Config.Time.WarmupYears) * 52
	switch {
	case m.week < 0 || m.week > math.MaxInt16:
		x.fault("week %d, want 0 to %d", m.week, math.MaxInt16)
	case m.start < 0 || m.start > m.week:
		x.fault("a regime of week %d in week %d, want 0 to %d", m.start, m.week, m.week)
	case m.reference.Fixed != (m.week >= warm) && m.week != warm: // in the last week of the warm-up both are right
		x.fault("week %d with references fixed: %v, want them fixed after week %d", m.week, m.reference.Fixed, warm)
	}
}

// lists looks at the lengths of what has one element for each thing.
func (x *examiner) lists() {
	m, y := x.m, &x.m.year
	practices, providers, systems, services := len(m.practices), len(m.providers), len(m.systems), len(m.services)
	for _, l := range [...]struct {
		what      string
		got, want int
	}{
		{"practices", practices, len(m.place.Practices)}, {"hospital sites", len(m.sites), len(m.place.Hospitals)},
		{"commissioners", len(m.buyers), len(m.place.Districts)}, {"social care authorities", len(m.social), len(m.place.Districts)},
		{"sessions of GPs", len(m.sessions), len(m.gps)}, {"queues for clinics", len(m.clinics), services}, {"lists for treatment", len(m.lists), services},
		{"learners", len(m.learners), providers + systems}, {"learners of providers", int(m.taught), providers},
		{"overlaps of systems", len(m.rivals), systems * systems}, {"anchors of systems", len(m.regime.anchor), systems},
		{"counts by system", len(m.counts.system), systems + 1}, {"numbers of people at the start", len(m.initial), practices},
		{"providers of links", m.links.providers, providers}, {"links of practices", len(m.links.phi), practices * providers},
		{"links within providers", len(m.links.internal), providers}, {"links across providers", len(m.links.cross), providers},
		{"links with social care", len(m.links.wards), providers}, {"systems of providers", len(m.links.system), providers},
		{"flows of the year", len(m.links.flow), practices * providers}, {"flows of last year", len(m.links.last), practices * providers},
		{"referrals by service", len(y.flow), services}, {"referrals inside by service", len(y.inside), services},
		{"slots by service", len(y.slots), services}, {"last year's slots by service", len(y.lastSlots), services}, {"people served by service", len(y.seen), services},
		{"activities by provider", len(y.bills), providers * int(bills)}, {"activities by payer", len(y.payer), m.payers() * providers * int(bills)},
		{"handoffs by provider", len(y.handoffs), providers},
		{"failed handoffs by provider", len(y.failed), providers}, {"integrations by provider", len(y.phi), providers},
		{"costs of care by system", len(y.care), systems}, {"avoidable admissions by system", len(y.avoidable), systems + 1},
	} {
		x.length(l.what, l.got, l.want)
	}
	if n := len(m.links.partner); n != 0 {
		x.length("groups of practices", n, practices*int(place.Lines))
	}
	if r := &m.reference; r.Fixed {
		if r.Providers < 0 || r.Providers > providers {
			x.fault("references of %d providers, want 0 to %d", r.Providers, providers)
		}
		x.length("references of payers", len(r.Payer), len(m.buyers)*r.Providers*int(bills))
	}
}

// practices looks at practices, their GPs and the clinics at which these work.
func (x *examiner) practices() {
	m := x.m
	for i := range m.practices {
		p := &m.practices[i]
		if p.GPs < 1 || p.GPs > agents.MaxClinicians || p.FirstGP < 0 || int64(p.FirstGP)+int64(p.GPs) > int64(len(m.gps)) {
			x.fault("practice %d has %d GPs from %d on, want 1 to %d of %d", i, p.GPs, p.FirstGP, agents.MaxClinicians, len(m.gps))
		}
		index(x, p.District, len(m.buyers), "district of practice", i)
		x.perhaps(p.System, len(m.systems), "system of practice", i)
	}
	for i := range m.gps {
		index(x, m.gps[i].Practice, len(m.practices), "practice of GP", i)
	}
	for i, s := range m.sessions {
		x.perhaps(s.Service, len(m.services), "clinic of GP", i)
		index(x, s.Tenths, 11, "tenths of the week of GP", i)
	}
	for i, g := range m.links.partner {
		x.perhaps(g, len(m.providers), "group of practice and line", i)
	}
}

// hospitals looks at sites, services and specialists.
func (x *examiner) hospitals() {
	m := x.m
	for i := range m.sites {
		index(x, m.sites[i].Owner, len(m.providers), "owner of site", i)
		x.perhaps(m.sites[i].District, len(m.buyers), "district of site", i)
	}
	for i := range m.services {
		s := &m.services[i]
		index(x, s.Provider, len(m.providers), "provider of service", i)
		index(x, s.Site, len(m.sites), "site of service", i)
		index(x, s.Line, int(place.Lines), "line of service", i)
	}
	for i := range m.specialists {
		s := &m.specialists[i]
		index(x, s.Service, len(m.services), "service of specialist", i)
		if s.Second != -1 {
			index(x, s.Second, len(m.services), "second service of specialist", i)
		}
		index(x, s.Employer, len(m.providers), "employer of specialist", i)
		index(x, s.Line, int(place.Lines), "line of specialist", i)
		index(x, s.Tenths, 11, "tenths of the week of specialist", i)
	}
}

// organisations looks at providers, systems and the clinics that systems have planned.
func (x *examiner) organisations() {
	m := x.m
	for k, list := range [2][]agents.Organisation{m.providers, m.systems} {
		what := [2]string{"provider", "system"}[k]
		for i := range list {
			o := &list[i]
			index(x, o.Name, len(m.names), "name of "+what, i)
			index(x, uint8(o.Kind), int(agents.Entrant)+1, "kind of "+what, i)
			index(x, o.Line, int(place.Lines)+1, "line of "+what, i)
			x.perhaps(o.System, len(m.systems), "system of "+what, i)
			x.perhaps(o.Home, len(m.buyers), "district of "+what, i)
		}
	}
	for i, s := range m.links.system {
		x.perhaps(s, len(m.systems), "linked system of provider", i)
	}
	for i, a := range m.regime.anchor {
		x.perhaps(a, len(m.providers), "anchor of system", i)
	}
	for i, p := range m.planned {
		index(x, p.System, len(m.systems), "system of planned clinic", i)
		index(x, p.Line, int(place.Lines), "line of planned clinic", i)
	}
}

// authorities looks at social care.
func (x *examiner) authorities() {
	for i := range x.m.social {
		x.perhaps(x.m.social[i].System, len(x.m.systems), "system of social care authority", i)
	}
}

// accounts looks at who has which account of the ledger; Audit does the sums.
func (x *examiner) accounts() {
	m, n := x.m, len(x.m.ledger.Parties)
	if n <= int(partySupport) {
		x.fault("%d accounts, want more than %d", n, partySupport)
	}
	for i := range m.practices {
		index(x, m.practices[i].Party, n, "account of practice", i)
	}
	for i := range m.providers {
		index(x, m.providers[i].Party, n, "account of provider", i)
	}
	for i := range m.systems {
		index(x, m.systems[i].Party, n, "account of system", i)
	}
	for i := range m.buyers {
		index(x, m.buyers[i].Party, n, "account of commissioner", i)
	}
	for i := range m.social {
		index(x, m.social[i].Party, n, "account of social care authority", i)
	}
	for i := range m.rows.closing {
		t := &m.rows.closing[i]
		if t.Payer >= market.Roles || t.Payee >= market.Roles || t.Kind >= market.Kinds || t.Service >= market.Services {
			x.fault("posting %d of the closed year is of roles %d and %d, kind %d, service %d, want below %d, %d, %d, %d",
				i, t.Payer, t.Payee, t.Kind, t.Service, market.Roles, market.Roles, market.Kinds, market.Services)
		}
	}
}
