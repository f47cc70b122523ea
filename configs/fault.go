package configs

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// ErrInput marks every error that a scenario, a file or a --set gives rise to. Programs end with
// exit code 2 on it.
var ErrInput = errors.New("wrong input")

// Fault is one thing wrong with the input. Read joins all that it finds into one error.
type Fault struct {
	File  string // name or path of the file, or --set
	Line  int    // from 1; 0 if there is none
	Text  string // what was found and what was wanted, in lower case
	cause error
}

// Error returns file:line: text.
func (f *Fault) Error() string {
	if f.Line == 0 {
		return f.File + ": " + f.Text
	}
	return f.File + ":" + strconv.Itoa(f.Line) + ": " + f.Text
}

// Is makes every Fault an ErrInput.
func (f *Fault) Is(target error) bool { return target == ErrInput }

// Unwrap returns the error of the file system behind the fault, if any.
func (f *Fault) Unwrap() error { return f.cause }

// origin is where a value was given: a document and the path of the key in it.
type origin struct {
	doc  *document
	path string
}

// fault returns a fault at o.
func (o origin) fault(format string, args ...any) *Fault {
	return &Fault{File: o.doc.label, Line: o.doc.line(o.path), Text: fmt.Sprintf(format, args...)}
}

// faults collects what is wrong.
type faults []*Fault

func (found *faults) add(f ...*Fault) { *found = append(*found, f...) }

// err joins the faults in order of file and line, each once; it is nil if there are none.
func (found faults) err() error {
	if len(found) == 0 {
		return nil
	}
	order := make(map[string]int) // files in order of appearance
	for _, f := range found {
		if _, ok := order[f.File]; !ok {
			order[f.File] = len(order)
		}
	}
	sorted := slices.Clone(found)
	slices.SortStableFunc(sorted, func(a, b *Fault) int {
		return cmp.Or(cmp.Compare(order[a.File], order[b.File]), cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Text, b.Text))
	})
	var errs []error
	for i, f := range sorted {
		if i == 0 || f.Error() != sorted[i-1].Error() {
			errs = append(errs, f)
		}
	}
	return errors.Join(errs...)
}

// show writes a value as it was found, shortened, and nothing that could upset a terminal.
func show(v any) string {
	switch v := v.(type) {
	case string:
		return strconv.Quote(short(v))
	case float64:
		s := strings.ToLower(strings.TrimPrefix(strconv.FormatFloat(v, 'g', -1, 64), "+"))
		if !strings.ContainsAny(s, ".einf") {
			s += ".0" // as TOML writes it, to tell it from a whole number
		}
		return s
	case time.Time:
		return "a date"
	case []any, []map[string]any:
		return "a list"
	case []string:
		quoted := make([]string, len(v))
		for i, s := range v {
			quoted[i] = show(s)
		}
		return "[" + strings.Join(quoted, ", ") + "]"
	case map[string]any:
		return "a table"
	}
	return short(fmt.Sprint(v))
}

// name writes a key as it was found, quoted only where it has to be.
func name(key string) string {
	key = short(key)
	for _, r := range key {
		if !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.", r) {
			return strconv.Quote(key)
		}
	}
	if key == "" {
		return `""`
	}
	return key
}

// short cuts s to 60 letters.
func short(s string) string {
	if utf8.RuneCountInString(s) <= 60 {
		return s
	}
	return string([]rune(s)[:57]) + "..."
}
