package sim

import (
	"syscall"
	"unsafe"
)

// largePages asks the system to keep a long slice, and its room to grow, on pages of 2 MiB, so that a
// processor finds what is in it with fewer look-ups of addresses. It is a hint: nothing depends on
// whether it is taken.
func largePages[T any](s []T) {
	const adviseHuge, small = 14, 8 << 20
	var one T
	if bytes := cap(s) * int(unsafe.Sizeof(one)); bytes >= small {
		_ = syscall.Madvise(unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(s))), bytes), adviseHuge)
	}
}
