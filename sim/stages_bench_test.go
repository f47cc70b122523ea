package sim

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"coexist/agents"
	"coexist/agents/chance"
	"coexist/configs"
	"coexist/sim/place"
)

// benchSample makes some 100,000 people of Greater Manchester.
const benchSample = .035

// benchWorld is a world of that size after its warm-up, on one core.
func benchWorld(b *testing.B) *Model {
	b.Helper()
	m := begin(b, Settings{Place: region(b, "Greater Manchester"), Config: configs.Default(), Seed: 1, Sample: benchSample, Workers: 1})
	if err := m.WarmUp(); err != nil {
		b.Fatal(err)
	}
	return m
}

// perPerson reports nanoseconds for each person alive.
func perPerson(b *testing.B, m *Model) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(m.Alive()), "ns/person")
}

// BenchmarkNew builds a world.
func BenchmarkNew(b *testing.B) {
	s := Settings{Place: region(b, "Greater Manchester"), Config: configs.Default(), Seed: 1, Sample: benchSample, Workers: 1}
	var m *Model
	for b.Loop() {
		m = begin(b, s)
	}
	perPerson(b, m)
}

// BenchmarkStage steps a world and tells the wall time of each stage of a week, on average over weeks, in
// nanoseconds for each person; quarters and years are spread over their weeks.
func BenchmarkStage(b *testing.B) {
	m := benchWorld(b)
	spent := map[string]time.Duration{}
	var stages []string
	var last time.Time
	m.see = func(stage string) {
		now := time.Now()
		if !slices.Contains(stages, stage) {
			stages = append(stages, stage)
		}
		spent[stage] += now.Sub(last)
		last = now
	}
	for b.Loop() {
		last = time.Now()
		if err := m.Step(); err != nil {
			b.Fatal(err)
		}
		m.Take()
	}
	for _, stage := range stages {
		name := strings.ReplaceAll(stage, " ", "-")
		b.ReportMetric(float64(spent[stage].Nanoseconds())/float64(b.N)/float64(m.Alive()), name+"-ns/person")
	}
}

// BenchmarkChoose lets one person after the other choose where to go for a line, all offered a choice.
func BenchmarkChoose(b *testing.B) {
	m := benchWorld(b)
	m.publish()
	set := &m.workers[0].options
	people := m.parts[0].people
	options, k := 0, 0
	for b.Loop() {
		p := &people[k%len(people)]
		line := uint8(k % int(place.Lines))
		m.optionsFor(set, p, line)
		m.utilities(set, p, m.standing(set, p, line))
		m.luckiest(p.ID, set)
		options += len(set.list)
		k++
	}
	b.ReportMetric(float64(options)/float64(k), "options")
}

// BenchmarkHandoff passes one person after the other between two teams.
func BenchmarkHandoff(b *testing.B) {
	m := benchWorld(b)
	people := m.parts[0].people
	rng := m.seed.At(1, m.week, chance.Handoff)
	k := 0
	for b.Loop() {
		m.handoff(&m.workers[0], 0, k%len(people), &people[k%len(people)], 0, .3, &rng)
		k++
	}
}

// BenchmarkQueues runs the clinic of the longest queue for a week, for each person in it.
func BenchmarkQueues(b *testing.B) {
	m := benchWorld(b)
	m.publish()
	longest := 0
	for k := range m.clinics {
		if len(m.clinics[k]) > len(m.clinics[longest]) {
			longest = k
		}
	}
	queue := slices.Clone(m.clinics[longest])
	room := make([]agents.Waiter, len(queue))
	t := &m.treatment[m.chunkOf(m.services[longest].Site)]
	for b.Loop() {
		copy(room, queue)
		m.clinics[longest] = room
		for k := range t.out {
			t.out[k] = t.out[k][:0]
		}
		m.runClinic(&m.workers[0], t, uint16(longest))
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(queue)), "ns/waiting")
}

