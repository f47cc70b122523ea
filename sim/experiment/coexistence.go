package experiment

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/gonum/stat/distuv"

	"coexist/configs"
)

// The map of coexistence: over competition and integration, the share of plausible worlds in which the
// verdict of docs/ODD.md, section 6, holds. A world is a row of the design: one draw of all that the
// design varies, with its own luck.

const (
	sure      = .9 // share of worlds from which a cell is undefined; of those in which the question arises, from which it holds; it fails at 1 - sure
	fewWorlds = 10 // worlds in which the question arises, below which a cell stays open
)

// Arena is one cell of the map: a scenario with competition and integration, and the two that differ
// from it in one thing.
type Arena struct {
	Competition string // level of competition in words, such as "2 systems, free referral"
	Integration string // depth of integration in words, such as "mergers, all care"
	Both        string // scenario with both
	Open        string // scenario with the competition alone
	Closed      string // scenario with the integration alone

	regime configs.Regime // of Both
}

// Arenas finds the cells that scenarios bear: for each that has both competition and integration, one
// with the same regime and payment but no integration, and one with the same organisations, integration
// and payment but people assigned. Order is that of the scenarios.
func Arenas(scenarios []configs.Config) []Arena {
	var list []Arena
	for _, both := range scenarios {
		r := both.Regime
		if assigned(r) || r.Integration == "none" {
			continue
		}
		a := Arena{Competition: competition(r), Integration: integration(r), Both: both.Name, regime: r}
		for _, other := range scenarios {
			o := other.Regime
			if !slices.Equal(both.Contracts, other.Contracts) {
				continue
			}
			if o.Integration == "none" && sameRegime(alone(r), alone(o)) && a.Open == "" {
				a.Open = other.Name
			}
			if assigned(o) && sameRegime(bound(r), bound(o)) && a.Closed == "" {
				a.Closed = other.Name
			}
		}
		if a.Open != "" && a.Closed != "" {
			list = append(list, a)
		}
	}
	return list
}

// assigned says whether people have nothing to choose.
func assigned(r configs.Regime) bool {
	return r.Enrolment == "assigned" && r.Practice == "assigned" && r.Referral == "assigned"
}

// alone is a regime but for its integration, bound one but for its competition.
func alone(r configs.Regime) configs.Regime { r.Integration, r.Scope = "", nil; return r }
func bound(r configs.Regime) configs.Regime {
	r.Enrolment, r.Practice, r.Referral, r.Binding = "", "", "", ""
	return r
}

// sameRegime compares two regimes; the order of lists does not matter.
func sameRegime(a, b configs.Regime) bool {
	for _, r := range []*configs.Regime{&a, &b} {
		r.Scope, r.Entry = slices.Sorted(slices.Values(r.Scope)), slices.Sorted(slices.Values(r.Entry))
	}
	return fmt.Sprint(a) == fmt.Sprint(b)
}

// competition is the number and freedom of competing systems in words.
func competition(r configs.Regime) string {
	number := map[string]string{"trusts": "a system for each trust", "practices": "systems of practices", "groups": "specialty groups", "none": "no systems"}[r.Systems]
	switch {
	case r.SystemCount == 1:
		number = "1 system"
	case r.SystemCount > 1:
		number = fmt.Sprintf("%d systems", r.SystemCount)
	}
	switch {
	case r.Referral == "assigned":
		number += ", assigned referral"
	case r.Binding == "network":
		number += ", referral inside"
	default:
		number += ", free referral"
	}
	if r.Enrolment == "direct" {
		number += ", direct enrolment"
	}
	if len(r.Entry) > 0 {
		number += ", open entry"
	}
	return number
}

// integration is the depth of integration in words.
func integration(r configs.Regime) string {
	form := map[string]string{"virtual": "networks", "real": "mergers"}[r.Integration]
	has := func(s string) bool { return slices.Contains(r.Scope, s) }
	switch {
	case has("primary-secondary") && has("pathway") && has("social-care"):
		return form + ", health and social care"
	case has("primary-secondary") && has("pathway"):
		return form + ", all health care"
	case has("primary-secondary"):
		return form + ", GP to hospital"
	}
	return form + ", " + strings.Join(r.Scope, " and ")
}

