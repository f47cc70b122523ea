package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// block is a fenced block of a page: what the fence says, and the text.
var block = regexp.MustCompile("(?ms)^```([^\n]*)\n(.*?)^```$")

// TestTutorial runs every command of docs/tutorial.md, in order, on the files that it shows.
func TestTutorial(t *testing.T) {
	if testing.Short() {
		t.Skip("several small comparisons")
	}
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "tutorial.md"))
	if err != nil {
		t.Fatal(err)
	}
	var commands, files strings.Builder
	for _, b := range block.FindAllSubmatch(page, -1) {
		switch kind, name, _ := strings.Cut(string(b[1]), " "); kind {
		case "sh":
			for line := range strings.Lines(string(b[2])) {
				commands.WriteString("exec " + line)
			}
		case "toml":
			files.WriteString("-- " + name + " --\n" + string(b[2]))
		}
	}
	dir := t.TempDir()
	script := commands.String() + files.String()
	if strings.Count(script, "exec coexist ") < 10 {
		t.Fatalf("only these commands were found:\n%s", script)
	}
	if err := os.WriteFile(filepath.Join(dir, "tutorial.txtar"), []byte(script), 0o644); err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{Dir: dir})
}
