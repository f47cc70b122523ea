package sim

import (
	"math"
	"strings"
	"testing"

	"coexist/agents"
	"coexist/configs"
	"coexist/market"
	"coexist/sim/place"
	"coexist/sim/tables"
)

// TestMeasuresOfOneDecision holds the sums that avoid logarithms to the logit as it is written down.
func TestMeasuresOfOneDecision(t *testing.T) {
	m := &Model{}
	m.cfg = configs.Default()
	m.services = make([]agents.Service, 5)
	c := &m.cfg.Measures
	c.AcceptMinutes, c.AcceptWeeks, c.AcceptQuality, c.Burden = 45, 18, -1, .5
	m.cfg.Choice.MaxMinutes = 60
	for i, q := range []float64{0, 2, -1, -1.5, 1} {
		m.services[i].Quality = q
	}
	m.signals.owner = []int32{7, 8, 7, 9, 9}
	set := &options{}
	set.list = set.room[:5]
	v := []float64{-1, .5, -3, 0, -9}
	x := []float64{-2, .7, -1, 1, -9}
	wait := []float64{18, 10, 4, 19, 20}
	minutes := []float32{45, 46, 20, 10, 70}
	now := m.standings()
	for k := range set.list {
		set.list[k] = nearby{service: uint16(k), site: uint16(k / 2), minutes: minutes[k]}
		set.v[k], set.x[k], now[k].wait = v[k], x[k], wait[k]
	}
	sum := 0.0
	for _, y := range v {
		sum += math.Exp(y)
	}
	entropy, logsum, surprise, meanX := 0.0, math.Log(sum), 0.0, 0.0
	var p [5]float64
	for k, y := range v {
		p[k] = math.Exp(y) / sum
		entropy -= p[k] * math.Log(p[k])
		surprise += p[k] * (x[k] - y)
		meanX += p[k] * x[k]
	}
	taste := &taste{minutes: .05}
	d, covered := m.weigh(set, now, taste)
	want := decision{effective: math.Exp(entropy), reach: 5, acceptable: 1, real: 1, value: (logsum + surprise) / .05, experienced: meanX / .05, burden: market.Burden(5, .5)}
	got := handed{"effective": d.effective, "reach": d.reach, "acceptable": d.acceptable, "real": d.real, "value": d.value, "experienced": d.experienced, "burden": d.burden}
	for name, w := range map[string]float64{"effective": want.effective, "reach": want.reach, "acceptable": want.acceptable, "real": want.real,
		"value": want.value, "experienced": want.experienced, "burden": want.burden} {
		got.want(t, name, w)
	}
	if !covered {
		t.Error("not covered, though three options are in reach and in time")
	}
	controllers, sites := set.concentration(now) // owners 7: 0, 2; 8: 1; 9: 3, 4; sites 0, 0, 1, 1, 2
	got = handed{"controllers": controllers, "sites": sites}
	got.want(t, "controllers", (p[0]+p[2])*(p[0]+p[2])+p[1]*p[1]+(p[3]+p[4])*(p[3]+p[4]))
	got.want(t, "sites", (p[0]+p[1])*(p[0]+p[1])+(p[2]+p[3])*(p[2]+p[3])+p[4]*p[4])

	set.only(3)
	d, covered = m.weigh(set, now, taste)
	if len(set.list) != 1 || set.list[0].service != 3 || covered || d.effective != 1 || d.reach != 1 || d.real != 0 || d.acceptable != 0 || d.value != 1/.05 || d.experienced != 1/.05 {
		t.Errorf("one option, too late: %+v, covered %v", d, covered)
	}
	for _, row := range []struct {
		p    []float64
		real float64
	}{{[]float64{.9, .1}, 1}, {[]float64{.95, .05}, 0}, {[]float64{1}, 0}, {[]float64{.4, .3, .3}, 1}} {
		d := m.plain(row.p)
		e := 0.0
		for _, x := range row.p {
			e -= x * math.Log(x)
		}
		if n := float64(len(row.p)); d.real != row.real || d.reach != n || d.acceptable != n || math.Abs(d.effective-math.Exp(e)) > 1e-12 || d.burden != market.Burden(len(row.p), .5) {
			t.Errorf("%v: %+v", row.p, d)
		}
	}
	one := decision{effective: 1, reach: 2, acceptable: 3, real: 4, value: 5, experienced: 6, burden: 7}
	two := one
	if two.add(&one, 10); two != (decision{11, 22, 33, 44, 55, 66, 77}) {
		t.Errorf("sum %+v", two)
	}
}

