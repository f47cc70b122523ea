package chance

import (
	"math"
	"math/big"
	"testing"
)

const precision = 320 // bits

func float(x float64) *big.Float { return number().SetFloat64(x) }
func number() *big.Float         { return new(big.Float).SetPrec(precision) }

// exactExp sums the series of exp(x/2ⁿ), where |x|/2ⁿ < 2⁻¹⁶, and squares n times.
func exactExp(x *big.Float) *big.Float {
	n := 0
	if x.Sign() != 0 {
		n = max(0, x.MantExp(nil)+16)
	}
	y := number().SetMantExp(x, -n)
	sum, term := float(1), float(1)
	for k := 1; k < 25; k++ {
		term.Mul(term, y)
		term.Quo(term, float(float64(k)))
		sum.Add(sum, term)
	}
	for range n {
		sum.Mul(sum, sum)
	}
	return sum
}

// exactLog improves a first logarithm by a step of Halley, which cubes the error. The
// first is put together, since math.Log is wrong on amd64 for subnormal numbers.
func exactLog(x float64) *big.Float {
	fraction, exponent := math.Frexp(x)
	start := math.Log(x)
	if exponent < -1000 {
		start = math.Log(fraction) + float64(exponent)*math.Ln2
	}
	y := float(start)
	e := exactExp(y)
	step := number().Quo(number().Sub(float(x), e), number().Add(float(x), e))
	return y.Add(y, step.Add(step, step))
}

// exactPhi sums Φ(x) = ½ + φ(x) Σ x²ⁿ⁺¹ / (1·3·5 … (2n+1)), for |x| ≤ 10, and
// returns the density φ(x) too.
func exactPhi(x float64) (phi, density *big.Float) {
	xx := number().Mul(float(x), float(x))
	pi, _, _ := big.ParseFloat("3.14159265358979323846264338327950288419716939937510582097494459230781640628620899862803482534211706798", 10, precision, big.ToNearestEven)
	density = exactExp(number().Mul(xx, float(-0.5)))
	density.Quo(density, number().Sqrt(pi.Add(pi, pi)))
	sum, term := float(x), float(x)
	for n := 1; n < 450; n++ {
		term.Mul(term, xx)
		term.Quo(term, float(float64(2*n+1)))
		sum.Add(sum, term)
		if term.Sign() == 0 || term.MantExp(nil) < sum.MantExp(nil)-precision {
			break
		}
	}
	sum.Mul(sum, density)
	return sum.Add(sum, float(0.5)), density
}

// ulps returns |got − want| in units of the last place of want.
func ulps(got float64, want *big.Float) float64 {
	near, _ := want.Float64()
	if math.IsInf(near, 0) || math.IsInf(got, 0) {
		if near == got {
			return 0
		}
		return math.Inf(1)
	}
	near = math.Abs(near)
	unit := number().Sub(float(math.Nextafter(near, math.Inf(1))), float(near))
	if near == math.MaxFloat64 {
		unit = float(0x1p971)
	}
	off, _ := number().Quo(number().Sub(float(got), want), unit).Float64()
	return math.Abs(off)
}

func samples() int {
	if testing.Short() {
		return 2_000
	}
	return 20_000
}

func TestLogAgainstExact(t *testing.T) {
	rng, worst, at := newStream(1, 1), 0.0, 0.0
	check := func(x float64) {
		if off := ulps(Log(x), exactLog(x)); off > worst {
			worst, at = off, x
		}
	}
	for range samples() {
		check(rng.open())
		check(0.5 + rng.open()*1.5)
		check(1 + (rng.open()-0.5)/float64(uint64(1)<<rng.Below(50)))
		check(math.Float64frombits(rng.Uint64() >> 1 % infinity))
	}
	for _, x := range []float64{
		math.SmallestNonzeroFloat64, 0x1p-1022, 0x1.fffffffffffffp-1023, math.MaxFloat64, 0.5, 2, 10, math.E,
		math.Sqrt2, math.Nextafter(math.Sqrt2, 0), math.Nextafter(math.Sqrt2, 2), math.Sqrt2 / 2,
		math.Nextafter(1, 0), math.Nextafter(1, 2), 1 - 0x1p-20, 1 + 0x1p-20,
	} {
		check(x)
	}
	t.Logf("largest error %.4f units in the last place, at %v", worst, at)
	if worst > 1 {
		t.Errorf("log %v is %.3f units in the last place off, want at most 1", at, worst)
	}
}

func TestExpAgainstExact(t *testing.T) {
	rng, worst, at := newStream(1, 2), 0.0, 0.0
	check := func(x float64) {
		if off := ulps(Exp(x), exactExp(float(x))); off > worst {
			worst, at = off, x
		}
	}
	for range samples() {
		check((rng.open() - 0.5) * 2)
		check((rng.open() - 0.5) * 100)
		check(rng.open()*1454.5 - 745)
		check(-708 - 37*rng.open())
		check(708 + 1.78*rng.open())
		check((rng.open() - 0.5) / float64(uint64(1)<<rng.Below(60)))
	}
	for _, x := range []float64{
		0, math.SmallestNonzeroFloat64, -0x1p-60, 1, -1, math.Ln2, -math.Ln2, math.Ln2 / 256, 709, 709.5, 709.782712893384,
		math.Nextafter(709.782712893384, 0), -708, -708.3964185322641, -709, -744.4400719213812, -745.1332191019411,
	} {
		check(x)
	}
	t.Logf("largest error %.4f units in the last place, at %v", worst, at)
	if worst > 1 {
		t.Errorf("exp %v is %.3f units in the last place off, want at most 1", at, worst)
	}
}

