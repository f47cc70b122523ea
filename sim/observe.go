package sim

import (
	"fmt"

	"coexist/agents"
	"coexist/market"
	"coexist/sim/place"
	"coexist/sim/tables"
)

// rows are what a run has seen and not yet handed out.
type rows struct {
	batch                   tables.Batch
	entries, exits, mergers int               // this quarter
	groups                  *counts           // counts of the year so far, for groups
	conditions              map[uint32]string // names of sets of conditions, as they are met
	cost                    float64           // resource cost of the year so far, GBP at the scale of the sample
	past                    *Past             // the last whole year, for Survey
	closing                 []market.Total    // posted when the year was closed: in the rows of that quarter, in the measures of the next
}

// The components of the quality index, and the spread of each between providers or areas of the
// status quo by which a difference is divided: assumption (half to twice each; rows E47 and D07 for
// the second and last).
const (
	partControl = iota
	partWait
	partAvoidable
	partHarm
	partExperience
	qualityParts
)

var qualitySpread = [qualityParts]float64{partControl: .05, partWait: 2, partAvoidable: .21, partHarm: .2, partExperience: .03}

// group is a set of cells with a name.
type group struct {
	name  string
	holds func(cell int) bool
}

// groups are those for which outcomes are handed out.
var groups = func() []group {
	all := []group{
		{"all", func(int) bool { return true }},
		{"rurality:urban", func(c int) bool { return c/ageBands < ranks }},
		{"rurality:rural", func(c int) bool { return c/ageBands >= ranks }},
	}
	for d := range 5 {
		all = append(all, group{fmt.Sprintf("deprivation:%d", d+1), func(c int) bool { return fifthOf(c) == d }})
	}
	for b, name := range [ageBands]string{"age:0-15", "age:16-64", "age:65-84", "age:85+"} {
		all = append(all, group{name, func(c int) bool { return c%ageBands == b }})
	}
	return append(all, group{"age:65+", func(c int) bool { return c%ageBands >= 2 }},
		group{tables.WorstOff, func(c int) bool { return c/ageBands%ranks == 0 }})
}()

// of keeps of a group what is told of it: of the worst-off tenth the headlines and the measures of
// quality, of others all.
func (g *group) of(put func(string, float64, bool)) func(string, float64, bool) {
	if g.name != tables.WorstOff {
		return put
	}
	h := tables.Headline
	return func(name string, value float64, ok bool) {
		if m, _ := tables.MeasureByName(name); m.Dimension == "quality" || name == h.Choice || name == h.Cost || name == h.Fragmentation {
			put(name, value, ok)
		}
	}
}

// total is what a group counted.
type total struct {
	n     [kinds]float64
	waits [waitBins]float64 // completed waits by week, admitted or not
}

func (c *sums[N]) total(g *group) *total {
	t := &total{}
	for i := range c.cell {
		if !g.holds(i) {
			continue
		}
		for k, n := range c.cell[i] {
			t.n[k] += float64(n)
		}
	}
	for i := range c.waits { // by rurality and rank only: age bands share them
		if g.holds(i*ageBands) || g.holds(i*ageBands+1) || g.holds(i*ageBands+2) || g.holds(i*ageBands+3) {
			for j := range c.waits[i] {
				for k, n := range c.waits[i][j] {
					t.waits[k] += float64(n)
				}
			}
		}
	}
	return t
}

// waitQuantile is the wait in weeks below which the share q of completed waits lies; ok is false
// without any.
func (t *total) waitQuantile(q float64) (weeks float64, ok bool) {
	sum := 0.0
	for _, n := range t.waits {
		sum += n
	}
	if sum == 0 {
		return 0, false
	}
	want, seen := float64(q*sum), 0.0
	for k, n := range t.waits {
		if seen+n >= want && n > 0 {
			return float64(k) + (want-seen)/n, true
		}
		seen += n
	}
	return waitBins, true
}

func (t *total) within(weeks int) (share float64, ok bool) {
	sum, in := 0.0, 0.0
	for k, n := range t.waits {
		sum += n
		if k < weeks {
			in += n
		}
	}
	if sum == 0 {
		return 0, false
	}
	return in / sum, true
}

