package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestExports: nothing is exported that has no use outside its package. A use is one by the program
// of another package, by an Example, or in the signature of something that has a use; one by the tests
// of another package is none. Errors to ask for, documents of which a file or the page consists, and
// methods by which an interface is met are there for others as they are.
func TestExports(t *testing.T) {
	if testing.Short() {
		t.Skip("reads and checks the whole module")
	}
	m, err := checkModule(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range m.unused() {
		t.Errorf("%s is exported and has no use outside its package: unexport it, move it into the tests, or show it in an Example", name)
	}
}

// goPackage is a package as go list tells of it.
type goPackage struct {
	Dir, ImportPath, Export            string
	GoFiles, TestGoFiles, XTestGoFiles []string
	Module                             *struct{ Main bool }
}

// module is what the type checker knows of our packages.
type module struct {
	fset   *token.FileSet
	ours   map[string]*types.Package
	others types.Importer
	used   map[token.Pos]bool // by where a thing is declared: it has a use outside
}

// checkModule reads all packages of the module at root from source, and all others from what the
// compiler exported of them.
func checkModule(root string) (*module, error) {
	list, err := goList(root)
	if err != nil {
		return nil, err
	}
	exports := map[string]string{}
	m := &module{fset: token.NewFileSet(), ours: map[string]*types.Package{}, used: map[token.Pos]bool{}}
	m.others = importer.ForCompiler(m.fset, "gc", func(path string) (io.ReadCloser, error) {
		if exports[path] == "" {
			return nil, fmt.Errorf("%s: no export data", path)
		}
		return os.Open(exports[path])
	})
	for _, p := range list {
		exports[p.ImportPath] = p.Export
		if p.Module == nil || !p.Module.Main {
			continue
		}
		program, err := m.parse(p.Dir, p.GoFiles)
		if err != nil {
			return nil, err
		}
		m.ours[p.ImportPath] = m.check(p.ImportPath, program, m.outside)
	}
	for _, p := range list { // once all are known: tests may import what lies above
		if p.Module != nil && p.Module.Main {
			if err := m.examples(p); err != nil {
				return nil, err
			}
		}
	}
	for _, file := range []string{"cmd/page/main_js.go", ".ci/scale/main.go", ".ci/parquet/sums.go"} { // for js/wasm only, or in folders with a dot: not listed
		dir, name := filepath.Split(filepath.FromSlash(file))
		program, err := m.parse(filepath.Join(root, dir), []string{name})
		if err != nil {
			return nil, err
		}
		m.check("coexist/"+path.Dir(file), program, m.outside)
	}
	return m, nil
}

// goList lists the packages of the module and all that they import, those imported first.
func goList(root string) ([]*goPackage, error) {
	list := exec.Command("go", "list", "-export", "-deps", "-json=Dir,ImportPath,Export,GoFiles,TestGoFiles,XTestGoFiles,Module", "./...")
	list.Dir, list.Stderr = root, os.Stderr
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	var all []*goPackage
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		p := new(goPackage)
		switch err := dec.Decode(p); {
		case errors.Is(err, io.EOF):
			return all, nil
		case err != nil:
			return nil, fmt.Errorf("go list: %w", err)
		}
		all = append(all, p)
	}
}

