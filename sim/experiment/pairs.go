package experiment

import (
	"encoding/json"
	"math"

	"golang.org/x/exp/stats"
	"gonum.org/v1/gonum/stat/distuv"
)

// Interval is a mean over runs with its 95 % interval. With fewer than two runs the bounds are NaN.
type Interval struct{ Mean, Low, High float64 }

// NoInterval is that of no values.
func NoInterval() Interval { return Interval{math.NaN(), math.NaN(), math.NaN()} }

// Known reports whether there are bounds.
func (i Interval) Known() bool { return i.Low == i.Low && i.High == i.High }

// MarshalJSON writes bounds that are not known, or not finite, as null.
func (i Interval) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Mean *float64 `json:"mean"`
		Low  *float64 `json:"low"`
		High *float64 `json:"high"`
	}{finite(i.Mean), finite(i.Low), finite(i.High)})
}

// finite points to v, or is nil where v is no number.
func finite(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}

// Paired is the interval of the differences a - b by run; runs that lack one of the two are passed
// over. It panics if a and b differ in length.
func Paired(a, b []float64) Interval { return combine([]float64{1, -1}, a, b) }

// combine is the interval over runs of a weighted sum of series.
func combine(weights []float64, series ...[]float64) Interval {
	return over(sum(weights, series...))
}

// sum adds weighted series run by run. It panics if they differ in length.
func sum(weights []float64, series ...[]float64) []float64 {
	out := make([]float64, len(series[0]))
	for i, s := range series {
		if len(s) != len(out) {
			panic("experiment: series of unequal length")
		}
		for r, v := range s {
			out[r] += weights[i] * v
		}
	}
	return out
}

// over is the mean of values with the 95 % interval of Student's t; NaNs are passed over.
func over(values []float64) Interval {
	x := known(values)
	m := mean(x)
	if len(x) < 2 {
		return Interval{m, math.NaN(), math.NaN()}
	}
	half := quantileT(len(x)-1) * math.Sqrt(covariance(x, x)/float64(len(x)))
	return Interval{m, m - half, m + half}
}

// known returns the values that are numbers.
func known(values []float64) []float64 {
	var x []float64
	for _, v := range values {
		if !math.IsNaN(v) {
			x = append(x, v)
		}
	}
	return x
}

// mean is the mean of values, NaN if there are none.
func mean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}

// covariance is the sample covariance of two series of the same runs.
func covariance(a, b []float64) float64 {
	ma, mb, sum := mean(a), mean(b), 0.0
	for i := range a {
		sum += (a[i] - ma) * (b[i] - mb)
	}
	return sum / float64(len(a)-1)
}

// quantileT is the 97.5th percentile of Student's t.
func quantileT(freedom int) float64 {
	return distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(freedom)}.Quantile(.975)
}

// ratio is the ratio of the means of two paired series with Fieller's 95 % interval: the shares s for
// which a - s b is not clearly different from zero. Where b is not clearly different from zero there
// is no bounded interval, and the bounds are infinite; with fewer than two runs they are NaN.
//
// Source: Fieller, Journal of the Royal Statistical Society B 16(2):175-185, 1954.
func ratio(a, b []float64) Interval {
	var x, y []float64
	for r := range a {
		if !math.IsNaN(a[r] + b[r]) {
			x, y = append(x, a[r]), append(y, b[r])
		}
	}
	mx, my := mean(x), mean(y)
	ratio := Interval{mx / my, math.NaN(), math.NaN()}
	n := float64(len(x))
	if n < 2 {
		return ratio
	}
	t := quantileT(len(x) - 1)
	f := t * t / n
	// (mx - s my)² <= f (vx - 2 s c + s² vy)
	qa := my*my - f*covariance(y, y)
	qb := mx*my - f*covariance(x, y)
	qc := mx*mx - f*covariance(x, x)
	if qa <= 0 {
		ratio.Low, ratio.High = math.Inf(-1), math.Inf(1)
		return ratio
	}
	root := math.Sqrt(max(qb*qb-qa*qc, 0))
	ratio.Low, ratio.High = (qb-root)/qa, (qb+root)/qa
	return ratio
}

// Band is the median of values with the quantiles between which the middle 90 % lie (type 7, as in R
// and NumPy); NaNs are passed over.
func Band(values []float64) (median, low, high float64) {
	x := known(values)
	if len(x) == 0 {
		return math.NaN(), math.NaN(), math.NaN()
	}
	q := stats.Quantiles(x, .05, .5, .95)
	return q[1], q[0], q[2]
}
