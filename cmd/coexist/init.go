package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"coexist/configs"
)

// schemaName is the file that the first line of a scenario points editors to.
const schemaName = "coexist.schema.json"

// newInit makes the verb that begins a scenario.
func newInit() *cobra.Command {
	var from string
	c := &cobra.Command{
		Use:   "init [FILE]",
		Short: "Begin a scenario of your own: a commented file with every key",
		Long: `Writes a scenario file in which every key stands as a comment with its value, unit, range and meaning,
and beside it coexist.schema.json, with which editors complete and check keys. Nothing is overwritten.`,
		Example: "  coexist init my-system.toml\n  coexist init my-airline.toml --extends airline",
		Args:    arguments(0, 1, "one file at most"),
		RunE: func(c *cobra.Command, args []string) error {
			file := "my-system.toml"
			if len(args) > 0 {
				file = args[0]
			}
			var f faults
			if !strings.HasSuffix(file, ".toml") {
				f.addf("%s: want a file that ends in .toml", file)
			}
			if _, err := os.Lstat(file); err == nil {
				f.addf("%s exists already, want a new file", file)
			} else if !errors.Is(err, fs.ErrNotExist) {
				f.addf("%v", err)
			}
			parent, err := configs.Read(from, configs.Options{})
			f.add(err)
			if _, builtIn := configs.Source(from); err == nil && !builtIn {
				f.addf("--extends %s: want a built-in scenario", from)
			}
			if err := f.err(); err != nil {
				return err
			}
			if err := begin(file, parent); err != nil {
				return err
			}
			fmt.Fprintf(c.ErrOrStderr(), "wrote %s; edit it, then: coexist check %s\n", file, file)
			return nil
		},
	}
	c.Flags().StringVar(&from, "extends", "status-quo", "built-in scenario to begin from")
	return c
}

// begin writes the scenario file and, if there is none, the schema beside it.
func begin(file string, parent configs.Config) error {
	text, err := schema()
	if err != nil {
		return err
	}
	beside := filepath.Join(filepath.Dir(file), schemaName)
	if _, err := os.Lstat(beside); errors.Is(err, fs.ErrNotExist) { // before the file, so that a full disk leaves none
		if err := put(beside, bytesOf(text)); err != nil {
			return err
		}
	}
	return put(file, bytesOf(starter(configs.NameOf(file), parent)))
}

// starter is a scenario file that extends another and changes nothing yet. name is one that a scenario may have.
func starter(name string, parent configs.Config) []byte {
	var b bytes.Buffer
	p := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	p("#:schema ./%s", schemaName)
	p("")
	p("# A scenario says what differs from the one that it extends. Take the # from a line to change its")
	p("# value. coexist explain KEY says more; coexist check FILE finds what is wrong.")
	p("extends = %q", parent.Name)
	p("name = %q", name)
	p("title = %q", strings.ToUpper(name[:1])+strings.ReplaceAll(name[1:], "-", " "))
	p("about = %q", "As "+parent.Name+", but ...")
	p("")
	p("# Who pays whom for what, and how. A list replaces the whole list of the parent, which is:")
	p("# contract = [")
	for _, c := range parent.Contracts {
		p("#   { payer = %q, payee = %q, service = %q, kind = %q, price = %v },", c.Payer, c.Payee, c.Service, c.Kind, c.Price)
	}
	p("# ]")
	values, section := valuesOf(parent), ""
	for _, x := range configs.Parameters() {
		if x.Section() != section {
			section = x.Section()
			p("")
			p("[%s]", section)
		}
		_, key, _ := strings.Cut(x.Key, ".")
		p("# %s = %s # %s", key, written(values[x.Key]), remark(x))
	}
	p("")
	p("# A dated reform changes values within the run:")
	p("# [[reform]]")
	p("# when = \"2013-04\"")
	p("# [reform.set]")
	p("# \"regime.referral\" = \"choice\"")
	return b.Bytes()
}

// remark says in one line what a parameter is.
func remark(p configs.Parameter) string {
	text := p.Meaning
	if p.Unit != "" {
		text = p.Unit + ". " + text
	}
	return strings.Join(strings.Fields(text), " ") + " Legal: " + p.Want() + "."
}
