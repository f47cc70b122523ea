package results

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"coexist/sim/tables"
)

// What a stop in the middle of Finish leaves is cleaned up and finished.
func TestStopInFinish(t *testing.T) {
	id := identity()
	whole := filepath.Join(t.TempDir(), "whole")
	write(t, whole, id, keys(id), 4, 4)
	dir := filepath.Join(t.TempDir(), "out")
	w, err := Create(dir, id)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range keys(id) {
		addRun(t, w, k, 4, 4)
	}
	w.Close()
	os.MkdirAll(filepath.Join(dir, "data"), 0o777)
	for _, name := range []string{"data/outcomes.csv", "data/" + temporary + "-1-1", temporary + "-2-2", lockName} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("torn"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	w, err = Create(dir, id)
	if err != nil {
		t.Fatal(err)
	}
	finish(t, w)
	w.Close()
	sameFiles(t, bytesOf(t, dir), bytesOf(t, whole))
}

// pipe puts a named pipe in the place of a file; whoever opens it waits for ever.
func pipe(t *testing.T, path string) error {
	if _, err := exec.LookPath("mkfifo"); err != nil {
		t.Skip(err)
	}
	return errors.Join(os.Remove(path), exec.Command("mkfifo", path).Run())
}

// replaced writes a file again with one text in place of another.
func replaced(path, old, new string) error {
	text, err := os.ReadFile(path)
	if err == nil && !bytes.Contains(text, []byte(old)) {
		err = fmt.Errorf("%s has no %s", path, old)
	}
	return errors.Join(err, os.WriteFile(path, bytes.Replace(text, []byte(old), []byte(new), 1), 0o666))
}

// TestInside: nothing is written into a result but by its own verbs, whatever the way there.
func TestInside(t *testing.T) {
	top := t.TempDir()
	id, dir := identity(), filepath.Join(top, "out")
	write(t, dir, id, keys(id), 3, 3)
	before := bytesOf(t, dir)
	if err := os.Symlink(filepath.Join(dir, "data"), filepath.Join(top, "link")); err != nil {
		t.Skip(err)
	}
	for path, want := range map[string]bool{dir: true, filepath.Join(dir, "data", "x", "y"): true, filepath.Join(top, "link", "x"): true,
		top: false, filepath.Join(top, "out2"): false, filepath.Join(top, "no", "such"): false} {
		if got := Enclosing(path); (got != "") != want || want && !strings.HasSuffix(got, "out") {
			t.Errorf("%s lies in %q", path, got)
		}
	}
	for _, inside := range []string{filepath.Join(dir, "more"), filepath.Join(top, "link", "more")} {
		if _, err := Create(inside, id); !errors.Is(err, ErrTaken) || !strings.Contains(err.Error(), "it lies in ") {
			t.Errorf("%s: %v", inside, err)
		}
	}
	sameFiles(t, bytesOf(t, dir), before)
	r, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Strangers(); len(got) > 0 {
		t.Errorf("a result as written has strangers: %q", got)
	}
	if err := os.WriteFile(filepath.Join(dir, "data", "extra.csv"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if got := r.Strangers(); len(got) != 1 || got[0] != "data/extra.csv" {
		t.Errorf("strangers %q, want data/extra.csv", got)
	}
}

func TestOpenRefuses(t *testing.T) {
	id := identity()
	for _, tt := range []struct {
		name  string
		edit  func(dir string) error
		want  error
		words string
	}{
		{"nothing", func(dir string) error { return os.RemoveAll(dir) }, ErrNotResult, "no such file"},
		{"no manifest", func(dir string) error { return os.Remove(filepath.Join(dir, manifestName)) }, ErrNotResult, "no manifest.json"},
		{"torn outcomes", func(dir string) error { return os.Truncate(filepath.Join(dir, "data", "outcomes.csv"), 99) }, ErrDamaged, "outcomes.csv: result is damaged: SHA-256 is "},
		{"flipped table", func(dir string) error { flip(t, filepath.Join(dir, "data", "patients.parquet"), 40); return nil }, ErrDamaged, "patients.parquet"},
		{"scenario gone", func(dir string) error { return os.Remove(filepath.Join(dir, "scenarios", "airline.toml")) }, ErrDamaged, "not found"},
		{"table a folder", func(dir string) error {
			file := filepath.Join(dir, "data", "flows.parquet")
			return errors.Join(os.Remove(file), os.Mkdir(file, 0o777))
		}, ErrDamaged, "not a regular file"},
		{"table a pipe", func(dir string) error { return pipe(t, filepath.Join(dir, "data", "flows.parquet")) }, ErrDamaged, "not a regular file"},
		{"manifest a pipe", func(dir string) error { return pipe(t, filepath.Join(dir, manifestName)) }, ErrNotResult, "not a regular file"},
		{"a key twice", func(dir string) error {
			return replaced(filepath.Join(dir, manifestName), `"complete": true,`, `"complete": false, "complete": true,`)
		}, ErrNotResult, `key "complete" stands twice`},
		{"a key twice in other letters", func(dir string) error {
			return replaced(filepath.Join(dir, manifestName), `"complete": true,`, `"complete": true, "Complete": true,`)
		}, ErrNotResult, `key "Complete" stands twice`},
		{"unfinished", func(dir string) error {
			if err := os.RemoveAll(dir); err != nil {
				return err
			}
			w, err := Create(dir, id)
			if err != nil {
				return err
			}
			return w.Close()
		}, ErrUnfinished, "again"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "out")
			write(t, dir, id, keys(id), 3, 3)
			if err := tt.edit(dir); err != nil {
				t.Fatal(err)
			}
			if _, err := Open(dir); !errors.Is(err, tt.want) || !strings.Contains(err.Error(), tt.words) {
				t.Errorf("got %v, want %v and the words %q", err, tt.want, tt.words)
			}
		})
	}
}

// All faults come at once, and figures do not stand in the way of reading.
func TestVerifyAndUpdate(t *testing.T) {
	dir, id := filepath.Join(t.TempDir(), "out"), identity()
	write(t, dir, id, keys(id), 3, 3)
	flip(t, filepath.Join(dir, "figures", "choice.svg"), 1)
	flip(t, filepath.Join(dir, "README.txt"), 1)
	r, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	err = r.Verify()
	if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "choice.svg") || !strings.Contains(err.Error(), "README.txt") {
		t.Errorf("got %v, want both files", err)
	}
	if _, err := r.ReadFile("figures/choice.svg"); !errors.Is(err, ErrDamaged) {
		t.Errorf("got %v, want ErrDamaged", err)
	}
	if _, err := r.ReadFile("../secret"); err == nil {
		t.Error("read outside the folder")
	}
	if err := r.Update(map[string][]byte{"figures/choice.svg": []byte("<svg></svg>"), "report.html": []byte("<html/>")}); err != nil {
		t.Fatal(err)
	}
	for _, rel := range []string{"data/outcomes.csv", "scenarios/a.toml", "README.txt", "../x", "manifest.json"} {
		if err := r.Update(map[string][]byte{rel: nil}); !errors.Is(err, ErrPath) {
			t.Errorf("%s: got %v, want ErrPath", rel, err)
		}
	}
	again, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if data, err := again.ReadFile("report.html"); err != nil || string(data) != "<html/>" {
		t.Errorf("report is %q, %v", data, err)
	}
	if !reflect.DeepEqual(again.Manifest, r.Manifest) {
		t.Error("the manifest held differs from the one written")
	}
}

