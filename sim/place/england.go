package place

import (
	"cmp"
	"fmt"
	"io/fs"
	"math"
	"slices"
	"strings"
)

// England holds the tables of England as read; places are cut from it. Its areas, practices and
// hospitals refer to each other as in a Place, but across all of England. It does not change
// after Read, so several goroutines may cut at once.
type England struct {
	areas       []Area
	practices   []Practice // List less people who moved or died (per ICB), small and online lists left out
	hospitals   []Hospital
	hospitalICB []string // by hospital
	trusts      []Trust
	districts   []District
	icbs        []part
	regions     []part
	outline     []Ring // of England
	icbOutlines []Ring
	towns       []Town
	townArea    []int // by town: the nearest area
	travel      travel
	health      Health
}

// minList is the smallest registered list that counts as a practice: below it are closing lists,
// services for the homeless and care homes.
const minList = 1_000

// onlinePractice is GP at Hand, a national online list placed at one point in London.
const onlinePractice = "E85124"

// Read reads the tables of England from the files in fsys, which package england embeds. Every
// fault is told with file, line, what was found and what is wanted, the first twenty at once.
func Read(fsys fs.FS) (*England, error) {
	var f faults
	e := &England{}
	e.readDistricts(fsys, &f)
	e.readAreas(fsys, &f)
	e.readPractices(fsys, &f)
	e.scaleLists()
	e.readHospitals(fsys, &f)
	e.readTravel(fsys, &f)
	e.readHealth(fsys, &f)
	e.readMap(fsys, &f)
	if err := f.err(); err != nil {
		return nil, err
	}
	nearest := newNearest(len(e.areas), func(i int) (float64, float64) { return e.areas[i].Easting, e.areas[i].Northing })
	for i := range e.towns {
		near := nearest.find(e.towns[i].Easting, e.towns[i].Northing, 1, nil)
		e.townArea = append(e.townArea, near[0].index)
	}
	return e, nil
}

// rising notes a code that does not follow the last one, which also finds codes given twice.
func rising(r *row, last *string, code string) {
	if code <= *last {
		r.fault("a code after %s", *last)
	}
	*last = code
}

// readDistricts reads districts and ICBs; regions come with the districts.
func (e *England) readDistricts(fsys fs.FS, f *faults) {
	var last string
	seen := map[string]bool{}
	eachRow(fsys, "lads.csv", "code,name,region,region_name,pop", f, func(r *row) {
		code := r.text()
		rising(r, &last, code)
		d := District{Code: code, Name: r.text(), Region: r.text()}
		name := r.text()
		d.Residents = int32(r.whole(1, 10_000_000))
		e.districts = append(e.districts, d)
		if !seen[d.Region] {
			seen[d.Region] = true
			e.regions = append(e.regions, part{"region", d.Region, name})
		}
	})
	last = ""
	eachRow(fsys, "icbs.csv", "code,name", f, func(r *row) {
		code := r.text()
		rising(r, &last, code)
		e.icbs = append(e.icbs, part{"icb", code, r.text()})
	})
	slices.SortFunc(e.regions, func(a, b part) int { return strings.Compare(a.code, b.code) })
}

func (e *England) readAreas(fsys fs.FS, f *faults) {
	district := map[string]int{}
	for i := range e.districts {
		district[e.districts[i].Code] = i
	}
	icb := map[string]int{}
	for i := range e.icbs {
		icb[e.icbs[i].code] = i
	}
	residents := make([]int32, len(e.districts))
	var last string
	e.areas = make([]Area, 0, 34_000)
	const file = "areas.csv"
	before := len(f.errs)
	eachRow(fsys, file, "code,name,lad,icb,ruc,easting,northing,p00_04,p05_15,p16_24,p25_34,p35_49,p50_64,p65_74,p75_84,p85up,imd_score,imd_decile", f, func(r *row) {
		code := r.text()
		rising(r, &last, code)
		a := Area{Code: code, Name: r.text()}
		d := r.ref(district, "lads.csv")
		i := r.ref(icb, "icbs.csv")
		a.RUC = r.oneOf("UN1", "UF1", "RLN1", "RLF1", "RSN1", "RSF1")
		a.Rural = a.RUC[0] == 'R'
		a.Easting, a.Northing = r.point()
		for b := range a.ByAge {
			a.ByAge[b] = int32(r.whole(0, 100_000))
			a.Residents += a.ByAge[b]
		}
		if a.Residents == 0 {
			r.fault("at least one resident in all bands")
		}
		a.IMDScore = float32(r.number(0, 100))
		a.IMDDecile = uint8(r.whole(1, 10))
		if d < len(e.districts) && i < len(e.icbs) { // else they have a fault of their own
			a.District = uint16(d)
			a.Region = e.districts[d].Region
			a.ICB = e.icbs[i].code
			residents[d] += a.Residents
		}
		for b, n := range a.ByAge {
			e.health.AgeByDecile[a.IMDDecile-1][b] += float64(n)
		}
		e.areas = append(e.areas, a)
	})
	if n := len(e.areas); n == 0 || n >= math.MaxUint16 {
		f.add("%s: %d areas, want 1 to %d", file, n, math.MaxUint16-1)
	}
	if len(f.errs) > before {
		return // a row that could not be read is no missing resident
	}
	for d, n := range residents {
		if n != e.districts[d].Residents {
			f.add("%s: %d residents in district %s, want %d as in lads.csv", file, n, e.districts[d].Code, e.districts[d].Residents)
		}
	}
}

