package main

import (
	"bytes"
	"flag"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"coexist/sim/experiment"
	"coexist/sim/results"
)

// Pages show commands, files, output, and lines of R and Python. These tests run a page from top to
// bottom in a new folder, in which examples/ lies as in the repository:
//
//	```sh    each line is run; one that ends in a comment about minutes is passed over
//	```toml  a file, named in the comment of its first line
//	```r, ```python  run where the language is on the machine
//	```text  what the command before it printed; of an example, at its own size alone (-full)
//
// A comment such as <!-- holds: RESULT, PLACE, MEASURE: a < b < c --> orders the means of scenarios. One
// such as <!-- model: HASH --> at the end says of which model the output is: the hash of sim/bytes_test.go.

// full runs the examples at their own size and holds what they print to their pages; with renew, it
// writes what they print, and of which model it is, into the pages:
//
//	go test ./cmd/coexist -run TestExamples -timeout 2h -args -full [-renew]
var (
	full  = flag.Bool("full", false, "run examples at the size that their pages show, and hold their output to the pages")
	renew = flag.Bool("renew", false, "with -full: write the output into the pages")
)

var (
	fence  = regexp.MustCompile("(?s)```([a-z]+)\n(.*?)```|<!-- holds: ([^,]*), ([^,]*), ([^:]*): (.*?) -->")
	block  = regexp.MustCompile("(?ms)^```([a-z]*)\n.*?^```$")
	splits = regexp.MustCompile(`"[^"]*"|\S+`)
	stamp  = regexp.MustCompile(`<!-- model: ([0-9a-f]*) -->`)
	golden = regexp.MustCompile(`(?m)^const golden = "([0-9a-f]+)"$`)
)

// top is the top of the repository.
var top, _ = filepath.Abs(filepath.Join("..", ".."))

// runPage runs a page of docs, which has so many commands or more.
func runPage(t *testing.T, name string, commands int) {
	t.Helper()
	if testing.Short() {
		t.Skip("some minutes of simulation")
	}
	p := shownPage{name: name}
	p.run(t)
	if p.ran < commands {
		t.Errorf("%d commands ran, want %d or more", p.ran, commands)
	}
}

// TestTutorial runs docs/tutorial.md.
func TestTutorial(t *testing.T) { runPage(t, "docs/tutorial.md", 12) }

// TestExperimentsPage runs docs/experiments.md.
func TestExperimentsPage(t *testing.T) {
	runPage(t, "docs/experiments.md", 12)
	for _, want := range []string{"question/comparison/winners.csv", "depth/result/figures/22-what-matters-most.png", "rehearsal/result/figures/20-coexistence-map.svg", "cluster/result/manifest.json"} {
		if _, err := os.Stat(filepath.FromSlash(want)); err != nil {
			t.Errorf("the page names %s: %v", want, err)
		}
	}
}

// TestExamples runs the page of every folder of examples, at a small size unless -full is given, and
// checks the order of results that it claims.
func TestExamples(t *testing.T) {
	if testing.Short() {
		t.Skip("a small comparison for each folder")
	}
	folders, err := os.ReadDir(filepath.Join(top, "examples"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range folders {
		if !f.IsDir() {
			continue
		}
		t.Run(f.Name(), func(t *testing.T) {
			p := shownPage{name: "examples/" + f.Name() + "/README.md", small: !*full}
			if p.small {
				p.current(t)
			}
			p.run(t)
			if p.ran == 0 {
				t.Error("no command ran")
			}
		})
	}
}

// shownPage is a page that is run.
type shownPage struct {
	name  string
	small bool // add flags that make worlds small
	ran   int  // commands run

	out string // what the last command printed
}

// current checks that the output on a page is of the model of today, which one run at a small size cannot
// tell: the page names the model that it is of.
func (p *shownPage) current(t *testing.T) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(top, filepath.FromSlash(p.name)))
	if err != nil {
		t.Fatal(err)
	}
	if m := stamp.FindSubmatch(text); m != nil && string(m[1]) != model(t) {
		t.Errorf("%s shows the output of model %s, want that of %s: go test ./cmd/coexist -run TestExamples -timeout 2h -args -full -renew", p.name, m[1], model(t))
	}
}

