package fit

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/graph"
	"gonum.org/v1/gonum/graph/simple"
	"gonum.org/v1/gonum/graph/topo"
	"gonum.org/v1/gonum/mat"
)

// Option is one thing that the people of a group can choose.
type Option struct {
	Kind   int       // from 0; options of a kind share a constant, and a group has at most one of them
	X      []float64 // what the slopes multiply
	Chosen float64   // people of the group who chose it
	Share  float64   // of the group, as the logit predicts
}

const (
	rounds = 100   // at most; ten to twenty are needed
	stride = 4     // the longest step: a constant that is thrown further lands where no curvature calls it back
	small  = 1e-7  // a step after which, by its square, nothing is left to do
	digits = 1e-12 // of the loss, below which a fall is rounding
)

// Logit fits a conditional logit by maximum likelihood: slopes for all groups, and a constant for each of so
// many kinds of options. It fills in the shares. ok is false where nobody chose, where slopes cannot be told
// apart, and where the likelihood rises along one for ever; the shares then mean nothing.
//
// The search is Newton's with halved steps, which ends by the step: a gradient fades too where a slope runs
// off. That of gonum has no longest step, and on the towns of East Midlands does not end.
func Logit(groups [][]Option, kinds int) (slopes []float64, ok bool) {
	l := newLogit(groups, kinds)
	n := l.constants + l.slopes
	if n == 0 {
		return nil, false
	}
	at, next, score := make([]float64, n), make([]float64, n), make([]float64, n)
	step, info := mat.NewVecDense(n, nil), mat.NewSymDense(n, nil)
	var chol mat.Cholesky
	for range rounds {
		before := l.loss(at)
		l.gradient(score, at)
		l.curvature(info, at)
		if !chol.Factorize(info) || chol.SolveVecTo(step, mat.NewVecDense(n, score)) != nil {
			return nil, false
		}
		longest := mat.Norm(step, math.Inf(1))
		size := min(1, stride/longest)
		floats.AddScaledTo(next, at, -size, step.RawVector().Data)
		for !(l.loss(next) <= before*(1+digits)) {
			if size /= 2; size < digits {
				return nil, false
			}
			floats.AddScaledTo(next, at, -size, step.RawVector().Data)
		}
		if at, next = next, at; longest < small {
			l.fill()
			return at[l.constants:], true
		}
	}
	return nil, false
}

// logit is the likelihood of choices. Its parameters are the constants that are not held at 0, and the slopes.
type logit struct {
	groups    []logitGroup
	people    float64
	constants int
	slopes    int
}

type logitGroup struct {
	people  float64
	options []*Option
	of      []int       // the parameters that its options hang on
	x       [][]float64 // by option, what each of these is multiplied by
	mean    []float64   // of x over the people, as last predicted
	share   []float64   // by option, as last predicted
}

// newLogit leaves out what a maximum does not hang on: groups of nobody, and options that leagues rule out. The
// constant by which a league is named is held at 0, since only differences within it show.
func newLogit(groups [][]Option, kinds int) *logit {
	l := &logit{}
	league := leagues(groups, kinds)
	constant := make([]int, kinds)
	for kind := range constant {
		if constant[kind] = l.constants; league[kind] != kind {
			l.constants++
		}
	}
	for _, options := range groups {
		g, in := logitGroup{}, -1
		for k := range options {
			if options[k].Share = 0; options[k].Chosen > 0 {
				g.people += options[k].Chosen
				in = league[options[k].Kind]
			}
		}
		if in < 0 {
			continue
		}
		for k, o := range options {
			if league[o.Kind] != in {
				continue
			}
			g.options = append(g.options, &options[k])
			if o.Kind != in {
				g.of = append(g.of, constant[o.Kind])
			}
		}
		free := len(g.of)
		l.slopes = len(options[0].X)
		for s := range l.slopes {
			g.of = append(g.of, l.constants+s)
		}
		at := 0
		for _, o := range g.options {
			x := make([]float64, len(g.of))
			if copy(x[free:], o.X); o.Kind != in {
				x[at] = 1
				at++
			}
			g.x = append(g.x, x)
		}
		g.mean, g.share = make([]float64, len(g.of)), make([]float64, len(g.options))
		l.groups, l.people = append(l.groups, g), l.people+g.people
	}
	return l
}

// leagues names the league of each kind by its most chosen one, whose constant is the surest. A kind beats
// another where it was chosen and the other could have been; a league is a largest set whose members all beat
// each other, if only by way of others. Where a group chose from one league, options of another lose to it and
// never win: the likelihood rises as their constants part without end, towards that of a choice without these
// options. So a finite maximum exists within leagues, and only there (Ford 1957 for choices of two). A kind that
// nobody chose is a league by itself, as is one that all chose wherever they could.
func leagues(groups [][]Option, kinds int) []int {
	beats := simple.NewDirectedGraph()
	people := make([]float64, kinds)
	for _, options := range groups {
		for _, o := range options {
			people[o.Kind] += o.Chosen
		}
		first := slices.IndexFunc(options, func(o Option) bool { return o.Chosen > 0 })
		if first < 0 {
			continue
		}
		chosen := simple.Node(options[first].Kind)
		for k, o := range options {
			if k == first {
				continue
			}
			other := simple.Node(o.Kind)
			beats.SetEdge(simple.Edge{F: chosen, T: other})
			if o.Chosen > 0 {
				beats.SetEdge(simple.Edge{F: other, T: chosen})
			}
		}
	}
	league := make([]int, kinds)
	for kind := range league {
		league[kind] = kind
	}
	for _, members := range topo.TarjanSCC(beats) {
		most := slices.MinFunc(members, func(a, b graph.Node) int {
			return cmp.Or(cmp.Compare(people[b.ID()], people[a.ID()]), cmp.Compare(a.ID(), b.ID()))
		}).ID()
		for _, m := range members {
			league[m.ID()] = int(most)
		}
	}
	return league
}

// fill hands out the shares as last predicted.
func (l *logit) fill() {
	for _, g := range l.groups {
		for k, o := range g.options {
			o.Share = g.share[k]
		}
	}
}

// loss is minus the log-likelihood of a person.
func (l *logit) loss(at []float64) float64 {
	sum := 0.0
	for i := range l.groups {
		g := &l.groups[i]
		clear(g.mean)
		for k, x := range g.x {
			g.share[k] = 0
			for a, of := range g.of {
				g.share[k] += at[of] * x[a]
			}
		}
		all := floats.LogSumExp(g.share)
		for k, x := range g.x {
			sum += g.options[k].Chosen * (all - g.share[k])
			g.share[k] = math.Exp(g.share[k] - all)
			floats.AddScaled(g.mean, g.share[k], x)
		}
	}
	return sum / l.people
}

// gradient is that of the loss.
func (l *logit) gradient(gradient, at []float64) {
	l.loss(at)
	clear(gradient)
	for _, g := range l.groups {
		for k, x := range g.x {
			miss := (g.people*g.share[k] - g.options[k].Chosen) / l.people
			for a, of := range g.of {
				gradient[of] += miss * x[a]
			}
		}
	}
}

// curvature is the information of a person.
func (l *logit) curvature(info *mat.SymDense, at []float64) {
	l.loss(at)
	info.Zero()
	for _, g := range l.groups {
		for a, row := range g.of {
			for b, column := range g.of[:a+1] {
				sum := 0.0
				for k, x := range g.x {
					sum += g.share[k] * (x[a] - g.mean[a]) * (x[b] - g.mean[b])
				}
				info.SetSym(row, column, info.At(row, column)+sum*g.people/l.people)
			}
		}
	}
}
