package main

import (
	"fmt"
	"math"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"coexist/configs"
	"coexist/sim/experiment"
)

// value is a flag whose faults are kept until all flags have been read, so that they are told
// together.
type value[T any] struct {
	text  string // as given; empty: not given
	now   T
	parse func(string) (T, error)
	kind  string
	err   error
}

// Set reads the flag; it never fails.
func (v *value[T]) Set(s string) error {
	v.text = s
	if now, err := v.parse(s); err != nil {
		v.err = err
	} else {
		v.now, v.err = now, nil
	}
	return nil
}

func (v *value[T]) String() string { return v.text }
func (v *value[T]) Type() string   { return v.kind }

// whole reads a whole number between least and most.
func whole(least, most int64) func(string) (int64, error) {
	return func(s string) (int64, error) {
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil || n < least || n > most {
			if most > 1<<40 {
				return 0, fmt.Errorf("want a whole number of %d or more", least)
			}
			return 0, fmt.Errorf("want a whole number from %d to %d", least, most)
		}
		return n, nil
	}
}

// fraction reads a share such as 0.025, 1/40 or 1:40, above 0 and at most 1.
func fraction(s string) (float64, error) {
	want := fmt.Errorf("want a share above 0 and at most 1, such as 0.025, 1/40 or 1:40")
	over, under := s, "1"
	if i := strings.IndexAny(s, "/:"); i >= 0 {
		over, under = s[:i], s[i+1:]
	}
	a, err1 := strconv.ParseFloat(over, 64)
	b, err2 := strconv.ParseFloat(under, 64)
	if f := a / b; err1 == nil && err2 == nil && f > 0 && f <= 1 {
		return f, nil
	}
	return 0, want
}

// word reads one of a few words.
func word(words ...string) func(string) (string, error) {
	return func(s string) (string, error) {
		if !slices.Contains(words, s) {
			return "", fmt.Errorf("want one of %s%s", strings.Join(words, ", "), nearest(s, words))
		}
		return s, nil
	}
}

// all is the number of people that stands for everyone.
const all = math.MaxInt64

// people reads a number of people, or all.
func people(s string) (int64, error) {
	if s == "all" {
		return all, nil
	}
	n, err := whole(0, math.MaxInt64)(s)
	if err != nil {
		return 0, fmt.Errorf("want a whole number of 0 or more, or all")
	}
	return n, nil
}

// options are the flags of every verb that runs.
type options struct {
	set       *pflag.FlagSet
	places    []string
	sets      []string
	out       string
	csv       bool
	sample    value[float64]
	precision value[float64]
	years     value[int64]
	seed      value[int64]
	runs      value[int64]
	workers   value[int64]
	patients  value[int64]
	format    value[string]
	progress  value[string]

	posterior bool // of compare: each run draws its parameters

	checkpoint value[int64] // years between checkpoints; 0: none
	resume     bool
	from       string
}

// add declares the flags; runs and out are the defaults of the verb.
func (o *options) add(set *pflag.FlagSet, places []string, runs int64, out string) {
	o.set, o.places, o.out = set, places, out
	o.sample = value[float64]{parse: fraction, kind: "share"}
	o.precision = value[float64]{parse: fraction, kind: "share"}
	o.years = value[int64]{parse: whole(longest()), kind: "years"}
	o.seed = value[int64]{now: 1, parse: whole(0, math.MaxInt64-experiment.MaxRuns), kind: "number"}
	o.runs = value[int64]{now: runs, parse: whole(1, 10_000), kind: "number"}
	o.workers = value[int64]{now: int64(runtime.GOMAXPROCS(0)), parse: whole(1, 4096), kind: "number"}
	o.patients = value[int64]{now: 10_000, parse: people, kind: "number|all"}
	o.format = value[string]{now: "text", parse: word("text", "json", "csv"), kind: "text|json|csv"}
	o.progress = value[string]{now: "auto", parse: word("auto", "plain", "json", "none"), kind: "auto|plain|json|none"}
	set.StringArrayVar(&o.places, "place", places, "region, ICB or district by name or code; A+B joins places into one, England is all;\nsynthetic, or synthetic:residents=60000,hospitals=4, is made by rule. Repeat for worlds side by side")
	set.Var(&o.sample, "sample", "share of the people who are simulated, such as 1/40; capacities shrink with it\n(default 1/40, or what makes 100,000 people over all places)")
	set.Var(&o.years, "years", "years after the warm-up (default: time.years of the scenarios, 10)")
	set.Var(&o.seed, "seed", "seed of the first run; the others follow (default 1)")
	set.Var(&o.runs, "runs", fmt.Sprintf("runs of each scenario in each place (default %d)", runs))
	set.Var(&o.precision, "precision", "add runs until the half-width of every paired difference is below this share of\nthe mean, such as 0.01")
	set.Var(&o.workers, "workers", "goroutines; results do not depend on them (default: all processors)")
	set.StringArrayVar(&o.sets, "set", nil, "key=value of any parameter, in every scenario; repeat for more")
	set.Var(&o.patients, "patients", "people in the table of patients, of the first run (default 10000)")
	set.StringVar(&o.out, "out", out, "folder of the result; one of the same command goes on, another is refused")
	set.BoolVar(&o.csv, "csv", false, "write every table as CSV too, beside Parquet")
	set.Var(&o.format, "format", "of standard output (default text)")
	o.addCheckpoint()
	set.Var(&o.progress, "progress", "on standard error (default auto)")
}

// longest is the range of the length of a run, in years.
func longest() (least, most int64) {
	p, ok := configs.Explain("time.years")
	if !ok || len(p.Range) != 2 {
		panic("coexist: time.years has no range")
	}
	return int64(p.Range[0]), int64(p.Range[1])
}

// check adds the faults of all flags.
func (o *options) check(f *faults) {
	o.set.VisitAll(func(flag *pflag.Flag) {
		if text, err := fault(flag.Value); err != nil {
			f.addf("--%s = %s: %v", flag.Name, text, err)
		}
	})
	if o.out == "" {
		f.addf("--out is empty, want a folder")
	}
	if o.checkpoint.now > 0 && o.precision.now > 0 {
		f.addf("--checkpoint and --precision, want one of them: added runs begin anew")
	}
	f.add(o.known())
}

// taken says, without touching anything, whether the folder of the result plainly cannot be used. What
// else is wrong with it shows when it is opened.
func (o *options) taken() error {
	info, err := os.Stat(o.out)
	if err != nil {
		return nil // it is new, or opening it will tell
	}
	if !info.IsDir() {
		return wrong("--out %s is a file, want a new folder", o.out)
	}
	entries, err := os.ReadDir(o.out)
	if err != nil {
		return wrong("--out: %v", err)
	}
	if len(entries) == 0 || slices.ContainsFunc(entries, func(e os.DirEntry) bool { return e.Name() == "manifest.json" }) {
		return nil
	}
	return wrong("--out %s holds %q and no result of ours, want a new or empty folder", o.out, entries[0].Name())
}

// fault is what is wrong with a flag.
func fault(v pflag.Value) (text string, err error) {
	switch v := v.(type) {
	case *value[int64]:
		return v.text, v.err
	case *value[float64]:
		return v.text, v.err
	case *value[string]:
		return v.text, v.err
	}
	return "", nil
}
