package place

import (
	"fmt"
	"math"
)

// An origin class has travel times of its own; the order is that of originNames.
const (
	london = iota
	urban
	ruralNearer
	ruralFurther
	origins
)

var originNames = [origins]string{"london", "urban", "rural_nearer", "rural_further"}

// beyond is the slope of the published straight-line fits, minutes per km, by origin class; it
// continues the medians beyond their last band (50 km).
var beyond = [origins]float64{1.01, 0.96, 0.98, 1.04}

// atDoor is the time of a trip of no length in minutes: parking and walking. Short trips take 7 to
// 9 minutes in the tables; the line from here meets the first band of each class.
const atDoor = 7

// reachMinutes is how far a patient may be sent: sites within it are options.
const reachMinutes = 60

// travel turns straight-line distance into minutes by car.
type travel struct {
	bands [origins][]band
	limit [origins]int64 // largest distance within reachMinutes, in m
}

// band is the median of the trips of one band of distance.
type band struct{ km, minutes float64 }

// setLimits finds for each class the distance that takes reachMinutes, after the bands are read.
// An error names a class whose bands do not rise.
func (t *travel) setLimits() error {
	for o, bands := range t.bands {
		last := band{0, atDoor}
		for _, b := range bands {
			if b.km <= last.km || b.minutes < last.minutes {
				return fmt.Errorf("origin %s: %g km in %g minutes after %g km in %g, want rising bands",
					originNames[o], b.km, b.minutes, last.km, last.minutes)
			}
			last = b
		}
		low, high := int64(0), int64(200_000)
		for low < high {
			mid := (low + high + 1) / 2
			if t.minutes(o, float64(mid)/1000) <= reachMinutes {
				low = mid
			} else {
				high = mid - 1
			}
		}
		t.limit[o] = low
	}
	return nil
}

// minutes returns the typical time by car for a straight line of km >= 0 from a home of the given
// class: linear between the medians of the bands, beyond the last with the slope of the fit.
func (t *travel) minutes(origin int, km float64) float64 {
	from := band{0, atDoor}
	for _, to := range t.bands[origin] {
		if km <= to.km {
			return from.minutes + float64((to.minutes-from.minutes)*((km-from.km)/(to.km-from.km)))
		}
		from = to
	}
	return from.minutes + float64(beyond[origin]*(km-from.km))
}

// origin returns the class of an area as a start of trips: London apart, else by the rural-urban
// classification.
func (a *Area) origin() int {
	switch {
	case a.Region == londonRegion:
		return london
	case !a.Rural:
		return urban
	case len(a.RUC) == 4 && a.RUC[2] == 'F':
		return ruralFurther
	}
	return ruralNearer
}

const londonRegion = "E12000007"

// metres2 returns the squared distance between two points in whole metres, exactly.
func metres2(e1, n1, e2, n2 float64) int64 {
	dx, dy := int64(e1)-int64(e2), int64(n1)-int64(n2)
	return dx*dx + dy*dy
}

// kilometres returns the length of which m2 is the square in m2.
func kilometres(m2 int64) float64 { return math.Sqrt(float64(m2)) / 1000 }
