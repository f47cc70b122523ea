package configs

// Choice sets how people pick a provider (ODD 7.3).
type Choice struct {
	Minutes           float64 `toml:"minutes"`            // b_t: disutility of a minute of travel
	MinutesOld        float64 `toml:"minutes_old"`        // multiplies it at 75 and over
	Quality           float64 `toml:"quality"`            // b_q: utility per SD of perceived quality
	Wait              float64 `toml:"wait"`               // b_w: disutility of a week of wait
	Failure           float64 `toml:"failure"`            // b_f: disutility per unit of perceived failure probability
	Loyalty           float64 `toml:"loyalty"`            // b_l: utility of the provider seen last
	Advice            float64 `toml:"advice"`             // b_a: utility of the provider that the GP advises
	Premium           float64 `toml:"premium"`            // b_p: disutility of a GBP of premium a year
	Accuracy          float64 `toml:"accuracy"`           // abar: mean weight of published ratings, 0 to 1
	TasteSpread       float64 `toml:"taste_spread"`       // SD of log tastes between people
	Offered           float64 `toml:"offered"`            // om: share of referrals at which a choice is offered
	DefaultOther      float64 `toml:"default_other"`      // share of practices whose default site is not the nearest
	MaxMinutes        float64 `toml:"max_minutes"`        // travel beyond which a site is no option, minutes
	MaxOptions        int64   `toml:"max_options"`        // nearest sites that are options at most
	WaitSmoothing     float64 `toml:"wait_smoothing"`     // q: weight of last week in the published wait
	RatingNoise       float64 `toml:"rating_noise"`       // SD of a quarter's published rating about quality
	PracticeQuality   float64 `toml:"practice_quality"`   // logit per SD of practice quality
	PracticeAttention float64 `toml:"practice_attention"` // at0: yearly hazard of reconsidering the practice
	PracticeBad       float64 `toml:"practice_bad"`       // at1: added per bad contact of the last year
	PracticeInertia   float64 `toml:"practice_inertia"`   // utility of staying when reconsidering
}

// Enrolment sets how people come to, stay with and leave a system (ODD 7.3, 7.9, 7.10).
type Enrolment struct {
	Attention   float64 `toml:"attention"`    // yearly hazard of reconsidering the system
	SwitchCost  float64 `toml:"switch_cost"`  // utility lost by changing
	TasteSpread float64 `toml:"taste_spread"` // scale of personal tastes for systems, in logit units (Gumbel)
}
