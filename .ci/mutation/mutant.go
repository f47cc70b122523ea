package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// mutant is one change of one file: of an expression, or of a statement.
type mutant struct {
	target   *target
	number   int    // in its program, from 1
	file     string // relative to the root
	from, to int    // bytes replaced
	text     string // what they become; empty: the statement goes
	kind     string // type of the expression; empty: a statement
	line     int
	what     string
	compiles func() bool
}

func (m *mutant) overlaps(o *mutant) bool {
	return m.file == o.file && m.from < o.to && o.from < m.to
}

// numberFile is the file that a program gets beside its own.
func numberFile(dir string) string {
	return "package " + filepath.Base(dir) + "\n\nimport (\n\t\"os\"\n\t\"strconv\"\n)\n\nvar mutantNumber, _ = strconv.Atoi(os.Getenv(\"MUTANT\"))\n"
}

// render puts mutants, which do not overlap, into a source. Lines stay where they are.
func render(source []byte, list []*mutant) []byte {
	list = slices.SortedFunc(slices.Values(list), func(a, b *mutant) int { return a.from - b.from })
	var out bytes.Buffer
	at := 0
	for _, m := range list {
		old := source[m.from:m.to]
		out.Write(source[at:m.from])
		switch {
		case m.kind != "":
			fmt.Fprintf(&out, "func() %s { if mutantNumber == %d { return %s }; return %s }()", m.kind, m.number, m.text, old)
		case m.text == "":
			fmt.Fprintf(&out, "if mutantNumber != %d { %s }", m.number, old)
		default:
			fmt.Fprintf(&out, "if mutantNumber == %d { %s } else { %s }", m.number, m.text, old)
		}
		at = m.to
	}
	out.Write(source[at:])
	return out.Bytes()
}

// everyMutant lists all changes of all targets, whether they compile or not.
func everyMutant() ([]*mutant, error) {
	exports, err := exportFiles()
	if err != nil {
		return nil, err
	}
	var all []*mutant
	for i := range targets {
		t := &targets[i]
		set := token.NewFileSet()
		im := importer.ForCompiler(set, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })
		names, err := filepath.Glob(filepath.Join(t.dir, "*.go"))
		if err != nil {
			return nil, err
		}
		files := map[string]*ast.File{}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, "_other.go") {
				continue
			}
			if files[name], err = parser.ParseFile(set, name, nil, parser.SkipObjectResolution); err != nil {
				return nil, err
			}
		}
		info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}}
		if err := check(set, im, t.dir, files, info); err != nil {
			return nil, err
		}
		for _, name := range names {
			if files[name] == nil || t.files != nil && !slices.Contains(t.files, filepath.Base(name)) {
				continue
			}
			source, err := os.ReadFile(name)
			if err != nil {
				return nil, err
			}
			c := collector{target: t, path: name, set: set, source: source, info: info}
			for _, d := range files[name].Decls {
				if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil { // tables of words and constants are no logic
					ast.Inspect(f.Body, c.visit)
				}
			}
			for _, m := range c.found {
				m.compiles = func() bool { return m.check(set, im, files, source) == nil }
			}
			all = append(all, c.found...)
		}
	}
	return all, nil
}

// exportFiles asks the compiler for what the packages export.
func exportFiles() (map[string]string, error) {
	args := []string{"list", "-export", "-deps", "-f", "{{.ImportPath}}\t{{.Export}}"}
	for _, t := range targets {
		args = append(args, "./"+t.dir)
	}
	out, err := exec.Command("go", args...).Output()
	if err != nil {
		return nil, err
	}
	files := map[string]string{}
	for line := range strings.Lines(string(out)) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), "\t")
		files[path] = file
	}
	return files, nil
}

// check checks the types of a package.
func check(set *token.FileSet, im types.Importer, dir string, files map[string]*ast.File, info *types.Info) error {
	extra, err := parser.ParseFile(set, "mutant_number.go", numberFile(dir), 0)
	if err != nil {
		return err
	}
	list := []*ast.File{extra}
	for _, f := range files {
		list = append(list, f)
	}
	conf := types.Config{Importer: im, GoVersion: "go1.26"}
	_, err = conf.Check("coexist/"+dir, set, list, info)
	return err
}

