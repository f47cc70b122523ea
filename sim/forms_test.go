package sim

import (
	"fmt"
	"math"
	"math/bits"
	"testing"

	"coexist/agents"
	"coexist/agents/chance"
	"coexist/configs"
	"coexist/sim/place"
)

// everyone calls f for each person alive.
func everyone(m *Model, f func(*agents.Patient)) {
	for i := range m.parts {
		for k := range m.parts[i].people {
			if p := &m.parts[i].people[k]; p.Is(agents.Alive) {
				f(p)
			}
		}
	}
}

// plain takes away what moves health beside illness itself.
func plain(c *configs.Config) {
	c.Treatment.Harm, c.Integration.HarmProb, c.Health.EmergencyTrend = 0, 0, 0
	c.Treatment.DeathQuality, c.Contact.MissedRisk, c.Health.ControlEffect = 0, 1, 0
	c.Health.Season = 0
}

// tallyWeeks lets weeks pass and hands out what each counted, but for the last of each quarter, which
// the model clears. nth is the number of the week among those handed out.
func tallyWeeks(t *testing.T, m *Model, weeks int, each func(nth int, c *counts)) {
	t.Helper()
	nth := 0
	for range weeks {
		m.counts.clear()
		steps(t, m, 1)
		if m.week%13 != 0 {
			each(nth, &m.counts)
			nth++
		}
	}
}

// TestLifeTable: deaths by sex and age are those of the life table, those after emergencies included.
func TestLifeTable(t *testing.T) {
	t.Parallel()
	m := begin(t, world1(t, "synthetic:residents=150000,practices=20,hospitals=3,districts=1", 1, plain))
	h := &m.place.Health
	ages := [...]int{0, 50, 65, 75, 85, 101}
	var got, want [2][len(ages) - 1]float64
	band := func(age int) (k int) {
		for age >= ages[k+1] {
			k++
		}
		return k
	}
	const weeks = 130
	tallyWeeks(t, m, weeks, func(nth int, c *counts) {
		if nth%10 == 0 { // expected deaths, every tenth week
			everyone(m, func(p *agents.Patient) {
				age := p.Age(m.week)
				want[p.Sex()][band(age)] -= 10 * math.Log(1-h.Death[p.Sex()][age]) / 52
			})
		}
		for s := range c.deathsBy {
			for age, n := range c.deathsBy[s] {
				got[s][band(age)] += float64(n)
			}
		}
	})
	for s := range got {
		for k := range got[s] {
			w := want[s][k]
			near(t, fmt.Sprintf("deaths of %s from %d", []string{"men", "women"}[s], ages[k]), got[s][k]/w, 1, .06+4/math.Sqrt(w))
		}
	}
	all, expect := 0.0, 0.0
	for s := range got {
		for k := range got[s] {
			all += got[s][k]
			expect += want[s][k]
		}
	}
	near(t, "all deaths against the table", all/expect, 1, .03+2/math.Sqrt(expect))
}

// TestPrevalence: people fall ill as the registers have it, in poor and rich areas, and after ten
// years of ageing, onset and death as many of each age are ill as at the start.
func TestPrevalence(t *testing.T) {
	t.Parallel()
	m := begin(t, world1(t, devon, .05, plain))
	check := func(when string, wide float64) {
		var have, asked [32][10][place.Ages]float64
		everyone(m, func(p *agents.Patient) {
			age := p.Age(m.week)
			b := 0
			for age >= place.AgeFrom[b+1] {
				b++
			}
			d := m.geo.decile[p.Area]
			for k, c := range m.place.Health.Conditions {
				if age >= c.FromAge && age <= c.ToAge {
					asked[k][d][b]++
					have[k][d][b] += float64(p.Conditions >> k & 1)
				}
			}
		})
		for k, c := range m.place.Health.Conditions {
			for _, tenths := range [][]int{{0, 1, 2}, {4, 5}, {7, 8, 9}} {
				sum, n, want, ill := 0.0, 0.0, 0.0, 0.0
				for _, d := range tenths {
					for b := range place.Ages {
						if asked[k][d][b] == 0 {
							continue
						}
						w := m.place.Health.AgeByDecile[d][b]
						sum += w * have[k][d][b] / asked[k][d][b]
						n += w
						ill += have[k][d][b]
					}
					want += c.ByDecile[d] / float64(len(tenths))
				}
				if lo := want * .04 * wide; math.Abs(sum/n-want) > lo+5*want/math.Sqrt(max(ill, 1)) {
					t.Errorf("%s: prevalence of %s in tenths %v is %.4f, the registers say %.4f", when, c.Code, tenths[0]+1, sum/n, want)
				}
			}
		}
	}
	check("start", 1)
	years := 10
	steps(t, m, years*52)
	names := m.place.Health.Conditions
	var got, want, err [32]float64
	worst, total := 0.0, [2]float64{}
	everyone(m, func(p *agents.Patient) {
		age := p.Age(m.week)
		if p.Flags&agents.Newcomer != 0 || age >= 95 {
			return
		}
		for k := range names {
			e := float64(m.hazards.have[p.Frailty][m.geo.decile[p.Area]][age][k])
			got[k] += float64(p.Conditions >> k & 1)
			want[k] += e
			err[k] += e * (1 - e)
		}
	})
	for k := range names {
		off := got[k]/want[k] - 1
		total[0] += got[k]
		total[1] += want[k]
		worst = max(worst, math.Abs(off))
		if math.Abs(off) > .02+4*math.Sqrt(err[k])/want[k] {
			t.Errorf("after %d years %.0f people have %s, a cohort that gives back p(a) has %.0f (%+.1f %%)", years, got[k], names[k].Code, want[k], 100*off)
		}
	}
	near(t, "conditions after ten years against p(a)", total[0]/total[1], 1, .02)
	t.Logf("largest gap of a condition after %d years: %.1f %%", years, 100*worst)
}

