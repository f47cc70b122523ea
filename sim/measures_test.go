package sim

import (
	"math"
	"testing"

	"coexist/agents"
	"coexist/market"
	"coexist/sim/place"
	"coexist/sim/tables"
)

// handed gathers what is handed out.
type handed map[string]float64

func (h handed) put(name string, v float64, ok bool) {
	if ok {
		h[name] = v
	}
}

// want compares one measure with arithmetic.
func (h handed) want(t *testing.T, name string, want float64) {
	t.Helper()
	got, ok := h[name]
	if !ok || !(math.Abs(got-want) <= 1e-9*math.Max(1, math.Abs(want))) {
		t.Errorf("%s = %v (handed out: %v), want %v", name, got, ok, want)
	}
}

// numbered is a total in which every count is another number.
func numbered() *total {
	t := &total{}
	for k := range t.n {
		t.n[k] = float64(100 + 7*k*k)
	}
	t.n[personWeeks] = 52 * 400
	return t
}

func TestMeasuresOfEvents(t *testing.T) {
	c := numbered()
	n := c.n
	c.waits[3], c.waits[30] = 30, 10
	h := handed{}
	(&Model{}).putRates(h.put, c)
	h.want(t, "bypass_nearest", n[bypasses]/n[pathways])
	h.want(t, "switching", 1000*n[practiceSwitches]/400)
	h.want(t, "harm", 1000*n[harms]/n[episodes])
	h.want(t, "wait_median", 3+20.0/30)
	h.want(t, "wait_p95", 30+8.0/10)
	h.want(t, "within_18_weeks", .75)
	h.want(t, "avoidable_admissions", 1000*n[avoidableEmergencies]/400)
	h.want(t, "emergency_admissions", 1000*(n[avoidableEmergencies]+n[otherEmergencies])/400)
	h.want(t, "readmissions", 100*n[readmissions]/(n[avoidableEmergencies]+n[otherEmergencies]))
	h.want(t, "duplicates", 1000*n[duplicates]/400)
	h.want(t, "bed_days", 1000*n[bedDays]/400)
	h.want(t, "delayed_days", n[delayedDays]/n[bedDays])
	h.want(t, "experience", 1-n[badContacts]/(n[gpContacts]+n[nurseContacts]))
	h.want(t, "handoff_failures_per_episode", 100*n[failures]/n[episodes])
	h.want(t, "handoffs_per_episode", n[handoffs]/n[episodes])
	h.want(t, "handoff_failures", n[failures]/n[handoffs])
	h.want(t, "pathway_inside", n[insidePathways]/n[pathways])
	h.want(t, "missed_need", 1000*n[missed]/400)
	h.want(t, "mortality", 1000*n[deaths]/400)

	m := &Model{}
	m.regime.direct = true
	h = handed{}
	m.putRates(h.put, c)
	h.want(t, "switching", 1000*(n[practiceSwitches]+n[systemSwitches])/400)

	h = handed{}
	m.putRates(h.put, &total{})
	if len(h) > 0 {
		t.Errorf("without events and people: %v, want nothing", h)
	}
}

func TestMeasuresOfWaits(t *testing.T) {
	c := &total{}
	if _, ok := c.waitQuantile(.5); ok {
		t.Error("a median of no waits")
	}
	if _, ok := c.within(18); ok {
		t.Error("a share of no waits")
	}
	c.waits[0], c.waits[3], c.waits[7], c.waits[waitBins-1] = 5, 5, 30, 60
	for _, row := range []struct{ q, want float64 }{{.01, .2}, {.05, 1}, {.1, 4}, {.25, 7 + 15.0/30}, {.4, 8}, {1, waitBins}, {.7, waitBins - 1 + 30.0/60}} {
		if got, ok := c.waitQuantile(row.q); !ok || math.Abs(got-row.want) > 1e-12 {
			t.Errorf("quantile %v = %v, want %v weeks", row.q, got, row.want)
		}
	}
	for weeks, want := range map[int]float64{0: 0, 1: .05, 3: .05, 4: .1, 7: .1, 8: .4, waitBins - 1: .4, waitBins: 1} {
		if got, ok := c.within(weeks); !ok || math.Abs(got-want) > 1e-12 {
			t.Errorf("within %d weeks = %v, want %v", weeks, got, want)
		}
	}
}

