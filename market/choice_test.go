package market

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"coexist/agents/chance"
	"coexist/configs"
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
		if math.Abs(sum-1) > 1e-12 || math.Abs(logsum-Logsum(v)) > 1e-12 {
			t.Fatalf("probabilities sum to %v, logsums %v and %v", sum, logsum, Logsum(v))
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
	if !math.IsInf(Logsum(nil), -1) || Pick(none, []float64{1, 2}) != -1 || EffectiveOptions(p) != 0 {
		t.Error("without options something is chosen")
	}
}

// TestPickFollowsLogit: with Gumbel shocks the shares are the logit's, within 4 standard errors.
func TestPickFollowsLogit(t *testing.T) {
	v := []float64{0, 1, -0.5, 0.3}
	p, shock, count := make([]float64, 4), make([]float64, 4), make([]float64, 4)
	Probabilities(v, p)
	const n = 100_000
	seed := chance.NewSeed(3)
	for i := range n {
		rng := seed.At(uint64(i), 1, chance.Choice)
		for j := range shock {
			shock[j] = rng.Gumbel()
		}
		count[Pick(v, shock)]++
	}
	for i := range p {
		near(t, fmt.Sprint("share of option ", i), count[i]/n, p[i], 4*math.Sqrt(p[i]*(1-p[i])/n))
	}
	if got := Pick([]float64{1, 2, 2}, []float64{1, 0, 0}); got != 0 {
		t.Errorf("of equals option %d is picked, want the first", got)
	}
}

func TestEffectiveOptions(t *testing.T) {
	near(t, "of five equal", EffectiveOptions([]float64{.2, .2, .2, .2, .2}), 5, 1e-12)
	near(t, "of a sure one", EffectiveOptions([]float64{0, 1}), 1, 1e-12)
	near(t, "entropy", Entropy([]float64{0.5, 0.25, 0.25}), 1.5*math.Ln2, 1e-12)
}

// TestLogsum holds the measures of welfare to what they are by definition.
func TestLogsum(t *testing.T) {
	near(t, "n equal options", Logsum([]float64{2, 2, 2, 2}), 2+math.Log(4), 1e-12)
	vd, vx := []float64{1, 0, math.Inf(-1)}, []float64{0, 0.5, 9}
	p := make([]float64, 3)
	const bt = 0.09
	same := ExperiencedValue(vd, vd, p, bt)
	near(t, "as perceived", same, Logsum(vd)/bt, 1e-12)
	got := ExperiencedValue(vd, vx, p, bt)
	near(t, "as experienced", got, (Logsum(vd)-p[0]*1+p[1]*0.5)/bt, 1e-9)
	near(t, "expected", ExpectedMinutes(p, vx, bt), p[1]*0.5/bt, 1e-12)
	near(t, "assigned", ExpectedMinutes([]float64{0, 1, 0}, vx, bt), 0.5/bt, 1e-12)
	// A minute more of travel to every option costs a minute.
	far := []float64{1 - bt, -bt, math.Inf(-1)}
	near(t, "a minute of travel", same-ExperiencedValue(far, far, p, bt), 1, 1e-9)
	near(t, "burden of five", Burden(5, 0.5), 2*0.5, 0)
	near(t, "burden of two", Burden(2, 0.5), 0, 0)
}

func TestPerceived(t *testing.T) {
	near(t, "nothing met", Perceived(0.3, 2, 0, 0), 0.3*2, 1e-12)
	near(t, "four times met", Perceived(0.3, 2, -4, 4), (4*0.3*2-4)/(4+4), 1e-12)
	near(t, "much met", Perceived(1, 3, -1e6, 1e6), -1, 1e-4)
}

func TestAttention(t *testing.T) {
	near(t, "no hazard", Attention(0, 0.03, 0), 0, 0)
	near(t, "two bad contacts", Attention(0.008, 0.03, 2), 1-math.Exp(-0.068), 1e-12)
}

// TestHerding iterates demand on a smoothed wait just below and above the limit.
func TestHerding(t *testing.T) {
	for _, q := range []float64{0.25, 0.6, 1} {
		swing := func(gain float64) float64 {
			wait, shown := 1.01, 1.0
			for range 400 {
				shown = Smooth(shown, wait, q)
				wait -= gain * (shown - 1) // arrivals answer the published wait; the queue adds them up
			}
			return math.Abs(wait - 1)
		}
		limit := HerdingLimit(q)
		if below, above := swing(0.95*limit), swing(1.05*limit); below > 0.01 || above < 1 {
			t.Errorf("smoothing %v: swing %.3g below the limit and %.3g above", q, below, above)
		}
	}
}

// TestTastesMatter changes each coefficient and sees the value of an option change as it should.
func TestTastesMatter(t *testing.T) {
	c := configs.Choice{Minutes: 0.09, MinutesOld: 1.2, Quality: 0.2, Wait: 0.018, Failure: 1, Loyalty: 1, Advice: 0.8, Premium: 0.01}
	o := Option{Minutes: 20, Quality: 1.5, Wait: 6, Failure: 0.1, Premium: 50, Last: true, Advised: true}
	young, old := MeanTaste(c, false), MeanTaste(c, true)
	near(t, "value", young.Value(&o), -0.09*20+0.2*1.5-0.018*6-1*0.1-0.01*50+1+0.8, 1e-12)
	near(t, "value at 75", old.Value(&o)-young.Value(&o), -0.2*0.09*20, 1e-12)
	for name, change := range map[string]func(*configs.Choice){
		"minutes": func(c *configs.Choice) { c.Minutes++ },
		"quality": func(c *configs.Choice) { c.Quality++ },
		"wait":    func(c *configs.Choice) { c.Wait++ },
		"failure": func(c *configs.Choice) { c.Failure++ },
		"loyalty": func(c *configs.Choice) { c.Loyalty++ },
		"advice":  func(c *configs.Choice) { c.Advice++ },
		"premium": func(c *configs.Choice) { c.Premium++ },
	} {
		changed := c
		change(&changed)
		taste := MeanTaste(changed, false)
		if taste.Value(&o) == young.Value(&o) {
			t.Errorf("changing %s changes no value", name)
		}
	}
	mean, seed := 0.0, chance.NewSeed(2)
	const n = 100_000
	for i := range n {
		rng := seed.At(uint64(i), 0, chance.Taste)
		mean += TasteFactor(0.4, rng.Normal()) / n
	}
	near(t, "mean taste", mean, 1, 4*0.42/math.Sqrt(n))
}

// Three hospitals at 10, 20 and 40 minutes, the farthest better by two standard deviations.
func ExampleProbabilities() {
	taste := Taste{Minutes: 0.09, Quality: 0.19}
	options := []Option{{Minutes: 10}, {Minutes: 20}, {Minutes: 40, Quality: 2}}
	v, p := make([]float64, 3), make([]float64, 3)
	for i := range options {
		v[i] = taste.Value(&options[i])
	}
	Probabilities(v, p)
	fmt.Printf("%.2f, as many as %.1f equal options\n", p, EffectiveOptions(p))
	// Output: [0.66 0.27 0.07], as many as 2.2 equal options
}
