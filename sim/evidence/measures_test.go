package evidence

import (
	"math"
	"slices"
	"strings"
	"testing"

	"coexist/configs"
	"coexist/sim"
	"coexist/sim/place"
	"coexist/sim/tables"
)

// measuredOf wants of a run the number that a row measures; NaN wants that it has none.
func measuredOf(t *testing.T, r *Run, id string, want float64) {
	t.Helper()
	s := specs[id]
	got, ok := s.of(r)
	if ok != !math.IsNaN(want) || ok && !(math.Abs(got-want) <= 1e-9*max(math.Abs(want), 1)) {
		t.Errorf("%s = %v (%v), want %v", id, got, ok, want)
	}
}

// counted is a run of six years with people of the ages of 2011, so that nobody is weighted. In each year each
// band of age has 1,000 person-years; whatever else is counted grows by its first value a year, times 1, 2, 3
// and 4 in the bands.
func counted() *Run {
	r := &Run{Sample: .1, Place: &place.Place{Areas: []place.Area{{Residents: 3000}, {Residents: 1000}}}}
	one := sim.Activity{GPContacts: 40, NurseContacts: 30, BadContacts: 7, Referrals: 9, OtherReferrals: 2, Bypasses: 3, Firsts: 11, FollowUps: 23,
		NonAttendances: 1, DayCases: 5, Inpatients: 2, OtherAdmissions: 6, AvoidableEmergencies: 1.5, OtherEmergencies: 8, Readmissions: .7, AEVisits: 33,
		BedDays: 60, EmergencyDays: 50, DelayedDays: 4, SocialCases: .9, Deaths: .8, PracticeSwitches: .6}
	for year := range 6 {
		past, state := &sim.Past{}, &sim.State{}
		for b := range past.Band {
			past.Band[b] = times(one, float64((year+1)*(b+1)))
			past.Band[b].PersonYears = 1000
		}
		for age := range 101 {
			people := 1000 * (1 - young2011 - old2011) / 60
			switch {
			case age < 5:
				people = 1000 * young2011 / 5
			case age >= 65:
				people = 1000 * old2011 / 36
			}
			men := .25 + float64(age)/200
			state.Alive[0][age], state.Alive[1][age] = men*people, (1-men)*people
			past.ByAge[age] = sim.AgeUse{People: 10, GPContacts: float64(age), NurseContacts: 1, Avoidable: float64(age) / 10, Emergencies: 1}
		}
		r.Past, r.State = append(r.Past, past), append(r.State, state)
	}
	return r
}

// times is an activity so many times.
func times(a sim.Activity, n float64) sim.Activity {
	for _, x := range []*float64{&a.GPContacts, &a.NurseContacts, &a.BadContacts, &a.Referrals, &a.OtherReferrals, &a.Bypasses, &a.Firsts, &a.FollowUps,
		&a.NonAttendances, &a.DayCases, &a.Inpatients, &a.OtherAdmissions, &a.AvoidableEmergencies, &a.OtherEmergencies, &a.Readmissions, &a.AEVisits,
		&a.BedDays, &a.EmergencyDays, &a.DelayedDays, &a.SocialCases, &a.Deaths, &a.PracticeSwitches} {
		*x *= n
	}
	return a
}

