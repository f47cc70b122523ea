package plots

import (
	"maps"
	"math"
	"slices"

	"golang.org/x/exp/stats"
	"gonum.org/v1/gonum/stat/distuv"
)

// Interval is an estimate with its bounds; Low and High are NaN where there are too few runs.
type Interval struct{ Mid, Low, High float64 }

// Clear is +1 or -1 if the whole interval lies above or below zero, else 0.
func (i Interval) Clear() int {
	switch {
	case i.Low > 0:
		return 1
	case i.High < 0:
		return -1
	}
	return 0
}

// Known reports whether there is an estimate at all.
func (i Interval) Known() bool { return !math.IsNaN(i.Mid) }

var unknown = Interval{math.NaN(), math.NaN(), math.NaN()}

// band is the median and the middle 90 % of the values over runs; with one value, that value.
func band(values []float64) Interval {
	if len(values) == 0 {
		return unknown
	}
	q := stats.Quantiles(values, 0.05, 0.5, 0.95)
	return Interval{Mid: q[1], Low: q[0], High: q[2]}
}

// mean is the mean of the values with the 95 % confidence interval of Student's t; with fewer than
// two values there is no interval.
func mean(values []float64) Interval {
	n := float64(len(values))
	switch len(values) {
	case 0:
		return unknown
	case 1:
		return Interval{Mid: values[0], Low: math.NaN(), High: math.NaN()}
	}
	m, sd := stats.MeanAndStdDev(values)
	half := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: n - 1}.Quantile(0.975) * sd / math.Sqrt(n)
	return Interval{Mid: m, Low: m - half, High: m + half}
}

// yearly returns the band over runs of each year, and whether any year has a value.
func (b *book) yearly(k key, scale float64) (bands []Interval, any bool) {
	s := b.series[k]
	if s == nil {
		return nil, false
	}
	for y := range b.years {
		var values []float64
		for _, run := range slices.Sorted(maps.Keys(s.runs)) {
			if v := s.runs[run][y]; !math.IsNaN(v) {
				values = append(values, v*scale)
			}
		}
		bands = append(bands, band(values))
		any = any || len(values) > 0
	}
	return bands, any
}

// late returns, by run, the mean over the years of the window.
func (b *book) late(k key, scale float64) map[int32]float64 {
	s := b.series[k]
	if s == nil {
		return nil
	}
	values := map[int32]float64{}
	for run, years := range s.runs {
		sum, n := 0.0, 0
		for y := b.Meta.Window[0] - 1; y < b.Meta.Window[1]; y++ {
			if !math.IsNaN(years[y]) {
				sum, n = sum+years[y], n+1
			}
		}
		if n > 0 {
			values[run] = sum / float64(n) * scale
		}
	}
	return values
}

// lateBand is the band over runs of the window's mean.
func (b *book) lateBand(k key, scale float64) Interval {
	return band(inOrder(b.late(k, scale)))
}

// pairs returns, by run, the differences of k against the same place and measure under base; runs that only
// one of them has are left out.
func (b *book) pairs(k key, base string, scale float64) map[int32]float64 {
	other := k
	other.scenario = base
	mine, theirs := b.late(k, scale), b.late(other, scale)
	both := map[int32]float64{}
	for run, v := range mine {
		if w, ok := theirs[run]; ok {
			both[run] = v - w
		}
	}
	return both
}

// difference is the mean paired difference against base with its confidence interval.
func (b *book) difference(k key, base string, scale float64) Interval {
	return mean(inOrder(b.pairs(k, base, scale)))
}

// inOrder lists values in the order of runs.
func inOrder(byRun map[int32]float64) []float64 {
	values := make([]float64, 0, len(byRun))
	for _, run := range slices.Sorted(maps.Keys(byRun)) {
		values = append(values, byRun[run])
	}
	return values
}
