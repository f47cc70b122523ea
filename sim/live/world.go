package live

import (
	"io"

	"coexist/sim/place"
)

// World is a place to run in.
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

// ReadWorld reads a place that place.England.Pack wrote, as the static page fetches it, and checks it.
func ReadWorld(in io.Reader) (World, error) {
	p, err := place.Unpack(in)
	if err != nil {
		return World{}, err
	}
	return NewWorld(p), nil
}
