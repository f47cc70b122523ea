package results

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"coexist/sim/tables"
)

// identity is a small one: two places, two scenarios, two runs.
func identity() Identity {
	return Identity{
		Version: "0.1.0", Scenarios: []string{"status-quo", "airline"}, Places: []string{"Devon", "Greater Manchester"},
		ConfigHashes: map[string]string{"status-quo": "a", "airline": "b"}, PlaceHashes: map[string]string{"Devon": "c"},
		Seeds: []int64{1, 2}, Runs: 2, Sample: .025, Years: 1, Settings: map[string]string{"set": "choice.b_t=.09"},
	}
}

// keys returns all runs of an identity, in order.
func keys(id Identity) (all []RunKey) {
	for p := range id.Places {
		for s := range id.Scenarios {
			for r := range id.Runs {
				all = append(all, RunKey{p, s, r})
			}
		}
	}
	return all
}

// batch makes rows of one run: a function of the run and n alone, of awkward names.
func batch(id Identity, k RunKey, n int) tables.Batch {
	rng := rand.New(rand.NewPCG(uint64(n), uint64(k.Place*100+k.Scenario*10+k.Run)))
	place, scenario, run, seed := id.Places[k.Place], id.Scenarios[k.Scenario], int32(k.Run+1), id.Seeds[k.Run]
	var b tables.Batch
	for i := range n {
		b.Outcomes = append(b.Outcomes, tables.Outcome{Place: place, Scenario: scenario, Run: run, Seed: seed, Quarter: int32(i/4 + 1),
			Group: []string{"all", "rurality:urban", `system:"Skyline", Ltd`, "age:65+"}[i%4], Measure: "harm", Unit: "per 1,000 episodes", Value: rng.NormFloat64()})
		b.Organisations = append(b.Organisations, tables.Organisation{Place: place, Scenario: scenario, Run: run, Seed: seed, Year: 1,
			Organisation: fmt.Sprintf("Hôpital %d", i), Kind: "trust", Enrolled: rng.Int64(), Quality: rng.NormFloat64()})
		b.Ledger = append(b.Ledger, tables.Ledger{Place: place, Scenario: scenario, Run: run, Seed: seed, Quarter: 1,
			Payer: "commissioner", Payee: "trust", Contract: "tariff", Service: "elective", Pence: -rng.Int64N(1e12)})
		b.Flows = append(b.Flows, tables.Flow{Place: place, Scenario: scenario, Run: run, Seed: seed, Year: 1,
			From: "A", Through: "B", To: fmt.Sprint(rng.IntN(9)), Line: "ENT", Inside: i%3 == 0, Patients: int64(i)})
		b.Events = append(b.Events, tables.MarketEvent{Place: place, Scenario: scenario, Run: run, Seed: seed, Week: int32(i),
			Event: "merger", Organisation: "A", Detail: fmt.Sprintf("because, of %d", i)})
		b.Patients = append(b.Patients, tables.Patient{Place: place, Scenario: scenario, Run: run, Seed: seed, Year: 1,
			ID: fmt.Sprintf("%016x", rng.Uint64()), Age: rng.Int32N(101), Sex: "F", Conditions: "chd+copd", UPC: -1, COC: rng.Float64(), Died: i%7 == 0})
	}
	return b
}

// write makes a finished result of n rows a run and table, the runs in the order given, the rows in
// batches of the size given.
func write(t testing.TB, dir string, id Identity, order []RunKey, n, size int) {
	t.Helper()
	w, err := Create(dir, id)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	for _, k := range order {
		addRun(t, w, k, n, size)
	}
	finish(t, w)
}

func addRun(t testing.TB, w *Writer, k RunKey, n, size int) {
	t.Helper()
	b := batch(w.id, k, n)
	for from := 0; from < n; from += size {
		to := min(from+size, n)
		if err := w.Add(k, cut(b, from, to)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.End(k, Usage{PatientEvents: 10, CPUSeconds: .5}); err != nil {
		t.Fatal(err)
	}
}

func cut(b tables.Batch, from, to int) tables.Batch {
	return tables.Batch{Outcomes: b.Outcomes[from:to], Organisations: b.Organisations[from:to], Ledger: b.Ledger[from:to],
		Flows: b.Flows[from:to], Events: b.Events[from:to], Patients: b.Patients[from:to]}
}

func finish(t testing.TB, w *Writer) {
	t.Helper()
	for _, s := range w.id.Scenarios {
		if err := w.WriteScenario(s, []byte("extends = \"status-quo\"\n")); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.WriteFile("figures/choice.svg", []byte("<svg/>")); err != nil {
		t.Fatal(err)
	}
	if err := w.Finish(Manifest{Patients: 100, Workers: 2, Command: []string{"compare"}}); err != nil {
		t.Fatal(err)
	}
}

// bytesOf returns every file of a folder but the manifest.
func bytesOf(t testing.TB, dir string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == manifestName {
			return err
		}
		rel, _ := filepath.Rel(dir, p)
		all[filepath.ToSlash(rel)], err = os.ReadFile(p)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func sameFiles(t testing.TB, got, want map[string][]byte) {
	t.Helper()
	for _, name := range names(want) {
		if g, ok := got[name]; !ok {
			t.Errorf("%s: missing", name)
		} else if !bytes.Equal(g, want[name]) {
			t.Errorf("%s: other bytes: %d, want %d", name, len(g), len(want[name]))
		}
	}
	for _, name := range names(got) {
		if _, ok := want[name]; !ok {
			t.Errorf("%s: not wanted", name)
		}
	}
}

func names(m map[string][]byte) []string { return slices.Sorted(maps.Keys(m)) }
