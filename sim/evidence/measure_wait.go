package evidence

import (
	"slices"

	"coexist/sim"
)

// waitSpecs are waits from referral and from the decision to admit.
var waitSpecs = []spec{
	{id: "E26", why: "mean stay on a list since the decision to admit: people on lists over admissions a day (Little's law), at year ends", of: meanListed},
	{id: "E27", why: "median stay on a list: age at which half of those who joined have left, from the ages of the list at year ends", of: medianListed},
	{id: "E28", why: "median of completed waits from referral, admitted", of: waitQuantile(1, .5)},
	{id: "E29", why: "median of completed waits from referral, not admitted", of: waitQuantile(0, .5)},
	{id: "E31", why: "completed waits of at most 18 weeks, admitted", of: within18(1)},
	{id: "E32", why: "completed waits of at most 18 weeks, not admitted", of: within18(0)},
	{id: "E33", why: "people waiting for a clinic, tests or admission at year ends", of: waiting},
}

func (r *Run) waits(admitted int) (bins [sim.WaitBins]float64, sum float64) {
	for y := firstYear; y <= min(lastYear, len(r.Past)); y++ {
		for k, n := range r.Past[y-1].Waits[admitted] {
			bins[k] += n
			sum += n
		}
	}
	return bins, sum
}

func waitQuantile(admitted int, q float64) measure {
	return func(r *Run) (float64, bool) {
		bins, sum := r.waits(admitted)
		seen := 0.0
		for k, n := range bins {
			if n > 0 && seen+n >= q*sum {
				return float64(k) + (q*sum-seen)/n, true
			}
			seen += n
		}
		return 0, false
	}
}

func within18(admitted int) measure {
	return func(r *Run) (float64, bool) {
		bins, sum := r.waits(admitted)
		in := 0.0
		for _, n := range bins[:18] {
			in += n
		}
		return 100 * in / sum, sum > 0
	}
}

func waiting(r *Run) (float64, bool) {
	sum := 0.0
	for y := firstYear; y <= lastYear; y++ {
		s := r.State[y-1]
		for k := range s.Clinic {
			sum += s.Clinic[k] + s.Tests[k] + s.List[k]
		}
	}
	return sum / (lastYear - firstYear + 1) / r.Sample / residents(r.Place) * people2011, true
}

// listed returns how many people are on lists by weeks since they joined, mean over year ends, and how many
// join in a week: both crude, as the lists are.
func (r *Run) listed() (list [sim.WaitBins]float64, aWeek float64) {
	for y := firstYear; y <= lastYear; y++ {
		for k, n := range r.State[y-1].Listed {
			list[k] += n / (lastYear - firstYear + 1)
		}
		for b := range r.Past[y-1].Band {
			aWeek += fromLists(&r.Past[y-1].Band[b]) / 52 / (lastYear - firstYear + 1)
		}
	}
	return list, aWeek
}

func meanListed(r *Run) (float64, bool) {
	list, aWeek := r.listed()
	sum := 0.0
	for _, n := range list {
		sum += n
	}
	return 7 * (sum/aWeek + .5), aWeek > 0 // those admitted within a week of joining waited half of it
}

// medianListed takes the number who joined so many weeks ago and are still on the list, over those
// who join in a week, for the share who wait at least so long.
func medianListed(r *Run) (float64, bool) {
	list, aWeek := r.listed()
	before := 1.0
	for k := 1; k < len(list); k++ {
		left := list[k] / aWeek
		if left <= .5 {
			return 7 * (float64(k-1) + (before-.5)/max(before-left, 1e-9)), aWeek > 0
		}
		before = left
	}
	return 0, false
}

// quantile is a quantile of a list by linear interpolation; the list is sorted.
func quantile(v []float64, q float64) float64 {
	slices.Sort(v)
	at := q * float64(len(v)-1)
	k := min(int(at), len(v)-2)
	if k < 0 {
		return v[0]
	}
	return v[k] + (at-float64(k))*(v[k+1]-v[k])
}
