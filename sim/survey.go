package sim

import (
	"math/bits"

	"coexist/agents"
	"coexist/agents/chance"
	"coexist/sim/place"
)

// AgeBands is the number of age bands of Past.Band: 0-15, 16-64, 65-84, 85 and over.
const AgeBands = ageBands

// WaitBins is the number of weeks that waits are counted by, the last open.
const WaitBins = waitBins

// Activity is what happened to some people in a year, as counts at the scale of the sample.
type Activity struct {
	PersonYears                                                    float64
	GPContacts, NurseContacts, BadContacts                         float64
	Referrals, OtherReferrals, Bypasses                            float64 // other: of the referrals, those that no GP made
	Firsts, FollowUps, NonAttendances                              float64
	DayCases, Inpatients, OtherAdmissions                          float64
	AvoidableEmergencies, OtherEmergencies, Readmissions, AEVisits float64
	BedDays, EmergencyDays, DelayedDays, SocialCases               float64 // emergency: of the bed days
	Deaths, PracticeSwitches                                       float64
}

// AgeUse is what people of one year of age on the panel did in a year.
type AgeUse struct {
	People, GPContacts, NurseContacts, Avoidable, Emergencies float64
}

// DistrictUse is the work of the practices of a district in a year.
type DistrictUse struct {
	GPContacts, Referrals float64
}

// Past is a year of a run as counted: what cannot be read off its state afterwards.
type Past struct {
	Year     int32                 // since the regime began, from 1
	Band     [AgeBands]Activity    // by age
	Fifth    [5][AgeBands]Activity // by deprivation, the first the most deprived, and age
	Waits    [2][WaitBins]float64  // completed waits from referral by week: not admitted, admitted
	Deaths   [2][101]float64       // by sex and age
	ByAge    [101]AgeUse           // of the panel
	District []DistrictUse
	Breaches float64 // A&E visits over four hours
	Visits   float64
	Served   []float64 // attendances and list admissions by hospital site
	ByPayer  []float64 // emergency admissions of the people whom each commissioner pays for, districts in order
	Members  float64   // referrals of practices that are in a system
	Leaving  float64   // of them, those to providers outside it
}

// lookBack gathers what the year that ends counted. Nothing is changed.
func (m *Model) lookBack(year *counts) *Past {
	y := &Past{Year: m.elapsed() / 52, Breaches: m.year.breaches, Visits: float64(m.year.visits)}
	for b := range y.Band {
		y.Band[b] = year.activity(func(cell int) bool { return cell%ageBands == b })
	}
	for d := range y.Fifth {
		for b := range y.Fifth[d] {
			y.Fifth[d][b] = year.activity(func(cell int) bool { return fifthOf(cell) == d && cell%ageBands == b })
		}
	}
	for i := range year.waits {
		for j := range year.waits[i] {
			for k, n := range year.waits[i][j] {
				y.Waits[j][k] += float64(n)
			}
		}
	}
	for s := range y.Deaths {
		for a, n := range year.deathsBy[s] {
			y.Deaths[s][a] = float64(n)
		}
	}
	for i := range m.parts {
		q := &m.parts[i]
		for k := range q.tracks {
			t := &q.tracks[k]
			p := &q.people[t.slot]
			if p.ID != t.id || p.Flags&agents.Panel == 0 {
				continue
			}
			u := &y.ByAge[p.Age(m.week)]
			u.People++
			u.GPContacts += float64(t.gp)
			u.NurseContacts += float64(t.nurse)
			u.Avoidable += float64(t.avoidable)
			u.Emergencies += float64(t.emergencies)
		}
	}
	m.lookAtProviders(y)
	return y
}

// lookAtProviders gathers what practices and sites did.
func (m *Model) lookAtProviders(y *Past) {
	y.District = make([]DistrictUse, len(m.place.Districts))
	for i := range m.practices {
		p, d := &m.practices[i], &y.District[m.practices[i].District]
		d.GPContacts += float64(52 * p.Mean)
		for k, n := range m.links.flow[i*m.links.providers : (i+1)*m.links.providers] {
			d.Referrals += float64(n)
			if s := m.practices[i].System; s != agents.None {
				y.Members += float64(n)
				if m.providers[k].System != s {
					y.Leaving += float64(n)
				}
			}
		}
	}
	y.Served = make([]float64, len(m.sites))
	for k := range m.services {
		y.Served[m.services[k].Site] += float64(m.year.seen[k])
	}
	y.ByPayer = m.EmergenciesSoFar()
}

// EmergenciesSoFar counts the emergency admissions of this year until now of the people whom each commissioner
// pays for, districts first, at the scale of the sample. At the end of a year the count begins anew, and that
// of the whole year is in Past. Nothing is changed.
func (m *Model) EmergenciesSoFar() []float64 {
	count := make([]float64, len(m.buyers))
	for b := range count {
		for p := range m.providers {
			count[b] += float64(m.year.payer[(b*len(m.providers)+p)*int(bills)+int(billEmergency)])
		}
	}
	return count
}

