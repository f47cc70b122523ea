package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"coexist": main})
}

// TestScripts runs every command as users do: words, files and exit codes.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"),
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"code": code, "interrupt": interrupt, "kills": kills, "killsweep": killSweep, "forge": forge, "spoil": spoil, "same": identical,
		},
		Setup: func(e *testscript.Env) error {
			e.Setenv("WORLD", "synthetic:residents=12000")
			return nil
		},
	})
}

// code runs coexist and wants an exit code: code 2 compare --years 0.
func code(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	if neg || err != nil {
		ts.Fatalf("usage: code N arguments of coexist")
	}
	got := 0
	if err := ts.Exec("coexist", args[1:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// forge changes the last digit of the second line of a file of a result and its checksum with it:
// forge RESULT data/outcomes.csv.
func forge(ts *testscript.TestScript, _ bool, args []string) {
	file, manifest := ts.MkAbs(filepath.Join(args[0], args[1])), ts.MkAbs(filepath.Join(args[0], "manifest.json"))
	old := ts.ReadFile(file)
	lines := strings.SplitAfterN(old, "\n", 3)
	digit := len(lines[1]) - 2
	lines[1] = lines[1][:digit] + string('0'+(lines[1][digit]-'0'+1)%10) + "\n"
	forged := strings.Join(lines, "")
	sum := func(s string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(s))) }
	ts.Check(os.WriteFile(file, []byte(forged), 0o666))
	ts.Check(os.WriteFile(manifest, []byte(strings.Replace(ts.ReadFile(manifest), sum(old), sum(forged), 1)), 0o666))
}

// spoil turns a bit in the middle of the first file two levels below a folder: spoil sweep/runs.
func spoil(ts *testscript.TestScript, _ bool, args []string) {
	files, err := filepath.Glob(filepath.Join(ts.MkAbs(args[0]), "*", "*"))
	ts.Check(err)
	if len(files) == 0 {
		ts.Fatalf("%s has no files in folders", args[0])
	}
	data := []byte(ts.ReadFile(files[0]))
	data[len(data)/2] ^= 1
	ts.Check(os.WriteFile(files[0], data, 0o666))
}

// identical wants two results to hold the same files with the same bytes, but for the manifest, which tells of
// the moment: same one two.
func identical(ts *testscript.TestScript, _ bool, args []string) {
	read := func(dir string) map[string]string {
		files := map[string]string{}
		ts.Check(filepath.WalkDir(ts.MkAbs(dir), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || d.Name() == "manifest.json" {
				return err
			}
			rel, err := filepath.Rel(ts.MkAbs(dir), path)
			files[rel] = ts.ReadFile(path)
			return err
		}))
		return files
	}
	one, two := read(args[0]), read(args[1])
	for _, name := range slices.Sorted(maps.Keys(one)) {
		if text, ok := two[name]; !ok || text != one[name] {
			ts.Fatalf("%s differs between %s and %s", name, args[0], args[1])
		}
	}
	if len(one) != len(two) || len(one) < 10 {
		ts.Fatalf("%d files in %s and %d in %s, want as many and ten or more", len(one), args[0], len(two), args[1])
	}
}

// interrupt runs coexist, sends it a signal at the first line of its progress that matches a pattern, and wants
// exit code 3 and every run kept that was told to have ended; how many a sweep keeps is in $KEPT afterwards:
// interrupt INT '^runs [1-9]' sweep toy.toml. The work must be long enough for the signal to come in the middle.
func interrupt(ts *testscript.TestScript, _ bool, args []string) {
	signal := map[string]os.Signal{"INT": os.Interrupt, "TERM": syscall.SIGTERM}[args[0]]
	moment, err := regexp.Compile(args[1])
	ts.Check(err)
	c := program(ts, args[2:])
	pipe, err := c.StderrPipe()
	ts.Check(err)
	ts.Check(c.Start())
	at, all := "", ""
	for s := bufio.NewScanner(pipe); s.Scan(); {
		all += s.Text() + "\n"
		if at == "" && moment.MatchString(s.Text()) {
			at = s.Text()
			if err := c.Process.Signal(signal); err != nil {
				ts.Fatalf("it had ended before the signal at %q: %v; it said:\n%s", at, err, all)
			}
		}
	}
	c.Wait()
	code := c.ProcessState.ExitCode()
	switch {
	case at == "":
		ts.Fatalf("it ended with exit code %d before any line matched %q; it said:\n%s", code, moment, all)
	case code == 0:
		ts.Fatalf("it came to its end before the signal at %q was felt: want more work after that line; it said:\n%s", at, all)
	case code != 3 || !strings.Contains(all, "the same command goes on"):
		ts.Fatalf("exit code %d, want 3; it said:\n%s", code, all)
	}
	if ended, kept := caught(`^runs (\d+)/`, at), caught(`(\d+) of \d+ runs are kept`, all); kept >= 0 {
		if kept < ended {
			ts.Fatalf("%d runs are kept, want the %d of %q or more", kept, ended, at)
		}
		ts.Setenv("KEPT", strconv.Itoa(kept))
	}
	ts.Logf("stopped after %q", at)
}

// caught is the number in a text that a pattern catches, or -1.
func caught(pattern, text string) int {
	if found := regexp.MustCompile(pattern).FindStringSubmatch(text); found != nil {
		if n, err := strconv.Atoi(found[1]); err == nil {
			return n
		}
	}
	return -1
}

// program is coexist with arguments in the folder of the script.
func program(ts *testscript.TestScript, args []string) *exec.Cmd {
	var bin string
	for _, dir := range filepath.SplitList(ts.Getenv("PATH")) {
		if _, err := os.Stat(filepath.Join(dir, "coexist")); err == nil {
			bin = filepath.Join(dir, "coexist")
			break
		}
	}
	c := exec.Command(bin, args...)
	c.Dir = ts.Getenv("WORK")
	c.Env = append(os.Environ(), "PATH="+ts.Getenv("PATH"))
	return c
}

// killSweep starts a sweep into a folder so many times and kills it each time, without warning, some milliseconds
// after none, one or two more of its runs have ended: killsweep 4 toy sweep toy.toml --out toy. Every kill must find
// it at work.
func killSweep(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	ended := func() int {
		files, err := filepath.Glob(filepath.Join(ts.MkAbs(args[1]), "runs", "*", "*.csv"))
		ts.Check(err)
		return len(files)
	}
	rng := rand.New(rand.NewPCG(uint64(n), 2))
	for i := range n {
		want := ended() + i%3
		c := program(ts, args[2:])
		var said bytes.Buffer
		c.Stderr = &said
		ts.Check(c.Start())
		over := make(chan error, 1)
		go func() { over <- c.Wait() }()
		for ended() < want && len(over) == 0 {
			time.Sleep(time.Millisecond)
		}
		time.Sleep(time.Duration(rng.IntN(10_000)) * time.Microsecond)
		c.Process.Kill()
		<-over
		if c.ProcessState.Exited() {
			ts.Fatalf("kill %d of %d: it ended with exit code %d before; it said:\n%s", i+1, n, c.ProcessState.ExitCode(), said.String())
		}
	}
	ts.Logf("%d kills; %d runs had ended", n, ended())
}
