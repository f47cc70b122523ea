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

// free is a parameter of a block with the range that is searched and where the search begins.
type free struct {
	key              string
	low, high, start float64
}

// blockPlan is a block: parameters against the rows that they move.
type blockPlan struct {
	name   string
	years  int
	free   []free
	rows   []string
	seed   uint64 // of its search: any number, kept so that the search repeats
	region bool   // simulated in a region: its rows hang on queues, which are longer where a sample leaves few in each
}

// blocks are fitted one after another, each with what those before it ended at and those after it where their
// searches begin, so that what is found hangs on no default of what is looked for. None has more than twelve
// parameters. One that stands in two begins in the later where it ended in the earlier: the answer to waits
// ends where waits are those of the country. Ranges and starts are assumptions.
var blocks = []blockPlan{
	{name: "continuity", seed: 61, years: 2, free: []free{{"contact.usual_gp", .3, .6, .5185}, {"contact.usual_gp_spread", .05, .3, .1459}, {"contact.usual_gp_old", 0, .1, .0146}},
		rows: []string{"D01", "D07", "E76"}},
	{name: "choice", seed: 139, years: 2, free: []free{{"choice.quality", .12, .3, .207}, {"choice.wait", .01, .03, .0202}, {"choice.practice_quality", .12, .26, .21}},
		rows: []string{"A11", "A28", "A29"}},
	{name: "referral", seed: 214, years: 2, free: []free{{"contact.need", .025, .04, .031}, {"contact.threshold_area", .1, .35, .22}, {"treatment.follow_ups", 2, 2.5, 2.25}, {"contact.rate", 5, 5.6, 5.4}},
		rows: []string{"E01", "E02", "E03", "E14", "E15", "E16", "E17", "E18", "E20", "G22"}},
	{name: "emergency", seed: 310, years: 6, free: []free{{"health.emergencies", 76, 90, 77.6}, {"health.avoidable", 15, 20, 16.9}, {"health.emergency_trend", .005, .035, .028}, {"beds.stay_old", 7.5, 10, 8.25}},
		rows: []string{"C13", "E22", "E42", "E46", "E47", "E74", "E82", "E84"}},
	{name: "waits", seed: 403, years: 2, region: true, free: []free{{"treatment.list_queue", 5, 9, 6.8}, {"treatment.clinic_queue", 4, 6.5, 4.35}, {"treatment.late_weight", 1.2, 3, 1.57},
		{"treatment.fast_list", .5, .9, .733}, {"treatment.clinic_fast", 2.5, 5, 3.18}, {"choice.wait", .01, .03, .0202}}, rows: []string{"A29", "E26", "E27", "E28", "E29", "E31", "E32", "E33"}},
}

// unmoved are parameters that no number identifies (ODD 7): they keep their priors in the posterior.
func unmoved() (list []free) {
	for _, p := range configs.Parameters() {
		if !p.Identified && p.Type == "number" && len(p.Swept) == 2 {
			list = append(list, free{p.Key, p.Swept[0], p.Swept[1], defaultOf(p.Key)})
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

// defaultOf is the default of a parameter that is a number.
func defaultOf(key string) float64 {
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

// block is a plan from the values now, or the default where there is none.
func block(p blockPlan, now map[string]float64) (*fit.Block, error) {
	b := &fit.Block{Name: p.name, Years: p.years}
	for _, f := range p.free {
		v, ok := now[f.key]
		if !ok {
			v = defaultOf(f.key)
		}
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
	Prior     *fit.Block         // of the posterior
	fitted    int                // how many of its parameters are fitted
	now       map[string]float64 // values of what the blocks look for: fitted, or where the search will begin
}

// BlockReport is how a block ended.
type BlockReport struct {
	Block *fit.Block
	Best  fit.Best
}

// Run fits the blocks and then samples the posterior.
func (c *Calibration) Run(ctx context.Context) error {
	c.Fitted, c.now = map[string]float64{}, map[string]float64{}
	var plans []blockPlan
	for _, p := range blocks {
		if c.Trials > 0 && (len(c.Blocks) == 0 || slices.Contains(c.Blocks, p.name)) {
			plans = append(plans, p)
			for _, f := range p.free {
				c.now[f.key] = f.start
			}
		}
	}
	for _, p := range plans {
		b, err := block(p, c.now)
		if err != nil {
			return err
		}
		where := c.where(p.region)
		b.Name += c.context(where)
		best, err := fit.Minimise(ctx, b, c.Trials, p.seed, c.Journal, c.simulate(b, where, c.Setup.Runs))
		if err != nil {
			return err
		}
		for i, q := range b.Parameters {
			if _, again := c.Fitted[q.Key]; !again {
				c.Order = append(c.Order, q.Key)
			}
			c.Fitted[q.Key], c.now[q.Key] = best.At[i], best.At[i]
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
// and the values of what the blocks look for. A folder of another version, or of other tables, gives no trial.
func (c *Calibration) context(where Setup) string {
	hash := func(h string) string { return h[:min(len(h), 12)] }
	s := fmt.Sprintf("|%s|%s|%s|%s|%v|%d+%d", c.Version, hash(configs.Default().Hash()), where.Place.Code, hash(where.Place.Hash()), where.Sample, where.Seed, where.Runs)
	for _, set := range c.Sets {
		s += "|" + strings.Join(strings.Fields(set), "")
	}
	for _, k := range slices.Sorted(maps.Keys(c.now)) {
		s += fmt.Sprintf("|%s=%v", k, c.now[k])
	}
	return strings.ReplaceAll(s, " ", "_")
}

// simulate returns the function that runs a trial: the status quo with the values, on the same seeds
// each time, mean over them.
func (c *Calibration) simulate(b *fit.Block, where Setup, runs int) fit.Simulate {
	return func(ctx context.Context, at []float64) ([]float64, error) {
		values := maps.Clone(c.now)
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
		r, err := block(plan, c.now)
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
		b.Parameters = append(b.Parameters, fit.Parameter{Key: f.key, Low: f.low, High: f.high, Start: f.start})
	}
	c.Prior = b
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
