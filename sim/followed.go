package sim

import (
	"math/bits"
	"strings"

	"coexist/agents"
	"coexist/sim/tables"
)

// followedRows hands out one row for each person of the patients table. Those who died in the year are as
// they were then: a newborn may have their place.
func (m *Model) followedRows(year int32) {
	services := m.standings()
	for i := range m.parts {
		q := &m.parts[i]
		dead := map[uint64]*agents.Patient{}
		for k := range q.dead {
			dead[q.dead[k].ID] = &q.dead[k]
		}
		for k := range q.tracks {
			t := &q.tracks[k]
			p := &q.people[t.slot]
			if t.died {
				p = dead[t.id]
			}
			if p == nil || p.ID != t.id || p.Flags&agents.Tracked == 0 {
				continue
			}
			m.rows.batch.Patients = append(m.rows.batch.Patients, m.patientRow(p, t, services, year))
		}
	}
}

// patientRow is a year of one person. Undefined numbers are -1.
func (m *Model) patientRow(p *agents.Patient, t *track, services []standing, year int32) tables.Patient {
	area := &m.place.Areas[p.Area]
	c := continuityOf(p)
	now := *p
	m.refresh(&now, &m.signals.desk[p.Practice])
	perReferral := func(x float32) float64 {
		if t.referrals == 0 {
			return -1
		}
		return float64(x) / float64(t.referrals)
	}
	row := tables.Patient{
		Year: year, ID: hexadecimal(p.ID), Age: int32(p.Age(m.week)), Sex: [2]string{"male", "female"}[p.Sex()],
		Deprivation: int32(m.geo.decile[p.Area]) + 1, Fifth: int32(m.geo.decile[p.Area])/2 + 1, Rural: area.Rural, ICB: area.ICB,
		Conditions: m.conditionNames(p.Conditions), ConditionCount: int32(bits.OnesCount32(p.Conditions)), Control: float64(now.Control),
		Practice: m.place.Practices[p.Practice].Code, ListSize: int64(floor(float64(m.practices[p.Practice].Registered)/m.set.Sample + .5)),
		UPC: -1, COC: -1, SECON: -1, UPCOrganisation: -1, COCOrganisation: -1, SECONOrganisation: -1,
		GPContacts: int32(t.gp), NurseContacts: int32(t.nurse), Referrals: int32(t.referrals), Attendances: int32(t.attendances),
		AEVisits: int32(t.ae), Handoffs: int32(p.Handoffs), HandoffFailures: int32(t.failures), AvoidableEmergency: int32(t.avoidable),
		OtherEmergency: int32(t.emergencies), Elective: int32(t.elective), BedDays: int32(t.bedDays), Readmissions: int32(t.readmissions),
		Harm: int32(t.harm), WaitWeeks: -1, DistanceChosen: perReferral(t.chosen), DistanceNearest: perReferral(t.nearest),
		Alternatives: int32(t.alternatives), Switched: p.Flags&agents.Switched != 0, Died: t.died,
		CostHealth: m.costOf(t), CostSocial: t.social,
	}
	var b [basketKinds]int64
	m.decide(&m.workers[0].options, services, &b, p, nil)
	row.EffectiveOptions = float64(b[sumEffective]) / 1e6
	if p.System != agents.None {
		row.System = m.names[m.systems[p.System].Name]
	}
	if t.waits > 0 {
		row.WaitWeeks = float64(t.waited) / float64(t.waits)
	}
	if t.referrals > 0 {
		row.Alternatives /= int32(t.referrals)
	}
	if c.contacts >= 1 {
		row.UPC, row.UPCOrganisation = c.upc, 1
	}
	if c.contacts >= 2 {
		row.COC, row.SECON, row.COCOrganisation, row.SECONOrganisation = c.coc, c.secon, 1, 1
	}
	return row
}

// costOf is a year of health care of one person at reference prices, pence.
func (m *Model) costOf(t *track) int64 {
	p := &m.cfg.Payment
	pounds := float64(float64(t.gp)*p.GPContact) + float64(float64(t.nurse)*p.NurseContact) + float64(float64(t.attendances)*p.FirstAttendance) +
		float64(float64(t.elective)*p.DayCase) + float64(float64(t.avoidable+t.emergencies)*p.Emergency) + float64(float64(t.ae)*p.AEVisit)
	return int64(floor(float64(pounds*100) + .5))
}

// hexadecimal writes an identity as 16 digits.
func hexadecimal(id uint64) string {
	var b [16]byte
	for i := range b {
		b[i] = "0123456789abcdef"[id>>(60-4*i)&15]
	}
	return string(b[:])
}

// conditionNames joins the codes of conditions by +.
func (m *Model) conditionNames(set uint32) string {
	if s, ok := m.rows.conditions[set]; ok {
		return s
	}
	var names []string
	for k := range m.place.Health.Conditions {
		if set>>k&1 == 1 {
			names = append(names, m.place.Health.Conditions[k].Code)
		}
	}
	s := strings.Join(names, "+")
	if m.rows.conditions == nil {
		m.rows.conditions = map[uint32]string{}
	}
	m.rows.conditions[set] = s
	return s
}
