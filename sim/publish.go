package sim

import (
	"slices"

	"coexist/agents"
	"coexist/agents/chance"
	"coexist/market"
	"coexist/sim/place"
)

// signals are what everybody sees during a week: made from the state at its start, and read only
// while people and sites act.
type signals struct {
	at                                      [][]uint16 // services open by site and line
	bySite                                  [][]uint16 // services open by site
	nearby                                  []nearby   // services in reach of every area by line, one list after the other
	nearbyFrom                              []uint32   // by area and line: where its list begins; one more at the end
	open                                    uint64     // which services they were made for
	owner                                   []int32    // by service: who controls it
	byChunk                                 [siteChunks][]uint16
	ward                                    []float64   // quality of the wards by site, SD
	desk                                    []desk      // by practice
	front                                   []front     // by practice
	offer                                   []offer     // by service
	dep                                     []float64   // by area: deprivation, -1 to 1
	socialDelay                             []float64   // by district, days
	spread                                  *spread     // of tastes among people
	attention                               [16]float64 // P(looking at other practices) by bad contacts met
	season, trend, harmDeath, attentionMost float64
	stay                                    float64 // probability that a non-attender stays on the list another week
	rootSample                              float64 // square root of the sample
	overnight                               float64
	listScale                               float64 // makes up for the needless, who never need the list
	onwardVisit                             float64 // P(referral) after an A&E visit or emergency stay
	onwardClinic                            float64 // P(referral to another specialty) at a first attendance, per condition
	readmissionScale                        float64 // normalises readmission at the reference
	extraFunds                              float64 // share of extra slots that payers fund
	electiveScale                           float64 // elective slots that payers fund
}

// desk is what a contact needs to know of a practice, close together in memory.
type desk struct {
	target float64 // of control of its people
	bad    float32 // probability that a contact is bad
	free   float32 // probability that the usual GP is free
	first  int32   // its first GP
	gps    uint8
}

// front is what choosing a practice needs to know of it, close together in memory.
type front struct {
	appeal float32 // utility beside nearness: quality won since the start, and what its system adds
	system uint16
}

// offer is what a choice needs to know of a service, close together in memory.
type offer struct {
	key      uint64
	rating   float64
	wait     float64 // for the clinic and, as far as it comes to that, the list, weeks
	failure  float64
	provider uint16
	site     uint16
}

// nearby is a service in reach of an area.
type nearby struct {
	service, site uint16
	minutes, km   float32
}

// listNearby lists the open services in reach of every area, for each line: what people in no system
// that binds them can choose. It is made anew only when services open or close.
func (m *Model) listNearby() {
	s := &m.signals
	c := &m.cfg.Choice
	open := chance.Key(uint64(len(m.services)), uint64(c.MaxOptions), uint64(c.MaxMinutes*1e6))
	for i := range m.services {
		if m.services[i].Open {
			open = chance.Key2(open, uint64(i))
		}
	}
	if s.nearby != nil && s.open == open {
		return
	}
	s.open, s.nearby, s.nearbyFrom = open, nil, make([]uint32, 0, len(m.place.Areas)*int(place.Lines)+1)
	all := func(uint16) bool { return true }
	var set options
	for a := range m.place.Areas {
		for l := range int(place.Lines) {
			s.nearbyFrom = append(s.nearbyFrom, uint32(len(s.nearby)))
			m.inReach(uint16(a), uint8(l), all, &set)
			s.nearby = append(s.nearby, set.list...)
		}
	}
	s.nearbyFrom = append(s.nearbyFrom, uint32(len(s.nearby)))
	s.nearby = slices.Clone(s.nearby) // without the room to grow
}

// inReachOf are the open services of a line in reach of an area.
func (s *signals) inReachOf(area uint16, line uint8) []nearby {
	k := int(area)*int(place.Lines) + int(line)
	from, to := s.nearbyFrom[k], s.nearbyFrom[k+1]
	return s.nearby[from:to:to]
}