// observe fills the rows of a quarter; what is measured once a year follows in the fourth. Observing
// draws no numbers and changes nothing that the model uses.
func (m *Model) observe() {
	endsYear, quarter := m.endsYear(), m.elapsed()/13
	care := m.sampleCare()
	var choice *basket
	if endsYear {
		expected := m.newExpected()
		choice = m.sampleChoice(expected)
		m.concentrationRows(expected)
	}
	if m.rows.groups == nil {
		m.rows.groups = &counts{system: make([][kinds]int64, len(m.systems)+1)}
	}
	year := m.rows.groups
	merge(year, &m.counts)
	if endsYear {
		m.rows.past = m.lookBack(year)
	}
	now := m.counts.total(&groups[0])
	put := m.putter(quarter, "all")
	m.putRates(put, now)
	m.putPanel(put, care, &groups[0])
	m.putQuality(put, now, care, &groups[0])
	m.putMoney(put)
	m.putMarket(put)
	m.readGauges(quarter)
	if endsYear {
		m.putChoice(put, choice, &groups[0], year.total(&groups[0]))
		m.putEquity(put, year)
		for i := range groups[1:] {
			g := &groups[i+1]
			t := year.total(g)
			if t.n[personWeeks] == 0 {
				continue
			}
			put := g.of(m.putter(quarter, g.name))
			m.putRates(put, t)
			m.putPanel(put, care, g)
			m.putQuality(put, t, care, g)
			m.putChoice(put, choice, g, t)
			m.putGroupCost(put, t, year.total(&groups[0]))
		}
		m.putSystems(quarter, year)
		m.followedRows(quarter / 4)
		m.rows.groups, m.rows.cost = nil, 0
	}
	m.counts.clear()
	m.rows.entries, m.rows.exits, m.rows.mergers = 0, 0, 0
}

// elapsed is how many weeks the regime has had, this one included.
func (m *Model) elapsed() int32 { return m.week + 1 - m.start }

// endsYear says whether a year ends with this week.
func (m *Model) endsYear() bool { return m.elapsed()%52 == 0 }

// putter returns a function that hands out one value; a value that is not defined (ok false) leaves
// no row.
func (m *Model) putter(quarter int32, group string) func(measure string, value float64, ok bool) {
	return func(name string, value float64, ok bool) {
		if !ok || value != value {
			return
		}
		measure, known := tables.MeasureByName(name)
		if !known {
			panic("sim: no measure " + name)
		}
		m.rows.batch.Outcomes = append(m.rows.batch.Outcomes, tables.Outcome{Quarter: quarter, Group: group, Measure: name, Unit: measure.Unit, Value: value})
	}
}

// ratio is a / b, undefined for b = 0.
func ratio(a, b float64) (float64, bool) { return a / b, b != 0 }

// putRates hands out what is counted of events.
func (m *Model) putRates(put func(string, float64, bool), t *total) {
	n := &t.n
	years := n[personWeeks] / 52
	rate := func(k ...kind) (float64, bool) {
		sum := 0.0
		for _, x := range k {
			sum += n[x]
		}
		return ratio(1000*sum, years)
	}
	two := func(name string) func(float64, bool) { return func(v float64, ok bool) { put(name, v, ok) } }
	two("bypass_nearest")(ratio(n[bypasses], n[pathways]))
	if m.regime.direct {
		two("switching")(rate(practiceSwitches, systemSwitches))
	} else { // a change of system is one of practice
		two("switching")(rate(practiceSwitches))
	}
	two("harm")(ratio(1000*n[harms], n[episodes]))
	median, ok := t.waitQuantile(.5)
	put("wait_median", median, ok)
	p95, ok := t.waitQuantile(.95)
	put("wait_p95", p95, ok)
	two("within_18_weeks")(t.within(18))
	two("avoidable_admissions")(rate(avoidableEmergencies))
	two("emergency_admissions")(rate(avoidableEmergencies, otherEmergencies))
	two("readmissions")(ratio(100*n[readmissions], n[avoidableEmergencies]+n[otherEmergencies]))
	two("duplicates")(rate(duplicates))
	two("bed_days")(rate(bedDays))
	two("delayed_days")(ratio(n[delayedDays], n[bedDays]))
	two("experience")(ratio(n[gpContacts]+n[nurseContacts]-n[badContacts], n[gpContacts]+n[nurseContacts]))
	two("handoff_failures_per_episode")(ratio(100*n[failures], n[episodes]))
	two("handoffs_per_episode")(ratio(n[handoffs], n[episodes]))
	two("handoff_failures")(ratio(n[failures], n[handoffs]))
	two("pathway_inside")(ratio(n[insidePathways], n[pathways]))
	two("missed_need")(rate(missed))
	two("mortality")(rate(deaths))
}

