package place

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Spec describes a synthetic region: a square country with one town for each district, for
// teaching and tests.
type Spec struct {
	Name          string
	Residents     int     // 1,000 to 5,000,000
	DensityPerKm2 float64 // residents per km² over the whole region, 10 to 20,000
	RuralShare    float64 // part of the areas that lie in the country, 0 to 1
	Practices     int     // 1 to Residents/500
	Hospitals     int     // acute sites with an emergency department, 1 to 200
	Trusts        int     // owners, 1 to Hospitals
	Districts     int     // 1 to 50
	Seed          uint64  // of positions, ages and deprivation; any
}

// syntheticResidents is the size of the region that `--place synthetic` means.
const syntheticResidents = 60_000

// DefaultSpec returns a region of the given size with England's density, rurality and residents
// per practice, and enough hospitals and districts for some choice.
func DefaultSpec(residents int) Spec {
	hospitals := max(3, residents/325_000)
	return Spec{
		Name:          "Synthetic region",
		Residents:     residents,
		DensityPerKm2: 434,
		RuralShare:    .16,
		Practices:     max(1, residents/8_600),
		Hospitals:     hospitals,
		Trusts:        hospitals,
		Districts:     min(max(2, residents/190_000), 50),
		Seed:          1,
	}
}

// syntheticPrefix begins the name of a synthetic region.
const syntheticPrefix = "synthetic"

// settings lists what follows the prefix, as key=value with commas between.
var settings = []struct {
	key string
	set func(*Spec, string) error
	get func(*Spec) string
}{
	{"residents", func(s *Spec, v string) error { return whole(v, &s.Residents) }, func(s *Spec) string { return strconv.Itoa(s.Residents) }},
	{"density", func(s *Spec, v string) error { return number(v, &s.DensityPerKm2) }, func(s *Spec) string { return strconv.FormatFloat(s.DensityPerKm2, 'g', -1, 64) }},
	{"rural", func(s *Spec, v string) error { return number(v, &s.RuralShare) }, func(s *Spec) string { return strconv.FormatFloat(s.RuralShare, 'g', -1, 64) }},
	{"practices", func(s *Spec, v string) error { return whole(v, &s.Practices) }, func(s *Spec) string { return strconv.Itoa(s.Practices) }},
	{"hospitals", func(s *Spec, v string) error { return whole(v, &s.Hospitals) }, func(s *Spec) string { return strconv.Itoa(s.Hospitals) }},
	{"trusts", func(s *Spec, v string) error { return whole(v, &s.Trusts) }, func(s *Spec) string { return strconv.Itoa(s.Trusts) }},
	{"districts", func(s *Spec, v string) error { return whole(v, &s.Districts) }, func(s *Spec) string { return strconv.Itoa(s.Districts) }},
	{"seed", func(s *Spec, v string) (err error) {
		s.Seed, err = strconv.ParseUint(v, 10, 64)
		return err
	}, func(s *Spec) string { return strconv.FormatUint(s.Seed, 10) }},
}

func whole(text string, to *int) (err error) {
	*to, err = strconv.Atoi(text)
	return err
}

func number(text string, to *float64) (err error) {
	*to, err = strconv.ParseFloat(text, 64)
	return err
}

