package sim

import (
	"math"

	"coexist/agents"
	"coexist/agents/chance"
	"coexist/sim/place"
)

// request is a place asked for in a queue.
type request struct {
	service uint16
	list    bool // for treatment, not for the clinic
	agents.Waiter
}

// choosePart places every referral that the people of a part made this week (ODD 7.3): the person,
// advised by the GP, picks a service in reach; or the practice's usual one is taken where no choice is
// offered. All see what was published and write only their own request, so this follows on a part's
// live at once, while its people are still in the cache.
func (m *Model) choosePart(wk *worker, i int) {
	q, s := &m.parts[i], &m.signals
	const ahead = 16
	for k := range q.needs {
		if k%ahead == 0 { // bring what the next choose among in together
			var touched uint16
			for _, n := range q.needs[k:min(k+ahead, len(q.needs))] {
				if list := s.inReachOf(q.people[n.slot&(1<<slotBits-1)].Area, n.line); len(list) > 0 {
					touched += list[0].site + list[len(list)-1].site
				}
			}
			wk.touched += touched
		}
		m.placeNeed(wk, i, &q.needs[k])
	}
}

// placeNeed places one referral.
func (m *Model) placeNeed(wk *worker, pt int, n *need) {
	q := &m.parts[pt]
	i := int(n.slot & (1<<slotBits - 1))
	p := &q.people[i]
	if p.ID != n.id || p.Flags&agents.Alive == 0 || p.Waiting>>n.line&1 == 1 { // dead, or placed this week already
		return
	}
	rng := m.seed.At(chance.Key2(p.ID, uint64(n.line)), m.week, chance.Choice)
	set := &wk.options
	m.optionsFor(set, p, n.line)
	if len(set.list) == 0 {
		wk.tally.count(p, uncovered)
		return
	}
	wk.tally.count(p, referrals)
	if n.from != agents.None {
		wk.tally.count(p, otherReferrals)
	}
	pick := m.standing(set, p, n.line)
	offered := rng.Float64()
	if m.regime.choice && offered < m.cfg.Choice.Offered {
		m.utilities(set, p, pick)
		pick = m.luckiest(p.ID, set)
	}
	service := set.list[pick].service
	s := &m.services[service]
	if nearest := m.signals.inReachOf(p.Area, n.line)[0].site; nearest != s.Site { // whoever may use it
		wk.tally.count(p, bypasses)
	}
	wk.flow[service]++
	p.Waiting |= 1 << n.line
	phi, inside := m.linkTo(p, n.from, s.Provider)
	if inside {
		wk.tally.count(p, insidePathways)
		wk.inside[service]++
	}
	wk.tally.count(p, pathways)
	wk.tally.count(p, episodes)
	wk.billPathway(m, p, s.Provider)
	if m.regime.bundles {
		q.underway = append(q.underway, underway{slot: n.slot, id: uint32(p.ID), service: service, begun: uint16(m.week)})
	}
	m.links.referred(p.Practice, s.Provider)
	r := request{service: service, Waiter: agents.Waiter{ID: p.ID, Slot: n.slot, Referred: uint16(m.week), Joined: uint16(m.week),
		Practice: p.Practice}}
	if m.handoff(wk, pt, i, p, s.Provider, phi, &rng) {
		m.afterFailure(wk, p, s.Provider, &rng)
		if rng.Float64() < m.cfg.Integration.DelayProb {
			r.Joined += uint16(m.cfg.Integration.DelayWeeks)
		}
	}
	c := &m.cfg.Treatment
	fast := c.FastOther
	if rng.Float64() < c.ListShare*m.signals.listScale && !n.needless {
		r.Flags |= agents.WillList
		fast = c.FastList
	}
	if rng.Float64() < fast {
		r.Flags |= agents.Fast
	}
	if rng.Float64() < c.NonAttendance {
		r.Flags |= agents.NoShow
	}
	if n.needless {
		r.Flags |= agents.Needless
	}
	if p.Flags&follow != 0 {
		t := m.follow(pt, i)
		t.referrals++
		t.chosen += set.list[pick].km
		t.nearest += set.list[0].km
		t.alternatives += uint16(len(set.list))
	}
	chunk := m.chunkOf(s.Site)
	q.requests[chunk] = append(q.requests[chunk], r)
}

// luckiest is the option of the highest value plus luck, which is Gumbel and belongs to the person
// and the service (ODD 7.3).
func (m *Model) luckiest(id uint64, set *options) int {
	luck, offers := m.seed.At(id, m.week, chance.Shock), m.signals.offer
	r := newRace()
	for k := range set.list {
		if word := luck.Word(offers[set.list[k].service].key); r.open(set.v[k], word) {
			r.run(k, set.v[k], word)
		}
	}
	return r.pick
}

