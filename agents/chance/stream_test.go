package chance

import (
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
	"testing"
)

var _ rand.Source = (*Stream)(nil)

// The first outputs of SplitMix64: from 0 as in java.util.SplittableRandom, from
// 1234567 as at rosettacode.org/wiki/Pseudo-random_numbers/Splitmix64.
func TestMixGivesSplitMix64(t *testing.T) {
	for state, want := range map[uint64][]uint64{
		0:       {0xe220a8397b1dcdaf, 0x6e789e6aa1b965f4, 0x06c45d188009454f, 0xf88bb8a8724c81ec},
		1234567: {6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821},
	} {
		if got := uint64(NewSeed(int64(state))); got != want[0] {
			t.Errorf("NewSeed(%d) = %#x, want %#x", state, got, want[0])
		}
		for i, want := range want {
			state += golden
			if got := mix(state); got != want {
				t.Errorf("output %d = %#x, want %#x", i, got, want)
			}
		}
	}
}

func TestStreamIsStandardPCG(t *testing.T) {
	for _, state := range [][2]uint64{{0, 0}, {1, 2}, {^uint64(0), ^uint64(0)}, {1 << 63, 0}, {12345, 1 << 40}} {
		got, want := newStream(state[0], state[1]), rand.NewPCG(state[0], state[1])
		for i := range 10_000 {
			if got, want := got.Uint64(), want.Uint64(); got != want {
				t.Fatalf("state %d, draw %d: %#x, want %#x", state, i, got, want)
			}
		}
	}
}

func TestAtIsAddressed(t *testing.T) {
	seed := NewSeed(7)
	one := seed.At(3, 5, Choice)
	two := seed.At(3, 5, Choice)
	for range 10 {
		if one.Uint64() != two.Uint64() {
			t.Fatal("one address gave two streams")
		}
	}
	seen := map[Stream]string{}
	for agent := range uint64(40) {
		for week := int32(-20); week < 20; week++ {
			for purpose := range Purposes {
				name := fmt.Sprint(agent, week, purpose)
				s := seed.At(agent, week, purpose)
				if other, ok := seen[s]; ok {
					t.Fatalf("%s and %s share a state", name, other)
				}
				seen[s] = name
			}
		}
	}
}

// neighbours gives first draws along each coordinate of an address in turn.
var neighbours = []struct {
	name string
	bits int // that may be flipped
	draw func(i uint64) uint64
}{
	{"seed", 63, func(i uint64) uint64 { r := NewSeed(int64(i)).At(11, 7, Choice); return r.Uint64() }},
	{"agent", 64, func(i uint64) uint64 { r := NewSeed(1).At(i, 7, Choice); return r.Uint64() }},
	{"key", 64, func(i uint64) uint64 { r := NewSeed(1).At(Key2(5, i), 7, Choice); return r.Uint64() }},
	{"week", 31, func(i uint64) uint64 { r := NewSeed(1).At(11, int32(i), Choice); return r.Uint64() }},
	{"purpose", 16, func(i uint64) uint64 { r := NewSeed(1).At(11, int32(i>>16), Purpose(i)); return r.Uint64() }},
	{"second draw", 64, func(i uint64) uint64 { r := NewSeed(1).At(i, 7, Choice); r.Uint64(); return r.Uint64() }},
	{"agent and week", 20, func(i uint64) uint64 { r := NewSeed(1).At(i, int32(i), Choice); return r.Uint64() }},
	{"week by agent", 20, func(i uint64) uint64 { r := NewSeed(1).At(i%64, int32(i/64), Choice); return r.Uint64() }},
}

// chiSquare returns how many standard errors the chi-square of counts lies above
// its mean under equal chances.
func chiSquare(counts []int) float64 {
	n := 0
	for _, c := range counts {
		n += c
	}
	mean, sum := float64(n)/float64(len(counts)), 0.0
	for _, c := range counts {
		sum += (float64(c) - mean) * (float64(c) - mean) / mean
	}
	df := float64(len(counts) - 1)
	return (sum - df) / math.Sqrt(2*df)
}

