package place

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	mathbits "math/bits"
)

// packed begins a packed place; the number is that of the format.
const packed = "coexist place 3\n"

// largestPacked is how long a packed place may be, in bytes: all of England is shorter.
const largestPacked = 8 << 20

// Pack writes the place that a name means (see Resolve) for programs that have no tables of England,
// such as the page: columns of what cannot be worked out, in few bytes once compressed. Unpack works
// out the rest.
func (e *England) Pack(name string, out io.Writer) error {
	p, err := e.draft(name)
	if err != nil {
		return err
	}
	f := form{b: []byte(packed)}
	f.place(p, &e.travel)
	if f.err != nil {
		return f.err
	}
	_, err = out.Write(f.b)
	return err
}

// Unpack reads what Pack wrote and returns the place that Resolve returns for the same name, to the
// bit on every processor. An error says what is wrong with the bytes or with the place.
func Unpack(in io.Reader) (*Place, error) {
	b, err := io.ReadAll(io.LimitReader(in, largestPacked+1))
	if err != nil {
		return nil, fmt.Errorf("place: %w", err)
	}
	if len(b) > largestPacked || len(b) < len(packed) || string(b[:len(packed)]) != packed {
		return nil, fmt.Errorf("place: %d bytes that begin with %.20q, want %q and at most %d", len(b), b[:min(len(b), len(packed))], packed, largestPacked)
	}
	f := form{reading: true, b: b[len(packed):]}
	p, t := new(Place), new(travel)
	f.place(p, t)
	if f.err == nil && len(f.b) > 0 {
		f.fault("%d bytes after the end, want none", len(f.b))
	}
	if f.err != nil {
		return nil, f.err
	}
	if err := t.setLimits(); err != nil {
		return nil, fmt.Errorf("place: %w", err)
	}
	if err := p.checkDraft(); err != nil {
		return nil, err
	}
	if p, err = p.finish(t); err != nil {
		return nil, err
	}
	if err := p.Check(); err != nil {
		return nil, err
	}
	return p, nil
}

// form writes a place or reads it, so that each column is named once. What is written or read goes to
// the end or comes from the beginning of b. After the first fault it does nothing.
type form struct {
	reading bool
	b       []byte
	err     error
}

func (f *form) fault(format string, args ...any) {
	if f.err == nil {
		f.err = fmt.Errorf("place: "+format, args...)
	}
}

// place is everything of a draft, and the times of travel.
func (f *form) place(p *Place, t *travel) {
	f.texts(1, func(int) *string { return &p.Code })
	f.texts(1, func(int) *string { return &p.Name })
	f.flags(1, func(int) *bool { return &p.Synthetic })
	for o := range t.bands {
		list := sized(f, &t.bands[o])
		f.reals(len(list), func(i int) *float64 { return &list[i].km })
		f.reals(len(list), func(i int) *float64 { return &list[i].minutes })
	}
	districts := sized(f, &p.Districts)
	f.texts(len(districts), func(i int) *string { return &districts[i].Code })
	f.texts(len(districts), func(i int) *string { return &districts[i].Name })
	f.texts(len(districts), func(i int) *string { return &districts[i].Region })
	f.areas(p)
	f.practices(p)
	f.hospitals(p)
	f.health(&p.Health)
	f.drawing(p)
}

// areas are the areas; their residents are the sum over ages, and those of districts over areas.
func (f *form) areas(p *Place) {
	list := sized(f, &p.Areas)
	n := len(list)
	f.texts(n, func(i int) *string { return &list[i].Code })
	f.texts(n, func(i int) *string { return &list[i].Name })
	f.texts(n, func(i int) *string { return &list[i].ICB })
	f.texts(n, func(i int) *string { return &list[i].Region })
	f.texts(n, func(i int) *string { return &list[i].RUC })
	wholes(f, n, func(i int) *uint16 { return &list[i].District })
	f.flags(n, func(i int) *bool { return &list[i].Rural })
	f.reals(n, func(i int) *float64 { return &list[i].Easting })
	f.reals(n, func(i int) *float64 { return &list[i].Northing })
	for b := range Ages {
		wholes(f, n, func(i int) *int32 { return &list[i].ByAge[b] })
	}
	wholes(f, n, func(i int) *uint8 { return &list[i].IMDDecile })
	scores := make([]float64, n)
	for i := range list {
		scores[i] = shortest(list[i].IMDScore)
	}
	f.reals(n, func(i int) *float64 { return &scores[i] })
	if !f.reading {
		return
	}
	for i := range list {
		a := &list[i]
		a.IMDScore = float32(scores[i])
		for _, k := range a.ByAge {
			a.Residents += k
		}
		if int(a.District) < len(p.Districts) {
			p.Districts[a.District].Residents += a.Residents
		}
	}
}

