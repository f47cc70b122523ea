package tables

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Column describes one column of a table.
type Column struct {
	Name    string
	Type    string // text, integer, number or yes/no
	Unit    string // empty where there is none
	Meaning string
}

// Table describes one table of a result: its file is data/NAME.csv or data/NAME.parquet.
type Table struct {
	Name    string
	Meaning string // what one row is
	Columns []Column
}

// keys are the columns that every table begins with.
var keys = []Column{
	{"place", "text", "", "the world: name of the region or regions simulated"},
	{"scenario", "text", "", "name of the scenario: scenarios/NAME.toml"},
	{"run", "integer", "", "replication, from 1; replications differ in the seed alone"},
	{"seed", "integer", "", "seed of the run; the same seed is the same people and luck in every scenario"},
}

func withKeys(more ...Column) []Column { return slices.Concat(keys, more) }

var (
	quarterColumn = Column{"quarter", "integer", "quarters", "quarters since the regime began, from 1; four to the year, the year begins in April"}
	yearColumn    = Column{"year", "integer", "years", "years since the regime began, from 1"}
)

// Tables lists every table with its columns, in the order of the files.
var Tables = []Table{
	{"outcomes", "one measure of one group in one quarter", withKeys(
		quarterColumn,
		Column{"group", "text", "", "all, or kind:name, such as rurality:urban, deprivation:1 (most deprived fifth), deprivation-tenth:1 (most deprived tenth), age:65+, system:NAME"},
		Column{"measure", "text", "", "name of the measure, defined below in table measures"},
		Column{"unit", "text", "", "unit of the value"},
		Column{"value", "number", "see unit", "value of the measure"},
	)},
	{"organisations", "one organisation in one year", withKeys(
		yearColumn,
		Column{"organisation", "text", "", "name of the organisation"},
		Column{"kind", "text", "", "practice, trust, group, system, area or entrant"},
		Column{"enrolled", "integer", "people, full scale", "people enrolled or registered at the end of the year; of a trust or group, which enrol nobody, its share of referrals times all people"},
		Column{"practices", "integer", "practices", "practices that it controls or that joined it"},
		Column{"sites", "integer", "sites", "hospital sites that it controls"},
		Column{"specialists", "integer", "people", "specialists who work for it"},
		Column{"activity", "integer", "attendances and admissions, full scale", "care given in the year"},
		Column{"income_pence", "integer", "pence, scale of the sample", "income of the year"},
		Column{"expense_pence", "integer", "pence, scale of the sample", "expense of the year"},
		Column{"reserves_pence", "integer", "pence, scale of the sample", "reserves at the end of the year; below 0 is debt"},
		Column{"quality_sd", "number", "SD between providers", "clinical quality; 0 = mean when the regime began"},
		Column{"integration", "number", "0 to 1", "mean integration phi of its links"},
		Column{"effort_quality", "number", "units of effort", "effort put into clinical quality"},
		Column{"effort_integration", "number", "units of effort", "effort put into integration"},
		Column{"effort_prevention", "number", "units of effort", "effort put into prevention"},
	)},
	{"ledger", "money of one quarter from one kind of payer to one kind of payee under one contract for one service", withKeys(
		quarterColumn,
		Column{"payer", "text", "", "who pays"},
		Column{"payee", "text", "", "who is paid"},
		Column{"contract", "text", "", "kind of contract: tariff, block, capitation, ..."},
		Column{"service", "text", "", "what is paid for"},
		Column{"pence", "integer", "pence, scale of the sample", "sum of the payments"},
	)},
	{"flows", "patients who went from one team to another in one year", withKeys(
		yearColumn,
		Column{"from", "text", "", "the place; of lines enrolment and concentration, code of the small area"},
		Column{"through", "text", "", "specialty group or owner of the service"},
		Column{"to", "text", "", "hospital site"},
		Column{"line", "text", "", "clinical specialty; or of a small area at the end of the last year of run 1: enrolment in a system (through), or concentration of expected care (through: who has the largest part)"},
		Column{"inside", "yes/no", "", "true where one organisation controls the whole way"},
		Column{"patients", "integer", "patients, scale of the sample", "patients who went this way; of line enrolment, people enrolled; of line concentration, 1,000 times the Herfindahl index by controlling organisation of where the choice probabilities of its people send them, mean over specialties"},
	)},
	{"market_events", "one entry, exit, merger, merger barred, make, buy, withdrawal, route or bail-out", withKeys(
		Column{"week", "integer", "weeks", "week since the regime began, from 0; 52 to the year"},
		Column{"event", "text", "", "entry, exit, merger, merger barred, make (a clinic of its own opens), buy (it is given up), withdrawal (a contract goes to the winner of a contest), route (a group comes to a site) or bail-out"},
		Column{"organisation", "text", "", "organisation that it happened to"},
		Column{"other", "text", "", "the other party, or empty"},
		Column{"detail", "text", "", "why, in words, or empty"},
	)},
	{"patients", "one person in one year: by default 10,000 people chosen by id, in run 1", withKeys(
		yearColumn,
		Column{"patient", "text", "", "id, 16 hexadecimal digits; the same person in every scenario of a seed"},
		Column{"age", "integer", "years", "age at the end of the year"},
		Column{"sex", "text", "", "male or female"},
		Column{"deprivation_decile", "integer", "", "national decile of deprivation (IMD) of the home's small area; 1 = most deprived"},
		Column{"deprivation_fifth", "integer", "", "national fifth of deprivation of the home's small area; 1 = most deprived"},
		Column{"rural", "yes/no", "", "true where the home's small area is rural"},
		Column{"icb", "text", "", "integrated care board of the home"},
		Column{"conditions", "text", "", "codes of long-term conditions joined by +, or empty"},
		Column{"condition_count", "integer", "conditions", "number of long-term conditions"},
		Column{"control", "number", "0 to 1", "control of the long-term conditions"},
		Column{"practice", "text", "", "practice of registration"},
		Column{"list_size", "integer", "people, full scale", "people registered with the practice"},
		Column{"system", "text", "", "system of enrolment, or empty"},
		Column{"upc", "number", "0 to 1; -1 = undefined", "share of GP contacts of 24 months with the clinician seen most"},
		Column{"coc", "number", "0 to 1; -1 = undefined", "Bice-Boxerman continuity of GP contacts of 24 months, by clinician"},
		Column{"secon", "number", "0 to 1; -1 = undefined", "share of successive GP contacts of 24 months with the same clinician"},
		Column{"upc_organisation", "number", "0 to 1; -1 = undefined", "as upc, by controlling organisation: 1 wherever it is defined, since a change of practice begins the record anew"},
		Column{"coc_organisation", "number", "0 to 1; -1 = undefined", "as coc, by controlling organisation"},
		Column{"secon_organisation", "number", "0 to 1; -1 = undefined", "as secon, by controlling organisation"},
		Column{"gp_contacts", "integer", "contacts", "contacts with a GP in the year"},
		Column{"nurse_contacts", "integer", "contacts", "contacts with a practice nurse in the year"},
		Column{"referrals", "integer", "referrals", "referrals to a specialist in the year"},
		Column{"attendances", "integer", "attendances", "clinic attendances in the year"},
		Column{"ae_visits", "integer", "visits", "accident and emergency visits in the year"},
		Column{"handoffs", "integer", "handoffs", "changes of the responsible team in the year"},
		Column{"handoff_failures", "integer", "handoffs", "handoffs of the year that failed"},
		Column{"avoidable_emergency_admissions", "integer", "admissions", "emergency admissions of the year that good care outside hospital prevents"},
		Column{"other_emergency_admissions", "integer", "admissions", "all other emergency admissions of the year"},
		Column{"elective_admissions", "integer", "admissions", "elective admissions of the year"},
		Column{"bed_days", "integer", "days", "days in hospital beds in the year"},
		Column{"readmissions", "integer", "admissions", "emergency readmissions within 30 days in the year"},
		Column{"harm", "integer", "episodes", "episodes of the year with harm from care"},
		Column{"wait_weeks", "number", "weeks; -1 = none", "mean wait from referral to treatment of the waits that ended in the year"},
		Column{"cost_health_pence", "integer", "pence", "care of the year at reference prices: contacts, attendances, A&E visits, emergency admissions, admissions from lists as day cases"},
		Column{"cost_social_care_pence", "integer", "pence", "social care of the year at reference prices: new cases after discharge"},
		Column{"km_chosen", "number", "km; -1 = no referral", "mean distance from home to the site of referral"},
		Column{"km_nearest", "number", "km; -1 = no referral", "mean distance from home to the nearest site with the service line"},
		Column{"alternatives", "integer", "options", "open providers in reach at a referral, mean of the year, rounded down; 0 without a referral"},
		Column{"effective_options", "number", "options", "exp of the entropy of the person's choice probabilities at the end of the year, mean over the basket"},
		Column{"switched", "yes/no", "", "true where practice or system changed in the year without a move of home"},
		Column{"died", "yes/no", "", "true where the person died in the year"},
	)},
}

