package live

import (
	"coexist/configs"
	"coexist/sim/place"
	"coexist/sim/tables"
)

// Catalogue is what the page needs to know before anything runs.
type Catalogue struct {
	Delivery   string         `json:"delivery"` // server or site: who runs the engine
	Version    string         `json:"version"`
	Places     []PlaceChoice  `json:"places"`
	Systems    []SystemChoice `json:"systems"`
	Questions  []Question     `json:"questions"`
	Challenges []Challenge    `json:"challenges"`
	Measures   []Explained    `json:"measures"`
	Headlines  []string       `json:"headlines"` // of the four charts
	Limits     Limits         `json:"limits"`
	Data       string         `json:"data"` // what must be shown wherever the data are
}

// PlaceChoice is a place that can be chosen.
type PlaceChoice struct {
	Name      string `json:"name"` // as --place takes it
	Label     string `json:"label"`
	About     string `json:"about"`
	Kind      string `json:"kind"` // made or real
	File      string `json:"file"` // of the static site, without folder
	Residents int    `json:"residents"`
}

// SystemChoice is a system of the debate.
type SystemChoice struct {
	Name   string           `json:"name"`
	Title  string           `json:"title"`
	About  string           `json:"about"`
	Kind   string           `json:"kind"` // system or arm
	Stands map[string]Stand `json:"stands"`
}

// Explained is a measure as the page explains it.
type Explained struct {
	Name      string `json:"name"`
	Title     string `json:"title"`
	Unit      string `json:"unit"`
	Dimension string `json:"dimension"`
	Meaning   string `json:"meaning"`
	Better    int    `json:"better"`
	Period    string `json:"period"`
}

// Limits bound the numbers of settings.
type Limits struct {
	People [2]int   `json:"people"`
	Years  [2]int   `json:"years"`
	Seed   [2]int64 `json:"seed"`
	Runs   int      `json:"runs"`
}

// made are the synthetic places of the page.
var made = []PlaceChoice{
	{Name: "synthetic:rural=0.35,practices=20,hospitals=4,districts=3", Label: "Town and country", File: "town-and-country",
		About: "Made by rule: three towns with country around them, four hospitals."},
	{Name: "synthetic:residents=150000,rural=0,practices=30,hospitals=6,districts=2", Label: "A big city", File: "city",
		About: "Made by rule: one dense city with six hospitals close together."},
	{Name: "synthetic:residents=40000,density=60,rural=0.8,practices=12,hospitals=2,districts=3", Label: "Far country", File: "far-country",
		About: "Made by rule: villages far apart, two hospitals."},
}

// NewCatalogue lists what there is. delivery is server or site.
func NewCatalogue(e *place.England, delivery, version, data string) (Catalogue, error) {
	c := Catalogue{Delivery: delivery, Version: version, Data: data, Questions: questions(), Challenges: challenges, Headlines: headlines,
		Limits: Limits{[2]int{minPeople, MaxPeople}, [2]int{minYears, maxYears}, [2]int64{0, maxSeed}, maxRuns}}
	for _, p := range made {
		spec, _, err := place.ParseSynthetic(p.Name)
		if err != nil {
			return c, err
		}
		p.Kind, p.Residents = "made", spec.Residents
		c.Places = append(c.Places, p)
	}
	for _, n := range e.Names() {
		if n.Kind == "icb" {
			c.Places = append(c.Places, PlaceChoice{Name: n.Name, Label: n.Name, Kind: "real", File: n.Code, Residents: n.Residents,
				About: "A real part of England: its homes, practices and hospitals, with simulated people."})
		}
	}
	for _, info := range configs.Builtin() {
		c.Systems = append(c.Systems, SystemChoice{info.Name, info.Title, info.About, info.Kind, stands(systems()[info.Name])})
	}
	for _, m := range tables.Measures {
		c.Measures = append(c.Measures, Explained{m.Name, m.Title, m.Unit, m.Dimension, m.Meaning, m.Better, m.Period})
	}
	return c, nil
}
