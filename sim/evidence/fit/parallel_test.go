package fit

import (
	"context"
	"errors"
	"testing"
)

// TestParallel: each number is done once; of a call that fails the error is returned, not what the others, which it
// stops, say of that; after it nothing is begun that a stopped context would refuse.
func TestParallel(t *testing.T) {
	did := make([]int, 50)
	for _, workers := range []int{0, 1, 3, 99} {
		if err := Parallel(t.Context(), len(did), workers, func(_ context.Context, i int) error {
			did[i]++
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	for i, n := range did {
		if n != 4 {
			t.Errorf("number %d was done %d times, want once in each of 4 rounds", i, n)
		}
	}
	fault, last := errors.New("fault"), 0
	first := make(chan bool)
	err := Parallel(t.Context(), 1000, 2, func(ctx context.Context, i int) error {
		switch i {
		case 0: // waits for the fault of the other, and is stopped by it
			close(first)
			<-ctx.Done()
			return ctx.Err()
		case 1:
			<-first
			return fault
		}
		last = i
		return nil
	})
	if !errors.Is(err, fault) || errors.Is(err, context.Canceled) || last != 0 {
		t.Errorf("error %v, number %d begun after it, want %v and none", err, last, fault)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := Parallel(ctx, 3, 2, func(context.Context, int) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped before it began: %v, want %v", err, context.Canceled)
	}
}