// TestMeasuresOfGroups adds counts of cells by name of the group.
func TestMeasuresOfGroups(t *testing.T) {
	var c counts
	for i := range c.cell {
		c.cell[i][deaths] = int64(1 + i*i)
		c.cell[i][births] = int64(3 * i)
	}
	for i := range c.waits {
		for j := range c.waits[i] {
			for w := range c.waits[i][j] {
				c.waits[i][j][w] = int64(1 + i + 20*j + 3*w)
			}
		}
	}
	for k := range groups {
		g := &groups[k]
		var died, born, wait5 float64
		for rural := range 2 {
			for rank := range ranks {
				fifth := []int{0, 0, 1, 2, 3, 4}[rank]
				aged := false
				for age := range ageBands {
					in := g.name == "all" || g.name == [2]string{"rurality:urban", "rurality:rural"}[rural] ||
						g.name == "deprivation:"+string(rune('1'+fifth)) || g.name == tables.WorstOff && rank == 0 ||
						g.name == [ageBands]string{"age:0-15", "age:16-64", "age:65-84", "age:85+"}[age] || g.name == "age:65+" && age >= 2
					if in {
						i := (rural*ranks+rank)*ageBands + age
						died += float64(1 + i*i)
						born += float64(3 * i)
						aged = true
					}
				}
				if aged { // waits are kept by rurality and rank
					i := rural*ranks + rank
					for j := range 2 {
						wait5 += float64(1 + i + 20*j + 15)
					}
				}
			}
		}
		got := c.total(g)
		if got.n[deaths] != died || got.n[births] != born || got.waits[5] != wait5 {
			t.Errorf("%s: %v deaths, %v births, %v waits of 5 weeks, want %v, %v, %v", g.name, got.n[deaths], got.n[births], got.waits[5], died, born, wait5)
		}
		var b basket
		for i := range b {
			b[i][sumUPC] = c.cell[i][deaths]
		}
		if s := b.of(g); s[sumUPC] != died || s[sumCOC] != 0 {
			t.Errorf("%s: the panel sums to %v, want %v", g.name, s[sumUPC], died)
		}
	}
}

// TestMeasuresOfEquity holds the slope and the concentration index to regression and covariance over
// single people.
func TestMeasuresOfEquity(t *testing.T) {
	for name, row := range map[string]struct{ people, events [5]int64 }{ // 1 the most deprived
		"even fifths":      {[5]int64{100, 100, 100, 100, 100}, [5]int64{50, 40, 30, 20, 10}},
		"uneven":           {[5]int64{300, 50, 20, 100, 130}, [5]int64{90, 3, 4, 9, 20}},
		"an empty fifth":   {[5]int64{100, 0, 100, 100, 200}, [5]int64{5, 0, 5, 9, 1}},
		"the rich are ill": {[5]int64{10, 20, 30, 40, 50}, [5]int64{0, 0, 0, 0, 9}},
	} {
		var c counts
		all := int64(0)
		for d := range 5 {
			i := int(rankOf(2*d+d%2)) * ageBands // any tenth of the fifth
			c.cell[i][personWeeks] = 52 * row.people[d]
			c.cell[i+1][avoidableEmergencies] = row.events[d]
			all += row.people[d]
		}
		// Everyone gets the rate of the fifth and its middle rank from the least deprived.
		var xs, ys []float64
		before := int64(0)
		for d := 4; d >= 0; d-- {
			for range row.people[d] {
				xs = append(xs, (float64(before)+float64(row.people[d])/2)/float64(all))
				ys = append(ys, 1000*float64(row.events[d])/float64(row.people[d]))
			}
			before += row.people[d]
		}
		mean := func(v []float64) (m float64) {
			for _, x := range v {
				m += x / float64(len(v))
			}
			return m
		}
		mx, my, sxx, sxy := mean(xs), mean(ys), 0.0, 0.0
		for i := range xs {
			sxx += (xs[i] - mx) * (xs[i] - mx) / float64(len(xs))
			sxy += (xs[i] - mx) * (ys[i] - my) / float64(len(xs))
		}
		h := handed{}
		(&Model{}).putEquity(h.put, &c)
		if math.Abs(h["slope_avoidable"]-sxy/sxx) > 1e-6*my {
			t.Errorf("%s: slope %v, want %v", name, h["slope_avoidable"], sxy/sxx)
		}
		if math.Abs(h["concentration_avoidable"]+2*sxy/my) > 1e-9 {
			t.Errorf("%s: concentration %v, want %v", name, h["concentration_avoidable"], -2*sxy/my)
		}
	}
	h := handed{}
	(&Model{}).putEquity(h.put, &counts{})
	if len(h) > 0 {
		t.Errorf("without people: %v", h)
	}
}