// practices are the practices with their lists as before the fit.
func (f *form) practices(p *Place) {
	list := sized(f, &p.Practices)
	n := len(list)
	f.texts(n, func(i int) *string { return &list[i].Code })
	f.texts(n, func(i int) *string { return &list[i].Name })
	f.texts(n, func(i int) *string { return &list[i].ICB })
	f.reals(n, func(i int) *float64 { return &list[i].Easting })
	f.reals(n, func(i int) *float64 { return &list[i].Northing })
	wholes(f, n, func(i int) *int32 { return &list[i].List })
	wholes(f, n, func(i int) *uint16 { return &list[i].Area })
	wholes(f, n, func(i int) *uint16 { return &list[i].District })
}

func (f *form) hospitals(p *Place) {
	trusts := sized(f, &p.Trusts)
	f.texts(len(trusts), func(i int) *string { return &trusts[i].Code })
	f.texts(len(trusts), func(i int) *string { return &trusts[i].Name })
	list := sized(f, &p.Hospitals)
	n := len(list)
	f.texts(n, func(i int) *string { return &list[i].Code })
	f.texts(n, func(i int) *string { return &list[i].Name })
	f.texts(n, func(i int) *string { return &list[i].Kind })
	wholes(f, n, func(i int) *uint16 { return &list[i].Trust })
	f.reals(n, func(i int) *float64 { return &list[i].Easting })
	f.reals(n, func(i int) *float64 { return &list[i].Northing })
	wholes(f, n, func(i int) *int32 { return &list[i].Beds })
	f.flags(n, func(i int) *bool { return &list[i].HasAE })
	wholes(f, n, func(i int) *uint16 { return &list[i].Lines })
	f.flags(n, func(i int) *bool { return &list[i].Outside })
	f.reals(n, func(i int) *float64 { return &list[i].InsideShare })
	wholes(f, n, func(i int) *uint16 { return &list[i].District })
}

func (f *form) health(h *Health) {
	for sex := range h.Death {
		f.reals(len(h.Death[sex]), func(i int) *float64 { return &h.Death[sex][i] })
	}
	list := sized(f, &h.Conditions)
	n := len(list)
	f.texts(n, func(i int) *string { return &list[i].Code })
	f.texts(n, func(i int) *string { return &list[i].Name })
	wholes(f, n, func(i int) *int { return &list[i].FromAge })
	wholes(f, n, func(i int) *int { return &list[i].ToAge })
	for d := range 10 {
		f.reals(n, func(i int) *float64 { return &list[i].ByDecile[d] })
		f.reals(Ages, func(b int) *float64 { return &h.AgeByDecile[d][b] })
	}
}

// drawing is what serves to draw the place.
func (f *form) drawing(p *Place) {
	rings := sized(f, &p.Outline)
	f.texts(len(rings), func(i int) *string { return &rings[i].Of })
	for r := range rings {
		points := sized(f, &rings[r].Points)
		for axis := range 2 {
			f.reals(len(points), func(i int) *float64 { return &points[i][axis] })
		}
	}
	towns := sized(f, &p.Towns)
	f.texts(len(towns), func(i int) *string { return &towns[i].Name })
	f.reals(len(towns), func(i int) *float64 { return &towns[i].Easting })
	f.reals(len(towns), func(i int) *float64 { return &towns[i].Northing })
	wholes(f, len(towns), func(i int) *int32 { return &towns[i].Population })
}

// take returns the next n bytes, nil after a fault.
func (f *form) take(n int) []byte {
	if f.err == nil && (n < 0 || n > len(f.b)) {
		f.fault("ends early, want %d bytes more", n-len(f.b))
	}
	if f.err != nil {
		return nil
	}
	b := f.b[:n]
	f.b = f.b[n:]
	return b
}

// whole is one number from 0.
func (f *form) whole(v int) int {
	if !f.reading {
		f.b = binary.AppendUvarint(f.b, uint64(v))
		return v
	}
	u, n := binary.Uvarint(f.b)
	if n <= 0 || u > math.MaxInt32 {
		f.fault("a number of %d bytes that is too large or cut short", n)
		return 0
	}
	f.take(n)
	return int(u)
}

// sized is a list, which is made when reading; its columns follow.
func sized[T any](f *form, list *[]T) []T {
	n := f.whole(len(*list))
	if n > math.MaxUint16 {
		f.fault("a list of %d entries, want at most %d", n, math.MaxUint16)
		return nil
	}
	if f.reading && f.err == nil && n > 0 {
		if n > len(f.b) { // each entry takes a byte or more
			f.fault("a list of %d entries in %d bytes", n, len(f.b))
			return nil
		}
		*list = make([]T, n)
	}
	return *list
}

// texts is a column of texts, each by how much it shares with the one before and the rest.
func (f *form) texts(n int, at func(i int) *string) {
	before := ""
	for i := range n {
		text := at(i)
		same := 0
		for same < min(len(before), len(*text)) && before[same] == (*text)[same] {
			same++
		}
		same = f.whole(same)
		rest := f.whole(len(*text) - min(same, len(*text)))
		if !f.reading {
			f.b = append(f.b, (*text)[same:]...)
		} else if b := f.take(rest); same > len(before) {
			f.fault("a text shares %d letters with one of %d", same, len(before))
		} else if f.err == nil {
			*text = before[:same] + string(b)
		}
		if f.err != nil {
			return
		}
		before = *text
	}
}

