package sim

import (
	"coexist/agents"
	"coexist/agents/chance"
	"coexist/market"
	"coexist/sim/place"
)

// basketKind is what is summed over the panel.
type basketKind uint8

const (
	sumPeople basketKind = iota
	sumEffective
	sumReach
	sumAcceptable
	sumReal
	sumValue
	sumExperienced
	sumBurden
	sumHHI
	sumSiteHHI
	sumUncovered
	sumLines
	sumOpen
	sumCOC
	sumUPC
	sumSECON
	sumSeen // people with two or more contacts
	sumSites
	sumClinicians
	sumContacted
	sumControl
	sumChronic
	sumUsual
	basketKinds
)

// basket holds sums over the panel by group, in millionths, so that the order of adding does not
// matter.
type basket [cells][basketKinds]int64

func micro(x float64) int64 { return int64(floor(float64(x*1e6) + .5)) }

// sampleChoice asks every person of the panel for one standard decision of each kind (ODD,
// observation): a practice, a system, a referral in each line, used or not. Where their referrals would
// go is added to seen, if it is not nil. Nothing is changed.
func (m *Model) sampleChoice(seen *expected) *basket {
	by := make([]basket, len(m.parts))
	scratch := make([]options, m.set.Workers)
	now := m.standings()
	m.parallel(len(m.parts), func(w, i int) {
		q := &m.parts[i]
		for k := range q.tracks {
			t := &q.tracks[k]
			p := &q.people[t.slot]
			if p.ID == t.id && p.Is(agents.Alive|agents.Panel) {
				m.decide(&scratch[w], now, &by[i][p.Cell], p, seen)
			}
		}
	})
	return sumBaskets(by)
}

// standing is a service as it is at the moment of measuring, close together in memory.
type standing struct {
	wait            float64 // weeks, as in offer
	rating, failure float64
	quality         float64
	owner           int32
	provider        uint16
}

// standings lists all services.
func (m *Model) standings() []standing {
	list := make([]standing, len(m.services))
	for i := range m.services {
		s := &m.services[i]
		list[i] = standing{wait: s.ClinicWait + float64(m.cfg.Treatment.ListShare*s.ListWait), rating: s.Rating,
			failure: s.Failure, quality: s.Quality, owner: m.signals.owner[i], provider: s.Provider}
	}
	return list
}

func sumBaskets(by []basket) *basket {
	sum := &basket{}
	for i := range by {
		for c := range by[i] {
			for k, x := range by[i][c] {
				sum[c][k] += x
			}
		}
	}
	return sum
}

// decision is what one standard decision looks like.
type decision struct {
	effective, reach, acceptable, real, value, experienced, burden float64
}

// decide takes the standard decisions of one person. The three kinds (practice, system, referral)
// weigh the same.
func (m *Model) decide(set *options, now []standing, b *[basketKinds]int64, p *agents.Patient, seen *expected) {
	t := m.tastes(p)
	practice, system := m.decidePractice(p)
	var referral decision
	lines, hhi, sites := 0.0, 0.0, 0.0
	for l := range uint8(place.Lines) {
		b[sumLines] += 1e6
		m.optionsFor(set, p, l)
		if len(set.list) == 0 {
			b[sumUncovered] += 1e6
			continue
		}
		var pick int
		if !m.regime.choice {
			pick = m.standing(set, p, l)
		}
		m.entryUtilities(set, now, p, &t)
		if !m.regime.choice {
			set.only(pick)
		}
		d, covered := m.weigh(set, now, &t)
		seen.add(p.Area, l, set, now)
		h, s := set.concentration(now)
		hhi += h
		sites += s
		if !covered {
			b[sumUncovered] += 1e6
		}
		if len(set.list) > 1 {
			b[sumOpen] += 1e6
		}
		referral.add(&d, 1)
		lines++
	}
	lines = max(lines, 1)
	var all decision
	all.add(&practice, 1.0/3)
	all.add(&system, 1.0/3)
	all.add(&referral, 1/lines/3)
	b[sumPeople] += 1e6
	b[sumEffective] += micro(all.effective)
	b[sumReach] += micro(all.reach)
	b[sumAcceptable] += micro(all.acceptable)
	b[sumReal] += micro(all.real)
	b[sumValue] += micro(referral.value / lines)
	b[sumExperienced] += micro(referral.experienced / lines)
	b[sumBurden] += micro(all.burden)
	b[sumHHI] += micro(hhi / lines)
	b[sumSiteHHI] += micro(sites / lines)
}