// TableByName returns the table of that name; ok is false if there is none.
func TableByName(name string) (t Table, ok bool) {
	for _, t := range Tables {
		if t.Name == name {
			return t, true
		}
	}
	return Table{}, false
}

// OutcomesHeader is the first line of outcomes.csv.
const OutcomesHeader = "place,scenario,run,seed,quarter,group,measure,unit,value\n"

// AppendOutcome appends the one line that stands for o in outcomes.csv, so that a result folder
// and the page in the browser write the same bytes. Numbers have the fewest digits that read back
// the same, texts are quoted only where they hold a comma or a quote, and -0 is written 0. A value
// that is NaN or infinite, a text that is no UTF-8 or holds control characters, and a run, seed
// or quarter below its range are errors, and nothing is appended.
func AppendOutcome(dst []byte, o Outcome) ([]byte, error) {
	if err := o.Check(); err != nil {
		return dst, err
	}
	dst = append(AppendText(dst, o.Place), ',')
	dst = append(AppendText(dst, o.Scenario), ',')
	dst = append(strconv.AppendInt(dst, int64(o.Run), 10), ',')
	dst = append(strconv.AppendInt(dst, o.Seed, 10), ',')
	dst = append(strconv.AppendInt(dst, int64(o.Quarter), 10), ',')
	dst = append(AppendText(dst, o.Group), ',')
	dst = append(AppendText(dst, o.Measure), ',')
	dst = append(AppendText(dst, o.Unit), ',')
	dst = AppendNumber(dst, o.Value)
	return append(dst, '\n'), nil
}

