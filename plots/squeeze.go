package plots

import (
	"bytes"
	"cmp"
	"compress/zlib"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
)

// fpdf compresses for speed, which makes maps a third larger than they need be; squeeze packs the
// streams of its files again, as small as zlib can, and writes the table of objects anew.

var (
	crossTable = regexp.MustCompile(`(?s)xref\n0 (\d+)\n(.*)(trailer\n.*)startxref\n(\d+)\n%%EOF\n?$`)
	streamSize = regexp.MustCompile(`/Length (\d+)`)
)

// squeeze returns the file with smaller streams. It knows the one layout that fpdf writes and
// returns an error for any other.
func squeeze(file []byte) ([]byte, error) {
	start := bytes.LastIndex(file, []byte("\nxref\n")) + 1
	table := crossTable.FindSubmatch(file[start:])
	if start == 0 || table == nil {
		return nil, fmt.Errorf("pdf: no table of objects at the end of %d bytes", len(file))
	}
	type object struct{ id, at int }
	var objects []object
	for id, line := range bytes.Split(bytes.TrimSpace(table[2]), []byte("\n")) {
		at, err := strconv.Atoi(string(line[:10]))
		if err != nil {
			return nil, fmt.Errorf("pdf: object %d: %w", id, err)
		}
		if id > 0 {
			objects = append(objects, object{id, at})
		}
	}
	slices.SortFunc(objects, func(a, b object) int { return cmp.Compare(a.at, b.at) })
	var out bytes.Buffer
	out.Write(file[:objects[0].at])
	moved := make([]int, len(objects)+1)
	for i, o := range objects {
		end := start
		if i+1 < len(objects) {
			end = objects[i+1].at
		}
		body, err := squeezeObject(file[o.at:end])
		if err != nil {
			return nil, fmt.Errorf("pdf: object %d: %w", o.id, err)
		}
		moved[o.id] = out.Len()
		out.Write(body)
	}
	start = out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(moved))
	for _, at := range moved[1:] {
		fmt.Fprintf(&out, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&out, "%sstartxref\n%d\n%%%%EOF\n", table[3], start)
	return out.Bytes(), nil
}

// squeezeObject packs the stream of one object, if it has a packed one.
func squeezeObject(object []byte) ([]byte, error) {
	head, rest, ok := bytes.Cut(object, []byte("stream\n"))
	size := streamSize.FindSubmatchIndex(head)
	if !ok || size == nil || !bytes.Contains(head, []byte("/FlateDecode")) {
		return object, nil
	}
	n, err := strconv.Atoi(string(head[size[2]:size[3]]))
	if err != nil || n > len(rest) {
		return nil, fmt.Errorf("stream of %s bytes in %d", head[size[2]:size[3]], len(rest))
	}
	r, err := zlib.NewReader(bytes.NewReader(rest[:n]))
	if err != nil {
		return nil, err
	}
	var packed bytes.Buffer
	w, err := zlib.NewWriterLevel(&packed, zlib.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := io.Copy(w, r); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	if packed.Len() >= n {
		return object, nil
	}
	return slices.Concat(head[:size[2]], []byte(strconv.Itoa(packed.Len())), head[size[3]:], []byte("stream\n"), packed.Bytes(), rest[n:]), nil
}
