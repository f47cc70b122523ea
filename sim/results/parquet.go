package results

import (
	"encoding/binary"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"
	"github.com/parquet-go/parquet-go/compress/zstd"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// rowGroup is the number of rows of every row group but the last. Rows enter the library in
// batches of this size whatever the batches they came in: other batches, other bytes.
const rowGroup = 65_536

// What a Parquet file of ours never exceeds: more is refused before memory is asked for.
const (
	maxFooter     = 64 << 20  // bytes
	maxPageHeader = 64 << 10  // bytes
	maxChunk      = 512 << 20 // bytes of one column in one row group, unpacked
	maxRows       = 1 << 40
)

// parquetWriter gathers rows into row groups of fixed size.
type parquetWriter[T row] struct {
	w    *parquet.GenericWriter[T]
	rows []T
	n    int64
}

// newParquetWriter writes Zstandard with the oldest encodings (dictionary for texts, plain for
// the rest, data pages of version 1), which every reader knows. The name of the writer is fixed:
// by default it would depend on how the program was built.
func newParquetWriter[T row](w io.Writer, t table, codec compress.Codec) *parquetWriter[T] {
	return &parquetWriter[T]{w: parquet.NewGenericWriter[T](w,
		schema[T](t),
		parquet.CreatedBy("coexist", "1", "sim/results"),
		parquet.Compression(codec),
		parquet.DataPageVersion(1),
		parquet.DefaultEncodingFor(parquet.ByteArray, &parquet.Plain),
		parquet.MaxRowsPerRowGroup(rowGroup),
	)}
}

func schema[T row](t table) *parquet.Schema {
	return parquet.NewSchema(tableNames[t], parquet.SchemaOf(new(T)))
}

func zstandard() compress.Codec { return &zstd.Codec{Level: zstd.SpeedDefault} }

func (p *parquetWriter[T]) add(r *T) error {
	p.rows = append(p.rows, *r)
	if len(p.rows) < rowGroup {
		return nil
	}
	return p.flush()
}

func (p *parquetWriter[T]) flush() error {
	if len(p.rows) == 0 {
		return nil
	}
	if _, err := p.w.Write(p.rows); err != nil {
		return err
	}
	p.n += int64(len(p.rows))
	p.rows = p.rows[:0]
	return p.w.Flush()
}

func (p *parquetWriter[T]) close() error {
	if err := p.flush(); err != nil {
		return err
	}
	return p.w.Close()
}

// readParquet yields the rows of a Parquet file of ours. The library panics on some files that
// are not; its panics come out as errors. After an error no row follows.
func readParquet[T row](r io.ReaderAt, size int64, t table) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		p, err := openParquet[T](r, size, t)
		if err != nil {
			yield(none, err)
			return
		}
		defer p.Close()
		batch := make([]T, max(1, min(1024, p.want)))
		for {
			clear(batch)
			n, err := p.read(batch)
			if err == nil || err == io.EOF {
				if e := checkRows(t, batch[:n]); e != nil {
					err = fmt.Errorf("%w: %w", ErrDamaged, e)
				}
			}
			if err != nil && err != io.EOF {
				yield(none, err)
				return
			}
			for _, row := range batch[:n] {
				if !yield(row, nil) {
					return
				}
			}
			if err == io.EOF {
				return
			}
		}
	}
}

