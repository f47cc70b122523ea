package results

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"coexist/sim/tables"
)

// Atomic writes the file path whole or not at all: write fills a temporary file in the same
// folder, which is synced, renamed over path, and the folder synced. The folder must exist. If
// anything fails, write included, the temporary file is removed and what was at path before stays.
func Atomic(path string, write func(io.Writer) error) error {
	root, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return fmt.Errorf("%s: %w: %w", path, ErrUnwritable, err)
	}
	defer root.Close()
	_, err = atomicIn(root, filepath.Base(path), write)
	return err
}

// temporary marks the names of files that are not finished; a stop can leave some behind.
const temporary = ".coexist-tmp"

// IsTemporary reports whether a file of that name is one that Atomic has in hand or that a stop left behind.
func IsTemporary(name string) bool { return strings.HasPrefix(name, temporary) }

// Tidy removes from the folder dir the temporary files that a process which was killed left; those that one
// still has in hand stay. What cannot be read or removed stays too: the next time will do.
func Tidy(dir string) {
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if e.Type().IsRegular() && IsTemporary(e.Name()) {
			removeLeft(filepath.Join(dir, e.Name()))
		}
	}
}

// atomicIn is Atomic for the path rel, with slashes, below root, which cannot be left even by
// links. It makes the folders that are missing and returns the SHA-256 of what was written.
func atomicIn(root *os.Root, rel string, write func(io.Writer) error) (sum string, err error) {
	where := filepath.Join(root.Name(), filepath.FromSlash(rel))
	fail := func(err error) (string, error) { return "", fmt.Errorf("%s: %w", where, writeError(err)) }
	dir := path.Dir(rel)
	if dir != "." {
		if err := root.MkdirAll(filepath.FromSlash(dir), 0o777); err != nil {
			return fail(err)
		}
	}
	f, temp, err := makeTemporary(root, dir)
	if err != nil {
		return fail(err)
	}
	kept := false
	defer func() {
		if !kept {
			f.Close()
			root.Remove(temp)
		}
	}()
	hash := sha256.New()
	if err := write(io.MultiWriter(f, hash)); err != nil {
		return fail(err)
	}
	if err := f.Sync(); err != nil {
		return fail(err)
	}
	if err := root.Rename(temp, rel); err != nil { // while it is open, so that nobody tidies it away
		return fail(err)
	}
	kept = true
	if err := f.Close(); err != nil {
		return fail(err)
	}
	if err := syncDir(root, dir); err != nil {
		return fail(err)
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// makeTemporary makes a file in dir below root that Tidy leaves alone while it is open.
func makeTemporary(root *os.Root, dir string) (f *os.File, temp string, err error) {
	for {
		// Process numbers are the same in every container and on every host, so they name nothing.
		temp = path.Join(dir, fmt.Sprintf("%s-%016x", temporary, rand.Uint64()))
		if f, err = root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666); err != nil {
			return nil, "", err
		}
		hold(f)
		if _, err = root.Stat(temp); err == nil {
			return f, temp, nil
		}
		f.Close()
		if !errors.Is(err, fs.ErrNotExist) { // else it was tidied away before it was held
			return nil, "", err
		}
	}
}

// syncDir makes the names in a folder durable, where the system can.
func syncDir(root *os.Root, dir string) error {
	if runtime.GOOS == "windows" || runtime.GOOS == "js" {
		return nil
	}
	d, err := root.Open(filepath.FromSlash(dir))
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, syscall.ENOTSUP) {
		return err
	}
	return nil
}

// writeError adds the sentinel that fits: a mistake in what or where to write keeps its own.
func writeError(err error) error {
	switch {
	case errors.Is(err, ErrValue), errors.Is(err, ErrPath), errors.Is(err, ErrDamaged), errors.Is(err, ErrWrite), errors.Is(err, ErrUnwritable):
		return err
	case errors.Is(err, os.ErrPermission), errors.Is(err, syscall.EROFS), errors.Is(err, syscall.ENOTDIR):
		return fmt.Errorf("%w: %w", ErrUnwritable, err)
	case strings.Contains(err.Error(), "path escapes from parent"):
		return fmt.Errorf("%w: %w", ErrPath, err)
	}
	return fmt.Errorf("%w: %w", ErrWrite, err)
}

// cleanPath returns rel as the path of an output, with slashes, or ErrPath: it must stay below the
// folder, and the manifest, the parts and hidden names are the Writer's own.
func cleanPath(rel string) (string, error) {
	local := path.Clean(strings.ReplaceAll(rel, `\`, "/"))
	first, _, _ := strings.Cut(local, "/")
	if rel == "" || local == "." || !filepath.IsLocal(rel) || !filepath.IsLocal(filepath.FromSlash(local)) || strings.ContainsAny(rel, ":\x00") {
		return "", fmt.Errorf("%q: %w, want a relative path below it", rel, ErrPath)
	}
	if err := tables.CheckText(rel); err != nil {
		return "", fmt.Errorf("%q: %w: %w", clip(rel), ErrPath, err)
	}
	if strings.EqualFold(local, manifestName) || strings.EqualFold(first, partsDir) || strings.Contains("/"+local, "/.") {
		return "", fmt.Errorf("%q: %w, want a name that the folder does not keep for itself", rel, ErrPath)
	}
	return local, nil
}

// put writes data to rel below root, whole or not at all.
func put(root *os.Root, rel string, data []byte) (sum string, err error) {
	return atomicIn(root, rel, func(w io.Writer) error {
		_, err := io.Copy(w, bytes.NewReader(data))
		return err
	})
}

func sumBytes(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// lockError says why a folder could not be locked.
func lockError(err error) error {
	if errors.Is(err, ErrBusy) {
		return fmt.Errorf("%w by another process, want it ended or another folder", err)
	}
	return fmt.Errorf("%w: %w", ErrUnwritable, err)
}

// openRegular opens a file below root; anything else, such as a pipe, on which opening would wait for ever, is
// an error.
func openRegular(root *os.Root, rel string) (*os.File, error) {
	info, err := root.Stat(filepath.FromSlash(rel))
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	return root.Open(filepath.FromSlash(rel))
}

// sumFile returns the SHA-256 of a file below root.
func sumFile(root *os.Root, rel string) (string, error) {
	f, err := openRegular(root, rel)
	if err != nil {
		return "", err
	}
	defer f.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}