// TestMeasuresOfUse: rates are of the first two years, and of the ages that a row is of.
func TestMeasuresOfUse(t *testing.T) {
	r := counted()
	const n, years = (1 + 2) * (1 + 2 + 3 + 4), 2 * 4 * 1000 // what is counted 1 in the first year and band; person-years
	for id, want := range map[string]float64{
		"E01": n * 70.0 / years, "E02": n * 70.0 / years, "E03": n * 70.0 / years, "E05": 100 * 40.0 / 70, "E06": 100 * 30.0 / 70,
		"E14": 1000 * n * 7.0 / years, "E15": 1000 * n * 2.0 / years, "E16": 1000 * n * 11.0 / years, "E17": 1000 * n * 34.0 / years,
		"E18": 100 * 7.0 / 40, "E19": 100 * 1.0 / 12, "E20": 23.0 / 11, "E21": 1000 * n * 7.0 / years, "E22": 1000 * n * 9.5 / years,
		"E23": 100 * 9.5 / (9.5 + 7 + 6), "E24": 1000 * n * (9.5 + 7 + 6) / years, "E34": 1000 * n * 33.0 / years, "E35": 100 * 9.5 / 33,
		"E37": 100 * .7 / 9.5, "E46": 100 * 1.5 / 9.5, "E47": 1000 * n * 1.5 / years, "E75": 100 * 63.0 / 70, "A22": 1000 * n * .6 / years,
		"F32": 1000 * n * .8 / years, "E42": 100 * 50.0 / 60, "E91": 1000 / 40.0 * 100 * n * .9 / years,
		"E82": 1000 * (1 + 2) * (3 + 4) * 9.5 / (2 * 2 * 1000), "E83": 100 * (3 + 4) / 10.0, "E74": (1 + 2) * (3 + 4) * 50.0 / years / 364 * 53e6,
		"E84": 100 * (math.Pow(6, 1.0/5) - 1), "C13": 100 * (6 - 1), // six times as many in the sixth year, of as many people
		"E04": (87 + 1.0) / 10, "E73": 1000 * (.7 + 1) / 10, "E50": 100 * (26 * 87.5) / (101 * 50), // means of ages 85 to 89, 0 to 14; sums of 75 to 100 and all
	} {
		measuredOf(t, r, id, want)
	}
	r.Past = r.Past[:2]
	measuredOf(t, r, "C13", math.NaN())
	measuredOf(t, r, "E84", math.NaN())
}

// TestWeights: people are weighted to the ages of 2011, by which a country that has aged is as young again.
func TestWeights(t *testing.T) {
	r := counted()
	for age := 65; age <= 100; age++ { // twice as many old people
		for y := range r.State {
			r.State[y].Alive[0][age] *= 2
			r.State[y].Alive[1][age] *= 2
		}
	}
	all := 1000 * (1 + old2011)
	for age, want := range map[int]float64{0: all / 1000, 4: all / 1000, 5: all / 1000, 64: all / 1000, 65: all / 2000, 100: all / 2000} {
		if got := weights(r.State[0])[age]; math.Abs(got-want) > 1e-9 {
			t.Errorf("weight at %d = %v, want %v", age, got, want)
		}
	}
	young, old := all/1000, all/2000
	n, years := (1+2)*(young*(1+2)+old*(3+4)), 2*1000*(2*young+2*old)
	measuredOf(t, r, "E16", 1000*11*n/years)
	r.State[0] = &sim.State{}
	if got := weights(r.State[0])[70]; got != 1 {
		t.Errorf("weight of nobody = %v, want 1", got)
	}
}

// TestMeasuresOfBeds: beds in use and delayed days are over the beds of both years.
func TestMeasuresOfBeds(t *testing.T) {
	r := counted()
	for y, s := range r.State {
		s.Beds, s.InBeds, s.GPs = []float64{100, 120, 999, 9, 9, 9}[y], 80+10*float64(min(y, 2)), 7
		r.Past[y].Breaches, r.Past[y].Visits = []float64{5, 15, 99, 0, 0, 0}[y], []float64{100, 300, 100, 0, 0, 0}[y]
	}
	measuredOf(t, r, "E39", 100*(80+90)/220.0)
	measuredOf(t, r, "E45", 100*(1+2)*10*4/(364.0*220))
	measuredOf(t, r, "E36", 100*(1-20.0/400))
	measuredOf(t, r, "E97", 7*53e6/4000)
	r.Reference.State = &sim.State{InBeds: 80}
	measuredOf(t, r, "C38", 100*(100.0/80-1))
}

