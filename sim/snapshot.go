package sim

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"unsafe"

	"coexist/agents"
	"coexist/configs"
	"coexist/market"
)

// snapshotVersion changes whenever a field of the state does.
const snapshotVersion = 5

// ErrSnapshot marks a snapshot that cannot be read: torn, foreign or of another version.
var ErrSnapshot = errors.New("unusable snapshot")

// codec writes or reads the state; which of the two depends on which end is set. All machines on
// which coexist runs are little-endian with the same layout of these structs, so slices of plain
// structs go as they lie in memory.
type codec struct {
	w   io.Writer
	r   io.Reader
	err error
}

// maxElements bounds the length of a slice that is read, so that a torn file asks for no absurd memory.
const maxElements = 1 << 33

// value carries one plain value.
func value[T any](c *codec, v *T) {
	if c.err != nil {
		return
	}
	b := unsafe.Slice((*byte)(unsafe.Pointer(v)), unsafe.Sizeof(*v))
	if c.w != nil {
		_, c.err = c.w.Write(b)
	} else {
		_, c.err = io.ReadFull(c.r, b)
	}
}

// slice carries a slice of plain values. Room beyond the length is kept for people.
func slice[T any](c *codec, s *[]T) { roomy(c, s, 0) }

func roomy[T any](c *codec, s *[]T, room int) {
	n := int64(len(*s))
	value(c, &n)
	if c.err != nil {
		return
	}
	if c.w == nil {
		var one T
		if n < 0 || n*int64(max(unsafe.Sizeof(one), 1)) > maxElements {
			c.err = fmt.Errorf("slice of %d elements: %w", n, ErrSnapshot)
			return
		}
		*s = nil
		if n > 0 || room > 0 {
			// Memory is asked for as it is filled, so that a false length fails early.
			*s = make([]T, 0, min(int(n), 1<<20)+min(room, 1<<20))
			c.fill(unsafe.Sizeof(one), n, func(k int) unsafe.Pointer {
				if cap(*s)-len(*s) < k {
					wider := make([]T, len(*s), min(int64(2*cap(*s)+k), n+int64(room)))
					copy(wider, *s)
					*s = wider
				}
				*s = (*s)[:len(*s)+k]
				return unsafe.Pointer(&(*s)[len(*s)-k])
			})
		}
		return
	}
	if n > 0 {
		_, c.err = c.w.Write(unsafe.Slice((*byte)(unsafe.Pointer(&(*s)[0])), uintptr(n)*unsafe.Sizeof((*s)[0])))
	}
}

// fill reads n elements of a size into what grow makes room for, at most a million at a time.
func (c *codec) fill(size uintptr, n int64, grow func(int) unsafe.Pointer) {
	for n > 0 && c.err == nil {
		k := int(min(n, 1<<20))
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
			c.err = fmt.Errorf("list of %d elements: %w", n, ErrSnapshot)
			return
		}
		*s = make([]T, n)
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
	many(c, &w.parts, func(q *part) { q.carry(c) })
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
	slice(c, &m.regime.anchor)
	many(c, &m.names, func(s *string) { text(c, s) })
	m.rows.carry(c)
}

func (q *part) carry(c *codec) {
	value(c, &q.first)
	value(c, &q.last)
	slice(c, &q.people)
	slice(c, &q.due)
	slice(c, &q.track)
	slice(c, &q.free)
	slice(c, &q.tracks)
	slice(c, &q.diary.leaves)
	value(c, &q.diary.first)
	value(c, &q.diary.last)
	value(c, &q.diary.free)
	slice(c, &q.credit)
}

func (l *links) carry(c *codec) {
	value(c, &l.providers)
	for _, s := range []*[]float32{&l.phi, &l.internal, &l.cross, &l.social_} {
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
}

func (n *sums[N]) carry(c *codec) {
	value(c, &n.cell)
	slice(c, &n.system)
	value(c, &n.waits)
	value(c, &n.deathsBy)
}

func (y *yearly) carry(c *codec) {
	for _, s := range []*[]int64{&y.flow, &y.inside, &y.slots, &y.lastSlots, &y.bills, &y.payer, &y.spent, &y.handoffs, &y.failed, &y.phi, &y.seen, &y.joiners, &y.care} {
		slice(c, s)
	}
	value(c, &y.displaced)
	value(c, &y.breaches)
	value(c, &y.visits)
}

func (r *rows) carry(c *codec) {
	value(c, &r.entries)
	value(c, &r.exits)
	value(c, &r.mergers)
	value(c, &r.cost)
	slice(c, &r.closing)
	some := r.groups != nil
	value(c, &some)
	if some {
		if r.groups == nil {
			r.groups = &counts{}
		}
		r.groups.carry(c)
	}
}

// Snapshot writes the state between two weeks. Rows not yet taken are not part of it: call Take
// first.
func (m *Model) Snapshot(w io.Writer) error {
	head := [4]uint32{0x78656f63, snapshotVersion, uint32(unsafe.Sizeof(agents.Patient{})), uint32(m.week)}
	if err := binary.Write(w, binary.LittleEndian, head); err != nil {
		return err
	}
	c := &codec{w: w}
	m.carry(c)
	return c.err
}

// Restore reads a state that Snapshot wrote and makes a model that goes on from it. The settings
// must be those of the model that wrote it, with the config of the regime in force; workers may
// differ.
func Restore(r io.Reader, s Settings) (*Model, error) {
	var head [4]uint32
	if err := binary.Read(r, binary.LittleEndian, &head); err != nil {
		return nil, fmt.Errorf("snapshot: %w: %w", err, ErrSnapshot)
	}
	if head[0] != 0x78656f63 || head[1] != snapshotVersion || head[2] != uint32(unsafe.Sizeof(agents.Patient{})) {
		return nil, fmt.Errorf("snapshot of version %d, want %d: %w", head[1], snapshotVersion, ErrSnapshot)
	}
	m := bare(s)
	c := &codec{r: r}
	m.carry(c)
	if c.err != nil {
		return nil, fmt.Errorf("snapshot: %w: %w", c.err, ErrSnapshot)
	}
	if len(m.practices) != len(s.Place.Practices) || len(m.sites) != len(s.Place.Hospitals) || len(m.buyers) != len(s.Place.Districts) {
		return nil, fmt.Errorf("snapshot of another place than %s: %w", s.Place.Name, ErrSnapshot)
	}
	return m, m.wake(s.Config)
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

// bytesAPerson is about what the state takes of each person.
const bytesAPerson = 90

// clone copies a model between two weeks.
func (m *Model) clone() (*Model, error) {
	var b bytes.Buffer
	b.Grow(int(m.people.Alive)*bytesAPerson + 4<<20)
	c := &codec{w: &b}
	m.carry(c)
	n := &Model{place: m.place, cfg: m.cfg, set: m.set, seed: m.seed, hazards: m.hazards, geo: m.geo}
	c = &codec{r: &b}
	n.carry(c)
	if c.err != nil {
		return nil, c.err
	}
	return n, n.wake(m.cfg)
}