// CellVerdict is what a sweep says of one cell in one place, group and window.
type CellVerdict struct {
	Place       string            `json:"place"`
	Years       string            `json:"years"`
	Group       string            `json:"group"`
	Competition string            `json:"competition"`
	Integration string            `json:"integration"`
	Verdict     Verdict           `json:"verdict"`
	Worlds      int               `json:"worlds"`         // rows with all values
	Holding     int               `json:"holding"`        // of them
	Undefined   int               `json:"undefined"`      // of them
	Probability Interval          `json:"-"`              // that it holds, given that the question arises; 95 % interval of Wilson
	Kept        Interval          `json:"kept"`           // share of the choice gap, over worlds
	Won         Interval          `json:"won"`            // share of the fragmentation gap
	Quality     Interval          `json:"quality"`        // against the better of the two comparators, SD
	Cost        Interval          `json:"cost"`           // against the cheaper of the two, as the measure counts
	CostLimit   float64           `json:"cost_limit"`     // difference within which cost counts as no higher, mean over worlds
	Against     map[Reason]int    `json:"against"`        // worlds in which a condition fails, of those in which the question arises
	TurnsOn     string            `json:"turns_on"`       // what the verdict depends on most, empty where nothing stands out
	Where       string            `json:"where"`          // high or low: where of its range the verdict holds more often
	Scenarios   map[string]string `json:"scenarios"`      // both, open, closed
	Formed      int               `json:"systems_formed"` // in the place, fewer than wanted where there are too few trusts; 0: as many as there are

	as string // competition with the systems that formed
}

// MarshalJSON adds the probability as flat numbers.
func (c CellVerdict) MarshalJSON() ([]byte, error) {
	type bare CellVerdict
	return json.Marshal(struct {
		bare
		Probability *float64 `json:"probability"`
		Low         *float64 `json:"probability_low_95"`
		High        *float64 `json:"probability_high_95"`
	}{bare(c), finite(c.Probability.Mean), finite(c.Probability.Low), finite(c.Probability.High)})
}

// PlaceVerdict is the answer for one place and window in one sentence.
type PlaceVerdict struct {
	Place    string `json:"place"`
	Years    string `json:"years"`
	Group    string `json:"group"`
	Sentence string `json:"sentence"`
	Note     string `json:"note,omitempty"` // where fewer systems form in the place than cells ask for
}

// CoexistenceMap is what a sweep says about coexistence.
type CoexistenceMap struct {
	Cells   []CellVerdict  `json:"cells"`   // by place, years, group and arena
	Answers []PlaceVerdict `json:"answers"` // by place, years and group
}

// MapCoexistence judges every arena in every world of a sweep. The windows of the sweep other than all
// are judged, last years first; all only where there are no others. Sentences call a place by its title,
// where it has one. formed says how many systems form in a place where a regime asks for a number of them;
// a cell that is the same as one before it, for want of systems, is left out.
func MapCoexistence(s *Swept, d *Design, arenas []Arena, l Limits, titles map[string]string, formed func(place string, r configs.Regime) int) CoexistenceMap {
	var m CoexistenceMap
	for _, p := range s.Places {
		there, note := inPlace(arenas, func(r configs.Regime) int { return formed(p, r) })
		for _, y := range windowsOf(s.Years()) {
			for _, g := range s.Groups() {
				var cells []CellVerdict
				for _, a := range there {
					if c, ok := s.judge(SweptKey{Place: p, Group: g, Years: y}, a, d, l); ok {
						c.Formed, c.as = int(a.regime.SystemCount), competition(a.regime)
						cells = append(cells, c)
					}
				}
				if len(cells) > 0 {
					m.Cells = append(m.Cells, cells...)
					m.Answers = append(m.Answers, PlaceVerdict{p, y, g, mapSentence(cells, cmp.Or(titles[p], p)), note})
				}
			}
		}
	}
	return m
}