// TestMeasuresOfContinuity: the index is of people of 62 to 82, at both year ends; intent is of adults.
func TestMeasuresOfContinuity(t *testing.T) {
	r := counted()
	for y, s := range r.State {
		for age := range 101 {
			s.Seen[age], s.UPC[age], s.HighUPC[age] = 10, 9, 9
			if age >= 62 && age <= 82 {
				s.UPC[age], s.HighUPC[age] = 5+float64(min(y, 2)), 2
			}
			if s.Prefer[age] = 1e6; age >= 18 {
				s.Prefer[age] = (s.Alive[0][age] + s.Alive[1][age]) / 4
			}
		}
	}
	measuredOf(t, r, "D01", (5+6)/20.0)
	measuredOf(t, r, "D07", 100*2/10.0)
	measuredOf(t, r, "E76", 25)
}

// TestMeasuresOfWaits: quantiles lie between weeks in proportion; lists are read off the people on them.
func TestMeasuresOfWaits(t *testing.T) {
	r := counted()
	seen, treated := &r.Past[0].Waits[0], &r.Past[0].Waits[1]
	seen[2], seen[17], seen[18] = 60, 20, 20
	treated[3], treated[20] = 10, 5
	r.Past[1].Waits[1][5], r.Past[1].Waits[1][20] = 10, 15
	r.Past[2].Waits[0][70], r.Past[2].Waits[1][70] = 999, 999 // of a later year
	measuredOf(t, r, "E28", 5+(20-10)/10.0)
	measuredOf(t, r, "E29", 2+50/60.0)
	measuredOf(t, r, "E31", 100*20/40.0)
	measuredOf(t, r, "E32", 100*80/100.0)
	r.State[0].Clinic[3], r.State[0].Tests[1], r.State[0].List[9], r.State[1].Clinic[0], r.State[2].Clinic[0] = 10, 20, 30, 40, 99
	measuredOf(t, r, "E33", (10+20+30+40)/2.0/.1/4000*people2011)
	aWeek := (1 + 2) * (1 + 2 + 3 + 4) * (5 + 2) / 52.0 / 2 // join a list
	for k, share := range []float64{2, .8, .6, .3} {        // of them on it after k weeks
		r.State[0].Listed[k], r.State[1].Listed[k] = .5*share*aWeek, 1.5*share*aWeek
	}
	measuredOf(t, r, "E26", 7*(2+.8+.6+.3+.5))
	measuredOf(t, r, "E27", 7*(2+(.6-.5)/(.6-.3)))
	measuredOf(t, &Run{Past: make([]*sim.Past, 0), State: r.State}, "E28", math.NaN())
}

// TestMeasuresOfIllness: shares are of the ages of a row, and prevalence is at the ages of the map.
func TestMeasuresOfIllness(t *testing.T) {
	r := counted()
	s := r.State[0]
	for age := range 101 {
		if age < 75 {
			s.Conditions[age][0] = [13]float64{0: 6, 1: 3, 2: 1}
		} else {
			s.Conditions[age][9] = [13]float64{0: 2, 1: 5, 3: 3}
		}
	}
	measuredOf(t, r, "F01", 100*(75*4+26*8)/1010.0)
	measuredOf(t, r, "F02", 100*(75*1+26*3)/1010.0)
	measuredOf(t, r, "F08", 100*1/10.0)
	measuredOf(t, r, "F09", 100*3/10.0)
	measuredOf(t, r, "F03", math.NaN()) // the most deprived do not reach a fifth
	for age := range 101 {
		s.Conditions[age] = [10][13]float64{0: {0: 100 - float64(age), 2: float64(age)}, 9: {0: min(110-float64(age), 100), 2: max(float64(age)-10, 0)}}
	}
	r.State = r.State[:1]
	measuredOf(t, r, "F03", 10)
	for _, c := range []struct {
		decile      int
		level, want float64
	}{{0, .2, 20.5}, {9, .2, 30.5}, {0, .205, 21}} { // in the middle of the year of age
		if got, ok := r.reaches(c.decile, c.level); !ok || math.Abs(got-c.want) > 1e-9 {
			t.Errorf("tenth %d reaches %v at %v (%v), want %v", c.decile, c.level, got, ok, c.want)
		}
	}
	begin, end := &sim.State{}, r.State[0]
	end.Have = make([][10][101]float64, 1)
	r.Place.Health.Conditions = []place.Condition{{Code: "HYP", FromAge: 17, ToAge: 100}}
	for d := range 10 {
		r.Place.Health.Conditions[0].ByDecile[d] = float64(d) / 100
		for age := range 101 {
			begin.Decile[d][age], end.Decile[d][age], end.Have[0][d][age] = 10, 20, 20
			if age >= 17 {
				end.Have[0][d][age] = float64(d)
			}
		}
	}
	r.Reference.Begin = begin
	measuredOf(t, r, "F10", 100*4.5/20)
	measuredOf(t, r, "F11", math.NaN())
	if got, ok := r.registered("HYP"); !ok || math.Abs(got-4.5) > 1e-9 {
		t.Errorf("the register says %v %% (%v), want 4.5", got, ok)
	}
}

