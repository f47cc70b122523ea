package results

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path"
	"path/filepath"
	"sync"

	"coexist/sim/tables"
)

// RunKey places a run in every table: by place, then scenario, then replication. They are indices
// from 0 into Identity.Places, Identity.Scenarios and Identity.Seeds.
type RunKey struct{ Place, Scenario, Run int }

// compare orders keys as the rows of every table are ordered.
func (k RunKey) compare(o RunKey) int {
	for _, d := range [...]int{k.Place - o.Place, k.Scenario - o.Scenario, k.Run - o.Run} {
		if d != 0 {
			return d
		}
	}
	return 0
}

func (k RunKey) String() string {
	return fmt.Sprintf("place %d, scenario %d, run %d", k.Place, k.Scenario, k.Run)
}

// file is the name of the part of an ended run, or of one that goes on.
func (k RunKey) file(ended bool) string {
	suffix := ".open"
	if ended {
		suffix = ".part"
	}
	return fmt.Sprintf("%s/%05d-%05d-%05d%s", partsDir, k.Place, k.Scenario, k.Run, suffix)
}

// Usage is what a run took; the manifest has the sum over all runs.
type Usage struct {
	PatientEvents int64   `json:"patient_events"`
	CPUSeconds    float64 `json:"cpu_seconds"`
}

// A part file holds the rows of one run as a chain of segments. A segment is a header of 24 bytes
// (number in the chain from 0, table, rows, 0, length of the payload, all little-endian), the
// payload, and the CRC-32C of both. Segment 0 names the run and the identity; the last one has
// its usage. Outcomes are kept as lines of CSV, the other tables as encode writes them.
const (
	headSegment table = 100 + iota
	endSegment
)

