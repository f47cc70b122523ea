package evidence

import (
	"encoding/csv"
	"slices"
	"strconv"
	"strings"
	"testing"

	"coexist/configs"
)

// TestDrawn: a seed draws one set for every scenario, and what a scenario gives a value of its own stays.
func TestDrawn(t *testing.T) {
	sets := readPosterior().sets
	n := len(sets)
	for _, c := range []struct {
		seed int64
		want int
	}{{1, 1}, {2, 2}, {int64(n), n}, {int64(n) + 1, 1}, {0, n}} {
		if posteriorSet(c.seed) != c.want {
			t.Errorf("seed %d: set %d, want %d", c.seed, posteriorSet(c.seed), c.want)
		}
	}
	at := slices.Index(readPosterior().keys, "integration.spend")
	plain, err := Drawn(configs.Default(), 7)
	if err != nil {
		t.Fatal(err)
	}
	if got := plain.Integration.Spend; got != sets[6][at] {
		t.Errorf("status quo, seed 7: integration.spend = %v, want %v", got, sets[6][at])
	}
	mergers, err := Scenario("reform-mergers", nil)
	if err != nil {
		t.Fatal(err)
	}
	own, err := Drawn(mergers, 7)
	if err != nil {
		t.Fatal(err)
	}
	if own.Integration.Spend != 0 {
		t.Errorf("mergers without investment: integration.spend = %v, want 0, which defines them", own.Integration.Spend)
	}
	if own.Integration.Growth != plain.Integration.Growth || plain.Integration.Growth == configs.Default().Integration.Growth {
		t.Errorf("integration.growth = %v and %v in two scenarios of a seed, want one drawn value", own.Integration.Growth, plain.Integration.Growth)
	}
	other, err := Drawn(configs.Default(), 8)
	if err != nil {
		t.Fatal(err)
	}
	if other.Hash() == plain.Hash() {
		t.Error("two seeds draw the same set")
	}
}

// TestDrawsCSV: the table says of each seed the set that it draws.
func TestDrawsCSV(t *testing.T) {
	sets := readPosterior().sets
	rows, err := csv.NewReader(strings.NewReader(string(DrawsCSV([]int64{3, 4})))).ReadAll()
	if err != nil || len(rows) != 3 {
		t.Fatalf("%d lines, %v, want 3", len(rows), err)
	}
	if got, want := rows[2][:3], []string{"4", "4", strconv.FormatFloat(sets[3][0], 'g', -1, 64)}; !slices.Equal(got, want) {
		t.Errorf("second seed: %v, want %v", got, want)
	}
}
