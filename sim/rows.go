package sim

import (
	"sync/atomic"

	"coexist/agents"
	"coexist/market"
	"coexist/sim/tables"
)

// yearRows hands out the organisations and flows of a year.
func (m *Model) yearRows() {
	if !m.reference.Fixed {
		return
	}
	year := (m.week + 1 - m.start) / 52
	full := func(n float64) int64 { return int64(floor(n/m.set.Sample + .5)) }
	row := func(o *agents.Organisation, phi float64) *tables.Organisation {
		p := &m.ledger.Parties[o.Party]
		m.rows.batch.Organisations = append(m.rows.batch.Organisations, tables.Organisation{Year: year, Organisation: m.names[o.Name],
			Kind: o.Kind.String(), Income: int64(p.Income), Expense: int64(p.Expense), Reserves: o.Reserves, Quality: o.Quality - m.cfg.Effort.Start,
			Integration: phi, EffortQ: o.Quality, EffortI: o.Integrate, EffortP: o.Prevent})
		return &m.rows.batch.Organisations[len(m.rows.batch.Organisations)-1]
	}
	for i := range m.providers {
		o := &m.providers[i]
		inside := false
		activity, staff := int64(0), int32(0)
		sites := map[uint16]bool{}
		for k := range m.services {
			if s := &m.services[k]; int(s.Provider) == i && s.Open {
				inside = inside || !s.Outside
				activity += m.year.seen[k]
				staff += s.Staff
				sites[s.Site] = true
			}
		}
		if !inside || !o.Open {
			continue
		}
		phi, ok := ratio(float64(m.year.phi[i])/65536, float64(m.year.handoffs[i]))
		if !ok {
			phi = 0
		}
		r := row(o, phi)
		r.Sites, r.Specialists, r.Activity = int32(len(sites)), staff, full(float64(activity))
		r.Enrolled = full(o.Demand)
	}
	for s := range m.systems {
		o := &m.systems[s]
		if !o.Open {
			continue
		}
		phi, n := 0.0, 0.0
		practices := int32(0)
		for i := range m.practices {
			if m.practices[i].System != uint16(s) {
				continue
			}
			practices++
			for k := range m.providers {
				if w := float64(m.links.flow[i*m.links.providers+k]); w > 0 {
					phi += float64(w * float64(m.links.practice(uint16(i), uint16(k))))
					n += w
				}
			}
		}
		mean, ok := ratio(phi, n)
		if !ok {
			mean = 0
		}
		r := row(o, mean)
		r.Practices, r.Enrolled = practices, full(float64(o.Enrolled))
	}
	m.flowRows(year)
	m.enrolmentRows(year)
}

// ledgerRow hands out what was posted between two roles in a quarter.
func (m *Model) ledgerRow(quarter int32, t market.Total) {
	row := tables.Ledger{Quarter: quarter, Payer: t.Payer.String(), Payee: t.Payee.String(), Contract: t.Kind.String(), Service: t.Service.String()}
	all := m.rows.batch.Ledger
	for i := len(all) - 1; i >= 0 && all[i].Quarter == quarter; i-- {
		if row.Pence = all[i].Pence; row == all[i] {
			all[i].Pence += int64(t.Amount)
			return
		}
	}
	row.Pence = int64(t.Amount)
	m.rows.batch.Ledger = append(all, row)
}

// closingRows hands out what was posted when the year was closed with the quarter that it ends, so that
// the last year of a run is whole too. It counts in the measures of the next quarter.
func (m *Model) closingRows() {
	if !m.reference.Fixed {
		return
	}
	m.rows.closing = m.ledger.Drain()
	for _, t := range m.rows.closing {
		m.ledgerRow((m.week+1-m.start)/13, t)
	}
}

