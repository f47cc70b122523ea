package experiment

import "coexist/configs"

// Dated is a scenario as it stands from a week on.
type Dated struct {
	Week   int64 // since the regime began
	Config configs.Config
}

// Calendar lists how a scenario stands at its start and after each dated reform within the run, in
// order of weeks.
func Calendar(c configs.Config) ([]Dated, error) {
	list, err := calendar(c)
	dated := make([]Dated, len(list))
	for i, x := range list {
		dated[i] = Dated{x.week, x.config}
	}
	return dated, err
}
