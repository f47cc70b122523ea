package results

import (
	"fmt"
	"strings"

	"coexist/sim/tables"
)

// codebookCSV returns data/codebook.csv: every column of every table, then every measure.
func codebookCSV() []byte {
	text := []byte("table,name,type,unit,dimension,aim,better,period,meaning\n")
	line := func(fields ...string) {
		for i, f := range fields {
			if i > 0 {
				text = append(text, ',')
			}
			text = tables.AppendText(text, f)
		}
		text = append(text, '\n')
	}
	for _, t := range tables.Tables {
		for _, c := range t.Columns {
			line(t.Name, c.Name, c.Type, c.Unit, "", "", "", "", c.Meaning)
		}
	}
	better := map[int]string{-1: "lower", 0: "neither", +1: "higher"}
	for _, m := range tables.Measures {
		line("measures", m.Name, "number", m.Unit, m.Dimension, m.Aim, better[m.Better], m.Period, m.Meaning)
	}
	return text
}

// readme returns README.txt. It names neither machine nor moment.
func (w *Writer) readme() []byte {
	var b strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	p("A result of coexist %s", w.id.Version)
	p("")
	p("Can competition and integration coexist? An agent-based simulation of patients, GPs, specialists,")
	p("hospitals and competing integrated care organisations.")
	p("")
	p("  scenarios  %s", strings.Join(w.id.Scenarios, ", "))
	p("  places     %s", strings.Join(w.id.Places, ", "))
	p("  seeds      %s", strings.Trim(fmt.Sprint(w.id.Seeds), "[]"))
	p("  sample     %v of the people", w.id.Sample)
	p("  years      %d, after the warm-up", w.id.Years)
	p("")
	p("FILES (tables: what one row is)")
	file := func(name, meaning string) { p("  %-34s %s", name, meaning) }
	for _, t := range tables.Tables {
		name := "data/" + t.Name
		switch {
		case t.Name == tableNames[outcomes]:
			name += ".csv"
		case w.id.CSV:
			name += ".parquet .csv"
		default:
			name += ".parquet"
		}
		file(name, t.Meaning)
	}
	file("data/codebook.csv", "every column and every measure: unit and meaning")
	file("scenarios/NAME.toml", "each scenario with every value; run it again and get the same bytes")
	file("figures/", "pictures, where drawn, each with its data beside it")
	file("report.html", "the report, where written; opens in any browser, prints well")
	file("manifest.json", "version, seeds, machine, times, and the SHA-256 of every other file")
	p("")
	p("Text is UTF-8, decimals have a dot. Money is in pence where the column says so; -1 in a column")
	p("that says so means undefined. Only manifest.json depends on when and where this was run.")
	p("")
	p("LOAD")
	p("  R       outcomes <- read.csv(\"data/outcomes.csv\")")
	p("          flows <- nanoparquet::read_parquet(\"data/flows.parquet\")")
	p("  Python  outcomes = pandas.read_csv(\"data/outcomes.csv\")")
	p("          flows = pandas.read_parquet(\"data/flows.parquet\")")
	p("")
	p("CHECK AND REPEAT")
	p("  coexist verify FOLDER runs everything again and compares the bytes.")
	p("")
	p("CITE")
	p("  coexist %s: an agent-based simulation of competing integrated care systems.", w.id.Version)
	p("  Result %s.", w.hash[:16])
	p("  coexist cite prints the reference in full, also as BibTeX.")
	return []byte(b.String())
}
