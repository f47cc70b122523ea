package sim

import (
	"bytes"
	"sync"
	"testing"

	"coexist/agents"
	"coexist/configs"
	"coexist/sim/tables"
)

// TestWorkers: the rows and the state of a run do not depend on the number of workers, warm-up
// included, under any scenario.
func TestWorkers(t *testing.T) {
	t.Parallel()
	crowds := []int{1, 2, 3, 8, 64}
	names := scenarioNames()
	want := make([]string, len(names))
	for _, workers := range crowds {
		s := world1(t, county, .5)
		s.Workers = workers
		m := begin(t, s)
		if err := m.WarmUp(); err != nil {
			t.Fatal(err)
		}
		if len(m.sites) < 2 {
			t.Fatalf("%d sites, want several", len(m.sites))
		}
		for k, name := range names {
			b := branch(t, m, scenario(t, name))
			steps(t, b, 57)
			got := digest(b.Take()) + digestBytes(snapshot(t, b))
			if workers == 1 {
				want[k] = got
			} else if got != want[k] {
				t.Errorf("%s with %d workers differs from 1 worker", name, workers)
			}
		}
	}
}

// TestParts: the same with several parts, which share practices, sites and systems.
func TestParts(t *testing.T) {
	t.Parallel()
	var want string
	for _, workers := range []int{1, 2, 8} {
		s := world1(t, "synthetic:residents=40000,practices=12,hospitals=4,districts=2", 1)
		s.Workers = workers
		m := begin(t, s)
		if len(m.parts) < 4 {
			t.Fatalf("%d parts, want several", len(m.parts))
		}
		steps(t, m, 20)
		m.reference.Fixed = true // at once, so that rows are handed out
		b := branch(t, m, scenario(t, "open-entry"))
		steps(t, b, 26)
		got := digest(b.Take()) + digestBytes(snapshot(t, b))
		if workers == 1 {
			want = got
		} else if got != want {
			t.Errorf("%d workers differ from 1 worker", workers)
		}
	}
}

// digestBytes is a short hash of bytes.
func digestBytes(b []byte) string {
	return digest(tables.Batch{Flows: []tables.Flow{{From: string(b)}}})
}

// TestRestore: a run stopped in any week, in the warm-up too, goes on from its snapshot as if nothing
// had happened, with another number of workers.
func TestRestore(t *testing.T) {
	t.Parallel()
	s := world1(t, village, 1)
	straight := begin(t, s)
	if err := straight.WarmUp(); err != nil {
		t.Fatal(err)
	}
	m := begin(t, s)
	for _, stop := range []int32{7, 60, 104, 156} {
		for m.week < stop {
			steps(t, m, 1)
		}
		again := restored(t, m, s)
		if err := again.WarmUp(); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(snapshot(t, again), snapshot(t, straight)) {
			t.Errorf("warm-up stopped in week %d ends otherwise", stop)
		}
	}
	if err := m.WarmUp(); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(snapshot(t, m), snapshot(t, straight)) {
		t.Errorf("a warm-up in which snapshots were taken ends otherwise")
	}
	for _, name := range scenarioNames() {
		c := scenario(t, name)
		whole := branch(t, m, c)
		torn := branch(t, m, c)
		rows := digest(tables.Batch{})
		all := digest(tables.Batch{})
		at := 0
		for _, stop := range []int{0, 5, 13, 31, 52, 70, 104} { // quarter's middle, quarter, year's middle, year
			steps(t, whole, stop-at)
			steps(t, torn, stop-at)
			at = stop
			rows += digest(torn.Take())
			all += digest(whole.Take())
			torn = restored(t, torn, s)
		}
		if rows != all {
			t.Errorf("%s: rows differ after stopping", name)
		}
		if !bytes.Equal(snapshot(t, whole), snapshot(t, torn)) {
			t.Errorf("%s: final state differs after stopping", name)
		}
	}
}

// restored writes and reads a model; the model read has other workers.
func restored(t *testing.T, m *Model, s Settings) *Model {
	t.Helper()
	s.Workers = 3
	again, err := Restore(bytes.NewReader(snapshot(t, m)), s, m.cfg)
	if err != nil {
		t.Fatal(err)
	}
	return again
}

