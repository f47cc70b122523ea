package fit

import (
	"errors"
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
	whole := line("a", []float64{1, 2})
	for cut := range len(whole) + 1 {
		path := filepath.Join(t.TempDir(), "trials.tsv")
		if err := os.WriteFile(path, []byte(line("first", []float64{7})+whole[:cut]), 0o666); err != nil {
			t.Fatal(err)
		}
		j, err := OpenJournal(path)
		if err != nil || j.Damaged != 0 {
			t.Fatalf("cut at byte %d: %d damaged lines, %v", cut, j.Damaged, err)
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
		if cut >= len(whole)-1 {
			want["a"] = []float64{1, 2}
		}
		if fmt.Sprint(again.have) != fmt.Sprint(want) {
			t.Errorf("after a write torn at byte %d: %v, want %v", cut, again.have, want)
		}
	}
}

// TestJournalDamaged: of a journal in which a bit has turned, no number is taken that was not written; a file of
// something else is refused.
func TestJournalDamaged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "trials.tsv")
	text := line("a", []float64{1, 2}) + line("b", []float64{3})
	want := map[string]string{"a": "[1 2]", "b": "[3]"}
	for bit := range 8 * len(text) {
		turned := []byte(text)
		turned[bit/8] ^= 1 << (bit % 8)
		if err := os.WriteFile(path, turned, 0o666); err != nil {
			t.Fatal(err)
		}
		j, err := OpenJournal(path)
		if err != nil {
			if !errors.Is(err, ErrJournal) {
				t.Fatalf("bit %d: %v", bit, err)
			}
			continue
		}
		for key, values := range j.have {
			if fmt.Sprint(values) != want[key] {
				t.Errorf("bit %d turned over, and %s is %v", bit, key, values)
			}
		}
		if lost := bit/8 < len(text)-1; lost && j.Damaged == 0 {
			t.Errorf("bit %d turned over, and no line is called damaged", bit)
		}
	}
	for _, foreign := range []string{"id,name\n1,2\n", "a\t1 2\t.\n", "\n"} {
		if err := os.WriteFile(path, []byte(foreign), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenJournal(path); !errors.Is(err, ErrJournal) {
			t.Errorf("%q is taken for a journal: %v", foreign, err)
		}
	}
}

// FuzzJournal: whatever a journal holds, it is read without a panic, and what is read is written and read
// back the same.
func FuzzJournal(f *testing.F) {
	for _, text := range []string{"", "a\t1 2", "a\t1 2\nb\tNaN -0 1e-320\nc\t1", "a\tx", "\t\n", "a\t1\na\t2\r\n", "a\tb\t1", strings.Repeat("x", 1<<12)} {
		f.Add(text, true)
		f.Add(text, false)
	}
	f.Fuzz(func(t *testing.T, text string, sealed bool) {
		if sealed { // each line gets the checksum that it should have, as who means harm would give it
			lines := strings.Split(text, "\n")
			for i, l := range lines {
				lines[i] = l + "\t" + checksum(l+"\t")
			}
			text = strings.Join(lines, "\n") + "\n"
		}
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