// BenchmarkLedger settles a week: contracts priced, payments posted.
func BenchmarkLedger(b *testing.B) {
	m := benchWorld(b)
	steps(b, m, 1)
	for b.Loop() {
		m.settle()
	}
	m.ledger.Drain()
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(m.practices)+len(m.providers)), "ns/organisation")
}

// BenchmarkObserve measures a quarter, choice of the panel included, and takes its rows.
func BenchmarkObserve(b *testing.B) {
	m := benchWorld(b)
	steps(b, m, 12)
	for b.Loop() {
		m.observe()
		m.Take()
	}
	perPerson(b, m)
}

// BenchmarkSnapshot writes the state to nowhere.
func BenchmarkSnapshot(b *testing.B) {
	m := benchWorld(b)
	b.SetBytes(m.SnapshotSize())
	for b.Loop() {
		if err := m.Snapshot(io.Discard); err != nil {
			b.Fatal(err)
		}
	}
	perPerson(b, m)
}

// BenchmarkRestore makes a world of a snapshot.
func BenchmarkRestore(b *testing.B) {
	m := benchWorld(b)
	var past bytes.Buffer
	if err := m.Snapshot(&past); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(past.Len()))
	for b.Loop() {
		if _, err := Restore(bytes.NewReader(past.Bytes()), m.set, m.cfg); err != nil {
			b.Fatal(err)
		}
	}
	perPerson(b, m)
}

// BenchmarkBranch copies a world and goes on under another regime.
func BenchmarkBranch(b *testing.B) {
	m := benchWorld(b)
	c := scenario(b, "competing-systems")
	for b.Loop() {
		branch(b, m, c)
	}
	perPerson(b, m)
}

// BenchmarkKernel steps the engine with the work of the provider choice kernel, in which patients do
// nothing but choose: 8.84 times a year each sees a GP, who always refers, and chooses among the eight
// nearest providers by distance, quality, wait and habit, joins the queue there and is seen. Illness,
// emergencies, tests, follow-ups and lists are off; ageing, births, deaths, moves, the ledger and the
// measures stay, since the engine's own step is what runs. It reports time for each choice.
func BenchmarkKernel(b *testing.B) {
	c := configs.Default()
	c.Contact.Rate, c.Contact.GPShare, c.Contact.Need, c.Contact.Threshold, c.Contact.OtherReferrals = 8.84, 1, 1, -5, 0
	c.Health.Emergencies, c.Health.Avoidable, c.Beds.AEVisits = 0, 0, 0
	t := &c.Treatment
	t.NonAttendance, t.FollowUps, t.TestShare, t.ListShare, t.OtherAdmissions = 0, 0, 0, 0, 0
	c.Choice.MaxOptions, c.Choice.TasteSpread, c.Choice.Offered = 8, 0, 1
	if err := c.Check(); err != nil {
		b.Fatal(err)
	}
	m := begin(b, Settings{Place: region(b, "Greater Manchester"), Config: c, Seed: 1, Sample: 1e6 / 2867771, Workers: 1})
	if err := m.WarmUp(); err != nil {
		b.Fatal(err)
	}
	choices, before := int64(0), m.Events()
	spent := time.Duration(0)
	for b.Loop() {
		start := time.Now()
		m.publish()
		m.live()
		for i := range m.parts {
			for k := range m.parts[i].requests {
				choices += int64(len(m.parts[i].requests[k]))
			}
		}
		m.treat()
		m.mergeCounts()
		m.settle()
		spent += time.Since(start)
		m.ledger.Drain()
		m.week++
	}
	b.ReportMetric(float64(spent.Nanoseconds())/float64(choices), "ns/choice")
	b.ReportMetric(float64(spent.Nanoseconds())/float64(m.Events()-before), "ns/event")
	b.ReportMetric(float64(choices)*52/float64(b.N)/float64(m.Alive()), "choices/person-year")
}
