package sim

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"unsafe"

	"coexist/agents"
	"coexist/configs"
	"coexist/market"
)

// snapshotVersion changes whenever a field of the state does. A change of size alone is found by layout.
const snapshotVersion = 11

// ErrSnapshot marks a snapshot that cannot be read: torn, foreign or of another version.
var ErrSnapshot = errors.New("unusable snapshot")

// codec writes or reads the state; which of the two depends on which end is set. All machines on
// which coexist runs are little-endian with the same layout of these structs, so slices of plain
// structs go as they lie in memory.
type codec struct {
	w       io.Writer
	r       io.Reader
	foreign bool // what is read may have been made by anybody: numbers are looked at
	err     error
}

// maxBytes bounds a slice that is read, so that a torn file asks for no absurd memory.
const maxBytes = 1 << 33

// value carries one plain value.
func value[T any](c *codec, v *T) {
	if c.err != nil {
		return
	}
	b := unsafe.Slice((*byte)(unsafe.Pointer(v)), unsafe.Sizeof(*v))
	if c.w != nil {
		_, c.err = c.w.Write(b)
	} else if _, c.err = io.ReadFull(c.r, b); c.err == nil {
		look(c, unsafe.Slice(v, 1))
	}
}

// whole carries the elements of a slice whose length the reader knows.
func whole[T any](c *codec, s []T) {
	if c.err != nil || len(s) == 0 {
		return
	}
	b := unsafe.Slice((*byte)(unsafe.Pointer(&s[0])), uintptr(len(s))*unsafe.Sizeof(s[0]))
	if c.w != nil {
		_, c.err = c.w.Write(b)
	} else {
		_, c.err = io.ReadFull(c.r, b)
	}
}

// slice carries a slice of plain values.
func slice[T any](c *codec, s *[]T) {
	n := int64(len(*s))
	value(c, &n)
	if c.err != nil {
		return
	}
	if c.w == nil {
		var one T
		if most := maxBytes / int64(max(unsafe.Sizeof(one), 1)); n < 0 || n > most {
			c.err = fmt.Errorf("a list of %d elements, want 0 to %d", n, most)
			return
		}
		*s = nil
		if n > 0 {
			// Memory is asked for as it is filled, so that a false length fails early.
			*s = make([]T, 0, min(n, pieceOf(unsafe.Sizeof(one))))
			c.fill(unsafe.Sizeof(one), n, func(k int) unsafe.Pointer {
				if cap(*s)-len(*s) < k {
					wider := make([]T, len(*s), min(int64(2*cap(*s)+k), n))
					copy(wider, *s)
					*s = wider
				}
				*s = (*s)[:len(*s)+k]
				return unsafe.Pointer(&(*s)[len(*s)-k])
			})
			look(c, *s)
		}
		return
	}
	if n > 0 {
		_, c.err = c.w.Write(unsafe.Slice((*byte)(unsafe.Pointer(&(*s)[0])), uintptr(n)*unsafe.Sizeof((*s)[0])))
	}
}

// pieceOf is how many elements of a size are read at a time: a megabyte of them, and one at least.
func pieceOf(size uintptr) int64 { return max(1<<20/int64(max(size, 1)), 1) }

// fill reads n elements of a size into what grow makes room for, piece by piece.
func (c *codec) fill(size uintptr, n int64, grow func(int) unsafe.Pointer) {
	for n > 0 && c.err == nil {
		k := int(min(n, pieceOf(size)))
		_, c.err = io.ReadFull(c.r, unsafe.Slice((*byte)(grow(k)), uintptr(k)*size))
		n -= int64(k)
	}
}