// TestTornSnapshot: a snapshot that is cut off, or of another place, is refused; TestForged turns bytes over.
func TestTornSnapshot(t *testing.T) {
	m := warm(t, village, 1)
	whole := snapshot(t, m)
	s := m.set
	for n := 0; n < len(whole); n += len(whole)/40 + 1 {
		if _, err := Restore(bytes.NewReader(whole[:n]), s, s.Config); err == nil {
			t.Errorf("the first %d of %d bytes are taken for a snapshot", n, len(whole))
		}
	}
	other := s
	other.Place = region(t, county)
	if _, err := Restore(bytes.NewReader(whole), other, other.Config); err == nil {
		t.Errorf("a snapshot of another place is taken")
	}
}

// TestBranches: two branches of one warm-up do not touch each other or it.
func TestBranches(t *testing.T) {
	m := warmWith(t, village, 1)
	before := snapshot(t, m)
	a := scenario(t, "competing-systems")
	b := scenario(t, "airline")
	alone := branch(t, m, a)
	steps(t, alone, 60)
	first, second := branch(t, m, a), branch(t, m, b)
	for range 60 { // side by side
		steps(t, first, 1)
		steps(t, second, 1)
	}
	if !bytes.Equal(snapshot(t, alone), snapshot(t, first)) || digest(alone.Take()) != digest(first.Take()) {
		t.Errorf("a branch ends otherwise beside another")
	}
	if !bytes.Equal(before, snapshot(t, m)) {
		t.Errorf("branches change the world that they come from")
	}
}

// TestBranchTogether: several may branch from one world at a time; the race detector looks on.
func TestBranchTogether(t *testing.T) {
	m := warm(t, village, 1)
	var wait sync.WaitGroup
	got := make([]string, 3)
	for k := range got {
		wait.Go(func() {
			b, err := m.Branch(m.cfg)
			if err != nil {
				t.Error(err)
				return
			}
			for range 14 {
				if err := b.Step(); err != nil {
					t.Error(err)
				}
			}
			got[k] = digest(b.Take())
		})
	}
	wait.Wait()
	if got[0] != got[1] || got[0] != got[2] {
		t.Errorf("branches made together differ: %q", got)
	}
}

// TestBranchOfStatusQuo: branching into the status quo is going on with it.
func TestBranchOfStatusQuo(t *testing.T) {
	m := warmWith(t, village, 1)
	b := branch(t, m, m.cfg)
	m.start, m.cohort = b.start, b.cohort // how quarters and the cohort are counted
	for i := range m.parts {
		for k := range m.parts[i].people {
			m.parts[i].people[k].Flags &^= agents.Newcomer
		}
	}
	for _, w := range []int{1, 12, 39, 52} {
		steps(t, m, w)
		steps(t, b, w)
		x, y := m.Take(), b.Take()
		if digest(x) != digest(y) {
			for k := range min(len(x.Outcomes), len(y.Outcomes)) {
				if x.Outcomes[k] != y.Outcomes[k] {
					t.Errorf("week %d: going on %v, branch %v", m.Week(), x.Outcomes[k], y.Outcomes[k])
				}
			}
			t.Fatalf("week %d: the branch differs from going on", m.Week())
		}
	}
}

// TestObserving: the size of the panel and of the patients table changes no life.
func TestObserving(t *testing.T) {
	var want string
	for _, tracked := range []int64{0, 100} {
		s := world1(t, village, 1)
		s.Tracked = tracked
		m := begin(t, s)
		steps(t, m, 60)
		got := ""
		for i := range m.parts {
			for k := range m.parts[i].people {
				p := m.parts[i].people[k]
				p.Flags &^= agents.Tracked
				got += digest(tables.Batch{Flows: []tables.Flow{{Patients: int64(p.Conditions)<<32 + int64(p.Touched)<<16 + int64(p.Waiting)}}})[:4]
			}
		}
		if tracked == 0 {
			want = got
		} else if got != want {
			t.Errorf("people live otherwise when %d are handed out", tracked)
		}
	}
}

// fate is what no regime may change before a person's history differs.
type fate struct {
	born    int16
	sex     int
	frailty uint8
}

