package evidence

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"coexist/configs"
	"coexist/sim/evidence/fit"
)

// Blocks are the names of the blocks, in the order in which they are fitted.
func Blocks() []string {
	var names []string
	for _, b := range blocks {
		names = append(names, b.name)
	}
	return names
}

// free is a parameter of a block with the range that is searched.
type free struct {
	key       string
	low, high float64
}

// blockPlan is a block: parameters against the rows that they move.
type blockPlan struct {
	name   string
	years  int
	free   []free
	rows   []string
	region bool // simulated in a region: its rows hang on queues, which are longer where a sample leaves few in each
}

// blocks are fitted one after another, each with what those before it ended at. None has more than
// twelve parameters. One that stands in two begins in the later where it ended in the earlier: the answer
// to waits ends where waits are those of the country.
var blocks = []blockPlan{
	{name: "continuity", years: 2, free: []free{{"contact.usual_gp", .3, .6}, {"contact.usual_gp_spread", .05, .3}, {"contact.usual_gp_old", 0, .1}},
		rows: []string{"D01", "D07", "E76"}},
	{name: "choice", years: 2, free: []free{{"choice.quality", .12, .3}, {"choice.wait", .01, .03}, {"choice.practice_quality", .12, .26}},
		rows: []string{"A11", "A28", "A29"}},
	{name: "referral", years: 2, free: []free{{"contact.need", .025, .04}, {"contact.threshold_area", .1, .35}, {"treatment.follow_ups", 2, 2.5}, {"contact.rate", 5, 5.6}},
		rows: []string{"E01", "E02", "E03", "E14", "E15", "E16", "E17", "E18", "E20", "G22"}},
	{name: "emergency", years: 6, free: []free{{"health.emergencies", 76, 90}, {"health.avoidable", 15, 20}, {"health.emergency_trend", .005, .035}, {"beds.stay_old", 7.5, 10}},
		rows: []string{"C13", "E22", "E42", "E46", "E47", "E74", "E82", "E84"}},
	{name: "waits", years: 2, region: true, free: []free{{"treatment.list_queue", 5, 9}, {"treatment.clinic_queue", 4, 6.5}, {"treatment.late_weight", 1.2, 3},
		{"treatment.fast_list", .5, .9}, {"treatment.clinic_fast", 2.5, 5}, {"choice.wait", .01, .03}}, rows: []string{"A29", "E26", "E27", "E28", "E29", "E31", "E32", "E33"}},
}

// unmoved are parameters that no number identifies (ODD 7): they keep their priors in the posterior.
func unmoved() (list []free) {
	for _, p := range configs.Parameters() {
		if !p.Identified && p.Type == "number" && len(p.Swept) == 2 {
			list = append(list, free{p.Key, p.Swept[0], p.Swept[1]})
		}
	}
	return list
}

// Moved are the parameters that a calibration looks for: by trials those of its blocks (none: all), and by a
// posterior those of all blocks and what no number identifies.
func Moved(names []string, trials, posterior bool) (keys []string) {
	for _, b := range blocks {
		if posterior || trials && (len(names) == 0 || slices.Contains(names, b.name)) {
			for _, f := range b.free {
				keys = append(keys, f.key)
			}
		}
	}
	if posterior {
		for _, f := range unmoved() {
			keys = append(keys, f.key)
		}
	}
	return keys
}

// start is the value of a parameter in force, with what has been fitted so far.
func start(key string, fitted map[string]float64) float64 {
	if v, ok := fitted[key]; ok {
		return v
	}
	p, ok := configs.Explain(key)
	v, number := p.Default.(float64)
	if !ok || !number {
		panic("evidence: " + key + " is no number to fit")
	}
	return v
}

// fitTarget turns a row into one that fit may see; only rows for calibration can be.
func fitTarget(id string) (fit.Target, error) {
	t, ok := targetByID(id)
	s := specs[id]
	switch {
	case !ok:
		return fit.Target{}, fmt.Errorf("row %s is not in targets.csv", id)
	case t.Use != Calibrate:
		return fit.Target{}, fmt.Errorf("row %s is held out: nothing may be fitted to it", id)
	case !s.represented() || s.scenarioName() != quo:
		return fit.Target{}, fmt.Errorf("row %s is not measured in the status quo", id)
	}
	b := bandOf(t)
	return fit.Target{ID: id, Value: t.Value, Low: b.Low, High: b.High}, nil
}