// activity sums the cells that holds names.
func (c *sums[N]) activity(holds func(cell int) bool) Activity {
	n := c.total(&group{holds: holds}).n
	return Activity{PersonYears: n[personWeeks] / 52,
		GPContacts: n[gpContacts], NurseContacts: n[nurseContacts], BadContacts: n[badContacts],
		Referrals: n[referrals], OtherReferrals: n[otherReferrals], Bypasses: n[bypasses],
		Firsts: n[firsts], FollowUps: n[followUps], NonAttendances: n[nonAttendances],
		DayCases: n[dayCases], Inpatients: n[inpatients], OtherAdmissions: n[otherAdmissions],
		AvoidableEmergencies: n[avoidableEmergencies], OtherEmergencies: n[otherEmergencies], Readmissions: n[readmissions], AEVisits: n[aeVisits],
		BedDays: n[bedDays], EmergencyDays: n[emergencyDays], DelayedDays: n[delayedDays], SocialCases: n[socialCases],
		Deaths: n[deaths], PracticeSwitches: n[practiceSwitches]}
}

// Past is the last whole year since the regime began, nil before there is one.
func (m *Model) Past() *Past { return m.rows.past }

// State is a world at one moment, as counts at the scale of the sample.
type State struct {
	Alive        [2][101]float64                     // by sex and age
	Have         [][10][101]float64                  // people with each condition of place.Health by decile and age
	Conditions   [101][10][maxConditions + 1]float64 // people by age, decile (0 the most deprived) and number of conditions, the last for 12 and more
	Decile       [10][101]float64                    // people by decile and age
	Seen         [101]float64                        // people with two or more GP contacts of 24 months, by age
	UPC          [101]float64                        // of them, the sum of their usual-provider index
	HighUPC      [101]float64                        // of them, those with an index of .7 or more
	Prefer       [101]float64                        // people who see their usual GP by intent in more than half of their contacts
	Clinic       [WaitBins]float64                   // people who wait for a clinic, by weeks since referral
	Tests        [WaitBins]float64                   // people who wait for tests after it
	List         [WaitBins]float64                   // people on a list, by weeks since referral
	Listed       [WaitBins]float64                   // the same, by weeks since they joined it
	GPs          int
	Beds, InBeds float64   // of sites inside the place: beds, and the mean number in use over the year
	Quality      []float64 // by hospital site: mean of its services, SD
	Systems      int       // integrated organisations that are open
}

// Survey reads a world. Nothing is changed and nothing is drawn.
func (m *Model) Survey() *State {
	s := &State{GPs: len(m.gps)}
	s.Have = make([][10][101]float64, len(m.hazards.conditions))
	for i := range m.parts {
		q := &m.parts[i]
		for k := range q.people {
			if p := &q.people[k]; p.Flags&agents.Alive != 0 {
				m.survey(s, p)
			}
		}
		for ahead := range diaryWeeks {
			for _, e := range q.diary.due(m.week + int32(ahead)) {
				if e.kind == entryTests {
					s.Tests[min(max(int(e.left)-ahead, 0), WaitBins-1)]++
				}
			}
		}
	}
	s.Quality = make([]float64, len(m.sites))
	services := make([]float64, len(m.sites))
	for k := range m.services {
		if v := &m.services[k]; v.Open {
			s.Quality[v.Site] += v.Quality
			services[v.Site]++
		}
	}
	for i, n := range services {
		s.Quality[i] /= max(n, 1)
	}
	for i := range m.systems {
		if m.systems[i].Open {
			s.Systems++
		}
	}
	bin := func(since uint16) int { return min(max(int(m.week)-int(since), 0), WaitBins-1) }
	for k := range m.services {
		for i := range m.clinics[k] {
			s.Clinic[bin(m.clinics[k][i].Referred)]++
		}
		for i := range m.lists[k] {
			s.List[bin(m.lists[k][i].Referred)]++
			s.Listed[bin(m.lists[k][i].Joined)]++
		}
	}
	for i := range m.sites {
		if h := &m.sites[i]; !m.place.Hospitals[i].Outside {
			s.Beds += h.Beds
			s.InBeds += float64(h.Mean * h.Beds)
		}
	}
	return s
}

// survey adds one person.
func (m *Model) survey(s *State, p *agents.Patient) {
	age, decile := p.Age(m.week), int(m.geo.decile[p.Area])
	s.Alive[p.Sex()][age]++
	s.Decile[decile][age]++
	s.Conditions[age][decile][min(bits.OnesCount32(p.Conditions), maxConditions)]++
	for k := range s.Have {
		if p.Conditions>>k&1 == 1 {
			s.Have[k][decile][age]++
		}
	}
	insist := float64(p.Insist) / 255
	if age >= 65 {
		insist += m.cfg.Contact.UsualGPOld
	}
	if insist > .5 {
		s.Prefer[age]++
	}
	if p.Contacts.Len() >= 2 {
		c := continuityOf(p)
		s.Seen[age]++
		s.UPC[age] += c.upc
		if c.upc >= .7 {
			s.HighUPC[age]++
		}
	}
}

