package sim

import (
	"slices"

	"coexist/agents"
	"coexist/agents/chance"
)

// treat is the week of hospitals (ODD 7.5): those who asked join the queues, every site treats whom it can,
// and social care takes people home.
func (r *slowModel) treat() {
	m := r.m
	weight := r.forgets()
	for i := range m.services {
		m.services[i].Arrivals *= 1 - weight
		m.services[i].ListArrivals *= 1 - weight
	}
	for _, q := range r.requests {
		s := &m.services[q.service]
		if q.list {
			m.lists[q.service] = append(m.lists[q.service], q.Waiter)
			s.ListArrivals += weight
			continue
		}
		m.clinics[q.service] = append(m.clinics[q.service], q.Waiter)
		if q.Flags&agents.NoShow == 0 {
			s.Arrivals += weight
		}
	}
	for i := range m.services { // the dead neither wait nor take slots
		for _, queue := range []*[]agents.Waiter{&m.clinics[i], &m.lists[i]} {
			*queue = slices.DeleteFunc(*queue, func(w agents.Waiter) bool { return r.gone[w.ID] })
		}
	}
	for chunk := range m.treatment {
		m.treatment[chunk].out = make([][]outcome, len(m.parts))
	}
	for site := range m.sites {
		free := r.beds(site)
		for k := range m.services {
			if int(m.services[k].Site) == site {
				r.clinic(uint16(k))
				free = r.list(uint16(k), free)
			}
		}
	}
	mean, expected := 0.0, 0.0
	for d := range m.social {
		s := &m.social[d]
		s.Cases = r.cases[d]
		s.Mean += (float64(s.Cases) - s.Mean) / 52
		mean += s.Mean
		expected += s.Expected
	}
	for d := range m.social {
		s := &m.social[d]
		if s.Capacity > 0 {
			usual := mean * s.Expected / max(expected, 1e-9)
			s.Queue = max(s.Queue+(usual+float64(sqrt(m.set.Sample)*(float64(s.Cases)-usual)))-s.Capacity, 0)
			s.Delay = min(7*s.Queue/s.Capacity, 28)
		}
	}
}

// forgets is the weight of a week in what hospitals remember: twice as much until capacities are fitted.
func (r *slowModel) forgets() float64 {
	if r.m.week < oddBedsWeek {
		return 2 * oddArrival
	}
	return oddArrival
}

// beds sums up the beds of a site and returns the bed days that are free for the list.
func (r *slowModel) beds(site int) (free float64) {
	m := r.m
	h, c := &m.sites[site], &m.cfg.Beds
	week := m.week % agents.Horizon
	days := max(h.Beds, 1e-9) * 7
	emergency, elective := float64(h.Emergency[week]), float64(h.Elective[week])
	occupied := emergency/days + elective/days
	h.Mean += float64(r.forgets() * (occupied - h.Mean))
	swing := sqrt(m.set.Sample)
	h.Occupancy = h.Mean + float64(swing*(occupied-h.Mean))
	h.Crowding = max(h.Occupancy-c.Occupancy, 0)
	h.Breach = 0
	if c.Breach > 0 {
		h.Breach = min(.6, c.Breach*chance.Exp(c.BreachSlope*(h.Occupancy-c.Occupancy)))
	}
	r.breaches[site] = h.Breach * float64(h.Visits)
	limit := float64(c.ElectiveLimit * days)
	switch {
	case !m.reference.Fixed && m.week < oddBedsWeek:
		return 1e9
	case m.set.Sample < 1:
		mean := float64(h.Mean * days)
		return limit - mean - float64(swing*(float64(occupied*days)-mean)) + h.ElectiveMean
	}
	return limit - emergency - elective
}

// class of someone in a queue: 0 usual, +1 urgent, +2 late; -1 if they cannot be served.
func (r *slowModel) class(w *agents.Waiter) int {
	if w.Flags&agents.NoShow != 0 || int32(w.Joined) > r.m.week {
		return -1
	}
	class := 0
	if w.Flags&agents.Fast != 0 {
		class++
	}
	if r.m.week-int32(w.Referred) >= int32(r.m.cfg.Treatment.LateWeek) {
		class += 2
	}
	return class
}

// chances are the probabilities of being served by class, such that the slots are filled on average:
// 1 - exp(-lam w), lam by Newton's method from below.
func (r *slowModel) chances(queue []agents.Waiter, slots, fast float64) (odds [waitClasses]float64, waiting float64) {
	var n [waitClasses]float64
	for k := range queue {
		if class := r.class(&queue[k]); class >= 0 {
			n[class]++
			waiting++
		}
	}
	if slots <= 0 || waiting == 0 {
		return odds, waiting
	}
	if slots >= waiting {
		return [waitClasses]float64{1, 1, 1, 1}, waiting
	}
	late := r.m.cfg.Treatment.LateWeight
	w := [waitClasses]float64{1, fast, late, fast * late}
	all := 0.0
	for k := range n {
		all += float64(n[k] * w[k])
	}
	lam := slots / all
	for range 30 {
		f, slope := -slots, 0.0
		for k := range n {
			if n[k] > 0 {
				stays := chance.Exp(-lam * w[k])
				f += float64(n[k] * (1 - stays))
				slope += float64(float64(n[k]*w[k]) * stays)
			}
		}
		step := f / slope
		if lam -= step; abs(step) < 1e-6*lam {
			break
		}
	}
	for k := range odds {
		odds[k] = 1 - chance.Exp(-lam*w[k])
	}
	return odds, waiting
}