// TestMeasuresOfGroupCost prices each kind of care by itself.
func TestMeasuresOfGroupCost(t *testing.T) {
	m := &Model{}
	p := &m.cfg.Payment
	price := map[kind]*float64{gpContacts: &p.GPContact, nurseContacts: &p.NurseContact, firsts: &p.FirstAttendance, dayCases: &p.DayCase,
		inpatients: &p.Inpatient, otherAdmissions: &p.OtherAdmission, avoidableEmergencies: &p.Emergency, aeVisits: &p.AEVisit,
		duplicates: &p.DuplicateTest, socialCases: &p.SocialCareCase, delayedDays: &p.BedDay}
	next := 11.0
	for k := range kinds {
		if to := price[k]; to != nil {
			*to = next
			next += 13
		}
	}
	price[followUps], price[otherEmergencies] = &p.FirstAttendance, &p.Emergency
	for k := range kinds {
		c := &total{}
		c.n[k] = 3
		c.n[personWeeks] = 104
		want := 0.0
		if price[k] != nil {
			want = 52 * 3 * *price[k] / 104
		}
		if got, ok := m.careCost(c); !ok || math.Abs(got-want) > 1e-12 {
			t.Errorf("kind %d costs %v, want %v", k, got, want)
		}
	}
	part, all := numbered(), numbered()
	part.n[personWeeks], all.n[personWeeks] = 520, 5200
	m.rows.cost = 1e6
	own, _ := m.careCost(part)
	usual, _ := m.careCost(all)
	h := handed{}
	m.putGroupCost(h.put, part, all)
	h.want(t, "cost_per_head", own-usual+52*1e6/5200)
	h = handed{}
	if m.putGroupCost(h.put, &total{}, all); len(h) > 0 {
		t.Errorf("nobody costs %v", h)
	}
}

func TestMeasuresOfQuality(t *testing.T) {
	m := &Model{}
	c := numbered()
	c.waits[4] = 10
	var b basket
	b[0][sumChronic], b[0][sumControl] = 4e6, 3e6
	n := c.n
	parts := [qualityParts]float64{partControl: .75, partWait: 4.5, partAvoidable: 52000 * n[avoidableEmergencies] / n[personWeeks],
		partHarm: 1000 * n[harms] / n[episodes], partExperience: 1 - n[badContacts]/(n[gpContacts]+n[nurseContacts])}
	got, ok := m.qualityOf(c, &b, &groups[0])
	for k := range got {
		if !ok || math.Abs(got[k]-parts[k]) > 1e-12*math.Abs(parts[k]) {
			t.Errorf("part %d = %v, want %v", k, got[k], parts[k])
		}
	}
	h := handed{}
	if m.putQuality(h.put, c, &b, &groups[0]); len(h) > 0 {
		t.Errorf("quality in the warm-up: %v", h)
	}
	m.reference.Fixed = true
	m.reference.Parts = [qualityParts]float64{partControl: .7, partWait: 5, partAvoidable: parts[partAvoidable] * 2, partHarm: parts[partHarm] / 2, partExperience: .5}
	s := qualitySpread
	want := ((.75-.7)/s[partControl] - (4.5-5)/s[partWait] - (1.0/2-1)/s[partAvoidable] - (2.0-1)/s[partHarm] + (parts[partExperience]-.5)/s[partExperience]) / 5
	m.putQuality(h.put, c, &b, &groups[0])
	h.want(t, "quality_index", want)
	m.reference.Parts[partHarm] = 0
	want = (want*5 + (2.0-1)/s[partHarm]) / 4
	m.putQuality(h.put, c, &b, &groups[0])
	h.want(t, "quality_index", want)
	c.n[episodes] = 0
	if _, ok := m.qualityOf(c, &b, &groups[0]); ok {
		t.Error("quality without episodes")
	}
	if _, ok := m.qualityOf(numbered(), &b, &groups[0]); ok {
		t.Error("quality without waits")
	}
}

