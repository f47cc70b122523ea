package sim

import (
	"syscall"
	"unsafe"

	"coexist/agents"
)

// largePages asks the system to keep people on pages of 2 MiB, so that a processor finds them with
// fewer look-ups of addresses. It is a hint: nothing depends on whether it is taken.
func largePages(people []agents.Patient) {
	const adviseHuge, small = 14, 8 << 20
	bytes := len(people) * int(unsafe.Sizeof(agents.Patient{}))
	if bytes >= small {
		_ = syscall.Madvise(unsafe.Slice((*byte)(unsafe.Pointer(&people[0])), bytes), adviseHuge)
	}
}
