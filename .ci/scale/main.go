// Command scale measures how time and memory grow with the number of people and draws the chart of
// docs/performance.md. Worlds of so many people are built, one after the other, and stepped week by week
// on all processors:
//
//	go run ./.ci/scale -people 100000,300000,1000000,5000000,London,England -out docs/img
//
// It writes scale.svg, .png, .pdf, .csv and .json. All of England takes 6 GB and under a minute.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"coexist/configs"
	"coexist/plots"
	"coexist/sim"
	"coexist/sim/place"
	"coexist/sim/place/england"
)

// runIn is how many weeks pass before time counts: queues and diaries fill.
const runIn = 8

func main() {
	people := flag.String("people", "100000,300000", "sizes of worlds, the smallest first: people, 1000 to 5000000, or places of England")
	weeks := flag.Int("weeks", 26, "weeks that are timed in each")
	out := flag.String("out", ".", "folder of the chart")
	flag.Parse()
	if err := run(*people, *weeks, *out); err != nil {
		fmt.Fprintln(os.Stderr, "scale:", err)
		os.Exit(1)
	}
}

// run measures every size and draws.
func run(people string, weeks int, out string) error {
	if weeks < 1 {
		return fmt.Errorf("-weeks %d, want 1 or more", weeks)
	}
	tables, err := place.Read(england.FS())
	if err != nil {
		return err
	}
	var points []plots.Grown
	for text := range strings.SplitSeq(people, ",") {
		p, err := tables.Resolve(placeOf(text))
		if err != nil {
			return fmt.Errorf("-people %s: %w", people, err)
		}
		g, err := measure(p, weeks)
		if err != nil {
			return err
		}
		if len(points) > 0 && g.People <= points[len(points)-1].People {
			return fmt.Errorf("-people %s, want sizes that rise", people)
		}
		fmt.Printf("%d people: %.4g processor seconds a week, %.4g bytes a person\n", g.People, g.Week, g.Bytes)
		points = append(points, g)
	}
	if len(points) < 2 {
		return errors.New("-people: one size, want two or more")
	}
	source := fmt.Sprintf("Source: worlds of the status quo with all of their people; %d weeks timed in each; %d processors, %s/%s. Simulated, not observed.", weeks, runtime.GOMAXPROCS(0), runtime.GOOS, runtime.GOARCH)
	figure := plots.Growth(points, source, "go run ./.ci/scale -people "+people)
	if err := figure.Lint(plots.Report, plots.Light); err != nil {
		return err
	}
	files, err := figure.Files(plots.Report, plots.Light)
	if err != nil {
		return err
	}
	for ending, data := range files {
		if err := os.WriteFile(filepath.Join(out, "scale."+ending), data, 0o666); err != nil {
			return err
		}
	}
	return nil
}

// placeOf is the place of a size: a region made by rule, whose practices and hospitals are as many as its
// people need, or a place of England by its name.
func placeOf(size string) string {
	if strings.Trim(size, "0123456789") != "" {
		return size
	}
	return "synthetic:residents=" + size
}

// measure builds a world of all the people of a place and steps it.
func measure(p *place.Place, weeks int) (plots.Grown, error) {
	debug.FreeOSMemory()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	m, err := sim.New(sim.Settings{Place: p, Config: configs.Default(), Seed: 1, Sample: 1, Workers: runtime.GOMAXPROCS(0)})
	if err != nil {
		return plots.Grown{}, err
	}
	var start time.Duration
	for week := range runIn + weeks {
		if week == runIn {
			runtime.GC()
			start = processor()
		}
		if err := m.Step(); err != nil {
			return plots.Grown{}, err
		}
	}
	took := processor() - start
	runtime.GC()
	runtime.ReadMemStats(&after)
	n := m.Start()
	return plots.Grown{People: n, Week: took.Seconds() / float64(weeks), Bytes: float64(after.HeapAlloc-before.HeapAlloc) / float64(n)}, nil
}

// processor is the processor time that this program has taken.
func processor() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
