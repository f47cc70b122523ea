package plots

// FigureInfo names a figure and the question that it answers.
type FigureInfo struct {
	Name     string `json:"name"`
	Question string `json:"question"`
}

// maker makes one figure; it returns nil where the result has no rows for it.
type maker struct {
	FigureInfo
	make func(b *book) *Figure
}

// standard is the set of figures, in the order of reports.
var standard = []maker{
	{FigureInfo{"01-choice", "Do patients still choose?"}, func(b *book) *Figure { return b.lines("01-choice", b.aspects()[0]) }},
	{FigureInfo{"02-quality", "Is care better?"}, func(b *book) *Figure { return b.lines("02-quality", b.aspects()[1]) }},
	{FigureInfo{"03-cost", "What does it cost?"}, func(b *book) *Figure { return b.lines("03-cost", b.aspects()[2]) }},
	{FigureInfo{"04-fragmentation", "Is care fragmented?"}, func(b *book) *Figure { return b.lines("04-fragmentation", b.aspects()[3]) }},
	{FigureInfo{"05-arms", "Can competition and integration coexist?"}, (*book).armsFigure},
	{FigureInfo{"06-four-outcomes", "How do the scenarios compare on all four outcomes?"}, (*book).glanceFigure},
	{FigureInfo{"07-enrolment-map", "Who is enrolled where?"}, (*book).mapFigure},
	{FigureInfo{"08-paired-differences", "Did scenarios really differ?"}, (*book).pairsFigure},
	{FigureInfo{"09-cost-by-setting", "What is the money spent on?"}, (*book).costFigure},
	{FigureInfo{"10-winners-and-losers", "Who gains and who loses?"}, (*book).groupsFigure},
	{FigureInfo{"11-how-sure", "How sure are we?"}, (*book).sureFigure},
	{FigureInfo{"12-entry-exit-merger", "Which organisations come, go and join?"}, (*book).eventsFigure},
	{FigureInfo{"13-groups-by-hospitals", "Which groups share which hospitals?"}, (*book).tilesFigure},
	{FigureInfo{"14-six-aims", "Is care better in each of its six aims?"}, (*book).aimsFigure},
	{FigureInfo{"15-cost-by-payer", "Who pays for staff and supplies?"}, (*book).payersFigure},
	{FigureInfo{"16-patient-flows", "Who goes where, inside and outside one organisation?"}, (*book).flowsFigure},
	{FigureInfo{"17-concentration-map", "Where does one organisation dominate hospital care?"}, (*book).expectedConcentration},
	{FigureInfo{"18-equity", "Do the deprived and the rural fare differently?"}, (*book).slopesFigure},
	{FigureInfo{"19-targets", "Does it fit what was published?"}, (*book).targetsFigure},
	{FigureInfo{"20-coexistence-map", "Where do competition and integration coexist, and how surely?"}, (*book).coexistenceFigure},
	{FigureInfo{"21-coexistence-quality", "Is care better with both, at no higher cost?"}, (*book).coexistenceQualityFigure},
	{FigureInfo{"22-what-matters-most", "What matters most?"}, (*book).influenceFigure},
	{FigureInfo{"23-enrolment-concentration", "Where does one system dominate enrolment?"}, (*book).enrolledConcentration},
}

// Figures lists the names of the figures and the questions that they answer.
func Figures() []FigureInfo {
	var all []FigureInfo
	for _, m := range standard {
		all = append(all, m.FigureInfo)
	}
	return all
}

// Standard makes every figure for which d has rows, in the order of Figures.
func Standard(d *Data) ([]*Figure, error) {
	b := read(d.clone(), Needs)
	var all []*Figure
	for _, m := range standard {
		if f := m.make(b); f != nil {
			f.say()
			all = append(all, f)
		}
	}
	if len(all) == 0 {
		return nil, errNothing
	}
	return all, nil
}
