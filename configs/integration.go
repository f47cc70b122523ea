package configs

// Integration sets handoffs and the growth of links (ODD 7.4).
type Integration struct {
	FailureRate       float64 `toml:"failure_rate"`       // p0: probability that an unintegrated handoff fails
	Effect            float64 `toml:"effect"`             // e: part of failures that full integration prevents; may be negative
	Duplicate         float64 `toml:"duplicate"`          // probability of a duplicate test after a failure
	DelayProb         float64 `toml:"delay_prob"`         // probability of a delay after a failure
	DelayWeeks        float64 `toml:"delay_weeks"`        // its length, weeks
	HarmProb          float64 `toml:"harm_prob"`          // probability of harm after a failure
	ReadmissionRisk   float64 `toml:"readmission_risk"`   // readmission multiplied after a failed discharge
	Growth            float64 `toml:"growth"`             // r: yearly growth rate of a link
	Leadership        float64 `toml:"leadership"`         // L: mean leadership at the start
	LeadershipSpread  float64 `toml:"leadership_spread"`  // SD of leadership between organisations
	Spend             float64 `toml:"spend"`              // spend on integration, GBP a head and year
	ReferenceSpend    float64 `toml:"reference_spend"`    // spend at which I = 1, GBP a head and year
	Support           float64 `toml:"support"`            // S without a support organisation
	Turnover          float64 `toml:"turnover"`           // yearly staff turnover, share
	Start             float64 `toml:"start"`              // phi at the start, and floor
	Ceiling           float64 `toml:"ceiling"`            // pmax
	Rivalry           float64 `toml:"rivalry"`            // chi: part of the ceiling that rivalry over the same patients takes away
	MergerShock       float64 `toml:"merger_shock"`       // part of phi lost at a merger (real)
	Break             float64 `toml:"break"`              // yearly probability that a virtual link breaks
	BreakDeficit      float64 `toml:"break_deficit"`      // multiplies it when a partner is in deficit
	RunningCost       float64 `toml:"running_cost"`       // cost of a handoff at phi = 1, GBP
	GovernanceReal    float64 `toml:"governance_real"`    // governance cost of real integration, GBP a head and year
	GovernanceVirtual float64 `toml:"governance_virtual"` // governance cost of a virtual link, GBP a head and year
}
