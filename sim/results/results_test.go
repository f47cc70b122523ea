package results

import (
	"bytes"
	"encoding/csv"
	"errors"
	"iter"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"coexist/sim/tables"
)

func TestRoundTrip(t *testing.T) {
	dir, id := filepath.Join(t.TempDir(), "a", "out"), identity()
	id.CSV = true
	const n = 50
	write(t, dir, id, keys(id), n, n)
	r, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	var want tables.Batch
	for _, k := range keys(id) {
		b := batch(id, k, n)
		want.Outcomes = append(want.Outcomes, b.Outcomes...)
		want.Organisations = append(want.Organisations, b.Organisations...)
		want.Ledger = append(want.Ledger, b.Ledger...)
		want.Flows = append(want.Flows, b.Flows...)
		want.Events = append(want.Events, b.Events...)
		want.Patients = append(want.Patients, b.Patients...)
	}
	same(t, "outcomes", r.Outcomes(), want.Outcomes)
	same(t, "organisations", r.Organisations(), want.Organisations)
	same(t, "ledger", r.Ledger(), want.Ledger)
	same(t, "flows", r.Flows(), want.Flows)
	same(t, "market_events", r.MarketEvents(), want.Events)
	same(t, "patients", r.Patients(), want.Patients)

	m := r.Manifest
	if !m.Complete || m.PatientEvents != 8*10 || m.SimulationCPUSeconds != 8*.5 || m.Patients != 100 || m.Rows["patients"] != 8*n ||
		m.Go != runtime.Version() || m.Started.IsZero() || m.Finished.Before(m.Started) || m.IdentityHash != id.Hash() {
		t.Errorf("manifest is %+v", m)
	}
	files := bytesOf(t, dir)
	if got, want := slices.Sorted(maps.Keys(m.Outputs)), names(files); !slices.Equal(got, want) {
		t.Errorf("outputs are %v, want all files: %v", got, want)
	}
	for _, t2 := range tables.Tables {
		text, err := csv.NewReader(bytes.NewReader(files["data/"+t2.Name+".csv"])).ReadAll()
		if err != nil || len(text) != 8*n+1 || len(text[0]) != len(t2.Columns) {
			t.Errorf("%s.csv: %d lines, %v, want %d", t2.Name, len(text), err, 8*n+1)
		}
	}
	codes, err := csv.NewReader(bytes.NewReader(files["data/codebook.csv"])).ReadAll()
	if err != nil || len(codes) < 100 {
		t.Errorf("codebook.csv: %d lines, %v", len(codes), err)
	}
	if data, err := r.ReadFile("scenarios/airline.toml"); err != nil || !strings.HasPrefix(string(data), "extends") {
		t.Errorf("scenario is %q, %v", data, err)
	}
	if err := r.Verify(); err != nil {
		t.Error(err)
	}
}

func same[T comparable](t *testing.T, name string, got iter.Seq2[T, error], want []T) {
	t.Helper()
	rows, err := Collect(got)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if !slices.Equal(rows, want) {
		t.Errorf("%s: %d rows differ from the %d written", name, len(rows), len(want))
	}
}

