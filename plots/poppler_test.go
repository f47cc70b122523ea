package plots

import (
	"bytes"
	"image"
	"image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// poppler skips where the tools that read PDF are missing; CI installs them.
func poppler(t *testing.T) {
	t.Helper()
	for _, tool := range []string{"pdftoppm", "pdftotext"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not here", tool)
		}
	}
}

// TestPDFLooksLikeThePNG renders every figure's PDF with poppler and compares it with the PNG of
// the same drawing, as a reader would: blurred by a box, which forgives the two ways to smooth an
// edge and nothing that is missing, moved or of another colour.
func TestPDFLooksLikeThePNG(t *testing.T) {
	poppler(t)
	for _, f := range standardFigures(t) {
		size := Report
		size.DPI = 144
		c := f.record(size, Light)
		picture, err := f.png(c)
		if err != nil {
			t.Fatal(err)
		}
		want, err := png.Decode(bytes.NewReader(picture))
		if err != nil {
			t.Fatal(err)
		}
		name := writePDF(t, f, c)
		if out, err := exec.Command("pdftoppm", "-r", "144", "-png", "-singlefile", name, strings.TrimSuffix(name, ".pdf")).CombinedOutput(); err != nil {
			t.Fatalf("pdftoppm: %v: %s", err, out)
		}
		rendered, err := os.ReadFile(strings.TrimSuffix(name, ".pdf") + ".png")
		if err != nil {
			t.Fatal(err)
		}
		got, err := png.Decode(bytes.NewReader(rendered))
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		if most, where := furthest(got, want, 16); most > 40 {
			t.Errorf("%s: the PDF differs from the PNG by %.0f of 255 at %v", f.Name, most, where)
		}
	}
}

// writePDF writes the drawing to a file of the test.
func writePDF(t *testing.T, f *Figure, c *canvas) string {
	t.Helper()
	data, err := f.pdf(c)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), f.Name+".pdf")
	if err := os.WriteFile(name, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

// furthest returns the largest difference of the mean colour of any box of the given side, in
// 1/255, and where it is. Pictures of other sizes differ by 255.
func furthest(a, b image.Image, side int) (most float64, where image.Point) {
	size := a.Bounds().Size()
	if d := size.Sub(b.Bounds().Size()); d.X > 1 || d.X < -1 || d.Y > 1 || d.Y < -1 {
		return 255, size
	}
	for y := 0; y+side < min(size.Y, b.Bounds().Dy()); y += side {
		for x := 0; x+side < min(size.X, b.Bounds().Dx()); x += side {
			var sums [3]float64
			for dy := range side {
				for dx := range side {
					r0, g0, b0, _ := a.At(x+dx, y+dy).RGBA()
					r1, g1, b1, _ := b.At(x+dx, y+dy).RGBA()
					for i, d := range [3]float64{float64(r0) - float64(r1), float64(g0) - float64(g1), float64(b0) - float64(b1)} {
						sums[i] += d / 257
					}
				}
			}
			for _, s := range sums {
				if d := math.Abs(s) / float64(side*side); d > most {
					most, where = d, image.Pt(x, y)
				}
			}
		}
	}
	return most, where
}

// TestPDFTextIsTheTextDrawn extracts the text of every figure with poppler: the same words as drawn.
func TestPDFTextIsTheTextDrawn(t *testing.T) {
	poppler(t)
	words := func(texts []string) map[string]int {
		n := map[string]int{}
		for _, w := range strings.Fields(strings.ReplaceAll(strings.Join(texts, " "), "\u00a0", " ")) {
			n[w]++
		}
		return n
	}
	for _, f := range standardFigures(t) {
		c := f.record(Report, Light)
		out, err := exec.Command("pdftotext", "-raw", writePDF(t, f, c), "-").Output()
		if err != nil {
			t.Fatal(err)
		}
		got, want := words([]string{string(out)}), words(drawnText(c))
		for w, n := range want {
			if got[w] != n && !strings.HasSuffix(w, "-") {
				t.Errorf("%s: %q is %d times in the PDF, want %d", f.Name, w, got[w], n)
			}
		}
		for w, n := range got {
			if want[w] == 0 {
				t.Errorf("%s: %s is in the PDF %d times and was not drawn", f.Name, strconv.Quote(w), n)
			}
		}
	}
}
