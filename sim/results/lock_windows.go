package results

import (
	"os"
	"path/filepath"
	"syscall"
)

// lock holds the folder for this process until unlock, or its death: a file that nobody else may
// open and that vanishes when it is closed.
func lock(root *os.Root) (unlock func(), err error) {
	const deleteOnClose = 0x04000000
	const sharingViolation = syscall.Errno(32)
	name, err := syscall.UTF16PtrFromString(filepath.Join(root.Name(), lockName))
	if err != nil {
		return nil, err
	}
	h, err := syscall.CreateFile(name, syscall.GENERIC_READ|syscall.GENERIC_WRITE, 0, nil,
		syscall.OPEN_ALWAYS, syscall.FILE_ATTRIBUTE_HIDDEN|deleteOnClose, 0)
	if err == sharingViolation {
		return nil, ErrBusy
	}
	if err != nil {
		return nil, err
	}
	return func() { syscall.CloseHandle(h) }, nil
}
