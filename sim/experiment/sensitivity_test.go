package experiment

import (
	"errors"
	"math"
	"math/bits"
	"strconv"
	"strings"
	"testing"

	"coexist/configs"
)

// ishigami is a test function with known indices (Ishigami and Homma, ISUMA'90), a = 7, b = 0.1.
func ishigami(x []float64) float64 {
	s2 := math.Sin(x[1])
	return math.Sin(x[0]) + 7*s2*s2 + .1*math.Pow(x[2], 4)*math.Sin(x[0])
}

// ishigamiTruth are its exact indices of first and total order.
func ishigamiTruth() (first, total []float64) {
	const a, b = 7, .1
	pi4 := math.Pow(math.Pi, 4)
	v1 := .5 * (1 + b*pi4/5) * (1 + b*pi4/5)
	v2 := a * a / 8.
	v13 := b * b * pi4 * pi4 * (1/18. - 1/50.)
	v := v1 + v2 + v13
	return []float64{v1 / v, v2 / v, 0}, []float64{(v1 + v13) / v, v2 / v, v13 / v}
}

// gFunction is Sobol's g-function, and gTruth are its exact indices (Saltelli and Sobol 1995).
func gFunction(a []float64) func(x []float64) float64 {
	return func(x []float64) float64 {
		y := 1.
		for i, a := range a {
			y *= (math.Abs(4*x[i]-2) + a) / (1 + a)
		}
		return y
	}
}

func gTruth(a []float64) (first, total []float64) {
	all := 1.
	var v []float64
	for _, a := range a {
		v = append(v, 1/(3*(1+a)*(1+a)))
		all *= 1 + v[len(v)-1]
	}
	for _, vi := range v {
		first = append(first, vi/(all-1))
		total = append(total, vi*all/(1+vi)/(all-1))
	}
	return first, total
}

// evaluate reads the points of a design back, as a run would, and gives the outputs.
func evaluate(t *testing.T, d *Design, f func([]float64) float64) []float64 {
	t.Helper()
	var y []float64
	for _, p := range d.Points {
		var x []float64
		for _, text := range p {
			v, err := strconv.ParseFloat(text, 64)
			if err != nil {
				t.Fatal(err)
			}
			x = append(x, v)
		}
		y = append(y, f(x))
	}
	return y
}

// axes are k axes of one range.
func axes(k int, low, high float64) []Axis {
	list := unit(k)
	for i := range list {
		list[i].Low, list[i].High = low, high
	}
	return list
}

func TestSobolIndicesAreExact(t *testing.T) {
	a := []float64{0, 1, 4.5, 9, 99, 99, 99, 99}
	for _, c := range []struct {
		name  string
		axes  []Axis
		f     func([]float64) float64
		truth func() ([]float64, []float64)
	}{
		{"Ishigami", axes(3, -math.Pi, math.Pi), ishigami, ishigamiTruth},
		{"g-function", unit(8), gFunction(a), func() ([]float64, []float64) { return gTruth(a) }},
	} {
		d := design(t, Saltelli, c.axes, 8192, 1)
		y := evaluate(t, &d, c.f)
		shifted := make([]float64, len(y))
		for i := range y {
			shifted[i] = 1000 + 10*y[i]
		}
		s, err := d.SobolIndices([][]float64{y, shifted})
		if err != nil {
			t.Fatal(err)
		}
		first, total := c.truth()
		for i, got := range s[0] {
			for _, x := range []struct {
				name string
				got  Interval
				want float64
			}{{"first", got.First, first[i]}, {"total", got.Total, total[i]}} {
				if math.Abs(x.got.Mean-x.want) > .005 {
					t.Errorf("%s, %s: %s order %.4f, want %.4f", c.name, got.Factor, x.name, x.got.Mean, x.want)
				}
				if x.got.Low > x.want || x.got.High < x.want || x.got.High-x.got.Low > .15 {
					t.Errorf("%s, %s: interval of %s order %.4f to %.4f, want %.4f inside", c.name, got.Factor, x.name, x.got.Low, x.got.High, x.want)
				}
			}
			if other := s[1][i]; math.Abs(other.First.Mean-got.First.Mean) > 1e-9 || math.Abs(other.Total.Mean-got.Total.Mean) > 1e-9 {
				t.Errorf("%s, %s: another scale of the output moves the indices", c.name, got.Factor)
			}
		}
	}
}

