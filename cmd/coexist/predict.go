package main

import (
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"time"

	"coexist/sim/experiment"
)

// What a run costs, as measured on two cores (docs/performance.md): a forecast, not a limit.
const (
	eventsPerYear   = 9.2       // patient events a person and year
	nsPerEvent      = 200.0     // processor time, observation included
	bytesPerPerson  = 220.0     // state of one world, queues and counters included
	bytesPerWorld   = 4 << 20   // the same, whatever its size
	bytesBefore     = 90 << 20  // tables of England and the program
	bytesPerYear    = 70_000    // of data, a year of one run
	bytesPerPatient = 30        // of data, a row of the patients table
	garbage         = 512 << 20 // that the collector may leave above the state
)

// forecast is what a plan will take.
type forecast struct {
	time     time.Duration
	state    int64 // bytes
	memory   int64 // bytes, with what the collector leaves
	disk     int64 // bytes
	together int   // runs side by side
}

// predict forecasts what a plan takes with so many people over all places.
func predict(p *experiment.Plan, people int64) forecast {
	var f forecast
	worlds := max(len(p.Worlds), 1)
	weeks := float64(p.Weeks()) / float64(worlds)
	f.together = max(p.Workers, 1)
	world := bytesPerWorld + bytesPerPerson*float64(people)/float64(worlds)
	if free := freeMemory(); free > 0 {
		f.together = max(min(f.together, int(.7*float64(free)/(2*world))), 1)
	}
	// A world that runs stands beside the warm-up that it branched from.
	f.state = bytesBefore + int64(2*world*float64(f.together))
	f.memory = f.state + f.state*int64(collect(f.state))/100
	cpu := float64(people) * eventsPerYear / 52 * weeks * nsPerEvent
	f.time = time.Duration(cpu / float64(max(p.Workers, 1)))
	rows := int64(0)
	for _, w := range p.Worlds {
		rows += min(w.Tracked, people) * int64(len(p.Scenarios)*p.Years())
	}
	f.disk = int64(len(p.Worlds)*p.Runs*len(p.Scenarios)*p.Years()*bytesPerYear) + rows*bytesPerPatient
	return f
}

// collect is the garbage that the collector may leave, as a percentage of the state.
func collect(state int64) int { return int(min(max(garbage*100/max(state, 1), 10), 300)) }

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
