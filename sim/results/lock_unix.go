//go:build unix && !solaris && !illumos && !aix

package results

import (
	"errors"
	"os"
	"syscall"
)

// lock holds the folder for this process until unlock, or its death. A file system that knows no
// locks is no obstacle.
func lock(root *os.Root) (unlock func(), err error) {
	for {
		f, err := root.OpenFile(lockName, os.O_RDWR|os.O_CREATE, 0o666)
		if err != nil {
			return nil, err
		}
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if errors.Is(err, syscall.EWOULDBLOCK) {
			f.Close()
			return nil, ErrBusy
		}
		// Who held it may have removed the file between our two calls: then it is no longer the lock.
		mine, err1 := f.Stat()
		there, err2 := root.Stat(lockName)
		if err1 == nil && err2 == nil && os.SameFile(mine, there) {
			return func() {
				root.Remove(lockName)
				f.Close()
			}, nil
		}
		f.Close()
		if err1 != nil || err2 != nil && !errors.Is(err2, os.ErrNotExist) {
			return nil, errors.Join(err1, err2)
		}
	}
}

// hold keeps removeLeft from a file until it is closed, by this process or its death.
func hold(f *os.File) {
	for syscall.Flock(int(f.Fd()), syscall.LOCK_EX) == syscall.EINTR {
	}
}

// removeLeft removes a file that nobody holds.
func removeLeft(name string) {
	f, err := os.Open(name)
	if err != nil {
		return
	}
	defer f.Close()
	if syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
		os.Remove(name)
	}
}
