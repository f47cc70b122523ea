package results

import (
	"os"
	"path/filepath"
	"syscall"
)

// lock holds the folder for this process until unlock, or its death: a file that nobody else may
// open and that vanishes when it is closed.
func lock(root *os.Root) (unlock func(), err error) {
	const sharingViolation = syscall.Errno(32)
	h, err := openAlone(filepath.Join(root.Name(), lockName), syscall.OPEN_ALWAYS)
	if err == sharingViolation {
		return nil, ErrBusy
	}
	if err != nil {
		return nil, err
	}
	return func() { syscall.CloseHandle(h) }, nil
}

// openAlone opens a file that nobody else has open or may open, and that vanishes when it is closed.
func openAlone(name string, how uint32) (syscall.Handle, error) {
	const deleteOnClose = 0x04000000
	p, err := syscall.UTF16PtrFromString(name)
	if err != nil {
		return syscall.InvalidHandle, err
	}
	return syscall.CreateFile(p, syscall.GENERIC_READ|syscall.GENERIC_WRITE, 0, nil, how, syscall.FILE_ATTRIBUTE_HIDDEN|deleteOnClose, 0)
}

// hold does nothing: removeLeft removes no file that is open.
func hold(*os.File) {}

// removeLeft removes a file that nobody has open.
func removeLeft(name string) {
	if h, err := openAlone(name, syscall.OPEN_EXISTING); err == nil {
		syscall.CloseHandle(h)
	}
}
