package sim

import (
	"math/bits"

	"coexist/agents"
	"coexist/agents/chance"
)

// outcome is what treatment tells a person, who learns it next week.
type outcome struct {
	id       uint64
	slot     uint32
	service  uint16
	referred uint16
	practice uint16
	kind     outcomeKind
	flags    agents.WaitFlags
	nights   uint8
}

// outcomeKind says what happened.
type outcomeKind uint8

const (
	seenFirst outcomeKind = iota // first attendance at the clinic
	treated                      // admitted from the list
	gaveUp                       // left the list without attending
)

// treatment is what the sites of one chunk write: outcomes by part of the people, and counts.
type treatment struct {
	out  [][]outcome
	gone *idSet // those who died this week while they waited
	left [2]int // how many of them had waited for a clinic, and for the list
}

// treat runs every site (ODD 7.5): beds, then the clinic and the list of each service. Sites see the
// requests of this week and write only what is theirs; people hear of it in the next.
func (m *Model) treat() {
	m.mergeBookings()
	gone := m.gone()
	m.parallel(siteChunks, func(w, chunk int) {
		t := &m.treatment[chunk]
		for i := range t.out {
			t.out[i] = t.out[i][:0]
		}
		t.gone, t.left = gone, [2]int{}
		m.arrive(chunk)
		for site := range m.sites {
			if m.chunkOf(uint16(site)) == chunk {
				m.runSite(&m.workers[w], t, site)
			}
		}
	})
	m.runSocialCare()
}

// chunkOf is which chunk of sites one belongs to.
func (m *Model) chunkOf(site uint16) int { return int(site) % siteChunks }

// arrive puts the requests of the week into the queues, by part of the people and then in the order
// in which they were made.
func (m *Model) arrive(chunk int) {
	memory := m.memory()
	for k := range m.signals.byChunk[chunk] {
		s := &m.services[m.signals.byChunk[chunk][k]]
		s.Arrivals *= 1 - memory
		s.ListArrivals *= 1 - memory
	}
	for i := range m.parts {
		q := &m.parts[i]
		for k := range q.requests[chunk] {
			r := &q.requests[chunk][k]
			s := &m.services[r.service]
			if r.list {
				m.lists[r.service] = append(m.lists[r.service], r.Waiter)
				s.ListArrivals += memory
			} else {
				m.clinics[r.service] = append(m.clinics[r.service], r.Waiter)
				if r.Flags&agents.NoShow == 0 {
					s.Arrivals += memory
				}
			}
		}
		q.requests[chunk] = q.requests[chunk][:0]
	}
}

// memory is the weight of a week in what sites remember: a year, and half of one until capacities are
// fitted, so that what is fitted has forgotten how the world began.
func (m *Model) memory() float64 {
	if m.week < bedsWeek {
		return 2.0 / 52
	}
	return 1.0 / 52
}

// runSite runs one site for a week.
func (m *Model) runSite(wk *worker, t *treatment, site int) {
	h := &m.sites[site]
	c := &m.cfg
	now := m.week % agents.Horizon
	beds := max(h.Beds, 1e-9) * 7
	emergencies := float64(h.Emergency[now]) / beds
	rho := emergencies + float64(h.Elective[now])/beds
	h.Mean += float64(m.memory() * (rho - h.Mean))
	h.Occupancy = h.Mean + float64(m.signals.rootSample*(rho-h.Mean))
	h.Crowding = max(h.Occupancy-c.Beds.Occupancy, 0)
	h.Breach = breach(c.Beds.Breach, float64(c.Beds.BreachSlope*(h.Occupancy-c.Beds.Occupancy)))
	wk.breaches[site] = h.Breach * float64(h.Visits)
	free := float64(c.Beds.ElectiveLimit*beds) - float64(h.Emergency[now]) - float64(h.Elective[now])
	if m.set.Sample < 1 { // a small sample swings more than the hospital would: hold it to its mean
		mean := float64(h.Mean * beds)
		free = float64(c.Beds.ElectiveLimit*beds) - mean - float64(m.signals.rootSample*(float64(rho*beds)-mean)) + h.ElectiveMean
	}
	if !m.reference.Fixed && m.week < bedsWeek {
		free = 1e9 // beds are not fitted yet
	}
	for _, service := range m.signals.bySite[site] {
		m.runClinic(wk, t, service)
		free = m.runList(wk, t, service, free)
	}
}

