package market

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestPortableMathematics: of package math only what has the same bits on every processor.
func TestPortableMathematics(t *testing.T) {
	allowed := []string{"Sqrt", "Floor", "Abs", "Inf", "IsInf", "IsNaN", "MaxInt64"}
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	files := token.NewFileSet()
	for _, entry := range entries {
		if name := entry.Name(); strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") {
			file, err := parser.ParseFile(files, name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				if s, ok := n.(*ast.SelectorExpr); ok {
					if p, ok := s.X.(*ast.Ident); ok && p.Name == "math" && !slices.Contains(allowed, s.Sel.Name) {
						t.Errorf("%v: math.%s, want one of %v or agents/chance", files.Position(s.Pos()), s.Sel.Name, allowed)
					}
				}
				return true
			})
		}
	}
}
