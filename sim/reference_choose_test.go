package sim

import (
	"coexist/agents"
	"coexist/agents/chance"
	"coexist/market"
)

// offered is a service that a person may choose.
type offered struct {
	service, site uint16
	minutes, km   float32
}

// options are the open services of a line in reach (ODD 7.3): at the nearest sites that have one, as many
// sites as people look at, within the time that people travel, and the nearest always.
func (r *slowModel) options(p someone, line uint8, allowed func(*agents.Service) bool) (list []offered) {
	m := r.m
	sites := 0
	for _, near := range m.place.Reach[p.Area] {
		if sites >= int(m.cfg.Choice.MaxOptions) || sites > 0 && float64(near.Minutes) > m.cfg.Choice.MaxMinutes {
			break
		}
		before := len(list)
		for k := range m.services {
			s := &m.services[k]
			if s.Open && s.Site == near.Index && s.Line == line && allowed(s) && len(list) < maxOptions {
				list = append(list, offered{uint16(k), near.Index, near.Minutes, near.Km})
			}
		}
		if len(list) > before {
			sites++
		}
	}
	return list
}

// optionsOf are the services that a person may choose: of their own system where care is bound to it and it
// has one in reach, else of anyone.
func (r *slowModel) optionsOf(p someone, line uint8) []offered {
	anyone := func(*agents.Service) bool { return true }
	if r.m.regime.bound && p.System != agents.None {
		own := r.options(p, line, func(s *agents.Service) bool { return r.m.providers[s.Provider].System == p.System })
		if len(own) > 0 {
			return own
		}
	}
	return r.options(p, line, anyone)
}

// usual is what the practice refers to if nobody chooses: its partner organisation, or the site that it is
// used to, the nearest or the next.
func (r *slowModel) usual(p someone, line uint8, list []offered) int {
	m := r.m
	practice := &m.practices[p.Practice]
	if partner := m.partner(p.Patient, practice, line); partner != agents.None {
		for k, o := range list {
			if m.services[o.service].Provider == partner {
				return k
			}
		}
	}
	nth := -1
	for k, o := range list {
		if k == 0 || o.site != list[k-1].site {
			if nth++; nth == int(practice.Default) {
				return k
			}
		}
	}
	return 0
}

// worth is what an option is worth to a person, before luck: nearness, quality as far as it is seen,
// waiting, handoffs, habit, and the GP's advice.
func (r *slowModel) worth(p someone, t *taste, o offered, advised bool) float64 {
	m := r.m
	c, s := &m.cfg.Choice, &m.services[o.service]
	rated, n := float64(4*t.accuracy*s.Rating), 4.0
	fails := s.Failure
	if o.site == p.LastSite { // own experience beside what is published
		rated, n = rated+float64(p.Score)/10, n+float64(p.Visits)
		fails = (float64(20*fails) + float64(p.Failures)) / (20 + float64(p.Handoffs))
	}
	wait := s.ClinicWait + float64(m.cfg.Treatment.ListShare*s.ListWait)
	v := -float64(t.minutes * float64(o.minutes))
	v += float64(t.quality * (rated / n))
	v -= float64(t.wait * wait)
	v -= float64(c.Failure * fails)
	if o.site == p.LastSite {
		v += c.Loyalty
	}
	if advised {
		v += c.Advice
	}
	return v
}

// tasteOf is what a person cares about: log-normal about the mean, drawn once for life.
func (r *slowModel) tasteOf(p someone) taste {
	m := r.m
	c := &m.cfg.Choice
	rng := m.seed.At(p.ID, 0, chance.Taste)
	t := taste{minutes: c.Minutes, quality: c.Quality, wait: c.Wait}
	draw := rng.Uint64()
	for _, of := range []*float64{&t.minutes, &t.quality, &t.wait} { // one of 1024 equally likely classes
		normal := chance.InvPhi((float64(draw%1024) + .5) / 1024)
		*of *= chance.Exp(float64(c.TasteSpread*normal) - float64(c.TasteSpread*c.TasteSpread/2))
		draw >>= 16
	}
	if p.Age(m.week) >= 75 {
		t.minutes *= c.MinutesOld
	}
	poor := dep(int(m.geo.decile[p.Area]) + 1)
	t.accuracy = clip(2*float64(c.Accuracy*(1-float64(.5*poor)))*rng.Float64(), 0, 1)
	return t
}

