package plots

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// blank is a page to measure on.
func blank(size Size) *canvas { return &canvas{size: size, faces: map[faceKey]font.Face{}} }

// TestScalesAcrossHaveThreeNumbers: on any panel of a figure, for any range and unit, 3 to 6 numbers stand
// clear of each other, and the scale is not much wider than what it shows.
func TestScalesAcrossHaveThreeNumbers(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	c := blank(Report)
	for range 4_000 {
		low := rng.NormFloat64() * math.Pow(10, float64(rng.IntN(6)-2))
		a := axis{low, low + math.Abs(low)*rng.ExpFloat64() + 0.02}
		unit := []Unit{{}, {Before: "£"}, {After: "%"}}[rng.IntN(3)]
		width := vg.Length(68 + 100*rng.Float64())
		s := c.across(a, unit, width)
		if n := len(s.at); n < 3 || n > 6 || !s.clear(c, width) {
			t.Fatalf("%v on %.0f points: %q, want 3 to 6 numbers clear of each other", a, width, s.text)
		}
		slack := 1e-9 * (math.Abs(a.min) + math.Abs(a.max))
		if s.min > a.min+slack || s.max < a.max-slack || s.max-s.min > 2.1*(a.max-a.min) || a.min >= 0 && s.min < 0 {
			t.Fatalf("%v on %.0f points: scale from %g to %g", a, width, s.min, s.max)
		}
		if s.at[0] < s.min-slack || s.at[len(s.at)-1] > s.max+slack {
			t.Fatalf("%v: numbers %v outside the scale from %g to %g", a, s.at, s.min, s.max)
		}
	}
}

// TestScalesUpHaveThreeNumbers holds scales from a floor and without one to 3 to 6 numbers.
func TestScalesUpHaveThreeNumbers(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 8))
	for range 20_000 {
		floor := float64(rng.IntN(3)) // 0 and 1 of outcomes, 2 to try
		low := floor + rng.ExpFloat64()*math.Pow(10, float64(rng.IntN(5)-2))
		up := rangeAbove(floor, low, low+rng.ExpFloat64()*low+1e-3)
		for _, most := range []int{4, 5} {
			for _, from := range []float64{floor, math.Inf(-1)} {
				if at := ticksAbove(from, up, most); len(at) < 3 || len(at) > 6 {
					t.Fatalf("%v from %g: %v, want 3 to 6 numbers", up, from, at)
				}
			}
		}
	}
}

func TestBrief(t *testing.T) {
	for _, test := range []struct {
		at   []float64
		want string
	}{{[]float64{-50_000, 0, 50_000}, "−50k 0 50k"}, {[]float64{32e6, 32.5e6, 33e6}, "32.0m 32.5m 33.0m"}, {[]float64{0, 2_000}, "0 2,000"}} {
		if got := strings.Join(brief(test.at), " "); got != test.want {
			t.Errorf("%v: got %q, want %q", test.at, got, test.want)
		}
	}
}

// TestWholes: an axis of years or runs begins with 1 and has three numbers where there are three; where there
// is little room, the first, the middle and the last.
func TestWholes(t *testing.T) {
	for n := 1; n <= 1_000; n++ {
		at := wholes(n, func([]int) bool { return true })
		if len(at) < min(3, n) || len(at) > 6 || at[0] != 1 || at[len(at)-1] > n {
			t.Fatalf("%d: got %v", n, at)
		}
		for i := 1; i < len(at); i++ {
			if at[i] <= at[i-1] {
				t.Fatalf("%d: got %v, want them in order", n, at)
			}
		}
	}
	got := wholes(20, func(at []int) bool { return len(at) <= 3 })
	if len(got) != 3 || got[0] != 1 || got[1] != 10 || got[2] != 20 {
		t.Errorf("with little room: got %v, want 1, 10 and 20", got)
	}
}

func TestPowerTicks(t *testing.T) {
	for decades := 1; decades <= 14; decades++ {
		if at := powerTicks(axis{-2, float64(decades - 2)}); len(at) < 3 || len(at) > 6 {
			t.Errorf("%d powers of ten have %d numbers, want 3 to 6", decades, len(at))
		}
	}
	for k, want := range map[float64]string{-2: "0.01", math.Log10(0.05): "0.05", math.Log10(200): "200", 4: "10k", math.Log10(5e6): "5m"} {
		if got := power(k); got != want {
			t.Errorf("power(%g): got %q, want %q", k, got, want)
		}
	}
}
