package evidence

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"

	"coexist/configs"
	"coexist/sim"
	"coexist/sim/evidence/fit"
	"coexist/sim/experiment"
	"coexist/sim/place"
	"coexist/sim/tables"
)

// The study that is repeated: patients with heart failure who may choose their provider against the same
// patients who may not, in a market with shared savings that providers may leave (Alibrahim and Wu
// 2018; Liu and Wu 2016). Its levels, intervals and coefficients were not available, so direction and
// order of magnitude are what can be tested.
const (
	heartFailure = "HF"
	// replicationScenario holds for both arms, with replicationSets.
	replicationScenario = "reform-shared-savings"
	replicationYears    = 3
	// fittedKey is the one parameter that is fitted, on hospitalisation: how much a better practice keeps
	// long-term conditions in control. Emergencies go to the nearest hospital under every regime, so
	// choice acts through practices and planned care.
	fittedKey = "health.control_quality"
	// dollars a pound of 2010/11: assumption, the rate of exchange. US prices of care were higher.
	dollars = 1.6
)

// FewestMaps is how many pairs of maps the replication asks for at least.
const FewestMaps = 41

// replicationSets make the market of the study: everyone may choose and sees published quality; and the
// arm without choice.
var (
	replicationSets = []string{fmt.Sprintf("time.years=%d", replicationYears), "choice.offered=1", "choice.accuracy=1"}
	noChoice        = []string{"regime.referral=assigned", "regime.practice=assigned"}
)

// replicated are the quantities of the study: choice minus no choice. Bands are from half to twice the
// published value, participation from none to five points.
var replicated = []Replicated{
	{Quantity: "hospitalisation, share of patient-years with an emergency admission", Unit: "percentage points", Published: -.44, Band: Band{-.88, -.22}, Fitted: true},
	{Quantity: "payment for care", Unit: "USD a patient-year", Published: -320, Band: Band{-640, -160}},
	{Quantity: "mortality", Unit: "percentage points a year", Published: -.12, Band: Band{-.24, -.06}},
	{Quantity: "participation, practices in networks that are open at the end", Unit: "percentage points", Published: math.NaN(), Band: Band{0, 5}},
}

// Replicated is one quantity of the study beside ours.
type Replicated struct {
	Quantity  string
	Unit      string
	Published float64 // NaN: up marginally
	Band      Band
	Fitted    bool                // the parameter was fitted to it; else it is predicted
	NoChoice  float64             // mean over maps
	Default   experiment.Interval // choice minus no choice at the default of the parameter, over maps
	Simulated experiment.Interval // and at the fitted value
	Met       bool                // the mean of Simulated lies in Band
}

// Replication is the study repeated.
type Replication struct {
	Maps     int
	Patients float64 // with heart failure, over all maps
	Years    float64 // patient-years of the arm without choice
	Key      string
	Default  float64
	Fitted   float64
	Low      float64 // range in which it was sought
	High     float64
	Reached  bool // the published hospitalisation was met within that range
	Rows     []Replicated
}

// Market says on which maps and with how much effort the study is repeated.
type Market struct {
	England   *place.England // whose tables the maps take their mean ages and illness from
	Maps      int            // pairs, at least 1; each is a region of its own by rule, its number the seed
	Residents int            // of each
	Workers   int
	Sets      []string            // key=value in both arms
	Progress  func(done, all int) // pairs simulated, of at most so many; may be nil
}

// Values of the parameter that are tried: the start and both ends, and so many between them.
const (
	between    = 4
	mostTrials = 3 + between
)

