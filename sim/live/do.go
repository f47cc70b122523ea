package live

import "context"

// What the page may ask for.
const (
	askMap   = "map"   // the place with its people, before anything runs
	askRun   = "run"   // a run with a map, or several with series
	askCheck = "check" // the check of challenges against the status quo
	askTOML  = "toml"  // the scenario file, of kind "toml"
	askCSV   = "csv"   // the table of outcomes, in pieces of kind "csv"
)

// Do does what the page asks for and hands out the answers.
func Do(ctx context.Context, what string, s Settings, w World, out Sink) error {
	switch what {
	case askMap:
		return preview(s, w, out)
	case askRun:
		return run(ctx, s, w, out)
	case askCheck:
		return check(ctx, s, w, out)
	case askTOML:
		if err := s.check(); err != nil {
			return err
		}
		text, err := s.toml(w.Place)
		if err != nil {
			return err
		}
		return out("toml", File{string(text), s.command(w.Place)})
	case askCSV:
		p := &pieces{out: out}
		if err := outcomes(ctx, s, w, p); err != nil {
			return err
		}
		return p.flush()
	}
	return fault("ask", "there is no %q", clip(what))
}

// Asks lists what the page may ask for.
var Asks = []string{askMap, askRun, askCheck, askTOML, askCSV}

// File is a scenario file with the command that runs it.
type File struct {
	Text    string `json:"text"`
	Command string `json:"command"`
}

// pieces hands out text in pieces.
type pieces struct {
	out  Sink
	held []byte
}

// pieceSize is about how long a piece is, in bytes.
const pieceSize = 64 << 10

// Write takes whole lines.
func (p *pieces) Write(b []byte) (int, error) {
	p.held = append(p.held, b...)
	if len(p.held) >= pieceSize {
		return len(b), p.flush()
	}
	return len(b), nil
}

// flush hands out what is held.
func (p *pieces) flush() error {
	if len(p.held) == 0 {
		return nil
	}
	err := p.out("csv", string(p.held))
	p.held = p.held[:0]
	return err
}