// Neighbouring addresses must look independent: every byte even, pairs of
// neighbours even, no serial correlation.
func TestNeighboursAreIndependent(t *testing.T) {
	const n = 1 << 18
	for _, row := range neighbours {
		t.Run(row.name, func(t *testing.T) {
			var bytes [8][256]int
			var high, low, xor [256]int
			var sum, square, serial float64
			last := row.draw(0)
			for i := uint64(1); i <= n; i++ {
				u := row.draw(i)
				for b := range bytes {
					bytes[b][byte(u>>(8*b))]++
				}
				high[last>>60<<4|u>>60]++
				low[last&15<<4|u&15]++
				xor[byte((u^last)>>30)]++
				x, y := Unit(u)-0.5, Unit(last)-0.5
				sum += x
				square += x * x
				serial += x * y
				last = u
			}
			for b := range bytes {
				if z := chiSquare(bytes[b][:]); math.Abs(z) > 4.5 {
					t.Errorf("byte %d: chi-square %.1f standard errors off", b, z)
				}
			}
			for name, counts := range map[string][]int{"high": high[:], "low": low[:], "xor": xor[:]} {
				if z := chiSquare(counts); math.Abs(z) > 4.5 {
					t.Errorf("pairs, %s: chi-square %.1f standard errors off", name, z)
				}
			}
			if z := sum / math.Sqrt(n/12.0); math.Abs(z) > 4 {
				t.Errorf("mean %.1f standard errors off", z)
			}
			if z := (square - n/12.0) / math.Sqrt(n/180.0); math.Abs(z) > 4 {
				t.Errorf("variance %.1f standard errors off", z)
			}
			if z := serial / math.Sqrt(n/144.0); math.Abs(z) > 4 {
				t.Errorf("serial correlation %.1f standard errors off", z)
			}
		})
	}
}

// One flipped bit of an address must flip each bit of the draw half of the time.
func TestAvalanche(t *testing.T) {
	const n = 1 << 11
	for _, row := range neighbours {
		flips := make([][64]int, row.bits)
		for i := range uint64(n) {
			u := row.draw(i)
			for in := range flips {
				for d := u ^ row.draw(i^1<<in); d != 0; d &= d - 1 {
					flips[in][bits.TrailingZeros64(d)]++
				}
			}
		}
		for in := range flips {
			for out, count := range flips[in] {
				if z := (float64(count) - n/2) / math.Sqrt(n/4); math.Abs(z) > 6 {
					t.Errorf("%s: bit %d flips bit %d in %d of %d, %.1f standard errors off", row.name, in, out, count, n, z)
				}
			}
		}
	}
}

func TestUnitAndOpenLimits(t *testing.T) {
	for _, row := range []struct {
		name      string
		got, want float64
	}{
		{"lowest unit", Unit(0), 0},
		{"highest unit", Unit(math.MaxUint64), 1 - 0x1p-53},
		{"half unit", Unit(1 << 63), 0.5},
		{"lowest open", Open(0), 0x1p-53},
		{"highest open", Open(math.MaxUint64), 1 - 0x1p-53},
		{"symmetric open", 1 - Open(12345<<40), Open(^uint64(12345 << 40))},
	} {
		if row.got != row.want {
			t.Errorf("%s = %v, want %v", row.name, row.got, row.want)
		}
	}
}

// Moments of each distribution within 4 standard errors of theory.
func TestDistributions(t *testing.T) {
	const n = 200_000
	const euler = 0.57721566490153286
	for _, row := range []struct {
		name                     string
		draw                     func(*Stream) float64
		mean, variance, kurtosis float64
	}{
		{"Float64", (*Stream).Float64, 0.5, 1.0 / 12, 1.8},
		{"Open", (*Stream).open, 0.5, 1.0 / 12, 1.8},
		{"Below", func(r *Stream) float64 { return float64(r.Below(7)) }, 3, 4, 1.75},
		{"Normal", (*Stream).Normal, 0, 1, 3},
		{"Exponential", (*Stream).Exponential, 1, 1, 9},
		{"Gumbel", (*Stream).Gumbel, euler, math.Pi * math.Pi / 6, 5.4},
	} {
		rng := NewSeed(3).At(1, 1, Taste)
		var sum, square float64
		for range n {
			x := row.draw(&rng) - row.mean
			sum += x
			square += x * x
		}
		if z := sum / math.Sqrt(n*row.variance); math.Abs(z) > 4 {
			t.Errorf("%s: mean %.1f standard errors off", row.name, z)
		}
		if z := (square/n/row.variance - 1) / math.Sqrt((row.kurtosis-1)/n); math.Abs(z) > 4 {
			t.Errorf("%s: variance %.1f standard errors off", row.name, z)
		}
	}
}