// Replicate repeats the study: it fits one parameter on hospitalisation and predicts the rest. Maps and
// seeds are the same in both arms and at every value of the parameter; neither the number of workers nor
// the order shows.
func Replicate(ctx context.Context, m Market) (Replication, error) {
	at, ok := configs.Explain(fittedKey)
	if !ok || len(at.Range) != 2 {
		return Replication{}, fmt.Errorf("evidence: %s has no range", fittedKey)
	}
	arm, err := replicationArm(m.Sets)
	if err != nil {
		return Replication{}, err
	}
	usual := fittedOf(&arm)
	r := Replication{Maps: m.Maps, Key: fittedKey, Default: usual, Low: at.Range[0], High: at.Range[1]}
	trials := 0
	try := func(x float64) ([]pair, error) {
		pairs, err := m.pairs(ctx, x, trials)
		trials++
		return pairs, err
	}
	first, err := try(usual)
	if err != nil {
		return r, err
	}
	best := first
	r.Fitted, r.Reached, err = fitOne(r.Low, r.High, usual, effectOn(first, 0).Mean, replicated[0].Published, func(x float64) (float64, error) {
		pairs, err := try(x)
		if err != nil {
			return 0, err
		}
		best = pairs
		return effectOn(pairs, 0).Mean, nil
	})
	if err != nil {
		return r, err
	}
	for q, row := range replicated {
		row.Default, row.Simulated = effectOn(first, q), effectOn(best, q)
		for _, p := range best {
			row.NoChoice += p.without[q] / float64(len(best))
		}
		row.Met = row.Band.holds(row.Simulated.Mean)
		r.Rows = append(r.Rows, row)
	}
	for _, p := range best {
		r.Patients += p.patients
		r.Years += p.years
	}
	return r, nil
}

// replicationArm is the market with choice.
func replicationArm(sets []string) (configs.Config, error) {
	return configs.Read(replicationScenario, configs.Options{Set: append(append([]string(nil), replicationSets...), sets...)})
}

// fittedOf is where a scenario holds the parameter.
func fittedOf(c *configs.Config) float64 { return c.Health.ControlQuality }

// nearEnough is how near to the published effect, as a share of it, a fit stops.
const nearEnough = .05

// fitOne seeks the value in [low, high] at which f is want, from a value at which it is known, by false
// position between the ends; f is taken to be monotone. The last call of f is at the value returned.
// reached is false if want lies beyond what the range can give: the nearer end is then returned.
func fitOne(low, high, start, atStart, want float64, f func(float64) (float64, error)) (x float64, reached bool, err error) {
	near := func(y float64) bool { return math.Abs(y-want) <= nearEnough*math.Abs(want) }
	end, err := f(high)
	if err != nil {
		return high, false, err
	}
	if near(end) {
		return high, true, nil
	}
	a, fa, b, fb := start, atStart-want, high, end-want
	if fa*fb > 0 { // not between start and high
		bottom, err := f(low)
		if err != nil {
			return low, false, err
		}
		if near(bottom) {
			return low, true, nil
		}
		b, fb = low, bottom-want
		if fa*fb > 0 {
			if math.Abs(end-want) < math.Abs(bottom-want) {
				_, err = f(high) // so that the last call is at what is returned
				return high, false, err
			}
			return low, false, nil
		}
	}
	for range between {
		x = (a*fb - b*fa) / (fb - fa)
		y, err := f(x)
		if err != nil || near(y) {
			return x, err == nil, err
		}
		if fa*(y-want) > 0 {
			a, fa, fb = x, y-want, fb/2
		} else {
			b, fb, fa = x, y-want, fa/2
		}
	}
	return x, true, nil // bracketed: as near as so many trials come
}

// pair is one map: the quantities of replicated in each arm.
type pair struct {
	with, without   [4]float64
	patients, years float64
}

// effectOn is the difference that choice makes to a quantity, over maps.
func effectOn(pairs []pair, q int) experiment.Interval {
	a, b := make([]float64, len(pairs)), make([]float64, len(pairs))
	for i, p := range pairs {
		a[i], b[i] = p.with[q], p.without[q]
	}
	return experiment.Paired(a, b)
}