// breach is the share of A&E visits over four hours: that at reference occupancy, times exp(rise) for
// crowding, up to breachMost. The rise has no end where beds are nearly none, and exp(rise) is infinite
// then; a share of 0 stays 0 all the same.
func breach(share, rise float64) float64 {
	if share <= 0 {
		return 0
	}
	return min(breachMost, share*chance.Exp(rise))
}

const breachMost = .6 // share of visits

// waitClasses is how many classes of those who wait there are: fast or not, late or not.
const waitClasses = 4

// classOf is the class of a waiter this week, or -1 if the person cannot be served.
func (m *Model) classOf(w *agents.Waiter) int {
	if w.Flags&agents.NoShow != 0 || int32(w.Joined) > m.week {
		return -1
	}
	k := int(w.Flags & agents.Fast)
	if m.week-int32(w.Referred) >= int32(m.cfg.Treatment.LateWeek) {
		k += 2
	}
	return k
}

// classes takes the dead off the queue of a stage, 0 for a clinic and 1 for a list, so that they neither
// make others wait nor take their slots, and counts those left who can be served this week, by class and
// together.
func (m *Model) classes(t *treatment, stage int, queue []agents.Waiter) (living []agents.Waiter, n [waitClasses]int, waiting int) {
	kept := 0
	for k := range queue {
		w := &queue[k]
		if t.gone.mayHold(w.ID) {
			if _, dead := t.gone.find(w.ID); dead {
				if stage == 1 || int32(w.Referred) != m.week { // who was referred this week had not come to wait
					t.left[stage]++
				}
				continue
			}
		}
		if class := m.classOf(w); class >= 0 {
			n[class]++
			waiting++
		}
		if kept != k {
			queue[kept] = *w
		}
		kept++
	}
	return queue[:kept], n, waiting
}

// runClinic sees people at the clinic of a service.
func (m *Model) runClinic(wk *worker, t *treatment, service uint16) {
	s, c := &m.services[service], &m.cfg.Treatment
	queue, n, waiting := m.classes(t, 0, m.clinics[service])
	slots := m.slots(s.Clinic, float64(waiting), c.ClinicQueue)
	s.ClinicCredit += slots
	odds := m.serveOdds(s.ClinicCredit, &n, c.ClinicFast)
	luck := m.luck(s.Line, 0)
	leave := 1 - m.signals.stay
	kept := 0
	served := 0.0
	for k := range queue {
		w := &queue[k]
		class := m.classOf(w)
		u := luck.Of(w.ID)
		switch {
		case class >= 0 && u < odds[class]:
			served++
			t.tell(w, service, seenFirst, 0)
		case class < 0 && w.Flags&agents.NoShow != 0 && u < leave:
			t.tell(w, service, gaveUp, 0)
		default:
			queue[kept] = *w
			kept++
		}
	}
	m.clinics[service] = queue[:kept]
	s.ClinicCredit = clip(s.ClinicCredit-served, -float64(4*slots)-4, slots+1)
	wk.extra[service] += int64(max(served-s.Clinic, 0) * 1000)
	wk.seen[service] += int64(served)
	s.ClinicWait += float64(m.cfg.Choice.WaitSmoothing * (float64(waiting)/max(s.Clinic, .01) - s.ClinicWait))
	s.Volume += (served - s.Volume) / 52
}