// parse reads files of a folder.
func (m *module) parse(dir string, names []string) ([]*ast.File, error) {
	var files []*ast.File
	for _, name := range names {
		f, err := parser.ParseFile(m.fset, filepath.Join(dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return files, nil
}

// Import is the type checker's way to a package.
func (m *module) Import(path string) (*types.Package, error) {
	if p := m.ours[path]; p != nil {
		return p, nil
	}
	return m.others.Import(path)
}

// check types a package and tells record of every use. What does not type, since it is for another
// machine or only tests know it, is passed over.
func (m *module) check(path string, files []*ast.File, record func(pkg *types.Package, id *ast.Ident, what types.Object)) *types.Package {
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{}}
	conf := types.Config{Importer: m, Error: func(error) {}, FakeImportC: true}
	pkg, _ := conf.Check(path, m.fset, files, info) //nolint: faults are passed over
	for id, what := range info.Uses {
		record(pkg, id, what)
	}
	return pkg
}

// outside records uses of what another package of ours declares.
func (m *module) outside(pkg *types.Package, _ *ast.Ident, what types.Object) {
	if what.Pkg() != nil && what.Pkg() != pkg {
		m.use(what)
	}
}

// examples records what the Examples of a package use.
func (m *module) examples(p *goPackage) error {
	for _, names := range [][]string{p.TestGoFiles, p.XTestGoFiles} {
		files, err := m.parse(p.Dir, names)
		if err != nil {
			return err
		}
		var spans [][2]token.Pos
		for _, f := range files {
			for _, d := range f.Decls {
				if d, ok := d.(*ast.FuncDecl); ok && strings.HasPrefix(d.Name.Name, "Example") {
					spans = append(spans, [2]token.Pos{d.Pos(), d.End()})
				}
			}
		}
		if len(spans) == 0 {
			continue
		}
		m.check(p.ImportPath+"_test", files, func(_ *types.Package, id *ast.Ident, what types.Object) {
			if slices.ContainsFunc(spans, func(s [2]token.Pos) bool { return s[0] <= id.Pos() && id.Pos() < s[1] }) {
				m.use(what)
			}
		})
	}
	return nil
}

// use records a use, and with it the types of its signature: who holds a value may name its type.
func (m *module) use(what types.Object) {
	switch w := what.(type) {
	case *types.Func:
		what = w.Origin()
	case *types.Var:
		what = w.Origin()
	}
	if what.Pkg() == nil || m.ours[what.Pkg().Path()] == nil || m.used[what.Pos()] {
		return
	}
	m.used[what.Pos()] = true
	m.useType(what.Type())
	if name, ok := what.(*types.TypeName); ok {
		m.useType(name.Type().Underlying())
	}
}

// useType records a use of every type of ours in t.
func (m *module) useType(t types.Type) {
	switch t := t.(type) {
	case *types.Alias:
		m.use(t.Obj())
		m.useType(types.Unalias(t))
	case *types.Named:
		m.use(t.Obj())
		for i := range t.TypeArgs().Len() {
			m.useType(t.TypeArgs().At(i))
		}
	case *types.Map:
		m.useType(t.Key())
		m.useType(t.Elem())
	case interface{ Elem() types.Type }: // pointers, slices, arrays, channels
		m.useType(t.Elem())
	case *types.Signature:
		for _, tuple := range []*types.Tuple{t.Params(), t.Results()} {
			for i := range tuple.Len() {
				m.useType(tuple.At(i).Type())
			}
		}
	case *types.Struct:
		for i := range t.NumFields() {
			if t.Field(i).Exported() {
				m.use(t.Field(i))
			}
		}
	case *types.Interface:
		for i := range t.NumMethods() {
			m.use(t.Method(i))
		}
	}
}

// unused lists what our packages export without a use, each as package.Name or package.Type.Name.
func (m *module) unused() []string {
	var list []string
	asked := m.asked()
	for path, pkg := range m.ours {
		if pkg.Name() == "main" {
			continue
		}
		for _, name := range pkg.Scope().Names() {
			what := pkg.Scope().Lookup(name)
			if !what.Exported() {
				continue
			}
			where := strings.TrimPrefix(path, "coexist/") + "." + name
			if !m.used[what.Pos()] && !m.member(what) && !document(what) && !strings.HasPrefix(name, "Err") {
				list = append(list, where)
				continue
			}
			if named, ok := what.(*types.TypeName); ok {
				list = append(list, m.unusedOf(where, named.Type(), asked)...)
			}
		}
	}
	slices.Sort(list)
	return list
}

// member says whether a constant is one of a type that has a use, as one of a list of kinds is.
func (m *module) member(what types.Object) bool {
	c, ok := what.(*types.Const)
	if !ok {
		return false
	}
	named, ok := c.Type().(*types.Named)
	return ok && m.used[named.Obj().Pos()]
}

// document says whether a thing is a struct with tags: what a file or a page has, by which others know it.
func document(what types.Object) bool {
	s, ok := what.Type().Underlying().(*types.Struct)
	if _, named := what.(*types.TypeName); !ok || !named {
		return false
	}
	for i := range s.NumFields() {
		if s.Tag(i) != "" {
			return true
		}
	}
	return false
}

// unusedOf lists the exported methods of a type that have no use.
func (m *module) unusedOf(where string, t types.Type, asked []*types.Interface) []string {
	var list []string
	named, ok := t.(*types.Named)
	if !ok {
		return list
	}
	for i := range named.NumMethods() {
		f := named.Method(i)
		if !f.Exported() || m.used[f.Pos()] {
			continue
		}
		if !slices.ContainsFunc(asked, func(in *types.Interface) bool {
			return has(in, f.Name()) && (types.Implements(t, in) || types.Implements(types.NewPointer(t), in))
		}) {
			list = append(list, where+"."+f.Name())
		}
	}
	return list
}

// has says whether an interface asks for a method.
func has(in *types.Interface, name string) bool {
	for i := range in.NumMethods() {
		if in.Method(i).Name() == name {
			return true
		}
	}
	return false
}

// asked lists the interfaces of our packages and of those that they import, and those of package errors.
func (m *module) asked() []*types.Interface {
	list := append(nameless(), types.Universe.Lookup("error").Type().Underlying().(*types.Interface))
	seen := map[*types.Package]bool{}
	var from func(pkg *types.Package)
	from = func(pkg *types.Package) {
		if seen[pkg] {
			return
		}
		seen[pkg] = true
		for _, name := range pkg.Scope().Names() {
			if in, ok := pkg.Scope().Lookup(name).Type().Underlying().(*types.Interface); ok && in.NumMethods() > 0 {
				list = append(list, in)
			}
		}
		if m.ours[pkg.Path()] == pkg {
			for _, i := range pkg.Imports() {
				from(i)
			}
		}
	}
	for _, pkg := range m.ours {
		from(pkg)
	}
	return list
}

// nameless are the interfaces for which package errors asks without a name: Unwrap and Is.
func nameless() []*types.Interface {
	tuple := func(t types.Type) *types.Tuple { return types.NewTuple(types.NewVar(token.NoPos, nil, "", t)) }
	of := func(name string, takes, gives *types.Tuple) *types.Interface {
		method := types.NewFunc(token.NoPos, nil, name, types.NewSignatureType(nil, nil, nil, takes, gives, false))
		return types.NewInterfaceType([]*types.Func{method}, nil).Complete()
	}
	fault := types.Universe.Lookup("error").Type()
	return []*types.Interface{of("Unwrap", nil, tuple(fault)), of("Is", tuple(fault), tuple(types.Typ[types.Bool]))}
}
