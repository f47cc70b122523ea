package agents

// Regulator sets prices, publishes information, rules on mergers and deals with failure.
type Regulator struct {
	Party     int32
	Ratings   int64 // ratings published
	Barred    int64 // mergers barred
	BailedOut int64 // pence paid to failing providers
}
