package market

import (
	"fmt"
	"math"
	"testing"

	"coexist/agents/chance"
)

// TestSwitching enrols people, lets them reconsider for years and compares with the closed form.
func TestSwitching(t *testing.T) {
	v := []float64{0.4, 0, -0.3}
	s := make([]float64, 3)
	Probabilities(v, s)
	near(t, "without cost", Switching(0.02, s, 0), 0.02*(1-HHI(s)), 1e-15)
	seed := chance.NewSeed(4)
	for _, cost := range []float64{0, 1} {
		const people, years, attention = 20_000, 5, 0.3
		switched := 0.0
		shock := make([]float64, 3)
		draw := func(i, year int) {
			rng := seed.At(uint64(i), int32(52*year), chance.Enrol)
			for j := range shock {
				shock[j] = rng.Gumbel()
			}
		}
		for i := range people {
			draw(i, 0)
			at := Reconsider(v, shock, -1, cost)
			for year := 1; year <= years; year++ {
				if rng := seed.At(uint64(i), int32(52*year), chance.Attention); rng.Float64() >= attention {
					continue
				}
				draw(i, year)
				if next := Reconsider(v, shock, at, cost); next != at {
					switched++
					at = next
				}
			}
		}
		want := Switching(attention, s, cost)
		near(t, fmt.Sprint("switching a year at a cost of ", cost), switched/(people*years), want,
			4*math.Sqrt(want/(people*years)))
	}
}

func TestReconsider(t *testing.T) {
	zero := []float64{0, 0, 0}
	for _, row := range []struct {
		name    string
		v       []float64
		current int
		cost    float64
		want    int
	}{
		{"better by more than the cost", []float64{0, 2, 1}, 0, 1, 1},
		{"better by less", []float64{0, 0.5, 0.2}, 0, 1, 0},
		{"no current one", []float64{0, 0.5, 0.2}, -1, 9, 1},
		{"the current one has closed", []float64{math.Inf(-1), -50, -60}, 0, 1, 1},
		{"ties to the lower index", []float64{0, 1, 1}, 0, 1, 0},
		{"nothing", []float64{math.Inf(-1), math.Inf(-1), math.Inf(-1)}, 2, 1, -1},
	} {
		if got := Reconsider(row.v, zero, row.current, row.cost); got != row.want {
			t.Errorf("%s: %d, want %d", row.name, got, row.want)
		}
	}
}

func TestLockIn(t *testing.T) {
	owner, contracted := []int32{0, 1, -1, 0}, []bool{false, false, true, false}
	for _, row := range []struct {
		name       string
		binding    string
		system     int32
		contracted []bool
		want       string
	}{
		{"free", "free", 0, contracted, "[true true true true]"},
		{"network with a contract", "network", 0, contracted, "[true false true true]"},
		{"network alone", "network", 1, nil, "[false true false false]"},
		{"nothing of the network in reach", "network", 5, nil, "[true true true true]"},
		{"not enrolled", "network", -1, nil, "[true true true true]"},
	} {
		b, err := ParseBinding(row.binding)
		allowed := make([]bool, 4)
		n := LockIn(b, row.system, owner, row.contracted, allowed)
		count := 0
		for _, ok := range allowed {
			if ok {
				count++
			}
		}
		if fmt.Sprint(allowed) != row.want || n != count || err != nil {
			t.Errorf("%s: %v (%d, %v), want %s", row.name, allowed, n, err, row.want)
		}
	}
	if _, err := ParseBinding("gatekept"); err == nil {
		t.Error("an unknown binding passes")
	}
}

func TestReach(t *testing.T) {
	minutes, open := []float64{50, 10, 70, 10, 30, 5}, []bool{true, true, true, true, true, false}
	for _, row := range []struct {
		limit float64
		most  int
		want  string
	}{
		{60, 8, "[1 3 4 0]"}, {60, 2, "[1 3]"}, {20, 8, "[1 3]"}, {1, 8, "[1]"}, {100, 8, "[1 3 4 0 2]"},
	} {
		if got := fmt.Sprint(Reach(minutes, open, row.limit, row.most, nil)); got != row.want {
			t.Errorf("%d within %v minutes: %s, want %s", row.most, row.limit, got, row.want)
		}
	}
	if got := Reach(minutes, make([]bool, 6), 60, 8, nil); len(got) != 0 {
		t.Errorf("nothing is open, yet %v is in reach", got)
	}
}