// TestMeasuresOfMoney posts one payment of each sort and finds it where it belongs.
func TestMeasuresOfMoney(t *testing.T) {
	m := &Model{}
	roles := []market.Role{market.RoleGovernment, market.RoleCommissioner, market.RoleSystem, market.RolePractice, market.RoleHospital, market.RoleOutside}
	m.ledger = market.NewLedger(roles...)
	const government, commissioner, system, practice, hospital, outside = 0, 1, 2, 3, 4, 5
	m.people.Alive = 4000 // 1,000 people and years in a quarter
	post := func(from, to int32, k market.Kind, s market.Service, pounds float64) {
		m.ledger.Post(from, to, k, s, market.GBP(pounds))
	}
	post(practice, outside, market.KindInputs, market.ServiceGP, 1000)
	post(hospital, outside, market.KindInputs, market.ServiceSocialCare, 2000)
	post(hospital, outside, market.KindFixed, market.ServiceEmergency, 4000)
	post(hospital, outside, market.KindInputs, market.ServiceAE, 8000)
	post(hospital, outside, market.KindInputs, market.ServiceElective, 16000)
	post(hospital, outside, market.KindDuplicate, market.ServiceOutpatient, 32000)
	post(system, outside, market.KindMarketing, market.ServiceGP, 64000)
	post(system, outside, market.KindEffort, market.ServiceWhole, 128000)
	post(practice, outside, market.KindEffort, market.ServiceWhole, 256000)
	post(system, outside, market.KindInputs, market.ServiceRest, 1e6)
	post(system, outside, market.KindAllocation, market.ServiceGP, 2e6)
	post(commissioner, hospital, market.KindTariff, market.ServiceElective, 500)
	post(commissioner, hospital, market.KindTariff, market.ServiceWhole, 3e6)
	post(government, commissioner, market.KindCapitation, market.ServiceGP, 5e6)
	post(government, system, market.KindCapitation, market.ServiceGP, 6e6)
	post(government, practice, market.KindCapitation, market.ServiceGP, 70)
	post(system, hospital, market.KindBailOut, market.ServiceElective, 7e6)
	h := handed{}
	m.putMoney(h.put)
	h.want(t, "cost_gp", 1+256)
	h.want(t, "cost_social_care", 2)
	h.want(t, "cost_hospital_emergency", 4+8)
	h.want(t, "cost_hospital_elective", 16+32+128)
	h.want(t, "cost_market", 64)
	h.want(t, "cost_per_head", 1+2+4+8+16+32+64+128+256)
	h.want(t, "price_per_head", .5+.07)
	h.want(t, "management_share", 100*64.0/511)
	if m.rows.cost != 511000 {
		t.Errorf("cost of the year %v, want 511000", m.rows.cost)
	}
	if n := len(m.rows.batch.Ledger); n != 17 {
		t.Errorf("%d rows of the ledger, want 17", n)
	}
	if l := m.rows.batch.Ledger[0]; l.Quarter != 0 || l.Payer != "government" || l.Payee != "commissioner" || l.Contract != "capitation" || l.Service != "gp" || l.Pence != 5e8 {
		t.Errorf("first row of the ledger: %+v", l)
	}
}

// TestMeasuresOfDeficits: hospitals in deficit, each account once, against what all take in.
func TestMeasuresOfDeficits(t *testing.T) {
	m := &Model{}
	m.week = 51
	m.ledger = market.NewLedger(market.RoleHospital, market.RoleHospital, market.RoleOutside, market.RolePractice)
	m.providers = []agents.Organisation{{Kind: agents.Trust, Party: 0}, {Kind: agents.Trust, Party: 1}, {Kind: agents.Trust, Party: 1},
		{Kind: agents.Group, Party: 3}, {Kind: agents.Trust, Party: 3, Home: place.NoDistrict}}
	for i := range m.providers {
		m.providers[i].System = agents.None
	}
	post := func(from, to int32, pounds float64) {
		m.ledger.Post(from, to, market.KindInputs, market.ServiceElective, market.GBP(pounds))
	}
	post(2, 0, 300)
	post(0, 2, 400)
	post(2, 1, 700)
	post(1, 2, 100)
	post(3, 2, 5000)
	m.people.Alive = 4
	h := handed{}
	m.putMoney(h.put)
	h.want(t, "hospital_deficit", 100*(400.0-300)/(300+700))
}

func TestMeasuresOfTheMarket(t *testing.T) {
	m := &Model{place: &place.Place{Hospitals: make([]place.Hospital, 3)}}
	m.place.Hospitals[2].Outside = true
	m.systems = []agents.Organisation{{Open: true, Enrolled: 30}, {Open: true, Enrolled: 50}, {Open: false, Enrolled: 500}, {Open: true}, {Open: true, Enrolled: 1}}
	m.people.Alive, m.set.Sample = 200, .3
	m.rows.entries, m.rows.exits, m.rows.mergers = 3, 5, 7
	m.providers = make([]agents.Organisation, 2)
	m.year.phi, m.year.handoffs = []int64{65536 * 3, 65536 / 2}, []int64{4, 6}
	m.sites = []agents.Hospital{{Mean: .9, Beds: 100}, {Mean: .5, Beds: 300}, {Mean: 9, Beds: 1000}}
	m.practices = []agents.Practice{{Delay: 2, Registered: 10}, {Delay: 5, Registered: 30}}
	m.year.breaches, m.year.visits = 12, 48
	m.cohort = [2]int64{80, 60}
	h := handed{}
	m.putMarket(h.put)
	h.want(t, "systems", 3)
	h.want(t, "entries", 3)
	h.want(t, "exits", 5)
	h.want(t, "mergers", 7)
	h.want(t, "registered_with_system", 81.0/200)
	h.want(t, "population", 667)
	h.want(t, "phi_mean", 3.5/10)
	h.want(t, "occupancy", (.9*100+.5*300)/400)
	h.want(t, "gp_delay_days", (2*10+5*30)/40.0)
	h.want(t, "within_4_hours", 1-12.0/48)
	h.want(t, "life_years", 1000*60.0/80)
}

