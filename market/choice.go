package market

import (
	"math"

	"coexist/agents/chance"
)

// impossible is the value of an option that cannot be chosen.
var impossible = math.Inf(-1)

// Probabilities writes the logit probabilities of the options with values v into p and returns the
// logsum ln Σ exp v. An option of value -Inf has probability 0; with none left all are 0 and the
// logsum is -Inf. It panics if the lengths differ.
func Probabilities(v, p []float64) float64 {
	if len(v) != len(p) {
		panic("market: values and probabilities differ in length")
	}
	top := impossible
	for _, x := range v {
		top = max(top, x)
	}
	if top == impossible {
		clear(p)
		return top
	}
	sum := 0.0
	for i, x := range v {
		p[i] = chance.Exp(x - top)
		sum += p[i]
	}
	for i := range p {
		p[i] /= sum
	}
	return top + chance.Log(sum)
}

// entropy returns -Σ p ln p, in nats; a p of 0 adds nothing.
func entropy(p []float64) float64 {
	h := 0.0
	for _, x := range p {
		if x > 0 {
			h -= float64(x * chance.Log(x))
		}
	}
	return h
}

// EffectiveOptions returns exp(-Σ p ln p): n for n equally likely options, 1 for a sure one, 0 if
// all are 0.
func EffectiveOptions(p []float64) float64 {
	for _, x := range p {
		if x > 0 {
			return chance.Exp(entropy(p))
		}
	}
	return 0
}

// Burden returns the minutes that choosing among n options costs: each above three adds minutes.
func Burden(n int, minutes float64) float64 {
	return float64(minutes * float64(max(n-3, 0)))
}