func (d *decision) add(o *decision, w float64) {
	d.effective += float64(w * o.effective)
	d.reach += float64(w * o.reach)
	d.acceptable += float64(w * o.acceptable)
	d.real += float64(w * o.real)
	d.value += float64(w * o.value)
	d.experienced += float64(w * o.experienced)
	d.burden += float64(w * o.burden)
}

// only leaves one option.
func (set *options) only(k int) {
	set.list, set.v[0], set.x[0] = set.list[k:k+1], set.v[k], set.x[k]
}

// entryUtilities fills in what options are worth at first sight: without inertia and advice (v), and
// as they turn out (x).
func (m *Model) entryUtilities(set *options, now []standing, p *agents.Patient, t *taste) {
	c, in := &m.cfg.Choice, &m.cfg.Integration
	believed, rated := t.quality*c.Accuracy, t.quality*t.accuracy
	links := m.links.phi[int(p.Practice)*m.links.providers:]
	for k, o := range set.list {
		s := &now[o.service]
		base := -float64(t.minutes*float64(o.minutes)) - float64(t.wait*s.wait)
		fails := market.FailProb(in.FailureRate, in.Effect, float64(links[s.provider]))
		set.v[k] = base + float64(rated*s.rating) - float64(c.Failure*s.failure)
		set.x[k] = base + float64(believed*s.quality) - float64(c.Failure*fails)
	}
}

// weigh sums up a decision among the options of a referral: logit probabilities, the entropy from
// them without a logarithm for each, and the worth in minutes of travel.
func (m *Model) weigh(set *options, now []standing, t *taste) (d decision, covered bool) {
	n := len(set.list)
	v, x, prob := set.v[:n], set.x[:n], set.p[:n]
	top := v[0]
	for _, y := range v {
		top = max(top, y)
	}
	sum := 0.0
	for k, y := range v {
		prob[k] = chance.Exp(y - top)
		sum += prob[k]
	}
	mean, surprise := 0.0, 0.0 // of v less top; of x less v
	c := &m.cfg.Measures
	often := 0
	for k := range v {
		prob[k] /= sum
		mean += float64(prob[k] * (v[k] - top))
		surprise += float64(prob[k] * (x[k] - v[k]))
		if prob[k] >= .1 {
			often++
		}
		o := &set.list[k]
		if s := &now[o.service]; s.wait <= c.AcceptWeeks {
			covered = covered || float64(o.minutes) <= m.cfg.Choice.MaxMinutes
			if float64(o.minutes) <= c.AcceptMinutes && s.quality > c.AcceptQuality {
				d.acceptable++
			}
		}
	}
	d.reach = float64(n)
	d.effective = 1
	d.value = x[0]
	if n > 1 {
		d.effective = sum * chance.Exp(-mean)
		d.value = top + chance.Log(sum) + surprise
	}
	if often >= 2 {
		d.real = 1
	}
	d.value /= t.minutes
	d.experienced = (top + mean + surprise) / t.minutes
	d.burden = market.Burden(n, c.Burden)
	return d, covered
}

// concentration is the sum of squared shares of the person's expected flow by controlling
// organisation and by site.
func (set *options) concentration(now []standing) (controllers, sites float64) {
	var owner [maxOptions]int32
	for k, o := range set.list {
		square := float64(set.p[k] * set.p[k])
		controllers += square
		sites += square
		owner[k] = now[o.service].owner
		for j, other := range set.list[:k] {
			both := 2 * float64(set.p[k]*set.p[j])
			if owner[j] == owner[k] {
				controllers += both
			}
			if other.site == o.site {
				sites += both
			}
		}
	}
	return controllers, sites
}

