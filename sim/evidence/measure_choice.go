package evidence

import (
	"math"

	"coexist/sim"
	"coexist/sim/evidence/fit"
	"coexist/sim/place"
)

// Regions of England by code.
const (
	eastMidlands = "E12000004"
	eastAnglia   = "E12000006" // region of Cambridgeshire, Norfolk and Suffolk
	southWest    = "E12000009"
)

// choiceSpecs are how people choose practices and hospitals.
var choiceSpecs = []spec{
	{id: "A01", people: "East Midlands", weeks: "week 52", of: slope(0), why: "conditional logit of where people are registered, one slope for all, a constant for each practice, by maximum likelihood"},
	{id: "A04", people: "East Midlands", weeks: "week 52", of: slope(1), why: "the same logit: practice in another district (the study: another primary care trust)"},
	{id: "A07", people: "East Midlands, urban", weeks: "week 52", of: slope(2), why: "the same logit, urban areas alone"},
	{id: "A08", people: "East Midlands, rural", weeks: "week 52", of: slope(3), why: "the same logit, rural areas alone"},
	{id: "A11", people: "East Midlands", weeks: "week 52", of: listResponse, why: "longer list of a practice one SD better than it is, from the logit shares of the areas that it serves; mean of practices"},
	{id: "A28", people: "panel", weeks: "week 52", of: elasticity(func(d *sim.Demand) float64 { return d.RatingShift }), why: "demand of each service for 1 % more readmissions, all lines (the study: hips), weighted by demand"},
	{id: "A29", people: "panel", weeks: "week 52", of: elasticity(func(d *sim.Demand) float64 { return d.WaitShift }), why: "demand of each service for 1 % more wait, all lines (the study: hips), weighted by demand"},
	{id: "A39", people: "panel", weeks: "week 52", of: func(r *Run) (float64, bool) {
		return 100 * r.Demand.Wanted / r.Demand.Decisions, r.Demand.Decisions > 0
	}, why: "referrals with an offer, and those without one to the site that the person would have chosen without the GP's advice"},
	{id: "B02", people: "panel", weeks: "week 52", of: func(r *Run) (float64, bool) {
		return r.Demand.Surprise / r.Demand.Decisions, r.Demand.Decisions > 0
	}, why: "-ln of the sum of squared shares by trust of each person's predicted referrals, mean"},
	{id: "B03", weeks: "weeks 0-51", of: radiusMarket, why: "-ln HHI of patients served, by trust, of the sites within 30 km of each site; mean of sites (the source does not define its scope; by site it is higher)"},
	{id: "B15", weeks: "map of the run", of: alone, why: "sites with an emergency department from whose small area no other trust's site with surgery is within 30 minutes' drive"},
	{id: "B20", weeks: "map of the run", of: localMarket, why: "trusts with a site within 30 km of a trust's main site, mean"},
}

// slope estimates the logit of registration in the East Midlands: 0 the slope per km of all, 1 the
// border, 2 the slope of urban areas, 3 of rural ones.
func slope(which int) measure {
	return func(r *Run) (float64, bool) {
		groups := registrations(r, func(a *place.Area) bool {
			return a.Region == eastMidlands && (which < 2 || a.Rural == (which == 3))
		})
		slopes, ok := fit.Logit(groups, len(r.Place.Practices))
		switch {
		case !ok:
			return 0, false
		case which == 1:
			return slopes[1], true
		}
		return slopes[0], true
	}
}

// listResponse is the mean over practices of what one SD of quality adds to the list, in per cent.
func listResponse(r *Run) (float64, bool) {
	groups := registrations(r, func(a *place.Area) bool { return a.Region == eastMidlands })
	if _, ok := fit.Logit(groups, len(r.Place.Practices)); !ok {
		return 0, false
	}
	before, after := make([]float64, len(r.Place.Practices)), make([]float64, len(r.Place.Practices))
	e := math.Exp(r.Scenario.Choice.PracticeQuality)
	for _, options := range groups {
		people := 0.0
		for _, o := range options {
			people += o.Chosen
		}
		for _, o := range options {
			before[o.Kind] += people * o.Share
			after[o.Kind] += people * o.Share * e / (1 - o.Share + o.Share*e)
		}
	}
	sum, n := 0.0, 0.0
	for i := range before {
		if before[i] > 0 {
			sum += after[i]/before[i] - 1
			n++
		}
	}
	return 100 * sum / n, n > 0
}

// elasticity is per cent of demand for one per cent.
func elasticity(of func(*sim.Demand) float64) measure {
	return func(r *Run) (float64, bool) { return of(&r.Demand) / r.Demand.Decisions, r.Demand.Decisions > 0 }
}

// registrations lists, for each area that take lets pass, the practices nearest to it and who is registered there,
// for a logit of km and of a border between districts; nil where there are fewer than 50 areas.
func registrations(r *Run, take func(*place.Area) bool) (groups [][]fit.Option) {
	at := make([]int, len(r.Place.Areas)) // index + 1
	for i := range r.Place.Areas {
		a := &r.Place.Areas[i]
		if !take(a) {
			continue
		}
		var options []fit.Option
		for _, near := range r.Place.NearPractices[i] {
			border := 0.0
			if r.Place.Practices[near.Index].District != a.District {
				border = 1
			}
			options = append(options, fit.Option{Kind: int(near.Index), X: []float64{float64(near.Km), border}})
		}
		groups = append(groups, options)
		at[i] = len(groups)
	}
	if len(groups) < 50 {
		return nil
	}
	for _, g := range r.Registered {
		if at[g.Area] == 0 {
			continue
		}
		options := groups[at[g.Area]-1]
		for k := range options {
			if options[k].Kind == int(g.Practice) {
				options[k].Chosen += float64(g.People)
			}
		}
	}
	return groups
}
