// Package configs holds the parameters of a run: plain structs, one file a submodel of
// docs/ODD.md section 7, filled from parameters.toml (unit, range, default, source and meaning of
// each), then from a scenario and what it extends, then from --set. It knows nothing of the model.
//
// A scenario is read by its name or from a file, and may be changed in Go. All faults come at once:
//
//	c, err := configs.Read("airline", configs.Options{Set: []string{"regime.system_count=2"}})
//	c.Time.Years = 5
//	err = c.Check()
//
// Default is the status quo, Builtin lists what there is, Explain tells what a parameter means, its
// unit, range and source.
package configs

// Config is one resolved scenario. Its zero value is not valid: take Default or Read.
type Config struct {
	Name        string      `toml:"name"`  // short name, used in tables and file names
	Title       string      `toml:"title"` // plain name for figures
	About       string      `toml:"about"` // who pays whom, who decides what, what patients may choose
	Regime      Regime      `toml:"regime"`
	Contracts   []Contract  `toml:"contract"`
	Time        Time        `toml:"time"`
	People      People      `toml:"people"`
	Health      Health      `toml:"health"`
	Contact     Contact     `toml:"contact"`
	Choice      Choice      `toml:"choice"`
	Enrolment   Enrolment   `toml:"enrolment"`
	Integration Integration `toml:"integration"`
	Treatment   Treatment   `toml:"treatment"`
	Beds        Beds        `toml:"beds"`
	Payment     Payment     `toml:"payment"`
	MakeOrBuy   MakeOrBuy   `toml:"make_or_buy"`
	Effort      Effort      `toml:"effort"`
	Selection   Selection   `toml:"selection"`
	Market      Market      `toml:"market"`
	Labour      Labour      `toml:"labour"`
	Costs       Costs       `toml:"costs"`
	Measures    Measures    `toml:"measures"`
	Reforms     []Reform    `toml:"reform"`
}

// Reform changes values at a date: any parameter outside time, people and measures, and the contracts.
// WithReforms applies it.
type Reform struct {
	When string         `toml:"when"` // year and month, such as 2013-04; model years begin in April
	Set  map[string]any `toml:"set"`  // section.key = value, of the types of Parameter.Default; contract = []Contract
}

// Time says how long a run lasts.
type Time struct {
	Start       string `toml:"start"`        // first month reported, yyyy-mm; always April
	Years       int64  `toml:"years"`        // years reported
	WarmupYears int64  `toml:"warmup_years"` // years of status quo before, not reported
}

// People is how the population changes.
type People struct {
	Births float64 `toml:"births"` // per 1,000 people and year
	Growth float64 `toml:"growth"` // net, per 1,000 people and year; the rest are arrivals
	Moves  float64 `toml:"moves"`  // home moves within the place, per 1,000 people and year
}
