// Command scale measures how time and memory grow with the number of people and draws the chart of
// docs/performance.md. England is built with so many of its people, one world after the other, and
// stepped week by week on all processors:
//
//	go run ./.ci/scale -people 100000,1000000,10000000,56489608 -out docs/img
//
// It writes scale.svg, .png, .pdf, .csv and .json. All of England takes 6 GB and some minutes.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
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
	people := flag.String("people", "100000,300000", "sizes of worlds, people, the smallest first")
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
	all, err := tables.Cut("England")
	if err != nil {
		return err
	}
	residents := 0.0
	for i := range all.Areas {
		residents += float64(all.Areas[i].Residents)
	}
	var points []plots.Grown
	for text := range strings.SplitSeq(people, ",") {
		n, err := strconv.ParseFloat(text, 64)
		if err != nil || n < 1000 || n > residents || len(points) > 0 && n <= float64(points[len(points)-1].People) {
			return fmt.Errorf("-people %s, want whole numbers from 1000 to %.0f that rise", people, residents)
		}
		p, err := measure(all, n/residents, weeks)
		if err != nil {
			return err
		}
		fmt.Printf("%d people: %.4g s a week, %.4g bytes a person\n", p.People, p.Week, p.Bytes)
		points = append(points, p)
	}
	if len(points) < 2 {
		return errors.New("-people: one size, want two or more")
	}
	source := fmt.Sprintf("England, status quo; %d weeks timed in each world; %d processors, %s/%s, %s", weeks, runtime.GOMAXPROCS(0), runtime.GOOS, runtime.GOARCH, runtime.Version())
	files, err := plots.Growth(points, source, "go run ./.ci/scale -people "+people).Files(plots.Report, plots.Light)
	if err != nil {
		return err
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(out, name), data, 0o666); err != nil {
			return err
		}
	}
	return nil
}

// measure builds a world of a share of a place and steps it.
func measure(p *place.Place, share float64, weeks int) (plots.Grown, error) {
	debug.FreeOSMemory()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	m, err := sim.New(sim.Settings{Place: p, Config: configs.Default(), Seed: 1, Sample: share, Workers: runtime.GOMAXPROCS(0)})
	if err != nil {
		return plots.Grown{}, err
	}
	start := time.Now()
	for week := range runIn + weeks {
		if week == runIn {
			runtime.GC()
			start = time.Now()
		}
		if err := m.Step(); err != nil {
			return plots.Grown{}, err
		}
	}
	took := time.Since(start)
	runtime.GC()
	runtime.ReadMemStats(&after)
	n := m.Start()
	return plots.Grown{People: n, Week: took.Seconds() / float64(weeks), Bytes: float64(after.HeapAlloc-before.HeapAlloc) / float64(n)}, nil
}