// runList treats people from the list of a service, as far as free bed days allow; it returns what
// is left of them.
func (m *Model) runList(wk *worker, t *treatment, service uint16, free float64) float64 {
	s, c := &m.services[service], &m.cfg.Treatment
	queue, n, waiting := m.classes(t, 1, m.lists[service])
	slots := float64(m.slots(s.List, float64(waiting), c.ListQueue) * m.signals.electiveScale)
	s.ListCredit += slots
	odds := m.serveOdds(s.ListCredit, &n, c.ListFast)
	luck := m.luck(s.Line, 1)
	kept := 0
	served := 0.0
	h := &m.sites[s.Site]
	for k := range queue {
		w := &queue[k]
		class := m.classOf(w)
		if class < 0 || luck.Of(w.ID) >= odds[class] {
			queue[kept] = *w
			kept++
			continue
		}
		rng := m.seed.At(chance.Key2(w.ID, uint64(m.services[service].Line)), int32(w.Referred), chance.Stay) // of the episode: who needs a bed goes on needing it
		nights := 0
		if rng.Float64() < m.signals.overnight {
			nights = max(m.stay(m.cfg.Beds.StayElective, &rng), 1)
		}
		if nights > 0 && (free <= 0 || m.set.Sample == 1 && float64(min(nights, 7)) > free) { // displaced: stays on the list
			queue[kept] = *w
			kept++
			continue
		}
		free -= float64(nights)
		for d := 0; d < nights; d += 7 {
			h.Elective[(m.week+int32(d/7))%agents.Horizon] += int64(min(nights-d, 7))
		}
		served++
		t.tell(w, service, treated, nights)
	}
	m.lists[service] = queue[:kept]
	s.ListCredit = clip(s.ListCredit-served, -float64(4*slots)-4, slots+1)
	wk.extra[service] += int64(max(served-s.List, 0) * 1000)
	wk.seen[service] += int64(served)
	s.ListWait += float64(m.cfg.Choice.WaitSmoothing * (float64(waiting)/max(s.List, .003) - s.ListWait))
	s.Volume += served / 52
	return free
}

// slots is how many people a service can take this week: K0, more when the queue is long (ODD 7.5).
func (m *Model) slots(k0, waiting, weeks float64) float64 {
	c := &m.cfg.Treatment
	low := c.SlotsMin
	if m.week < 26 {
		low = .6 // the queues of the start fill within the warm-up
	}
	factor := clip(1+float64(c.Elasticity*(waiting/max(float64(weeks*k0), 1e-9)-1)), low, c.SlotsMax)
	if factor > 1 {
		factor = 1 + float64((factor-1)*m.signals.extraFunds)
	}
	return float64(k0 * factor)
}

// serveOdds is the probability of being served this week by class: 1 - exp(-lam w), lam such that
// the slots are filled.
func (m *Model) serveOdds(slots float64, n *[waitClasses]int, fast float64) (odds [waitClasses]float64) {
	total := 0
	late := m.cfg.Treatment.LateWeight
	weight := [waitClasses]float64{1, fast, late, fast * late}
	sum := 0.0
	for k, count := range n {
		total += count
		sum += float64(float64(count) * weight[k])
	}
	switch {
	case slots <= 0 || total == 0:
		return odds
	case slots >= float64(total):
		return [waitClasses]float64{1, 1, 1, 1}
	}
	lam := slots / sum
	for range 30 { // Newton from below: the function is concave, so it never overshoots
		f, slope := -slots, 0.0
		for k, count := range n {
			if count == 0 {
				continue
			}
			e := chance.Exp(-lam * weight[k])
			f += float64(float64(count) * (1 - e))
			slope += float64(float64(float64(count)*weight[k]) * e)
		}
		step := f / slope
		lam -= step
		if abs(step) < 1e-6*lam {
			break
		}
	}
	for k := range odds {
		odds[k] = 1 - chance.Exp(-lam*weight[k])
	}
	return odds
}

// servePurposes is how many bits hold a purpose: what is above tells lines and stages apart.
const servePurposes = 6

// luck holds everyone's uniform for being served this week at a stage of a line, wherever that is.
func (m *Model) luck(line uint8, stage uint16) chance.Stream {
	return m.seed.At(0, m.week, chance.Serve+chance.Purpose(uint16(line)<<1|stage)<<servePurposes)
}

// tell writes an outcome for a person.
func (t *treatment) tell(w *agents.Waiter, service uint16, kind outcomeKind, nights int) {
	out := &t.out[w.Slot>>slotBits]
	*out = append(*out, outcome{id: w.ID, slot: w.Slot, service: service, referred: w.Referred, practice: w.Practice,
		kind: kind, flags: w.Flags, nights: uint8(nights)})
}

