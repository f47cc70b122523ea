package evidence

import (
	"fmt"

	"coexist/configs"
)

// years is how long scenarios are run: five years of growth need six.
const years = 6

// Scenario reads a scenario of the rows, with key=value on top.
func Scenario(name string, sets []string) (configs.Config, error) {
	return scenario(name, years, sets)
}

func scenario(name string, years int, sets []string) (configs.Config, error) {
	all := append([]string{fmt.Sprintf("time.years=%d", years)}, sets...)
	return configs.Read(name, configs.Options{Set: all})
}
