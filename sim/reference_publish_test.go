package sim

import (
	"coexist/agents"
	"coexist/agents/chance"
)

// publish shows everybody the state at the end of last week (ODD 7.3).
func (r *slowModel) publish() {
	m := r.m
	c, s := &m.cfg, &m.signals
	calendar := int(m.week%52+13) % 52 // model years begin in April, calendar years in January
	s.season = 1 + float64(c.Health.Season*chance.Season(calendar))
	years := float64(max(m.week-52*int32(c.Time.WarmupYears), 0)) / 52
	s.trend = chance.Exp(years * chance.Log(1+c.Health.EmergencyTrend))

	for i := range m.sites {
		site := &m.sites[i]
		sum, n := 0.0, 0.0
		for k := range m.services {
			if int(m.services[k].Site) == i {
				sum += m.services[k].Base
				n++
			}
		}
		s.ward[i] = sum/max(n, 1) + r.effort(site.Owner) - c.Effort.Start - float64(c.Treatment.CrowdingEffect*site.Crowding)
		lastWeek := (m.week + agents.Horizon - 1) % agents.Horizon
		site.ElectiveMean += float64(r.forgets() * (float64(site.Elective[lastWeek]) - site.ElectiveMean))
	}
	for i := range m.services {
		v := &m.services[i]
		v.Quality = v.Base + r.effort(v.Provider) - c.Effort.Start - float64(c.Treatment.CrowdingEffect*m.sites[v.Site].Crowding)
		v.Quality += v.Skill - v.SkillRef
		if v.VolumeRef > 0 && v.Volume > 0 {
			v.Quality += float64(c.Treatment.VolumeEffect * chance.Log(max(v.Volume/v.VolumeRef, .05)))
		}
		o := &s.offer[i]
		o.rating, o.failure = v.Rating, v.Failure
		o.wait = v.ClinicWait + float64(c.Treatment.ListShare*v.ListWait)
	}
	for d := range m.social {
		s.socialDelay[d] = m.social[d].Delay
	}
	r.publishPractices()
	r.publishFunds()
}

// effort is the effort on quality that the patients of a provider feel: its system's where integration is
// real, else its own.
func (r *slowModel) effort(provider uint16) float64 {
	o := &r.m.providers[provider]
	if r.m.regime.real && o.System != agents.None {
		return r.m.systems[o.System].Quality
	}
	return o.Quality
}

// publishPractices tells how long people wait for their GP, and what that does to their control.
func (r *slowModel) publishPractices() {
	m := r.m
	c, h := &m.cfg, &m.cfg.Health
	asked, needed := 0.0, 0.0
	for i := range m.practices {
		asked += m.practices[i].Mean
		needed += float64(m.practices[i].Need * float64(m.practices[i].Registered))
	}
	trend := asked / max(needed, 1e-9)
	for i := range m.practices {
		p := &m.practices[i]
		expected := float64(p.Need * float64(p.Registered) * trend)
		demand := expected + float64(sqrt(m.set.Sample)*(float64(p.Demand)-expected)) // as the whole list would swing
		p.Mean += (float64(p.Demand) - p.Mean) / 52
		p.Backlog = clip(p.Backlog+demand-p.Capacity, 0, 4*p.Capacity)
		p.Delay = 1 + 7*p.Backlog/max(p.Capacity, 1e-9)
		p.Quality = p.Base
		appeal, prevention := 0.0, 0.0
		if p.System != agents.None {
			o := &m.systems[p.System]
			p.Quality += o.Quality - c.Effort.Start
			prevention = o.Prevent
			if m.regime.competes {
				appeal = float64(c.Choice.Quality*(o.Quality-c.Effort.Start)) - float64(c.Choice.Failure*o.Failure) - float64(c.Choice.Premium*o.Premium)
			}
		}
		appeal = float64(c.Choice.PracticeQuality*(p.Quality-p.Base)) + appeal
		p.Target = h.ControlTarget + float64(h.ControlPrevention*prevention) +
			float64(h.ControlQuality*(p.Quality-m.reference.Quality)) - float64(h.ControlDelay*(p.Delay-m.reference.Delay))
		p.BadContact = clip(oddBad*chance.Exp(float64(.08*(p.Delay-m.reference.Delay))-float64(.2*p.Quality)), 0, .9)
		m.signals.desk[i] = desk{target: p.Target, bad: float32(p.BadContact), free: float32(clip(2-demand/max(p.Capacity, 1e-9), .5, 1)),
			first: p.FirstGP, gps: p.GPs}
		m.signals.front[i] = front{float32(appeal), p.System}
	}
}

// publishFunds tells which slots payers still pay for: those over budget pay for no extra ones and fewer
// on the list.
func (r *slowModel) publishFunds() {
	m := r.m
	s := &m.signals
	s.extraFunds, s.electiveScale = 1, 1
	if !m.reference.Fixed {
		return
	}
	people, over, paid := 0.0, 0.0, 0.0
	for i := range m.payers() {
		n, ratio := m.purchaser(i)
		people += n
		if ratio > 1 {
			over += n
			paid += float64(n * max(1/ratio, m.cfg.Payment.SlotsFloor))
		} else {
			paid += n
		}
	}
	if people > 0 {
		s.extraFunds, s.electiveScale = 1-over/people, paid/people
	}
}
