package experiment

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"coexist/sim/results"
)

// TestMergeLeftovers: what a killed merge had in hand goes with the next one, whether that merges or finds
// the result done; what another sweep has in hand stays.
func TestMergeLeftovers(t *testing.T) {
	s, worlds, dir := saved(t, 1)
	if _, err := (&SweepJob{Sweep: s, Dir: dir, Worlds: worlds, Runs: all(s), Workers: 2}).Run(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(dir, hiddenMark+"another-one")
	if err := os.Mkdir(other, 0o777); err != nil {
		t.Fatal(err)
	}
	for _, want := range []bool{false, true} {
		left := filepath.Join(dir, s.hidden()+"0123")
		if err := os.MkdirAll(filepath.Join(left, "data"), 0o777); err != nil {
			t.Fatal(err)
		}
		_, done, err := s.Merge(dir, ResultDir(dir), false, results.Manifest{})
		if err != nil || done != want {
			t.Fatalf("done already: %v, %v, want %v", done, err, want)
		}
		if _, err := os.Stat(left); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("done already %v: %s is left", want, left)
		}
		if _, err := os.Stat(other); err != nil {
			t.Errorf("done already %v: %v", want, err)
		}
	}
}
