package live

import (
	"context"
	"encoding/binary"
	"math"

	"coexist/configs"
	"coexist/sim"
	"coexist/sim/place"
	"coexist/sim/tables"
)

// Frame is a run at the end of a quarter; the first, of quarter 0, is the start.
type Frame struct {
	Quarter   int                           `json:"quarter"`
	Values    map[string]map[string]float64 `json:"values,omitempty"` // by group, by measure: what was reported in the quarter
	Dots      []byte                        `json:"dots"`             // six bytes a person, see dotBytes
	Operators []Operator                    `json:"operators"`
	Practices []Load                        `json:"practices"`
	Hospitals []Load                        `json:"hospitals"`
	Flights   []Flight                      `json:"flights"`
	Steps     []Told                        `json:"steps"`  // of the people whose stories are told
	Where     []int                         `json:"where"`  // by story: index of the dot, -1 once they have died
	Events    []string                      `json:"events"` // of the market, in words
}

// dotBytes are the bytes of a dot: x and y, 16 bits each, low byte first, as shares of the width and
// height of the map in 1/65535; operator, 255 for none; and state: bit 0 waits, bit 1 is in hospital.
const dotBytes = 6

// noOperator is the operator of a dot that has none.
const noOperator = 255

// Operator is who a colour stands for: a system, a family of groups, or a trust.
type Operator struct {
	Name   string `json:"name"`
	Open   bool   `json:"open"`
	People int    `json:"people"` // dots of its colour
}

// Load is how busy a practice or a hospital is.
type Load struct {
	Load  float64 `json:"load"`  // demand over appointments; share of beds in use
	Delay float64 `json:"delay"` // days to an appointment; weeks to a clinic
	Owner int     `json:"owner"` // operator, 255 for none
}

// Flight is a referral: from home through the practice to a hospital.
type Flight struct {
	X        int  `json:"x"` // home, in 1/65535
	Y        int  `json:"y"`
	Practice int  `json:"practice"`
	Hospital int  `json:"hospital"`
	Operator int  `json:"operator"`
	Lost     bool `json:"lost,omitempty"` // the handover failed
}

// maxFlights is how many referrals of a quarter a frame shows.
const maxFlights = 120

// watchedPeople is how many people are watched for flights and colours at most.
const watchedPeople = 6000

// runner makes frames of a run.
type runner struct {
	m        *sim.Model
	place    *place.Place
	cfg      configs.Config
	homes    *homes
	watch    *sim.Watch
	stories  []int          // index in the watch of each story
	storyOf  map[int]int    // and back
	last     map[uint32]int // operator that last cared for the person at an address, where nobody enrols
	dots     []sim.Dot      // of the last frame
	runs     []sim.Seen     // those who run services, of this week
	index    map[uint32]int // index of the dot at an address
	steps    []Told         // since the last frame
	flights  []Flight       // since the last frame
	kind     string         // what operators are: system, group or trust
	families int            // groups a specialty
}

// frames runs settings once with a map.
func (s Settings) frames(ctx context.Context, w World, out Sink) (events int64, err error) {
	c, err := s.config()
	if err != nil {
		return 0, err
	}
	r := &runner{place: w.Place, cfg: c, last: map[uint32]int{}, storyOf: map[int]int{}}
	begun := func(m *sim.Model) (func() error, error) {
		r.m = m
		start, err := r.begin(s, w)
		if err != nil {
			return nil, err
		}
		if err := out("start", start); err != nil {
			return nil, err
		}
		return r.step, out("frame", r.now(0, tables.Batch{}))
	}
	quarter := 0
	err = s.simulate(ctx, w, begun, func(b tables.Batch) error {
		quarter++
		return out("frame", r.now(quarter, b))
	})
	if err != nil {
		return 0, err
	}
	return r.m.Events(), nil
}

// Before is a place with its people before anything runs.
type Before struct {
	Map    Map    `json:"map"`
	Dots   []byte `json:"dots"` // as of a Frame; nobody has an operator
	People int    `json:"people"`
	TOML   string `json:"toml"`
}

