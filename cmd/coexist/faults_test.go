//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// tries is how often a fault of docs/reliability.md is tried: COEXIST_FAULTS times or, without it, a few.
func tries(t *testing.T, usual int) int {
	if n, err := strconv.Atoi(os.Getenv("COEXIST_FAULTS")); err == nil {
		return n
	}
	if testing.Short() {
		return (usual + 2) / 3
	}
	return usual
}

// binary is the path of the command: the test program under its name.
func binary(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	bin := filepath.Join(t.TempDir(), "coexist")
	if err := os.Symlink(self, bin); err != nil {
		t.Fatal(err)
	}
	return bin
}

// small is a command of some seconds with several runs, tables and figures.
func small(out string) []string { return comparison(out, "0.3") }

// longer is small with more people: when two of its six runs have ended, there is a second of work to do.
func longer(out string) []string { return comparison(out, "1") }

// comparison is the command into a folder, of a share of the people.
func comparison(out, sample string) []string {
	return []string{"compare", "status-quo", "open-entry", "--place", "synthetic:residents=8000", "--sample", sample, "--years", "4", "--runs", "3",
		"--patients", "20", "--csv", "--progress", "none", "--out", out}
}

// run runs the command and returns its exit code (-1: ended by a signal) and what it said.
func run(t *testing.T, bin string, args []string) (code int, said string) {
	t.Helper()
	code, said, _ = runMeasured(t, bin, args)
	return code, said
}

// runMeasured runs the command as run does and returns the most memory that it had, MB. What the test program
// has is in it, since the command begins as its copy.
func runMeasured(t *testing.T, bin string, args []string) (code int, said string, rss int64) {
	t.Helper()
	c := exec.Command(bin, args...)
	var errs bytes.Buffer
	c.Stderr = &errs
	err := c.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if use, ok := c.ProcessState.SysUsage().(*syscall.Rusage); ok {
		rss = use.Maxrss >> 10
		if runtime.GOOS == "darwin" { // in bytes
			rss >>= 10
		}
	}
	return c.ProcessState.ExitCode(), errs.String(), rss
}

// contents returns the bytes of every file of a folder but the manifest.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == "manifest.json" {
			return err
		}
		data, err := os.ReadFile(p)
		rel, _ := filepath.Rel(dir, p)
		all[filepath.ToSlash(rel)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// same wants two folders to have the same files with the same bytes.
func same(t *testing.T, what string, got, want map[string]string) {
	t.Helper()
	for name, data := range want {
		if got[name] != data {
			t.Errorf("%s: %s has %d bytes, want %d, the same as without a fault", what, name, len(got[name]), len(data))
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			t.Errorf("%s: %s is left behind", what, name)
		}
	}
}

// parts counts the ended runs of an unfinished result, or -1 if there is none or it is finished.
func parts(t *testing.T, dir string) int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return -1
	}
	if err != nil {
		t.Fatal(err)
	}
	var m struct{ Complete bool }
	if err := json.Unmarshal(text, &m); err != nil {
		t.Errorf("manifest.json is torn: %v", err)
	}
	if m.Complete {
		return -1
	}
	ended, _ := filepath.Glob(filepath.Join(dir, "parts", "*.part"))
	return len(ended)
}

