package sim

import (
	"testing"

	"coexist/agents"
	"coexist/agents/chance"
	"coexist/configs"
	"coexist/market"
	"coexist/sim/place"
)

// paidBack is what groups pay back to commissioners for admissions that they answer for, GBP.
func paidBack(o *outcomeOf) (sum float64) {
	for _, r := range o.rows.Ledger {
		if r.Contract == "pathway" && r.Service == "emergency" && r.Payer == "group" && r.Payee == "commissioner" {
			sum += float64(r.Pence) / 100
		}
	}
	return sum
}

// TestPathwayLiability: who is paid a price for pathways pays back the emergency admissions of the 26 weeks
// from their start; the price holds about what these should cost; nobody answers where nobody is paid so,
// nor after the weeks are over.
func TestPathwayLiability(t *testing.T) {
	from := warm(t, devon, .03)
	run := func(name string, share float64) (*outcomeOf, float64) {
		b := branch(t, from, scenario(t, name, func(c *configs.Config) { c.Payment.PathwayLiability = share }))
		priced := 0.0
		steps(t, b, 52)
		b.Take()
		for range 52 {
			before := make([]int64, len(b.providers))
			for i := range before {
				before[i] = b.year.bills[i*int(bills)+int(billPathways)]
			}
			risk := make([]float64, len(b.providers))
			for i := range risk {
				risk[i] = b.riskPrice(i).Pounds()
			}
			year := b.week%52 == 51
			steps(t, b, 1)
			for i := range before {
				if b.providers[i].Kind == agents.Group && !year {
					priced += risk[i] * float64(b.year.bills[i*int(bills)+int(billPathways)]-before[i])
				}
			}
		}
		for i := range b.parts {
			for _, u := range b.parts[i].underway {
				if b.week-1-int32(u.begun) >= market.PathwayWeeks {
					t.Fatalf("a pathway of week %d is still answered for in week %d", u.begun, b.week)
				}
			}
			if !b.regime.bundles && len(b.parts[i].underway) > 0 {
				t.Fatalf("%s: %d pathways are answered for", name, len(b.parts[i].underway))
			}
		}
		rows := b.Take()
		return &outcomeOf{rows, b}, priced
	}
	full, priced := run("airline", 1)
	half, _ := run("airline", .5)
	none, nothing := run("airline", 0)
	quo, _ := run("status-quo", 1)
	if back := paidBack(full); !(back > .7*priced && back < 1.4*priced) {
		t.Errorf("groups pay back %.0f GBP and their prices held %.0f for it", back, priced)
	}
	if a, b := paidBack(half), paidBack(full); !(a > .4*b && a < .6*b) {
		t.Errorf("groups pay back %.0f GBP if they answer for half and %.0f for all", a, b)
	}
	if paidBack(none) != 0 || nothing != 0 || paidBack(quo) != 0 {
		t.Errorf("groups pay back %.0f GBP for nothing", paidBack(none)+paidBack(quo))
	}
	more, less := full.m.gainOfIntegration(groupOf(full.m)), none.m.gainOfIntegration(groupOf(none.m))
	if !(more > less) {
		t.Errorf("a unit of integration saves a group that answers %.3f GBP and %.3f one that does not", more, less)
	}
	// More failed handoffs bring more admissions: who answers for them pays more back.
	lost := func(share float64) float64 {
		back := func(failing float64) float64 {
			return paidBack(lived(t, from, "airline", 2, func(c *configs.Config) {
				c.Payment.PathwayLiability, c.Integration.ReadmissionRisk, c.Integration.Duplicate = share, failing, 0
				c.Integration.FailureRate, c.Integration.HarmProb = .5, 0
			}))
		}
		return back(3) - back(1)
	}
	if full, none := lost(1), lost(0); !(full > 0 && none == 0) {
		t.Errorf("more readmissions cost groups %.0f GBP if they answer and %.0f if not", full, none)
	}
}

// groupOf is some group.
func groupOf(m *Model) *agents.Organisation {
	for i := range m.providers {
		if m.providers[i].Kind == agents.Group && m.providers[i].Open {
			return &m.providers[i]
		}
	}
	return nil
}

// TestAnswer: an admission is divided among the owners of the person's pathways under way, and no others.
func TestAnswer(t *testing.T) {
	b := branch(t, warm(t, bay, 1), scenario(t, "airline"))
	steps(t, b, 2)
	q := &b.parts[0]
	i := 0
	for q.people[i].Flags&agents.Alive == 0 {
		i++
	}
	p := &q.people[i]
	of := func(line place.Line, nth int) uint16 {
		for k := range b.services {
			if s := &b.services[k]; s.Open && s.Line == uint8(line) && b.providers[s.Provider].Kind == agents.Group {
				if nth--; nth < 0 {
					return uint16(k)
				}
			}
		}
		t.Fatal("no such service")
		return 0
	}
	skin, heart := of(place.Dermatology, 0), of(place.Cardiology, 0)
	id := uint32(p.ID)
	q.underway = []underway{{slot(0, i), id, skin, uint16(b.week - 20)}, {slot(0, i), id, heart, uint16(b.week)}, {slot(0, i), id + 1, heart, uint16(b.week)}}
	liable := func(service uint16) int64 {
		return b.workers[0].billed[(b.payerOf(p)*len(b.providers)+int(b.services[service].Provider))*int(bills)+int(billLiable)]
	}
	admit := func() (skins, hearts int64) {
		before := [2]int64{liable(skin), liable(heart)}
		rng := chance.NewSeed(1).At(2, 0, chance.Stay)
		b.admit(&b.workers[0], 0, i, p, p.Age(b.week), b.geo.emergency[p.Area], true, &rng)
		b.answer(&b.workers[0], q)
		return liable(skin) - before[0], liable(heart) - before[1]
	}
	if s, h := admit(); s != answerUnits/2 || h != answerUnits/2 {
		t.Errorf("of an admission the two owners bear %d and %d of %d parts, want half each", s, h, answerUnits)
	}
	q.lapse(b.week + 6)
	if s, h := admit(); s != 0 || h != answerUnits {
		t.Errorf("after one pathway's 26 weeks its owner bears %d parts and the other %d, want 0 and %d", s, h, answerUnits)
	}
}

// TestRiskPriceAtStart: a regime that begins knows what the admissions of those who wait should cost, whether
// it begins in a copy of the world or in the world itself.
func TestRiskPriceAtStart(t *testing.T) {
	from := warm(t, devon, .01)
	c := scenario(t, "airline")
	b := branch(t, from, c)
	own, err := from.clone()
	if err != nil {
		t.Fatal(err)
	}
	own.publish()
	if err := own.Become(c); err != nil {
		t.Fatal(err)
	}
	if b.risks != own.risks || b.risks[place.Lines] < .01 || b.risks[place.Lines] > .2 {
		t.Errorf("pathways should bring %v admissions in a copy and %v in the world itself", b.risks, own.risks)
	}
}
