package place_test

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"coexist/sim/place"
	"coexist/sim/place/england"
)

// all reads the tables of England once for all tests.
var all = sync.OnceValues(func() (*place.England, error) { return place.Read(england.FS()) })

// tables returns England, read.
func tables(t testing.TB) *place.England {
	t.Helper()
	e, err := all()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// cut returns a place, cut and checked.
func cut(t testing.TB, scope string) *place.Place {
	t.Helper()
	p, err := tables(t).Cut(scope)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	return p
}

func BenchmarkRead(b *testing.B) {
	for b.Loop() {
		if _, err := place.Read(england.FS()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCut(b *testing.B) {
	e := tables(b)
	for _, scope := range []string{"Devon", "Greater Manchester", "London", "England"} {
		b.Run(scope, func(b *testing.B) {
			for b.Loop() {
				if _, err := e.Cut(scope); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkHash(b *testing.B) {
	p := cut(b, "England")
	for b.Loop() {
		p.Hash()
	}
}

// near fails unless got lies within tolerance of want.
func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s: got %.4g, want %.4g within %.2g", what, got, want, tolerance)
	}
}

// residents returns the people of a place and those in its areas that the test holds for.
func residents(p *place.Place, is func(i int) bool) (n, of float64) {
	for i := range p.Areas {
		r := float64(p.Areas[i].Residents)
		of += r
		if is(i) {
			n += r
		}
	}
	return n, of
}

func TestEnglandHasEverybody(t *testing.T) {
	p := cut(t, "England")
	_, of := residents(p, func(int) bool { return true })
	near(t, "residents", of, 56_489_608, 0)
	near(t, "areas", float64(len(p.Areas)), 33_755, 0)
	near(t, "practices less 76 small and 1 online", float64(len(p.Practices)), 6_658-76-1, 0)
	near(t, "hospitals", float64(len(p.Hospitals)), 261, 0)
	near(t, "trusts", float64(len(p.Trusts)), 137, 0)
	near(t, "districts", float64(len(p.Districts)), 296, 0)
	beds, departments := 0.0, 0.0
	for i := range p.Hospitals {
		h := &p.Hospitals[i]
		beds += float64(h.Beds)
		if h.HasAE {
			departments++
		}
		if h.Outside || h.InsideShare != 1 {
			t.Errorf("%s: outside = %v, inside share %g, want all inside", h.Name, h.Outside, h.InsideShare)
		}
		if h.Kind == "specialist" && !place.HasSpecialistLines(h.Code) {
			t.Errorf("%s %s: no entry in specialistLines", h.Code, h.Name)
		}
	}
	near(t, "beds", beds, 99_214, 0)
	near(t, "emergency departments", departments, 173+3, 0)
	bands := 0.0
	for _, decile := range p.Health.AgeByDecile {
		for _, n := range decile {
			bands += n
		}
	}
	near(t, "residents by decile and age", bands, 56_489_608, 0)
	worst, bad := misfit(t, p)
	if bad > 65 {
		t.Errorf("%d of %d lists are more than 1 %% off (worst %.1f %%), want at most 1 %% of them", bad, len(p.Practices), 100*worst)
	}
}

// misfit compares lists with targets scaled to the residents of the place: the largest share by which one is
// off, and how many are more than 1 % off.
func misfit(t *testing.T, p *place.Place) (worst float64, bad int) {
	t.Helper()
	target, sum, residents := place.Targets(tables(t), p), 0.0, 0.0
	for i := range p.Practices {
		sum += target[i]
		residents += float64(p.Practices[i].List)
	}
	for i := range p.Practices {
		off := math.Abs(float64(p.Practices[i].List)/(target[i]*residents/sum) - 1)
		worst = max(worst, off)
		if off > .01 {
			bad++
		}
	}
	return worst, bad
}

func TestDefaultPlaces(t *testing.T) {
	for _, want := range []struct {
		name, code                                 string
		residents, areas, practices, acute, inside int
	}{
		{"Devon", "QJK", 1_215_712, 729, 122, 4, 4},
		{"greater manchester", "QOP", 2_867_771, 1_702, 429, 10, 15},
	} {
		t.Run(want.code, func(t *testing.T) {
			p := cut(t, want.name)
			_, of := residents(p, func(int) bool { return true })
			acute, inside := 0, 0
			for i := range p.Hospitals {
				if !p.Hospitals[i].Outside {
					inside++
					if p.Hospitals[i].Kind == "acute" {
						acute++
					}
				}
			}
			near(t, "residents", of, float64(want.residents), 0)
			near(t, "areas", float64(len(p.Areas)), float64(want.areas), 0)
			near(t, "practices", float64(len(p.Practices)), float64(want.practices), 0)
			near(t, "acute sites", float64(acute), float64(want.acute), 0)
			near(t, "sites inside", float64(inside), float64(want.inside), 0)
			if p.Code != want.code {
				t.Errorf("code %s, want %s", p.Code, want.code)
			}
			if worst, bad := misfit(t, p); bad > 0 {
				t.Errorf("%d lists are more than 1 %% off, by up to %.2f %%", bad, 100*worst)
			}
		})
	}
}

// TestEdgeOfDevon: about 6 % of flow leaves and 12 % enters, by the rule of ODD 2.
func TestEdgeOfDevon(t *testing.T) {
	p := cut(t, "Devon")
	out, patients, in, beds := 0.0, 0.0, 0.0, 0.0
	for i := range p.Areas {
		own, away := 0.0, 0.0
		for _, n := range p.Reach[i] {
			h := &p.Hospitals[n.Index]
			f := float64(h.Beds) * math.Exp(-.09*float64(n.Minutes))
			if h.Outside {
				away += f
			} else {
				own += f
			}
		}
		out += float64(p.Areas[i].Residents) * away / (own + away)
		patients += float64(p.Areas[i].Residents)
	}
	for i := range p.Hospitals {
		if h := &p.Hospitals[i]; !h.Outside {
			in += (1 - h.InsideShare) * float64(h.Beds)
			beds += float64(h.Beds)
		}
	}
	near(t, "share of flow that leaves", out/patients, .06, .02)
	near(t, "share of beds for outsiders", in/beds, .12, .03)
}

// TestReachAgainstEvidence repeats what the evidence says the 2021 map gives: A15 to A20 for the
// South West, A21 for all practices of England.
func TestReachAgainstEvidence(t *testing.T) {
	p := cut(t, "South West")
	gp := func(km float32) float64 {
		n, of := residents(p, func(i int) bool { return p.NearPractices[i][0].Km <= km })
		return n / of
	}
	hospital := func(is func(place.Near) bool) float64 {
		n, of := residents(p, func(i int) bool {
			for _, x := range p.Reach[i] {
				if p.Hospitals[x.Index].General() {
					return is(x)
				}
			}
			return false
		})
		return n / of
	}
	km := func(d float32) float64 { return hospital(func(x place.Near) bool { return x.Km <= d }) }
	near(t, "A15: within 1.0 km of a practice", gp(1), .57, .01)
	near(t, "A16: within 4.4 km of a practice", gp(4.4), .91, .01)
	near(t, "A17: within 5.4 km of a hospital", km(5.4), .37, .01)
	near(t, "A18: within 11.6 km", km(11.6), .60, .01)
	near(t, "A19: within 19.0 km", km(19), .81, .01)
	near(t, "A20: within 20.5 minutes", hospital(func(x place.Near) bool { return x.Minutes <= 20.5 }), .57, .02)

	p = cut(t, "England")
	var from []float64
	sum := 0.0
	for i := range p.Practices {
		least := math.Inf(1)
		for j := range p.Hospitals {
			if h := &p.Hospitals[j]; h.General() {
				least = min(least, math.Hypot(h.Easting-p.Practices[i].Easting, h.Northing-p.Practices[i].Northing)/1000)
			}
		}
		from = append(from, least)
		sum += least
	}
	slices.Sort(from)
	near(t, "A21: mean km from a practice to the nearest acute site", sum/float64(len(from)), 7.0, .1)
	near(t, "A21: median", from[len(from)/2], 4.6, .1)
}

func TestReachIsSortedAndHoldsTheNearest(t *testing.T) {
	for _, scope := range []string{"Devon", "London", "Isles of Scilly", "Cornwall and the Isles of Scilly"} {
		p := cut(t, scope) // Check sees to the order
		for i := range p.Areas {
			a := &p.Areas[i]
			nearest, general := -1, -1
			away := func(h *place.Hospital) float64 {
				return (h.Easting-a.Easting)*(h.Easting-a.Easting) + (h.Northing-a.Northing)*(h.Northing-a.Northing)
			}
			for j := range p.Hospitals {
				h := &p.Hospitals[j]
				if h.Lines != 0 && (nearest < 0 || away(h) < away(&p.Hospitals[nearest])) {
					nearest = j
				}
				if h.General() && (general < 0 || away(h) < away(&p.Hospitals[general])) {
					general = j
				}
			}
			has := func(site int) bool {
				return slices.ContainsFunc(p.Reach[i], func(n place.Near) bool { return int(n.Index) == site })
			}
			if int(p.Reach[i][0].Index) != nearest || !has(general) {
				t.Fatalf("%s: area %s reaches %v, want %d first and %d in it", scope, a.Code, p.Reach[i], nearest, general)
			}
			for _, n := range p.Reach[i] {
				if n.Minutes > 60 && int(n.Index) != nearest && int(n.Index) != general {
					t.Errorf("%s: area %s: %g minutes to %s, want at most 60", scope, a.Code, n.Minutes, p.Hospitals[n.Index].Name)
				}
			}
		}
	}
}

func TestFind(t *testing.T) {
	e := tables(t)
	for _, row := range []struct{ in, code, name string }{
		{"England", "E92000001", "England"},
		{"south west", "E12000009", "South West"},
		{"E12000009", "E12000009", "South West"},
		{"QJK", "QJK", "Devon"},
		{"EXETER", "E07000041", "Exeter"},
		{"Bristol", "E06000023", "Bristol, City of"},
		{"Dorset", "QVV", "Dorset"}, // the ICB, not the district
		{"E06000059", "E06000059", "Dorset"},
		{"Devon+Cornwall and the Isles of Scilly", "QJK+QT6", "Devon + Cornwall and the Isles of Scilly"},
		{" Cornwall and the Isles of Scilly + Devon + devon", "QJK+QT6", "Devon + Cornwall and the Isles of Scilly"},
	} {
		got, err := e.Find(row.in)
		if err != nil || got.Code != row.code || got.Name != row.name {
			t.Errorf("Find(%q) = %q %q, %v, want %q %q", row.in, got.Code, got.Name, err, row.code, row.name)
		}
		if again, err := e.Find(got.Code); err != nil || again.Name != got.Name {
			t.Errorf("Find(%q) = %q, %v, want %q", got.Code, again.Name, err, got.Name)
		}
	}
	for in, hint := range map[string]string{"Devonn": `"Devon"`, "Exetr": `"Exeter"`, "QJX": `such as "Q`, "": `such as "`, "Devon+Mancester": `"Manchester"`} {
		_, err := e.Find(in)
		if !errors.Is(err, place.ErrUnknown) || !strings.Contains(err.Error(), hint) {
			t.Errorf("Find(%q): %v, want ErrUnknown and %s", in, err, hint)
		}
	}
	_, err := e.Find("Devonn+Exetr")
	if err == nil || strings.Count(err.Error(), "\n") != 1 {
		t.Errorf("two unknown names: %v, want two faults", err)
	}
}

func ExampleEngland_Cut() {
	e, err := place.Read(england.FS())
	if err != nil {
		fmt.Println(err)
		return
	}
	p, err := e.Cut("devon")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.Code, p.Name, len(p.Areas), "areas", len(p.Practices), "practices")
	for _, h := range p.Hospitals {
		if !h.Outside {
			fmt.Println(h.Name, h.Beds, "beds")
		}
	}
	_, err = e.Cut("devonn")
	fmt.Println(err)
	// Output:
	// QJK Devon 729 areas 122 practices
	// Torbay District General Hospital 373 beds
	// North Devon District Hospital 294 beds
	// Royal Devon and Exeter Hospital (Wonford) 857 beds
	// Derriford Hospital Plymouth 1011 beds
	// unknown place "devonn", want a region, ICB or district by name or code, such as "Devon"
}

func TestJoinedPlaces(t *testing.T) {
	devon, cornwall := cut(t, "Devon"), cut(t, "Cornwall and the Isles of Scilly")
	both, other := cut(t, "Devon+Cornwall and the Isles of Scilly"), cut(t, "QT6+QJK")
	if len(both.Areas) != len(devon.Areas)+len(cornwall.Areas) || len(both.Practices) != len(devon.Practices)+len(cornwall.Practices) {
		t.Errorf("%d areas and %d practices, want those of both", len(both.Areas), len(both.Practices))
	}
	if both.Hash() != other.Hash() {
		t.Error("A+B is not B+A")
	}
	if twice := cut(t, "Devon+Exeter"); len(twice.Areas) != len(devon.Areas) {
		t.Errorf("Devon with its Exeter has %d areas, want %d", len(twice.Areas), len(devon.Areas))
	}
}

// TestManyPlaces cuts each ICB and every eighth district; all have what a world needs. (All 347
// places were cut once; it takes 15 s.)
func TestManyPlaces(t *testing.T) {
	total := map[string]int{}
	for i, n := range tables(t).Names() {
		total[n.Kind] += n.Residents
		if n.Kind == "country" || n.Kind == "region" || n.Kind == "district" && i%8 != 0 || n.Kind == "icb" && testing.Short() {
			continue
		}
		p, err := tables(t).Cut(n.Code)
		if err != nil {
			t.Error(err)
			continue
		}
		if err := p.Check(); err != nil {
			t.Errorf("%s: %v", n.Name, err)
		}
		inside := 0
		for i := range p.Hospitals {
			if !p.Hospitals[i].Outside {
				inside++
			}
		}
		if people, _ := residents(p, func(int) bool { return true }); int(people) != n.Residents || len(p.Practices) != n.Practices || inside != n.Hospitals {
			t.Errorf("%s: %g residents, %d practices, %d hospitals inside, want %+v", n.Name, people, len(p.Practices), inside, n)
		}
	}
	for _, kind := range []string{"country", "region", "icb", "district"} {
		near(t, kind, float64(total[kind]), 56_489_608, 0)
	}
}

func TestHealthTables(t *testing.T) {
	h := synthetic(t, place.DefaultSpec(1_000)).Health
	near(t, "deaths of boys in the first year", h.Death[0][0], .004267, 0)
	var codes []string
	for _, c := range h.Conditions {
		codes = append(codes, c.Code)
		switch c.Code {
		case "CKD":
			if c.Name != "Chronic kidney disease" || c.FromAge != 18 || c.ToAge != 100 {
				t.Errorf("got %+v, want Chronic kidney disease from 18", c)
			}
			near(t, "CKD in the most deprived tenth", c.ByDecile[0], 196241./4649676, 1e-12)
		case "OST":
			near(t, "osteoporosis counts from", float64(c.FromAge), 50, 0)
		}
	}
	if got, want := strings.Join(codes, " "), "AF AST CAN CHD CKD COPD DEM DEP DM EP HF HYP LD MH OB OST PAD RA STIA"; got != want {
		t.Errorf("conditions %s, want %s", got, want)
	}
}

func TestHashSeesEveryField(t *testing.T) {
	p := cut(t, "Isles of Scilly")
	if p.Hash() != cut(t, "Isles of Scilly").Hash() {
		t.Fatal("the same place twice has two hashes")
	}
	first := p.Hash()
	seen := 0
	var walk func(name string, v reflect.Value)
	walk = func(name string, v reflect.Value) {
		old := reflect.New(v.Type()).Elem()
		old.Set(v)
		switch v.Kind() {
		case reflect.Struct:
			for i := range v.NumField() {
				walk(name+"."+v.Type().Field(i).Name, v.Field(i))
			}
			return
		case reflect.Slice, reflect.Array:
			if v.Len() > 0 {
				walk(name+"[0]", v.Index(0))
			} else {
				t.Logf("%s is empty", name)
			}
			return
		case reflect.String:
			v.SetString(v.String() + "x")
		case reflect.Bool:
			v.SetBool(!v.Bool())
		case reflect.Float32, reflect.Float64:
			v.SetFloat(v.Float() + 1)
		case reflect.Int, reflect.Int32:
			v.SetInt(v.Int() + 1)
		default:
			v.SetUint(v.Uint() + 1)
		}
		if p.Hash() == first {
			t.Errorf("%s is not in the hash", name)
		}
		v.Set(old)
		seen++
	}
	p.Towns = []place.Town{{Name: "Hugh Town"}}
	first = p.Hash()
	walk("Place", reflect.ValueOf(p).Elem())
	if seen < 50 {
		t.Errorf("saw %d fields, want 50 or more", seen)
	}
}

// Who changes a place asks whether it still holds together.
func ExamplePlace_Check() {
	e, err := place.Read(england.FS())
	if err != nil {
		fmt.Println(err)
		return
	}
	p, err := e.Resolve("synthetic:residents=20000,hospitals=2")
	if err != nil {
		fmt.Println(err)
		return
	}
	p.Hospitals[0].Beds += 100
	fmt.Println(p.Check())
	p.Practices[0].GPs = 0
	fmt.Println(p.Check())
	// Output:
	// <nil>
	// place synthetic:residents=20000,hospitals=2: P0001: GPs = 0, want 1 to 15
}

func TestCheckTellsAllFaults(t *testing.T) {
	p := cut(t, "Isles of Scilly")
	p.Areas[0].District = 9
	p.Areas[0].Residents++
	p.Lists[0] = nil
	p.Reach[0][0].Minutes = float32(math.NaN())
	p.Practices[0].GPs = 0
	err := p.Check()
	for _, want := range []string{"district = 9, want 0 to 0", "age bands sum", "shares over practices sum to 0, want 1", "NaN", "GPs = 0, want 1 to 15"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Check: %v, want also %q", err, want)
		}
	}
}

func TestTrustName(t *testing.T) {
	for in, want := range map[string]string{"Torbay And South Devon NHS Foundation Trust": "Torbay and South Devon", "Isle Of Wight NHS Trust": "Isle of Wight", "Trust 3": "Trust 3"} {
		if got := place.TrustName(in); got != want {
			t.Errorf("TrustName(%q) = %q, want %q", in, got, want)
		}
	}
}
