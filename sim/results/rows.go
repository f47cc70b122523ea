package results

import (
	"fmt"
	"math"
	"reflect"
	"strconv"

	"coexist/sim/tables"
)

// table numbers the tables of tables.Batch; it is written into part files.
type table uint32

const (
	outcomes table = iota + 1
	organisations
	ledger
	flows
	events
	patients
	tableEnd // one beyond the last
)

var tableNames = [tableEnd]string{"", "outcomes", "organisations", "ledger", "flows", "market_events", "patients"}

func (t table) csv() string     { return "data/" + tableNames[t] + ".csv" }
func (t table) parquet() string { return "data/" + tableNames[t] + ".parquet" }

// row is one row of a table that is kept as Parquet.
type row interface {
	tables.Organisation | tables.Ledger | tables.Flow | tables.MarketEvent | tables.Patient
}

// checkRows returns an error that names the first value that no reader should meet: NaN,
// infinity, or a text that does not stay on its line.
func checkRows[T row](t table, rows []T) error {
	if len(rows) == 0 {
		return nil
	}
	columns := codebook(t)
	for i := range rows {
		v := reflect.ValueOf(&rows[i]).Elem()
		for j := range columns {
			var err error
			switch f := v.Field(j); f.Kind() {
			case reflect.Float64:
				if x := f.Float(); math.IsNaN(x) || math.IsInf(x, 0) {
					err = fmt.Errorf("%s = %v, want a finite number", columns[j].Name, x)
				}
			case reflect.String:
				if e := tables.CheckText(f.String()); e != nil {
					err = fmt.Errorf("%s = %q: %w", columns[j].Name, clip(f.String()), e)
				}
			}
			if err != nil {
				return fmt.Errorf("%s: place %q, scenario %q, run %v, %s %v, row %d of its batch: %w: %w", tableNames[t],
					clip(v.Field(0).String()), clip(v.Field(1).String()), v.Field(2), columns[4].Name, v.Field(4), i, ErrValue, err)
			}
		}
	}
	return nil
}

// codebook returns the columns of a table, which are the fields of its row type in order.
func codebook(t table) []tables.Column {
	c, ok := tables.TableByName(tableNames[t])
	if !ok {
		panic("results: no codebook for table " + tableNames[t])
	}
	return c.Columns
}

// appendHeader appends the first line of a table as CSV.
func appendHeader(dst []byte, t table) []byte {
	for i, c := range codebook(t) {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = tables.AppendText(dst, c.Name)
	}
	return append(dst, '\n')
}

// appendRow appends a row as a line of CSV.
func appendRow[T row](dst []byte, r *T) []byte {
	v := reflect.ValueOf(r).Elem()
	for i := range v.NumField() {
		if i > 0 {
			dst = append(dst, ',')
		}
		switch f := v.Field(i); f.Kind() {
		case reflect.String:
			dst = tables.AppendText(dst, f.String())
		case reflect.Float64:
			dst = tables.AppendNumber(dst, f.Float())
		case reflect.Bool:
			dst = strconv.AppendBool(dst, f.Bool())
		default:
			dst = strconv.AppendInt(dst, f.Int(), 10)
		}
	}
	return append(dst, '\n')
}
