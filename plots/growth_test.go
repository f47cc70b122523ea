package plots

import (
	"math"
	"strings"
	"testing"
)

// TestGrowth: the exponent is the slope, the numbers are beside the figure, and it passes the checks of
// every other figure in every size.
func TestGrowth(t *testing.T) {
	var points []Grown
	for _, n := range []int64{100_000, 1_000_000, 10_000_000, 56_489_608} {
		points = append(points, Grown{n, 3e-8 * math.Pow(float64(n), 1.1), 90 + 4e7/float64(n)})
	}
	f := Growth(points, "Source: worlds of the status quo. Simulated, not observed.", "go run ./.ci/scale")
	if want := "to the power of 1.10: a week of 56 million people takes 10 processor seconds"; !strings.Contains(f.Title, want) {
		t.Errorf("title %q, want it to hold %q", f.Title, want)
	}
	if len(f.Table) != len(points)+1 || f.Table[4][0] != "56489608" {
		t.Errorf("table %v, want a row a world", f.Table)
	}
	for _, size := range Sizes() {
		if err := f.Lint(size, Light); err != nil {
			t.Errorf("%s: %v", size.Name, err)
		}
	}
}