func (e *England) readPractices(fsys fs.FS, f *faults) {
	area := map[string]int{}
	for i := range e.areas {
		area[e.areas[i].Code] = i
	}
	var last string
	eachRow(fsys, "practices.csv", "code,name,easting,northing,list_size,lsoa", f, func(r *row) {
		code := r.text()
		rising(r, &last, code)
		p := Practice{Code: code, Name: r.optional()}
		if p.Name == "" {
			p.Name = "Practice " + p.Code // closed before names were listed
		}
		p.Easting, p.Northing = r.point()
		p.List = int32(r.whole(1, 1_000_000))
		a := r.ref(area, "areas.csv")
		if p.List < minList || p.Code == onlinePractice || a >= len(e.areas) {
			return
		}
		p.Area, p.District, p.ICB = uint16(a), e.areas[a].District, e.areas[a].ICB
		e.practices = append(e.practices, p)
	})
	if n := len(e.practices); n == 0 || n >= math.MaxUint16 {
		f.add("practices.csv: %d practices with a list of at least %d, want 1 to %d", n, minList, math.MaxUint16-1)
	}
}

// scaleLists brings the lists of each ICB to its residents: lists still hold people who have moved
// or died, 1.073 entries for each resident of England and more where people move often.
func (e *England) scaleLists() {
	residents, listed := map[string]float64{}, map[string]float64{}
	for i := range e.areas {
		residents[e.areas[i].ICB] += float64(e.areas[i].Residents)
	}
	for i := range e.practices {
		listed[e.practices[i].ICB] += float64(e.practices[i].List)
	}
	for i := range e.practices {
		p := &e.practices[i]
		p.List = int32(math.Round(float64(p.List) * (residents[p.ICB] / listed[p.ICB])))
	}
}

func (e *England) readHospitals(fsys fs.FS, f *faults) {
	trust, district, icb := map[string]int{}, map[string]int{}, map[string]int{}
	var last string
	eachRow(fsys, "trusts.csv", "code,name", f, func(r *row) {
		code := r.text()
		rising(r, &last, code)
		trust[code] = len(e.trusts)
		e.trusts = append(e.trusts, Trust{code, r.text()})
	})
	for i := range e.districts {
		district[e.districts[i].Code] = i
	}
	for i := range e.icbs {
		icb[e.icbs[i].code] = i
	}
	last = ""
	eachRow(fsys, "hospitals.csv", "code,name,trust,kind,easting,northing,beds,has_ae,icb,lad", f, func(r *row) {
		code := r.text()
		rising(r, &last, code)
		h := Hospital{Code: code, Name: r.text(), Trust: uint16(r.ref(trust, "trusts.csv"))}
		h.Kind = r.oneOf("acute", "tertiary", "elective", "specialist", "children")
		h.Easting, h.Northing = r.point()
		h.Beds = int32(r.whole(1, 10_000))
		h.HasAE = r.whole(0, 1) == 1
		if i := r.ref(icb, "icbs.csv"); i < len(e.icbs) {
			e.hospitalICB = append(e.hospitalICB, e.icbs[i].code)
		}
		h.District = uint16(r.ref(district, "lads.csv"))
		h.Lines = linesOf(h.Code, h.Kind)
		e.hospitals = append(e.hospitals, h)
	})
	for i := range e.hospitals {
		if e.hospitals[i].General() {
			return
		}
	}
	f.add("hospitals.csv: no acute site with an emergency department, want at least one")
}

func (e *England) readTravel(fsys fs.FS, f *faults) {
	const file = "travel_time_bands.csv"
	found := len(f.errs)
	eachRow(fsys, file, "origin,mean_km,min_p50", f, func(r *row) {
		name := r.oneOf(originNames[:]...)
		b := band{r.number(0, 200), r.number(0, 300)}
		for o := range originNames {
			if originNames[o] == name {
				e.travel.bands[o] = append(e.travel.bands[o], b)
			}
		}
	})
	for o, bands := range e.travel.bands {
		if len(bands) == 0 {
			f.add("%s: no bands of origin %s, want at least one", file, originNames[o])
		}
	}
	if len(f.errs) > found {
		return
	}
	if err := e.travel.setLimits(); err != nil {
		f.add("%s: %w", file, err)
	}
}

