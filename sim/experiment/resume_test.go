package experiment

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"coexist/sim/checkpoint"
	"coexist/sim/results"
)

// keeping is a small plan that writes a checkpoint every year; warned counts those passed over.
func keeping(t *testing.T, dir string, warned *[]string) Plan {
	t.Helper()
	p := small(t)
	p.Workers = 2
	p.Every = 1
	p.Store = &checkpoint.Store{Dir: filepath.Join(dir, "checkpoints"), Version: "test", Identity: identity(p).Hash()}
	p.Warn = func(err error) { *warned = append(*warned, err.Error()) }
	return p
}

// without is the tables of the plan run through at once, without checkpoints.
func without(t *testing.T) map[string][]byte {
	t.Helper()
	_, want, err := finish(t, small(t), t.TempDir(), context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return want
}

func same(t *testing.T, what string, got, want map[string][]byte) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if !bytes.Equal(got[name], want[name]) {
			t.Errorf("%s: %s differs from that of a run that was not stopped", what, name)
		}
	}
}

// stopAt runs a plan until so many weeks of it have passed.
func stopAt(t *testing.T, p Plan, dir string, weeks int64) (ended map[string][]byte) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	_, got, err := finish(t, p, dir, ctx, func(now Progress) {
		if now.Weeks >= weeks {
			cancel()
		}
	})
	if err != nil && !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	return got
}

// TestGoesOnFromCheckpoints: a plan stopped again and again goes on from the checkpoint of each stop, and
// ends with the bytes of one that was not stopped; nothing stays behind.
func TestGoesOnFromCheckpoints(t *testing.T) {
	want := without(t)
	dir := t.TempDir()
	var warned []string
	var got map[string][]byte
	stops := 0
	for got == nil {
		var before Progress
		stepped := int64(0)
		p := keeping(t, dir, &warned)
		ctx, cancel := context.WithCancel(context.Background())
		var err error
		_, got, err = finish(t, p, dir, ctx, func(now Progress) {
			if now.Events > before.Events { // else they were in a checkpoint
				stepped += now.Weeks - before.Weeks
			}
			if before = now; stepped > 60 {
				cancel()
			}
		})
		cancel()
		if err != nil && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		if stops++; stops > 100 {
			t.Fatal("does not get on")
		}
	}
	if stops < 5 {
		t.Errorf("stopped %d times, want 5 or more", stops-1)
	}
	same(t, "stopped", got, want)
	if len(warned) > 0 {
		t.Errorf("passed over %q", warned)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "checkpoints", "*")); len(left) > 0 {
		t.Errorf("%q stay behind", left)
	}
}

// TestTornCheckpoints: where the last checkpoint is torn the one before is used, and where none can be
// the run begins anew; the bytes stay the same, and the files are named.
func TestTornCheckpoints(t *testing.T) {
	want := without(t)
	for _, c := range []struct {
		what string
		tear func(files []string) (torn []string)
	}{
		{"the last of each", func(files []string) (torn []string) {
			for i, f := range files {
				if i+1 == len(files) || history(files[i+1]) != history(f) {
					torn = append(torn, f)
				}
			}
			return torn
		}},
		{"all", func(files []string) []string { return files }},
	} {
		dir := t.TempDir()
		var warned []string
		stopAt(t, keeping(t, dir, &warned), dir, 450)
		files, _ := filepath.Glob(filepath.Join(dir, "checkpoints", "*.ckpt"))
		slices.Sort(files)
		torn := c.tear(files)
		if len(torn) == 0 {
			t.Fatalf("%s: no checkpoints in %s", c.what, dir)
		}
		for _, f := range torn {
			if err := os.Truncate(f, 30000); err != nil {
				t.Fatal(err)
			}
		}
		got := stopAt(t, keeping(t, dir, &warned), dir, 1<<40)
		same(t, c.what, got, want)
		if len(warned) == 0 {
			t.Errorf("%s: no file is named", c.what)
		}
		for _, w := range warned {
			if !strings.Contains(w, ".ckpt: unusable checkpoint: torn") {
				t.Errorf("%s: %s", c.what, w)
			}
		}
	}
}

// history is the name of a checkpoint without its week.
func history(path string) string { return path[:strings.LastIndex(path, "-week")] }

// TestForeignCheckpoints: those of another result are passed over.
func TestForeignCheckpoints(t *testing.T) {
	want := without(t)
	dir := t.TempDir()
	var warned []string
	p := keeping(t, dir, &warned)
	p.Store.Identity = "another"
	stopAt(t, p, dir, 450)
	got := stopAt(t, keeping(t, dir, &warned), dir, 1<<40)
	same(t, "foreign", got, want)
	if len(warned) == 0 || !strings.Contains(warned[0], "result another") {
		t.Errorf("passed over %q, want those of another result", warned)
	}
}

// TestLostRows: a checkpoint whose rows are gone is passed over.
func TestLostRows(t *testing.T) {
	want := without(t)
	var dir string
	var rows, warned []string
	for weeks := int64(600); len(rows) == 0; weeks += 20 { // between two runs none is open
		if weeks > 800 {
			t.Fatal("no run is open")
		}
		dir = t.TempDir()
		stopAt(t, keeping(t, dir, &warned), dir, weeks)
		rows, _ = filepath.Glob(filepath.Join(dir, "*", "*.open"))
	}
	for _, f := range rows {
		if err := os.Truncate(f, 40); err != nil {
			t.Fatal(err)
		}
	}
	got := stopAt(t, keeping(t, dir, &warned), dir, 1<<40)
	same(t, "lost rows", got, want)
	if len(warned) == 0 {
		t.Error("no file is named")
	}
}

// TestEventsOfStops: the patient events of a plan that was stopped are those of one that was not.
func TestEventsOfStops(t *testing.T) {
	dir, other := t.TempDir(), t.TempDir()
	var warned []string
	events := func(dir string) int64 {
		r, err := results.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		return r.Manifest.PatientEvents
	}
	stopAt(t, keeping(t, dir, &warned), dir, 300)
	stopAt(t, keeping(t, dir, &warned), dir, 1<<40)
	stopAt(t, keeping(t, other, &warned), other, 1<<40)
	if a, b := events(dir), events(other); a != b {
		t.Errorf("%d patient events of a stopped plan, want %d", a, b)
	}
}
