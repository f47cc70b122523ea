package configs_test

import (
	"fmt"

	"coexist/configs"
)

// A scenario is read by name or path, and may be changed on the way.
func ExampleRead() {
	c, err := configs.Read("airline", configs.Options{Set: []string{"time.years=5", "regime.system_count=2"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(c.Title, c.Time.Years, c.Regime.SystemCount, c.Regime.Hospitals)
	// Output: Airlines and airports 5 2 rented
}

// All faults come at once.
func ExampleRead_faults() {
	_, err := configs.Read("airline", configs.Options{Set: []string{"choice.minuts=1", "payment.emergency=-3"}})
	fmt.Println(err)
	// Output:
	// --set: choice.minuts is not a key, nearest is choice.minutes
	// --set: payment.emergency = -3 GBP, want 0 to 50000
}

// Every parameter explains itself.
func ExampleExplain() {
	p, _ := configs.Explain("integration.rivalry")
	fmt.Println(p.Meaning)
	fmt.Println(p.Default, p.Unit, p.Range, p.Swept, p.Identified)
	fmt.Println(p.Source, p.Assumed())
	// Output:
	// Part of the ceiling that rivalry over the same patients takes away.
	// 0.2 share [0 1] [0 0.8] false
	// assumption: nil means that competition and cooperation do not collide true
}

// A scenario made in Go is checked as one from a file is.
func ExampleConfig_Check() {
	c := configs.Default()
	c.Time.Years = 5
	fmt.Println(c.Check())
	c.Contracts[0].Kind = "barter"
	fmt.Println(c.Check())
	// Output:
	// <nil>
	// status-quo: contract 1: kind = "barter", want tariff, block, capitation, pathway, shared-savings, facility-fee or quality
}

// The words of which contracts are made.
func ExampleContract() {
	fmt.Println(configs.Roles)
	fmt.Println(configs.Kinds)
	fmt.Println(configs.Services)
	// Output:
	// [government commissioner system practice group hospital social-care support patient]
	// [tariff block capitation pathway shared-savings facility-fee quality]
	// [gp outpatient elective admissions emergency ae pathway whole facility social-care quality rest]
}

// Reforms of the past that validation re-stages are scenarios too.
func ExampleStaged() {
	c, err := configs.Read(configs.Staged()[0], configs.Options{})
	fmt.Println(c.Title, err)
	// Output: Choice of hospital brought in <nil>
}
