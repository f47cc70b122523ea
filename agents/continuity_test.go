package agents

import (
	"flag"
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// The draws are the same in every run of the tests, so that a failure is the doing of the change under test;
// -rapid.seed=0 -rapid.checks=100000 goes looking in new ones.
func init() {
	if err := flag.Set("rapid.seed", "1"); err != nil {
		panic(err)
	}
}

// indices maps letters to providers, in the order of visits.
func indices(letters string) []uint8 {
	out := make([]uint8, len(letters))
	for i := range letters {
		out[i] = letters[i] - 'A'
	}
	return out
}

func TestContinuity(t *testing.T) {
	undefined := math.NaN()
	for _, row := range []struct {
		visits                string
		upc, coc, secon, mmci float64
	}{
		{"AABACABAAB", 0.6, 0.4, 2.0 / 9, 7.1 / 9.1},
		{"AAAAAABBBC", 0.6, 0.4, 7.0 / 9, 7.1 / 9.1},
		{"AAAA", 1, 1, 1, 1},
		{"ABCD", 0.25, 0, 0, 0.1 / 3.1},
		{"AABB", 0.5, 1.0 / 3, 2.0 / 3, 2.1 / 3.1},
		{"ABAB", 0.5, 1.0 / 3, 0, 2.1 / 3.1},
		{"AA", 1, 1, 1, 1},
		{"AB", 0.5, 0, 0, 0.1 / 1.1},
		{"A", 1, undefined, undefined, 1},
		{"", undefined, undefined, undefined, undefined},
	} {
		sequence := indices(row.visits)
		visits := Tally(sequence, []int{9, 9, 9, 9, 9}) // which forgets what was there
		check := func(name string, got float64, ok bool, want float64) {
			t.Helper()
			if ok == math.IsNaN(want) || ok && math.Abs(got-want) > 1e-12 {
				t.Errorf("%s of %q = %v (defined: %v), want %v", name, row.visits, got, ok, want)
			}
		}
		upc, ok := UPC(visits)
		check("UPC", upc, ok, row.upc)
		coc, ok := COC(visits)
		check("COC", coc, ok, row.coc)
		secon, ok := SECON(sequence)
		check("SECON", secon, ok, row.secon)
		mmci, ok := MMCI(visits)
		check("MMCI", mmci, ok, row.mmci)
	}
	if upc, ok := UPC(nil); ok {
		t.Errorf("UPC without providers = %v, want it undefined", upc)
	}
}

// TestContinuityOfOrganisations: merging providers into organisations never lowers COC, UPC, MMCI
// or SECON, renaming providers changes nothing, and all lie in [0, 1].
func TestContinuityOfOrganisations(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sequence := rapid.SliceOf(rapid.Uint8Range(0, 9)).Draw(t, "visits")
		owner := rapid.SliceOfN(rapid.Uint8Range(0, 9), 10, 10).Draw(t, "owner")
		names := rapid.Permutation([]uint8{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}).Draw(t, "names")
		merged, renamed := make([]uint8, len(sequence)), make([]uint8, len(sequence))
		for i, p := range sequence {
			merged[i], renamed[i] = owner[p], names[p]
		}
		for name, measure := range map[string]func([]uint8) (float64, bool){
			"COC":   func(s []uint8) (float64, bool) { return COC(Tally(s, make([]int, 10))) },
			"UPC":   func(s []uint8) (float64, bool) { return UPC(Tally(s, make([]int, 10))) },
			"MMCI":  func(s []uint8) (float64, bool) { return MMCI(Tally(s, make([]int, 10))) },
			"SECON": SECON[uint8],
		} {
			apart, ok := measure(sequence)
			together, _ := measure(merged)
			other, _ := measure(renamed)
			if !ok {
				continue
			}
			if together < apart || other != apart || apart < 0 || together > 1 {
				t.Fatalf("%s: %v by provider, %v by organisation, %v renamed", name, apart, together, other)
			}
		}
	})
}

func TestNegativeVisits(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a negative number of visits passes")
		}
	}()
	COC([]int{3, -1})
}

// Ten visits to three doctors, six of them to the first.
func ExampleCOC() {
	coc, _ := COC([]int{6, 3, 1})
	upc, _ := UPC([]int{6, 3, 1})
	secon, _ := SECON([]string{"A", "A", "B", "A", "C", "A", "B", "A", "A", "B"})
	fmt.Printf("COC %.2f, UPC %.2f, SECON %.2f\n", coc, upc, secon)
	// Output: COC 0.40, UPC 0.60, SECON 0.22
}