// mergeBookings adds what the workers booked to the beds of each site.
func (m *Model) mergeBookings() {
	gone := (m.week + agents.Horizon - 1) % agents.Horizon
	for site := range m.sites {
		h := &m.sites[site]
		h.Emergency[gone], h.Elective[gone] = 0, 0
		h.Visits, h.Delayed = 0, 0
		for w := range m.workers {
			wk := &m.workers[w]
			h.Visits += wk.visits[site]
			h.Delayed += wk.delayed[site]
			wk.visits[site], wk.delayed[site] = 0, 0
			nights := &wk.nights[site]
			for k, n := range nights {
				h.Emergency[k] += n
				nights[k] = 0
			}
		}
	}
}

// book books bed days at a site from this week on.
func (wk *worker) book(m *Model, site uint16, days int) {
	nights := &wk.nights[site]
	for d := 0; d < days; d += 7 {
		nights[(int(m.week)+d/7)%agents.Horizon] += int64(min(days-d, 7))
	}
}

// outcomes tells the people of a part what happened to them last week.
func (m *Model) outcomes(wk *worker, pt int) {
	q := &m.parts[pt]
	var touched uint16 // brings the people in together
	for chunk := range m.treatment {
		for _, o := range m.treatment[chunk].out[pt] {
			touched += q.people[o.slot&(1<<slotBits-1)].Practice
		}
	}
	wk.touched += touched
	for chunk := range m.treatment {
		out := m.treatment[chunk].out[pt]
		for k := range out {
			o := &out[k]
			i := int(o.slot & (1<<slotBits - 1))
			p := &q.people[i]
			if p.ID != o.id || p.Flags&agents.Alive == 0 {
				continue
			}
			switch o.kind {
			case seenFirst:
				m.firstSeen(wk, pt, i, p, o)
			case treated:
				m.treatedFromList(wk, pt, i, p, o)
			case gaveUp:
				p.Waiting &^= 1 << m.services[o.service].Line
				wk.tally.count(p, nonAttendances)
			}
		}
	}
}

// firstSeen is the first attendance at a clinic: on to the list, or out after tests and follow-ups.
func (m *Model) firstSeen(wk *worker, pt, i int, p *agents.Patient, o *outcome) {
	s, c := &m.services[o.service], &m.cfg.Treatment
	rng := m.seed.At(chance.Key2(p.ID, uint64(s.Line)), m.week, chance.Contract)
	m.attend(wk, pt, i, p, o.service, true)
	weeks := int(m.week) - 1 - int(o.referred)
	if o.flags&agents.WillList != 0 {
		r := request{service: o.service, list: true, Waiter: agents.Waiter{ID: p.ID, Slot: o.slot, Referred: o.referred,
			Joined: uint16(m.week), Practice: o.practice, Flags: o.flags}}
		if m.handoff(wk, pt, i, p, s.Provider, m.links.within(s.Provider), &rng) {
			m.afterFailure(wk, p, s.Provider, &rng)
			if rng.Float64() < m.cfg.Integration.DelayProb {
				r.Joined += uint16(m.cfg.Integration.DelayWeeks)
			}
		}
		chunk := m.chunkOf(s.Site)
		m.parts[pt].requests[chunk] = append(m.parts[pt].requests[chunk], r)
	} else if o.flags&agents.Fast == 0 && rng.Float64() < c.TestShare {
		wait := 1 + int(c.TestWeeks*rng.Exponential())
		m.parts[pt].diary.write(m.week, wait, entry{id: uint32(p.ID), slot: o.slot, at: o.service, kind: entryTests, left: uint8(min(weeks+wait, 255))})
	} else {
		m.endClock(wk, p, weeks, false)
		p.Waiting &^= 1 << s.Line
	}
	if n := int(c.FollowUps + rng.Float64()); n > 0 {
		m.parts[pt].diary.write(m.week, 1+int(c.FollowUpWeeks*rng.Exponential()), entry{id: uint32(p.ID), slot: o.slot, at: o.service, kind: entryFollowUp, left: uint8(n)})
	}
	if rng.Float64() < m.signals.onwardClinic*float64(bits.OnesCount32(p.Conditions)) {
		m.refer(pt, i, p, s.Provider, false)
	}
}

