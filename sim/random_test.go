package sim

import (
	"errors"
	"flag"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"coexist/agents"
	"coexist/configs"
	"coexist/sim/place"
	"coexist/sim/tables"
)

// The worlds are the same in every run of the tests, so that a failure is the doing of the change under
// test; -rapid.seed=0 -rapid.checks=20000 goes looking in new ones.
func init() {
	if err := flag.Set("rapid.seed", "1"); err != nil {
		panic(err)
	}
}

// drawValue draws a legal value of a parameter: an end of its range, or anything between; as TOML.
func drawValue(t *rapid.T, p configs.Parameter) string {
	switch {
	case p.Type == "boolean":
		return strconv.FormatBool(rapid.Bool().Draw(t, p.Key))
	case p.Type == "list":
		words := rapid.SliceOfNDistinct(rapid.SampledFrom(p.Choices), 0, len(p.Choices), rapid.ID).Draw(t, p.Key)
		return `["` + strings.Join(words, `","`) + `"]`
	case p.Type == "string":
		return rapid.SampledFrom(p.Choices).Draw(t, p.Key)
	}
	share := rapid.OneOf(rapid.SampledFrom([]float64{0, 1}), rapid.Float64Range(0, 1)).Draw(t, p.Key)
	v := p.Range[0] + share*(p.Range[1]-p.Range[0])
	if p.Type == "integer" {
		return strconv.FormatInt(int64(v), 10)
	}
	return strconv.FormatFloat(min(v, p.Range[1]), 'g', -1, 64)
}

// drawScenario draws a preset with up to a dozen parameters anywhere in their ranges. A combination that
// is refused must be refused with a reason, and is left out.
func drawScenario(t *rapid.T, what string) configs.Config {
	c, err := configs.Read(rapid.SampledFrom(scenarioNames()).Draw(t, what), configs.Options{})
	if err != nil {
		t.Fatal(err)
	}
	c.Reforms = nil
	var all []configs.Parameter
	for _, p := range configs.Parameters() {
		if p.Section() != "time" && p.Key != "measures.panel_min" && (len(p.Range) == 2 || len(p.Choices) > 0 || p.Type == "boolean") {
			all = append(all, p)
		}
	}
	for _, k := range rapid.SliceOfN(rapid.IntRange(0, len(all)-1), 0, 12).Draw(t, what+" changes") {
		changed, err := c.With(all[k].Key + "=" + drawValue(t, all[k]))
		switch {
		case err == nil:
			c = changed
		case !errors.Is(err, configs.ErrInput) || !strings.Contains(err.Error(), "want"):
			t.Fatalf("%s is refused without a reason: %v", all[k].Key, err)
		}
	}
	return c
}

// drawPlace draws a tiny region.
func drawPlace(t *rapid.T) (*place.Place, float64) {
	residents := rapid.IntRange(1000, 2000).Draw(t, "residents")
	s := place.DefaultSpec(residents)
	s.Practices = rapid.IntRange(1, residents/500).Draw(t, "practices")
	s.Hospitals = rapid.IntRange(1, 4).Draw(t, "hospitals")
	s.Trusts = rapid.IntRange(1, s.Hospitals).Draw(t, "trusts")
	s.Districts = rapid.IntRange(1, 3).Draw(t, "districts")
	s.RuralShare = rapid.SampledFrom([]float64{0, .16, 1}).Draw(t, "rural")
	s.DensityPerKm2 = rapid.SampledFrom([]float64{10, 434, 20_000}).Draw(t, "density")
	s.Seed = rapid.Uint64Max(9).Draw(t, "map")
	e, err := readEngland()
	if err != nil {
		t.Fatal(err)
	}
	p, err := e.Synthetic(s)
	if err != nil {
		t.Fatal(err)
	}
	for i := range p.Hospitals {
		switch rapid.IntRange(0, 9).Draw(t, "hospital") {
		case 0:
			p.Hospitals[i].HasAE = false
		case 1:
			p.Hospitals[i].Beds = 0
		case 2:
			p.Hospitals[i].Lines = 1
		}
	}
	return p, rapid.SampledFrom([]float64{.001, .3, 1}).Draw(t, "sample")
}

// TestRandom lets random legal scenarios live in random tiny worlds, with a change of the rules on the
// way, and checks what must always hold.
func TestRandom(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := Settings{Config: drawScenario(t, "world"), Seed: rapid.Int64Range(0, math.MaxInt64).Draw(t, "seed"), Workers: rapid.IntRange(1, 3).Draw(t, "workers"), Tracked: 50}
		s.Place, s.Sample = drawPlace(t)
		m, err := New(s)
		if err != nil {
			if s.Sample < .01 && strings.Contains(err.Error(), "has nobody in it") {
				return
			}
			t.Fatal(err)
		}
		for range 156 {
			invariant(t, m, true)
		}
		if err := m.WarmUp(); err != nil {
			t.Fatal(err)
		}
		own := s.Config
		b, err := m.Branch(own)
		if err != nil {
			t.Fatal(err)
		}
		later := drawScenario(t, "reform")
		later.Time, later.People, later.Measures = own.Time, own.People, own.Measures
		at := rapid.Int32Range(0, 60).Draw(t, "week of the reform")
		for week := range int32(60) {
			if week == at && later.Check() == nil {
				if err := b.Reform(later); err != nil {
					t.Fatal(err)
				}
			}
			invariant(t, b, false)
		}
		finite(t, b.Take())
	})
}

