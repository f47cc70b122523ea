package sim

import (
	"math"
	"testing"

	"coexist/agents"
	"coexist/sim/tables"
)

// openEpisodes is everybody's open episodes as queues, outcomes on their way and tests show them: by
// person, a count for each line.
func openEpisodes(m *Model) map[uint64][8]int {
	open := map[uint64][8]int{}
	add := func(id uint64, line uint8) {
		n := open[id]
		n[line]++
		open[id] = n
	}
	for i := range m.services {
		for _, queue := range [][]agents.Waiter{m.clinics[i], m.lists[i]} {
			for k := range queue {
				add(queue[k].ID, m.services[i].Line)
			}
		}
	}
	for chunk := range m.treatment {
		for _, out := range m.treatment[chunk].out {
			for k := range out {
				add(out[k].id, m.services[out[k].service].Line)
			}
		}
	}
	for i := range m.parts {
		for week := range int32(diaryWeeks) {
			for _, e := range m.parts[i].diary.due(week) {
				if p := &m.parts[i].people[e.slot&(1<<slotBits-1)]; e.kind == entryTests && uint32(p.ID) == e.id {
					add(p.ID, m.services[e.at].Line)
				}
			}
		}
	}
	return open
}

// checkQueues compares what people believe to wait for with where they wait, person by person, and wants
// none of the dead in a queue.
func checkQueues(t *testing.T, m *Model, name string) {
	t.Helper()
	open := openEpisodes(m)
	leaks, twice, strangers := 0, 0, 0
	for i := range m.parts {
		for k := range m.parts[i].people {
			p := &m.parts[i].people[k]
			if !p.Is(agents.Alive) {
				continue
			}
			for line, n := range open[p.ID] {
				switch bit := int(p.Waiting >> line & 1); {
				case bit == 1 && n == 0:
					leaks++
				case n > 1:
					twice++
				case bit == 0 && n > 0:
					strangers++
				}
			}
		}
	}
	dead := 0
	for i := range m.services {
		for _, queue := range [][]agents.Waiter{m.clinics[i], m.lists[i]} {
			for k := range queue {
				if p := &m.parts[queue[k].Slot>>slotBits].people[queue[k].Slot&(1<<slotBits-1)]; p.ID != queue[k].ID || !p.Is(agents.Alive) {
					dead++
				}
			}
		}
	}
	if dead > 0 {
		t.Errorf("%s week %d: %d who died are still in queues", name, m.Week(), dead)
	}
	if leaks+twice+strangers > 0 {
		t.Errorf("%s week %d: %d people believe to wait and are nowhere, %d wait twice for a line, %d wait and do not know", name, m.Week(), leaks, twice, strangers)
	}
}

// flows follows the queues from week to week: nobody joins or leaves but by referral, service,
// giving up.
type flows struct{ clinic, list, seen, listed, gave, treated int }

// check compares the queues of this week with those of the last.
func (f *flows) check(t *testing.T, m *Model, name string) {
	t.Helper()
	now := flows{}
	joined, diedClinic, diedList := 0, 0, 0
	for chunk := range m.treatment {
		diedClinic += m.treatment[chunk].left[0]
		diedList += m.treatment[chunk].left[1]
	}
	for i := range m.services {
		now.clinic += len(m.clinics[i])
		now.list += len(m.lists[i])
		for k := range m.clinics[i] {
			if int32(m.clinics[i][k].Referred) == m.week-1 {
				joined++
			}
		}
	}
	for chunk := range m.treatment {
		for part, out := range m.treatment[chunk].out {
			for k := range out {
				o := &out[k]
				switch o.kind {
				case seenFirst:
					now.seen++
					if p := &m.parts[part].people[o.slot&(1<<slotBits-1)]; o.flags&agents.WillList != 0 && p.ID == o.id && p.Is(agents.Alive) {
						now.listed++ // in the coming week: people are told before anyone dies
					}
				case gaveUp:
					now.gave++
				case treated:
					now.treated++
				}
				if o.kind != treated && int32(o.referred) == m.week-1 {
					joined++ // referred and served in one week
				}
			}
		}
	}
	if f.clinic > 0 && now.clinic != f.clinic+joined-now.seen-now.gave-diedClinic {
		t.Errorf("%s week %d: %d wait for clinics, want %d + %d referred - %d seen - %d who gave up", name, m.Week(), now.clinic, f.clinic, joined, now.seen, now.gave)
	}
	if f.clinic > 0 && now.list != f.list+f.listed-now.treated-diedList {
		t.Errorf("%s week %d: %d on lists, want %d + %d listed - %d treated", name, m.Week(), now.list, f.list, f.listed, now.treated)
	}
	*f = now
}

