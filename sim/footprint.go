package sim

import (
	"unsafe"

	"coexist/agents"
	"coexist/configs"
	"coexist/sim/place"
)

// Footprint is what a world takes, in bytes.
type Footprint struct {
	World int64 // of one model in memory, with a year's queues and diaries
	Place int64 // what the place itself and its tables of distance take, shared by all models in it
	File  int64 // a snapshot of the model
}

// What a person has in queues and diaries on average, as measured in the status quo after its warm-up
// (TestFootprint holds it): the rest follows from the sizes of the structures.
const (
	leavesEach   = .0175 // leaves of diaries
	waitersEach  = .075  // places in queues
	outcomesEach = .018  // news from hospitals, a week
	grown        = 1.2   // room that slices which grow have beyond what they hold
)

// hazardBytes is what hazards take, for so many conditions: prevalence and onset of each by frailty, decile
// and age, and how illness lies at rest.
func hazardBytes(conditions int) int64 {
	return int64(frailties*10*101*conditions)*(4+8) + int64(conditions)*int64(unsafe.Sizeof(condition{})) +
		int64(unsafe.Sizeof(illness{})) + int64(unsafe.Sizeof(hazards{}))
}

// Estimate predicts what a world of some settings takes, without making it.
func Estimate(s Settings) Footprint {
	p, c := s.Place, &s.Config
	residents := 0.0
	for a := range p.Areas {
		residents += float64(p.Areas[a].Residents)
	}
	people := residents * s.Sample
	people *= 1 + float64(c.People.Growth/1000*float64(c.Time.Years+c.Time.WarmupYears)) // at the end
	var f Footprint
	f.Place = placeBytes(p)
	panel := panelOdds(&c.Measures, max(people, 1))
	tracked := min(float64(s.Tracked)/max(people, 1), 1)
	followed := people * (panel + tracked - float64(panel*tracked))
	state := float64(people * float64(unsafe.Sizeof(agents.Patient{})+2+4))
	each := float64(leavesEach*float64(unsafe.Sizeof(leaf{}))) + float64(waitersEach*float64(unsafe.Sizeof(agents.Waiter{}))) + float64(outcomesEach*float64(unsafe.Sizeof(outcome{})))
	state += float64(people * each)
	state += float64(followed * float64(unsafe.Sizeof(track{})))
	payers, providers, services := len(p.Districts), len(p.Trusts), 0
	for i := range p.Hospitals {
		for l := range place.Lines {
			if p.Hospitals[i].Offers(l) {
				services++
			}
		}
	}
	bill := int64(payers*providers*int(bills)) * 8
	links := int64(len(p.Practices)*providers) * (4 + 4 + 4)
	state += float64(int64(services)*int64(unsafe.Sizeof(agents.Service{})) + int64(len(p.Practices))*int64(unsafe.Sizeof(agents.Practice{})) + links + 3*bill)
	f.File = int64(state)
	f.World = int64(state) + int64(people*(grown-1)*(leavesEach*float64(unsafe.Sizeof(leaf{}))+waitersEach*float64(unsafe.Sizeof(agents.Waiter{})))) +
		int64(s.Workers)*(bill+int64(unsafe.Sizeof(worker{}))) + hazardBytes(len(p.Health.Conditions)) + reachBytes(p, c)
	return f
}

// placeBytes is what a place takes: areas, lists and reach.
func placeBytes(p *place.Place) int64 {
	n := int64(len(p.Areas))*int64(unsafe.Sizeof(p.Areas[0])+3*24) + int64(len(p.Practices))*int64(unsafe.Sizeof(p.Practices[0])) +
		int64(len(p.Hospitals))*int64(unsafe.Sizeof(p.Hospitals[0]))
	for a := range p.Areas {
		n += int64(cap(p.Lists[a]))*int64(unsafe.Sizeof(p.Lists[a][0])) + int64(cap(p.Reach[a])+cap(p.NearPractices[a]))*int64(unsafe.Sizeof(p.Reach[a][0]))
	}
	return n
}

// reachBytes is what a model tables for a place: services in reach of each area and line, practices to
// choose among, homes.
func reachBytes(p *place.Place, c *configs.Config) int64 {
	n := int64(0)
	for a := range p.Areas {
		n += int64(len(p.Lists[a])) * int64(unsafe.Sizeof(choice{})+2*unsafe.Sizeof(home{}))
		for l := range place.Lines {
			sites := int64(0)
			for _, near := range p.Reach[a] {
				if sites >= c.Choice.MaxOptions || float64(near.Minutes) > c.Choice.MaxMinutes && sites > 0 {
					break
				}
				if p.Hospitals[near.Index].Offers(l) {
					sites++
				}
			}
			n += sites*int64(unsafe.Sizeof(nearby{})) + 6
		}
	}
	return n
}