func TestMeasuresOfSystems(t *testing.T) {
	m := &Model{names: []string{"North", "South"}}
	m.systems = []agents.Organisation{{Name: 1, Enrolled: 40}, {Name: 0}}
	m.people.Alive = 50
	year := &counts{system: make([][kinds]int64, 3)}
	for k := range kinds {
		year.system[0][k] = int64(5 + k)
	}
	x := func(k kind) float64 { return float64(5 + k) }
	m.putSystems(8, year)
	h := handed{}
	for _, o := range m.rows.batch.Outcomes {
		if o.Group != "system:South" || o.Quarter != 8 || o.Unit == "" {
			t.Errorf("%+v", o)
		}
		h[o.Measure] = o.Value
	}
	h.want(t, "avoidable_admissions", 1000*x(avoidableEmergencies)/40)
	h.want(t, "handoff_failures_per_episode", 100*x(failures)/x(episodes))
	h.want(t, "pathway_inside", x(insidePathways)/x(pathways))
	h.want(t, "registered_with_system", 40.0/50)
	if len(h) != 4 {
		t.Errorf("handed out: %v", h)
	}
	m.systems[0].Enrolled = 51 // one has died since they were counted
	m.rows.batch.Outcomes = nil
	m.putSystems(8, year)
	if last := m.rows.batch.Outcomes[3]; last.Value != 1 {
		t.Errorf("%s = %v, want 1", last.Measure, last.Value)
	}
}

// TestMeasuresOfCare: continuity and control of one person.
func TestMeasuresOfCare(t *testing.T) {
	m := warm(t, village, 1)
	p := &agents.Patient{Practice: 0, Usual: 1, Control: .25, Touched: uint16(m.week)}
	for _, who := range []uint8{1, 1, 2} {
		p.Contacts = p.Contacts.Add(who, 0)
	}
	var b [basketKinds]int64
	m.care(&b, p, &track{gp: 3, places: 2})
	want := [basketKinds]int64{sumPeople: 1e6, sumUsual: 666667, sumSeen: 1e6, sumUPC: 666667, sumCOC: 333333, sumSECON: 500000,
		sumContacted: 1e6, sumSites: 2e6, sumClinicians: 4e6}
	if b != want {
		t.Errorf("no condition: %v, want %v", b, want)
	}
	p.Conditions, p.Contacts = 1, agents.Ring(0).Add(3, 0)
	b = [basketKinds]int64{}
	m.care(&b, p, &track{})
	want = [basketKinds]int64{sumPeople: 1e6, sumChronic: 1e6, sumControl: b[sumControl]}
	if b != want || b[sumControl] < 250000-1000 || b[sumControl] > 1e6 {
		t.Errorf("one contact: %v, want %v", b, want)
	}
	b = [basketKinds]int64{}
	m.care(&b, p, &track{gp: 1, nurse: 1, places: 1})
	if b[sumContacted] != 1e6 || b[sumSites] != 1e6 {
		t.Errorf("one contact with a GP and one with a nurse: %v, want contacts at one place", b)
	}
	s := basket{}
	s[0] = [basketKinds]int64{sumPeople: 9e6, sumChronic: 4e6, sumControl: 3e6, sumSeen: 5e6, sumCOC: 1e6, sumUPC: 2e6, sumSECON: 3e6, sumContacted: 8e6, sumSites: 12e6, sumClinicians: 20e6}
	h := handed{}
	end := &Model{}
	end.week = 51
	end.putPanel(h.put, &s, &groups[0])
	for name, want := range map[string]float64{"control": 3.0 / 4, "coc": 1.0 / 5, "upc": 2.0 / 5, "secon": 3.0 / 5, "sites_per_patient": 12.0 / 8, "clinicians_per_patient": 20.0 / 8} {
		h.want(t, name, want)
	}
	h = handed{}
	end.week = 38
	if end.putPanel(h.put, &s, &groups[0]); len(h) != 1 {
		t.Errorf("in the third quarter: %v, want control alone", h)
	}
}
