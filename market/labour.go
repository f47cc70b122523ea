package market

import (
	"coexist/agents/chance"
	"coexist/configs"
)

// Post is what a clinician is offered by one organisation.
type Post struct {
	Income   float64 // GBP a year, > 0
	Load     float64 // work against what is usual, 0 = as usual, in units of utility
	Autonomy float64 // autonomy lost, 0 = own master to 1 = employed without a say
	Current  bool    // where the clinician works now
}

// Value returns the utility of a post: income ln(GBP) - load - autonomy lost + staying.
func (p Post) Value(c configs.Labour) float64 {
	v := float64(c.Income*chance.Log(p.Income)) - p.Load - float64(c.Autonomy*p.Autonomy)
	if p.Current {
		v += c.Stay
	}
	return v
}

// Week is how a clinician divides the ten tenths of a week between at most two organisations.
type Week struct {
	Main, Second int // index of the organisation; Second is -1 if there is one only
	Tenths       int // tenths of the week at Main, 1 to 10; the rest at Second
}

// noPost stands for the organisation where a week has no main or no second post.
const noPost = -1

// DivideWeek returns the week of a clinician whose logit probabilities of the posts are p: the two
// likeliest, in proportion to their probabilities, in whole tenths. Below one tenth the second is
// left out. Ties go to the lower index. Main is -1 without posts.
func DivideWeek(p []float64) Week {
	w := Week{Main: noPost, Second: noPost, Tenths: 10}
	for i, x := range p {
		if x > 0 && (w.Main == noPost || x > p[w.Main]) {
			w.Main = i
		}
	}
	for i, x := range p {
		if i != w.Main && x > 0 && (w.Second == noPost || x > p[w.Second]) {
			w.Second = i
		}
	}
	if w.Second != noPost {
		w.Tenths = int(round(10 * p[w.Main] / (p[w.Main] + p[w.Second])))
	}
	if w.Tenths == 10 {
		w.Second = noPost
	}
	return w
}
