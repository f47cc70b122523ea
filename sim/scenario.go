package sim

import (
	"fmt"

	"coexist/configs"
)

// WarmUp is the status quo in the world of a scenario: who pays whom, who decides and how hard, and
// who may enter are those of the status quo; people, illness, tastes, technique and prices are the
// scenario's own. Presets differ in the former alone, so they share one warm-up.
func WarmUp(c configs.Config) configs.Config {
	w := c.Clone()
	quo := configs.Default()
	w.Name, w.Title, w.About = quo.Name, quo.Title, quo.About
	w.Regime, w.Contracts, w.Reforms = quo.Regime, quo.Contracts, nil
	w.MakeOrBuy, w.Effort, w.Selection, w.Market = quo.MakeOrBuy, quo.Effort, quo.Selection, quo.Market
	return w
}

// Change is a scenario as it stands from a week on.
type Change struct {
	Week   int64 // since the regime began
	Config configs.Config
}

// Calendar lists how a scenario stands at its start and after each dated reform within the run, in
// order of weeks; the first entry is of week 0.
func Calendar(c configs.Config) ([]Change, error) {
	first, err := c.WithReforms(c.Time.Start)
	if err != nil {
		return nil, err
	}
	list := []Change{{0, first}}
	for _, month := range c.ReformMonths() {
		week, err := weekOf(c.Time.Start, month)
		if err != nil {
			return nil, err
		}
		if month <= c.Time.Start || week >= 52*c.Time.Years {
			continue
		}
		then, err := c.WithReforms(month)
		if err != nil {
			return nil, err
		}
		list = append(list, Change{week, then})
	}
	return list, nil
}

// weekOf is the first week of a month, counted from the start of a run: a model year begins in April
// and has 52 weeks.
func weekOf(start, month string) (int64, error) {
	y0, m0, err := configs.YearMonth(start)
	if err != nil {
		return 0, fmt.Errorf("time.start = %q: %w", start, err)
	}
	y, m, err := configs.YearMonth(month)
	if err != nil {
		return 0, fmt.Errorf("reform.when = %q: %w", month, err)
	}
	months := 12*(y-y0) + m - m0
	return int64(months/12*52 + months%12*52/12), nil
}