// Registration is how many people of an area are registered with a practice.
type Registration struct {
	Area, Practice uint16
	People         int32
}

// Registrations lists who is registered where, in order of area and practice.
func (m *Model) Registrations() []Registration {
	var list []Registration
	count := make([]int32, len(m.practices))
	people := make([][]uint16, len(m.place.Areas)) // practices of the people of each area
	for i := range m.parts {
		for k := range m.parts[i].people {
			if p := &m.parts[i].people[k]; p.Flags&agents.Alive != 0 {
				people[p.Area] = append(people[p.Area], p.Practice)
			}
		}
	}
	for a := range people {
		for _, pr := range people[a] {
			count[pr]++
		}
		for _, s := range m.place.Lists[a] {
			if n := count[s.Practice]; n > 0 {
				list = append(list, Registration{uint16(a), s.Practice, n})
				count[s.Practice] = 0
			}
		}
		for _, pr := range people[a] { // those who kept a practice that does not serve their new home
			if n := count[pr]; n > 0 {
				list = append(list, Registration{uint16(a), pr, n})
				count[pr] = 0
			}
		}
	}
	return list
}

// Demand is how the panel would choose a hospital, used or not, as things stand.
type Demand struct {
	Decisions   float64 // people times lines with an option in reach
	WaitShift   float64 // summed change of the chosen providers' demand for 1 % more wait, in hundredths
	RatingShift float64 // the same for a rate of readmission 1 % higher
	Wanted      float64 // summed probability of going where one would go with a free choice
	Surprise    float64 // summed -ln of the HHI of a person's predicted flow, by trust
}

// Demand asks every person of the panel, in each line, what they would choose. Elasticities are those
// of a service's demand to its own wait and to its own published rate of readmission, weighted by
// demand. Nothing is changed and nothing is drawn.
func (m *Model) Demand() Demand {
	for i := range m.services { // as the next week will publish it: the turn of the year wipes the board
		v, o := &m.services[i], &m.signals.offer[i]
		o.rating, o.failure = v.Rating, v.Failure
		o.wait = v.ClinicWait + float64(m.cfg.Treatment.ListShare*v.ListWait)
	}
	by := make([]Demand, len(m.parts))
	now := m.standings()
	scratch := make([]options, m.set.Workers)
	m.parallel(len(m.parts), func(w, i int) {
		q := &m.parts[i]
		for k := range q.tracks {
			t := &q.tracks[k]
			if p := &q.people[t.slot]; p.ID == t.id && p.Is(agents.Alive|agents.Panel) {
				m.demandOf(&by[i], &scratch[w], now, p)
			}
		}
	})
	d := Demand{}
	for i := range by {
		b := &by[i]
		d.Decisions += b.Decisions
		d.WaitShift += b.WaitShift
		d.RatingShift += b.RatingShift
		d.Wanted += b.Wanted
		d.Surprise += b.Surprise
	}
	return d
}

func (m *Model) demandOf(d *Demand, set *options, now []standing, p *agents.Patient) {
	t := m.tastes(p)
	offered := 0.0
	if m.regime.choice {
		offered = m.cfg.Choice.Offered
	}
	for l := range uint8(place.Lines) {
		m.optionsFor(set, p, l)
		if len(set.list) == 0 {
			continue
		}
		d.Decisions++
		pick := m.standing(set, p, l)
		m.utilities(set, p, pick)
		top, sum := set.v[0], 0.0
		for _, v := range set.v[:len(set.list)] {
			top = max(top, v)
		}
		for k := range set.list {
			set.p[k] = chance.Exp(set.v[k] - top)
			sum += set.p[k]
		}
		believed := 4 * t.accuracy
		for k, o := range set.list {
			set.p[k] /= sum
			s := &m.signals.offer[o.service]
			n := 0.0
			if s.site == p.LastSite {
				n = float64(p.Visits)
			}
			moves := float64(offered * set.p[k] * (1 - set.p[k]))
			d.WaitShift -= float64(moves * t.wait * s.wait)
			d.RatingShift -= float64(moves * t.quality * believed / (4 + n) / m.cfg.Treatment.ReadmissionQuality)
		}
		own := float64(set.p[pick] / (set.p[pick] + float64((1-set.p[pick])*chance.Exp(m.cfg.Choice.Advice)))) // without the GP's word
		d.Wanted += offered + float64((1-offered)*own)
		m.entryUtilities(set, now, p, &t)
		m.weigh(set, now, &t)
		controllers, _ := set.concentration(now)
		d.Surprise -= chance.Log(controllers)
	}
}
