package checkpoint

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
)

// frameSize is the most bytes of state in a frame: what is read and checked at a time.
const frameSize = 1 << 20

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func checksum(b []byte) uint32 { return crc32.Checksum(b, castagnoli) }

// frameSum is the checksum of a frame: over its number, so that frames in another order show, and its
// bytes.
func frameSum(number uint64, b []byte) uint32 {
	var n [8]byte
	binary.LittleEndian.PutUint64(n[:], number)
	return crc32.Update(checksum(n[:]), castagnoli, b)
}

// framer writes a stream as frames: length, bytes, checksum; at the end length 0, bytes in all, checksum.
type framer struct {
	w       io.Writer
	buf     []byte // of one frame, behind its length
	number  uint64
	state   uint64 // bytes in frames
	written int64  // to w
}

func newFramer(w io.Writer) *framer { return &framer{w: w, buf: make([]byte, 4, frameSize+8)} }

// Write implements io.Writer.
func (f *framer) Write(b []byte) (n int, err error) {
	for len(b) > 0 {
		k := min(len(b), frameSize+4-len(f.buf))
		f.buf = append(f.buf, b[:k]...)
		b, n = b[k:], n+k
		if len(f.buf) == frameSize+4 {
			if err := f.flush(); err != nil {
				return n, err
			}
		}
	}
	return n, nil
}

// flush writes the frame in hand.
func (f *framer) flush() error {
	size := len(f.buf) - 4
	binary.LittleEndian.PutUint32(f.buf, uint32(size))
	f.buf = binary.LittleEndian.AppendUint32(f.buf, frameSum(f.number, f.buf[4:]))
	n, err := f.w.Write(f.buf)
	f.written += int64(n)
	f.number, f.state, f.buf = f.number+1, f.state+uint64(size), f.buf[:4]
	return err
}

// Close writes what is left and the end.
func (f *framer) Close() error {
	if len(f.buf) > 4 {
		if err := f.flush(); err != nil {
			return err
		}
	}
	end := make([]byte, 4, 16)
	end = binary.LittleEndian.AppendUint64(end, f.state)
	end = binary.LittleEndian.AppendUint32(end, frameSum(f.number, end[4:]))
	n, err := f.w.Write(end)
	f.written += int64(n)
	return err
}

// deframer reads what a framer wrote.
type deframer struct {
	r      io.Reader
	buf    []byte
	frame  []byte // of the present frame, what is not yet read
	number uint64
	state  uint64
	err    error
}

func newDeframer(r io.Reader) *deframer { return &deframer{r: r} }

// Read implements io.Reader: bytes of frames that are as they were written.
func (d *deframer) Read(b []byte) (int, error) {
	if len(d.frame) == 0 && d.err == nil {
		d.err = d.next()
	}
	if d.err != nil {
		return 0, d.err
	}
	n := copy(b, d.frame)
	d.frame = d.frame[n:]
	return n, nil
}

// next reads and checks a frame; io.EOF is the end.
func (d *deframer) next() error {
	var head [4]byte
	if n, err := io.ReadFull(d.r, head[:]); err != nil {
		return fmt.Errorf("torn: found %d bytes of the length of frame %d, want 4", n, d.number)
	}
	size := int(binary.LittleEndian.Uint32(head[:]))
	last := size == 0
	if last {
		size = 8
	}
	if size > frameSize {
		return fmt.Errorf("changed: found %d bytes in frame %d, want at most %d", size, d.number, frameSize)
	}
	if cap(d.buf) < size+4 {
		d.buf = make([]byte, size+4)
	}
	b := d.buf[:size+4]
	if n, err := io.ReadFull(d.r, b); err != nil {
		return fmt.Errorf("torn: found %d bytes of frame %d, want %d", n, d.number, len(b))
	}
	found := binary.LittleEndian.Uint32(b[size:])
	if want := frameSum(d.number, b[:size]); found != want {
		return fmt.Errorf("changed: found checksum %08x of frame %d, want %08x", found, d.number, want)
	}
	d.number++
	if last {
		if n := binary.LittleEndian.Uint64(b); n != d.state {
			return fmt.Errorf("torn: found %d bytes of state, want %d", d.state, n)
		}
		return io.EOF
	}
	d.frame, d.state = b[:size], d.state+uint64(size)
	return nil
}

// end wants nothing but the end.
func (d *deframer) end() error {
	if len(d.frame) > 0 {
		return fmt.Errorf("changed: found %d bytes more of state than the model has", len(d.frame))
	}
	if d.err == nil {
		d.err = d.next()
	}
	if d.err == nil {
		return fmt.Errorf("changed: found %d bytes more of state than the model has", len(d.frame))
	}
	if d.err != io.EOF {
		return d.err
	}
	var more [1]byte
	if n, _ := d.r.Read(more[:]); n > 0 {
		return fmt.Errorf("changed: found more after the end")
	}
	return nil
}
