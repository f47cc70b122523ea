package fit

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
)

// Journal keeps trials on disk, one a line, so that none is made twice:
//
//	KEY <tab> NUMBERS <tab> CHECKSUM
//
// The checksum is CRC-32C of all before it.
type Journal struct {
	mu      sync.Mutex
	path    string
	have    map[string][]float64
	torn    bool // the file ends within a line
	Damaged int  // whole lines that were found to be no trial
	Made    int  // trials simulated by this program, not read
}

// OpenJournal reads the trials of a file, which it makes where there is none. A last line that was torn is left out, and
// what is written next begins a line of its own. A file whose whole lines are all no trials matches ErrJournal.
func OpenJournal(path string) (*Journal, error) {
	j := &Journal{path: path, have: map[string][]float64{}}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() { // opening a pipe would wait for ever
		return nil, fmt.Errorf("%s: %w: not a regular file", path, ErrJournal)
	}
	f, err := os.OpenFile(path, os.O_RDONLY|os.O_CREATE, 0o666) // so that the folder shows whose it is
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if err := j.read(f); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return j, nil
}

// ErrJournal marks a file that is no journal of trials.
var ErrJournal = errors.New("no journal of trials")

// longest is the most bytes of a line: a trial has some hundred numbers.
const longest = 1 << 20

// read takes in the trials of a journal. Lines that are no trial are counted and passed over.
func (j *Journal) read(r io.Reader) error {
	last := &lastByte{r: r}
	lines := bufio.NewScanner(last)
	lines.Buffer(nil, longest)
	strange := false // the last line is no trial
	for lines.Scan() {
		key, values, ok := trialOf(lines.Text())
		if ok {
			j.have[key] = values
		} else {
			j.Damaged++
		}
		strange = !ok
	}
	if j.torn = last.n > 0 && last.b != '\n'; j.torn && strange {
		j.Damaged-- // it was never whole
	}
	if lines.Err() == nil && j.Damaged > 0 && len(j.have) == 0 {
		return fmt.Errorf("%w: of %d lines none is a trial with its checksum, want a folder of calibrate or a new one", ErrJournal, j.Damaged)
	}
	if err := lines.Err(); err != nil {
		if errors.Is(err, bufio.ErrTooLong) {
			return fmt.Errorf("%w: a line of more than %d bytes, want a trial a line", ErrJournal, longest)
		}
		return err
	}
	return nil
}

// trialOf reads a line of a journal; ok is false if it is torn, changed, or something else.
func trialOf(text string) (key string, values []float64, ok bool) {
	end := strings.LastIndexByte(text, '\t') + 1
	if end == 0 || text[end:] != checksum(text[:end]) {
		return "", nil, false
	}
	key, body, ok := strings.Cut(text[:end-1], "\t")
	if !ok {
		return "", nil, false
	}
	for _, s := range strings.Fields(body) {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil {
			return "", nil, false
		}
		values = append(values, v)
	}
	return key, values, len(values) > 0
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// checksum is that of a line before it, as the line has it.
func checksum(text string) string {
	return fmt.Sprintf("%08x", crc32.Checksum([]byte(text), castagnoli))
}

// lastByte keeps the last byte that was read.
type lastByte struct {
	r io.Reader
	n int64 // bytes read
	b byte
}

func (l *lastByte) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	if n > 0 {
		l.n += int64(n)
		l.b = p[n-1]
	}
	return n, err
}

// trial returns the numbers of a trial, from the journal or by simulating.
func (j *Journal) trial(ctx context.Context, b *Block, at []float64, simulate Simulate) ([]float64, error) {
	key := b.key(at)
	j.mu.Lock()
	v, ok := j.have[key]
	j.mu.Unlock()
	if ok && len(v) == len(b.Targets) {
		return v, nil
	}
	v, err := simulate(ctx, at)
	if err != nil {
		return nil, err
	}
	if len(v) != len(b.Targets) {
		return nil, fmt.Errorf("block %s: %d numbers simulated, want %d", b.Name, len(v), len(b.Targets))
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.Made++
	j.have[key] = v
	return v, j.append(key, v)
}

func (j *Journal) append(key string, v []float64) error {
	f, err := os.OpenFile(j.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	text := line(key, v)
	if j.torn { // a write that failed, now or in a program before: end its line
		text = "\n" + text
	}
	n, err := f.WriteString(text)
	if err == nil {
		j.torn = false
	} else if n > 0 {
		j.torn = true
	}
	return errors.Join(err, f.Close())
}

// line is a trial as the journal has it.
func line(key string, v []float64) string {
	text := key + "\t"
	for i, x := range v {
		if i > 0 {
			text += " "
		}
		text += strconv.FormatFloat(x, 'g', -1, 64)
	}
	text += "\t"
	return text + checksum(text) + "\n"
}

// key names a trial.
func (b *Block) key(at []float64) string {
	var s strings.Builder
	s.WriteString(b.Name)
	for i, p := range b.Parameters {
		fmt.Fprintf(&s, " %s=%s", p.Key, strconv.FormatFloat(at[i], 'g', -1, 64))
	}
	for _, t := range b.Targets {
		s.WriteString(" " + t.ID)
	}
	return s.String()
}
