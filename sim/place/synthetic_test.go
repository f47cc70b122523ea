package place_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"coexist/sim/place"
)

// synthetic returns a region made and checked.
func synthetic(t testing.TB, spec place.Spec) *place.Place {
	t.Helper()
	p, err := tables(t).Synthetic(spec)
	if err != nil {
		t.Fatalf("%+v: %v", spec, err)
	}
	if err := p.Check(); err != nil {
		t.Fatalf("%+v: %v", spec, err)
	}
	return p
}

func TestSyntheticExtremes(t *testing.T) {
	usual := place.DefaultSpec(60_000)
	for name, change := range map[string]func(*place.Spec){
		"usual":             func(*place.Spec) {},
		"smallest":          func(s *place.Spec) { *s = place.DefaultSpec(1_000) },
		"many practices":    func(s *place.Spec) { s.Practices = 120 },
		"one of everything": func(s *place.Spec) { s.Practices, s.Hospitals, s.Trusts, s.Districts = 1, 1, 1, 1 },
		"all rural, thin":   func(s *place.Spec) { s.RuralShare, s.DensityPerKm2 = 1, 10 },
		"all urban, dense":  func(s *place.Spec) { s.RuralShare, s.DensityPerKm2 = 0, 20_000 },
		"most hospitals":    func(s *place.Spec) { s.Hospitals, s.Trusts, s.Districts = 200, 200, 50 },
		"few, many places":  func(s *place.Spec) { *s = place.DefaultSpec(1_000); s.Practices, s.Districts, s.Hospitals = 2, 50, 7 },
		"large": func(s *place.Spec) {
			*s = place.DefaultSpec(2_000_000)
			s.Seed = math.MaxUint64
		},
	} {
		t.Run(name, func(t *testing.T) {
			spec := usual
			change(&spec)
			p := synthetic(t, spec)
			rural, of := residents(p, func(i int) bool { return p.Areas[i].Rural })
			near(t, "residents", of, float64(spec.Residents), 0)
			near(t, "share rural", rural/of, spec.RuralShare, 1.5/float64(len(p.Areas)))
			got := [...]int{len(p.Practices), len(p.Hospitals), len(p.Trusts), len(p.Districts)}
			if want := [...]int{spec.Practices, spec.Hospitals, spec.Trusts, spec.Districts}; got != want {
				t.Errorf("practices, hospitals, trusts, districts %v, want %v", got, want)
			}
			if !p.Synthetic || p.Code != spec.Code() || p.Name != spec.Name {
				t.Errorf("synthetic %v, code %q, name %q, want true, %q, %q", p.Synthetic, p.Code, p.Name, spec.Code(), spec.Name)
			}
			again, err := tables(t).Resolve(p.Code)
			if err != nil || again.Hash() != p.Hash() {
				t.Errorf("%s does not lead to the same region: %v", p.Code, err)
			}
			spec.Seed++
			if synthetic(t, spec).Hash() == p.Hash() {
				t.Error("another seed gives the same region")
			}
		})
	}
}

// TestSyntheticFollowsItsSpec turns density and rurality and sees distances and ages move.
func TestSyntheticFollowsItsSpec(t *testing.T) {
	mean := func(change func(*place.Spec)) (km, old float64) {
		spec := place.DefaultSpec(300_000)
		change(&spec)
		p := synthetic(t, spec)
		for i := range p.Areas {
			a := &p.Areas[i]
			km += float64(a.Residents) * float64(p.Reach[i][0].Km) / float64(spec.Residents)
			old += float64(a.ByAge[6]+a.ByAge[7]+a.ByAge[8]) / float64(spec.Residents)
		}
		return km, old
	}
	km, old := mean(func(*place.Spec) {})
	thin, _ := mean(func(s *place.Spec) { s.DensityPerKm2 /= 4 })
	country, older := mean(func(s *place.Spec) { s.RuralShare = .8 })
	if !(thin > km && country > km && older > old) {
		t.Errorf("mean km %g, thinner %g, more rural %g; share of 65 and over %g, more rural %g: want each above the first", km, thin, country, old, older)
	}
	near(t, "share of 65 and over", old, .184, .02)
}

