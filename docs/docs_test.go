// Package docs_test holds the pages of documentation to the code: what they name exists, what they
// generate is up to date, and their links lead somewhere.
package docs_test

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"coexist/configs"
	"coexist/sim/tables"
)

// Run `go test ./docs -update` after a change of parameters, tables or measures.
var update = flag.Bool("update", false, "write the generated parts of the documentation")

// read returns a file relative to the top of the repository.
func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", path))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// hold compares a page with what it should be, or writes it.
func hold(t *testing.T, path, want string) {
	t.Helper()
	file := filepath.Join("..", path)
	got, err := os.ReadFile(file)
	if err == nil && string(got) == want {
		return
	}
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Errorf("%s is out of date: run go test ./docs -update", path)
}

// cell makes a text fit into a cell of a table.
func cell(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "|", `\|`), "\n", " ")
}

// write puts a value as a scenario would.
func write(v any) string {
	switch v := v.(type) {
	case string:
		return strconv.Quote(v)
	case []string:
		quoted := make([]string, len(v))
		for i, s := range v {
			quoted[i] = strconv.Quote(s)
		}
		return "[" + strings.Join(quoted, ", ") + "]"
	}
	return fmt.Sprint(v)
}

// span writes a range.
func span(r []float64) string {
	if len(r) != 2 {
		return ""
	}
	return fmt.Sprintf("%v to %v", r[0], r[1])
}

// plausible is the range that a sensitivity analysis covers, marked where no data pin the value down.
func plausible(p configs.Parameter) string {
	s := span(p.Swept)
	if !p.Identified {
		s += " *"
	}
	return s
}

// sectionTable is the table of the parameters of one section of scenarios.
func sectionTable(section string) string {
	var b strings.Builder
	b.WriteString("| parameter | default | unit | swept | source |\n| --- | --- | --- | --- | --- |\n")
	for _, p := range configs.Parameters() {
		if p.Section() == section {
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", p.Key, cell(write(p.Default)), cell(p.Unit), plausible(p), cell(p.Source))
		}
	}
	return b.String()
}

var block = regexp.MustCompile(`(?s)<!-- parameters: ([a-z_]+) -->\n.*?<!-- end -->`)

// TestODDTables holds the tables of parameters in ODD.md to the schema.
func TestODDTables(t *testing.T) {
	page := read(t, "docs/ODD.md")
	var sections []string
	want := block.ReplaceAllStringFunc(page, func(old string) string {
		section := block.FindStringSubmatch(old)[1]
		sections = append(sections, section)
		return "<!-- parameters: " + section + " -->\n" + sectionTable(section) + "<!-- end -->"
	})
	hold(t, "docs/ODD.md", want)
	for _, p := range configs.Parameters() {
		if !slices.Contains(sections, p.Section()) {
			t.Errorf("ODD.md has no table of section %s", p.Section())
			sections = append(sections, p.Section())
		}
	}
}

// TestODDNamesParameters: every parameter is named in the text of ODD.md, and not only in its
// tables; and every parameter that a page names exists.
func TestODDNamesParameters(t *testing.T) {
	text := block.ReplaceAllString(read(t, "docs/ODD.md"), "")
	for _, p := range configs.Parameters() {
		if !regexp.MustCompile(`(^|[^\w.])` + regexp.QuoteMeta(p.Key) + `($|\W)`).MatchString(text) {
			t.Errorf("the text of ODD.md does not name %s", p.Key)
		}
	}
	sections := map[string]bool{}
	for _, p := range configs.Parameters() {
		sections[p.Section()] = true
	}
	key := regexp.MustCompile("`([a-z_]+)\\.([a-z_0-9]+)`")
	for _, page := range pages(t) {
		for _, m := range key.FindAllStringSubmatch(read(t, page), -1) {
			if name := m[1] + "." + m[2]; sections[m[1]] && m[2] != "go" && m[2] != "toml" {
				if _, ok := configs.Explain(name); !ok {
					t.Errorf("%s names %s, which is no parameter", page, name)
				}
			}
		}
	}
}

// TestLimitationsNameUnidentified: limitations.md names the parameters that no data identify, and no others as such.
func TestLimitationsNameUnidentified(t *testing.T) {
	_, section, _ := strings.Cut(read(t, "docs/limitations.md"), "## What is not identified\n")
	section, _, _ = strings.Cut(section, "\n## ")
	for _, p := range configs.Parameters() {
		if named := strings.Contains(section, "`"+p.Key+"`"); named == p.Identified {
			t.Errorf("limitations.md names %s as not identified: %v; identified in parameters.toml: %v", p.Key, named, p.Identified)
		}
	}
}