// race finds the largest of values plus Gumbel luck, drawing logarithms only for those that can
// still win: who is behind by x needs a uniform of at least exp(-exp(-x)).
type race struct {
	pick int
	best float64
}

// newRace is a race that nobody has run.
func newRace() race { return race{best: math.Inf(-1)} }

// open says whether a value can still win, given the random bits of its luck.
func (r *race) open(v float64, luck uint64) bool {
	behind := (r.best - v - mostAhead) * needSteps
	return !(behind >= 0 && luck>>12 < needed[min(uint(behind), uint(len(needed)-1))])
}

// run enters the kth value with the random bits of its luck.
func (r *race) run(k int, v float64, luck uint64) {
	if v += chance.Gumbel(chance.Open(luck)); v > r.best {
		r.pick, r.best = k, v
	}
}

// needed is exp(-exp(-x)), rounded down, for x from mostAhead in steps: as the 52 bits of luck of which Open
// makes its number.
var needed = func() (t [28 * needSteps]uint64) {
	for k := range t {
		x := mostAhead + float64(float64(k)/needSteps)
		t[k] = uint64(max(float64(chance.Exp(-chance.Exp(-x))*(1-1e-12)*(1<<52))-.5, 0))
	}
	return t
}()

const (
	mostAhead = -4.0
	needSteps = 8
)

// options are the services among which one person may choose, nearest site first.
type options struct {
	list []nearby            // the published list, or room
	room [maxOptions]nearby  // for a list of the person's own
	v    [maxOptions]float64 // utility without the luck of the moment
	p    [maxOptions]float64 // probability of each
	x    [maxOptions]float64 // utility as it turns out
}

const maxOptions = 48

// optionsFor lists the services of a line that the person may use: at the nearest sites that offer
// it, open, and inside the system where care is bound to it; if the system has none in reach, any
// hospital carries the line as the last resort.
func (m *Model) optionsFor(set *options, p *agents.Patient, line uint8) {
	m.reachable(set, p, line, m.regime.bound && p.System != agents.None)
	if len(set.list) == 0 && m.regime.bound {
		m.reachable(set, p, line, false)
	}
}

// reachable lists the services of a line in reach; bound ones are those of the person's system.
func (m *Model) reachable(set *options, p *agents.Patient, line uint8, bound bool) {
	if !bound {
		set.list = m.signals.inReachOf(p.Area, line)
		return
	}
	m.inReach(p.Area, line, func(service uint16) bool {
		return m.links.system[m.signals.offer[service].provider] == p.System
	}, set)
}

// inReach lists the open services of a line that use lets pass, at the nearest sites that have one:
// at most as many as may be options, within the time that people travel, and the nearest always.
func (m *Model) inReach(area uint16, line uint8, use func(service uint16) bool, set *options) {
	list := set.room[:0]
	sites := int64(0)
	for _, near := range m.place.Reach[area] {
		if sites >= m.cfg.Choice.MaxOptions || float64(near.Minutes) > m.cfg.Choice.MaxMinutes && sites > 0 {
			break
		}
		before := len(list)
		for _, service := range m.signals.at[int(near.Index)*int(place.Lines)+int(line)] {
			if use(service) && len(list) < maxOptions {
				list = append(list, nearby{service, near.Index, near.Minutes, near.Km})
			}
		}
		if len(list) > before {
			sites++
		}
	}
	set.list = list
}

// standing is the option that is taken when no choice is offered: a service of the practice's
// partner organisation, else that of the practice's default site.
func (m *Model) standing(set *options, p *agents.Patient, line uint8) int {
	pr := &m.practices[p.Practice]
	if partner := m.partner(p, pr, line); partner != agents.None {
		for k, o := range set.list {
			if m.signals.offer[o.service].provider == partner {
				return k
			}
		}
	}
	sites, last := uint16(0), agents.None
	pick := 0
	for k, o := range set.list {
		if o.site != last {
			if last != agents.None {
				sites++
			}
			last = o.site
			if sites == pr.Default {
				return k
			}
		}
	}
	return pick
}

// partner is the provider organisation that a practice refers to first, or agents.None.
func (m *Model) partner(p *agents.Patient, pr *agents.Practice, line uint8) uint16 {
	if m.regime.groups {
		return m.links.partner[int(p.Practice)*int(place.Lines)+int(line)]
	}
	system := p.System
	if system == agents.None {
		system = pr.System
	}
	if system == agents.None {
		return agents.None
	}
	return m.regime.anchor[system]
}

