package plots

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"math"
	"time"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"codeberg.org/go-pdf/fpdf"
	stdfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// page is a vg.Canvas that writes PDF with real, searchable text in all of Unicode and with the
// parts of the fonts that it needs. It knows no rotation and no pictures, which figures don't use.
type page struct {
	doc    *fpdf.Fpdf
	height vg.Length
	width  vg.Length // of lines
	color  color.NRGBA
	saved  []page
}

// pdf writes the recorded drawing as one page.
func (f *Figure) pdf(c *canvas) ([]byte, error) {
	doc := fpdf.NewCustom(&fpdf.InitType{UnitStr: "pt", Size: fpdf.SizeType{Wd: c.width.Points(), Ht: c.height.Points()}})
	then := time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC) // same figure, same bytes
	doc.SetCreationDate(then)
	doc.SetModificationDate(then)
	doc.SetCatalogSort(true)
	doc.SetProducer("coexist", true)
	doc.SetTitle(f.Title, true)
	doc.SetSubject(f.Alt, true)
	doc.SetLang("en-GB")
	doc.SetMargins(0, 0, 0)
	doc.SetAutoPageBreak(false, 0)
	doc.AddUTF8FontFromBytes("sans", "", liberationsansregular.TTF)
	doc.AddUTF8FontFromBytes("sans", "B", liberationsansbold.TTF)
	doc.AddPage()
	doc.SetLineJoinStyle("round")
	p := &page{doc: doc, height: c.height}
	vg.Initialize(p)
	if err := c.ReplayOn(p); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := doc.Output(&b); err != nil {
		return nil, err
	}
	return squeeze(b.Bytes())
}

func (p *page) SetLineWidth(w vg.Length) {
	p.width = w
	p.doc.SetLineWidth(w.Points())
}

func (p *page) SetLineDash(pattern []vg.Length, offset vg.Length) {
	dashes := make([]float64, len(pattern))
	for i, d := range pattern {
		dashes[i] = d.Points()
	}
	p.doc.SetDashPattern(dashes, offset.Points())
}

// SetColor takes the colour apart into pure colour and opacity, which premultiplied values mix.
func (p *page) SetColor(c color.Color) {
	if c == nil {
		c = color.Black
	}
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	if n == p.color {
		return
	}
	p.color = n
	p.doc.SetFillColor(int(n.R), int(n.G), int(n.B))
	p.doc.SetDrawColor(int(n.R), int(n.G), int(n.B))
	p.doc.SetTextColor(int(n.R), int(n.G), int(n.B))
	p.doc.SetAlpha(float64(n.A)/255, "Normal")
}

func (p *page) Push() { p.saved = append(p.saved, *p) }

func (p *page) Pop() {
	last := p.saved[len(p.saved)-1]
	p.saved = p.saved[:len(p.saved)-1]
	p.SetColor(last.color)
	p.SetLineWidth(last.width)
}

// Rotate, Translate, Scale and DrawImage panic: figures never call them.
func (p *page) Rotate(float64)                      { panic("plots: rotated drawing") }
func (p *page) Translate(vg.Point)                  { panic("plots: moved drawing") }
func (p *page) Scale(x, y float64)                  { panic("plots: scaled drawing") }
func (p *page) DrawImage(vg.Rectangle, image.Image) { panic("plots: picture in a drawing") }

func (p *page) Stroke(path vg.Path) {
	if p.width > 0 {
		p.path(path, "S")
	}
}

func (p *page) Fill(path vg.Path) { p.path(path, "f") }

// path writes the operators itself, in the coordinates of a page, which start at the bottom as ours do.
func (p *page) path(path vg.Path, paint string) {
	var b bytes.Buffer
	at := func(pts ...vg.Point) {
		for _, pt := range pts {
			fmt.Fprintf(&b, "%s %s ", short(pt.X), short(pt.Y))
		}
	}
	for _, comp := range path {
		switch comp.Type {
		case vg.MoveComp:
			at(comp.Pos)
			b.WriteString("m ")
		case vg.LineComp:
			at(comp.Pos)
			b.WriteString("l ")
		case vg.CurveComp:
			if len(comp.Control) != 2 {
				panic("plots: curve without two control points")
			}
			at(comp.Control[0], comp.Control[1], comp.Pos)
			b.WriteString("c ")
		case vg.CloseComp:
			b.WriteString("h ")
		default:
			panic("plots: arc in a drawing")
		}
	}
	b.WriteString(paint + "\n")
	p.doc.RawWriteStr(b.String())
}

// short writes a length to 1/100 point.
func short(l vg.Length) string {
	v := math.Round(l.Points()*100) / 100
	return fmt.Sprintf("%g", v+0)
}

func (p *page) FillString(f font.Face, at vg.Point, text string) {
	weight := ""
	if f.Font.Weight == stdfont.WeightBold {
		weight = "B"
	}
	p.doc.SetFont("sans", weight, f.Font.Size.Points())
	p.doc.Text(at.X.Points(), (p.height - at.Y).Points(), text)
}
