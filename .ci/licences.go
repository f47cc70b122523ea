// Command licences lists the modules that are built into a program, each with its licence as its own
// file says, and fails if one has none, or one that does not allow use in a program under MIT.
package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// allowed names the licences by words that their text has and the others' have not.
var allowed = []struct {
	name  string
	words []string
}{
	{"Apache-2.0", []string{"apache license", "version 2.0"}},
	{"MPL-2.0", []string{"mozilla public license", "2.0"}},
	{"BSD-3-Clause", []string{"redistribution and use in source and binary forms", "neither the name"}},
	{"BSD-3-Clause", []string{"redistribution and use in source and binary forms", "names of its contributors"}},
	{"BSD-2-Clause", []string{"redistribution and use in source and binary forms"}},
	{"MIT", []string{"permission is hereby granted, free of charge"}},
	{"FTL", []string{"the freetype license, which is similar to the original bsd license"}},
	{"Unlicense", []string{"free and unencumbered software released into the public domain"}},
	{"CC-BY-4.0", []string{"creative commons attribution 4.0 international"}},
}

func main() {
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "licences:", err)
		os.Exit(1)
	}
}

func run(program string) error {
	var lines []string
	for _, system := range []string{"linux", "darwin", "windows"} {
		list := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}{{end}}", program)
		list.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0")
		out, err := list.Output()
		if err != nil {
			return err
		}
		lines = append(lines, strings.Split(strings.TrimSpace(string(out)), "\n")...)
	}
	slices.Sort(lines)
	w := csv.NewWriter(os.Stdout)
	w.Write([]string{"module", "version", "licence", "file"})
	var unknown []string
	for _, line := range slices.Compact(lines) {
		f := strings.Split(line, "\t")
		if len(f) != 3 {
			continue
		}
		name, file := licence(f[2])
		if name == "" {
			unknown = append(unknown, f[0])
		}
		w.Write([]string{f[0], f[1], name, file})
	}
	w.Flush()
	if len(unknown) > 0 {
		return fmt.Errorf("no licence known of %s", strings.Join(unknown, ", "))
	}
	return w.Error()
}

// licence finds the licence of a module in its folder.
func licence(dir string) (name, file string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", ""
	}
	for _, e := range entries {
		upper := strings.ToUpper(e.Name())
		if e.IsDir() || !strings.HasPrefix(upper, "LICEN") && !strings.HasPrefix(upper, "COPYING") && !strings.HasPrefix(upper, "UNLICENSE") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			continue
		}
		plain := strings.Join(strings.Fields(strings.ToLower(string(text))), " ")
		for _, a := range allowed {
			if !slices.ContainsFunc(a.words, func(word string) bool { return !strings.Contains(plain, word) }) {
				return a.name, e.Name()
			}
		}
	}
	return "", ""
}