// TestConservation checks people, lists, money, queues and beds every week under every scenario.
func TestConservation(t *testing.T) {
	m := begin(t, world1(t, village, 1))
	var f flows
	week := func(m *Model, f *flows, name string) {
		before := make([]int64, len(m.sites))
		for i := range m.sites {
			before[i] = m.sites[i].Elective[m.week%agents.Horizon]
		}
		now := m.week % agents.Horizon
		steps(t, m, 1)
		if err := m.Audit(); err != nil {
			t.Fatal(name, err)
		}
		if m.week%5 == 0 {
			checkQueues(t, m, name)
		}
		f.check(t, m, name)
		for i := range m.sites {
			h := &m.sites[i]
			used, limit := float64(h.Emergency[now]+h.Elective[now]), m.cfg.Beds.ElectiveLimit*7*h.Beds
			if m.week > bedsWeek+1 && m.week%52 != 0 && h.Elective[now] > before[i] && used > limit+1e-6 {
				t.Errorf("%s week %d: an elective patient was admitted to site %d with %.0f bed days of %.1f in use", name, m.Week(), i, used, limit)
			}
			if h.Breach < 0 || h.Breach > 1 || h.Crowding < 0 || math.IsNaN(h.Occupancy) || h.Beds <= 0 {
				t.Errorf("%s week %d: site %d is %+v", name, m.Week(), i, h)
			}
		}
		for i := range m.social {
			if s := &m.social[i]; s.Delay < 0 || s.Delay > 28 || s.Queue < 0 {
				t.Errorf("%s week %d: social care is %+v", name, m.Week(), s)
			}
		}
	}
	for range 156 {
		week(m, &f, "warm-up")
	}
	if err := m.WarmUp(); err != nil {
		t.Fatal(err)
	}
	years := 3
	if testing.Short() {
		years = 1
	}
	for _, name := range scenarioNames() {
		b := branch(t, m, scenario(t, name))
		f := flows{}
		for range 52 * years {
			week(b, &f, name)
		}
		for _, o := range b.Take().Outcomes {
			checkOutcome(t, name, o)
		}
	}
}

// checkOutcome: no number without a meaning, shares are shares.
func checkOutcome(t *testing.T, name string, o tables.Outcome) {
	t.Helper()
	unit := map[string][2]float64{"share": {0, 1}, "index": {0, 1}, "%": {0, 100}, "per 1,000 people a year": {0, 1e5}, "weeks": {0, waitBins}, "count": {0, 1e6}}
	signed := map[string]bool{"slope_avoidable": true}
	if math.IsNaN(o.Value) || math.IsInf(o.Value, 0) {
		t.Errorf("%s: %s of %s in quarter %d is %v", name, o.Measure, o.Group, o.Quarter, o.Value)
	}
	if o.Measure == "occupancy" { // emergencies are always admitted: wards overflow
		unit["share"] = [2]float64{0, 3}
	}
	if r, ok := unit[o.Unit]; ok && !signed[o.Measure] && (o.Value < r[0] || o.Value > r[1]+1e-12) {
		t.Errorf("%s: %s of %s in quarter %d is %v %s, want %v to %v", name, o.Measure, o.Group, o.Quarter, o.Value, o.Unit, r[0], r[1])
	}
}

// TestMeasures: every measure is handed out in a year, for everybody, with its unit, as often as it
// says, once.
func TestMeasures(t *testing.T) {
	m := branch(t, warm(t, devon, .01), scenario(t, "competing-systems"))
	steps(t, m, 52)
	type key struct {
		group, measure string
		quarter        int32
	}
	seen := map[key]int{}
	for _, o := range m.Take().Outcomes {
		checkOutcome(t, "competing-systems", o)
		seen[key{o.Group, o.Measure, o.Quarter}]++
		if def, ok := tables.MeasureByName(o.Measure); !ok || def.Unit != o.Unit {
			t.Errorf("%s has unit %q", o.Measure, o.Unit)
		}
	}
	for k, n := range seen {
		if n > 1 {
			t.Errorf("%v is handed out %d times", k, n)
		}
	}
	for _, def := range tables.Measures {
		want := []int32{4}
		if def.Period == "quarter" {
			want = []int32{1, 2, 3, 4}
		}
		for _, q := range want {
			if seen[key{"all", def.Name, q}] == 0 {
				t.Errorf("%s is not handed out in quarter %d", def.Name, q)
			}
		}
	}
	if seen[key{"deprivation:1", "effective_options", 4}] == 0 || seen[key{"age:65+", "control", 4}] == 0 {
		t.Errorf("no rows for groups of people")
	}
}

// TestAuditFinds: each kind of leak is found.
func TestAuditFinds(t *testing.T) {
	for name, harm := range map[string]func(*Model){
		"a person lost":      func(m *Model) { m.parts[0].people[3].Flags &^= agents.Alive },
		"a list wrong":       func(m *Model) { m.practices[0].Registered++ },
		"a group wrong":      func(m *Model) { m.pop[7]++ },
		"money from nowhere": func(m *Model) { m.ledger.Parties[5].Balance++ },
		"beds below none":    func(m *Model) { m.sites[0].Emergency[3] = -1 },
		"a death not booked": func(m *Model) { m.people.Deaths++ },
	} {
		b := branch(t, warm(t, village, 1), scenario(t, "status-quo"))
		if err := b.Audit(); err != nil {
			t.Fatal(err)
		}
		if harm(b); b.Audit() == nil {
			t.Errorf("%s: the audit finds nothing", name)
		}
	}
}
