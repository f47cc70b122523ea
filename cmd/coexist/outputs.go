package main

import (
	"io"
	"path/filepath"

	"coexist/sim/results"
)

// put writes a file whole or not at all, and takes away what a killed process left beside it.
func put(file string, write func(io.Writer) error) error {
	err := results.Atomic(file, write)
	results.Tidy(filepath.Dir(file))
	return err
}

// bytesOf writes what is ready.
func bytesOf(data []byte) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	}
}