// checkChunk follows the pages of a column before the library does, which asks for as much memory
// as a page says it needs: every page must lie in the chunk, and the chunk in the file.
func checkChunk(r io.ReaderAt, size int64, m format.ColumnMetaData) error {
	if m.Codec != format.Zstd {
		return fmt.Errorf("packed by %v, want %v", m.Codec, format.Zstd)
	}
	at := m.DataPageOffset
	if m.DictionaryPageOffset > 0 {
		at = m.DictionaryPageOffset
	}
	if at < 4 || at > m.DataPageOffset || m.TotalCompressedSize < 0 || m.TotalCompressedSize > size-at || m.DataPageOffset > at+m.TotalCompressedSize {
		return fmt.Errorf("%d bytes from byte %d on, in a file of %d", m.TotalCompressedSize, at, size)
	}
	if m.TotalUncompressedSize < 0 || m.TotalUncompressedSize > maxChunk {
		return fmt.Errorf("%d bytes unpacked, want at most %d", m.TotalUncompressedSize, maxChunk)
	}
	window := make([]byte, maxPageHeader)
	protocol := new(thrift.CompactProtocol)
	unpacked := int64(0)
	for first, end := at, at+m.TotalCompressedSize; at < end; {
		start := at
		n, err := r.ReadAt(window[:min(int64(len(window)), end-at)], at)
		if err != nil && err != io.EOF {
			return err
		}
		var h format.PageHeader
		b := protocol.NewReaderFromBytes(window[:n])
		if err := thrift.NewDecoder(b).Decode(&h); err != nil {
			return fmt.Errorf("header of the page at byte %d: %w", at, err)
		}
		at += int64(b.BytesRead())
		unpacked += max(int64(h.UncompressedPageSize), 0)
		// A dictionary comes first or not at all, and the library begins to read at two places.
		want, place := format.DataPage, true
		if start == first && m.DictionaryPageOffset > 0 {
			want, place = format.DictionaryPage, m.DataPageOffset == at+int64(h.CompressedPageSize)
		}
		if h.Type != want || !place || h.CompressedPageSize < 0 || int64(h.CompressedPageSize) > end-at ||
			h.UncompressedPageSize < 0 || unpacked > m.TotalUncompressedSize {
			return fmt.Errorf("page of %d bytes, %d unpacked, before byte %d", h.CompressedPageSize, h.UncompressedPageSize, at)
		}
		at += int64(h.CompressedPageSize)
	}
	return nil
}

// parquetReader reads rows and checks that there are as many as the file says.
type parquetReader[T row] struct {
	*parquet.GenericReader[T]
	rows, want int64
}

func openParquet[T row](r io.ReaderAt, size int64, t table) (p *parquetReader[T], err error) {
	defer recovered(&err)
	var tail [8]byte
	if size < 12 {
		return nil, fmt.Errorf("%w: %d bytes, too few for Parquet", ErrDamaged, size)
	}
	if _, err := r.ReadAt(tail[:], size-8); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if footer := int64(binary.LittleEndian.Uint32(tail[:4])); footer > min(size-12, maxFooter) || string(tail[4:]) != "PAR1" {
		return nil, fmt.Errorf("%w: no Parquet footer of at most %d bytes at the end", ErrDamaged, min(size-12, maxFooter))
	}
	f, err := parquet.OpenFile(r, size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	want := schema[T](t)
	if !parquet.EqualNodes(f.Schema(), want) {
		return nil, fmt.Errorf("%w: its columns are not those of table %s", ErrDamaged, tableNames[t])
	}
	var rows int64
	for _, g := range f.Metadata().RowGroups {
		if g.NumRows < 0 || g.NumRows > rowGroup {
			return nil, fmt.Errorf("%w: row group of %d rows, want at most %d", ErrDamaged, g.NumRows, rowGroup)
		}
		rows += g.NumRows
		for _, c := range g.Columns {
			m := c.MetaData
			if m.NumValues != g.NumRows {
				return nil, fmt.Errorf("%w: column with %d values in a row group of %d", ErrDamaged, m.NumValues, g.NumRows)
			}
			if err := checkChunk(r, size, m); err != nil {
				return nil, fmt.Errorf("%w: column %s: %w", ErrDamaged, strings.Join(m.PathInSchema, "."), err)
			}
		}
	}
	if rows != f.NumRows() || rows > maxRows {
		return nil, fmt.Errorf("%w: %d rows in all, its row groups have %d", ErrDamaged, f.NumRows(), rows)
	}
	return &parquetReader[T]{GenericReader: parquet.NewGenericReader[T](f, want), want: rows}, nil
}

func (p *parquetReader[T]) read(batch []T) (n int, err error) {
	defer recovered(&err)
	n, err = p.Read(batch)
	p.rows += int64(n)
	switch {
	case err != nil && err != io.EOF:
		return n, fmt.Errorf("%w: %w", ErrDamaged, err)
	case p.rows > p.want, err == io.EOF && p.rows != p.want:
		return n, fmt.Errorf("%w: %d rows, want %d", ErrDamaged, p.rows, p.want)
	case err == nil && n == 0:
		return n, fmt.Errorf("%w: %w", ErrDamaged, io.ErrNoProgress)
	}
	return n, err
}

// Close lets go of the buffers; a panic of the library is of no interest by then.
func (p *parquetReader[T]) Close() {
	var err error
	defer recovered(&err)
	p.GenericReader.Close()
}

// recovered turns a panic into an error.
func recovered(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("%w: %v", ErrDamaged, r)
	}
}