// model is the hash of a run by which sim/bytes_test.go knows the model.
func model(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(top, "sim", "bytes_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	m := golden.FindSubmatch(text)
	if m == nil {
		t.Fatal("sim/bytes_test.go has no constant golden")
	}
	return string(m[1])
}

// run runs everything that the page shows, in a new working directory.
func (p *shownPage) run(t *testing.T) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(top, filepath.FromSlash(p.name)))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range block.FindAllStringSubmatch(string(text), -1) {
		if !slices.Contains([]string{"sh", "toml", "r", "python", "text"}, m[1]) {
			t.Errorf("%s shows a block that no test reads, want it marked sh, toml, r, python or text:\n%s", p.name, m[0])
		}
	}
	t.Chdir(t.TempDir())
	if err := os.CopyFS("examples", os.DirFS(filepath.Join(top, "examples"))); err != nil {
		t.Fatal(err)
	}
	renewed := fence.ReplaceAllStringFunc(string(text), func(found string) string {
		m := fence.FindStringSubmatch(found)
		switch body := m[2]; m[1] {
		case "toml":
			first, _, _ := strings.Cut(body, "\n")
			if err := os.WriteFile(strings.TrimPrefix(first, "# "), []byte(body), 0o666); err != nil {
				t.Fatal(err)
			}
		case "sh":
			for line := range strings.Lines(body) {
				if command, note, _ := strings.Cut(strings.TrimSpace(line), "#"); !strings.Contains(note, "minutes") {
					p.command(t, command)
				}
			}
		case "r", "python":
			p.script(t, m[1], body)
		case "text":
			if !p.small && body != p.out {
				if *renew {
					return "```text\n" + p.out + "```"
				}
				t.Errorf("%s shows:\n%s\nand the command printed:\n%s", p.name, body, p.out)
			}
		case "":
			if p.small { // two runs of four years do not tell; current says that a full run did
				break
			}
			holds(t, m[3], m[4], m[5], strings.Split(m[6], " < "))
		}
		return found
	})
	if *renew && strings.Contains(renewed, "```text\n") {
		renewed = strings.TrimRight(stamp.ReplaceAllString(renewed, ""), "\n") + "\n\n<!-- model: " + model(t) + " -->\n"
	}
	if *renew && renewed != string(text) {
		if err := os.WriteFile(filepath.Join(top, filepath.FromSlash(p.name)), []byte(renewed), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// command runs one line of a shell: coexist in this process, another program of Go from the top of the
// repository, and R and Python where they are on the machine.
func (p *shownPage) command(t *testing.T, line string) {
	t.Helper()
	args := splits.FindAllString(strings.Replace(line, "go run ./cmd/coexist", "coexist", 1), -1)
	for i := range args {
		args[i] = strings.Trim(args[i], `"`)
	}
	switch {
	case line == `export PATH="$PWD:$PATH"`: // so that what was built is found: here it is in this process
		return
	case len(args) > 1 && args[0] == "coexist":
		if p.small && (args[1] == "compare" || args[1] == "sweep") {
			args = append(args, "--sample", "0.01", "--years", "4", "--runs", "2")
		}
		var out, errs bytes.Buffer
		if code := execute(args[1:], strings.NewReader(""), &out, &errs); code != exitDone {
			t.Fatalf("%s: exit %d\n%s", line, code, errs.String())
		}
		p.out = out.String()
		if !slices.Contains([]string{"plot", "init", "report"}, args[1]) && p.out == "" && !slices.Contains(args, "--shard") {
			t.Errorf("%s: prints nothing", line)
		}
	case len(args) > 2 && args[0] == "go" && (args[1] == "run" || args[1] == "build"):
		if i := slices.Index(args, "-o") + 1; i > 0 {
			args[i] = filepath.Join(t.TempDir(), args[i]) // not into the repository
		}
		c := exec.Command(args[0], args[1:]...)
		c.Dir = top
		out, err := c.Output()
		if err != nil {
			t.Fatalf("%s: %v\n%s", line, err, out)
		}
		p.out = string(out)
	case len(args) > 1 && (args[0] == "Rscript" || args[0] == "python3"):
		if out, ok := foreign(t, args...); ok {
			p.out = out
		}
	default:
		t.Fatalf("%s: %q is no command that a page may show", p.name, line)
	}
	p.ran++
}

// script runs lines of another language that print the cost of care.
func (p *shownPage) script(t *testing.T, language, text string) {
	t.Helper()
	program := map[string]string{"r": "Rscript", "python": "python3"}[language]
	if err := os.WriteFile("lines."+language, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	if out, ok := foreign(t, program, "lines."+language); ok && !strings.Contains(out, "cost_per_head") {
		t.Errorf("%s prints no cost_per_head:\n%s", program, out)
	}
}

// foreign runs R or Python and returns what it printed; ok is false where the language, or the pandas that
// the pages use, is not on the machine.
func foreign(t *testing.T, args ...string) (out string, ok bool) {
	t.Helper()
	probe := []string{"Rscript", "--vanilla", "-e", "invisible()"}
	if args[0] == "python3" {
		probe = []string{"python3", "-c", "import pandas"}
	}
	if err := exec.Command(probe[0], probe[1:]...).Run(); err != nil {
		t.Logf("%s cannot be run here: %s is not tested", strings.Join(probe, " "), strings.Join(args, " "))
		return "", false
	}
	text, err := exec.Command(args[0], args[1:]...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, text)
	}
	return string(text), true
}

// holds checks that the means over runs of a measure of scenarios, over the window that a comparison
// speaks of, rise in the order given.
func holds(t *testing.T, dir, place, measure string, scenarios []string) {
	t.Helper()
	r, err := results.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	v := experiment.NewValues(r.Manifest.Years)
	for o, err := range r.Outcomes() {
		if err != nil {
			t.Fatal(err)
		}
		v.Add(&o)
	}
	last := math.Inf(-1)
	for _, s := range scenarios {
		sum := 0.0
		for _, x := range v.Runs(experiment.Key{Place: place, Scenario: s, Group: "all", Measure: measure}, experiment.Windows(r.Manifest.Years)[0], v.Count()) {
			sum += x
		}
		now := sum / float64(v.Count())
		if !(now > last) {
			t.Errorf("%s in %s: %s has %s %g, want more than %g, for %s", dir, place, s, measure, now, last, strings.Join(scenarios, " < "))
		}
		last = now
	}
}