// index lists the services that are open; it is made anew when organisations change.
func (m *Model) index() {
	s := &m.signals
	n := len(m.sites)
	s.at = make([][]uint16, n*int(place.Lines))
	s.bySite = make([][]uint16, n)
	s.byChunk = [siteChunks][]uint16{}
	for i := range m.services {
		v := &m.services[i]
		if v.Open {
			k := int(v.Site)*int(place.Lines) + int(v.Line)
			s.at[k] = append(s.at[k], uint16(i))
		}
		s.bySite[v.Site] = append(s.bySite[v.Site], uint16(i))
		s.byChunk[m.chunkOf(v.Site)] = append(s.byChunk[m.chunkOf(v.Site)], uint16(i))
	}
	m.listNearby()
	for chunk := range m.treatment {
		m.treatment[chunk].gone = newIDSet(nil)
		out := m.treatment[chunk].out
		if len(out) != len(m.parts) {
			m.treatment[chunk].out = make([][]outcome, len(m.parts))
		}
	}
	s.ward = make([]float64, n)
	s.owner, s.offer = make([]int32, len(m.services)), make([]offer, len(m.services))
	for i := range m.services {
		s.owner[i] = m.controller(m.services[i].Provider)
		s.offer[i] = offer{key: m.serviceKey(uint16(i)), provider: m.services[i].Provider, site: m.services[i].Site}
	}
	s.desk, s.front = make([]desk, len(m.practices)), make([]front, len(m.practices))
	for i := range m.practices { // as last published, for those who measure before the next week
		p := &m.practices[i]
		s.desk[i] = desk{target: p.Target, bad: float32(p.BadContact), free: 1, first: p.FirstGP, gps: p.GPs}
	}
	s.socialDelay = make([]float64, len(m.social))
	s.dep = make([]float64, len(m.place.Areas))
	for a := range s.dep {
		s.dep[a] = dep(int(m.geo.decile[a]) + 1)
	}
	c := &m.cfg
	s.rootSample = sqrt(m.set.Sample)
	s.stay = chance.Exp(-1 / c.Treatment.LeaveWeeks)
	s.overnight = c.Beds.Overnight
	s.harmDeath = chance.Exp(c.Health.HarmDeath)
	if s.spread == nil || s.spread.sd != c.Choice.TasteSpread {
		s.spread = tableSpread(c.Choice.TasteSpread)
	}
	for bad := range s.attention {
		s.attention[bad] = 1 - chance.Exp(-(c.Choice.PracticeAttention+float64(c.Choice.PracticeBad*float64(bad)))/52)
	}
	s.attentionMost = s.attention[len(s.attention)-1] + 1 - chance.Exp(-c.Enrolment.Attention/52)
	needless := m.neededShare()
	s.listScale = 1 / needless
	visits := max(c.Beds.AEVisits/1000, 1e-9)
	half := c.Contact.OtherReferrals / 2000
	s.onwardVisit = min(half/visits, 1) // a visit ends at home or, with those admitted, in a discharge: once either way
	firstsAYear := referralsAYear(c) * (1 - c.Treatment.NonAttendance)
	s.onwardClinic = min(half/firstsAYear/meanConditions, 1)
	s.readmissionScale = 1
}

// meanConditions is the mean number of long-term conditions of people at a first attendance:
// assumption (.9 to 2), with which the other referrals of the parameters come out.
const meanConditions = 1.26

// neededShare is the share of referrals that are needed: the others never need the list.
func (m *Model) neededShare() float64 {
	c := &m.cfg.Contact
	need := c.Need // all are referred in the end
	gp := need + float64((1-c.Need)*chance.Phi(-c.Threshold))
	if gp <= 0 {
		return 1
	}
	fromGP := float64(c.Rate * c.GPShare * gp)
	return (float64(fromGP*need/gp) + float64(c.OtherReferrals/1000)) / (fromGP + float64(c.OtherReferrals/1000))
}

// trend is how far other emergencies have risen since the warm-up.
func (m *Model) trend() float64 {
	years := float64(max(m.week-int32(m.cfg.Time.WarmupYears)*52, 0)) / 52
	return chance.Exp(years * chance.Log(1+m.cfg.Health.EmergencyTrend))
}

