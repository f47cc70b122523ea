package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"coexist/configs"
	"coexist/sim"
	"coexist/sim/checkpoint"
	"coexist/sim/results"
)

// checkpointDir is the folder of the checkpoints within that of the result.
const checkpointDir = "checkpoints"

// addCheckpoint declares the flags of what can be gone on with.
func (o *options) addCheckpoint() {
	o.checkpoint = newValue("years", "", whole(1, 50))
	o.set.Var(&o.checkpoint, "checkpoint", "write the state to OUT/checkpoints every so many years, every year without a number; the last\ntwo of a run are kept, and a run killed at any point goes on from there (default: none is written)")
	o.set.Lookup("checkpoint").NoOptDefVal = "1"
	o.set.BoolVar(&o.resume, "resume", false, "only go on with the unfinished result in --out; refuse to begin one")
}

// addFrom declares the flag that takes up a past.
func (o *options) addFrom() {
	o.set.StringVar(&o.from, "from", "", "checkpoint at the end of a year from which the run branches in place of a warm-up; place, sample,\nseed and patients are those of the past")
}

// store is where the checkpoints of a result are.
func store(w *results.Writer, identity results.Identity) *checkpoint.Store {
	return &checkpoint.Store{Dir: filepath.Join(w.Dir(), checkpointDir), Version: version, Identity: identity.Hash()}
}

// known says whether the folder holds a result to go on with, where --resume asks for one.
func (o *options) known() error {
	if !o.resume {
		return nil
	}
	if _, err := os.Stat(filepath.Join(o.out, "manifest.json")); err != nil {
		return wrong("--resume: found no result in %s, want an unfinished one of the same command, or no --resume", o.out)
	}
	return nil
}

// openPast opens the checkpoint of --from and takes place, sample and seed from it.
func (o *options) openPast(in *inputs, f *faults) {
	past, err := checkpoint.Open(o.from)
	if err != nil {
		f.addf("--from: %v", err)
		return
	}
	if past.Version != version {
		f.addf("--from: %s: %v: found a state of coexist %s, want %s", o.from, checkpoint.ErrUnusable, past.Version, version)
	}
	if past.Week > 0 && past.Week%52 != 0 {
		f.addf("--from: %s: found week %d of year %d, want the end of a year", o.from, past.Week%52, past.Week/52+1)
	}
	if o.set.Changed("seed") && o.seed.now != past.Seed {
		f.addf("--from: found seed %d in %s, want %d as --seed says, or no --seed", past.Seed, o.from, o.seed.now)
	}
	if o.set.Changed("sample") && o.sample.err == nil && o.sample.now != past.Sample {
		f.addf("--from: found a sample of %v in %s, want %v as --sample says, or no --sample", past.Sample, o.from, o.sample.now)
	}
	for _, name := range []string{"runs", "patients", "precision"} {
		if o.set.Changed(name) {
			f.addf("--from and --%s, want one of them: a past has one future with a scenario, and its own people", name)
		}
	}
	if !o.set.Changed("place") {
		o.places = []string{past.Place}
	}
	o.seed.now, o.sample.now, o.sample.text = past.Seed, past.Sample, fmt.Sprint(past.Sample)
	in.plan.From = past
	in.settings["from"] = fmt.Sprintf("week %d of %s in %s, result %s", past.Lived, past.History, past.Scenario, past.Identity)
}

// fitPast wants the scenario to have the warm-up of the past: what may differ is who competes, who is paid
// how, and how organisations behave.
func (in *inputs) fitPast(f *faults) {
	past := in.plan.From
	for i := range in.plan.Worlds {
		if err := past.Fits(version, sim.Settings{Place: in.plan.Worlds[i].Place}); err != nil {
			f.addf("--from: %v", err)
		}
	}
	var old configs.Config
	if err := json.Unmarshal(past.World, &old); err != nil {
		f.addf("--from: %s: %v", past.Path, err)
		return
	}
	for _, c := range in.plan.Scenarios {
		now := sim.WarmUp(c)
		warm := now.Time.WarmupYears
		now.Time = old.Time
		now.Time.WarmupYears = warm
		found, wanted := valuesOf(old), valuesOf(now)
		for _, p := range configs.Parameters() {
			if a, b := written(found[p.Key]), written(wanted[p.Key]); a != b {
				f.addf("--from: found a past with %s = %s, want %s as in %s: change it by a dated reform", p.Key, a, b, c.Name)
			}
		}
	}
}

// takePast gives the world the people of the past.
func (in *inputs) takePast() {
	for i := range in.plan.Worlds {
		in.plan.Worlds[i].Tracked = in.plan.From.Tracked
	}
	in.people = in.plan.From.People
	in.settings["patients"] = fmt.Sprintf("%d as in the past", in.plan.From.Tracked)
}

// keeps prepares a plan to write checkpoints and to go on from those that are there.
func (j *job) keeps(w *results.Writer) {
	p := &j.in.plan
	p.Store = store(w, j.in.identity(j.o.csv))
	p.Every = j.o.checkpoint.now
	p.Taken = func(path string) { j.tell.say("goes on from %s", shown(path)) }
	p.Warn = func(err error) {
		if errors.Is(err, checkpoint.ErrUnusable) {
			j.tell.say("passed over: %v", err)
			return
		}
		j.tell.say("warning: %v", err)
	}
}

// tellKept names the checkpoints that stay after a run.
func (j *job) tellKept() {
	dir := filepath.Join(j.o.out, checkpointDir)
	list, err := filepath.Glob(filepath.Join(dir, "*.ckpt"))
	if err != nil || len(list) == 0 {
		os.Remove(dir) // it is empty, or stays
		return
	}
	total := int64(0)
	for _, path := range list {
		if info, err := os.Stat(path); err == nil {
			total += info.Size()
		}
	}
	slices.Sort(list)
	var names []string
	for _, path := range list {
		names = append(names, filepath.Base(path))
	}
	j.tell.say("checkpoints in %s, %s: %s; coexist run SCENARIO --from FILE goes on from one", shown(dir), size(total), strings.Join(names, ", "))
}
