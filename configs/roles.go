package configs

// The words of a contract. Roles pay and are paid, services are what is paid for, kinds are how.
// A new kind is added here, in kindServices below and in market.
var (
	Roles = []string{"government", "commissioner", "system", "practice", "group", "hospital",
		"social-care", "support", "patient"}
	Services = []string{"gp", "outpatient", "elective", "admissions", "emergency", "ae", "pathway",
		"whole", "facility", "social-care", "quality", "rest"}
	Kinds = []string{"tariff", "block", "capitation", "pathway", "shared-savings", "facility-fee",
		"quality"}
)

// careServices are those that someone must pay for in every regime. Outpatient and elective care
// may be paid for together, as a pathway.
var careServices = []string{"gp", "outpatient", "elective", "admissions", "emergency", "ae",
	"social-care", "rest"}

// kindServices says which services a kind of contract can pay for.
var kindServices = map[string][]string{
	"tariff": {"gp", "outpatient", "elective", "admissions", "emergency", "ae", "social-care"},
	"block": {"gp", "outpatient", "elective", "admissions", "emergency", "ae", "whole", "facility",
		"social-care", "rest"},
	"capitation": {"gp", "outpatient", "elective", "admissions", "emergency", "ae", "whole",
		"social-care", "rest"},
	"pathway":        {"pathway"},
	"shared-savings": {"whole"},
	"facility-fee":   {"facility"},
	"quality":        {"quality"},
}

// servicePayees says who can be paid for a service: those who give it, or hold the budget for it.
var servicePayees = map[string][]string{
	"gp":          {"practice", "system"},
	"outpatient":  {"hospital", "system", "group", "practice"},
	"elective":    {"hospital", "system", "group", "practice"},
	"admissions":  {"hospital", "system"},
	"emergency":   {"hospital", "system"},
	"ae":          {"hospital", "system"},
	"pathway":     {"group", "system", "hospital", "practice"},
	"whole":       {"commissioner", "system", "practice"},
	"facility":    {"hospital"},
	"social-care": {"social-care", "system"},
	"quality":     {"practice", "hospital", "system", "group", "social-care"},
	"rest":        {"hospital", "system", "practice", "social-care"},
}
