package plots

import (
	"errors"
	"strings"
	"testing"
)

// FuzzTargets: a table of targets of any text is refused as such, or has a row a line.
func FuzzTargets(f *testing.F) {
	head := strings.Join(targetColumns, ",") + "\n"
	for _, text := range []string{"", head, head + "E22,calibrate,11,10,12,10.5,10,11,met,\n", head + "E22,calibrate,x,Inf,,,,,missed,\n", "id,id\n1,2\n", head + "\"a\n", head + "a,b\n"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		list, err := ReadTargets(strings.NewReader(text))
		if err != nil {
			if !errors.Is(err, ErrTargets) {
				t.Fatalf("%v is no fault of a table of targets", err)
			}
			return
		}
		if len(list) > strings.Count(text, "\n")+strings.Count(text, "\r") {
			t.Fatalf("%d targets in %q", len(list), text)
		}
	})
}
