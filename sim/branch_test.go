package sim

import (
	"bytes"
	"runtime"
	"testing"

	"coexist/agents"
	"coexist/configs"
)

// TestBecome: the last regime to start from a world takes it as it is, and ends with the bytes of a branch.
func TestBecome(t *testing.T) {
	t.Parallel()
	for _, name := range scenarioNames() {
		m := warmWith(t, village, 1)
		m.Take()
		c := scenario(t, name)
		copied := branch(t, m, c)
		if err := m.Become(c); err != nil {
			t.Fatal(err)
		}
		steps(t, copied, 53)
		steps(t, m, 53)
		if digest(copied.Take()) != digest(m.Take()) || !bytes.Equal(snapshot(t, copied), snapshot(t, m)) {
			t.Errorf("%s: the world itself ends otherwise than its copy", name)
		}
	}
}

// TestBranchOfFuture: any regime may follow on any other, also after the end for which the world was made;
// people and money are conserved, and nobody's bound is below what they can meet.
func TestBranchOfFuture(t *testing.T) {
	t.Parallel()
	short := func(c *configs.Config) { c.Time.Years = 2 }
	for _, first := range []string{"status-quo", "airline", "competing-systems", "open-entry"} {
		past := branch(t, warmWith(t, village, 1, short), scenario(t, first, short))
		steps(t, past, 2*52)
		for _, name := range scenarioNames() {
			m := branch(t, past, scenario(t, name))
			steps(t, m, 2*52) // Audit at each year's end
			b := m.Take()
			if len(b.Outcomes) == 0 || b.Outcomes[0].Quarter != 1 {
				t.Errorf("%s after %s: %d rows, want some from quarter 1", name, first, len(b.Outcomes))
			}
		}
		m := branch(t, past, scenario(t, first))
		if m.set.Config.Time.Years != 12 || m.hazards.worstOther <= past.hazards.worstOther {
			t.Errorf("%s: bounds reach %d years (%.4f), want 12 and above %.4f", first, m.set.Config.Time.Years, m.hazards.worstOther, past.hazards.worstOther)
		}
		for i := range m.parts {
			for k := range m.parts[i].people {
				p := &m.parts[i].people[k]
				if p.Is(agents.Alive) && p.Level != m.hazards.level(p, p.Age(m.week), int(m.geo.decile[p.Area])) {
					t.Fatalf("%s: person %x on rung %d of the old bounds", first, p.ID, p.Level)
				}
			}
		}
	}
}

// TestCopyTakesNoMore: a branch and a snapshot hold nothing beside the state that results, and room for
// those who come.
func TestCopyTakesNoMore(t *testing.T) {
	m := begin(t, world1(t, county, 1))
	steps(t, m, 60)
	size := m.SnapshotSize()
	if got := int64(len(snapshot(t, m))); got != size {
		t.Errorf("size of the snapshot = %d, want its %d bytes", size, got)
	}
	if got := allocated(func() {
		var n counter
		if err := m.Snapshot(&n); err != nil {
			t.Fatal(err)
		}
	}); got > 1<<18 {
		t.Errorf("a snapshot of %d bytes takes %d bytes of memory, want at most %d", size, got, 1<<18)
	}
	extra := allocated(func() { m.makeWorkers(); m.index() }) // every model has these
	if got := allocated(func() {
		if _, err := m.clone(); err != nil {
			t.Fatal(err)
		}
	}) - extra; got > size*4/3 {
		t.Errorf("a copy of %d bytes takes %d, want at most a third more", size, got)
	}
}

// allocated is how many bytes f asks for.
func allocated(f func()) int64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return int64(after.TotalAlloc - before.TotalAlloc)
}