// putPanel hands out what is measured on the panel every quarter.
func (m *Model) putPanel(put func(string, float64, bool), b *basket, g *group) {
	s := b.of(g)
	mean := func(name string, k, over basketKind) {
		v, ok := ratio(s[k], s[over])
		put(name, v, ok)
	}
	mean("control", sumControl, sumChronic)
	if m.endsYear() {
		mean("coc", sumCOC, sumSeen)
		mean("upc", sumUPC, sumSeen)
		mean("secon", sumSECON, sumSeen)
		mean("sites_per_patient", sumSites, sumContacted)
		mean("clinicians_per_patient", sumClinicians, sumContacted)
	}
}

// of sums a group of the panel.
func (b *basket) of(g *group) (s [basketKinds]float64) {
	for c := range b {
		if g.holds(c) {
			for k, x := range b[c] {
				s[k] += float64(x)
			}
		}
	}
	return s
}

// qualityOf returns the components of the quality index of a group; ok is false where one is not defined.
func (m *Model) qualityOf(t *total, b *basket, g *group) (q [qualityParts]float64, ok bool) {
	s := b.of(g)
	wait, waited := t.waitQuantile(.5)
	n := &t.n
	contacts := n[gpContacts] + n[nurseContacts]
	if s[sumChronic] == 0 || !waited || n[episodes] == 0 || contacts == 0 {
		return q, false
	}
	q[partControl] = s[sumControl] / s[sumChronic]
	q[partWait] = wait
	q[partAvoidable] = 52000 * n[avoidableEmergencies] / n[personWeeks]
	q[partHarm] = 1000 * n[harms] / n[episodes]
	q[partExperience] = 1 - n[badContacts]/contacts
	return q, true
}

// putQuality hands out the quality index.
func (m *Model) putQuality(put func(string, float64, bool), t *total, b *basket, g *group) {
	q, ok := m.qualityOf(t, b, g)
	if !ok || !m.reference.Fixed {
		return
	}
	ref := &m.reference.Parts
	sum, n := 0.0, 0.0
	add := func(part int, difference float64, better float64) {
		sum += float64(better * difference / qualitySpread[part])
		n++
	}
	add(partControl, q[partControl]-ref[partControl], +1)
	add(partWait, q[partWait]-ref[partWait], -1)
	for _, part := range []int{partAvoidable, partHarm} {
		if ref[part] > 0 { // in a tiny world there may have been none to compare with
			add(part, q[part]/ref[part]-1, -1)
		}
	}
	add(partExperience, q[partExperience]-ref[partExperience], +1)
	put("quality_index", sum/n, true)
}

