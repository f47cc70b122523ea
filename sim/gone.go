package sim

import (
	"math/bits"
	"slices"
)

// idSet is a set of identities: sorted, each once, with a filter by the first bits of an identity that tells
// most others apart without a search.
type idSet struct {
	ids    []uint64
	filter []uint64 // a power of two of words, one or more for each
	shift  uint     // of an identity to its bit of the filter
}

// newIDSet makes a set of a list, which it takes over.
func newIDSet(ids []uint64) *idSet {
	slices.Sort(ids)
	ids = slices.Compact(ids)
	size := max(bits.Len(uint(len(ids))), 1)
	s := &idSet{ids: ids, filter: make([]uint64, 1<<size), shift: uint(64 - 6 - size)}
	for _, id := range ids {
		s.filter[id>>s.shift>>6] |= 1 << (id >> s.shift & 63)
	}
	return s
}

// mayHold says whether the filter lets an identity pass: if not, the set does not hold it.
func (s *idSet) mayHold(id uint64) bool {
	bit := id >> (s.shift & 63)
	return s.filter[bit>>6]>>(bit&63)&1 != 0
}

// find returns the place of an identity in the set, if it is there.
func (s *idSet) find(id uint64) (int, bool) {
	if !s.mayHold(id) {
		return 0, false
	}
	return slices.BinarySearch(s.ids, id)
}

// gone gathers those who died this week while they waited, and begins the next week's list.
func (m *Model) gone() *idSet {
	var ids []uint64
	for i := range m.parts {
		ids = append(ids, m.parts[i].gone...)
		m.parts[i].gone = m.parts[i].gone[:0]
	}
	return newIDSet(ids)
}
