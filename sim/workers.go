package sim

import (
	"sync"
	"sync/atomic"

	"coexist/agents"
)

// kind is what is counted by group of people.
type kind uint8

// The counts.
const (
	gpContacts kind = iota
	nurseContacts
	badContacts
	missed
	referrals
	bypasses
	firsts
	followUps
	nonAttendances
	dayCases
	inpatients
	otherAdmissions
	avoidableEmergencies
	otherEmergencies
	readmissions
	aeVisits
	bedDays
	delayedDays
	socialCases
	handoffs
	failures
	duplicates
	harms
	episodes
	pathways
	insidePathways
	uncovered
	onsets
	births
	arrivals
	deaths
	moves
	practiceSwitches
	systemSwitches
	personWeeks
	otherReferrals // of the referrals, those that no GP made
	emergencyDays  // of the bed days, those of emergency stays
	kinds          // number of them
)

const (
	ageBands = 4                    // 0-15, 16-64, 65-84, 85 and over
	ranks    = 6                    // of deprivation: the two most deprived tenths, then the other fifths
	cells    = 2 * ranks * ageBands // rurality, rank of deprivation, age band
	waitBins = 80                   // weeks from referral to treatment, the last open
)

// rankOf is the rank of a national tenth of deprivation, 0 the most deprived.
func rankOf(tenth int) uint8 {
	if tenth < 2 {
		return uint8(tenth)
	}
	return uint8(tenth/2 + 1)
}

// fifthOf is the fifth of deprivation of the people of a cell, 0 the most deprived.
func fifthOf(cell int) int { return max(cell/ageBands%ranks-1, 0) }

// ageBand is the band of an age.
func ageBand(age int) uint8 {
	switch {
	case age < 16:
		return 0
	case age < 65:
		return 1
	case age < 85:
		return 2
	}
	return 3
}

// sums of whole numbers over people: the order of adding does not matter. What one worker counts in a
// week fits into 32 bits and so keeps more of its processor's nearest cache free.
type sums[N int32 | int64] struct {
	cell     [cells][kinds]N
	system   [][kinds]N                       // by system; the last is for people in none
	waits    [cells / ageBands][2][waitBins]N // by rurality and rank; not admitted, admitted
	deathsBy [2][101]N
}

type (
	tally  = sums[int32] // of one worker and week
	counts = sums[int64]
)

// count adds one.
func (c *sums[N]) count(p *agents.Patient, k kind) { c.add(p, k, 1) }

// add adds n to a person's group and system.
func (c *sums[N]) add(p *agents.Patient, k kind, n N) {
	c.cell[p.Cell][k] += n
	if last := len(c.system) - 1; last > 0 {
		c.system[min(int(p.System), last)][k] += n
	}
}

// merge adds all of o to c; systems that c does not know yet are added.
func merge[N int32 | int64](c *counts, o *sums[N]) {
	for i := range o.cell {
		for k, n := range o.cell[i] {
			c.cell[i][k] += int64(n)
		}
	}
	if len(c.system) < len(o.system) {
		wider := make([][kinds]int64, len(o.system))
		copy(wider, c.system)
		c.system = wider
	}
	for i := range o.system {
		for k, n := range o.system[i] {
			c.system[i][k] += int64(n)
		}
	}
	for i := range o.waits {
		for j := range o.waits[i] {
			for k, n := range o.waits[i][j] {
				c.waits[i][j][k] += int64(n)
			}
		}
	}
	for s := range o.deathsBy {
		for k, n := range o.deathsBy[s] {
			c.deathsBy[s][k] += int64(n)
		}
	}
}

// eventKinds are the counts that are patient events: each is one.
var eventKinds = [...]kind{gpContacts, nurseContacts, referrals, firsts, followUps, dayCases, inpatients, otherAdmissions,
	avoidableEmergencies, otherEmergencies, aeVisits, handoffs, onsets, births, arrivals, deaths, moves, practiceSwitches, systemSwitches}

// events is the number of patient events counted.
func (c *sums[N]) events() (n int64) {
	for i := range c.cell {
		for _, k := range eventKinds {
			n += int64(c.cell[i][k])
		}
	}
	return n
}

// clear sets all counts to zero.
func (c *sums[N]) clear() {
	system := c.system
	clear(system)
	*c = sums[N]{system: system}
}

// billed is what a payer owes a provider for.
type billed uint8

const (
	billFirst billed = iota
	billFollowUp
	billDayCase
	billInpatient
	billOther
	billEmergency
	billAE
	billPathways
	billDuplicate
	billLiable // emergency admissions that a pathway's owner answers for, in answerUnits
	bills
)

