package sim

import (
	"math"
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
		tariff, unmet := map[string]float64{}, map[string]float64{}
		for _, hospitals := range []string{"owned", "separate"} {
			b := branch(t, from, scenario(t, "competing-systems", func(c *configs.Config) {
				c.Regime.Integration, c.Regime.Hospitals = integration, hospitals
			}))
			steps(t, b, 52)
			o := &outcomeOf{b.Take(), b}
			tariff[hospitals] = paid("tariff")(o)
			unmet[hospitals] = mean(o.rows, "all", "missed_need", 0)
		}
		if !(tariff["separate"] > 1.5*tariff["owned"]) {
			t.Errorf("%s: tariffs are %.0f GBP with hospitals owned and %.0f with separate ones", integration, tariff["owned"], tariff["separate"])
		}
		if !(unmet["separate"] > unmet["owned"]) {
			t.Errorf("%s: needs missed are %.4g with hospitals owned and %.4g with separate ones", integration, unmet["owned"], unmet["separate"])
		}
	}
}

// TestBreach: the share over four hours stays a share however full the wards are. A hospital whose people
// all use another may keep a hundredth of a bed, and its occupancy is then a hundred times what it should be.
func TestBreach(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		what              string
		share, rise, want float64
	}{
		{"reference occupancy", .02, 0, .02},
		{"twice the share", .02, math.Ln2, .04},
		{"up to the cap", .02, math.Log(30), .6},
		{"beyond it", .02, 20, .6},
		{"no beds to speak of", .02, 100 * 101, .6},
		{"nobody waits, however full", 0, 100 * 101, 0},
		{"the least share there is", math.SmallestNonzeroFloat64, 100 * 101, .6},
		{"empty wards", .02, -100, .02 * math.Exp(-100)},
	} {
		if got := breach(row.share, row.rise); !(math.Abs(got-row.want) <= 1e-12*row.want) {
			t.Errorf("%s: share %v with rise %v is %v, want %v", row.what, row.share, row.rise, got, row.want)
		}
	}
}
