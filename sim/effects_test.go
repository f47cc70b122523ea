package sim

import (
	"fmt"
	"math"
	"testing"

	"coexist/agents"
	"coexist/configs"
	"coexist/sim/tables"
)

// outcomeOf is what a run leaves behind: its rows, and the world at its end.
type outcomeOf struct {
	rows tables.Batch
	m    *Model
}

// effect is one parameter turned: from low to high, what is measured must move by the sign.
type effect struct {
	mechanism string
	scenario  string
	low, high []string // key=value
	measure   string   // of the rows, or
	of        func(*outcomeOf) float64
	sign      float64
	warm      bool // the parameter works from the start: it makes people, tables of illness or capacity
	place     string
}

const bay = "synthetic:residents=16000,practices=3,hospitals=4,districts=2" // several GPs a practice

// runOf goes through a scenario for two years with values set, from a warm-up without them or with.
func runOf(t *testing.T, e *effect, sets []string) *outcomeOf {
	t.Helper()
	where, sample := bay, 1.0
	if e.place != "" {
		where, sample = e.place, .01
	}
	read := func(name string) configs.Config {
		c, err := configs.Read(name, configs.Options{Set: sets})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	var m *Model
	if e.warm {
		s := world1(t, where, sample)
		s.Config = read("status-quo")
		m = begin(t, s)
		if err := m.WarmUp(); err != nil {
			t.Fatal(err)
		}
	} else {
		m = warm(t, where, sample)
	}
	b := branch(t, m, read(e.scenario))
	steps(t, b, 104)
	return &outcomeOf{b.Take(), b}
}

// set is short for a list of values, key=value.
func set(sets ...string) []string { return sets }

// corporate lets corporations alone found systems, at a set-up that asks for capital.
func corporate(sets ...string) []string {
	return append([]string{"regime.entry=[\"corporate\"]", "market.set_up=25", "market.leaders=0.5", "market.min_practices=1"}, sets...)
}

// split is the mean of something over people on one side of a line less that on the other.
func split(value func(*Model, *agents.Patient) (x float64, side int)) func(*outcomeOf) float64 {
	return func(o *outcomeOf) float64 {
		var sum, n [2]float64
		everyone(o.m, func(p *agents.Patient) {
			if p.Conditions == 0 {
				return
			}
			if x, side := value(o.m, p); side >= 0 {
				sum[side] += x
				n[side]++
			}
		})
		return sum[1]/n[1] - sum[0]/n[0]
	}
}

func controlNow(m *Model, p *agents.Patient) float64 {
	now := *p
	m.refresh(&now, &m.signals.desk[p.Practice])
	return float64(now.Control)
}

func side(upper, lower bool) int {
	switch {
	case upper:
		return 1
	case lower:
		return 0
	}
	return -1
}

// flowOf is the mean of something over services, weighted by the referrals of the last year.
func flowOf(value func(m *Model, s *agents.Service) float64) func(*outcomeOf) float64 {
	return func(o *outcomeOf) float64 {
		m, sum, n := o.m, 0.0, 0.0
		for i := range m.services {
			s := &m.services[i]
			sum += s.Arrivals * value(m, s)
			n += s.Arrivals
		}
		return sum / n
	}
}

// events counts market events of a kind.
func events(what string) func(*outcomeOf) float64 {
	return func(o *outcomeOf) (n float64) {
		for _, e := range o.rows.Events {
			if e.Event == what {
				n++
			}
		}
		return n
	}
}

// paid sums ledger rows, GBP.
func paid(kind string) func(*outcomeOf) float64 {
	return func(o *outcomeOf) (sum float64) {
		for _, r := range o.rows.Ledger {
			if r.Contract == kind {
				sum += float64(r.Pence) / 100
			}
		}
		return sum
	}
}

func effort(of func(*agents.Organisation) float64) func(*outcomeOf) float64 {
	return func(o *outcomeOf) float64 {
		sum, n := 0.0, 0.0
		for i := range o.m.learners {
			if a := o.m.learner(i); a.Open && a.Demand > 0 {
				sum += of(a)
				n++
			}
		}
		return sum / n
	}
}

func quality(o *agents.Organisation) float64 { return o.Quality }

var effects = []effect{
	// Health (ODD 7.1).
	{mechanism: "lost control brings avoidable admissions", scenario: "status-quo", low: set("health.control_deprivation=0.2", "health.control_effect=0"), high: set("health.control_deprivation=0.2", "health.control_effect=4"), measure: "avoidable_admissions", sign: 1, warm: true, place: devon},
	{mechanism: "continuity keeps control", scenario: "status-quo", low: set("health.control_continuity=0"), high: set("health.control_continuity=0.15"), sign: 1,
		of: split(func(m *Model, p *agents.Patient) (float64, int) {
			return controlNow(m, p), side(p.Contacts.Usual(p.Usual) > .7, p.Contacts.Usual(p.Usual) < .5)
		})},
	{mechanism: "prevention keeps control", scenario: "competing-systems", low: set("health.control_prevention=0"), high: set("health.control_prevention=0.2"), measure: "control", sign: 1},
	{mechanism: "a good practice keeps control", scenario: "status-quo", low: set("health.control_quality=0"), high: set("health.control_quality=0.08"), sign: 1,
		of: split(func(m *Model, p *agents.Patient) (float64, int) {
			q := m.practices[p.Practice].Quality
			return controlNow(m, p), side(q > m.reference.Quality, q <= m.reference.Quality)
		})},
	{mechanism: "delay loses control", scenario: "status-quo", low: set("health.control_delay=0", "contact.appointments=100"), high: set("health.control_delay=0.03", "contact.appointments=100"), measure: "control", sign: -1, warm: true},
	{mechanism: "deprivation loses control", scenario: "status-quo", low: set("health.control_deprivation=0"), high: set("health.control_deprivation=0.05"), sign: -1,
		of: split(func(m *Model, p *agents.Patient) (float64, int) {
			d := m.geo.decile[p.Area]
			return controlNow(m, p), side(d < 5, d >= 5)
		})},
	{mechanism: "a failed handoff loses control", scenario: "status-quo", low: set("health.failure_loss=0"), high: set("health.failure_loss=0.2"), measure: "control", sign: -1},
	{mechanism: "harm kills", scenario: "status-quo", low: set("health.harm_death=0", "treatment.harm=0.3"), high: set("health.harm_death=2", "treatment.harm=0.3"), measure: "mortality", sign: 1, warm: true, place: devon},
	{mechanism: "emergencies grow", scenario: "status-quo", low: set("health.emergency_trend=0"), high: set("health.emergency_trend=0.025"), measure: "emergency_admissions", sign: 1, warm: true, place: devon},
	{mechanism: "a missed need brings emergencies", scenario: "status-quo", low: set("contact.missed_risk=1"), high: set("contact.missed_risk=2.5"), measure: "emergency_admissions", sign: 1, warm: true, place: devon},
	{mechanism: "a missed need loses control", scenario: "status-quo", low: set("contact.missed_loss=0"), high: set("contact.missed_loss=0.3"), measure: "control", sign: -1},

	// GP contact (7.2).
	{mechanism: "need brings referrals", scenario: "status-quo", low: set("contact.need=0.03"), high: set("contact.need=0.06"), measure: "missed_need", sign: 1},
	{mechanism: "a high threshold misses needs", scenario: "status-quo", low: set("contact.threshold=1.2"), high: set("contact.threshold=2.4"), measure: "missed_need", sign: 1},
	{mechanism: "thrift is not free", scenario: "status-quo", low: set("contact.threshold=1.2"), high: set("contact.threshold=2.6"), measure: "control", sign: -1},
	{mechanism: "a keen eye misses less", scenario: "status-quo", low: set("contact.discrimination=1.2"), high: set("contact.discrimination=2.8"), measure: "missed_need", sign: -1},
	{mechanism: "insisting on the usual GP makes continuity", scenario: "status-quo", low: set("contact.usual_gp=0.3"), high: set("contact.usual_gp=0.7"), measure: "coc", sign: 1, warm: true},
	{mechanism: "few appointments make delay", scenario: "status-quo", low: set("contact.appointments=100"), high: set("contact.appointments=130"), measure: "gp_delay_days", sign: -1, warm: true},

	// Choice (7.3).
	{mechanism: "travel binds to the nearest", scenario: "status-quo", low: set("choice.minutes=0.03"), high: set("choice.minutes=0.2"), measure: "bypass_nearest", sign: -1},
	{mechanism: "people avoid long waits", scenario: "status-quo", low: set("choice.wait=0", "choice.offered=1"), high: set("choice.wait=0.3", "choice.offered=1"), sign: -1,
		of: flowOf(func(_ *Model, s *agents.Service) float64 { return s.ClinicWait })},
	{mechanism: "people seek quality", scenario: "status-quo", low: set("choice.quality=0", "choice.offered=1"), high: set("choice.quality=0.5", "choice.offered=1"), sign: 1,
		of: flowOf(func(_ *Model, s *agents.Service) float64 { return s.Base })},
	{mechanism: "people go back where they were", scenario: "status-quo", low: set("choice.loyalty=0", "choice.offered=1"), high: set("choice.loyalty=4", "choice.offered=1"), sign: 1,
		of: func(o *outcomeOf) float64 { return returning(o.m) }},
	{mechanism: "the GP's advice is taken", scenario: "arm-open-real", low: set("choice.advice=0", "choice.offered=1"), high: set("choice.advice=3", "choice.offered=1"), measure: "pathway_inside", sign: 1},
	{mechanism: "being offered a choice makes people go elsewhere", scenario: "status-quo", low: set("choice.offered=0", "choice.minutes=0.03"), high: set("choice.offered=1", "choice.minutes=0.03"), measure: "bypass_nearest", sign: 1},
	{mechanism: "reach makes options", scenario: "status-quo", low: set("choice.max_options=2"), high: set("choice.max_options=8"), measure: "options_in_reach", sign: 1},
	{mechanism: "attention makes switching", scenario: "status-quo", low: set("choice.practice_attention=0.002"), high: set("choice.practice_attention=0.2"), measure: "switching", sign: 1, warm: true, place: devon},
	{mechanism: "bad contacts make switching", scenario: "status-quo", low: set("choice.practice_bad=0"), high: set("choice.practice_bad=0.3"), measure: "switching", sign: 1, warm: true, place: devon},
	{mechanism: "inertia holds people", scenario: "status-quo", low: set("choice.practice_inertia=0"), high: set("choice.practice_inertia=4"), measure: "switching", sign: -1, place: devon},
	{mechanism: "the cost of switching holds people", scenario: "medical-group-insurer", low: set("enrolment.switch_cost=0"), high: set("enrolment.switch_cost=3"), measure: "switching", sign: -1},
	{mechanism: "default sites send people past the nearest", scenario: "arm-closed-none", low: set("choice.default_other=0"), high: set("choice.default_other=1"), measure: "bypass_nearest", sign: 1, warm: true, place: devon},
	{mechanism: "published options are kept under network binding", scenario: "competing-systems", low: set("regime.binding=network"), high: set("regime.binding=free"), measure: "options_in_reach", sign: 1},

	// Handoff and integration (7.4).
	{mechanism: "handoffs fail", scenario: "status-quo", low: set("integration.failure_rate=0.05"), high: set("integration.failure_rate=0.3"), measure: "handoff_failures_per_episode", sign: 1},
	{mechanism: "integration prevents failures", scenario: "single-system-torbay", low: set("integration.effect=0"), high: set("integration.effect=0.8"), measure: "handoff_failures_per_episode", sign: -1},
	{mechanism: "integration may do harm", scenario: "single-system-torbay", low: set("integration.effect=-0.2"), high: set("integration.effect=0"), measure: "handoff_failures_per_episode", sign: -1},
	{mechanism: "failures duplicate tests", scenario: "status-quo", low: set("integration.duplicate=0.1"), high: set("integration.duplicate=0.5"), measure: "duplicates", sign: 1},
	{mechanism: "failures delay", scenario: "status-quo", low: set("integration.delay_prob=0"), high: set("integration.delay_prob=1", "integration.delay_weeks=8"), measure: "wait_median", sign: 1},
	{mechanism: "failures harm", scenario: "status-quo", low: set("integration.harm_prob=0"), high: set("integration.harm_prob=0.2"), measure: "harm", sign: 1},
	{mechanism: "failures bring readmissions", scenario: "status-quo", low: set("integration.readmission_risk=1"), high: set("integration.readmission_risk=3"), measure: "readmissions", sign: 1, place: devon},
	{mechanism: "links grow", scenario: "competing-systems", low: set("integration.growth=0.3"), high: set("integration.growth=1.6"), measure: "phi_mean", sign: 1},
	{mechanism: "spending makes links grow", scenario: "competing-systems", low: set("integration.spend=2"), high: set("integration.spend=18"), measure: "phi_mean", sign: 1},
	{mechanism: "leadership makes links grow", scenario: "competing-systems", low: set("integration.leadership=0.5"), high: set("integration.leadership=1.5"), measure: "phi_mean", sign: 1, warm: true},
	{mechanism: "support makes links grow", scenario: "competing-systems", low: set("integration.support=0.5"), high: set("integration.support=1.5"), measure: "phi_mean", sign: 1},
	{mechanism: "turnover wears links", scenario: "competing-systems", low: set("integration.turnover=0"), high: set("integration.turnover=0.3"), measure: "phi_mean", sign: -1},
	{mechanism: "the ceiling holds links", scenario: "single-system-torbay", low: set("integration.ceiling=0.4", "integration.growth=1.6"), high: set("integration.ceiling=0.95", "integration.growth=1.6"), measure: "phi_mean", sign: 1},
	{mechanism: "rivalry corrodes links", scenario: "arm-open-virtual", low: set("integration.rivalry=0", "integration.growth=1.6"), high: set("integration.rivalry=0.8", "integration.growth=1.6"), measure: "phi_mean", sign: -1},
	{mechanism: "virtual links break", scenario: "arm-open-virtual", low: set("integration.break=0"), high: set("integration.break=0.9"), measure: "phi_mean", sign: -1},
	{mechanism: "a merger disrupts", scenario: "integrated-provider-organisations", low: set("integration.merger_shock=0", "market.merger_hazard=1", "market.merger_hhi=1"), high: set("integration.merger_shock=0.9", "market.merger_hazard=1", "market.merger_hhi=1"), measure: "phi_mean", sign: -1},
	{mechanism: "integration costs", scenario: "competing-systems", low: set("integration.running_cost=0"), high: set("integration.running_cost=30"), measure: "cost_market", sign: 1},
	{mechanism: "governance costs", scenario: "competing-systems", low: set("integration.governance_real=0"), high: set("integration.governance_real=10"), measure: "cost_market", sign: 1},

	// Treatment, waits, beds, social care (7.5).
	{mechanism: "slots answer the queue", scenario: "status-quo", low: set("treatment.elasticity=0"), high: set("treatment.elasticity=1"), sign: -1,
		of: func(o *outcomeOf) float64 { return imbalance(o.m) }},
	{mechanism: "capacity differs between services", scenario: "status-quo", low: set("treatment.capacity_spread=0"), high: set("treatment.capacity_spread=0.3"), measure: "wait_p95", sign: 1, warm: true},
	{mechanism: "crowding harms", scenario: "status-quo", low: set("treatment.crowding_effect=0", "beds.social_delay=20"), high: set("treatment.crowding_effect=5", "beds.social_delay=20"), measure: "harm", sign: 1, place: devon},
	{mechanism: "care harms", scenario: "status-quo", low: set("treatment.harm=0.01"), high: set("treatment.harm=0.1"), measure: "harm", sign: 1},
	{mechanism: "people are readmitted", scenario: "status-quo", low: set("treatment.readmission=0.05"), high: set("treatment.readmission=0.2"), measure: "readmissions", sign: 1, place: devon},
	{mechanism: "poor discharge fills beds", scenario: "status-quo", low: set("beds.social_delay=0.5"), high: set("beds.social_delay=6"), measure: "delayed_days", sign: 1},
	{mechanism: "need of social care fills beds", scenario: "status-quo", low: set("beds.social_care=0.1"), high: set("beds.social_care=0.4"), measure: "delayed_days", sign: 1},
	{mechanism: "full beds breach four hours", scenario: "status-quo", low: set("beds.breach_slope=0", "beds.social_delay=20"), high: set("beds.breach_slope=40", "beds.social_delay=20"), measure: "within_4_hours", sign: -1, place: devon},
	{mechanism: "stays fill beds", scenario: "status-quo", low: set("beds.stay_old=6"), high: set("beds.stay_old=12"), measure: "occupancy", sign: 1},
	{mechanism: "emergencies displace planned care", scenario: "status-quo", low: set("beds.elective_limit=0.5"), high: set("beds.elective_limit=1"), sign: -1, place: devon, of: func(o *outcomeOf) (waiting float64) {
		for i := range o.m.lists {
			waiting += float64(len(o.m.lists[i]))
		}
		return waiting
	}},
	{mechanism: "late people come first", scenario: "status-quo", low: set("treatment.late_weight=1"), high: set("treatment.late_weight=5"), measure: "within_18_weeks", sign: 1, place: devon},
	{mechanism: "some never attend", scenario: "status-quo", low: set("treatment.non_attendance=0"), high: set("treatment.non_attendance=0.2"), measure: "cost_hospital_elective", sign: -1},
	{mechanism: "volume makes skill", scenario: "airline", low: set("treatment.volume_effect=0"), high: set("treatment.volume_effect=0.3"), sign: 1, of: func(o *outcomeOf) float64 {
		sum := 0.0 // how far quality follows volume
		for i := range o.m.services {
			if s := &o.m.services[i]; s.Open && s.VolumeRef > 0 {
				sum += (s.Quality - s.Base) * (s.Volume/s.VolumeRef - 1)
			}
		}
		return sum
	}},

	// Payment (7.6).
	{mechanism: "prices are paid", scenario: "status-quo", low: set("payment.first_attendance=100"), high: set("payment.first_attendance=200"), measure: "price_per_head", sign: 1},
	{mechanism: "emergencies above the base are paid in part", scenario: "status-quo", low: set("payment.marginal_rate=0"), high: set("payment.marginal_rate=1"), measure: "price_per_head", sign: 1, place: devon},
	{mechanism: "capitation is paid", scenario: "status-quo", low: set("payment.gp_capitation=150"), high: set("payment.gp_capitation=250"), of: paid("capitation"), sign: 1},
	{mechanism: "fixed cost stays", scenario: "status-quo", low: set("payment.fixed_share=0.3"), high: set("payment.fixed_share=0.9"), sign: 1, warm: true, of: paid("fixed")},
	{mechanism: "duplicate tests cost", scenario: "status-quo", low: set("payment.duplicate_test=0"), high: set("payment.duplicate_test=500"), measure: "cost_per_head", sign: 1},
	{mechanism: "groups pay for facilities", scenario: "airline", low: set("payment.facility_standby=0"), high: set("payment.facility_standby=0.8"), sign: -1, of: paid("facility-fee")},
	{mechanism: "owners of pathways answer for 26 weeks", scenario: "airline", low: set("payment.pathway_liability=0"), high: set("payment.pathway_liability=1"), sign: 1, of: paidBack},
	{mechanism: "the benchmark of savings grows", scenario: "practice-based-commissioning", low: set("payment.savings_trend=0", "payment.savings_minimum=0"), high: set("payment.savings_trend=0.05", "payment.savings_minimum=0"), sign: 1, of: paid("shared-savings")},
	{mechanism: "what prevention frees makes links grow", scenario: "integrated-provider-organisations", low: set("make_or_buy.reinvest=0", "health.control_prevention=0.2"), high: set("make_or_buy.reinvest=1", "make_or_buy.reinvest_prevention=0", "health.control_prevention=0.2"), sign: 1, place: devon, of: func(o *outcomeOf) (spend float64) {
		for s := range o.m.systems {
			spend += o.m.systems[s].Spend
		}
		return spend
	}},
	{mechanism: "what prevention frees goes into prevention", scenario: "integrated-provider-organisations", low: set("make_or_buy.reinvest_prevention=0", "health.control_prevention=0.2"), high: set("make_or_buy.reinvest_prevention=1", "health.control_prevention=0.2"), sign: 1, place: devon, of: effort(func(o *agents.Organisation) float64 { return o.Prevent })},
	{mechanism: "GPs who leave break continuity", scenario: "status-quo", low: set("labour.turnover=0"), high: set("labour.turnover=1"), measure: "coc", sign: -1, place: devon},
	{mechanism: "extra slots are dearer", scenario: "status-quo", low: set("treatment.extra_cost=1"), high: set("treatment.extra_cost=3"), measure: "cost_hospital_elective", sign: 1},
	{mechanism: "accurate risk adjustment leaves less to select", scenario: "competing-systems", low: set("payment.risk_r2=0.04", "selection.banned=false"), high: set("payment.risk_r2=0.119", "selection.banned=false"), sign: -1,
		of: func(o *outcomeOf) (x float64) {
			for s := range o.m.systems {
				x += o.m.systems[s].Select
			}
			return x
		}},

	// Make or buy (7.7).
	{mechanism: "dear own provision is not made", scenario: "gp-consortia", low: set("make_or_buy.unit_cost=0.8"), high: set("make_or_buy.unit_cost=1.3"), of: events("make"), sign: -1, place: devon},
	{mechanism: "partners' share makes them provide", scenario: "gp-consortia", low: set("make_or_buy.partner_share=0", "make_or_buy.unit_cost=1.09"), high: set("make_or_buy.partner_share=1", "make_or_buy.unit_cost=1.09"), of: events("make"), sign: 1, place: devon},
	{mechanism: "a rule forbids counting it", scenario: "gp-consortia", low: set("make_or_buy.forbidden=false", "make_or_buy.partner_share=1", "make_or_buy.unit_cost=1.09"), high: set("make_or_buy.forbidden=true", "make_or_buy.partner_share=1", "make_or_buy.unit_cost=1.09"), of: events("make"), sign: -1, place: devon},

	// Effort (7.8).
	{mechanism: "altruism makes effort", scenario: "status-quo", low: set("effort.altruism=0"), high: set("effort.altruism=4"), of: effort(quality), sign: 1},
	{mechanism: "altruism makes systems' effort", scenario: "competing-systems", low: set("effort.altruism=0"), high: set("effort.altruism=4"), of: effort(quality), sign: 1},
	{mechanism: "effort costs", scenario: "competing-systems", low: set("effort.cost=1"), high: set("effort.cost=20"), of: effort(quality), sign: -1},
	{mechanism: "a sharp commissioner makes effort", scenario: "status-quo", low: set("effort.sharpness=0", "effort.penalty=5", "effort.standard=2"), high: set("effort.sharpness=1", "effort.penalty=5", "effort.standard=2"), of: effort(quality), sign: 1},
	{mechanism: "a penalty makes effort", scenario: "status-quo", low: set("effort.sharpness=1", "effort.penalty=0", "effort.standard=2"), high: set("effort.sharpness=1", "effort.penalty=5", "effort.standard=2"), of: effort(quality), sign: 1},
	{mechanism: "growth is an aim", scenario: "competing-systems", low: set("effort.growth=0", "choice.quality=0.5"), high: set("effort.growth=50", "choice.quality=0.5"), of: effort(quality), sign: 1},
	{mechanism: "monitoring costs", scenario: "status-quo", low: set("effort.sharpness=0"), high: set("effort.sharpness=1"), of: paid("monitoring"), sign: 1},

	// Selection (7.9).
	{mechanism: "selection wins the profitable", scenario: "competing-systems", low: set("selection.banned=true"), high: set("selection.banned=false", "selection.slope=2"), sign: 1,
		of: func(o *outcomeOf) (x float64) {
			for s := range o.m.systems {
				x += o.m.systems[s].Select
			}
			return x
		}},
	{mechanism: "selection costs", scenario: "medical-group-insurer", low: set("selection.cost=1"), high: set("selection.cost=20"), of: paid("marketing"), sign: -1},

	// Entry, exit, merger, labour (7.10).
	{mechanism: "staff leave a system that fails", scenario: "competing-systems", low: set("market.staff_loss=0", "market.deficit_share=-0.001", "market.deficit_quarters=4", "market.reserves=0", "payment.envelope=900"), high: set("market.staff_loss=0.5", "market.deficit_share=-0.001", "market.deficit_quarters=4", "market.reserves=0", "payment.envelope=900"), sign: -1, place: devon,
		of: func(o *outcomeOf) (slots float64) {
			for i := range o.m.services {
				slots += o.m.services[i].Clinic
			}
			return slots
		}},
	{mechanism: "set-up bars entry", scenario: "open-entry", low: set("market.set_up=0.5", "market.leaders=0.5", "market.min_practices=1"), high: set("market.set_up=500", "market.leaders=0.5", "market.min_practices=1"), of: events("entry"), sign: -1, place: devon},
	{mechanism: "capital lets newcomers in", scenario: "open-entry", low: set("market.set_up=2", "market.capital=0", "market.capital_hospital=0", "market.capital_corporate=0", "market.leaders=0.5", "market.min_practices=1"), high: set("market.set_up=2", "market.leaders=0.5", "market.min_practices=1"), of: events("entry"), sign: 1, place: devon},
	{mechanism: "leaders let newcomers in", scenario: "open-entry", low: set("market.set_up=1", "market.leaders=0"), high: set("market.set_up=1", "market.leaders=0.5"), of: events("entry"), sign: 1, place: devon},
	{mechanism: "deficits bring failure", scenario: "competing-systems", low: set("market.deficit_share=-0.001", "market.deficit_quarters=4", "market.reserves=0", "payment.envelope=900"), high: set("market.deficit_share=-0.5", "market.deficit_quarters=12", "market.reserves=0.5", "payment.envelope=900"), of: func(o *outcomeOf) float64 { return events("exit")(o) + events("bail-out")(o) }, sign: -1, place: devon},
	{mechanism: "the merger rule bars mergers", scenario: "integrated-provider-organisations", low: set("market.merger_hazard=1", "market.merger_hhi=0.05", "market.merger_rise=0"), high: set("market.merger_hazard=1", "market.merger_hhi=1"), of: events("merger"), sign: 1, place: devon},
	{mechanism: "practices change systems", scenario: "competing-systems", low: set("labour.turnover=0"), high: set("labour.turnover=0.5", "labour.stay=0"), sign: 1, place: devon,
		of: func(o *outcomeOf) (moved float64) {
			fresh := branchQuiet(o.m)
			for i := range o.m.practices {
				if o.m.practices[i].System != fresh.practices[i].System {
					moved++
				}
			}
			return moved
		}},
	{mechanism: "corporations with capital enter", scenario: "open-entry", low: corporate("market.capital_corporate=20"), high: corporate("market.capital_corporate=100"), of: events("entry"), sign: 1, place: devon},
	{mechanism: "corporations that want much stay away", scenario: "open-entry", low: corporate("market.return_corporate=0"), high: corporate("market.return_corporate=1"), of: events("entry"), sign: -1, place: devon},
	{mechanism: "corporations care as they care", scenario: "open-entry", low: corporate("market.altruism_corporate=0", "effort.damping=0.5"), high: corporate("market.altruism_corporate=3", "effort.damping=0.5"), sign: 1, place: devon,
		of: func(o *outcomeOf) (care float64) {
			for s := range o.m.systems {
				if v := &o.m.systems[s]; v.Kind == agents.Entrant {
					care += v.Quality
				}
			}
			return care
		}},
	{mechanism: "mergers that raise concentration little are let pass", scenario: "integrated-provider-organisations", low: set("market.merger_hazard=1", "market.merger_hhi=0.1", "market.merger_rise=0"), high: set("market.merger_hazard=1", "market.merger_hhi=0.1", "market.merger_rise=0.3"), of: events("merger"), sign: 1, place: devon},
	{mechanism: "a failure disrupts", scenario: "competing-systems", low: set("costs.moved=0.05", "market.deficit_share=-0.001", "market.deficit_quarters=4", "market.reserves=0", "payment.envelope=900"), high: set("costs.moved=0.2", "market.deficit_share=-0.001", "market.deficit_quarters=4", "market.reserves=0", "payment.envelope=900"), of: paid("disruption"), sign: 1, place: devon},
	{mechanism: "practices prize autonomy", scenario: "competing-systems", low: set("labour.autonomy=0", "labour.turnover=0.5"), high: set("labour.autonomy=5", "labour.turnover=0.5"), sign: 1, place: devon,
		of: func(o *outcomeOf) (alone float64) {
			for i := range o.m.practices {
				if o.m.practices[i].System == agents.None {
					alone++
				}
			}
			return alone
		}},

	// Costs of the market (7.11).
	{mechanism: "contracts cost", scenario: "status-quo", low: set("costs.contract=0"), high: set("costs.contract=200000"), measure: "cost_market", sign: 1},
	{mechanism: "management costs", scenario: "status-quo", low: set("costs.management=0.01"), high: set("costs.management=0.06"), measure: "management_share", sign: 1},
	{mechanism: "monitoring costs by the head", scenario: "status-quo", low: set("costs.monitoring=0"), high: set("costs.monitoring=5"), measure: "cost_market", sign: 1},
	{mechanism: "support is sold", scenario: "medical-group-insurer", low: set("costs.support=0"), high: set("costs.support=20"), measure: "cost_market", sign: 1},
}

// returning is the share of people who wait for a clinic of the site where they were treated last.
func returning(m *Model) float64 {
	same, n := 0.0, 0.0
	for i := range m.services {
		for k := range m.clinics[i] {
			w := &m.clinics[i][k]
			if p := &m.parts[w.Slot>>slotBits].people[w.Slot&(1<<slotBits-1)]; p.ID == w.ID && p.LastSite != agents.None {
				n++
				if p.LastSite == m.services[i].Site {
					same++
				}
			}
		}
	}
	return same / n
}

// imbalance is the mean square of the log of queues against what they would be at rest.
func imbalance(m *Model) float64 {
	sum, n := 0.0, 0.0
	for i := range m.services {
		if s := &m.services[i]; s.Open && !s.Outside && s.Clinic > 1 {
			x := math.Log((float64(len(m.clinics[i])) + 1) / (m.cfg.Treatment.ClinicQueue*s.Clinic + 1))
			sum += x * x * s.Clinic
			n += s.Clinic
		}
	}
	return sum / n
}

// branchQuiet is the warm-up that warm keeps of the place of m, branched anew into its regime.
func branchQuiet(m *Model) *Model {
	w, _ := warmed.Load(fmt.Sprint(m.place.Name, m.set.Sample))
	b, err := w.(*Model).Branch(m.cfg)
	if err != nil {
		panic(err)
	}
	return b
}

// TestEffects turns the parameters of every mechanism and sees a result move the right way.
func TestEffects(t *testing.T) {
	if testing.Short() {
		t.Skip("runs each mechanism twice")
	}
	warm(t, bay, 1)
	warm(t, devon, .01)
	type kept struct {
		scenario, place string
		sets            string
	}
	cache := map[kept]*outcomeOf{}
	run := func(t *testing.T, e *effect, sets []string) *outcomeOf {
		key := kept{e.scenario, e.place, fmt.Sprint(sets, e.warm)}
		if cache[key] == nil {
			cache[key] = runOf(t, e, sets)
		}
		return cache[key]
	}
	for i := range effects {
		e := &effects[i]
		t.Run(e.mechanism, func(t *testing.T) {
			value := func(sets []string) float64 {
				o := run(t, e, sets)
				if e.of != nil {
					return e.of(o)
				}
				return mean(o.rows, "all", e.measure, 0)
			}
			low, high := value(e.low), value(e.high)
			if !((high-low)*e.sign > 0) {
				t.Errorf("%s under %s: %v gives %.6g, %v gives %.6g, want a move of sign %+g", e.measure, e.scenario, e.low, low, e.high, high, e.sign)
			} else {
				t.Logf("%s: %.5g -> %.5g", e.measure, low, high)
			}
		})
	}
}

// TestFailureShunned: people turn from a provider of whom it is published that its handoffs fail.
func TestFailureShunned(t *testing.T) {
	flow := func(weight float64) (share float64) {
		b := branch(t, warm(t, bay, 1), scenario(t, "status-quo", func(c *configs.Config) { c.Choice.Failure, c.Choice.Offered = weight, 1 }))
		bad, all := int64(0), int64(0)
		for range 12 {
			for i := range b.services {
				if b.services[i].Provider == 0 {
					b.services[i].Failure = .6
				}
			}
			steps(t, b, 1)
		}
		for i, n := range b.year.flow {
			all += n
			if b.services[i].Provider == 0 {
				bad += n
			}
		}
		return float64(bad) / float64(all)
	}
	if careless, careful := flow(0), flow(3); !(careful < .8*careless) {
		t.Errorf("a provider whose handoffs fail has %.3f of the referrals when nobody cares and %.3f when all do", careless, careful)
	}
}

// TestSkimming: a system that selects alone wins those who cost less than their group.
func TestSkimming(t *testing.T) {
	free := func(c *configs.Config) {
		c.Enrolment.Attention, c.Enrolment.SwitchCost, c.Payment.RiskR2 = .9, 0, c.Payment.RiskR2Cell
		c.Regime.Entry, c.Regime.Mergers = nil, false
	}
	m := warmWith(t, bay, 1, free)
	gap := func(banned bool) float64 {
		b := branch(t, m, scenario(t, "medical-group-insurer", free, func(c *configs.Config) { c.Selection.Slope, c.Selection.Banned = 5, banned }))
		for range 48 {
			for s := range b.systems {
				b.systems[s].Select = 0
			}
			b.systems[0].Select = 5
			steps(t, b, 1)
		}
		var sum, n [2]float64
		everyone(b, func(p *agents.Patient) {
			k := min(int(p.System), 1)
			r, cell := b.risk(p)
			sum[k] += r - cell
			n[k]++
		})
		return sum[0]/n[0] - sum[1]/n[1]
	}
	if fair, skimmed := gap(true), gap(false); !(skimmed < fair-.02) {
		t.Errorf("risk of the enrolled of a system that selects less that of the others = %.4f, %.4f where that is banned", skimmed, fair)
	}
}