// TestODDNamesAssumptions: every constant or variable of the model whose comment calls it an
// assumption is named in ODD.md.
func TestODDNamesAssumptions(t *testing.T) {
	text := read(t, "docs/ODD.md")
	for _, folder := range []string{"agents", "market", "sim", "sim/place"} {
		files, err := filepath.Glob(filepath.Join("..", folder, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range assumed(tree) {
				if !strings.Contains(text, "`"+name+"`") {
					t.Errorf("ODD.md, 7.12, does not name the assumption %s of %s", name, file)
				}
			}
		}
	}
}

// assumed lists the package's constants and variables under a comment that calls them an assumption.
func assumed(tree *ast.File) []string {
	says := func(groups ...*ast.CommentGroup) bool {
		for _, g := range groups {
			if g != nil && strings.Contains(strings.ToLower(g.Text()), "assumption") {
				return true
			}
		}
		return false
	}
	var names []string
	for _, d := range tree.Decls {
		decl, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, s := range decl.Specs {
			if v, ok := s.(*ast.ValueSpec); ok && says(decl.Doc, v.Doc, v.Comment) && !counted(v) {
				for _, n := range v.Names {
					names = append(names, n.Name)
				}
			}
		}
	}
	return names
}

// counted says whether the values of a declaration are those of iota, so that they mean nothing.
func counted(v *ast.ValueSpec) bool {
	if len(v.Values) == 0 {
		return true
	}
	name, ok := v.Values[0].(*ast.Ident)
	return ok && name.Name == "iota"
}

// TestODDConstants: the constants that ODD.md lists have the values that it gives.
func TestODDConstants(t *testing.T) {
	row := regexp.MustCompile("(?m)^\\| `(\\w+)` \\| (sim/\\S+\\.go) \\| (\\S+) \\|")
	rows := row.FindAllStringSubmatch(read(t, "docs/ODD.md"), -1)
	if len(rows) < 10 {
		t.Fatalf("%d constants found in ODD.md, want those of 7.12", len(rows))
	}
	for _, m := range rows {
		value := regexp.MustCompile(`(?m)\b` + m[1] + `\s*=\s*` + regexp.QuoteMeta(m[3]) + `(\s|$)`)
		if !value.MatchString(read(t, m[2])) {
			t.Errorf("ODD.md, 7.12: %s has no %s = %s", m[2], m[1], m[3])
		}
	}
}

// TestDataDictionary holds data-dictionary.md to the schema and the codebook.
func TestDataDictionary(t *testing.T) {
	hold(t, "docs/data-dictionary.md", dictionary())
}

// dictionary is data-dictionary.md.
func dictionary() string {
	var b strings.Builder
	b.WriteString(`# Data dictionary

Made from the parameters, tables and measures of the program by ` + "`go test ./docs -update`" + `; a test checks that it is up to date.
What the parameters do is in [ODD.md](ODD.md).

## Parameters

Keys of scenario files, by section. *Legal* is what is accepted. *Swept* is the plausible range of a value that is assumed or
uncertain; * marks values that no data identify. A source such as E22 is a row of the table of published numbers.
`)
	section := ""
	for _, p := range configs.Parameters() {
		if p.Section() != section {
			section = p.Section()
			fmt.Fprintf(&b, "\n### %s\n\n| key | meaning | unit | type | default | legal | swept | source |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n", section)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s | %s | %s |\n", p.Key, cell(p.Meaning), cell(p.Unit), p.Type,
			cell(write(p.Default)), cell(p.Want()), plausible(p), cell(p.Source))
	}
	b.WriteString("\n## Tables\n\n`data/outcomes.csv` is always CSV; the others are Parquet, and CSV too with `--csv`.\n")
	for _, table := range tables.Tables {
		fmt.Fprintf(&b, "\n### %s\n\nOne row: %s.\n\n| column | type | unit | meaning |\n| --- | --- | --- | --- |\n", table.Name, table.Meaning)
		for _, c := range table.Columns {
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", c.Name, c.Type, cell(c.Unit), cell(c.Meaning))
		}
	}
	b.WriteString("\n## Measures\n\nValues of the column `measure` of outcomes. *Better* says which way is better; a dash, neither by itself.\n")
	dimension := ""
	for _, m := range tables.Measures {
		if m.Dimension != dimension {
			dimension = m.Dimension
			fmt.Fprintf(&b, "\n### Measures of %s\n\n| measure | title | unit | period | better | meaning |\n| --- | --- | --- | --- | --- | --- |\n", dimension)
		}
		better := map[int]string{1: "higher", -1: "lower", 0: "-"}[m.Better]
		meaning := m.Meaning
		if m.Aim != "" {
			meaning += " Aim: " + m.Aim + "."
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s |\n", m.Name, cell(m.Title), cell(m.Unit), m.Period, better, cell(meaning))
	}
	return b.String()
}

// pages lists the Markdown pages of the top folder, of docs and of examples.
func pages(t *testing.T) []string {
	t.Helper()
	var list []string
	for _, pattern := range []string{"../*.md", "*.md", "../examples/*.md", "../examples/*/*.md"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			path, err := filepath.Rel("..", filepath.Join("../docs", f))
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, filepath.ToSlash(path))
		}
	}
	if len(list) < 6 {
		t.Fatalf("%d pages found, want the pages of docs and of the top folder", len(list))
	}
	return list
}

