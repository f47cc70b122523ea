package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"coexist/configs"
	"coexist/sim/live"
	"coexist/sim/place"
	"coexist/sim/place/england"
)

// The file that the page offers, run by the command in its first lines, gives the table that the page
// offers, to the byte. (.ci/browser/page does the same with the real page, natively and as WebAssembly.)
func TestPageGivesTheNumbersOfTheCommandLine(t *testing.T) {
	e, err := place.Read(england.FS())
	if err != nil {
		t.Fatal(err)
	}
	const made, real = "synthetic:rural=0.35,practices=20,hospitals=4,districts=3", "Shropshire, Telford and Wrekin"
	list := []live.Settings{
		{Place: made, System: "competing-systems", People: 1000, Years: 2, Seed: 3, Runs: 2,
			Controls: map[string]string{"pay": "bonus", "loyalty": "0", "airport": "separate", "entry": "easy", "systems": "3"}},
		{Place: real, System: "airline", People: 1500, Years: 1, Seed: 0, Runs: 1, Controls: map[string]string{"travel": "4"}},
	}
	if !testing.Short() { // every system of the page, in a place made by rule and in a real one by turns
		for i, system := range configs.Builtin() {
			list = append(list, live.Settings{Place: []string{made, real}[i%2], System: system.Name, People: 600, Years: 1, Seed: 1, Runs: 1,
				Controls: map[string]string{"loyalty": "3"}})
		}
	}
	for _, s := range list {
		p, err := e.Resolve(s.Place)
		if err != nil {
			t.Fatal(err)
		}
		var page bytes.Buffer
		var text string
		for _, what := range []string{"csv", "toml"} {
			err := live.Do(t.Context(), what, s, live.NewWorld(p), func(_ string, v any) error {
				switch v := v.(type) {
				case string:
					page.WriteString(v)
				case live.File:
					text = v.Text
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		dir := t.TempDir()
		file := filepath.Join(dir, s.System+".toml")
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		args := words(t, text)
		args[1] = file
		args = append(args, "--out", filepath.Join(dir, "result"), "--progress", "none")
		var out, errs bytes.Buffer
		if code := execute(args, nil, &out, &errs); code != exitDone {
			t.Fatalf("%v ends with %d: %s", args, code, errs.String())
		}
		table, err := os.ReadFile(filepath.Join(dir, "result", "data", "outcomes.csv"))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(table, page.Bytes()) || page.Len() < 10_000 {
			t.Errorf("%s in %s: %d bytes by the page, %d by the command line, want the same", s.System, s.Place, page.Len(), len(table))
		}
	}
}

// words splits the command that a scenario file of the page names, as a shell does.
func words(t *testing.T, file string) []string {
	t.Helper()
	for line := range strings.Lines(file) {
		command, ok := strings.CutPrefix(strings.TrimSpace(line), "#   coexist ")
		if !ok {
			continue
		}
		var list []string
		for i, part := range strings.Split(command, `"`) {
			if i%2 == 1 {
				list = append(list, part)
			} else {
				list = append(list, strings.Fields(part)...)
			}
		}
		return list
	}
	t.Fatalf("no command in\n%s", file)
	return nil
}