// putMoney hands out what the ledger says of the quarter, and its rows.
func (m *Model) putMoney(put func(string, float64, bool)) {
	var cost, price, gp, elective, emergency, social, overhead float64
	quarter := m.elapsed() / 13
	posted := m.ledger.Drain()
	for _, row := range posted {
		m.ledgerRow(quarter, row)
	}
	for _, row := range append(m.rows.closing, posted...) {
		pounds := row.Amount.Pounds()
		if row.Kind.IsContract() && row.Service != market.ServiceWhole && (row.Payer != market.RoleGovernment || row.Payee != market.RoleSystem && row.Payee != market.RoleCommissioner) {
			if row.Kind == market.KindPathway && row.Service == market.ServiceEmergency { // paid back to the payer
				price -= pounds
			} else {
				price += pounds
			}
		}
		if row.Payee != market.RoleOutside || row.Service == market.ServiceRest || row.Kind == market.KindAllocation {
			continue
		}
		cost += pounds
		switch {
		case row.Kind.IsMarketCost():
			overhead += pounds
		case row.Service == market.ServiceGP || row.Kind == market.KindEffort && row.Payer == market.RolePractice:
			gp += pounds
		case row.Service == market.ServiceSocialCare:
			social += pounds
		case row.Service == market.ServiceEmergency || row.Service == market.ServiceAE:
			emergency += pounds
		default:
			elective += pounds
		}
	}
	m.rows.closing = nil
	m.rows.cost += cost
	people := float64(m.people.Alive) / 4
	head := func(name string, x float64) { put(name, x/people, people > 0) }
	head("cost_per_head", cost)
	head("price_per_head", price)
	head("cost_gp", gp)
	head("cost_hospital_elective", elective)
	head("cost_hospital_emergency", emergency)
	head("cost_social_care", social)
	head("cost_market", overhead)
	share, ok := ratio(100*overhead, cost)
	put("management_share", share, ok && overhead <= cost) // a handful of people may need less care than falling effort saves
	if m.endsYear() {
		deficit, income := 0.0, 0.0
		seen := map[int32]bool{}
		for i := range m.providers {
			account := m.account(uint16(i))
			if o := &m.providers[i]; o.Kind == agents.Trust && o.Home != place.NoDistrict && !seen[account] {
				seen[account] = true
				p := &m.ledger.Parties[account]
				deficit += max(float64(p.Expense-p.Income), 0)
				income += float64(p.Income)
			}
		}
		v, ok := ratio(100*deficit, income)
		put("hospital_deficit", v, ok)
	}
}

// putGroupCost hands out the cost per head of a group: its own care at reference prices, and an equal
// share of what else all care costs, so that the groups together cost what everyone does.
func (m *Model) putGroupCost(put func(string, float64, bool), t, all *total) {
	own, ok := m.careCost(t)
	usual, known := m.careCost(all)
	put("cost_per_head", own-usual+float64(52*m.rows.cost)/all.n[personWeeks], ok && known)
}

// careCost is the care of a group at reference prices, GBP a head and year.
func (m *Model) careCost(t *total) (float64, bool) {
	return ratio(52*m.careValue(t), t.n[personWeeks])
}

// careValue is care at reference prices, GBP.
func (m *Model) careValue(t *total) float64 {
	p := &m.cfg.Payment
	n := &t.n
	return float64(n[gpContacts]*p.GPContact) + float64(n[nurseContacts]*p.NurseContact) + float64((n[firsts]+n[followUps])*p.FirstAttendance) +
		float64(n[dayCases]*p.DayCase) + float64(n[inpatients]*p.Inpatient) + float64(n[otherAdmissions]*p.OtherAdmission) +
		float64((n[avoidableEmergencies]+n[otherEmergencies])*p.Emergency) + float64(n[aeVisits]*p.AEVisit) + float64(n[duplicates]*p.DuplicateTest) +
		float64(n[socialCases]*p.SocialCareCase) + float64(n[delayedDays]*p.BedDay)
}

// putMarket hands out the state of the market.
func (m *Model) putMarket(put func(string, float64, bool)) {
	open, enrolled := 0, 0.0
	for i := range m.systems {
		if o := &m.systems[i]; o.Open && o.Enrolled > 0 {
			open++
			enrolled += float64(o.Enrolled)
		}
	}
	alive := float64(m.people.Alive)
	put("systems", float64(open), true)
	put("entries", float64(m.rows.entries), true)
	put("exits", float64(m.rows.exits), true)
	put("mergers", float64(m.rows.mergers), true)
	put("registered_with_system", min(enrolled/max(alive, 1), 1), true)
	put("population", floor(alive/m.set.Sample+.5), true)
	phi, n := 0.0, 0.0
	for i := range m.providers {
		phi += float64(float64(m.year.phi[i]) / 65536)
		n += float64(m.year.handoffs[i])
	}
	v, ok := ratio(phi, n)
	put("phi_mean", v, ok)
	used, beds, delay, lists := 0.0, 0.0, 0.0, 0.0
	for i := range m.sites {
		h := &m.sites[i]
		if !m.place.Hospitals[i].Outside {
			used += float64(h.Mean * h.Beds)
			beds += h.Beds
		}
	}
	v, ok = ratio(used, beds)
	put("occupancy", v, ok)
	for i := range m.practices {
		delay += float64(m.practices[i].Delay * float64(m.practices[i].Registered))
		lists += float64(m.practices[i].Registered)
	}
	v, ok = ratio(delay, lists)
	put("gp_delay_days", v, ok)
	v, ok = ratio(m.year.breaches, float64(m.year.visits))
	put("within_4_hours", 1-v, ok)
	v, ok = ratio(1000*float64(m.cohort[1]), float64(m.cohort[0]))
	put("life_years", v, ok)
}

