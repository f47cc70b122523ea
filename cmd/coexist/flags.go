package main

import (
	"cmp"
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
	kind  string
	usual string // as one would give it; empty: the use of the flag says what happens without it
	parse func(string) (T, error)
	text  string // as given; empty: not given
	now   T
	err   error
}

// newValue returns a flag of a kind of value, and what it is where it is not given.
func newValue[T any](kind, usual string, parse func(string) (T, error)) value[T] {
	v := value[T]{kind: kind, usual: usual, parse: parse}
	if usual != "" {
		if v.now, v.err = parse(usual); v.err != nil {
			panic("coexist: default " + usual + ": " + v.err.Error())
		}
	}
	return v
}

// newWords returns a flag that takes one of a few words, without it the first.
func newWords(words ...string) value[string] {
	return newValue(strings.Join(words, "|"), words[0], word(words...))
}

// newProgressMode returns the flag for how progress is told, progressUse its use.
func newProgressMode() value[string] { return newWords("auto", "plain", "json", "none") }

// newWorkers returns the flag for the number of workers, workersUse its use.
func newWorkers() value[int64] {
	v := newValue("number", "", whole(1, 4096))
	v.now = int64(runtime.GOMAXPROCS(0))
	return v
}

// What flags of many verbs do.
const (
	workersUse  = "goroutines; results do not depend on them (default: all processors)"
	progressUse = "on standard error"
	formatUse   = "of standard output"
)

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

// String is the flag as given, or as it is without; help shows that as the default.
func (v *value[T]) String() string { return cmp.Or(v.text, v.usual) }

func (v *value[T]) Type() string { return v.kind }

// fault is what is wrong with the flag.
func (v *value[T]) fault() (text string, err error) { return v.text, v.err }

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
	o.sample = newValue("share", "", fraction)
	o.precision = newValue("share", "", fraction)
	o.years = newValue("years", "", whole(longest()))
	o.seed = newValue("number", "1", whole(0, math.MaxInt64-experiment.MaxRuns))
	o.runs = newValue("number", strconv.FormatInt(runs, 10), whole(1, 10_000))
	o.workers = newWorkers()
	o.patients = newValue("number|all", "10000", people)
	o.format = newWords("text", "json", "csv")
	o.progress = newProgressMode()
	set.StringArrayVar(&o.places, "place", places, "region, ICB or district by name or code; A+B joins places into one, England is all;\nsynthetic, or synthetic:residents=60000,hospitals=4, is made by rule. Repeat for worlds side by side")
	set.Var(&o.sample, "sample", "share of the people who are simulated, such as 1/40; capacities shrink with it\n(default 1/40, or what makes 100,000 people over all places)")
	set.Var(&o.years, "years", "years after the warm-up (default: time.years of the scenarios, 10)")
	set.Var(&o.seed, "seed", "seed of the first run; the others follow")
	set.Var(&o.runs, "runs", "runs of each scenario in each place")
	set.Var(&o.precision, "precision", "add runs until the half-width of every paired difference is below this share of\nthe mean, such as 0.01")
	set.Var(&o.workers, "workers", workersUse)
	set.StringArrayVar(&o.sets, "set", nil, "key=value of any parameter, in every scenario; repeat for more")
	set.Var(&o.patients, "patients", "people in the table of patients, of the first run")
	set.StringVar(&o.out, "out", out, "folder of the result; one of the same command goes on, another is refused")
	set.BoolVar(&o.csv, "csv", false, "write every table as CSV too, beside Parquet")
	set.Var(&o.format, "format", formatUse)
	o.addCheckpoint()
	set.Var(&o.progress, "progress", progressUse)
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
	flagFaults(o.set, f)
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

// flagFaults adds what is wrong with the flags of a verb.
func flagFaults(set *pflag.FlagSet, f *faults) {
	set.VisitAll(func(flag *pflag.Flag) {
		v, ok := flag.Value.(interface{ fault() (string, error) })
		if !ok {
			return
		}
		if text, err := v.fault(); err != nil {
			f.addf("--%s = %s: %v", flag.Name, text, err)
		}
	})
}