// attend is an attendance at a clinic.
func (m *Model) attend(wk *worker, pt, i int, p *agents.Patient, service uint16, first bool) {
	s := &m.services[service]
	kind, bill := followUps, billFollowUp
	if first {
		kind, bill = firsts, billFirst
	}
	wk.tally.count(p, kind)
	wk.bill(m, p, s.Provider, bill)
	wk.slots[service]++
	if p.Flags&follow != 0 {
		t := m.follow(pt, i)
		t.attendances++
		t.see(s.Site)
	}
}

// treatedFromList is an elective admission: outcome, experience, and the handoff home.
func (m *Model) treatedFromList(wk *worker, pt, i int, p *agents.Patient, o *outcome) {
	s := &m.services[o.service]
	rng := m.seed.At(chance.Key2(p.ID, uint64(s.Line)), m.week, chance.Harm)
	kind, bill := dayCases, billDayCase
	if o.nights > 0 {
		kind, bill = inpatients, billInpatient
	}
	wk.tally.count(p, kind)
	wk.bill(m, p, s.Provider, bill)
	wk.slots[o.service]++
	wk.tally.add(p, bedDays, int32(o.nights))
	weeks := int(m.week) - 1 - int(o.referred)
	m.endClock(wk, p, weeks, true)
	p.Waiting &^= 1 << s.Line
	m.harmIn(wk, pt, i, p, s.Quality, &rng)
	m.experience(p, s, &rng)
	if m.handoff(wk, pt, i, p, s.Provider, m.links.practice(p.Practice, s.Provider), &rng) {
		m.afterFailure(wk, p, s.Provider, &rng)
	}
	if p.Flags&follow != 0 {
		t := m.follow(pt, i)
		t.elective++
		t.bedDays += uint16(o.nights)
		t.see(s.Site)
		t.waited += uint16(weeks)
		t.waits++
	}
}

// experience adds one treatment to what the person knows of the site.
func (m *Model) experience(p *agents.Patient, s *agents.Service, rng *chance.Stream) {
	if p.LastSite != s.Site {
		p.LastSite, p.Visits, p.Score = s.Site, 0, 0
	}
	score := float64(p.Score)
	if p.Visits == remembered { // the oldest fades
		score -= float64(score / remembered)
	} else {
		p.Visits++
	}
	p.Score = int8(clip(score+float64(10*(s.Quality+rng.Normal())), -120, 120))
}

// remembered is how many treatments at a site a person remembers: assumption (4 to 20).
const remembered = 8

// endClock stops the clock from referral to treatment.
func (m *Model) endClock(wk *worker, p *agents.Patient, weeks int, admitted bool) {
	weeks = min(max(weeks, 0), waitBins-1)
	k := 0
	if admitted {
		k = 1
	}
	wk.tally.waits[p.Cell/ageBands][k][weeks]++
}

// runSocialCare takes people home: cases beyond capacity wait.
func (m *Model) runSocialCare() {
	mean, expected := 0.0, 0.0
	for d := range m.social {
		s := &m.social[d]
		s.Cases = 0
		for w := range m.workers {
			s.Cases += m.workers[w].social[d]
			m.workers[w].social[d] = 0
		}
		s.Mean += (float64(s.Cases) - s.Mean) / 52
		mean += s.Mean
		expected += s.Expected
	}
	for d := range m.social {
		s := &m.social[d]
		if s.Capacity > 0 {
			// A small sample swings more than the district would: what its old people should bring, as all
			// districts find it, and of the swing only the part that everyone would show.
			usual := mean * s.Expected / max(expected, 1e-9)
			cases := usual + float64(m.signals.rootSample*(float64(s.Cases)-usual))
			s.Queue = max(s.Queue+cases-s.Capacity, 0)
			s.Delay = min(7*s.Queue/s.Capacity, 28)
		}
	}
}