// inPlace are the arenas as they come about in a place: with the number of systems that form there, and
// without those that are then the same as one before. The note says where that is fewer than wanted.
func inPlace(arenas []Arena, formed func(r configs.Regime) int) (there []Arena, note string) {
	var notes []string
	seen := map[string]bool{}
	for _, a := range arenas {
		if wanted, n := int(a.regime.SystemCount), formed(a.regime); n != wanted {
			a.regime.SystemCount = int64(n)
			verb := "form"
			if n == 1 {
				verb = "forms"
			}
			text := fmt.Sprintf("\u2018%d systems\u2019: %d %s", wanted, n, verb)
			if !slices.Contains(notes, text) {
				notes = append(notes, text)
			}
		}
		key := fmt.Sprint(a.regime)
		if !seen[key] {
			there = append(there, a)
		}
		seen[key] = true
	}
	return there, strings.Join(notes, ", ")
}

// LastWindow is the latest of the windows of a sweep.
func LastWindow(years []string) string {
	if len(years) == 0 {
		return ""
	}
	return windowsOf(years)[0]
}

// windowsOf are the windows that are judged.
func windowsOf(years []string) []string {
	var list []string
	for _, y := range years {
		if y != "all" {
			list = append(list, y)
		}
	}
	if len(list) == 0 {
		return years
	}
	first := func(y string) int { n, _ := strconv.Atoi(strings.SplitN(y, "-", 2)[0]); return n }
	slices.SortStableFunc(list, func(a, b string) int { return first(b) - first(a) })
	return list
}

// world is the verdict in one world, with the conditions that fail.
type world struct {
	verdict Verdict // Holds, Fails, Undefined or, where values are missing, Missing
	fails   []Reason
}

// judge judges one arena; ok is false where it has no values.
func (s *Swept) judge(k SweptKey, a Arena, d *Design, l Limits) (CellVerdict, bool) {
	var y [4][3][]float64 // by headline measure: both, open, closed
	ms := headlines()
	for i, m := range ms {
		for j, scenario := range []string{a.Both, a.Open, a.Closed} {
			k.Measure, k.Scenario = m.Name, scenario
			y[i][j] = s.Values(k, "")
		}
	}
	c := CellVerdict{Place: k.Place, Years: k.Years, Group: k.Group, Competition: a.Competition, Integration: a.Integration, Against: map[Reason]int{},
		Scenarios: map[string]string{"both": a.Both, "open": a.Open, "closed": a.Closed}}
	worlds := make([]world, s.rows)
	var kept, gap, won, avoidable, quality, cost []float64
	for r := range worlds {
		var v [4][3]float64
		missing := false
		for i := range v {
			for j := range v[i] {
				v[i][j] = y[i][j][r]
				missing = missing || math.IsNaN(v[i][j])
			}
		}
		if missing {
			continue
		}
		worlds[r] = verdictIn(v, l)
		c.Worlds++
		kept, gap = append(kept, v[0][0]-v[0][2]), append(gap, v[0][1]-v[0][2])
		won, avoidable = append(won, v[3][1]-v[3][0]), append(avoidable, v[3][1]-v[3][2])
		quality = append(quality, v[1][0]-max(v[1][1], v[1][2]))
		cost = append(cost, v[2][0]-min(v[2][1], v[2][2]))
		c.CostLimit += l.Tolerance * min(v[2][1], v[2][2])
	}
	if c.Worlds == 0 {
		return c, false
	}
	c.CostLimit /= float64(c.Worlds)
	c.Kept, c.Won, c.Quality, c.Cost = ratio(kept, gap), ratio(won, avoidable), over(quality), over(cost)
	c.count(worlds)
	c.TurnsOn, c.Where = turnsOn(d, worlds)
	return c, true
}

