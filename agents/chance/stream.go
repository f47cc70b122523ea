package chance

import "math/bits"

// Seed is the master seed of a run, already mixed. Runs with neighbouring seeds
// are as independent as any two.
type Seed uint64

// NewSeed mixes the number that a config or the command line gives. It is the
// first output of SplitMix64 started from n.
func NewSeed(n int64) Seed {
	return Seed(mix(uint64(n) + golden))
}

// At opens the stream of one agent, week and purpose. Within a seed, two different
// addresses never share a state: lo tells the agent, and for one agent hi tells the
// week and purpose. Week may be negative (warm-up). Opening it twice gives the same
// numbers twice, so one address must serve one decision only.
func (s Seed) At(agent uint64, week int32, purpose Purpose) Stream {
	x := uint64(s) + agent*golden + (uint64(week)<<16|uint64(purpose))*spectral
	return Stream{hi: mix(x), lo: uint64(s) + agent}
}

// spectral is a multiplier with a good spectrum in all dimensions up to 8.
//
// Source: Steele and Vigna, Software: Practice and Experience 52(2):443–458, 2022.
const spectral = 0xd1342543de82ef95

// Stream is a sequence of random numbers: the 128-bit state of a PCG-DXSM with the
// output of math/rand/v2.PCG. It is a plain value of 16 bytes; a copy continues on
// its own from the same place. *Stream is a rand.Source.
//
// Source: O'Neill, Harvey Mudd College HMC-CS-2014-0905, 2014; Go math/rand/v2.
type Stream struct{ hi, lo uint64 }

// newStream starts a stream as rand.NewPCG(hi, lo) does.
func newStream(hi, lo uint64) Stream { return Stream{hi, lo} }

// Uint64 draws 64 random bits.
func (r *Stream) Uint64() uint64 {
	const (
		mulHi, mulLo = 2549297995355413924, 4865540595714422341
		incHi, incLo = 6364136223846793005, 1442695040888963407
		cheapMul     = 0xda942042e4dd58b5
	)
	hi, lo := bits.Mul64(r.lo, mulLo)
	hi += r.hi*mulLo + r.lo*mulHi
	lo, carry := bits.Add64(lo, incLo, 0)
	hi += incHi + carry
	r.hi, r.lo = hi, lo

	hi ^= hi >> 32
	hi *= cheapMul
	hi ^= hi >> 48
	return hi * (lo | 1)
}

// Unit turns 64 random bits into a number in [0, 1), a multiple of 2⁻⁵³, from the
// upper 53 bits.
func Unit(u uint64) float64 {
	return float64(float64(int64(u>>11)) * 0x1p-53)
}

// Open turns 64 random bits into an odd multiple of 2⁻⁵³, which is never 0 nor 1, from the upper 52 bits.
func Open(u uint64) float64 {
	return float64((float64(int64(u>>12)) + 0.5) * 0x1p-52)
}

// Float64 draws uniformly from [0, 1).
func (r *Stream) Float64() float64 { return Unit(r.Uint64()) }

// open draws uniformly from (0, 1): never 0 nor 1, and 1 − u is as likely as u.
func (r *Stream) open() float64 { return Open(r.Uint64()) }

// Of returns the number of (0, 1) that belongs to one of many: the luck of an option in a choice. It draws
// nothing: the same key gives the same number again, whatever else is asked or drawn, at the price of
// half a draw. Keys are mixed, as those of Key are; bare counters are not.
func (r Stream) Of(key uint64) float64 { return Open(r.Word(key)) }

// Word returns the 64 random bits of which Of makes its number.
func (r Stream) Word(key uint64) uint64 { return mix(r.hi + key) }

// Below draws an integer from 0 to n − 1. It takes exactly one number, at the price
// of a bias under n/2⁶⁴. It panics if n is 0.
func (r *Stream) Below(n uint32) uint32 {
	if n == 0 {
		panic("chance: Below(0)")
	}
	hi, _ := bits.Mul64(r.Uint64(), uint64(n))
	return uint32(hi)
}

// Normal draws from the standard normal distribution by the inverse of its
// distribution function: one uniform each, so that two scenarios stay in step, and
// within ±8.3.
func (r *Stream) Normal() float64 { return InvPhi(r.open()) }

// Exponential draws from the exponential distribution of mean 1; it is > 0 and at
// most 36.8.
func (r *Stream) Exponential() float64 { return -Log(r.open()) }

// Gumbel draws from the standard Gumbel distribution.
func (r *Stream) Gumbel() float64 { return Gumbel(r.open()) }

// Gumbel turns u, uniform in (0, 1), into the standard Gumbel distribution, −log(−log u): mean 0.5772,
// variance π²/6, within −3.7 and 36.8. The option with the largest V + Gumbel is
// chosen with the probability exp(V) / Σ exp(V) of the logit.
func Gumbel(u float64) float64 { return -Log(-Log(u)) }
