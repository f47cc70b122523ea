package experiment

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Engines lists what Script writes for.
func Engines() []string { return []string{"slurm", "kubernetes"} }

// ScriptOptions says what a script asks of its engine.
type ScriptOptions struct {
	Engine   string
	Dir      string   // folder of the sweep as the nodes see it; absolute
	Program  string   // path of coexist as the nodes see it
	Shards   []int    // to run; nil: all
	Parallel int      // shards at once at most; 0: no limit for Slurm, all of them for Kubernetes
	Memory   int64    // bytes a shard
	Args     []string // lines for the engine, copied as they are
	Image    string   // container image with coexist in it (Kubernetes)
	Claim    string   // volume claim that every node mounts to write, with renames that are atomic (Kubernetes)
}

// limitFactor is how much longer than expected a shard may take before the engine stops it.
const limitFactor = 4

// Script writes what runs the shards of a sweep on an engine. It submits nothing. How many shards there
// are is written out from the plan, never taken from the engine: an array that is submitted again in
// part would tell another number.
func (s *Sweep) Script(o ScriptOptions) (string, error) {
	switch {
	case !slices.Contains(Engines(), o.Engine):
		return "", sweepFault("--engine = %q, want one of %s", o.Engine, strings.Join(Engines(), ", "))
	case o.Shards != nil && len(o.Shards) == 0:
		return "", sweepFault("no shard is missing: nothing to run")
	}
	for _, text := range append([]string{o.Dir, o.Program, o.Image, o.Claim}, o.Args...) {
		if strings.ContainsAny(text, "\n\r\x00") {
			return "", sweepFault("%q, want one line", text)
		}
	}
	if o.Shards == nil {
		for i := range s.Shards {
			o.Shards = append(o.Shards, i)
		}
	}
	if o.Engine == "slurm" {
		return s.slurm(o), nil
	}
	return s.kubernetes(o), nil
}

// limit is the time by the clock that a shard may take: minutes, at least 10.
func (s *Sweep) limit() int {
	longest := 0.0
	shards := make([]float64, s.Shards)
	for i := range s.Runs {
		shards[s.Runs[i].Shard] += s.Runs[i].Seconds
		longest = max(longest, shards[s.Runs[i].Shard])
	}
	return max(int(math.Ceil(longest*limitFactor/float64(s.Workers)/60)), 10)
}

// quoted puts a text in single quotes for a shell.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// slurm is a job array.
func (s *Sweep) slurm(o ScriptOptions) string {
	var b strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	array := Ranges(o.Shards)
	if o.Parallel > 0 {
		array += "%" + strconv.Itoa(o.Parallel)
	}
	minutes := s.limit()
	p("#!/bin/bash")
	p("# %s: shards %s of %d. Submit it; when all are done:", s.Name, Ranges(o.Shards), s.Shards)
	p("#   sbatch --dependency=afterany:JOB --wrap=%s", quoted(quoted(o.Program)+" sweep merge "+quoted(o.Dir)))
	p("# What is missing then: coexist sweep script DIR --engine slurm --only-missing")
	p("#SBATCH --job-name=coexist-%s", s.Hash[:8])
	p("#SBATCH --array=%s", array)
	p("#SBATCH --cpus-per-task=%d --mem=%dM --time=%02d:%02d:00", s.Workers, (o.Memory+1<<20-1)>>20, minutes/60, minutes%60)
	p("#SBATCH --requeue --open-mode=append")
	p("#SBATCH --output=%s/log/shard-%%a.txt", strings.ReplaceAll(o.Dir, "%", "%%"))
	for _, a := range o.Args {
		p("#SBATCH %s", a)
	}
	p(`exec %s sweep run %s --shard "$SLURM_ARRAY_TASK_ID/%d" --workers %d --progress plain`, quoted(o.Program), quoted(o.Dir), s.Shards, s.Workers)
	return b.String()
}

// kubernetes is an Indexed Job. It counts indices from 0 without gaps, so a script for some shards names
// them in a list from which the index picks one. Images need no shell.
func (s *Sweep) kubernetes(o ScriptOptions) string {
	var b strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	text := strconv.Quote
	n := len(o.Shards)
	parallel := n
	if o.Parallel > 0 {
		parallel = min(o.Parallel, n)
	}
	p("# %s: shards %s of %d, each tried again if its pod is lost. When all are done: coexist sweep merge", s.Name, Ranges(o.Shards), s.Shards)
	p("apiVersion: batch/v1")
	p("kind: Job")
	p("metadata:")
	p("  name: coexist-%s", s.jobName(o.Shards))
	p("spec:")
	p("  completionMode: Indexed")
	p("  completions: %d", n)
	p("  parallelism: %d", parallel)
	p("  backoffLimitPerIndex: 3")
	p("  maxFailedIndexes: %d", n)
	p("  podReplacementPolicy: Failed # no second pod while the first may still write")
	p("  podFailurePolicy:")
	p("    rules:")
	p("      - action: Ignore # evictions and lost nodes are no fault of the shard")
	p("        onPodConditions: [{type: DisruptionTarget}]")
	p("      - action: FailIndex # some runs failed, or wrong input: the next try would end as this one")
	p("        onExitCodes: {containerName: shard, operator: In, values: [1, 2]}")
	p("  template:")
	p("    spec:")
	p("      restartPolicy: Never")
	p("      containers:")
	p("        - name: shard")
	p("          image: %s", text(o.Image))
	if n == s.Shards {
		p("          command: [%s, sweep, run, %s, --shard, \"$(JOB_COMPLETION_INDEX)/%d\", --workers, \"%d\", --progress, plain]", text(o.Program), text(o.Dir), s.Shards, s.Workers)
	} else {
		p("          command: [%s, sweep, run, %s, --pick, \"%s\", --shard, \"$(JOB_COMPLETION_INDEX)/%d\", --workers, \"%d\", --progress, plain]", text(o.Program), text(o.Dir), Ranges(o.Shards), s.Shards, s.Workers)
	}
	p("          resources:")
	p("            requests: {cpu: \"%d\", memory: %dMi}", s.Workers, (o.Memory+1<<20-1)>>20)
	p("            limits: {memory: %dMi}", (o.Memory+1<<20-1)>>20)
	p("          volumeMounts: [{name: sweep, mountPath: %s}]", text(o.Dir))
	p("      volumes:")
	p("        - name: sweep")
	p("          persistentVolumeClaim: {claimName: %s}", text(o.Claim))
	for _, a := range o.Args {
		p("%s", a)
	}
	return b.String()
}

// jobName names a job by its sweep, and by its shards where they are not all.
func (s *Sweep) jobName(shards []int) string {
	if len(shards) == s.Shards {
		return s.Hash[:8]
	}
	return s.Hash[:8] + "-" + hashOf(shards)[:8]
}
