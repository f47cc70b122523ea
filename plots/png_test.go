package plots

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/png"
	"testing"
)

// TestFewerColours: of a picture of few colours all pixels keep theirs; of one of many, each takes the nearest of
// the 256 that are left.
func TestFewerColours(t *testing.T) {
	few, many := image.NewRGBA(image.Rect(0, 0, 40, 30)), image.NewRGBA(image.Rect(0, 0, 64, 64))
	for i := range 40 * 30 {
		few.SetRGBA(i%40, i/40, color.RGBA{uint8(i % 7 * 30), uint8(i % 3 * 80), 9, 255})
	}
	for i := range 64 * 64 {
		many.SetRGBA(i%64, i/64, color.RGBA{uint8(i % 64 * 4), uint8(i / 64 * 4), 100, 255})
	}
	apart := func(a, b color.RGBA) int { // squared
		r, g, blue := int(a.R)-int(b.R), int(a.G)-int(b.G), int(a.B)-int(b.B)
		return r*r + g*g + blue*blue
	}
	for _, test := range []struct {
		full *image.RGBA
		kept int // pixels that keep their colour
	}{{few, 40 * 30}, {many, 256}} {
		got := fewer(test.full)
		if len(got.Palette) > 256 || got.Bounds() != test.full.Bounds() {
			t.Fatalf("%d colours in %v", len(got.Palette), got.Bounds())
		}
		kept := 0
		for y := range got.Rect.Dy() {
			for x := range got.Rect.Dx() {
				a, b := test.full.RGBAAt(x, y), color.RGBAModel.Convert(got.At(x, y)).(color.RGBA)
				for _, other := range got.Palette {
					if c := other.(color.RGBA); apart(a, c) < apart(a, b) {
						t.Fatalf("%v became %v, want %v, which is nearer", a, b, c)
					}
				}
				if a == b {
					kept++
				}
			}
		}
		if kept != test.kept {
			t.Errorf("%d pixels kept their colour, want %d", kept, test.kept)
		}
	}
}

// TestResolution: a picture for a report is 16 cm wide on paper.
func TestResolution(t *testing.T) {
	data, err := standardFigures(t)[0].png(standardFigures(t)[0].record(Report, Light))
	if err != nil {
		t.Fatal(err)
	}
	config, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(data, []byte("pHYs"))
	if at < 0 {
		t.Fatal("no resolution")
	}
	perMetre := float64(binary.BigEndian.Uint32(data[at+4:]))
	if got := float64(config.Width) / perMetre; got < 0.1595 || got > 0.1605 {
		t.Errorf("%.4f m wide, want 0.16", got)
	}
}
