package experiment

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"coexist/sim/results"
	"coexist/sim/tables"
)

// A run file holds what a sweep keeps of one run:
//
//	coexist-run 2 KEY
//	quarter,group,measure,unit,value        (any number of rows)
//	end ROWS PATIENTS EVENTS WARMUP CHECKSUM
//
// It is named by its key and appears whole or not at all, so a file under its name is the run, whoever
// wrote it and however often. The checksum is CRC-32C of all before it.

// runFormat is the version of run files.
const runFormat = 2

// runRecord is what a run file says apart from its rows.
type runRecord struct {
	patients int64 // people at the start of the warm-up
	events   int64 // patient events under the regime
	warmUp   int64 // patient events before
}

// runPath is the file of a run below the folder of its sweep.
func runPath(dir, key string) string { return filepath.Join(dir, runsName, key[:2], key+".csv") }

// failedPath is the file that says how a run failed.
func failedPath(dir, key string) string { return filepath.Join(dir, failedName, key+".json") }

// encodeRun returns the bytes of a run file.
func encodeRun(key string, rows []tables.Outcome, rec runRecord) ([]byte, error) {
	b := fmt.Appendf(nil, "coexist-run %d %s\n", runFormat, key)
	for i := range rows {
		o := &rows[i]
		if err := o.Check(); err != nil {
			return nil, err
		}
		b = append(strconv.AppendInt(b, int64(o.Quarter), 10), ',')
		b = append(tables.AppendText(b, o.Group), ',')
		b = append(tables.AppendText(b, o.Measure), ',')
		b = append(tables.AppendText(b, o.Unit), ',')
		b = append(tables.AppendNumber(b, o.Value), '\n')
	}
	b = fmt.Appendf(b, "end %d %d %d %d ", len(rows), rec.patients, rec.events, rec.warmUp)
	return fmt.Appendf(b, "%08x\n", crc32.Checksum(b, crc)), nil
}

var crc = crc32.MakeTable(crc32.Castagnoli)

// readRun returns the rows of a run file, each a line, and what it says of the run. The error matches
// fs.ErrNotExist where there is none and results.ErrDamaged where it is torn or another's.
func readRun(dir, key string) (rows []byte, rec runRecord, err error) {
	path := runPath(dir, key)
	data, err := readWhole(path, maxRunFile)
	if err != nil {
		return nil, rec, err
	}
	if rows, rec, err = decodeRun(data, key); err != nil {
		return nil, rec, fmt.Errorf("%s: %w", path, err)
	}
	return rows, rec, nil
}

// readWhole reads a file of at most so many bytes; more matches results.ErrDamaged.
func readWhole(path string, most int64) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() { // opening a pipe would wait for ever
		return nil, fmt.Errorf("%s: %w: not a regular file", path, results.ErrDamaged)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	tooLong := fmt.Errorf("%s: %w: more than %d bytes", path, results.ErrDamaged, most)
	if info.Size() > most {
		return nil, tooLong // before any memory is asked for
	}
	var b bytes.Buffer
	b.Grow(int(info.Size()) + bytes.MinRead)
	if _, err := b.ReadFrom(io.LimitReader(f, most+1)); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if int64(b.Len()) > most {
		return nil, tooLong
	}
	return b.Bytes(), nil
}

// maxNote is the most bytes of a note of a failure or of what a process took.
const maxNote = 1 << 20

// maxRunFile is the most bytes of a run file: some 3 million rows.
const maxRunFile = 256 << 20

// decodeRun returns the rows in the bytes of a run file, each a line, and what it says of the run.
func decodeRun(data []byte, key string) (rows []byte, rec runRecord, err error) {
	fail := func(text string) ([]byte, runRecord, error) {
		return nil, runRecord{}, fmt.Errorf("%w: %s", results.ErrDamaged, text)
	}
	head := fmt.Appendf(nil, "coexist-run %d %s\n", runFormat, key)
	switch {
	case len(data) == 0:
		return fail("empty")
	case !bytes.HasPrefix(data, head):
		line, _, _ := bytes.Cut(data[:min(len(data), 2*len(head))], []byte{'\n'})
		return fail(fmt.Sprintf("its first line is %.100q, want %q", line, head[:len(head)-1]))
	case data[len(data)-1] != '\n':
		return fail("torn: its last line has no end")
	}
	end := bytes.LastIndexByte(data[:len(data)-1], '\n') + 1
	var n int
	var sum uint32
	if k, err := fmt.Sscanf(string(data[end:]), "end %d %d %d %d %x\n", &n, &rec.patients, &rec.events, &rec.warmUp, &sum); err != nil || k != 5 {
		return fail(fmt.Sprintf("torn: its last line is %.100q, want one with end", data[end:len(data)-1]))
	}
	if made := crc32.Checksum(data[:bytes.LastIndexByte(data, ' ')+1], crc); made != sum || !bytes.HasSuffix(data, fmt.Appendf(nil, " %08x\n", sum)) {
		return fail(fmt.Sprintf("changed since it was written: its checksum is %08x, want %08x", made, sum))
	}
	rows = data[len(head):end]
	if have := bytes.Count(rows, []byte{'\n'}); have != n {
		return fail(fmt.Sprintf("%d rows, want the %d that it says", have, n))
	}
	return rows, rec, nil
}

// hasRun reports whether a run is done: its file is there and whole.
func hasRun(dir, key string) bool {
	_, _, err := readRun(dir, key)
	return err == nil
}

// publish writes a file of the sweep whole or not at all. If another process was faster or has swept up,
// what is there counts when have says so.
func publish(path string, data []byte, have func() bool) error {
	write := func() error {
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return fmt.Errorf("%s: %w: %w", path, results.ErrWrite, err)
		}
		return results.Atomic(path, func(w io.Writer) error {
			_, err := w.Write(data)
			return err
		})
	}
	err := write()
	if err == nil || have() {
		return nil
	}
	if errors.Is(err, fs.ErrNotExist) {
		err = write()
	}
	return err
}

// Failure says how a run failed.
type Failure struct {
	Run       int    `json:"run"` // index in the plan
	Place     string `json:"place"`
	Scenario  string `json:"scenario"`
	Row       int    `json:"row"` // from 1
	Replicate int    `json:"replicate"`
	Seed      int64  `json:"seed"`
	Error     string `json:"error"`
}

// fail notes a failure in the folder.
func (s *Sweep) fail(dir string, i int, cause error) (Failure, error) {
	a := s.at(i)
	f := Failure{i, s.Places[a.Place].Name, s.Scenarios[a.Scenario].Name, a.Row + 1, a.Replicate + 1, s.seedOf(a), strings.ToValidUTF8(cause.Error(), "?")}
	data, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return f, err
	}
	path := failedPath(dir, s.Runs[i].Key)
	return f, publish(path, append(data, '\n'), func() bool { _, err := os.Stat(path); return err == nil })
}

// failure reads how a run failed; ok is false if it has not.
func (s *Sweep) failure(dir string, i int) (f Failure, ok bool) {
	data, err := readWhole(failedPath(dir, s.Runs[i].Key), maxNote)
	if err != nil || json.Unmarshal(data, &f) != nil {
		return f, false
	}
	f.Run = i // in this plan, should the file come from another
	return f, true
}
