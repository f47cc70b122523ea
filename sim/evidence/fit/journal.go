package fit

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"sync"
)

// Journal keeps trials on disk, one a line, so that none is made twice.
type Journal struct {
	mu   sync.Mutex
	path string
	have map[string][]float64
	torn bool // the file ends within a line
	Made int  // trials simulated by this program, not read
}

// OpenJournal reads the trials of a file, which need not exist. A last line that was torn is left out, and
// what is written next begins a line of its own.
func OpenJournal(path string) (*Journal, error) {
	j := &Journal{path: path, have: map[string][]float64{}}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return j, nil
	}
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

// read takes in the trials of a journal. Lines that are no trial are passed over.
func (j *Journal) read(r io.Reader) error {
	last := &lastByte{r: r}
	lines := bufio.NewScanner(last)
	lines.Buffer(nil, longest)
	for lines.Scan() {
		key, rest, ok := strings.Cut(lines.Text(), "\t")
		body, whole := strings.CutSuffix(rest, "\t.")
		if !ok || !whole {
			continue
		}
		var values []float64
		for _, s := range strings.Fields(body) {
			v, err := strconv.ParseFloat(s, 64)
			if err != nil {
				values = nil
				break
			}
			values = append(values, v)
		}
		if values != nil {
			j.have[key] = values
		}
	}
	j.torn = last.n > 0 && last.b != '\n'
	if err := lines.Err(); err != nil {
		if errors.Is(err, bufio.ErrTooLong) {
			return fmt.Errorf("%w: a line of more than %d bytes, want a trial a line", ErrJournal, longest)
		}
		return err
	}
	return nil
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
	return text + "\t.\n"
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
