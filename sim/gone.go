package sim

import (
	"math/bits"
	"slices"

	"coexist/agents"
)

// departed are the people who died this week while they waited: sorted identities, and a filter by the
// first bits of an identity that tells most others apart without a search.
type departed struct {
	ids    []uint64
	filter []uint64 // a power of two of words, one or more a person
	shift  int      // of an identity to its bit of the filter
}

// gone gathers those who died this week while they waited, and begins the next week's list.
func (m *Model) gone() *departed {
	d := &departed{}
	for i := range m.parts {
		d.ids = append(d.ids, m.parts[i].gone...)
		m.parts[i].gone = m.parts[i].gone[:0]
	}
	slices.Sort(d.ids)
	size := max(bits.Len(uint(len(d.ids))), 1)
	d.filter, d.shift = make([]uint64, 1<<size), 64-6-size
	for _, id := range d.ids {
		d.filter[id>>d.shift>>6] |= 1 << (id >> d.shift & 63)
	}
	return d
}

// holds reports whether a person is among them.
func (d *departed) holds(id uint64) bool {
	if bit := id >> d.shift; d.filter[bit>>6]>>(bit&63)&1 == 0 {
		return false
	}
	_, found := slices.BinarySearch(d.ids, id)
	return found
}

// strike takes the dead off the queues of a chunk of sites, so that they neither make others wait nor
// take their slots.
func (m *Model) strike(t *treatment, chunk int, gone *departed) {
	t.left = [2]int{}
	if len(gone.ids) == 0 {
		return
	}
	for _, service := range m.signals.byChunk[chunk] {
		for k, queue := range [2]*[]agents.Waiter{&m.clinics[service], &m.lists[service]} {
			*queue = slices.DeleteFunc(*queue, func(w agents.Waiter) bool {
				if !gone.holds(w.ID) {
					return false
				}
				if k == 1 || int32(w.Referred) != m.week { // who was referred this week had not come to wait
					t.left[k]++
				}
				return true
			})
		}
	}
}