func TestSyntheticFaults(t *testing.T) {
	bad := place.Spec{Residents: 10, DensityPerKm2: math.NaN(), RuralShare: -1, Districts: 51}
	_, err := tables(t).Synthetic(bad)
	for _, want := range []string{"residents = 10, want 1000 to 5000000", "density = NaN", "rural = -1, want 0 to 1", "practices = 0", "hospitals = 0", "trusts = 0", "districts = 51"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want also %q", err, want)
		}
	}
	for in, want := range map[string]string{
		"synthetic:hospital=4":              `unknown setting "hospital", want key=value such as hospitals`,
		"synthetic:residents=many":          `residents = "many", want a number`,
		"synthetic:residents=10":            `residents = 10, want 1000 to 5000000`,
		"synthetic:seed=1,seed=2":           "seed is given twice",
		"synthetic:":                        "unknown setting",
		"synthetic:density=NaN":             "density = NaN",
		"synthetic:hospitals=2,trusts=3":    "trusts = 3, want 1 to 2",
		"synthetic:rural":                   `rural = "", want a number`,
		"synthetic:residents=1e5,seed=-1,x": "unknown setting",
	} {
		if _, err := tables(t).Resolve(in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", in, err, want)
		}
	}
}

func TestParseSynthetic(t *testing.T) {
	spec, ok, err := place.ParseSynthetic(" Synthetic: hospitals=4 , residents=100000")
	want := place.DefaultSpec(100_000)
	want.Hospitals, want.Trusts = 4, 4
	if !ok || err != nil || spec != want {
		t.Errorf("got %+v, %v, %v, want %+v", spec, ok, err, want)
	}
	if got, want := spec.Code(), "synthetic:residents=100000,hospitals=4"; got != want {
		t.Errorf("code %q, want %q", got, want)
	}
	if spec, _, _ := place.ParseSynthetic("synthetic"); spec.Code() != "synthetic" {
		t.Errorf("code %q, want synthetic", spec.Code())
	}
	if _, ok, err := place.ParseSynthetic("Devon"); ok || err != nil {
		t.Errorf("Devon is synthetic: %v, %v", ok, err)
	}
}

func ExampleParseSynthetic() {
	spec, ok, err := place.ParseSynthetic("synthetic:residents=20000,hospitals=2,trusts=1")
	fmt.Println(ok, err, spec.Residents, spec.Practices, spec.Hospitals, spec.Trusts)
	spec.DensityPerKm2 = 50
	fmt.Println(spec.Code())
	// Output:
	// true <nil> 20000 2 2 1
	// synthetic:residents=20000,density=50,hospitals=2,trusts=1
}

// TestSameBitsEverywhere pins places to the bit: they may not depend on the processor. Whoever changes
// the tables or the rules renews the hashes.
func TestSameBitsEverywhere(t *testing.T) {
	for name, want := range map[string]string{
		"Devon":     "751c11114a62020700a07945093c79630e4dce23defdfd66ac4fe3a2e2f0445d",
		"synthetic": "e54be2e8368e9ffdf705f4990aea926760fa0a196762ab89187eaa7f34015861",
	} {
		p, err := tables(t).Resolve(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Hash(); got != want {
			t.Errorf("%s: hash %s, want %s", name, got, want)
		}
	}
}

func TestExp(t *testing.T) {
	for x := -700.0; x <= 700; x += .37 {
		if got, want := place.Exp(x), math.Exp(x); math.Abs(got/want-1) > 1e-14 {
			t.Errorf("exp(%g) = %g, want %g", x, got, want)
		}
	}
	if place.Exp(0) != 1 || place.Exp(-1e9) != 0 {
		t.Errorf("exp(0) = %g, exp(-1e9) = %g, want 1 and 0", place.Exp(0), place.Exp(-1e9))
	}
}
