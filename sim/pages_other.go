//go:build !linux

package sim

// largePages does nothing where the system takes no such hint.
func largePages[T any](s []T) {}