func TestPhiAgainstExact(t *testing.T) {
	rng, worst, relative := newStream(1, 3), 0.0, 0.0
	for range samples() / 20 {
		x := (rng.open() - 0.5) * 20
		want, _ := exactPhi(x)
		off, _ := number().Sub(float(Phi(x)), want).Float64()
		worst = max(worst, math.Abs(off))
		if x < 0 {
			size, _ := want.Float64()
			relative = max(relative, math.Abs(off/size))
		}
	}
	t.Logf("largest error %.2g, of the tail %.2g", worst, relative)
	if worst > 1e-15 || relative > 1e-8 {
		t.Errorf("error %.2g, of the tail %.2g; want at most 1e-15 and 1e-8", worst, relative)
	}
}

func TestInvPhiAgainstExact(t *testing.T) {
	rng, worst, at := newStream(1, 4), 0.0, 0.0
	check := func(p float64) {
		x := InvPhi(p)
		phi, density := exactPhi(x)
		off, _ := phi.Sub(phi, float(p)).Quo(phi, density).Float64()
		if off = math.Abs(off) / max(1e-3, math.Abs(x)); off > worst {
			worst, at = off, p
		}
	}
	for range samples() / 20 {
		p := rng.open()
		check(p)
		check(Exp(-40 * p))
		check(1 - Exp(-35*p))
	}
	for _, p := range []float64{0.5, 0.075, 0.925, math.Nextafter(0.075, 0), 0x1p-53, 1 - 0x1p-53, Exp(-25), 1e-20} {
		check(p)
	}
	t.Logf("largest relative error %.2g, at %v", worst, at)
	if worst > 2e-15 {
		t.Errorf("quantile of %v: relative error %.2g, want at most 2e-15", at, worst)
	}
}

func TestLimits(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, row := range []struct {
		name      string
		got, want float64
	}{
		{"log 0", Log(0), -inf},
		{"log -0", Log(math.Copysign(0, -1)), -inf},
		{"log -1", Log(-1), nan},
		{"log -Inf", Log(-inf), nan},
		{"log NaN", Log(nan), nan},
		{"log Inf", Log(inf), inf},
		{"log 1", Log(1), 0},
		{"log of the smallest", Log(math.SmallestNonzeroFloat64), -744.4400719213812},
		{"exp 0", Exp(0), 1},
		{"exp NaN", Exp(nan), nan},
		{"exp Inf", Exp(inf), inf},
		{"exp -Inf", Exp(-inf), 0},
		{"exp over", Exp(709.7827128933841), inf},
		{"exp far over", Exp(math.MaxFloat64), inf},
		{"exp under", Exp(-745.14), 0},
		{"exp just under", Exp(-745.1332191019412), 0},
		{"exp of least", Exp(-745.13), math.SmallestNonzeroFloat64},
		{"exp far under", Exp(-math.MaxFloat64), 0},
		{"Phi 0", Phi(0), 0.5},
		{"Phi Inf", Phi(inf), 1},
		{"Phi -Inf", Phi(-inf), 0},
		{"Phi NaN", Phi(nan), nan},
		{"InvPhi 0", InvPhi(0), -inf},
		{"InvPhi 1", InvPhi(1), inf},
		{"InvPhi 1/2", InvPhi(0.5), 0},
		{"InvPhi -1", InvPhi(-1), nan},
		{"InvPhi 2", InvPhi(2), nan},
		{"InvPhi Inf", InvPhi(inf), nan},
		{"InvPhi -Inf", InvPhi(-inf), nan},
		{"InvPhi NaN", InvPhi(nan), nan},
	} {
		if row.got != row.want && !(row.got != row.got && row.want != row.want) {
			t.Errorf("%s = %v, want %v", row.name, row.got, row.want)
		}
	}
}

// Exp never falls, also from one double to the next.
func TestRising(t *testing.T) {
	rng := newStream(1, 6)
	for range 20_000 {
		x := 20 * (rng.open() - 0.5)
		for range 4 {
			next := math.Nextafter(x, math.Inf(1))
			if Exp(next) < Exp(x) {
				t.Fatalf("exp falls after %v", x)
			}
			x = next
		}
	}
}

func TestRootsTable(t *testing.T) {
	for i, root := range roots {
		x := number().Mul(exactLog(2), float(float64(i)/128))
		exact := exactExp(x)
		want, _ := exact.Float64()
		if got := math.Float64frombits(root.bits + uint64(i)<<45); got != want {
			t.Errorf("root %d = %v, want %v", i, got, want)
		}
		rest, _ := number().Quo(number().Sub(exact, float(want)), float(want)).Float64()
		if math.Abs(root.rest-rest) > 1e-30 {
			t.Errorf("rest of root %d = %v, want %v", i, root.rest, rest)
		}
	}
}

func TestSeason(t *testing.T) {
	sum := 0.0
	for week := -104; week < 104; week++ {
		want := math.Cos(2 * math.Pi * float64(week-2) / 52)
		if got := Season(week); math.Abs(got-want) > 1e-14 {
			t.Errorf("Season(%d) = %v, want %v", week, got, want)
		}
		sum += Season(week)
	}
	if math.Abs(sum) > 1e-12 {
		t.Errorf("seasons sum to %v, want 0", sum)
	}
	if Season(2) != 1 || Season(28) != -1 || Season(15) != 0 || Season(-50) != 1 {
		t.Error("winter, summer or the turns are off")
	}
}
