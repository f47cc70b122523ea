package live

import (
	"fmt"
	"slices"
	"strings"

	"coexist/configs"
)

// control is a question in plain words that stands for one or a few parameters.
type control struct {
	ID       string
	Question string
	Help     string
	Scale    bool // options lie on a scale, from less to more
	Options  []option
	idle     func(configs.Config) string // why it does nothing in a system, or empty
}

// option is one answer: what it sets, as --set takes it, in a given system.
type option struct {
	Value, Label string
	sets         func(configs.Config) []string
}

// fixed sets the same in every system.
func fixed(sets ...string) func(configs.Config) []string {
	return func(configs.Config) []string { return sets }
}

// controls are the questions of the page, in its order. Values are within the ranges that sensitivity
// analysis covers (swept in configs/parameters.toml), but for the ends of the scale of loyalty and of
// choice, which show the extremes.
var controls = []control{
	{
		ID: "systems", Question: "How many systems compete?",
		Help: "How many organisations form in the place. For the airline: how many groups of doctors in each specialty.",
		Options: []option{
			{"0", "As many as arise", fixed("regime.system_count=0")},
			{"1", "One", fixed("regime.system_count=1")},
			{"2", "Two", fixed("regime.system_count=2")},
			{"3", "Three", fixed("regime.system_count=3")},
			{"4", "Four", fixed("regime.system_count=4")},
		},
		idle: func(c configs.Config) string {
			switch c.Regime.Systems {
			case "none":
				return "Nobody forms a system here."
			case "area", "nation":
				return "There is one system for everyone here."
			}
			return ""
		},
	},
	{
		ID: "entry", Question: "May newcomers enter?",
		Help: "Whether new organisations may found a system once the run has begun, and who.",
		Options: []option{
			{"no", "No", fixed("regime.entry=[]")},
			{"doctors", "Groups of doctors", fixed(`regime.entry=["practice-led"]`)},
			{"companies", "Companies too", fixed(`regime.entry=["practice-led", "corporate"]`)},
			{"easy", "Anyone, and it is easy", fixed(`regime.entry=["practice-led", "hospital-led", "corporate"]`,
				"market.leaders=0.1", "market.set_up=2", "market.min_practices=1")},
		},
		idle: func(c configs.Config) string {
			switch c.Regime.Systems {
			case "none":
				return "Nobody forms a system here, so there is none to enter."
			case "area", "nation":
				return "There is one system for everyone here: nobody can enter against it."
			case "groups":
				return "Groups of doctors are founded once; newcomers found systems that people enrol with."
			}
			return ""
		},
	},
	{
		ID: "integration", Question: "How deep is integration?",
		Help: "None: each team for itself. Virtual: separate organisations in one network. Real: one merged organisation.",
		Options: []option{
			{"none", "None", fixed("regime.integration=none")},
			{"virtual", "Virtual: a network", integrated("virtual")},
			{"real", "Real: merged", integrated("real")},
		},
		idle: func(c configs.Config) string {
			if c.Regime.Systems == "none" {
				return "Nobody forms a system here, so there is nobody to integrate."
			}
			return ""
		},
	},
	{
		ID: "airport", Question: "Who owns the airport?",
		Help: "Whose the hospitals are. A system that owns hospitals keeps its members in them; hospitals that stand alone are open to all; airports are rented by whoever flies there.",
		Options: []option{
			{"separate", "Nobody: open to all", fixed("regime.hospitals=separate", "regime.binding=free")},
			{"owned", "The systems, for their own", fixed("regime.hospitals=owned", "regime.binding=network")},
			{"rented", "Rented to all, like an airport", fixed("regime.hospitals=rented")},
		},
		idle: func(c configs.Config) string {
			switch c.Regime.Systems {
			case "none":
				return "Hospitals stand alone where nobody forms a system."
			case "groups":
				return "This is what makes it an airline: hospitals are rented."
			}
			if c.Regime.Enrolment == "none" {
				return "Nobody belongs to a system here, so hospitals are open to all."
			}
			return ""
		},
	},
	{
		ID: "pay", Question: "How are hospitals paid?",
		Help: "By the case: more work, more money. A fixed sum: the same whatever they do. With a bonus: part depends on quality.",
		Options: []option{
			{"case", "By the case", paid("tariff", false)},
			{"sum", "A fixed sum", paid("block", false)},
			{"bonus", "By the case, bonus for quality", paid("tariff", true)},
		},
	},
	{
		ID: "loyalty", Question: "How loyal are patients?", Scale: true,
		Help: "How much people like to stay: with the hospital they know, their practice and their system.",
		Options: []option{
			{"0", "Not at all", loyal("0", "0", "0")},
			{"1", "A little", loyal("0.5", "0.5", "0.5")},
			{"2", "As usual", loyal("1", "1", "1")},
			{"3", "Very", loyal("1.5", "2", "2")},
			{"4", "For life", loyal("2", "3", "3")},
		},
	},
	{
		ID: "travel", Question: "How far will people travel?", Scale: true,
		Help: "How much each minute on the road weighs against quality and waiting time.",
		Options: []option{
			{"0", "Only nearby", fixed("choice.minutes=0.2")},
			{"1", "Not far", fixed("choice.minutes=0.13")},
			{"2", "As usual", fixed("choice.minutes=0.09")},
			{"3", "Far", fixed("choice.minutes=0.075")},
			{"4", "Very far", fixed("choice.minutes=0.06")},
		},
	},
	{
		ID: "offered", Question: "How many patients are offered a choice?", Scale: true,
		Help: "Of those sent to a specialist, how many are really asked where they want to go. In 2010 it was about half.",
		Options: []option{
			{"0", "Nobody", fixed("choice.offered=0")},
			{"1", "One in four", fixed("choice.offered=0.25")},
			{"2", "Half, as in 2010", fixed("choice.offered=0.49")},
			{"3", "Three in four", fixed("choice.offered=0.75")},
			{"4", "Everyone", fixed("choice.offered=1")},
		},
		idle: func(c configs.Config) string {
			if c.Regime.Referral == "assigned" {
				return "Here the system picks the hospital, not the patient."
			}
			return ""
		},
	},
}

