// Command mutation changes one operator, number or statement of a program at a time and sees
// whether the tests notice. It takes a sample with a fixed seed of all such changes in the files
// named below, runs the tests of the package on each, and lists the changes that no test noticed.
//
// Many changes are built into one test program, each behind its number: a + b becomes a function
// that returns a - b where MUTANT is that number. Changes that lie in each other go into different
// programs. A change that does not compile is not counted. A test that never ends under a change
// has noticed it. Nothing is written into the tree: changed files are laid over the real ones (go
// test -overlay).
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"
)

// target is a package with the files to change and the tests that must notice. Tests that compare
// with golden bytes are left out: they notice everything and understand nothing.
type target struct {
	dir   string
	files []string // nil: all but tests
	run   string   // of go test; empty: all
}

var targets = []target{
	{dir: "market"},
	{dir: "agents", files: []string{"continuity.go"}},
	{dir: "sim", files: []string{"observe.go", "basket.go"},
		run: "^Test(Measures|AuditFinds|Observing)"},
}

func main() {
	n := flag.Int("n", 300, "mutants to try; 0: only count them")
	seed := flag.Uint64("seed", 9, "of the sample")
	limit := flag.Duration("limit", 3*time.Minute, "processor time for the tests of one mutant")
	least := flag.Float64("least", 0.9, "share that must be noticed")
	flag.Parse()
	if err := run(*n, *seed, *limit, *least); err != nil {
		fmt.Fprintln(os.Stderr, "mutation:", err)
		os.Exit(1)
	}
}

// run tries a sample of n mutants and wants the least share of them killed.
func run(n int, seed uint64, limit time.Duration, least float64) error {
	all, err := everyMutant()
	if err != nil {
		return err
	}
	possible := len(all)
	rng := rand.New(rand.NewPCG(seed, 0))
	rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	if n == 0 {
		fmt.Println(possible, "mutants")
		return nil
	}
	var sample []*mutant
	for _, m := range all {
		if len(sample) < n && m.compiles() {
			sample = append(sample, m)
		}
	}
	if len(sample) == 0 {
		return errors.New("no change compiles")
	}
	killed, hung, tried := 0, 0, 0
	for _, b := range batches(sample) {
		dir, err := os.MkdirTemp("", "mutants")
		if err != nil {
			return err
		}
		results, err := b.try(dir, limit)
		if err := errors.Join(err, os.RemoveAll(dir)); err != nil {
			return err
		}
		for _, r := range results {
			tried++
			switch r {
			case "killed":
				killed++
			case "hung":
				killed++
				hung++
			}
		}
	}
	low, high := wilson(killed, tried)
	fmt.Printf("%d of %d mutants killed (%d of them by time), %.1f %% (95 %% interval %.1f to %.1f), of %d possible; seed %d\n",
		killed, tried, hung, 100*float64(killed)/float64(tried), 100*low, 100*high, possible, seed)
	if float64(killed) < least*float64(tried) {
		return fmt.Errorf("%d of %d killed, want %.0f %%", killed, tried, 100*least)
	}
	return nil
}

// wilson is the 95 % interval of a share by Wilson's score.
func wilson(k, n int) (low, high float64) {
	const z = 1.959964
	p, m := float64(k)/float64(n), float64(n)
	mid := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return mid - half, mid + half
}

// batch is mutants of one target that do not lie in each other.
type batch struct {
	target  *target
	mutants []*mutant
}

// batches sorts mutants into programs.
func batches(all []*mutant) []*batch {
	var list []*batch
next:
	for _, m := range all {
		for _, b := range list {
			if b.target == m.target && !slices.ContainsFunc(b.mutants, m.overlaps) {
				b.mutants = append(b.mutants, m)
				continue next
			}
		}
		list = append(list, &batch{target: m.target, mutants: []*mutant{m}})
	}
	return list
}

// try builds a program and runs its tests once for each mutant.
func (b *batch) try(dir string, limit time.Duration) ([]string, error) {
	replace := map[string]string{}
	put := func(path string, text []byte) error {
		real, err := filepath.Abs(path)
		if err != nil {
			return err
		}
		replace[real] = filepath.Join(dir, filepath.Base(path))
		return os.WriteFile(replace[real], text, 0o666)
	}
	files := map[string][]*mutant{}
	for i, m := range b.mutants {
		m.number = i + 1
		files[m.file] = append(files[m.file], m)
	}
	for path, list := range files {
		source, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		if err := put(path, render(source, list)); err != nil {
			return nil, err
		}
	}
	if err := put(filepath.Join(b.target.dir, "mutant_number.go"), []byte(numberFile(b.target.dir))); err != nil {
		return nil, err
	}
	text, err := json.Marshal(map[string]map[string]string{"Replace": replace})
	if err != nil {
		return nil, err
	}
	overlay, binary := filepath.Join(dir, "overlay.json"), filepath.Join(dir, "program")
	if err := os.WriteFile(overlay, text, 0o666); err != nil {
		return nil, err
	}
	build := exec.Command("go", "test", "-c", "-vet=off", "-ldflags=-s -w", "-overlay", overlay, "-o", binary, "./"+b.target.dir)
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w: %s", err, out)
	}
	run := func(number int) (string, error) {
		// The shell's limit counts processor time, so that a machine that is busy or paused kills nothing. A
		// mutant that waits without working is given up on a day's wall clock of the test itself.
		test := exec.Command("sh", "-c", `ulimit -t "$0" && exec "$@"`, strconv.Itoa(int(limit.Seconds())),
			binary, "-test.short", "-test.failfast", "-rapid.nofailfile", "-test.timeout=24h", "-test.run="+b.target.run, "-test.skip=Golden")
		test.Dir = b.target.dir
		test.Env = append(os.Environ(), "MUTANT="+strconv.Itoa(number))
		out, err := test.CombinedOutput()
		var failed *exec.ExitError
		switch {
		case err == nil:
			return "survived", nil
		case errors.As(err, &failed):
			if w, ok := failed.Sys().(syscall.WaitStatus); ok && w.Signaled() && (w.Signal() == syscall.SIGXCPU || w.Signal() == syscall.SIGKILL) {
				return "hung", nil
			}
			if number == 0 {
				return "", fmt.Errorf("%s: tests fail without a change: %s", b.target.dir, out)
			}
			return "killed", nil
		}
		return "", err
	}
	if result, err := run(0); err != nil || result != "survived" {
		return nil, errors.Join(err, fmt.Errorf("%s: tests without a change: %s", b.target.dir, result))
	}
	var list []string
	for _, m := range b.mutants {
		result, err := run(m.number)
		if err != nil {
			return nil, err
		}
		fmt.Printf("%-8s %s:%d: %s\n", result, m.file, m.line, m.what)
		list = append(list, result)
	}
	return list, nil
}