// storm sends a signal at random moments, again and again, until the command has been hit n times, and
// wants nothing that had ended to be lost, no file torn and, in the end, the bytes of a quiet run.
func storm(t *testing.T, signal os.Signal, n int, codes ...int) {
	bin := binary(t)
	quiet := filepath.Join(t.TempDir(), "quiet")
	start := time.Now()
	if code, said := run(t, bin, small(quiet)); code != 0 {
		t.Fatal(said)
	}
	whole := time.Since(start)
	want := contents(t, quiet)
	rng := rand.New(rand.NewPCG(9, uint64(n)))
	hits, finished := 0, 0
	for hits < n {
		dir := filepath.Join(t.TempDir(), "hit")
		for had := -1; ; {
			c := exec.Command(bin, small(dir)...)
			var errs bytes.Buffer
			c.Stderr = &errs
			start := time.Now()
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			ended := make(chan error, 1)
			go func() { ended <- c.Wait() }()
			if hits < n {
				select {
				case <-ended:
					if had < 0 { // a whole one: the machine is faster now
						whole = min(whole, time.Since(start))
					}
				case <-time.After(time.Duration(rng.Float64() * 0.9 * float64(whole))):
					c.Process.Signal(signal)
					hits++
					<-ended
				}
			} else {
				<-ended
			}
			code := c.ProcessState.ExitCode()
			if code == 0 {
				break
			}
			if !slices.Contains(codes, code) {
				t.Fatalf("exit code %d after %v: %s", code, signal, errs.String())
			}
			if code == 3 && !strings.Contains(errs.String(), "the same command goes on") {
				t.Errorf("it said: %s", errs.String())
			}
			now := parts(t, dir)
			if now < had && now >= 0 {
				t.Errorf("%d ended runs, %d before the signal: some are lost", now, had)
			}
			had = max(now, had)
		}
		finished++
		same(t, "after "+signal.String(), contents(t, dir), want)
	}
	t.Logf("%v: %d signals, %d results, all with the bytes of a quiet run", signal, hits, finished)
}

func TestKilledAtRandom(t *testing.T) { storm(t, syscall.SIGKILL, tries(t, 4), -1) }

// A signal before the program listens ends it at once, with nothing written.
func TestTerminatedAtRandom(t *testing.T) { storm(t, syscall.SIGTERM, tries(t, 4), 3, -1) }

// finishedResult makes the result of a command that nothing disturbed.
func finishedResult(t *testing.T, bin string, command func(out string) []string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "quiet")
	if code, said := run(t, bin, command(dir)); code != 0 {
		t.Fatal(said)
	}
	return dir
}

// copyOf copies a result, so that it can be harmed.
func copyOf(t *testing.T, from string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "copy")
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	return dir
}

// stoppedResult makes an unfinished result of the longer command, that has two ended runs or more: with one worker
// they end one after another, and it is killed once the second has.
func stoppedResult(t *testing.T, bin string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "stopped")
	c := exec.Command(bin, append(longer(dir), "--workers", "1")...)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	for parts(t, dir) < 2 && len(ended) == 0 {
		time.Sleep(2 * time.Millisecond)
	}
	c.Process.Kill()
	<-ended
	if n := parts(t, dir); n < 2 {
		t.Fatalf("%d ended runs and %v when it was killed, want two or more and work left to do", n, c.ProcessState)
	}
	return dir
}

// TestDamageBetweenRuns changes, shortens or removes a file of an unfinished result: the same command
// then refuses with a reason, or goes on to the same bytes; never to others.
func TestDamageBetweenRuns(t *testing.T) {
	bin := binary(t)
	quiet := finishedResult(t, bin, longer)
	want := contents(t, quiet)
	from := stoppedResult(t, bin)
	rng := rand.New(rand.NewPCG(9, 9))
	refused, repeated := 0, 0
	for range tries(t, 5) {
		dir := copyOf(t, from)
		what := damage(t, dir, rng)
		switch code, said := run(t, bin, longer(dir)); {
		case code == 0:
			same(t, what, contents(t, dir), want)
			repeated++
		case code == 1 || code == 2:
			if !strings.Contains(said, dir) {
				t.Errorf("%s: exit code %d, it said: %s", what, code, said)
			}
			refused++
		default:
			t.Errorf("%s: exit code %d: %s", what, code, said)
		}
	}
	t.Logf("%d refused with a reason, %d repeated with the same bytes", refused, repeated)
}