// flags is a column of yes and no, a byte each.
func (f *form) flags(n int, at func(i int) *bool) {
	if !f.reading {
		for i := range n {
			if *at(i) {
				f.b = append(f.b, 1)
			} else {
				f.b = append(f.b, 0)
			}
		}
		return
	}
	for i, v := range f.take(n) {
		if v > 1 {
			f.fault("yes or no is %d, want 0 or 1", v)
		}
		*at(i) = v == 1
	}
}

// wholes is a column of whole numbers.
func wholes[T int | int32 | uint16 | uint8](f *form, n int, at func(i int) *T) {
	list := make([]int64, n)
	if !f.reading {
		for i := range list {
			list[i] = int64(*at(i))
		}
	}
	f.planes(list)
	if !f.reading || f.err != nil {
		return
	}
	for i, v := range list {
		*at(i) = T(v)
		if int64(*at(i)) != v {
			f.fault("a number is %d, too large for its column", v)
		}
	}
}

// planes is a column of whole numbers as the lowest bytes of all, then the next ones, as many as the
// largest needs: like bytes lie together, which compresses well. If the differences from one number
// to the next are smaller, they are written instead. Signs are in the lowest bit.
func (f *form) planes(list []int64) {
	if f.reading {
		f.readPlanes(list)
		return
	}
	steps := make([]int64, len(list))
	before := int64(0)
	var all, gaps uint64 // the bits in use
	var long, short int  // how many each way takes
	for i, v := range list {
		steps[i] = v - before
		before = v
		all, gaps = all|zigzag(v), gaps|zigzag(steps[i])
		long, short = long+mathbits.Len64(zigzag(v)), short+mathbits.Len64(zigzag(steps[i]))
	}
	how, used := byte(0), all
	if short < long {
		list, how, used = steps, 1, gaps
	}
	width := max(1, (mathbits.Len64(used)+7)/8)
	f.b = append(f.b, byte(width<<1)|how)
	for k := range width {
		for _, v := range list {
			f.b = append(f.b, byte(zigzag(v)>>(8*k)))
		}
	}
}

func (f *form) readPlanes(list []int64) {
	head := f.take(1)
	if f.err != nil {
		return
	}
	width, steps := int(head[0]>>1), head[0]&1 == 1
	if width < 1 || width > 8 {
		f.fault("numbers of %d bytes, want 1 to 8", width)
		return
	}
	b := f.take(width * len(list))
	if f.err != nil {
		return
	}
	before := int64(0)
	for i := range list {
		var u uint64
		for k := range width {
			u |= uint64(b[k*len(list)+i]) << (8 * k)
		}
		list[i] = int64(u>>1) ^ -int64(u&1)
		if steps {
			list[i] += before
			before = list[i]
		}
	}
}

// zigzag puts the sign into the lowest bit.
func zigzag(v int64) uint64 { return uint64(v)<<1 ^ uint64(v>>63) }

// mostDecimals is how many decimals the numbers of a column may have to be written as whole numbers.
const mostDecimals = 9

// reals is a column of numbers: as whole numbers over a power of ten where they all are such, else bit
// by bit. A quotient of two whole numbers is the same on every processor.
func (f *form) reals(n int, at func(i int) *float64) {
	list := make([]int64, n)
	decimals := 0
	if !f.reading {
		for decimals <= mostDecimals && !quotients(list, math.Pow10(decimals), at) {
			decimals++
		}
		if decimals > mostDecimals {
			for i := range list {
				list[i] = int64(math.Float64bits(*at(i)))
			}
		}
	}
	decimals = f.whole(decimals)
	f.planes(list)
	if !f.reading || f.err != nil {
		return
	}
	for i, v := range list {
		x := math.Float64frombits(uint64(v))
		if decimals <= mostDecimals {
			x = float64(v) / math.Pow10(decimals)
		}
		if math.IsNaN(x) || math.IsInf(x, 0) {
			f.fault("a number is %g, want one with an end", x)
		}
		*at(i) = x
	}
}

// quotients fills list with numbers times scale and reports whether dividing gives them all back.
func quotients(list []int64, scale float64, at func(i int) *float64) bool {
	for i := range list {
		x := *at(i)
		v := math.Round(x * scale)
		if math.Abs(v) > 1<<53 || v/scale != x || v == 0 && math.Signbit(x) {
			return false
		}
		list[i] = int64(v)
	}
	return true
}

// shortest is the number with the fewest decimals that a float32 stands for.
func shortest(x float32) float64 {
	for d := range mostDecimals + 1 {
		scale := math.Pow10(d)
		if v := math.Round(float64(x)*scale) / scale; float32(v) == x {
			return v
		}
	}
	return float64(x)
}