// worker is what one goroutine writes while it works on parts: counters only, merged every week.
type worker struct {
	tally                 tally
	demand                []int64                 // GP contacts by practice
	registered            []int32                 // change of lists by practice
	nights                [][agents.Horizon]int64 // bed days booked by site and week
	visits                []int64                 // A&E visits by site
	delayed               []int64                 // delayed days by site
	breaches              []float64               // by site: written by the one worker that runs the site
	social                []int64                 // new cases by district
	billed                []int64                 // payer x provider x what
	slots                 []int64                 // slots used by service
	extra                 []int64                 // slots above K0 by service, in thousandths
	seen                  []int64                 // people served by service
	flow                  []int64                 // referrals by service
	inside                []int64                 // of them inside one organisation
	phi, handoffs, failed []int64                 // by provider: integration in 1/65536 summed over handoffs; handoffs; of them failed
	events                int64                   // patient events that no count holds: changes of practice with a move
	people                census
	pop                   [cells]int64 // change of groups
	lost                  int64        // deaths of people who were alive when the regime began
	batch                 [2 * batch]uint32
	options               options
	touched               uint16
	_                     [64]byte
}

// makeWorkers makes room for what workers count, for the organisations of the present regime.
func (m *Model) makeWorkers() {
	m.workers = make([]worker, m.set.Workers)
	payers := m.payers()
	for w := range m.workers {
		k := &m.workers[w]
		k.tally.system = make([][kinds]int32, len(m.systems)+1)
		k.demand = make([]int64, len(m.practices))
		k.registered = make([]int32, len(m.practices))
		k.nights = make([][agents.Horizon]int64, len(m.sites))
		k.visits = make([]int64, len(m.sites))
		k.delayed = make([]int64, len(m.sites))
		k.breaches = make([]float64, len(m.sites))
		k.social = make([]int64, len(m.social))
		k.billed = make([]int64, payers*len(m.providers)*int(bills))
		k.slots = make([]int64, len(m.services))
		k.extra = make([]int64, len(m.services))
		k.seen = make([]int64, len(m.services))
		k.flow = make([]int64, len(m.services))
		k.inside = make([]int64, len(m.services))
		k.phi, k.handoffs, k.failed = make([]int64, len(m.providers)), make([]int64, len(m.providers)), make([]int64, len(m.providers))
	}
}

// payers is the number of those who may pay for care: commissioners, then systems.
func (m *Model) payers() int { return len(m.buyers) + len(m.systems) }

// payerOf is who pays for a person's care.
func (m *Model) payerOf(p *agents.Patient) int {
	if m.regime.systemPays && p.System != agents.None {
		return len(m.buyers) + int(p.System)
	}
	return int(m.geo.district[p.Area])
}

// bill notes one unit of activity between the payer of a person and a provider.
func (wk *worker) bill(m *Model, p *agents.Patient, provider uint16, what billed) {
	wk.billed[(m.payerOf(p)*len(m.providers)+int(provider))*int(bills)+int(what)]++
}

// billPathway notes that a pathway began.
func (wk *worker) billPathway(m *Model, p *agents.Patient, provider uint16) {
	wk.bill(m, p, provider, billPathways)
}

// sum adds a counter of every worker into the first's, empties the rest and returns the first's.
func (m *Model) sum(of func(*worker) []int64) []int64 {
	first := of(&m.workers[0])
	for w := 1; w < len(m.workers); w++ {
		other := of(&m.workers[w])
		for i, n := range other {
			first[i] += n
		}
		clear(other)
	}
	return first
}

// parallel calls f(worker, i) for each i below n, on all workers. Which worker takes which i does
// not matter: what f writes belongs to i, or is a sum of whole numbers. A panic reaches the caller.
func (m *Model) parallel(n int, f func(worker, i int)) {
	workers := min(max(m.set.Workers, 1), n)
	if workers <= 1 {
		for i := range n {
			f(0, i)
		}
		return
	}
	var next atomic.Int64
	var wait sync.WaitGroup
	var failed atomic.Value
	for w := range workers {
		wait.Add(1)
		go func() {
			defer wait.Done()
			defer func() {
				if r := recover(); r != nil {
					failed.Store(r)
				}
			}()
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				f(w, i)
			}
		}()
	}
	wait.Wait()
	if r := failed.Load(); r != nil {
		panic(r)
	}
}

// mergeCounts gathers what the workers counted this week.
func (m *Model) mergeCounts() {
	for w := range m.workers {
		k := &m.workers[w]
		m.events += k.events + k.tally.events()
		merge(&m.counts, &k.tally)
		k.tally.clear()
		k.events = 0
		m.people.Births += k.people.Births
		m.people.Arrivals += k.people.Arrivals
		m.people.Deaths += k.people.Deaths
		m.people.Alive += k.people.Births + k.people.Arrivals - k.people.Deaths
		k.people = census{}
		for c, n := range k.pop {
			m.pop[c] += n
			k.pop[c] = 0
		}
		m.cohort[1] -= k.lost
		k.lost = 0
		for p, n := range k.registered {
			m.practices[p].Registered += n
			k.registered[p] = 0
		}
	}
	for c, n := range m.pop {
		m.counts.cell[c][personWeeks] += n
	}
	for p, n := range m.sum(func(k *worker) []int64 { return k.demand }) {
		m.practices[p].Demand = n
		m.workers[0].demand[p] = 0
	}
	flow := m.sum(func(k *worker) []int64 { return k.flow })
	inside := m.sum(func(k *worker) []int64 { return k.inside })
	for s := range flow {
		m.year.flow[s] += flow[s]
		m.year.inside[s] += inside[s]
	}
	clear(flow)
	clear(inside)
}
