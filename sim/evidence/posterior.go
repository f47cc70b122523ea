package evidence

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

//go:embed posterior.csv
var posteriorFile string

// Posterior is the sample of parameter sets that fit the rows for calibration about as well as the
// defaults do: keys, and a set a row in their order. Parameters that no data identify are drawn from
// their priors. coexist calibrate made it (docs/validation.md). The caller may change it.
func Posterior() (keys []string, sets [][]float64) {
	p := readPosterior()
	keys = append(keys, p.keys...)
	for _, s := range p.sets {
		sets = append(sets, append([]float64(nil), s...))
	}
	return keys, sets
}

// PosteriorSet is a set of the posterior as key=value, for --set and configs.Options; n is taken
// modulo the size of the sample, so that run after run draws another.
func PosteriorSet(n int) []string {
	p := readPosterior()
	var sets []string
	for i, k := range p.keys {
		sets = append(sets, k+"="+decimal(p.sets[n%len(p.sets)][i]))
	}
	return sets
}

type posterior struct {
	keys []string
	sets [][]float64
}

var readPosterior = sync.OnceValue(func() posterior {
	p, err := parsePosterior(posteriorFile)
	if err != nil {
		panic("evidence: posterior.csv: " + err.Error()) // the tests of this package rule it out
	}
	return p
})

func parsePosterior(text string) (p posterior, err error) {
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		return p, err
	}
	if len(rows) < 2 {
		return p, fmt.Errorf("%d lines, want keys and sets", len(rows))
	}
	p.keys = rows[0]
	for i, row := range rows[1:] {
		set := make([]float64, len(row))
		for k, s := range row {
			if set[k], err = strconv.ParseFloat(s, 64); err != nil {
				return p, fmt.Errorf("line %d: %q is no number", i+2, s)
			}
		}
		p.sets = append(p.sets, set)
	}
	return p, nil
}
