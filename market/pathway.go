package market

// Pathway pays one price for all care of a need, to the group that runs the pathway end to end.
type Pathway struct{}

// PathwayWeeks is how long the owner of a pathway pays for all of it, readmissions and failed
// handoffs included, from the week in which it began.
const PathwayWeeks = 26

// Pay returns the price of the pathways begun in the week.
func (Pathway) Pay(a Activity, t Terms) Pence {
	return Pence(a.Pathways) * t.Pathway
}
