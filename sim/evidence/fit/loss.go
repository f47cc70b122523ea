package fit

import "math"

// Parameter is one value to fit.
type Parameter struct {
	Key       string
	Low, High float64 // range searched, Low < High
	Start     float64
}

// Target is one number to meet.
type Target struct {
	ID        string
	Value     float64
	Low, High float64 // band in which it counts as met
}

// Block is some parameters against the numbers that they move.
type Block struct {
	Name       string
	Years      int // that a trial simulates
	Parameters []Parameter
	Targets    []Target
}

// maxTogether is how many parameters a block may fit jointly.
const maxTogether = 12

// pull is the weight of the starting values in the loss: a parameter at the end of its range costs
// as much as a number a fifth of its band away, so that what no number moves stays where it is.
const pull = .04

// loss is the mean over targets of the squared distance from the value in half-widths of the band,
// each at most 100, and the pull of the starting values. Simulated numbers that are missing (NaN)
// count 100.
func loss(b *Block, at, simulated []float64) float64 {
	sum := 0.0
	for i, t := range b.Targets {
		d := distance(t, simulated[i])
		sum += min(d*d, 100)
	}
	sum /= float64(max(len(b.Targets), 1))
	away := 0.0
	for i, p := range b.Parameters {
		d := 2 * (at[i] - p.Start) / (p.High - p.Low)
		away += d * d
	}
	return sum + pull*away/float64(max(len(b.Parameters), 1))
}

// distance is how far a simulated number is from its target, in half-widths of the band on that side.
func distance(t Target, simulated float64) float64 {
	half := t.High - t.Value
	if simulated < t.Value {
		half = t.Value - t.Low
	}
	if half <= 0 {
		half = (t.High - t.Low) / 2
	}
	d := (simulated - t.Value) / half
	if math.IsNaN(d) || math.IsInf(d, 0) {
		return 10
	}
	return d
}
