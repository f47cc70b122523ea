package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

// released is the day of the version, as in CITATION.cff.
const released = "2026-11-22"

// The reference to the program. Author, title and year are those of CITATION.cff.
const (
	inWords = "The coexist developers. coexist, version " + version + ", %s. Software.\n" +
		"Name the version, the scenarios, the places and the seeds; manifest.json of a result has them all.\n"
	bibtex = `@software{coexist,
  author  = {{The coexist developers}},
  title   = {coexist},
  version = {` + version + `},
  year    = {%s},
  date    = {` + released + `},
}
`
)

// newCite makes the verb that says how to cite the program.
func newCite() *cobra.Command {
	format := newWords("text", "bibtex")
	c := &cobra.Command{
		Use:     "cite",
		Short:   "Say how to cite coexist, in words or as BibTeX",
		Example: "  coexist cite\n  coexist cite --format bibtex > coexist.bib",
		Args:    arguments(0, 0, "none"),
		RunE: func(c *cobra.Command, _ []string) error {
			var f faults
			if flagFaults(c.Flags(), &f); f.err() != nil {
				return f.err()
			}
			year := released[:4]
			if format.now == "bibtex" {
				_, err := fmt.Fprintf(c.OutOrStdout(), bibtex, year)
				return err
			}
			_, err := fmt.Fprintf(c.OutOrStdout(), inWords, year)
			return err
		},
	}
	c.Flags().Var(&format, "format", formatUse)
	return c
}
