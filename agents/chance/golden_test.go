package chance

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"testing"
)

// Hashes of 200,000 results each. They pin the results of every seed, and are the
// same on every processor: CI compares them on amd64 (v1 and v3), arm64 and
// WebAssembly. A change here is a change of all results and belongs in CHANGELOG.md.
func TestGolden(t *testing.T) {
	wide := func(rng *Stream) float64 { return math.Float64frombits(rng.Uint64() >> 1) } // positive, of any size
	for _, row := range []struct {
		name string
		bits func(rng *Stream, i uint64) uint64
		want string
	}{
		{"At", func(_ *Stream, i uint64) uint64 {
			rng := NewSeed(int64(i%7)).At(Key2(i, 1), int32(i%640)-100, Purpose(i)%Purposes)
			return rng.Uint64() ^ rng.Uint64()<<1
		}, "1783e1b422653f09"},
		{"Key", func(_ *Stream, i uint64) uint64 {
			return Key(i, 1, 2) ^ Key2(1, i) ^ KeyString("a longer code"[:i%14])
		}, "6bbb49d8db1a54f2"},
		{"Below", func(rng *Stream, i uint64) uint64 { return uint64(rng.Below(uint32(i + 1))) }, "7a4287cd1ac91fe0"},
		{"Float64", func(rng *Stream, _ uint64) uint64 { return word64(rng.Float64()) }, "b6cdf41b5c3c5d1f"},
		{"Open", func(rng *Stream, _ uint64) uint64 { return word64(rng.open()) }, "d41a3708d0e0c3ed"},
		{"Normal", func(rng *Stream, _ uint64) uint64 { return word64(rng.Normal()) }, "2ff9c35d9d8f356e"},
		{"Exponential", func(rng *Stream, _ uint64) uint64 { return word64(rng.Exponential()) }, "fb931027f23eacda"},
		{"Gumbel", func(rng *Stream, _ uint64) uint64 { return word64(rng.Gumbel()) }, "249bc09fa8749bf9"},
		{"Log", func(rng *Stream, _ uint64) uint64 { return word64(Log(wide(rng))) }, "d3f9dd5b872599ab"},
		{"Log near 1", func(rng *Stream, _ uint64) uint64 { return word64(Log(0.5 + rng.Float64())) }, "aabf044fd8286bea"},
		{"Exp", func(rng *Stream, _ uint64) uint64 { return word64(Exp(20 * (rng.Float64() - 0.5))) }, "e78321ceda12f3f3"},
		{"Exp, wide", func(rng *Stream, _ uint64) uint64 { return word64(Exp(1600 * (rng.Float64() - 0.5))) }, "c39f40dc41b6561b"},
		{"Exp, any", func(rng *Stream, _ uint64) uint64 { return word64(Exp(-wide(rng))) }, "7ff1263e28b25448"},
		{"Phi", func(rng *Stream, _ uint64) uint64 { return word64(Phi(20 * (rng.Float64() - 0.5))) }, "3965f4ce9ad34170"},
		{"InvPhi", func(rng *Stream, _ uint64) uint64 { return word64(InvPhi(Exp(-60 * rng.Float64()))) }, "3cd22c26fcf18857"},
		{"Season", func(_ *Stream, i uint64) uint64 { return word64(Season(int(i) - 1000)) }, "9d07c5cd4ffd4558"},
	} {
		rng := newStream(20, 26)
		hash := sha256.New()
		var buffer [8]byte
		for i := range uint64(200_000) {
			binary.LittleEndian.PutUint64(buffer[:], row.bits(&rng, i))
			hash.Write(buffer[:])
		}
		if got := hex.EncodeToString(hash.Sum(nil)[:8]); got != row.want {
			t.Errorf("%s: hash %s, want %s", row.name, got, row.want)
		}
	}
}

// word64 returns the bits of x, the same for every NaN.
func word64(x float64) uint64 {
	if x != x {
		return ^uint64(0)
	}
	return math.Float64bits(x)
}
