package sim

import (
	"math"
	"testing"

	"coexist/configs"
)

// TestWithdrawal: commissioners take contracts from the insufficient as sharply as they are told, and pay
// for it; what they move is better afterwards, and people and money are conserved.
func TestWithdrawal(t *testing.T) {
	from := warm(t, devon, .01)
	run := func(sharp, moved float64, name string) *outcomeOf {
		b := branch(t, from, scenario(t, name, func(c *configs.Config) {
			c.Effort.Sharpness, c.Costs.Moved, c.Effort.Standard = sharp, moved, .5
		}))
		poor := -1
		for i := range b.services {
			if s := &b.services[i]; s.Open && !s.Outside && (poor < 0 || s.Base < b.services[poor].Base) {
				poor = i
			}
		}
		base, provider := b.services[poor].Base, b.services[poor].Provider
		steps(t, b, 4*52)
		checkQueues(t, b, "withdrawal")
		if err := b.Audit(); err != nil {
			t.Fatal(err)
		}
		if sharp == 1 && (b.services[poor].Provider == provider || b.services[poor].Base <= base) {
			t.Errorf("the poorest service, of quality %.2f, is still run by %s", base, b.names[b.providers[provider].Name])
		}
		return &outcomeOf{b.Take(), b}
	}
	blunt, sharp, dear := run(0, .1, "status-quo"), run(1, .1, "status-quo"), run(1, .2, "status-quo")
	if n := events("withdrawal")(blunt); n != 0 {
		t.Errorf("a commissioner without sharpness withdrew %g contracts", n)
	}
	if n := events("withdrawal")(sharp); n < 2 {
		t.Errorf("a sharp commissioner withdrew %g contracts in four years, want some", n)
	}
	if a, b := paid("disruption")(sharp), paid("disruption")(dear); !(b > 1.5*a && a > 0) {
		t.Errorf("disruption costs %.0f GBP at a tenth of a year's value and %.0f at a fifth", a, b)
	}
	if a, b := paid("tendering")(blunt), paid("tendering")(sharp); a != 0 || b <= 0 {
		t.Errorf("bids cost %.0f GBP where nothing is withdrawn and %.0f where it is", a, b)
	}
	if n := events("withdrawal")(run(.99, .1, "single-system-veterans")); n != 0 {
		t.Errorf("one organisation withdrew %g contracts from itself", n)
	}
	run(.99, .1, "airline")
}

// TestContest: among those able the best rated bidder wins if judges make no error, and not always if they
// do; every bidder pays for its bid; nobody bids who is below the standard, in deficit, or the one who loses
// the contract.
func TestContest(t *testing.T) {
	b := branch(t, warm(t, devon, .01), scenario(t, "status-quo", func(c *configs.Config) { c.Effort.Standard, c.Effort.Judgement = 0, 0 }))
	lost := -1
	var rivals []int
	for i := range b.services { // a line with several providers at other sites
		if s := &b.services[i]; s.Open && !s.Outside && lost < 0 {
			rivals = rivals[:0]
			for k := range b.services {
				if v := &b.services[k]; k != i && v.Open && !v.Outside && v.Line == s.Line && v.Provider != s.Provider {
					rivals = append(rivals, k)
				}
			}
			if len(rivals) >= 3 {
				lost = i
			}
		}
	}
	for i := range b.services {
		b.services[i].Rating = -1
	}
	if w := b.contest(lost); w != -1 {
		t.Errorf("service %d wins though nobody meets the standard", w)
	}
	first, second := rivals[0], -1
	for _, k := range rivals {
		if b.services[k].Provider != b.services[first].Provider {
			second = k
		}
	}
	b.services[first].Rating, b.services[second].Rating, b.services[lost].Rating = 1, 1.5, 9
	tenders := func(service int) float64 {
		return float64(b.ledger.Parties[b.account(b.services[service].Provider)].Expense)
	}
	before := [3]float64{tenders(first), tenders(second), tenders(lost)}
	if w := b.contest(lost); w != second {
		t.Errorf("service %d wins, want the best rated, %d", w, second)
	}
	want := float64(b.yearValue(&b.services[lost])) * b.cfg.Costs.Tender
	if a, c, d := tenders(first)-before[0], tenders(second)-before[1], tenders(lost)-before[2]; math.Abs(a-want) > 1 || a != c || d != 0 {
		t.Errorf("bids cost %.0f and %.0f pence, and %.0f who lost the contract, want %.0f twice", a, c, d, want)
	}
	b.providers[b.services[second].Provider].Failing = 3
	if w := b.contest(lost); w != first {
		t.Errorf("service %d wins, want %d, the best of those without a deficit", w, first)
	}
	b.providers[b.services[second].Provider].Failing = 0
	b.cfg.Effort.Judgement = 5
	won := map[int]int{}
	for range 60 {
		b.week++
		won[b.contest(lost)]++
	}
	if won[first] < 10 || won[second] < 10 || won[first]+won[second] != 60 {
		t.Errorf("with a large error of judgement bidders win %v times of 60, want both often", won)
	}
}