// damage does one thing to one file of a folder and says what.
func damage(t *testing.T, dir string, rng *rand.Rand) string {
	t.Helper()
	var files []string
	filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, p)
		}
		return err
	})
	file := files[rng.IntN(len(files))]
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	what := filepath.Base(file)
	switch rng.IntN(4) {
	case 0:
		what += " removed"
		err = os.Remove(file)
	case 1:
		n := rng.IntN(len(data) + 1)
		what += " cut to " + strconv.Itoa(n) + " bytes"
		err = os.Truncate(file, int64(n))
	default:
		if len(data) > 0 {
			bit := rng.IntN(8 * len(data))
			data[bit/8] ^= 1 << (bit % 8)
			what += " with bit " + strconv.Itoa(bit) + " flipped"
		}
		err = os.WriteFile(file, data, 0o666)
	}
	if err != nil {
		t.Fatal(err)
	}
	return what
}

// TestDamagedResult changes a file of a finished result: verify and the same command refuse it.
func TestDamagedResult(t *testing.T) {
	bin := binary(t)
	whole := finishedResult(t, bin, small)
	rng := rand.New(rand.NewPCG(9, 1))
	for left := tries(t, 5); left > 0; {
		dir := copyOf(t, whole)
		before := contents(t, dir)
		what := damage(t, dir, rng)
		if maps.Equal(contents(t, dir), before) { // the manifest, whose facts of the machine are in no checksum, or cut to its own length
			os.RemoveAll(dir)
			continue
		}
		left--
		for _, args := range [][]string{{"verify", dir}, small(dir)} {
			if code, said := run(t, bin, args); code != 1 || !strings.Contains(said, "damaged") {
				t.Errorf("%s: %s: exit code %d, want 1: %s", what, args[0], code, said)
			}
		}
	}
}

// TestClockSetBack gives every file a date far off and goes on: dates decide nothing.
func TestClockSetBack(t *testing.T) {
	bin := binary(t)
	quiet := finishedResult(t, bin, longer)
	from := stoppedResult(t, bin)
	for _, year := range []int{1970, 2100}[:min(tries(t, 1), 2)] {
		dir := copyOf(t, from)
		when := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)
		filepath.WalkDir(dir, func(p string, _ fs.DirEntry, err error) error { return errors.Join(err, os.Chtimes(p, when, when)) })
		if code, said := run(t, bin, longer(dir)); code != 0 {
			t.Fatal(said)
		}
		same(t, strconv.Itoa(year), contents(t, dir), contents(t, quiet))
	}
}

// TestTwoAtOnce starts two processes on one folder: one does the work, the other is refused or finds it
// done.
func TestTwoAtOnce(t *testing.T) {
	bin := binary(t)
	quiet := finishedResult(t, bin, small)
	for range tries(t, 2) {
		dir := filepath.Join(t.TempDir(), "shared")
		type end struct {
			code int
			said string
		}
		ends := make(chan end)
		for range 2 {
			go func() {
				var errs bytes.Buffer
				c := exec.Command(bin, small(dir)...)
				c.Stderr = &errs
				c.Run()
				ends <- end{c.ProcessState.ExitCode(), errs.String()}
			}()
		}
		a, b := <-ends, <-ends
		if a.code != 0 {
			a, b = b, a
		}
		if a.code != 0 || b.code != 0 && (b.code != 2 || !strings.Contains(b.said, "in use by another process")) {
			t.Errorf("exit codes %d and %d: %s%s", a.code, b.code, a.said, b.said)
		}
		same(t, "two at once", contents(t, dir), contents(t, quiet))
	}
}

// TestOutOfFiles runs with few file handles: it works, or says what is wrong and can go on.
func TestOutOfFiles(t *testing.T) {
	bin := binary(t)
	quiet := finishedResult(t, bin, small)
	worked, failed := 0, 0
	for handles := 10; handles <= 18; handles += 4 {
		dir := filepath.Join(t.TempDir(), "few")
		c := exec.Command("sh", append([]string{"-c", "ulimit -n " + strconv.Itoa(handles) + `; exec "$0" "$@"`, bin}, small(dir)...)...)
		var errs bytes.Buffer
		c.Stderr = &errs
		c.Run()
		switch code := c.ProcessState.ExitCode(); {
		case code == 0:
			worked++
		case (code == 1 || code == 2) && strings.Contains(errs.String(), "too many open files") && !strings.Contains(errs.String(), "panic"):
			failed++
			if code, said := run(t, bin, small(dir)); code != 0 {
				t.Errorf("%d handles: then exit code %d: %s", handles, code, said)
			}
		default:
			t.Errorf("%d handles: exit code %d: %s", handles, code, errs.String())
		}
		if _, err := os.Stat(dir); err == nil {
			same(t, strconv.Itoa(handles)+" handles", contents(t, dir), contents(t, quiet))
		}
	}
	t.Logf("%d limits were enough, %d were not", worked, failed)
}

