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
	o := value[string]{now: "text", parse: word("text", "bibtex"), kind: "text|bibtex"}
	c := &cobra.Command{
		Use:     "cite",
		Short:   "Say how to cite coexist, in words or as BibTeX",
		Example: "  coexist cite\n  coexist cite --format bibtex > coexist.bib",
		Args:    arguments(0, 0, "none"),
		RunE: func(c *cobra.Command, _ []string) error {
			if o.err != nil {
				return wrong("--format = %s: %v", o.text, o.err)
			}
			year := released[:4]
			if o.now == "bibtex" {
				_, err := fmt.Fprintf(c.OutOrStdout(), bibtex, year)
				return err
			}
			_, err := fmt.Fprintf(c.OutOrStdout(), inWords, year)
			return err
		},
	}
	c.Flags().Var(&o, "format", "of standard output (default text)")
	return c
}