// national weighs rates of age bands of a place to the ages of England in 2011.
func national(m *Model, rate [ageBands]float64) float64 {
	h := &m.place.Health
	sum, people := 0.0, 0.0
	for b := range place.Ages {
		for age := place.AgeFrom[b]; age < place.AgeFrom[b+1]; age++ {
			n := 0.0
			for d := range 10 {
				n += h.AgeByDecile[d][b] * yearShare(b, age)
			}
			n *= ageWeight(age)
			sum += n * rate[ageBand(age)]
			people += n
		}
	}
	return sum / people
}

// TestUse: contacts, referrals, emergencies and A&E visits, weighted to the ages of England in 2011,
// are those of the parameters.
func TestUse(t *testing.T) {
	t.Parallel()
	m := begin(t, world1(t, devon, .05, func(c *configs.Config) { c.Health.EmergencyTrend = 0 }))
	steps(t, m, 156)
	var n [ageBands][kinds]float64
	after, admitted := 0.0, 0.0
	tallyWeeks(t, m, 104, func(_ int, c *counts) {
		for i := range m.parts { // deaths due next week: as many a week as are drawn
			for _, e := range m.parts[i].diary.due(m.week) {
				if e.kind == entryDeath {
					after++
				}
			}
		}
		for cell := range c.cell {
			admitted += float64(c.cell[cell][avoidableEmergencies] + c.cell[cell][otherEmergencies])
			for k, x := range c.cell[cell] {
				n[cell%ageBands][k] += float64(x)
			}
		}
	})
	per := func(kinds ...kind) (r [ageBands]float64) {
		for b := range r {
			for _, k := range kinds {
				r[b] += n[b][k] * 52 / n[b][personWeeks]
			}
		}
		return r
	}
	near(t, "deaths within 30 days per emergency admission", after/admitted, m.cfg.Treatment.DeathAfter, .2*m.cfg.Treatment.DeathAfter)
	c := &m.cfg
	emergencies := per(avoidableEmergencies, otherEmergencies)
	near(t, "contacts per person and year", national(m, per(gpContacts, nurseContacts)), c.Contact.Rate, .05*c.Contact.Rate)
	near(t, "share of contacts with a GP", national(m, per(gpContacts))/national(m, per(gpContacts, nurseContacts)), c.Contact.GPShare, .02)
	near(t, "emergency admissions per 1,000", 1000*national(m, emergencies), c.Health.Emergencies+c.Health.Avoidable, .08*(c.Health.Emergencies+c.Health.Avoidable))
	near(t, "avoidable admissions per 1,000", 1000*national(m, per(avoidableEmergencies)), c.Health.Avoidable, .18*c.Health.Avoidable) // the old of Devon are older than those of England, and missed needs add some
	near(t, "A&E visits per 1,000", 1000*national(m, per(aeVisits)), c.Beds.AEVisits, .06*c.Beds.AEVisits)
	near(t, "other admissions per 1,000", 1000*national(m, per(otherAdmissions)), c.Treatment.OtherAdmissions, .1*c.Treatment.OtherAdmissions)
	near(t, "share of referrals that never attend", overAges(n, nonAttendances)/overAges(n, referrals), c.Treatment.NonAttendance, .012)
	near(t, "further attendances per first", overAges(n, followUps)/overAges(n, firsts), c.Treatment.FollowUps, .08)
	near(t, "admissions from the list per first", (overAges(n, dayCases)+overAges(n, inpatients))/overAges(n, firsts), c.Treatment.ListShare, .04)
	use := newTotals(c, &m.hazards.people)
	share := [ageBands]float64{} // of shapes by band, over the ages of England
	for _, young := range []struct {
		shape  int
		weight float64
	}{{3, .18}, {4, .2}, {5, .32}, {6, .3}} {
		share[1] += young.weight * (use.emergency*emergencyShape[young.shape] + use.avoidable*avoidableShape[young.shape])
	}
	share[3] = use.emergency*emergencyShape[9] + use.avoidable*avoidableShape[9]
	old := share[3] / share[1]
	near(t, "emergencies at 85 and over against 16 to 64", emergencies[3]/emergencies[1], old, .15*old)
	if !(emergencies[3] > emergencies[2] && emergencies[2] > emergencies[1]) {
		t.Errorf("emergency admissions by age band are %v, want them to rise from 16", emergencies)
	}

	// Referral is a noisy test for need, so its share has a closed form, averaged over GPs.
	refer := 0.0
	for i := range m.gps {
		g := &m.gps[i]
		refer += float64(g.Referred + g.Unneeded - g.Missed)
	}
	spread := math.Sqrt(1 + c.Contact.ThresholdGP*c.Contact.ThresholdGP + c.Contact.ThresholdArea*c.Contact.ThresholdArea)
	want := c.Contact.Need*chance.Phi((c.Contact.Discrimination-c.Contact.Threshold)/spread) + (1-c.Contact.Need)*chance.Phi(-c.Contact.Threshold/spread)
	near(t, "share of GP contacts referred", refer/float64(len(m.gps)), want, .006)
	fresh := (c.Contact.Rate - returnsAYear(c)) * c.Contact.GPShare
	all := fresh + returnsAYear(c)
	found := chance.Phi(c.Contact.Discrimination - c.Contact.Threshold)
	near(t, "share referred when all needs are in the end", fresh*(c.Contact.Need+(1-c.Contact.Need)*chance.Phi(-c.Contact.Threshold))/all, .062, .006)
	near(t, "missed needs per GP contact", overAges(n, missed)/overAges(n, gpContacts), c.Contact.Need*(1-found)/found*fresh/all, .0025)
	near(t, "referrals per person and year", national(m, per(referrals)), referralsAYear(c), .1*referralsAYear(c)) // which knows no spread of thresholds
}