// TestMeasuresOfEntry: what options are worth at first sight and as they turn out.
func TestMeasuresOfEntry(t *testing.T) {
	b := branch(t, warm(t, county, .2), scenario(t, "status-quo"))
	steps(t, b, 30)
	p := &b.parts[0].people[0]
	set := &options{}
	b.optionsFor(set, p, 2)
	taste := b.tastes(p)
	now := b.standings()
	b.entryUtilities(set, now, p, &taste)
	if len(set.list) < 2 {
		t.Fatalf("%d options", len(set.list))
	}
	c, in := &b.cfg.Choice, &b.cfg.Integration
	for k, o := range set.list {
		s := &b.services[o.service]
		wait := s.ClinicWait + b.cfg.Treatment.ListShare*s.ListWait
		phi := float64(b.links.phi[int(p.Practice)*b.links.providers+int(s.Provider)])
		base := -taste.minutes*float64(o.minutes) - taste.wait*wait
		near(t, "wait", now[o.service].wait, wait, 1e-12)
		near(t, "at first sight", set.v[k], base+taste.quality*taste.accuracy*s.Rating-c.Failure*s.Failure, 1e-9)
		near(t, "as it turns out", set.x[k], base+taste.quality*c.Accuracy*s.Quality-c.Failure*in.FailureRate*(1-in.Effect*phi), 1e-9)
	}
}

// TestMeasuresOfDecisions takes the standard decisions of people again, one kind at a time, and compares
// what the panel sums.
func TestMeasuresOfDecisions(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"status-quo", "competing-systems", "medical-group-insurer", "single-system-torbay", "airline"} {
		m := branch(t, warm(t, county, .2), scenario(t, name))
		steps(t, m, 20)
		now := m.standings()
		for who := 0; who < 60; who += 7 {
			p := &m.parts[0].people[who]
			if !p.Is(agents.Alive) {
				continue
			}
			practice, system := m.practiceAgain(p), m.systemAgain(p)
			var sum decision
			var covered, lines, open, hhi, sites float64
			for l := range uint8(place.Lines) {
				set := &options{}
				m.optionsFor(set, p, l)
				if len(set.list) == 0 {
					continue
				}
				taste := m.tastes(p)
				pick := m.standing(set, p, l)
				m.entryUtilities(set, now, p, &taste)
				if !m.regime.choice {
					set.only(pick)
				}
				d, in := m.weigh(set, now, &taste)
				h, s := set.concentration(now)
				sum.add(&d, 1)
				lines++
				hhi += h
				sites += s
				if in {
					covered++
				}
				if len(set.list) > 1 {
					open++
				}
			}
			var got [basketKinds]int64
			m.decide(&options{}, now, &got, p, nil)
			third := func(f func(d *decision) float64) float64 {
				return (f(&practice) + f(&system) + f(&sum)/max(lines, 1)) / 3
			}
			for k, want := range map[basketKind]float64{
				sumPeople: 1, sumLines: float64(place.Lines), sumUncovered: float64(place.Lines) - covered, sumOpen: open,
				sumEffective: third(func(d *decision) float64 { return d.effective }), sumReach: third(func(d *decision) float64 { return d.reach }),
				sumAcceptable: third(func(d *decision) float64 { return d.acceptable }), sumReal: third(func(d *decision) float64 { return d.real }),
				sumBurden: third(func(d *decision) float64 { return d.burden }), sumValue: sum.value / max(lines, 1), sumExperienced: sum.experienced / max(lines, 1),
				sumHHI: hhi / max(lines, 1), sumSiteHHI: sites / max(lines, 1),
			} {
				if math.Abs(float64(got[k])-1e6*want) > 2 {
					t.Errorf("%s, person %d: sum %d is %d, want %.0f millionths", name, who, k, got[k], 1e6*want)
				}
			}
		}
	}
}

// practiceAgain is the decision on a practice, worked out plainly.
func (m *Model) practiceAgain(p *agents.Patient) decision {
	if !m.regime.practice || len(m.geo.choices[p.Area]) < 2 {
		return decision{effective: 1, reach: 1, acceptable: 1}
	}
	return m.plain(m.practiceOdds(p))
}

