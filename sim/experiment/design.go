package experiment

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distmv"
	"gonum.org/v1/gonum/stat/samplemv"

	"coexist/configs"
)

// Kind is how a design lays out its points.
type Kind string

// The kinds of design.
const (
	Grid     Kind = "grid"     // every combination; the last axis changes fastest
	List     Kind = "list"     // row i has the i-th value of every axis
	LHS      Kind = "lhs"      // Latin hypercube: each axis is cut into n strata of which each is met once
	Halton   Kind = "halton"   // Halton sequence with Owen's scrambling: even in all axes together
	Morris   Kind = "morris"   // n trajectories that change one axis a step, for elementary effects
	Saltelli Kind = "saltelli" // n blocks of k + 2 rows, for Sobol indices of first and total order
)

// Kinds lists the kinds of design by name.
func Kinds() []string {
	var names []string
	for _, k := range []Kind{Grid, List, LHS, Halton, Morris, Saltelli} {
		names = append(names, string(k))
	}
	return names
}

const (
	morrisLevels = 4 // of the unit interval in a Morris design, even; the jump is levels/(2(levels-1))
	digits       = 6 // significant digits of a value from a range
	maxRows      = 10_000_000
	designStream = 0x636f6578 // tells designs apart from other users of a seed
)

// Axis is one parameter of a design, by name: a range or a list of values.
type Axis struct {
	Name   string   `json:"name"`             // key of the parameter, such as choice.minutes
	Low    float64  `json:"low,omitempty"`    // of a range, in the parameter's unit
	High   float64  `json:"high,omitempty"`   // of a range, more than Low
	Values []string `json:"values,omitempty"` // as they would follow --set; nil: a range
	Scale  string   `json:"scale,omitempty"`  // of a range: linear (or empty) or log, which needs Low > 0
	Joint  string   `json:"joint,omitempty"`  // axes of one name take their values together, as draws of a posterior do
	Whole  bool     `json:"whole,omitempty"`  // a range gives whole numbers; newDesign sets it where the parameter is an integer
}

// Design is a table of points in the space of its axes, with what the analysis of it needs.
type Design struct {
	Kind   Kind        `json:"kind"`
	Axes   []Axis      `json:"axes"`
	N      int         `json:"n"`               // as asked: levels, rows, trajectories or blocks
	Seed   uint64      `json:"seed"`            // of what is random in it
	Points [][]string  `json:"points"`          // [row][axis]: the value as it would follow --set
	Units  [][]float64 `json:"units,omitempty"` // [row][factor]: where in the unit cube the point lies; nil for grid and list
}

// Rows is the number of points.
func (d *Design) Rows() int { return len(d.Points) }

// Check says what no design of newDesign has: a point without a value for each axis, or without its place
// in the unit cube where the others have one.
func (d *Design) Check() error {
	factors := len(d.Factors())
	if d.Units != nil && len(d.Units) != len(d.Points) {
		return fmt.Errorf("design: %d points in the unit cube, want %d", len(d.Units), len(d.Points))
	}
	for i, p := range d.Points {
		if len(p) != len(d.Axes) {
			return fmt.Errorf("design: point %d has %d values, want %d", i+1, len(p), len(d.Axes))
		}
		if d.Units != nil && len(d.Units[i]) != factors {
			return fmt.Errorf("design: point %d has %d coordinates, want %d", i+1, len(d.Units[i]), factors)
		}
	}
	return nil
}

// Factors names what varies by itself, in the order of axes: an axis, or axes that vary together
// under the name that joins them.
func (d *Design) Factors() []string {
	names, _ := factors(d.Axes)
	return names
}

// factors returns the names of factors and the factor of each axis.
func factors(axes []Axis) (names []string, of []int) {
	for _, a := range axes {
		i := -1
		if a.Joint != "" {
			i = slices.Index(names, a.Joint)
		}
		if i < 0 {
			i = len(names)
			name := a.Joint
			if name == "" {
				name = a.Name
			}
			names = append(names, name)
		}
		of = append(of, i)
	}
	return names, of
}

// newDesign returns a design of a kind over axes. What n counts depends on the kind: grid, levels of
// each range (0 where all axes are lists); list, rows (0: all); lhs and halton, rows; morris,
// trajectories of k + 1 rows for k factors; saltelli, blocks of k + 2 rows. The same arguments give
// the same design on every machine. Everything that is wrong is reported at once, each fault matching
// configs.ErrInput.
func newDesign(kind Kind, axes []Axis, n int, seed uint64) (Design, error) {
	d := Design{Kind: kind, Axes: slices.Clone(axes), N: n, Seed: seed}
	for i := range d.Axes {
		if p, ok := configs.Explain(d.Axes[i].Name); ok && p.Type == "integer" {
			d.Axes[i].Whole = true
		}
	}
	if err := d.checkAxes(); err != nil {
		return Design{}, err
	}
	names, _ := factors(d.Axes)
	k := len(names)
	source := rand.NewPCG(seed, designStream)
	switch kind {
	case Grid:
		d.grid(k)
	case List:
		d.list()
	case LHS:
		batch := mat.NewDense(n, k, nil)
		samplemv.LatinHypercube{Q: distmv.NewUnitUniform(k, nil), Src: source}.Sample(batch)
		d.Units = rowsOf(batch)
	case Halton:
		d.Units = halton(n, k, source)
	case Morris:
		d.Units = trajectories(n, k, rand.New(source))
	case Saltelli:
		d.Units = blocks(halton(n, 2*k, source), k)
	}
	if d.Points == nil {
		for _, u := range d.Units {
			d.Points = append(d.Points, d.place(u))
		}
	}
	return d, nil
}

