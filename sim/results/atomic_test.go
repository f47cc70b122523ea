package results

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

func TestAtomicLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	put := func(text string, fail error) error {
		return Atomic(file, func(w io.Writer) error {
			if _, err := io.WriteString(w, text); err != nil {
				return err
			}
			return fail
		})
	}
	if err := put("first", nil); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("disk full")
	if err := put("second", broken); !errors.Is(err, broken) || !errors.Is(err, ErrWrite) {
		t.Errorf("got %v, want ErrWrite and %v", err, broken)
	}
	if data, err := os.ReadFile(file); err != nil || string(data) != "first" {
		t.Errorf("the file is %q, %v, want it as it was", data, err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
	if err := Atomic(filepath.Join(dir, "none", "file"), func(io.Writer) error { return nil }); err == nil {
		t.Error("no folder, no error")
	}
}

// TestTidy: what a killed process left goes, what a living one has in hand and folders of others stay.
func TestTidy(t *testing.T) {
	dir := t.TempDir()
	left, folder := filepath.Join(dir, temporary+"-1"), filepath.Join(dir, temporary+"-2")
	if err := errors.Join(os.WriteFile(left, []byte("torn"), 0o666), os.Mkdir(folder, 0o777)); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "file")
	err := Atomic(file, func(w io.Writer) error {
		Tidy(dir)
		_, err := io.WriteString(w, "whole")
		return err
	})
	if data, err1 := os.ReadFile(file); err != nil || err1 != nil || string(data) != "whole" {
		t.Errorf("what was in hand: %q, %v, %v", data, err, err1)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 2 {
		t.Errorf("there are %v, %v, want the file and the folder", entries, err)
	}
}

// TestTidyWhileWriting: what is in hand is never tidied away, from its first name to its last.
func TestTidyWhileWriting(t *testing.T) {
	dir := t.TempDir()
	done, tidied := make(chan bool), make(chan bool)
	go func() {
		defer close(tidied)
		for {
			select {
			case <-done:
				return
			default:
				Tidy(dir)
			}
		}
	}()
	for range 100 {
		err := Atomic(filepath.Join(dir, "file"), func(w io.Writer) error {
			_, err := io.WriteString(w, "whole")
			return err
		})
		if err != nil {
			t.Error(err)
			break
		}
	}
	close(done)
	<-tidied
}
