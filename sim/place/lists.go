package place

import (
	"errors"
	"math"
	"slices"
)

// Utility of a practice to a resident (Santos, Gravelle and Propper 2017: evidence rows A07, A08
// and A04).
const (
	urbanPerKm  = -.873
	ruralPerKm  = -.671
	otherBorder = -.88 // the practice stands in another district
)

// Registration. Assumptions, chosen so that lists fit.
const (
	considered = 15   // nearest practices that a resident considers,
	farthest   = 25e3 // as far as this many m; the nearest always
	catchment  = 3    // a practice is considered in its nearest areas until they have this many times its list
	leastShare = .005 // smaller shares are dropped
	listFit    = .005 // fitted when every list is within this part of its target
	fitRounds  = 400  // at most; a list that the residents around cannot fill never fits

	shareUnits = 1 << 16 // shares are multiples of 1/shareUnits
)

// choiceSet is an area's practices with weights: exp of the utility, and once fitted the share.
type choiceSet struct {
	practice []uint16
	weight   []float64
}

// register fills Lists: the share of an area's residents at each practice, by a conditional logit
// over the practices around with one constant for each practice, fitted so that its predicted
// list is its List scaled by one factor to the residents of the place: delta +=
// ln(target/predicted), here as a product of exp(delta). Shares below half a per cent are dropped
// and the rest fitted again. Then List and GPs are set from shares x residents.
//
// Distances are compared in whole metres, exp is portable and shares are rounded to multiples of
// 2^-16, so every processor gives the same lists. An error means that a practice has no area.
func (p *Place) register() error {
	residents, listed := 0.0, 0.0
	for i := range p.Areas {
		residents += float64(p.Areas[i].Residents)
	}
	for i := range p.Practices {
		listed += float64(p.Practices[i].List)
	}
	target := make([]float64, len(p.Practices))
	for i := range target {
		target[i] = float64(p.Practices[i].List) * (residents / listed)
	}
	sets := p.choiceSets(target)
	p.fit(sets, target)
	for i := range sets {
		s := &sets[i]
		kept, least := 0, leastOf(s.weight)
		for j, share := range s.weight {
			if share >= least {
				s.practice[kept], s.weight[kept] = s.practice[j], share
				kept++
			}
		}
		s.practice, s.weight = s.practice[:kept], s.weight[:kept]
	}
	p.fit(sets, target)
	p.Lists = make([][]Share, len(p.Areas))
	var slab []Share
	var units []int64
	for i := range sets {
		units = wholeShares(sets[i].weight, units)
		if cap(slab)-len(slab) < len(units) {
			slab = make([]Share, 0, max(len(units), slabSize))
		}
		start := len(slab)
		for j, u := range units {
			if u > 0 {
				slab = append(slab, Share{sets[i].practice[j], float32(u) / shareUnits})
			}
		}
		p.Lists[i] = slab[start:len(slab):len(slab)]
	}
	return p.setLists()
}

// choiceSets returns the practices that the residents of each area consider: the 15 nearest, and
// for the sake of large practices each practice also in the areas around it.
func (p *Place) choiceSets(target []float64) []choiceSet {
	perKm := func(a *Area) float64 {
		if a.Rural {
			return ruralPerKm
		}
		return urbanPerKm
	}
	sets := make([]choiceSet, len(p.Areas))
	nearestKm := make([]float64, len(p.Areas)) // taken off as a constant of the area, so that exp cannot vanish
	add := func(i, practice int, m2 int64) {
		a := &p.Areas[i]
		v := float64(perKm(a) * (kilometres(m2) - nearestKm[i]))
		if p.Practices[practice].District != a.District {
			v += otherBorder
		}
		sets[i].practice = append(sets[i].practice, uint16(practice))
		sets[i].weight = append(sets[i].weight, exp(v))
	}
	practices := newNearest(len(p.Practices), func(i int) (float64, float64) { return p.Practices[i].Easting, p.Practices[i].Northing })
	var found []neighbour
	for i := range p.Areas {
		found = practices.find(p.Areas[i].Easting, p.Areas[i].Northing, considered, found)
		nearestKm[i] = kilometres(found[0].m2)
		for j, n := range found {
			if j == 0 || n.m2 <= farthest*farthest {
				add(i, n.index, n.m2)
			}
		}
	}
	areas := newNearest(len(p.Areas), func(i int) (float64, float64) { return p.Areas[i].Easting, p.Areas[i].Northing })
	residents := 0.0
	for i := range p.Areas {
		residents += float64(p.Areas[i].Residents)
	}
	for q := range p.Practices {
		want := 1 + int(catchment*target[q]/(residents/float64(len(p.Areas))))
		found = areas.find(p.Practices[q].Easting, p.Practices[q].Northing, want, found)
		for _, n := range found {
			if n.m2 <= farthest*farthest && !slices.Contains(sets[n.index].practice, uint16(q)) {
				add(n.index, q, n.m2)
			}
		}
	}
	// One stretch of memory each, for fit walks through them hundreds of times.
	practice, weight := make([]uint16, 0, 16*len(sets)), make([]float64, 0, 16*len(sets))
	for i := range sets {
		start := len(practice)
		practice, weight = append(practice, sets[i].practice...), append(weight, sets[i].weight...)
		sets[i] = choiceSet{practice[start:], weight[start:]}
	}
	return sets
}