// checkAxes returns all that is wrong with kind, axes and n.
func (d *Design) checkAxes() error {
	var faults []error
	fault := func(format string, args ...any) {
		faults = append(faults, &configs.Fault{File: "design", Text: fmt.Sprintf(format, args...)})
	}
	if !slices.Contains(Kinds(), string(d.Kind)) {
		fault("kind = %q, want one of %v", d.Kind, Kinds())
	}
	if len(d.Axes) == 0 {
		fault("no axis, want at least one parameter")
	}
	ranges, length := 0, -1
	names, joint := map[string]bool{}, map[string]int{}
	for _, a := range d.Axes {
		if a.Name == "" || names[a.Name] {
			fault("axis %q is named twice or not at all, want each parameter once", a.Name)
		}
		names[a.Name] = true
		for _, text := range a.faults() {
			fault("axis %s: %s", a.Name, text)
		}
		if a.Values == nil {
			ranges++
			if a.Joint != "" {
				fault("axis %s is a range joined as %s, want a list of values", a.Name, a.Joint)
			}
			continue
		}
		if m, ok := joint[a.Joint]; a.Joint != "" && ok && m != len(a.Values) {
			fault("axis %s has %d values, want the %d of the others of %s", a.Name, len(a.Values), m, a.Joint)
		}
		joint[a.Joint] = len(a.Values)
		if d.Kind == List && length >= 0 && length != len(a.Values) {
			fault("axis %s has %d values, want %d as the first: a list goes row by row", a.Name, len(a.Values), length)
		}
		length = max(length, len(a.Values))
	}
	for name := range joint {
		if name != "" && names[name] {
			fault("axes are joined as %s, which is the name of an axis", name)
		}
	}
	d.checkSize(ranges, length, fault)
	return errors.Join(faults...)
}

// checkSize finds what is wrong with n, where ranges is the number of axes that are ranges and length
// that of the longest list.
func (d *Design) checkSize(ranges, length int, fault func(string, ...any)) {
	k := len(d.Factors())
	rows := float64(d.N)
	switch d.Kind {
	case Grid:
		if ranges > 0 && d.N < 2 {
			fault("n = %d, want 2 or more levels for a grid over ranges", d.N)
		}
		rows = 1
		seen := map[string]bool{}
		for _, a := range d.Axes {
			if a.Joint == "" || !seen[a.Joint] {
				rows *= float64(d.levels(a))
			}
			seen[a.Joint] = true
		}
	case List:
		if ranges > 0 {
			fault("%d axes are ranges, want lists of values for a list design", ranges)
		} else if d.N < 0 || d.N > length {
			fault("n = %d, want 0 (all) to the %d values of the lists", d.N, length)
		}
	case Morris:
		if d.N < 2 {
			fault("n = %d trajectories, want 2 or more", d.N)
		}
		rows *= float64(k + 1)
	case Saltelli:
		if d.N < 2 {
			fault("n = %d blocks, want 2 or more", d.N)
		}
		if 2*k > 1000 {
			fault("%d factors, want at most 500", k)
		}
		rows *= float64(k + 2)
	default:
		if d.N < 1 {
			fault("n = %d rows, want 1 or more", d.N)
		}
	}
	if rows > maxRows {
		fault("%.3g rows, want at most %d", rows, maxRows)
	}
}

// faults says what is wrong with one axis.
func (a *Axis) faults() []string {
	var list []string
	if a.Values != nil {
		if len(a.Values) == 0 {
			list = append(list, "no values, want at least one")
		}
		if a.Low != 0 || a.High != 0 || a.Scale != "" {
			list = append(list, "a range and a list of values, want one of them")
		}
		return list
	}
	if math.IsNaN(a.Low+a.High) || math.IsInf(a.Low+a.High, 0) || !(a.Low < a.High) {
		list = append(list, fmt.Sprintf("from %v to %v, want two numbers, the lower first", a.Low, a.High))
	}
	switch a.Scale {
	case "", "linear":
	case "log":
		if !(a.Low > 0) {
			list = append(list, fmt.Sprintf("a log scale from %v, want more than 0", a.Low))
		}
	default:
		list = append(list, fmt.Sprintf("scale = %q, want linear or log", a.Scale))
	}
	if a.Whole && (a.Low != math.Floor(a.Low) || a.High != math.Floor(a.High)) {
		list = append(list, fmt.Sprintf("from %v to %v, want whole numbers", a.Low, a.High))
	}
	return list
}

