package sim

import (
	"math"
	"testing"
)

// TestRivalsOverlap: an organisation hears of its rivals' quality as far as they draw on the same people;
// where nobody knows that yet, by demand.
func TestRivalsOverlap(t *testing.T) {
	b := branch(t, warm(t, devon, .01), scenario(t, "status-quo"))
	n := b.links.providers
	clear(b.links.last)
	for i := range b.practices { // 0 and 1 share all people, 2 has a third of them and its own
		row := b.links.last[i*n : (i+1)*n]
		switch i % 2 {
		case 0:
			row[0], row[1] = 10, 30
		default:
			row[2] = 10
		}
	}
	b.links.last[0*n+2] = 20
	total := 0.0
	for i := range b.practices {
		total += float64(b.links.last[i*n+2])
	}
	half := 0.0
	for i := range b.practices {
		half += float64(b.links.last[i*n])
	}
	table := b.rivalries()
	if got := table[0*n+1]; math.Abs(got-1) > 1e-12 || table[1*n+0] != got {
		t.Errorf("two providers of the same people overlap by %g, want 1", got)
	}
	if got, want := table[0*n+2], min(20/total, 10/half); math.Abs(got-want) > 1e-12 {
		t.Errorf("two providers with one practice in common overlap by %g, want %g", got, want)
	}
	for i := range b.providers {
		b.providers[i].Quality, b.providers[i].Demand = 0, 100
	}
	b.providers[1].Quality, b.providers[3].Quality = 1, 5 // 3 draws on nobody whom 0 draws on
	o01, o02 := table[0*n+1], table[0*n+2]
	if got, want := b.rivalsQuality(0, table), o01/(o01+o02); math.Abs(got-want) > 1e-12 {
		t.Errorf("rivals' quality = %g, want %g", got, want)
	}
	b.providers[3].Quality = 0
	if got, want := b.rivalsQuality(0, make([]float64, n*n)), 1/float64(n-1); math.Abs(got-want) > 1e-12 {
		t.Errorf("rivals' quality where nobody knows who they are = %g, want the mean %g", got, want)
	}
	// Groups of different lines are no rivals.
	a := branch(t, warm(t, bay, 1), scenario(t, "airline"))
	steps(t, a, 104)
	w, met := a.rivalries(), false
	for i := a.reference.Providers; i < len(a.providers); i++ {
		for k := a.reference.Providers; k < len(a.providers); k++ {
			x := w[i*a.links.providers+k]
			if met = met || x > 0; x != 0 && a.providers[i].Line != a.providers[k].Line || x < 0 || x > 1+1e-9 {
				t.Errorf("groups %d and %d of lines %d and %d overlap by %g", i, k, a.providers[i].Line, a.providers[k].Line, x)
			}
		}
	}
	if !met {
		t.Error("no groups of a line overlap")
	}
	// Systems know their rivals from the start.
	s := branch(t, warm(t, devon, .01), scenario(t, "competing-systems"))
	sum := 0.0
	for _, x := range s.rivals {
		sum += x
	}
	if sum == 0 {
		t.Error("systems do not overlap before the first year is over")
	}
}
