package sim

import "math"

func sqrt(x float64) float64  { return math.Sqrt(x) }
func abs(x float64) float64   { return math.Abs(x) }
func floor(x float64) float64 { return math.Floor(x) }

func clip(x, lo, hi float64) float64 { return min(max(x, lo), hi) }