// preview hands out a place with the people who would live in it, of kind "map".
func preview(s Settings, w World, out Sink) error {
	if err := s.check(); err != nil {
		return err
	}
	c, err := s.config()
	if err != nil {
		return err
	}
	m, err := sim.New(sim.Settings{Place: w.Place, Config: sim.WarmUp(c), Seed: s.Seed, Sample: s.sample(w.Place), Workers: 1})
	if err != nil {
		return err
	}
	drawn, edges := mapOf(w.Place)
	b := Before{Map: drawn}
	homes := newHomes(w.Place, edges)
	for _, d := range m.Dots(nil) {
		x, y := homes.of(d.ID, d.Area)
		b.Dots = appendDot(b.Dots, x, y, noOperator, 0)
		b.People++
	}
	toml, err := s.toml(w.Place)
	if err != nil {
		return err
	}
	b.TOML = string(toml)
	return out("map", b)
}

// appendDot appends the bytes of a dot.
func appendDot(dst []byte, x, y, operator int, state byte) []byte {
	dst = binary.LittleEndian.AppendUint16(dst, uint16(x))
	dst = binary.LittleEndian.AppendUint16(dst, uint16(y))
	return append(dst, byte(min(operator, noOperator)), state)
}

// begin draws up the map and picks who is watched.
func (r *runner) begin(s Settings, w World) (Start, error) {
	toml, err := s.toml(w.Place)
	if err != nil {
		return Start{}, err
	}
	start := Start{Place: w.Place.Name, System: r.cfg.Title, About: r.cfg.About, People: int(r.m.Start()), Sample: s.sample(w.Place),
		Years: s.Years, Seed: s.Seed, TOML: string(toml), Command: s.command(w.Place)}
	var edges frameOf
	start.Map, edges = mapOf(w.Place)
	r.homes = newHomes(w.Place, edges)
	switch {
	case len(r.m.Systems()) > 0:
		r.kind = "system"
	case r.cfg.Regime.Systems == "groups":
		r.kind = "group"
		for _, o := range r.m.Providers() {
			if o.Kind == "group" && o.Line == 0 {
				r.families++
			}
		}
	default:
		r.kind = "trust"
	}
	start.Operator = r.kind
	r.dots = r.m.Dots(r.dots[:0])
	var watch []uint32
	every := len(r.dots)/watchedPeople + 1
	for i := 0; i < len(r.dots); i += every {
		watch = append(watch, r.dots[i].Slot)
	}
	r.watch = r.m.Watch(watch)
	start.Stories = r.pickStories()
	return start, nil
}

// step steps a week and keeps what is shown of it.
func (r *runner) step() error {
	steps, err := r.watch.Step()
	if err != nil {
		return err
	}
	r.runs = r.m.Providers()
	lost := -1
	for k := len(steps) - 1; k >= 0; k-- { // losses come after the referral of the same week
		if t := &steps[k]; t.Kind == sim.StepLost {
			lost = t.Who
		} else if t.Kind == sim.StepReferred {
			r.fly(t, lost == t.Who)
		}
	}
	r.tell(steps)
	return nil
}

// fly keeps a referral.
func (r *runner) fly(t *sim.PathStep, lost bool) {
	address, ok := r.watch.Address(t.Who)
	if !ok {
		return
	}
	p, ok := r.m.Person(address)
	if !ok {
		return
	}
	provider, site, _ := r.m.Service(t.At)
	op := r.operatorOf(provider)
	r.last[address] = op
	if p.System != sim.None {
		op = int(p.System)
	}
	x, y := r.homes.of(p.ID, p.Area)
	r.flights = append(r.flights, Flight{X: x, Y: y, Practice: int(p.Practice), Hospital: int(site), Operator: op, Lost: lost})
}

// operatorOf is the operator whose colour a provider has.
func (r *runner) operatorOf(provider uint16) int {
	o := &r.runs[provider]
	switch r.kind {
	case "system":
		if o.System != sim.None {
			return int(o.System)
		}
		return noOperator
	case "group":
		if o.Kind == "group" && r.families > 0 {
			return groupOf(o.Name)
		}
		return noOperator
	}
	return int(provider)
}

// groupOf is the family of a specialty group: its letter.
func groupOf(name string) int {
	if len(name) == 0 {
		return noOperator
	}
	k := int(name[len(name)-1]) - 'A'
	if k < 0 || k > 25 {
		return noOperator
	}
	return k
}

// mix spreads the bits of a number.
func mix(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}

