package tables

import (
	"encoding/csv"
	"errors"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// Every field of every row is a column of the codebook, in order and of the same type.
func TestCodebookIsComplete(t *testing.T) {
	batch := reflect.TypeFor[Batch]()
	if len(Tables) != batch.NumField() {
		t.Fatalf("%d tables, want %d, one a field of Batch", len(Tables), batch.NumField())
	}
	types := map[reflect.Kind]string{
		reflect.String: "text", reflect.Int32: "integer", reflect.Int64: "integer", reflect.Float64: "number", reflect.Bool: "yes/no",
	}
	for i, table := range Tables {
		row := batch.Field(i).Type.Elem()
		if len(table.Columns) != row.NumField() {
			t.Errorf("%s: %d columns, want %d", table.Name, len(table.Columns), row.NumField())
			continue
		}
		for j, c := range table.Columns {
			f := row.Field(j)
			name, _, _ := strings.Cut(f.Tag.Get("parquet"), ",")
			if c.Name != name || c.Type != types[f.Type.Kind()] {
				t.Errorf("%s: column %d is %s of type %s, want %s of type %s", table.Name, j+1, c.Name, c.Type, name, types[f.Type.Kind()])
			}
			if c.Meaning == "" {
				t.Errorf("%s: column %s has no meaning", table.Name, c.Name)
			}
		}
	}
	var names []string
	for _, c := range Tables[0].Columns {
		names = append(names, c.Name)
	}
	if got := strings.Join(names, ",") + "\n"; got != OutcomesHeader {
		t.Errorf("columns of outcomes are %q, want %q", got, OutcomesHeader)
	}
	if _, ok := TableByName("flows"); !ok {
		t.Error("no table flows")
	}
	if _, ok := TableByName("nothing"); ok {
		t.Error("a table that is none")
	}
}

func TestMeasures(t *testing.T) {
	dimensions := []string{"choice", "quality", "cost", "fragmentation", "coverage", "market"}
	aims := []string{"safe", "timely", "effective", "efficient", "equitable", "patient-centred"}
	seen := map[string]bool{}
	at := 0
	for _, m := range Measures {
		if m.Name == "" || m.Title == "" || m.Unit == "" || m.Meaning == "" || seen[m.Name] {
			t.Errorf("%q: want a name of its own, title, unit and meaning", m.Name)
		}
		if strings.Trim(m.Name, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
			t.Errorf("%q: want lower case, digits and _", m.Name)
		}
		seen[m.Name] = true
		d := slices.Index(dimensions, m.Dimension)
		if d < at {
			t.Errorf("%s: dimension %q, want one of %v, in this order", m.Name, m.Dimension, dimensions)
		}
		at = max(at, d)
		if quality := m.Dimension == "quality" && m.Name != Headline.Quality; quality != slices.Contains(aims, m.Aim) || !quality && m.Aim != "" {
			t.Errorf("%s: aim %q, want one of %v where the dimension is quality, else none", m.Name, m.Aim, aims)
		}
		if m.Period != "quarter" && m.Period != "year" {
			t.Errorf("%s: period %q, want quarter or year", m.Name, m.Period)
		}
		if m.Better < -1 || m.Better > 1 {
			t.Errorf("%s: better = %d, want -1, 0 or 1", m.Name, m.Better)
		}
		if got, ok := MeasureByName(m.Name); !ok || got != m {
			t.Errorf("MeasureByName(%q) = %v, %v", m.Name, got, ok)
		}
	}
	if _, ok := MeasureByName("nothing"); ok {
		t.Error("a measure that is none")
	}
	for dimension, name := range map[string]string{
		"choice": Headline.Choice, "quality": Headline.Quality, "cost": Headline.Cost, "fragmentation": Headline.Fragmentation,
	} {
		i := slices.IndexFunc(Measures, func(m Measure) bool { return m.Dimension == dimension })
		if i < 0 || Measures[i].Name != name {
			t.Errorf("headline of %s is %q, want it to exist and to be the first of its dimension", dimension, name)
		} else if Measures[i].Better == 0 {
			t.Errorf("headline %s is neither better high nor low", name)
		}
	}
}

func sound() Outcome {
	return Outcome{"Devon", "airline", 1, 7, 3, "all", "harm", "per 1,000 episodes", 0.25}
}

func TestAppendOutcome(t *testing.T) {
	for _, tt := range []struct {
		name string
		edit func(*Outcome)
		want string // empty: refused
	}{
		{"plain", func(o *Outcome) {}, "Devon,airline,1,7,3,all,harm,\"per 1,000 episodes\",0.25\n"},
		{"quote", func(o *Outcome) { o.Group = `system:"A" B` }, "Devon,airline,1,7,3,\"system:\"\"A\"\" B\",harm,\"per 1,000 episodes\",0.25\n"},
		{"shortest", func(o *Outcome) { o.Value, o.Unit = 0.1, "x" }, "Devon,airline,1,7,3,all,harm,x,0.1\n"},
		{"large", func(o *Outcome) { o.Value, o.Unit = 1e21, "x" }, "Devon,airline,1,7,3,all,harm,x,1e+21\n"},
		{"minus zero", func(o *Outcome) { o.Value, o.Unit = math.Copysign(0, -1), "x" }, "Devon,airline,1,7,3,all,harm,x,0\n"},
		{"space", func(o *Outcome) { o.Place, o.Unit = " D", "x " }, "\" D\",airline,1,7,3,all,harm,\"x \",0.25\n"},
		{"NaN", func(o *Outcome) { o.Value = math.NaN() }, ""},
		{"Inf", func(o *Outcome) { o.Value = math.Inf(-1) }, ""},
		{"line break", func(o *Outcome) { o.Group = "a\nb" }, ""},
		{"not UTF-8", func(o *Outcome) { o.Group = "a\xff" }, ""},
		{"no measure", func(o *Outcome) { o.Measure = "" }, ""},
		{"too long", func(o *Outcome) { o.Group = strings.Repeat("a", maxText+1) }, ""},
		{"run 0", func(o *Outcome) { o.Run = 0 }, ""},
		{"quarter 0", func(o *Outcome) { o.Quarter = 0 }, ""},
		{"seed -1", func(o *Outcome) { o.Seed = -1 }, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := sound()
			tt.edit(&o)
			got, err := AppendOutcome([]byte("before"), o)
			if (err != nil) != (tt.want == "") || string(got) != "before"+tt.want {
				t.Fatalf("got %q, %v, want %q", got, err, tt.want)
			}
			if err != nil {
				for _, where := range []string{"quarter ", "measure ", "want "} {
					if !strings.Contains(err.Error(), where) && tt.name != "no measure" {
						t.Errorf("error %q does not say %q", err, where)
					}
				}
				return
			}
			fields, err := csv.NewReader(strings.NewReader(tt.want)).Read()
			if err != nil || len(fields) != 9 || fields[5] != o.Group {
				t.Errorf("encoding/csv reads %q, %v", fields, err)
			}
		})
	}
}

func BenchmarkAppendOutcome(b *testing.B) {
	var line []byte
	err := errors.New("not run")
	for b.Loop() {
		line, err = AppendOutcome(line[:0], sound())
	}
	if err != nil {
		b.Fatal(err)
	}
}