// decidePractice takes the decision on a practice, and with it that on a system where one enrols
// through the practice.
func (m *Model) decidePractice(p *agents.Patient) (practice, system decision) {
	one := decision{effective: 1, reach: 1, acceptable: 1}
	practice, system = one, one
	choices := m.geo.choices[p.Area]
	if m.regime.practice && len(choices) > 1 {
		var v, prob [32]float64
		n := min(len(choices), len(v))
		for k := range n {
			d := &m.signals.front[choices[k].practice]
			v[k] = float64(choices[k].logShare) + float64(d.appeal) + m.recruits(p, d.system)
		}
		market.Probabilities(v[:n], prob[:n])
		practice = m.plain(prob[:n])
		if m.cfg.Regime.Enrolment == "via-practice" {
			var share [32]float64
			var of [32]uint16
			found := 0
			for k := range n {
				s := m.practices[choices[k].practice].System
				j := 0
				for j < found && of[j] != s {
					j++
				}
				if j == found {
					of[j] = s
					found++
				}
				share[j] += prob[k]
			}
			system = m.plain(share[:found])
		}
	}
	if m.regime.direct {
		var v, prob [32]float64
		n := 0
		for s := range m.systems {
			if m.systems[s].Open && n < len(v) {
				v[n] = -float64(m.cfg.Choice.Minutes*.5*m.minutesTo(p.Area, uint16(s))) + m.systemAppeal(uint16(s)) + m.recruits(p, uint16(s))
				n++
			}
		}
		if n > 0 {
			market.Probabilities(v[:n], prob[:n])
			system = m.plain(prob[:n])
		}
	}
	return practice, system
}

// plain sums up a decision of which only the probabilities count.
func (m *Model) plain(prob []float64) decision {
	d := decision{reach: float64(len(prob)), acceptable: float64(len(prob)), effective: market.EffectiveOptions(prob)}
	often := 0
	for _, x := range prob {
		if x >= .1 {
			often++
		}
	}
	if often >= 2 {
		d.real = 1
	}
	d.burden = market.Burden(len(prob), m.cfg.Measures.Burden)
	return d
}

// sampleCare measures continuity and control on the panel. Nothing is changed.
func (m *Model) sampleCare() *basket {
	by := make([]basket, len(m.parts))
	m.parallel(len(m.parts), func(_, i int) {
		q := &m.parts[i]
		for k := range q.tracks {
			t := &q.tracks[k]
			p := &q.people[t.slot]
			if p.ID == t.id && p.Is(agents.Alive|agents.Panel) {
				m.care(&by[i][p.Cell], p, t)
			}
		}
	})
	return sumBaskets(by)
}

// care measures one person.
func (m *Model) care(b *[basketKinds]int64, p *agents.Patient, t *track) {
	if p.Conditions != 0 {
		now := *p
		m.refresh(&now, &m.signals.desk[p.Practice])
		b[sumControl] += micro(float64(now.Control))
		b[sumChronic] += 1e6
	}
	b[sumUsual] += micro(float64(p.Contacts.Usual(p.Usual)))
	b[sumPeople] += 1e6
	seen := continuityOf(p)
	if seen.contacts >= 2 {
		b[sumSeen] += 1e6
		b[sumUPC] += micro(seen.upc)
		b[sumCOC] += micro(seen.coc)
		b[sumSECON] += micro(seen.secon)
	}
	if t.gp+t.nurse+t.attendances+uint16(t.ae) > 0 {
		b[sumContacted] += 1e6
		b[sumSites] += int64(t.places) * 1e6
		b[sumClinicians] += int64(seen.clinicians+int(t.places)) * 1e6
	}
}

// continuity is that of the GP contacts of one person.
type continuity struct {
	contacts, clinicians int
	upc, coc, secon      float64
}

func continuityOf(p *agents.Patient) (c continuity) {
	var buf [12]uint8
	var visits [16]int
	order := p.Contacts.Sequence(&buf)
	seq := make([]int, 0, 12)
	for _, who := range order {
		visits[who]++
		seq = append(seq, int(who))
	}
	counts := make([]int, 0, 12)
	for _, n := range visits {
		if n > 0 {
			counts = append(counts, n)
		}
	}
	c.contacts, c.clinicians = len(order), len(counts)
	c.upc, _ = agents.UPC(counts)
	c.coc, _ = agents.COC(counts)
	c.secon, _ = agents.SECON(seq)
	return c
}