// many carries a slice whose elements each takes care of.
func many[T any](c *codec, s *[]T, each func(*T)) {
	n := int64(len(*s))
	value(c, &n)
	if c.err != nil {
		return
	}
	if c.w == nil {
		if n < 0 || n > 1<<24 {
			c.err = fmt.Errorf("a list of %d lists, want 0 to %d", n, 1<<24)
			return
		}
		// Memory is asked for as it is filled here too: by then the list has been read so far.
		*s = make([]T, 0, min(n, 1<<10))
		for range n {
			if c.err != nil {
				return
			}
			var one T
			*s = append(*s, one)
			each(&(*s)[len(*s)-1])
		}
		return
	}
	for i := range *s {
		if c.err == nil {
			each(&(*s)[i])
		}
	}
}

func text(c *codec, s *string) {
	b := []byte(*s)
	slice(c, &b)
	if c.w == nil {
		*s = string(b)
	}
}

// carry names every field of the state once.
func (m *Model) carry(c *codec) {
	w := &m.world
	value(c, &w.week)
	value(c, &w.start)
	m.carryPeople(c)
	slice(c, &w.practices)
	slice(c, &w.gps)
	slice(c, &w.sessions)
	slice(c, &w.sites)
	slice(c, &w.services)
	many(c, &w.clinics, func(q *[]agents.Waiter) { slice(c, q) })
	many(c, &w.lists, func(q *[]agents.Waiter) { slice(c, q) })
	slice(c, &w.specialists)
	slice(c, &w.providers)
	slice(c, &w.systems)
	slice(c, &w.buyers)
	slice(c, &w.social)
	value(c, &w.regulator)
	if w.ledger == nil {
		w.ledger = &market.Ledger{}
	}
	slice(c, &w.ledger.Parties)
	slice(c, &w.ledger.Totals)
	w.links.carry(c)
	slice(c, &w.learners)
	value(c, &w.taught)
	slice(c, &w.rivals)
	w.reference.carry(c)
	w.counts.carry(c)
	slice(c, &w.planned)
	for k := range w.treatment {
		many(c, &w.treatment[k].out, func(o *[]outcome) { slice(c, o) })
	}
	w.year.carry(c)
	slice(c, &w.lastPayer)
	value(c, &w.events)
	value(c, &w.people)
	value(c, &w.lastAlive)
	value(c, &w.pop)
	value(c, &w.cohort)
	slice(c, &w.initial)
	value(c, &w.risks)
	slice(c, &m.regime.anchor)
	many(c, &m.names, func(s *string) { text(c, s) })
	m.rows.carry(c)
}

// carryPeople carries the parts. Read, they lie in one piece of memory with room for those to come, as
// cutParts lays them.
func (m *Model) carryPeople(c *codec) {
	lengths := make([]int64, len(m.parts))
	for i := range m.parts {
		lengths[i] = int64(len(m.parts[i].people))
	}
	slice(c, &lengths)
	if c.err == nil && c.w == nil {
		all := int64(0)
		for _, n := range lengths {
			if n < 0 || n >= 1<<slotBits || len(lengths) > maxParts {
				c.err = fmt.Errorf("%d parts, one of %d people, want at most %d, each of 0 to %d", len(lengths), n, maxParts, 1<<slotBits-1)
				return
			}
			all += n
		}
		if most := m.mostPeople(); all > most {
			c.err = fmt.Errorf("%d people, want at most %d", all, most)
			return
		}
		m.parts = make([]part, len(lengths))
		rooms := make([]int, len(lengths))
		for i, n := range lengths {
			rooms[i] = m.roomFor(int(n))
		}
		m.layPeople(rooms, func(i int) int { return int(lengths[i]) })
	}
	for i := range m.parts {
		m.parts[i].carry(c)
	}
}

// carry carries a part whose people have their places already.
func (q *part) carry(c *codec) {
	value(c, &q.first)
	value(c, &q.last)
	whole(c, q.people)
	whole(c, q.due)
	whole(c, q.track)
	slice(c, &q.free)
	slice(c, &q.tracks)
	slice(c, &q.dead)
	slice(c, &q.diary.leaves)
	value(c, &q.diary.first)
	value(c, &q.diary.last)
	value(c, &q.diary.free)
	slice(c, &q.credit)
	slice(c, &q.underway)
}

