package sim

import (
	"bytes"
	"fmt"
	"math"
	"testing"
	"unsafe"

	"coexist/agents"
	"coexist/agents/chance"
	"coexist/configs"
	"coexist/sim/place"
)

// The reference step: one week of the model written to be read, from docs/ODD.md 7, without any device of
// the engine. It goes over people one by one and looks at each one's week; it keeps no counters of
// workers, no parts that run side by side, no chunks of sites, no batches; it works out by formula what the
// engine tables (rungs, gaps, onsets, decay of control, attention, services in reach, luck of a choice) and
// draws every Gumbel number where the engine draws only those that can win. TestReference holds the engine
// to it, byte for byte.
//
// What it shares with the engine, and so cannot find wrong:
//   - the types of the state (package agents, world, part, diary, outcome, track), since the same bytes are
//     asked of both, and with them the order in which things happen: people by part and place, diaries by
//     order of arrangement, outcomes by site modulo siteChunks;
//   - chance, and who is drawn at birth (makePerson), with the rates fitted when a world is made (hazards);
//   - prices and effects in package market: contracts, ledger, selection, costs;
//   - who controls whom (account, purse, controller, partner, links), the year of a provider (referenceValue,
//     activityOf, valueOf), and the rules of quarters and years, which are not part of the weekly step.
type slowModel struct {
	m *Model

	contacts []int64 // GP contacts by practice, this week
	cases    []int64 // new cases of social care by district
	flow     []int64 // referrals by service
	inside   []int64 // of them inside one organisation
	slots    []int64 // attendances and treatments by service
	extra    []int64 // slots above the usual, in thousandths
	seen     []int64 // people served by service
	phi      []int64 // by provider: integration of its handoffs, in 1/65536
	handoffs []int64
	failed   []int64
	bills    [][][bills]int64 // by payer and provider
	breaches []float64        // by site
	needs    []need           // referrals to be placed, of the people in hand
	requests []request        // for the queues
	gone     map[uint64]bool  // who died this week while they waited
}

// Numbers of docs/ODD.md 7 that are no parameters, written here once more, so that a slip in the engine's
// shows.
const (
	oddBad          = .12      // share of contacts that are bad at the reference
	oddLoss         = .45      // loss of control beyond which emergencies rise no further
	oddFar          = .3       // share of moves to any district
	oddMemory       = 8        // treatments at a site that a person remembers
	oddArrival      = 1.0 / 52 // weight of a week in smoothed arrivals
	oddOverhead     = .15      // of practice income
	oddSocialNew    = .05      // of social care spending
	oddGroupScope   = .16      // of all care that runs through groups
	oddHospitalHead = 600      // GBP a head and year of hospital care
	oddBedsWeek     = 104      // week in which capacities are fitted
	oddMaxGap       = 26       // weeks without a look at a person, at most
	oddRungs        = 128      // levels of hazard
	oddConditions   = 12       // conditions that tables tell apart
	oddAnswer       = 840      // parts of an admission that is answered for
)

// oddLines is how referrals divide among the lines of service, in their order.
var oddLines = [place.Lines]float64{.19, .19, .17, .13, .08, .09, .08, .07}

// step is one week, in the order of docs/ODD.md 3.
func (r *slowModel) step() error {
	m := r.m
	*r = slowModel{m: m, gone: map[uint64]bool{}}
	r.contacts, r.cases = make([]int64, len(m.practices)), make([]int64, len(m.social))
	for _, s := range []*[]int64{&r.flow, &r.inside, &r.slots, &r.extra, &r.seen} {
		*s = make([]int64, len(m.services))
	}
	for _, s := range []*[]int64{&r.phi, &r.handoffs, &r.failed} {
		*s = make([]int64, len(m.providers))
	}
	r.breaches = make([]float64, len(m.sites))
	for range m.payers() {
		r.bills = append(r.bills, make([][bills]int64, len(m.providers)))
	}

	r.publish()
	r.openBeds()
	for i := range m.parts { // the people of neighbouring practices
		r.live(i)
	}
	r.treat()
	r.countWeek()
	r.settle()

	m.week++
	if m.week%13 == 0 {
		m.endQuarter()
	}
	if m.week%52 == 0 {
		m.week--
		m.endYear()
		m.week++
		if !m.reference.Fixed && m.week == oddBedsWeek {
			m.fitCapacity()
		}
		return m.Audit()
	}
	return nil
}

// countWeek adds the week to what quarters and years know.
func (r *slowModel) countWeek() {
	m := r.m
	for cell, people := range m.pop {
		m.counts.cell[cell][personWeeks] += people
	}
	for p, n := range r.contacts {
		m.practices[p].Demand = n
	}
	for s := range m.services {
		m.year.flow[s] += r.flow[s]
		m.year.inside[s] += r.inside[s]
	}
}