// now makes a frame.
func (r *runner) now(quarter int, b tables.Batch) Frame {
	f := Frame{Quarter: quarter, Values: shownValues(b.Outcomes), Events: r.news(b.Events), Steps: r.steps, Flights: thin(r.flights, maxFlights)}
	r.steps, r.flights = nil, nil
	r.dots, r.runs = r.m.Dots(r.dots[:0]), r.m.Providers()
	f.Operators = r.operators()
	r.index = make(map[uint32]int, len(r.dots))
	f.Dots = make([]byte, 0, dotBytes*len(r.dots))
	for i := range r.dots {
		d := &r.dots[i]
		r.index[d.Slot] = i
		op := noOperator
		if d.System != sim.None {
			op = int(d.System)
		} else if last, ok := r.last[d.Slot]; ok && r.kind != "system" {
			op = last
		}
		if op < len(f.Operators) {
			f.Operators[op].People++
		}
		state := byte(0)
		if d.Waiting {
			state |= 1
		}
		if d.Inside {
			state |= 2
		}
		x, y := r.homes.of(d.ID, d.Area)
		f.Dots = appendDot(f.Dots, x, y, op, state)
	}
	for _, n := range r.stories {
		at := -1
		if address, ok := r.watch.Address(n); ok {
			if i, ok := r.index[address]; ok {
				at = i
			}
		}
		f.Where = append(f.Where, at)
	}
	for i := range r.place.Practices {
		load, days := r.m.PracticeLoad(i)
		f.Practices = append(f.Practices, Load{round(load, 3), round(days, 2), asOperator(r.m.PracticeSystem(i))})
	}
	for i := range r.place.Hospitals {
		used, weeks := r.m.SiteLoad(i)
		f.Hospitals = append(f.Hospitals, Load{round(used, 3), round(weeks, 2), min(r.operatorOf(r.m.SiteOwner(i)), noOperator)})
	}
	return f
}

// asOperator is the index of a system as an operator.
func asOperator(i uint16) int { return min(int(i), noOperator) }

// round keeps some digits after the point; what is no number is 0.
func round(x float64, digits int) float64 {
	scale := math.Pow10(digits)
	if v := math.Round(x*scale) / scale; !math.IsNaN(v) && !math.IsInf(v, 0) {
		return v
	}
	return 0
}

// operators lists who the colours stand for.
func (r *runner) operators() []Operator {
	var list []Operator
	switch r.kind {
	case "system":
		for _, s := range r.m.Systems() {
			list = append(list, Operator{Name: s.Name, Open: s.Open})
		}
	case "group":
		for k := range r.families {
			list = append(list, Operator{Name: "Group " + string(rune('A'+k)), Open: true})
		}
	default:
		for _, s := range r.runs {
			list = append(list, Operator{Name: place.TrustName(s.Name), Open: s.Open})
		}
	}
	return list[:min(len(list), noOperator)]
}

// thin keeps at most so many, evenly.
func thin[T any](list []T, most int) []T {
	if len(list) <= most {
		return list
	}
	kept := make([]T, 0, most)
	for i := range most {
		kept = append(kept, list[i*len(list)/most])
	}
	return kept
}

// shownGroups are those whose values go to the page.
var shownGroups = map[string]bool{"all": true, "rurality:rural": true, "rurality:urban": true, "deprivation:1": true, "deprivation:5": true}

// shownValues sorts the outcomes of a quarter by group and measure.
func shownValues(rows []tables.Outcome) map[string]map[string]float64 {
	out := map[string]map[string]float64{}
	for i := range rows {
		o := &rows[i]
		if !shownGroups[o.Group] {
			continue
		}
		if out[o.Group] == nil {
			out[o.Group] = map[string]float64{}
		}
		out[o.Group][o.Measure] = o.Value
	}
	return out
}

// news tells market events in words.
func (r *runner) news(events []tables.MarketEvent) []string {
	var list []string
	for i := range events {
		e := &events[i]
		switch e.Event {
		case "entry":
			list = append(list, e.Organisation+" enters.")
		case "exit":
			list = append(list, e.Organisation+" gives up.")
		case "merger":
			list = append(list, e.Organisation+" and "+e.Other+" merge.")
		case "merger barred":
			list = append(list, "A merger of "+e.Organisation+" and "+e.Other+" is barred.")
		case "make":
			list = append(list, e.Organisation+" opens a clinic of its own.")
		case "buy":
			list = append(list, e.Organisation+" gives up a clinic of its own.")
		case "bail-out":
			list = append(list, e.Organisation+" is bailed out.")
		}
	}
	return list
}
