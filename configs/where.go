package configs

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/BurntSushi/toml"
)

// Limits on a file, checked before it is parsed.
const (
	maxBytes = 1 << 20 // of a file
	maxDepth = 16      // of tables and lists in each other, of parts of a key
	maxItems = 5000    // keys, headers and items of lists
)

// document is one file read, or the --set of a command line.
type document struct {
	label string // as faults name it
	text  string
	tree  map[string]any
	lines map[string]int // by path; filled on the first fault
}

// parse reads a TOML text. The fault is nil if all is well.
func parse(label, text string) (*document, *Fault) {
	d := &document{label: label, text: text}
	if len(text) > maxBytes {
		return nil, &Fault{File: label, Text: "more than 1 MiB, want a scenario of a few pages"}
	}
	if !utf8.ValidString(text) {
		return nil, &Fault{File: label, Line: badLine(text), Text: "not valid UTF-8"}
	}
	if line, what := tooMuch(text); line > 0 {
		return nil, &Fault{File: label, Line: line, Text: what + ", want [section] and key = value"}
	}
	_, err := toml.Decode(text, &d.tree)
	if err != nil {
		f := &Fault{File: label, Text: err.Error()}
		var syntax toml.ParseError
		if errors.As(err, &syntax) {
			f.Line, f.Text = syntax.Position.Line, lower(syntax.Message)
		}
		f.Text = "not valid TOML: " + printable(f.Text)
		return nil, f
	}
	return d, nil
}

