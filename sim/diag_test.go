package sim

import (
	"fmt"
	"math/bits"
)

func (m *Model) Diag() {
	var k, l, a, la, q, ql, w, lw, vol float64
	for i := range m.services {
		s := &m.services[i]
		if !s.Open {
			continue
		}
		k += s.Clinic
		l += s.List
		a += s.Arrivals
		la += s.ListArrivals
		q += float64(len(m.clinics[i]))
		ql += float64(len(m.lists[i]))
		w += s.ClinicWait * s.Clinic
		lw += s.ListWait * s.List
		vol += s.Volume
	}
	exp, pop := 0.0, 0.0
	var con, num [11]float64
	for i := range m.parts {
		for j := range m.parts[i].people {
			p := &m.parts[i].people[j]
			if p.Flags&1 != 0 {
				pop++
				con[p.Age(m.week)/10] += float64(bits.OnesCount32(p.Conditions))
				num[p.Age(m.week)/10]++
				exp += m.place.Health.Death[p.Sex()][p.Age(m.week)]
			}
		}
	}
	fmt.Printf("week %d clinic K %.1f arr %.1f queue %.0f wait %.1f | list K %.1f arr %.1f queue %.0f wait %.1f | displaced %d | expected death/1000 %.2f\n", m.week, k, a, q, w/k, l, la, ql, lw/l, m.year.displaced, 1000*exp/pop)
	var occ, beds, dem, cap, back float64
	for i := range m.sites {
		occ += m.sites[i].Mean * m.sites[i].Beds
		beds += m.sites[i].Beds
	}
	for i := range m.practices {
		dem += m.practices[i].Mean
		cap += m.practices[i].Capacity
		back += m.practices[i].Backlog
	}
	fmt.Printf("   occ %.3f fb %.2f | gp demand/cap %.3f backlog/cap %.3f\n", occ/beds, m.reference.Beds, dem/cap, back/cap)
	for a := range con {
		fmt.Printf(" %.3f", con[a]/num[a])
	}
	fmt.Println()
	for d := range m.buyers {
		fmt.Printf(" ratio %.3f", m.buyers[d].Ratio)
	}
	fmt.Println()
}