func (l *links) carry(c *codec) {
	value(c, &l.providers)
	for _, s := range []*[]float32{&l.phi, &l.internal, &l.cross, &l.wards} {
		slice(c, s)
	}
	slice(c, &l.partner)
	slice(c, &l.flow)
	slice(c, &l.last)
	value(c, &l.begin)
	slice(c, &l.system)
}

func (r *reference) carry(c *codec) {
	value(c, &r.Control)
	value(c, &r.Usual)
	value(c, &r.Delay)
	value(c, &r.Quality)
	value(c, &r.Beds)
	value(c, &r.Budget)
	value(c, &r.DelayScale)
	value(c, &r.Fixed)
	value(c, &r.Providers)
	slice(c, &r.Payer)
	value(c, &r.Parts)
	value(c, &r.Emergency)
	value(c, &r.Avoidable)
}

func (n *sums[N]) carry(c *codec) {
	value(c, &n.cell)
	slice(c, &n.system)
	value(c, &n.waits)
	value(c, &n.deathsBy)
}

func (y *yearly) carry(c *codec) {
	for _, s := range []*[]int64{&y.flow, &y.inside, &y.slots, &y.lastSlots, &y.bills, &y.payer, &y.handoffs, &y.failed, &y.phi, &y.seen, &y.care, &y.avoidable} {
		slice(c, s)
	}
	value(c, &y.breaches)
	value(c, &y.visits)
}

func (r *rows) carry(c *codec) {
	value(c, &r.entries)
	value(c, &r.exits)
	value(c, &r.mergers)
	value(c, &r.cost)
	many(c, &r.closing, func(t *market.Total) { // field by field: what lies between them is not written
		value(c, &t.Payer)
		value(c, &t.Payee)
		value(c, &t.Kind)
		value(c, &t.Service)
		value(c, &t.Amount)
	})
	some := r.groups != nil
	value(c, &some)
	if some {
		if r.groups == nil {
			r.groups = &counts{}
		}
		r.groups.carry(c)
	}
}

// layout is the size of all that goes as it lies in memory, so that a program in which one of them has
// grown does not read the state of one in which it had not.
func layout() uint32 {
	var w world
	sizes := [...]uintptr{unsafe.Sizeof(agents.Patient{}), unsafe.Sizeof(agents.Practice{}), unsafe.Sizeof(agents.GP{}),
		unsafe.Sizeof(agents.Hospital{}), unsafe.Sizeof(agents.Service{}), unsafe.Sizeof(agents.Waiter{}), unsafe.Sizeof(agents.Specialist{}),
		unsafe.Sizeof(agents.Organisation{}), unsafe.Sizeof(agents.Commissioner{}), unsafe.Sizeof(agents.SocialCare{}),
		unsafe.Sizeof(market.Learner{}), unsafe.Sizeof(market.Party{}), unsafe.Sizeof(w), unsafe.Sizeof(track{}), unsafe.Sizeof(entry{}),
		unsafe.Sizeof(outcome{}), unsafe.Sizeof(counts{}), unsafe.Sizeof(part{}), unsafe.Sizeof(underway{})}
	sum := uint32(0)
	for _, n := range sizes {
		sum = sum*16777619 ^ uint32(n)
	}
	return sum
}

// snapshotMagic begins every snapshot.
const snapshotMagic = 0x78656f63

// Snapshot writes the state between two weeks, as it goes: it holds no copy. Rows not yet taken are not
// part of it: call Take first.
func (m *Model) Snapshot(w io.Writer) error {
	b := bufio.NewWriterSize(w, 1<<16)
	head := [4]uint32{snapshotMagic, snapshotVersion, layout(), uint32(m.week)}
	if err := binary.Write(b, binary.LittleEndian, head); err != nil {
		return err
	}
	c := &codec{w: b}
	if m.carry(c); c.err != nil {
		return c.err
	}
	return b.Flush()
}

