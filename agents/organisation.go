package agents

// Kind is what an organisation grew from.
type Kind uint8

// Kinds of organisation.
const (
	Trust      Kind = iota // hospital trust
	Group                  // specialty medical group: the airline
	System                 // integrated care organisation: practices and providers
	Area                   // area-wide integrated organisation without rivals
	Consortium             // practices that hold a budget, without hospitals
	Entrant                // newcomer
)

// String is the name in tables.
func (k Kind) String() string {
	return [...]string{"trust", "group", "system", "area", "consortium", "entrant"}[k]
}

// Organisation is an economic actor: it holds money, employs, makes effort, joins, fails. Effort is
// in units of SD of quality.
type Organisation struct {
	Key        uint64 // identity from the code of what it grew from
	Party      int32  // its account in the ledger
	Name       int32  // index of its name
	Kind       Kind
	Line       uint8 // of a group; Lines if it serves all
	Open       bool
	Failing    uint8   // quarters of sustained deficit
	System     uint16  // system that it belongs to, or None
	Home       uint16  // district of its main site
	Leadership float64 // mean 1
	Support    float64 // S: support organisation, 1 = its own
	Spend      float64 // GBP a head and year on integration
	Quality    float64 // effort on clinical quality, x_q
	Integrate  float64 // effort on integration, x_i
	Prevent    float64 // effort on prevention, x_p
	Select     float64 // effort on selection, x_s
	Altruism   float64 // GBP a head per SD
	Reserves   int64   // pence
	Fixed      float64 // fixed cost, pence a week at the scale of the sample
	FixedRef   float64 // the same at reference activity
	Risk       int64   // risk weights of the enrolled, millionths of a head
	Failure    float64 // published share of handoffs that fail
	Income     int64   // of the year so far, pence
	Expense    int64
	LastIncome int64      // of the last year
	Spent      [3]float64 // care of its people at reference prices in each of the last three years, pence a head, the latest last; 0 = none
	Freed      float64    // what prevented admissions freed last year for prevention, GBP a head and year
	Premium    float64    // that it asks of each person who enrols, GBP a year
	Ratio      float64    // of a budget holder: spending of the year over income and reserves; above 1 it rations
	Demand     float64    // people who chose it this quarter
	LastDemand float64
	Enrolled   int32 // people enrolled in the world
	Founded    int32 // week
}