// verdictIn judges one world from v[measure][both, open, closed], measures as headlines are: choice,
// quality, cost, fragmentation.
func verdictIn(v [4][3]float64, l Limits) world {
	choice, quality, cost, frag := v[0], v[1], v[2], v[3]
	gap, avoidable := choice[1]-choice[2], frag[1]-frag[2]
	var w world
	if gap <= l.Tolerance*math.Abs(choice[1]) {
		w.fails = append(w.fails, NoChoiceToLose)
	}
	if avoidable <= l.Tolerance*math.Abs(frag[1]) {
		w.fails = append(w.fails, NothingToWin)
	}
	if len(w.fails) > 0 {
		w.verdict = Undefined
		return w
	}
	for _, x := range []struct {
		ok     bool
		reason Reason
	}{
		{choice[0]-choice[2] >= l.Share*gap, ChoiceLost},
		{frag[1]-frag[0] >= l.Share*avoidable, FragmentationKept},
		{quality[0] >= max(quality[1], quality[2])-l.ToleranceSD, QualityWorse},
		{cost[0]-cost[1] <= l.Tolerance*math.Abs(cost[1]) && cost[0]-cost[2] <= l.Tolerance*math.Abs(cost[2]), CostWorse},
	} {
		if !x.ok {
			w.fails = append(w.fails, x.reason)
		}
	}
	w.verdict = Holds
	if len(w.fails) > 0 {
		w.verdict = Fails
	}
	return w
}

// count sums worlds up into the verdict on a cell.
func (c *CellVerdict) count(worlds []world) {
	for _, w := range worlds {
		switch w.verdict {
		case Holds:
			c.Holding++
		case Undefined:
			c.Undefined++
		}
		for _, r := range w.fails {
			c.Against[r]++
		}
	}
	arises := c.arises()
	c.Probability = wilson(c.Holding, arises)
	switch p := c.Probability.Mean; {
	case float64(c.Undefined) >= sure*float64(c.Worlds):
		c.Verdict = Undefined
	case arises < fewWorlds:
		c.Verdict = Open
	case p >= sure:
		c.Verdict = Holds
	case p <= 1-sure+1e-12:
		c.Verdict = Fails
	default:
		c.Verdict = Open
	}
}

// wilson is a share of n with its 95 % score interval; NaN where n is 0.
//
// Source: Wilson, Journal of the American Statistical Association 22(158):209-212, 1927.
func wilson(k, n int) Interval {
	if n == 0 {
		return NoInterval()
	}
	const z = 1.959963984540054
	p, m := float64(k)/float64(n), float64(n)
	centre := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return Interval{p, max(centre-half, 0), min(centre+half, 1)}
}

// turnsOn names the axis whose values differ most between the worlds in which a verdict holds and
// those in which it fails, if the difference is clear (rank sum test, 1 % after Bonferroni's correction for
// the number of axes), and whether it holds more where the axis is high or low. Axes of words are passed over.
func turnsOn(d *Design, worlds []world) (axis, where string) {
	best, clear := 0.0, distuv.UnitNormal.Quantile(1-.01/float64(2*len(d.Axes)))
	for i, a := range d.Axes {
		type point struct {
			x     float64
			holds bool
		}
		var points []point
		for r, w := range worlds {
			if w.verdict != Holds && w.verdict != Fails {
				continue
			}
			x, err := strconv.ParseFloat(d.Points[r][i], 64)
			if err != nil {
				points = nil
				break
			}
			points = append(points, point{x, w.verdict == Holds})
		}
		slices.SortStableFunc(points, func(a, b point) int { return cmp.Compare(a.x, b.x) })
		n1, n0, ranks := 0.0, 0.0, 0.0
		for from := 0; from < len(points); {
			to := from
			for to < len(points) && points[to].x == points[from].x {
				to++
			}
			for _, p := range points[from:to] {
				if p.holds {
					n1++
					ranks += float64(from+to+1) / 2
				} else {
					n0++
				}
			}
			from = to
		}
		if n1 < 3 || n0 < 3 {
			continue
		}
		z := (ranks - n1*(n1+n0+1)/2) / math.Sqrt(n1*n0*(n1+n0+1)/12)
		if math.Abs(z) > max(best, clear) {
			best, axis, where = math.Abs(z), a.Name, "high"
			if z < 0 {
				where = "low"
			}
		}
	}
	return axis, where
}