func block(p blockPlan, fitted map[string]float64) (*fit.Block, error) {
	b := &fit.Block{Name: p.name, Years: p.years}
	for _, f := range p.free {
		v := start(f.key, fitted)
		b.Parameters = append(b.Parameters, fit.Parameter{Key: f.key, Low: min(f.low, v), High: max(f.high, v), Start: v})
	}
	for _, id := range p.rows {
		t, err := fitTarget(id)
		if err != nil {
			return nil, fmt.Errorf("block %s: %w", p.name, err)
		}
		b.Targets = append(b.Targets, t)
	}
	return b, nil
}

// Calibration is what a calibration does and found.
type Calibration struct {
	Setup     Setup    // place, sample, seeds (common to all trials) and workers; Scenarios are made here
	Region    Setup    // place and sample of the blocks of queues and of the posterior; the rest is as in Setup
	Sets      []string // key=value of parameters that hold in every trial; none of Moved
	Trials    int      // of each block
	Draws     int      // of the posterior
	Keep      int      // sets of the posterior
	Blocks    []string
	Journal   *fit.Journal
	Version   string // of the program: trials of another are not taken for its own
	Tell      func(format string, args ...any)
	Fitted    map[string]float64 // by key, in the end
	Order     []string           // of Fitted
	Reports   []BlockReport
	Posterior fit.Sample
	Prior     *fit.Block // of the posterior
	fitted    int        // how many of its parameters are fitted
}

// BlockReport is how a block ended.
type BlockReport struct {
	Block *fit.Block
	Best  fit.Best
}

// Run fits the blocks and then samples the posterior.
func (c *Calibration) Run(ctx context.Context) error {
	if c.Fitted == nil {
		c.Fitted = map[string]float64{}
	}
	for _, p := range blocks {
		if len(c.Blocks) > 0 && !slices.Contains(c.Blocks, p.name) {
			continue
		}
		b, err := block(p, c.Fitted)
		if err != nil {
			return err
		}
		if c.Trials == 0 { // they stay as they are
			continue
		}
		where := c.where(p.region)
		b.Name += c.context(where)
		best, err := fit.Minimise(ctx, b, c.Trials, 1, c.Journal, c.simulate(b, where, c.Setup.Runs))
		if err != nil {
			return err
		}
		for i, q := range b.Parameters {
			if _, again := c.Fitted[q.Key]; !again {
				c.Order = append(c.Order, q.Key)
			}
			c.Fitted[q.Key] = best.At[i]
		}
		c.Reports = append(c.Reports, BlockReport{b, best})
		c.Tell("%s: loss %.3f -> %.3f in %d trials", p.name, best.Before, best.Loss, best.Trials)
	}
	if c.Keep == 0 {
		return nil
	}
	return c.sample(ctx)
}

// where is the setup of trials in the region or in the whole place.
func (c *Calibration) where(region bool) Setup {
	s := c.Setup
	if region {
		s.Place, s.Sample = c.Region.Place, c.Region.Sample
	}
	return s
}

// context is what a trial depends on beside its block: the program and its defaults, place, sample, seeds
// and what is fitted so far. A folder of another version, or of other tables, gives no trial.
func (c *Calibration) context(where Setup) string {
	hash := func(h string) string { return h[:min(len(h), 12)] }
	s := fmt.Sprintf("|%s|%s|%s|%s|%v|%d+%d", c.Version, hash(configs.Default().Hash()), where.Place.Code, hash(where.Place.Hash()), where.Sample, where.Seed, where.Runs)
	for _, set := range c.Sets {
		s += "|" + strings.Join(strings.Fields(set), "")
	}
	for _, k := range c.Order {
		s += fmt.Sprintf("|%s=%v", k, c.Fitted[k])
	}
	return strings.ReplaceAll(s, " ", "_")
}

