package evidence

import (
	"math"
	"strings"
	"testing"
)

// FuzzTables: the tables that are built in could be changed by whoever builds the program; any text is read
// or refused, and a target that is taken lies in its band.
func FuzzTables(f *testing.F) {
	lines := strings.SplitAfterN(targetsFile, "\n", 4)
	f.Add(strings.Join(lines[:3], ""))
	f.Add(header + "\n")
	f.Add(header + "\nE1,t,q,u,1,NaN,2,p,y,s,seen,calibrate\n")
	f.Add(header + "\nE1,t,q,u,NaN,,,p,y,s,seen,calibrate\n")
	f.Add("a.b,c.d\n1,2\nNaN,1e999\n")
	f.Add("\"a\n")
	f.Fuzz(func(t *testing.T, text string) {
		if list, err := parse(text); err == nil {
			for _, row := range list {
				if math.IsNaN(row.Value) || math.IsInf(row.Value, 0) || math.IsInf(row.Low, 0) || math.IsInf(row.High, 0) || row.Low > row.Value || row.High < row.Value || row.ID == "" {
					t.Fatalf("%+v", row)
				}
			}
		}
		p, err := parsePosterior(text)
		if err != nil {
			return
		}
		for _, set := range p.sets {
			if len(set) != len(p.keys) {
				t.Fatalf("%d values, want %d", len(set), len(p.keys))
			}
		}
	})
}
