package place_test

import (
	"bytes"
	"compress/gzip"
	"reflect"
	"strings"
	"testing"

	"coexist/sim/place"
)

// pack returns a place as Pack writes it.
func pack(t testing.TB, name string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := tables(t).Pack(name, &b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// mostPacked bounds what the page loads for one place, compressed, in bytes.
const mostPacked = 50_000

// Every place of the page is read back as it was, to the bit: also what is worked out again.
func TestUnpackGivesThePlaceBack(t *testing.T) {
	e := tables(t)
	names := []string{"synthetic", "synthetic:residents=150000,rural=0,practices=30,hospitals=6,districts=2"}
	for _, n := range e.Names() {
		if n.Kind == "icb" {
			names = append(names, n.Name)
		}
	}
	if testing.Short() {
		names = append(names[:2], "Cornwall", "North East and North Cumbria")
	}
	largest, sum := 0, 0
	for _, name := range names {
		packed := pack(t, name)
		got, err := place.Unpack(bytes.NewReader(packed))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		want, err := e.Resolve(name)
		if err != nil {
			t.Fatal(err)
		}
		if got.Hash() != want.Hash() || !reflect.DeepEqual(got.Areas, want.Areas) || !reflect.DeepEqual(got.Reach, want.Reach) {
			t.Errorf("%s: read back as another place", name)
		}
		var z bytes.Buffer
		w, _ := gzip.NewWriterLevel(&z, gzip.BestCompression)
		w.Write(packed)
		w.Close()
		largest, sum = max(largest, z.Len()), sum+z.Len()
		if z.Len() > mostPacked {
			t.Errorf("%s: %d bytes compressed, want at most %d", name, z.Len(), mostPacked)
		}
	}
	t.Logf("%d places of %d bytes compressed on average, the largest %d", len(names), sum/len(names), largest)
}

func TestUnpackRefuses(t *testing.T) {
	whole := string(pack(t, "synthetic"))
	for name, text := range map[string]string{
		"nothing": "", "other": "hello, this is no place", "an older format": strings.Replace(whole, "place 3", "place 2", 1),
		"cut short": whole[:len(whole)/2], "one byte short": whole[:len(whole)-1], "more": whole + "x",
	} {
		if p, err := place.Unpack(strings.NewReader(text)); err == nil || p != nil {
			t.Errorf("%s: read without an error", name)
		}
	}
}

// What the largest place there is takes.
func TestPackTakesAllOfEngland(t *testing.T) {
	if n := len(pack(t, "England")); n > 4<<20 {
		t.Errorf("England is %d bytes, want at most half of what Unpack takes", n)
	}
}

// FuzzUnpack: whatever comes, Unpack never panics, and what it accepts is a whole place.
func FuzzUnpack(f *testing.F) {
	f.Add(pack(f, "synthetic:residents=1000,practices=2,hospitals=2"))
	f.Add(pack(f, "synthetic:residents=3000,districts=1"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 1<<16 {
			return // what a million areas cost is not asked here
		}
		p, err := place.Unpack(bytes.NewReader(b))
		if err != nil {
			return
		}
		if err := p.Check(); err != nil {
			t.Errorf("accepted: %v", err)
		}
	})
}