// The bytes depend on neither the order of the runs nor their batches nor how many go at once.
func TestSameBytesInAnyOrder(t *testing.T) {
	id := identity()
	const n = 9_000 // 72,000 in all: two row groups
	first := filepath.Join(t.TempDir(), "first")
	write(t, first, id, keys(id), n, n)
	want := bytesOf(t, first)

	t.Run("backwards in small batches", func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "out")
		order := keys(id)
		slices.Reverse(order)
		write(t, dir, id, order, n, 777)
		sameFiles(t, bytesOf(t, dir), want)
	})
	t.Run("at once", func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "out")
		w, err := Create(dir, id)
		if err != nil {
			t.Fatal(err)
		}
		defer w.Close()
		var wait sync.WaitGroup
		for _, k := range keys(id) {
			wait.Go(func() { addRun(t, w, k, n, 5_000) })
		}
		wait.Wait()
		finish(t, w)
		w.Close()
		sameFiles(t, bytesOf(t, dir), want)
	})
	t.Run("interleaved and stopped", func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "out")
		rng := rand.New(rand.NewPCG(1, 2))
		for round := 0; ; round++ {
			w, err := Create(dir, id)
			if err != nil {
				t.Fatal(err)
			}
			if wantState := min(State(round), Resumed); w.State() != wantState {
				t.Fatalf("round %d: state %d, want %d", round, w.State(), wantState)
			}
			left := slices.DeleteFunc(keys(id), w.Have)
			if len(left) == 0 {
				finish(t, w)
				w.Close()
				break
			}
			k := left[rng.IntN(len(left))]
			if err := w.Add(left[0], cut(batch(id, left[0], n), 0, 4_000)); err != nil { // lost with the stop
				t.Fatal(err)
			}
			if _, err := w.Mark(left[0]); err != nil {
				t.Fatal(err)
			}
			if k != left[0] {
				addRun(t, w, k, n, 4_000)
			} else if err := w.Rewind(k, 0); err != nil {
				t.Fatal(err)
			} else {
				addRun(t, w, k, n, n)
			}
			w.Close()
		}
		sameFiles(t, bytesOf(t, dir), want)
	})
}

// A run goes on from a mark in a new process, and the rows after the mark come once.
func TestMarkAndRewind(t *testing.T) {
	id := identity()
	id.Places, id.Scenarios, id.Runs = id.Places[:1], id.Scenarios[:1], 1
	k := RunKey{}
	const n = 1_000
	whole := filepath.Join(t.TempDir(), "whole")
	write(t, whole, id, keys(id), n, n)
	b := batch(id, k, n)

	dir := filepath.Join(t.TempDir(), "out")
	w, err := Create(dir, id)
	if err != nil {
		t.Fatal(err)
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(w.Add(k, cut(b, 0, 400)))
	mark, err := w.Mark(k)
	must(err)
	must(w.Add(k, cut(b, 400, 900)))
	_, err = w.Mark(k)
	must(err)
	must(w.Close())

	w, err = Create(dir, id)
	must(err)
	if err := w.Rewind(k, mark+1); !errors.Is(err, ErrDamaged) {
		t.Fatalf("no mark: got %v, want ErrDamaged", err)
	}
	must(w.Rewind(k, mark))
	must(w.Add(k, cut(b, 400, 500)))
	must(w.Rewind(k, mark)) // again, in the same process
	must(w.Add(k, cut(b, 400, n)))
	must(w.End(k, Usage{PatientEvents: 10, CPUSeconds: .5}))
	if err := w.Rewind(k, mark); !errors.Is(err, ErrTaken) {
		t.Errorf("rewind of an ended run: got %v, want ErrTaken", err)
	}
	finish(t, w)
	must(w.Close())
	sameFiles(t, bytesOf(t, dir), bytesOf(t, whole))
}

func TestRewindAfterDamage(t *testing.T) {
	id, k := identity(), RunKey{}
	dir := filepath.Join(t.TempDir(), "out")
	w, err := Create(dir, id)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Add(k, batch(id, k, 10)); err != nil {
		t.Fatal(err)
	}
	mark, err := w.Mark(k)
	if err != nil {
		t.Fatal(err)
	}
	w.Close()
	flip(t, filepath.Join(dir, k.file(false)), 200)
	w, err = Create(dir, id)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if err := w.Rewind(k, mark); !errors.Is(err, ErrDamaged) {
		t.Fatalf("got %v, want ErrDamaged", err)
	}
	addRun(t, w, k, 10, 10) // begins anew
}

func flip(t testing.TB, file string, at int) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	data[at] ^= 4
	if err := os.WriteFile(file, data, 0o666); err != nil {
		t.Fatal(err)
	}
}

