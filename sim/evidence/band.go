package evidence

import "math"

// Band is where a simulated value counts as met, bounds included.
type Band struct{ Low, High float64 }

// holds reports whether a value lies in the band.
func (b Band) holds(v float64) bool { return v >= b.Low && v <= b.High }

// width is how wide the band is.
func (b Band) width() float64 { return b.High - b.Low }

// Shares of the value that a band spans either side: at least, beside a published interval; where
// none is published; and of a prevalence on the disease registers.
const (
	leastBand    = .05
	usualBand    = .10
	registerBand = .05
)

// bandOf is the band of a row: the published interval or 5 % either side, whichever is wider; 10 %
// where none is published; and of a sign the accepted ones. A missing bound of a sign is its value.
func bandOf(t Target) Band {
	if t.Unit == "sign" {
		b := Band{t.Value, t.Value}
		if !math.IsNaN(t.Low) {
			b.Low = t.Low
		}
		if !math.IsNaN(t.High) {
			b.High = t.High
		}
		return b
	}
	if math.IsNaN(t.Low) && math.IsNaN(t.High) {
		return around(t.Value, usualBand)
	}
	b, least := Band{t.Low, t.High}, around(t.Value, leastBand)
	if math.IsNaN(b.Low) { // a bound on one side alone
		b.Low = least.Low
	}
	if math.IsNaN(b.High) {
		b.High = least.High
	}
	if least.width() > b.width() {
		return least
	}
	return b
}

// around is a share either side of a value.
func around(v, share float64) Band {
	d := share * math.Abs(v)
	return Band{v - d, v + d}
}
