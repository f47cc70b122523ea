package results

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"coexist/sim/tables"
)

// FuzzManifest: never a panic; what is accepted is written and read back the same.
func FuzzManifest(f *testing.F) {
	m := Manifest{Format: layout, Complete: true, Identity: identity(), Outputs: map[string]string{"data/outcomes.csv": strings.Repeat("0f", 32)}}
	m.IdentityHash = m.Hash()
	good, err := m.encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(good[:len(good)/2])
	f.Add([]byte(`{"format":1}`))
	f.Add([]byte(`{"format":2}`))
	f.Add([]byte(`{"format":1,"outputs":{"../x":""}}`))
	f.Add([]byte(`{"format":1,"seeds":[-1],"sample":1e999}`))
	f.Add([]byte(strings.Repeat("[", 20_000)))
	f.Add([]byte("null"))
	empty := Manifest{Format: layout, Identity: Identity{}, IdentityHash: Identity{}.Hash()}
	tiny, err := empty.encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(tiny)
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := decodeManifest(bytes.NewReader(data))
		if err != nil {
			return
		}
		text, err := m.encode()
		if err != nil {
			t.Fatalf("accepted, but not written: %v", err)
		}
		again, err := decodeManifest(bytes.NewReader(text))
		if err != nil {
			t.Fatalf("written, but not read: %v\n%s", err, text)
		}
		if twice, err := again.encode(); err != nil || !bytes.Equal(twice, text) {
			t.Fatalf("read back otherwise: %v\n%s\n%s", err, text, twice)
		}
		for rel := range m.Outputs {
			if !filepath.IsLocal(filepath.FromSlash(rel)) {
				t.Fatalf("path %q leaves the folder", rel)
			}
		}
	})
}

// FuzzOutcomes: never a panic; what is accepted is written back byte by byte.
func FuzzOutcomes(f *testing.F) {
	for _, text := range []string{
		"", tables.OutcomesHeader,
		tables.OutcomesHeader + "Devon,airline,1,7,3,all,harm,\"per 1,000 episodes\",0.25\n",
		tables.OutcomesHeader + "\"a \"\"b\"\"\",\" c\",2147483647,9223372036854775807,1,\u00e9,m,u,-1e-300\n",
		tables.OutcomesHeader + "a,b,1,0,1,g,m,u,NaN\n",
		tables.OutcomesHeader + "a,b,1,0,1,g,m,u,1",
		tables.OutcomesHeader + "\"a,b,1,0,1,g,m,u,1\n",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		rows, err := Collect(readOutcomes(bytes.NewReader(data)))
		if err != nil {
			return
		}
		text := []byte(tables.OutcomesHeader)
		for _, o := range rows {
			if text, err = tables.AppendOutcome(text, o); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(text, data) {
			t.Fatalf("accepted %q, written back %q", data, text)
		}
	})
}

// FuzzParquet: a library's panic comes out as an error; no row that Add would refuse.
func FuzzParquet(f *testing.F) {
	var b bytes.Buffer
	p := newParquetWriter[tables.Flow](&b, flows, zstandard())
	for _, r := range batch(identity(), RunKey{}, 20).Flows {
		if err := p.add(&r); err != nil {
			f.Fatal(err)
		}
	}
	if err := p.close(); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add(b.Bytes()[:b.Len()/2])
	f.Add([]byte("PAR1PAR1"))
	f.Add([]byte("PAR1\x15\x02\x00\xff\xff\xff\xffPAR1"))
	f.Fuzz(func(t *testing.T, data []byte) {
		rows, err := Collect(readParquet[tables.Flow](bytes.NewReader(data), int64(len(data)), flows))
		if err == nil {
			if err := checkRows(flows, rows); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// FuzzPart: never a panic; what is accepted has its end. Rows that are decoded under a wrong number
// are an error, not a panic.
func FuzzPart(f *testing.F) {
	id, k := identity(), RunKey{}
	w, err := Create(filepath.Join(f.TempDir(), "out"), id)
	if err != nil {
		f.Fatal(err)
	}
	addRun(f, w, k, 2, 2)
	good, err := os.ReadFile(filepath.Join(w.dir, k.file(true)))
	if err != nil {
		f.Fatal(err)
	}
	w.Close()
	f.Add(good)
	f.Add(good[:len(good)-1])
	f.Add(good[:segmentHeader])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		p := &part{key: k}
		if p.scan(bytes.NewReader(data), int64(len(data)), id.Hash(), -1) == nil && (!p.ended || p.size != int64(len(data))) {
			t.Fatal("accepted a part without its end")
		}
		_ = decode(data, len(data), func(*tables.Patient) error { return nil })
	})
}

func TestFuzzSeedIsAccepted(t *testing.T) {
	rows, err := Collect(readOutcomes(strings.NewReader(tables.OutcomesHeader + "\"a \"\"b\"\"\",\" c\",2147483647,9223372036854775807,1,\u00e9,m,u,-1e-300\n")))
	want := []tables.Outcome{{Place: `a "b"`, Scenario: " c", Run: 2147483647, Seed: 9223372036854775807, Quarter: 1, Group: "é", Measure: "m", Unit: "u", Value: -1e-300}}
	if err != nil || !reflect.DeepEqual(rows, want) {
		t.Errorf("got %+v, %v, want %+v", rows, err, want)
	}
}