// ParseSynthetic reads the name of a synthetic region: "synthetic", or with settings
// "synthetic:residents=60000,density=434,rural=0.16,practices=6,hospitals=4,trusts=2,districts=2,seed=1"
// in any order and choice. What is not given follows from residents (see DefaultSpec); trusts
// follow hospitals. ok is false for any other name. All faults of the settings come at once.
func ParseSynthetic(text string) (spec Spec, ok bool, err error) {
	name, list, some := strings.Cut(strings.TrimSpace(text), ":")
	if !strings.EqualFold(strings.TrimSpace(name), syntheticPrefix) {
		return Spec{}, false, nil
	}
	given := map[string]string{}
	var f faults
	if some {
		for _, item := range strings.Split(list, ",") {
			key, value, _ := strings.Cut(item, "=")
			key, value = strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(value)
			if _, twice := given[key]; twice {
				f.add("%s: %s is given twice, want it once", syntheticPrefix, key)
			}
			given[key] = value
		}
	}
	spec = DefaultSpec(syntheticResidents)
	for pass, known := 0, 0; pass < 2; pass++ { // residents first, for others follow from them
		for i, s := range settings {
			value, is := given[s.key]
			if !is || (i == 0) != (pass == 0) {
				continue
			}
			known++
			if err := s.set(&spec, value); err != nil {
				f.add("%s: %s = %s, want a number", syntheticPrefix, s.key, clip(value))
			}
		}
		if pass == 0 {
			spec = DefaultSpec(spec.Residents)
			if v, err := strconv.Atoi(given["hospitals"]); err == nil {
				spec.Trusts = v
			}
		} else if known < len(given) {
			f.addUnknown(given)
		}
	}
	if err := f.err(); err != nil {
		return Spec{}, true, err
	}
	return spec, true, spec.check()
}

// addUnknown notes the keys that are no settings, in order.
func (f *faults) addUnknown(given map[string]string) {
	var known []part
	var unknown []string
	for _, s := range settings {
		known = append(known, part{name: s.key, code: s.key})
	}
	for key := range given {
		if !slices.ContainsFunc(known, func(p part) bool { return p.name == key }) {
			unknown = append(unknown, key)
		}
	}
	slices.Sort(unknown)
	for _, key := range unknown {
		f.add("%s: unknown setting %s, want key=value such as %s", syntheticPrefix, clip(key), nearestName(key, known))
	}
}

// Code returns the name by which ParseSynthetic finds the same region; only what differs from
// the default is named.
func (s Spec) Code() string {
	usual := DefaultSpec(s.Residents)
	usual.Trusts = s.Hospitals
	var items []string
	for i, set := range settings {
		value := set.get(&s)
		if i == 0 && s.Residents != syntheticResidents || i > 0 && value != set.get(&usual) {
			items = append(items, set.key+"="+value)
		}
	}
	if items == nil {
		return syntheticPrefix
	}
	return syntheticPrefix + ":" + strings.Join(items, ",")
}

// check returns all settings that are out of range.
func (s Spec) check() error {
	var f faults
	count := func(key string, got, low, high int) {
		if got < low || got > high {
			f.add("%s: %s = %d, want %d to %d", syntheticPrefix, key, got, low, high)
		}
	}
	real := func(key string, got, low, high float64) {
		if !(got >= low && got <= high) { // so that NaN fails
			f.add("%s: %s = %g, want %g to %g", syntheticPrefix, key, got, low, high)
		}
	}
	count("residents", s.Residents, 1_000, 5_000_000)
	real("density", s.DensityPerKm2, 10, 20_000)
	real("rural", s.RuralShare, 0, 1)
	count("practices", s.Practices, 1, max(1, s.Residents/500))
	count("hospitals", s.Hospitals, 1, 200)
	count("trusts", s.Trusts, 1, max(1, s.Hospitals))
	count("districts", s.Districts, 1, 50)
	return f.err()
}

// What a synthetic region is made of. Assumptions, near the middle of England's.
const (
	areaResidents  = 1_650  // in one area; fewer in regions too small for fewestAreas
	fewestAreas    = 60     // fewer only where an area would have fewer than leastResidents
	leastResidents = 150    // in one area
	townDensity    = 4_000. // residents per km² in a town
	bedsPer1000    = 1.76   // general and acute beds per 1,000 residents, as in England
	southWest      = 100e3  // easting and northing of the south-western corner in m
)

// What the draws of a synthetic region are for; the numbers are part of their addresses.
const (
	drawEast = iota
	drawNorth
	drawDecile
	drawDecile2
	drawClass
	drawList
	drawBeds
	drawTown
)

