package agents

import (
	"testing"
	"unsafe"
)

func TestPatientFillsOneCacheLine(t *testing.T) {
	if got, want := unsafe.Sizeof(Patient{}), uintptr(64); got != want {
		t.Errorf("a patient takes %d bytes, want %d", got, want)
	}
}