// count counts something n times for a person's group and system; what is a patient event counts as one.
func (r *slowModel) count(p *agents.Patient, k kind, n int) {
	c := &r.m.counts
	c.cell[p.Cell][k] += int64(n)
	if systems := len(c.system) - 1; systems > 0 {
		c.system[min(int(p.System), systems)][k] += int64(n)
	}
	for _, event := range eventKinds {
		if k == event {
			r.m.events += int64(n)
		}
	}
}

// rungOf is the bound on the weekly probability of an event that a level stands for: sixteen to each
// doubling from 1/256, evenly spaced within it.
func rungOf(level uint8) float64 {
	step := int(level) + 1
	return math.Ldexp(1+float64(step%16)/16, step/16-8)
}

// levelOf is the lowest level whose rung covers a person.
func levelOf(h *hazards, p *agents.Patient, age, decile int) uint8 {
	n := conditionsOf(p)
	bound := float32((float64(h.bound[p.Sex()][age][n]) + float64(h.onset[p.Frailty][age][decile])) * 1.000001)
	level := uint8(0)
	for level < oddRungs-1 && rungOf(level) < float64(bound) {
		level++
	}
	return level
}

// gapOf turns a draw into the weeks until the next candidate event of a level; idle says that it is
// farther away than anyone is left without a look.
func gapOf(level uint8, draw uint64) (weeks int, idle bool) {
	u := draw >> 32
	none := 1.0 // probability of no candidate so far
	for weeks = 1; weeks <= oddMaxGap; weeks++ {
		none = none * (1 - rungOf(level))
		if u < uint64(min((1-none)*(1<<32), 1<<32-1)) {
			return weeks, false
		}
	}
	return oddMaxGap, true
}

// conditionsOf is the number of long-term conditions of a person, as far as tables go.
func conditionsOf(p *agents.Patient) int {
	n := 0
	for k := range 32 {
		if p.Conditions&(1<<k) != 0 {
			n++
		}
	}
	return min(n, oddConditions)
}

// half is a world of 20,000 of 40,000 people: a sample holds its beds and lists to their means.
const half = "synthetic:residents=40000,practices=24,hospitals=4,districts=2"

// TestReference: the engine and the reference step end every quarter with the same bytes of state and of
// rows, warm-up included, in worlds of 20,000 people under every built-in scenario.
func TestReference(t *testing.T) {
	t.Parallel()
	few := []string{"airline", "open-entry"}
	for _, w := range []struct {
		what, place string
		sample      float64
		change      change
		names       []string
	}{
		{"everyone", county, 1, func(*configs.Config) {}, scenarioNames()},
		{"half", half, .5, func(*configs.Config) {}, few},
		{"strained", half, .5, strain, few},
	} {
		t.Run(w.what, func(t *testing.T) {
			compareSteps(t, world1(t, w.place, w.sample, w.change), w.names, w.change)
		})
	}
}

// strain changes parameters so that limits bind that seldom do: backlogs, credits of slots, lost control,
// crowding, remembered treatments.
func strain(c *configs.Config) {
	c.Contact.Appointments *= .5
	c.Contact.MissedLoss, c.Health.FailureLoss, c.Integration.FailureRate = .4, .3, .5
	c.Treatment.ListShare, c.Contact.OtherReferrals, c.Treatment.SlotsMin = .9, 800, .2
	c.Health.Season = .3
}

// compareSteps lets a world live through its warm-up and some scenarios by both steps.
func compareSteps(t *testing.T, s Settings, names []string, change change) {
	fast, r := begin(t, s), &slowModel{m: begin(t, s)}
	for w := 1; w <= int(s.Config.Time.WarmupYears)*52; w++ {
		both(t, "warm-up", fast, r, w%13 == 0 || w < 4)
	}
	if err := fast.WarmUp(); err != nil {
		t.Fatal(err)
	}
	if n := fast.people.Start; n < 19_000 || n > 21_000 {
		t.Errorf("%d people, want about 20,000", n)
	}
	weeks := 65
	if testing.Short() {
		weeks = 15
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := scenario(t, name, change)
			f, r := branch(t, fast, c), &slowModel{m: branch(t, fast, c)}
			before := f.Events()
			for w := 1; w <= weeks; w++ {
				both(t, name, f, r, w%13 == 0 || w < 4)
			}
			if n := f.Events() - before; n < 20_000*8*int64(weeks)/52 {
				t.Errorf("%d patient events in %d weeks, want 8 a person and year", n, weeks)
			}
		})
	}
}

