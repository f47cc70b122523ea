package main

import (
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"time"
	"unsafe"

	"coexist/sim"
	"coexist/sim/checkpoint"
	"coexist/sim/experiment"
	"coexist/sim/tables"
)

// What a run costs, as measured on two cores (docs/performance.md): a forecast, not a limit.
const (
	eventsPerYear   = 9.2       // patient events a person and year
	nsPerEvent      = 200.0     // processor time, observation included
	bytesPerWorld   = 6 << 20   // of one world of a sweep, whatever its size: assumption (2 to 10 MB)
	bytesPerPerson  = 120.0     // of a sweep: 95 measured at 1,000,000 people, and room
	bytesBefore     = 48 << 20  // the program, the tables of England, and rows on their way to the disk
	bytesPerYear    = 70_000    // of data, a year of one run
	bytesPerPatient = 30        // of data, a row of the patients table
	garbage         = 512 << 20 // that the collector may leave above the state, at most
)

// forecast is what a plan will take.
type forecast struct {
	time       time.Duration
	state      int64 // bytes
	memory     int64 // bytes, with what the collector leaves
	disk       int64 // bytes
	checkpoint int64 // bytes of one checkpoint of one run
	kept       int64 // bytes of the checkpoints that stand at a time, if there are any
	together   int   // runs side by side
}

// predict forecasts what a plan takes with so many people over all places.
func predict(p *experiment.Plan, people int64, every int64) forecast {
	var f forecast
	worlds := max(len(p.Worlds), 1)
	weeks := float64(p.Weeks()) / float64(worlds)
	if p.From != nil {
		weeks = float64(52 * p.Years())
	}
	places, world := int64(0), int64(1)
	for _, w := range p.Worlds {
		e := sim.Estimate(sim.Settings{Place: w.Place, Config: p.Scenarios[0], Sample: p.Sample, Tracked: w.Tracked, Workers: p.Workers})
		places += e.Place
		world, f.checkpoint = max(world, e.World), max(f.checkpoint, e.File)
	}
	runs := worlds * p.Runs * len(p.Scenarios)
	f.together = min(max(p.Workers, 1), runs)
	if free := freeMemory(); free > 0 {
		f.together = max(min(f.together, int(.7*float64(free)/float64(p.Held(1)*world))), 1)
	}
	rows := int64(0)
	for _, w := range p.Worlds {
		rows += min(w.Tracked, people) * int64(len(p.Scenarios)*p.Years())
	}
	f.state = bytesBefore + places + p.Held(f.together)*world + rows*int64(unsafe.Sizeof(tables.Patient{})+16) // each with its identity in digits
	f.memory = f.state + f.state*int64(collect(f.state))/100                                                   // the collector waits until it may leave no more
	cpu := float64(people) * eventsPerYear / 52 * weeks * nsPerEvent
	f.time = time.Duration(cpu / float64(max(p.Workers, 1)))
	f.disk = int64(len(p.Worlds)*p.Runs*len(p.Scenarios)*p.Years()*bytesPerYear) + rows*bytesPerPatient
	if every > 0 {
		f.kept = 2 * checkpoint.Kept * f.checkpoint * int64(f.together) // of runs and of their warm-ups
	}
	f.disk += f.kept
	return f
}

// collect is the garbage that the collector may leave, as a percentage of the state.
func collect(state int64) int { return int(min(max(garbage*100/max(state, 1), 10), 50)) }

// String is the forecast in words.
func (f forecast) String() string {
	return fmt.Sprintf("%s, %s of memory, %s of disk", roughly(f.time), size(f.memory), size(f.disk))
}

// roughly writes a duration with two digits at most.
func roughly(d time.Duration) string {
	switch {
	case d < time.Second:
		return "1 s"
	case d < 100*time.Second:
		return fmt.Sprintf("%.0f s", d.Seconds())
	case d < 100*time.Minute:
		return fmt.Sprintf("%.0f min", d.Minutes())
	}
	return fmt.Sprintf("%.0f h", math.Ceil(d.Hours()))
}

// size writes a number of bytes with two digits at least.
func size(bytes int64) string {
	if bytes >= 10_000_000_000 {
		return fmt.Sprintf("%.0f GB", float64(bytes)/1e9)
	}
	if bytes >= 1_000_000_000 {
		return fmt.Sprintf("%.1f GB", float64(bytes)/1e9)
	}
	return fmt.Sprintf("%.0f MB", math.Ceil(float64(bytes)/1e6))
}

// freeMemory is the memory that the system says can be had, in bytes; 0 if it does not say.
func freeMemory() int64 {
	free := int64(0)
	if text, err := os.ReadFile("/proc/meminfo"); err == nil {
		for line := range strings.Lines(string(text)) {
			if f := strings.Fields(line); len(f) >= 2 && f[0] == "MemAvailable:" {
				if kib, err := strconv.ParseInt(f[1], 10, 64); err == nil {
					free = kib << 10
				}
			}
		}
	}
	if text, err := os.ReadFile("/sys/fs/cgroup/memory.max"); err == nil { // of a container
		if most, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64); err == nil && (free == 0 || most < free) {
			free = most
		}
	}
	return free
}

// grouped writes a whole number with separators of thousands.
func grouped(n int64) string {
	text := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, text = "\u2212", text[1:]
	}
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return sign + text
}