// Every bit of a part counts: flipped or cut short anywhere, the run is done again.
func TestDamagedPartsAreDoneAgain(t *testing.T) {
	id, k := identity(), RunKey{1, 0, 1}
	dir := filepath.Join(t.TempDir(), "out")
	w, err := Create(dir, id)
	if err != nil {
		t.Fatal(err)
	}
	addRun(t, w, k, 3, 3)
	if !w.Have(k) || w.Have(RunKey{}) {
		t.Error("Have is wrong")
	}
	w.Close()
	file := filepath.Join(dir, k.file(true))
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	have := func(k RunKey, data []byte) bool {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, k.file(true)), data, 0o666); err != nil {
			t.Fatal(err)
		}
		w, err := Create(dir, id)
		if err != nil {
			t.Fatal(err)
		}
		defer w.Close()
		return w.Have(k)
	}
	for at := 0; at < len(good); at += 1 + at/20 {
		bad := bytes.Clone(good)
		bad[at] ^= 1 << (at % 8)
		if have(k, bad) {
			t.Errorf("bit flipped in byte %d of %d: taken for whole", at, len(good))
		}
		if have(k, good[:at]) {
			t.Errorf("cut to %d of %d bytes: taken for whole", at, len(good))
		}
	}
	if have(k, append(bytes.Clone(good), 0)) {
		t.Error("a byte more: taken for whole")
	}
	if !have(k, good) {
		t.Error("the part as it was: not taken")
	}
	os.Remove(file)
	if have(RunKey{1, 1, 1}, good) {
		t.Error("part under another name: taken")
	}
}

func TestCreateRefuses(t *testing.T) {
	id := identity()
	other := identity()
	other.Seeds = []int64{3, 4}
	for _, tt := range []struct {
		name  string
		make  func(dir string) error
		want  error
		words string
	}{
		{"foreign file", func(dir string) error { return os.WriteFile(filepath.Join(dir, "thesis.doc"), nil, 0o666) }, ErrTaken, "thesis.doc"},
		{"foreign manifest", func(dir string) error {
			return os.WriteFile(filepath.Join(dir, manifestName), []byte(`{"name":"extension"}`), 0o666)
		}, ErrTaken, "format"},
		{"torn manifest", func(dir string) error {
			return os.WriteFile(filepath.Join(dir, manifestName), []byte(`{"format":1,"comp`), 0o666)
		}, ErrTaken, "unexpected EOF"},
		{"other result", func(dir string) error {
			w, err := Create(dir, other)
			if err != nil {
				return err
			}
			return w.Close()
		}, ErrTaken, "seeds = [3 4], wanted [1 2]"},
		{"finished other result", func(dir string) error {
			write(t, dir, other, keys(other), 1, 1)
			return nil
		}, ErrTaken, "seeds"},
		{"changed result", func(dir string) error {
			write(t, dir, id, keys(id), 1, 1)
			flip(t, filepath.Join(dir, "figures", "choice.svg"), 1)
			return nil
		}, ErrDamaged, "want"},
		{"result with a file gone", func(dir string) error {
			write(t, dir, id, keys(id), 1, 1)
			return os.Remove(filepath.Join(dir, "data", "flows.parquet"))
		}, ErrDamaged, "flows.parquet: result is damaged: not found"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "out")
			if err := os.Mkdir(dir, 0o777); err != nil {
				t.Fatal(err)
			}
			if err := tt.make(dir); err != nil {
				t.Fatal(err)
			}
			before := bytesOf(t, dir)
			_, err := Create(dir, id)
			if !errors.Is(err, tt.want) || !strings.Contains(err.Error(), tt.words) || !strings.Contains(err.Error(), dir) {
				t.Errorf("got %v, want %v and the words %q", err, tt.want, tt.words)
			}
			sameFiles(t, bytesOf(t, dir), before)
		})
	}
}

func TestCreateInPlaceOfAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := Create(file, identity()); !errors.Is(err, ErrTaken) {
		t.Errorf("a file: got %v, want ErrTaken", err)
	}
	if _, err := Create(filepath.Join(file, "out"), identity()); !errors.Is(err, ErrUnwritable) {
		t.Errorf("below a file: got %v, want ErrUnwritable", err)
	}
}

func TestReadOnlyFolder(t *testing.T) {
	parent := t.TempDir()
	if err := os.Chmod(parent, 0o555); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(parent, 0o777)
	if os.Mkdir(filepath.Join(parent, "probe"), 0o777) == nil {
		os.Remove(filepath.Join(parent, "probe"))
		t.Skip("this user may write into a read-only folder")
	}
	for _, dir := range []string{filepath.Join(parent, "a", "b"), parent} {
		if _, err := Create(dir, identity()); !errors.Is(err, ErrUnwritable) {
			t.Errorf("%s: got %v, want ErrUnwritable", dir, err)
		}
	}
	if entries, _ := os.ReadDir(parent); len(entries) > 0 {
		t.Errorf("left behind: %v", entries)
	}
}

func TestDone(t *testing.T) {
	dir, id := filepath.Join(t.TempDir(), "out"), identity()
	write(t, dir, id, keys(id), 2, 2)
	manifest, err := os.ReadFile(filepath.Join(dir, manifestName))
	if err != nil {
		t.Fatal(err)
	}
	w, err := Create(dir, id)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if w.State() != Done {
		t.Errorf("state is %d, want Done", w.State())
	}
	if err := w.Add(RunKey{}, tables.Batch{}); !errors.Is(err, ErrTaken) {
		t.Errorf("Add: got %v, want ErrTaken", err)
	}
	if err := w.WriteFile("figures/x.svg", nil); !errors.Is(err, ErrTaken) {
		t.Errorf("WriteFile: got %v, want ErrTaken", err)
	}
	if err := errors.Join(w.Finish(Manifest{}), w.Discard()); err != nil {
		t.Error(err)
	}
	if again, _ := os.ReadFile(filepath.Join(dir, manifestName)); !bytes.Equal(again, manifest) {
		t.Error("the manifest has changed")
	}
}