// sobolPoint is point n of Sobol's sequence in 6 dimensions with the direction numbers of Joe and Kuo
// (new-joe-kuo-6.21201), in the Gray code order that SALib used.
func sobolPoint(n uint32) []float64 {
	start := [6][]uint32{{}, {1}, {1, 3}, {1, 3, 1}, {1, 1, 1}, {1, 1, 3, 3}}
	polynomial := [6]uint32{0, 0, 1, 1, 2, 1}
	x := make([]float64, 6)
	for i := range x {
		m, s := start[i], len(start[i])
		v := make([]uint32, 33)
		for j := 1; j <= 32; j++ {
			switch {
			case i == 0:
				v[j] = 1 << (32 - j)
			case j <= s:
				v[j] = m[j-1] << (32 - j)
			default:
				v[j] = v[j-s] ^ v[j-s]>>s
				for k := 1; k < s; k++ {
					v[j] ^= (polynomial[i] >> (s - 1 - k) & 1) * v[j-k]
				}
			}
		}
		bit := uint32(0)
		for j := uint32(1); j <= n; j++ {
			bit ^= v[bits.TrailingZeros32(^(j-1))+1]
		}
		x[i] = float64(bit) / (1 << 32)
	}
	return x
}

// SALib publishes the indices of the Ishigami function on points 1000 to 1999 of Sobol's sequence: S1
// and ST with their 95 % half-widths in tests/test_cli.py, and the first order of its older estimator,
// which did not centre the output, in docs/basics.rst.
func TestSobolIndicesAreThoseOfSALib(t *testing.T) {
	d := Design{Kind: Saltelli, Axes: axes(3, -math.Pi, math.Pi), N: 1000}
	var base [][]float64
	for n := range 1000 {
		base = append(base, sobolPoint(uint32(1000+n)))
	}
	d.Units = blocks(base, 3)
	var y []float64
	for _, u := range d.Units {
		d.Points = append(d.Points, nil)
		y = append(y, ishigami([]float64{math.Pi * (2*u[0] - 1), math.Pi * (2*u[1] - 1), math.Pi * (2*u[2] - 1)}))
	}
	s, err := d.SobolIndices([][]float64{y})
	if err != nil {
		t.Fatal(err)
	}
	want := []struct{ first, firstHalf, total, totalHalf float64 }{
		{.307975, .063047, .560137, .091908},
		{.447767, .053323, .438722, .040634},
		{-.004255, .059667, .242845, .026578},
	}
	for i, got := range s[0] {
		w := want[i]
		if math.Abs(got.Total.Mean-w.total) > 1e-6 {
			t.Errorf("%s: total order %.6f, SALib has %.6f", got.Factor, got.Total.Mean, w.total)
		}
		if math.Abs(got.First.Mean-w.first) > 1e-6 {
			t.Errorf("%s: first order %.6f, SALib has %.6f", got.Factor, got.First.Mean, w.first)
		}
		if h := (got.First.High - got.First.Low) / 2; math.Abs(h/w.firstHalf-1) > .15 {
			t.Errorf("%s: first order ± %.4f, SALib has %.4f", got.Factor, h, w.firstHalf)
		}
		if h := (got.Total.High - got.Total.Low) / 2; math.Abs(h/w.totalHalf-1) > .15 {
			t.Errorf("%s: total order ± %.4f, SALib has %.4f", got.Factor, h, w.totalHalf)
		}
	}
	var rows [][]float64
	pick := make([]int, 1000)
	for i := range pick {
		rows, pick[i] = append(rows, y[5*i:5*i+5]), i
	}
	plain, _ := shares(rows, pick, 3)
	for i, w := range []float64{.30644324, .44776661, -.00104936} {
		if math.Abs(plain[i]-w) > 1e-8 {
			t.Errorf("factor %d: first order not centred %.8f, SALib had %.8f", i+1, plain[i], w)
		}
	}
}

// Exercise 4 of Saltelli et al., Global Sensitivity Analysis: The Primer (2008), p. 138, with the
// solution that SALib's tests/test_analyze_morris.py holds.
func TestElementaryEffectsAreThoseOfSALib(t *testing.T) {
	d := Design{Kind: Morris, Axes: unit(2), N: 6, Units: [][]float64{
		{0, 1. / 3}, {0, 1}, {2. / 3, 1},
		{0, 1. / 3}, {2. / 3, 1. / 3}, {2. / 3, 1},
		{2. / 3, 0}, {2. / 3, 2. / 3}, {0, 2. / 3},
		{1. / 3, 1}, {1, 1}, {1, 1. / 3},
		{1. / 3, 1}, {1. / 3, 1. / 3}, {1, 1. / 3},
		{1. / 3, 2. / 3}, {1. / 3, 0}, {1, 0},
	}, Points: make([][]string, 18)}
	y := []float64{.97, .71, 2.39, .97, 2.3, 2.39, 1.87, 2.4, .87, 2.15, 1.71, 1.54, 2.15, 2.17, 1.54, 2.2, 1.87, 1}
	e, err := d.ElementaryEffects([][]float64{y})
	if err != nil {
		t.Fatal(err)
	}
	// The outputs are printed with two digits: the means that follow differ from the book's by 0.01.
	for i, want := range []struct{ mu, star, sigma float64 }{{.66, 1.62, 1.79}, {.21, .35, .41}} {
		got := e[0][i]
		if math.Abs(got.Mu-want.mu) > .011 || math.Abs(got.MuStar.Mean-want.star) > .005+1e-9 || math.Abs(got.Sigma-want.sigma) > .005+1e-9 {
			t.Errorf("%s: mu %.4f, mu* %.4f, sigma %.4f; want %.2f, %.2f, %.2f", got.Factor, got.Mu, got.MuStar.Mean, got.Sigma, want.mu, want.star, want.sigma)
		}
		if got.N != 6 || !(got.MuStar.Low < got.MuStar.Mean && got.MuStar.Mean < got.MuStar.High) {
			t.Errorf("%s: %d trajectories, mu* %+v", got.Factor, got.N, got.MuStar)
		}
	}
	// The interval of the first factor: SALib's test wants a half-width of 0.5 within 0.1.
	if h := (e[0][0].MuStar.High - e[0][0].MuStar.Low) / 2; math.Abs(h-.5) > .1 {
		t.Errorf("mu* ± %.3f, SALib has 0.5 ± 0.1", h)
	}
}

