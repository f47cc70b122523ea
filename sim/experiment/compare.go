package experiment

import (
	"encoding/json"
	"strings"

	"coexist/sim/results"
	"coexist/sim/tables"
)

// Effect is one headline measure of one scenario over a window: its value over runs and its
// difference from the reference, paired by run.
type Effect struct {
	Place      string
	Scenario   string
	Group      string
	Measure    string
	Unit       string
	Window     Window
	Runs       int
	Median     float64 // over runs
	Low, High  float64 // the middle 90 % of runs
	Difference Interval
	Better     int // +1 clearly better than the reference, -1 clearly worse, 0 neither
}

// MarshalJSON writes an effect as one flat object.
func (e Effect) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Place      string   `json:"place"`
		Scenario   string   `json:"scenario"`
		Group      string   `json:"group"`
		Measure    string   `json:"measure"`
		Unit       string   `json:"unit"`
		FromYear   int      `json:"from_year"`
		ToYear     int      `json:"to_year"`
		Runs       int      `json:"runs"`
		Median     *float64 `json:"median"`
		Low        *float64 `json:"low_5"`
		High       *float64 `json:"high_95"`
		Difference Interval `json:"difference"`
		Better     int      `json:"better"`
	}{e.Place, e.Scenario, e.Group, e.Measure, e.Unit, e.Window.From, e.Window.To, e.Runs,
		finite(e.Median), finite(e.Low), finite(e.High), e.Difference, e.Better})
}

// Coexistence is the verdict on one place and group over a window.
type Coexistence struct {
	Place    string  `json:"place"`
	Group    string  `json:"group"`
	FromYear int     `json:"from_year"`
	ToYear   int     `json:"to_year"`
	Runs     int     `json:"runs"`
	Verdict  Verdict `json:"verdict"`
	Forms    []Form  `json:"forms"` // virtual, real
	Sentence string  `json:"sentence"`

	window Window
}

// Dominance says of one scenario in one place who dominates it.
type Dominance struct {
	Place    string   `json:"place"`
	Scenario string   `json:"scenario"`
	By       []string `json:"dominated_by"` // empty: it is in the Pareto set
}

// Comparison is what a result says about the four headline measures and about coexistence, and about
// other measures that were asked for.
type Comparison struct {
	Reference string        `json:"reference"`
	Windows   []Window      `json:"-"`
	Effects   []Effect      `json:"effects"`          // by place, window, scenario, group (everyone, rurality, deprivation, age), measure
	Verdicts  []Coexistence `json:"coexistence"`      // by place, window, group; the first of a place is the answer
	Dominance []Dominance   `json:"dominance"`        // by place and scenario, over the first window
	Winners   []Winners     `json:"winners"`          // the same people under two scenarios, by place, scenario, group and measure
	Others    []Effect      `json:"others,omitempty"` // other measures for everyone over the first window, by place, measure and scenario

	Precision *results.Precision `json:"precision,omitempty"` // nil: none was asked for
}

// Compare reduces values to what is reported of them, in the order of places and scenarios.
func Compare(v *Values, places, scenarios []string, reference string, l Limits) Comparison {
	c := Comparison{Reference: reference, Windows: Windows(v.years)}
	runs := v.Count()
	for _, p := range places {
		groups := v.groups(p)
		for _, w := range c.Windows {
			for _, s := range scenarios {
				for _, g := range groups {
					for _, m := range headlines() {
						c.Effects = append(c.Effects, v.effect(m, Key{p, s, g, m.Name}, reference, w))
					}
				}
			}
			for _, g := range groups {
				if g != "all" && !strings.HasPrefix(g, "rurality:") {
					continue
				}
				x := Coexistence{Place: p, Group: g, FromYear: w.From, ToYear: w.To, Runs: runs, window: w}
				for _, form := range []string{"virtual", "real"} {
					x.Forms = append(x.Forms, v.form(p, g, form, w, runs, l))
				}
				x.Verdict = overall(x.Forms)
				x.Sentence = x.sentence()
				c.Verdicts = append(c.Verdicts, x)
			}
		}
		for _, s := range scenarios {
			d := Dominance{Place: p, Scenario: s, By: []string{}}
			for _, other := range scenarios {
				if other != s && v.dominates(p, other, s, c.Windows[0], runs, l) {
					d.By = append(d.By, other)
				}
			}
			c.Dominance = append(c.Dominance, d)
		}
	}
	return c
}

// effect is one measure of one scenario, place, group and window.
func (v *Values) effect(m tables.Measure, k Key, reference string, w Window) Effect {
	x := v.Runs(k, w, v.Count())
	e := Effect{Place: k.Place, Scenario: k.Scenario, Group: k.Group, Measure: k.Measure, Unit: m.Unit, Window: w, Runs: len(known(x))}
	e.Median, e.Low, e.High = Band(x)
	e.Difference = Paired(x, v.Runs(Key{k.Place, reference, k.Group, k.Measure}, w, v.Count()))
	if k.Scenario == reference {
		e.Difference = Interval{}
	}
	switch {
	case e.Difference.Low > 0:
		e.Better = m.Better
	case e.Difference.High < 0:
		e.Better = -m.Better
	}
	return e
}

// Others are the effects of any measures for everyone over the first window, in the order of places,
// measures and scenarios.
func (v *Values) Others(places, scenarios []string, reference string, measures []tables.Measure) []Effect {
	var list []Effect
	for _, p := range places {
		for _, m := range measures {
			for _, s := range scenarios {
				list = append(list, v.effect(m, Key{p, s, "all", m.Name}, reference, Windows(v.years)[0]))
			}
		}
	}
	return list
}

// dominates reports whether a is clearly better than b in one headline measure and no worse, within
// the tolerance, in the others.
func (v *Values) dominates(place, a, b string, w Window, runs int, l Limits) bool {
	better := false
	for _, m := range headlines() {
		y := v.Runs(Key{place, b, "all", m.Name}, w, runs)
		gain := v.gain(m, Key{place, a, "all", m.Name}, y, w)
		tolerance := l.tolerance(m, y)
		if atLeast(gain, -tolerance) != Yes {
			return false
		}
		better = better || gain.Low > tolerance
	}
	return better
}

// gain is the paired advantage of a series over values: positive is better.
func (v *Values) gain(m tables.Measure, k Key, values []float64, w Window) Interval {
	sign := float64(m.Better)
	return combine([]float64{sign, -sign}, v.Runs(k, w, len(values)), values)
}

// Main returns the verdict on a place for everyone over the first window; ok is false if there is
// none.
func (c *Comparison) Main(place string) (x Coexistence, ok bool) {
	for _, x := range c.Verdicts {
		if x.Place == place && x.Group == "all" && x.window == c.Windows[0] {
			return x, true
		}
	}
	return Coexistence{}, false
}

// Pareto lists the scenarios of a place that no other dominates.
func (c *Comparison) Pareto(place string) []string {
	var list []string
	for _, d := range c.Dominance {
		if d.Place == place && len(d.By) == 0 {
			list = append(list, d.Scenario)
		}
	}
	return list
}
