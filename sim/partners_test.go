package sim

import (
	"fmt"
	"testing"

	"coexist/agents"
	"coexist/configs"
)

// TestGPsChangePractice: some GPs leave for practices of their district that need one; none is lost, none
// is where there is no room, people who had a GP that left have another, and continuity suffers.
func TestGPsChangePractice(t *testing.T) {
	from := warm(t, devon, .02)
	traits := func(m *Model) map[string]int {
		n := map[string]int{}
		for i := range m.gps {
			n[fmt.Sprint(m.gps[i].Threshold, m.gps[i].Leadership)]++
		}
		return n
	}
	run := func(turnover float64) (moved int, coc float64) {
		b := branch(t, from, scenario(t, "status-quo", func(c *configs.Config) { c.Labour.Turnover = turnover }))
		at := map[string]uint16{}
		for i := range b.gps {
			at[fmt.Sprint(b.gps[i].Threshold, b.gps[i].Leadership)] = b.gps[i].Practice
		}
		steps(t, b, 4*52)
		if err := b.Audit(); err != nil {
			t.Fatal(err)
		}
		if got, want := traits(b), traits(from); fmt.Sprint(got) != fmt.Sprint(want) || len(b.sessions) != len(b.gps) {
			t.Fatalf("turnover %g: %d GPs became %d", turnover, len(want), len(got))
		}
		next := int32(0)
		for i := range b.practices {
			pr := &b.practices[i]
			if pr.FirstGP != next || pr.GPs < 1 || pr.GPs > agents.MaxClinicians {
				t.Fatalf("practice %d has %d GPs from %d on, want 1 to %d from %d on", i, pr.GPs, pr.FirstGP, agents.MaxClinicians, next)
			}
			for g := range int32(pr.GPs) {
				if was := &b.gps[next+g]; int(was.Practice) != i {
					t.Fatalf("GP %d of practice %d thinks to be at %d", g, i, was.Practice)
				}
				before := at[fmt.Sprint(b.gps[next+g].Threshold, b.gps[next+g].Leadership)]
				if int(before) == i {
					continue
				}
				if moved++; b.practices[before].District != pr.District {
					t.Errorf("a GP moved from district %d to %d", b.practices[before].District, pr.District)
				}
			}
			next += int32(pr.GPs)
		}
		everyone(b, func(p *agents.Patient) {
			if p.Usual >= b.practices[p.Practice].GPs {
				t.Fatalf("the usual GP of a person is %d of %d", p.Usual, b.practices[p.Practice].GPs)
			}
		})
		return moved, mean(b.Take(), "all", "coc", 12)
	}
	none, steady := run(0)
	some, _ := run(.08)
	many, restless := run(.6)
	if none != 0 || !(some > 3 && many > 2*some) {
		t.Errorf("%d GPs move if none reconsiders, %d if 8 %% a year do and %d if 60 %% do", none, some, many)
	}
	if !(restless < steady-.003) {
		t.Errorf("continuity is %.4f if no GP moves and %.4f if many do", steady, restless)
	}
}

// TestRelabel: people know those who stay by their new places; contacts with who has left are nobody's.
func TestRelabel(t *testing.T) {
	var r agents.Ring
	for _, g := range []uint8{0, 1, 2, 2, 14} {
		r = r.Add(g, 3)
	}
	labels := [agents.MaxClinicians + 1]uint8{0: 0, 1: agents.Departed, 2: 1, 14: 13, agents.Departed: agents.Departed}
	r = r.Relabel(&labels)
	var buf [12]uint8
	if got, want := fmt.Sprint(r.Sequence(&buf)), "[0 15 1 1 13]"; got != want {
		t.Errorf("contacts are %s, want %s", got, want)
	}
	if got := r.Usual(1); got != .4 {
		t.Errorf("share of the GP who is now the second = %g, want .4", got)
	}
	if again := r.Age(4); again.Len() != 5 {
		t.Errorf("%d contacts of last year are left, want 5", again.Len())
	}
}
