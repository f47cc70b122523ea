package sim

import (
	"coexist/agents"
	"coexist/market"
)

// startLearning gives every provider and system a learner who believes what is published. Providers
// keep the effort at which they were; of demand they learn anew, since a regime changes it.
func (m *Model) startLearning() {
	old, taught := m.learners, int(m.taught)
	m.learners = make([]market.Learner, len(m.providers)+len(m.systems))
	m.taught = int32(len(m.providers))
	m.demands()
	for i := range m.learners {
		m.learners[i] = m.beginner(i)
		if i < min(taught, len(m.providers)) {
			m.learners[i].Mean, m.learners[i].Played = old[i].Mean, old[i].Played
		}
	}
}

// teachNewcomers gives a learner to each provider and system that is new this year; the others go on
// with what they have learnt.
func (m *Model) teachNewcomers() {
	old, taught := m.learners, int(m.taught)
	if len(old) == len(m.providers)+len(m.systems) {
		return
	}
	m.learners = make([]market.Learner, len(m.providers)+len(m.systems))
	m.taught = int32(len(m.providers))
	systems := len(old) - taught
	for i := range m.learners {
		switch s := i - len(m.providers); {
		case i < taught:
			m.learners[i] = old[i]
		case s >= 0 && s < systems:
			m.learners[i] = old[taught+s]
		default:
			o := m.learner(i)
			if o.Demand = m.foreseen(i); o.LastDemand == 0 {
				o.LastDemand = o.Demand
			}
			m.learners[i] = m.beginner(i)
		}
	}
}

// foreseen is how many people a newcomer begins with: the enrolled of a system, of a provider the
// share of referrals that its services take over.
func (m *Model) foreseen(learner int) float64 {
	if s := learner - int(m.taught); s >= 0 {
		return float64(m.systems[s].Enrolled)
	}
	own, all := 0.0, 0.0
	for i := range m.services {
		if s := &m.services[i]; s.Open {
			all += s.Arrivals
			if int(s.Provider) == learner {
				own += s.Arrivals
			}
		}
	}
	return own / max(all, 1e-9) * float64(m.people.Alive)
}

// beginner is a learner at an organisation's present effort who knows the published slope alone.
func (m *Model) beginner(i int) market.Learner {
	o := m.learner(i)
	l := market.NewLearner(m.cfg.Effort, m.slope(o))
	l.Mean = market.Tasks{Quality: o.Quality, Integration: o.Integrate, Prevention: o.Prevent}
	return l
}

// learner is the organisation behind a learner: a provider, or after all providers a system.
func (m *Model) learner(i int) *agents.Organisation {
	if i < int(m.taught) {
		return &m.providers[i]
	}
	return &m.systems[i-int(m.taught)]
}
