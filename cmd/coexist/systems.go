package main

import (
	"fmt"
	"slices"
	"strings"

	"coexist/configs"
	"coexist/sim"
	"coexist/sim/experiment"
)

// fewerSystems says where fewer systems form than scenarios ask for: two numbers of them are then the same
// run. Scenarios of one place and number are told together.
func fewerSystems(worlds []experiment.World, scenarios []configs.Config) []string {
	type gap struct {
		place, around  string
		wanted, formed int
	}
	var gaps []gap
	names := map[gap][]string{}
	for _, w := range worlds {
		for _, c := range scenarios {
			changes, err := sim.Calendar(c)
			if err != nil {
				continue // what checks the scenario tells it
			}
			for _, x := range changes {
				r := x.Config.Regime
				g := gap{w.Name, r.Systems, int(r.SystemCount), sim.SystemsFormed(w.Place, r)}
				if g.formed == g.wanted || slices.Contains(names[g], c.Name) {
					continue
				}
				if names[g] == nil {
					gaps = append(gaps, g)
				}
				names[g] = append(names[g], c.Name)
			}
		}
	}
	var list []string
	for _, g := range gaps {
		around := many(g.formed, "district")
		if g.around == "trusts" {
			around = many(g.formed, "trust") + " with an emergency department"
		}
		list = append(list, fmt.Sprintf("%d systems wanted in %s, which has %s: %d formed (%s)", g.wanted, g.place, around, g.formed, several(names[g])))
	}
	return list
}

// several lists names, the first three and how many more.
func several(names []string) string {
	if len(names) <= 4 {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:3], ", "), len(names)-3)
}

// regimesOf are the scenarios of an experiment with each number and kind of system that a row of its design
// gives them.
func regimesOf(e configs.Experiment, d *experiment.Design) []configs.Config {
	list := e.Scenarios
	for i, a := range d.Axes {
		if a.Name != "regime.system_count" && a.Name != "regime.systems" {
			continue
		}
		var values []string
		for _, p := range d.Points {
			if !slices.Contains(values, p[i]) {
				values = append(values, p[i])
			}
		}
		var now []configs.Config
		for _, c := range list {
			for _, v := range values {
				if set, err := c.With(a.Name + "=" + v); err == nil {
					now = append(now, set)
				}
			}
		}
		list = now
	}
	return list
}