// pairs simulates every map at a value of the parameter.
func (m *Market) pairs(ctx context.Context, value float64, trial int) ([]pair, error) {
	list := make([]pair, m.Maps)
	var mu sync.Mutex
	done := trial * m.Maps
	err := fit.Parallel(ctx, m.Maps, m.Workers, func(ctx context.Context, i int) (err error) {
		if list[i], err = m.pair(ctx, i+1, value); err != nil {
			return fmt.Errorf("map %d: %w", i+1, err)
		}
		mu.Lock()
		defer mu.Unlock()
		if done++; m.Progress != nil {
			m.Progress(done, mostTrials*m.Maps)
		}
		return nil
	})
	return list, err
}

// mapOf makes a region by rule: enough hospitals and practices for a choice.
func (m *Market) mapOf(number int) (*place.Place, error) {
	spec := place.DefaultSpec(m.Residents)
	spec.Name, spec.Seed = "Map "+strconv.Itoa(number), uint64(number)
	spec.Hospitals, spec.Trusts, spec.Practices = 6, 6, max(6, m.Residents/5000)
	return m.England.Synthetic(spec)
}

// pair simulates one map in both arms, from one warm-up.
func (m *Market) pair(ctx context.Context, number int, value float64) (p pair, err error) {
	region, err := m.mapOf(number)
	if err != nil {
		return p, err
	}
	sets := append(append([]string(nil), m.Sets...), fittedKey+"="+decimal(value))
	choice, err := replicationArm(sets)
	if err != nil {
		return p, err
	}
	without, err := replicationArm(append(sets, noChoice...))
	if err != nil {
		return p, err
	}
	w, err := sim.New(sim.Settings{Place: region, Config: sim.WarmUp(choice), Seed: int64(number), Sample: 1, Workers: 1, Tracked: 2*int64(m.Residents) + 1})
	if err != nil {
		return p, err
	}
	if err := steps(ctx, w, int(52*choice.Time.WarmupYears)); err != nil {
		return p, err
	}
	if err := w.WarmUp(); err != nil {
		return p, err
	}
	w.Take()
	for _, arm := range []struct {
		config configs.Config
		to     *[4]float64
	}{{choice, &p.with}, {without, &p.without}} {
		b, err := w.Branch(arm.config)
		if err != nil {
			return p, err
		}
		var c cohort
		for range replicationYears {
			if err := steps(ctx, b, 52); err != nil {
				return p, err
			}
			c.add(b.Take().Patients)
		}
		*arm.to = c.rates()
		p.patients, p.years = float64(len(c.members)), c.years // of the arm without choice, which is last
	}
	return p, nil
}

// cohort counts what happens to those who had heart failure in the first year.
type cohort struct {
	members                 map[string]bool
	years, admitted, deaths float64
	pence                   float64
	inNetwork, practices    map[string]bool // practices of the last year's rows: in a network, and all
}

// add takes in the rows of a year.
func (c *cohort) add(rows []tables.Patient) {
	first := c.members == nil
	if first {
		c.members = map[string]bool{}
	}
	c.inNetwork, c.practices = map[string]bool{}, map[string]bool{}
	for i := range rows {
		r := &rows[i]
		c.practices[r.Practice] = true
		if r.System != "" {
			c.inNetwork[r.Practice] = true
		}
		if first && has(r.Conditions, heartFailure) {
			c.members[r.ID] = true
		}
		if !c.members[r.ID] {
			continue
		}
		c.years++
		if r.AvoidableEmergency+r.OtherEmergency > 0 {
			c.admitted++
		}
		if r.Died {
			c.deaths++
		}
		c.pence += float64(r.CostHealth)
	}
}

// has reports whether a list of codes joined by + holds one.
func has(codes, code string) bool {
	for _, c := range strings.Split(codes, "+") {
		if c == code {
			return true
		}
	}
	return false
}

// rates are hospitalisation, payment and mortality by patient-year.
func (c *cohort) rates() (q [4]float64) {
	n := max(c.years, 1)
	q[0], q[1], q[2] = 100*c.admitted/n, c.pence/100*dollars/n, 100*c.deaths/n
	q[3] = 100 * float64(len(c.inNetwork)) / float64(max(len(c.practices), 1)) // a network that has left has nobody
	return q
}
