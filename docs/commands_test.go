package docs_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestCommands: every command of the program that a page shows is one, with flags that exist.
func TestCommands(t *testing.T) {
	verbs, flags := known(t)
	shown := regexp.MustCompile(`(?m)^\s*(?:go run \./cmd/coexist|\./coexist|coexist)((?: [^\n#]*)?)`)
	for _, page := range pages(t) {
		for _, blockText := range fenced.FindAllString(read(t, page), -1) {
			for _, m := range shown.FindAllStringSubmatch(blockText, -1) {
				words := strings.Fields(m[1])
				if len(words) == 0 || strings.HasPrefix(words[0], "-") {
					continue
				}
				if !verbs[words[0]] {
					t.Errorf("%s: coexist %s is no command", page, words[0])
				}
				for _, w := range words[1:] {
					if name, ok := strings.CutPrefix(w, "--"); ok {
						name, _, _ = strings.Cut(name, "=")
						if !flags[name] {
							t.Errorf("%s: coexist %s has no flag --%s", page, words[0], name)
						}
					}
				}
			}
		}
	}
}

// TestEveryCommandNamed: the tutorial's list of commands names every one.
func TestEveryCommandNamed(t *testing.T) {
	_, list, ok := strings.Cut(read(t, "docs/tutorial.md"), "\n## All commands\n")
	if !ok {
		t.Fatal("tutorial.md has no list of all commands")
	}
	list, _, _ = strings.Cut(list, "\n## ")
	verbs, _ := known(t)
	for _, inner := range []string{"coexist", "plan", "status", "script", "merge", "map"} { // the program, and what sweep and sensitivity have inside
		delete(verbs, inner)
	}
	for verb := range verbs {
		if !strings.Contains(list, "`"+verb+"`") {
			t.Errorf("tutorial.md does not name %s among all commands", verb)
		}
	}
	for _, m := range regexp.MustCompile("`([a-z]+)`").FindAllStringSubmatch(list, -1) {
		if !verbs[m[1]] && m[1] != "completion" && m[1] != "help" { // which the library of commands adds
			t.Errorf("tutorial.md names %s, which is no command", m[1])
		}
	}
}

// TestFolders: commands of the pages that make a result, typed one after the other in one folder, do not meet: a folder
// holds the result of one command, and another is refused.
func TestFolders(t *testing.T) {
	shown := regexp.MustCompile(`(?m)^\s*(?:go run \./cmd/coexist|\./coexist|coexist) (compare|run|sweep)((?: [^\n#]*)?)`)
	aside := regexp.MustCompile(` --(show|measure|out) \S+`) // what is printed, and where the result is
	made := map[string]string{}
	for _, page := range pages(t) {
		for _, m := range shown.FindAllStringSubmatch(read(t, page), -1) {
			words := strings.Fields(m[2])
			folder := "coexist-" + m[1]
			if m[1] != "compare" && len(words) > 0 {
				folder = "coexist-" + strings.TrimSuffix(filepath.Base(words[0]), ".toml")
			}
			if i := slices.Index(words, "--out") + 1; i > 0 && i < len(words) {
				folder = words[i]
			}
			if m[1] == "sweep" && len(words) > 0 && slices.Contains([]string{"plan", "run", "status", "script", "merge"}, words[0]) {
				continue // these work on one folder together
			}
			command := strings.TrimSpace(aside.ReplaceAllString(m[1]+m[2], ""))
			if other, ok := made[folder]; ok && other != command {
				t.Errorf("%s: %q writes to %s, as %q does: give one another --out", page, command, folder, other)
			}
			made[folder] = command
		}
	}
	if len(made) < 15 {
		t.Errorf("%d folders found, want those of the pages", len(made))
	}
}

// known lists verbs and flags as cmd/coexist declares them.
func known(t *testing.T) (verbs, flags map[string]bool) {
	t.Helper()
	verbs, flags = map[string]bool{}, map[string]bool{"help": true}
	files, err := filepath.Glob("../cmd/coexist/*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files of cmd/coexist: %v", err)
	}
	verb := regexp.MustCompile(`Use:\s*"([a-z]+)`)
	flagged := regexp.MustCompile(`(?:Var|Int|Bool|String)\w*\([^"\n]*"([a-z-]+)"`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range verb.FindAllStringSubmatch(string(text), -1) {
			verbs[m[1]] = true
		}
		for _, m := range flagged.FindAllStringSubmatch(string(text), -1) {
			flags[m[1]] = true
		}
	}
	return verbs, flags
}
