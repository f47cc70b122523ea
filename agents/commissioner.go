package agents

// Commissioner buys care for the residents of a district: a primary care trust.
type Commissioner struct {
	Party      int32
	Population int32      // residents in the world
	Residual   int32      // of them enrolled in no system
	Spent      int64      // of the year so far, pence
	History    [3]float64 // spending of each of the last three years, pence a head, the latest last; 0 = none
	Ratio      float64    // forecast over budget; above 1 no extra slots
	Deficit    int64      // carried, pence
	Sharpness  float64    // 0 to 1
	Weight     float64    // mean risk weight of its residents
}
