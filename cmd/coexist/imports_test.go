package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// may lists what each package may import of ours: the table of docs/architecture.md. A name that ends
// in /... stands for all packages below; nil for none.
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

// TestImports holds every package to the table. Tests may import configs and places too.
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
	if !known && !slices.Contains(allowed, "...") {
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