const (
	segmentHeader = 24
	maxSegment    = 1 << 30 // bytes of payload
	flushBytes    = 8 << 20 // of rows in memory, over all tables of a run
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

type segment struct {
	table  table
	rows   int
	offset int64 // of the payload
	length int
}

// partHead is the payload of segment 0.
type partHead struct {
	Format   int    `json:"format"`
	Identity string `json:"identity"`
	Run      RunKey `json:"run"`
}

// part is the part file of a run: rows not yet written, and where the written ones lie.
type part struct {
	mu       sync.Mutex
	key      RunKey
	file     *os.File // nil until the first segment, and after the end
	size     int64
	segments []segment
	usage    Usage
	ended    bool
	err      error // of an earlier write: the part is worthless

	buffers [tableEnd]encoder // rows that are not yet in the file; outcomes as lines of CSV
}

// add appends rows, which are checked first: all of the batch or nothing.
func (p *part) add(b tables.Batch) error {
	if err := errors.Join(
		checkRows(organisations, b.Organisations), checkRows(ledger, b.Ledger), checkRows(flows, b.Flows),
		checkRows(events, b.Events), checkRows(patients, b.Patients),
	); err != nil {
		return err
	}
	lines := &p.buffers[outcomes]
	before := len(lines.data)
	for _, o := range b.Outcomes {
		var err error
		if lines.data, err = tables.AppendOutcome(lines.data, o); err != nil {
			lines.data = lines.data[:before]
			return fmt.Errorf("%w: %w", ErrValue, err)
		}
	}
	lines.rows += len(b.Outcomes)
	encode(&p.buffers[organisations], b.Organisations)
	encode(&p.buffers[ledger], b.Ledger)
	encode(&p.buffers[flows], b.Flows)
	encode(&p.buffers[events], b.Events)
	encode(&p.buffers[patients], b.Patients)
	return nil
}

// reset forgets all rows and closes the file.
func (p *part) reset() {
	if p.file != nil {
		p.file.Close()
	}
	p.file, p.size, p.segments, p.usage, p.ended, p.err = nil, 0, nil, Usage{}, false, nil
	p.buffers = [tableEnd]encoder{}
}

func (p *part) isFull() bool {
	size := 0
	for i := range p.buffers {
		size += len(p.buffers[i].data)
	}
	return size >= flushBytes
}

// flush writes all rows that are still in memory.
func (p *part) flush(w *Writer) error {
	if err := p.open(w); err != nil {
		return err
	}
	for t := range p.buffers {
		if e := &p.buffers[t]; e.rows > 0 {
			if err := p.write(table(t), e.rows, e.data); err != nil {
				return err
			}
			e.reset()
		}
	}
	return nil
}

// open starts the file of a run, over whatever an earlier process left of it.
func (p *part) open(w *Writer) error {
	if p.file != nil {
		return nil
	}
	if err := w.root.MkdirAll(partsDir, 0o777); err != nil {
		return err
	}
	f, err := w.root.OpenFile(filepath.FromSlash(p.key.file(false)), os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o666)
	if err != nil {
		return err
	}
	p.file, p.size, p.segments = f, 0, nil
	head, err := json.Marshal(partHead{layout, w.hash, p.key})
	if err != nil {
		return err
	}
	return p.write(headSegment, 0, head)
}

// write appends a segment.
func (p *part) write(t table, rows int, payload []byte) error {
	if len(payload) > maxSegment {
		return fmt.Errorf("%d bytes of table %s at once, want at most %d", len(payload), tableNames[t], maxSegment)
	}
	header := make([]byte, segmentHeader)
	putHeader(header, len(p.segments), t, rows, len(payload))
	sum := crc32.Update(crc32.Checksum(header, castagnoli), castagnoli, payload)
	for _, b := range [][]byte{header, payload, binary.LittleEndian.AppendUint32(nil, sum)} {
		if _, err := p.file.Write(b); err != nil {
			return err
		}
	}
	p.segments = append(p.segments, segment{t, rows, p.size + segmentHeader, len(payload)})
	p.size += segmentHeader + int64(len(payload)) + 4
	return nil
}

func putHeader(b []byte, n int, t table, rows, length int) {
	binary.LittleEndian.PutUint32(b[0:], uint32(n))
	binary.LittleEndian.PutUint32(b[4:], uint32(t))
	binary.LittleEndian.PutUint32(b[8:], uint32(rows))
	binary.LittleEndian.PutUint32(b[12:], 0)
	binary.LittleEndian.PutUint64(b[16:], uint64(length))
}

// end writes the last segment and gives the file its final name.
func (p *part) end(w *Writer, u Usage) error {
	if err := p.flush(w); err != nil {
		return err
	}
	usage, err := json.Marshal(u)
	if err != nil {
		return err
	}
	if err := p.write(endSegment, 0, usage); err != nil {
		return err
	}
	f := p.file
	p.file = nil
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := w.root.Rename(filepath.FromSlash(p.key.file(false)), filepath.FromSlash(p.key.file(true))); err != nil {
		return err
	}
	if err := syncDir(w.root, partsDir); err != nil {
		return err
	}
	p.usage, p.ended = u, true
	p.buffers = [tableEnd]encoder{}
	return nil
}

// scan reads the chain of a part file up to stop (-1: to the end segment) and checks every
// segment. A chain that is torn, changed, of another identity or run is an error.
func (p *part) scan(f io.ReaderAt, size int64, hash string, stop int64) error {
	p.size, p.segments, p.ended = 0, nil, false
	buf := make([]byte, min(64<<10, size+1))
	for !p.ended && p.size != stop {
		var header [segmentHeader]byte
		if _, err := f.ReadAt(header[:], p.size); err != nil {
			return fmt.Errorf("torn at byte %d", p.size)
		}
		s := segment{
			table:  table(binary.LittleEndian.Uint32(header[4:])),
			rows:   int(binary.LittleEndian.Uint32(header[8:])),
			offset: p.size + segmentHeader,
		}
		length := binary.LittleEndian.Uint64(header[16:])
		if n := binary.LittleEndian.Uint32(header[0:]); uint64(n) != uint64(len(p.segments)) || length > maxSegment ||
			int64(length) > size-s.offset-4 {
			return fmt.Errorf("torn or changed at byte %d", p.size)
		}
		s.length = int(length)
		sum := crc32.Checksum(header[:], castagnoli)
		content := io.NewSectionReader(f, s.offset, int64(s.length))
		hashed := crcWriter(sum)
		if _, err := io.CopyBuffer(&hashed, content, buf); err != nil {
			return err
		}
		var want [4]byte
		if _, err := f.ReadAt(want[:], s.offset+int64(s.length)); err != nil || binary.LittleEndian.Uint32(want[:]) != uint32(hashed) {
			return fmt.Errorf("changed between bytes %d and %d", p.size, s.offset+int64(s.length)+4)
		}
		if err := p.accept(f, s, hash); err != nil {
			return err
		}
		p.segments = append(p.segments, s)
		p.size = s.offset + int64(s.length) + 4
		if stop >= 0 && (p.size > stop || p.ended) {
			return fmt.Errorf("no mark at byte %d", stop)
		}
	}
	if stop < 0 && p.size != size {
		return fmt.Errorf("%d bytes after the end", size-p.size)
	}
	return nil
}

// accept checks that segment s may come next.
func (p *part) accept(f io.ReaderAt, s segment, hash string) error {
	first := len(p.segments) == 0
	if first != (s.table == headSegment) {
		return fmt.Errorf("no part file: segment %d is of kind %d", len(p.segments), s.table)
	}
	if s.table != headSegment && s.table != endSegment {
		if s.table < outcomes || s.table >= tableEnd {
			return fmt.Errorf("segment %d is of kind %d", len(p.segments), s.table)
		}
		return nil
	}
	if s.length > 64<<10 {
		return fmt.Errorf("segment %d has %d bytes, want at most %d", len(p.segments), s.length, 64<<10)
	}
	data := make([]byte, s.length)
	if _, err := f.ReadAt(data, s.offset); err != nil {
		return err
	}
	if s.table == endSegment {
		p.ended = true
		return json.Unmarshal(data, &p.usage)
	}
	var head partHead
	if err := json.Unmarshal(data, &head); err != nil {
		return err
	}
	if want := (partHead{layout, hash, p.key}); head != want {
		return fmt.Errorf("part of %v of result %s, want %v of %s", head.Run, clip(head.Identity), p.key, hash)
	}
	return nil
}

// scanFile is scan of a file.
func (p *part) scanFile(f *os.File, hash string, stop int64) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return errors.New("not a regular file")
	}
	return p.scan(f, info.Size(), hash, stop)
}

