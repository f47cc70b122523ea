package checkpoint

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"io"
	"sync"
	"testing"

	"coexist/configs"
	"coexist/sim"
	"coexist/sim/place"
	"coexist/sim/place/england"
)

// unframe reads a file to its end as Model does, with all the state that it holds.
func unframe(data []byte) (h Head, state []byte, err error) {
	r := bytes.NewReader(data)
	c := &File{Size: int64(len(data))}
	if err := c.readHead(r); err != nil {
		return h, nil, err
	}
	d := newDeframer(r)
	if state, err = io.ReadAll(d); err != nil {
		return h, nil, err
	}
	return c.Head, state, d.end()
}

// framed is a file with a head and a state, in frames of a size.
func framed(head, state []byte, size int) []byte {
	b := preamble(head)
	number := uint64(0)
	for at := 0; at < len(state); at += size {
		piece := state[at:min(at+size, len(state))]
		b = binary.LittleEndian.AppendUint32(b, uint32(len(piece)))
		b = append(b, piece...)
		b = binary.LittleEndian.AppendUint32(b, frameSum(number, piece))
		number++
	}
	b = append(b, 0, 0, 0, 0)
	end := binary.LittleEndian.AppendUint64(nil, uint64(len(state)))
	return binary.LittleEndian.AppendUint32(append(b, end...), frameSum(number, end))
}

// FuzzFile: a checkpoint of any bytes is refused or read, without a panic and without memory that its
// bytes do not fill.
func FuzzFile(f *testing.F) {
	head, err := json.Marshal(Head{Version: "1", World: json.RawMessage("{}"), Regime: json.RawMessage("{}")})
	if err != nil {
		f.Fatal(err)
	}
	whole := framed(head, []byte("some state of a model"), 8)
	f.Add(whole)
	f.Add(whole[:len(whole)-9])
	f.Add(whole[:len(magic)+9])
	f.Add([]byte(magic + "\x01\x00\x00\x00\xff\xff\xff\xff"))
	f.Add(append(preamble([]byte("{}")), 0xff, 0xff, 0x0f, 0))
	f.Fuzz(func(t *testing.T, data []byte) {
		h, state, err := unframe(data)
		if err != nil {
			return
		}
		text, err := json.Marshal(h)
		if err != nil {
			t.Fatalf("accepted, but not written: %v", err)
		}
		again, twice, err := unframe(framed(text, state, frameSize))
		if err != nil || !bytes.Equal(state, twice) {
			t.Fatalf("written, but read back otherwise: %v", err)
		}
		if second, err := json.Marshal(again); err != nil || !bytes.Equal(text, second) {
			t.Fatalf("head %s read back as %s, %v", text, second, err)
		}
	})
}

// FuzzFlip: a state comes back as it went in, and a file of which one bit has turned never does.
func FuzzFlip(f *testing.F) {
	f.Add([]byte("state"), uint8(2), uint32(0))
	f.Add([]byte{}, uint8(0), uint32(700))
	f.Add(bytes.Repeat([]byte{0}, 300), uint8(255), uint32(99))
	f.Fuzz(func(t *testing.T, state []byte, size uint8, bit uint32) {
		if len(state) > 4096 {
			return
		}
		whole := framed([]byte(`{"version":"1"}`), state, int(size)+1)
		if _, got, err := unframe(whole); err != nil || !bytes.Equal(got, state) {
			t.Fatalf("%q comes back as %q, %v", state, got, err)
		}
		bit %= uint32(8 * len(whole))
		whole[bit/8] ^= 1 << (bit % 8)
		if _, _, err := unframe(whole); err == nil {
			t.Fatalf("bit %d turned over, and nothing noticed", bit)
		}
	})
}

// village is the smallest world of two districts, after some weeks of a regime with groups, and its state.
var village = sync.OnceValues(func() (m *sim.Model, state []byte) {
	e, err := place.Read(england.FS())
	if err != nil {
		panic(err)
	}
	p, err := e.Resolve("synthetic:residents=1000,practices=2,hospitals=2,districts=2")
	if err != nil {
		panic(err)
	}
	airline, err := configs.Read("airline", configs.Options{})
	if err != nil {
		panic(err)
	}
	m, err = sim.New(sim.Settings{Place: p, Config: configs.Default(), Seed: 7, Sample: 1, Workers: 1, Tracked: 20})
	if err == nil {
		err = m.WarmUp()
	}
	if err == nil {
		err = m.Become(airline)
	}
	for range 20 {
		if err == nil {
			err = m.Step()
		}
	}
	var b bytes.Buffer
	if err == nil {
		err = m.Snapshot(&b)
	}
	if err != nil {
		panic(err)
	}
	return m, b.Bytes()
})

// FuzzForged: a file whose head and frames have been sealed anew over other numbers is refused, or its
// world goes on; it never ends in a panic.
func FuzzForged(f *testing.F) {
	f.Add(uint32(16), uint64(0), uint8(4), int64(7), 1.0)
	f.Add(uint32(40), uint64(1)<<62, uint8(8), int64(7), 1.0)
	f.Add(uint32(2000), uint64(0xffff), uint8(2), int64(-1), 1.0)
	f.Add(uint32(80_000), uint64(200), uint8(1), int64(7), 2.0)
	f.Fuzz(func(t *testing.T, at uint32, value uint64, size uint8, seed int64, sample float64) {
		m, state := village()
		forged := bytes.Clone(state)
		var b [8]byte
		binary.LittleEndian.PutUint64(b[:], value)
		copy(forged[int(at)%len(forged):], b[:size%9])
		h := Head{Version: "1"}
		if err := h.describe(m); err != nil {
			t.Fatal(err)
		}
		h.Seed, h.Sample = seed, sample
		text, err := json.Marshal(h)
		if err != nil {
			return // JSON has no infinity and no NaN
		}
		r := bytes.NewReader(framed(text, forged, frameSize))
		c := &File{Size: r.Size()}
		if err := c.readHead(r); err != nil {
			t.Fatalf("sealed anew, but %v", err)
		}
		again, err := c.model(r, sim.Settings{Place: m.Settings().Place, Workers: 1})
		if err != nil {
			return
		}
		for range 3 {
			if again.Step() != nil {
				return
			}
		}
	})
}