func TestTwoProcesses(t *testing.T) {
	if runtime.GOOS == "js" {
		t.Skip("no locks here")
	}
	dir, id := filepath.Join(t.TempDir(), "out"), identity()
	w, err := Create(dir, id)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Create(dir, id); !errors.Is(err, ErrBusy) {
		t.Errorf("got %v, want ErrBusy", err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	w, err = Create(dir, id)
	if err != nil {
		t.Fatal(err)
	}
	if w.State() != Resumed {
		t.Errorf("state is %d, want Resumed", w.State())
	}
	w.Close()
}

func TestDiscard(t *testing.T) {
	parent := t.TempDir()
	w, err := Create(filepath.Join(parent, "a", "b"), identity())
	if err != nil {
		t.Fatal(err)
	}
	if err := w.WriteFile("figures/x/y.svg", []byte("<svg/>")); err != nil {
		t.Fatal(err)
	}
	if err := w.Add(RunKey{}, batch(w.id, RunKey{}, 1)); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Mark(RunKey{}); err != nil {
		t.Fatal(err)
	}
	if err := w.Discard(); err != nil {
		t.Fatal(err)
	}
	if entries, _ := os.ReadDir(parent); len(entries) > 0 {
		t.Errorf("left behind: %v", entries)
	}
	if err := w.WriteFile("x", nil); !errors.Is(err, os.ErrClosed) {
		t.Errorf("after: got %v, want ErrClosed", err)
	}
}

func TestAddRefuses(t *testing.T) {
	id, k := identity(), RunKey{}
	w, err := Create(filepath.Join(t.TempDir(), "out"), id)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	for _, tt := range []struct {
		name  string
		edit  func(*tables.Batch)
		words []string
	}{
		{"outcome NaN", func(b *tables.Batch) { b.Outcomes[1].Value = math.NaN() }, []string{"outcomes", "Devon", "status-quo", "quarter 1", "harm", "NaN"}},
		{"outcome Inf", func(b *tables.Batch) { b.Outcomes[1].Value = math.Inf(1) }, []string{"outcomes", "+Inf"}},
		{"quality NaN", func(b *tables.Batch) { b.Organisations[2].Quality = math.NaN() }, []string{"organisations", "year 1", "row 2", "quality_sd = NaN"}},
		{"line break", func(b *tables.Batch) { b.Events[0].Detail = "a\r\nb" }, []string{"market_events", "detail", "control character"}},
		{"continuity Inf", func(b *tables.Batch) { b.Patients[0].UPC = math.Inf(-1) }, []string{"patients", "upc = -Inf"}},
	} {
		b := batch(id, k, 3)
		tt.edit(&b)
		err := w.Add(k, b)
		if !errors.Is(err, ErrValue) {
			t.Errorf("%s: got %v, want ErrValue", tt.name, err)
			continue
		}
		for _, word := range tt.words {
			if !strings.Contains(err.Error(), word) {
				t.Errorf("%s: error %q does not say %q", tt.name, err, word)
			}
		}
	}
	if err := w.Finish(Manifest{}); !errors.Is(err, ErrUnfinished) {
		t.Errorf("Finish before End: got %v, want ErrUnfinished", err)
	}
	if err := w.End(k, Usage{CPUSeconds: math.NaN()}); !errors.Is(err, ErrValue) {
		t.Errorf("End: got %v, want ErrValue", err)
	}
	if err := w.End(k, Usage{}); err != nil {
		t.Error(err)
	}
	if err := w.Add(k, tables.Batch{}); !errors.Is(err, ErrTaken) {
		t.Errorf("Add after End: got %v, want ErrTaken", err)
	}
	if err := w.Add(RunKey{Run: -1}, tables.Batch{}); !errors.Is(err, ErrValue) {
		t.Errorf("run -1: got %v, want ErrValue", err)
	}
	finish(t, w)
	r, err := Open(w.Dir())
	if err != nil {
		t.Fatal(err)
	}
	if rows, err := Collect(r.Patients()); err != nil || len(rows) != 0 || r.Manifest.Rows["outcomes"] != 0 {
		t.Errorf("refused batches left %d rows, %v", len(rows), err)
	}
}

func TestPathsStayInside(t *testing.T) {
	outside := t.TempDir()
	dir := filepath.Join(t.TempDir(), "out")
	w, err := Create(dir, identity())
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	for _, rel := range []string{
		"", ".", "..", "../x", "a/../../x", "/x", `..\x`, `a\..\..\x`, `C:\x`, "a\x00b", "a\nb", "a\xff",
		"manifest.json", "Manifest.JSON", "./manifest.json", "parts/x", "Parts/x", ".hidden", "a/.b/c", "a/../.coexist-lock",
	} {
		if err := w.WriteFile(rel, nil); !errors.Is(err, ErrPath) {
			t.Errorf("%q: got %v, want ErrPath", rel, err)
		}
	}
	for _, name := range []string{"../x", "a/b", `a\b`} {
		if err := w.WriteScenario(name, nil); !errors.Is(err, ErrPath) {
			t.Errorf("scenario %q: got %v, want ErrPath", name, err)
		}
	}
	if err := os.Symlink(outside, filepath.Join(dir, "figures")); err == nil {
		if err := w.WriteFile("figures/x.svg", nil); !errors.Is(err, ErrPath) {
			t.Errorf("through a link: got %v, want ErrPath", err)
		}
	}
	if entries, _ := os.ReadDir(outside); len(entries) > 0 {
		t.Errorf("written outside: %v", entries)
	}
}
