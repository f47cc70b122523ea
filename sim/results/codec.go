package results

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"reflect"
)

// Rows in a part file: the fields of each row in order, integers as varints, numbers as 8 bytes,
// yes or no as one byte, and a text as its number among the different texts of the segment, the
// first time followed by its length and bytes.

// encoder gathers the rows of one segment.
type encoder struct {
	data  []byte
	rows  int
	texts map[string]uint64
}

func (e *encoder) reset() { *e = encoder{data: e.data[:0]} }

// encode appends rows to a segment.
func encode[T row](e *encoder, rows []T) {
	if e.texts == nil {
		e.texts = map[string]uint64{}
	}
	for i := range rows {
		v := reflect.ValueOf(&rows[i]).Elem()
		for j := range v.NumField() {
			switch f := v.Field(j); f.Kind() {
			case reflect.String:
				e.text(f.String())
			case reflect.Float64:
				e.data = binary.LittleEndian.AppendUint64(e.data, math.Float64bits(f.Float()))
			case reflect.Bool:
				b := byte(0)
				if f.Bool() {
					b = 1
				}
				e.data = append(e.data, b)
			default:
				e.data = binary.AppendVarint(e.data, f.Int())
			}
		}
	}
	e.rows += len(rows)
}

func (e *encoder) text(s string) {
	n, seen := e.texts[s]
	if !seen {
		n = uint64(len(e.texts))
		e.texts[s] = n
	}
	e.data = binary.AppendUvarint(e.data, n)
	if !seen {
		e.data = append(binary.AppendUvarint(e.data, uint64(len(s))), s...)
	}
}

var errTorn = errors.New("rows end in the middle")

// decode calls do with each of n rows that encode wrote; data must have nothing more. The row is
// the same variable every time.
func decode[T row](data []byte, n int, do func(*T) error) error {
	var texts []string
	var r T
	v := reflect.ValueOf(&r).Elem()
	unsigned := func() (uint64, error) {
		x, used := binary.Uvarint(data)
		if used <= 0 {
			return 0, errTorn
		}
		data = data[used:]
		return x, nil
	}
	for range n {
		for j := range v.NumField() {
			switch f := v.Field(j); f.Kind() {
			case reflect.String:
				at, err := unsigned()
				if err != nil {
					return err
				}
				if at == uint64(len(texts)) {
					length, err := unsigned()
					if err != nil || length > uint64(len(data)) {
						return errTorn
					}
					texts = append(texts, string(data[:length]))
					data = data[length:]
				}
				if at >= uint64(len(texts)) {
					return fmt.Errorf("text %d of %d", at, len(texts))
				}
				f.SetString(texts[at])
			case reflect.Float64:
				if len(data) < 8 {
					return errTorn
				}
				f.SetFloat(math.Float64frombits(binary.LittleEndian.Uint64(data)))
				data = data[8:]
			case reflect.Bool:
				if len(data) < 1 {
					return errTorn
				}
				f.SetBool(data[0] == 1)
				data = data[1:]
			default:
				x, used := binary.Varint(data)
				if used <= 0 || f.OverflowInt(x) {
					return errTorn
				}
				f.SetInt(x)
				data = data[used:]
			}
		}
		if err := do(&r); err != nil {
			return err
		}
	}
	if len(data) > 0 {
		return fmt.Errorf("%d bytes after the last row", len(data))
	}
	return nil
}
