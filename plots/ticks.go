package plots

import (
	"math"
	"strconv"
	"strings"
)

// The least and the most numbers on an axis.
const (
	minTicks = 3
	maxTicks = 6
)

// ticks returns 3 to 6 round values that lie within [low, high], a multiple of 1, 2, 2.5 or 5
// times a power of ten apart. For an empty or invalid range it returns one value or none.
func ticks(low, high float64) []float64 {
	if math.IsNaN(low+high) || math.IsInf(low, 0) || math.IsInf(high, 0) || low > high {
		return nil
	}
	if low == high {
		return []float64{low}
	}
	return between(low, high, step(low, high, 5))
}

// step is the smallest round distance that puts at most the given number of multiples, and where
// possible at least 3, within [low, high]. Steps such as 2.5, which cost a decimal that 2 and 5 do not
// have, are taken only where neither of those will do, 2 with a sixth tick.
func step(low, high float64, most int) float64 {
	count := func(d float64) int { return int(math.Floor(high/d+1e-9)-math.Ceil(low/d-1e-9)) + 1 }
	power := math.Pow(10, math.Floor(math.Log10(high-low))-1)
	for {
		for _, round := range []float64{1, 2, 2.5, 5} {
			d := round * power
			if round == 2.5 && decimals(d) > decimals(2*power) {
				if most >= 5 && count(2*power) <= 6 {
					return 2 * power
				}
				if count(5*power) >= 3 {
					continue
				}
			}
			if count(d) <= most {
				return d
			}
		}
		power *= 10
	}
}

// between returns the multiples of d within [low, high].
func between(low, high, d float64) []float64 {
	var at []float64
	for i := math.Ceil(low/d - 1e-9); i <= math.Floor(high/d+1e-9); i++ {
		at = append(at, i*d+0) // + 0 turns -0 into 0
	}
	return at
}

// round widens [low, high] so that nothing drawn is cut at an edge: to the next round value where that
// costs little of the page, else by a little, so that no side of a panel is an empty band.
func round(low, high float64) (float64, float64) {
	if !(low < high) {
		pad := math.Max(math.Abs(low)*0.1, 0.5)
		low, high = low-pad, high+pad
	}
	const near, little = 0.12, 0.03 // of the range
	d, size := step(low, high, 5), high-low
	first, last := math.Floor(low/d+1e-9)*d, math.Ceil(high/d-1e-9)*d
	if low-first > near*size {
		first = low - little*size
	}
	if last-high > near*size {
		last = high + little*size
	}
	return first, last
}

// rangeAbove is round for what cannot fall below a floor, mostly zero: where values come near to it, the
// range starts there. It is wide enough that a change of a hundredth of the level does not look like a cliff.
func rangeAbove(floor, low, high float64) axis {
	const least = 0.05 // of the level
	if short := least*math.Max(math.Abs(low), math.Abs(high)) - (high - low); short > 0 {
		above := low >= floor
		low, high = low-short/2, high+short/2
		if above {
			low = math.Max(low, floor)
		}
	}
	if low >= floor && low-floor < (high-floor)/3 {
		_, high = round(low, high)
		return axis{floor, high}
	}
	low, high = round(low, high)
	return axis{low, high}
}

// ticksAbove returns about the given number of round values within a range, 3 to 6. Where it starts at the
// floor, this is one of them, in place of a round one that would stand too near, and the others are those of
// a scale from zero: 1, 5 and 10 rather than 1, 2.5, 5, 7.5 and 10.
func ticksAbove(floor float64, up axis, most int) []float64 {
	for ; most <= maxTicks; most++ {
		for _, from := range []float64{math.Min(0, floor), up.min} {
			if up.min != floor {
				from = up.min
			}
			if at := withFloor(floor, up, between(up.min, up.max, step(from, up.max, most))); len(at) >= minTicks && len(at) <= maxTicks {
				return at
			}
		}
	}
	return ticks(up.min, up.max)
}

// withFloor adds the floor of a scale that starts there.
func withFloor(floor float64, up axis, at []float64) []float64 {
	if up.min != floor || len(at) < 2 || at[0] == floor {
		return at
	}
	if at[0]-floor < 0.45*(at[1]-at[0]) {
		at = at[1:]
	}
	return append([]float64{floor}, at...)
}

// roomier widens a range as little as possible until it holds three multiples of d; what is nowhere below
// zero stays so.
func roomier(a axis, d float64) axis {
	best, least := a, math.Inf(1)
	for i := math.Floor(a.min/d) - 2; i <= math.Ceil(a.max/d); i++ {
		wide := axis{math.Min(a.min, i*d), math.Max(a.max, (i+minTicks-1)*d)}
		if more := (wide.max - wide.min) - (a.max - a.min); more < least && (a.min < 0 || wide.min >= 0) {
			best, least = wide, more
		}
	}
	return best
}

// decimals is the number of digits after the point that tells multiples of d apart.
func decimals(d float64) int {
	for n := 0; n < 9 && d != 0; n++ {
		if x := math.Abs(d) * math.Pow(10, float64(n)); math.Abs(x-math.Round(x)) < 1e-6*x {
			return n
		}
	}
	return 0
}

// tickLabels writes all ticks of an axis with the same number of decimals.
func tickLabels(at []float64, unit Unit) []string {
	places := 0
	for _, v := range at {
		places = max(places, decimals(v))
	}
	text := make([]string, len(at))
	for i, v := range at {
		text[i] = unit.Write(v, places)
	}
	return text
}

// Number writes v with the given number of decimals, separators of thousands and a true minus.
func Number(v float64, places int) string {
	text := strconv.FormatFloat(math.Abs(v), 'f', places, 64)
	whole, part, _ := strings.Cut(text, ".")
	var b strings.Builder
	if v < 0 && strings.Trim(text, "0.") != "" {
		b.WriteString("−")
	}
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(digit)
	}
	if part != "" {
		b.WriteString("." + part)
	}
	return b.String()
}

// Unit says how a value is written on ticks and in sentences.
type Unit struct {
	Axis   string // over the axis, such as "£ per person per year"
	Before string // directly before a number, such as "£"
	After  string // directly after a number, such as "%"
}

// Write returns v with its signs, such as "−£1,200" or "4.5%".
func (u Unit) Write(v float64, places int) string {
	text := Number(v, places)
	if rest, minus := strings.CutPrefix(text, "−"); minus {
		return "−" + u.Before + rest + u.After
	}
	return u.Before + text + u.After
}

// short returns v with two significant digits, or whole from 10 up: enough for a headline. Money is in
// whole pounds, or in pence under one.
func (u Unit) short(v float64) string {
	places := 0
	switch a := math.Abs(v); {
	case a == 0 || a >= 9.95:
	case u.Before == "£" && a >= 0.995:
	case u.Before == "£":
		places = 2
	default:
		places = min(3, max(1, 1-int(math.Floor(math.Log10(a)))))
	}
	return u.Write(v, places)
}
