package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"coexist/sim/experiment"
)

// newSweepRun makes the verb that does one shard, or what is missing of all.
func newSweepRun() *cobra.Command {
	o := newSweepFlags()
	var shard, pick, only string
	var retry bool
	c := &cobra.Command{
		Use:   "run DIR",
		Short: "Do one shard of a planned sweep, or all that is missing",
		Long: `Does the runs of a shard that are not there yet. How many shards there are is in the plan: i/N with
another N is refused. Two processes on one shard do no harm. Exit code 0: all runs of the shard are
there; 1: some failed; 2: wrong use; 3: stopped, start it again.`,
		Example: "  coexist sweep run sweep --shard 3/64\n  coexist sweep run sweep --only 17 --retry-failed",
		Args:    arguments(1, 1, "the folder of one sweep"),
		RunE: func(c *cobra.Command, args []string) error {
			var f faults
			flagFaults(c.Flags(), &f)
			if shard != "" && only != "" {
				f.addf("--shard and --only, want one of them")
			}
			if pick != "" && shard == "" {
				f.addf("--pick without --shard i/N, want both")
			}
			if err := f.err(); err != nil {
				return err
			}
			s, err := experiment.ReadSweep(args[0])
			if err != nil {
				return err
			}
			list, err := chosenRuns(s, shard, pick, only) // before any work
			if err != nil {
				return err
			}
			p, err := openSweep(args[0], newProgress(o.progress.now, c.ErrOrStderr()))
			if err != nil {
				return err
			}
			sum, err := p.run(c, list, int(o.workers.now), retry, "the same command")
			if err != nil {
				return err
			}
			p.tell.say("%d of %d runs are there, %d failed", sum.Done, len(list), len(sum.Failed))
			return p.failed(sum.Failed)
		},
	}
	c.Flags().StringVar(&shard, "shard", "", "i/N: shard i of the N of the plan, from 0")
	c.Flags().StringVar(&pick, "pick", "", "list of shards such as 0,17,40-44: i counts in it, from 0; N stays that of the plan")
	c.Flags().StringVar(&only, "only", "", "list of runs such as 17,40-44")
	c.Flags().BoolVar(&retry, "retry-failed", false, "try runs again that failed before")
	o.work(c.Flags())
	return c
}

// chosenRuns lists the runs that flags name: a shard, some, or all.
func chosenRuns(s *experiment.Sweep, shard, pick, only string) ([]int, error) {
	switch {
	case only != "":
		list, err := numbers(only, len(s.Runs))
		if err != nil {
			return nil, wrong("--only %s: %v", only, err)
		}
		return list, nil
	case shard == "":
		return indices(len(s.Runs)), nil
	}
	i, n, ok := strings.Cut(shard, "/")
	at, err1 := strconv.Atoi(i)
	of, err2 := strconv.Atoi(n)
	if !ok || err1 != nil || err2 != nil {
		return nil, wrong("--shard %s, want i/%d with i from 0 to %d", shard, s.Shards, s.Shards-1)
	}
	if of != s.Shards {
		return nil, wrong("--shard %s: the plan has %d shards, want i/%d", shard, s.Shards, s.Shards)
	}
	if pick != "" {
		list, err := numbers(pick, s.Shards)
		if err != nil {
			return nil, wrong("--pick %s: %v", pick, err)
		}
		if at < 0 || at >= len(list) {
			return nil, wrong("--shard %s: --pick lists %d shards, want i from 0 to %d", shard, len(list), len(list)-1)
		}
		at = list[at]
	}
	if at < 0 || at >= s.Shards {
		return nil, wrong("--shard %s, want i from 0 to %d", shard, s.Shards-1)
	}
	return s.Shard(at)
}

// numbers reads a list such as 0,17,40-44 of different numbers below n, and sorts it.
func numbers(text string, n int) ([]int, error) {
	var list []int
	for part := range strings.SplitSeq(text, ",") {
		first, last, span := strings.Cut(strings.TrimSpace(part), "-")
		a, err1 := strconv.Atoi(first)
		b, err2 := a, error(nil)
		if span {
			b, err2 = strconv.Atoi(last)
		}
		if err1 != nil || err2 != nil || a < 0 || b < a || b >= n {
			return nil, fmt.Errorf("%q, want numbers from 0 to %d such as 0,17,40-44", part, n-1)
		}
		for i := a; i <= b; i++ {
			list = append(list, i)
		}
	}
	slices.Sort(list)
	return slices.Compact(list), nil
}

