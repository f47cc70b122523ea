package results

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"iter"
	"strconv"

	"coexist/sim/tables"
)

// maxLine is longer than any line of outcomes.csv, in bytes.
const maxLine = 64 << 10

// lines reads outcomes.csv line by line and keeps one copy of each text.
type lines struct {
	r       *bufio.Reader
	n       int // lines read
	texts   map[string]string
	scratch []byte
	again   []byte
}

func newLines(r io.Reader) *lines {
	return &lines{r: bufio.NewReaderSize(r, maxLine), texts: map[string]string{}}
}

// next returns the next line with its end; it stays valid until the next call. A last line
// without an end is an error: the file is torn.
func (l *lines) next() ([]byte, error) {
	line, err := l.r.ReadSlice('\n')
	switch {
	case err == nil:
		l.n++
		return line, nil
	case err == bufio.ErrBufferFull:
		return nil, fmt.Errorf("%w: longer than %d bytes", ErrDamaged, maxLine)
	case err == io.EOF && len(line) > 0:
		return nil, fmt.Errorf("%w: the last line has no end", ErrDamaged)
	}
	return nil, err
}

// outcome reads a line. What it accepts, tables.AppendOutcome writes back byte by byte.
func (l *lines) outcome(line []byte) (o tables.Outcome, err error) {
	rest := line[:len(line)-1]
	var field [9][]byte
	l.scratch = l.scratch[:0]
	for i := range field {
		if rest == nil {
			return o, fmt.Errorf("%w: %d columns, want %d", ErrDamaged, i, len(field))
		}
		field[i], rest = l.field(rest)
	}
	if rest != nil {
		return o, fmt.Errorf("%w: more than %d columns", ErrDamaged, len(field))
	}
	var faults [4]error
	number := func(i, bits int, fault *error) int64 {
		v, err := strconv.ParseInt(string(field[i]), 10, bits)
		*fault = err
		return v
	}
	o.Place, o.Scenario, o.Group = l.text(field[0]), l.text(field[1]), l.text(field[5])
	o.Measure, o.Unit = l.text(field[6]), l.text(field[7])
	o.Run = int32(number(2, 32, &faults[0]))
	o.Seed = number(3, 64, &faults[1])
	o.Quarter = int32(number(4, 32, &faults[2]))
	o.Value, faults[3] = strconv.ParseFloat(string(field[8]), 64)
	for _, err := range faults {
		if err != nil {
			return o, fmt.Errorf("%w: %w", ErrDamaged, err)
		}
	}
	l.again, err = tables.AppendOutcome(l.again[:0], o)
	if err != nil {
		return o, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if !bytes.Equal(l.again, line) {
		return o, fmt.Errorf("%w: %q, want %q", ErrDamaged, clip(string(line)), clip(string(l.again)))
	}
	return o, nil
}

// field splits the first field off a line; rest is nil after the last. A field in quotes is
// unquoted into scratch. Mistakes show when the line is written again.
func (l *lines) field(line []byte) (field, rest []byte) {
	if len(line) == 0 || line[0] != '"' {
		if i := bytes.IndexByte(line, ','); i >= 0 {
			return line[:i], line[i+1:]
		}
		return line, nil
	}
	start := len(l.scratch)
	for i := 1; i < len(line); i++ {
		if line[i] == '"' {
			if i+1 < len(line) && line[i+1] == '"' {
				i++
			} else {
				if i+1 < len(line) && line[i+1] == ',' {
					rest = line[i+2:]
				}
				return l.scratch[start:], rest
			}
		}
		l.scratch = append(l.scratch, line[i])
	}
	return l.scratch[start:], nil
}

// text returns a text, one copy for all rows.
func (l *lines) text(b []byte) string {
	s, ok := l.texts[string(b)]
	if !ok {
		s = string(b)
		if len(l.texts) < 1<<20 {
			l.texts[s] = s
		}
	}
	return s
}

// readOutcomes yields the rows of outcomes.csv, which must be just as AppendOutcome writes them:
// same header, same order of columns, same digits. After an error no row follows.
func readOutcomes(r io.Reader) iter.Seq2[tables.Outcome, error] {
	return func(yield func(tables.Outcome, error) bool) {
		lines := newLines(r)
		header, err := lines.next()
		if err == io.EOF || err == nil && string(header) != tables.OutcomesHeader {
			err = fmt.Errorf("%w: line 1 is %q, want %q", ErrDamaged, clip(string(header)), tables.OutcomesHeader)
		}
		if err != nil {
			yield(tables.Outcome{}, err)
			return
		}
		for {
			line, err := lines.next()
			if err == io.EOF {
				return
			}
			var o tables.Outcome
			if err == nil {
				o, err = lines.outcome(line)
			}
			if err != nil {
				yield(tables.Outcome{}, fmt.Errorf("line %d: %w", lines.n, err))
				return
			}
			if !yield(o, nil) {
				return
			}
		}
	}
}