// A row too few or too many is seen though every checksum fits.
func TestRowsAreCounted(t *testing.T) {
	dir, id := filepath.Join(t.TempDir(), "out"), identity()
	write(t, dir, id, keys(id), 3, 3)
	r, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	r.Manifest.Rows["flows"]++
	r.Manifest.Rows["outcomes"]--
	if _, err := Collect(r.Flows()); !errors.Is(err, ErrDamaged) {
		t.Errorf("flows: got %v, want ErrDamaged", err)
	}
	if _, err := Collect(r.Outcomes()); !errors.Is(err, ErrDamaged) {
		t.Errorf("outcomes: got %v, want ErrDamaged", err)
	}
	for range r.Outcomes() { // a reader may stop early
		break
	}
}

func TestReadOutcomesIsStrict(t *testing.T) {
	const row = "Devon,airline,1,7,3,all,harm,x,0.5\n"
	for _, tt := range []struct {
		name, text string
		ok         bool
	}{
		{"empty table", tables.OutcomesHeader, true},
		{"rows", tables.OutcomesHeader + row + row, true},
		{"nothing", "", false},
		{"other header", strings.ToUpper(tables.OutcomesHeader) + row, false},
		{"no end", tables.OutcomesHeader + strings.TrimSuffix(row, "\n"), false},
		{"blank line", tables.OutcomesHeader + "\n" + row, false},
		{"carriage returns", tables.OutcomesHeader + strings.ReplaceAll(row, "\n", "\r\n"), false},
		{"byte order mark", "\ufeff" + tables.OutcomesHeader + row, false},
		{"too few", tables.OutcomesHeader + "Devon,airline,1,7,3,all,harm,0.5\n", false},
		{"too many", tables.OutcomesHeader + "Devon,airline,1,7,3,all,harm,x,0.5,\n", false},
		{"spare quotes", tables.OutcomesHeader + strings.Replace(row, "all", `"all"`, 1), false},
		{"open quote", tables.OutcomesHeader + strings.Replace(row, "all", `"a,ll`, 1), false},
		{"text after a quote", tables.OutcomesHeader + strings.Replace(row, "all", `"a,"ll`, 1), false},
		{"quotes", tables.OutcomesHeader + strings.Replace(row, "all", `"a,""ll"`, 1), true},
		{"NaN", tables.OutcomesHeader + strings.Replace(row, "0.5", "NaN", 1), false},
		{"Inf", tables.OutcomesHeader + strings.Replace(row, "0.5", "1e999", 1), false},
		{"more digits", tables.OutcomesHeader + strings.Replace(row, "0.5", "0.50", 1), false},
		{"run 01", tables.OutcomesHeader + strings.Replace(row, ",1,", ",01,", 1), false},
		{"run too large", tables.OutcomesHeader + strings.Replace(row, ",1,", ",3000000000,", 1), false},
		{"long line", tables.OutcomesHeader + strings.Repeat("x", maxLine+1) + row, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Collect(readOutcomes(strings.NewReader(tt.text)))
			if (err == nil) != tt.ok {
				t.Errorf("got %v, want ok %v", err, tt.ok)
			}
			if err != nil && !errors.Is(err, ErrDamaged) {
				t.Errorf("got %v, want ErrDamaged", err)
			}
		})
	}
}