// newSweepStatus makes the verb that tells how far a sweep is.
func newSweepStatus() *cobra.Command {
	o := newSweepFlags()
	var missing bool
	c := &cobra.Command{
		Use:     "status DIR",
		Short:   "Tell how far a sweep is: runs done, failed and missing",
		Example: "  coexist sweep status sweep\n  sbatch --array=$(coexist sweep status sweep --missing-shards) job.sh",
		Args:    arguments(1, 1, "the folder of one sweep"),
		RunE: func(c *cobra.Command, args []string) error {
			var f faults
			flagFaults(c.Flags(), &f)
			if err := f.err(); err != nil {
				return err
			}
			s, err := experiment.ReadSweep(args[0])
			if err != nil {
				return err
			}
			st := s.Status(args[0])
			switch {
			case missing:
				_, err = fmt.Fprintln(c.OutOrStdout(), experiment.Ranges(st.Shards))
				return err
			case o.format.now == "json":
				return writeJSON(c.OutOrStdout(), st)
			}
			return statusTo(c.OutOrStdout(), s, args[0], st)
		},
	}
	c.Flags().BoolVar(&missing, "missing-shards", false, "only the list of shards with missing runs, such as 0,17,40-44")
	c.Flags().Var(&o.format, "format", formatUse)
	return c
}

