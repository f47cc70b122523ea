package sim

import (
	"cmp"
	"fmt"
	"slices"

	"coexist/agents"
	"coexist/agents/chance"
	"coexist/configs"
	"coexist/market"
	"coexist/sim/place"
)

// Settings say which world to make.
type Settings struct {
	Place   *place.Place
	Config  configs.Config // of the warm-up: the status quo
	Seed    int64          // of the run, >= 0
	Sample  float64        // fraction of the people who are simulated, in (0, 1]
	Workers int            // goroutines, at least 1; the results do not depend on it
	Tracked int64          // people handed out as rows of the patients table, about; 0 = none
	Rule    Rule           // how organisations decide; nil: as the model does
	Gauges  []Gauge        // measures besides those of tables.Measures
}

// world is the state of a run: everything that a week changes, and nothing else. Copied, written
// and read as a whole by snapshot.go, which names each field once.
type world struct {
	week  int32 // weeks since the start of the warm-up
	start int32 // week in which the present regime began

	parts       []part
	practices   []agents.Practice
	gps         []agents.GP
	sessions    []agents.Sessions // by GP: the part of the week worked elsewhere
	sites       []agents.Hospital
	services    []agents.Service
	clinics     [][]agents.Waiter // queue for the clinic of each service
	lists       [][]agents.Waiter // list for treatment of each service
	specialists []agents.Specialist
	providers   []agents.Organisation // trusts first, then groups and newcomers: they run services
	systems     []agents.Organisation // integrated care organisations
	buyers      []agents.Commissioner // by district
	social      []agents.SocialCare   // by district
	regulator   agents.Regulator
	ledger      *market.Ledger
	links       links
	learners    []market.Learner // by provider, then by system
	taught      int32            // providers that have a learner: those before the systems
	rivals      []float64        // overlap of people between systems, system x system, 0 to 1
	reference   reference
	counts      counts                // of the quarter
	planned     []plannedClinic       // clinics that systems have decided to open
	treatment   [siteChunks]treatment // outcomes that people learn next week
	year        yearly
	lastPayer   []int64 // activity of the year before by payer, provider and what
	events      int64   // patient events since the start
	people      census
	lastAlive   int64                    // people alive a year ago
	pop         [cells]int64             // people alive by group
	cohort      [2]int64                 // people alive when the regime began: then, and still
	initial     []float64                // by practice: people at the start
	risks       [place.Lines + 1]float64 // emergency admissions expected in the weeks of a pathway, by line; last of any
}

// census counts people, so that each week can be checked to lose nobody.
type census struct {
	Start, Births, Arrivals, Deaths, Alive int64
}

// reference holds the values of the end of the warm-up, never updated.
type reference struct {
	Control    float64               // mean control
	Usual      float64               // mean usual-provider share
	Delay      float64               // days, mean over people
	Quality    float64               // practice quality, mean over people
	Beds       float64               // f_b: beds against the data
	Budget     float64               // what a head of weight 1 gets against the envelope, so that payers break even
	DelayScale float64               // fits delayed discharge to its share of bed days
	Fixed      bool                  // whether the warm-up is over
	Providers  int                   // providers at the end of the warm-up
	Payer      []int64               // activity of the last year of the warm-up by payer, provider and what
	Parts      [qualityParts]float64 // components of the quality index
	Emergency  float64               // emergency admissions against what the hazards of everyone said
	Avoidable  float64               // avoidable ones, the same
}

// geography is what a place fixes for the model: shared by all runs of it.
type geography struct {
	cell        []uint8  // by area: rurality and deprivation part of the cell
	decile      []uint8  // by area, 0 the most deprived
	district    []uint16 // by area
	emergency   []uint16 // by area: nearest site with an emergency department, or None
	deliver     []uint16 // by area: nearest site for other admissions, or None
	practiceKey []uint64
	choices     [][]choice // by area: practices that serve it
	homes       [][]home   // by practice: areas of its people
	byDistrict  [][]uint16 // areas
	alike       [][]uint16 // areas of a fifth of deprivation: by district and fifth, then of the whole place by fifth
	trackOdds   float64
	panelOdds   float64
}

// choice is a practice that serves an area: what choosing it needs, close together in memory.
type choice struct {
	key      uint64
	logShare float32 // log of its share of the people of the area
	practice uint16
}

// home is an area from which people register with a practice, with cumulative weight.
type home struct {
	area uint16
	cum  float32
}

