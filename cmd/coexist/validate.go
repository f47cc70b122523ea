package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"coexist/sim/evidence"
	"coexist/sim/place"
	"coexist/sim/place/england"
)

// validation are the flags of validate and calibrate.
type validation struct {
	place    string
	sets     []string
	sample   value[float64]
	seed     value[int64]
	runs     value[int64]
	workers  value[int64]
	progress value[string]
}

// newValidate makes the verb that holds the model against published numbers.
func newValidate(args []string) *cobra.Command {
	var o validation
	format := newWords("text", "json", "csv", "markdown", "figure")
	var reforms, figure string
	var drawn bool
	c := &cobra.Command{
		Use:   "validate",
		Short: "Hold the model against every published number, met or not",
		Long: `Runs the status quo and the re-staged reforms, and prints every row of the table of published numbers beside the
same number of the runs: met if it lies in the published interval or within 5 % (10 % where no interval is
published). Nothing is tuned to the rows marked validate. It ends with 0 whatever is missed.`,
		Example: "  coexist validate\n  coexist validate --format json > validation.json\n  coexist validate --sample 1/200 --runs 2",
		Args:    arguments(0, 0, "none"),
		RunE: func(c *cobra.Command, _ []string) error {
			set, tell, err := o.setup(c, evidence.Scenarios())
			if err := errors.Join(err, figureFault(figure)); err != nil {
				return err
			}
			there, err := staged(&set, reforms)
			if err != nil {
				return err
			}
			if drawn {
				set.Draw = evidence.Drawn
			}
			res, err := simulated(c.Context(), set, tell)
			if err != nil {
				return err
			}
			staged := res
			if there == nil {
				staged = nil
			} else if there != set.Place {
				other := set
				other.Place, other.Scenarios = there, set.Reforms
				if staged, err = simulated(c.Context(), other, tell); err != nil {
					return err
				}
			}
			rep := evidence.Judge(res, staged)
			switch format.now { // first, so that a figure that cannot be written does not take it along
			case "json":
				err = rep.WriteJSON(c.OutOrStdout())
			case "csv":
				err = rep.WriteCSV(c.OutOrStdout())
			case "markdown":
				err = rep.WritePage(c.OutOrStdout(), "coexist "+typed(args), sized(&set, there))
			case "figure":
				err = rep.WriteFigure(c.OutOrStdout())
			default:
				err = rep.WriteText(c.OutOrStdout())
			}
			if figure != "" {
				err = errors.Join(err, drawTargets(rep, &set, "coexist "+typed(args), figure))
			}
			return err
		},
	}
	o.add(c.Flags(), "1/50", "3")
	c.Flags().Var(&format, "format", formatUse)
	c.Flags().BoolVar(&drawn, "posterior", false, "draw the parameters of each seed from the posterior sample")
	c.Flags().StringVar(&figure, "figure", "", "draw the rows into this file too: .svg, .png or .pdf")
	c.Flags().StringVar(&reforms, "reforms", "England", "where the reforms are re-staged: a place, smaller ones are faster; none leaves them out")
	return c
}

// staged resolves where reforms are re-staged, nil for nowhere, and leaves in the setup the scenarios
// that are run in its own place; the others are kept beside them.
func staged(set *evidence.Setup, name string) (*place.Place, error) {
	if name == "none" {
		set.Scenarios = set.Scenarios[:1]
		return nil, nil
	}
	e, err := place.Read(england.FS())
	if err != nil {
		return nil, err
	}
	p, err := e.Resolve(name)
	switch {
	case err != nil:
		return nil, wrong("--reforms: %v", err)
	case p.Code == set.Place.Code:
		return set.Place, nil
	}
	set.Reforms = set.Scenarios
	set.Scenarios = set.Scenarios[:1]
	return p, nil
}

// sized says in words what was run.
func sized(set *evidence.Setup, there *place.Place) string {
	s := fmt.Sprintf("%s, 1 person in %.0f, %s from seed %d", set.Place.Name, 1/set.Sample, runs(set.Runs), set.Seed)
	if there != nil && there != set.Place {
		s += "; reforms in " + there.Name
	}
	return s
}

// add declares the flags that both verbs have; sample and runs are the defaults of the verb.
func (o *validation) add(set *pflag.FlagSet, sample, runs string) {
	o.sample = newValue("share", sample, fraction)
	o.seed = newValue("number", "1", whole(0, 1<<40))
	o.runs = newValue("number", runs, whole(1, 1000))
	o.workers = newWorkers()
	o.progress = newProgressMode()
	set.StringVar(&o.place, "place", "England", "where: a place as in compare")
	set.Var(&o.sample, "sample", "share of the people who are simulated")
	set.Var(&o.seed, "seed", "seed of the first run; the others follow")
	set.Var(&o.runs, "runs", "seeds")
	set.Var(&o.workers, "workers", workersUse)
	set.StringArrayVar(&o.sets, "set", nil, "key=value of any parameter; repeat for more")
	set.Var(&o.progress, "progress", progressUse)
}

// setup resolves the flags into runs of some scenarios.
func (o *validation) setup(c *cobra.Command, scenarios []string) (evidence.Setup, *talker, error) {
	var f faults
	flagFaults(c.Flags(), &f)
	set := evidence.Setup{Seed: o.seed.now, Runs: int(o.runs.now), Sample: o.sample.now, Workers: int(o.workers.now)}
	for _, name := range scenarios {
		s, err := evidence.Scenario(name, o.sets)
		if err != nil {
			f.add(err)
			continue
		}
		set.Scenarios = append(set.Scenarios, s)
	}
	e, err := place.Read(england.FS())
	if err != nil {
		return set, nil, err
	}
	if set.Place, err = e.Resolve(o.place); err != nil {
		f.addf("--place: %v", err)
	}
	if err := f.err(); err != nil {
		return set, nil, err
	}
	tell := newTalker(newProgress(o.progress.now, c.ErrOrStderr()))
	set.Progress = tell.years
	return set, tell, nil
}

// simulated runs a setup; a stop is told as one.
func simulated(ctx context.Context, set evidence.Setup, tell *talker) (*evidence.Result, error) {
	start := time.Now()
	tell.told = -1 // the years of other runs were told
	res, err := evidence.Simulate(ctx, set)
	tell.stop()
	if err != nil && errors.Is(err, context.Canceled) {
		return nil, fmt.Errorf("%w after %s", errStopped, clock(time.Since(start)))
	}
	if err == nil {
		tell.say("%d scenarios, %d seeds each, in %s", len(set.Scenarios), set.Runs, clock(time.Since(start)))
	}
	return res, err
}

// talker tells how far a validation is.
type talker struct {
	*progress
	told int
}

func newTalker(p *progress) *talker { return &talker{progress: p, told: -1} }

// years takes in simulated years.
func (t *talker) years(done, all int) {
	if tenth := 10 * done / max(all, 1); tenth > t.told {
		t.told = tenth
		t.say("%d of %d simulated years", done, all)
	}
}

// typed joins arguments as one would type them.
func typed(args []string) string {
	list := make([]string, len(args))
	for i, a := range args {
		if list[i] = a; strings.ContainsAny(a, " \t") {
			list[i] = strconv.Quote(a)
		}
	}
	return strings.Join(list, " ")
}
