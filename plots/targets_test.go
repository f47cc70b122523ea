package plots

import (
	"errors"
	"strings"
	"testing"
)

// What a table of targets may be, and what not: all faults come at once, with their lines.
func TestTargets(t *testing.T) {
	head := strings.Join(targetColumns, ",") + "\n"
	for _, start := range []string{"", "\ufeff"} {
		list, err := ReadTargets(strings.NewReader(start + strings.ReplaceAll(head+"E1,calibrate,11,10,12,10.5,10,11,met,\n", "\n", "\r\n")))
		if err != nil || len(list) != 1 || list[0].ID != "E1" || list[0].Published != (Interval{11, 10, 12}) {
			t.Errorf("after %q: %+v, %v", start, list, err)
		}
	}
	_, err := ReadTargets(strings.NewReader(head + "E1,calibrate,NaN,10,12,1e999,,,met,\nE2,calibrate,11,12,10,,,,met,\n"))
	for _, want := range []string{`line 2: published = "NaN", want a number or nothing`, `line 2: simulated = "1e999", want a number or nothing`, "line 3: from 12 to 10, want the lower end first"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want also %s", err, want)
		}
	}
}

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
