package live

import (
	"context"
	"fmt"
	"math"

	"coexist/configs"
	"coexist/sim"
	"coexist/sim/tables"
)

// Pair is one pair of runs of a check: the settings and the status quo on the same people with the
// same luck.
type Pair struct {
	Pair int `json:"pair"`
	Of   int `json:"of"`
}

// Verdict is the outcome of a check.
type Verdict struct {
	Differences []Difference `json:"differences"`
	Challenges  []Met        `json:"challenges"`
	Pairs       int          `json:"pairs"`
}

// Difference is what the settings change against the status quo, mean over the pairs, with the
// interval that holds the true mean nine times in ten.
type Difference struct {
	ID     string  `json:"id"`
	Title  string  `json:"title"`
	Unit   string  `json:"unit"`
	Before float64 `json:"before"`
	After  float64 `json:"after"`
	Mean   float64 `json:"mean"`
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
}

// Met says whether a challenge is met, and why.
type Met struct {
	ID   string `json:"id"`
	Met  bool   `json:"met"`
	Text string `json:"text"`
}

// pairs is how many pairs of runs a check takes, and student is Student's t for them: nine tenths of
// the distribution with pairs - 1 degrees of freedom lie within it on either side of zero.
const (
	pairs   = 5
	student = 2.1318
)

// quantity is a number that challenges look at: a measure of a group.
type quantity struct{ id, group, measure string }

// quantities are what a check compares.
var quantities = []quantity{
	{"choice", "all", tables.Headline.Choice},
	{"quality", "all", tables.Headline.Quality},
	{"cost", "all", tables.Headline.Cost},
	{"fragmentation", "all", tables.Headline.Fragmentation},
	{"rural", "rurality:rural", tables.Headline.Choice},
	{"rural-real", "rurality:rural", "real_choice"},
	{"concentration", "all", "hhi_flows"},
	{"wait", "all", "wait_median"},
	{"deprived", "deprivation:1", "avoidable_admissions"},
	{"deficit", "all", "hospital_deficit"},
	{"systems", "all", "systems"},
}

// check runs pairs of the settings and the status quo and says which challenges are met. The years
// that count are all but the first two, in which systems still form.
func check(ctx context.Context, s Settings, w World, out Sink) error {
	if err := s.check(); err != nil {
		return err
	}
	if s.Years < 4 {
		return fault("years", "%d, want 4 or more for a check: the first two do not count", s.Years)
	}
	c, err := s.config()
	if err != nil {
		return err
	}
	quo := Settings{System: "status-quo", Place: s.Place, People: s.People, Years: s.Years, Seed: s.Seed, Runs: 1}
	base, err := quo.config()
	if err != nil {
		return err
	}
	before, after := make([][]float64, len(quantities)), make([][]float64, len(quantities))
	for p := range pairs {
		one := s
		one.Seed, one.Runs = s.Seed+int64(p), 1
		was, now, err := one.pair(ctx, w, base, c)
		if err != nil {
			return err
		}
		for q := range quantities {
			before[q], after[q] = append(before[q], was[q]), append(after[q], now[q])
		}
		if err := out("pair", Pair{p + 1, pairs}); err != nil {
			return err
		}
	}
	return out("verdict", judge(&c, before, after))
}

// pair runs the status quo and a scenario with one seed and returns the quantities of both. They
// share a warm-up where the scenario does not change the people.
func (s Settings) pair(ctx context.Context, w World, base, c configs.Config) (was, now []float64, err error) {
	from, err := s.model(ctx, w, base)
	if err != nil {
		return nil, nil, err
	}
	if was, err = s.levels(ctx, from, base); err != nil {
		return nil, nil, err
	}
	if sim.WarmUp(c).Hash() != sim.WarmUp(base).Hash() {
		if from, err = s.model(ctx, w, c); err != nil {
			return nil, nil, err
		}
	}
	now, err = s.levels(ctx, from, c)
	return was, now, err
}

// levels runs a scenario from a warm-up and returns the mean of each quantity over the years that
// count; NaN where it was never measured.
func (s Settings) levels(ctx context.Context, from *sim.Model, c configs.Config) ([]float64, error) {
	sum, n := make([]float64, len(quantities)), make([]float64, len(quantities))
	err := s.branch(ctx, from, c, nil, func(b tables.Batch) error {
		for i := range b.Outcomes {
			o := &b.Outcomes[i]
			if o.Quarter <= 8 {
				continue
			}
			for k, q := range quantities {
				if o.Group == q.group && o.Measure == q.measure {
					sum[k] += o.Value
					n[k]++
				}
			}
		}
		return nil
	})
	for k := range sum {
		sum[k] /= n[k]
	}
	return sum, err
}

// judge compares and decides.
func judge(c *configs.Config, before, after [][]float64) Verdict {
	v := Verdict{Pairs: pairs}
	d := map[string]Difference{}
	for k, q := range quantities {
		m, _ := tables.MeasureByName(q.measure)
		one := Difference{ID: q.id, Title: m.Title, Unit: m.Unit}
		one.Before, one.After = mean(before[k]), mean(after[k])
		if math.IsNaN(one.Before) || math.IsNaN(one.After) {
			continue
		}
		gaps := make([]float64, len(before[k]))
		for i := range gaps {
			gaps[i] = after[k][i] - before[k][i]
		}
		one.Mean = mean(gaps)
		half := student * deviation(gaps) / math.Sqrt(float64(len(gaps)))
		one.Low, one.High = one.Mean-half, one.Mean+half
		d[q.id] = one
		v.Differences = append(v.Differences, one)
	}
	for _, ch := range challenges {
		met, text := ch.check(c, d)
		v.Challenges = append(v.Challenges, Met{ch.ID, met, text})
	}
	return v
}

