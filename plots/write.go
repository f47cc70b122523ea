package plots

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"html"
	"strings"

	"gonum.org/v1/plot/vg/vgsvg"
)

// Files returns the figure in every format, by the ending of its file: svg, png, pdf, csv (the numbers) and
// json (the words). The same figure gives the same bytes.
func (f *Figure) Files(size Size, theme Theme) (map[string][]byte, error) {
	c := f.record(size, theme)
	files := map[string][]byte{}
	for _, format := range []struct {
		ending string
		write  func(*canvas) ([]byte, error)
	}{
		{"svg", f.svg}, {"png", f.png}, {"pdf", f.pdf},
		{"csv", func(*canvas) ([]byte, error) { return f.csv() }},
		{"json", f.json},
	} {
		data, err := format.write(c)
		if err != nil {
			return nil, fmt.Errorf("figure %s as %s: %w", f.Name, format.ending, err)
		}
		files[format.ending] = data
	}
	return files, nil
}

// family replaces the one font that gonum names: where it is missing, a font of the same width
// is taken rather than any.
const family = "'Liberation Sans',Arimo,Arial,Helvetica,sans-serif"

// svg writes text as text, without fonts, with a title and a description for screen readers. Their
// ids hold the name of the figure, so that a page may have several figures in it.
func (f *Figure) svg(c *canvas) ([]byte, error) {
	v := vgsvg.New(c.width, c.height)
	if err := c.ReplayOn(v); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if _, err := v.WriteTo(&b); err != nil {
		return nil, err
	}
	text := b.String()
	start := strings.Index(text, "<svg ")
	end := start + strings.Index(text[start:], ">") + 1
	head := strings.Replace(text[start:end], "<svg ", `<svg role="img" lang="en-GB" aria-labelledby="title-`+f.Name+` desc-`+f.Name+`" `, 1)
	head = strings.Replace(head, "\n\txmlns:xlink=\"http://www.w3.org/1999/xlink\"", "", 1)
	rest := strings.NewReplacer("font-family:Liberation Sans;font-variant:normal;", "font-family:"+family+";", ";font-style:normal", "").Replace(text[end:])
	return []byte(fmt.Sprintf("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n%s\n<title id=\"title-%s\">%s</title>\n<desc id=\"desc-%s\">%s</desc>%s",
		head, f.Name, html.EscapeString(f.Title), f.Name, html.EscapeString(f.Alt), rest)), nil
}

func (f *Figure) csv() ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	err := w.WriteAll(f.Table)
	return b.Bytes(), err
}

func (f *Figure) json(c *canvas) ([]byte, error) {
	data, err := json.MarshalIndent(struct {
		Name     string `json:"name"`
		Title    string `json:"title"`
		Subtitle string `json:"subtitle"`
		Source   string `json:"source"`
		Alt      string `json:"alt"`
		Command  string `json:"command"`
		Size     string `json:"size"`
		Theme    string `json:"theme"`
		More     bool   `json:"allow_more,omitempty"`
	}{f.Name, f.Title, f.Subtitle, f.Source, f.Alt, f.Command, c.size.Name, c.theme.Name, c.theme.more}, "", "  ")
	return append(data, '\n'), err
}
