package place

import (
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"slices"
	"strconv"
	"strings"
)

// maxFaults bounds how many faults of the tables are told at once.
const maxFaults = 20

// faults collects what is wrong, in the order found.
type faults struct {
	errs []error
	more int // faults beyond maxFaults
}

// add notes one fault.
func (f *faults) add(format string, args ...any) {
	if len(f.errs) == maxFaults {
		f.more++
		return
	}
	f.errs = append(f.errs, fmt.Errorf(format, args...))
}

// err returns all faults joined, or nil.
func (f *faults) err() error {
	if f.more > 0 {
		return errors.Join(append(f.errs, fmt.Errorf("and %d more faults", f.more))...)
	}
	return errors.Join(f.errs...)
}

// maxTable bounds the unpacked size of one table in bytes; England's largest has 4 MB.
const maxTable = 64 << 20

// eachRow calls use for every row of a table. Its file lies in fsys under name, or packed under
// name.gz, and its first line must be header. Faults go to f.
func eachRow(fsys fs.FS, name, header string, f *faults, use func(*row)) {
	file, err := fsys.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		if packed, gzErr := fsys.Open(name + ".gz"); gzErr == nil {
			file, err, name = packed, nil, name+".gz"
		}
	}
	if err != nil {
		f.add("%s: %w", name, err)
		return
	}
	defer file.Close()
	var in io.Reader = file
	if strings.HasSuffix(name, ".gz") {
		z, err := gzip.NewReader(file)
		if err != nil {
			f.add("%s: %w", name, err)
			return
		}
		in = z
	}
	limited := &io.LimitedReader{R: in, N: maxTable + 1}
	parseRows(limited, name, header, f, use)
	if limited.N <= 0 {
		f.add("%s: more than %d bytes, want at most that", name, maxTable)
	}
}

// parseRows reads comma-separated lines from in. A row with a fault is passed to use all the
// same, with zero values in place of what could not be read; f then holds the fault.
func parseRows(in io.Reader, name, header string, f *faults, use func(*row)) {
	r := csv.NewReader(in)
	r.ReuseRecord = true
	r.FieldsPerRecord = -1 // checked here, to tell the line
	columns := strings.Split(header, ",")
	first, err := r.Read()
	if err != nil {
		f.add("%s: %w, want the header %s", name, err, header)
		return
	}
	if got := strings.Join(first, ","); got != header {
		f.add("%s:1: header %s, want %s", name, clip(got), header)
		return
	}
	one := row{file: name, columns: columns, faults: f}
	for {
		fields, err := r.Read()
		if err == io.EOF {
			return
		}
		if err != nil { // a broken quote or a broken pack: what follows cannot be trusted
			f.add("%s: %w", name, err)
			return
		}
		line, _ := r.FieldPos(0)
		if len(fields) != len(columns) {
			f.add("%s:%d: %d fields, want %d", name, line, len(fields), len(columns))
			continue
		}
		one.line, one.fields, one.at = line, fields, 0
		use(&one)
	}
}

// row is one line of a table; its methods take the fields from left to right.
type row struct {
	file    string
	line    int
	columns []string
	fields  []string
	at      int // next field
	faults  *faults
}

// fault notes that the field last taken is not what was wanted.
func (r *row) fault(want string, args ...any) {
	r.faults.add("%s:%d: %s = %s, want %s", r.file, r.line, r.columns[r.at-1], clip(r.fields[r.at-1]), fmt.Sprintf(want, args...))
}

// text takes a field that may not be empty.
func (r *row) text() string {
	s := r.fields[r.at]
	r.at++
	if s == "" {
		r.fault("some text")
	}
	return strings.Clone(s)
}

// optional takes a field that may be empty.
func (r *row) optional() string {
	r.at++
	return strings.Clone(r.fields[r.at-1])
}

// whole takes a whole number from low to high.
func (r *row) whole(low, high int) int {
	v, err := strconv.Atoi(r.fields[r.at])
	r.at++
	if err != nil || v < low || v > high {
		r.fault("a whole number from %d to %d", low, high)
		return low
	}
	return v
}

// number takes a number from low to high; NaN is none.
func (r *row) number(low, high float64) float64 {
	v, err := strconv.ParseFloat(r.fields[r.at], 64)
	r.at++
	if err != nil || math.IsNaN(v) || v < low || v > high {
		r.fault("a number from %g to %g", low, high)
		return low
	}
	return v
}

// oneOf takes a field that must be one of the words.
func (r *row) oneOf(words ...string) string {
	s := r.fields[r.at]
	r.at++
	if i := slices.Index(words, s); i >= 0 {
		return words[i]
	}
	r.fault("one of %s", strings.Join(words, " "))
	return words[0]
}

// ref takes a code that index must know and returns its place there.
func (r *row) ref(index map[string]int, what string) int {
	s := r.fields[r.at]
	r.at++
	i, ok := index[s]
	if !ok {
		r.fault("a code of %s", what)
	}
	return i
}

// point takes easting and northing in whole metres of the British National Grid.
func (r *row) point() (easting, northing float64) {
	return float64(r.whole(0, 700_000)), float64(r.whole(0, 1_300_000))
}

// clip quotes a value and shortens a long one.
func clip(s string) string {
	if len(s) > 60 {
		s = s[:60] + "..."
	}
	return strconv.Quote(s)
}