// Check returns what keeps o out of outcomes.csv: see AppendOutcome.
func (o Outcome) Check() error {
	switch {
	case math.IsNaN(o.Value) || math.IsInf(o.Value, 0):
		return o.fault("value = %v, want a finite number", o.Value)
	case o.Run < 1:
		return o.fault("run = %d, want 1 or more", o.Run)
	case o.Seed < 0:
		return o.fault("seed = %d, want 0 or more", o.Seed)
	case o.Quarter < 1:
		return o.fault("quarter = %d, want 1 or more", o.Quarter)
	}
	for _, f := range [...]struct{ name, text string }{
		{"place", o.Place}, {"scenario", o.Scenario}, {"group", o.Group}, {"measure", o.Measure}, {"unit", o.Unit},
	} {
		if f.text == "" {
			return o.fault("%s is empty", f.name)
		}
		if err := CheckText(f.text); err != nil {
			return o.fault("%s = %q: %w", f.name, clip(f.text), err)
		}
	}
	return nil
}

func (o Outcome) fault(format string, args ...any) error {
	where := fmt.Sprintf("outcomes: place %q, scenario %q, run %d, seed %d, quarter %d, group %q, measure %q: ",
		clip(o.Place), clip(o.Scenario), o.Run, o.Seed, o.Quarter, clip(o.Group), clip(o.Measure))
	return fmt.Errorf("%s%w", where, fmt.Errorf(format, args...))
}

// maxText is the longest text that a row may hold, in bytes.
const maxText = 4096

// CheckText returns an error unless s is UTF-8 of at most maxText bytes without control
// characters, so that it stays on its line in every reader.
func CheckText(s string) error {
	if len(s) > maxText {
		return fmt.Errorf("text of %d bytes, want at most %d", len(s), maxText)
	}
	ascii := true
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] == 0x7f {
			return fmt.Errorf("control character %#x at byte %d, want none", s[i], i)
		}
		ascii = ascii && s[i] < utf8.RuneSelf
	}
	if !ascii && !utf8.ValidString(s) {
		return fmt.Errorf("bytes that are no UTF-8, want UTF-8")
	}
	return nil
}

// AppendText appends s as a field of a CSV line: as it is, or in quotes where it holds a comma or
// a quote or begins or ends with a space.
func AppendText(dst []byte, s string) []byte {
	if s == "" || strings.IndexByte(s, ',') < 0 && strings.IndexByte(s, '"') < 0 && s[0] != ' ' && s[len(s)-1] != ' ' {
		return append(dst, s...)
	}
	dst = append(dst, '"')
	for i := 0; i < len(s); i++ {
		if s[i] == '"' {
			dst = append(dst, '"')
		}
		dst = append(dst, s[i])
	}
	return append(dst, '"')
}

// AppendNumber appends v with the fewest digits that read back the same; -0 as 0.
func AppendNumber(dst []byte, v float64) []byte {
	if v == 0 {
		v = 0 // drop the sign
	}
	return strconv.AppendFloat(dst, v, 'g', -1, 64)
}

func clip(s string) string {
	if len(s) > 40 {
		return s[:40] + "..."
	}
	return s
}