// crcWriter is a running CRC-32C.
type crcWriter uint32

func (c *crcWriter) Write(b []byte) (int, error) {
	*c = crcWriter(crc32.Update(uint32(*c), castagnoli, b))
	return len(b), nil
}

// copyOutcomes copies the lines of CSV of an ended part and returns their number.
func (p *part) copyOutcomes(root *os.Root, w io.Writer) (rows int64, err error) {
	f, err := root.Open(filepath.FromSlash(p.key.file(true)))
	if err != nil {
		return 0, err
	}
	defer f.Close()
	for _, s := range p.segments {
		if s.table != outcomes {
			continue
		}
		n, err := io.Copy(w, io.NewSectionReader(f, s.offset, int64(s.length)))
		if err == nil && n != int64(s.length) {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return rows, fmt.Errorf("%s: %w", path.Base(f.Name()), err)
		}
		rows += int64(s.rows)
	}
	return rows, nil
}

// eachRow calls do with every row that an ended part has of a table.
func eachRow[T row](p *part, root *os.Root, t table, do func(*T) error) error {
	f, err := root.Open(filepath.FromSlash(p.key.file(true)))
	if err != nil {
		return err
	}
	defer f.Close()
	for _, s := range p.segments {
		if s.table != t {
			continue
		}
		data := make([]byte, s.length)
		if _, err := f.ReadAt(data, s.offset); err != nil {
			return fmt.Errorf("%s: %w", path.Base(f.Name()), err)
		}
		if err := decode(data, s.rows, do); err != nil {
			return fmt.Errorf("%s: %s: %w", path.Base(f.Name()), tableNames[t], err)
		}
	}
	return nil
}