// publish shows everybody the waits, qualities and delays of the week before (ODD 7.3), and sets
// what practices do to their people's control.
func (m *Model) publish() {
	c := &m.cfg
	s := &m.signals
	year := m.week % 52
	// Model years begin in April, the season of emergencies in January.
	s.season = 1 + float64(c.Health.Season*chance.Season(int(year+13)%52))
	s.trend = m.trend()
	for i := range m.sites {
		h := &m.sites[i]
		base, n := 0.0, 0.0
		for _, k := range s.bySite[i] {
			base += m.services[k].Base
			n++
		}
		effort := m.actorOf(h.Owner).Quality
		s.ward[i] = base/max(n, 1) + effort - c.Effort.Start - float64(c.Treatment.CrowdingEffect*h.Crowding)
		h.ElectiveMean += float64(m.memory() * (float64(h.Elective[(m.week+agents.Horizon-1)%agents.Horizon]) - h.ElectiveMean))
	}
	for i := range m.services {
		v := &m.services[i]
		v.Quality = v.Base + m.actorOf(v.Provider).Quality - c.Effort.Start - float64(c.Treatment.CrowdingEffect*m.sites[v.Site].Crowding)
		v.Quality += v.Skill - v.SkillRef
		if v.VolumeRef > 0 && v.Volume > 0 {
			v.Quality += float64(c.Treatment.VolumeEffect * chance.Log(max(v.Volume/v.VolumeRef, .05)))
		}
	}
	for i := range m.services {
		v, o := &m.services[i], &s.offer[i]
		o.rating, o.failure = v.Rating, v.Failure
		o.wait = v.ClinicWait + float64(c.Treatment.ListShare*v.ListWait)
	}
	for d := range m.social {
		s.socialDelay[d] = m.social[d].Delay
	}
	m.publishPractices()
	m.publishFunds()
}

// publishPractices updates delay and the target of control of every practice.
func (m *Model) publishPractices() {
	c := &m.cfg
	mean, usual := 0.0, 0.0
	for i := range m.practices {
		mean += m.practices[i].Mean
		usual += float64(m.practices[i].Need * float64(m.practices[i].Registered))
	}
	trend := mean / max(usual, 1e-9)
	for i := range m.practices {
		p := &m.practices[i]
		// A small sample swings more than the practice would: what it is expected to need, as all
		// practices find it, and of the swing only the part that the whole list would show.
		expected := float64(p.Need * float64(p.Registered) * trend)
		demand := expected + float64(m.signals.rootSample*(float64(p.Demand)-expected))
		p.Mean += (float64(p.Demand) - p.Mean) / 52
		p.Backlog = clip(p.Backlog+demand-p.Capacity, 0, 4*p.Capacity)
		p.Delay = 1 + 7*p.Backlog/max(p.Capacity, 1e-9)
		prevention := 0.0
		p.Quality = p.Base
		if o := m.primaryActor(i); o != nil {
			prevention = o.Prevent
			p.Quality += o.Quality - c.Effort.Start // its effort reaches primary care too
		}
		h := &c.Health
		p.Target = h.ControlTarget + float64(h.ControlPrevention*prevention) + float64(h.ControlQuality*(p.Quality-m.reference.Quality)) -
			float64(h.ControlDelay*(p.Delay-m.reference.Delay))
		appeal := float64(c.Choice.PracticeQuality*(p.Quality-p.Base)) + m.systemAppeal(p.System)
		m.signals.desk[i] = desk{target: p.Target, first: p.FirstGP, gps: p.GPs, free: float32(clip(2-demand/max(p.Capacity, 1e-9), .5, 1))}
		p.BadContact = clip(badShare*chance.Exp(float64(.08*(p.Delay-m.reference.Delay))-float64(.2*p.Quality)), 0, .9)
		m.signals.desk[i].bad = float32(p.BadContact)
		m.signals.front[i] = front{float32(appeal), p.System}
	}
}

// badShare is the share of contacts that people rate as less than good at the reference (row E75:
// 88 % rate their practice good).
const badShare = .12

// publishFunds says which extra slots payers still fund.
func (m *Model) publishFunds() {
	s := &m.signals
	s.extraFunds, s.electiveScale = 1, 1
	if !m.reference.Fixed {
		return
	}
	people, over, scale := 0.0, 0.0, 0.0
	for i := range m.payers() {
		w, ratio := m.purchaser(i)
		people += w
		if ratio > 1 {
			over += w
		}
		scale += float64(w * market.FundedSlots(m.cfg.Payment, ratio))
	}
	if people > 0 {
		s.extraFunds = 1 - over/people
		s.electiveScale = scale / people
	}
}

// actorOf is the organisation whose effort a provider's patients feel: its system where integration
// is real, else itself.
func (m *Model) actorOf(provider uint16) *agents.Organisation {
	o := &m.providers[provider]
	if m.regime.real && o.System != agents.None {
		return &m.systems[o.System]
	}
	return o
}

// primaryActor is the organisation whose prevention a practice's people feel, or nil.
func (m *Model) primaryActor(practice int) *agents.Organisation {
	if s := m.practices[practice].System; s != agents.None {
		return &m.systems[s]
	}
	return nil
}
