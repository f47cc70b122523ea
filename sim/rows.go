package sim

import (
	"cmp"
	"slices"
	"sync"

	"coexist/agents"
	"coexist/market"
	"coexist/sim/place"
	"coexist/sim/tables"
)

// yearRows hands out the organisations and flows of a year.
func (m *Model) yearRows() {
	if !m.reference.Fixed {
		return
	}
	year := m.elapsed() / 52
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
		m.ledgerRow(m.elapsed()/13, t)
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

// expected is where the referrals of each area are expected to go, by specialty and controlling
// organisation: the flows from which the concentration of an area is measured, free of the luck of
// single referrals and of which of its people needed care.
type expected struct {
	lock [64]sync.Mutex // of areas by number
	sum  [][]flowTo     // by area and line
}

// flowTo is a sum of probabilities of going to a controller, in millionths: their order does not matter.
type flowTo struct {
	controller int32
	n          int64
}

// newExpected makes room for the last year of a run of which people are handed out, as of enrolment;
// else it is nil.
func (m *Model) newExpected() *expected {
	if m.set.Tracked == 0 || int64(m.elapsed()/52) != m.cfg.Time.Years {
		return nil
	}
	return &expected{sum: make([][]flowTo, len(m.place.Areas)*int(place.Lines))}
}

// add adds the probabilities of one standard referral.
func (e *expected) add(area uint16, line uint8, set *options, now []standing) {
	if e == nil {
		return
	}
	lock := &e.lock[int(area)%len(e.lock)]
	lock.Lock()
	defer lock.Unlock()
	row := &e.sum[int(area)*int(place.Lines)+int(line)]
	for k, o := range set.list {
		to := now[o.service].owner
		i := 0
		for i < len(*row) && (*row)[i].controller != to {
			i++
		}
		if i == len(*row) {
			*row = append(*row, flowTo{controller: to})
		}
		(*row)[i].n += micro(set.p[k])
	}
}

// concentrationRows hands out, as flows of the line "concentration", how concentrated the expected care
// of each area is: the index by controlling organisation within a specialty, mean over specialties by how
// often they are needed, and who has the largest part.
func (m *Model) concentrationRows(e *expected) {
	if e == nil {
		return
	}
	for a := range m.place.Areas {
		index, weight := 0.0, 0.0
		to := map[int32]float64{}
		best, most := int32(-1), 0.0
		for l := range int(place.Lines) {
			row, all := e.sum[a*int(place.Lines)+l], int64(0)
			slices.SortFunc(row, func(x, y flowTo) int { return cmp.Compare(x.controller, y.controller) })
			for _, f := range row {
				all += f.n
			}
			if all == 0 {
				continue
			}
			weight += lineShare[l]
			for _, f := range row {
				share := float64(f.n) / float64(all)
				index += float64(lineShare[l] * float64(share*share))
				to[f.controller] += float64(lineShare[l] * share)
				if n := to[f.controller]; n > most || n == most && f.controller < best {
					best, most = f.controller, n
				}
			}
		}
		if best < 0 {
			continue
		}
		name := ""
		if best < firstProvider {
			name = m.names[m.systems[best].Name]
		} else {
			name = m.names[m.providers[best-firstProvider].Name]
		}
		m.rows.batch.Flows = append(m.rows.batch.Flows, tables.Flow{Year: int32(m.cfg.Time.Years), From: m.place.Areas[a].Code,
			Through: name, Line: tables.LineConcentration, Patients: int64(floor(1000*index/weight + .5))})
	}
}

// Take returns the rows since the last call. Place, scenario, run and seed are the caller's to fill.
func (m *Model) Take() tables.Batch {
	b := m.rows.batch
	m.rows.batch = tables.Batch{}
	return b
}