// TestMeasuresOfMoney: the tariffs of the first year, for the people of 2011; measures are means of quarters.
func TestMeasuresOfMoney(t *testing.T) {
	r := counted()
	r.Rows.Ledger = []tables.Ledger{{Contract: "tariff", Quarter: 1, Pence: 1000}, {Contract: "block", Quarter: 1, Pence: 9e9}, {Contract: "tariff", Quarter: 4, Pence: 3000}, {Contract: "tariff", Quarter: 5, Pence: 9e9}}
	measuredOf(t, r, "E57", 4000.0/100/.1/4000*53e6/1e9)
	r.Outcomes = map[string][]float64{}
	r.note(tables.Batch{Outcomes: []tables.Outcome{{Quarter: 1, Group: "all", Measure: "management_share", Value: 2}, {Quarter: 5, Group: "all", Measure: "management_share", Value: 6}, {Quarter: 8, Group: "all", Measure: "management_share", Value: 4},
		{Quarter: 2, Group: "age:85+", Measure: "management_share", Value: 99}, {Quarter: 9, Group: "all", Measure: "management_share", Value: 99}}}, 12)
	measuredOf(t, r, "E61", (2+6+4)/3.0)
	if got, ok := r.outcome("management_share", 2, 2); !ok || got != (6+4)/2.0 {
		t.Errorf("management of the second year = %v (%v), want 5", got, ok)
	}
}

// shire is a run of a place of three trusts in a row: two general sites 20 km apart, a third far off. The first two
// areas lie at the first site, the third beyond.
func shire(region string) *Run {
	every := uint16(1)<<place.Lines - 1
	p := &place.Place{Trusts: make([]place.Trust, 3), Practices: []place.Practice{{Easting: 0}, {Easting: 3000}},
		Hospitals: []place.Hospital{{Trust: 0, Beds: 10, HasAE: true, Lines: every}, {Trust: 1, Beds: 10, Easting: 20_000, HasAE: true, Lines: every},
			{Trust: 2, Beds: 10, Easting: 90_000, HasAE: true, Lines: every}, {Trust: 1, Beds: 5, Easting: 1000, HasAE: true}},
		Areas:         []place.Area{{Region: region, Easting: 0}, {Region: region, Easting: 5000}, {Region: region, Easting: 75_000}, {Region: "elsewhere", Easting: 0}},
		NearPractices: [][]place.Near{{{Km: 1}}, {{Km: 4}}, {{Km: 5}}, {{Km: .1}}},
		Reach:         [][]place.Near{{{Index: 3, Minutes: 1}, {Index: 0, Minutes: 5}, {Index: 1, Minutes: 25}}, {{Index: 0, Minutes: 31}}, {{Index: 2, Minutes: 20}}, {{Index: 0, Minutes: 1}}}}
	return &Run{Place: p, Registered: []sim.Registration{{Area: 0, Practice: 0, People: 96}, {Area: 0, Practice: 1, People: 4},
		{Area: 1, Practice: 0, People: 150}, {Area: 1, Practice: 1, People: 150}, {Area: 2, Practice: 1, People: 100}, {Area: 3, Practice: 1, People: 700}}}
}

