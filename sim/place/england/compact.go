//go:build ignore

// Compact makes the folder tables from the raw tables of England: it keeps the rows and columns
// that package place reads and packs the big files. Values are copied as text, never changed, so
// the folder follows from the raw one byte by byte (with the same Go release; another may pack
// differently). Nothing of the program needs the raw folder.
//
//	cd sim/place/england && go run compact.go RAW-FOLDER
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// tables lists what is kept: the file, its columns, and whether it is packed.
var tables = []struct {
	file    string
	columns string
	pack    bool
	keep    func(row map[string]string) bool // nil keeps all rows
}{
	{file: "areas.csv", pack: true, columns: "code,name,lad,icb,ruc,easting,northing,p00_04,p05_15,p16_24,p25_34,p35_49,p50_64,p65_74,p75_84,p85up,imd_score,imd_decile"},
	{file: "practices.csv", pack: true, columns: "code,name,easting,northing,list_size,lsoa"},
	{file: "hospitals.csv", columns: "code,name,trust,kind,easting,northing,beds,has_ae,icb,lad"},
	{file: "trusts.csv", columns: "code,name"},
	{file: "lads.csv", columns: "code,name,region,region_name,pop"},
	{file: "icbs.csv", columns: "code,name"},
	{file: "england-outline.csv", pack: true, columns: "ring,easting,northing"},
	{file: "icb-outlines.csv", pack: true, columns: "icb,ring,easting,northing"},
	{file: "towns.csv", pack: true, columns: "name,easting,northing,population",
		// Sections and localities of a town (PPLX, PPLL) would crowd its own label.
		keep: func(row map[string]string) bool { return row["feature"] != "PPLX" && row["feature"] != "PPLL" }},
	{file: "travel_time_bands.csv", columns: "origin,mean_km,min_p50"},
	{file: "life_table_uk_2017_2019.csv", columns: "age,qx_male,qx_female"},
	{file: "qof_prevalence_by_imd.csv", columns: "imd_decile,group_code,condition,register,list"},
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: go run compact.go RAW-FOLDER")
		os.Exit(2)
	}
	total := 0
	for _, t := range tables {
		out, rows, err := reduce(os.Args[1], t.file, strings.Split(t.columns, ","), t.keep)
		name := t.file
		if err == nil && t.pack {
			name += ".gz"
			out, err = pack(out)
		}
		if err == nil {
			err = os.MkdirAll("tables", 0o755)
		}
		if err == nil {
			err = os.WriteFile(filepath.Join("tables", name), out, 0o644)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "compact:", err)
			os.Exit(1)
		}
		total += len(out)
		fmt.Printf("%-30s %6d rows %8d bytes\n", name, rows, len(out))
	}
	fmt.Printf("%-30s %20d bytes\n", "all", total)
}

// reduce returns the wanted columns of a raw table as CSV and the number of its rows.
func reduce(folder, file string, columns []string, keep func(map[string]string) bool) ([]byte, int, error) {
	raw, err := open(filepath.Join(folder, file))
	if err != nil {
		return nil, 0, err
	}
	rows, err := csv.NewReader(bytes.NewReader(raw)).ReadAll()
	if err != nil {
		return nil, 0, fmt.Errorf("%s: %w", file, err)
	}
	var at []int
	for _, c := range columns {
		i := slices.Index(rows[0], c)
		if i < 0 {
			return nil, 0, fmt.Errorf("%s: has no column %s", file, c)
		}
		at = append(at, i)
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	n := -1 // the header is not a row
	for r, row := range rows {
		if r > 0 && keep != nil {
			m := map[string]string{}
			for i, c := range rows[0] {
				m[c] = row[i]
			}
			if !keep(m) {
				continue
			}
		}
		var kept []string
		for _, i := range at {
			kept = append(kept, row[i])
		}
		w.Write(kept) // a bytes.Buffer takes all
		n++
	}
	w.Flush()
	return b.Bytes(), n, w.Error()
}

// open returns a raw file, unpacked where only its packed form is there.
func open(path string) ([]byte, error) {
	if b, err := os.ReadFile(path); err == nil {
		return b, nil
	}
	f, err := os.Open(path + ".gz")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("%s.gz: %w", path, err)
	}
	return io.ReadAll(z)
}

// pack compresses without name or time, so that the same table gives the same bytes.
func pack(b []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(b); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