// choose turns a need into a place in a queue: the best option to the person, with luck, where choice is
// offered; else the practice's usual one.
func (r *slowModel) choose(part int, n need) {
	m := r.m
	i := int(n.slot % (1 << slotBits))
	p := someone{&m.parts[part].people[i], part, i}
	if p.ID != n.id || p.Flags&agents.Alive == 0 || p.Waiting&(1<<n.line) != 0 {
		return // the person has died this week, or has a place for this line already
	}
	rng := r.at(chance.Key2(p.ID, uint64(n.line)), chance.Choice)
	list := r.optionsOf(p, n.line)
	if len(list) == 0 {
		r.count(p.Patient, uncovered, 1)
		return
	}
	r.count(p.Patient, referrals, 1)
	if n.from != agents.None {
		r.count(p.Patient, otherReferrals, 1)
	}
	pick := r.usual(p, n.line, list)
	if rng.Float64() < m.cfg.Choice.Offered && m.regime.choice {
		pick = r.best(p, list, pick)
	}
	o := list[pick]
	s := &m.services[o.service]
	if r.nearest(p, n.line) != o.site {
		r.count(p.Patient, bypasses, 1)
	}
	r.flow[o.service]++
	p.Waiting |= 1 << n.line
	phi, inside := m.linkTo(p.Patient, n.from, s.Provider)
	if inside {
		r.count(p.Patient, insidePathways, 1)
		r.inside[o.service]++
	}
	r.count(p.Patient, pathways, 1)
	r.count(p.Patient, episodes, 1)
	r.bill(p, s.Provider, billPathways)
	for i := range m.terms {
		if m.terms[i].kind == market.KindPathway {
			q := &m.parts[part]
			q.underway = append(q.underway, underway{slot: p.slot(), id: uint32(p.ID), service: o.service, begun: uint16(m.week)})
			break
		}
	}
	m.links.flow[int(p.Practice)*m.links.providers+int(s.Provider)]++
	if t := r.followed(p); t != nil {
		t.referrals++
		t.chosen += o.km
		t.nearest += list[0].km
		t.alternatives += uint16(len(list))
	}
	r.queue(p, n, o.service, phi, &rng)
}

// queue asks for a place at a clinic.
func (r *slowModel) queue(p someone, n need, service uint16, phi float32, rng *chance.Stream) {
	m := r.m
	c, provider := &m.cfg.Treatment, m.services[service].Provider
	w := agents.Waiter{ID: p.ID, Slot: p.slot(), Referred: uint16(m.week), Joined: uint16(m.week), Practice: p.Practice}
	if r.passes(p, provider, phi, rng) {
		r.suffers(p, provider, rng)
		if rng.Float64() < m.cfg.Integration.DelayProb {
			w.Joined += uint16(m.cfg.Integration.DelayWeeks)
		}
	}
	fast := c.FastOther
	if rng.Float64() < c.ListShare*(1/m.neededShare()) && !n.needless {
		w.Flags |= agents.WillList
		fast = c.FastList
	}
	if rng.Float64() < fast {
		w.Flags |= agents.Fast
	}
	if rng.Float64() < c.NonAttendance {
		w.Flags |= agents.NoShow
	}
	if n.needless {
		w.Flags |= agents.Needless
	}
	r.requests = append(r.requests, request{service: service, Waiter: w})
}

// best is the option of the highest worth and luck, a Gumbel number of the person and the service.
func (r *slowModel) best(p someone, list []offered, advised int) int {
	t := r.tasteOf(p)
	pick, top := 0, 0.0
	for k, o := range list {
		v := r.worth(p, &t, o, k == advised)
		luck := r.at(p.ID, chance.Shock)
		if v += chance.Gumbel(luck.Of(r.m.serviceKey(o.service))); k == 0 || v > top {
			pick, top = k, v
		}
	}
	return pick
}

// nearest is the nearest site that offers a line, whoever may use it.
func (r *slowModel) nearest(p someone, line uint8) uint16 {
	for _, near := range r.m.place.Reach[p.Area] {
		for k := range r.m.services {
			if s := &r.m.services[k]; s.Open && s.Site == near.Index && s.Line == line {
				return near.Index
			}
		}
	}
	return agents.None
}
