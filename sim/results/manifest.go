package results

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"coexist/sim/tables"
)

// layout is the version of the folder that this package writes and reads.
const layout = 1

const (
	manifestName = "manifest.json"
	partsDir     = "parts"
	lockName     = ".coexist-lock"
	maxManifest  = 16 << 20 // bytes
)

// Identity is what the bytes of a result depend on: two results of one identity are the same.
type Identity struct {
	Version      string            `json:"version"`       // of the program
	Scenarios    []string          `json:"scenarios"`     // in the order of RunKey.Scenario
	ConfigHashes map[string]string `json:"config_hashes"` // scenario -> SHA-256 of its resolved TOML
	Places       []string          `json:"places"`        // in the order of RunKey.Place
	PlaceHashes  map[string]string `json:"place_hashes"`  // place -> SHA-256 of its tables
	Seeds        []int64           `json:"seeds"`         // in the order of RunKey.Run, >= 0
	Runs         int               `json:"runs"`          // of each scenario in each place, >= 0
	Sample       float64           `json:"sample"`        // share of the people simulated, 0 to 1
	Years        int               `json:"years"`         // after the warm-up, >= 0
	Settings     map[string]string `json:"settings"`      // all else that moves a byte: --set, rows of patients, precision
	CSV          bool              `json:"csv"`           // every table as CSV beside Parquet
}