func loyal(site, practice, system string) func(configs.Config) []string {
	return fixed("choice.loyalty="+site, "choice.practice_inertia="+practice, "enrolment.switch_cost="+system)
}

// integrated sets the form of integration, and what is integrated where a system says nothing of it.
func integrated(form string) func(configs.Config) []string {
	return func(c configs.Config) []string {
		sets := []string{"regime.integration=" + form}
		if len(c.Regime.Scope) == 0 {
			sets = append(sets, `regime.scope=["primary-secondary", "pathway"]`)
		}
		return sets
	}
}

// hospitalCare are the services for which the page changes how hospitals are paid.
var hospitalCare = []string{"outpatient", "elective", "admissions", "emergency", "ae"}

// paid sets how hospitals are paid for their care by whoever pays them now.
func paid(kind string, bonus bool) func(configs.Config) []string {
	return func(c configs.Config) []string {
		var rows []string
		var payers []string
		for _, k := range c.Contracts {
			if k.Kind == "quality" && k.Payee == "hospital" {
				continue
			}
			if k.Payee == "hospital" && slices.Contains(hospitalCare, k.Service) && (k.Kind == "tariff" || k.Kind == "block") {
				k.Kind = kind
				if !slices.Contains(payers, k.Payer) {
					payers = append(payers, k.Payer)
				}
			}
			rows = append(rows, fmt.Sprintf("{ payer = %q, payee = %q, service = %q, kind = %q, price = %s }", k.Payer, k.Payee, k.Service, k.Kind, number(k.Price)))
		}
		for _, p := range payers {
			if bonus {
				rows = append(rows, fmt.Sprintf(`{ payer = %q, payee = "hospital", service = "quality", kind = "quality" }`, p))
			}
		}
		return []string{"contract=[" + strings.Join(rows, ", ") + "]"}
	}
}

// apply sets an option of the control in a scenario.
func (k *control) apply(c configs.Config, value string) (configs.Config, error) {
	i := slices.IndexFunc(k.Options, func(o option) bool { return o.Value == value })
	if i < 0 {
		return c, fault(k.ID, "there is no answer %q", clip(value))
	}
	if k.idle != nil {
		if why := k.idle(c); why != "" {
			return c, fault(k.ID, "%s", why)
		}
	}
	changed, err := c.With(k.Options[i].sets(c)...)
	if err != nil {
		return c, fault(k.ID, "%q does not go with the rest: %v", k.Options[i].Label, err)
	}
	return changed, nil
}

// Answer is an option of a control as the page shows it.
type Answer struct {
	Value string   `json:"value"`
	Label string   `json:"label"`
	Sets  []string `json:"sets"` // what it sets, for those who want to know
}

// Question is a control as the page shows it, the same for all systems.
type Question struct {
	ID      string   `json:"id"`
	Text    string   `json:"question"`
	Help    string   `json:"help"`
	Scale   bool     `json:"scale"`
	Answers []Answer `json:"answers"`
}

// Stand is how a control stands in one system.
type Stand struct {
	Now      string   `json:"now"`                // the answer that the system itself gives, or empty if it is none of them
	Why      string   `json:"why,omitempty"`      // why it cannot be moved
	Possible []string `json:"possible,omitempty"` // answers that go with the system
}

// questions lists the controls.
func questions() []Question {
	var list []Question
	for _, k := range controls {
		q := Question{ID: k.ID, Text: k.Question, Help: k.Help, Scale: k.Scale}
		for _, o := range k.Options {
			a := Answer{Value: o.Value, Label: o.Label}
			for _, s := range o.sets(configs.Default()) {
				if key, _, _ := strings.Cut(s, "="); key == "contract" {
					s = "contract, of those who pay hospitals"
				}
				a.Sets = append(a.Sets, s)
			}
			q.Answers = append(q.Answers, a)
		}
		list = append(list, q)
	}
	return list
}

// stands says how every control stands in a scenario.
func stands(c configs.Config) map[string]Stand {
	out := map[string]Stand{}
	same := c.Hash()
	for _, k := range controls {
		var s Stand
		if k.idle != nil {
			s.Why = k.idle(c)
		}
		for _, o := range k.Options {
			changed, err := c.With(o.sets(c)...)
			if err != nil {
				continue
			}
			s.Possible = append(s.Possible, o.Value)
			if changed.Hash() == same {
				s.Now = o.Value
			}
		}
		if s.Why != "" {
			s.Possible = nil
		}
		out[k.ID] = s
	}
	return out
}

// difference is a value that a scenario does not have from the one it extends.
type difference struct{ key, value string }

// differences lists the parameters in which b differs from a, in the order of the sections.
func differences(a, b configs.Config) []difference {
	was, now := values(a), values(b)
	var list []difference
	for i := range now {
		if now[i] != was[i] {
			list = append(list, now[i])
		}
	}
	return list
}

// values lists every parameter of a scenario as TOML writes it.
func values(c configs.Config) []difference {
	var list []difference
	section := ""
	for line := range strings.Lines(string(c.TOML())) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "[["):
			section = ""
		case strings.HasPrefix(line, "["):
			section = strings.Trim(line, "[]")
		case section != "":
			if key, value, ok := strings.Cut(line, " = "); ok {
				list = append(list, difference{section + "." + key, value})
			}
		}
	}
	return list
}