// practiceOdds are the probabilities of the practices that serve the home.
func (m *Model) practiceOdds(p *agents.Patient) []float64 {
	var odds []float64
	sum := 0.0
	for _, c := range m.geo.choices[p.Area][:min(len(m.geo.choices[p.Area]), 32)] {
		d := &m.signals.front[c.practice]
		odds = append(odds, math.Exp(float64(c.logShare)+float64(d.appeal)+m.recruits(p, d.system)))
		sum += odds[len(odds)-1]
	}
	for k := range odds {
		odds[k] /= sum
	}
	return odds
}

// systemAgain is the decision on a system, worked out plainly.
func (m *Model) systemAgain(p *agents.Patient) decision {
	var odds []float64
	switch {
	case m.regime.direct && len(m.systems) > 1:
		sum := 0.0
		for s := range m.systems {
			if m.systems[s].Open {
				v := m.systemAppeal(uint16(s)) + m.recruits(p, uint16(s)) - m.cfg.Choice.Minutes*m.minutesTo(p.Area, uint16(s))/2
				odds = append(odds, math.Exp(v))
				sum += odds[len(odds)-1]
			}
		}
		for k := range odds {
			odds[k] /= sum
		}
	case m.cfg.Regime.Enrolment == "via-practice" && m.regime.practice && len(m.geo.choices[p.Area]) > 1:
		of := map[uint16]int{}
		for k, x := range m.practiceOdds(p) {
			s := m.practices[m.geo.choices[p.Area][k].practice].System
			if _, seen := of[s]; !seen {
				of[s] = len(odds)
				odds = append(odds, 0)
			}
			odds[of[s]] += x
		}
	}
	if odds == nil {
		return decision{effective: 1, reach: 1, acceptable: 1}
	}
	return m.plain(odds)
}

// TestMeasuresOfChoice: the panel's sums as they are handed out.
func TestMeasuresOfChoice(t *testing.T) {
	m := &Model{}
	m.cfg = configs.Default()
	b := basket{}
	for k := range basketKinds {
		b[3][k] = int64(1e6 * (2 + int(k)))
	}
	at := func(k basketKind) float64 { return float64(2 + int(k)) }
	c := numbered()
	h := handed{}
	m.putChoice(h.put, &b, &groups[0], c)
	for name, k := range map[string]basketKind{"effective_options": sumEffective, "options_in_reach": sumReach, "acceptable_options": sumAcceptable,
		"real_choice": sumReal, "choice_value": sumValue, "experienced_value": sumExperienced, "choice_burden": sumBurden, "hhi_flows": sumHHI, "hhi_sites": sumSiteHHI} {
		h.want(t, name, at(k)/at(sumPeople))
	}
	h.want(t, "uncovered_need", at(sumUncovered)/at(sumLines))
	p, n := &m.cfg.Payment, &c.n
	elective := (n[firsts]+n[followUps])*p.FirstAttendance + n[dayCases]*p.DayCase + n[inpatients]*p.Inpatient
	all := elective + n[otherAdmissions]*p.OtherAdmission + (n[avoidableEmergencies]+n[otherEmergencies])*p.Emergency + n[aeVisits]*p.AEVisit +
		n[gpContacts]*p.GPContact + n[nurseContacts]*p.NurseContact
	h.want(t, "spend_open_to_choice", at(sumOpen)/at(sumLines)*elective/all)
}

// TestMeasuresByGroup: at the end of a year every group with people has the measures of everyone that
// can be had for a group.
func TestMeasuresByGroup(t *testing.T) {
	m := branch(t, warm(t, county, .2), scenario(t, "competing-systems"))
	steps(t, m, 52)
	have := map[string]map[string]bool{}
	for _, o := range m.Take().Outcomes {
		if o.Quarter == 4 {
			if have[o.Group] == nil {
				have[o.Group] = map[string]bool{}
			}
			have[o.Group][o.Measure] = true
		}
	}
	for _, g := range groups[1:] {
		for _, name := range []string{"mortality", "control", "upc", "quality_index", "effective_options", "cost_per_head"} {
			if name == "upc" && g.name == tables.WorstOff { // of it quality and the headlines alone
				continue
			}
			if !have[g.name][name] && g.name != "age:0-15" && !strings.HasPrefix(g.name, "rurality") {
				t.Errorf("%s has no %s", g.name, name)
			}
		}
	}
}