// Model is one run: a world in one place under one regime.
type Model struct {
	place      *place.Place
	cfg        configs.Config
	set        Settings
	seed       chance.Seed
	hazards    *hazards
	geo        *geography
	regime     regime
	terms      []contract
	signals    signals
	workers    []worker
	rows       rows
	affiliated []uint16       // practices whose people have yet to follow them to their system
	busy       []int32        // pairs of payer and provider with activity this week
	worth      []market.Pence // what each provider did at the reference, a service each and all
	names      []string
	see        func(stage string) // watches a step; nil: nobody does
	world
}

// check says what of the settings makes no world.
func (s *Settings) check() error {
	if !(s.Sample > 0 && s.Sample <= 1) {
		return fmt.Errorf("sample = %v, want more than 0 and at most 1", s.Sample)
	}
	if s.Seed < 0 {
		return fmt.Errorf("seed = %d, want 0 or more", s.Seed)
	}
	if len(s.Place.Practices) == 0 || len(s.Place.Hospitals) == 0 {
		return fmt.Errorf("place %s has %d practices and %d hospitals, want at least one of each",
			s.Place.Name, len(s.Place.Practices), len(s.Place.Hospitals))
	}
	return nil
}

// New makes the world of the settings as it is at the start of the warm-up. The same settings make
// the same world whatever the number of workers. Errors name what the place lacks.
func New(s Settings) (*Model, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	m := bare(s)
	m.makeProviders()
	m.makePractices()
	if err := m.makePeople(); err != nil {
		return nil, err
	}
	m.makeAuthorities()
	m.makeWorkers()
	if err := m.adopt(s.Config); err != nil {
		return nil, err
	}
	return m, nil
}

// prepare makes what follows from the settings alone.
func (m *Model) prepare() {
	m.seed = chance.NewSeed(m.set.Seed)
	m.hazards = newHazards(&m.place.Health, &m.cfg)
	m.geo = m.newGeography()
}

// newGeography tables what the place fixes.
func (m *Model) newGeography() *geography {
	p := m.place
	g := &geography{}
	g.byDistrict = make([][]uint16, len(p.Districts))
	g.alike = make([][]uint16, 5*(len(p.Districts)+1))
	g.homes = make([][]home, len(p.Practices))
	for i := range p.Practices {
		g.practiceKey = append(g.practiceKey, chance.KeyString(p.Practices[i].Code))
	}
	residents := 0.0
	for a := range p.Areas {
		area := &p.Areas[a]
		d := max(int(area.IMDDecile), 1) - 1
		cell := rankOf(d)
		if area.Rural {
			cell += ranks
		}
		g.cell = append(g.cell, cell*ageBands)
		g.decile = append(g.decile, uint8(d))
		g.district = append(g.district, area.District)
		g.byDistrict[area.District] = append(g.byDistrict[area.District], uint16(a))
		for _, k := range [2]int{5*int(area.District) + d/2, 5*len(p.Districts) + d/2} {
			g.alike[k] = append(g.alike[k], uint16(a))
		}
		emergency, deliver := agents.None, agents.None
		for _, near := range p.Reach[a] {
			h := &p.Hospitals[near.Index]
			if emergency == agents.None && h.HasAE && h.Offers(place.Medicine) {
				emergency = near.Index
			}
			if deliver == agents.None && (h.Kind == "acute" || h.Kind == "tertiary" || h.HasAE) {
				deliver = near.Index
			}
		}
		if deliver == agents.None {
			deliver = emergency
		}
		g.emergency = append(g.emergency, emergency)
		g.deliver = append(g.deliver, deliver)
		residents += float64(area.Residents)
		choices := make([]choice, len(p.Lists[a]))
		for k, s := range p.Lists[a] {
			choices[k] = choice{g.practiceKey[s.Practice], float32(chance.Log(max(float64(s.Share), 1e-6))), s.Practice}
		}
		slices.SortFunc(choices, func(a, b choice) int {
			return cmp.Or(cmp.Compare(b.logShare, a.logShare), cmp.Compare(a.practice, b.practice))
		}) // the likely first: see race
		g.choices = append(g.choices, choices)
		for _, s := range p.Lists[a] {
			h := &g.homes[s.Practice]
			before := float32(0)
			if n := len(*h); n > 0 {
				before = (*h)[n-1].cum
			}
			*h = append(*h, home{uint16(a), before + float32(s.Share*float32(area.Residents))})
		}
	}
	people := residents * m.set.Sample
	c := &m.cfg.Measures
	g.panelOdds = panelOdds(c, people)
	g.trackOdds = min(float64(m.set.Tracked)/people, 1)
	return g
}

