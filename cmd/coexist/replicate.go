package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/spf13/cobra"

	"coexist/sim/evidence"
	"coexist/sim/place"
	"coexist/sim/place/england"
)

// newReplicate makes the verb that repeats a published model study.
func newReplicate() *cobra.Command {
	maps := value[int64]{now: evidence.FewestMaps, parse: whole(2, 1000), kind: "number"}
	heads := value[int64]{now: 12_000, parse: whole(3_000, 200_000), kind: "number"}
	workers := value[int64]{now: int64(runtime.GOMAXPROCS(0)), parse: whole(1, 4096), kind: "number"}
	format := value[string]{now: "text", parse: word("text", "json", "markdown"), kind: "text|json|markdown"}
	tell := value[string]{now: "auto", parse: word("auto", "plain", "json", "none"), kind: "auto|plain|json|none"}
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
			flagFaults(c, &f)
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
				out := json.NewEncoder(c.OutOrStdout())
				out.SetIndent("", "  ")
				return out.Encode(r)
			case "markdown":
				return r.WriteMarkdown(c.OutOrStdout())
			}
			return r.WriteText(c.OutOrStdout())
		},
	}
	set := c.Flags()
	set.Var(&maps, "maps", fmt.Sprintf("pairs of made-up regions, each with its number as seed (default %d, that of the study)", evidence.FewestMaps))
	set.Var(&heads, "residents", "of each region (default 12000: some 5,000 patients with heart failure on 41 maps)")
	set.Var(&workers, "workers", "goroutines; results do not depend on them (default: all processors)")
	set.StringArrayVar(&sets, "set", nil, "key=value of any parameter, in both arms; repeat for more")
	set.Var(&format, "format", "of standard output (default text)")
	set.Var(&tell, "progress", "on standard error (default auto)")
	return c
}