// TestMeasuresOfTheMap: distances are of the people of a region, to general sites alone.
func TestMeasuresOfTheMap(t *testing.T) {
	measuredOf(t, shire(eastAnglia), "A14", 100*(100+100)/500.0)
	r := shire(southWest)
	measuredOf(t, r, "A15", 100*100/500.0)       // 1 km
	measuredOf(t, r, "A16", 100*(100+300)/500.0) // 4.4 km
	measuredOf(t, r, "A17", 100*(100+300)/500.0) // 5.4 km to a general site
	measuredOf(t, r, "A18", 100*(100+300)/500.0)
	measuredOf(t, r, "A19", 100) // 15 km
	measuredOf(t, r, "A20", 100*(100+100)/500.0)
	measuredOf(t, r, "A21", (0+3)/2.0)
	measuredOf(t, r, "B15", 100*2/3.0) // the first alone has a rival, 25 minutes off: not the one without surgery
	measuredOf(t, r, "B20", (2+2+1)/3.0)
	measuredOf(t, shire("elsewhere"), "A14", math.NaN())
	r.Past = []*sim.Past{{Served: []float64{30, 10, 5, 1000}}}
	measuredOf(t, r, "B03", -2*math.Log(.75*.75+.25*.25)/3)
}

// TestMeasuresOfThePanel: what the panel says is over its decisions.
func TestMeasuresOfThePanel(t *testing.T) {
	r := &Run{Demand: sim.Demand{Decisions: 50, WaitShift: -2, RatingShift: -10, Wanted: 40, Surprise: 60}}
	measuredOf(t, r, "A28", -.2)
	measuredOf(t, r, "A29", -.04)
	measuredOf(t, r, "A39", 80)
	measuredOf(t, r, "B02", 1.2)
	measuredOf(t, &Run{}, "A39", math.NaN())
}

// registered makes a run whose people are registered by a logit: so much a km in towns and in the country, and
// across a border.
func registered(urban, rural, border float64) *Run {
	p := &place.Place{Practices: []place.Practice{{District: 0}, {District: 0}, {District: 1}}}
	r := &Run{Place: p, Scenario: configs.Default()}
	for i := range 120 {
		a := place.Area{Region: eastMidlands, Rural: i%2 == 1, District: uint16(i / 3 % 2)}
		near, v := make([]place.Near, 3), make([]float64, 3)
		sum := 0.0
		for k := range near {
			near[k] = place.Near{Index: uint16(k), Km: float32((i*(7+5*k) + 3*k) % 11)}
			slope := urban
			if a.Rural {
				slope = rural
			}
			v[k] = slope*float64(near[k].Km) + []float64{0, .5, -.3}[k]
			if p.Practices[k].District != a.District {
				v[k] += border
			}
			sum += math.Exp(v[k])
		}
		for k := range near {
			r.Registered = append(r.Registered, sim.Registration{Area: uint16(i), Practice: uint16(k), People: int32(1e7 * math.Exp(v[k]) / sum)})
		}
		p.Areas, p.NearPractices = append(p.Areas, a), append(p.NearPractices, near)
	}
	return r
}

// TestMeasuresOfRegistration: the logit finds the slopes by which people were registered.
func TestMeasuresOfRegistration(t *testing.T) {
	near := func(r *Run, id string, want float64) {
		t.Helper()
		if got, ok := specs[id].of(r); !ok || math.Abs(got-want) > 1e-3 {
			t.Errorf("%s = %v (%v), want %v", id, got, ok, want)
		}
	}
	r := registered(-.5, -.5, -.8)
	near(r, "A01", -.5)
	near(r, "A04", -.8)
	r = registered(-.6, -.3, -.8)
	near(r, "A07", -.6)
	near(r, "A08", -.3)
	measuredOf(t, shire(eastMidlands), "A01", math.NaN()) // too few areas
	r = registered(0, 0, 0)
	all, want := math.Exp(0)+math.Exp(.5)+math.Exp(-.3), 0.0
	for _, v := range []float64{0, .5, -.3} { // each by itself one SD better
		e, share := math.Exp(r.Scenario.Choice.PracticeQuality), math.Exp(v)/all
		want += 100 * (e/(1-share+share*e) - 1) / 3
	}
	near(r, "A11", want)
}