// putChoice hands out what the panel decided.
func (m *Model) putChoice(put func(string, float64, bool), b *basket, g *group, t *total) {
	s := b.of(g)
	mean := func(name string, k, over basketKind) {
		v, ok := ratio(s[k], s[over])
		put(name, v, ok)
	}
	mean("effective_options", sumEffective, sumPeople)
	mean("options_in_reach", sumReach, sumPeople)
	mean("acceptable_options", sumAcceptable, sumPeople)
	mean("real_choice", sumReal, sumPeople)
	mean("choice_value", sumValue, sumPeople)
	mean("experienced_value", sumExperienced, sumPeople)
	mean("choice_burden", sumBurden, sumPeople)
	mean("hhi_flows", sumHHI, sumPeople)
	mean("hhi_sites", sumSiteHHI, sumPeople)
	mean("uncovered_need", sumUncovered, sumLines)
	p := &m.cfg.Payment
	n := &t.n
	elective := float64((n[firsts]+n[followUps])*p.FirstAttendance) + float64(n[dayCases]*p.DayCase) + float64(n[inpatients]*p.Inpatient)
	all := elective + float64(n[otherAdmissions]*p.OtherAdmission) + float64((n[avoidableEmergencies]+n[otherEmergencies])*p.Emergency) + float64(n[aeVisits]*p.AEVisit) +
		float64(n[gpContacts]*p.GPContact) + float64(n[nurseContacts]*p.NurseContact)
	open, ok1 := ratio(s[sumOpen], s[sumLines])
	part, ok2 := ratio(elective, all)
	put("spend_open_to_choice", open*part, ok1 && ok2)
}

// putEquity hands out how avoidable admissions differ by deprivation.
func (m *Model) putEquity(put func(string, float64, bool), year *counts) {
	var rate, people [5]float64
	total, events := 0.0, 0.0
	for d := range 5 {
		t := year.total(&groups[3+d])
		people[d] = t.n[personWeeks] / 52
		rate[d] = t.n[avoidableEmergencies]
		total += people[d]
		events += rate[d]
	}
	if total == 0 || events == 0 {
		return
	}
	// Regression of the rate on the rank of deprivation, 0 the least deprived to 1 the most.
	sx, sy, sxx, sxy, cum, conc := 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
	for d := 4; d >= 0; d-- {
		if people[d] == 0 {
			continue
		}
		w := people[d] / total
		x := cum + float64(w/2)
		y := 1000 * rate[d] / people[d]
		cum += w
		sx += float64(w * x)
		sy += float64(w * y)
		sxx += float64(w * x * x)
		sxy += float64(w * x * y)
		conc += float64(w * y * (1 - x)) // from most to least deprived
	}
	slope, ok := ratio(sxy-float64(sx*sy), sxx-float64(sx*sx))
	put("slope_avoidable", slope, ok)
	put("concentration_avoidable", 2*conc/sy-1, sy > 0)
}

// putSystems hands out a few outcomes for the people of each system.
func (m *Model) putSystems(quarter int32, year *counts) {
	for s := range m.systems {
		if m.systems[s].Enrolled == 0 || s >= len(year.system)-1 {
			continue
		}
		put := m.putter(quarter, "system:"+m.names[m.systems[s].Name])
		n := &year.system[s]
		x := func(k kind) float64 { return float64(n[k]) }
		heads := float64(m.systems[s].Enrolled)
		v, ok := ratio(1000*x(avoidableEmergencies), heads)
		put("avoidable_admissions", v, ok)
		v, ok = ratio(100*x(failures), x(episodes))
		put("handoff_failures_per_episode", v, ok)
		v, ok = ratio(x(insidePathways), x(pathways))
		put("pathway_inside", v, ok)
		put("registered_with_system", min(heads/max(float64(m.people.Alive), 1), 1), true) // counted before: some have died since
	}
}
