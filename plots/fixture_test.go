package plots

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"coexist/sim/place"
	"coexist/sim/tables"
)

// fake is a made-up result: ten scenarios, two places that do not exist, five runs, ten years.
// Its values are drawn by rule and mean nothing.
func fake() *Data {
	d := &Data{
		Meta: Meta{
			Version: "0.0.0-test", Command: "coexist plot fake", Places: []string{"north", "south"},
			Titles:    map[string]string{"north": "Northshire", "south": "Southport and Vale"},
			Scenarios: order, Seeds: []int64{1, 2, 3, 4, 5}, Runs: 5, Years: 10, Hash: "0123456789ab",
		},
		Places:    map[string]*place.Place{"north": fakePlace("north", 1), "south": fakePlace("south", 2)},
		Enrolment: map[string][]AreaShare{},
		Care:      map[string][]AreaShare{},
		Targets:   fakeTargets(),
	}
	for _, p := range d.Meta.Places {
		for _, s := range d.Meta.Scenarios {
			for run := int32(1); run <= 5; run++ {
				fakeRun(d, p, s, run)
				fakeLedger(d, p, s, run)
			}
			d.Enrolment[s+"/"+p] = fakeEnrolment(s, d.Places[p])
			d.Care[s+"/"+p] = fakeCare(s, d.Places[p])
			fakeMarket(d, s, p)
		}
	}
	fakeSweep(d)
	return d
}

// fakeFour are the four outcomes: where they start, how far luck moves them, by how much they rise in a
// quarter of a year, and by how much a scenario has moved them by year ten.
var fakeFour = []struct {
	measure, unit       string
	start, luck, growth float64
	effect              map[string]float64
}{
	{"effective_options", "options", 2.4, 0.12, 0, map[string]float64{"competing-systems": 0.5, "airline": 1.1, "single-system-torbay": -1.2,
		"arm-closed-none": -1, "arm-closed-virtual": -1, "arm-closed-real": -1.1, "arm-open-none": 0.3, "arm-open-virtual": 0.2, "arm-open-real": -0.1}},
	{"quality_index", "SD of the status quo", 0, 0.03, 0.002, map[string]float64{"competing-systems": 0.16, "airline": 0.09, "single-system-torbay": 0.1,
		"arm-closed-none": -0.05, "arm-closed-real": 0.06, "arm-open-none": 0.05, "arm-open-virtual": 0.08, "arm-open-real": 0.11}},
	{"cost_per_head", "GBP a head a year", 3_120, 30, 3.5, map[string]float64{"competing-systems": 20, "airline": 95, "single-system-torbay": -80,
		"arm-closed-none": 5, "arm-closed-virtual": -15, "arm-closed-real": -40, "arm-open-none": 35, "arm-open-virtual": 25, "arm-open-real": 12}},
	{"handoff_failures_per_episode", "per 100 episodes", 14, 0.5, 0.01, map[string]float64{"competing-systems": -3.2, "airline": 0.8, "single-system-torbay": -5.1,
		"arm-closed-none": 0.4, "arm-closed-virtual": -1.8, "arm-closed-real": -4.4, "arm-open-none": 0.9, "arm-open-virtual": -1.1, "arm-open-real": -3.1}},
}

