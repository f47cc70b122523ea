package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestExperimentsPageRuns runs every command of docs/experiments.md, in its order, and its lines of R and
// Python where these are on the machine. Lines that end in a comment about minutes are passed over.
func TestExperimentsPageRuns(t *testing.T) {
	if testing.Short() {
		t.Skip("some minutes of simulation")
	}
	page, err := os.ReadFile("../../docs/experiments.md")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	ran := 0
	for _, m := range regexp.MustCompile("(?s)```([a-z]+)\n(.*?)```").FindAllStringSubmatch(string(page), -1) {
		switch kind, text := m[1], m[2]; kind {
		case "toml":
			first, _, _ := strings.Cut(text, "\n")
			if err := os.WriteFile(strings.TrimPrefix(first, "# "), []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		case "sh":
			for line := range strings.Lines(text) {
				if command, note, _ := strings.Cut(strings.TrimSpace(line), "#"); !strings.Contains(note, "minutes") {
					runLine(t, strings.Fields(command))
					ran++
				}
			}
		case "r":
			runScript(t, text, "Rscript", "--vanilla", "-e", "invisible()")
		case "python":
			runScript(t, text, "python3", "-c", "import pandas")
		}
	}
	if ran < 12 {
		t.Errorf("%d commands ran, want 12 or more", ran)
	}
	for _, want := range []string{"question/comparison/winners.csv", "rivalry/result/figures/22-what-matters-most.png", "rehearsal/result/figures/20-coexistence-map.svg", "cluster/result/manifest.json"} {
		if _, err := os.Stat(filepath.FromSlash(want)); err != nil {
			t.Errorf("the page names %s: %v", want, err)
		}
	}
}

// runLine runs one command of the page.
func runLine(t *testing.T, words []string) {
	t.Helper()
	if len(words) < 2 || words[0] != "coexist" {
		t.Fatalf("%q is no command of coexist", words)
	}
	var out, errs bytes.Buffer
	if code := execute(words[1:], strings.NewReader(""), &out, &errs); code != exitDone {
		t.Fatalf("%s: exit %d\n%s", strings.Join(words, " "), code, errs.String())
	}
	if words[1] != "plot" && out.Len() == 0 && !strings.HasPrefix(strings.Join(words[1:], " "), "sweep run") {
		t.Errorf("%s: prints nothing", strings.Join(words, " "))
	}
}

// runScript runs lines of another language, if it is there: probe is a command that says so.
func runScript(t *testing.T, text string, probe ...string) {
	t.Helper()
	if err := exec.Command(probe[0], probe[1:]...).Run(); err != nil {
		t.Logf("%s cannot be run here: its lines are not tested", probe[0])
		return
	}
	name := "lines." + strings.ToLower(probe[0][:1])
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(probe[0], name).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "cost_per_head") {
		t.Errorf("%s: %v\n%s", probe[0], err, out)
	}
}