// at is the value of an axis at u in [0, 1]. Of a list, and of whole numbers on a linear scale, each
// has an equal stretch.
func (a *Axis) at(u float64) string {
	if a.Values != nil {
		return a.Values[min(int(u*float64(len(a.Values))), len(a.Values)-1)]
	}
	v := 0.0
	switch {
	case a.Scale == "log":
		v = a.Low * math.Pow(a.High/a.Low, u)
		if a.Whole {
			v = math.Round(v)
		}
	case a.Whole:
		v = min(a.Low+math.Floor(u*(a.High-a.Low+1)), a.High)
	default:
		v = a.Low + float64(u*(a.High-a.Low))
	}
	v, _ = strconv.ParseFloat(strconv.FormatFloat(v, 'g', digits, 64), 64)
	v = min(max(v, a.Low), a.High)
	if a.Whole {
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

// place is the point at u, one number a factor.
func (d *Design) place(u []float64) []string {
	_, of := factors(d.Axes)
	point := make([]string, len(d.Axes))
	for i := range d.Axes {
		point[i] = d.Axes[i].at(u[of[i]])
	}
	return point
}

// levels is how many values a grid takes of an axis.
func (d *Design) levels(a Axis) int {
	switch {
	case a.Values != nil:
		return len(a.Values)
	case a.Whole:
		return min(d.N, int(a.High-a.Low)+1)
	}
	return d.N
}

// grid sets the points of a full grid over k factors.
func (d *Design) grid(k int) {
	_, of := factors(d.Axes)
	count := make([]int, k)
	for i, a := range d.Axes {
		count[of[i]] = d.levels(a)
	}
	for index := make([]int, k); ; {
		point := make([]string, len(d.Axes))
		for i := range d.Axes {
			a, j := &d.Axes[i], index[of[i]]
			if a.Values != nil {
				point[i] = a.Values[j]
			} else {
				point[i] = a.level(j, count[of[i]])
			}
		}
		d.Points = append(d.Points, point)
		at := k - 1
		for ; at >= 0; at-- {
			if index[at]++; index[at] < count[at] {
				break
			}
			index[at] = 0
		}
		if at < 0 {
			return
		}
	}
}

// level is the j-th of n values of a range that include both ends.
func (a *Axis) level(j, n int) string {
	if n == 1 {
		return a.at(0)
	}
	u := float64(j) / float64(n-1)
	if a.Whole && a.Scale != "log" {
		return strconv.FormatFloat(math.Round(a.Low+float64(u*(a.High-a.Low))), 'f', 0, 64)
	}
	return a.at(u)
}

// list sets the points of a list.
func (d *Design) list() {
	rows := d.N
	if rows == 0 {
		rows = len(d.Axes[0].Values)
	}
	for r := range rows {
		point := make([]string, len(d.Axes))
		for i, a := range d.Axes {
			point[i] = a.Values[r]
		}
		d.Points = append(d.Points, point)
	}
}

// halton is n points of a scrambled Halton sequence in k dimensions.
func halton(n, k int, source rand.Source) [][]float64 {
	batch := mat.NewDense(n, k, nil) // Sample adds to what is there: it must be zero
	samplemv.Halton{Kind: samplemv.Owen, Q: distmv.NewUnitUniform(k, nil), Src: source}.Sample(batch)
	return rowsOf(batch)
}

// rowsOf copies a matrix into rows.
func rowsOf(m *mat.Dense) [][]float64 {
	n, _ := m.Dims()
	rows := make([][]float64, n)
	for i := range rows {
		rows[i] = slices.Clone(m.RawRowView(i))
	}
	return rows
}

// jump is the step of a trajectory.
func jump() float64 { return morrisLevels / (2. * (morrisLevels - 1)) }

// trajectories is n walks through the levels of the unit cube in k dimensions: each starts at random
// and moves along every axis once, up or down by the jump, in random order.
//
// Source: Morris, Technometrics 33(2):161-174, 1991.
func trajectories(n, k int, rng *rand.Rand) [][]float64 {
	var units [][]float64
	for range n {
		x, step := make([]float64, k), make([]float64, k)
		for i := range x {
			low := float64(rng.IntN(morrisLevels/2)) / (morrisLevels - 1)
			x[i], step[i] = low, low+jump()
			if rng.IntN(2) == 1 {
				x[i], step[i] = step[i], x[i]
			}
		}
		units = append(units, slices.Clone(x))
		for _, i := range rng.Perm(k) {
			x[i] = step[i]
			units = append(units, slices.Clone(x))
		}
	}
	return units
}

// blocks lays out rows of 2 k numbers, a point of A and one of B, as blocks of k + 2 points: A, then A
// with each factor in turn taken from B, then B.
//
// Source: Saltelli et al., Computer Physics Communications 181(2):259-270, 2010.
func blocks(base [][]float64, k int) [][]float64 {
	var units [][]float64
	for _, row := range base {
		a, b := row[:k], row[k:]
		units = append(units, slices.Clone(a))
		for i := range k {
			mixed := slices.Clone(a)
			mixed[i] = b[i]
			units = append(units, mixed)
		}
		units = append(units, slices.Clone(b))
	}
	return units
}