// utilities fills in what each option is worth to the person, apart from the luck of the moment.
// advised is the option that the GP would take.
func (m *Model) utilities(set *options, p *agents.Patient, advised int) {
	c, offers := &m.cfg.Choice, m.signals.offer
	t := m.tastes(p)
	for k := range set.list {
		o := &set.list[k]
		s := &offers[o.service]
		quality, failure, habit := float64(t.accuracy*s.rating), s.failure, 0.0
		if o.site == p.LastSite {
			quality, failure, habit = perceived(p, s, t.accuracy), perceivedFailure(p, s), c.Loyalty
		}
		v := float64(t.quality*quality) - float64(t.minutes*float64(o.minutes)) - float64(t.wait*s.wait) - float64(c.Failure*failure) + habit
		if k == advised {
			v += c.Advice
		}
		set.v[k] = v
	}
}

// taste is what a person cares about, drawn once.
type taste struct{ minutes, quality, wait, accuracy float64 }

// tasteClasses are how many equally likely multiples of the mean taste there are.
const tasteClasses = 1024

// spread is the log-normal distribution of tastes about a mean of 1.
type spread struct {
	sd    float64 // of the logarithm
	times [tasteClasses]float64
}

// tableSpread tables the medians of the classes.
func tableSpread(sd float64) *spread {
	s := &spread{sd: sd}
	for k := range s.times {
		s.times[k] = chance.Exp(float64(sd*chance.InvPhi((float64(k)+.5)/tasteClasses)) - float64(sd*sd/2))
	}
	return s
}

// tastes draws the lasting tastes of a person anew, always the same: log-normal about the mean, the
// old disliking travel more, people in deprived areas using published ratings less.
func (m *Model) tastes(p *agents.Patient) taste {
	c := &m.cfg.Choice
	rng := m.seed.At(p.ID, 0, chance.Taste)
	draw, spread := rng.Uint64(), &m.signals.spread.times
	t := taste{
		minutes: float64(c.Minutes * spread[draw%tasteClasses]),
		quality: float64(c.Quality * spread[draw>>16%tasteClasses]),
		wait:    float64(c.Wait * spread[draw>>32%tasteClasses]),
	}
	if p.Age(m.week) >= 75 {
		t.minutes *= c.MinutesOld
	}
	t.accuracy = clip(2*float64(c.Accuracy*(1-float64(.5*m.signals.dep[p.Area])))*rng.Float64(), 0, 1)
	return t
}

// perceived is the quality that a person expects of a service at the site of the last treatment: the
// published rating as far as it is believed, and own experience there.
func perceived(p *agents.Patient, s *offer, accuracy float64) float64 {
	return (float64(4*accuracy*s.rating) + float64(p.Score)/10) / (4 + float64(p.Visits))
}

// perceivedFailure is the share of handoffs that a person expects to fail with such a service: what is
// published, and what they met themselves this year.
func perceivedFailure(p *agents.Patient, s *offer) float64 {
	return (float64(20*s.failure) + float64(p.Failures)) / (20 + float64(p.Handoffs))
}

// serviceKey identifies a service to the luck of a person: the same under every regime as long as
// the organisation and the site are.
func (m *Model) serviceKey(service uint16) uint64 {
	s := &m.services[service]
	return chance.Key(m.providers[s.Provider].Key, uint64(s.Site), uint64(s.Line))
}

// linkTo is the integration of the passage to a provider: from the GP, or from another provider that
// refers on; inside says whether one organisation controls both ends.
func (m *Model) linkTo(p *agents.Patient, from, to uint16) (phi float32, inside bool) {
	if from == agents.None {
		return m.links.practice(p.Practice, to), m.samePractice(p.Practice, to)
	}
	return m.links.between(from, to), m.controller(from) == m.controller(to)
}

// samePractice reports whether a practice and a provider are under one controlling organisation.
func (m *Model) samePractice(practice, provider uint16) bool {
	s := m.practices[practice].System
	if m.regime.groups {
		return m.links.isPartner(practice, provider)
	}
	return m.regime.real && s != agents.None && m.providers[provider].System == s
}

// firstProvider is where controllers that are providers are counted from; below it are systems.
const firstProvider = 1 << 16

// controller identifies who controls a provider: its system where integration is real, else itself.
func (m *Model) controller(provider uint16) int32 {
	if s := m.providers[provider].System; m.regime.real && s != agents.None {
		return int32(s)
	}
	return int32(provider) + firstProvider
}