// draw returns a number in [0, 1) addressed by seed, purpose and index (SplitMix64).
func (s *Spec) draw(purpose, i int) float64 {
	z := s.Seed*0x9E3779B97F4A7C15 + uint64(purpose)<<40 + uint64(i) + 1
	for range 2 {
		z += 0x9E3779B97F4A7C15
		z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
		z = (z ^ z>>27) * 0x94D049BB133111EB
		z ^= z >> 31
	}
	return float64(z>>11) / (1 << 53)
}

// Synthetic makes a region by rule: the same spec gives the same place. The region is a square cut
// into districts, each with a square town; people live in towns or, by RuralShare, anywhere in
// their district, older there and less deprived. Illness, death, ages by deprivation and travel
// times are England's.
func (e *England) Synthetic(spec Spec) (*Place, error) {
	p, err := e.draftSynthetic(spec)
	if err != nil {
		return nil, err
	}
	return p.finish(&e.travel)
}

func (e *England) draftSynthetic(spec Spec) (*Place, error) {
	if err := spec.check(); err != nil {
		return nil, err
	}
	p := &Place{Code: spec.Code(), Name: spec.Name, Health: e.health, Synthetic: true}
	p.Health.Conditions = slices.Clone(e.health.Conditions)

	side := 1000 * math.Sqrt(float64(spec.Residents)/spec.DensityPerKm2) // m
	cells := layOut(spec.Districts, side)
	perArea := min(areaResidents, max(leastResidents, spec.Residents/fewestAreas))
	areas := max(spec.Districts, spec.Residents/perArea)
	towns := make([]cell, spec.Districts)
	for d, c := range cells {
		p.Districts = append(p.Districts, District{Code: fmt.Sprintf("D%02d", d+1), Name: fmt.Sprintf("District %d", d+1), Region: "SYN"})
		urban := float64(spec.Residents) / float64(spec.Districts) * (1 - spec.RuralShare)
		half := min(500*math.Sqrt(urban/townDensity), .45*c.width, .45*c.height)
		x := c.x + float64(c.width*float64(.5+float64((spec.draw(drawTown, 2*d)-.5)*.1)))
		y := c.y + float64(c.height*float64(.5+float64((spec.draw(drawTown, 2*d+1)-.5)*.1)))
		towns[d] = cell{x - half, y - half, 2 * half, 2 * half}
		p.Towns = append(p.Towns, Town{Name: fmt.Sprintf("Town %d", d+1), Easting: math.Round(x), Northing: math.Round(y), Population: int32(urban)})
	}
	score := e.meanScores()
	for i := range areas {
		d := i * spec.Districts / areas
		a := Area{
			Code: fmt.Sprintf("X%05d", i+1), Name: fmt.Sprintf("Area %d", i+1), District: uint16(d),
			ICB: "SYN", Region: "SYN", RUC: "UN1",
			Residents: int32((i+1)*spec.Residents/areas - i*spec.Residents/areas),
		}
		home := towns[d]
		decile := spec.draw(drawDecile, i)
		a.Rural = math.Floor(float64(i+1)*spec.RuralShare) > math.Floor(float64(i)*spec.RuralShare)
		if a.Rural {
			home = cells[d]
			decile = max(decile, spec.draw(drawDecile2, i))
			a.RUC = []string{"RLN1", "RSF1"}[int(2*spec.draw(drawClass, i))]
		}
		a.Easting, a.Northing = home.at(spec.draw(drawEast, i), spec.draw(drawNorth, i))
		a.IMDDecile = 1 + uint8(10*decile)
		a.IMDScore = score[a.IMDDecile-1]
		a.ByAge = ages(a.Residents, &p.Health.AgeByDecile[a.IMDDecile-1], a.Rural)
		p.Districts[d].Residents += a.Residents
		p.Areas = append(p.Areas, a)
	}
	for q := range spec.Practices {
		i := (2*q + 1) * areas / (2 * spec.Practices)
		a := &p.Areas[i]
		p.Practices = append(p.Practices, Practice{
			Code: fmt.Sprintf("P%04d", q+1), Name: fmt.Sprintf("Practice %d", q+1),
			Easting: a.Easting, Northing: a.Northing, Area: uint16(i), District: a.District, ICB: a.ICB,
			List: int32(1_000_000 * (.5 + spec.draw(drawList, q))), // scaled to the residents by register
		})
	}
	for t := range spec.Trusts {
		p.Trusts = append(p.Trusts, Trust{fmt.Sprintf("T%03d", t+1), fmt.Sprintf("Trust %d", t+1)})
	}
	weights := make([]float64, spec.Hospitals)
	sum := 0.0
	for h := range weights {
		weights[h] = 1 + spec.draw(drawBeds, h)
		sum += weights[h]
	}
	for h := range spec.Hospitals {
		d := h * spec.Districts / spec.Hospitals
		beds := float64(spec.Residents) / 1000 * bedsPer1000 * weights[h] / sum
		site := Hospital{
			Code: fmt.Sprintf("H%03d", h+1), Name: fmt.Sprintf("Hospital %d", h+1), Trust: uint16(h * spec.Trusts / spec.Hospitals),
			Kind: "acute", Beds: int32(max(1, math.Round(beds))), HasAE: true, Lines: allLines, InsideShare: 1, District: uint16(d),
		}
		site.Easting, site.Northing = towns[d].at(spec.draw(drawEast, areas+h), spec.draw(drawNorth, areas+h))
		p.Hospitals = append(p.Hospitals, site)
	}
	slices.SortStableFunc(p.Towns, func(a, b Town) int { return int(b.Population - a.Population) })
	east := math.Round(southWest + side)
	p.Outline = []Ring{{Of: p.Code, Points: [][2]float64{{southWest, southWest}, {east, southWest}, {east, east}, {southWest, east}, {southWest, southWest}}}}
	return p, nil
}