// both lets a week pass in the engine and in the reference and, if asked, compares them.
func both(t *testing.T, what string, fast *Model, r *slowModel, compare bool) {
	t.Helper()
	if err := fast.Step(); err != nil {
		t.Fatal(err)
	}
	if err := r.step(); err != nil {
		t.Fatal(err)
	}
	if !compare {
		return
	}
	if a, b := snapshot(t, fast), snapshot(t, r.m); !bytes.Equal(a, b) {
		t.Fatalf("%s: after week %d the engine and the reference differ: %s", what, fast.week, difference(fast, r.m))
	}
	if digest(fast.Take()) != digest(r.m.Take()) {
		t.Fatalf("%s: the rows of week %d differ", what, fast.week)
	}
}

// difference names what differs first in two models, for whoever has to find out why.
func difference(a, b *Model) string {
	for i := range a.parts {
		for k := range a.parts[i].people {
			if p, q := a.parts[i].people[k], b.parts[i].people[k]; p != q {
				return fmt.Sprintf("person %d of part %d\n%+v, reference\n%+v", k, i, p, q)
			}
			if x, y := a.parts[i].due[k], b.parts[i].due[k]; x != y {
				return fmt.Sprintf("person %d of part %d is due in week %d, reference %d", k, i, x, y)
			}
		}
	}
	for i := range a.services {
		if a.services[i] != b.services[i] {
			return fmt.Sprintf("service %d\n%+v, reference\n%+v", i, a.services[i], b.services[i])
		}
	}
	for i := range a.sites {
		if a.sites[i] != b.sites[i] {
			return fmt.Sprintf("site %d\n%+v, reference\n%+v", i, a.sites[i], b.sites[i])
		}
	}
	for i := range a.ledger.Parties {
		if a.ledger.Parties[i] != b.ledger.Parties[i] {
			return fmt.Sprintf("account %d\n%+v, reference\n%+v", i, a.ledger.Parties[i], b.ledger.Parties[i])
		}
	}
	for i := range a.practices {
		if a.practices[i] != b.practices[i] {
			return fmt.Sprintf("practice %d\n%+v, reference\n%+v", i, a.practices[i], b.practices[i])
		}
	}
	for c := range a.counts.cell {
		for k := range a.counts.cell[c] {
			if x, y := a.counts.cell[c][k], b.counts.cell[c][k]; x != y {
				return fmt.Sprintf("count %d of group %d = %d, reference %d", k, c, x, y)
			}
		}
	}
	return fmt.Sprintf("elsewhere; events %d and %d", a.events, b.events)
}

// TestReferenceTables: what the engine tables is what the formulas say.
func TestReferenceTables(t *testing.T) {
	m := warm(t, village, 1)
	rng := chance.NewSeed(1).At(2, 0, chance.Gap)
	for level := range uint8(oddRungs) {
		if m.hazards.rung[level] != rungOf(level) {
			t.Errorf("rung %d = %v, want %v", level, m.hazards.rung[level], rungOf(level))
		}
		for range 2000 {
			draw := rng.Uint64()
			weeks, idle := m.hazards.gap(level, draw)
			if w, i := gapOf(level, draw); w != weeks || i != idle {
				t.Fatalf("gap(%d, %x) = %d, %v, want %d, %v", level, draw, weeks, idle, w, i)
			}
		}
	}
}

// TestDueIn: the set of 64 due weeks is that of a look at each, where weeks differ by a bit and at both ends.
func TestDueIn(t *testing.T) {
	rng := chance.NewSeed(1).At(3, 0, chance.Gap)
	for range 20000 {
		week := uint16(rng.Uint64())
		near := []uint16{week, week + 1, week - 1, week ^ 0x8000, week ^ 0x7fff, week ^ 1<<rng.Below(16), 0, agents.Never, uint16(rng.Uint64())}
		var due [64]uint16
		want := uint64(0)
		for k := range due {
			due[k] = near[rng.Below(uint32(len(near)))]
			if due[k] == week {
				want |= 1 << k
			}
		}
		if got := dueIn((*[16]uint64)(unsafe.Pointer(&due)), week); got != want {
			t.Fatalf("due in week %#x of %#x = %#x, want %#x", week, due, got, want)
		}
	}
}

// TestRace: who is told to have lost by the bits of the luck alone has lost, and few who lost are not told.
func TestRace(t *testing.T) {
	rng := chance.NewSeed(1).At(4, 0, chance.Gap)
	lost, told := 0, 0
	for range 200000 {
		r := race{best: 10 * rng.Normal()}
		v, luck := r.best-20*rng.Float64()+5, rng.Uint64()
		loses := v+chance.Gumbel(chance.Open(luck)) <= r.best
		if !r.open(v, luck) {
			told++
			if !loses {
				t.Fatalf("%v with luck %#x is told to have lost against %v", v, luck, r.best)
			}
		}
		if loses {
			lost++
		}
	}
	if float64(told) < .95*float64(lost) {
		t.Errorf("%d of %d who lost are told without a logarithm, want 95 %%", told, lost)
	}
	if r := newRace(); !r.open(-1e300, 0) {
		t.Error("the first has lost before anyone ran")
	}
}
