package plots

import (
	"bytes"
	"compress/zlib"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"image/color"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"gonum.org/v1/plot/vg"
)

// drawnText is all text of a recorded drawing, in order.
func drawnText(c *canvas) []string {
	var all []string
	texts, _ := readBack(c)
	for _, t := range texts {
		all = append(all, t.text)
	}
	return all
}

// TestTextIsText reads the text of SVG and PDF back and compares it with what was drawn.
func TestTextIsText(t *testing.T) {
	for _, f := range standardFigures(t) {
		c := f.record(Report, Light)
		want := drawnText(c)
		svg, err := f.svg(c)
		if err != nil {
			t.Fatal(err)
		}
		if got := svgText(t, svg); !slices.Equal(got, want) {
			t.Errorf("%s.svg: got %q, want %q", f.Name, got, want)
		}
		pdf, err := f.pdf(c)
		if err != nil {
			t.Fatal(err)
		}
		if got := pdfText(t, pdf); !slices.Equal(got, want) {
			t.Errorf("%s.pdf: got %q, want %q", f.Name, got, want)
		}
	}
}

// svgText parses the file and returns its text elements; it checks title, description and fonts.
func svgText(t *testing.T, svg []byte) (all []string) {
	t.Helper()
	for _, part := range []string{`role="img"`, `<title id="title-`, `<desc id="desc-`, family} {
		if !bytes.Contains(svg, []byte(part)) {
			t.Errorf("svg without %s", part)
		}
	}
	if bytes.Contains(svg, []byte("@font-face")) || bytes.Contains(svg, []byte("font-family:Liberation")) {
		t.Error("svg with a font of its own or without fallbacks")
	}
	d := xml.NewDecoder(bytes.NewReader(svg))
	inside := false
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			inside = e.Name.Local == "text"
		case xml.EndElement:
			inside = false
		case xml.CharData:
			if inside {
				all = append(all, string(e))
			}
		}
	}
}

var shown = regexp.MustCompile(`(?s)Td \(((?:\\.|[^\\)])*)\) Tj`)

// pdfText unpacks the page and decodes the strings that it shows.
func pdfText(t *testing.T, pdf []byte) (all []string) {
	t.Helper()
	_, rest, _ := bytes.Cut(pdf, []byte("stream\n"))
	r, err := zlib.NewReader(bytes.NewReader(rest))
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	unescape := strings.NewReplacer(`\\`, `\`, `\(`, `(`, `\)`, `)`, `\r`, "\r")
	for _, m := range shown.FindAllSubmatch(page, -1) {
		raw := []byte(unescape.Replace(string(m[1])))
		var units []uint16
		for i := 0; i+1 < len(raw); i += 2 {
			units = append(units, uint16(raw[i])<<8|uint16(raw[i+1]))
		}
		all = append(all, string(utf16.Decode(units)))
	}
	return all
}

// awkward is a figure with what gonum's own PDF garbles: bold, signs beyond ASCII, and colour
// that one sees through.
func awkward() *Figure {
	f := &Figure{Name: "awkward", Title: "£1,200 – “Größe” ≥ −5 (50%)\\", Source: "Source: coexist. Simulated, not observed.", Alt: "A <test> & nothing else."}
	f.draw = func(c *canvas, body vg.Rectangle) {
		c.box(body, fade(darkBlue, 0.5))
		c.disc(vg.Point{X: body.Min.X + 40, Y: body.Max.Y - 40}, 20, orange, true)
		c.line(body.Min, body.Max, 2, turquoise, 4, 2)
	}
	return f
}

func TestPDFKeepsSignsAndColours(t *testing.T) {
	f := awkward()
	files, err := f.Files(Report, Light)
	if err != nil {
		t.Fatal(err)
	}
	if got := pdfText(t, files["pdf"]); got[0] != f.Title {
		t.Errorf("got %q, want %q", got[0], f.Title)
	}
	poppler(t)
	name := filepath.Join(t.TempDir(), "awkward.pdf")
	if err := os.WriteFile(name, files["pdf"], 0o644); err != nil {
		t.Fatal(err)
	}
	text, err := exec.Command("pdftotext", name, "-").Output()
	if err != nil || !strings.Contains(string(text), f.Title) {
		t.Errorf("pdftotext: %v, got %q, want %q", err, text, f.Title)
	}
	ppm, err := exec.Command("pdftoppm", "-r", "72", "-singlefile", name).Output()
	if err != nil {
		t.Fatal(err)
	}
	middle := ppm[len(ppm)-3*(453*312)+3*(150*453+200):][:3] // in the half-clear box
	want := over(fade(darkBlue, 0.5), white)
	got := color.NRGBA{R: middle[0], G: middle[1], B: middle[2], A: 255}
	for _, d := range []int{int(got.R) - int(want.R), int(got.G) - int(want.G), int(got.B) - int(want.B)} {
		if d > 3 || d < -3 {
			t.Errorf("half-clear blue is %s in the PDF, want %s", hex(got), hex(want))
			break
		}
	}
}

func TestSqueezeRefusesOtherFiles(t *testing.T) {
	for _, file := range []string{"", "%PDF-1.4", "%PDF-1.4\n1 0 obj\nendobj\nxref\n0 1\n"} {
		if _, err := squeeze([]byte(file)); err == nil {
			t.Errorf("squeeze(%q): no error", file)
		}
	}
}

func TestDataAndWords(t *testing.T) {
	for _, f := range standardFigures(t) {
		files, err := f.Files(coarse, plain)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(bytes.NewReader(files["csv"])).ReadAll()
		if err != nil || len(rows) != len(f.Table) {
			t.Errorf("%s.csv: %d rows, want %d (%v)", f.Name, len(rows), len(f.Table), err)
		}
		var words struct{ Title, Subtitle, Source, Alt, Command, Theme string }
		if err := json.Unmarshal(files["json"], &words); err != nil {
			t.Fatal(err)
		}
		if words.Title != f.Title || words.Subtitle != f.Subtitle || words.Source != f.Source || words.Alt != f.Alt || words.Command != f.Command || words.Theme != "plain" {
			t.Errorf("%s.json: got %+v", f.Name, words)
		}
	}
}