// fakeRun adds the outcomes of one run: the four, by group and setting, and the six aims.
func fakeRun(d *Data, where, scenario string, run int32) {
	second := slices.Index(d.Meta.Places, where) // 0 or 1
	luck := rand.New(rand.NewPCG(uint64(second), uint64(run)))
	own := rand.New(rand.NewPCG(uint64(second)*100+uint64(len(scenario)), uint64(run)*7))
	row := tables.Outcome{Place: where, Scenario: scenario, Run: run, Seed: int64(run)}
	add := func(group, measure, unit string, value float64) {
		row.Group, row.Measure, row.Unit, row.Value = group, measure, unit, value
		d.Outcomes = append(d.Outcomes, row)
	}
	for row.Quarter = 1; row.Quarter <= 40; row.Quarter++ {
		t := 1 - math.Exp(-float64(row.Quarter)/14)
		for m, of := range fakeFour {
			effect := of.effect[scenario] * t
			v := of.start + effect*(1-0.45*float64(second)) + of.luck*(luck.NormFloat64()+0.5*own.NormFloat64()) + of.growth*float64(row.Quarter)
			if m == 0 {
				v *= 1 - 0.35*float64(second)
				if row.Quarter%4 != 0 {
					continue // choice is measured in every fourth quarter
				}
			}
			add("all", of.measure, of.unit, v)
			for i, g := range groups[1:] {
				add(g.name, of.measure, of.unit, v+effect*0.3*(float64(i)-2))
			}
			if m == 1 {
				add(tables.WorstOff, of.measure, of.unit, v-0.1+effect*0.4)
			}
			if m == 2 {
				for i, part := range settings {
					add("all", part.measure, of.unit, v*[]float64{0.15, 0.3, 0.28, 0.2, 0.04}[i])
				}
			}
		}
		quality := fakeFour[1].effect[scenario] * t
		for i, x := range aims {
			add("all", x.measure, x.unit, []float64{20, 11, 24, 950, 9, 0.8}[i]*(1+0.2*quality*float64(5-i)+0.02*luck.NormFloat64()+0.005*own.NormFloat64()))
		}
		for i, g := range slices.Concat(fifths, settlings) {
			add(g, avoidable.measure, aims[2].unit, 34-3*float64(i)*(1-0.2*quality)+0.3*own.NormFloat64())
			if wantedGroup(g) {
				continue
			}
			for _, of := range fakeFour {
				add(g, of.measure, of.unit, of.start+of.effect[scenario]*t+0.05*float64(i))
			}
		}
	}
}

// fakeLedger adds who pays for inputs: three parties, and a block and fixed costs beside them.
func fakeLedger(d *Data, where, scenario string, run int32) {
	for q := int32(29); q <= 40; q++ {
		for i, payer := range []string{"hospital", "practice", "social-care"} {
			d.Ledger = append(d.Ledger, tables.Ledger{Place: where, Scenario: scenario, Run: run, Quarter: q, Payer: payer, Payee: outside, Contract: "inputs", Service: "gp", Pence: int64(60-20*i+len(scenario)) * 1e6})
		}
		d.Ledger = append(d.Ledger, tables.Ledger{Place: where, Scenario: scenario, Run: run, Quarter: q, Payer: "commissioner", Payee: "hospital", Contract: "block", Service: "gp", Pence: 1e9},
			tables.Ledger{Place: where, Scenario: scenario, Run: run, Quarter: q, Payer: "hospital", Payee: outside, Contract: "inputs", Service: fixed, Pence: 1e9})
	}
}

// fakeTargets are made-up published numbers.
func fakeTargets() (all []Target) {
	for i := range 14 {
		v := 100 * float64(i+1)
		t := Target{ID: fmt.Sprintf("T%02d", i+1), Quantity: fmt.Sprintf("what a made-up source, the %dth of its kind, says of some number that no model could possibly know", i+4), Use: []string{"calibrate", "test"}[i%2], Status: []string{"met", "not met", "met"}[i%3],
			Published: Interval{v, 0.9 * v, 1.1 * v}, Simulated: Interval{v * (0.8 + 0.04*float64(i)), v * (0.75 + 0.04*float64(i)), v * (0.85 + 0.04*float64(i))}}
		if i == 13 {
			t.Simulated, t.Status, t.Reason = unknown, "cannot be said", "no such rows"
		}
		all = append(all, t)
	}
	return all
}

// fakeMarket adds events and flows.
func fakeMarket(d *Data, scenario, where string) {
	rng := rand.New(rand.NewPCG(uint64(len(scenario)), uint64(len(where))))
	if scenario != "competing-systems" && scenario != "airline" {
		return
	}
	for i := range 14 {
		d.Events = append(d.Events, tables.MarketEvent{Place: where, Scenario: scenario, Run: 1, Seed: 1, Week: rng.Int32N(520), Event: []string{"entry", "exit", "merger", "bail-out", "make", "withdrawal", "route"}[i%7], Organisation: fmt.Sprint("organisation ", i)})
	}
	for site := range 7 {
		for group := range 9 {
			if (site+group)%4 != 0 {
				d.Flows = append(d.Flows, tables.Flow{Place: where, Scenario: scenario, Run: 1, Seed: 1, Year: 10, From: where, Through: []string{"Medical", "Surgical", "Eye"}[group/3] + " Group " + string(rune('A'+group%3)),
					To: fmt.Sprint("hospital ", site+1), Line: []string{"Medical", "Surgical", "Eye"}[group/3], Inside: (site+group)%2 == 0, Patients: 100 + rng.Int64N(2000)})
			}
		}
	}
}

