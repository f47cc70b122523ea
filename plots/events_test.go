package plots

import (
	"slices"
	"testing"
)

// TestShownEvents: entries, exits and mergers are drawn however many clinics are made.
func TestShownEvents(t *testing.T) {
	for _, row := range []struct {
		counts map[string]float64
		want   []string
	}{
		{map[string]float64{"make": 200, "bail-out": 70, "withdrawal": 50, "route": 10, "entry": 3, "exit": 7, "merger": 1}, []string{"entry", "exit", "merger", "make"}},
		{map[string]float64{"make": 2, "withdrawal": 5, "exit": 1}, []string{"exit", "withdrawal", "make"}},
		{map[string]float64{"withdrawal": 5}, []string{"withdrawal"}},
	} {
		if got := shownEvents(row.counts); !slices.Equal(got, row.want) {
			t.Errorf("%v are shown as %v, want %v", row.counts, got, row.want)
		}
	}
}
