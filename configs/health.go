package configs

// Health sets illness and death (ODD 7.1).
type Health struct {
	ControlPace          float64 `toml:"control_pace"`          // a: part of the gap to its target that control closes in a week
	ControlTarget        float64 `toml:"control_target"`        // target of control at reference values, 0 to 1
	ControlContinuity    float64 `toml:"control_continuity"`    // w_u: control per unit of usual-provider share
	ControlPrevention    float64 `toml:"control_prevention"`    // w_p: control per unit of prevention effort
	ControlQuality       float64 `toml:"control_quality"`       // w_q: control per SD of practice quality
	ControlDelay         float64 `toml:"control_delay"`         // w_d: control lost per day of delay at the practice
	ControlDeprivation   float64 `toml:"control_deprivation"`   // w_i: control lost from middling to most deprived
	FailureLoss          float64 `toml:"failure_loss"`          // control lost by a failed handoff
	ControlEffect        float64 `toml:"control_effect"`        // kc: log hazard of an avoidable emergency per unit of control lost
	Frailty              float64 `toml:"frailty"`               // log odds of every condition per SD of frailty
	RelativeDeath        float64 `toml:"relative_death"`        // hazard of death multiplied per condition
	HarmDeath            float64 `toml:"harm_death"`            // log hazard of death after recent harm
	HarmWeeks            int64   `toml:"harm_weeks"`            // weeks for which harm counts as recent
	Emergencies          float64 `toml:"emergencies"`           // other emergency admissions per 1,000 and year at the reference
	Avoidable            float64 `toml:"avoidable"`             // avoidable emergency admissions per 1,000 and year at the reference
	EmergencyCondition   float64 `toml:"emergency_condition"`   // log hazard of other emergencies per condition
	AvoidableCondition   float64 `toml:"avoidable_condition"`   // log hazard of avoidable emergencies per condition
	EmergencyDeprivation float64 `toml:"emergency_deprivation"` // log hazard of emergencies from middling to most deprived
	EmergencyTrend       float64 `toml:"emergency_trend"`       // g: yearly growth of other emergencies
	Season               float64 `toml:"season"`                // amplitude of emergencies over the year
}
