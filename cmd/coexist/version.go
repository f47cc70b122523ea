package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// version is that of the program and of its results.
const version = "0.1.0"

// newVersion makes the verb that says what was built.
func newVersion() *cobra.Command {
	format := newWords("text", "json")
	c := &cobra.Command{
		Use:     "version",
		Short:   "Say which version this is and how it was built",
		Example: "  coexist version --format json",
		Args:    arguments(0, 0, "none"),
		RunE: func(c *cobra.Command, _ []string) error {
			var f faults
			if flagFaults(c.Flags(), &f); f.err() != nil {
				return f.err()
			}
			build := struct {
				Name     string `json:"name"`
				Version  string `json:"version"`
				Revision string `json:"revision,omitempty"`
				Go       string `json:"go"`
				OS       string `json:"os"`
				Arch     string `json:"arch"`
			}{"coexist", version, "", runtime.Version(), runtime.GOOS, runtime.GOARCH}
			if info, ok := debug.ReadBuildInfo(); ok {
				for _, s := range info.Settings {
					if s.Key == "vcs.revision" {
						build.Revision = s.Value
					}
				}
			}
			if format.now == "json" {
				return writeJSON(c.OutOrStdout(), build)
			}
			_, err := fmt.Fprintf(c.OutOrStdout(), "coexist %s %s %s/%s %s\n", build.Version, build.Go, build.OS, build.Arch, build.Revision)
			return err
		},
	}
	c.Flags().Var(&format, "format", formatUse)
	return c
}
