package chance

import (
	"math/rand/v2"
	"testing"
)

// Kept outside, so that the compiler cannot drop the work.
var (
	sinkBits  uint64
	sinkFloat float64
)

func BenchmarkAtUint64(b *testing.B) {
	seed := NewSeed(1)
	var sum uint64
	for i := range b.N {
		rng := seed.At(uint64(i), 7, Contact)
		sum += rng.Uint64()
	}
	sinkBits = sum
}

func BenchmarkAtFloat64(b *testing.B) {
	seed := NewSeed(1)
	sum := 0.0
	for i := range b.N {
		rng := seed.At(uint64(i), 7, Contact)
		sum += rng.Float64()
	}
	sinkFloat = sum
}

func BenchmarkPCGSeedUint64(b *testing.B) {
	var pcg rand.PCG
	var sum uint64
	for i := range b.N {
		pcg.Seed(mix(uint64(i)), 7)
		sum += pcg.Uint64()
	}
	sinkBits = sum
}

func BenchmarkUint64(b *testing.B) {
	rng := newStream(1, 2)
	var sum uint64
	for range b.N {
		sum += rng.Uint64()
	}
	sinkBits = sum
}

func BenchmarkBelow(b *testing.B) {
	rng := newStream(1, 2)
	var sum uint64
	for range b.N {
		sum += uint64(rng.Below(12))
	}
	sinkBits = sum
}

func BenchmarkKey2(b *testing.B) {
	var sum uint64
	for i := range b.N {
		sum += Key2(uint64(i), 7)
	}
	sinkBits = sum
}

func BenchmarkKey3(b *testing.B) {
	var sum uint64
	for i := range b.N {
		sum += Key(uint64(i), 7, 9)
	}
	sinkBits = sum
}

func BenchmarkKeyString(b *testing.B) {
	var sum uint64
	for range b.N {
		sum += KeyString("E54000037")
	}
	sinkBits = sum
}

func BenchmarkSeason(b *testing.B) {
	sum := 0.0
	for i := range b.N {
		sum += Season(i)
	}
	sinkFloat = sum
}

// Functions of one number, each on 1,024 arguments of the range the model uses.
func BenchmarkFunction(b *testing.B) {
	for _, row := range []struct {
		name      string
		low, high float64
		f         func(float64) float64
	}{
		{"Log", 0, 1, Log},
		{"Exp", -10, 10, Exp},
		{"Phi", -5, 5, Phi},
		{"InvPhi", 0, 1, InvPhi},
	} {
		b.Run(row.name, func(b *testing.B) {
			var xs [1024]float64
			rng := newStream(1, 2)
			for i := range xs {
				xs[i] = row.low + (row.high-row.low)*rng.open()
			}
			sum := 0.0
			for i := range b.N {
				sum += row.f(xs[i%1024])
			}
			sinkFloat = sum
		})
	}
}

func BenchmarkStream(b *testing.B) {
	for _, row := range []struct {
		name string
		f    func(*Stream) float64
	}{
		{"Float64", (*Stream).Float64},
		{"Open", (*Stream).open},
		{"Normal", (*Stream).Normal},
		{"Exponential", (*Stream).Exponential},
		{"Gumbel", (*Stream).Gumbel},
	} {
		b.Run(row.name, func(b *testing.B) {
			rng := newStream(1, 2)
			sum := 0.0
			for range b.N {
				sum += row.f(&rng)
			}
			sinkFloat = sum
		})
	}
}