// SnapshotSize is the length of a snapshot taken now, in bytes.
func (m *Model) SnapshotSize() int64 {
	var n counter
	_ = m.Snapshot(&n) // a counter takes everything
	return int64(n)
}

// counter counts the bytes written to it.
type counter int64

func (n *counter) Write(b []byte) (int, error) {
	*n += counter(len(b))
	return len(b), nil
}

// Restore reads a state that Snapshot wrote and makes a model that goes on from it. The settings must be
// those with which the world was made, and now the config in force when the snapshot was taken; workers
// may differ. Errors match ErrSnapshot and say what was found and wanted.
func Restore(r io.Reader, s Settings, now configs.Config) (*Model, error) {
	var head [4]uint32
	if err := binary.Read(r, binary.LittleEndian, &head); err != nil {
		return nil, fmt.Errorf("snapshot: %w: %w", err, ErrSnapshot)
	}
	switch {
	case head[0] != snapshotMagic:
		return nil, fmt.Errorf("snapshot begins with %#x, want %#x: %w", head[0], snapshotMagic, ErrSnapshot)
	case head[1] != snapshotVersion:
		return nil, fmt.Errorf("snapshot of version %d, want %d: %w", head[1], snapshotVersion, ErrSnapshot)
	case head[2] != layout():
		return nil, fmt.Errorf("snapshot of layout %08x, want %08x: %w", head[2], layout(), ErrSnapshot)
	}
	if err := s.check(); err != nil {
		return nil, fmt.Errorf("snapshot: %w: %w", err, ErrSnapshot)
	}
	m := bare(s)
	c := &codec{r: r, foreign: true}
	m.carry(c)
	if c.err != nil {
		return nil, fmt.Errorf("snapshot: %w: %w", c.err, ErrSnapshot)
	}
	if uint32(m.week) != head[3] {
		return nil, fmt.Errorf("snapshot holds week %d, want %d as its head says: %w", m.week, head[3], ErrSnapshot)
	}
	if len(m.practices) != len(s.Place.Practices) || len(m.sites) != len(s.Place.Hospitals) || len(m.buyers) != len(s.Place.Districts) {
		return nil, fmt.Errorf("snapshot of a place of %d practices, %d hospitals and %d districts, want %d, %d and %d as %s has: %w", len(m.practices),
			len(m.sites), len(m.buyers), len(s.Place.Practices), len(s.Place.Hospitals), len(s.Place.Districts), s.Place.Name, ErrSnapshot)
	}
	if err := m.sound(); err != nil {
		return nil, fmt.Errorf("snapshot: %w: %w", err, ErrSnapshot)
	}
	m.cfg = now // what organisations aim at is part of the state: nothing is new to them
	return m, m.wake(now)
}

// bare makes a model without a state.
func bare(s Settings) *Model {
	s.Workers = max(s.Workers, 1)
	m := &Model{place: s.Place, cfg: s.Config, set: s}
	m.prepare()
	return m
}

// wake makes what follows from the state and the config anew.
func (m *Model) wake(c configs.Config) error {
	m.setRegime(c)
	if err := m.sign(); err != nil {
		return err
	}
	m.makeWorkers()
	m.index()
	return nil
}

// clone copies a model between two weeks. One end writes what the other reads at once, so that nothing
// but the copy itself takes memory.
func (m *Model) clone() (*Model, error) {
	n := &Model{place: m.place, cfg: m.cfg, set: m.set, seed: m.seed, hazards: m.hazards, geo: m.geo}
	r, w := io.Pipe()
	go func() {
		b := bufio.NewWriterSize(w, 1<<16)
		c := &codec{w: b}
		m.carry(c)
		w.CloseWithError(errors.Join(c.err, b.Flush()))
	}()
	c := &codec{r: bufio.NewReaderSize(r, 1<<16)}
	n.carry(c)
	if r.Close(); c.err != nil {
		return nil, c.err
	}
	return n, n.wake(m.cfg)
}
