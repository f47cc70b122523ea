//go:build !unix

package experiment

import (
	"runtime"
	"time"
)

// processor cannot tell the processor time here.
func processor() (used time.Duration, ok bool) { return 0, false }

// PeakMemory returns the memory that the process has obtained, in bytes: the closest that is known
// here to the most that it has held.
func PeakMemory() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.Sys)
}
