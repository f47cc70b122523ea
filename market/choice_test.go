package market

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"coexist/agents/chance"
)

func values(t *rapid.T) []float64 {
	return rapid.SliceOfN(rapid.Float64Range(-30, 30), 1, 12).Draw(t, "values")
}

// TestProbabilities: they sum to 1, keep the order of values, do not care for a constant, and an
// option that is added takes from each in proportion (independence of irrelevant alternatives).
func TestProbabilities(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := values(t)
		p, moved := make([]float64, len(v)), make([]float64, len(v))
		logsum := Probabilities(v, p)
		sum := 0.0
		for i := range v {
			sum += p[i]
			if v[i] > v[0] && p[i] < p[0] {
				t.Fatal("a better option is less likely")
			}
			moved[i] = v[i] + 700
		}
		direct := 0.0
		for _, x := range v {
			direct += math.Exp(x)
		}
		if math.Abs(sum-1) > 1e-12 || math.Abs(logsum-math.Log(direct)) > 1e-9 {
			t.Fatalf("probabilities sum to %v, logsums %v and %v", sum, logsum, math.Log(direct))
		}
		shifted := Probabilities(moved, moved)
		if math.Abs(shifted-700-logsum) > 1e-9 || math.Abs(moved[0]-p[0]) > 1e-9 {
			t.Fatal("a constant added to all changes the probabilities")
		}
		more := append(append([]float64{}, v...), 1, math.Inf(-1))
		q := make([]float64, len(more))
		if up := Probabilities(more, q); up < logsum {
			t.Fatalf("an option more lowers the logsum from %v to %v", logsum, up)
		}
		left := 1 - q[len(v)]
		for i := range p {
			if math.Abs(q[i]-p[i]*left) > 1e-9 {
				t.Fatal("the new option does not take in proportion")
			}
		}
		if q[len(v)+1] != 0 {
			t.Fatal("an option of value -Inf is chosen")
		}
	})
	none := []float64{math.Inf(-1), math.Inf(-1)}
	p := []float64{9, 9}
	if got := Probabilities(none, p); !math.IsInf(got, -1) || p[0] != 0 || p[1] != 0 {
		t.Errorf("without options: logsum %v, probabilities %v", got, p)
	}
	if EffectiveOptions(p) != 0 {
		t.Error("without options something is chosen")
	}
}

// TestImpossibleOption: an option of value -Inf takes nothing from the others, wherever it stands.
func TestImpossibleOption(t *testing.T) {
	none := math.Inf(-1)
	for _, v := range [][]float64{{none, 0, 1}, {0, none, 1}, {0, 1, none}} {
		p := []float64{7, 7, 7}
		near(t, "logsum", Probabilities(v, p), math.Log(1+math.E), 1e-12)
		for i, x := range v {
			near(t, fmt.Sprint("probability at ", x), p[i], chance.Exp(x)/(1+math.E), 1e-12)
		}
	}
}

func TestEffectiveOptions(t *testing.T) {
	near(t, "of five equal", EffectiveOptions([]float64{.2, .2, .2, .2, .2}), 5, 1e-12)
	near(t, "of a sure one", EffectiveOptions([]float64{0, 1}), 1, 1e-12)
	near(t, "of a sure one before one that is not", EffectiveOptions([]float64{1, 0}), 1, 0)
	near(t, "of two kinds", EffectiveOptions([]float64{0.5, 0.25, 0.25}), math.Exp(1.5*math.Ln2), 1e-12)
}

func TestBurden(t *testing.T) {
	near(t, "burden of five", Burden(5, 0.5), 2*0.5, 0)
	near(t, "burden of four", Burden(4, 0.5), 0.5, 0)
	near(t, "burden of three", Burden(3, 0.5), 0, 0)
	near(t, "burden of two", Burden(2, 0.5), 0, 0)
}
