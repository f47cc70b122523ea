package live

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"coexist/sim/place"
)

// World is a place to run in, as the page fetches it: one file a place.
type World struct {
	Name  string // in the rows, the same as on the command line
	Place *place.Place
}

// NewWorld names a place as the command line does: a synthetic region by its settings.
func NewWorld(p *place.Place) World {
	if p.Synthetic {
		return World{p.Code, p}
	}
	return World{p.Name, p}
}

// file is a world on its way.
type file struct {
	Name  string
	Place json.RawMessage
}

// Write writes a world as JSON, without what the model does not need: of the practices nearest to
// each area, which served to make the lists, only the first.
func (w World) Write(out io.Writer) error {
	p := *w.Place
	p.NearPractices = make([][]place.Near, len(p.Areas))
	for i, near := range w.Place.NearPractices {
		p.NearPractices[i] = near[:min(len(near), 1)]
	}
	var b bytes.Buffer
	if err := p.WriteJSON(&b); err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(file{w.Name, b.Bytes()})
}

// ReadWorld reads what Write wrote and checks it.
func ReadWorld(in io.Reader) (World, error) {
	var f file
	if err := json.NewDecoder(in).Decode(&f); err != nil {
		return World{}, fmt.Errorf("place: %w", err)
	}
	p, err := place.ReadJSON(bytes.NewReader(f.Place))
	if err != nil {
		return World{}, err
	}
	return World{f.Name, p}, nil
}
