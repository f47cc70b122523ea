package plots

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"math"
	"slices"

	"gonum.org/v1/plot/vg/vgimg"
)

// png writes the recorded drawing as a picture of as many colours as a byte can name, which takes a third
// of the time and of the bytes of full colour, and with its resolution, so that it has its size in print.
func (f *Figure) png(c *canvas) ([]byte, error) {
	v := vgimg.NewWith(vgimg.UseWH(c.width, c.height), vgimg.UseDPI(c.size.DPI))
	if err := c.ReplayOn(v); err != nil {
		return nil, err
	}
	picture := v.Image()
	if full, ok := picture.(*image.RGBA); ok {
		picture = fewer(full)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		return nil, err
	}
	return withResolution(b.Bytes(), c.size.DPI), nil
}

// fewer returns the opaque picture in its 256 most frequent colours; others, which are shades at the edges
// of letters and lines, take the nearest of those.
func fewer(full *image.RGBA) *image.Paletted {
	pixel := func(i int) uint32 { return binary.BigEndian.Uint32(full.Pix[i:]) >> 8 }
	size := full.Rect.Size()
	times := map[uint32]int{}
	eachRun(full, size, pixel, func(_, n int, c uint32) { times[c] += n })
	colours := make([]uint32, 0, len(times))
	for c := range times {
		colours = append(colours, c)
	}
	slices.SortFunc(colours, func(a, b uint32) int { return cmp.Or(cmp.Compare(times[b], times[a]), cmp.Compare(a, b)) })
	named := colours[:min(256, len(colours))]
	out := image.NewPaletted(image.Rect(0, 0, size.X, size.Y), nil)
	index := map[uint32]uint8{}
	for i, c := range named {
		out.Palette = append(out.Palette, color.RGBA{R: uint8(c >> 16), G: uint8(c >> 8), B: uint8(c), A: 255})
		index[c] = uint8(i)
	}
	for _, c := range colours[len(named):] {
		best, far := 0, math.MaxInt
		for i, d := range named {
			if x := apartness(c, d); x < far {
				best, far = i, x
			}
		}
		index[c] = uint8(best)
	}
	eachRun(full, size, pixel, func(at, n int, c uint32) {
		i := index[c]
		for k := at; k < at+n; k++ {
			out.Pix[k] = i
		}
	})
	return out
}

// eachRun calls f with each run of pixels of the same colour in a line: the first, counted from the upper
// left of the picture, how many, and the colour.
func eachRun(full *image.RGBA, size image.Point, pixel func(i int) uint32, f func(at, n int, c uint32)) {
	for y := range size.Y {
		line := y * full.Stride
		for x := 0; x < size.X; {
			c, n := pixel(line+4*x), 1
			for x+n < size.X && pixel(line+4*(x+n)) == c {
				n++
			}
			f(y*size.X+x, n, c)
			x += n
		}
	}
}

// apartness is the squared distance of two colours.
func apartness(a, b uint32) int {
	sum := 0
	for shift := 0; shift < 24; shift += 8 {
		d := int(a>>shift&255) - int(b>>shift&255)
		sum += d * d
	}
	return sum
}

// withResolution adds the chunk that says how many pixels a metre has, behind the header.
func withResolution(file []byte, dpi int) []byte {
	const header = 8 + 25 // signature and IHDR
	chunk := []byte("\x00\x00\x00\x09pHYs")
	perMetre := uint32(math.Round(float64(dpi) / 0.0254))
	chunk = binary.BigEndian.AppendUint32(chunk, perMetre)
	chunk = binary.BigEndian.AppendUint32(chunk, perMetre)
	chunk = append(chunk, 1) // of metres
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:]))
	return slices.Concat(file[:header], chunk, file[header:])
}