// fakePlace is a round island with 300 areas and five towns.
func fakePlace(name string, seed uint64) *place.Place {
	rng := rand.New(rand.NewPCG(seed, seed))
	p := &place.Place{Code: name, Synthetic: true}
	ring := place.Ring{Of: name}
	for i := range 73 {
		a := 2 * math.Pi * float64(i%72) / 72
		r := 30_000 * (1 + 0.12*math.Sin(3*a+float64(seed)) + 0.05*math.Sin(11*a))
		ring.Points = append(ring.Points, [2]float64{300_000 + 1.3*r*math.Cos(a), 100_000 + r*math.Sin(a)})
	}
	p.Outline = []place.Ring{ring}
	for i, n := range []string{"Alphaton", "Betaford", "Gammabury", "Deltamouth", "Epsilon Regis"} {
		a := float64(i) * 1.3
		r := 21_000 * math.Sqrt(float64(i)/5+0.02)
		p.Towns = append(p.Towns, place.Town{Name: n, Easting: 300_000 + r*math.Cos(a), Northing: 100_000 + r*math.Sin(a), Population: int32(250_000 / (i + 1))})
	}
	for i := range 300 {
		t := p.Towns[i%5]
		spreadOut := 3_000 + 14_000*rng.Float64()
		p.Areas = append(p.Areas, place.Area{Code: fmt.Sprintf("%s%03d", name, i), Residents: 1500 + rng.Int32N(500),
			Easting: t.Easting + spreadOut*rng.NormFloat64()*0.6, Northing: t.Northing + spreadOut*rng.NormFloat64()*0.6})
	}
	return p
}

// fakeCare has care less concentrated near the first town, and least under the airline.
func fakeCare(scenario string, p *place.Place) []AreaShare {
	var all []AreaShare
	for _, a := range p.Areas {
		hhi := 1 - 0.7*math.Exp(-math.Hypot(a.Easting-p.Towns[0].Easting, a.Northing-p.Towns[0].Northing)/20_000)
		if scenario == "airline" {
			hhi *= 0.6
		}
		all = append(all, AreaShare{Area: a.Code, Leader: "Trust", Share: math.Sqrt(hhi), HHI: hhi})
	}
	return all
}

// fakeEnrolment lets the system of the nearest town lead.
func fakeEnrolment(scenario string, p *place.Place) []AreaShare {
	var all []AreaShare
	for i, a := range p.Areas {
		s := AreaShare{Area: a.Code}
		best := math.Inf(1)
		for j, t := range p.Towns {
			d := math.Hypot(a.Easting-t.Easting, a.Northing-t.Northing) * (1 + 0.15*float64(j))
			if d < best {
				best, s.Leader, s.Share = d, t.Name+" System", 0.35+0.6*math.Exp(-d/9_000)
			}
		}
		switch {
		case scenario == "status-quo":
			s.Leader, s.Share = "", 0
		case scenario == "single-system-torbay":
			s.Leader, s.Share = "One System", 1
		case scenario == "airline" && i%3 == 0:
			s.Leader = "National Group"
		}
		s.HHI = s.Share * s.Share
		all = append(all, s)
	}
	return all
}

// figuresOf makes the figures of a result, in whose words one is not many.
func figuresOf(t *testing.T, d *Data) []*Figure {
	t.Helper()
	figures, err := Standard(d)
	if err != nil {
		t.Fatal(err)
	}
	agree(t, figures)
	return figures
}

// figureOf makes the figures of a result as figuresOf does and returns the one of a name.
func figureOf(t *testing.T, d *Data, name string) *Figure {
	t.Helper()
	return figureNamed(t, figuresOf(t, d), name)
}

// figureNamed returns the figure of a name.
func figureNamed(t *testing.T, figures []*Figure, name string) *Figure {
	t.Helper()
	i := slices.IndexFunc(figures, func(f *Figure) bool { return f.Name == name })
	if i < 0 {
		t.Fatalf("no figure %s is drawn", name)
	}
	return figures[i]
}
