package market

import (
	"math"

	"coexist/agents/chance"
	"coexist/configs"
)

// Taste is how one person weighs what differs between options: the coefficients b of ODD 7.3,
// all positive, in utility units of the logit (whose shocks have variance pi²/6).
type Taste struct {
	Minutes float64 // disutility of a minute of travel
	Quality float64 // utility of a SD of perceived quality
	Wait    float64 // disutility of a week
	Failure float64 // disutility of a unit of perceived probability that a handoff fails
	Loyalty float64 // utility of the provider seen last
	Advice  float64 // utility of the provider that the GP advises
	Premium float64 // disutility of a GBP a year
}

// Option is what a person sees of a provider, practice, group or system.
type Option struct {
	Minutes       float64 // travel time
	Quality       float64 // perceived, SD (Perceived)
	Wait          float64 // expected, weeks
	Failure       float64 // perceived probability that a handoff fails; never the integration level
	Premium       float64 // GBP a year
	Last, Advised bool    // seen last; advised by the GP
}

// MeanTaste returns the taste of the average person under or from 75.
func MeanTaste(c configs.Choice, old bool) Taste {
	t := Taste{Minutes: c.Minutes, Quality: c.Quality, Wait: c.Wait, Failure: c.Failure,
		Loyalty: c.Loyalty, Advice: c.Advice, Premium: c.Premium}
	if old {
		t.Minutes = float64(t.Minutes * c.MinutesOld)
	}
	return t
}

// TasteFactor returns the log-normal factor exp(sd z - sd²/2), of mean 1, by which a person with
// the standard normal deviate z differs from the mean taste.
func TasteFactor(sd, z float64) float64 {
	return chance.Exp(float64(sd*z) - float64(0.5*sd*sd))
}

// Value returns the systematic utility V of an option.
func (t *Taste) Value(o *Option) float64 {
	v := float64(t.Quality*o.Quality) - float64(t.Minutes*o.Minutes) - float64(t.Wait*o.Wait) -
		float64(t.Failure*o.Failure) - float64(t.Premium*o.Premium)
	if o.Last {
		v += t.Loyalty
	}
	if o.Advised {
		v += t.Advice
	}
	return v
}

// Perceived returns perceived quality, the published rating mixed with what a person has met:
//
//	(4 a rating + ownSum) / (4 + n),
//
// where a in [0, 1] is the weight that the person gives to ratings and ownSum the sum of n own
// experiences, SD.
func Perceived(a, rating, ownSum float64, n int) float64 {
	return (float64(4*a*rating) + ownSum) / float64(4+n)
}

// Smooth returns what is published next when published was shown and true is seen, with weight q
// on what is seen.
func Smooth(published, seen, q float64) float64 {
	return published + float64(q*(seen-published))
}

// HerdingLimit returns the gain of demand on last week's wait above which a wait published with
// smoothing weight q makes people herd: (4 - 2q)/q.
func HerdingLimit(q float64) float64 {
	return (4 - float64(2*q)) / q
}

// Probabilities writes the logit probabilities of the options with values v into p and returns the
// logsum ln Σ exp v. An option of value -Inf has probability 0; with none left all are 0 and the
// logsum is -Inf. It panics if the lengths differ.
func Probabilities(v, p []float64) float64 {
	if len(v) != len(p) {
		panic("market: values and probabilities differ in length")
	}
	top := math.Inf(-1)
	for _, x := range v {
		top = max(top, x)
	}
	if math.IsInf(top, -1) {
		clear(p)
		return top
	}
	sum := 0.0
	for i, x := range v {
		p[i] = 0
		if !math.IsInf(x, -1) {
			p[i] = chance.Exp(x - top)
		}
		sum += p[i]
	}
	for i := range p {
		p[i] /= sum
	}
	return top + chance.Log(sum)
}

// Logsum returns ln Σ exp v, the expected utility of the best option less Euler's constant; -Inf
// without options.
func Logsum(v []float64) float64 {
	top := math.Inf(-1)
	for _, x := range v {
		top = max(top, x)
	}
	if math.IsInf(top, -1) {
		return top
	}
	sum := 0.0
	for _, x := range v {
		if !math.IsInf(x, -1) {
			sum += chance.Exp(x - top)
		}
	}
	return top + chance.Log(sum)
}

// Pick returns the option of the highest value plus shock, the lowest index of equals; -1 if there
// is none above -Inf. With independent standard Gumbel shocks it follows Probabilities. Shocks
// belong to the option's id, never to its place in the list. It panics if the lengths differ.
func Pick(v, shock []float64) int {
	if len(v) != len(shock) {
		panic("market: values and shocks differ in length")
	}
	best, top := -1, math.Inf(-1)
	for i, x := range v {
		if u := x + shock[i]; u > top {
			best, top = i, u
		}
	}
	return best
}

// Entropy returns -Σ p ln p, in nats; a p of 0 adds nothing.
func Entropy(p []float64) float64 {
	h := 0.0
	for _, x := range p {
		if x > 0 {
			h -= float64(x * chance.Log(x))
		}
	}
	return h
}

// EffectiveOptions returns exp(Entropy): n for n equally likely options, 1 for a sure one, 0 if
// all are 0.
func EffectiveOptions(p []float64) float64 {
	for _, x := range p {
		if x > 0 {
			return chance.Exp(Entropy(p))
		}
	}
	return 0
}

// ExperiencedValue returns the worth of a choice in minutes of travel when people decide on the
// values vd that they perceive and live with the values vx:
//
//	(1/bt) [ln Σ exp vd + Σ p (vx - vd)],  p the logit probabilities of vd.
//
// Only differences mean anything. -Inf without options; p is scratch of the same length.
func ExperiencedValue(vd, vx, p []float64, bt float64) float64 {
	value := Probabilities(vd, p)
	for i, x := range p {
		if x > 0 {
			value += float64(x * (vx[i] - vd[i]))
		}
	}
	return value / bt
}

// ExpectedMinutes returns Σ p vx / bt: the same without the taste for variety that a logsum counts,
// and the worth of assigned care if p is 1 for what is assigned.
func ExpectedMinutes(p, vx []float64, bt float64) float64 {
	value := 0.0
	for i, x := range p {
		if x > 0 {
			value += float64(x * vx[i])
		}
	}
	return value / bt
}

// Burden returns the minutes that choosing among n options costs: each above three adds minutes.
func Burden(n int, minutes float64) float64 {
	return float64(minutes * float64(max(n-3, 0)))
}

// Attention returns the probability 1 - exp(-(at0 + at1 bad)) that a person reconsiders within a
// year, given the yearly hazard at0 and what each of bad bad contacts adds.
func Attention(at0, at1 float64, bad int) float64 {
	return 1 - chance.Exp(-(at0 + float64(at1*float64(bad))))
}
