package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// may lists what each package may import of ours: the table of docs/architecture.md. nil stands for none,
// "..." for everything, for the packages below too.
var may = map[string][]string{
	"configs":           nil,
	"agents/chance":     nil,
	"sim/place/england": nil,
	"plots/page":        nil,
	"agents":            {"configs", "agents/chance"},
	"market":            {"agents", "agents/chance", "configs"},
	"sim/place":         {"configs"},
	"sim/tables":        {"configs"},
	"sim":               {"market", "agents", "agents/chance", "configs", "sim/place", "sim/tables"},
	"sim/live":          {"sim", "sim/place", "sim/tables", "configs"},
	"sim/results":       {"sim/tables", "configs"},
	"sim/checkpoint":    {"sim", "sim/results"},
	"sim/experiment":    {"sim", "sim/checkpoint", "sim/results", "sim/place", "sim/tables", "configs"},
	"sim/evidence":      {"sim", "sim/checkpoint", "sim/results", "sim/place", "sim/tables", "configs", "sim/experiment", "sim/evidence/fit"},
	"sim/evidence/fit":  nil,
	"plots":             {"sim/results", "sim/tables", "sim/place", "configs"},
	"plots/report":      {"plots", "sim/results", "sim/tables", "sim/place", "configs"},
	"cmd/page":          {"sim/live", "sim/place", "configs"},
	"cmd/coexist":       {"..."},
	"docs":              {"..."}, // tests of what the documents say; no program imports it
}

// only lists packages that a single file may import.
var only = map[string]string{
	"github.com/schollz/progressbar/v3": "cmd/coexist/progress.go",
}

// modules lists the packages that may import a module of others: the second table of
// docs/architecture.md. Tests may import any.
var modules = map[string][]string{
	"github.com/BurntSushi/toml":        {"configs", "cmd/coexist"},
	"github.com/google/jsonschema-go":   {"configs"},
	"github.com/parquet-go/parquet-go":  {"sim/results"},
	"golang.org/x/exp":                  {"sim/experiment", "plots"},
	"gonum.org/v1/gonum":                {"sim/experiment", "sim/evidence/fit", "plots"},
	"gonum.org/v1/plot":                 {"plots"},
	"golang.org/x/image":                {"plots"},
	"codeberg.org/go-fonts/liberation":  {"plots"},
	"codeberg.org/go-pdf/fpdf":          {"plots"},
	"github.com/spf13/cobra":            {"cmd/coexist"},
	"github.com/spf13/pflag":            {"cmd/coexist"},
	"github.com/schollz/progressbar/v3": {"cmd/coexist"},
	"golang.org/x/term":                 {"cmd/coexist"},
	"github.com/rogpeppe/go-internal":   nil,
	"pgregory.net/rapid":                nil,
}

// TestImports holds every package to the tables. Tests may import configs and places too.
func TestImports(t *testing.T) {
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if d.IsDir() {
			_, module := os.Stat(filepath.Join(name, "go.mod"))
			if base := d.Name(); rel != "." && (strings.HasPrefix(base, ".") || base == "testdata" || base == "examples" || module == nil) {
				return filepath.SkipDir
			}
			return nil
		}
		if strings.HasSuffix(rel, ".go") {
			checkFile(t, name, rel)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// checkFile holds one file to the table.
func checkFile(t *testing.T, name, rel string) {
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution|parser.ParseComments)
	if err != nil {
		t.Error(err)
		return
	}
	if len(file.Comments) > 0 && file.Comments[0].List[0].Text == "//go:build ignore" {
		return // a program of its own, run by go generate
	}
	home := path.Dir(rel)
	allowed, known := may[home]
	if !known {
		for i := home; i != "." && !known; i = path.Dir(i) {
			if slices.Contains(may[i], "...") {
				allowed, known = may[i], true
			}
		}
	}
	tested := strings.HasSuffix(rel, "_test.go")
	for _, spec := range file.Imports {
		what, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Error(err)
			continue
		}
		if where := only[what]; where != "" && where != rel {
			t.Errorf("%s imports %s, which only %s may", rel, what, where)
		}
		ours, ok := strings.CutPrefix(what, "coexist/")
		if first, _, _ := strings.Cut(what, "/"); strings.Contains(first, ".") && !tested && !slices.Contains(modules[moduleOf(what)], home) {
			t.Errorf("%s imports %s, which only %s may", rel, what, strings.Join(modules[moduleOf(what)], ", "))
		}
		if slices.Contains([]string{"os", "io/ioutil", "net", "net/http", "image", "image/png", "time"}, what) && pure(home) && !tested {
			t.Errorf("%s imports %s: the model reads no file, draws nothing and knows no clock", rel, what)
		}
		switch {
		case !ok || tested && (ours == "sim/place/england" || ours == "sim/place" || ours == "configs" || ours == home):
		case !known:
			t.Errorf("%s: package %s is not in the table of imports", rel, home)
		case !slices.Contains(allowed, ours) && !slices.Contains(allowed, "..."):
			t.Errorf("%s imports %s, want only %s", rel, ours, strings.Join(allowed, ", "))
		}
	}
	if rel != "cmd/coexist/main.go" && !tested && exits(file) {
		t.Errorf("%s calls os.Exit, which only cmd/coexist/main.go may", rel)
	}
}

// pure reports whether a package is part of the model.
func pure(home string) bool {
	return slices.Contains([]string{"agents", "agents/chance", "market", "sim", "sim/place", "sim/tables"}, home)
}

// moduleOf is the module of the table to which a package belongs.
func moduleOf(what string) string {
	for i := what; i != "."; i = path.Dir(i) {
		if _, ok := modules[i]; ok {
			return i
		}
	}
	return what
}

// TestArchitectureTables: docs/architecture.md has the two tables as this file has them.
func TestArchitectureTables(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "architecture.md"))
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile("(?m)^\\| `([^`]+)` \\| (.*?) \\| (.*) \\|$")
	name := regexp.MustCompile("`([^`]+)`")
	seen := map[string]bool{}
	for _, m := range row.FindAllStringSubmatch(string(text), -1) {
		want, in := may[m[1]], m[3]
		if _, known := modules[m[1]]; known {
			want, in = modules[m[1]], m[2]
		} else if _, known := may[m[1]]; !known {
			continue // of another table
		}
		seen[m[1]] = true
		var says []string
		for _, x := range name.FindAllStringSubmatch(in, -1) {
			says = append(says, x[1])
		}
		switch {
		case slices.Equal(want, []string{"..."}):
			if in != "everything" {
				t.Errorf("architecture.md: %s imports %s, want everything", m[1], in)
			}
		case strings.HasPrefix(in, "tests"):
			if want != nil {
				t.Errorf("architecture.md: %s is for %s, want %s", m[1], in, strings.Join(want, ", "))
			}
		default:
			if !slices.Equal(slices.Sorted(slices.Values(says)), slices.Sorted(slices.Values(want))) {
				t.Errorf("architecture.md: %s has %s, want %s", m[1], in, strings.Join(want, ", "))
			}
		}
	}
	for p := range may {
		if !seen[p] && p != "docs" {
			t.Errorf("architecture.md has no row of package %s", p)
		}
	}
	for p := range modules {
		if !seen[p] {
			t.Errorf("architecture.md has no row of module %s", p)
		}
	}
}

// exits reports whether a file calls os.Exit or log.Fatal.
func exits(file *ast.File) bool {
	found := false
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok && (x.Name == "os" && s.Sel.Name == "Exit" || x.Name == "log" && strings.HasPrefix(s.Sel.Name, "Fatal")) {
				found = true
			}
		}
		return !found
	})
	return found
}
