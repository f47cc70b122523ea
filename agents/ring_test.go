package agents

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestRingHoldsTheLastTwelveContacts(t *testing.T) {
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 1))
		var r Ring
		var want []uint8
		for range rng.IntN(40) {
			who := uint8(rng.IntN(MaxClinicians + 1))
			r = r.Add(who, 0)
			want = append(want, who)
			want = want[max(len(want)-ringSize, 0):]
			var buf [ringSize]uint8
			if got := r.Sequence(&buf); !slices.Equal(got, want) {
				t.Fatalf("seed %d: contacts %v, want %v", seed, got, want)
			}
			same := 0
			for _, w := range want {
				if w == want[0] {
					same++
				}
			}
			if got, want := r.Usual(want[0]), float32(same)*reciprocal[len(want)]; got != want {
				t.Fatalf("seed %d: usual share %v, want %v", seed, got, want)
			}
		}
	}
}

func TestRingForgetsTheYearBeforeLast(t *testing.T) {
	r := Ring(0).Add(1, 0).Add(2, 0).Add(3, 1)
	if got := r.Age(2).Len(); got != 1 {
		t.Errorf("%d contacts after two years, want the one of last year", got)
	}
	if got := r.Age(1).Len(); got != 3 {
		t.Errorf("%d contacts after one year, want all 3", got)
	}
	if got := Ring(0).Age(1); got != 0 {
		t.Errorf("an empty ring became %v", got)
	}
}

// TestRingAge: contacts leave from the oldest on, as long as their year has the parity of the one that begins.
func TestRingAge(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 1))
	for range 100000 {
		n := rng.IntN(ringSize + 1)
		r := Ring(rng.Uint64())&(1<<(n*ringBits)-1) | Ring(n)<<ringCount
		for year := range 2 {
			left := n
			for left > 0 && int(r>>((left-1)*ringBits))&1 == year {
				left--
			}
			want := r&(1<<(left*ringBits)-1) | Ring(left)<<ringCount
			if got := r.Age(40 + year); got != want {
				t.Fatalf("ring %#x in year %d = %#x, want %#x", r, 40+year, got, want)
			}
		}
	}
}
