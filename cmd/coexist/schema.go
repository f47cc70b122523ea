package main

import (
	"github.com/spf13/cobra"

	"coexist/configs"
	"coexist/sim/place"
	"coexist/sim/place/england"
)

// newSchema makes the verb that prints the JSON Schema of scenario files.
func newSchema() *cobra.Command {
	return &cobra.Command{
		Use:     "schema",
		Short:   "Print the JSON Schema of scenario files, for editors",
		Example: "  coexist schema > coexist.schema.json",
		Args:    arguments(0, 0, "none"),
		RunE: func(c *cobra.Command, _ []string) error {
			text, err := schema()
			if err != nil {
				return err
			}
			_, err = c.OutOrStdout().Write(text)
			return err
		},
	}
}

// schema is the JSON Schema with the names of measures and places.
func schema() ([]byte, error) {
	e, err := place.Read(england.FS())
	if err != nil {
		return nil, err
	}
	var places []string
	for _, n := range e.Names() {
		places = append(places, n.Name)
	}
	return configs.Schema(measureNames(), places)
}
