package sim

import (
	"testing"

	"coexist/configs"
)

// TestWhoseHospitals: who owns the hospitals says where their money is. A system that owns them pays
// itself nothing and feels the variable cost alone; one that does not pays them by tariff and feels the
// price, so that its GPs refer less and the hospital keeps its margin. How they are integrated, really
// or virtually, is another matter.
func TestWhoseHospitals(t *testing.T) {
	from := warm(t, bay, 1)
	for _, integration := range []string{"real", "virtual"} {
		tariff, refers := map[string]float64{}, map[string]float64{}
		for _, hospitals := range []string{"owned", "separate"} {
			b := branch(t, from, scenario(t, "competing-systems", func(c *configs.Config) {
				c.Regime.Integration, c.Regime.Hospitals = integration, hospitals
			}))
			steps(t, b, 52)
			o := &outcomeOf{b.Take(), b}
			tariff[hospitals] = paid("tariff")(o)
			refers[hospitals] = mean(o.rows, "all", "missed_need", 0)
		}
		if !(tariff["separate"] > 1.5*tariff["owned"]) {
			t.Errorf("%s: tariffs are %.0f GBP with hospitals owned and %.0f with separate ones", integration, tariff["owned"], tariff["separate"])
		}
		if !(refers["separate"] > refers["owned"]) {
			t.Errorf("%s: needs missed are %.4g with hospitals owned and %.4g with separate ones", integration, refers["owned"], refers["separate"])
		}
	}
}