// overAges adds a count up over the bands of age.
func overAges(n [ageBands][kinds]float64, k kind) (sum float64) {
	for b := range n {
		sum += n[b][k]
	}
	return sum
}

// TestThinning: every person has events at the present hazard, whatever bound the candidates were
// drawn from; people whose bound is out of date would have fewer of the later kinds.
func TestThinning(t *testing.T) {
	t.Parallel()
	m := begin(t, world1(t, "synthetic:residents=60000,practices=10,hospitals=3,districts=1", 1, plain))
	want, got := 0.0, 0.0
	stale, people := 0, 0
	tallyWeeks(t, m, 208, func(nth int, c *counts) {
		for cell := range c.cell {
			got += float64(c.cell[cell][onsets])
		}
		if nth%8 == 0 {
			everyone(m, func(p *agents.Patient) {
				age, d := p.Age(m.week), int(m.geo.decile[p.Area])
				for k := range m.hazards.conditions {
					if p.Conditions>>k&1 == 0 {
						want += 8 * m.hazards.onsetOf(k, int(p.Frailty), d, age)
					}
				}
			})
		}
	})
	everyone(m, func(p *agents.Patient) {
		age := p.Age(m.week)
		people++
		n := min(bits.OnesCount32(p.Conditions), maxConditions)
		need := float64(m.hazards.bound[p.Sex()][age][n]) + float64(m.hazards.onset[p.Frailty][age][m.geo.decile[p.Area]])
		if m.hazards.rung[p.Level] < need {
			stale++
		}
	})
	near(t, "onsets against the hazard", got/want, 1, .02+4/math.Sqrt(want))
	if stale > people/50 {
		t.Errorf("%d of %d people have a bound below their hazards", stale, people)
	}
}

// TestGroupsKeepUp: people are counted in the age band that they are in, but for those whose birthday
// was a few weeks ago.
func TestGroupsKeepUp(t *testing.T) {
	t.Parallel()
	m := begin(t, world1(t, county, 1))
	steps(t, m, 300)
	off, people := 0, 0
	everyone(m, func(p *agents.Patient) {
		people++
		if p.Cell != m.cellOf(p) {
			off++
		}
	})
	if off > people/200 {
		t.Errorf("%d of %d people are counted in another group than theirs", off, people)
	}
}

