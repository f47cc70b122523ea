package sim

import (
	"math"
	"runtime"
	"testing"

	"coexist/configs"
)

// TestFootprint: what a world takes is predicted within 15 %, at two sizes ten times apart, and so is its
// snapshot.
func TestFootprint(t *testing.T) {
	live := func() float64 {
		runtime.GC()
		var s runtime.MemStats
		runtime.ReadMemStats(&s)
		return float64(s.HeapAlloc)
	}
	for _, sample := range []float64{.05, .5} {
		if testing.Short() && sample > .1 {
			continue
		}
		s := Settings{Place: region(t, devon), Config: configs.Default(), Seed: 1, Sample: sample, Workers: 2, Tracked: 5000}
		before := live()
		m := begin(t, s)
		steps(t, m, 110)
		got := live() - before
		room := 0 // asked for and not touched: no memory
		for i := range m.parts {
			q := &m.parts[i]
			room += (cap(q.people)-len(q.people))*64 + (cap(q.due)-len(q.due))*2 + (cap(q.track)-len(q.track))*4
		}
		f := Estimate(s)
		for _, v := range []struct {
			what      string
			got, want float64
		}{{"world", float64(f.World), got - float64(room)}, {"snapshot", float64(f.File), float64(m.SnapshotSize())}} {
			t.Logf("%s of %d people: predicted %.1f MB, is %.1f MB", v.what, m.Start(), v.got/1e6, v.want/1e6)
			if math.Abs(v.got/v.want-1) > .15 {
				t.Errorf("%s of %d people: predicted %.1f MB, want %.1f MB within 15 %%", v.what, m.Start(), v.got/1e6, v.want/1e6)
			}
		}
		runtime.KeepAlive(m)
	}
}