// panelOdds is the share of so many people who are in the choice panel.
func panelOdds(c *configs.Measures, people float64) float64 {
	return min(max(min(c.PanelShare, float64(c.PanelMax)/people), float64(c.PanelMin)/people), 1)
}

// makeProviders makes trusts, their sites, services and specialists.
func (m *Model) makeProviders() {
	p := m.place
	for _, t := range p.Trusts {
		key := chance.KeyString(t.Code)
		m.providers = append(m.providers, agents.Organisation{Key: key, Kind: agents.Trust, Line: uint8(place.Lines),
			Open: true, System: agents.None, Name: m.name(t.Name), Support: 1, Home: agents.None,
			Leadership: m.leadership(key), Altruism: m.cfg.Effort.Altruism, Quality: m.cfg.Effort.Start})
	}
	for i := range p.Hospitals {
		h := &p.Hospitals[i]
		m.sites = append(m.sites, agents.Hospital{Beds: max(float64(h.Beds)*h.InsideShare, 1) * m.set.Sample,
			Owner: h.Trust, District: h.District, Mean: m.cfg.Beds.Occupancy, Occupancy: m.cfg.Beds.Occupancy})
		if m.providers[h.Trust].Home == agents.None {
			m.providers[h.Trust].Home = h.District
		}
	}
	flows := m.predictedFlows()
	for i := range p.Hospitals {
		h := &p.Hospitals[i]
		for l := range place.Lines {
			if !h.Offers(l) {
				continue
			}
			key := chance.Key2(chance.KeyString(h.Code), uint64(l))
			rng := m.seed.At(key, 0, chance.Synthesis)
			spread := chance.Exp(m.cfg.Treatment.CapacitySpread * rng.Normal())
			first := flows[i][l] * referralsAYear(&m.cfg) / 52 * lineShare[l] * m.set.Sample
			s := agents.Service{Provider: h.Trust, Site: uint16(i), Line: uint8(l), Open: true, Outside: h.Outside,
				Base: m.cfg.Treatment.QualitySpread * rng.Normal()}
			s.Arrivals = first * (1 - m.cfg.Treatment.NonAttendance)
			s.Pattern = s.Arrivals
			s.ListArrivals = s.Arrivals * m.cfg.Treatment.ListShare
			s.Clinic, s.List = max(s.Arrivals, .01)*spread, max(s.ListArrivals, .003)*spread
			s.ClinicWait, s.ListWait = m.cfg.Treatment.ClinicQueue, m.cfg.Treatment.ListQueue
			s.Quality, s.Rating = s.Base, s.Base
			m.addService(s)
			m.staff(len(m.services)-1, flows[i][l]*lineShare[l])
		}
	}
}

// addService adds a service with empty queues.
func (m *Model) addService(s agents.Service) {
	m.services = append(m.services, s)
	m.clinics = append(m.clinics, nil)
	m.lists = append(m.lists, nil)
}

// lineShare is how referrals divide among specialties: assumption (0.5 to 1.5 times each), close to
// the order of first attendances by specialty in England.
var lineShare = [place.Lines]float64{
	place.Medicine: .19, place.Surgery: .19, place.Orthopaedics: .17, place.Ophthalmology: .13,
	place.Cardiology: .08, place.Gynaecology: .09, place.ENT: .08, place.Dermatology: .07,
}

// referralsAYear is the expected number of referrals per person and year.
func referralsAYear(c *configs.Config) float64 {
	k := &c.Contact
	gp := float64((k.Rate - returnsAYear(c)) * k.GPShare * (k.Need + float64((1-k.Need)*chance.Phi(-k.Threshold))))
	return gp + float64(c.Contact.OtherReferrals/1000)
}

// predictedFlows is the number of residents whom each site and line would serve by travel alone.
func (m *Model) predictedFlows() [][place.Lines]float64 {
	p := m.place
	flows := make([][place.Lines]float64, len(p.Hospitals))
	var w [16]float64
	for a := range p.Areas {
		for l := range place.Lines {
			sum, n := 0.0, int64(0)
			for k, near := range p.Reach[a] {
				w[k] = 0
				if p.Hospitals[near.Index].Offers(l) && n < m.cfg.Choice.MaxOptions {
					w[k] = chance.Exp(-m.cfg.Choice.Minutes * float64(near.Minutes))
					sum += w[k]
					n++
				}
			}
			if sum == 0 {
				continue
			}
			for k, near := range p.Reach[a] {
				flows[near.Index][l] += float64(w[k] / sum * float64(p.Areas[a].Residents))
			}
		}
	}
	return flows
}