func TestBelow(t *testing.T) {
	rng := newStream(1, 2)
	var counts [12]int
	for range 120_000 {
		counts[rng.Below(12)]++
	}
	if z := chiSquare(counts[:]); math.Abs(z) > 4.5 {
		t.Errorf("chi-square %.1f standard errors off: %v", z, counts)
	}
	for range 100 {
		if got := rng.Below(1); got != 0 {
			t.Fatalf("Below(1) = %d", got)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("Below(0) did not panic")
		}
	}()
	rng.Below(0)
}

// TestOf: the number of a key is the same whenever it is asked for, uniform, and apart from that of another
// key, agent or week.
func TestOf(t *testing.T) {
	const side = 12
	var pairs [3][side * side]int
	at := func(u float64) int { return int(u * side) }
	for n := range uint64(144_000) {
		rng := NewSeed(1).At(Key2(7, n), 5, Shock)
		u := rng.Of(Key2(1, 0))
		rng.Uint64()
		other, later := NewSeed(1).At(Key2(7, n+1), 5, Shock), NewSeed(1).At(Key2(7, n), 6, Shock)
		pairs[0][at(u)*side+at(rng.Of(Key2(1, 1)))]++
		pairs[1][at(u)*side+at(other.Of(Key2(1, 0)))]++
		pairs[2][at(u)*side+at(later.Of(Key2(1, 0)))]++
		if again := NewSeed(1).At(Key2(7, n), 5, Shock).Of(Key2(1, 0)); again != u {
			t.Fatalf("%v, then %v", u, again)
		}
	}
	for k := range pairs {
		if z := chiSquare(pairs[k][:]); math.Abs(z) > 4.5 {
			t.Errorf("pair %d: chi-square %.1f standard errors off", k, z)
		}
	}
}

// Gumbel-max gives the shares of a logit.
func TestGumbelMaxIsLogit(t *testing.T) {
	const n = 100_000
	values := []float64{0, 1, -0.5}
	sum := 0.0
	for _, v := range values {
		sum += math.Exp(v)
	}
	counts := make([]float64, len(values))
	for i := range uint64(n) {
		rng := NewSeed(1).At(i, 0, Choice)
		best, top := 0, math.Inf(-1)
		for j, v := range values {
			if u := v + rng.Gumbel(); u > top {
				best, top = j, u
			}
		}
		counts[best]++
	}
	for j, v := range values {
		p := math.Exp(v) / sum
		if z := (counts[j] - n*p) / math.Sqrt(n*p*(1-p)); math.Abs(z) > 4 {
			t.Errorf("option %d: share %.4f, want %.4f", j, counts[j]/n, p)
		}
	}
}

func TestKeys(t *testing.T) {
	if Key(3, 4) != Key2(3, 4) {
		t.Error("Key and Key2 differ")
	}
	seen := map[uint64]string{}
	add := func(key uint64, name string) {
		if other, ok := seen[key]; ok && other != name {
			t.Errorf("%s and %s have one key", name, other)
		}
		seen[key] = name
	}
	for a := range uint64(60) {
		add(Key(a), fmt.Sprint(a))
		for b := range uint64(60) {
			add(Key(a, b), fmt.Sprint(a, b))
			add(Key(a, b, 0), fmt.Sprint(a, b, 0))
		}
	}
	text := "E54000037-Frimley\x00\x00 and more of it"
	for i := range text {
		add(KeyString(text[:i]), fmt.Sprintf("%q", text[:i]))
	}
	for _, s := range []string{"\x00", "\x00\x00", "12345678\x00", "abcdefghijklmnop", "ijklmnopabcdefgh"} {
		add(KeyString(s), fmt.Sprintf("%q", s))
	}
}

func TestNothingIsAllocated(t *testing.T) {
	code := "E54000037"
	got := testing.AllocsPerRun(100, func() {
		rng := NewSeed(1).At(Key(1, 2, KeyString(code)), 3, Gap)
		sinkFloat = rng.Normal() + rng.Gumbel() + rng.Exponential() + float64(rng.Below(3))
	})
	if got != 0 {
		t.Errorf("%v allocations, want 0", got)
	}
}

func ExampleSeed_At() {
	seed := NewSeed(1)
	for week := range int32(3) {
		rng := seed.At(KeyString("patient 42"), week, Referral)
		fmt.Printf("week %d: %.4f %.4f\n", week, rng.Float64(), rng.Normal())
	}
	// Output:
	// week 0: 0.5981 0.5137
	// week 1: 0.5899 0.1432
	// week 2: 0.7365 1.6906
}
