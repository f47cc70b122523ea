// Package plots draws the figures of a result. It reads rows and never runs the model.
//
// Standard makes every figure that the rows of a result allow; Figure.Files writes one of them as
// SVG, PNG and PDF, with the numbers behind it (CSV) and what it says (JSON). Every figure has a
// headline that is true to its intervals, a subtitle that says what is drawn, in which unit, over
// which years, from how many runs and with which band, a source line, and a text for those who
// cannot see it; Figure.Lint measures whether all of it is there and can be read.
//
// From the folder of a result, without the maps, which want Data.Places too (errors left out):
//
//	r, err := results.Open("coexist-compare")
//	m := r.Manifest
//	d := &plots.Data{Meta: plots.Meta{Version: m.Version, Places: m.Places, Scenarios: m.Scenarios,
//		Seeds: m.Seeds, Runs: m.Runs, Years: m.Years, Hash: m.IdentityHash[:16]}}
//	d.Outcomes, err = results.Collect(r.Outcomes())
//	figures, err := plots.Standard(d)
//	files, err := figures[0].Files(plots.Report, plots.Light) // files["svg"], files["png"] and so on
//
// Lengths are points of 1/72 inch. A value of a year is the mean of its quarters; medians and
// bands over runs are those of R and NumPy (type 7). Differences between scenarios pair the runs
// of equal number, which share people and luck.
package plots
