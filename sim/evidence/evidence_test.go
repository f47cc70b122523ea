package evidence

import (
	"bytes"
	"encoding/json"
	"go/parser"
	"go/token"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"coexist/configs"
	"coexist/sim"
	"coexist/sim/place"
	"coexist/sim/place/england"
)

// TestEveryRow: each row is measured, an input, or says in one line why it is neither; and nothing is
// measured that is no row.
func TestEveryRow(t *testing.T) {
	measured := 0
	seen := map[string]bool{}
	for _, row := range allTargets() {
		seen[row.ID] = true
		s, ok := specs[row.ID]
		if !ok {
			t.Errorf("%s is neither measured, nor an input, nor said to be outside the model", row.ID)
			continue
		}
		if text := s.why + s.input; text == "" || strings.ContainsAny(text, "\n\r") {
			t.Errorf("%s says %q, want one line", row.ID, text)
		}
		if s.input != "" && s.of != nil {
			t.Errorf("%s is both an input and measured", row.ID)
		}
		if key, _, _ := strings.Cut(s.input, " "); s.input != "" && strings.Contains(key, ".") {
			if _, ok := configs.Explain(key); !ok {
				t.Errorf("%s is the input %s, which is no parameter", row.ID, key)
			}
		}
		if s.represented() && row.Use == Calibrate {
			measured++
		}
	}
	for id := range specs {
		if !seen[id] {
			t.Errorf("%s is measured but is no row", id)
		}
	}
	if measured < 90 {
		t.Errorf("%d rows for calibration are measured, want 90 or more", measured)
	}
}

func TestTargets(t *testing.T) {
	calibrate, held := 0, 0
	for _, row := range allTargets() {
		switch row.Use {
		case Calibrate:
			calibrate++
		case HeldOut:
			held++
		}
	}
	if calibrate != 177 || held != 25 {
		t.Errorf("%d rows for calibration and %d held out, want 177 and 25", calibrate, held)
	}
	line := "X1,t,q,u,1,,,p,y,s,seen,calibrate\n"
	for _, tt := range []struct{ name, text string }{
		{"header", "id\n" + line}, {"number", header + "\n" + strings.Replace(line, ",1,", ",one,", 1)}, {"twice", header + "\n" + line + line},
		{"use", header + "\n" + strings.Replace(line, "calibrate", "tune", 1)}, {"verified", header + "\n" + strings.Replace(line, "seen", "heard", 1)}, {"interval", header + "\n" + strings.Replace(line, ",1,,,", ",1,2,3,", 1)},
	} {
		if _, err := parse(tt.text); err == nil {
			t.Errorf("%s: no error", tt.name)
		}
	}
	if rows, err := parse(header + "\n" + line); err != nil || len(rows) != 1 || !math.IsNaN(rows[0].Low) {
		t.Errorf("a good row gives %v, %v", rows, err)
	}
}

func TestBand(t *testing.T) {
	none := math.NaN()
	for _, tt := range []struct {
		name string
		of   Target
		want Band
	}{
		{"none", Target{Value: 10, Low: none, High: none}, Band{9, 11}},
		{"wide", Target{Value: 10, Low: 8, High: 11}, Band{8, 11}},
		{"narrow", Target{Value: 10, Low: 9.9, High: 10.1}, Band{9.5, 10.5}},
		{"negative", Target{Value: -10, Low: none, High: none}, Band{-11, -9}},
		{"one side", Target{Value: 10, Low: none, High: 12}, Band{9.5, 12}},
		{"sign", Target{Value: 1, Low: none, High: none, Unit: "sign"}, Band{1, 1}},
		{"signs", Target{Value: 0, Low: -1, High: none, Unit: "sign"}, Band{-1, 0}},
	} {
		got := bandOf(tt.of)
		if math.Abs(got.Low-tt.want.Low) > 1e-9 || math.Abs(got.High-tt.want.High) > 1e-9 {
			t.Errorf("%s: band %v, want %v", tt.name, got, tt.want)
		}
	}
	for v, want := range map[float64]bool{1.9: false, 2: true, 3: true, 3.1: false} {
		if got := (Band{2, 3}).holds(v); got != want {
			t.Errorf("2 to 3 holds %v: %v, want %v", v, got, want)
		}
	}
}

// TestHeldOut: what reforms did cannot reach calibration. Package fit imports nothing of ours, so it
// sees only the targets that it is handed; those can be made of rows for calibration alone.
func TestHeldOut(t *testing.T) {
	files, err := filepath.Glob("fit/*.go")
	if err != nil || len(files) < 4 {
		t.Fatalf("%d files of package fit, %v", len(files), err)
	}
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range f.Imports {
			if path := strings.Trim(i.Path.Value, `"`); strings.HasPrefix(path, "coexist") || path == "embed" {
				t.Errorf("%s imports %s, want nothing that could hold a row", name, path)
			}
		}
	}
	for _, row := range allTargets() {
		if _, err := fitTarget(row.ID); row.Use == HeldOut && err == nil {
			t.Errorf("%s can be fitted to, though it is held out", row.ID)
		}
	}
	for _, p := range blocks {
		b, err := block(p, nil)
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		if len(b.Parameters) > 12 {
			t.Errorf("block %s fits %d parameters jointly, want 12 at most", p.name, len(b.Parameters))
		}
		for _, q := range b.Parameters {
			d, _ := configs.Explain(q.Key)
			if !d.Assumed() && !strings.HasPrefix(d.Source, "calibrated:") {
				t.Errorf("block %s fits %s, whose source is %q: want an assumption or a calibrated value", p.name, q.Key, d.Source)
			}
		}
	}
}

