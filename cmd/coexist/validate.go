package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

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
	format   value[string]
	progress value[string]
}

// newValidate makes the verb that holds the model against published numbers.
func newValidate() *cobra.Command {
	var o validation
	reforms, figure, drawn := "England", "", false
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
			switch o.format.now { // first, so that a figure that cannot be written does not take it along
			case "json":
				err = rep.WriteJSON(c.OutOrStdout())
			case "csv":
				err = rep.WriteCSV(c.OutOrStdout())
			case "markdown":
				err = rep.WritePage(c.OutOrStdout(), "coexist "+typed(os.Args[1:]), sized(&set, there))
			case "figure":
				err = rep.WriteFigure(c.OutOrStdout())
			default:
				err = rep.WriteText(c.OutOrStdout())
			}
			if figure != "" {
				err = errors.Join(err, drawTargets(rep, &set, "coexist "+typed(os.Args[1:]), figure))
			}
			return err
		},
	}
	o.add(c, 1.0/50, 3, "text|json|csv|markdown|figure", "text", "json", "csv", "markdown", "figure")
	c.Flags().BoolVar(&drawn, "posterior", drawn, "draw the parameters of each seed from the posterior sample")
	c.Flags().StringVar(&figure, "figure", figure, "draw the rows into this file too: .svg, .png or .pdf")
	c.Flags().StringVar(&reforms, "reforms", reforms, "where the reforms are re-staged: a place, smaller ones are faster; none leaves them out")
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

func (o *validation) add(c *cobra.Command, sample float64, runs int64, kind string, formats ...string) {
	o.sample = value[float64]{now: sample, parse: fraction, kind: "share"}
	o.seed = value[int64]{now: 1, parse: whole(0, 1<<40), kind: "number"}
	o.runs = value[int64]{now: runs, parse: whole(1, 1000), kind: "number"}
	o.workers = value[int64]{now: int64(runtime.GOMAXPROCS(0)), parse: whole(1, 4096), kind: "number"}
	o.format = value[string]{now: formats[0], parse: word(formats...), kind: kind}
	o.progress = value[string]{now: "auto", parse: word("auto", "plain", "json", "none"), kind: "auto|plain|json|none"}
	set := c.Flags()
	set.StringVar(&o.place, "place", "England", "where: a place as in compare")
	set.Var(&o.sample, "sample", fmt.Sprintf("share of the people who are simulated (default 1/%.0f)", 1/sample))
	set.Var(&o.seed, "seed", "seed of the first run; the others follow (default 1)")
	set.Var(&o.runs, "runs", fmt.Sprintf("seeds (default %d)", runs))
	set.Var(&o.workers, "workers", "goroutines; results do not depend on them (default: all processors)")
	set.StringArrayVar(&o.sets, "set", nil, "key=value of any parameter; repeat for more")
	set.Var(&o.format, "format", "of standard output (default "+formats[0]+")")
	set.Var(&o.progress, "progress", "on standard error (default auto)")
}

// setup resolves the flags into runs of some scenarios.
func (o *validation) setup(c *cobra.Command, scenarios []string) (evidence.Setup, *talker, error) {
	var f faults
	for _, v := range []struct {
		name string
		err  error
		text string
	}{{"sample", o.sample.err, o.sample.text}, {"seed", o.seed.err, o.seed.text}, {"runs", o.runs.err, o.runs.text}, {"workers", o.workers.err, o.workers.text},
		{"format", o.format.err, o.format.text}, {"progress", o.progress.err, o.progress.text}} {
		if v.err != nil {
			f.addf("--%s = %s: %v", v.name, v.text, v.err)
		}
	}
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
