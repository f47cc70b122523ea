package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"coexist/configs"
	"coexist/sim/experiment"
	"coexist/sim/results"
	"coexist/sim/tables"
)

// The main job.
const reference = "status-quo"

var (
	usualScenarios = append([]string{reference, "competing-systems", "airline", "single-system-torbay"}, experiment.Arms()...)
	usualPlaces    = []string{"Devon", "Greater Manchester"}
)

// mostLives is how many people are compared one by one under two scenarios, about.
const mostLives = 200_000

// newCompare makes the verb of the main job.
func newCompare(args []string) *cobra.Command {
	var o options
	var against string
	var every bool
	var show, measures []string
	c := &cobra.Command{
		Use:   "compare [SCENARIO ...]",
		Short: "The main job: compare scenarios on the same people with the same luck",
		Long: `Runs scenarios on the same people with the same luck, prints how they differ in choice, quality, cost
and fragmentation, and says for each place whether competition and integration can coexist there.

A scenario is a built-in name or a TOML file. Without any, four built-in systems and the six core arms
(competition: no, yes; integration: none, virtual, real) are run. Differences are from the scenario of
--reference, which is run too, and are paired by run; intervals are 95 %. The result has the comparison as
tables too: comparison/effects.csv (by rurality, deprivation and age), dominance.csv (who dominates whom,
and the Pareto set) and winners.csv (the same people under two scenarios); --show prints them.`,
		Example: "  coexist compare\n  coexist compare --place Torbay --years 5 --runs 3\n  coexist compare airline my-system.toml --place \"Greater Manchester\"",
		RunE: func(c *cobra.Command, names []string) error {
			var f faults
			if every && len(names) > 0 {
				f.addf("compare: --all and %d scenarios, want one or the other", len(names))
			}
			for _, what := range show {
				if !slices.Contains(shows, what) {
					f.addf("compare: --show = %s, want one of %s%s", what, strings.Join(shows, ", "), nearest(what, shows))
				}
			}
			others := measured(measures, &f)
			j := &job{cmd: c, args: args, o: &o, tell: newProgress(o.progress.now, c.ErrOrStderr())}
			var err error
			j.in, err = o.resolve(chosen(names, against, every), against)
			f.add(err)
			if err := f.err(); err != nil {
				return err
			}
			r, err := j.simulate()
			if err != nil {
				return err
			}
			if err := j.compare(r); err != nil {
				return err
			}
			if err := j.others(r, others); err != nil {
				return err
			}
			j.tell.say("result in %s; open %s", shown(o.out), shown(o.out+"/"+reportName))
			return report(c.OutOrStdout(), o.format.now, *j.comparison, r.Manifest.Places, show, c.ErrOrStderr())
		},
	}
	o.add(c.Flags(), usualPlaces, 5, "coexist-compare")
	c.Flags().StringVar(&against, "reference", reference, "scenario from which differences are taken")
	c.Flags().BoolVar(&o.posterior, "posterior", false, "each run draws a set of parameters that fit England about as well as the defaults do, the same for all\nits scenarios; intervals then hold that uncertainty too; at most 200 differ")
	c.Flags().StringArrayVar(&show, "show", nil, "print too: dominance, groups (rurality, deprivation, age) or winners (and losers); repeat for more")
	c.Flags().StringArrayVar(&measures, "measure", nil, "another measure to print beside the four, such as hospital_deficit; repeat for more")
	c.Flags().BoolVar(&every, "all", false, "every built-in scenario")
	return c
}

// compare reduces a result to the comparison, unless its figures did, and writes it into the result.
func (j *job) compare(r *results.Result) error {
	if j.comparison == nil { // it was done already
		comparison, err := compared(r)
		if err != nil {
			return err
		}
		j.comparison = &comparison
	}
	var err error
	if j.comparison.Winners, err = winners(r, j.comparison.Reference); err != nil {
		return err
	}
	return keep(r, *j.comparison)
}

// measured finds the measures of --measure and adds those that there are not to the faults.
func measured(names []string, f *faults) []tables.Measure {
	var list []tables.Measure
	for _, name := range names {
		m, ok := tables.MeasureByName(name)
		if !ok {
			f.addf("compare: --measure = %s, want a measure of coexist list measures%s", name, nearest(name, measureNames()))
			continue
		}
		list = append(list, m)
	}
	return list
}

// measureNames lists all measures.
func measureNames() []string {
	var list []string
	for _, m := range tables.Measures {
		list = append(list, m.Name)
	}
	return list
}

// others adds further measures to the comparison.
func (j *job) others(r *results.Result, measures []tables.Measure) error {
	if len(measures) == 0 {
		return nil
	}
	m := &r.Manifest
	v := experiment.NewValues(m.Years)
	for o, err := range r.Outcomes() {
		if err != nil {
			return err
		}
		if o.Group == "all" && slices.ContainsFunc(measures, func(x tables.Measure) bool { return x.Name == o.Measure }) {
			v.Add(&o)
		}
	}
	j.comparison.Others = v.Others(m.Places, m.Scenarios, j.comparison.Reference, measures)
	return nil
}

// chosen lists the scenarios to run, with the reference among them.
func chosen(names []string, against string, every bool) []string {
	switch {
	case every:
		names = nil
		for _, b := range configs.Builtin() {
			names = append(names, b.Name)
		}
	case len(names) == 0:
		names = usualScenarios
	}
	if !slices.Contains(names, against) {
		names = append([]string{against}, names...)
	}
	return names
}

// compared reads a result and reduces it to the comparison.
func compared(r *results.Result) (experiment.Comparison, error) {
	m := &r.Manifest
	v, err := experiment.Collect(m.Years, r.Outcomes())
	if err != nil {
		return experiment.Comparison{}, err
	}
	return comparisonOf(r, v), nil
}

// comparisonOf is the comparison that the values of a result bear, without its winners and losers.
func comparisonOf(r *results.Result, v *experiment.Values) experiment.Comparison {
	m := &r.Manifest
	against := m.Settings["reference"]
	if against == "" {
		against = m.Scenarios[0]
	}
	limits := experiment.LimitsOf(configs.Default())
	if c, err := scenarioOf(r, m.Scenarios[0]); err == nil {
		limits = experiment.LimitsOf(c)
	}
	c := experiment.Compare(v, m.Places, m.Scenarios, against, limits)
	if m.Precision != nil {
		now := v.Precision(m.Precision.Wanted, m.Places, m.Scenarios, against, v.Count())
		c.Precision = &now
	}
	return c
}

// winners compares the people of a result one by one with themselves under the reference.
func winners(r *results.Result, against string) ([]experiment.Winners, error) {
	m := &r.Manifest
	followed, err := people(m.Settings["patients"])
	if err != nil {
		followed = 0 // the result says nothing of it: take all
	}
	every := 1 + min(followed, m.Patients)/mostLives
	return experiment.WinnersAndLosers(r.Patients(), m.Places, m.Scenarios, against, int(every))
}