// leftOut lists registers that are no illness: people assessed before any disease, and people
// near death of whatever cause.
var leftOut = map[string]bool{"CVDPP": true, "PC": true}

func (e *England) readHealth(fsys fs.FS, f *faults) {
	age := 0
	eachRow(fsys, "life_table_uk_2017_2019.csv", "age,qx_male,qx_female", f, func(r *row) {
		if r.whole(0, 100) != age {
			r.fault("%d, each age once in order", age)
		}
		male, female := r.number(0, 1), r.number(0, 1)
		if age <= 100 {
			e.health.Death[0][age], e.health.Death[1][age] = male, female
		}
		age++
	})
	if age != 101 {
		f.add("life_table_uk_2017_2019.csv: %d ages, want 101", age)
	}

	const file = "qof_prevalence_by_imd.csv"
	index := map[string]int{}
	filled := map[string]int{} // code: a bit for each decile
	eachRow(fsys, file, "imd_decile,group_code,condition,register,list", f, func(r *row) {
		decile := r.whole(1, 10)
		code := r.text()
		if filled[code]>>decile&1 == 1 {
			r.fault("each condition once in decile %d", decile)
		}
		filled[code] |= 1 << decile
		name, from, to := ageRange(r.text())
		register := r.whole(0, 100_000_000)
		asked := r.whole(1, 100_000_000)
		if register > asked {
			r.fault("at least the register, %d", register)
		}
		if leftOut[code] {
			return
		}
		i, ok := index[code]
		if !ok {
			i = len(e.health.Conditions)
			index[code] = i
			e.health.Conditions = append(e.health.Conditions, Condition{Code: code, Name: name, FromAge: from, ToAge: to})
		}
		e.health.Conditions[i].ByDecile[decile-1] = float64(register) / float64(asked)
	})
	c := e.health.Conditions
	slices.SortFunc(c, func(a, b Condition) int { return strings.Compare(a.Code, b.Code) })
	if len(c) == 0 {
		f.add("%s: no conditions, want at least one", file)
	}
	for i := range c {
		if filled[c[i].Code] != 0b111_1111_1110 {
			f.add("%s: condition %s does not have all deciles, want 1 to 10", file, c[i].Code)
		}
	}
}

// ageRange splits the ages from a register's name: "Osteoporosis (50+)" counts people of 50 and
// over, "(30-74)" from 30 to 74; without brackets all ages.
func ageRange(text string) (name string, from, to int) {
	name, ages, found := strings.Cut(text, " (")
	if found {
		if n, _ := fmt.Sscanf(ages, "%d-%d)", &from, &to); n == 2 {
			return name, from, to
		}
		if n, _ := fmt.Sscanf(ages, "%d+)", &from); n == 1 {
			return name, from, 100
		}
	}
	return text, 0, 100
}

func (e *England) readMap(fsys fs.FS, f *faults) {
	lastOf, lastRing := "", -1
	add := func(rings []Ring, of string, ring int, x, y float64) []Ring {
		if of != lastOf || ring != lastRing {
			rings = append(rings, Ring{Of: of})
			lastOf, lastRing = of, ring
		}
		r := &rings[len(rings)-1]
		r.Points = append(r.Points, [2]float64{x, y})
		return rings
	}
	eachRow(fsys, "england-outline.csv", "ring,easting,northing", f, func(r *row) {
		ring := r.whole(0, 10_000)
		x, y := r.point()
		e.outline = add(e.outline, englandCode, ring, x, y)
	})
	icb := map[string]int{}
	for i := range e.icbs {
		icb[e.icbs[i].code] = i
	}
	lastRing = -1
	eachRow(fsys, "icb-outlines.csv", "icb,ring,easting,northing", f, func(r *row) {
		i := r.ref(icb, "icbs.csv")
		ring := r.whole(0, 10_000)
		x, y := r.point()
		if i < len(e.icbs) {
			e.icbOutlines = add(e.icbOutlines, e.icbs[i].code, ring, x, y)
		}
	})
	eachRow(fsys, "towns.csv", "name,easting,northing,population", f, func(r *row) {
		t := Town{Name: r.text()}
		t.Easting, t.Northing = r.point()
		t.Population = int32(r.whole(0, 100_000_000))
		e.towns = append(e.towns, t)
	})
	slices.SortStableFunc(e.towns, func(a, b Town) int { return cmp.Compare(b.Population, a.Population) })
}
