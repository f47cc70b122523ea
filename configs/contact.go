package configs

// Contact sets what happens in general practice (ODD 7.2).
type Contact struct {
	Rate           float64 `toml:"rate"`            // GP and nurse contacts per person and year
	PerCondition   float64 `toml:"per_condition"`   // log rate per long-term condition
	GPShare        float64 `toml:"gp_share"`        // share of contacts with a GP
	ListPerGP      float64 `toml:"list_per_gp"`     // registered patients per GP
	Appointments   float64 `toml:"appointments"`    // K: GP appointments per GP and week
	UsualGP        float64 `toml:"usual_gp"`        // mean of u0, the probability of insisting on the usual GP
	UsualGPSpread  float64 `toml:"usual_gp_spread"` // SD of u0
	UsualGPOld     float64 `toml:"usual_gp_old"`    // added to u0 at 65 and over
	Need           float64 `toml:"need"`            // nu: share of GP contacts with a need for a specialist
	Discrimination float64 `toml:"discrimination"`  // d': how well a GP's signal tells need, in SD
	Threshold      float64 `toml:"threshold"`       // tau0: threshold of the signal for a referral
	ThresholdGP    float64 `toml:"threshold_gp"`    // SD of thresholds between GPs
	ThresholdArea  float64 `toml:"threshold_area"`  // SD of thresholds between districts
	ThresholdMoney float64 `toml:"threshold_money"` // th: rise of the threshold per 100 GBP that the GP's organisation bears
	PartnerShare   float64 `toml:"partner_share"`   // share of a surplus that partners keep
	MissedReturn   float64 `toml:"missed_return"`   // weeks within which a missed need returns
	MissedLoss     float64 `toml:"missed_loss"`     // control lost by a missed need
	MissedRisk     float64 `toml:"missed_risk"`     // emergency hazard multiplied after a missed need
	MissedWeeks    int64   `toml:"missed_weeks"`    // weeks for which it is
	OtherReferrals float64 `toml:"other_referrals"` // referrals not from GPs, per 1,000 people and year
	PracticeSpread float64 `toml:"practice_spread"` // SD of practice quality at the start, in SD of Q
}
