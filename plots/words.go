package plots

import "strings"

// A report says two sentences and a caveat of each figure: its headline, how to read it, and what
// it cannot bear. None of them depends on the numbers but the headline and the ends of lines.

const (
	readPairs = "Each interval is of differences between runs that share people and luck; one that crosses the line of zero is no clear difference."
	luckOnly  = "Intervals hold the luck of the runs, not the uncertainty of parameters."
	firstRun  = "It shows the first run alone; another run would differ in detail."
)

var said = map[string]struct{ more, caveat string }{
	"01-choice":                  {"", "It counts options that could be chosen, whether or not anyone did, in a panel of people."},
	"02-quality":                 {"", "The index weighs five parts alike; other weights would give other numbers."},
	"03-cost":                    {"", "It is the resource cost of the care that is modelled, not what payers are charged."},
	"04-fragmentation":           {"", "How often handoffs fail where nothing is integrated is not pinned down by data."},
	"05-arms":                    {"The arms differ in nothing but competition and integration, so their differences can be laid at those two.", luckOnly},
	"06-four-outcomes":           {readPairs, "Named scenarios differ in many ways at once, so no single feature explains a difference."},
	"07-enrolment-map":           {"The deeper the colour, the larger the part of an area’s residents enrolled with the system that leads there.", firstRun + " Names make the geography real and say nothing about real organisations."},
	"08-paired-differences":      {readPairs, "With few runs the intervals are wide and rest on the assumption that differences are about normal."},
	"09-cost-by-setting":         {"The parts add up to the cost per head at the end of the bar.", "Parts are medians over runs, scaled by a little so that they add up to the median of the whole."},
	"10-winners-and-losers":      {readPairs, "With many groups and outcomes about one in twenty intervals misses zero by luck alone."},
	"11-how-sure":                {"Where a band no longer moves, more runs would change little.", luckOnly},
	"12-entry-exit-merger":       {"Each column of bars has its own scale; the number is that of all years.", firstRun},
	"13-groups-by-hospitals":     {"Dark tiles are hospitals where one organisation treats most patients of a specialty.", firstRun},
	"14-six-aims":                {readPairs, "Each aim is stood for by one measure; others of the same aim are in the data."},
	"15-cost-by-payer":           {"The parts add up to the cost per head; money that organisations of care pay to each other is left out.", "Integrated systems hold the hospitals and services that they own, so what they bear is not more care."},
	"16-patient-flows":           {"Blue streams stay inside one organisation; small organisations and sites are drawn together.", firstRun},
	"17-concentration-map":       {"Dark areas are those where one organisation is expected to treat nearly everyone.", firstRun + " It is made of the choice probabilities of a panel of people, so a small area rests on a few of them."},
	"23-enrolment-concentration": {"Dark areas are those where nearly everyone enrolled is enrolled with the same system.", firstRun + " In a small sample an area holds few people, which makes it look more concentrated than it is."},
	"18-equity":                  {"A level line means that outcomes do not depend on how deprived an area is.", "Deprivation is that of the area, not of the person; a group’s cost holds an equal share of most costs and is not drawn."},
	"19-targets":                 {"Points inside their grey bar are met; held-out numbers were not used to choose parameters.", "Only numbers that can be stated as a percentage of what was published are drawn; the table has all."},
}

// say adds the sentences that reports set beside a figure.
func (f *Figure) say() {
	w := said[f.Name]
	if f.More == "" {
		f.More = w.more
	}
	if f.Caveat == "" {
		f.Caveat = w.caveat
	}
	if f.Caveat == "" {
		f.Caveat = luckOnly
	}
}

// Retitle gives the figure another headline, in its alternative text too.
func (f *Figure) Retitle(title string) {
	f.Alt = strings.ReplaceAll(f.Alt, f.Title, title)
	f.Title = title
}