// invariant lets a week pass and checks that people and money are conserved, that nobody is two people
// or nowhere, that queues and beds are what they are said to be, and that shares are shares.
func invariant(t *rapid.T, m *Model, warming bool) {
	before, beds := make([]int64, len(m.sites)), make([]float64, len(m.sites)) // a year's end changes beds after its admissions
	now := m.week % int32(len(m.sites[0].Elective))
	for i := range m.sites {
		before[i], beds[i] = m.sites[i].Elective[now], m.sites[i].Beds
	}
	week := m.week
	if err := m.Step(); err != nil {
		t.Fatal(err)
	}
	if err := m.Audit(); err != nil {
		t.Fatal(err)
	}
	for i := range m.sites {
		h := &m.sites[i]
		used, limit := float64(h.Emergency[now]+h.Elective[now]), m.cfg.Beds.ElectiveLimit*7*beds[i]
		// In a sample the mean of the beds in use is held, not every week's.
		if m.set.Sample == 1 && week > bedsWeek+1 && !warming && h.Elective[now] > before[i] && used > limit+1e-6 {
			t.Fatalf("week %d: an elective patient was admitted to site %d with %.0f bed days of %.1f in use", week, i, used, limit)
		}
		if !(h.Breach >= 0 && h.Breach <= 1 && h.Crowding >= 0 && h.Occupancy >= 0 && h.Beds >= 0) || math.IsInf(h.Occupancy+h.Crowding, 0) {
			t.Fatalf("week %d: site %d is %+v", week, i, h)
		}
	}
	for i := range m.social {
		if s := &m.social[i]; !(s.Delay >= 0 && s.Delay <= 28 && s.Queue >= 0) {
			t.Fatalf("week %d: social care is %+v", week, s)
		}
	}
	if week%13 == 0 {
		people(t, m)
	}
}

// people checks everybody: one identity each, registered and enrolled where there is something.
func people(t *rapid.T, m *Model) {
	seen := map[uint64]bool{}
	open := openEpisodes(m)
	for i := range m.parts {
		for k := range m.parts[i].people {
			p := &m.parts[i].people[k]
			if !p.Is(agents.Alive) {
				continue
			}
			if seen[p.ID] {
				t.Fatalf("week %d: person %x lives twice", m.week, p.ID)
			}
			seen[p.ID] = true
			if int(p.Practice) >= len(m.practices) || !(p.Control >= 0 && p.Control <= 1) || int(p.Area) >= len(m.place.Areas) {
				t.Fatalf("week %d: %+v", m.week, p)
			}
			for line, n := range open[p.ID] {
				if believes := int(p.Waiting >> line & 1); n != believes {
					t.Fatalf("week %d: person %x waits %d times for line %d and believes %d", m.week, p.ID, n, line, believes)
				}
			}
		}
	}
}

// finite checks rows: no NaN, no infinity, no payment without its parties, contract and service, nothing below
// none.
func finite(t *rapid.T, b tables.Batch) {
	for _, rows := range []any{b.Outcomes, b.Organisations, b.Ledger, b.Flows, b.Events, b.Patients} {
		v := reflect.ValueOf(rows)
		for i := range v.Len() {
			for j := range v.Index(i).NumField() {
				f := v.Index(i).Field(j)
				if f.Kind() == reflect.Float64 && (math.IsNaN(f.Float()) || math.IsInf(f.Float(), 0)) {
					t.Fatalf("%s = %v in %+v", v.Index(i).Type().Field(j).Name, f.Float(), v.Index(i))
				}
			}
		}
	}
	if len(b.Outcomes) == 0 {
		t.Fatal("no outcomes")
	}
	for i := range b.Outcomes {
		o := &b.Outcomes[i]
		if err := outcomeFault(*o); err != nil {
			t.Fatal(err)
		}
	}
	for i := range b.Ledger {
		if l := &b.Ledger[i]; l.Payer == "" || l.Payee == "" || l.Contract == "" || l.Service == "" {
			t.Fatalf("payment without a party: %+v", l)
		}
	}
	for i := range b.Flows {
		if f := &b.Flows[i]; f.Patients < 0 {
			t.Fatalf("%+v", f)
		}
	}
	for i := range b.Organisations {
		if o := &b.Organisations[i]; o.Enrolled < 0 || o.Activity < 0 || o.Integration < 0 || o.Integration > 1 {
			t.Fatalf("%+v", o)
		}
	}
}

// outcomeFault says what is wrong with an outcome: shares and indices lie in [0, 1], counts are not
// negative.
func outcomeFault(o tables.Outcome) error {
	low, high := math.Inf(-1), math.Inf(1)
	switch o.Unit {
	case "share", "index":
		low, high = 0, 1
	case "%":
		low, high = 0, 100
	case "count", "weeks", "per 1,000 people a year":
		low = 0
	}
	if o.Measure == "slope_avoidable" {
		low = math.Inf(-1)
	}
	if o.Measure == "occupancy" { // emergencies are always admitted: wards overflow
		high = math.Inf(1)
	}
	if !(o.Value >= low && o.Value <= high+1e-12) {
		return fmt.Errorf("%s of %s in quarter %d is %v %s, want %v to %v", o.Measure, o.Group, o.Quarter, o.Value, o.Unit, low, high)
	}
	return nil
}
