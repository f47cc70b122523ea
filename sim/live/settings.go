package live

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"coexist/configs"
	"coexist/sim/place"
)

// Limits of what the page may ask for: a run stays within seconds and some tens of megabytes.
const (
	minPeople, MaxPeople = 500, 20_000
	minYears, maxYears   = 1, 20
	maxRuns              = 10
	maxSeed              = 1<<31 - 1
	MaxSettings          = 8 << 10 // bytes of settings as JSON
)

// Settings are what a student has chosen. The same settings give the same numbers wherever they run.
type Settings struct {
	Place    string            `json:"place"`    // as --place takes it
	System   string            `json:"system"`   // name of a built-in scenario
	Controls map[string]string `json:"controls"` // control to option; what is absent stays as in the system
	People   int               `json:"people"`   // simulated people, about
	Years    int               `json:"years"`
	Seed     int64             `json:"seed"` // of run 1; run r has seed + r - 1
	Runs     int               `json:"runs"`
}

// Fault is something wrong with settings, in words for the page.
type Fault struct {
	Field string // of Settings, or a control
	Text  string
}

func (f *Fault) Error() string { return f.Field + ": " + f.Text }

// ErrSettings is matched by every error about settings.
var ErrSettings = errors.New("settings")

// Is reports that a Fault is about settings.
func (f *Fault) Is(target error) bool { return target == ErrSettings }

func fault(field, format string, args ...any) error {
	return &Fault{field, fmt.Sprintf(format, args...)}
}

// Parse reads settings from JSON and checks them; the error holds every fault.
func Parse(text []byte) (Settings, error) {
	var s Settings
	if len(text) > MaxSettings {
		return s, fault("settings", "%d bytes, want at most %d", len(text), MaxSettings)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return s, fault("settings", "cannot be read: %v", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return s, fault("settings", "more after the object, want its end")
	}
	return s, s.check()
}

// check returns all that is wrong with settings.
func (s Settings) check() error {
	var faults []error
	within := func(field string, got, low, high int64) {
		if got < low || got > high {
			faults = append(faults, fault(field, "%d, want %d to %d", got, low, high))
		}
	}
	within("people", int64(s.People), minPeople, MaxPeople)
	within("seed", s.Seed, 0, maxSeed)
	within("runs", int64(s.Runs), 1, maxRuns)
	if n := len(s.Place); n == 0 || n > 200 {
		faults = append(faults, fault("place", "%d letters, want 1 to 200", n))
	}
	if _, err := s.config(); err != nil {
		faults = append(faults, err)
	}
	return errors.Join(faults...)
}

// systems are the built-in scenarios as read, by name.
var systems = sync.OnceValue(func() map[string]configs.Config {
	m := map[string]configs.Config{}
	for _, info := range configs.Builtin() {
		c, err := configs.Read(info.Name, configs.Options{})
		if err != nil {
			panic("live: built-in " + err.Error()) // the tests of configs rule it out
		}
		m[info.Name] = c
	}
	return m
})

// config is the scenario that settings mean: the system of the debate with what the controls change.
func (s Settings) config() (configs.Config, error) {
	base, ok := systems()[s.System]
	if !ok {
		return configs.Config{}, fault("system", "there is no system %q", clip(s.System))
	}
	var faults []error
	c := base
	if s.Years < minYears || s.Years > maxYears {
		faults = append(faults, fault("years", "%d, want %d to %d", s.Years, minYears, maxYears))
	} else if with, err := base.With("time.years=" + strconv.Itoa(s.Years)); err != nil {
		faults = append(faults, fault("years", "%v", err))
	} else {
		c = with
	}
	for _, id := range s.moved() {
		k := slices.IndexFunc(controls, func(x control) bool { return x.ID == id })
		if k < 0 {
			faults = append(faults, fault(clip(id), "there is no such control"))
			continue
		}
		changed, err := controls[k].apply(c, s.Controls[id])
		if err != nil {
			faults = append(faults, err)
			continue
		}
		c = changed
	}
	return c, errors.Join(faults...)
}

// moved lists the controls that were moved, in the order of the page and then by name.
func (s Settings) moved() []string {
	var list []string
	for _, k := range controls {
		if _, ok := s.Controls[k.ID]; ok {
			list = append(list, k.ID)
		}
	}
	var unknown []string
	for id := range s.Controls {
		if !slices.Contains(list, id) {
			unknown = append(unknown, id)
		}
	}
	slices.Sort(unknown)
	return append(list, unknown...)
}

// sample is the share of a place's residents that makes the number of people, with four digits, so
// that it can be typed.
func (s Settings) sample(p *place.Place) float64 {
	residents := 0
	for i := range p.Areas {
		residents += int(p.Areas[i].Residents)
	}
	share, err := strconv.ParseFloat(strconv.FormatFloat(float64(s.People)/float64(max(residents, 1)), 'g', 4, 64), 64)
	if err != nil || math.IsNaN(share) {
		return 1
	}
	return min(share, 1)
}

// toml is the scenario file that the command line runs to the same numbers: what it extends and what
// differs from that, with the command in its first lines.
func (s Settings) toml(p *place.Place) ([]byte, error) {
	c, err := s.config()
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	name := c.Name
	fmt.Fprintf(&b, "# %s, as set on the students' page. The same numbers, by the command line:\n#\n", c.Title)
	fmt.Fprintf(&b, "#   %s\n#\n", s.command(p))
	fmt.Fprintf(&b, "# They are in data/outcomes.csv of the folder that it writes.\n")
	fmt.Fprintf(&b, "extends = %q\nname = %q\ntitle = %q\nabout = %q\n", s.System, name, c.Title, c.About)
	base := systems()[s.System]
	if !slices.Equal(base.Contracts, c.Contracts) {
		b.WriteString("\ncontract = [\n")
		for _, k := range c.Contracts {
			fmt.Fprintf(&b, "  { payer = %q, payee = %q, service = %q, kind = %q, price = %s },\n", k.Payer, k.Payee, k.Service, k.Kind, number(k.Price))
		}
		b.WriteString("]\n")
	}
	section := ""
	for _, d := range differences(base, c) {
		before, leaf, _ := strings.Cut(d.key, ".")
		if before != section {
			section = before
			fmt.Fprintf(&b, "\n[%s]\n", section)
		}
		fmt.Fprintf(&b, "%s = %s\n", leaf, d.value)
	}
	return []byte(b.String()), nil
}

// command is what runs the scenario file to the same numbers.
func (s Settings) command(p *place.Place) string {
	return fmt.Sprintf("coexist run ./%s.toml --place %s --sample %s --seed %d --runs %d", s.System, quoted(s.Place),
		strconv.FormatFloat(s.sample(p), 'g', -1, 64), s.Seed, s.Runs)
}

// quoted is a place as a shell takes it.
func quoted(s string) string {
	if strings.ContainsAny(s, " '&,()") {
		return `"` + s + `"`
	}
	return s
}

// number writes a number so that TOML reads it as one with a point.
func number(x float64) string {
	text := strconv.FormatFloat(x, 'g', -1, 64)
	if !strings.ContainsAny(text, ".e") {
		text += ".0"
	}
	return text
}

func clip(s string) string {
	if len(s) > 40 {
		return s[:40] + "..."
	}
	return s
}
