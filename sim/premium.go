package sim

import "coexist/market"

// setPremiums lets each system set what it asks of those who enrol, where patients pay one (ODD 7.6): on
// top of what a person costs it above the subsidy, the margin that its share of the market bears. It
// moves part of the way, and asks for nothing below zero or above the envelope.
func (m *Model) setPremiums() {
	if m.regime.premium <= 0 || m.cfg.Choice.Premium <= 0 {
		return
	}
	for s := range m.systems {
		o := &m.systems[s]
		if !o.Open || o.Enrolled == 0 {
			continue
		}
		heads := float64(o.Enrolled)
		above := float64(o.Expense-o.Income)/100/heads + o.Premium // what it cost above the subsidy
		share := clip(heads/max(float64(m.people.Alive), 1), 0, .99)
		best := market.Premium(above, m.cfg.Choice.Premium, share)
		o.Premium = clip(o.Premium+float64(premiumPace*(best-o.Premium)), 0, m.cfg.Payment.Envelope)
	}
}

// premiumPace is the part of the way to its best premium that a system moves in a year: assumption (.2
// to 1).
const premiumPace = .5

// meanPremium is the premium that a newcomer finds in the market.
func (m *Model) meanPremium() float64 {
	sum, heads := 0.0, 0.0
	for s := range m.systems {
		if o := &m.systems[s]; o.Open && o.Enrolled > 0 {
			sum += float64(o.Premium * float64(o.Enrolled))
			heads += float64(o.Enrolled)
		}
	}
	if heads == 0 {
		return m.regime.premium
	}
	return sum / heads
}
