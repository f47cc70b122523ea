package market

import "coexist/configs"

// Learner is how one organisation finds, in one market, what quality does to its own demand. It
// tries a little about its mean effort, regresses the change of its demand on the change of its own
// and of its rivals' quality, and moves its effort part of the way to the best reply. It never sees
// the demand function. All of its state is in exported numbers.
type Learner struct {
	Mean   Tasks // effort about which it tries
	Played Tasks // effort of the quarter in progress

	// The regression: sums of evidence so far, the prior counted as evidence, fading with time.
	OwnOwn, OwnRivals, RivalsRivals float64 // products of changes of quality, SD²
	OwnDemand, RivalsDemand         float64 // products with changes of demand, SD people

	Own, Rivals, Demand float64 // last quarter's quality, SD, and demand, people
	Begun               bool    // whether there was a last quarter
	//lint:ignore U1000 always 0: a snapshot writes every byte
	pad   [7]uint8
	Prior float64 // published slope, people per SD
}

// NewLearner returns a learner at the starting effort who believes the published slope (people per
// SD of its own quality, >= 0) as if it had seen it for the prior's quarters.
func NewLearner(c configs.Effort, slope float64) Learner {
	l := Learner{Mean: Tasks{Quality: c.Start}, Played: Tasks{Quality: c.Start}, Prior: slope}
	weight := float64(c.PriorQuarters * quarterEvidence(c))
	l.OwnOwn, l.RivalsRivals = weight, weight
	l.OwnDemand, l.RivalsDemand = float64(weight*slope), -float64(weight*slope)
	return l
}

// quarterEvidence is what a quarter of exploration adds to a sum of squares: the variance of the
// difference of two tries.
func quarterEvidence(c configs.Effort) float64 {
	return float64(2 * c.Exploration * c.Exploration)
}

// Play sets and returns the effort of the quarter: the mean, quality tried about it by the
// exploration times the standard normal deviate z.
func (l *Learner) Play(c configs.Effort, z float64) Tasks {
	l.Played = l.Mean
	l.Played.Quality = clip(l.Mean.Quality+float64(c.Exploration*z), 0, MaxEffort)
	return l.Played
}

// Observe takes in a quarter: own published quality, rivals' published quality weighted by the
// overlap of their patients (weights sum to 1; any constant if there are none), and demand in
// people. Noise is the variance that chance alone gives a change of demand: 0 for expected demand,
// about twice the people counted for sampled demand. What is mostly noise counts little as evidence
// and makes little be forgotten, so that an organisation that cannot learn keeps to what is
// published.
func (l *Learner) Observe(c configs.Effort, own, rivals, demand, noise float64) {
	if l.Begun {
		l.update(c, own-l.Own, rivals-l.Rivals, demand-l.Demand, noise)
	}
	l.Own, l.Rivals, l.Demand, l.Begun = own, rivals, demand, true
}

func (l *Learner) update(c configs.Effort, own, rivals, demand, noise float64) {
	weight := 1.0
	if noise > 0 {
		signal := float64(quarterEvidence(c) * l.Prior * l.Prior)
		weight = signal / (signal + noise)
	}
	keep := 1 - float64((1-c.Forgetting)*weight)
	// What is left of the prior never quite fades, so that a rival that never moves, or none at
	// all, leaves the regression solvable.
	floor := float64(1e-6 * c.PriorQuarters * quarterEvidence(c))
	l.OwnOwn = max(float64(keep*l.OwnOwn), floor) + float64(weight*own*own)
	l.RivalsRivals = max(float64(keep*l.RivalsRivals), floor) + float64(weight*rivals*rivals)
	l.OwnRivals = float64(keep*l.OwnRivals) + float64(weight*own*rivals)
	l.OwnDemand = float64(keep*l.OwnDemand) + float64(weight*own*demand)
	l.RivalsDemand = float64(keep*l.RivalsDemand) + float64(weight*rivals*demand)
}

// Slope returns the organisation's estimate of the people gained per SD of its own quality, rivals'
// held: never below 0 nor, when noise deceives, above ten times the published slope.
func (l *Learner) Slope() float64 {
	det := float64(l.OwnOwn*l.RivalsRivals) - float64(l.OwnRivals*l.OwnRivals)
	if det <= 0 {
		return l.Prior
	}
	slope := (float64(l.OwnDemand*l.RivalsRivals) - float64(l.RivalsDemand*l.OwnRivals)) / det
	return clip(slope, 0, float64(10*l.Prior))
}

// Adapt moves the mean effort part of the way to the best reply at the estimated slope. The
// situation's slope and demand are what the learner has seen; the rest is the caller's.
func (l *Learner) Adapt(c configs.Effort, a Aims, s Situation) {
	s.Slope, s.Demand = l.Slope(), l.Demand
	l.Mean = l.Mean.towards(a.BestReply(s), c.Damping)
}
