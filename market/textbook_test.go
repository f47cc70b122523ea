package market

import "coexist/agents/chance"

// Demand is how people divide among symmetric firms of different quality: the textbook cases to
// which the learners are held.
type Demand interface {
	// People writes the expected number of people of each firm with qualities q, SD.
	People(q, people []float64)
	// Slope returns people gained per SD of own quality where n firms are equal.
	Slope(n int) float64
	// Rivals returns the quality of firm i's rivals, weighted by how much they share its people.
	Rivals(q []float64, i int) float64
	// Mass returns how many people there are.
	Mass() float64
}

// Salop is demand around a circle of length 1 on which n firms stand evenly: a person at distance x
// gets utility k q - t x.
type Salop struct {
	M    float64 // people
	K, T float64 // utility per SD of quality and per length
}

// People implements Demand. Every firm must keep some people between it and each neighbour.
func (d Salop) People(q, people []float64) {
	n := len(q)
	for i := range q {
		left, right := q[(i+n-1)%n], q[(i+1)%n]
		people[i] = float64(d.M * (1/float64(n) + d.K*(2*q[i]-left-right)/(2*d.T)))
	}
}

// Slope implements Demand: the number of firms drops out.
func (d Salop) Slope(int) float64 { return float64(d.M * d.K / d.T) }

// Rivals implements Demand: the two neighbours alone.
func (d Salop) Rivals(q []float64, i int) float64 {
	n := len(q)
	return (q[(i+n-1)%n] + q[(i+1)%n]) / 2
}

// Mass implements Demand.
func (d Salop) Mass() float64 { return d.M }

// Hotelling is demand along a line of length 1 with a firm at either end: two firms only.
type Hotelling Salop

// People implements Demand.
func (d Hotelling) People(q, people []float64) {
	first := clip(0.5+float64(d.K*(q[0]-q[1]))/(2*d.T), 0, 1)
	people[0], people[1] = float64(d.M*first), float64(d.M*(1-first))
}

// Slope implements Demand: half of Salop's, since there is one border, not two.
func (d Hotelling) Slope(int) float64 { return float64(d.M * d.K / (2 * d.T)) }

// Rivals implements Demand.
func (d Hotelling) Rivals(q []float64, i int) float64 { return q[1-i] }

// Mass implements Demand.
func (d Hotelling) Mass() float64 { return d.M }

// Logit is demand with shares proportional to exp(b q).
type Logit struct {
	M float64 // people
	B float64 // utility per SD of quality
}

// People implements Demand.
func (d Logit) People(q, people []float64) {
	sum := 0.0
	for i := range q {
		people[i] = chance.Exp(float64(d.B * (q[i] - q[0])))
		sum += people[i]
	}
	for i := range people {
		people[i] *= d.M / sum
	}
}

// Slope implements Demand: M b s (1 - s) at s = 1/n.
func (d Logit) Slope(n int) float64 {
	return float64(d.M*d.B*float64(n-1)) / float64(n*n)
}

// Rivals implements Demand: all others, equally.
func (d Logit) Rivals(q []float64, i int) float64 {
	if len(q) == 1 {
		return 0
	}
	sum := 0.0
	for j := range q {
		if j != i {
			sum += q[j]
		}
	}
	return sum / float64(len(q)-1)
}

// Mass implements Demand.
func (d Logit) Mass() float64 { return d.M }

// Firm is the textbook firm under a regulated price.
type Firm struct {
	Margin   float64 // p - c, GBP a person
	UnitCost float64 // dl: GBP a person per SD
	Altruism float64 // al v: GBP a person per SD
	Cost     float64 // g: GBP per squared SD, of the firm
	Fixed    float64 // F: GBP, of the firm
}

// NashQuality returns the quality of each of n symmetric firms where none gains by changing its own,
//
//	q* = [(p - c) b + (al v - dl) M/N] / [g + (dl - al v) b],  b the slope of demand,
//
// and 0 if that is negative. For Salop's demand without altruism and unit cost, n drops out.
// It panics if the denominator is not positive: then there is no equilibrium inside.
func NashQuality(d Demand, f Firm, n int) float64 {
	b := d.Slope(n)
	below := f.Cost + float64((f.UnitCost-f.Altruism)*b)
	if below <= 0 {
		panic("market: quality pays more than it costs, no equilibrium inside")
	}
	each := d.Mass() / float64(n)
	return max((float64(f.Margin*b)+float64((f.Altruism-f.UnitCost)*each))/below, 0)
}

// FreeEntry returns the largest number of symmetric firms, 2 to limit, at which each still covers
// its quality and fixed cost,
//
//	(p - c - dl q*) M/N >= ½ g q*² + F,
//
// or 0 if not even two do.
func FreeEntry(d Demand, f Firm, limit int) int {
	found := 0
	for n := 2; n <= limit; n++ {
		q := NashQuality(d, f, n)
		income := float64((f.Margin - float64(f.UnitCost*q)) * d.Mass() / float64(n))
		if income-float64(0.5*f.Cost*q*q) >= f.Fixed {
			found = n
		}
	}
	return found
}
