package live

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"coexist/configs"
	"coexist/sim/place"
	"coexist/sim/place/england"
	"coexist/sim/tables"
)

const town = "synthetic:rural=0.35,practices=20,hospitals=4,districts=3"

var worlds = sync.OnceValues(func() (map[string]World, error) {
	e, err := place.Read(england.FS())
	if err != nil {
		return nil, err
	}
	m := map[string]World{}
	for _, name := range []string{town, "Shropshire, Telford and Wrekin"} {
		p, err := e.Resolve(name)
		if err != nil {
			return nil, err
		}
		m[name] = NewWorld(p)
	}
	return m, nil
})

func world(t *testing.T, name string) World {
	t.Helper()
	m, err := worlds()
	if err != nil {
		t.Fatal(err)
	}
	return m[name]
}

func small(system string) Settings {
	return Settings{Place: town, System: system, Controls: map[string]string{}, People: 1000, Years: 2, Seed: 1, Runs: 1}
}

func TestParseTellsEveryFault(t *testing.T) {
	_, err := Parse([]byte(`{"place":"","system":"airline","controls":{"loyalty":"9","entry":"no","wings":"2"},"people":1,"years":99,"seed":-1,"runs":0}`))
	if !errors.Is(err, ErrSettings) {
		t.Fatalf("error %v, want one about settings", err)
	}
	for _, want := range []string{"people: 1, want 500", "years: 99", "seed: -1", "runs: 0", "place: 0 letters", `loyalty: there is no answer "9"`,
		"entry: Groups of doctors", "wings: there is no such control"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error %q lacks %q", err, want)
		}
	}
	for _, text := range []string{"", "null1", "{}{}", `{"place":1}`, `{"nonsense":true}`, strings.Repeat(" ", MaxSettings+1)} {
		if _, err := Parse([]byte(text)); !errors.Is(err, ErrSettings) {
			t.Errorf("%.20q: error %v, want one about settings", text, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`{"place":"synthetic","system":"airline","controls":{"loyalty":"1"},"people":1000,"years":2,"seed":1,"runs":1}`)
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Parse([]byte(text))
		if err != nil {
			return
		}
		if _, err := s.config(); err != nil {
			t.Errorf("%q is accepted, but has no scenario: %v", text, err)
		}
	})
}

// random draws settings of answers that the page offers.
func random(rng *rand.Rand) Settings {
	all := configs.Builtin()
	s := small(all[rng.IntN(len(all))].Name)
	for id, stand := range stands(systems()[s.System]) {
		if n := len(stand.Possible); n > 0 && rng.IntN(2) == 0 {
			s.Controls[id] = stand.Possible[rng.IntN(n)]
		}
	}
	s.Years, s.Seed = 1+rng.IntN(20), rng.Int64N(maxSeed)
	return s
}

// Whatever answers the page offers go together, and the file of them means the same scenario.
func TestOffersGoTogetherAndTheFileMeansTheSame(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	w := world(t, town)
	for range 150 {
		s := random(rng)
		c, err := s.config()
		if err != nil {
			t.Fatalf("%+v: %v", s, err)
		}
		text, err := s.toml(w.Place)
		if err != nil {
			t.Fatal(err)
		}
		name := s.System + ".toml"
		again, err := configs.Read("./"+name, configs.Options{Files: fstest.MapFS{name: {Data: text}}})
		if err != nil {
			t.Fatalf("%+v: %v in\n%s", s, err, text)
		}
		if again.Hash() != c.Hash() {
			t.Fatalf("%+v: the file means another scenario:\n%s", s, text)
		}
	}
}

// Every system says of every question which answers there are, or why the question is idle.
func TestStands(t *testing.T) {
	for name, c := range systems() {
		all := stands(c)
		for _, k := range controls {
			if s := all[k.ID]; s.Why == "" && len(s.Possible) < 2 {
				t.Errorf("%s: %s offers %v, want two answers or a reason", name, k.ID, s.Possible)
			}
		}
	}
}

