package chance

import (
	"bufio"
	"encoding/binary"
	"os"
	"strings"
	"testing"
)

// battery lists the streams that .ci/dieharder judges: each walks along one part of the address, so that a
// likeness between neighbours shows as a pattern in time. n counts the numbers of a stream.
var battery = map[string]func(n uint64) uint64{
	"seeds":    func(n uint64) uint64 { return first(NewSeed(int64(n)).At(4711, 100, Event)) },
	"agents":   func(n uint64) uint64 { return first(NewSeed(1).At(n, 100, Event)) },
	"weeks":    func(n uint64) uint64 { return first(NewSeed(1).At(Key2(7, n>>10), int32(n&1023)-156, Event)) },
	"purposes": func(n uint64) uint64 { return first(NewSeed(1).At(Key2(7, n>>6), 100, Purpose(n&63))) },
	// Of a queue: people with keys as they have them, line and stage above the purpose (package sim).
	"queue": func(n uint64) uint64 { return NewSeed(1).At(0, 100, Serve+Purpose(n&15)<<6).Word(Key2(7, n>>4)) },
	// All four at once: the two last bits of each.
	"mixed": func(n uint64) uint64 {
		return first(NewSeed(int64(n>>6)&3).At(Key2(7, n>>8<<2|n&3), int32(n>>2&3), Purpose(n>>4&3)))
	},
	// Of one choice, and of a choice in neighbouring weeks.
	"options": func(n uint64) uint64 { return NewSeed(1).At(Key2(7, n>>6), int32(n>>4&3), Shock).Word(Key(n & 15)) },
	"keys":    func(n uint64) uint64 { return Key2(KeyString("E01000001"), n) },
}

// first is the first number of a stream; later ones are the generator's own, judged as "draws".
func first(s Stream) uint64 { return s.Uint64() }

// TestBattery writes a stream of random numbers, 8 bytes each, to standard output until nobody reads it:
// COEXIST_STREAM names one of battery, or draws, one long stream.
func TestBattery(t *testing.T) {
	name := os.Getenv("COEXIST_STREAM")
	if name == "" {
		t.Skip("a helper of .ci/dieharder")
	}
	long := NewSeed(1).At(4711, 100, Event)
	at := battery[name]
	if name == "draws" {
		at = func(uint64) uint64 { return long.Uint64() }
	}
	if strings.HasPrefix(name, "bad") { // a counter: to see that the battery finds what is wrong
		at = func(n uint64) uint64 { return n * golden }
	}
	if at == nil {
		t.Fatalf("COEXIST_STREAM = %s, want draws or a name of battery", name)
	}
	out := bufio.NewWriterSize(os.Stdout, 1<<16)
	var b [8]byte
	for n := uint64(0); ; n++ {
		binary.LittleEndian.PutUint64(b[:], at(n))
		if _, err := out.Write(b[:]); err != nil {
			return // the reader has what it wants
		}
	}
}
