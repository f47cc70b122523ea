package market

import (
	"fmt"
	"slices"
	"strings"
)

// Role is what a party of the ledger is. Names are those of scenarios (configs.Contract).
type Role uint8

// The roles. Outside stands for staff, suppliers and the rest of the world: costs end there.
const (
	RoleGovernment Role = iota
	RoleCommissioner
	RoleSystem
	RolePractice
	RoleGroup
	RoleHospital
	RoleSocialCare
	RoleSupport
	RolePatient
	RoleOutside
	Roles // how many there are
)

var roleNames = [Roles]string{"government", "commissioner", "system", "practice", "group", "hospital",
	"social-care", "support", "patient", "outside"}

// Kind says why money moves: under a kind of contract, or otherwise.
type Kind uint8

// The kinds. Those before KindContracts are contracts; those from KindContracting to KindSetUp are
// the costs of the market itself (ODD 7.11).
const (
	KindTariff Kind = iota
	KindBlock
	KindCapitation
	KindPathway
	KindSharedSavings
	KindFacilityFee
	KindQuality
	KindContracts // how many kinds of contract there are; not itself a kind of contract

	KindAllocation  = KindContracts + iota - 8 // a budget handed down
	KindPremium                                // paid by the enrolled on top of their subsidy
	KindBailOut                                // a deficit that the public purse takes over
	KindInputs                                 // what care costs that varies with activity
	KindFixed                                  // what care costs that does not
	KindEffort                                 // spending on quality, integration and prevention
	KindDuplicate                              // tests done twice after a failed handoff
	KindContracting                            // keeping contracts
	KindBilling                                // claims
	KindTendering                              // tenders
	KindMonitoring                             // of quality by the payer
	KindMarketing                              // recruiting people, selection included
	KindManagement                             // management
	KindLeadership                             // developing leaders
	KindSupport                                // fees of a support organisation
	KindGovernance                             // running links between organisations
	KindDisruption                             // moving a contract, merging, failing
	KindSetUp                                  // opening a service or an organisation
	Kinds                                      // how many there are
)

var kindNames = [Kinds]string{"tariff", "block", "capitation", "pathway", "shared-savings", "facility-fee", "quality",
	"allocation", "premium", "bail-out", "inputs", "fixed", "effort", "duplicate",
	"contracting", "billing", "tendering", "monitoring", "marketing", "management", "leadership", "support",
	"governance", "disruption", "set-up"}

// Service is what money buys.
type Service uint8

// The services. Whole is all care of a person; rest is what the model passes through unchanged.
const (
	ServiceGP Service = iota
	ServiceOutpatient
	ServiceElective
	ServiceAdmissions
	ServiceEmergency
	ServiceAE
	ServicePathway
	ServiceWhole
	ServiceFacility
	ServiceSocialCare
	ServiceQuality
	ServiceRest
	Services // how many there are
)

var serviceNames = [Services]string{"gp", "outpatient", "elective", "admissions", "emergency", "ae", "pathway",
	"whole", "facility", "social-care", "quality", "rest"}

// IsContract says whether k is a kind of contract.
func (k Kind) IsContract() bool { return k < KindContracts }

// IsMarketCost says whether k is a cost of the market itself rather than of care.
func (k Kind) IsMarketCost() bool { return k >= KindContracting && k < Kinds }

// Yearly says whether a contract of this kind is settled once a year, on the year's activity.
func (k Kind) Yearly() bool { return k == KindSharedSavings }

// String returns the name of r in scenarios and tables.
func (r Role) String() string { return nameOf(roleNames[:], int(r), "role") }

// String returns the name of k in scenarios and tables.
func (k Kind) String() string { return nameOf(kindNames[:], int(k), "kind") }

// String returns the name of s in scenarios and tables.
func (s Service) String() string { return nameOf(serviceNames[:], int(s), "service") }

// ParseRole returns the role of this name.
func ParseRole(name string) (Role, error) {
	i, err := indexOf(roleNames[:], name, "role")
	return Role(i), err
}

// parseKind returns the kind of this name, contract or not.
func parseKind(name string) (Kind, error) {
	i, err := indexOf(kindNames[:], name, "kind")
	return Kind(i), err
}

// parseService returns the service of this name.
func parseService(name string) (Service, error) {
	i, err := indexOf(serviceNames[:], name, "service")
	return Service(i), err
}

func nameOf(names []string, i int, what string) string {
	if i >= len(names) {
		return fmt.Sprintf("%s %d", what, i)
	}
	return names[i]
}

func indexOf(names []string, name, what string) (int, error) {
	i := slices.Index(names, name)
	if i < 0 {
		return 0, fmt.Errorf("%s = %q, want one of %s", what, name, strings.Join(names, ", "))
	}
	return i, nil
}