// fit multiplies the weights of each practice by a constant until the predicted lists are within
// listFit of target, or for fitRounds; the weights of an area are then its shares. A round
// takes one and a half times the plain step ln(target/predicted), which needs fewer of them.
func (p *Place) fit(sets []choiceSet, target []float64) {
	constant := make([]float64, len(target))
	for i := range constant {
		constant[i] = 1
	}
	predicted := make([]float64, len(target))
	for round := 0; ; round++ {
		clear(predicted)
		for i := range sets {
			s := &sets[i]
			sum := 0.0
			for j, q := range s.practice {
				sum += float64(s.weight[j] * constant[q])
			}
			scale := float64(p.Areas[i].Residents) / sum
			for j, q := range s.practice {
				predicted[q] += float64(float64(s.weight[j]*constant[q]) * scale)
			}
		}
		worst := 0.0
		for q := range target {
			worst = max(worst, math.Abs(predicted[q]/target[q]-1))
		}
		if worst <= listFit || round == fitRounds {
			break
		}
		for q := range target {
			// Bounded, for a list that cannot be filled raises its constant in every round.
			ratio := target[q] / predicted[q]
			constant[q] = min(max(constant[q]*ratio*math.Sqrt(ratio), 1e-100), 1e100)
		}
	}
	for i := range sets {
		s := &sets[i]
		sum := 0.0
		for j, q := range s.practice {
			s.weight[j] = float64(s.weight[j] * constant[q]) // converted, so that no sum fuses with it
			sum += s.weight[j]
		}
		for j := range s.weight {
			s.weight[j] /= sum
		}
	}
}

// leastOf returns the smallest share that is kept of an area's: half a per cent, or the largest
// share where that is smaller still.
func leastOf(shares []float64) float64 { return min(leastShare, slices.Max(shares)) }

// wholeShares returns shares in units of 2^-16 that sum to one exactly: those below half a per
// cent are 0, the rest rounded by largest remainder, ties to the earlier.
func wholeShares(shares []float64, units []int64) []int64 {
	kept, least := 0.0, leastOf(shares)
	for _, s := range shares {
		if s >= least {
			kept += s
		}
	}
	units = units[:0]
	left := int64(shareUnits)
	for _, s := range shares {
		u := int64(0)
		if s >= least {
			u = int64(s / kept * shareUnits)
		}
		units = append(units, u)
		left -= u
	}
	for ; left > 0; left-- {
		best, most := -1, -2.0
		for j, s := range shares {
			if s < least {
				continue
			}
			if rest := float64(s/kept*shareUnits) - float64(units[j]); rest > most {
				best, most = j, rest
			}
		}
		units[best]++
	}
	return units
}

// setLists sets List from shares x residents, in whole patients that sum to the residents (largest
// remainder, ties to the earlier), and GPs from List.
func (p *Place) setLists() error {
	exact := make([]int64, len(p.Practices)) // in 2^-16 patients
	residents := int64(0)
	for i := range p.Areas {
		n := int64(p.Areas[i].Residents)
		residents += n
		for _, s := range p.Lists[i] {
			exact[s.Practice] += n * int64(s.Share*shareUnits)
		}
	}
	order := make([]int, len(exact))
	for i, x := range exact {
		order[i] = i
		p.Practices[i].List = int32(x / shareUnits)
		residents -= x / shareUnits
	}
	slices.SortFunc(order, func(a, b int) int {
		if d := exact[b]%shareUnits - exact[a]%shareUnits; d != 0 {
			return int(d)
		}
		return a - b
	})
	for _, i := range order[:residents] {
		p.Practices[i].List++
	}
	for i := range p.Practices {
		r := &p.Practices[i]
		if r.List == 0 {
			return errors.New("practice " + r.Code + " has no residents in reach, want at least one")
		}
		r.GPs = uint8(min(max((r.List+patientsPerGP/2)/patientsPerGP, 1), maxGPs))
	}
	return nil
}
