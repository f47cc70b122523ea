//go:build !linux

package sim

import "coexist/agents"

// largePages does nothing where the system takes no such hint.
func largePages([]agents.Patient) {}
