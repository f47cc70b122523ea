package main

import (
	"bytes"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// kills runs coexist with --checkpoint and kills it, without warning, in turn when a new checkpoint of the run is
// there and at a random moment: kills 10 run airline. Whenever a start is left to its end, the folder must be that
// of a run that nobody stopped, and another begins. COEXIST_KILLS in the environment is another number of kills.
func kills(ts *testscript.TestScript, _ bool, args []string) {
	wanted := args[0]
	if more := os.Getenv("COEXIST_KILLS"); more != "" {
		wanted = more
	}
	n, err := strconv.Atoi(wanted)
	ts.Check(err)
	k := &killer{ts: ts, args: args[1:]}
	rng := rand.New(rand.NewPCG(uint64(n), 1))
	start := time.Now()
	k.run("whole", nil)
	span := time.Since(start)
	k.want = k.files("whole")
	dir, done := 0, 0
	for k.killed < n {
		out := "killed" + strconv.Itoa(dir)
		at := k.newer(out)
		if k.killed%2 > 0 {
			at = later(time.Duration(rng.Float64() * float64(span)))
		}
		start, fresh := time.Now(), k.last == ""
		if k.run(out, at) {
			if fresh { // the machine is faster now
				span = min(span, time.Since(start))
			}
			k.compare(out)
			dir++
			done++
		}
	}
	out := "killed" + strconv.Itoa(dir)
	if !k.run(out, nil) {
		ts.Fatalf("the last start did not end")
	}
	k.compare(out)
	ts.Logf("%d kills, %d of them after a checkpoint; %d results compared", k.killed, k.late, done+1)
	if k.late < n/2 {
		ts.Fatalf("%d of %d kills came after a checkpoint, want half of them or more", k.late, n)
	}
}

// killer starts coexist and kills it.
type killer struct {
	ts     *testscript.TestScript
	args   []string
	want   map[string][]byte // files of a run that is not killed
	killed int
	late   int    // after a checkpoint
	last   string // checkpoint of the last kill, from which the next start must go on
}

// atWork is what a start says that has simulated weeks, or taken them from a checkpoint.
var atWork = regexp.MustCompile(`(?m)^runs (0/1  [1-9]|1/1)`)

// moment reports whether a kill is due; it is asked again and again.
type moment func() bool

// later is a moment some time from now.
func later(after time.Duration) moment {
	due := time.Now().Add(after)
	return func() bool { return !time.Now().Before(due) }
}

// newer is the moment at which a run has written a checkpoint more than it has now.
func (k *killer) newer(out string) moment {
	before := k.latest(out)
	return func() bool { return k.latest(out) > before }
}

// latest is the last checkpoint of the run in a folder, or empty.
func (k *killer) latest(out string) string {
	list, err := filepath.Glob(k.ts.MkAbs(filepath.Join(out, "checkpoints", "run-*.ckpt")))
	k.ts.Check(err)
	if len(list) == 0 {
		return ""
	}
	return filepath.Join(out, "checkpoints", filepath.Base(slices.Max(list)))
}

// run starts coexist into a folder and kills it at a moment, or not (nil). It reports whether the start came to
// its end.
func (k *killer) run(out string, at moment) bool {
	c := program(k.ts, append(slices.Clone(k.args), "--out", out))
	var said bytes.Buffer
	c.Stderr = &said
	k.ts.Check(c.Start())
	over := make(chan error, 1)
	go func() { over <- c.Wait() }()
	if at != nil {
		for !at() && len(over) == 0 {
			time.Sleep(time.Millisecond)
		}
		c.Process.Kill()
	}
	err := <-over
	text := said.String()
	if k.last != "" && atWork.MatchString(text) && !strings.Contains(text, "goes on from "+filepath.ToSlash(k.last)) {
		k.ts.Fatalf("%s: went on from somewhere else than %s; it said:\n%s", out, k.last, text)
	}
	if k.last = ""; err == nil {
		return true
	}
	if code := c.ProcessState.ExitCode(); code != -1 {
		k.ts.Fatalf("%s: exit code %d, want the kill or 0; it said:\n%s", out, code, text)
	}
	k.killed++
	if k.last = k.latest(out); k.last != "" {
		k.late++
	}
	return false
}

// files reads a result, but for what tells of the machine and the moment; of checkpoints it has the names.
func (k *killer) files(out string) map[string][]byte {
	root := k.ts.MkAbs(out)
	all := map[string][]byte{}
	k.ts.Check(filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		all[rel] = nil
		if rel != "manifest.json" && filepath.Ext(rel) != ".ckpt" {
			all[rel], err = os.ReadFile(path)
		}
		return err
	}))
	return all
}

// compare wants a folder to be that of a run that was not killed.
func (k *killer) compare(out string) {
	got := k.files(out)
	for rel, data := range k.want {
		if other, ok := got[rel]; !ok {
			k.ts.Fatalf("%s: no %s", out, rel)
		} else if !bytes.Equal(data, other) {
			k.ts.Fatalf("%s: %s differs from that of a run that was not killed", out, rel)
		}
	}
	for rel := range got {
		if _, ok := k.want[rel]; !ok {
			k.ts.Fatalf("%s: %s stays behind", out, rel)
		}
	}
	k.ts.Check(os.RemoveAll(k.ts.MkAbs(out)))
}
