package experiment

import (
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"coexist/configs"
)

// unit is k axes from 0 to 1.
func unit(k int) []Axis {
	var axes []Axis
	for i := range k {
		axes = append(axes, Axis{Name: "x" + strconv.Itoa(i+1), High: 1})
	}
	return axes
}

// design makes a design or ends the test.
func design(t *testing.T, kind Kind, axes []Axis, n int, seed uint64) Design {
	t.Helper()
	d, err := newDesign(kind, axes, n, seed)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestGridHasEveryCombination(t *testing.T) {
	d := design(t, Grid, []Axis{
		{Name: "a", Low: 0, High: 1},
		{Name: "b", Values: []string{"x", "y"}},
		{Name: "c", Low: 1, High: 100, Scale: "log"},
	}, 3, 1)
	if got, want := d.Rows(), 3*2*3; got != want {
		t.Fatalf("%d rows, want %d", got, want)
	}
	for i, want := range [][]string{{"0", "x", "1"}, {"0", "x", "10"}, {"0", "x", "100"}, {"0", "y", "1"}} {
		if !reflect.DeepEqual(d.Points[i], want) {
			t.Errorf("row %d is %v, want %v", i, d.Points[i], want)
		}
	}
	seen := map[string]bool{}
	for _, p := range d.Points {
		seen[strings.Join(p, " ")] = true
	}
	if len(seen) != d.Rows() {
		t.Errorf("%d different points, want %d", len(seen), d.Rows())
	}
}

func TestJointAxesGoTogether(t *testing.T) {
	axes := []Axis{
		{Name: "a", Values: []string{"1", "2", "3"}, Joint: "posterior"},
		{Name: "b", Low: 0, High: 1},
		{Name: "c", Values: []string{"10", "20", "30"}, Joint: "posterior"},
	}
	for _, kind := range []Kind{Grid, LHS, Halton, Morris, Saltelli} {
		d := design(t, kind, axes, 6, 3)
		if got, want := d.Factors(), []string{"posterior", "b"}; !reflect.DeepEqual(got, want) {
			t.Fatalf("%s: factors %v, want %v", kind, got, want)
		}
		seen := map[string]bool{}
		for _, p := range d.Points {
			if p[2] != p[0]+"0" {
				t.Fatalf("%s: point %v does not take a and c together", kind, p)
			}
			seen[p[0]] = true
		}
		if len(seen) < 2 {
			t.Errorf("%s: only %v of the joint values", kind, seen)
		}
	}
}

func TestListGoesRowByRow(t *testing.T) {
	axes := []Axis{{Name: "a", Values: []string{"1", "2", "3"}}, {Name: "b", Values: []string{"x", "y", "z"}}}
	want := [][]string{{"1", "x"}, {"2", "y"}, {"3", "z"}}
	if d := design(t, List, axes, 0, 1); !reflect.DeepEqual(d.Points, want) {
		t.Errorf("points %v, want %v", d.Points, want)
	}
	if d := design(t, List, axes, 2, 1); !reflect.DeepEqual(d.Points, want[:2]) {
		t.Errorf("points %v, want %v", d.Points, want[:2])
	}
}

func TestLatinHypercubeMeetsEachStratumOnce(t *testing.T) {
	const n = 17
	d := design(t, LHS, unit(4), n, 5)
	for k := range 4 {
		seen := make([]int, n)
		for _, u := range d.Units {
			seen[int(u[k]*n)]++
		}
		for s, c := range seen {
			if c != 1 {
				t.Errorf("axis %d: stratum %d has %d points, want 1", k, s, c)
			}
		}
	}
}

// The first b^m points of a Halton sequence meet each of b^m intervals of its axis once, scrambled or
// not.
func TestHaltonIsEven(t *testing.T) {
	d := design(t, Halton, unit(3), 8*27*25, 7)
	for k, n := range []int{8, 27, 25} {
		for first := 0; first < d.Rows(); first += n {
			seen := make([]int, n)
			for _, u := range d.Units[first : first+n] {
				seen[min(int(u[k]*float64(n)+1e-9), n-1)]++
			}
			for s, c := range seen {
				if c != 1 {
					t.Fatalf("axis %d, rows from %d: interval %d has %d points, want 1", k, first, s, c)
				}
			}
		}
	}
}

func TestMorrisMovesOneAxisAStep(t *testing.T) {
	const k, n = 5, 40
	d := design(t, Morris, unit(k), n, 11)
	if got, want := d.Rows(), n*(k+1); got != want {
		t.Fatalf("%d rows, want %d", got, want)
	}
	up, down := 0, 0
	for r := range n {
		moved := map[int]bool{}
		for s := 1; s <= k; s++ {
			a, b := d.Units[r*(k+1)+s-1], d.Units[r*(k+1)+s]
			for i := range k {
				switch step := b[i] - a[i]; {
				case step == 0:
				case math.Abs(math.Abs(step)-2./3) > 1e-12:
					t.Fatalf("trajectory %d moves axis %d by %v, want 2/3", r, i, step)
				default:
					moved[i] = true
					if step > 0 {
						up++
					} else {
						down++
					}
				}
			}
		}
		if len(moved) != k {
			t.Fatalf("trajectory %d moves %d axes, want %d", r, len(moved), k)
		}
	}
	if up < n*k/3 || down < n*k/3 {
		t.Errorf("%d steps up and %d down, want about as many of each", up, down)
	}
}

func TestSaltelliMixesAAndB(t *testing.T) {
	const k, n = 3, 16
	d := design(t, Saltelli, unit(k), n, 13)
	if got, want := d.Rows(), n*(k+2); got != want {
		t.Fatalf("%d rows, want %d", got, want)
	}
	for r := range n {
		block := d.Units[r*(k+2) : (r+1)*(k+2)]
		a, b := block[0], block[k+1]
		for i := range k {
			for j := range k {
				want := a[j]
				if i == j {
					want = b[j]
				}
				if block[i+1][j] != want || a[j] == b[j] {
					t.Fatalf("block %d, row %d, axis %d: %v with a %v and b %v", r, i+1, j, block[i+1][j], a[j], b[j])
				}
			}
		}
	}
}

func TestDesignsKeepToTheirRanges(t *testing.T) {
	axes := []Axis{
		{Name: "plain", Low: -1. / 3, High: 1. / 3},
		{Name: "log", Low: 1. / 3, High: 3000, Scale: "log"},
		{Name: "regime.system_count", Low: 2, High: 5},
		{Name: "word", Values: []string{"choice", "assigned"}},
	}
	for _, kind := range []Kind{Grid, LHS, Halton, Morris, Saltelli} {
		d := design(t, kind, axes, 40, 17)
		counts := map[string]int{}
		for _, p := range d.Points {
			for i, a := range axes[:3] {
				v, err := strconv.ParseFloat(p[i], 64)
				if err != nil || v < a.Low || v > a.High {
					t.Fatalf("%s: %s = %s, want %v to %v", kind, a.Name, p[i], a.Low, a.High)
				}
			}
			if _, err := strconv.Atoi(p[2]); err != nil {
				t.Fatalf("%s: %s = %s, want a whole number", kind, axes[2].Name, p[2])
			}
			counts[p[2]]++
			counts[p[3]]++
		}
		for _, v := range []string{"2", "3", "4", "5", "choice", "assigned"} {
			if counts[v] == 0 {
				t.Errorf("%s: %s never comes", kind, v)
			}
		}
	}
}

// The same arguments give the same points on every machine and with every release of the libraries:
// a sweep that stopped must be able to go on.
func TestDesignsAreFixed(t *testing.T) {
	for kind, want := range map[Kind][]string{
		LHS:      {"0.560912", "0.0306935"},
		Halton:   {"0.714563", "0.56792"},
		Morris:   {"0.666667", "1"},
		Saltelli: {"0.430175", "0.961041"},
	} {
		d := design(t, kind, unit(2), 2, 1)
		got := d.Points[len(d.Points)-1]
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: last point %q, want %q", kind, got, want)
		}
		if other := design(t, kind, unit(2), 2, 2); reflect.DeepEqual(other.Points, d.Points) {
			t.Errorf("%s: another seed gives the same points", kind)
		}
	}
}

