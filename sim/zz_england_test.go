package sim

import (
	"fmt"
	"os"
	"testing"
	"time"

	"coexist/configs"
	"coexist/sim/place"
	"coexist/sim/place/england"
)

func TestZZEngland(t *testing.T) {
	if os.Getenv("ZZ") == "" {
		t.Skip()
	}
	e, _ := place.Read(england.FS())
	p, err := e.Cut("England")
	if err != nil {
		t.Fatal(err)
	}
	t0 := time.Now()
	m, err := New(Settings{Place: p, Config: configs.Default(), Seed: 1, Sample: .02, Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println("new", time.Since(t0), m.Alive())
	t0 = time.Now()
	if err := m.WarmUp(); err != nil {
		t.Fatal(err)
	}
	fmt.Println("warm", time.Since(t0), float64(time.Since(t0).Nanoseconds())/float64(m.Events()))
	b, err := m.Branch(m.cfg)
	if err != nil {
		t.Fatal(err)
	}
	tot := &counts{system: make([][kinds]int64, 1)}
	var adm, non [waitBins]float64
	for range 52 {
		if b.week%13 == 12 {
			tot.addAll(&b.counts)
		}
		if err := b.Step(); err != nil {
			t.Fatal(err)
		}
	}
	x := tot.total(&groups[0])
	y := x.n[personWeeks] / 52
	// weight factor: crude
	pr := func(name string, v, want float64) { fmt.Printf("%-28s %9.3f want %9.3f\n", name, v, want) }
	pr("contacts", (x.n[gpContacts]+x.n[nurseContacts])/y, 5.5)
	pr("GP share", x.n[gpContacts]/(x.n[gpContacts]+x.n[nurseContacts]), .62)
	pr("referrals/1000", 1000*x.n[referrals]/y, 347)
	pr("firsts", 1000*x.n[firsts]/y, 317)
	pr("all attendances", 1000*(x.n[firsts]+x.n[followUps])/y, 983)
	pr("DNA share", x.n[nonAttendances]/(x.n[firsts]+x.n[nonAttendances]), .086)
	pr("list admissions", 1000*(x.n[dayCases]+x.n[inpatients])/y, 92.5)
	pr("other admissions", 1000*x.n[otherAdmissions]/y, 88.7)
	em := x.n[avoidableEmergencies] + x.n[otherEmergencies]
	pr("emergencies", 1000*em/y, 99.8)
	pr("ACSC share", x.n[avoidableEmergencies]/em, .167)
	pr("AE", 1000*x.n[aeVisits]/y, 404)
	pr("readmission", x.n[readmissions]/em, .1163)
	pr("bed days/1000", 1000*x.n[bedDays]/y, 0)
	pr("delayed share", x.n[delayedDays]/x.n[bedDays], .025)
	pr("deaths", 1000*x.n[deaths]/y, 8.8)
	pr("missed", 1000*x.n[missed]/y, 67)
	for c := range tot.waits {
		for k := range adm {
			non[k] += float64(tot.waits[c][0][k])
			adm[k] += float64(tot.waits[c][1][k])
		}
	}
	a, n := &total{waits: adm}, &total{waits: non}
	q, _ := a.waitQuantile(.5)
	pr("RTT admitted median", q, 8.8)
	q, _ = n.waitQuantile(.5)
	pr("RTT non-admitted median", q, 4.5)
	q, _ = a.within(18)
	pr("admitted in 18", q, .907)
	q, _ = n.within(18)
	pr("non-admitted in 18", q, .972)
	var waiting int
	for i := range b.clinics {
		waiting += len(b.clinics[i]) + len(b.lists[i])
	}
	pr("on list m", float64(waiting)/b.set.Sample/1e6, 2.5)
	pr("bypass", x.n[bypasses]/x.n[pathways], .37)
	pr("switch practice/1000", 1000*x.n[practiceSwitches]/y, 11.2)
	care := b.sampleCare().of(&groups[0])
	pr("upc", care[sumUPC]/care[sumSeen], .61)
	ch := b.sampleChoice().of(&groups[0])
	pr("hhi", ch[sumHHI]/ch[sumPeople], .35)
	b.Diag()
	for i := range b.gps {
		_ = i
	}
	for _, o := range b.Take().Outcomes {
		if o.Group == "all" && o.Quarter == 4 {
			fmt.Printf("%s %.3f; ", o.Measure, o.Value)
		}
	}
	fmt.Println()
	// emergencies by age
	for g, grp := range groups {
		if grp.name[:3] == "age" {
			tt := tot.total(&groups[g])
			fmt.Printf("%s emerg/1000 %.1f contacts %.2f\n", grp.name, 52000*(tt.n[avoidableEmergencies]+tt.n[otherEmergencies])/tt.n[personWeeks], 52*(tt.n[gpContacts]+tt.n[nurseContacts])/tt.n[personWeeks])
		}
	}
}