// check says why a program with the mutant would not compile.
func (m *mutant) check(set *token.FileSet, im types.Importer, files map[string]*ast.File, source []byte) error {
	m.number = 1
	file, err := parser.ParseFile(set, m.file, render(source, []*mutant{m}), parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	with := map[string]*ast.File{}
	for name, f := range files {
		with[name] = f
	}
	with[m.file] = file
	return check(set, im, m.target.dir, with, nil)
}

// collector gathers the mutants of one file.
type collector struct {
	target *target
	path   string
	set    *token.FileSet
	source []byte
	info   *types.Info
	found  []*mutant
}

func (c *collector) offset(p token.Pos) int { return c.set.Position(p).Offset }

func (c *collector) string(from, to token.Pos) string {
	return string(c.source[c.offset(from):c.offset(to)])
}

// expression notes that an expression becomes a text.
func (c *collector) expression(e ast.Expr, text, what string) {
	tv, ok := c.info.Types[e]
	if !ok || tv.Type == nil {
		return
	}
	kind := types.TypeString(types.Default(tv.Type), func(p *types.Package) string {
		if p.Path() == "coexist/"+filepath.ToSlash(c.target.dir) {
			return ""
		}
		return p.Name()
	})
	c.found = append(c.found, &mutant{target: c.target, file: c.path, from: c.offset(e.Pos()), to: c.offset(e.End()), text: text, kind: kind, line: c.set.Position(e.Pos()).Line, what: what})
}

// statement notes that a statement becomes a text, or goes.
func (c *collector) statement(s ast.Stmt, text, what string) {
	c.found = append(c.found, &mutant{target: c.target, file: c.path, from: c.offset(s.Pos()), to: c.offset(s.End()), text: text, line: c.set.Position(s.Pos()).Line, what: what})
}

// first is the first line of a node, for reports.
func (c *collector) first(n ast.Node) string {
	line, _, _ := strings.Cut(c.string(n.Pos(), n.End()), "\n")
	return line
}

var swaps = map[token.Token][]token.Token{
	token.ADD: {token.SUB}, token.SUB: {token.ADD}, token.MUL: {token.QUO}, token.QUO: {token.MUL}, token.REM: {token.QUO},
	token.LSS: {token.LEQ, token.GEQ}, token.LEQ: {token.LSS, token.GTR}, token.GTR: {token.GEQ, token.LEQ}, token.GEQ: {token.GTR, token.LSS},
	token.EQL: {token.NEQ}, token.NEQ: {token.EQL}, token.LAND: {token.LOR}, token.LOR: {token.LAND},
	token.AND: {token.OR}, token.OR: {token.AND}, token.SHL: {token.SHR}, token.SHR: {token.SHL},
	token.ADD_ASSIGN: {token.SUB_ASSIGN}, token.SUB_ASSIGN: {token.ADD_ASSIGN}, token.MUL_ASSIGN: {token.QUO_ASSIGN}, token.QUO_ASSIGN: {token.MUL_ASSIGN},
	token.INC: {token.DEC}, token.DEC: {token.INC},
}

// visit finds the mutants at a node.
func (c *collector) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.ArrayType, *ast.GenDecl: // lengths and constants must stay constant
		return false
	case *ast.BlockStmt:
		c.statements(n.List)
	case *ast.CaseClause:
		c.statements(n.Body)
	case *ast.KeyValueExpr: // a key of a literal may have to be constant
		ast.Inspect(n.Value, c.visit)
		return false
	case *ast.CallExpr:
		return c.call(n)
	case *ast.BinaryExpr:
		for _, op := range swaps[n.Op] {
			text := c.string(n.Pos(), n.OpPos) + op.String() + c.string(n.OpPos+token.Pos(len(n.Op.String())), n.End())
			c.expression(n, text, fmt.Sprintf("%s becomes %s in %s", n.Op, op, c.first(n)))
		}
	case *ast.UnaryExpr:
		if n.Op == token.SUB || n.Op == token.NOT {
			c.expression(n, c.string(n.Pos()+1, n.End()), "without the sign of "+c.first(n))
		}
	case *ast.BasicLit:
		c.literal(n)
	}
	return true
}

// call changes min and max, and passes over panics (words for a caller's mistake) and sizes.
func (c *collector) call(n *ast.CallExpr) bool {
	name, ok := n.Fun.(*ast.Ident)
	if !ok {
		return true
	}
	rest := c.string(name.End(), n.End())
	switch name.Name {
	case "panic", "make", "len", "cap":
		return false
	case "min":
		c.expression(n, "max"+rest, "min becomes max in "+c.first(n))
	case "max":
		c.expression(n, "min"+rest, "max becomes min in "+c.first(n))
	}
	return true
}

// statements changes or takes away the statements of a block.
func (c *collector) statements(list []ast.Stmt) {
	swap := func(s ast.Stmt, at token.Pos, old token.Token) {
		for _, op := range swaps[old] {
			text := c.string(s.Pos(), at) + op.String() + c.string(at+token.Pos(len(old.String())), s.End())
			c.statement(s, text, fmt.Sprintf("%s becomes %s in %s", old, op, c.first(s)))
		}
	}
	for _, s := range list {
		switch s := s.(type) {
		case *ast.IncDecStmt:
			swap(s, s.TokPos, s.Tok)
		case *ast.AssignStmt:
			swap(s, s.TokPos, s.Tok)
			if s.Tok != token.DEFINE {
				c.statement(s, "", "without "+c.first(s))
			}
		case *ast.ExprStmt:
			if call, ok := s.X.(*ast.CallExpr); ok {
				if name, ok := call.Fun.(*ast.Ident); !ok || name.Name != "panic" {
					c.statement(s, "", "without "+c.first(s))
				}
			}
		case *ast.BranchStmt:
			if s.Tok == token.CONTINUE && s.Label == nil {
				c.statement(s, "", "without continue")
			}
		}
	}
}

// literal makes a number one more.
func (c *collector) literal(n *ast.BasicLit) {
	if n.Kind == token.INT || n.Kind == token.FLOAT {
		v, err := strconv.ParseFloat(strings.ReplaceAll(n.Value, "_", ""), 64)
		if err != nil { // hexadecimal
			return
		}
		text := strconv.FormatFloat(v+1, 'f', -1, 64)
		c.expression(n, text, fmt.Sprintf("%s becomes %s", n.Value, text))
	}
}
