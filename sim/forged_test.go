package sim

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"coexist/agents"
	"coexist/configs"
)

// ruler notes where the pieces lie in which a state is written: a field, the length of a list, its elements.
type ruler struct {
	bytes.Buffer
	ends []int
}

func (r *ruler) Write(b []byte) (int, error) {
	n, err := r.Buffer.Write(b)
	r.ends = append(r.ends, r.Len())
	return n, err
}

// pieces is a snapshot with the places where its pieces begin and end.
func pieces(t testing.TB, m *Model) (state []byte, begin, end []int) {
	t.Helper()
	var r ruler
	if err := binary.Write(&r, binary.LittleEndian, [4]uint32{snapshotMagic, snapshotVersion, layout(), uint32(m.week)}); err != nil {
		t.Fatal(err)
	}
	c := &codec{w: &r}
	if m.carry(c); c.err != nil {
		t.Fatal(c.err)
	}
	return r.Bytes(), append([]int{0}, r.ends[:len(r.ends)-1]...), r.ends
}

// survives reads a forged state: it must be refused as one, or go on for a while without a panic.
func survives(t *testing.T, what string, state []byte, s Settings, now configs.Config) (refused bool) {
	t.Helper()
	defer func() {
		if r := recover(); r != nil {
			t.Errorf("%s: panic: %v", what, r)
		}
	}()
	m, err := Restore(bytes.NewReader(state), s, now)
	if err != nil {
		if !errors.Is(err, ErrSnapshot) || !strings.Contains(err.Error(), "want") && !strings.Contains(err.Error(), "EOF") && !strings.Contains(err.Error(), "conservation") {
			t.Errorf("%s: refused without what is wanted: %v", what, err)
		}
		return true
	}
	for range 15 {
		if m.Step() != nil {
			break
		}
	}
	m.Take()
	return false
}

// TestForged: a state of which one piece is another, behind whatever checksum, is refused by name or is a
// world that can go on; it never ends in a panic.
func TestForged(t *testing.T) {
	t.Parallel()
	names, step := []string{"airline", "competing-systems"}, 1
	if testing.Short() {
		names, step = names[:1], 4
	}
	for _, name := range names {
		m := branch(t, warmWith(t, tiny, 1), scenario(t, name))
		steps(t, m, 60)
		m.Take()
		state, begin, end := pieces(t, m)
		if survives(t, "unchanged", state, m.set, m.cfg) {
			t.Fatalf("%s: the state itself is refused", name)
		}
		refused, tried := 0, 0
		for k := 1; k < len(end); k += step {
			size := end[k] - begin[k]
			if size == 0 {
				continue
			}
			for try, bad := range [...]uint64{0xffff_ffff_ffff_ffff, 0x7f, 0x8000_0000_0000_0000, 0x7ff8_0000_0000_0001} {
				at := begin[k] + (try*7919*k)%size/2*2
				forged := bytes.Clone(state)
				var b [8]byte
				binary.LittleEndian.PutUint64(b[:], bad)
				copy(forged[at:min(at+[...]int{8, 1, 8, 8}[try], end[k])], b[:])
				tried++
				if survives(t, fmt.Sprintf("%s: piece %d of %d bytes, byte %d, as %x", name, k, size, at-begin[k], bad), forged, m.set, m.cfg) {
					refused++
				}
			}
		}
		t.Logf("%s: %d of %d forged states are refused", name, refused, tried)
	}
}

// tiny is the smallest world of which every kind of thing can be forged.
const tiny = "synthetic:residents=1000,practices=2,hospitals=2,districts=2"

// TestForgedNumbers: an index that points to nothing is refused by what it is.
func TestForgedNumbers(t *testing.T) {
	t.Parallel()
	base := branch(t, warmWith(t, tiny, 1), scenario(t, "competing-systems"))
	steps(t, base, 10)
	busy := func(m *Model) *[]agents.Waiter {
		for i := range m.clinics {
			if len(m.clinics[i]) > 0 {
				return &m.clinics[i]
			}
		}
		t.Fatal("nobody waits")
		return nil
	}
	for what, forge := range map[string]func(m *Model){
		"owner of site 1":             func(m *Model) { m.sites[1].Owner = 9 },
		"area 65535":                  func(m *Model) { m.parts[0].people[3].Area = agents.None },
		"practice 2 of 2":             func(m *Model) { m.parts[0].people[3].Practice = 2 },
		"system 77":                   func(m *Model) { m.parts[0].people[3].System = 77 },
		"rung 128":                    func(m *Model) { m.parts[0].people[3].Level = rungs },
		"contacts 0xf":                func(m *Model) { m.parts[0].people[3].Contacts |= 15 << 60 },
		"provider of service 0":       func(m *Model) { m.services[0].Provider = 300 },
		"service of specialist":       func(m *Model) { m.specialists[0].Service = -2 },
		"place in a queue":            func(m *Model) { (*busy(m))[0].Slot = slot(0, 1<<20) },
		"practice of place":           func(m *Model) { (*busy(m))[0].Practice = 2 },
		"account of practice 1":       func(m *Model) { m.practices[1].Party = 4000 },
		"name of provider":            func(m *Model) { m.providers[0].Name = -1 },
		"district of practice":        func(m *Model) { m.practices[0].District = 2 },
		"GPs from":                    func(m *Model) { m.practices[1].FirstGP = 100 },
		"links of practices":          func(m *Model) { m.links.phi = m.links.phi[1:] },
		"activities by payer":         func(m *Model) { m.year.payer = nil },
		"the diary of part 0 goes on": func(m *Model) { m.parts[0].diary.leaves[0].next = 1 },
		"want a number":               func(m *Model) { m.sites[0].Beds = math.NaN() },
		"week of":                     func(m *Model) { m.sessions[0].Tenths = 11 },
		"people alive":                func(m *Model) { m.people.Births++ },
	} {
		m, err := base.clone()
		if err != nil {
			t.Fatal(err)
		}
		forge(m)
		_, err = Restore(bytes.NewReader(snapshot(t, m)), m.set, m.cfg)
		if !errors.Is(err, ErrSnapshot) || !strings.Contains(err.Error(), what) {
			t.Errorf("%q: %v", what, err)
		}
	}
}

// TestForgedLengths: a false length takes no memory that the bytes behind it do not fill.
func TestForgedLengths(t *testing.T) {
	m := warm(t, tiny, 1)
	state, begin, end := pieces(t, m)
	limit := 3*int64(len(state)) + 8<<20
	for k := 1; k < len(end); k++ {
		if end[k]-begin[k] != 8 {
			continue
		}
		for _, n := range []int64{1 << 23, 1 << 27, 1 << 32, 1 << 62} {
			forged := bytes.Clone(state)
			binary.LittleEndian.PutUint64(forged[begin[k]:], uint64(n))
			if got := allocated(func() { _, _ = Restore(bytes.NewReader(forged), m.set, m.cfg) }); got > limit {
				t.Errorf("piece %d as length %d asks for %d bytes, want at most %d", k, n, got, limit)
			}
		}
	}
}