// flowRows hands out who was referred through whom to where.
func (m *Model) flowRows(year int32) {
	for k := range m.services {
		s := &m.services[k]
		n, inside := m.year.flow[k], m.year.inside[k]
		base := tables.Flow{Year: year, From: m.place.Name, Through: m.names[m.providers[s.Provider].Name], To: m.place.Hospitals[s.Site].Code,
			Line: lineNames[s.Line]}
		if n-inside > 0 {
			base.Patients = n - inside
			m.rows.batch.Flows = append(m.rows.batch.Flows, base)
		}
		if inside > 0 {
			base.Inside, base.Patients = true, inside
			m.rows.batch.Flows = append(m.rows.batch.Flows, base)
		}
	}
}

// enrolmentRows hands out how many people of each area are enrolled in which system, as flows of the
// line "enrolment": the map of who is enrolled where.
func (m *Model) enrolmentRows(year int32) {
	if len(m.systems) == 0 || m.set.Tracked == 0 || int64(year) != m.cfg.Time.Years {
		return
	}
	n := len(m.systems)
	count := make([]int64, len(m.place.Areas)*n)
	for i := range m.parts {
		for k := range m.parts[i].people {
			if p := &m.parts[i].people[k]; p.Flags&agents.Alive != 0 && p.System != agents.None {
				count[int(p.Area)*n+int(p.System)]++
			}
		}
	}
	for k, c := range count {
		if c > 0 {
			m.rows.batch.Flows = append(m.rows.batch.Flows, tables.Flow{Year: year, From: m.place.Areas[k/n].Code,
				Through: m.names[m.systems[k%n].Name], Line: tables.LineEnrolment, Inside: true, Patients: c})
		}
	}
}

// expected is where the referrals of each area are expected to go, by controlling organisation: the
// flows from which the concentration of an area is measured, free of the luck of single referrals and
// of which of its people needed care. Sums are in millionths.
type expected struct {
	systems, controllers int
	sum                  []atomic.Int64 // by area and controller: systems, then providers
}

// newExpected makes room for the last year of a run of which people are handed out, as of enrolment;
// else it is nil.
func (m *Model) newExpected() *expected {
	if m.set.Tracked == 0 || int64((m.week+1-m.start)/52) != m.cfg.Time.Years {
		return nil
	}
	e := &expected{systems: len(m.systems), controllers: len(m.systems) + len(m.providers)}
	e.sum = make([]atomic.Int64, len(m.place.Areas)*e.controllers)
	return e
}

// add adds the probabilities of one standard referral, which weighs as much as its line is needed.
func (e *expected) add(area uint16, weight float64, set *options, now []standing) {
	if e == nil {
		return
	}
	row := e.sum[int(area)*e.controllers:]
	for k, o := range set.list {
		c := int(now[o.service].owner)
		if c >= firstProvider {
			c += e.systems - firstProvider
		}
		row[c].Add(micro(weight * set.p[k]))
	}
}

// expectedRows hands out, as flows of the line "expected", to whom 1,000 referrals from each area are
// expected to go.
func (m *Model) expectedRows(e *expected) {
	if e == nil {
		return
	}
	for a := range m.place.Areas {
		row, all := e.sum[a*e.controllers:(a+1)*e.controllers], int64(0)
		for c := range row {
			all += row[c].Load()
		}
		for c := range row {
			n := row[c].Load()
			if n = (1000*n + all/2) / max(all, 1); n == 0 {
				continue
			}
			o := &m.providers[max(c-e.systems, 0)]
			if c < e.systems {
				o = &m.systems[c]
			}
			m.rows.batch.Flows = append(m.rows.batch.Flows, tables.Flow{Year: int32(m.cfg.Time.Years), From: m.place.Areas[a].Code,
				Through: m.names[o.Name], Line: tables.LineExpected, Patients: n})
		}
	}
}

// Take returns the rows since the last call. Place, scenario, run and seed are the caller's to fill.
func (m *Model) Take() tables.Batch {
	b := m.rows.batch
	m.rows.batch = tables.Batch{}
	return b
}
