package agents

// Regulator sets prices, publishes information, rules on mergers and deals with failure.
type Regulator struct {
	Ratings   int64 // times that ratings were published
	Barred    int64 // mergers barred
	BailedOut int64 // pence paid to failing organisations and to commissioners beyond what they carry over
}
