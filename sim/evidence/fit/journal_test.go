package fit

import (
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestJournalTorn: wherever a write was torn, what is written next is read back, and so is all that stood
// before.
func TestJournalTorn(t *testing.T) {
	line := "a\t1 2\t.\n"
	for cut := range len(line) + 1 {
		path := filepath.Join(t.TempDir(), "trials.tsv")
		if err := os.WriteFile(path, []byte("first\t7\t.\n"+line[:cut]), 0o666); err != nil {
			t.Fatal(err)
		}
		j, err := OpenJournal(path)
		if err != nil {
			t.Fatal(err)
		}
		for i, key := range []string{"b", "c"} {
			if err := j.append(key, []float64{float64(i), 4}); err != nil {
				t.Fatal(err)
			}
		}
		again, err := OpenJournal(path)
		if err != nil {
			t.Fatal(err)
		}
		want := map[string][]float64{"first": {7}, "b": {0, 4}, "c": {1, 4}}
		if cut >= len(line)-1 {
			want["a"] = []float64{1, 2}
		}
		if fmt.Sprint(again.have) != fmt.Sprint(want) {
			t.Errorf("after a write torn at byte %d: %v, want %v", cut, again.have, want)
		}
	}
}

// FuzzJournal: whatever a journal holds, it is read without a panic, and what is read is written and read
// back the same.
func FuzzJournal(f *testing.F) {
	for _, text := range []string{"", "a\t1 2\t.\n", "a\t1 2\t.\nb\tNaN -0 1e-320\t.\nc\t1", "a\tx\t.\n", "\t\t.\n", "a\t1\t.\na\t2\t.\r\n", strings.Repeat("x", 1<<12)} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		j := &Journal{have: map[string][]float64{}}
		if err := j.read(strings.NewReader(text)); err != nil {
			return
		}
		var b strings.Builder
		for _, key := range slices.Sorted(maps.Keys(j.have)) {
			b.WriteString(line(key, j.have[key]))
		}
		again := &Journal{have: map[string][]float64{}}
		if err := again.read(strings.NewReader(b.String())); err != nil {
			t.Fatal(err)
		}
		equal := func(x, y []float64) bool {
			return slices.EqualFunc(x, y, func(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) || a != a && b != b })
		}
		if !maps.EqualFunc(j.have, again.have, equal) {
			t.Fatalf("%q gives %v, read back %v", text, j.have, again.have)
		}
	})
}
