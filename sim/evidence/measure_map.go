package evidence

import (
	"math"

	"coexist/sim/place"
)

// mapSpecs are distances between the people of a run and the care around them.
var mapSpecs = []spec{
	{id: "A14", people: "East of England", weeks: "week 52", of: onePractice, why: "people of small areas in which 95 % are registered with one practice (no branch surgeries on the map)"},
	{id: "A15", people: "South West", weeks: "week 52", of: nearGP(1.0), why: "people by home area, straight line to the nearest practice (main sites only)"},
	{id: "A16", people: "South West", weeks: "week 52", of: nearGP(4.4), why: "people by home area, straight line to the nearest practice (main sites only)"},
	{id: "A17", people: "South West", weeks: "week 52", of: nearHospital(5.4), why: "people by home area, straight line to the nearest general hospital with an emergency department"},
	{id: "A18", people: "South West", weeks: "week 52", of: nearHospital(11.6), why: "people by home area, straight line to the nearest general hospital with an emergency department"},
	{id: "A19", people: "South West", weeks: "week 52", of: nearHospital(19), why: "people by home area, straight line to the nearest general hospital with an emergency department"},
	{id: "A20", people: "South West", weeks: "week 52", of: drive(20.5), why: "people by home area, minutes by car to the nearest general hospital with an emergency department"},
	{id: "A21", people: "practices", weeks: "map of the run", of: practiceToHospital, why: "straight line from a practice to the nearest acute hospital, mean"},
}

func residents(p *place.Place) float64 {
	n := 0.0
	for i := range p.Areas {
		n += float64(p.Areas[i].Residents)
	}
	return n
}

// among is the share of the people of a region whose home area passes, in per cent.
func (r *Run) among(region string, pass func(area int) bool) (float64, bool) {
	in, all := 0.0, 0.0
	for _, g := range r.Registered {
		if r.Place.Areas[g.Area].Region != region {
			continue
		}
		all += float64(g.People)
		if pass(int(g.Area)) {
			in += float64(g.People)
		}
	}
	return 100 * in / all, all > 0
}

func nearGP(km float64) measure {
	return func(r *Run) (float64, bool) {
		return r.among(southWest, func(a int) bool {
			near := r.Place.NearPractices[a]
			return len(near) > 0 && float64(near[0].Km) <= km
		})
	}
}

func metres(e1, n1, e2, n2 float64) float64 { return math.Hypot(e1-e2, n1-n2) }

func nearHospital(km float64) measure {
	return func(r *Run) (float64, bool) {
		return r.among(southWest, func(a int) bool {
			area := &r.Place.Areas[a]
			for i := range r.Place.Hospitals {
				h := &r.Place.Hospitals[i]
				if h.General() && metres(area.Easting, area.Northing, h.Easting, h.Northing) <= 1000*km {
					return true
				}
			}
			return false
		})
	}
}

func drive(minutes float64) measure {
	return func(r *Run) (float64, bool) {
		return r.among(southWest, func(a int) bool {
			for _, near := range r.Place.Reach[a] {
				if r.Place.Hospitals[near.Index].General() {
					return float64(near.Minutes) <= minutes
				}
			}
			return false
		})
	}
}

func onePractice(r *Run) (float64, bool) {
	most, sum := map[uint16]float64{}, map[uint16]float64{}
	for _, g := range r.Registered {
		if r.Place.Areas[g.Area].Region == eastAnglia {
			sum[g.Area] += float64(g.People)
			most[g.Area] = max(most[g.Area], float64(g.People))
		}
	}
	return r.among(eastAnglia, func(a int) bool { return most[uint16(a)] >= .95*sum[uint16(a)] })
}

func practiceToHospital(r *Run) (float64, bool) {
	sum, n := 0.0, 0.0
	for i := range r.Place.Practices {
		p := &r.Place.Practices[i]
		least := math.Inf(1)
		for k := range r.Place.Hospitals {
			if h := &r.Place.Hospitals[k]; h.General() {
				least = min(least, metres(p.Easting, p.Northing, h.Easting, h.Northing))
			}
		}
		if !math.IsInf(least, 1) {
			sum += least / 1000
			n++
		}
	}
	return sum / n, n > 0
}

// marketKm is the radius of a market of the studies, km.
const marketKm = 30

func radiusMarket(r *Run) (float64, bool) {
	sum, n := 0.0, 0.0
	served := r.Past[0].Served
	for i := range r.Place.Hospitals {
		h := &r.Place.Hospitals[i]
		if !h.General() || h.Outside {
			continue
		}
		by, all := make([]float64, len(r.Place.Trusts)), 0.0
		for k := range r.Place.Hospitals {
			o := &r.Place.Hospitals[k]
			if o.General() && metres(h.Easting, h.Northing, o.Easting, o.Northing) <= 1000*marketKm {
				by[o.Trust] += served[k]
				all += served[k]
			}
		}
		hhi := 0.0
		for _, x := range by {
			hhi += x / all * x / all
		}
		if all > 0 {
			sum -= math.Log(hhi)
			n++
		}
	}
	return sum / n, n > 0
}

// alone is the share of general sites without another trust's surgical site within 30 minutes, in per cent.
func alone(r *Run) (float64, bool) {
	lone, n := 0.0, 0.0
	for i := range r.Place.Hospitals {
		h := &r.Place.Hospitals[i]
		if !h.General() || h.Outside {
			continue
		}
		area, least := -1, math.Inf(1)
		for a := range r.Place.Areas {
			if d := metres(h.Easting, h.Northing, r.Place.Areas[a].Easting, r.Place.Areas[a].Northing); d < least {
				area, least = a, d
			}
		}
		rival := false
		for _, near := range r.Place.Reach[area] {
			o := &r.Place.Hospitals[near.Index]
			rival = rival || o.Offers(place.Surgery) && o.Trust != h.Trust && near.Minutes <= 30
		}
		n++
		if !rival {
			lone++
		}
	}
	return 100 * lone / n, n > 0
}

// localMarket is how many trusts have a general site within the radius of a trust's largest, itself
// included: mean of trusts.
func localMarket(r *Run) (float64, bool) {
	main := make([]*place.Hospital, len(r.Place.Trusts))
	for i := range r.Place.Hospitals {
		h := &r.Place.Hospitals[i]
		if h.General() && (main[h.Trust] == nil || h.Beds > main[h.Trust].Beds) {
			main[h.Trust] = h
		}
	}
	sum, n := 0.0, 0.0
	for _, h := range main {
		if h == nil || h.Outside {
			continue
		}
		in := map[uint16]bool{}
		for k := range r.Place.Hospitals {
			o := &r.Place.Hospitals[k]
			if o.General() && metres(h.Easting, h.Northing, o.Easting, o.Northing) <= 1000*marketKm {
				in[o.Trust] = true
			}
		}
		sum += float64(len(in))
		n++
	}
	return sum / n, n > 0
}
