package experiment

import (
	"sync"
	"time"
)

// meter shares the processor time of the simulation out among runs as they end, so that the sum
// over runs is all of it, also over several processes.
type meter struct {
	mu      sync.Mutex
	workers int
	used    time.Duration
	clock   time.Time
}

// newMeter starts a meter.
func newMeter(workers int) *meter {
	m := &meter{workers: workers}
	m.take()
	return m
}

// take returns the processor seconds since the last call. Where the system does not tell, they are
// those of the clock times the workers.
func (m *meter) take() float64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	used, ok := processor()
	now := time.Now()
	spent := used - m.used
	if !ok {
		spent = time.Duration(m.workers) * now.Sub(m.clock)
	}
	m.used, m.clock = used, now
	return max(spent, 0).Seconds()
}
