package sim

import (
	"coexist/configs"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

func TestSweepX(t *testing.T) {
	if os.Getenv("SWEEP") == "" {
		t.Skip()
	}
	t0 := time.Now()
	names := []string{"status-quo", "open-entry", "gp-consortia", "airline", "medical-group-insurer", "arm-open-virtual", "integrated-provider-organisations", "practice-based-commissioning", "single-system-torbay", "competing-systems"}
	run := func(warmC configs.Config, name string, sets []string, base *Model) string {
		c, err := configs.Read(name, configs.Options{Set: sets})
		if err != nil {
			panic(err)
		}
		b, err := base.Branch(c)
		if err != nil {
			panic(err)
		}
		steps(t, b, 104)
		return digest(b.Take())
	}
	place := "synthetic:residents=9000,practices=4,hospitals=3,districts=2"
	mk := func(sets []string) (*Model, error) {
		c, err := configs.Read("status-quo", configs.Options{Set: sets})
		if err != nil {
			return nil, err
		}
		s := world1(t, place, 1)
		s.Config = c
		m, err := New(s)
		if err != nil {
			return nil, err
		}
		return m, m.WarmUp()
	}
	base, _ := mk(nil)
	want := map[string]string{}
	for _, n := range names {
		want[n] = run(base.cfg, n, nil, base)
	}
	for _, p := range configs.Parameters() {
		sec := p.Section()
		if sec == "time" || sec == "regime" || sec == "measures" || p.Key == "title" || !strings.Contains(p.Key, ".") {
			continue
		}
		var vals []string
		switch d := p.Default.(type) {
		case bool:
			vals = []string{fmt.Sprint(!d)}
		case float64, int64:
			for _, v := range p.Range {
				if v != toF(d) {
					vals = append(vals, fmt.Sprint(v))
				}
			}
			if len(p.Swept) == 2 {
				vals = append(vals, fmt.Sprint(p.Swept[0]), fmt.Sprint(p.Swept[1]))
			}
		default:
			continue
		}
		found, foundBranch := "", ""
		var panics []string
		for _, v := range vals {
			set := []string{p.Key + "=" + v}
			func() {
				defer func() {
					if r := recover(); r != nil {
						panics = append(panics, fmt.Sprint(v, ": ", r))
					}
				}()
				if foundBranch == "" {
					for _, n := range names {
						if run(base.cfg, n, set, base) != want[n] {
							foundBranch = n
							break
						}
					}
				}
				if foundBranch != "" && found != "" {
					return
				}
				m, err := mk(set)
				if err != nil {
					panics = append(panics, v+": "+err.Error())
					return
				}
				if foundBranch == "" {
					for _, n := range names {
						if run(m.cfg, n, set, m) != want[n] {
							found = n
							break
						}
					}
				} else {
					found = "-"
					b := branch(t, m, m.cfg)
					steps(t, b, 52)
				}
			}()
		}
		if foundBranch == "" && found == "" || len(panics) > 0 || foundBranch == "" {
			fmt.Printf("%-34s branch:%s warm:%s %v\n", p.Key, foundBranch, found, panics)
		}
	}
	fmt.Println(time.Since(t0))
}
func toF(x any) float64 {
	switch v := x.(type) {
	case float64:
		return v
	case int64:
		return float64(v)
	}
	return 0
}