func TestDesignSurvivesJSON(t *testing.T) {
	for _, kind := range []Kind{Halton, Morris, Saltelli} {
		d := design(t, kind, unit(3), 5, 1)
		text, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		var back Design
		if err := json.Unmarshal(text, &back); err != nil || !reflect.DeepEqual(d, back) {
			t.Errorf("%s: read back %v, %v; want %v", kind, back, err, d)
		}
	}
}

func TestDesignFaultsComeTogether(t *testing.T) {
	_, err := newDesign("lattice", []Axis{
		{Name: "a", Low: 2, High: 1},
		{Name: "a", Low: 0, High: 1, Scale: "log"},
		{Name: "b", Low: math.NaN(), High: 1, Scale: "square"},
		{Name: "c", Values: []string{}},
		{Name: "d", Values: []string{"1"}, High: 2},
		{Name: "regime.system_count", Low: 1.5, High: 2},
		{Name: "e", Low: 0, High: 1, Joint: "j"},
		{Name: "f", Values: []string{"1"}, Joint: "k"},
		{Name: "g", Values: []string{"1", "2"}, Joint: "k"},
	}, 0, 1)
	if !errors.Is(err, configs.ErrInput) {
		t.Fatalf("error %v, want wrong input", err)
	}
	for _, want := range []string{`kind = "lattice"`, "a: from 2 to 1", `"a" is named twice`, "a log scale from 0", "b: from NaN",
		`scale = "square"`, "c: no values", "d: a range and a list", "from 1.5 to 2, want whole", "e is a range joined", "g has 2 values, want the 1",
		"n = 0 rows"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error lacks %q:\n%v", want, err)
		}
	}
	for _, c := range []struct {
		kind Kind
		axes []Axis
		n    int
		want string
	}{
		{Grid, unit(2), 1, "2 or more levels"},
		{Grid, unit(9), 100, "rows, want at most"},
		{List, unit(1), 0, "want lists of values"},
		{List, []Axis{{Name: "a", Values: []string{"1", "2"}}, {Name: "b", Values: []string{"1"}}}, 0, "row by row"},
		{List, []Axis{{Name: "a", Values: []string{"1", "2"}}}, 3, "0 (all) to the 2"},
		{LHS, nil, 3, "no axis"},
		{Morris, unit(2), 1, "want 2 or more"},
		{Saltelli, unit(2), 1, "want 2 or more"},
		{Saltelli, unit(501), 2, "at most 500"},
	} {
		if _, err := newDesign(c.kind, c.axes, c.n, 1); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s of %d axes, n = %d: error %v, want %q", c.kind, len(c.axes), c.n, err, c.want)
		}
	}
}
