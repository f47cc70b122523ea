package plots

import (
	"slices"
	"testing"

	"coexist/sim/tables"
)

// happened makes a result of market events: so many of a kind under a scenario in a place, one a year.
func happened(n map[[3]string]int) *Data {
	d := tiny("effective_options", map[string]map[string][]float64{"a": {"status-quo": {2}}, "b": {"status-quo": {2}}})
	for k, n := range n {
		for i := range n {
			d.Events = append(d.Events, tables.MarketEvent{Place: k[0], Scenario: k[1], Run: 1, Week: int32(i % 5 * 52), Event: k[2]})
		}
	}
	return d
}

// TestShownEvents: entries, exits and mergers are drawn however many clinics open; of the others the most
// frequent, in the order of columns.
func TestShownEvents(t *testing.T) {
	for _, row := range []struct {
		counts map[string]int
		want   []string
	}{
		{map[string]int{"make": 200, "bail-out": 70, "withdrawal": 50, "route": 10, "entry": 3, "exit": 7, "merger": 1, "buy": 2}, []string{"entry", "exit", "merger", "bail-out", "make", "withdrawal"}},
		{map[string]int{"make": 2, "withdrawal": 5, "exit": 1}, []string{"exit", "make", "withdrawal"}},
		{map[string]int{"withdrawal": 5, "unheard of": 9}, []string{"withdrawal"}},
	} {
		n := map[[3]string]int{}
		for kind, many := range row.counts {
			n[[3]string{"a", "x", kind}] = many
		}
		b := read(happened(n), Needs)
		var got []string
		for _, k := range b.newTally(b.events()).columns {
			got = append(got, kinds[k].name)
		}
		if !slices.Equal(got, row.want) {
			t.Errorf("%v are shown as %v, want %v", row.counts, got, row.want)
		}
	}
}

// TestEventsHeadline: only what is drawn is counted, in words that fit the number.
func TestEventsHeadline(t *testing.T) {
	for _, row := range []struct {
		n    map[[3]string]int
		want string
	}{
		{map[[3]string]int{{"a", "x", "exit"}: 1, {"a", "x", "merger"}: 5, {"a", "y", "entry"}: 2, {"a", "y", "make"}: 40},
			"Organisations come, go and join most under ‘plan X’: 1 exit and 5 mergers in the first run"},
		{map[[3]string]int{{"a", "x", "exit"}: 1, {"b", "x", "entry"}: 1}, "1 entry and 1 exit in Aham and Bury in the first run"},
		{map[[3]string]int{{"a", "x", "exit"}: 2, {"a", "y", "entry"}: 2}, "2 entries and 2 exits under 2 scenarios in the first run"},
		{map[[3]string]int{{"a", "x", "merger barred"}: 1}, "No organisation enters, leaves or merges in the first run, but there is 1 barred merger"},
		{map[[3]string]int{{"a", "x", "merger barred"}: 2, {"a", "y", "make"}: 2000, {"a", "y", "buy"}: 2, {"a", "y", "withdrawal"}: 1, {"a", "y", "route"}: 3, {"b", "y", "bail-out"}: 7},
			"No organisation enters, leaves or merges in the first run, but there are 2 barred mergers, 7 bail-outs, 2,000 clinics opened by systems, 2 clinics given up by systems, 1 contract moved to a rival and 3 sites joined by groups under 2 scenarios in Aham and Bury"},
	} {
		if got := figureOf(t, happened(row.n), "12-entry-exit-merger").Title; got != row.want {
			t.Errorf("got %q, want %q", got, row.want)
		}
	}
}
