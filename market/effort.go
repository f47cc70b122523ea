package market

import (
	"math"

	"coexist/configs"
)

// Tasks is effort on the three tasks that share one attention, in SD of what each achieves, >= 0.
type Tasks struct {
	Quality, Integration, Prevention float64
}

// MaxEffort bounds each task: beyond it the quadratic costs say nothing.
const MaxEffort = 5.0

// Cost returns the cost of effort in GBP a head and year,
//
//	½ g (q² + i² + p²) + gm (q i + q p + i p),
//
// where g is the cost of a task and gm >= 0 how far tasks crowd each other out.
func (x Tasks) Cost(g, gm float64) float64 {
	squares := float64(x.Quality*x.Quality) + float64(x.Integration*x.Integration) + float64(x.Prevention*x.Prevention)
	pairs := float64(x.Quality*x.Integration) + float64(x.Quality*x.Prevention) + float64(x.Integration*x.Prevention)
	return float64(0.5*g*squares) + float64(gm*pairs)
}

// MorePrevention returns x with as much more prevention as money buys, GBP a head and year, at the costs
// of Cost, and no more than MaxEffort: the x_p' for which Cost rises by money. Where effort costs nothing
// (g = 0) money buys nothing.
func (x Tasks) MorePrevention(g, gm, money float64) Tasks {
	if g <= 0 || money <= 0 {
		return x
	}
	b := float64(gm * (x.Quality + x.Integration))
	there := float64(float64(0.5*g*x.Prevention*x.Prevention) + float64(b*x.Prevention))
	x.Prevention = min((math.Sqrt(float64(b*b)+float64(2*g*(there+money)))-b)/g, MaxEffort)
	return x
}

// Aims is what an organisation wants and what effort costs it. Its utility a year, in GBP, is
//
//	surplus + al q D + gr D - M n max(0, Qstd - Q) - n Cost(x),  surplus = (p - c - dl q) D,
//
// with q its quality effort, Q = base + q its quality, D the people who choose it and n those it had
// at the start of the year.
type Aims struct {
	Margin   float64 // p - c: income less cost of one person, GBP a year; negative if each person loses money
	UnitCost float64 // dl: cost of a SD of quality for each person, GBP a year
	Altruism float64 // al v: worth of a SD of quality for each person, GBP a year
	Growth   float64 // gr: worth of a person, GBP a year
	Penalty  float64 // M: loss per SD below the standard for each person, GBP a year, >= 0
	Standard float64 // Qstd: quality below which the commissioner punishes, SD
	Cost     float64 // g: GBP a head and year per squared SD, > 0
	Crowding float64 // gm: GBP a head and year per product of two tasks, in [0, g)
}

// NewAims returns the aims that the parameters set for an organisation with this margin a head.
// Altruism multiplies the parameter (1, or less for a corporate newcomer).
func NewAims(c configs.Effort, margin, altruism float64) Aims {
	return Aims{
		Margin: margin, Altruism: float64(c.Altruism * altruism), Growth: c.Growth,
		Penalty: float64(c.Sharpness * c.Penalty), Standard: c.Standard,
		Cost: c.Cost, Crowding: float64(c.Cost * c.Crowding),
	}
}

// Situation is where an organisation stands when it decides.
type Situation struct {
	Demand      float64 // D: people who chose it
	Start       float64 // n: people at the start of the year, > 0
	Slope       float64 // b: people gained per SD of quality, as it estimates (Learner.Slope)
	Base        float64 // quality without effort, SD
	Integration float64 // y_i: what a unit of integration effort saves it, GBP a head and year
	Prevention  float64 // y_p: what a unit of prevention effort saves it, GBP a head and year
}

// BestReply returns the efforts that maximise the utility at the estimated slope, given what rivals
// do now. With quality alone and no standard this is
//
//	q = ((p - c) b + (al v - dl) D) / (n g + (dl - al v) b).
//
// Each task lies in [0, MaxEffort].
func (a Aims) BestReply(s Situation) Tasks {
	without, with := a.reply(s, 0), a.reply(s, a.Penalty)
	held := Tasks{Quality: clip(a.Standard-s.Base, without.Quality, with.Quality)}
	switch held.Quality {
	case without.Quality:
		return without
	case with.Quality:
		return with
	}
	// The penalty ends at the standard: just meet it, and fit the other tasks to that.
	held.Integration, held.Prevention = pair(a.Cost, a.Crowding,
		s.Integration-float64(a.Crowding*held.Quality), s.Prevention-float64(a.Crowding*held.Quality))
	return held
}