// TestControlRecovers: after a loss, control closes the part a of the gap to its target each week,
// whatever else happens to the person.
func TestControlRecovers(t *testing.T) {
	t.Parallel()
	m := begin(t, world1(t, county, 1, plain, func(c *configs.Config) {
		c.Health.FailureLoss, c.Contact.MissedLoss, c.Health.ControlContinuity, c.Health.ControlDelay = 0, 0, 0, 0
	}))
	steps(t, m, 60)
	everyone(m, func(p *agents.Patient) {
		m.refresh(p, &m.signals.desk[p.Practice])
		lose(p, .3)
	})
	const weeks = 30
	steps(t, m, weeks)
	sum, n := 0.0, 0.0
	everyone(m, func(p *agents.Patient) {
		if p.Conditions == 0 || int(p.Born) >= 60 {
			return
		}
		now := *p
		m.refresh(&now, &m.signals.desk[p.Practice])
		sum += m.practices[p.Practice].Target - float64(now.Control)
		n++
	})
	near(t, "gap of control after a loss of .3", sum/n, .3*math.Pow(1-m.cfg.Health.ControlPace, weeks), .01)
}

// TestContinuityForm: people who insist on one of G GPs with probability u0 have E[COC] = v² +
// (1-v)²/(G-1), v = u0 + (1-u0)/G.
func TestContinuityForm(t *testing.T) {
	t.Parallel()
	for _, u0 := range []float64{0, .5, .9} {
		m := begin(t, world1(t, "synthetic:residents=30000,practices=3,hospitals=2,districts=1", 1, plain, func(c *configs.Config) {
			c.Contact.UsualGP, c.Contact.UsualGPSpread, c.Contact.UsualGPOld, c.Contact.Appointments = u0, 0, 0, 1000
			c.Choice.PracticeAttention, c.Choice.PracticeBad, c.People.Moves = 0, 0, 0
		}))
		steps(t, m, 104)
		sum, n, want := 0.0, 0.0, 0.0
		everyone(m, func(p *agents.Patient) {
			c := continuityOf(p)
			if c.contacts < 2 {
				return
			}
			g := float64(m.practices[p.Practice].GPs)
			v := float64(p.Insist)/255 + (1-float64(p.Insist)/255)/g
			sum += c.coc
			want += v*v + (1-v)*(1-v)/(g-1)
			n++
		})
		near(t, "COC at clinician level", sum/n, want/n, .008)
	}
}

// TestQueueForm: a queue settles at Qref (1 + (arrivals/K0 - 1)/eta).
func TestQueueForm(t *testing.T) {
	m := begin(t, world1(t, village, 1))
	m.week = 1000 // past the warm-up's wider limits
	m.publish()
	c := &m.cfg.Treatment
	for _, list := range []bool{false, true} {
		for _, ratio := range []float64{.98, 1, 1.03} {
			k0, weeks := 30.0, c.ClinicQueue
			if list {
				weeks = c.ListQueue
			}
			s := &m.services[0]
			s.Clinic, s.List, s.ClinicCredit, s.ListCredit = k0, k0, 0, 0
			m.clinics[0], m.lists[0] = nil, nil
			sum, n, wait, owed, id := 0.0, 0.0, 0.0, 0.0, uint64(0)
			for week := range 1500 {
				owed += ratio * k0
				for ; owed >= 1; owed-- {
					id++
					w := agents.Waiter{ID: id, Referred: uint16(m.week), Joined: uint16(m.week), Flags: agents.WaitFlags(id % 4 / 3)}
					if list {
						m.lists[0] = append(m.lists[0], w)
					} else {
						m.clinics[0] = append(m.clinics[0], w)
					}
				}
				queue := float64(len(m.clinics[0]) + len(m.lists[0]))
				for i := range m.treatment[0].out {
					m.treatment[0].out[i] = m.treatment[0].out[i][:0]
				}
				if list {
					m.runList(&m.workers[0], &m.treatment[0], 0, 1e9)
				} else {
					m.runClinic(&m.workers[0], &m.treatment[0], 0)
				}
				if week >= 300 {
					sum += queue
					n++
					for _, o := range m.treatment[0].out[0] {
						wait += float64(m.week - int32(o.referred))
					}
				}
				m.week++
			}
			want := weeks * k0 * (1 + (ratio-1)/c.Elasticity)
			near(t, "queue", sum/n, want, .03*want)
			near(t, "mean wait, weeks (Little)", wait/(n*ratio*k0), sum/n/(ratio*k0)-1, .15)
			m.week = 1000
		}
	}
}