// Hash returns the SHA-256 of the identity, in hexadecimal.
func (id Identity) Hash() string {
	data, err := json.Marshal(id.clone())
	if err != nil { // a NaN sample: Create refuses it
		panic(err)
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// clone returns a copy with empty lists and maps in place of nil, so that both are the same.
func (id Identity) clone() Identity {
	id.Scenarios = append([]string{}, id.Scenarios...)
	id.Places = append([]string{}, id.Places...)
	id.Seeds = append([]int64{}, id.Seeds...)
	id.ConfigHashes = copied(id.ConfigHashes)
	id.PlaceHashes = copied(id.PlaceHashes)
	id.Settings = copied(id.Settings)
	return id
}

func copied[V any](m map[string]V) map[string]V {
	c := make(map[string]V, len(m))
	maps.Copy(c, m)
	return c
}

// Differences says in words where a result found differs from the one wanted.
func (id Identity) Differences(found Identity) string {
	var list []string
	want, got := reflect.ValueOf(id.clone()), reflect.ValueOf(found.clone())
	for i := range want.NumField() {
		name, _, _ := strings.Cut(want.Type().Field(i).Tag.Get("json"), ",")
		w, g := want.Field(i).Interface(), got.Field(i).Interface()
		if reflect.DeepEqual(w, g) {
			continue
		}
		if wm, ok := w.(map[string]string); ok {
			list = append(list, mapDifference(name, g.(map[string]string), wm))
			continue
		}
		list = append(list, fmt.Sprintf("%s = %v, wanted %v", name, g, w))
	}
	return strings.Join(list, "; ")
}

// mapDifference names the first key, in order, at which two maps differ.
func mapDifference(name string, got, want map[string]string) string {
	keys := slices.Collect(maps.Keys(got))
	keys = slices.AppendSeq(keys, maps.Keys(want))
	slices.Sort(keys)
	for _, k := range keys {
		g, inGot := got[k]
		w, inWant := want[k]
		switch {
		case !inGot:
			return fmt.Sprintf("%s has no %q, wanted %q", name, k, w)
		case !inWant:
			return fmt.Sprintf("%s has %q = %q, wanted none", name, k, g)
		case g != w:
			return fmt.Sprintf("%s: %q = %q, wanted %q", name, k, g, w)
		}
	}
	return name
}

// Manifest is manifest.json: what was run, the facts of machine and moment, and every other file
// with its checksum.
type Manifest struct {
	Format       int    `json:"format"`
	Complete     bool   `json:"complete"` // false until the last file is in place
	IdentityHash string `json:"identity"` // Identity.Hash
	Identity

	Patients             int64              `json:"patients"`               // people at the start, summed over places, of one run
	PatientEvents        int64              `json:"patient_events"`         // over all runs, warm-up included
	SimulationCPUSeconds float64            `json:"simulation_cpu_seconds"` // over all runs, warm-up included
	PeakRSSBytes         int64              `json:"peak_rss_bytes"`
	Workers              int                `json:"workers"`
	Durations            map[string]float64 `json:"durations"` // seconds by the clock, by stage
	Started              time.Time          `json:"started"`   // of the first start, where it was resumed
	Finished             time.Time          `json:"finished"`
	Host                 string             `json:"host"`
	Go                   string             `json:"go"`
	OS                   string             `json:"os"`
	Arch                 string             `json:"arch"`
	Command              []string           `json:"command"` // the program's arguments
	Warnings             []string           `json:"warnings"`
	Precision            *Precision         `json:"precision,omitempty"` // nil: none was asked for
	Rows                 map[string]int64   `json:"rows"`                // table -> rows
	Outputs              map[string]string  `json:"outputs"`             // path relative to the folder, with slashes -> SHA-256
}

// Precision says how narrow the intervals of paired differences became, where runs were added until they
// were narrow enough.
type Precision struct {
	Wanted  float64  `json:"wanted"`  // half-width of the widest 95 % interval, as a share of the mean or in SD
	Reached bool     `json:"reached"` // whether it is as narrow
	Widest  *float64 `json:"widest"`  // the widest half-width; nil: a difference has no interval
	Of      string   `json:"of"`      // whose it is: measure, scenario and place
	Runs    int      `json:"runs"`    // of each scenario in each place
	Most    int      `json:"most"`    // runs that are made at most
}

// decodeManifest reads a manifest strictly: unknown keys, a format of another version, checksums
// that are none and paths that leave the folder are errors.
func decodeManifest(r io.Reader) (Manifest, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxManifest+1))
	if err != nil {
		return Manifest{}, err
	}
	if len(data) > maxManifest {
		return Manifest{}, fmt.Errorf("%w: more than %d bytes", ErrNotResult, maxManifest)
	}
	if err := twice(json.NewDecoder(bytes.NewReader(data))); err != nil {
		return Manifest{}, fmt.Errorf("%w: %w", ErrNotResult, err)
	}
	// The format comes first: another version may well have other keys.
	var head struct {
		Format *int `json:"format"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return Manifest{}, fmt.Errorf("%w: %w", ErrNotResult, err)
	}
	if head.Format == nil {
		return Manifest{}, fmt.Errorf("%w: no format, want %d", ErrNotResult, layout)
	}
	if *head.Format != layout {
		return Manifest{}, fmt.Errorf("%w: format = %d, this version reads %d", ErrNotResult, *head.Format, layout)
	}
	var m Manifest
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		return Manifest{}, fmt.Errorf("%w: %w", ErrNotResult, err)
	}
	if _, err := d.Token(); err != io.EOF {
		return Manifest{}, fmt.Errorf("%w: text after the end", ErrNotResult)
	}
	m.tidy()
	if err := m.check(); err != nil {
		return Manifest{}, fmt.Errorf("%w: %w", ErrNotResult, err)
	}
	return m, nil
}

// deepest is how many objects and lists a manifest may have within each other.
const deepest = 16

// twice returns an error where an object of JSON has a key twice, of which decoding alone would take the last, or
// where there is no JSON. Case does not tell keys of the outermost object apart, which are those of a struct.
func twice(d *json.Decoder) error {
	var open []map[string]bool // keys of the objects that are open; nil: a list
	key := false               // what comes is a key, if it is not the end of an object
	for {
		t, err := d.Token()
		switch {
		case err == io.EOF && len(open) == 0:
			return nil
		case err == io.EOF:
			return io.ErrUnexpectedEOF
		case err != nil:
			return err
		case len(open) > deepest:
			return fmt.Errorf("more than %d objects and lists within each other", deepest)
		}
		switch t := t.(type) {
		case json.Delim:
			if t == '{' || t == '[' {
				var keys map[string]bool
				if t == '{' {
					keys = map[string]bool{}
				}
				open = append(open, keys)
			} else {
				open = open[:len(open)-1]
			}
		case string:
			if key {
				k := t
				if len(open) == 1 {
					k = strings.ToLower(t)
				}
				if keys := open[len(open)-1]; keys[k] {
					return fmt.Errorf("key %q stands twice", clip(t))
				}
				open[len(open)-1][k] = true
				key = false
				continue
			}
		}
		key = len(open) > 0 && open[len(open)-1] != nil
	}
}

// tidy puts empty lists and maps in place of nil: JSON then has [] and {}, never null.
func (m *Manifest) tidy() {
	m.Identity = m.Identity.clone()
	m.Command = append([]string{}, m.Command...)
	m.Warnings = append([]string{}, m.Warnings...)
	m.Durations = copied(m.Durations)
	m.Rows = copied(m.Rows)
	m.Outputs = copied(m.Outputs)
}

// check returns everything in m that no Writer writes.
func (m *Manifest) check() error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	if m.Format != layout {
		fault("format = %d, want %d", m.Format, layout)
	}
	if err := m.Identity.check(); err != nil {
		faults = append(faults, err)
	} else if want := m.Identity.Hash(); m.IdentityHash != want {
		fault("identity = %q, want %s, the hash of version, scenarios, places, seeds and settings", clip(m.IdentityHash), want)
	}
	for _, n := range []struct {
		name  string
		value float64
	}{
		{"patients", float64(m.Patients)}, {"patient_events", float64(m.PatientEvents)},
		{"simulation_cpu_seconds", m.SimulationCPUSeconds}, {"peak_rss_bytes", float64(m.PeakRSSBytes)},
		{"workers", float64(m.Workers)},
	} {
		if !(n.value >= 0) || math.IsInf(n.value, 0) {
			fault("%s = %v, want 0 or more", n.name, n.value)
		}
	}
	for _, stage := range slices.Sorted(maps.Keys(m.Durations)) {
		if v := m.Durations[stage]; !(v >= 0) || math.IsInf(v, 0) {
			fault("durations: %q = %v, want 0 or more", stage, v)
		}
	}
	for _, table := range slices.Sorted(maps.Keys(m.Rows)) {
		if m.Rows[table] < 0 {
			fault("rows: %q = %d, want 0 or more", table, m.Rows[table])
		}
	}
	for _, rel := range slices.Sorted(maps.Keys(m.Outputs)) {
		if clean, err := cleanPath(rel); err != nil {
			fault("outputs: %w", err)
		} else if clean != rel {
			fault("outputs: %q, want %q", rel, clean)
		}
		if !isSum(m.Outputs[rel]) {
			fault("outputs: %q = %q, want a SHA-256 of 64 lower-case hexadecimal digits", rel, clip(m.Outputs[rel]))
		}
	}
	for _, t := range []time.Time{m.Started, m.Finished} {
		if _, err := t.MarshalJSON(); err != nil {
			faults = append(faults, err)
		}
	}
	return errors.Join(faults...)
}

// check returns what is wrong with an identity.
func (id Identity) check() error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	for _, list := range []struct {
		name  string
		names []string
	}{{"scenarios", id.Scenarios}, {"places", id.Places}} {
		seen := map[string]bool{}
		for _, n := range list.names {
			if err := tables.CheckText(n); err != nil || n == "" || seen[n] {
				fault("%s: %q, want names that differ, of printable text", list.name, clip(n))
			}
			seen[n] = true
		}
	}
	if err := tables.CheckText(id.Version); err != nil {
		fault("version = %q: %w", clip(id.Version), err)
	}
	for _, m := range []struct {
		name   string
		values map[string]string
	}{{"config_hashes", id.ConfigHashes}, {"place_hashes", id.PlaceHashes}, {"settings", id.Settings}} {
		for _, k := range slices.Sorted(maps.Keys(m.values)) {
			if !utf8.ValidString(k) || !utf8.ValidString(m.values[k]) {
				fault("%s: %q = %q, want UTF-8", m.name, clip(k), clip(m.values[k]))
			}
		}
	}
	for _, s := range id.Seeds {
		if s < 0 {
			fault("seeds: %d, want 0 or more", s)
		}
	}
	if id.Runs < 0 {
		fault("runs = %d, want 0 or more", id.Runs)
	}
	if id.Years < 0 {
		fault("years = %d, want 0 or more", id.Years)
	}
	if !(id.Sample >= 0 && id.Sample <= 1) {
		fault("sample = %v, want 0 to 1", id.Sample)
	}
	return errors.Join(faults...)
}

func isSum(s string) bool {
	return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == ""
}

func clip(s string) string {
	if len(s) > 80 {
		return s[:80] + "..."
	}
	return s
}

// encode returns the bytes of manifest.json.
func (m Manifest) encode() ([]byte, error) {
	m.tidy()
	if err := m.check(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrValue, err)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(m); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrValue, err)
	}
	return b.Bytes(), nil
}

// readManifest reads the manifest of the folder; os.ErrNotExist is passed on where there is none.
func readManifest(root *os.Root) (Manifest, error) {
	where := filepath.Join(root.Name(), manifestName)
	f, err := openRegular(root, manifestName)
	if err != nil {
		return Manifest{}, fmt.Errorf("%s: %w: %w", where, ErrNotResult, err)
	}
	defer f.Close()
	m, err := decodeManifest(f)
	if err != nil {
		return Manifest{}, fmt.Errorf("%s: %w", where, err)
	}
	return m, nil
}
