package market

// QualityPay pays a share of income for published quality.
type QualityPay struct{}

// Pay returns the share at risk times the income times clip(Q - Q0, 0, 1): nothing up to Q0, all of
// it from one SD above.
func (QualityPay) Pay(a Activity, t Terms) Pence {
	return a.Spend.Times(float64(t.QualityShare * clip(a.Quality-t.QualityFrom, 0, 1)))
}
