package sim

import "math"

func sqrt(x float64) float64  { return math.Sqrt(x) }
func abs(x float64) float64   { return math.Abs(x) }
func floor(x float64) float64 { return math.Floor(x) }

// clip is x, but at least lo and at most hi.
func clip(x, lo, hi float64) float64 {
	switch {
	case x < lo:
		return lo
	case x > hi:
		return hi
	}
	return x
}