func TestElementaryEffectsOfALine(t *testing.T) {
	d := design(t, Morris, axes(3, 0, 10), 20, 2)
	y := evaluate(t, &d, func(x []float64) float64 { return 3*x[0] - 2*x[1] + 5 })
	e, err := d.ElementaryEffects([][]float64{y})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{3 * 10, -2 * 10, 0} {
		got := e[0][i]
		if math.Abs(got.Mu-want) > 1e-3 || math.Abs(got.MuStar.Mean-math.Abs(want)) > 1e-3 || got.Sigma > 1e-3 {
			t.Errorf("%s: %+v, want an effect of %v each time", got.Factor, got, want)
		}
	}
}

// A failed run takes its trajectory or block with it, and nothing else.
func TestSensitivityPassesOverFailedRuns(t *testing.T) {
	d := design(t, Morris, unit(3), 10, 2)
	y := evaluate(t, &d, func(x []float64) float64 { return x[0] })
	y[5] = math.NaN()
	if e, err := d.ElementaryEffects([][]float64{y}); err != nil || e[0][0].N != 9 || math.Abs(e[0][0].Mu-1) > 1e-5 {
		t.Errorf("effects %+v, %v; want 9 trajectories and mu 1", e, err)
	}
	d = design(t, Saltelli, unit(3), 500, 2)
	y = evaluate(t, &d, func(x []float64) float64 { return x[0] })
	y[7] = math.NaN()
	s, err := d.SobolIndices([][]float64{y, make([]float64, len(y))})
	if err != nil || s[0][0].N != 499 || math.Abs(s[0][0].Total.Mean-1) > .02 {
		t.Errorf("indices %+v, %v; want 499 blocks and all of the variance", s, err)
	}
	if !math.IsNaN(s[1][0].Total.Mean) || s[1][0].Total.Known() {
		t.Errorf("an output that does not vary has indices %+v, want none", s[1][0])
	}
}

func TestSensitivityRefusesADesignThatDoesNotFit(t *testing.T) {
	morris, saltelli := design(t, Morris, unit(3), 4, 1), design(t, Saltelli, unit(3), 4, 1)
	short := func(d Design, n int) Design {
		d.Points, d.Units = d.Points[:n], d.Units[:n]
		return d
	}
	swap := func(d Design) Design {
		d.Units = append([][]float64{}, d.Units...)
		d.Units[1], d.Units[2] = d.Units[2], d.Units[1]
		return d
	}
	repeat := func(d Design) Design {
		d.Units = append([][]float64{}, d.Units...)
		d.Units[1] = d.Units[0]
		return d
	}
	bare := morris
	bare.Units = nil
	for _, c := range []struct {
		name   string
		d      Design
		sobol  bool
		values int
		want   string
	}{
		{"saltelli as morris", saltelli, false, 20, "a saltelli design, want morris"},
		{"morris as saltelli", morris, true, 16, "a morris design, want saltelli"},
		{"hypercube", design(t, LHS, unit(3), 20, 1), true, 20, "a lhs design"},
		{"rows missing", short(saltelli, 19), true, 19, "19 rows of 3 factors, want a multiple of 5"},
		{"rows missing, morris", short(morris, 15), false, 15, "want a multiple of 4"},
		{"too few values", saltelli, true, 15, "output 1 has 15 values, want 20"},
		{"order", swap(saltelli), true, 20, "must keep their order"},
		{"order, morris", swap(morris), false, 16, "must keep their order"},
		{"no step", repeat(morris), false, 16, "the same point"},
		{"no units", bare, false, 16, "16 rows and 0 places"},
	} {
		y := [][]float64{make([]float64, c.values)}
		var err error
		if c.sobol {
			_, err = c.d.SobolIndices(y)
		} else {
			_, err = c.d.ElementaryEffects(y)
		}
		if !errors.Is(err, configs.ErrInput) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.name, err, c.want)
		}
	}
}