func TestIdentity(t *testing.T) {
	if once, again := identity().Hash(), identity().Hash(); once != again {
		t.Error("one identity, two hashes")
	}
	empty := Identity{Seeds: []int64{}, Settings: map[string]string{}}
	if empty.Hash() != (Identity{}).Hash() {
		t.Error("empty and nil lists differ")
	}
	v := reflect.TypeFor[Identity]()
	for i := range v.NumField() {
		id := identity()
		f := reflect.ValueOf(&id).Elem().Field(i)
		switch f.Kind() {
		case reflect.String:
			f.SetString("other")
		case reflect.Int:
			f.SetInt(9)
		case reflect.Float64:
			f.SetFloat(.5)
		case reflect.Bool:
			f.SetBool(true)
		case reflect.Slice:
			f.Set(f.Slice(0, 1))
		case reflect.Map:
			f.SetMapIndex(reflect.ValueOf("another"), reflect.ValueOf("z"))
		}
		name, _, _ := strings.Cut(v.Field(i).Tag.Get("json"), ",")
		if id.Hash() == identity().Hash() {
			t.Errorf("%s does not move the hash", name)
		}
		if d := identity().Differences(id); !strings.HasPrefix(d, name) {
			t.Errorf("differences say %q, want %s", d, name)
		}
	}
	for _, edit := range []func(*Identity){
		func(id *Identity) { id.Sample = math.NaN() }, func(id *Identity) { id.Sample = 2 },
		func(id *Identity) { id.Seeds[0] = -1 }, func(id *Identity) { id.Runs = -1 }, func(id *Identity) { id.Years = -1 },
		func(id *Identity) { id.Scenarios[0] = "airline" }, func(id *Identity) { id.Places[0] = "" },
		func(id *Identity) { id.Version = "a\nb" }, func(id *Identity) { id.Settings["a"] = "\xff" },
	} {
		id := identity()
		edit(&id)
		dir := filepath.Join(t.TempDir(), "out")
		if _, err := Create(dir, id); !errors.Is(err, ErrValue) {
			t.Errorf("got %v, want ErrValue", err)
		}
		if _, err := os.Stat(dir); err == nil {
			t.Error("left a folder behind")
		}
	}
}

