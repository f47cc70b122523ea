package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"coexist/configs"
	"coexist/sim/evidence"
	"coexist/sim/experiment"
	"coexist/sim/place"
	"coexist/sim/place/england"
	"coexist/sim/results"
)

const (
	usualSample = 1.0 / 40
	usualPeople = 100_000 // over all places, at least, where the sample is not given
	// agreeing is the smallest sample whose results agree with those of everyone (docs/validation.md).
	agreeing = 1.0 / 40
)

// inputs are the options of a verb that runs, resolved.
type inputs struct {
	plan     experiment.Plan
	england  *place.England
	people   int64 // residents simulated, summed over places, about
	warnings []string
	settings map[string]string // all else that moves a byte of the result
}

// resolve reads scenarios and places and checks all of them and the flags; the error holds every
// fault. reference is the one of the scenarios that the others are compared with; empty: none.
func (o *options) resolve(scenarios []string, reference string) (*inputs, error) {
	var f faults
	o.check(&f)
	in := &inputs{settings: map[string]string{}}
	if o.from != "" {
		o.openPast(in, &f)
	}
	o.readScenarios(in, scenarios, reference, &f)
	o.readPlaces(in, &f)
	if in.plan.From != nil {
		in.fitPast(&f)
	}
	if len(f.list) > 0 {
		f.add(o.taken()) // what opening the folder would tell
		return nil, f.err()
	}
	p := &in.plan
	p.Seed, p.Runs, p.Precision, p.Workers = o.seed.now, int(o.runs.now), o.precision.now, int(o.workers.now)
	o.sampleOf(in)
	in.warnings = append(in.warnings, fewerSystems(p.Worlds, p.Scenarios)...)
	if o.posterior {
		in.draw()
	}
	if f.add(p.Check()); len(f.list) > 0 {
		f.add(o.taken())
		return nil, f.err()
	}
	o.share(in)
	in.describe(o)
	if p.From != nil {
		in.takePast()
	}
	return in, nil
}

// readScenarios reads the scenarios with what --set and --years change.
func (o *options) readScenarios(in *inputs, names []string, reference string, f *faults) {
	sets := withYears(o.sets, &o.years, f)
	for _, name := range names {
		c, err := configs.Read(name, configs.Options{Set: sets})
		if err != nil {
			f.add(err)
			continue
		}
		in.plan.Scenarios = append(in.plan.Scenarios, c)
		if name == reference {
			in.plan.Reference = c.Name
		}
		for _, note := range c.Notes() {
			in.warnings = append(in.warnings, c.Name+": "+note)
		}
	}
}

// withYears adds what --years says to what --set says. That both say how long a run is, is a fault.
func withYears(sets []string, years *value[int64], f *faults) []string {
	if years.text == "" || years.err != nil {
		return sets
	}
	for _, s := range sets {
		if key, _, _ := strings.Cut(s, "="); strings.TrimSpace(key) == "time.years" {
			f.addf("--years and --set %s say both how long a run is, want one of them", s)
			return sets
		}
	}
	return slices.Concat(sets, []string{"time.years=" + strconv.FormatInt(years.now, 10)})
}

// readPlaces resolves the places. A synthetic region is called by its settings, so that two differ.
func (o *options) readPlaces(in *inputs, f *faults) {
	var err error
	if in.england, err = place.Read(england.FS()); err != nil {
		f.add(err)
		return
	}
	for _, name := range o.places {
		p, err := in.england.Resolve(name)
		if err != nil {
			f.addf("--place: %v", err)
			continue
		}
		if len(p.Practices) == 0 || len(p.Hospitals) == 0 {
			f.addf("--place %s has %d practices and %d hospitals, want at least one of each: join it with a neighbour, A+B", name, len(p.Practices), len(p.Hospitals))
			continue
		}
		w := experiment.World{Name: worldName(p), Place: p}
		in.plan.Worlds = append(in.plan.Worlds, w)
	}
}

// worldName is the name of a place in rows and reports.
func worldName(p *place.Place) string {
	if p.Synthetic {
		return p.Code
	}
	return p.Name
}

// residents counts the people of a place.
func residents(p *place.Place) int64 {
	n := int64(0)
	for i := range p.Areas {
		n += int64(p.Areas[i].Residents)
	}
	return n
}

// sampleOf chooses the sample, if it is not given, and warns where it is too small to trust.
func (o *options) sampleOf(in *inputs) {
	total := int64(0)
	for _, w := range in.plan.Worlds {
		total += residents(w.Place)
	}
	sample := o.sample.now
	if o.sample.text == "" {
		sample = min(max(usualSample, usualPeople/float64(total)), 1)
	}
	in.plan.Sample, in.people = sample, int64(sample*float64(total)+.5)
	if sample < agreeing {
		in.warnings = append(in.warnings, fmt.Sprintf("a sample of 1 in %.4g is smaller than 1 in %.4g, the smallest whose results agree with those of everyone: read them as an exercise", 1/sample, 1/agreeing))
	}
}

// share divides the people of the patients table among the places by their residents.
func (o *options) share(in *inputs) {
	for i := range in.plan.Worlds {
		w := &in.plan.Worlds[i]
		there := float64(residents(w.Place)) * in.plan.Sample
		if o.patients.now == all {
			w.Tracked = 2*int64(there) + 1 // more than there will be: everyone
			continue
		}
		w.Tracked = int64(float64(o.patients.now)*there/float64(max(in.people, 1)) + .5)
	}
}

// draw lets each run draw its parameters from the posterior.
func (in *inputs) draw() {
	in.plan.Draw = evidence.Drawn
	in.settings[drawnFrom] = evidence.PosteriorName()
}

// drawnFrom is the setting that names the sample from which each run drew its parameters, and drawsFile
// the table of what it drew.
const (
	drawnFrom = "posterior"
	drawsFile = "posterior.csv"
)

// describe notes what else the bytes of the result depend on.
func (in *inputs) describe(o *options) {
	in.settings["patients"] = strconv.FormatInt(o.patients.now, 10)
	if o.patients.now == all {
		in.settings["patients"] = "all"
	}
	if o.precision.now > 0 {
		in.settings["precision"] = strconv.FormatFloat(o.precision.now, 'g', -1, 64)
	}
	if len(o.sets) > 0 {
		in.settings["set"] = strings.Join(o.sets, " ")
	}
	if in.plan.Reference != "" {
		in.settings["reference"] = in.plan.Reference
	}
	for _, w := range in.plan.Worlds {
		in.settings["place "+w.Name] = w.Place.Code
	}
}

// identity is what the bytes of the result depend on.
func (in *inputs) identity(csv bool) results.Identity {
	p := &in.plan
	id := results.Identity{Version: version, ConfigHashes: map[string]string{}, PlaceHashes: map[string]string{},
		Runs: p.Runs, Sample: p.Sample, Years: p.Years(), Settings: in.settings, CSV: csv}
	for _, c := range p.Scenarios {
		id.Scenarios = append(id.Scenarios, c.Name)
		id.ConfigHashes[c.Name] = c.Hash()
	}
	for _, w := range p.Worlds {
		id.Places = append(id.Places, w.Name)
		id.PlaceHashes[w.Name] = w.Place.Hash()
	}
	for r := range p.Runs {
		id.Seeds = append(id.Seeds, p.Seed+int64(r))
	}
	return id
}