// lower makes the first letter of a sentence small.
func lower(s string) string {
	if s == "" || len(s) > 1 && s[1] >= 'A' && s[1] <= 'Z' {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// printable escapes what could upset a terminal and cuts what is very long.
func printable(s string) string {
	quoted := strconv.Quote(s)
	s = strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(quoted[1 : len(quoted)-1])
	if len(s) > 300 {
		s = strings.ToValidUTF8(s[:300], "") + "..."
	}
	return s
}

// load reads a whole regular file of at most 1 MiB; files nil means the machine's.
func load(files fs.FS, path string) (string, *Fault) {
	bad := func(err error) *Fault {
		text := err.Error()
		if path, ok := errors.AsType[*fs.PathError](err); ok {
			text = path.Err.Error() // without the path, which the fault names already
		}
		return &Fault{File: path, Text: "cannot be read: " + text, cause: err}
	}
	stat, open := os.Stat, func(p string) (fs.File, error) { return os.Open(p) }
	if files != nil {
		stat = func(p string) (fs.FileInfo, error) { return fs.Stat(files, p) }
		open = files.Open
	}
	info, err := stat(path)
	if err != nil {
		return "", bad(err)
	}
	if !info.Mode().IsRegular() {
		return "", &Fault{File: path, Text: "not a regular file"}
	}
	f, err := open(path)
	if err != nil {
		return "", bad(err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxBytes+1))
	if err != nil {
		return "", bad(err)
	}
	return string(text), nil
}

// badLine is the line of the first byte that is not UTF-8.
func badLine(text string) int {
	line := 1
	for i, r := range text {
		if r == '\n' {
			line++
		}
		if r == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(text[i:]); n == 1 {
				break
			}
		}
	}
	return line
}

// line returns the line of a key, or of the nearest table around it that the file names; 0 if none.
// A path is as in contract[2].price or reform[0].set.choice.minutes.
func (d *document) line(path string) int {
	if d.lines == nil {
		d.lines = keyLines(d.text)
	}
	for path != "" {
		if line, ok := d.lines[path]; ok {
			return line
		}
		path = path[:max(strings.LastIndexAny(path, ".["), 0)]
	}
	return 0
}

// statement is a table header or a key with its value.
type statement struct {
	line     int   // of its first letter, from 1
	start    int   // first byte
	end      int   // first byte after it, its line end included
	elements []int // lines on which the tables or lists directly in its list begin
	items    int   // commas in it
	deep     int   // line on which it is nested too deep, or 0
}

// statements calls yield with every statement of a TOML text in turn until yield says false. It
// knows strings, comments and brackets, and takes any text: what is not TOML is split somehow.
func statements(text string, yield func(statement) bool) {
	line, depth, dots := 1, 0, 0
	s := statement{line: 1}
	begun := false // whether s has a letter yet
	for i := 0; i < len(text); {
		c := text[i]
		if !begun && c != ' ' && c != '\t' && c != '\r' && c != '\n' && c != '#' {
			begun, s.start, s.line = true, i, line
		}
		switch c {
		case '#':
			for i < len(text) && text[i] != '\n' {
				i++
			}
			continue
		case '"', '\'':
			n := stringEnd(text, i)
			line += strings.Count(text[i:n], "\n")
			i = n
			continue
		case '[', '{':
			if depth == 1 {
				s.elements = append(s.elements, line)
			}
			depth++
			dots = 0
		case ']', '}':
			depth = max(depth-1, 0)
			dots = 0
		case ',':
			s.items++
			dots = 0
		case '=':
			dots = 0
		case '.':
			dots++
		case '\n':
			dots = 0
			line++
			if depth == 0 && begun {
				s.end = i + 1
				if !yield(s) {
					return
				}
				s, begun = statement{}, false
			}
		}
		if (depth > maxDepth || dots >= maxDepth) && s.deep == 0 {
			s.deep = line
			depth = min(depth, maxDepth)
			if s.end = i + 1; !yield(s) {
				return
			}
		}
		i++
	}
	if begun {
		s.end = len(text)
		yield(s)
	}
}

// stringEnd returns the first byte after the string that opens at i.
func stringEnd(text string, i int) int {
	quote := text[i : i+1]
	if triple := strings.Repeat(quote, 3); strings.HasPrefix(text[i:], triple) {
		for i += 3; i < len(text); i++ {
			if text[i] == '\\' && quote == `"` {
				i++
			} else if strings.HasPrefix(text[i:], triple) {
				i += 3
				for n := 0; n < 2 && strings.HasPrefix(text[i:], quote); n++ {
					i++ // quotes at the end of its content
				}
				return i
			}
		}
		return len(text)
	}
	for i++; i < len(text) && text[i] != '\n'; i++ {
		if text[i] == '\\' && quote == `"` {
			i++
		} else if text[i] == quote[0] {
			return i + 1
		}
	}
	return min(i, len(text))
}

// tooMuch returns the line on which a text goes beyond the limits and which, or 0.
func tooMuch(text string) (line int, what string) {
	items := 0
	statements(text, func(s statement) bool {
		items += 1 + s.items
		switch {
		case s.deep > 0:
			line, what = s.deep, fmt.Sprintf("nested deeper than %d", maxDepth)
		case items > maxItems:
			line, what = s.line, fmt.Sprintf("more than %d keys and items", maxItems)
		}
		return line == 0
	})
	return line, what
}

// keyLines returns the line of every key of a valid TOML text by its path.
func keyLines(text string) map[string]int {
	lines := make(map[string]int)
	count := make(map[string]int) // of [[tables]] by path
	table := ""
	put := func(path string, line int) {
		if _, ok := lines[path]; !ok {
			lines[path] = line
		}
	}
	statements(text, func(s statement) bool {
		body := text[s.start:s.end]
		var tree map[string]any
		meta, err := toml.Decode(body, &tree)
		if err != nil || len(meta.Keys()) == 0 {
			return true
		}
		keys := meta.Keys()
		if body[0] != '[' {
			for _, key := range keys {
				put(join(table, strings.Join(key, ".")), s.line)
			}
			for i, line := range s.elements {
				put(join(table, strings.Join(keys[0], "."))+"["+strconv.Itoa(i)+"]", line)
			}
			return true
		}
		table = ""
		parts := keys[len(keys)-1]
		for i, part := range parts {
			table = join(table, part)
			if n := count[table]; n > 0 && i < len(parts)-1 {
				table += "[" + strconv.Itoa(n-1) + "]"
			}
		}
		if strings.HasPrefix(body, "[[") {
			count[table]++
			table += "[" + strconv.Itoa(count[table]-1) + "]"
		}
		put(table, s.line)
		return true
	})
	return lines
}

// join puts a dot between two parts of a path.
func join(table, key string) string {
	if table == "" {
		return key
	}
	return table + "." + key
}