// TestSwitchingForm: people who reconsider at a hazard, with nothing to keep them, leave system s with
// probability 1 - s, so that a share attention (1 - sum s²) changes in a year.
func TestSwitchingForm(t *testing.T) {
	free := func(c *configs.Config) {
		c.Enrolment.Attention, c.Enrolment.SwitchCost, c.Enrolment.TasteSpread = .4, 0, 0
		c.Choice.PracticeAttention, c.Choice.PracticeBad = 0, 0
		c.Regime.Entry, c.Regime.Mergers, c.Regime.Failure = nil, false, "bail-out"
	}
	m := warmWith(t, county, 1, free)
	b := branch(t, m, scenario(t, "medical-group-insurer", free, func(c *configs.Config) { c.Choice.Minutes = .02 }))
	if len(b.systems) < 2 {
		t.Fatalf("%d systems", len(b.systems))
	}
	got, want := 0.0, 0.0
	for range 104 {
		var shares []float64
		for s := range b.systems {
			shares = append(shares, float64(b.systems[s].Enrolled)/float64(b.people.Alive))
		}
		b.counts.clear()
		steps(t, b, 1)
		for c := range b.counts.cell {
			got += float64(b.counts.cell[c][systemSwitches])
		}
		if b.week%13 == 0 {
			continue
		}
		herfindahl := 0.0
		for _, s := range shares {
			herfindahl += s * s
		}
		want += float64(b.people.Alive) * .4 / 52 * (1 - herfindahl)
	}
	near(t, "switches against attention (1 - sum s²)", got/want, 1, .03+4/math.Sqrt(want))
}

// TestHerding: published waits do not make people run in herds: weekly shares of sites vary as chance
// does, and what is much this week is not much the next. With strong reactions to the wait of last
// week they do, and the test sees it.
func TestHerding(t *testing.T) {
	dispersion, correlation := herding(t, func(c *configs.Config) { c.Choice.RatingNoise = 0 }) // ratings are news, not waits
	if dispersion > 1.1 || dispersion < .85 {
		t.Errorf("weekly shares vary %.3f times as much as chance, want at most 1.1", dispersion)
	}
	if math.Abs(correlation) > .1 {
		t.Errorf("shares of one week correlate by %.3f with the next, want within .1", correlation)
	}
	if dispersion, _ := herding(t, func(c *configs.Config) { c.Choice.Wait, c.Choice.WaitSmoothing = .6, 1 }); dispersion < 1.3 {
		t.Errorf("herds vary %.3f times as much as chance: the test cannot see them", dispersion)
	}
}

// herding returns how much weekly shares of sites vary against chance, and how one week's go with the
// next's, when all people choose.
func herding(t *testing.T, changes change) (dispersion, correlation float64) {
	t.Helper()
	m := branch(t, warm(t, "synthetic:residents=60000,practices=12,hospitals=4,districts=2", 1), scenario(t, "status-quo", changes, func(c *configs.Config) {
		c.Choice.Offered = 1
	}))
	sites := len(m.sites)
	var weeks [][]float64
	last := make([]int64, len(m.services))
	for week := range 520 {
		steps(t, m, 1)
		by := make([]float64, sites)
		for i := range m.services {
			by[m.services[i].Site] += float64(m.year.flow[i] - last[i])
			last[i] = m.year.flow[i]
		}
		if (week+1)%52 == 0 {
			clear(last)
			continue // the last week of a year is not seen
		}
		weeks = append(weeks, by)
	}
	n, lag, spread := 0.0, 0.0, 0.0
	for s := range sites {
		before := 0.0
		for w := range weeks {
			share, total := movingShare(weeks, s, w)
			sum := 0.0
			for _, x := range weeks[w] {
				sum += x
			}
			if sum == 0 || total == 0 {
				continue
			}
			off := weeks[w][s]/sum - share
			dispersion += off * off / (share * (1 - share) / sum)
			n++
			lag += off * before
			spread += off * off
			before = off
		}
	}
	dispersion, correlation = dispersion/n, lag/spread
	t.Logf("weekly shares vary %.3f times as much as chance, correlation with the next week %.3f", dispersion, correlation)
	return dispersion, correlation
}

// movingShare is a site's share of the half year around a week.
func movingShare(weeks [][]float64, site, at int) (share, total float64) {
	own := 0.0
	for w := max(at-26, 0); w < min(at+27, len(weeks)); w++ {
		own += weeks[w][site]
		for _, x := range weeks[w] {
			total += x
		}
	}
	return own / total, total
}