// TestScenarios: every scenario that a row is measured in can be read.
func TestScenarios(t *testing.T) {
	names := Scenarios()
	if names[0] != quo || len(names) < 8 {
		t.Errorf("scenarios are %v, want status-quo first and the re-staged reforms", names)
	}
	for _, name := range append(configs.Staged(), names...) {
		c, err := Scenario(name, nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if c.Name != name {
			t.Errorf("%s is named %s", name, c.Name)
		}
	}
}

// TestLifeExpectancy: deaths at a constant rate give one over the rate, up to the start of the table.
func TestLifeExpectancy(t *testing.T) {
	const rate = .2
	r := &Run{Past: []*sim.Past{{}}, State: []*sim.State{{}}, Reference: Reference{State: &sim.State{}}}
	for age := range 101 {
		r.Reference.State.Alive[0][age], r.State[0].Alive[0][age] = 1000, 1000
		r.Past[0].Deaths[0][age] = 1000 * rate
	}
	got, ok := lifeExpectancy([]*Run{r}, 0, 40)
	if want := 1 / rate; !ok || math.Abs(got-want) > .02*want {
		t.Errorf("life expectancy at a hazard of %v = %v, want about %v", rate, got, want)
	}
	if got, ok := lifeExpectancy([]*Run{r}, 0, 100); !ok || math.Abs(got-1/rate) > 1e-9 {
		t.Errorf("life expectancy of those of 100 at a hazard of %v = %v, want %v", rate, got, 1/rate)
	}
	if _, ok := lifeExpectancy([]*Run{r}, 1, 40); ok {
		t.Error("a life expectancy of nobody")
	}
}

// TestJudge: a tiny run fills the report; its JSON has the agreed keys and no others, and the same
// bytes whatever the number of workers.
func TestJudge(t *testing.T) {
	e, err := place.Read(england.FS())
	if err != nil {
		t.Fatal(err)
	}
	p, err := e.Resolve("synthetic:residents=6000,practices=5,hospitals=3,districts=2")
	if err != nil {
		t.Fatal(err)
	}
	c, err := scenario(quo, 2, nil)
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, workers := range []int{1, 3} {
		res, err := Simulate(t.Context(), Setup{Place: p, Scenarios: []configs.Config{c}, Seed: 1, Runs: 2, Sample: .5, Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		rep := Judge(res, res)
		if err := rep.WriteJSON(&b); err != nil {
			t.Fatal(err)
		}
		texts = append(texts, b.String())
		met, missed, _, _ := rep.count(Calibrate)
		if met+missed < 40 {
			t.Errorf("%d rows measured in a tiny run, want 40 or more", met+missed)
		}
	}
	if texts[0] != texts[1] {
		t.Error("3 workers give another report than 1")
	}
	var got struct {
		Rows []map[string]any `json:"rows"`
	}
	if err := json.Unmarshal([]byte(texts[0]), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Rows) != len(allTargets()) {
		t.Errorf("%d rows, want %d", len(got.Rows), len(allTargets()))
	}
	keys := []string{"id", "use", "published", "low", "high", "simulated", "simulated_low", "simulated_high", "status", "reason"}
	for _, row := range got.Rows {
		for _, k := range keys {
			if _, ok := row[k]; !ok {
				t.Fatalf("row %v lacks %s", row["id"], k)
			}
		}
		if len(row) != len(keys) {
			t.Fatalf("row %v has %d keys, want %d", row["id"], len(row), len(keys))
		}
		if s := row["status"]; !slices.Contains([]any{"met", "missed", "input", "not represented"}, s) || row["reason"] == "" {
			t.Errorf("row %v: status %v, reason %q", row["id"], s, row["reason"])
		}
	}
}

// TestPosterior: at least 200 sets of parameters that exist, each of which makes a legal scenario.
func TestPosterior(t *testing.T) {
	p := readPosterior()
	if len(p.sets) < 200 {
		t.Errorf("%d sets, want 200 or more", len(p.sets))
	}
	free := map[string]bool{}
	for _, f := range unmoved() {
		free[f.key] = true
	}
	for _, k := range p.keys {
		delete(free, k)
	}
	for k := range free {
		t.Errorf("%s, which no data identify, is not in the posterior", k)
	}
	for n := range p.sets {
		if _, err := Drawn(configs.Default(), int64(n+1)); err != nil {
			t.Fatalf("set %d: %v", n+1, err)
		}
	}
	for _, text := range []string{"", "a,b\n", "a\nx\n"} {
		if _, err := parsePosterior(text); err == nil {
			t.Errorf("%q: no error", text)
		}
	}
}