// capacity is how many a service can take this week: K0, more where the queue is longer than usual.
func (r *slowModel) capacity(k0, waiting, usualWeeks float64) float64 {
	m := r.m
	c := &m.cfg.Treatment
	least := c.SlotsMin
	if m.week < 26 {
		least = .6
	}
	factor := clip(1+float64(c.Elasticity*(waiting/max(float64(usualWeeks*k0), 1e-9)-1)), least, c.SlotsMax)
	if factor > 1 {
		factor = 1 + float64((factor-1)*m.signals.extraFunds)
	}
	return float64(k0 * factor)
}

// turn is a person's uniform for being served at a stage of a line this week.
func (r *slowModel) turn(w *agents.Waiter, line uint8, stage int) float64 {
	return r.at(0, chance.Serve+chance.Purpose(int(line)*2+stage)<<servePurposes).Of(w.ID)
}

// tell leaves news for a person.
func (r *slowModel) tell(w *agents.Waiter, service uint16, kind outcomeKind, nights int) {
	out := r.m.treatment[int(r.m.services[service].Site)%siteChunks].out
	part := w.Slot / (1 << slotBits)
	out[part] = append(out[part], outcome{id: w.ID, slot: w.Slot, service: service, referred: w.Referred, practice: w.Practice,
		kind: kind, flags: w.Flags, nights: uint8(nights)})
}

// waitingIn is how many of a queue can be served.
func (r *slowModel) waitingIn(queue []agents.Waiter) (n float64) {
	for k := range queue {
		if r.class(&queue[k]) >= 0 {
			n++
		}
	}
	return n
}

// clinic sees people at the clinic of a service.
func (r *slowModel) clinic(service uint16) {
	m := r.m
	s, c := &m.services[service], &m.cfg.Treatment
	queue := m.clinics[service]
	slots := r.capacity(s.Clinic, r.waitingIn(queue), c.ClinicQueue)
	s.ClinicCredit += slots
	odds, waiting := r.chances(queue, s.ClinicCredit, c.ClinicFast)
	var left []agents.Waiter
	served := 0.0
	for _, w := range queue {
		class, u := r.class(&w), r.turn(&w, s.Line, 0)
		if class >= 0 && u < odds[class] {
			served++
			r.tell(&w, service, seenFirst, 0)
		} else if class < 0 && w.Flags&agents.NoShow != 0 && u < 1-chance.Exp(-1/c.LeaveWeeks) {
			r.tell(&w, service, gaveUp, 0)
		} else {
			left = append(left, w)
		}
	}
	m.clinics[service] = left
	s.ClinicCredit = clip(s.ClinicCredit-served, -float64(4*slots)-4, slots+1)
	s.ClinicWait += float64(m.cfg.Choice.WaitSmoothing * (waiting/max(s.Clinic, .01) - s.ClinicWait))
	s.Volume += (served - s.Volume) / 52
	r.extra[service] += int64(max(served-s.Clinic, 0) * 1000)
	r.seen[service] += int64(served)
}

// list treats people from the list of a service as far as there are beds; it returns the bed days left.
func (r *slowModel) list(service uint16, free float64) float64 {
	m := r.m
	s, c := &m.services[service], &m.cfg.Treatment
	h, queue := &m.sites[s.Site], m.lists[service]
	slots := float64(r.capacity(s.List, r.waitingIn(queue), c.ListQueue) * m.signals.electiveScale)
	s.ListCredit += slots
	odds, waiting := r.chances(queue, s.ListCredit, c.ListFast)
	var left []agents.Waiter
	served := 0.0
	for _, w := range queue {
		class := r.class(&w)
		if class < 0 || r.turn(&w, s.Line, 1) >= odds[class] {
			left = append(left, w)
			continue
		}
		rng := m.seed.At(chance.Key2(w.ID, uint64(s.Line)), int32(w.Referred), chance.Stay)
		nights := 0
		if rng.Float64() < m.cfg.Beds.Overnight {
			nights = max(nightsOf(m.cfg.Beds.StayElective, &rng), 1)
		}
		noBed := free <= 0 || m.set.Sample == 1 && float64(min(nights, 7)) > free
		if nights > 0 && noBed {
			left = append(left, w)
			continue
		}
		free -= float64(nights)
		for days, week := nights, m.week; days > 0; days, week = days-7, week+1 {
			h.Elective[week%agents.Horizon] += int64(min(days, 7))
		}
		served++
		r.tell(&w, service, treated, nights)
	}
	m.lists[service] = left
	s.ListCredit = clip(s.ListCredit-served, -float64(4*slots)-4, slots+1)
	s.ListWait += float64(m.cfg.Choice.WaitSmoothing * (waiting/max(s.List, .003) - s.ListWait))
	s.Volume += served / 52
	r.extra[service] += int64(max(served-s.List, 0) * 1000)
	r.seen[service] += int64(served)
	return free
}