// TestMeasuresOfDistricts: the spread of referral leaves the outer hundredth out at each end.
func TestMeasuresOfDistricts(t *testing.T) {
	r := counted()
	for y := range 3 {
		for d := range 101 {
			r.Past[y].District = append(r.Past[y].District, sim.DistrictUse{GPContacts: 10, Referrals: float64(10 * (1 + d))})
		}
	}
	slices.Reverse(r.Past[2].District) // of a later year
	measuredOf(t, r, "G22", 100/2.0)
	r.Past[0].District = r.Past[0].District[:19]
	measuredOf(t, r, "G22", math.NaN())
}

// TestRow: a row has the mean of its seeds and their range, and is met where the mean lies in its band.
func TestRow(t *testing.T) {
	few, many := counted(), counted()
	for y := range many.Past {
		for b := range many.Past[y].Band {
			many.Past[y].Band[b].FollowUps *= 1.1
		}
	}
	res := &Result{Setup: &Setup{Place: &place.Place{Name: "Shire"}}, Runs: map[string][]*Run{quo: {few, many}}}
	for _, c := range []struct {
		published float64
		want      Status
	}{{23.0 / 11, Met}, {2.5, Missed}} {
		target, _ := targetByID("E20")
		target.Value, target.Low, target.High = c.published, math.NaN(), math.NaN()
		row := rowOf(target, res)
		if row.Status != c.want || math.Abs(row.Simulated.Value-1.05*23/11) > 1e-9 || math.Abs(row.SimulatedLow.Value-23.0/11) > 1e-9 || math.Abs(row.SimulatedHigh.Value-1.1*23/11) > 1e-9 {
			t.Errorf("%v published: %s with %v (%v to %v), want %s with %v", c.published, row.Status, row.Simulated, row.SimulatedLow, row.SimulatedHigh, c.want, 1.05*23/11)
		}
		if !strings.HasPrefix(row.Reason, "Shire, status-quo, weeks 0-103, everyone: ") {
			t.Errorf("reason is %q, want place, scenario, weeks and people", row.Reason)
		}
	}
	input, _ := targetByID("A37")
	if row := rowOf(input, res); row.Status != Input || row.Reason != "parameter or table: choice.offered" || row.Simulated.Known {
		t.Errorf("A37 is %+v, want the input choice.offered", row)
	}
	register, _ := targetByID("F10")
	for _, r := range res.Runs[quo] { // a fifth have it by the file, and a little fewer in the runs
		r.Place.Health.Conditions = []place.Condition{{Code: "HYP", FromAge: 17, ToAge: 100, ByDecile: [10]float64{.2, .2, .2, .2, .2, .2, .2, .2, .2, .2}}}
		begin, end := &sim.State{}, r.State[len(r.State)-1]
		end.Have = make([][10][101]float64, 1)
		begin.Decile[3][40], end.Decile[3][40], end.Have[0][3][40] = 100, 100, 19.5
		r.Reference.Begin = begin
	}
	if row := rowOf(register, res); row.Status != Met || math.Abs(row.Band.Low-19) > 1e-9 || math.Abs(row.Band.High-21) > 1e-9 || !strings.Contains(row.Reason, "the file of registers says 20.00 %") {
		t.Errorf("F10 is %+v, want it met by the file of registers", row)
	}
	rep := Report{Rows: []Row{{Use: Calibrate, Status: Met}, {Use: Calibrate, Status: Met}, {Use: Calibrate, Status: Missed}, {Use: Calibrate, Status: Input},
		{Use: Calibrate, Status: Absent}, {Use: HeldOut, Status: Missed}}}
	if got, want := rep.summary(Calibrate), "calibrate: 2 of 3 represented rows met (67 %), 1 missed; 1 inputs, 1 not represented."; got != want {
		t.Errorf("summary is %q, want %q", got, want)
	}
	target, _ := targetByID("B06")
	if row := rowOf(target, nil); row.Status != Absent || row.Simulated.Known {
		t.Errorf("without its reform B06 is %+v, want no number", row)
	}
}
