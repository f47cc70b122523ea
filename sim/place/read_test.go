package place_test

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"coexist/sim/place"
)

// small returns tables of a country with two districts, two ICBs, four areas and two practices.
func small() fstest.MapFS {
	var life, qof strings.Builder
	for age := range 101 {
		fmt.Fprintf(&life, "%d,0.01,0.01\n", age)
	}
	for decile := 1; decile <= 10; decile++ {
		fmt.Fprintf(&qof, "%d,AF,Atrial fibrillation,20,1000\n%d,PC,Palliative care,5,1000\n", decile, decile)
	}
	files := map[string]string{
		"lads.csv":                    "code,name,region,region_name,pop\nD1,Northtown,R1,North,2000\nD2,Southtown,R2,South,2000\n",
		"icbs.csv":                    "code,name\nI1,Upper\nI2,Lower\n",
		"areas.csv":                   "code,name,lad,icb,ruc,easting,northing,p00_04,p05_15,p16_24,p25_34,p35_49,p50_64,p65_74,p75_84,p85up,imd_score,imd_decile\nA1,N1,D1,I1,UN1,300000,300000,100,100,100,100,200,200,100,50,50,10,8\nA2,N2,D1,I1,RLN1,302000,300000,100,100,100,100,200,200,100,50,50,20,5\nA3,S1,D2,I2,UF1,300000,290000,100,100,100,100,200,200,100,50,50,30,2\nA4,S2,D2,I2,RSF1,303000,288000,100,100,100,100,200,200,100,50,50,25,3\n",
		"practices.csv":               "code,name,easting,northing,list_size,lsoa\nP1,One,300100,300100,2100,A1\nP2,,300100,290100,2100,A3\nP3,Tiny,300100,290100,999,A3\n",
		"trusts.csv":                  "code,name\nT1,Trust\n",
		"hospitals.csv":               "code,name,trust,kind,easting,northing,beds,has_ae,icb,lad\nH1,General,T1,acute,300000,299000,10,1,I1,D1\nH2,Eyes,T1,elective,300000,291000,2,0,I2,D2\n",
		"travel_time_bands.csv":       "origin,mean_km,min_p50\nlondon,1,8\nlondon,10,25\nurban,1,8\nurban,10,20\nrural_nearer,4,13\nrural_further,4,13\n",
		"life_table_uk_2017_2019.csv": "age,qx_male,qx_female\n" + life.String(),
		"qof_prevalence_by_imd.csv":   "imd_decile,group_code,condition,register,list\n" + qof.String(),
		"england-outline.csv":         "ring,easting,northing\n0,290000,280000\n0,310000,280000\n0,310000,310000\n0,290000,280000\n",
		"icb-outlines.csv":            "icb,ring,easting,northing\nI1,0,290000,295000\nI1,0,310000,295000\nI1,0,310000,310000\nI2,0,290000,280000\n",
		"towns.csv":                   "name,easting,northing,population\nNorthtown,300000,300000,2000\nSouthtown,300000,290000,3000\n",
	}
	out := fstest.MapFS{}
	for name, text := range files {
		out[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}

// resolve reads tables and cuts a place from them.
func resolve(tables fs.FS, name string) (*place.Place, error) {
	e, err := place.Read(tables)
	if err != nil {
		return nil, err
	}
	return e.Resolve(name)
}

func TestReadSmallTables(t *testing.T) {
	p, err := resolve(small(), "england")
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	if len(p.Practices) != 2 || p.Practices[1].Name != "Practice P2" || p.Towns[0].Name != "Southtown" || len(p.Health.Conditions) != 1 {
		t.Errorf("got %+v %+v %+v, want two practices, the larger town first and one condition", p.Practices, p.Towns, p.Health.Conditions)
	}
	upper, err := resolve(small(), "Upper")
	if err != nil {
		t.Fatal(err)
	}
	if len(upper.Hospitals) != 2 || !upper.Hospitals[1].Outside || upper.Hospitals[1].District != place.NoDistrict || len(upper.Outline) != 1 || len(upper.Towns) != 1 {
		t.Errorf("Upper has %+v, want its own site and the one outside", upper.Hospitals)
	}
}

func TestReadTellsFaults(t *testing.T) {
	for _, row := range []struct{ file, old, new, want string }{
		{"areas.csv", "A2,N2,D1", "A2,N2,D7", `areas.csv:3: lad = "D7", want a code of lads.csv`},
		{"areas.csv", "A2,N2", "A1,N2", `areas.csv:3: code = "A1", want a code after A1`},
		{"areas.csv", "RLN1", "RRR1", `areas.csv:3: ruc = "RRR1", want one of UN1`},
		{"areas.csv", "50,50,20,5", "50,50,NaN,5", `areas.csv:3: imd_score = "NaN", want a number from 0 to 100`},
		{"areas.csv", "50,50,20,5", "50,50,20,11", `areas.csv:3: imd_decile = "11", want a whole number from 1 to 10`},
		{"areas.csv", "50,50,20,5", "50,50,20", `areas.csv:3: 17 fields, want 18`},
		{"areas.csv", "N2,", `N"2,`, `bare "`},
		{"areas.csv", "code,name", "name,code", `areas.csv:1: header "name,code,`},
		{"lads.csv", "R1,North,2000", "R1,North,2001", `areas.csv: 2000 residents in district D1, want 2001 as in lads.csv`},
		{"practices.csv", "2100,A1", "-1,A1", `practices.csv:2: list_size = "-1", want a whole number from 1 to 1000000`},
		{"practices.csv", "P1,One", ",One", `practices.csv:2: code = "", want some text`},
		{"practices.csv", "2100", "900", `practices.csv: 0 practices`},
		{"hospitals.csv", "acute", "big", `hospitals.csv:2: kind = "big", want one of acute`},
		{"hospitals.csv", "10,1,I1", "10,0,I1", `no acute site with an emergency department`},
		{"travel_time_bands.csv", "london,10,25", "london,1,25", `origin london: 1 km in 25 minutes after 1 km in 8, want rising bands`},
		{"travel_time_bands.csv", "rural_further,4,13\n", "", `no bands of origin rural_further`},
		{"life_table_uk_2017_2019.csv", "100,0.01,0.01\n", "", `100 ages, want 101`},
		{"qof_prevalence_by_imd.csv", "10,AF,Atrial fibrillation,20,1000\n", "", `condition AF does not have all deciles`},
		{"qof_prevalence_by_imd.csv", "AF,Atrial fibrillation,20,1000\n", "AF,Atrial fibrillation,2000,1000\n", `list = "1000", want at least the register, 2000`},
		{"icb-outlines.csv", "I2,0", "I3,0", `icb-outlines.csv:5: icb = "I3"`},
		{"towns.csv", "Southtown,300000,", "Southtown,-3,", `towns.csv:3: easting = "-3"`},
	} {
		tables := small()
		text := string(tables[row.file].Data)
		if !strings.Contains(text, row.old) {
			t.Fatalf("%s has no %q", row.file, row.old)
		}
		tables[row.file].Data = []byte(strings.ReplaceAll(text, row.old, row.new))
		if _, err := place.Read(tables); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s with %q for %q: got %v, want %s", row.file, row.new, row.old, err, row.want)
		}
	}
}

func TestReadTellsAllFaultsAtOnceUpToTwenty(t *testing.T) {
	tables := small()
	delete(tables, "towns.csv")
	tables["trusts.csv"].Data = []byte("code,name\nT1,\n")
	_, err := place.Read(tables)
	for _, want := range []string{"towns.csv: ", `trusts.csv:2: name = ""`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want also %s", err, want)
		}
	}
	text := string(tables["life_table_uk_2017_2019.csv"].Data)
	tables["life_table_uk_2017_2019.csv"].Data = []byte(strings.ReplaceAll(text, "0.01", "2"))
	_, err = place.Read(tables)
	if n := strings.Count(err.Error(), "\n"); n != 20 || !strings.Contains(err.Error(), "more faults") {
		t.Errorf("%d line ends, want 20 faults and the number of the rest: %v", n, err)
	}
}