// TestHugeInputs: a file of 1 GB, or one nested without end, is refused at once.
func TestHugeInputs(t *testing.T) {
	bin := binary(t)
	dir := t.TempDir()
	huge := filepath.Join(dir, "huge.toml")
	deep := filepath.Join(dir, "deep.toml")
	result := filepath.Join(dir, "result")
	manifest := filepath.Join(result, "manifest.json")
	if err := errors.Join(
		os.WriteFile(huge, []byte("extends = \"airline\"\n"), 0o666), os.Truncate(huge, 1<<30),
		os.WriteFile(deep, []byte("extends = \"airline\"\nx = "+strings.Repeat("[", 100_000)), 0o666),
		os.Mkdir(result, 0o777), os.WriteFile(manifest, []byte(strings.Repeat("[", 1_000_000)), 0o666),
	); err != nil {
		t.Fatal(err)
	}
	refused := func(what string, args ...string) {
		t.Helper()
		start := time.Now()
		code, said, rss := runMeasured(t, bin, args)
		if rss > 512 {
			t.Errorf("%s: refused with %d MB in memory, want at most 512", what, rss)
		}
		if code != 2 || len(said) > 2000 || strings.Contains(said, "goroutine") {
			t.Errorf("%s: exit code %d, want 2: %.500s", what, code, said)
		}
		if took := time.Since(start); took > time.Minute {
			t.Errorf("%s: refused after %v", what, took)
		}
	}
	refused("a scenario of 1 GB", "check", huge)
	refused("a nested scenario", "check", deep)
	refused("a nested manifest", "plot", result)
	refused("a nested manifest", "verify", result)
	if err := os.Truncate(manifest, 1<<30); err != nil {
		t.Fatal(err)
	}
	refused("a manifest of 1 GB", "plot", result)
	for _, name := range []string{"trials.tsv", "plan.json"} {
		if err := errors.Join(os.WriteFile(filepath.Join(dir, name), nil, 0o666), os.Truncate(filepath.Join(dir, name), 1<<30)); err != nil {
			t.Fatal(err)
		}
	}
	posterior := filepath.Join(dir, "posterior.toml")
	if err := os.WriteFile(posterior, []byte("places = [\"Devon\"]\nscenarios = [\"status-quo\"]\n[design]\nkind = \"list\"\n[posterior]\nfile = \"trials.tsv\"\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	refused("an experiment of 1 GB", "sweep", huge)
	refused("a nested experiment", "sweep", deep)
	refused("a table of draws of 1 GB", "sweep", posterior)
	refused("targets of 1 GB", "plot", result, "--targets", filepath.Join(dir, "trials.tsv"))
	refused("a checkpoint of 1 GB", "run", "airline", "--from", filepath.Join(dir, "trials.tsv"))
	refused("a journal of 1 GB", "calibrate", "--place", "synthetic:residents=3000", "--sample", "0.3", "--runs", "1", "--out", dir)
	if code, said, rss := runMeasured(t, bin, []string{"sweep", "merge", dir}); code != 1 || rss > 512 || !strings.Contains(said, "damaged") {
		t.Errorf("a plan of 1 GB: exit code %d, %d MB, want 1 and at most 512: %s", code, rss, said)
	}
	refused("a long setting", "check", "airline", "--set", "choice.minutes="+strings.Repeat("[", 100_000))
	refused("a long place", "check", "airline", "--place", strings.Repeat("A+", 30_000)+"A")
	refused("a place with a name without end", "check", "airline", "--place", strings.Repeat("A", 60_000))
}