// reply maximises y·x - ½ x'Gx over x >= 0, everything a head: G has the cost of each task on the
// diagonal (that of quality with the effect of its own demand) and crowding beside it.
func (a Aims) reply(s Situation, penalty float64) Tasks {
	share, slope := s.Demand/s.Start, s.Slope/s.Start
	y := [3]float64{
		float64((a.Margin+a.Growth)*slope) + float64((a.Altruism-a.UnitCost)*share) + penalty,
		s.Integration,
		s.Prevention,
	}
	own := a.Cost + float64((a.UnitCost-a.Altruism)*slope)
	x := maximise(y, [3]float64{own, a.Cost, a.Cost}, a.Crowding)
	return Tasks{x[0], x[1], x[2]}
}

// pair returns the best two efforts given their marginal gains, both of cost g and crowding gm >= 0: a
// third that gains nothing is never worked on.
func pair(g, gm, y1, y2 float64) (x1, x2 float64) {
	x := maximise([3]float64{0, y1, y2}, [3]float64{g, g, g}, gm)
	return x[1], x[2]
}

// maximise returns the maximum of y·x - ½ Σ g_i x_i² - gm Σ x_i x_j over 0 <= x <= MaxEffort. Each task
// is at 0, at MaxEffort or in between; of the 27 ways it takes the one of the highest value that keeps
// to the bounds; ties go to the first, with the fewest worked on.
func maximise(y, g [3]float64, gm float64) (best [3]float64) {
	top := 0.0 // none worked on
	for way := range stands * stands * stands {
		x, ok := solve(y, g, gm, [3]int{way % stands, way / stands % stands, way / (stands * stands)})
		if !ok {
			continue
		}
		if value := worth(x, y, g, gm); value > top+1e-12 {
			best, top = x, value
		}
	}
	return best
}

// worth is what maximise maximises.
func worth(x, y, g [3]float64, gm float64) (value float64) {
	for i := range x {
		value += float64(y[i]*x[i]) - float64(0.5*g[i]*x[i]*x[i])
		for j := range i {
			value -= float64(gm * x[i] * x[j])
		}
	}
	return value
}

// Where a task stands.
const (
	idle   = iota // at 0
	free          // in between
	full          // at MaxEffort
	stands        // how many there are
)

// solve sets to zero the gradient of each free task beside the full ones:
// (g_i - gm) x_i + gm Σ_free x = y_i - gm Σ_full x, so that
// x_i = (r_i - gm T)/(g_i - gm) with T = Σ r_i/(g_i - gm) / (1 + gm Σ 1/(g_i - gm)). It reports whether
// the answer keeps to the bounds; a free task without an inner maximum does not.
func solve(y, g [3]float64, gm float64, stand [3]int) (x [3]float64, ok bool) {
	taken := 0.0
	for i := range x {
		if stand[i] == full {
			x[i] = MaxEffort
			taken += MaxEffort
		}
	}
	above, below := 0.0, 1.0
	for i := range x {
		if stand[i] != free {
			continue
		}
		if g[i] <= gm {
			return x, false
		}
		above += (y[i] - float64(gm*taken)) / (g[i] - gm)
		below += gm / (g[i] - gm)
	}
	total := above / below
	for i := range x {
		if stand[i] != free {
			continue
		}
		x[i] = (y[i] - float64(gm*taken) - float64(gm*total)) / (g[i] - gm)
		if x[i] != clip(x[i], 0, MaxEffort) {
			return x, false
		}
	}
	return x, true
}

// towards returns x moved the part damping of the way to reply.
func (x Tasks) towards(reply Tasks, damping float64) Tasks {
	move := func(from, to float64) float64 { return from + float64(damping*(to-from)) }
	return Tasks{
		move(x.Quality, reply.Quality),
		move(x.Integration, reply.Integration),
		move(x.Prevention, reply.Prevention),
	}
}
