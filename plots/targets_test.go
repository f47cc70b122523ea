package plots

import (
	"errors"
	"math"
	"strings"
	"testing"
)

// TestReadTargets: rows are read by the names of their columns, with the band of a target where there is one.
func TestReadTargets(t *testing.T) {
	const head = "id,use,topic,published,low,high,simulated,simulated_low,simulated_high,status,reason\n"
	got, err := ReadTargets(strings.NewReader(head + "wait,calibrate,t,11,10,12,10.5,10,11,met,\nharm,test,t,5,,,,,,not judged,\"no rows, yet\"\n"))
	if err != nil || len(got) != 2 {
		t.Fatalf("got %v, %v", got, err)
	}
	if x := got[0]; !x.met() || !x.fitted() || x.Published != (Interval{11, 10, 12}) || x.Simulated != (Interval{10.5, 10, 11}) {
		t.Errorf("got %+v", x)
	}
	if x := got[1]; x.met() || x.fitted() || x.drawn() || !math.IsNaN(x.Published.Low) || x.Reason != "no rows, yet" {
		t.Errorf("got %+v", x)
	}
	const more = "id,use,quantity,published,low,high,simulated,simulated_low,simulated_high,band_low,band_high,status,reason\n"
	got, err = ReadTargets(strings.NewReader(more + "A1,validate,median wait,11,,,10.5,10,11,10.45,11.55,met,\nA2,validate,harm,5,4,6,,,,,,not judged,\n"))
	if err != nil || got[0].Quantity != "median wait" || got[0].Published != (Interval{11, 10.45, 11.55}) || got[1].Published != (Interval{5, 4, 6}) {
		t.Errorf("got %+v, %v", got, err)
	}
	for _, test := range []struct{ file, want string }{
		{"", "empty"},
		{"id,use\n", `no column "published"`},
		{head + "a,b,c,many,,,,,,met,\nd,e,f,1,low,,,,,met,\n", `line 3: low = "low"`},
		{head + "a,b\n", "wrong number of fields"},
	} {
		if _, err := ReadTargets(strings.NewReader(test.file)); !errors.Is(err, ErrTargets) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q: got %v, want a fault with %q", test.file, err, test.want)
		}
	}
}

// TestTargetFaults: line ends and a byte order mark of other systems are read; all faults come at once, with their
// lines.
func TestTargetFaults(t *testing.T) {
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
