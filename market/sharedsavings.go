package market

// SharedSavings pays part of what a year of care cost less than expected. It is a yearly kind.
type SharedSavings struct{}

// Pay returns the share of S = benchmark - spend if S exceeds the minimum share of the benchmark,
// else 0: losses are not shared.
func (SharedSavings) Pay(a Activity, t Terms) Pence {
	saved := t.Benchmark - a.Spend
	if saved <= t.Benchmark.Times(t.SavingsMinimum) {
		return 0
	}
	return saved.Times(t.SavingsShare)
}

// Benchmark returns the spending expected of a year: the mean of the organisation's last three
// years (fewer if there are fewer; 0 if there are none; the last in the slice is the latest) times
// trend, 1 = no growth.
func Benchmark(own []Pence, trend float64) Pence {
	own = own[max(len(own)-3, 0):]
	if len(own) == 0 {
		return 0
	}
	var sum Pence
	for _, spend := range own {
		sum += spend
	}
	return Pence(round(float64(float64(sum) / float64(len(own)) * trend)))
}
