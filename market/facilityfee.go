package market

import (
	"cmp"
	"slices"
)

// FacilityFee is the airport charge: those who treat in a hospital rent its slots.
type FacilityFee struct{}

// Pay returns, for the slots used in the week,
//
//	slots ((F - standby) / (slots of last year) + variable cost),
//
// so that a year like the last one pays the fixed cost F that no block covers, and the fee rises
// when users leave: if use falls by the share d, the fixed part rises by 1/(1-d) a year later. With
// no use last year there is nothing to divide by and only the variable cost is paid.
func (FacilityFee) Pay(a Activity, t Terms) Pence {
	fee := Pence(a.Slots) * t.SlotCost
	if a.SlotsLastYear > 0 {
		fee += Pence(mulDiv(int64(t.Facility-t.Standby), a.Slots, a.SlotsLastYear))
	}
	return fee
}

// AllocateSlots divides total slots among users by last year's use, after keeping the share of
// entrants back, and returns what is kept. Slots are whole: the largest remainders get one more,
// ties to the lower index, and what nobody used last year is kept too.
func AllocateSlots(last []int64, total int64, entrants float64) (slots []int64, kept int64) {
	slots = make([]int64, len(last))
	kept = min(int64(round(float64(float64(total)*entrants))), total)
	var used int64
	for _, n := range last {
		used += n
	}
	if used == 0 {
		return slots, total
	}
	free := total - kept
	type share struct {
		user      int
		remainder int64
	}
	rest, order := free, make([]share, len(last))
	for i, n := range last {
		slots[i] = free * n / used
		order[i] = share{i, free * n % used}
		rest -= slots[i]
	}
	slices.SortStableFunc(order, func(a, b share) int { return cmp.Compare(b.remainder, a.remainder) })
	for _, s := range order[:rest] {
		slots[s.user]++
	}
	return slots, kept
}

// FixedCost returns next year's fixed cost of a hospital that now has the fixed cost now, had
// reference at reference activity, and does activity times the reference. Fixed cost follows
// activity down by at most the share decline a year (beds close slowly), comes back with activity
// at once, and never exceeds the reference.
func FixedCost(now, reference, activity, decline float64) float64 {
	return min(max(float64(reference*activity), float64(now*(1-decline))), reference)
}
