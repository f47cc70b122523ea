package sim

import (
	"fmt"
	"os"
	"sort"
	"testing"

	"coexist/configs"
	"coexist/sim/place"
	"coexist/sim/place/england"
)

func TestZZDbg(t *testing.T) {
	if os.Getenv("ZZ") == "" {
		t.Skip()
	}
	e, _ := place.Read(england.FS())
	p, _ := e.Cut("Greater Manchester")
	m, _ := New(Settings{Place: p, Config: configs.Default(), Seed: 1, Sample: .05, Workers: 2})
	if err := m.WarmUp(); err != nil {
		t.Fatal(err)
	}
	c, _ := configs.Read(os.Getenv("ZZ"), configs.Options{})
	b, err := m.Branch(c)
	if err != nil {
		t.Fatal(err)
	}
	for y := range 10 {
		for range 52 {
			if err := b.Step(); err != nil {
				t.Fatal(err)
			}
		}
		if y == 0 || y == 2 || y == 9 {
			b.Diag()
			idx := []int{}
			for i := range b.services {
				idx = append(idx, i)
			}
			sort.Slice(idx, func(i, j int) bool {
				return len(b.clinics[idx[i]])+len(b.lists[idx[i]]) > len(b.clinics[idx[j]])+len(b.lists[idx[j]])
			})
			for _, i := range idx[:12] {
				s := &b.services[i]
				fmt.Printf("%s %s prov %d out %v K %.2f ref %.2f arr %.2f arref %.2f q %d wait %.1f | L %.2f arr %.2f q %d wait %.1f free occ %.2f\n", b.place.Hospitals[s.Site].Name, lineNames[s.Line], s.Provider, s.Outside, s.Clinic, s.ClinicRef, s.Arrivals, s.ArrivalsRef, len(b.clinics[i]), s.ClinicWait, s.List, s.ListArrivals, len(b.lists[i]), s.ListWait, b.sites[s.Site].Occupancy)
			}
			for s := range b.systems {
				o := &b.systems[s]
				fmt.Printf("%s open %v enrolled %d inc %.2fm exp %.2fm res %.2fm\n", b.names[o.Name], o.Open, o.Enrolled, float64(o.Income)/1e8, float64(o.Expense)/1e8, float64(o.Reserves)/1e8)
			}
			fmt.Println("funds", b.signals.extraFunds, b.signals.electiveScale)
		}
	}
}