var (
	comment = regexp.MustCompile(`(?s)<!--.*?-->`)
	fenced  = regexp.MustCompile("(?s)```.*?```")
	code    = regexp.MustCompile("`[^`\n]*`")
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#{1,6} +(.+)$`)
)

// TestLinks: links within the repository lead to a file, and to a heading of it.
func TestLinks(t *testing.T) {
	for _, page := range pages(t) {
		text := fenced.ReplaceAllString(comment.ReplaceAllString(read(t, page), ""), "")
		for _, m := range link.FindAllStringSubmatch(code.ReplaceAllString(text, ""), -1) {
			if strings.Contains(m[1], "://") || strings.HasPrefix(m[1], "mailto:") {
				continue
			}
			path, anchor, _ := strings.Cut(m[1], "#")
			file := filepath.Join("..", filepath.Dir(page), path)
			if path == "" {
				file = filepath.Join("..", page)
			}
			if _, err := os.Stat(file); err != nil {
				t.Errorf("%s: link to %s, which does not exist", page, m[1])
				continue
			}
			if anchor != "" && !slices.Contains(anchors(t, file), anchor) {
				t.Errorf("%s: link to %s, which has no such heading", page, m[1])
			}
		}
	}
}

// anchors lists the anchors of a page's headings, made as the usual hosts make them.
func anchors(t *testing.T, file string) []string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, m := range heading.FindAllStringSubmatch(string(text), -1) {
		var b strings.Builder
		for _, r := range strings.ToLower(m[1]) {
			switch {
			case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '-', r == '_':
				b.WriteRune(r)
			case r == ' ':
				b.WriteByte('-')
			}
		}
		list = append(list, b.String())
	}
	return list
}

// TestNoMachinePaths: pages name no path of a machine.
func TestNoMachinePaths(t *testing.T) {
	path := regexp.MustCompile("(^|[\\s(`\"'])/(home|root|work|tmp|Users|farm)/")
	for _, page := range pages(t) {
		if m := path.FindString(read(t, page)); m != "" {
			t.Errorf("%s names a path of a machine: %s", page, strings.TrimSpace(m))
		}
	}
}

// TestNamedTests: a test that a page names is one.
func TestNamedTests(t *testing.T) {
	declared := map[string]bool{}
	err := filepath.WalkDir("..", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, "_test.go") {
			return err
		}
		text, err := os.ReadFile(name)
		for _, m := range regexp.MustCompile(`(?m)^func ((?:Test|Fuzz|Benchmark|Example)\w*)\(`).FindAllStringSubmatch(string(text), -1) {
			declared[m[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range pages(t) {
		for _, m := range regexp.MustCompile("`((?:Test|Fuzz|Benchmark)[A-Z]\\w*)`").FindAllStringSubmatch(read(t, page), -1) {
			if !declared[m[1]] {
				t.Errorf("%s names %s, which is no test", page, m[1])
			}
		}
	}
}

// TestReadme: README.md is short, has the commands to begin with, and shows its picture once that is there.
func TestReadme(t *testing.T) {
	text := read(t, "README.md")
	if n := strings.Count(text, "\n"); n >= 150 {
		t.Errorf("README.md has %d lines, want fewer than 150", n)
	}
	for _, command := range []string{"go run ./cmd/coexist compare", "go test ./..."} {
		if !strings.Contains(text, command) {
			t.Errorf("README.md lacks the command %q", command)
		}
	}
	const picture = "docs/img/four-outcomes.png"
	if _, err := os.Stat(filepath.Join("..", picture)); err == nil && !strings.Contains(comment.ReplaceAllString(text, ""), picture) {
		t.Errorf("README.md does not show %s", picture)
	}
}

// TestArchitectureNamesDependencies: architecture.md says of each direct dependency why it is there.
func TestArchitectureNamesDependencies(t *testing.T) {
	text := read(t, "docs/architecture.md")
	direct := regexp.MustCompile(`(?m)^\t(\S+) v\S+$`).FindAllStringSubmatch(read(t, "go.mod"), -1)
	if len(direct) < 10 {
		t.Fatalf("%d direct dependencies found in go.mod, want all", len(direct))
	}
	for _, m := range direct {
		if !strings.Contains(text, "`"+m[1]+"`") {
			t.Errorf("architecture.md does not say why %s is there", m[1])
		}
	}
}
