package chance

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// The folders of the model packages, from here.
var modelFolders = []string{"..", ".", "../../market", "../../sim"}

// What a model package may use of package math: the same bits on every processor.
var portable = regexp.MustCompile(`^(Sqrt|Floor|Abs|Inf|NaN|IsNaN|IsInf|Float(64|32)(bits|frombits)|(Max|Min)(Int|Uint|Float)\d*)$`)

// TestModelIsPortable reads the model packages for arithmetic or random numbers
// that differ between processors.
func TestModelIsPortable(t *testing.T) {
	for _, folder := range modelFolders {
		files, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%d files of Go in %s, want some: %v", len(files), folder, err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			faults, err := portability(file, source)
			if err != nil {
				t.Errorf("%s does not parse: %v", file, err)
			}
			for _, fault := range faults {
				t.Error(fault)
			}
		}
	}
}

// portability returns what a file may not do, each with its line.
func portability(name string, source []byte) (faults []string, err error) {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	fault := func(at ast.Node, format string, args ...any) {
		faults = append(faults, fmt.Sprintf("%s: %s", set.Position(at.Pos()), fmt.Sprintf(format, args...)))
	}
	standard := "" // the name of package math in this file
	for _, spec := range file.Imports {
		path, _ := strconv.Unquote(spec.Path.Value)
		switch {
		case path == "math" && spec.Name == nil:
			standard = "math"
		case path == "math":
			standard = spec.Name.Name
			if standard == "." {
				fault(spec, "imports math as a dot, want its name")
			}
		case path == "math/rand", path == "math/cmplx", strings.HasPrefix(path, "gonum.org/"):
			fault(spec, "imports %s, want agents/chance", path)
		}
	}
	ast.Inspect(file, func(node ast.Node) bool {
		selector, ok := node.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		what := selector.Sel.Name
		if of, ok := selector.X.(*ast.Ident); ok && standard != "" && of.Name == standard && !portable.MatchString(what) {
			fault(selector, "uses math.%s, want agents/chance or a builtin", what)
		}
		if what == "NormFloat64" || what == "ExpFloat64" {
			fault(selector, "uses %s, want Normal or Exponential of agents/chance", what)
		}
		return true
	})
	return faults, nil
}

func TestPortabilityFindsFaults(t *testing.T) {
	for _, row := range []struct {
		name, source string
		want         int
	}{
		{"clean", `import "math"; var x = math.Sqrt(2) + math.Floor(2) + math.Abs(2) + math.MaxInt32 + math.Inf(1)`, 0},
		{"constants", `import "math"; var x = []any{math.MaxUint, math.MinInt64, math.MaxFloat64, math.Float64bits(2)}`, 0},
		{"exp", `import "math"; var x = math.Exp(2)`, 1},
		{"as a value", `import "math"; var f = math.Log`, 1},
		{"functions, not constants", `import "math"; var x = math.Max(1, math.Min(2, 3))`, 2},
		{"renamed", `import m "math"; var x = m.Pow(2, 3)`, 1},
		{"dot", `import . "math"; var x = Pow(2, 3)`, 1},
		{"old random numbers", `import "math/rand"; var x = rand.Int()`, 1},
		{"new random numbers", `import "math/rand/v2"; var x = rand.NewPCG(1, 2)`, 0},
		{"normal draws", `import "math/rand/v2"; var x = rand.New(rand.NewPCG(1, 2)).NormFloat64()`, 1},
		{"gonum", `import "gonum.org/v1/gonum/stat/distuv"; var x distuv.Normal`, 1},
		{"another math", `import "example.com/math"; var x = math.Exp(2)`, 0},
	} {
		got, err := portability("x.go", []byte("package x; "+row.source))
		if err != nil {
			t.Errorf("%s: %v", row.name, err)
		}
		if len(got) != row.want {
			t.Errorf("%s: %q, want %d faults", row.name, got, row.want)
		}
	}
}

// TestNoFusedArithmetic compiles the model packages for the processors that have an
// instruction for x*y + z with one rounding, and looks for it. Where it fails, a
// product that feeds a sum wants float64( ) around it.
func TestNoFusedArithmetic(t *testing.T) {
	if testing.Short() || runtime.GOOS == "js" {
		t.Skip("compiles for other processors")
	}
	command, err := exec.LookPath("go")
	if err != nil {
		t.Skip("no compiler here")
	}
	for _, folder := range modelFolders {
		for _, processor := range []string{"GOARCH=arm64", "GOARCH=amd64"} {
			t.Run(folder+" "+processor, func(t *testing.T) {
				for _, fault := range fusions(listing(t, command, processor, "./"+filepath.ToSlash(folder))) {
					t.Error(fault)
				}
			})
		}
	}
}

// TestFusionsAreSeen: of two sums the compiler fuses the one without float64( ), and its listing says so as
// fusions reads it.
func TestFusionsAreSeen(t *testing.T) {
	if testing.Short() || runtime.GOOS == "js" {
		t.Skip("compiles for other processors")
	}
	command, err := exec.LookPath("go")
	if err != nil {
		t.Skip("no compiler here")
	}
	file := filepath.Join(t.TempDir(), "x.go")
	text := "package x\n\nfunc F(a, b, c float64) float64 { return a*b + c }\n\nfunc G(a, b, c float64) float64 { return float64(a*b) + c }\n"
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, processor := range []string{"GOARCH=arm64", "GOARCH=amd64"} {
		if got := fusions(listing(t, command, processor, file)); len(got) != 1 || !strings.Contains(got[0], "x.go:3: ") {
			t.Errorf("%s: %q, want one in line 3", processor, got)
		}
	}
}

// listing is the assembly that the compiler makes of a package or a file for a processor.
func listing(t *testing.T, command, processor, of string) []byte {
	t.Helper()
	build := exec.Command(command, "build", "-gcflags=-S", of)
	build.Env = append(os.Environ(), "GOOS=linux", "CGO_ENABLED=0", "GOAMD64=v3", processor)
	text, err := build.CombinedOutput()
	if err != nil || !strings.Contains(string(text), "TEXT") {
		t.Fatalf("no listing to look at: %v\n%.1000s", err, text)
	}
	return text
}

var fused = regexp.MustCompile(`\((\S+\.go:\d+)\)\t(V?FN?M(?:ADD|SUB)\w*)`)

// fusions returns the lines with fused instructions in an assembly listing, once each.
func fusions(listing []byte) (faults []string) {
	seen := map[string]bool{}
	for _, match := range fused.FindAllStringSubmatch(string(listing), -1) {
		if at := match[1]; !seen[at] {
			seen[at] = true
			faults = append(faults, fmt.Sprintf("%s: fused multiply and add (%s)", at, match[2]))
		}
	}
	return faults
}