// statusTo writes the status in words.
func statusTo(out io.Writer, s *experiment.Sweep, dir string, st experiment.SweepStatus) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s in %s\n", s.Name, counted(s), many(s.Shards, "shard"))
	fmt.Fprintf(&b, "done     %s\nfailed   %s\nmissing  %s\n", grouped(int64(st.Done)), grouped(int64(len(st.Failed))), grouped(int64(len(st.Missing))))
	if len(st.Missing) > 0 {
		fmt.Fprintf(&b, "missing shards: %s; about %s of processor time\n", experiment.Ranges(st.Shards), roughly(asDuration(st.Seconds)))
	}
	for _, d := range st.Damaged {
		fmt.Fprintf(&b, "damaged, will be run again: %s: %s\n", shown(d.File), d.Error)
	}
	if len(st.Failed) > 0 {
		fmt.Fprintln(&b, failures(s, dir, st.Failed))
	}
	switch {
	case len(st.Missing) > 0:
		fmt.Fprintf(&b, "next: coexist sweep run %s, or coexist sweep script %s --engine slurm --only-missing\n", pasted(dir), pasted(dir))
	case st.Merged:
		fmt.Fprintf(&b, "result in %s\n", shown(experiment.ResultDir(dir)))
	default:
		fmt.Fprintf(&b, "next: coexist sweep merge %s\n", pasted(dir))
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// newSweepScript makes the verb that prints what runs a sweep on an engine.
func newSweepScript() *cobra.Command {
	engines := experiment.Engines()
	engine := newValue(strings.Join(engines, "|"), "", word(engines...))
	parallel := newValue("number", "", whole(1, experiment.MaxShards))
	var missing bool
	o := experiment.ScriptOptions{}
	c := &cobra.Command{
		Use:   "script DIR",
		Short: "Print the job array or manifest that runs the shards of a sweep",
		Long: `Prints a Slurm job array or a Kubernetes Indexed Job. It submits nothing: accounts, partitions and modules
differ between clusters; lines of --engine-arg are copied through.`,
		Example: "  coexist sweep script sweep --engine slurm --engine-arg --partition=long > job.sh && sbatch job.sh\n  coexist sweep script sweep --engine kubernetes --image registry/coexist:0.1.0 | kubectl apply -f -",
		Args:    arguments(1, 1, "the folder of one sweep"),
		RunE: func(c *cobra.Command, args []string) error {
			var f faults
			flagFaults(c.Flags(), &f)
			if engine.text == "" {
				f.addf("--engine is missing, want %s", strings.Join(engines, " or "))
			}
			if err := f.err(); err != nil {
				return err
			}
			s, err := experiment.ReadSweep(args[0])
			if err != nil {
				return err
			}
			o.Engine, o.Parallel = engine.now, int(parallel.now)
			if missing {
				if o.Shards = s.Status(args[0]).Shards; len(o.Shards) == 0 {
					return wrong("no shard of %s is missing: nothing to run", args[0])
				}
			}
			if o.Dir == "" {
				if o.Dir, err = scriptDir(o.Engine, args[0]); err != nil {
					return err
				}
			}
			if o.Program == "" {
				o.Program = scriptProgram(o.Engine)
			}
			o.Memory = shardMemory(s)
			text, err := s.Script(o)
			if err != nil {
				return err
			}
			if o.Engine == "slurm" { // Slurm makes no folder for the logs
				if err := os.MkdirAll(filepath.Join(args[0], "log"), 0o777); err != nil {
					return err
				}
			}
			_, err = io.WriteString(c.OutOrStdout(), text)
			return err
		},
	}
	c.Flags().Var(&engine, "engine", "what runs the shards; must be given")
	c.Flags().BoolVar(&missing, "only-missing", false, "only shards with missing runs")
	c.Flags().Var(&parallel, "parallel", "shards at once at most (default: as the engine likes)")
	c.Flags().StringArrayVar(&o.Args, "engine-arg", nil, "line copied into the script: an option of sbatch, or YAML; repeat for more")
	c.Flags().StringVar(&o.Program, "program", "", "coexist as the nodes see it (default: this program; in a container coexist)")
	c.Flags().StringVar(&o.Dir, "dir", "", "the folder as the nodes see it (default: DIR; in a container /sweep)")
	c.Flags().StringVar(&o.Image, "image", "coexist:"+version, "container image (Kubernetes)")
	c.Flags().StringVar(&o.Claim, "claim", "coexist-sweep", "volume claim that every node can write (Kubernetes)")
	return c
}

// scriptDir is the folder as the nodes of an engine see it.
func scriptDir(engine, dir string) (string, error) {
	if engine == "kubernetes" {
		return "/sweep", nil
	}
	return filepath.Abs(dir)
}

// scriptProgram is this program as the nodes of an engine see it.
func scriptProgram(engine string) string {
	if path, err := os.Executable(); err == nil && engine != "kubernetes" {
		return path
	}
	return "coexist"
}

// shardMemory is what a shard is to be given, in bytes: twice the forecast.
func shardMemory(s *experiment.Sweep) int64 {
	state := bytesBefore + s.Shared + s.World*int64(2*s.Workers+len(s.Places))
	return 2 * (state + state*int64(collect(state))/100)
}

// newSweepMerge makes the verb that merges run files into a result.
func newSweepMerge(program []string) *cobra.Command {
	var out string
	var allow bool
	c := &cobra.Command{
		Use:   "merge DIR",
		Short: "Merge the runs of a sweep into a result",
		Long: `Puts the runs together in the order of the plan, so that shards, order, retries and engine do not show in a
byte. Refuses with exit code 3 while runs are missing, with exit code 1 where files of runs are damaged,
which it names; sweep run does both anew. Runs that failed, and with --allow-missing those that are missing
or damaged, are listed in ` + experiment.GapsTable + `.`,
		Example: "  coexist sweep merge sweep\n  coexist sweep merge sweep --allow-missing --out so-far",
		Args:    arguments(1, 1, "the folder of one sweep"),
		RunE: func(c *cobra.Command, args []string) error {
			s, err := experiment.ReadSweep(args[0])
			if err != nil {
				return err
			}
			p := &planned{sweep: s, dir: args[0], tell: newProgress("plain", c.ErrOrStderr())}
			if out == "" {
				out = experiment.ResultDir(args[0])
			}
			st, done, err := p.merge(out, allow, program)
			next := fmt.Sprintf("next: coexist sweep run %s does what is not there, the same command then goes on", pasted(args[0]))
			switch {
			case len(st.Damaged) > 0 && !allow:
				return fmt.Errorf("%w\n%s", err, next)
			case len(st.Missing) > 0 && !allow:
				return fmt.Errorf("%w: %w\n%s", errStopped, err, next)
			case err != nil:
				return err
			}
			if n := len(st.Damaged); n > 0 {
				p.tell.say("%s damaged and left out: %s", many(n, "run"), experiment.GapsTable)
			}
			if done {
				p.tell.say("%s is done already", shown(out))
			}
			if _, err := fmt.Fprintf(c.OutOrStdout(), "%s: %d of %d runs, %d failed, %d missing; result in %s\n", s.Name, st.Done, st.Runs, len(st.Failed), len(st.Missing), shown(out)); err != nil {
				return err
			}
			return p.failed(st.Failed)
		},
	}
	c.Flags().StringVar(&out, "out", "", "folder of the result (default DIR/result)")
	c.Flags().BoolVar(&allow, "allow-missing", false, "merge what is there; gaps are listed")
	return c
}