// The names that scripts rely on.
func TestManifestKeys(t *testing.T) {
	m := Manifest{Format: layout, Identity: identity()}
	m.IdentityHash = m.Hash()
	data, err := m.encode()
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{
		"format", "complete", "identity", "version", "scenarios", "config_hashes", "places", "place_hashes", "seeds", "runs", "sample",
		"years", "settings", "patients", "patient_events", "simulation_cpu_seconds", "peak_rss_bytes", "workers", "durations",
		"started", "finished", "host", "go", "os", "arch", "command", "warnings", "rows", "outputs",
	} {
		if !bytes.Contains(data, []byte("\n  \""+key+"\": ")) {
			t.Errorf("no key %q", key)
		}
	}
	if bytes.Contains(data, []byte("null")) {
		t.Error("null in the manifest, want [] or {}")
	}
	back, err := decodeManifest(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	m.tidy()
	if !reflect.DeepEqual(back, m) {
		t.Errorf("read back %+v, want %+v", back, m)
	}
}

func BenchmarkWriteAndMerge(b *testing.B) {
	id := identity()
	const n = 10_000
	rows := batch(id, RunKey{}, n)
	for b.Loop() {
		w, err := Create(filepath.Join(b.TempDir(), "out"), id)
		if err != nil {
			b.Fatal(err)
		}
		for _, k := range keys(id) {
			if err := errors.Join(w.Add(k, rows), w.End(k, Usage{})); err != nil {
				b.Fatal(err)
			}
		}
		if err := errors.Join(w.Finish(Manifest{}), w.Close()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(keys(id))*n), "ns/row-of-each-table")
}

// TestDiscardKeepsWhatItCannotRemove: a folder that cannot be emptied stays one to go on with.
func TestDiscardKeepsWhatItCannotRemove(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	w, err := Create(dir, identity())
	if err != nil {
		t.Fatal(err)
	}
	if err := w.WriteScenario("airline", []byte("extends = \"defaults\"\n")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "scenarios", "theirs.txt"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := w.Discard(); err != nil {
		t.Fatal(err)
	}
	w, err = Create(dir, identity())
	if err != nil || w.State() != Resumed {
		t.Fatalf("state %v, error %v, want a result to go on with", w, err)
	}
	w.Close()
}

// TestFailedFileLeavesNoFolder: a file that cannot be written leaves no folder that would make the next
// run refuse.
func TestFailedFileLeavesNoFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	w, err := Create(dir, identity())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "scenarios", "airline.toml"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := w.WriteScenario("airline", []byte("x")); !errors.Is(err, ErrWrite) {
		t.Fatalf("got %v, want ErrWrite", err)
	}
	if err := os.Remove(filepath.Join(dir, "scenarios", "airline.toml")); err != nil {
		t.Fatal(err)
	}
	if err := w.Discard(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder is left behind: %v", err)
	}
}

// TestUpdateSweepsAndSurvivesAStop: a stop in the middle of Update leaves no file that differs from its
// checksum, and the next Update takes away what a stop left.
func TestUpdateSweepsAndSurvivesAStop(t *testing.T) {
	id := identity()
	dir := filepath.Join(t.TempDir(), "out")
	write(t, dir, id, keys(id), 2, 2)
	r, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	// The second file cannot be written: Update ends after the first.
	if err := os.MkdirAll(filepath.Join(dir, "figures", "wait.svg"), 0o777); err != nil {
		t.Fatal(err)
	}
	left := filepath.Join(dir, "figures", temporary+"-1-1")
	part := filepath.Join(dir, RunKey{}.file(true))
	if err := errors.Join(os.WriteFile(left, []byte("torn"), 0o666), os.MkdirAll(filepath.Dir(part), 0o777), os.WriteFile(part, []byte("done"), 0o666)); err != nil {
		t.Fatal(err)
	}
	if err := r.Update(map[string][]byte{"figures/choice.svg": []byte("new"), "figures/wait.svg": []byte("new")}); err == nil {
		t.Fatal("a folder was replaced by a file")
	}
	for _, file := range []string{left, filepath.Dir(part)} {
		if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is left behind", file)
		}
	}
	again, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Verify(); err != nil {
		t.Error(err)
	}
}
