package evidence

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"hash/crc32"
	"slices"
	"strconv"
	"strings"
	"sync"

	"coexist/configs"
)

//go:embed posterior.csv
var posteriorFile string

// PosteriorCSV is the sample of parameter sets that fit the rows for calibration about as well as the
// defaults do, as a table: keys, and a set a line. Parameters that no data identify are drawn from
// their priors. coexist calibrate made it (docs/validation.md).
func PosteriorCSV() string { return posteriorFile }

// posteriorSet is which set of the posterior, from 1, a seed draws: seed 1 the first, and after the last
// the first again.
func posteriorSet(seed int64) int {
	n := int64(len(readPosterior().sets))
	return int(((seed-1)%n+n)%n) + 1
}

// Drawn returns a scenario with the set of the posterior that its seed draws. A parameter to which the
// scenario, or --set, gives another value than the default keeps it: what defines an arm is not drawn.
func Drawn(c configs.Config, seed int64) (configs.Config, error) {
	p := readPosterior()
	own := c.Changed()
	var sets []string
	for i, k := range p.keys {
		if !slices.Contains(own, k) {
			sets = append(sets, k+"="+decimal(p.sets[posteriorSet(seed)-1][i]))
		}
	}
	return c.With(sets...)
}

// PosteriorName names the sample by its size and content, for the identity of results drawn from it.
func PosteriorName() string {
	return fmt.Sprintf("%d sets, CRC-32C %08x", len(readPosterior().sets), crc32.Checksum([]byte(posteriorFile), crc32.MakeTable(crc32.Castagnoli)))
}

// DrawsCSV is a table of what some seeds draw: seed, set and its values, a row a seed.
func DrawsCSV(seeds []int64) []byte {
	p := readPosterior()
	b := []byte("seed,set," + strings.Join(p.keys, ",") + "\n")
	for _, seed := range seeds {
		b = fmt.Appendf(b, "%d,%d", seed, posteriorSet(seed))
		for _, v := range p.sets[posteriorSet(seed)-1] {
			b = append(append(b, ','), decimal(v)...)
		}
		b = append(b, '\n')
	}
	return b
}

// posterior is the sample as it is read: keys, and a set a row in their order.
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
