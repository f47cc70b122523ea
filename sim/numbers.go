package sim

import (
	"fmt"
	"math"
	"reflect"
	"unsafe"
)

// mostNumber is more than any number of a state: pence of England over a century are 10^16.
const mostNumber = 1e18

// offsets are where the numbers and truth values of a plain type lie, in bytes from its start.
type offsets struct {
	double, single, truth []uintptr
}

// look wants numbers that are numbers and truths that are true or false in what was read of another's
// making. Fields are found by their type, so that those to come are looked at too.
func look[T any](c *codec, s []T) {
	if !c.foreign || len(s) == 0 {
		return
	}
	var t offsets
	t.find(reflect.TypeFor[T](), 0)
	if len(t.double)+len(t.single)+len(t.truth) == 0 {
		return
	}
	for i := range s {
		at := unsafe.Pointer(&s[i])
		for _, off := range t.double {
			if v := *(*float64)(unsafe.Add(at, off)); !(math.Abs(v) <= mostNumber) {
				c.err = wrongNumber[T](i, v)
			}
		}
		for _, off := range t.single {
			if v := *(*float32)(unsafe.Add(at, off)); !(math.Abs(float64(v)) <= mostNumber) {
				c.err = wrongNumber[T](i, float64(v))
			}
		}
		for _, off := range t.truth {
			if v := *(*uint8)(unsafe.Add(at, off)); v > 1 {
				c.err = fmt.Errorf("%s %d holds truth %d, want 0 or 1", reflect.TypeFor[T](), i, v)
			}
		}
	}
}

func wrongNumber[T any](i int, v float64) error {
	return fmt.Errorf("%s %d holds %v, want a number of at most %g", reflect.TypeFor[T](), i, v, mostNumber)
}

// find notes where the numbers and truths of a type lie that begins at an offset.
func (p *offsets) find(t reflect.Type, at uintptr) {
	switch t.Kind() {
	case reflect.Float64:
		p.double = append(p.double, at)
	case reflect.Float32:
		p.single = append(p.single, at)
	case reflect.Bool:
		p.truth = append(p.truth, at)
	case reflect.Array:
		for i := range t.Len() {
			p.find(t.Elem(), at+uintptr(i)*t.Elem().Size())
		}
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			p.find(f.Type, at+f.Offset)
		}
	}
}