// cell is a rectangle by its south-western corner, in m.
type cell struct{ x, y, width, height float64 }

// at returns a point of the cell, in whole metres, from two numbers in [0, 1).
func (c cell) at(u, v float64) (easting, northing float64) {
	return math.Round(c.x + float64(u*c.width)), math.Round(c.y + float64(v*c.height))
}

// layOut cuts a square into n cells of the same area: rows of as many, or one more.
func layOut(n int, side float64) []cell {
	rows := int(math.Sqrt(float64(n)))
	var cells []cell
	y := southWest
	for r := range rows {
		columns := (r+1)*n/rows - r*n/rows
		height := side * float64(columns) / float64(n)
		for c := range columns {
			width := side / float64(columns)
			cells = append(cells, cell{southWest + float64(width*float64(c)), y, width, height})
		}
		y += float64(height)
	}
	return cells
}

// ages splits residents over the age bands as in England at the same deprivation; in the country
// people of 65 and over weigh a third more and those of 16 to 34 a third less (assumption).
func ages(residents int32, usual *[Ages]float64, rural bool) (byAge [Ages]int32) {
	weight := *usual
	if rural {
		for b := range weight {
			switch {
			case AgeFrom[b] >= 65:
				weight[b] *= 4. / 3
			case AgeFrom[b] >= 16 && AgeFrom[b] < 35:
				weight[b] *= 2. / 3
			}
		}
	}
	all := 0.0
	for _, w := range weight {
		all += float64(w)
	}
	below, last := 0.0, int32(0)
	for b, w := range weight {
		below += float64(w)
		to := int32(math.Round(float64(residents) * (below / all)))
		byAge[b], last = to-last, to
	}
	return byAge
}

// meanScores returns the mean IMD score of England's areas by decile.
func (e *England) meanScores() (mean [10]float32) {
	var sum, n [10]float64
	for i := range e.areas {
		d := e.areas[i].IMDDecile - 1
		sum[d] += float64(e.areas[i].IMDScore)
		n[d]++
	}
	for d := range mean {
		if n[d] > 0 {
			mean[d] = float32(sum[d] / n[d])
		}
	}
	return mean
}