// Each question changes the outcomes, and the answer that is the system's own changes nothing.
func TestEveryControlActs(t *testing.T) {
	if testing.Short() {
		t.Skip("runs some twenty times")
	}
	w := world(t, town)
	table := func(s Settings) string {
		var b bytes.Buffer
		if err := outcomes(t.Context(), s, w, &b); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	for _, c := range []struct {
		id, system, value string
		years             int
	}{
		{"systems", "competing-systems", "2", 1}, {"entry", "medical-group-insurer", "easy", 6}, {"integration", "competing-systems", "none", 1},
		{"airport", "competing-systems", "separate", 1}, {"pay", "competing-systems", "sum", 3}, {"loyalty", "status-quo", "4", 1},
		{"travel", "airline", "4", 1}, {"offered", "status-quo", "4", 1},
	} {
		s := small(c.system)
		s.Years = c.years
		plain := table(s)
		s.Controls = map[string]string{c.id: c.value}
		if table(s) == plain {
			t.Errorf("%s = %s in %s changes no outcome", c.id, c.value, c.system)
		}
		if own := stands(systems()[s.System])[c.id].Now; own != "" && c.years == 1 {
			s.Controls = map[string]string{c.id: own}
			if table(s) != plain {
				t.Errorf("%s = %s is said to be the answer of %s itself, but changes outcomes", c.id, own, c.system)
			}
		}
	}
}

// The status quo meets no challenge; each is met by some settings.
func TestChallenges(t *testing.T) {
	if testing.Short() {
		t.Skip("runs thirty-five times")
	}
	for _, c := range []struct {
		system   string
		controls map[string]string
		met      string
	}{
		{"status-quo", nil, ""},
		{"competing-systems", map[string]string{"airport": "separate", "systems": "2"}, "quality rural"},
		{"arm-open-real", nil, "rural monopoly rivals"},
		{"airline", map[string]string{"systems": "2"}, "airline"},
	} {
		s := Settings{Place: town, System: c.system, Controls: c.controls, People: 5000, Years: 10, Seed: 1, Runs: 1}
		var v Verdict
		pairs := 0
		err := check(t.Context(), s, world(t, town), func(_ string, x any) error {
			switch x := x.(type) {
			case Pair:
				pairs++
			case Verdict:
				v = x
			}
			return nil
		})
		if err != nil || pairs != v.Pairs || len(v.Challenges) != 5 {
			t.Fatalf("%s: error %v after %d pairs with %d challenges, want 5", c.system, err, pairs, len(v.Challenges))
		}
		for _, ch := range v.Challenges {
			if want := strings.Contains(c.met, ch.ID); ch.Met != want {
				t.Errorf("%s %v: challenge %s met %v, want %v: %s", c.system, c.controls, ch.ID, ch.Met, want, ch.Text)
			}
		}
	}
}

// A world that was written and read gives the same numbers; what the table of outcomes has is what
// frames showed.
func TestFramesShowTheTable(t *testing.T) {
	const real = "Shropshire, Telford and Wrekin"
	w := world(t, real)
	e, err := place.Read(england.FS())
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := e.Pack(real, &b); err != nil {
		t.Fatal(err)
	}
	far, err := ReadWorld(&b)
	if err != nil {
		t.Fatal(err)
	}
	s := small("competing-systems")
	s.Place = real
	var csv, again bytes.Buffer
	if err := outcomes(t.Context(), s, w, &csv); err != nil {
		t.Fatal(err)
	}
	if err := outcomes(t.Context(), s, far, &again); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(csv.Bytes(), again.Bytes()) || !strings.Contains(csv.String(), `"Shropshire, Telford and Wrekin",competing-systems,1,1,1,all,`) {
		t.Error("a world that was written and read gives other numbers")
	}
	quarters, shown, last := 0, 0, Frame{}
	var start Start
	err = run(t.Context(), s, far, func(kind string, v any) error {
		switch v := v.(type) {
		case Start:
			start = v
		case Frame:
			last = v
			for m, value := range v.Values["all"] {
				def, _ := tables.MeasureByName(m)
				row := fmt.Sprintf(",%d,all,%s,%s,%s\n", v.Quarter, m, tables.AppendText(nil, def.Unit), tables.AppendNumber(nil, value))
				if shown++; !strings.Contains(csv.String(), row) {
					t.Errorf("quarter %d shows %s = %v, which the table lacks", v.Quarter, m, value)
				}
			}
			quarters++
		}
		return nil
	})
	if err != nil || quarters != 9 || shown < 8*8 {
		t.Fatalf("%d frames with %d values, error %v; want the start and 8 quarters", quarters, shown, err)
	}
	if n := len(last.Dots) / dotBytes; n < 900 || len(last.Dots)%dotBytes != 0 {
		t.Errorf("%d dots, want one for each of some 1,000 people", n)
	}
	people := 0
	for _, o := range last.Operators {
		people += o.People
	}
	coloured := 0
	for i := 4; i < len(last.Dots); i += dotBytes {
		if last.Dots[i] != noOperator {
			coloured++
		}
	}
	if people != coloured || coloured < len(last.Dots)/dotBytes/2 {
		t.Errorf("%d people by operator, %d dots with a colour of %d, want the same and most of them", people, coloured, len(last.Dots)/dotBytes)
	}
	if len(start.Stories) < 20 || len(last.Where) != len(start.Stories) {
		t.Errorf("%d stories, %d of them placed, want at least 20 and all", len(start.Stories), len(last.Where))
	}
	if len(last.Flights) == 0 || len(start.Map.Hospitals) != len(last.Hospitals) || len(start.Map.Practices) != len(last.Practices) {
		t.Errorf("%d flights, %d hospitals, %d practices", len(last.Flights), len(last.Hospitals), len(last.Practices))
	}
}

// A run whose client has left ends within a week of simulated time.
func TestRunStops(t *testing.T) {
	ctx, leave := context.WithCancel(t.Context())
	frames := 0
	err := run(ctx, small("airline"), world(t, town), func(kind string, _ any) error {
		if kind == "frame" {
			frames++
			leave()
		}
		return nil
	})
	if !errors.Is(err, context.Canceled) || frames != 1 {
		t.Errorf("error %v after %d frames, want it canceled after one", err, frames)
	}
	full := errors.New("the pipe is shut")
	if err := run(t.Context(), small("airline"), world(t, town), func(string, any) error { return full }); !errors.Is(err, full) {
		t.Errorf("error %v, want that of the sink", err)
	}
}

// Several runs are those of the seeds that follow.
func TestRunsFollowSeeds(t *testing.T) {
	s := small("status-quo")
	s.Runs = 3
	var got []Series
	collect := func(_ string, v any) error {
		if x, ok := v.(Series); ok {
			got = append(got, x)
		}
		return nil
	}
	if err := run(t.Context(), s, world(t, town), collect); err != nil {
		t.Fatal(err)
	}
	if len(got) != 3 || got[2].Seed != 3 || len(got[2].Values["cost_per_head"]) != 8 || len(got[2].Values["effective_options"]) != 2 {
		t.Fatalf("series %+v, want three of 8 quarters", got)
	}
	third := s
	third.Seed, third.Runs = 3, 1
	var csv bytes.Buffer
	if err := outcomes(t.Context(), third, world(t, town), &csv); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(got[2].Values["cost_per_head"][7])
	if err != nil || !strings.Contains(csv.String(), ",8,all,cost_per_head,GBP a head a year,"+string(text)+"\n") {
		t.Errorf("the third run ends at %s, which the run of seed 3 does not", text)
	}
}

func TestHomesLieInTheirArea(t *testing.T) {
	w := world(t, town)
	_, f := mapOf(w.Place)
	h := newHomes(w.Place, f)
	same, own := 0, 0
	for id := range uint64(2000) {
		area := uint16(id % uint64(len(w.Place.Areas)))
		x, y := h.of(mix(id), area)
		if x < 0 || x > 65535 || y < 0 || y > 65535 {
			t.Fatalf("a home at %d, %d", x, y)
		}
		x2, y2 := newHomes(w.Place, f).of(mix(id), area)
		if x == x2 && y == y2 {
			same++
		}
		if h.mine(area, f.west+float64(x)/65535*(f.east-f.west), f.south+float64(y)/65535*(f.north-f.south)) {
			own++
		}
	}
	if same != 2000 || own < 1900 {
		t.Errorf("%d of 2000 homes stay, %d lie nearest to their own centre", same, own)
	}
}

func TestDotsAreSixBytes(t *testing.T) {
	b := appendDot(nil, 65535, 258, 300, 3)
	if got := base64.StdEncoding.EncodeToString(b); len(b) != dotBytes || got != base64.StdEncoding.EncodeToString([]byte{255, 255, 2, 1, 255, 3}) {
		t.Errorf("dot %v", b)
	}
}

// A story has words for everything that a watch can tell.
func TestStoriesHaveWords(t *testing.T) {
	s := small("airline")
	s.People, s.Years = 3000, 4
	kinds := map[string]int{}
	err := run(t.Context(), s, world(t, town), func(_ string, v any) error {
		f, ok := v.(Frame)
		if !ok {
			return nil
		}
		for _, step := range f.Steps {
			kinds[step.Kind]++
			if step.Text == "" || !strings.HasSuffix(step.Text, ".") || strings.Contains(step.Text, "%!") || strings.Contains(step.Text, "  ") {
				t.Errorf("step %+v", step)
			}
			if step.Kind == "referred" && (len(step.From) != 2 || len(step.To) != 2) {
				t.Errorf("a referral without a way: %+v", step)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range []string{"gp", "nurse", "referred", "clinic", "treated", "emergency", "home", "handed", "lost", "life"} {
		if kinds[k] == 0 {
			t.Errorf("no story has a step of kind %s in %v", k, kinds)
		}
	}
}

func TestTitles(t *testing.T) {
	for in, want := range map[string]string{"THE OLD SURGERY": "The Old Surgery", "BOVEY TRACEY AND CHUDLEIGH PRACTICE": "Bovey Tracey and Chudleigh Practice",
		"Royal Devon": "Royal Devon", "ST. JOHN'S": "St. John's", "STOKE-ON-TRENT": "Stoke-on-Trent", "ON-TRENT WALK-IN": "On-Trent Walk-In", "THORNILEY-WALKER": "Thorniley-Walker",
		"TRAMWAYS GP SURGERY (O'CONNELL)": "Tramways GP Surgery (O'Connell)", "SOLE BAY H/C": "Sole Bay H/C", "": ""} {
		if got := title(in); got != want {
			t.Errorf("title(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestDoKnowsWhatIsAsked(t *testing.T) {
	for _, what := range Asks {
		if what == askCheck {
			continue // takes a while; see TestChallenges
		}
		kinds := map[string]int{}
		if err := Do(t.Context(), what, small("airline"), world(t, town), func(kind string, _ any) error { kinds[kind]++; return nil }); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		if len(kinds) == 0 {
			t.Errorf("%s: nothing came of it", what)
		}
	}
	if err := Do(t.Context(), "fly", small("airline"), world(t, town), nil); !errors.Is(err, ErrSettings) {
		t.Errorf("error %v, want one about what was asked", err)
	}
}

// Ten years of 5,000 people as the page runs them, and the same without a map.
func BenchmarkRun(b *testing.B) {
	m, err := worlds()
	if err != nil {
		b.Fatal(err)
	}
	s := Settings{Place: town, System: "competing-systems", People: 5000, Years: 10, Seed: 1, Runs: 1}
	for _, c := range []struct {
		name string
		run  func() error
	}{
		{"table", func() error { return outcomes(b.Context(), s, m[town], io.Discard) }},
		{"map", func() error { return run(b.Context(), s, m[town], func(string, any) error { return nil }) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if err := c.run(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
