// Command sums prints what our own reader finds in a result, for other readers to compare with: rows
// of each table, and for each column its type and a sum (of numbers, of trues, of bytes of text).
package main

import (
	"encoding/json"
	"fmt"
	"iter"
	"math"
	"math/big"
	"os"
	"reflect"
	"strings"

	"coexist/sim/results"
)

type column struct {
	Name string  `json:"name"`
	Type string  `json:"type"` // as SQL says it
	Sum  string  `json:"sum"`  // exact, in decimals
	Size float64 `json:"size"` // sum of the absolute values: the scale of rounding
}

type table struct {
	Rows    int64    `json:"rows"`
	Columns []column `json:"columns"`
}

var kinds = map[reflect.Kind]string{reflect.String: "VARCHAR", reflect.Float64: "DOUBLE", reflect.Bool: "BOOLEAN", reflect.Int32: "INTEGER", reflect.Int64: "BIGINT"}

// add sums a table column by column.
func add[T any](rows iter.Seq2[T, error], to map[string]table, name string) error {
	kind := reflect.TypeFor[T]()
	n := int64(0)
	sums, sizes := make([]*big.Float, kind.NumField()), make([]float64, kind.NumField())
	for j := range sums {
		sums[j] = new(big.Float).SetPrec(2200) // exact: a float64 spans 2^-1074 to 2^1024
	}
	for row, err := range rows {
		if err != nil {
			return err
		}
		n++
		v := reflect.ValueOf(row)
		for j := range sums {
			var x float64
			switch f := v.Field(j); f.Kind() {
			case reflect.String:
				x = float64(len(f.String()))
			case reflect.Float64:
				x = f.Float()
			case reflect.Bool:
				if f.Bool() {
					x = 1
				}
			default:
				sums[j].Add(sums[j], new(big.Float).SetInt64(f.Int()))
				continue
			}
			sizes[j] += math.Abs(x)
			sums[j].Add(sums[j], new(big.Float).SetFloat64(x))
		}
	}
	t := table{Rows: n}
	for j := range sums {
		name, _, _ := strings.Cut(kind.Field(j).Tag.Get("parquet"), ",")
		text := sums[j].Text('f', 0)
		if kind.Field(j).Type.Kind() == reflect.Float64 {
			text = sums[j].Text('g', 20)
		}
		t.Columns = append(t.Columns, column{name, kinds[kind.Field(j).Type.Kind()], text, sizes[j]})
	}
	to[name] = t
	return nil
}

func run(dir string) error {
	r, err := results.Open(dir)
	if err != nil {
		return err
	}
	all := map[string]table{}
	for _, err := range []error{
		add(r.Outcomes(), all, "outcomes"), add(r.Organisations(), all, "organisations"), add(r.Ledger(), all, "ledger"),
		add(r.Flows(), all, "flows"), add(r.MarketEvents(), all, "market_events"), add(r.Patients(), all, "patients"),
	} {
		if err != nil {
			return err
		}
	}
	return json.NewEncoder(os.Stdout).Encode(all)
}

func main() {
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "sums:", err)
		os.Exit(1)
	}
}
