package sim

import (
	"errors"
	"fmt"

	"coexist/agents"
)

// ErrConservation marks a breach of conservation: people or money came from nowhere or were lost.
var ErrConservation = errors.New("conservation breached")

// Audit counts everybody and every penny and compares with what the model believes (ODD 8). It
// returns all breaches at once, each with what and where; nil if there is none. A run calls it every
// year, tests every week.
func (m *Model) Audit() error {
	var faults []error
	fault := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf("week %d: "+format+": %w", append(append([]any{m.week}, args...), ErrConservation)...))
	}
	alive, lists := m.headcount()
	c := &m.people
	if want := c.Start + c.Births + c.Arrivals - c.Deaths; alive != want || c.Alive != want {
		fault("%d people alive, %d counted, want %d + %d births + %d arrivals - %d deaths = %d", alive, c.Alive, c.Start, c.Births, c.Arrivals, c.Deaths, want)
	}
	for i, n := range lists {
		if got := m.practices[i].Registered; got != n {
			fault("practice %s has %d people on its list, %d are registered with it", m.place.Practices[i].Code, got, n)
		}
	}
	pop := int64(0)
	for _, n := range m.pop {
		pop += n
		if n < 0 {
			fault("a group of people has %d members", n)
		}
	}
	if pop != alive {
		fault("groups hold %d people, want %d", pop, alive)
	}
	for i := range m.sites {
		h := &m.sites[i]
		for k := range h.Emergency {
			if h.Emergency[k] < 0 || h.Elective[k] < 0 {
				fault("site %s has %d and %d bed days booked", m.place.Hospitals[i].Code, h.Emergency[k], h.Elective[k])
			}
		}
	}
	if err := m.ledger.Check(); err != nil {
		fault("%v", err)
	}
	return errors.Join(faults...)
}

// headcount counts the living, in all and by practice.
func (m *Model) headcount() (alive int64, lists []int32) {
	by := make([][]int32, max(m.set.Workers, 1))
	for w := range by {
		by[w] = make([]int32, len(m.practices))
	}
	m.parallel(len(m.parts), func(w, i int) {
		for k := range m.parts[i].people {
			if p := &m.parts[i].people[k]; p.Flags&agents.Alive != 0 {
				by[w][p.Practice]++
			}
		}
	})
	lists = by[0]
	for _, other := range by[1:] {
		for p, n := range other {
			lists[p] += n
		}
	}
	for _, n := range lists {
		alive += int64(n)
	}
	return alive, lists
}