// staff gives a service its specialists: as many as its share of the residents has in England, one
// at least.
func (m *Model) staff(service int, residents float64) {
	s := &m.services[service]
	n := max(int(float64(residents/1000*m.cfg.Labour.SpecialistsPerHead)+.5), 1)
	s.Staff = int32(n)
	if s.Outside {
		return
	}
	for i := range n {
		key := chance.Key(uint64(s.Site), uint64(s.Line), uint64(i), specialistKey)
		rng := m.seed.At(key, 0, chance.Clinician)
		m.specialists = append(m.specialists, agents.Specialist{Service: int32(service), Second: -1, Employer: s.Provider,
			Line: s.Line, Skill: float32(.3 * rng.Normal())})
	}
}

// specialistKey tells the luck of specialists from that of others with numbers of their own.
const specialistKey = 77

// leadership is the fitness to lead, mean 1.
func (m *Model) leadership(key uint64) float64 {
	rng := m.seed.At(key, 0, chance.Clinician)
	return clip(m.cfg.Integration.Leadership+float64(m.cfg.Integration.LeadershipSpread*rng.Normal()), .2, 2)
}

// makePractices makes practices and their GPs.
func (m *Model) makePractices() {
	p, c := m.place, &m.cfg
	area := make([]float64, len(p.Districts))
	for d := range p.Districts {
		rng := m.seed.At(chance.KeyString(p.Districts[d].Code), 0, chance.Clinician)
		area[d] = float64(rng.Normal() * c.Contact.ThresholdArea)
	}
	for i := range p.Practices {
		q := &p.Practices[i]
		key := chance.KeyString(q.Code)
		rng := m.seed.At(key, 0, chance.Synthesis)
		pr := agents.Practice{FirstGP: int32(len(m.gps)), GPs: uint8(clip(float64(q.List)/c.Contact.ListPerGP+.5, 1, agents.MaxClinicians)), District: q.District, System: agents.None,
			Base: c.Contact.PracticeSpread * rng.Normal(), Delay: 1}
		pr.Quality = pr.Base
		if rng.Float64() < c.Choice.DefaultOther {
			pr.Default = 1
		}
		m.practices = append(m.practices, pr)
		for g := range int(pr.GPs) {
			gk := chance.Key2(key, uint64(g))
			rng := m.seed.At(gk, 0, chance.Clinician)
			m.sessions = append(m.sessions, agents.Sessions{Service: agents.None})
			m.gps = append(m.gps, agents.GP{Practice: uint16(i), Threshold: float32(float64(c.Contact.ThresholdGP*rng.Normal()) + area[q.District]),
				Leadership: float32(m.leadership(gk))})
		}
	}
}

// makeAuthorities opens the accounts, commissioners and social care authorities.
func (m *Model) makeAuthorities() {
	m.ledger = market.NewLedger(market.RoleGovernment, market.RolePatient, market.RoleOutside, market.RoleSupport)
	residents := make([]int32, len(m.place.Districts))
	for i := range m.parts {
		for k := range m.parts[i].people {
			if p := &m.parts[i].people[k]; p.Is(agents.Alive) {
				residents[m.geo.district[p.Area]]++
			}
		}
	}
	for d := range m.place.Districts {
		m.buyers = append(m.buyers, agents.Commissioner{Party: m.ledger.Open(market.RoleCommissioner), Population: residents[d], Ratio: 1, Weight: 1, Sharpness: m.cfg.Effort.Sharpness})
		m.social = append(m.social, agents.SocialCare{Party: m.ledger.Open(market.RoleSocialCare), System: agents.None})
	}
	for i := range m.providers {
		m.providers[i].Party = m.ledger.Open(market.RoleHospital)
	}
	for i := range m.practices {
		m.practices[i].Party = m.ledger.Open(market.RolePractice)
	}
}

// Accounts that every ledger has.
const (
	partyGovernment int32 = iota
	partyPatients
	partyOutside
	partySupport
)

// name registers a name and returns its index.
func (m *Model) name(s string) int32 {
	if i := slices.Index(m.names, s); i >= 0 {
		return int32(i)
	}
	m.names = append(m.names, s)
	return int32(len(m.names) - 1)
}