// simulate returns the function that runs a trial: the status quo with the values, on the same seeds
// each time, mean over them.
func (c *Calibration) simulate(b *fit.Block, where Setup, runs int) fit.Simulate {
	return func(ctx context.Context, at []float64) ([]float64, error) {
		values := maps.Clone(c.Fitted)
		for i, p := range b.Parameters {
			values[p.Key] = at[i]
		}
		sets := slices.Clone(c.Sets)
		for k, v := range values {
			sets = append(sets, fmt.Sprintf("%s=%v", k, v))
		}
		quoConfig, err := scenario(quo, b.Years, sets)
		if err != nil {
			return nil, err
		}
		s := where
		s.Workers = runs
		s.Scenarios, s.Runs, s.Progress = []configs.Config{quoConfig}, runs, nil
		res, err := Simulate(ctx, s)
		if err != nil {
			return nil, err
		}
		var out []float64
		for _, t := range b.Targets {
			spec := specs[t.ID]
			v := math.NaN()
			if list, ok := spec.values(res); ok {
				v = average(list)
			}
			out = append(out, v)
		}
		return out, nil
	}
}

// posteriorWidth is how wide the prior of a fitted parameter is about its value in the posterior's
// trials, as a share of the range searched: assumption (.3 to 1); wider wastes trials.
const posteriorWidth = .6

// sample draws the posterior.
func (c *Calibration) sample(ctx context.Context) error {
	where := c.where(true)
	b := &fit.Block{Name: "posterior" + c.context(where), Years: 2}
	var local []string // rows that blocks met in the region itself
	for _, plan := range blocks {
		r, err := block(plan, c.Fitted)
		if err != nil {
			return err
		}
		for _, p := range r.Parameters {
			if slices.ContainsFunc(b.Parameters, func(q fit.Parameter) bool { return q.Key == p.Key }) {
				continue
			}
			half := posteriorWidth * (p.High - p.Low) / 2
			v := p.Start
			b.Parameters = append(b.Parameters, fit.Parameter{Key: p.Key, Low: max(v-half, p.Low), High: min(v+half, p.High), Start: v})
		}
		for _, t := range r.Targets {
			if s := specs[t.ID]; s.weeks == wholeRun || t.ID == "C13" {
				continue
			}
			if plan.region {
				local = append(local, t.ID)
			}
			if !slices.ContainsFunc(b.Targets, func(q fit.Target) bool { return q.ID == t.ID }) {
				b.Targets = append(b.Targets, t)
			}
		}
	}
	c.fitted = len(b.Parameters)
	if err := c.shift(ctx, b, local); err != nil {
		return err
	}
	for _, f := range unmoved() {
		b.Parameters = append(b.Parameters, fit.Parameter{Key: f.key, Low: f.low, High: f.high, Start: start(f.key, nil)})
	}
	c.Prior = b
	keep := c.Fitted
	c.Fitted = map[string]float64{} // every parameter of a trial is drawn
	defer func() { c.Fitted = keep }()
	var err error
	c.Posterior, err = fit.ABC(ctx, b, c.fitted, c.Draws, c.Keep, c.Setup.Workers, 1, c.Journal, c.simulate(b, where, 1))
	if err == nil {
		c.Tell("posterior: %d sets of %d trials, distance at most %.2f", len(c.Posterior.Sets), c.Posterior.Trials, c.Posterior.Cut)
	}
	return err
}

// shift moves targets to where they are in the region when the whole place is at the published numbers: by
// the ratio of what the two show at the fitted values. Local targets stay.
func (c *Calibration) shift(ctx context.Context, b *fit.Block, local []string) error {
	if c.Region.Place.Code == c.Setup.Place.Code {
		return nil
	}
	var at []float64
	for _, p := range b.Parameters {
		at = append(at, p.Start)
	}
	whole, err := c.simulate(b, c.where(false), c.Setup.Runs)(ctx, at)
	if err != nil {
		return err
	}
	region, err := c.simulate(b, c.where(true), c.Setup.Runs)(ctx, at)
	if err != nil {
		return err
	}
	for i := range b.Targets {
		t := &b.Targets[i]
		if ratio := region[i] / whole[i]; !slices.Contains(local, t.ID) && ratio > 0 && !math.IsInf(ratio, 1) {
			t.Value, t.Low, t.High = ratio*t.Value, ratio*t.Low, ratio*t.High
		}
	}
	return nil
}