func mean(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}

// deviation is the standard deviation of a sample.
func deviation(x []float64) float64 {
	m, sum := mean(x), 0.0
	for _, v := range x {
		sum += (v - m) * (v - m)
	}
	return math.Sqrt(sum / float64(len(x)-1))
}

// Challenge is a task for students.
type Challenge struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Task  string `json:"task"`
	Hint  string `json:"hint"`
	check func(c *configs.Config, d map[string]Difference) (bool, string)
}

// challenges are the tasks. They compare with the status quo of the same place. Rises and falls must be beyond luck: the
// whole interval must lie on the right side. A test knows settings that meet each of them.
var challenges = []Challenge{
	{"quality", "Better, no dearer, no less free", "Raise quality, without raising cost and without taking choice away.",
		"Keeping people inside one system joins up care, and closes doors. Open them, and mind how many systems share the work.",
		func(_ *configs.Config, d map[string]Difference) (bool, string) {
			q, c, o := d["quality"], d["cost"], d["choice"]
			return q.Low > 0 && c.Low <= 0 && o.High >= 0, fmt.Sprintf("Quality: %s. Cost: %s. Effective options: %s.", q.words(2, " on its index"), c.words(0, " pounds a head"), o.words(2, ""))
		}},
	{"rural", "A real choice in the country", "For at least one in ten people in the country more than today, make sure of two options that they would really take.",
		"More airlines at the same airport are more names, but are they somewhere else to go?",
		func(_ *configs.Config, d map[string]Difference) (bool, string) {
			r := d["rural-real"]
			return r.Low > 0 && r.Mean >= .1, fmt.Sprintf("Of a hundred people in the country, those with a real choice: %s; ten more are asked for.", r.times(100).words(0, ""))
		}},
	{"monopoly", "Joined up, but no monopoly", "Cut failed handovers by at least two in a hundred episodes, and leave patients as spread over providers as they are today.",
		"One system for all joins up best, and leaves nobody to turn to. What lies between?",
		func(_ *configs.Config, d map[string]Difference) (bool, string) {
			f, h := d["fragmentation"], d["concentration"]
			return f.High < 0 && f.Mean <= -2 && h.Mean <= .02, fmt.Sprintf("Failed handovers: %s. Concentration of patients: %s; at most 0.02 more is allowed.", f.words(1, inHundred), h.words(2, ""))
		}},
	{"airline", "Fly without ruining the airport", "Let groups of doctors fly and give people more options, without deeper deficits of hospitals, for at most 45 pounds a head more.",
		"Every airline keeps its own desk at every airport. How many can a place pay for?",
		func(c *configs.Config, d map[string]Difference) (bool, string) {
			if c.Regime.Hospitals != "rented" {
				return false, "Hospitals are not rented here: nobody flies. Choose the airline."
			}
			x, o, paid := d["deficit"], d["choice"], d["cost"]
			return x.Low <= 0 && o.Low > 0 && paid.Mean <= 45, fmt.Sprintf("Effective options: %s. Hospital deficits: %s. Cost: %s.", o.words(2, ""), x.words(1, " % of their income"), paid.words(0, " pounds a head"))
		}},
	{"rivals", "Three in the air, and joined up", "Keep three systems or more going on average, and cut failed handovers by two and a half in a hundred episodes.",
		"Deficits end systems. Who holds the budget, and what happens to whoever overspends?",
		func(c *configs.Config, d map[string]Difference) (bool, string) {
			if c.Regime.Systems == "none" || c.Regime.Systems == "groups" {
				return false, "Nobody enrols with a system here. Choose one in which systems compete."
			}
			s, f := d["systems"], d["fragmentation"]
			return s.After >= 3 && f.High < 0 && f.Mean <= -2.5, fmt.Sprintf("There were %.1f systems on average. Failed handovers: %s.", s.After, f.words(1, inHundred))
		}},
}

// inHundred follows a number of failed handovers.
const inHundred = " in a hundred episodes"

// words puts a difference into words with so many digits and what follows the number.
func (d Difference) words(digits int, unit string) string {
	switch {
	case d.Low > 0:
		return fmt.Sprintf("up by %.*f%s (%.*f to %.*f)", digits, d.Mean, unit, digits, d.Low, digits, d.High)
	case d.High < 0:
		return fmt.Sprintf("down by %.*f%s (%.*f to %.*f)", digits, -d.Mean, unit, digits, -d.High, digits, -d.Low)
	}
	return fmt.Sprintf("no clear change (%+.*f to %+.*f%s)", digits, d.Low, digits, d.High, unit)
}

// times is the difference of a quantity that is so many times as large.
func (d Difference) times(n float64) Difference {
	d.Mean, d.Low, d.High = n*d.Mean, n*d.Low, n*d.High
	return d
}
