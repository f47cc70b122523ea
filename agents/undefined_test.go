package agents

import "testing"

// TestContinuityUndefined: what too few visits leave undefined is handed back as 0; two visits define all.
func TestContinuityUndefined(t *testing.T) {
	for _, row := range []struct {
		visits string
		want   [4]float64 // COC, UPC, SECON, MMCI
		ok     [4]bool
	}{
		{"", [4]float64{}, [4]bool{}},
		{"B", [4]float64{0, 1, 0, 1}, [4]bool{false, true, false, true}},
		{"BB", [4]float64{1, 1, 1, 1}, [4]bool{true, true, true, true}},
		{"AB", [4]float64{0, .5, 0, .1 / 1.1}, [4]bool{true, true, true, true}},
	} {
		sequence, visits := indices(row.visits), []int{9, 9} // Tally forgets what was there
		visits = Tally(sequence, visits)
		var got [4]float64
		var ok [4]bool
		got[0], ok[0] = COC(visits)
		got[1], ok[1] = UPC(visits)
		got[2], ok[2] = SECON(sequence)
		got[3], ok[3] = MMCI(visits)
		for k, want := range row.want {
			if d := got[k] - want; ok[k] != row.ok[k] || !(d*d <= 1e-24) {
				t.Errorf("%q: measure %d is %v (defined: %v), want %v (%v)", row.visits, k, got[k], ok[k], want, row.ok[k])
			}
		}
	}
	if upc, ok := UPC(nil); ok || upc != 0 {
		t.Errorf("UPC of nobody = %v, %v", upc, ok)
	}
}