// TestLuck: the same people live under two regimes, with the same age, sex and frailty; their candidate
// weeks and conditions part only when their history does, so in the first weeks they are the same.
func TestLuck(t *testing.T) {
	m := warm(t, county, .5)
	for _, name := range []string{"competing-systems", "airline", "single-system-torbay"} {
		a, b := branch(t, m, scenario(t, "status-quo")), branch(t, m, scenario(t, name))
		for week := range 104 {
			steps(t, a, 1)
			steps(t, b, 1)
			if week != 1 && week != 103 {
				continue
			}
			one, other := fates(a), fates(b)
			same, due, sick, both := 0, 0, 0, 0
			for id, p := range one {
				q, ok := other[id]
				if !ok {
					continue
				}
				both++
				if (fate{p.Born, p.Sex(), p.Frailty}) != (fate{q.Born, q.Sex(), q.Frailty}) || p.Insist != q.Insist {
					t.Fatalf("%s: person %x is another", name, id)
				}
				if p.Level == q.Level {
					same++
					if dueOf(a, id) == dueOf(b, id) {
						due++
					}
				}
				if p.Conditions == q.Conditions {
					sick++
				}
			}
			t.Logf("%s week %d: %d people in both, %.4f on the same level, %.4f of them due in the same week, %.4f with the same conditions",
				name, week+1, both, float64(same)/float64(both), float64(due)/float64(same), float64(sick)/float64(both))
			least := .995
			if week == 103 {
				least = .95
			}
			if float64(both) < least*float64(len(one)) || float64(due) < least*float64(same) || float64(sick) < least*float64(both) {
				t.Errorf("%s: in week %d of %d people %d are in both, %d on the same level, %d of them due together, %d with the same conditions, want over %g",
					name, week+1, len(one), both, same, due, sick, least)
			}
		}
	}
}

// fates are the living by ID.
func fates(m *Model) map[uint64]*agents.Patient {
	all := map[uint64]*agents.Patient{}
	for i := range m.parts {
		for k := range m.parts[i].people {
			if p := &m.parts[i].people[k]; p.Is(agents.Alive) {
				all[p.ID] = p
			}
		}
	}
	return all
}

// dueOf is the week of a person's next event.
func dueOf(m *Model, id uint64) uint16 {
	for i := range m.parts {
		for k := range m.parts[i].people {
			if p := &m.parts[i].people[k]; p.ID == id && p.Is(agents.Alive) {
				return m.parts[i].due[k]
			}
		}
	}
	return agents.Never
}

// TestBystander: one person more changes no other life.
func TestBystander(t *testing.T) {
	run := func(extra bool) *Model {
		m := begin(t, world1(t, village, 1))
		if extra {
			q := &m.parts[0]
			p := q.people[0]
			p.ID = 4711
			p.Flags &^= follow
			q.people = append(q.people, p)
			q.due = append(q.due, m.firstDue(&q.people[len(q.people)-1]))
			q.track = append(q.track, -1)
			m.practices[p.Practice].Registered++
			m.pop[p.Cell]++
			m.people.Start++
			m.people.Alive++
		}
		steps(t, m, 40)
		return m
	}
	a, b := fates(run(false)), fates(run(true))
	delete(b, 4711)
	if len(a) != len(b) {
		t.Errorf("%d people without a bystander, %d with", len(a), len(b))
	}
	other := 0
	for id, p := range a {
		q, ok := b[id]
		if !ok || p.Conditions != q.Conditions || p.Born != q.Born || p.Area != q.Area || p.Practice != q.Practice {
			t.Errorf("person %x lives another life beside a bystander", id)
		}
		if ok && (p.Contacts != q.Contacts || p.Waiting != q.Waiting) {
			other++
		}
	}
	if other > len(a)/100 { // who is served in a queue depends a little on who else waits
		t.Errorf("%d of %d people have other contacts or queues beside a bystander", other, len(a))
	}
}

// goldenRun is two years of four regimes in a made-up village, from one warm-up.
func goldenRun(t testing.TB) string {
	m := warmWith(t, village, 1)
	text := ""
	for _, name := range []string{"status-quo", "open-entry", "airline", "gp-consortia"} {
		b := branch(t, m, scenario(t, name, func(c *configs.Config) { c.Time.Years = 2 })) // the last year has rows of its own
		steps(t, b, 104)
		text += digest(b.Take())
	}
	return digest(tables.Batch{Flows: []tables.Flow{{From: text}}})
}

// golden is the hash of the rows of goldenRun on every processor. It changes with every change of the
// model: then take the new one from the failure, after it was the same on all processors.
const golden = "0bdead95e32de293"

// TestGolden: the same rows on every processor. Run it with GOAMD64=v3, on arm64 and as WebAssembly.
func TestGolden(t *testing.T) {
	if got := goldenRun(t); got != golden {
		t.Errorf("hash of the rows = %q, want %q", got, golden)
	}
}
