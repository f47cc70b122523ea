package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"coexist/sim/evidence"
	"coexist/sim/place"
	"coexist/sim/place/england"
)

// newReplicate makes the verb that repeats a published model study.
func newReplicate() *cobra.Command {
	maps := newValue("number", strconv.Itoa(evidence.FewestMaps), whole(2, 1000))
	heads := newValue("number", "12000", whole(3_000, 200_000))
	workers := newWorkers()
	format := newWords("text", "json", "markdown")
	tell := newProgressMode()
	var sets []string
	c := &cobra.Command{
		Use:   "replicate",
		Short: "Repeat the study of provider choice in accountable care",
		Long: `Repeats a published model study: patients with heart failure who may choose their provider against the
same patients who may not, in a market with shared savings that providers may leave. One parameter is
fitted on hospitalisation, payment and mortality are predicted, on pairs of made-up maps with the same
people and luck. The published figures stand beside ours. It ends with 0 whatever is missed.`,
		Example: "  coexist replicate\n  coexist replicate --maps 60 --format markdown",
		Args:    arguments(0, 0, "none"),
		RunE: func(c *cobra.Command, _ []string) error {
			var f faults
			flagFaults(c.Flags(), &f)
			if err := f.err(); err != nil {
				return err
			}
			e, err := place.Read(england.FS())
			if err != nil {
				return err
			}
			p := newProgress(tell.now, c.ErrOrStderr())
			told := newTalker(p)
			start := time.Now()
			r, err := evidence.Replicate(c.Context(), evidence.Market{England: e, Maps: int(maps.now), Residents: int(heads.now), Workers: int(workers.now), Sets: sets,
				Progress: func(done, all int) {
					if tenth := 10 * done / all; tenth > told.told {
						told.told = tenth
						told.say("%d pairs of maps, at most %d", done, all)
					}
				}})
			p.stop()
			if err != nil && errors.Is(err, context.Canceled) {
				return fmt.Errorf("%w after %s", errStopped, clock(time.Since(start)))
			}
			if err != nil {
				return err
			}
			switch format.now {
			case "json":
				return writeJSON(c.OutOrStdout(), r)
			case "markdown":
				return r.WriteMarkdown(c.OutOrStdout())
			}
			return r.WriteText(c.OutOrStdout())
		},
	}
	set := c.Flags()
	set.Var(&maps, "maps", "pairs of made-up regions, each with its number as seed; without it as many as the study has")
	set.Var(&heads, "residents", "of each region; 12,000 make some 5,000 patients with heart failure on 41 maps")
	set.Var(&workers, "workers", workersUse)
	set.StringArrayVar(&sets, "set", nil, "key=value of any parameter, in both arms; repeat for more")
	set.Var(&format, "format", formatUse)
	set.Var(&tell, "progress", progressUse)
	return c
}
