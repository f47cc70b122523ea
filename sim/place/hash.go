package place

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
)

// Hash returns the SHA-256 of everything in the place, in hexadecimal: two places with the same
// hash are the same. Each field is written in the order of the types, numbers in 8 bytes, texts
// and lists with their length before them.
func (p *Place) Hash() string {
	sum := sha256.New()
	w := encoder{w: bufio.NewWriterSize(sum, 1<<16)}
	w.text("coexist place 1", p.Code, p.Name)
	w.yes(p.Synthetic)
	w.whole(len(p.Areas))
	for i := range p.Areas {
		a := &p.Areas[i]
		w.text(a.Code, a.Name, a.ICB, a.Region, a.RUC)
		w.whole(int(a.District), int(a.Residents), int(a.IMDDecile))
		w.yes(a.Rural)
		w.real(a.Easting, a.Northing, float64(a.IMDScore))
		for _, n := range a.ByAge {
			w.whole(int(n))
		}
	}
	w.whole(len(p.Practices))
	for i := range p.Practices {
		q := &p.Practices[i]
		w.text(q.Code, q.Name, q.ICB)
		w.real(q.Easting, q.Northing)
		w.whole(int(q.List), int(q.GPs), int(q.Area), int(q.District))
	}
	w.whole(len(p.Hospitals))
	for i := range p.Hospitals {
		h := &p.Hospitals[i]
		w.text(h.Code, h.Name, h.Kind)
		w.real(h.Easting, h.Northing, h.InsideShare)
		w.whole(int(h.Trust), int(h.Beds), int(h.Lines), int(h.District))
		w.yes(h.HasAE)
		w.yes(h.Outside)
	}
	w.whole(len(p.Trusts))
	for _, t := range p.Trusts {
		w.text(t.Code, t.Name)
	}
	w.whole(len(p.Districts))
	for _, d := range p.Districts {
		w.text(d.Code, d.Name, d.Region)
		w.whole(int(d.Residents))
	}
	w.whole(len(p.Lists))
	for _, shares := range p.Lists {
		w.whole(len(shares))
		for _, s := range shares {
			w.whole(int(s.Practice))
			w.real(float64(s.Share))
		}
	}
	w.near(p.NearPractices)
	w.near(p.Reach)
	w.health(&p.Health)
	w.whole(len(p.Outline))
	for _, r := range p.Outline {
		w.text(r.Of)
		w.whole(len(r.Points))
		for _, xy := range r.Points {
			w.real(xy[0], xy[1])
		}
	}
	w.whole(len(p.Towns))
	for _, t := range p.Towns {
		w.text(t.Name)
		w.real(t.Easting, t.Northing)
		w.whole(int(t.Population))
	}
	w.w.Flush() // a hash takes every byte
	return hex.EncodeToString(sum.Sum(nil))
}

// encoder writes values in a form of their own, one after the other.
type encoder struct {
	w   *bufio.Writer
	buf [8]byte
}

func (e *encoder) near(lists [][]Near) {
	e.whole(len(lists))
	for _, near := range lists {
		e.whole(len(near))
		for _, n := range near {
			e.whole(int(n.Index))
			e.real(float64(n.Minutes), float64(n.Km))
		}
	}
}

func (e *encoder) health(h *Health) {
	e.real(h.Death[0][:]...)
	e.real(h.Death[1][:]...)
	e.whole(len(h.Conditions))
	for i := range h.Conditions {
		c := &h.Conditions[i]
		e.text(c.Code, c.Name)
		e.whole(c.FromAge, c.ToAge)
		e.real(c.ByDecile[:]...)
	}
	for d := range h.AgeByDecile {
		e.real(h.AgeByDecile[d][:]...)
	}
}

func (e *encoder) bits(v uint64) {
	binary.LittleEndian.PutUint64(e.buf[:], v)
	e.w.Write(e.buf[:])
}

func (e *encoder) whole(vs ...int) {
	for _, v := range vs {
		e.bits(uint64(v))
	}
}

func (e *encoder) real(vs ...float64) {
	for _, v := range vs {
		e.bits(math.Float64bits(v))
	}
}

func (e *encoder) yes(v bool) {
	if v {
		e.bits(1)
	} else {
		e.bits(0)
	}
}

func (e *encoder) text(texts ...string) {
	for _, t := range texts {
		e.whole(len(t))
		e.w.WriteString(t)
	}
}