func TestReadBrokenPack(t *testing.T) {
	tables := small()
	delete(tables, "areas.csv")
	tables["areas.csv.gz"] = &fstest.MapFile{Data: []byte("not packed")}
	if _, err := place.Read(tables); err == nil || !strings.Contains(err.Error(), "areas.csv.gz: gzip") {
		t.Errorf("got %v, want a fault of areas.csv.gz", err)
	}
}

// FuzzRead replaces one table by any bytes: Read never panics, and what it accepts can be cut
// into a place that passes its check, or be refused with an error.
func FuzzRead(f *testing.F) {
	var names []string
	for name := range small() {
		names = append(names, name)
	}
	slices.Sort(names)
	for i, name := range names {
		text := small()[name].Data
		f.Add(uint8(i), text)
		f.Add(uint8(i), text[:len(text)/2])
		f.Add(uint8(i), []byte(strings.ReplaceAll(string(text), ",", "\",")))
		f.Add(uint8(i), []byte(strings.ReplaceAll(string(text), "1", "9")))
		f.Add(uint8(i), []byte(strings.ReplaceAll(string(text), "300", "")))
	}
	f.Fuzz(func(t *testing.T, table uint8, text []byte) {
		tables := small()
		tables[names[int(table)%len(names)]].Data = text
		e, err := place.Read(fs.FS(tables))
		if err != nil {
			return
		}
		scope := []string{"England", "I1", "D2"}[len(text)%3]
		p, err := e.Cut(scope)
		if err != nil {
			return
		}
		if err := p.Check(); err != nil {
			t.Errorf("%s: %v", scope, err)
		}
	})
}

// FuzzSynthetic: a name of a synthetic region is refused with its faults, or its code names the same region.
func FuzzSynthetic(f *testing.F) {
	for _, text := range []string{"synthetic", "synthetic:", "synthetic:residents=60000,density=434,rural=0.16,practices=6,hospitals=4,trusts=2,districts=2,seed=1",
		" SYNTHETIC : Residents = 1000 , trusts=1,hospitals=+3", "synthetic:seed=18446744073709551615,rural=-0", "synthetic:seed=1,seed=2", "synthetic:residents=1e4,=,x", "Devon"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		spec, ok, err := place.ParseSynthetic(text)
		if !ok || err != nil {
			return
		}
		if err := spec.Check(); err != nil {
			t.Fatalf("%q is accepted: %v", text, err)
		}
		again, ok, err := place.ParseSynthetic(spec.Code())
		if !ok || err != nil || again.Code() != spec.Code() || again != spec {
			t.Fatalf("%q is %+v, and its code %s %+v, %v", text, spec, spec.Code(), again, err)
		}
	})
}
