package market

// Block pays a fixed sum a year, whatever is done.
type Block struct{}

// Pay returns the week's part of the block. The 52 parts of a year sum to the block exactly.
func (Block) Pay(a Activity, t Terms) Pence {
	return weekPart(t.Block, a.Week)
}

// weekPart returns the part of a yearly sum that falls on a week of the year, 0 to 51.
func weekPart(year Pence, week int32) Pence {
	paid := mulDiv(int64(year), int64(week), weeksPerYear)
	return Pence(mulDiv(int64(year), int64(week)+1, weeksPerYear) - paid)
}
